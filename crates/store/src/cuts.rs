//! Cuts: where a sharechain stood when a block was found, and the terms that held.

use chrono::{DateTime, Days, Utc};
use ngpool_chain::{Amount, Work};
use sqlx::{PgExecutor, Row, postgres::PgRow, types::Json};

use crate::{
    BlockKey, BlockState, Store, StoreError,
    numeric::{Numeric, to_block_hash, to_u32, to_u64},
};

/// A block older than this that was never split gets no cut any more from a sharechain that comes late.
const UNCUT_DAYS: Days = Days::new(7);

/// A block that a sharechain has not been cut for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncutBlock {
    /// Which block.
    pub key: BlockKey,
    /// Where it was found.
    pub sharechain: String,
    /// Expected hashes of a block at its difficulty.
    pub network_work: Work,
    /// What its coinbase pays us.
    pub reward: Amount,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
}

/// What holds for a cut besides its position.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CutTerms {
    /// The payout method with its parameters, as the ledger's document has it.
    pub method: serde_json::Value,
    /// The pool's fee in millionths.
    pub fee_ppm: u32,
    /// The finder's bonus for this block, as the ledger's document has it; none in old cuts too.
    pub bonus: Option<serde_json::Value>,
    /// The currency's split window in thousandths of the difficulty; none in old cuts.
    pub split_window_milli: Option<u32>,
    /// Servers that did not ship in time.
    pub unanswered: Vec<String>,
}

/// A stored cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// The block.
    pub block: BlockKey,
    /// The sharechain.
    pub sharechain: String,
    /// The last position that counts.
    pub pos: u64,
    /// Expected hashes of a block at its difficulty.
    pub network_work: Work,
    /// What its coinbase pays us.
    pub reward: Amount,
    /// Method, fee, and who did not answer.
    pub terms: CutTerms,
    /// The round of the block is the work after this position: the greatest one below its own at which
    /// the chain was cut for a block of the currency, whatever became of that one. None in old cuts.
    pub round_pos: Option<u64>,
    /// Number of the newest donation of the currency that was known.
    pub donations: u64,
    /// Number of the newest switch between buying work and not that was known.
    pub switches: u64,
    /// When it was stored.
    pub cut_at: DateTime<Utc>,
}

impl Store {
    /// The blocks of these currencies that a sharechain has no cut for yet, the oldest first. Blocks
    /// from before the sharechain was opened are not its business.
    pub async fn uncut_blocks(
        &self,
        sharechain: &str,
        currencies: &[String],
        at: DateTime<Utc>,
    ) -> Result<Vec<UncutBlock>, StoreError> {
        let rows = sqlx::query(
            "SELECT b.currency, b.hash, b.sharechain, b.network_work, b.reward, b.reported_at
             FROM sharechain_head h
             JOIN block b ON b.currency = ANY($2) AND b.state IN ('reported', 'rejected', 'orphaned')
                 AND b.accepted_at IS NULL AND b.reported_at > $3
             WHERE h.sharechain = $1 AND (b.reported_at >= h.created_at OR b.sharechain = $1)
               AND NOT EXISTS (SELECT FROM cut c
                   WHERE c.currency = b.currency AND c.hash = b.hash AND c.sharechain = $1)
             ORDER BY b.reported_at, b.hash",
        )
        .bind(sharechain)
        .bind(currencies)
        .bind(at - UNCUT_DAYS)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UncutBlock {
                    key: BlockKey {
                        currency: row.try_get("currency")?,
                        hash: to_block_hash(row.try_get("hash")?)?,
                    },
                    sharechain: row.try_get("sharechain")?,
                    network_work: row.try_get::<Numeric, _>("network_work")?.into(),
                    reward: Amount(row.try_get("reward")?),
                    reported_at: row.try_get("reported_at")?,
                })
            })
            .collect()
    }

    /// Cuts a sharechain for a block at its head, unless it is cut: then the first cut stays. Returns
    /// the cut that holds.
    pub async fn store_cut(
        &self,
        block: &BlockKey,
        sharechain: &str,
        terms: &CutTerms,
        at: DateTime<Utc>,
    ) -> Result<Cut, StoreError> {
        let hash = block.hash.as_bytes().as_slice();
        let fee = i32::try_from(terms.fee_ppm).map_err(|_| StoreError::TooLarge("a fee"))?;
        sqlx::query(
            // One statement sees one state of the database: what is not in it has taken no position
            // up to this one, and no number.
            "INSERT INTO cut (currency, hash, sharechain, pos, network_work, reward, method, fee_ppm,
                              unanswered, cut_at, bonus, split_window_milli, round_pos, donations,
                              switches)
             SELECT b.currency, b.hash, h.sharechain, h.pos, b.network_work, b.reward, $4, $5, $6, $7,
                    $8, $9,
                    coalesce((SELECT max(c.pos) FROM cut c WHERE c.currency = b.currency
                        AND c.sharechain = h.sharechain AND c.pos < h.pos), 0),
                    coalesce((SELECT d.number FROM donation_head d WHERE d.currency = b.currency), 0),
                    coalesce((SELECT max(s.number) FROM pps_switch s WHERE s.currency = b.currency
                        AND s.sharechain = h.sharechain), 0)
             FROM block b, sharechain_head h
             WHERE b.currency = $1 AND b.hash = $2 AND h.sharechain = $3
             ON CONFLICT DO NOTHING",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(sharechain)
        .bind(&terms.method)
        .bind(fee)
        .bind(&terms.unanswered)
        .bind(at)
        .bind(&terms.bonus)
        .bind(terms.split_window_milli.map(i64::from))
        .execute(&self.pool)
        .await?;
        let cuts = cuts_of(&self.pool, block).await?;
        if let Some(cut) = cuts.into_iter().find(|cut| cut.sharechain == sharechain) {
            return Ok(cut);
        }
        self.head(sharechain).await?;
        Err(StoreError::UnknownBlock(block.currency.clone(), block.hash))
    }

    /// The cuts of a block, by the name of the sharechain.
    pub async fn cuts(&self, block: &BlockKey) -> Result<Vec<Cut>, StoreError> {
        cuts_of(&self.pool, block).await
    }

    /// Whether a block was ever credited to its payees, whatever became of it since.
    pub async fn is_credited(&self, block: &BlockKey) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM block
             WHERE currency = $1 AND hash = $2 AND matured_at IS NOT NULL)",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_one(&self.pool)
        .await?)
    }

    /// The state of a block; none when it was never reported.
    pub async fn block_state(&self, block: &BlockKey) -> Result<Option<BlockState>, StoreError> {
        let state: Option<String> =
            sqlx::query_scalar("SELECT state FROM block WHERE currency = $1 AND hash = $2")
                .bind(&block.currency)
                .bind(block.hash.as_bytes().as_slice())
                .fetch_optional(&self.pool)
                .await?;
        state.map(|state| state.parse()).transpose()
    }
}

pub(crate) async fn cuts_of(
    executor: impl PgExecutor<'_>,
    block: &BlockKey,
) -> Result<Vec<Cut>, StoreError> {
    let rows = sqlx::query(
        "SELECT sharechain, pos, network_work, reward, method, fee_ppm, unanswered, cut_at, bonus,
                split_window_milli, round_pos, donations, switches
         FROM cut WHERE currency = $1 AND hash = $2 ORDER BY sharechain",
    )
    .bind(&block.currency)
    .bind(block.hash.as_bytes().as_slice())
    .fetch_all(executor)
    .await?;
    rows.iter().map(|row| read_cut(row, block)).collect()
}

fn read_cut(row: &PgRow, block: &BlockKey) -> Result<Cut, StoreError> {
    let Json(method) = row.try_get("method")?;
    let bonus: Option<Json<serde_json::Value>> = row.try_get("bonus")?;
    let window: Option<i64> = row.try_get("split_window_milli")?;
    let optional = |column: &str| -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = row.try_get(column)?;
        number
            .map(|number| to_u64(number, "a number of a cut"))
            .transpose()
    };
    Ok(Cut {
        block: block.clone(),
        sharechain: row.try_get("sharechain")?,
        pos: to_u64(row.try_get("pos")?, "a position")?,
        network_work: row.try_get::<Numeric, _>("network_work")?.into(),
        reward: Amount(row.try_get("reward")?),
        terms: CutTerms {
            method,
            fee_ppm: u32::try_from(row.try_get::<i32, _>("fee_ppm")?)
                .map_err(|_| StoreError::Damaged("a fee".to_owned()))?,
            bonus: bonus.map(|Json(bonus)| bonus),
            split_window_milli: window
                .map(|window| to_u32(window, "a split window"))
                .transpose()?,
            unanswered: row.try_get("unanswered")?,
        },
        round_pos: optional("round_pos")?,
        donations: optional("donations")?.unwrap_or_default(),
        switches: optional("switches")?.unwrap_or_default(),
        cut_at: row.try_get("cut_at")?,
    })
}
