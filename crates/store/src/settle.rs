//! What the settle job asks beyond the steps of a block's life: many blocks followed at once, why a
//! block waits, and what a statement is made of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height};
use sqlx::{PgConnection, Row};

use crate::{
    BlockKey, ChainOutput, FollowedBlock, Store, StoreError,
    follow::{REMEMBERED, lock_follower, post_deposit, read_output, tip},
    numeric::{to_block_hash, to_u32},
};

/// One sharechain's part of a block, as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenPart {
    /// Height of the block.
    pub height: Height,
    /// The block's whole reward.
    pub reward: Amount,
    /// The sharechain's part.
    pub amount: Amount,
    /// The pool's fee in it.
    pub fee: Amount,
    /// What the reserve got for the work it bought.
    pub reserve: Amount,
    /// What payees gave to the pool.
    pub donation: Amount,
    /// The finder's bonus, within his amount.
    pub bonus: Amount,
    /// Payee, work and amount, in the order of the payees.
    pub credits: Vec<(String, u128, Amount)>,
}

impl Store {
    /// Follows many blocks forward in one transaction. They continue each other, and the first the
    /// newest followed, or are the first ever; those that were followed meanwhile are passed over.
    /// Returns how many are new.
    pub async fn connect_blocks(
        &self,
        currency: &str,
        blocks: &[FollowedBlock],
    ) -> Result<usize, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let tip = tip(&mut tx, currency).await?;
        let known = blocks
            .iter()
            .position(|block| Some((block.height, block.hash)) == tip);
        let new = blocks
            .get(known.map_or(0, |known| known + 1)..)
            .unwrap_or_default();
        let Some(newest) = new.last() else {
            return Ok(0);
        };
        let mut before = tip;
        for block in new {
            let continues = before.is_none_or(|(height, hash)| {
                height.next() == block.height && hash == block.previous_hash
            });
            if !continues {
                return Err(StoreError::NotContinuous {
                    currency: currency.to_owned(),
                    hash: block.hash,
                    height: block.height.0,
                });
            }
            before = Some((block.height, block.hash));
        }
        insert_headers(&mut tx, currency, new).await?;
        for block in new {
            insert_outputs(&mut tx, currency, block).await?;
            mark_spends(&mut tx, currency, block).await?;
            insert_spenders(&mut tx, currency, block).await?;
        }
        sqlx::query("DELETE FROM followed_block WHERE currency = $1 AND height < $2")
            .bind(currency)
            .bind(i64::from(newest.height.0) - REMEMBERED)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(new.len())
    }

    /// The blocks that were followed and are remembered.
    pub async fn followed_hashes(
        &self,
        currency: &str,
    ) -> Result<BTreeMap<Height, BlockHash>, StoreError> {
        let rows = sqlx::query("SELECT height, hash FROM followed_block WHERE currency = $1")
            .bind(currency)
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let height = Height(to_u32(row.try_get("height")?, "a height")?);
                Ok((height, to_block_hash(row.try_get("hash")?)?))
            })
            .collect()
    }

    /// Height of the lowest block that was ever reported.
    pub async fn lowest_block(&self, currency: &str) -> Result<Option<Height>, StoreError> {
        let height: Option<i64> =
            sqlx::query_scalar("SELECT min(height) FROM block WHERE currency = $1")
                .bind(currency)
                .fetch_one(&self.pool)
                .await?;
        height
            .map(|height| to_u32(height, "a height").map(Height))
            .transpose()
    }

    /// Scripts that are known to be ours: those of blocks that were accepted, of outputs that were
    /// followed, and of payouts' change.
    pub async fn known_scripts(&self, currency: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT script FROM block WHERE currency = $1 AND accepted_at IS NOT NULL
             UNION SELECT script FROM chain_output WHERE currency = $1
             UNION SELECT script FROM payout_change WHERE currency = $1",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Deposits booked to `unallocated` that turn out to be the coinbase of a block reported late:
    /// takes the booking back, because the block's own postings hold the coins. Returns them.
    pub async fn take_back_deposits(
        &self,
        currency: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<ChainOutput>, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let rows = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, bookings FROM chain_output o
             WHERE currency = $1 AND booked
               AND EXISTS (SELECT FROM block b
                   WHERE b.currency = o.currency AND b.coinbase_txid = o.txid)
             ORDER BY txid, vout",
        )
        .bind(currency)
        .fetch_all(&mut *tx)
        .await?;
        let mut outputs = Vec::with_capacity(rows.len());
        for row in &rows {
            let output = read_output(row)?;
            post_deposit(
                &mut tx,
                currency,
                &output,
                row.try_get("bookings")?,
                true,
                at,
            )
            .await?;
            sqlx::query(
                "UPDATE chain_output SET booked = false
                 WHERE currency = $1 AND txid = $2 AND vout = $3",
            )
            .bind(currency)
            .bind(output.txid.as_bytes().as_slice())
            .bind(i64::from(output.vout))
            .execute(&mut *tx)
            .await?;
            outputs.push(output);
        }
        tx.commit().await?;
        Ok(outputs)
    }

    /// Updates what is shown of many blocks' depth.
    pub async fn set_confirmations_of(
        &self,
        currency: &str,
        confirmations: &[(BlockHash, u32)],
    ) -> Result<(), StoreError> {
        let hashes: Vec<&[u8]> = confirmations
            .iter()
            .map(|(h, _)| h.as_bytes().as_slice())
            .collect();
        let counts: Vec<i64> = confirmations.iter().map(|(_, n)| i64::from(*n)).collect();
        sqlx::query(
            "UPDATE block b SET confirmations = c.confirmations
             FROM unnest($2, $3) AS c(hash, confirmations)
             WHERE b.currency = $1 AND b.hash = c.hash AND b.confirmations <> c.confirmations",
        )
        .bind(currency)
        .bind(hashes)
        .bind(counts)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Says why a block stays in the state it is in.
    pub async fn explain_block(
        &self,
        block: &BlockKey,
        state: crate::BlockState,
        reason: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE block SET state_reason = $4
             WHERE currency = $1 AND hash = $2 AND state = $3 AND state_reason <> $4",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .bind(state.as_str())
        .bind(reason)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Which of these sharechains a block still needs a cut of: its finder's always, another when it
    /// was opened before the block was reported.
    pub async fn missing_cuts(
        &self,
        block: &BlockKey,
        sharechains: &[String],
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT s.name FROM block b
             JOIN (SELECT unnest($3) AS name UNION SELECT sharechain FROM block
                   WHERE currency = $1 AND hash = $2) s ON true
             LEFT JOIN sharechain_head h ON h.sharechain = s.name
             WHERE b.currency = $1 AND b.hash = $2
               AND (s.name = b.sharechain OR h.created_at <= b.reported_at)
               AND NOT EXISTS (SELECT FROM cut c
                   WHERE c.currency = b.currency AND c.hash = b.hash AND c.sharechain = s.name)
             ORDER BY s.name",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .bind(sharechains)
        .fetch_all(&self.pool)
        .await?)
    }

    /// A sharechain's part of a block as it was frozen; none when the block was not split.
    pub async fn frozen_part(
        &self,
        block: &BlockKey,
        sharechain: &str,
    ) -> Result<Option<FrozenPart>, StoreError> {
        let hash = block.hash.as_bytes().as_slice();
        let part = sqlx::query(
            "SELECT b.height, b.reward, p.amount, p.fee, p.reserve, p.donation, p.bonus
             FROM block_part p
             JOIN block b USING (currency, hash)
             WHERE p.currency = $1 AND p.hash = $2 AND p.sharechain = $3",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(sharechain)
        .fetch_optional(&self.pool)
        .await?;
        let Some(part) = part else { return Ok(None) };
        let credits = sqlx::query(
            "SELECT payee, work, amount FROM block_credit
             WHERE currency = $1 AND hash = $2 AND sharechain = $3 ORDER BY payee COLLATE \"C\"",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(sharechain)
        .fetch_all(&self.pool)
        .await?;
        let credits = credits.iter().map(|row| {
            let work: crate::numeric::Numeric = row.try_get("work")?;
            Ok((
                row.try_get("payee")?,
                work.0,
                Amount(row.try_get("amount")?),
            ))
        });
        Ok(Some(FrozenPart {
            height: Height(to_u32(part.try_get("height")?, "a height")?),
            reward: Amount(part.try_get("reward")?),
            amount: Amount(part.try_get("amount")?),
            fee: Amount(part.try_get("fee")?),
            reserve: Amount(part.try_get("reserve")?),
            donation: Amount(part.try_get("donation")?),
            bonus: Amount(part.try_get("bonus")?),
            credits: credits.collect::<Result<_, StoreError>>()?,
        }))
    }
}

async fn insert_headers(
    connection: &mut PgConnection,
    currency: &str,
    blocks: &[FollowedBlock],
) -> Result<(), StoreError> {
    let heights: Vec<i64> = blocks
        .iter()
        .map(|block| i64::from(block.height.0))
        .collect();
    let hashes: Vec<&[u8]> = blocks
        .iter()
        .map(|block| block.hash.as_bytes().as_slice())
        .collect();
    let times: Vec<DateTime<Utc>> = blocks.iter().map(|block| block.time).collect();
    let values: Vec<i64> = blocks.iter().map(|block| block.coinbase_value.0).collect();
    sqlx::query(
        "INSERT INTO followed_block (currency, height, hash, block_at, coinbase_value)
         SELECT $1, height, hash, at, value
         FROM unnest($2, $3, $4, $5) AS b(height, hash, at, value)",
    )
    .bind(currency)
    .bind(heights)
    .bind(hashes)
    .bind(times)
    .bind(values)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_outputs(
    connection: &mut PgConnection,
    currency: &str,
    block: &FollowedBlock,
) -> Result<(), StoreError> {
    for output in &block.outputs {
        sqlx::query(
            "INSERT INTO chain_output
                 (currency, txid, vout, amount, script, coinbase, created_height, created_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (currency, txid, vout) DO UPDATE
             SET created_height = excluded.created_height, created_hash = excluded.created_hash",
        )
        .bind(currency)
        .bind(output.txid.as_bytes().as_slice())
        .bind(i64::from(output.vout))
        .bind(output.amount.0)
        .bind(&output.script)
        .bind(output.coinbase)
        .bind(i64::from(block.height.0))
        .bind(block.hash.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn insert_spenders(
    connection: &mut PgConnection,
    currency: &str,
    block: &FollowedBlock,
) -> Result<(), StoreError> {
    for spender in &block.spenders {
        let inputs = &spender.inputs;
        let txids: Vec<&[u8]> = inputs
            .iter()
            .map(|i| i.txid.as_bytes().as_slice())
            .collect();
        let vouts: Vec<i64> = inputs.iter().map(|i| i64::from(i.vout)).collect();
        let amounts: Vec<i64> = spender.outputs.iter().map(|(amount, _)| amount.0).collect();
        let scripts: Vec<&[u8]> = spender.outputs.iter().map(|(_, s)| s.as_slice()).collect();
        sqlx::query(
            "INSERT INTO chain_spender
                 (currency, txid, height, hash, in_txids, in_vouts, out_amounts, out_scripts)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (currency, txid) DO UPDATE
             SET height = excluded.height, hash = excluded.hash",
        )
        .bind(currency)
        .bind(spender.txid.as_bytes().as_slice())
        .bind(i64::from(block.height.0))
        .bind(block.hash.as_bytes().as_slice())
        .bind(txids)
        .bind(vouts)
        .bind(amounts)
        .bind(scripts)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn mark_spends(
    connection: &mut PgConnection,
    currency: &str,
    block: &FollowedBlock,
) -> Result<(), StoreError> {
    if block.spends.is_empty() {
        return Ok(());
    }
    let txids: Vec<&[u8]> = block
        .spends
        .iter()
        .map(|s| s.txid.as_bytes().as_slice())
        .collect();
    let vouts: Vec<i64> = block.spends.iter().map(|s| i64::from(s.vout)).collect();
    let by: Vec<&[u8]> = block
        .spends
        .iter()
        .map(|s| s.by.as_bytes().as_slice())
        .collect();
    sqlx::query(
        "UPDATE chain_output o SET spent_height = $5, spent_hash = $6, spent_txid = s.spender
         FROM unnest($2, $3, $4) AS s(txid, vout, spender)
         WHERE o.currency = $1 AND o.txid = s.txid AND o.vout = s.vout",
    )
    .bind(currency)
    .bind(txids)
    .bind(vouts)
    .bind(by)
    .bind(i64::from(block.height.0))
    .bind(block.hash.as_bytes().as_slice())
    .execute(connection)
    .await?;
    Ok(())
}
