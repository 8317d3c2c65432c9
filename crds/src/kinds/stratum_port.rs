//! `StratumPort`: where miners connect.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    blocks::{Limits, PodSettings, Tls, Vardiff},
    parts::{GatewayRef, ServiceOptions, Storage},
    status::conditions_schema,
};
use crate::units::{ByteSize, GIB, HOUR, MIB, Name, TIB, TimeSpan};

/// Where miners connect: a port, the chains that are mined on it, and the book its work goes into.
#[derive(CustomResource, Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "ngpool.io",
    version = "v1alpha1",
    kind = "StratumPort",
    plural = "stratumports",
    namespaced,
    shortname = "sp",
    category = "ngpool",
    status = "StratumPortStatus",
    derive = "PartialEq",
    doc = "Where miners connect: a port, the chains that are mined on it, and the book its work goes into.",
    validation = Rule::new(crate::kinds::NAME_RULE).message(crate::kinds::NAME_MESSAGE),
    scale(
        spec_replicas_path = ".spec.replicas",
        status_replicas_path = ".status.replicas",
        label_selector_path = ".status.selector"
    ),
    printcolumn(name = "Ready", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].status"#),
    printcolumn(name = "Reason", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].reason"#),
    printcolumn(name = "Port", type_ = "integer", json_path = ".spec.port"),
    printcolumn(name = "Currency", type_ = "string", json_path = ".spec.currency"),
    printcolumn(name = "Address", type_ = "string", json_path = ".status.address"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.auxCurrencies) || !(self.currency in self.auxCurrencies)")
        .message("auxCurrencies must not hold the base currency")
        .field_path(".auxCurrencies"),
    validation = Rule::new("!(has(self.service) && has(self.service.nodePort)) || !has(self.gateway)")
        .message("gateway and service.nodePort exclude each other")
        .field_path(".gateway")
)]
pub struct StratumPortSpec {
    /// Port that miners connect to.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// Name of the Currency whose blocks are mined.
    pub currency: Name,
    /// Names of Currencies that are merged mined on top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "set"))]
    pub aux_currencies: Vec<Name>,
    /// Name of the Sharechain that the work goes into.
    pub sharechain: Name,
    /// Number of pods; an autoscaler may own it.
    #[serde(default = "default_replicas")]
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: i32,
    /// How share difficulty follows a miner; the Pool's `defaults.vardiff` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vardiff: Option<Vardiff>,
    /// What strangers may do; the Pool's `defaults.limits` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// TLS on the same port; the Pool's `defaults.tls` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// The PROXY protocol, for load balancers that hide miners' addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_protocol: Option<ProxyProtocol>,
    /// Version bits that miners may roll (BIP 310), as eight hexadecimal digits.
    #[serde(default = "default_version_mask")]
    #[schemars(length(min = 10, max = 10), regex(pattern = "^0x[0-9a-fA-F]{8}$"))]
    pub version_mask: String,
    /// Shown to miners that can show a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub banner: Option<String>,
    /// How the server leaves without losing its miners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drain: Option<Drain>,
    /// Where shares are kept until the ledger has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<Journal>,
    /// How the Service is exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceOptions>,
    /// A Gateway that miners come through, by a TCPRoute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayRef>,
    /// Address that is shown to miners, where it differs from what the pool can find out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advertise: Option<Advertise>,
    /// What its pods get; the Pool's `defaults.pod` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSettings>,
    /// Leaves everything as it is until this is false again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

const fn default_replicas() -> i32 {
    1
}

fn default_version_mask() -> String {
    "0x1fffe000".to_owned()
}

/// The PROXY protocol, version 1 or 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProxyProtocol {
    /// Load balancers, as CIDR ranges. A connection from there must start with a PROXY header; one
    /// from elsewhere never may.
    #[schemars(length(min = 1, max = 64), inner(length(min = 3, max = 64)))]
    pub from: Vec<String>,
}

/// How the server leaves without losing its miners.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drain {
    /// Time it goes on accepting after it was told to go, because load balancers are slow to notice.
    /// Built-in: `30s` in a cluster, `0s` on one machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_for: Option<TimeSpan<0, { HOUR }>>,
    /// Time over which miners are asked to reconnect, then closed. Built-in: `30m` in a cluster, `5s`
    /// on one machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<TimeSpan<0, { HOUR }>>,
}

/// Where shares are kept until the ledger has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    /// Size at which the port refuses shares rather than lose them. Built-in: `1Gi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<ByteSize<{ 16 * MIB }, { TIB }>>,
    /// Volume of a pod in a cluster. Built-in: `2Gi` of the cluster's default class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
}

impl Journal {
    /// The built-in size at which a port refuses shares.
    pub const BUILT_IN_MAX_SIZE: ByteSize<{ 16 * MIB }, { TIB }> = ByteSize::of(GIB);
}

/// Address that is shown to miners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Advertise {
    /// Host name or address.
    #[schemars(length(min = 1, max = 253), regex(pattern = r"^[0-9A-Za-z.:_-]+$"))]
    pub host: String,
    /// Port, where it differs from the object's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
}

/// What was found out about a StratumPort.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StratumPortStatus {
    /// The generation of the object this was found out about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`, `TemplateFresh`, `Available`, `ReferencesResolved`,
    /// `Paused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// Number of pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// Number of ready pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_replicas: Option<i32>,
    /// Label selector of the pods, for autoscalers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Address that miners use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
