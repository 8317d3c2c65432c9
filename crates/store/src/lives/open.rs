//! The blocks whose life goes on, for the job that follows them.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Height, Txid, Work};
use sqlx::Row;

use crate::{
    BlockKey, BlockState, NodeAnswer, Store, StoreError,
    numeric::{Numeric, to_block_hash, to_txid, to_u32},
};

/// A block whose life goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBlock {
    /// Which block.
    pub key: BlockKey,
    /// Its height.
    pub height: Height,
    /// Its state.
    pub state: BlockState,
    /// Where it was found.
    pub sharechain: String,
    /// Who found it.
    pub finder: String,
    /// Expected hashes of a block at its difficulty.
    pub network_work: Work,
    /// What its coinbase pays us.
    pub reward: Amount,
    /// The coinbase.
    pub coinbase_txid: Txid,
    /// Index of our output in it.
    pub coinbase_vout: u32,
    /// Script of our output.
    pub script: Vec<u8>,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// Every node has given a final answer.
    pub is_final: bool,
    /// What nodes answered when it was sent.
    pub answers: Vec<NodeAnswer>,
    /// Whether it was split and posted once.
    pub was_accepted: bool,
    /// Whether it was credited once.
    pub was_mature: bool,
}

impl Store {
    /// The blocks of a currency whose state may still change: those reported or accepted, and those
    /// rejected, orphaned or mature that are not deeper than `down_to`.
    pub async fn open_blocks(
        &self,
        currency: &str,
        down_to: Height,
    ) -> Result<Vec<OpenBlock>, StoreError> {
        let rows = sqlx::query(
            "SELECT b.hash, b.height, b.state, b.sharechain, b.finder, b.network_work, b.reward,
                    b.coinbase_txid, b.coinbase_vout, b.script, b.reported_at, b.final,
                    b.accepted_at, b.matured_at, coalesce((SELECT json_agg(json_build_object(
                        'node', a.node, 'outcome', a.outcome, 'reason', a.reason) ORDER BY a.node)
                    FROM block_answer a WHERE a.currency = b.currency AND a.hash = b.hash), '[]') AS answers
             FROM block b
             WHERE b.currency = $1 AND (b.state IN ('reported', 'accepted') OR b.height >= $2)
             ORDER BY b.height, b.found_at, b.hash",
        )
        .bind(currency)
        .bind(i64::from(down_to.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| read_open_block(row, currency))
            .collect()
    }

    /// Updates what is shown of a block's depth.
    pub async fn set_confirmations(
        &self,
        block: &BlockKey,
        confirmations: u32,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE block SET confirmations = $3
             WHERE currency = $1 AND hash = $2 AND confirmations <> $3",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .bind(i64::from(confirmations))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn read_open_block(row: &sqlx::postgres::PgRow, currency: &str) -> Result<OpenBlock, StoreError> {
    let answers: serde_json::Value = row.try_get("answers")?;
    let answers = answers
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|answer| {
            Some(NodeAnswer {
                node: answer.get("node")?.as_str()?.to_owned(),
                outcome: i32::try_from(answer.get("outcome")?.as_i64()?).ok()?,
                reason: answer.get("reason")?.as_str()?.to_owned(),
            })
        });
    Ok(OpenBlock {
        key: BlockKey {
            currency: currency.to_owned(),
            hash: to_block_hash(row.try_get("hash")?)?,
        },
        height: Height(to_u32(row.try_get("height")?, "a height")?),
        state: row.try_get::<&str, _>("state")?.parse()?,
        sharechain: row.try_get("sharechain")?,
        finder: row.try_get("finder")?,
        network_work: row.try_get::<Numeric, _>("network_work")?.into(),
        reward: Amount(row.try_get("reward")?),
        coinbase_txid: to_txid(row.try_get("coinbase_txid")?)?,
        coinbase_vout: to_u32(row.try_get("coinbase_vout")?, "an output index")?,
        script: row.try_get("script")?,
        reported_at: row.try_get("reported_at")?,
        is_final: row.try_get("final")?,
        answers: answers.collect(),
        was_accepted: row
            .try_get::<Option<DateTime<Utc>>, _>("accepted_at")?
            .is_some(),
        was_mature: row
            .try_get::<Option<DateTime<Utc>>, _>("matured_at")?
            .is_some(),
    })
}
