//! The block `payout`, which the Pool can default like the others of [`super::blocks`].

use std::fmt;

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{DAY, SECOND, TimeSpan};

/// When, what and how a currency pays out. Fee rates are base units per 1,000 virtual bytes: 10000
/// is 10 satoshi per virtual byte. Amounts are whole coins with up to eight decimals, in quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payout {
    /// When payouts are prepared: five cron fields, such as `0 3 * * *`. Built-in: `0 */6 * * *`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 9, max = 100))]
    pub schedule: Option<String>,
    /// Time zone of the schedule, such as `Europe/Berlin`. Built-in: `Etc/UTC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64), regex(pattern = "^[A-Za-z0-9_+/-]+$"))]
    pub time_zone: Option<String>,
    /// Balance from which a payee is paid, unless he has a minimum of his own, such as `"0.01"`.
    /// Built-in: `"0.01"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 20),
        regex(pattern = r"^[0-9]{1,10}(\.[0-9]{1,8})?$")
    )]
    pub minimum: Option<String>,
    /// Who pays the chain's fee, and how much it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<PayoutFee>,
    /// Which coins a payout spends: as few as will do, or small ones beside them so that later
    /// payouts need few. Built-in: `fewest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<PayoutInputs>,
    /// Most inputs of a payout. Built-in: 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5000))]
    pub max_inputs: Option<u32>,
    /// Most outputs of a payout, change included. Built-in: 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 5000))]
    pub max_outputs: Option<u32>,
    /// Most weight of a payout; nodes relay none above 400000. Built-in: 390000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 4000, max = 400_000))]
    pub max_weight: Option<u32>,
    /// Most that one payout pays in all, not above the signer's `limits.payout`. Built-in: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 20),
        regex(pattern = r"^[0-9]{1,10}(\.[0-9]{1,8})?$")
    )]
    pub max_amount: Option<String>,
    /// Addresses of the signer that change goes to, in equal parts: several coins let several payouts
    /// be in flight. Built-in: the subsidy address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 16),
        inner(length(min = 14, max = 128), regex(pattern = "^[0-9A-Za-z]+$"))
    )]
    pub change: Option<Vec<String>>,
    /// What is done with a payout that does not get into a block: another version with a higher fee
    /// (`rbf`, for nodes that replace), a child of its change that pays for both (`cpfp`), or nothing.
    /// Built-in: by network, else `cpfp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<PayoutReplacement>,
    /// Time after which a payout that is not in a block is taken as stuck. Built-in: `2h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace_after: Option<TimeSpan<{ SECOND }, { 30 * DAY }>>,
    /// When a payee waits until an operator releases him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<PayoutHolds>,
    /// Address that the operator's draws of the pool's fees go to; the signer's policy must name it
    /// too. Built-in: none, and nothing is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 14, max = 128), regex(pattern = "^[0-9A-Za-z]+$"))]
    pub fee_address: Option<String>,
    /// Most payouts that are signed and not confirmed when another is begun. Built-in: 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub max_in_flight: Option<u32>,
    /// Rate by which the nodes call an output dust (their `dustrelayfee`). Built-in: by network, else
    /// 3000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000_000), extend("format" = "int64"))]
    pub dust_relay_fee: Option<u64>,
    /// Keys of the subsidy and change addresses, where they need several. Built-in: one key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multisig: Option<PayoutMultisig>,
}

/// The chain's fee of payouts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayoutFee {
    /// The `pool` out of its fees, or the `payees`, each by what he is paid. What a later version
    /// costs more is always the pool's. Built-in: `pool`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PayoutFeePayer>,
    /// How the rate is found. Built-in: estimated for 6 blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<PayoutFeeRate>,
    /// The rate is never above this, not above the signer's `fee.rate` times 1000. Built-in: by
    /// network, else 200000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000), extend("format" = "int64"))]
    pub ceiling: Option<u64>,
}

/// Exactly one way to find a fee rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.fixed) != has(self.estimate)")
        .message("exactly one of fixed and estimate must be given")
)]
pub struct PayoutFeeRate {
    /// Always this rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000), extend("format" = "int64"))]
    pub fixed: Option<u64>,
    /// As a node estimates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<PayoutFeeEstimate>,
}

/// How a node is asked for a fee rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayoutFeeEstimate {
    /// Blocks within which a payout should be confirmed. Built-in: 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1008))]
    pub blocks: Option<u32>,
    /// Rate while no node has an estimate. Built-in: by network, else 10000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000), extend("format" = "int64"))]
    pub fallback: Option<u64>,
}

/// When a payee waits until an operator releases him.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayoutHolds {
    /// More than this at once is held. Built-in: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 20),
        regex(pattern = r"^[0-9]{1,10}(\.[0-9]{1,8})?$")
    )]
    pub above: Option<String>,
    /// Hours from a payee's first credit until he is paid. Built-in: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 8760))]
    pub new_address_hours: Option<u32>,
}

/// Signatures that the signer's addresses need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.required <= self.keys")
        .message("required must not be above keys")
        .field_path(".required")
)]
pub struct PayoutMultisig {
    /// Signatures that are needed.
    #[schemars(range(min = 1, max = 15))]
    pub required: u8,
    /// Keys there are.
    #[schemars(range(min = 1, max = 15))]
    pub keys: u8,
}

/// Texts of an enumeration, as they are written.
macro_rules! shown_as_written {
    ($name:ident { $($variant:ident => $text:literal),+ }) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),+ })
            }
        }
    };
}

/// Who pays the chain's fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PayoutFeePayer {
    /// The pool, out of its fees.
    Pool,
    /// The payees, each by what he is paid.
    Payees,
}
shown_as_written!(PayoutFeePayer { Pool => "pool", Payees => "payees" });

/// Which coins a payout spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PayoutInputs {
    /// As few as will do.
    Fewest,
    /// Small ones too, as many as the limits allow.
    Consolidate,
}
shown_as_written!(PayoutInputs { Fewest => "fewest", Consolidate => "consolidate" });

/// What is done with a payout that is stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PayoutReplacement {
    /// Another version with a higher fee.
    Rbf,
    /// A child that pays for both.
    Cpfp,
    /// Nothing: it is sent again as it is.
    None,
}
shown_as_written!(PayoutReplacement { Rbf => "rbf", Cpfp => "cpfp", None => "none" });
