//! The published split of a block, as the API gives it.

use std::{fmt::Display, str::FromStr};

use ngpool_chain::BlockHash;
use ngpool_settings::{CutBonus, PayoutMethod};
use serde::{Deserialize, Deserializer, de::Error};

/// Everything that is needed to check a split. Fields that are not known are passed over: a pool may
/// publish more.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Document {
    pub(super) format: u32,
    pub(super) genesis_hash: BlockHash,
    pub(super) block: Block,
    pub(super) credits: Vec<Credit>,
    #[serde(default)]
    pub(super) next: Option<String>,
    pub(super) statements: Vec<Statement>,
    #[serde(default)]
    pub(super) previous: Vec<Statement>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Block {
    pub(super) currency: String,
    pub(super) hash: BlockHash,
    pub(super) height: u32,
    pub(super) state: String,
    #[serde(deserialize_with = "number")]
    pub(super) reward: u64,
    #[serde(deserialize_with = "number")]
    pub(super) network_work: u128,
    pub(super) sharechain: String,
    pub(super) finder: String,
    pub(super) audit: Option<Audit>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Audit {
    #[serde(deserialize_with = "number")]
    pub(super) reward: u64,
    pub(super) cuts: Vec<Cut>,
    pub(super) parts: Vec<Part>,
}

/// The terms of a sharechain when the block was found.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Cut {
    pub(super) sharechain: String,
    #[serde(deserialize_with = "number")]
    pub(super) network_work: u128,
    pub(super) fee_ppm: u32,
    pub(super) method: PayoutMethod,
    #[serde(default)]
    pub(super) bonus: Option<CutBonus>,
}

/// What a sharechain got.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Part {
    pub(super) sharechain: String,
    #[serde(deserialize_with = "number")]
    pub(super) split_work: u128,
    #[serde(deserialize_with = "number")]
    pub(super) window_length: u128,
    #[serde(deserialize_with = "number")]
    pub(super) window_work: u128,
    #[serde(deserialize_with = "number")]
    pub(super) window_bought: u128,
    #[serde(deserialize_with = "number")]
    pub(super) amount: u64,
    #[serde(deserialize_with = "number")]
    pub(super) reserve: u64,
    #[serde(deserialize_with = "number")]
    pub(super) fee: u64,
    #[serde(deserialize_with = "number")]
    pub(super) bonus: u64,
    #[serde(deserialize_with = "number")]
    pub(super) donation: u64,
}

/// What a payee got.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Credit {
    pub(super) payee: String,
    pub(super) sharechain: String,
    #[serde(deserialize_with = "number")]
    pub(super) work: u128,
    #[serde(deserialize_with = "number")]
    pub(super) amount: u64,
    #[serde(deserialize_with = "number")]
    pub(super) bonus: u64,
    #[serde(deserialize_with = "number")]
    pub(super) donation: u64,
    pub(super) donation_ppm: u32,
}

/// A signed statement.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Statement {
    pub(super) sharechain: String,
    pub(super) number: u64,
    #[serde(deserialize_with = "hex")]
    pub(super) previous: Vec<u8>,
    #[serde(deserialize_with = "hex")]
    pub(super) digest: Vec<u8>,
    #[serde(deserialize_with = "hex")]
    pub(super) body: Vec<u8>,
    #[serde(deserialize_with = "hex")]
    pub(super) signature: Vec<u8>,
    #[serde(deserialize_with = "hex")]
    pub(super) key: Vec<u8>,
}

/// A number in a text, because numbers of JSON are exact only up to 2^53.
pub(super) fn number<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    from: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .map_err(|error| D::Error::custom(format!("{text:?} is not such a number: {error}")))
}

fn hex<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    hex::decode(String::deserialize(from)?)
        .map_err(|error| D::Error::custom(format!("not hexadecimal: {error}")))
}
