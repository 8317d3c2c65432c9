//! How a sharechain divides a reward.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A payout method with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutMethod {
    /// Pay per last N shares.
    Pplns {
        /// How far back the window reaches.
        window: Window,
    },
    /// Proportional: by the work since the block before.
    Prop,
    /// The finder takes it.
    Solo,
    /// Pay per share: a reserve buys the work at the subsidy.
    Pps(PpsSettings),
    /// Full pay per share: a reserve buys the work at the subsidy and the mean fees.
    Fpps(PpsSettings),
}

/// Length of a PPLNS window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Multiple of the block's network work, in thousandths.
    DifficultyMilli(u32),
    /// A fixed amount of work, in expected hashes.
    Work(u64),
}

/// How work is bought, and when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PpsSettings {
    /// Window of work that is not bought, and in which what is bought stands as the reserve's.
    pub window: Window,
    /// Seconds of a period, which is credited as one.
    pub period_seconds: u32,
    /// How likely it may be that the reserve is ever used up, in millionths.
    pub ruin_ppm: u32,
    /// Part of blocks that is orphaned, in millionths.
    pub orphan_ppm: u32,
    /// Part of the needed reserve at which work is no longer bought, in millionths.
    pub low_mark_ppm: u32,
}

/// What the finder of a block gets beside his part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinderBonus {
    /// Millionths of the chain's part less the fee.
    SharePpm(u32),
    /// Base units by the code of the block's currency; none for one that is not named.
    Fixed(BTreeMap<String, u64>),
}

impl FinderBonus {
    /// The bonus for a block of a currency, as its cut keeps it.
    pub fn of_currency(&self, code: &str) -> Option<CutBonus> {
        match self {
            Self::SharePpm(ppm) => Some(CutBonus::SharePpm(*ppm)),
            Self::Fixed(amounts) => amounts.get(code).copied().map(CutBonus::Fixed),
        }
    }
}

/// The finder's bonus of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutBonus {
    /// Millionths of the chain's part less the fee.
    SharePpm(u32),
    /// Base units.
    Fixed(u64),
}

/// A sharechain whose work a currency's reserve buys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PpsChain {
    /// Name of the sharechain.
    pub sharechain: String,
    /// `Pps` or `Fpps`: whether the mean fees are paid too.
    pub with_fees: bool,
    /// What the pool keeps, in millionths.
    pub fee_ppm: u32,
    /// Everything else.
    pub settings: PpsSettings,
}
