//! The custom resource definitions as they are installed, and as they validate files.

use std::sync::LazyLock;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    CustomResourceExt,
    core::cel::{CompiledSchema, compile_schema},
};
use serde_json::{Map, Value};

use crate::{
    kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort},
    objects::Kind,
};

/// Formats the API server knows; it warns of others at every apply.
const KNOWN_FORMATS: [&str; 5] = ["int32", "int64", "float", "double", "date-time"];

/// A definition could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// As JSON.
    #[error("the definition of {kind} is not JSON")]
    Json {
        /// The kind.
        kind: Kind,
        /// Why.
        source: serde_json::Error,
    },
    /// As YAML.
    #[error("the definition of {kind} is not YAML")]
    Yaml {
        /// The kind.
        kind: Kind,
        /// Why.
        source: serde_saphyr::SerializeError,
    },
    /// Not one of the five.
    #[error("{kind} is a kind of Kubernetes itself: it has no definition here")]
    NotOurs {
        /// The kind.
        kind: Kind,
    },
}

/// The five kinds that are defined here.
pub const DEFINED: [Kind; 5] = [
    Kind::Pool,
    Kind::Currency,
    Kind::Coinserver,
    Kind::Sharechain,
    Kind::StratumPort,
];

/// The definition of a kind.
pub fn definition(kind: Kind) -> Result<CustomResourceDefinition, SchemaError> {
    serde_json::from_value(definition_json(kind)?)
        .map_err(|source| SchemaError::Json { kind, source })
}

/// The definition of a kind as the YAML of `crds/`.
pub fn definition_yaml(kind: Kind) -> Result<String, SchemaError> {
    let definition = definition_json(kind)?;
    serde_saphyr::to_string(&definition).map_err(|source| SchemaError::Yaml { kind, source })
}

/// File name of a kind's definition in `crds/`.
pub fn definition_file(kind: Kind) -> String {
    format!("{}.yaml", kind.name().to_ascii_lowercase())
}

pub(crate) fn definition_json(kind: Kind) -> Result<Value, SchemaError> {
    let derived = match kind {
        Kind::Pool => Pool::crd(),
        Kind::Currency => Currency::crd(),
        Kind::Coinserver => Coinserver::crd(),
        Kind::Sharechain => Sharechain::crd(),
        Kind::StratumPort => StratumPort::crd(),
        Kind::Secret | Kind::ConfigMap => return Err(SchemaError::NotOurs { kind }),
    };
    let mut definition =
        serde_json::to_value(derived).map_err(|source| SchemaError::Json { kind, source })?;
    let schemas = definition
        .pointer_mut("/spec/versions")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(|version| version.pointer_mut("/schema/openAPIV3Schema"));
    schemas.for_each(tidy);
    Ok(definition)
}

/// Makes a derived schema one that the API server takes without a warning, and that says what is
/// meant:
///
/// - `nullable` goes: a field that is `null` is then pruned and counts as absent, as people expect;
/// - formats the API server does not know go (`uint16` and the like: bounds say it);
/// - bounds that are whole numbers are written as such.
fn tidy(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("nullable");
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
    let unknown = |format: &Value| format.as_str().is_some_and(|f| !KNOWN_FORMATS.contains(&f));
    if object.get("format").is_some_and(unknown) {
        object.remove("format");
    }
    for bound in ["minimum", "maximum"] {
        if let Some(number) = object.get_mut(bound) {
            whole(number);
        }
    }
    for (key, value) in object.iter_mut() {
        match key.as_str() {
            "properties" => {
                value
                    .as_object_mut()
                    .into_iter()
                    .flat_map(Map::values_mut)
                    .for_each(tidy);
            }
            "items" | "additionalProperties" => tidy(value),
            "anyOf" | "oneOf" | "allOf" => {
                value.as_array_mut().into_iter().flatten().for_each(tidy);
            }
            _ => {}
        }
    }
}

/// Rewrites a float that is a whole number as an integer.
fn whole(number: &mut Value) {
    if let Some(float) = number.as_f64().filter(|float| float.fract() == 0.0) {
        // Exact: formatting a whole float gives its digits, and only those that fit are kept.
        if let Ok(integer) = format!("{float:.0}").parse::<i64>() {
            *number = integer.into();
        }
    }
}

/// What files of a kind are validated by.
pub(crate) struct KindSchema {
    /// The object as a whole: `apiVersion`, `kind`, `metadata` and the rest.
    pub(crate) schema: Value,
    /// The schema of the definition with its rules; nothing for kinds of Kubernetes itself.
    pub(crate) rules: Option<CompiledSchema>,
}

impl KindSchema {
    /// The schema of a kind.
    pub(crate) fn of(kind: Kind) -> Option<&'static Self> {
        SCHEMAS
            .iter()
            .find(|(of, _)| *of == kind)
            .map(|(_, schema)| schema)
    }
}

static SCHEMAS: LazyLock<Vec<(Kind, KindSchema)>> = LazyLock::new(|| {
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let defined = definition_json(kind).ok().and_then(|d| {
                d.pointer("/spec/versions/0/schema/openAPIV3Schema")
                    .cloned()
            });
            let rules = defined.as_ref().map(compile_schema);
            let body = defined.unwrap_or_else(|| builtin_kind(kind));
            (
                kind,
                KindSchema {
                    schema: whole_object(kind, body),
                    rules,
                },
            )
        })
        .collect()
});

/// The schemas of Secret and ConfigMap.
fn builtin_kind(kind: Kind) -> Value {
    let texts = serde_json::json!({
        "type": "object",
        "additionalProperties": {"type": "string"},
    });
    match kind {
        Kind::Secret => serde_json::json!({
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "immutable": {"type": "boolean"},
                "data": texts,
                "stringData": texts,
            },
        }),
        _ => serde_json::json!({
            "type": "object",
            "properties": {"immutable": {"type": "boolean"}, "data": texts, "binaryData": texts},
        }),
    }
}

/// Adds what every object has.
fn whole_object(kind: Kind, mut body: Value) -> Value {
    let texts = serde_json::json!({
        "type": "object",
        "additionalProperties": {"type": "string"},
    });
    let open = serde_json::json!({"x-kubernetes-preserve-unknown-fields": true});
    let mut metadata = serde_json::json!({
        "type": "object",
        "description": "name and labels of the object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 253, "description": "name of the object"},
            "namespace": {"type": "string", "minLength": 1, "maxLength": 63},
            "labels": texts,
            "annotations": texts,
        },
    });
    // What the API server adds: files that were read from a cluster have it.
    for server in [
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "finalizers",
        "generation",
        "managedFields",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    ] {
        metadata["properties"][server] = open.clone();
    }
    if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(
            "apiVersion".into(),
            serde_json::json!({"enum": [kind.api_version()]}),
        );
        properties.insert("kind".into(), serde_json::json!({"enum": [kind.name()]}));
        properties.insert("metadata".into(), metadata);
        // Written by the operator; whatever it holds is not ours to judge.
        if properties.contains_key("status") {
            properties.insert("status".into(), open);
        }
    }
    let required = body
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let all = ["apiVersion", "kind", "metadata"]
        .map(Value::from)
        .into_iter()
        .chain(required);
    body["required"] = Value::Array(all.collect());
    body
}
