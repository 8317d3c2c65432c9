//! Blocks, and the audit of each one's split.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, PowHash, Txid, Work};
use sqlx::{Row, postgres::PgRow};

use crate::{
    BlockKey, BlockState, Cut, NodeAnswer, Store, StoreError,
    cuts::cuts_of,
    numeric::{Numeric, to_array, to_block_hash, to_txid, to_u32, to_u64},
};

/// Which blocks. Everything absent matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockFilter {
    /// Code of the currency.
    pub currency: Option<String>,
    /// Where it was found.
    pub sharechain: Option<String>,
    /// Its state.
    pub state: Option<BlockState>,
    /// Who found it.
    pub finder: Option<String>,
}

/// Key of a block in the list: the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCursor {
    /// When it was solved.
    pub found_at: DateTime<Utc>,
    /// Which block.
    pub key: BlockKey,
}

/// A block in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRow {
    /// Which block.
    pub key: BlockKey,
    /// Its height.
    pub height: Height,
    /// The block before it.
    pub previous_hash: BlockHash,
    /// Compact target.
    pub bits: u32,
    /// Expected hashes of a block at its difficulty.
    pub network_work: Work,
    /// Its proof-of-work hash.
    pub pow_hash: PowHash,
    /// Where it was found.
    pub sharechain: String,
    /// Through which port.
    pub port: String,
    /// By whom.
    pub finder: String,
    /// With which worker.
    pub finder_worker: String,
    /// The coinbase.
    pub coinbase_txid: Txid,
    /// What it pays us.
    pub reward: Amount,
    /// When it was solved.
    pub found_at: DateTime<Utc>,
    /// Its state.
    pub state: BlockState,
    /// Since when.
    pub state_at: DateTime<Utc>,
    /// Why, for a rejected or orphaned one.
    pub state_reason: String,
    /// Blocks from it to the tip, itself included, as last seen.
    pub confirmations: u32,
    /// Whether all nodes have answered.
    pub is_final: bool,
    /// When its split was frozen.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was credited.
    pub matured_at: Option<DateTime<Utc>>,
}

impl BlockRow {
    /// The key after which the next page begins.
    pub fn cursor(&self) -> BlockCursor {
        BlockCursor {
            found_at: self.found_at,
            key: self.key.clone(),
        }
    }
}

/// One sharechain's part of a split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// The sharechain.
    pub sharechain: String,
    /// Its work in the split window.
    pub split_work: Work,
    /// Length of its method's window.
    pub window_length: Work,
    /// What of it was filled.
    pub window_work: Work,
    /// What of that the reserve bought.
    pub window_bought: Work,
    /// The oldest position it looked at.
    pub window_pos: u64,
    /// Its part of the reward, fee included.
    pub amount: Amount,
    /// What the reserve got for the work it bought.
    pub reserve: Amount,
    /// The pool's fee.
    pub fee: Amount,
    /// The finder's bonus, within his credit.
    pub bonus: Amount,
    /// What payees gave to the pool.
    pub donation: Amount,
    /// Payees in it.
    pub payees: u64,
    /// Units that exact proportion would have cut and that went to the largest remainders: the sum
    /// of all parts less the sum of all parts rounded down.
    pub rounding: Amount,
}

/// Everything about one block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockDetail {
    /// The block.
    pub block: BlockRow,
    /// What nodes answered, by node.
    pub answers: Vec<NodeAnswer>,
    /// Where the sharechains were cut.
    pub cuts: Vec<Cut>,
    /// The frozen split; empty before it is.
    pub parts: Vec<PartRow>,
}

/// What a payee was credited for a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRow {
    /// The payee.
    pub payee: String,
    /// The sharechain.
    pub sharechain: String,
    /// His work in its window.
    pub work: Work,
    /// His amount.
    pub amount: Amount,
    /// The finder's bonus in it, before the donation.
    pub bonus: Amount,
    /// What he gave to the pool of both.
    pub donation: Amount,
    /// The share that he gives, millionths, as it was known at the cut.
    pub donation_ppm: u32,
}

/// Key of a credit in the list of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditCursor {
    /// The payee.
    pub payee: String,
    /// The sharechain.
    pub sharechain: String,
}

impl Store {
    /// Blocks, the newest first.
    pub async fn blocks(
        &self,
        filter: &BlockFilter,
        after: Option<&BlockCursor>,
        limit: u32,
    ) -> Result<Vec<BlockRow>, StoreError> {
        let hash = after.map(|after| after.key.hash.as_bytes().as_slice());
        let rows = sqlx::query(
            "SELECT currency, hash, height, previous_hash, bits, network_work, pow_hash, sharechain, port, finder,
                    finder_worker, coinbase_txid, reward, found_at, state, state_at, state_reason,
                    confirmations, final, accepted_at, matured_at
             FROM block
             WHERE ($1::text IS NULL OR currency = $1) AND ($2::text IS NULL OR sharechain = $2)
               AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR finder = $4)
               AND ($5::timestamptz IS NULL OR (found_at, currency, hash) < ($5, $6, $7))
             ORDER BY found_at DESC, currency DESC, hash DESC LIMIT $8",
        )
        .bind(&filter.currency)
        .bind(&filter.sharechain)
        .bind(filter.state.map(BlockState::as_str))
        .bind(&filter.finder)
        .bind(after.map(|after| after.found_at))
        .bind(after.map(|after| after.key.currency.as_str()))
        .bind(hash)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_block).collect()
    }

    /// One block with its cuts and its split.
    pub async fn block(&self, key: &BlockKey) -> Result<Option<BlockDetail>, StoreError> {
        let hash = key.hash.as_bytes().as_slice();
        let mut tx = self.snapshot().await?;
        let row = sqlx::query(
            "SELECT currency, hash, height, previous_hash, bits, network_work, pow_hash, sharechain, port, finder,
                    finder_worker, coinbase_txid, reward, found_at, state, state_at, state_reason,
                    confirmations, final, accepted_at, matured_at
             FROM block WHERE currency = $1 AND hash = $2",
        )
            .bind(&key.currency)
            .bind(hash)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let block = read_block(&row)?;
        let answers = sqlx::query(
            "SELECT node, outcome, reason FROM block_answer WHERE currency = $1 AND hash = $2
             ORDER BY node",
        )
        .bind(&key.currency)
        .bind(hash)
        .fetch_all(&mut *tx)
        .await?
        .iter()
        .map(|row| {
            Ok(NodeAnswer {
                node: row.try_get("node")?,
                outcome: row.try_get("outcome")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
        let cuts = cuts_of(&mut *tx, key).await?;
        let parts = sqlx::query(
            "SELECT p.sharechain, p.split_work, p.win_length, p.win_work, p.win_bought, p.win_pos,
                    p.amount, p.reserve, p.fee, p.bonus, p.donation, c.payees, c.rounding
             FROM block_part p
             CROSS JOIN LATERAL (
                 SELECT count(*) AS payees,
                        coalesce(sum(CASE WHEN p.win_work > p.win_bought AND c.work > 0
                            THEN c.amount + c.donation - c.bonus - div(
                                (p.amount - p.reserve - p.fee - p.bonus) * c.work,
                                p.win_work - p.win_bought)
                            ELSE 0 END), 0)::bigint AS rounding
                 FROM block_credit c WHERE c.currency = p.currency AND c.hash = p.hash
                   AND c.sharechain = p.sharechain) c
             WHERE p.currency = $1 AND p.hash = $2 ORDER BY p.sharechain",
        )
        .bind(&key.currency)
        .bind(hash)
        .fetch_all(&mut *tx)
        .await?
        .iter()
        .map(read_part)
        .collect::<Result<_, _>>()?;
        tx.commit().await?;
        Ok(Some(BlockDetail {
            block,
            answers,
            cuts,
            parts,
        }))
    }

    /// What each payee was credited for a block, by (payee, sharechain).
    pub async fn block_credits(
        &self,
        key: &BlockKey,
        after: Option<&CreditCursor>,
        limit: u32,
    ) -> Result<Vec<CreditRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.payee, c.sharechain, c.work, c.amount, c.bonus, c.donation,
                    coalesce((SELECT d.ppm FROM payee_donation d
                        WHERE d.currency = c.currency AND d.payee = c.payee AND d.number <=
                            (SELECT k.donations FROM block b
                             JOIN cut k USING (currency, hash, sharechain)
                             WHERE b.currency = c.currency AND b.hash = c.hash)
                        ORDER BY d.number DESC LIMIT 1), 0) AS donation_ppm
             FROM block_credit c
             WHERE c.currency = $1 AND c.hash = $2
               AND ($3::text IS NULL OR (c.payee, c.sharechain) > ($3, $4))
             ORDER BY c.payee, c.sharechain LIMIT $5",
        )
        .bind(&key.currency)
        .bind(key.hash.as_bytes().as_slice())
        .bind(after.map(|after| after.payee.as_str()))
        .bind(after.map(|after| after.sharechain.as_str()))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CreditRow {
                    payee: row.try_get("payee")?,
                    sharechain: row.try_get("sharechain")?,
                    work: row.try_get::<Numeric, _>("work")?.into(),
                    amount: Amount(row.try_get("amount")?),
                    bonus: Amount(row.try_get("bonus")?),
                    donation: Amount(row.try_get("donation")?),
                    donation_ppm: to_u32(
                        i64::from(row.try_get::<i32, _>("donation_ppm")?),
                        "a share",
                    )?,
                })
            })
            .collect()
    }
}

fn read_block(row: &PgRow) -> Result<BlockRow, StoreError> {
    Ok(BlockRow {
        key: BlockKey {
            currency: row.try_get("currency")?,
            hash: to_block_hash(row.try_get("hash")?)?,
        },
        height: Height(to_u32(row.try_get("height")?, "a height")?),
        previous_hash: to_block_hash(row.try_get("previous_hash")?)?,
        bits: to_u32(row.try_get("bits")?, "a compact target")?,
        network_work: row.try_get::<Numeric, _>("network_work")?.into(),
        pow_hash: PowHash::from_bytes(to_array(row.try_get("pow_hash")?, "a hash")?),
        sharechain: row.try_get("sharechain")?,
        port: row.try_get("port")?,
        finder: row.try_get("finder")?,
        finder_worker: row.try_get("finder_worker")?,
        coinbase_txid: to_txid(row.try_get("coinbase_txid")?)?,
        reward: Amount(row.try_get("reward")?),
        found_at: row.try_get("found_at")?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        state_at: row.try_get("state_at")?,
        state_reason: row.try_get("state_reason")?,
        confirmations: to_u32(row.try_get("confirmations")?, "confirmations")?,
        is_final: row.try_get("final")?,
        accepted_at: row.try_get("accepted_at")?,
        matured_at: row.try_get("matured_at")?,
    })
}

fn read_part(row: &PgRow) -> Result<PartRow, StoreError> {
    Ok(PartRow {
        sharechain: row.try_get("sharechain")?,
        split_work: row.try_get::<Numeric, _>("split_work")?.into(),
        window_length: row.try_get::<Numeric, _>("win_length")?.into(),
        window_work: row.try_get::<Numeric, _>("win_work")?.into(),
        window_bought: row.try_get::<Numeric, _>("win_bought")?.into(),
        window_pos: to_u64(row.try_get("win_pos")?, "a position")?,
        amount: Amount(row.try_get("amount")?),
        reserve: Amount(row.try_get("reserve")?),
        fee: Amount(row.try_get("fee")?),
        bonus: Amount(row.try_get("bonus")?),
        donation: Amount(row.try_get("donation")?),
        payees: to_u64(row.try_get("payees")?, "a count")?,
        rounding: Amount(row.try_get("rounding")?),
    })
}
