//! `Sharechain`: one book of work.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{blocks::PodSettings, currency::NetworkAlgorithm, status::conditions_schema};
use crate::units::{DAY, HOUR, MINUTE, Name, Percent, SECOND, TimeSpan};

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
#[x_kube(
    validation = Rule::new("!has(self.finderBonus) || has(self.method.pplns) || has(self.method.prop)")
        .message("a finder's bonus goes with pplns or prop: with solo the finder has it all, and with pps or fpps it would come out of the reserve")
        .field_path(".finderBonus")
)]
pub struct SharechainSpec {
    /// Proof of work of its ports. It cannot be changed.
    pub algorithm: NetworkAlgorithm,
    /// How a block's part for this chain is divided.
    pub method: Method,
    /// What the pool keeps of a reward, as a percentage with at most four decimals.
    #[serde(default = "default_fee")]
    pub fee: Percent,
    /// What the finder of a block gets beside his part, taken after the fee and before the rest is
    /// divided. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finder_bonus: Option<FinderBonus>,
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
    validation = Rule::new("(has(self.pplns) ? 1 : 0) + (has(self.prop) ? 1 : 0) + (has(self.solo) ? 1 : 0) + (has(self.pps) ? 1 : 0) + (has(self.fpps) ? 1 : 0) == 1")
        .message("exactly one of pplns, prop, solo, pps and fpps must be given")
)]
pub struct Method {
    /// Pay per last N shares: a reward is divided over the work of a window that ends at the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pplns: Option<Pplns>,
    /// Proportional: a reward is divided over the work since the block before. Whoever comes early
    /// in a round and leaves earns more than his part; use pplns where miners may do so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prop: Option<Prop>,
    /// The finder of a block takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solo: Option<Solo>,
    /// Pay per share: the currency's reserve buys the work at the block subsidy, whatever is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pps: Option<PayPerShare>,
    /// Full pay per share: the reserve buys the work at the subsidy and the mean fees of the last
    /// 144 blocks of the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fpps: Option<PayPerShare>,
}

/// How work is bought, and when it is paid by a window instead. Every currency of the chain's
/// algorithm needs a preset, which says its subsidy, and capital in its reserve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayPerShare {
    /// Window of PPLNS, by which work is paid while the reserve does not buy it.
    #[serde(default = "default_window")]
    pub window: PplnsWindow,
    /// Time after which bought work is credited.
    #[serde(default = "default_period")]
    pub period: TimeSpan<{ 10 * SECOND }, { DAY }>,
    /// How likely it may be that the reserve is ever used up. It says how much the reserve needs:
    /// B · ln(1/ruin) / (2 · (fee − orphanRate)), B the reward of a block.
    #[serde(default = "default_ruin")]
    pub ruin: Percent,
    /// Part of found blocks that is orphaned; it must be below the fee.
    #[serde(default = "default_orphan_rate")]
    pub orphan_rate: Percent,
    /// Part of the needed reserve at which work is no longer bought. It is bought again when all that
    /// is needed is there.
    #[serde(default = "default_low_mark")]
    pub low_mark: Percent,
}

fn default_window() -> PplnsWindow {
    PplnsWindow {
        factor: Some(2.0),
        work: None,
    }
}

const fn default_period() -> TimeSpan<{ 10 * SECOND }, { DAY }> {
    TimeSpan::of(HOUR)
}

const fn default_ruin() -> Percent {
    Percent::of_millionths(10_000)
}

const fn default_orphan_rate() -> Percent {
    Percent::of_millionths(5_000)
}

const fn default_low_mark() -> Percent {
    Percent::of_millionths(250_000)
}

/// Exactly one size of a finder's bonus.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.share) != has(self.amounts)")
        .message("exactly one of share and amounts must be given")
)]
pub struct FinderBonus {
    /// Part of what the chain gets of the block, less the fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Percent>,
    /// A fixed amount by the currency of the block; a block of a currency that is not named has no
    /// bonus. A block that is worth less gives all it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32))]
    pub amounts: Option<Vec<BonusAmount>>,
}

/// The bonus for a block of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BonusAmount {
    /// Name of the Currency.
    pub currency: Name,
    /// Whole coins with up to eight decimals, such as `"0.05"`.
    #[schemars(
        length(min = 1, max = 20),
        regex(pattern = r"^[0-9]{1,10}(\.[0-9]{1,8})?$")
    )]
    pub amount: String,
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

/// Parameters of PROP: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prop {}

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
