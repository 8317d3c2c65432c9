//! `Coinserver`: one node of a currency.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use ngpool_settings::RESERVED_OPTIONS;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{
    blocks::PodSettings,
    parts::{ConfigMapName, SecretKey, Storage},
    status::conditions_schema,
};
use crate::units::{HOUR, MINUTE, Name, SECOND, TimeSpan};

/// One node of a currency: a daemon that the pool runs, or one that runs elsewhere.
#[derive(CustomResource, Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "ngpool.io",
    version = "v1alpha1",
    kind = "Coinserver",
    plural = "coinservers",
    namespaced,
    shortname = "coin",
    category = "ngpool",
    status = "CoinserverStatus",
    derive = "PartialEq",
    doc = "One node of a currency: a daemon that the pool runs, or one that runs elsewhere.",
    validation = Rule::new(crate::kinds::NAME_RULE).message(crate::kinds::NAME_MESSAGE),
    printcolumn(name = "Ready", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].status"#),
    printcolumn(name = "Reason", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].reason"#),
    printcolumn(name = "Currency", type_ = "string", json_path = ".spec.currency"),
    printcolumn(name = "Height", type_ = "integer", json_path = ".status.height"),
    printcolumn(name = "Peers", type_ = "integer", json_path = ".status.peers"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.daemon) != has(self.external)")
        .message("exactly one of daemon and external must be given"),
    validation = Rule::new("self.currency == oldSelf.currency")
        .message("currency cannot be changed: the volume holds its chain; make another Coinserver")
        .field_path(".currency")
)]
pub struct CoinserverSpec {
    /// Name of the Currency. It cannot be changed.
    pub currency: Name,
    /// A daemon that the pool runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daemon: Option<Daemon>,
    /// A daemon that runs elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalNode>,
    /// Time a call to the daemon may take.
    #[serde(default = "default_timeout")]
    pub timeout: TimeSpan<{ SECOND }, { 10 * MINUTE }>,
    /// Time between two looks at the tip when nothing else reports it.
    #[serde(default = "default_poll_interval")]
    pub poll_interval: TimeSpan<100, { MINUTE }>,
    /// Time between two templates of an unchanged tip, which bring newer fees.
    #[serde(default = "default_refresh_interval")]
    pub refresh_interval: TimeSpan<{ SECOND }, { 10 * MINUTE }>,
    /// What its pod gets; the Pool's `defaults.pod` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSettings>,
    /// Leaves everything as it is until this is false again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

const fn default_timeout() -> TimeSpan<{ SECOND }, { 10 * MINUTE }> {
    TimeSpan::of(30 * SECOND)
}

const fn default_poll_interval() -> TimeSpan<100, { MINUTE }> {
    TimeSpan::of(SECOND)
}

const fn default_refresh_interval() -> TimeSpan<{ SECOND }, { 10 * MINUTE }> {
    TimeSpan::of(30 * SECOND)
}

/// A daemon that the pool runs: a process on one machine, a pod in a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new(format!(
        "!has(self.options) || self.options.all(k, !(k in ['{}']))",
        RESERVED_OPTIONS.join("', '")
    ))
    .message(Message::Message(format!(
        "these options are set by the pool itself: {}",
        RESERVED_OPTIONS.join(", ")
    )))
    .field_path(".options")
)]
pub struct Daemon {
    /// Program to run on one machine: a name that is found on the PATH, or a path. Built-in: by
    /// preset, such as `litecoind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub binary: Option<String>,
    /// Image to run in a cluster. Built-in: by preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    pub image: Option<String>,
    /// Name of the chain for the daemon. Built-in: by preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<DaemonChain>,
    /// Port of the peer-to-peer network in a cluster; on one machine a free one is taken. Built-in:
    /// by preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub p2p_port: Option<u16>,
    /// Port of JSON-RPC in a cluster; on one machine a free one is taken. Built-in: by preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub rpc_port: Option<u16>,
    /// Whether the daemon can publish new blocks by ZMQ. Built-in: by preset; Debian's `litecoind`
    /// is built without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zmq: Option<bool>,
    /// Lines of the daemon's configuration file, name to value; they win over the preset's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "options_schema")]
    pub options: BTreeMap<String, String>,
    /// Where further options come from; `options` wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_from: Option<OptionsFrom>,
    /// Peers to connect to, as `host:port`, beside the pool's other nodes of the currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 64),
        inner(
            length(min = 3, max = 260),
            regex(pattern = r"^[-._:\[\]0-9A-Za-z]+:[0-9]{1,5}$")
        )
    )]
    pub peers: Vec<String>,
    /// Volume of the chain. Built-in: by preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Time the daemon has to stop: one that is killed loses its cache and replays for long.
    #[serde(default = "default_stop_grace")]
    pub stop_grace: TimeSpan<{ SECOND }, { HOUR }>,
}

impl Default for Daemon {
    fn default() -> Self {
        Self {
            binary: None,
            image: None,
            chain: None,
            p2p_port: None,
            rpc_port: None,
            zmq: None,
            options: BTreeMap::new(),
            options_from: None,
            peers: Vec::new(),
            storage: None,
            stop_grace: default_stop_grace(),
        }
    }
}

const fn default_stop_grace() -> TimeSpan<{ SECOND }, { HOUR }> {
    TimeSpan::of(10 * MINUTE)
}

/// Where further options come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionsFrom {
    /// A ConfigMap whose keys are names of options.
    pub config_map: ConfigMapName,
}

/// Names of chains as daemons know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DaemonChain {
    /// The network with value.
    Main,
    /// The public test network.
    Test,
    /// The fourth public test network.
    Testnet4,
    /// The signed test network.
    Signet,
    /// A private network for tests.
    Regtest,
}

impl DaemonChain {
    /// The name a daemon's `-chain` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Test => "test",
            Self::Testnet4 => "testnet4",
            Self::Signet => "signet",
            Self::Regtest => "regtest",
        }
    }
}

/// A daemon that runs elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalNode {
    /// Its JSON-RPC, such as `http://10.0.0.7:8332`.
    #[schemars(length(min = 8, max = 512), regex(pattern = r"^https?://[^\s@]+$"))]
    pub url: String,
    /// Key of a Secret that holds `user:password` on its first line.
    pub credentials_secret: SecretKey,
    /// Its `hashblock` publisher, such as `tcp://10.0.0.7:28332`, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 7, max = 512), regex(pattern = r"^tcp://\S+:[0-9]{1,5}$"))]
    pub zmq_hashblock: Option<String>,
}

/// What was found out about a Coinserver.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoinserverStatus {
    /// The generation of the object this was found out about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`, `Synced`, `ReferencesResolved`, `Paused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// Height of its best chain, written at most once a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
    /// Number of its peers, written at most once a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peers: Option<i32>,
}

/// Options end up as lines of a file, where a line break would start a second option and `#` a comment.
fn options_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": 64,
        "additionalProperties": {"type": "string", "maxLength": 512, "pattern": r"^[^\x00-\x1f\x7f#]*$"},
    })
}
