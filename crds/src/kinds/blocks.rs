//! The five blocks that the Pool can default: `vardiff`, `limits`, `tls`, `payout`, `pod`.
//!
//! Every field is optional and is decided on its own: object over Pool over built-in. The built-in
//! values are in `resolve`.
//!
//! The API server cuts a fractional bound when the value was written as a whole number: 0 would pass a
//! minimum of 0.1. So numbers that must not be 0 have a rule beside their bounds, here and elsewhere.

use k8s_openapi::api::core::v1::ResourceRequirements;
use kube::KubeSchema;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::units::{ByteSize, DAY, ForeignName, HOUR, KIB, MIB, SECOND, TimeSpan};

/// How share difficulty follows a miner. Difficulty is in the units miners use: for scrypt, 1 is
/// 65,536 hashes; for sha256d, 1 is 4,295,032,833 hashes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.min) || !has(self.start) || self.min <= self.start")
        .message("start must not be below min")
        .field_path(".start"),
    validation = Rule::new("!has(self.start) || !has(self.max) || self.start <= self.max")
        .message("start must not be above max")
        .field_path(".start"),
    validation = Rule::new("!has(self.min) || !has(self.max) || self.min <= self.max")
        .message("min must not be above max")
        .field_path(".min")
)]
pub struct Vardiff {
    /// Difficulty of a new connection. Built-in: 1024 for sha256d, 16 for scrypt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.000_000_1, max = 1e15))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub start: Option<f64>,
    /// Never easier than this. Built-in: 0.001.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.000_000_1, max = 1e15))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub min: Option<f64>,
    /// Never harder than this. Built-in: 1e12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.000_000_1, max = 1e15))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub max: Option<f64>,
    /// Shares per minute and connection that are aimed at. Built-in: 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.1, max = 600.0))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub shares_per_minute: Option<f64>,
    /// How long a connection may be without a share before its difficulty falls. Built-in: `90s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retarget: Option<TimeSpan<{ SECOND }, { HOUR }>>,
    /// Whether a fast new miner is raised within seconds instead of minutes. Built-in: true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quick_start: Option<bool>,
}

/// What strangers may do on a port.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Connections in all, per pod. Built-in: 20000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub connections: Option<u32>,
    /// Connections of one address; a farm behind one router needs many. Built-in: 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub connections_per_address: Option<u32>,
    /// Time from connect to the first message. Built-in: `15s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_message: Option<TimeSpan<{ SECOND }, { HOUR }>>,
    /// Time from connect to a successful authorize. Built-in: `60s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<TimeSpan<{ SECOND }, { HOUR }>>,
    /// Time without a message after which a connection is closed. Built-in: `10m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<TimeSpan<{ 10 * SECOND }, { DAY }>>,
    /// Workers on one connection. Built-in: 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub workers_per_connection: Option<u32>,
    /// Workers one user may have before the rest share `other`. Built-in: 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub workers_per_user: Option<u32>,
    /// New user names of one address in a minute. Built-in: 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub new_users_per_minute: Option<u32>,
    /// When a miner that mostly submits rejected shares is sent away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<Ban>,
    /// Bytes queued for a reader that does not read before it is closed. Built-in: `256Ki`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_queue: Option<ByteSize<{ 16 * KIB }, { 64 * MIB }>>,
}

/// When a miner is banned, and for how long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ban {
    /// Percentage of rejected submits that bans; 0 never bans. Built-in: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub rejected_percent: Option<u32>,
    /// Submits looked at before a ban is possible. Built-in: 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub after_submits: Option<u32>,
    /// How long a ban lasts. Built-in: `10m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<TimeSpan<{ SECOND }, { 7 * DAY }>>,
}

/// TLS for miners, on the same port: a connection that starts with a TLS handshake gets it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tls {
    /// Whether TLS is offered. Built-in: true where a `secretName` is given, else false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Secret of type `kubernetes.io/tls` with `tls.crt` and `tls.key`. Built-in: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<ForeignName>,
}

/// What the pods of an object get; nothing of it is used on one machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodSettings {
    /// Requests and limits of the main container. Built-in: by program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "resources_schema")]
    pub resources: Option<ResourceRequirements>,
    /// A PodTemplateSpec merged over the one that is made, last: node selectors, tolerations,
    /// affinity, priority, side containers, anything a pod can have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "open_object_schema")]
    pub template: Option<Value>,
}

fn resources_schema(_: &mut SchemaGenerator) -> Schema {
    let quantities = |what: &str| {
        serde_json::json!({
            "type": "object",
            "description": what,
            "maxProperties": 16,
            "additionalProperties": {
                "x-kubernetes-int-or-string": true,
                "pattern": r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
            },
        })
    };
    json_schema!({
        "type": "object",
        "properties": {
            "requests": quantities("What the container is sure to get, such as `cpu: 500m`."),
            "limits": quantities("What the container never gets more than."),
        },
    })
}

fn open_object_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
}
