//! Blocks as they are reported.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, PowHash, Target, Txid};
use sqlx::Row;

use crate::{Store, StoreError, numeric::Numeric, watch::CHANNEL};

/// Names a block.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockKey {
    /// Code of the currency.
    pub currency: String,
    /// Its hash.
    pub hash: BlockHash,
}

/// Where a block is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockState {
    /// Solved and sent; not yet seen on a best chain.
    Reported,
    /// On a best chain, split, not yet credited: "immature".
    Accepted,
    /// Every node refused it.
    Rejected,
    /// Credited to the payees.
    Mature,
    /// Another block is at its height.
    Orphaned,
}

impl BlockState {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Mature => "mature",
            Self::Orphaned => "orphaned",
        }
    }
}

impl fmt::Display for BlockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BlockState {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        [
            Self::Reported,
            Self::Accepted,
            Self::Rejected,
            Self::Mature,
            Self::Orphaned,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| StoreError::Damaged(format!("a block state {text}")))
    }
}

/// What a node answered to a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeAnswer {
    /// Name of the node.
    pub node: String,
    /// As `SubmitOutcome` of the wire.
    pub outcome: i32,
    /// The daemon's words.
    pub reason: String,
}

/// A solved block and what the nodes said so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockReport {
    /// Which block.
    pub key: BlockKey,
    /// Its height.
    pub height: Height,
    /// The block before it.
    pub previous_hash: BlockHash,
    /// Compact target as in the header.
    pub bits: u32,
    /// Its proof-of-work hash.
    pub pow_hash: PowHash,
    /// Where it was found.
    pub sharechain: String,
    /// Through which port.
    pub port: String,
    /// By whom: the account or address.
    pub user: String,
    /// With which worker.
    pub worker: String,
    /// The coinbase.
    pub coinbase_txid: Txid,
    /// Index of our output in it.
    pub coinbase_vout: u32,
    /// Script of our output.
    pub script: Vec<u8>,
    /// Sum of the coinbase's outputs to our script.
    pub reward: Amount,
    /// When it was solved, by the server's clock.
    pub found_at: DateTime<Utc>,
    /// What nodes answered so far.
    pub answers: Vec<NodeAnswer>,
    /// Every node has given a final answer.
    pub is_final: bool,
}

impl Store {
    /// Records a block, or what more is known of one: answers are added up, by node; what the first
    /// report said of the block itself stays. Tells every ledger when the block is new. Returns
    /// whether it is.
    pub async fn report_block(
        &self,
        report: &BlockReport,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let network_work = Target::from_compact(report.bits)
            .map_err(|_| StoreError::TooLarge("a compact target that is none"))?
            .work();
        let hash = report.key.hash.as_bytes().as_slice();
        let mut tx = self.pool.begin().await?;
        let row = sqlx::query(
            "INSERT INTO block
                 (currency, hash, height, previous_hash, bits, network_work, pow_hash, sharechain, port,
                  finder, finder_worker, coinbase_txid, coinbase_vout, script, reward, found_at,
                  reported_at, final, state_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17)
             ON CONFLICT (currency, hash) DO UPDATE SET final = block.final OR excluded.final
             RETURNING xmax = 0 AS is_new",
        )
        .bind(&report.key.currency)
        .bind(hash)
        .bind(i64::from(report.height.0))
        .bind(report.previous_hash.as_bytes().as_slice())
        .bind(i64::from(report.bits))
        .bind(Numeric::from(network_work))
        .bind(report.pow_hash.as_bytes().as_slice())
        .bind(&report.sharechain)
        .bind(&report.port)
        .bind(&report.user)
        .bind(&report.worker)
        .bind(report.coinbase_txid.as_bytes().as_slice())
        .bind(i64::from(report.coinbase_vout))
        .bind(&report.script)
        .bind(report.reward.0)
        .bind(report.found_at)
        .bind(at)
        .bind(report.is_final)
        .fetch_one(&mut *tx)
        .await?;
        let is_new: bool = row.try_get("is_new")?;
        for answer in &report.answers {
            sqlx::query(
                "INSERT INTO block_answer (currency, hash, node, outcome, reason, at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (currency, hash, node) DO UPDATE
                 SET outcome = excluded.outcome, reason = excluded.reason, at = excluded.at
                 WHERE (block_answer.outcome, block_answer.reason)
                     IS DISTINCT FROM (excluded.outcome, excluded.reason)",
            )
            .bind(&report.key.currency)
            .bind(hash)
            .bind(&answer.node)
            .bind(answer.outcome)
            .bind(&answer.reason)
            .bind(at)
            .execute(&mut *tx)
            .await?;
        }
        if is_new {
            sqlx::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(format!("{} {}", report.key.currency, report.key.hash))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }
}
