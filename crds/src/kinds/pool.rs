//! `Pool`: what is said once for a namespace.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    blocks::{Limits, PodSettings, Tls, Vardiff},
    parts::{ImagePullPolicy, SecretKey, ServiceOptions, Storage},
    payout::Payout,
    status::conditions_schema,
};
use crate::units::ForeignName;

/// A mining pool: its database, its web side, and the defaults of everything else. There is one a
/// namespace, and its name is `pool`.
#[derive(CustomResource, Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "ngpool.io",
    version = "v1alpha1",
    kind = "Pool",
    plural = "pools",
    namespaced,
    category = "ngpool",
    status = "PoolStatus",
    derive = "PartialEq",
    doc = "A mining pool: its database, its web side, and the defaults of everything else. There is one a namespace, and its name is `pool`.",
    validation = Rule::new("self.metadata.name == 'pool'")
        .message("a namespace holds one Pool, and its name is `pool`"),
    printcolumn(name = "Ready", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].status"#),
    printcolumn(name = "Reason", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].reason"#),
    printcolumn(name = "Version", type_ = "string", json_path = ".status.version"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
pub struct PoolSpec {
    /// Name of the pool for people, shown by the web side.
    #[serde(default = "default_title")]
    #[schemars(length(min = 1, max = 64))]
    pub title: String,
    /// Version of the programs to run, such as `0.1.0`. Built-in: the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$")
    )]
    pub version: Option<String>,
    /// Leaves everything as it is: no object is changed until this is false again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
    /// Where the books are kept.
    pub database: Database,
    /// The public API and the dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Web>,
    /// Where the images of the programs come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Images>,
    /// Who signs the certificates of the programs. Built-in: an authority the operator makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Certificates>,
    /// How long statistics are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<Statistics>,
    /// What holds for every object that does not say otherwise itself, field by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defaults: Option<Defaults>,
}

fn default_title() -> String {
    "Mining pool".to_owned()
}

/// Exactly one kind of database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new(
        "(has(self.urlSecret) ? 1 : 0) + (has(self.cloudNativePG) ? 1 : 0) \
         + (has(self.bundled) ? 1 : 0) == 1"
    )
    .message("exactly one of urlSecret, cloudNativePG and bundled must be given")
)]
pub struct Database {
    /// Key of a Secret that holds a PostgreSQL URL of a role that owns the database, such as
    /// `postgres://owner:password@host/ngpool`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_secret: Option<SecretKey>,
    /// A cluster of the CloudNativePG operator in this namespace.
    #[serde(
        default,
        rename = "cloudNativePG",
        skip_serializing_if = "Option::is_none"
    )]
    pub cloud_native_pg: Option<CloudNativePg>,
    /// One PostgreSQL in this namespace, for trial: it has no stand-by. On one machine, a private
    /// one in the state directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundled: Option<Bundled>,
}

/// A cluster of the CloudNativePG operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CloudNativePg {
    /// Name of its Cluster object.
    pub cluster: ForeignName,
}

/// A PostgreSQL that comes with the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bundled {
    /// Its volume. Built-in: `10Gi` of the cluster's default class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
}

/// The public API and the dashboard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Web {
    /// Port of the API. Built-in: 8080.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Number of pods. Built-in: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub replicas: Option<i32>,
    /// Requests a client may make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimits>,
    /// Origins that may call the API from a browser, such as `https://pool.example`; `*` for all.
    /// Built-in: `*`, because the API is public and takes no cookies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32), inner(length(min = 1, max = 253)))]
    pub allowed_origins: Option<Vec<String>>,
    /// Proxies in front of the API, as CIDR ranges such as `10.0.0.0/8`. The client is then the
    /// rightmost address of `X-Forwarded-For` that is not one of them; from anybody else the header
    /// is ignored. Built-in: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 3, max = 64)))]
    pub trusted_proxies: Vec<String>,
    /// Key of a Secret that holds the token which `ngsign` shows, at least 32 characters on one line.
    /// The token opens the two endpoints for signers and nothing else. Built-in: one that is made
    /// once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_token_secret: Option<SecretKey>,
    /// How the Service is exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceOptions>,
    /// What its pods get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSettings>,
}

/// A token bucket per client address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimits {
    /// Requests per second that refill. Built-in: 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub per_second: Option<u32>,
    /// Requests at once. Built-in: 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub burst: Option<u32>,
}

/// Where the images of the programs come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Images {
    /// Image of the programs without its tag. Built-in: the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub repository: Option<String>,
    /// When images are pulled. Built-in: `IfNotPresent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_policy: Option<ImagePullPolicy>,
    /// Secrets of type `kubernetes.io/dockerconfigjson` to pull with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8))]
    pub pull_secrets: Vec<ForeignName>,
}

/// Who signs the certificates of the programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificates {
    /// An issuer of cert-manager, instead of the operator's own authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert_manager: Option<CertManager>,
}

/// An issuer of cert-manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertManager {
    /// Name of the issuer.
    pub issuer: ForeignName,
    /// Kind of the issuer.
    #[serde(default)]
    pub kind: IssuerKind,
}

/// Kinds of issuer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum IssuerKind {
    /// In this namespace.
    #[default]
    Issuer,
    /// For the whole cluster.
    ClusterIssuer,
}

/// How long statistics are kept. Nothing that pays is ever dropped by them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Days that figures by minute are kept. Built-in: 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 400))]
    pub minute_days: Option<u32>,
    /// Days that figures by hour are kept. Built-in: 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub hour_days: Option<u32>,
}

/// What holds for every object of the namespace that does not say otherwise itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Defaults {
    /// Share difficulty, for every StratumPort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vardiff: Option<Vardiff>,
    /// What strangers may do, for every StratumPort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// TLS for miners, for every StratumPort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// When and what is paid out, for every Currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<Payout>,
    /// What pods get, for every Coinserver, Sharechain and StratumPort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSettings>,
}

/// What was found out about a Pool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoolStatus {
    /// The generation of the object this was found out about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`, `DatabaseReady`, `SchemaReady`, `CertificatesReady`,
    /// `ReferencesResolved`, `Paused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// Version of the programs that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}
