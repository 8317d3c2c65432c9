//! A pool at one moment, as `ngpool status` and the progress view show it.

mod collect;
mod render;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use collect::{ask, coins};
pub(crate) use render::{lines, short};

/// What is known of a running pool.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Overview {
    /// Name of the pool, for people.
    pub(crate) pool: String,
    /// Where the API is served.
    pub(crate) api: String,
    /// Its programs.
    pub(crate) programs: Vec<ProgramState>,
    /// What the API tells.
    #[serde(flatten)]
    pub(crate) books: Books,
}

/// A program and what it says of itself.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ProgramState {
    /// Such as `ngstratum`.
    pub(crate) kind: String,
    /// Name of the object it serves.
    pub(crate) name: String,
    /// Whether it should be sent work.
    pub(crate) ready: bool,
    /// Why not; empty when ready.
    pub(crate) reason: String,
    /// Facts by name, such as `height`.
    pub(crate) facts: BTreeMap<String, String>,
}

/// What the API tells of shares, blocks and balances.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Books {
    /// By port.
    pub(crate) ports: Vec<PortFigures>,
    /// Shares of the last day.
    pub(crate) shares: Shares,
    /// The newest first.
    pub(crate) blocks: Vec<Block>,
    /// By currency.
    pub(crate) balances: Vec<Balance>,
}

/// What a port does.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct PortFigures {
    /// Name of the port.
    pub(crate) name: String,
    /// Where miners connect.
    pub(crate) url: String,
    /// Hashes per second over the last ten minutes.
    pub(crate) hash_rate: f64,
}

/// Shares by result.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Shares {
    /// Taken.
    pub(crate) accepted: u64,
    /// Refused, by reason.
    pub(crate) rejected: BTreeMap<String, u64>,
}

/// A found block.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Block {
    /// Code of the currency.
    pub(crate) currency: String,
    /// Where it is in its chain.
    pub(crate) height: u64,
    /// Its hash.
    pub(crate) hash: String,
    /// `reported`, `accepted` (immature), `mature`, `rejected` or `orphaned`.
    pub(crate) state: String,
    /// Blocks from it to the tip, itself included.
    pub(crate) confirmations: u64,
    /// What it pays the pool, whole coins.
    pub(crate) reward: String,
    /// Who found it.
    pub(crate) finder: String,
}

/// Who holds what in a currency, whole coins.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Balance {
    /// Code of the currency.
    pub(crate) currency: String,
    /// Rewards of blocks that are not mature.
    pub(crate) immature: String,
    /// What payees can be paid.
    pub(crate) payees: String,
    /// The pool's fees.
    pub(crate) fee: String,
    /// Discrepancies in the books; 0 when they add up.
    pub(crate) drift: u64,
}
