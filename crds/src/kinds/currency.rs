//! `Currency`: a chain whose blocks the pool finds.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use ngpool_chain::{Algorithm, BlockHash, Network};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{payout::Payout, status::conditions_schema};
use crate::{
    presets::PresetName,
    units::{HOUR, SECOND, TimeSpan},
};

/// A chain whose blocks the pool finds: its network, where the rewards go, and when they are paid.
#[derive(CustomResource, Debug, Clone, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "ngpool.io",
    version = "v1alpha1",
    kind = "Currency",
    plural = "currencies",
    namespaced,
    shortname = "cur",
    category = "ngpool",
    status = "CurrencyStatus",
    derive = "PartialEq",
    doc = "A chain whose blocks the pool finds: its network, where the rewards go, and when they are paid.",
    validation = Rule::new(crate::kinds::NAME_RULE).message(crate::kinds::NAME_MESSAGE),
    printcolumn(name = "Ready", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].status"#),
    printcolumn(name = "Reason", type_ = "string", json_path = r#".status.conditions[?(@.type=="Ready")].reason"#),
    printcolumn(name = "Code", type_ = "string", json_path = ".spec.code"),
    printcolumn(name = "Algo", type_ = "string", json_path = ".status.algorithm"),
    printcolumn(name = "Nodes", type_ = "string", json_path = ".status.nodes", description = "Ready nodes of all"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.preset) != has(self.network)")
        .message("exactly one of preset and network must be given"),
    validation = Rule::new("self.code == oldSelf.code")
        .message("code cannot be changed: the books are kept under it; make another Currency")
        .field_path(".code"),
    validation = Rule::new(
        "has(self.preset) == has(oldSelf.preset) && (!has(self.preset) || self.preset == oldSelf.preset)"
    )
    .message("preset cannot be changed: the books belong to one chain; make another Currency"),
    validation = Rule::new(
        "has(self.network) == has(oldSelf.network) && (!has(self.network) || self.network == oldSelf.network)"
    )
    .message("network cannot be changed: the books belong to one chain; make another Currency"),
    validation = Rule::new(
        "!has(self.blockOdds) || self.blockOdds == 1 \
         || (has(self.preset) && self.preset.endsWith('-regtest')) \
         || (has(self.network) && has(self.network.regtest) && self.network.regtest)"
    )
    .message("blockOdds may differ from 1 only on a regtest network")
    .field_path(".blockOdds")
)]
pub struct CurrencySpec {
    /// Code shown to people and used in the books, such as `LTC`. It cannot be changed.
    #[schemars(length(min = 2, max = 12), regex(pattern = "^[A-Z][A-Z0-9]*$"))]
    pub code: String,
    /// A network that is known by name. It cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<PresetName>,
    /// A network with every number by hand. It cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<CustomNetwork>,
    /// Address that block rewards go to. The keys of it belong to the signer, not to the pool; make
    /// one with `ngpool keygen`.
    #[schemars(length(min = 14, max = 128), regex(pattern = "^[0-9A-Za-z]+$"))]
    pub subsidy_address: String,
    /// Confirmations after which a block's credit can be paid out; not below the network's own.
    /// Built-in: the network's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub maturity: Option<u32>,
    /// Blocks under the tip after which what the chain says is taken as settled. Built-in: by
    /// preset, else 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub settle_depth: Option<u32>,
    /// Text in the coinbase of the pool's blocks: at most 28 printable ASCII characters.
    #[serde(default = "default_coinbase_tag")]
    #[schemars(length(max = 28), regex(pattern = "^[ -~]*$"))]
    pub coinbase_tag: String,
    /// Window over which a block is split between sharechains, in multiples of the network's
    /// difficulty, with at most three decimals.
    #[serde(default = "default_split_window")]
    #[schemars(range(min = 0.1, max = 100.0))]
    #[x_kube(validation = Rule::new("self > 0.0").message("must be above 0"))]
    pub split_window: f64,
    /// Decimal places of a whole coin.
    #[serde(default = "default_decimals")]
    #[schemars(range(min = 0, max = 18))]
    pub decimals: u8,
    /// On regtest, where any share would be a block: only one share of so many counts as one.
    /// Built-in: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub block_odds: Option<u32>,
    /// Time between two runs of the settle job, which follows the chain, confirms blocks and
    /// credits them. A cluster rounds up to whole minutes.
    #[serde(default = "default_settle_interval")]
    pub settle_interval: TimeSpan<{ SECOND }, { HOUR }>,
    /// When and what is paid out; the Pool's `defaults.payout` holds for what is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<Payout>,
    /// Suspends its jobs until this is false again: nothing is credited, prepared or sent meanwhile.
    /// One that is made by hand from the suspended CronJob runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

fn default_coinbase_tag() -> String {
    "/ngpool/".to_owned()
}

const fn default_split_window() -> f64 {
    2.0
}

const fn default_decimals() -> u8 {
    8
}

const fn default_settle_interval() -> TimeSpan<{ SECOND }, { HOUR }> {
    TimeSpan::of(60 * SECOND)
}

/// Every number that makes a chain a chain of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomNetwork {
    /// Hash of block 0 as block explorers show it.
    #[schemars(
        with = "String",
        length(min = 64, max = 64),
        regex(pattern = "^[0-9a-f]{64}$")
    )]
    pub genesis_hash: BlockHash,
    /// Proof of work.
    pub algorithm: NetworkAlgorithm,
    /// Version byte of a P2PKH address.
    pub p2pkh: u8,
    /// Version bytes of a P2SH address, the preferred first.
    #[schemars(length(min = 1, max = 4))]
    pub p2sh: Vec<u8>,
    /// Human-readable part of segwit addresses, such as `ltc`; absent without segwit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 16), regex(pattern = "^[a-z]+$"))]
    pub bech32: Option<String>,
    /// Human-readable part of MWEB addresses, such as `ltcmweb`; absent without MWEB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 16), regex(pattern = "^[a-z]+$"))]
    pub mweb_bech32: Option<String>,
    /// Version byte of a private key in wallet import format.
    pub wif: u8,
    /// Rules to ask `getblocktemplate` for, such as `segwit`.
    #[serde(default)]
    #[schemars(
        length(max = 8),
        inner(length(min = 1, max = 32), regex(pattern = "^!?[a-z0-9]+$"))
    )]
    pub template_rules: Vec<String>,
    /// Confirmations before a coinbase output can be spent.
    #[schemars(range(min = 1, max = 100_000))]
    pub coinbase_maturity: u32,
    /// Chain id, when the chain can be merged mined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_chain_id: Option<u16>,
    /// Whether this is a regression-test network.
    #[serde(default)]
    pub regtest: bool,
}

impl From<CustomNetwork> for Network {
    fn from(network: CustomNetwork) -> Self {
        Self {
            genesis_hash: network.genesis_hash,
            algorithm: network.algorithm.into(),
            p2pkh: network.p2pkh,
            p2sh: network.p2sh,
            bech32: network.bech32,
            mweb_bech32: network.mweb_bech32,
            wif: network.wif,
            template_rules: network.template_rules,
            coinbase_maturity: network.coinbase_maturity,
            aux_chain_id: network.aux_chain_id,
            regtest: network.regtest,
        }
    }
}

/// Proof-of-work functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NetworkAlgorithm {
    /// Double SHA-256, as Bitcoin.
    Sha256d,
    /// scrypt with N = 1024, as Litecoin.
    Scrypt,
}

impl From<NetworkAlgorithm> for Algorithm {
    fn from(algorithm: NetworkAlgorithm) -> Self {
        match algorithm {
            NetworkAlgorithm::Sha256d => Self::Sha256d,
            NetworkAlgorithm::Scrypt => Self::Scrypt,
        }
    }
}

/// What was found out about a Currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyStatus {
    /// The generation of the object this was found out about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`, `Mineable`, `ReferencesResolved`, `Paused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// Proof of work of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Hash of block 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis_hash: Option<String>,
    /// Ready nodes of all, such as `1/2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<String>,
    /// Public half of the key that signs its statements, 64 hexadecimal digits: what the policy of a
    /// signer has under `statementKeys`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_key: Option<String>,
}
