//! A miner: balances, workers, credits, entries.

use chrono::{DateTime, Utc};
use ngpool_store::{EntryRow, PayeeBalance, PayeeCredit, WorkerRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::{amount, hash_rate, work};

/// A miner named by an address or account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MinerView {
    /// The address or account.
    pub(crate) user: String,
    /// What he has, by currency.
    pub(crate) balances: Vec<BalanceView>,
}

/// What a miner has in one currency, base units.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BalanceView {
    /// Code of the currency.
    currency: String,
    /// Credited for blocks that are not mature yet.
    immature: String,
    /// Can be paid out.
    balance: String,
    /// His and held back.
    held: String,
    /// Paid out or on the way.
    paid: String,
}

impl From<PayeeBalance> for BalanceView {
    fn from(row: PayeeBalance) -> Self {
        Self {
            currency: row.currency,
            immature: amount(row.immature),
            balance: amount(row.balance),
            held: amount(row.held),
            paid: amount(row.paid),
        }
    }
}

/// A worker of a miner.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WorkerView {
    /// Its name; empty for shares without one.
    pub(crate) worker: String,
    /// Whether it is connected.
    connected: bool,
    /// Open connections.
    connections: u32,
    /// Difficulty of its connections, the highest.
    difficulty: f64,
    /// Hashes per second now, as the servers estimate it.
    hash_rate: f64,
    /// When its first share was counted.
    first_seen: Option<DateTime<Utc>>,
    /// When its last share was counted.
    last_share: Option<DateTime<Utc>>,
    /// Seconds that the figures below look back.
    window_seconds: u32,
    /// Hashes per second over the window, from counted work.
    window_hash_rate: f64,
    /// Accepted shares.
    shares: u64,
    /// Rejected shares.
    rejected: u64,
}

impl WorkerView {
    pub(crate) fn new(row: WorkerRow, window_seconds: u32) -> Self {
        Self {
            worker: row.worker,
            connected: row.connections > 0,
            connections: row.connections,
            difficulty: row.difficulty,
            hash_rate: row.hash_rate,
            first_seen: row.first_seen,
            last_share: row.last_share,
            window_seconds,
            window_hash_rate: hash_rate(row.work, window_seconds),
            shares: row.shares,
            rejected: row.rejected,
        }
    }
}

/// A miner's credit for a block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MinerCreditView {
    /// Code of the currency.
    pub(crate) currency: String,
    /// Hash of the block.
    pub(crate) hash: String,
    /// Its height.
    height: u32,
    /// When it was found.
    pub(crate) found_at: DateTime<Utc>,
    /// State of the block.
    state: &'static str,
    /// His work in the windows, expected hashes.
    work: String,
    /// His amount, base units.
    amount: String,
}

impl From<PayeeCredit> for MinerCreditView {
    fn from(row: PayeeCredit) -> Self {
        Self {
            currency: row.block.currency,
            hash: row.block.hash.to_string(),
            height: row.height.0,
            found_at: row.found_at,
            state: row.state.as_str(),
            work: work(row.work),
            amount: amount(row.amount),
        }
    }
}

/// An entry of a miner's account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// When it was posted.
    pub(crate) at: DateTime<Utc>,
    /// Id of the transaction, hex.
    pub(crate) transaction: String,
    /// Its kind, such as `mature`.
    kind: String,
    /// What caused it.
    cause: serde_json::Value,
    /// What the account gained, base units.
    amount: String,
}

impl From<EntryRow> for EntryView {
    fn from(row: EntryRow) -> Self {
        Self {
            at: row.at,
            transaction: hex::encode(row.transaction.0),
            kind: row.kind,
            cause: row.cause,
            amount: amount(row.amount),
        }
    }
}
