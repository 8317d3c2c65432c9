//! What the operator does by hand: holds, releases, minimums, draws of the pool's fees, his own money.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::Amount;
use serde_json::json;
use sqlx::{PgConnection, Row};

use crate::{
    Account, Entry, Outpoint, OutputRow, POOL_FEE, Store, StoreError, Transaction, TransactionId,
    books,
    follow::{lock_follower, read_output_row, tip},
};

/// Why the operator cannot have what he asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperatorRefusal {
    /// The pool has not earned so much, or it is asked for already.
    #[error("of the pool's fees {free} can be drawn, not {asked}")]
    Fees {
        /// What can be drawn.
        free: Amount,
        /// What is asked for.
        asked: Amount,
    },
    /// A reference was used for another amount.
    #[error("the reference {reference:?} was used for {before}: choose another")]
    Reference {
        /// The reference.
        reference: String,
        /// The amount it was used for.
        before: Amount,
    },
    /// The output is not one that stands under `unallocated`.
    #[error("{0} is not a deposit that stands under `unallocated`")]
    NoDeposit(Outpoint),
    /// A reorganisation could still take it away.
    #[error("deposit {coin} is {depth} blocks deep; it can be booked as capital at {needed}")]
    Shallow {
        /// The deposit.
        coin: Outpoint,
        /// Blocks from its own to the tip.
        depth: u32,
        /// Blocks that are asked for.
        needed: u32,
    },
    /// An amount that is not above zero.
    #[error("an amount above zero is needed")]
    Nothing,
    /// More than is missing.
    #[error("{account} lacks {missing}, not {asked}")]
    Covered {
        /// The account.
        account: Account,
        /// What it lacks.
        missing: Amount,
        /// What is asked for.
        asked: Amount,
    },
}

/// An account that may be below zero and that the operator's capital can make good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deficit {
    /// Fees of our transactions that the pool's own fees did not pay.
    NetworkFee,
    /// Rewards lost to reorganisations after they were credited.
    OrphanLoss,
}

impl Deficit {
    /// The account.
    pub const fn account(self) -> Account {
        match self {
            Self::NetworkFee => Account::NetworkFee,
            Self::OrphanLoss => Account::OrphanLoss,
        }
    }
}

/// A draw of fees as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeDraws {
    /// Asked for and in no payout yet.
    pub open: Amount,
    /// What the pool has in fees.
    pub fees: Amount,
}

impl Store {
    /// Pays nothing to a payee until he is released.
    pub async fn hold_payee(
        &self,
        currency: &str,
        payee: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO payee_setting (currency, payee, hold, hold_reason, updated_at)
             VALUES ($1, $2, true, $3, $4)
             ON CONFLICT (currency, payee) DO UPDATE
             SET hold = true, hold_reason = excluded.hold_reason, updated_at = excluded.updated_at",
        )
        .bind(currency)
        .bind(payee)
        .bind(reason)
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lifts the hold of a payee, the signer's too, and lets payouts to him of up to `up_to` pass the holds by amount and
    /// by a new address. A release stays: a later payout up to as much passes too.
    pub async fn release_payee(
        &self,
        currency: &str,
        payee: &str,
        up_to: Option<Amount>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO payee_setting (currency, payee, released, updated_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (currency, payee) DO UPDATE
             SET hold = false, hold_reason = '', released = excluded.released,
                 updated_at = excluded.updated_at",
        )
        .bind(currency)
        .bind(payee)
        .bind(up_to.map(|amount| amount.0))
        .bind(at)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM payee_refusal WHERE currency = $1 AND payee = $2")
            .bind(currency)
            .bind(payee)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sets the least that is paid to a payee; none for the currency's.
    pub async fn set_payee_minimum(
        &self,
        currency: &str,
        payee: &str,
        minimum: Option<Amount>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO payee_setting (currency, payee, minimum, updated_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (currency, payee) DO UPDATE
             SET minimum = excluded.minimum, updated_at = excluded.updated_at",
        )
        .bind(currency)
        .bind(payee)
        .bind(minimum.map(|amount| amount.0))
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Up to which amounts payees are released.
    pub async fn payee_releases(
        &self,
        currency: &str,
    ) -> Result<BTreeMap<String, Amount>, StoreError> {
        let rows = sqlx::query(
            "SELECT payee, released FROM payee_setting
             WHERE currency = $1 AND released IS NOT NULL",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("payee")?, Amount(row.try_get("released")?))))
            .collect()
    }

    /// Asks for a draw of the pool's fees, paid by the next payouts. The same reference with the same
    /// amount changes nothing. Returns whether it is new.
    pub async fn ask_fee_draw(
        &self,
        currency: &str,
        amount: Amount,
        reference: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        if amount <= Amount::ZERO {
            return Err(OperatorRefusal::Nothing.into());
        }
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let before: Option<i64> = sqlx::query_scalar(
            "SELECT amount FROM fee_draw WHERE currency = $1 AND reference = $2",
        )
        .bind(currency)
        .bind(reference)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(before) = before.map(Amount) {
            if before == amount {
                return Ok(false);
            }
            let reference = reference.to_owned();
            return Err(OperatorRefusal::Reference { reference, before }.into());
        }
        let FeeDraws { open, fees } = draws(&mut tx, currency).await?;
        let free = Amount(fees.0.saturating_sub(open.0));
        if amount > free {
            let asked = amount;
            return Err(OperatorRefusal::Fees { free, asked }.into());
        }
        sqlx::query(
            "INSERT INTO fee_draw (currency, reference, amount, asked_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(currency)
        .bind(reference)
        .bind(amount.0)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What of the pool's fees is asked for and in no payout, and what there is.
    pub async fn fee_draws(&self, currency: &str) -> Result<FeeDraws, StoreError> {
        let mut connection = self.pool.acquire().await?;
        draws(&mut connection, currency).await
    }

    /// Deposits that stand under `unallocated`, the oldest first.
    pub async fn unallocated_deposits(&self, currency: &str) -> Result<Vec<OutputRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, created_height, created_hash,
                    spent_height, spent_hash, spent_txid, booked, bookings
             FROM chain_output WHERE currency = $1 AND booked ORDER BY created_height, txid, vout",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        let mut deposits = Vec::new();
        let mut ids = Vec::new();
        for row in &rows {
            let deposit = read_output_row(row)?;
            let coin = coin_of(&deposit);
            ids.push(deposit_id(currency, coin, row.try_get("bookings")?));
            deposits.push(deposit);
        }
        let posted: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT id FROM book_transaction WHERE currency = $1 AND id = ANY ($2)",
        )
        .bind(currency)
        .bind(ids.iter().map(|id| id.0.as_slice()).collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let open = deposits.into_iter().zip(ids);
        Ok(open
            .filter(|(_, id)| !posted.iter().any(|posted| posted[..] == id.0))
            .map(|(deposit, _)| deposit)
            .collect())
    }

    /// Books a deposit that nobody expected as the operator's own money, once it is `depth` deep: from
    /// there it is not taken back by any reorganisation that the pool survives. Returns its value and
    /// whether that is new.
    pub async fn book_capital(
        &self,
        currency: &str,
        coin: Outpoint,
        depth: u32,
        at: DateTime<Utc>,
    ) -> Result<(Amount, bool), StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let row = sqlx::query(
            "SELECT txid, vout, amount, script, coinbase, created_height, created_hash,
                    spent_height, spent_hash, spent_txid, booked, bookings
             FROM chain_output
             WHERE currency = $1 AND txid = $2 AND vout = $3 AND booked",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .bind(i64::from(coin.vout))
        .fetch_optional(&mut *tx)
        .await?;
        let row = row.ok_or(OperatorRefusal::NoDeposit(coin))?;
        let deposit = read_output_row(&row)?;
        let (height, _) = deposit.created.ok_or(OperatorRefusal::NoDeposit(coin))?;
        let newest = tip(&mut tx, currency).await?.map_or(0, |(tip, _)| tip.0);
        let is_at = newest.saturating_sub(height.0);
        if is_at < depth {
            return Err(OperatorRefusal::Shallow {
                coin,
                depth: is_at,
                needed: depth,
            }
            .into());
        }
        let amount = deposit.output.amount;
        let transaction = Transaction {
            currency: currency.to_owned(),
            id: deposit_id(currency, coin, row.try_get("bookings")?),
            kind: CAPITAL_DEPOSIT.to_owned(),
            cause: json!({ "txid": coin.txid, "vout": coin.vout }),
            at,
            entries: moved(Account::Unallocated, Account::Capital, amount)?,
        };
        let is_new = books::post(&mut tx, &transaction).await?;
        tx.commit().await?;
        Ok((amount, is_new))
    }

    /// Makes good what an account lacks out of the operator's capital: so much, or all of it. Returns
    /// what was moved, nothing when nothing is lacking and no amount was asked for.
    pub async fn cover_deficit(
        &self,
        currency: &str,
        deficit: Deficit,
        asked: Option<Amount>,
        at: DateTime<Utc>,
    ) -> Result<Amount, StoreError> {
        let account = deficit.account();
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let balance = balance(&mut tx, currency, &account).await?;
        let missing = Amount(balance.0.min(0).saturating_neg());
        let amount = asked.unwrap_or(missing);
        if amount < Amount::ZERO || asked == Some(Amount::ZERO) {
            return Err(OperatorRefusal::Nothing.into());
        }
        if amount > missing {
            return Err(OperatorRefusal::Covered {
                account,
                missing,
                asked: amount,
            }
            .into());
        }
        if amount == Amount::ZERO {
            return Ok(amount);
        }
        let kind = "capital_cover";
        // The lock makes the count the same for whoever posts next.
        let before: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM book_transaction t JOIN book_entry e USING (currency, id)
             WHERE t.currency = $1 AND t.kind = $2 AND e.account = $3",
        )
        .bind(currency)
        .bind(kind)
        .bind(account.to_string())
        .fetch_one(&mut *tx)
        .await?;
        let name = account.to_string();
        let transaction = Transaction {
            currency: currency.to_owned(),
            id: TransactionId::derive(currency, kind, &[name.as_bytes(), &before.to_be_bytes()]),
            kind: kind.to_owned(),
            cause: json!({ "account": name, "turn": before + 1 }),
            at,
            entries: moved(Account::Capital, account, amount)?,
        };
        books::post(&mut tx, &transaction).await?;
        tx.commit().await?;
        Ok(amount)
    }
}

const CAPITAL_DEPOSIT: &str = "capital_deposit";

/// Names the booking of a deposit as capital.
pub(crate) fn deposit_id(currency: &str, coin: Outpoint, turn: i32) -> TransactionId {
    let parts: [&[u8]; 3] = [
        coin.txid.as_bytes(),
        &coin.vout.to_be_bytes(),
        &turn.to_be_bytes(),
    ];
    TransactionId::derive(currency, CAPITAL_DEPOSIT, &parts)
}

const fn coin_of(row: &OutputRow) -> Outpoint {
    Outpoint {
        txid: row.output.txid,
        vout: row.output.vout,
    }
}

/// Two entries that move an amount.
fn moved(from: Account, to: Account, amount: Amount) -> Result<Vec<Entry>, StoreError> {
    let taken = amount
        .checked_neg()
        .ok_or(StoreError::TooLarge("an amount"))?;
    Ok(vec![
        Entry {
            account: from,
            amount: taken,
        },
        Entry {
            account: to,
            amount,
        },
    ])
}

pub(crate) async fn balance(
    connection: &mut PgConnection,
    currency: &str,
    account: &Account,
) -> Result<Amount, StoreError> {
    let amount: Option<i64> =
        sqlx::query_scalar("SELECT amount FROM balance WHERE currency = $1 AND account = $2")
            .bind(currency)
            .bind(account.to_string())
            .fetch_optional(connection)
            .await?;
    Ok(Amount(amount.unwrap_or(0)))
}

async fn draws(connection: &mut PgConnection, currency: &str) -> Result<FeeDraws, StoreError> {
    let open: i64 = sqlx::query_scalar(
        "SELECT greatest(0, (SELECT coalesce(sum(amount), 0) FROM fee_draw WHERE currency = $1)
              - (SELECT coalesce(sum(x.amount + x.fee_share), 0)
                 FROM payout_part x JOIN payout p USING (currency, number)
                 WHERE x.currency = $1 AND x.payee = $2 AND p.state <> 'void'))::bigint",
    )
    .bind(currency)
    .bind(POOL_FEE)
    .fetch_one(&mut *connection)
    .await?;
    let fees = balance(connection, currency, &Account::Fee).await?;
    Ok(FeeDraws {
        open: Amount(open),
        fees,
    })
}
