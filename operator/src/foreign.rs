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

/// Names of what people made.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// Of Secrets.
    pub secrets: BTreeSet<String>,
    /// Of `ConfigMaps`.
    pub config_maps: BTreeSet<String>,
}

impl Names {
    /// All that the objects of a namespace name.
    pub fn of(objects: &Objects) -> Self {
        Self {
            secrets: foreign_secrets(objects).into_iter().collect(),
            config_maps: config_maps(objects),
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.secrets.len() + self.config_maps.len()
    }
}

/// What was found. A name that could not be asked for is absent.
#[derive(Debug, Default)]
pub struct Foreign {
    /// Resource versions of Secrets that are there, and nothing for those that are not.
    pub secrets: BTreeMap<String, Option<String>>,
    /// `ConfigMaps` that are there, and nothing for those that are not.
    pub config_maps: BTreeMap<String, Option<ConfigMap>>,
}

/// Asks for each of these. One that cannot be asked for holds up no other.
pub async fn ask(client: &Client, namespace: &str, names: Names) -> Foreign {
    let mut found = Foreign::default();
    let api: Api<Secret> = Api::namespaced(client.clone(), namespace);
    for name in names.secrets {
        match api.get_metadata_opt(&name).await {
            Ok(metadata) => {
                let version = metadata.and_then(|it| it.metadata.resource_version);
                found.secrets.insert(name, version);
            }
            Err(error) => {
                tracing::warn!(%error, namespace, secret = name, "a Secret could not be asked for");
            }
        }
    }
    let api: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    for name in names.config_maps {
        match api.get_opt(&name).await {
            Ok(mut map) => {
                if let Some(map) = &mut map {
                    map.metadata.managed_fields = None;
                }
                found.config_maps.insert(name, map);
            }
            Err(error) => {
                tracing::warn!(%error, namespace, config_map = name, "a ConfigMap could not be read");
            }
        }
    }
    found
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
        if labels
            .get("app.kubernetes.io/managed-by")
            .map(String::as_str)
            != Some(FIELD_MANAGER)
        {
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
