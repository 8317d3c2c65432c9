//! The chain as it was followed: which block, and who created and spent each output of ours.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use serde_json::json;
use sqlx::{PgConnection, Row, postgres::PgRow};

use crate::{
    Account, ChainSpender, Entry, Outpoint, Store, StoreError, Transaction, TransactionId,
    books::post,
    numeric::{to_block_hash, to_txid, to_u32},
    operator::{balance, deposit_id},
    payouts::{came, gone},
};

/// Blocks that are remembered behind the newest: deeper than any reorganisation that a node survives.
pub(crate) const REMEMBERED: i64 = 2_000;

/// An output that pays a script of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainOutput {
    /// The transaction that creates it.
    pub txid: Txid,
    /// Its index there.
    pub vout: u32,
    /// What it holds.
    pub amount: Amount,
    /// The script.
    pub script: Vec<u8>,
    /// Whether the transaction is a coinbase.
    pub coinbase: bool,
}

/// An input of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spend {
    /// The output spent.
    pub txid: Txid,
    /// Its index.
    pub vout: u32,
    /// The transaction that spends it.
    pub by: Txid,
}

/// A block of the best chain, as far as it concerns us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedBlock {
    /// Its height.
    pub height: Height,
    /// Its hash.
    pub hash: BlockHash,
    /// The block before it.
    pub previous_hash: BlockHash,
    /// Time in its header.
    pub time: DateTime<Utc>,
    /// Sum of its coinbase's outputs: subsidy and fees.
    pub coinbase_value: Amount,
    /// Outputs that pay scripts of ours.
    pub outputs: Vec<ChainOutput>,
    /// Every input; those of outputs that are not ours are passed over.
    pub spends: Vec<Spend>,
    /// The transactions that spend outputs of ours, whole.
    pub spenders: Vec<ChainSpender>,
}

/// An output as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRow {
    /// The output.
    pub output: ChainOutput,
    /// The block of the best chain that created it.
    pub created: Option<(Height, BlockHash)>,
    /// The block of the best chain that spends it, and the transaction.
    pub spent: Option<(Height, BlockHash, Txid)>,
    /// Whether it is booked to `unallocated`.
    pub booked: bool,
}

impl Store {
    /// The newest block of a currency that was followed.
    pub async fn followed_tip(
        &self,
        currency: &str,
    ) -> Result<Option<(Height, BlockHash)>, StoreError> {
        let row = sqlx::query(
            "SELECT height, hash FROM followed_block WHERE currency = $1 ORDER BY height DESC LIMIT 1",
        )
        .bind(currency)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| read_tip(&row)).transpose()
    }

    /// The block that was followed at a height.
    pub async fn followed_at(
        &self,
        currency: &str,
        height: Height,
    ) -> Result<Option<BlockHash>, StoreError> {
        let hash: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT hash FROM followed_block WHERE currency = $1 AND height = $2",
        )
        .bind(currency)
        .bind(i64::from(height.0))
        .fetch_optional(&self.pool)
        .await?;
        hash.map(|hash| to_block_hash(&hash)).transpose()
    }

    /// Follows one block backwards: the newest followed is not on the best chain any more. A deposit
    /// that it created and that was booked is taken back. Returns the new tip; none when all that is
    /// remembered was undone.
    pub async fn disconnect_block(
        &self,
        currency: &str,
        hash: BlockHash,
        at: DateTime<Utc>,
    ) -> Result<Option<(Height, BlockHash)>, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        match tip(&mut tx, currency).await? {
            Some((_, newest)) if newest == hash => {}
            // Undone before.
            newest => return Ok(newest),
        }
        let bytes = hash.as_bytes().as_slice();
        let booked = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, bookings FROM chain_output
             WHERE currency = $1 AND created_hash = $2 AND booked",
        )
        .bind(currency)
        .bind(bytes)
        .fetch_all(&mut *tx)
        .await?;
        for row in &booked {
            let output = read_output(row)?;
            let turn: i32 = row.try_get("bookings")?;
            post_deposit(&mut tx, currency, &output, turn, true, at).await?;
        }
        sqlx::query(
            "UPDATE chain_output SET created_height = NULL, created_hash = NULL, booked = false
             WHERE currency = $1 AND created_hash = $2",
        )
        .bind(currency)
        .bind(bytes)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE chain_output SET spent_height = NULL, spent_hash = NULL, spent_txid = NULL
             WHERE currency = $1 AND spent_hash = $2",
        )
        .bind(currency)
        .bind(bytes)
        .execute(&mut *tx)
        .await?;
        for table in [
            "DELETE FROM chain_spender WHERE currency = $1 AND hash = $2",
            "DELETE FROM followed_block WHERE currency = $1 AND hash = $2",
        ] {
            sqlx::query(table)
                .bind(currency)
                .bind(bytes)
                .execute(&mut *tx)
                .await?;
        }
        let newest = tip(&mut tx, currency).await?;
        tx.commit().await?;
        Ok(newest)
    }

    /// Books deposits that nobody expected to `unallocated`: outputs to our scripts created at or
    /// below a height, that no block and no payout of ours pays and that `is_ours` does not know
    /// otherwise. Returns those booked now.
    pub async fn book_deposits(
        &self,
        currency: &str,
        down_from: Height,
        is_ours: impl Fn(&ChainOutput) -> bool + Send,
        at: DateTime<Utc>,
    ) -> Result<Vec<ChainOutput>, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let rows = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, bookings FROM chain_output o
             WHERE currency = $1 AND NOT booked AND created_height <= $2 AND amount > 0
               AND NOT EXISTS (SELECT FROM block b
                   WHERE b.currency = o.currency AND b.coinbase_txid = o.txid)
               AND NOT EXISTS (SELECT FROM payout_txid t JOIN payout p USING (currency, number)
                   WHERE t.currency = o.currency AND t.txid = o.txid AND p.state <> 'void')
               -- A third party may have changed the txid of a payout that is not confirmed yet.
               AND NOT EXISTS (SELECT FROM chain_output a JOIN payout p ON p.currency = a.currency
                       AND p.anchor_txid = a.txid AND p.anchor_vout = a.vout
                   WHERE a.currency = o.currency AND a.spent_txid = o.txid
                     AND p.state IN ('prepared', 'signed', 'broadcast'))
             ORDER BY created_height, txid, vout",
        )
        .bind(currency)
        .bind(i64::from(down_from.0))
        .fetch_all(&mut *tx)
        .await?;
        let mut deposits = Vec::new();
        for row in &rows {
            let output = read_output(row)?;
            if is_ours(&output) {
                continue;
            }
            let turn = row.try_get::<i32, _>("bookings")? + 1;
            post_deposit(&mut tx, currency, &output, turn, false, at).await?;
            sqlx::query(
                "UPDATE chain_output SET booked = true, bookings = $4
                 WHERE currency = $1 AND txid = $2 AND vout = $3",
            )
            .bind(currency)
            .bind(output.txid.as_bytes().as_slice())
            .bind(i64::from(output.vout))
            .bind(turn)
            .execute(&mut *tx)
            .await?;
            deposits.push(output);
        }
        tx.commit().await?;
        Ok(deposits)
    }

    /// The outputs of ours on the best chain that nothing on it spends.
    pub async fn unspent_outputs(&self, currency: &str) -> Result<Vec<OutputRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, created_height, created_hash,
                    spent_height, spent_hash, spent_txid, booked
             FROM chain_output
             WHERE currency = $1 AND created_height IS NOT NULL AND spent_height IS NULL
             ORDER BY created_height, txid, vout",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_output_row).collect()
    }

    /// One output of ours.
    pub async fn output(
        &self,
        currency: &str,
        txid: Txid,
        vout: u32,
    ) -> Result<Option<OutputRow>, StoreError> {
        let row = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, created_height, created_hash,
                    spent_height, spent_hash, spent_txid, booked
             FROM chain_output WHERE currency = $1 AND txid = $2 AND vout = $3",
        )
        .bind(currency)
        .bind(txid.as_bytes().as_slice())
        .bind(i64::from(vout))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read_output_row).transpose()
    }
}

/// One follower of a currency at a time; a second waits and then finds the work done.
pub(crate) async fn lock_follower(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('ngpool follow'), hashtext($1))")
        .bind(currency)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn tip(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Option<(Height, BlockHash)>, StoreError> {
    let row = sqlx::query(
        "SELECT height, hash FROM followed_block WHERE currency = $1 ORDER BY height DESC LIMIT 1",
    )
    .bind(currency)
    .fetch_optional(connection)
    .await?;
    row.map(|row| read_tip(&row)).transpose()
}

pub(crate) async fn post_deposit(
    connection: &mut PgConnection,
    currency: &str,
    output: &ChainOutput,
    turn: i32,
    undo: bool,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let kind = if undo { "deposit_undone" } else { "deposit" };
    let (txid, vout, amount) = (output.txid, Some(output.vout), output.amount);
    let entries = if undo {
        let mut entries = gone(connection, currency, txid, vout, amount).await?;
        entries.extend(taken_back(connection, currency, output, turn).await?);
        entries
    } else {
        let mut entries = came(connection, currency, txid, vout, amount).await?;
        entries.push(Entry {
            account: Account::Unallocated,
            amount,
        });
        entries
    };
    let parts: [&[u8]; 3] = [
        output.txid.as_bytes(),
        &output.vout.to_be_bytes(),
        &turn.to_be_bytes(),
    ];
    let transaction = Transaction {
        currency: currency.to_owned(),
        id: TransactionId::derive(currency, kind, &parts),
        kind: kind.to_owned(),
        cause: json!({ "txid": output.txid, "vout": output.vout }),
        at,
        entries,
    };
    post(connection, &transaction).await?;
    Ok(())
}

/// Whose a deposit was that a reorganisation takes away: what nobody had claimed, or the operator's
/// capital; and where that was used since, a loss to reorganisations that he has to cover.
async fn taken_back(
    connection: &mut PgConnection,
    currency: &str,
    output: &ChainOutput,
    turn: i32,
) -> Result<Vec<Entry>, StoreError> {
    let coin = Outpoint {
        txid: output.txid,
        vout: output.vout,
    };
    let is_capital: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM book_transaction WHERE currency = $1 AND id = $2)",
    )
    .bind(currency)
    .bind(deposit_id(currency, coin, turn).0.as_slice())
    .fetch_one(&mut *connection)
    .await?;
    let holders = if is_capital {
        &[Account::Capital][..]
    } else {
        &[Account::Unallocated, Account::Capital]
    };
    let mut missing = output.amount.0;
    let mut entries = Vec::with_capacity(3);
    let mut take = |account: &Account, amount: i64| {
        if amount != 0 {
            entries.push(Entry {
                account: account.clone(),
                amount: Amount(-amount),
            });
        }
    };
    for account in holders {
        let there = balance(connection, currency, account).await?;
        let taken = missing.min(there.0.max(0));
        take(account, taken);
        missing -= taken;
    }
    take(&Account::OrphanLoss, missing);
    Ok(entries)
}

fn read_tip(row: &PgRow) -> Result<(Height, BlockHash), StoreError> {
    let height = Height(to_u32(row.try_get("height")?, "a height")?);
    Ok((height, to_block_hash(row.try_get("hash")?)?))
}

pub(crate) fn read_output(row: &PgRow) -> Result<ChainOutput, StoreError> {
    Ok(ChainOutput {
        txid: to_txid(row.try_get("txid")?)?,
        vout: to_u32(row.try_get("vout")?, "an output index")?,
        amount: Amount(row.try_get("amount")?),
        script: row.try_get("script")?,
        coinbase: row.try_get("coinbase")?,
    })
}

pub(crate) fn read_output_row(row: &PgRow) -> Result<OutputRow, StoreError> {
    let height = |name: &str| -> Result<Option<Height>, StoreError> {
        let height: Option<i64> = row.try_get(name)?;
        height
            .map(|height| to_u32(height, "a height").map(Height))
            .transpose()
    };
    let hash = |name: &str| -> Result<Option<BlockHash>, StoreError> {
        let hash: Option<&[u8]> = row.try_get(name)?;
        hash.map(to_block_hash).transpose()
    };
    let spender: Option<&[u8]> = row.try_get("spent_txid")?;
    let spender = spender.map(to_txid).transpose()?;
    Ok(OutputRow {
        output: read_output(row)?,
        created: height("created_height")?.zip(hash("created_hash")?),
        spent: height("spent_height")?
            .zip(hash("spent_hash")?)
            .zip(spender)
            .map(|((height, hash), txid)| (height, hash, txid)),
        booked: row.try_get("booked")?,
    })
}
