//! `Sharechain`: one book of work.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{blocks::PodSettings, currency::NetworkAlgorithm, status::conditions_schema};
use crate::units::{MINUTE, Percent, SECOND, TimeSpan};

/// One book of work: whose shares count together, how a block's reward is divided among them, and
/// what the pool keeps.
#[derive(CustomResource, Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "ngpool.io",
    version = "v1alpha1",
    kind = "Sharechain",
    plural = "sharechains",
    namespaced,
    shortname = "shc",
    category = "ngpool",
    status = "SharechainStatus",
    derive = "PartialEq",
    doc = "One book of work: whose shares count together, how a block's reward is divided among them, and what the pool keeps.",
    validation = Rule::new(crate::kinds::NAME_RULE).message(crate::kinds::NAME_MESSAGE),
    printcolumn(name = "Ready", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].status"#),
    printcolumn(name = "Reason", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].reason"#),
    printcolumn(name = "Algo", type_ = "string", json_path = ".spec.algorithm"),
    printcolumn(name = "Fee", type_ = "string", json_path = ".spec.fee"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.algorithm == oldSelf.algorithm")
        .message("algorithm cannot be changed: work of two algorithms cannot be added; make another Sharechain")
        .field_path(".algorithm")
)]
pub struct SharechainSpec {
    /// Proof of work of its ports. It cannot be changed.
    pub algorithm: NetworkAlgorithm,
    /// How a block's part for this chain is divided.
    pub method: Method,
    /// What the pool keeps of a reward, as a percentage with at most four decimals.
    #[serde(default = "default_fee")]
    pub fee: Percent,
    /// Time a found block waits for the servers to ship the shares that came before it.
    #[serde(default = "default_cut_wait")]
    pub cut_wait: TimeSpan<{ SECOND }, { MINUTE }>,
    /// Workers listed live at most.
    #[serde(default = "default_live_workers")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub live_workers: u32,
    /// What its pod gets; the Pool's `defaults.pod` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSettings>,
    /// Leaves everything as it is until this is false again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

const fn default_fee() -> Percent {
    Percent::of_millionths(10_000)
}

const fn default_cut_wait() -> TimeSpan<{ SECOND }, { MINUTE }> {
    TimeSpan::of(5 * SECOND)
}

const fn default_live_workers() -> u32 {
    10_000
}

/// Exactly one payout method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.pplns) != has(self.solo)")
        .message("exactly one of pplns and solo must be given")
)]
pub struct Method {
    /// Pay per last N shares: a reward is divided over the work of a window that ends at the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pplns: Option<Pplns>,
    /// The finder of a block takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solo: Option<Solo>,
}

/// Parameters of PPLNS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pplns {
    /// How far back the window reaches.
    pub window: PplnsWindow,
}

/// Exactly one length of a window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.factor) != has(self.work)")
        .message("exactly one of factor and work must be given")
)]
pub struct PplnsWindow {
    /// In multiples of the block's difficulty, with at most three decimals; 2 is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.1, max = 100.0))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub factor: Option<f64>,
    /// In expected hashes; for test networks, whose difficulty says nothing. A share of scrypt
    /// difficulty 1 is 65,536.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 9_000_000_000_000_000_000_i64), extend("format" = "int64"))]
    pub work: Option<u64>,
}

/// Parameters of SOLO: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Solo {}

/// What was found out about a Sharechain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharechainStatus {
    /// The generation of the object this was found out about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`, `ReferencesResolved`, `Paused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
}
