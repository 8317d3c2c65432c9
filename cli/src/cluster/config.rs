//! Effective values of an object in a cluster.

use std::{collections::BTreeSet, path::PathBuf};

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use ngpool_crds::{
    Cluster, Explained, Kind, ObjectRef, Objects, Problems, explain, load_texts, schema,
};
use serde_json::{Value, json};

use super::{ClusterError, Connection, objects};
use crate::config::ConfigError;

/// Every effective value of an object as the operator works it out.
pub async fn explain_from_cluster(
    connection: &Connection,
    object: &ObjectRef,
) -> Result<Vec<Explained>, ConfigError> {
    let found = objects::all(connection).await.map_err(ClusterError::from)?;
    let mut documents: Vec<Value> = found
        .raw
        .iter()
        .map(|(object, raw)| as_written(object.kind, raw))
        .collect();
    documents.extend(config_maps(connection, &found.objects).await);
    let objects = from_documents(&documents)?;
    Ok(explain(&objects, &Cluster, object)?)
}

fn from_documents(documents: &[Value]) -> Result<Objects, Problems> {
    let texts = documents
        .iter()
        .map(|document| {
            let name = format!(
                "{}/{}",
                document["kind"].as_str().unwrap_or_default(),
                document["metadata"]["name"].as_str().unwrap_or_default()
            );
            (PathBuf::from(name), document.to_string())
        })
        .collect();
    load_texts(texts)
}

/// An object as somebody may have written it: without what the API server keeps, and without the
/// values that the schema fills in, which would all count as the object's own. One who writes down
/// exactly what is built in is told that it is built in, which is as true.
fn as_written(kind: Kind, raw: &Value) -> Value {
    let mut spec = raw["spec"].clone();
    let schema = schema::definition(kind)
        .ok()
        .and_then(|definition| serde_json::to_value(definition).ok())
        .and_then(|definition| {
            let place = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
            definition.pointer(place).cloned()
        });
    if let Some(schema) = schema {
        prune(&mut spec, &schema);
    }
    json!({
        "apiVersion": raw["apiVersion"],
        "kind": raw["kind"],
        "metadata": {"name": raw["metadata"]["name"]},
        "spec": spec,
    })
}

fn prune(value: &mut Value, schema: &Value) {
    match value {
        Value::Object(fields) => {
            let properties = &schema["properties"];
            fields.retain(|name, field| {
                let default = properties[name].get("default");
                default != Some(field)
            });
            for (name, field) in fields.iter_mut() {
                prune(field, &properties[name.as_str()]);
            }
        }
        Value::Array(items) => {
            for item in items {
                prune(item, &schema["items"]);
            }
        }
        _ => {}
    }
}

/// Each `ConfigMap` that nodes take options from. One that is not there is said so by what needs it.
async fn config_maps(connection: &Connection, objects: &Objects) -> Vec<Value> {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let mut found = Vec::new();
    let names = objects.coinservers.values().filter_map(|node| {
        let daemon = node.spec.daemon.as_ref()?;
        Some(daemon.options_from.as_ref()?.config_map.name.to_string())
    });
    for name in names.collect::<BTreeSet<_>>() {
        if let Ok(map) = api.get(&name).await {
            found.push(json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": name},
                "data": map.data,
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use ngpool_crds::Origin;

    use super::*;

    #[test]
    fn what_the_schema_fills_in_is_built_in() {
        let document = |kind: &str, name: &str, spec: Value| {
            json!({
                "apiVersion": "ngpool.io/v1alpha1", "kind": kind,
                "metadata": {"name": name, "uid": "u", "generation": 1}, "spec": spec,
                "status": {},
            })
        };
        let documents = [
            document(
                "Pool",
                "pool",
                json!({"title": "Mining pool", "database": {"bundled": {}}}),
            ),
            document(
                "Currency",
                "ltc",
                json!({
                    "code": "LTC", "preset": "litecoin-regtest", "splitWindow": 2.0, "decimals": 8,
                    "subsidyAddress": "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx",
                }),
            ),
            document(
                "Coinserver",
                "a",
                json!({"currency": "ltc", "daemon": {}, "timeout": "30s", "pollInterval": "7s"}),
            ),
        ];
        let written: Vec<Value> = documents
            .iter()
            .map(|raw| as_written(Kind::named(raw["kind"].as_str().unwrap()).unwrap(), raw))
            .collect();
        let objects = from_documents(&written).unwrap();
        let node = ObjectRef::new(Kind::Coinserver, "a");
        let values = explain(&objects, &Cluster, &node).unwrap();
        let origin = |field: &str| {
            let value = values.iter().find(|value| value.field == field).unwrap();
            (value.value.as_str(), value.origin)
        };
        assert_eq!(origin("spec.timeout"), ("30s", Origin::BuiltIn));
        assert_eq!(origin("spec.pollInterval"), ("7s", Origin::Object));
    }
}
