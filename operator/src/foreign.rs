//! What people made and objects name: whether it is there.
//!
//! Of a Secret only the metadata is asked for; what is in it the operator never sees. A ConfigMap is
//! read, because its lines become part of a daemon's configuration.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::{
    Api, Client,
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::{Kind, ObjectRef, Objects};

use crate::{
    names::FIELD_MANAGER,
    status::{foreign_secrets, references},
};

/// What was found.
#[derive(Debug, Default)]
pub struct Foreign {
    /// Resource versions of Secrets that are there, and nothing for those that are not.
    pub secrets: BTreeMap<String, Option<String>>,
    /// ConfigMaps that are there.
    pub config_maps: BTreeMap<String, ConfigMap>,
}

/// Asks for everything the objects of a namespace name.
pub async fn ask(
    client: &Client,
    namespace: &str,
    objects: &Objects,
) -> Result<Foreign, kube::Error> {
    let mut found = Foreign::default();
    let api: Api<Secret> = Api::namespaced(client.clone(), namespace);
    for name in foreign_secrets(objects) {
        let metadata = api.get_metadata_opt(&name).await?;
        let version = metadata.and_then(|it| it.metadata.resource_version);
        found.secrets.insert(name, version);
    }
    let api: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    for name in config_maps(objects) {
        if let Some(mut map) = api.get_opt(&name).await? {
            map.metadata.managed_fields = None;
            found.config_maps.insert(name, map);
        }
    }
    Ok(found)
}

/// Reads Secrets that the operator made, by their names. One of such a name that somebody else made is
/// not read, and `Err` with its name says so.
pub async fn ours(
    client: &Client,
    namespace: &str,
    names: impl IntoIterator<Item = String>,
) -> Result<(Vec<DynamicObject>, Vec<String>), kube::Error> {
    let resource = ApiResource::erase::<Secret>(&());
    let api: Api<DynamicObject> = Api::namespaced_with(client.clone(), namespace, &resource);
    let (mut found, mut strangers) = (Vec::new(), Vec::new());
    for name in names {
        let Some(metadata) = api.get_metadata_opt(&name).await? else {
            continue;
        };
        let labels = metadata.metadata.labels.unwrap_or_default();
        if labels.get("app.kubernetes.io/managed-by").map(String::as_str) != Some(FIELD_MANAGER) {
            strangers.push(name);
            continue;
        }
        found.extend(api.get_opt(&name).await?);
    }
    Ok((found, strangers))
}

fn config_maps(objects: &Objects) -> BTreeSet<String> {
    objects
        .coinservers
        .keys()
        .flat_map(|name| references(objects, &ObjectRef::new(Kind::Coinserver, name)))
        .filter(|reference| reference.to.kind == Kind::ConfigMap)
        .map(|reference| reference.to.name)
        .collect()
}
