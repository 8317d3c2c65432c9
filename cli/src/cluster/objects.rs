//! The objects of one namespace, from the API server.

use std::collections::BTreeMap;

use kube::{
    Api,
    api::ListParams,
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::{
    Kind, ObjectRef, Objects,
    kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort},
};
use serde_json::Value;
use thiserror::Error;

use super::Connection;

/// Why there are no objects.
#[derive(Debug, Error)]
pub enum ObjectsError {
    /// The kinds are not known there.
    #[error(
        "the cluster does not know the kind {0}: install the chart `ngpool`, which brings the definitions"
    )]
    NoDefinitions(Kind),
    /// The list is refused.
    #[error("{kind} objects of namespace `{namespace}` cannot be listed: {message}")]
    Refused {
        /// Of which kind.
        kind: Kind,
        /// Where.
        namespace: String,
        /// As the API server says it.
        message: String,
    },
    /// No answer.
    #[error("the API server does not answer")]
    Unreachable(#[source] Box<kube::Error>),
    /// Nothing there.
    #[error(
        "there is no pool in namespace `{0}`: pass -n NAMESPACE, or create one with kubectl apply"
    )]
    Nothing(String),
}

/// What a namespace holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The objects.
    pub(crate) objects: Objects,
    /// Objects that this version cannot read, and why.
    pub(crate) unreadable: BTreeMap<ObjectRef, String>,
    /// The objects as the API server has them.
    pub(crate) raw: BTreeMap<ObjectRef, Value>,
}

/// Every object of the five kinds.
pub(crate) async fn all(connection: &Connection) -> Result<Found, ObjectsError> {
    let (pools, currencies, coinservers, sharechains, ports) = tokio::try_join!(
        list(connection, Kind::Pool, ApiResource::erase::<Pool>(&())),
        list(
            connection,
            Kind::Currency,
            ApiResource::erase::<Currency>(&())
        ),
        list(
            connection,
            Kind::Coinserver,
            ApiResource::erase::<Coinserver>(&())
        ),
        list(
            connection,
            Kind::Sharechain,
            ApiResource::erase::<Sharechain>(&())
        ),
        list(
            connection,
            Kind::StratumPort,
            ApiResource::erase::<StratumPort>(&())
        ),
    )?;
    let mut found = Found::default();
    for (kind, objects) in [
        (Kind::Pool, pools),
        (Kind::Currency, currencies),
        (Kind::Coinserver, coinservers),
        (Kind::Sharechain, sharechains),
        (Kind::StratumPort, ports),
    ] {
        for object in objects {
            found.take(kind, object);
        }
    }
    if found.raw.is_empty() {
        return Err(ObjectsError::Nothing(connection.namespace.clone()));
    }
    Ok(found)
}

impl Found {
    pub(super) fn take(&mut self, kind: Kind, mut object: Value) {
        let name = object["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("managedFields");
        }
        let reference = ObjectRef::new(kind, name.clone());
        self.raw.insert(reference.clone(), object.clone());
        let objects = &mut self.objects;
        let read =
            match kind {
                Kind::Pool => serde_json::from_value(object).map(|it| objects.pool = Some(it)),
                Kind::Currency => serde_json::from_value(object)
                    .map(|it| drop(objects.currencies.insert(name, it))),
                Kind::Coinserver => serde_json::from_value(object)
                    .map(|it| drop(objects.coinservers.insert(name, it))),
                Kind::Sharechain => serde_json::from_value(object)
                    .map(|it| drop(objects.sharechains.insert(name, it))),
                Kind::StratumPort => serde_json::from_value(object)
                    .map(|it| drop(objects.stratum_ports.insert(name, it))),
                Kind::Secret | Kind::ConfigMap => Ok(()),
            };
        if let Err(error) = read {
            self.unreadable.insert(reference, error.to_string());
        }
    }
}

async fn list(
    connection: &Connection,
    kind: Kind,
    resource: ApiResource,
) -> Result<Vec<Value>, ObjectsError> {
    let client = connection.client.clone();
    let api: Api<DynamicObject> = Api::namespaced_with(client, &connection.namespace, &resource);
    let list = api
        .list(&ListParams::default())
        .await
        .map_err(|error| match error {
            kube::Error::Api(status) if status.code == 404 => ObjectsError::NoDefinitions(kind),
            kube::Error::Api(status) => ObjectsError::Refused {
                kind,
                namespace: connection.namespace.clone(),
                message: status.message.clone(),
            },
            other => ObjectsError::Unreachable(Box::new(other)),
        })?;
    let (version, name) = (resource.api_version, resource.kind);
    Ok(list
        .items
        .into_iter()
        .filter_map(|object| {
            let mut value = serde_json::to_value(object).ok()?;
            // Items of a list carry neither.
            value["apiVersion"] = Value::from(version.as_str());
            value["kind"] = Value::from(name.as_str());
            Some(value)
        })
        .collect())
}
