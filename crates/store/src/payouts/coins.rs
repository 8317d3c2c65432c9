//! Which account a coin of ours is on: reserved while a live payout has taken it, else spendable.
//!
//! A coin comes to the books and leaves them (a block matures or is lost, a payout confirms or is
//! reorganised out) whether or not a payout has taken it meanwhile; each way it is counted once.

use ngpool_chain::{Amount, Txid};
use sqlx::{PgConnection, Row};

use super::{Outpoint, PayoutInput, PayoutRefusal};
use crate::{
    Account, Entry, StoreError,
    numeric::{to_i64, to_txid, to_u32, to_u64},
};

/// A coin that a payout has taken.
pub(super) struct Reserved {
    pub(super) outpoint: Outpoint,
    pub(super) amount: i64,
    pub(super) held: bool,
}

/// Entries for outputs of a transaction, worth `total`, that come to the books: one output, or all
/// of them when none is named.
pub(crate) async fn came(
    connection: &mut PgConnection,
    currency: &str,
    txid: Txid,
    vout: Option<u32>,
    total: Amount,
) -> Result<Vec<Entry>, StoreError> {
    let reserved = mark(connection, currency, txid, vout, true).await?;
    let free = less(total.0, reserved)?;
    Ok(entries(negative(reserved)?, negative(free)?))
}

/// Entries for outputs of a transaction, worth `total`, that leave the books.
pub(crate) async fn gone(
    connection: &mut PgConnection,
    currency: &str,
    txid: Txid,
    vout: Option<u32>,
    total: Amount,
) -> Result<Vec<Entry>, StoreError> {
    let reserved = mark(connection, currency, txid, vout, false).await?;
    let free = less(total.0, reserved)?;
    Ok(entries(reserved, free))
}

async fn mark(
    connection: &mut PgConnection,
    currency: &str,
    txid: Txid,
    vout: Option<u32>,
    held: bool,
) -> Result<i64, StoreError> {
    let rows = sqlx::query(
        "UPDATE payout_reserve SET held = $4
         WHERE currency = $1 AND txid = $2 AND ($3::bigint IS NULL OR vout = $3) AND held <> $4
         RETURNING amount",
    )
    .bind(currency)
    .bind(txid.as_bytes().as_slice())
    .bind(vout.map(i64::from))
    .bind(held)
    .fetch_all(connection)
    .await?;
    let mut sum = 0_i64;
    for row in &rows {
        sum = more(sum, row.try_get("amount")?)?;
    }
    Ok(sum)
}

/// Takes coins for a payout; those it has already stay. Returns the entries. A coin that the books do
/// not hold is refused, unless it may come later (the change of a payout that is not confirmed).
pub(super) async fn reserve(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    coins: &[PayoutInput],
    may_come_later: bool,
) -> Result<Vec<Entry>, StoreError> {
    let mut taken = 0_i64;
    for coin in coins {
        let Outpoint { txid, vout } = coin.outpoint;
        let row = sqlx::query(
            "INSERT INTO payout_reserve (currency, txid, vout, number, amount, held)
             VALUES ($1, $2, $3, $4, $5, in_books($1, $2, $3))
             ON CONFLICT (currency, txid, vout) DO UPDATE SET held = payout_reserve.held
             RETURNING number, held, xmax = 0 AS is_new",
        )
        .bind(currency)
        .bind(txid.as_bytes().as_slice())
        .bind(i64::from(vout))
        .bind(to_i64(number, "a payout number")?)
        .bind(coin.amount.0)
        .fetch_one(&mut *connection)
        .await?;
        let by = to_u64(row.try_get("number")?, "a payout number")?;
        if by != number {
            let coin = coin.outpoint;
            return Err(PayoutRefusal::CoinTaken { coin, number: by }.into());
        }
        if !row.try_get::<bool, _>("is_new")? {
            continue;
        }
        if row.try_get("held")? {
            taken = more(taken, coin.amount.0)?;
        } else if !may_come_later {
            return Err(PayoutRefusal::CoinNotHeld(coin.outpoint).into());
        }
    }
    Ok(entries(negative(taken)?, taken))
}

/// Gives back every coin of a payout. Returns the entries.
pub(super) async fn release(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
) -> Result<Vec<Entry>, StoreError> {
    let mut back = 0_i64;
    for coin in take_reserved(connection, currency, number).await? {
        if coin.held {
            back = more(back, coin.amount)?;
        }
    }
    Ok(entries(back, negative(back)?))
}

/// Gives back the coins of a payout that no version of it spends. Returns the entries.
pub(super) async fn release_unused(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
) -> Result<Vec<Entry>, StoreError> {
    let back: i64 = sqlx::query_scalar(
        "WITH unused AS (DELETE FROM payout_reserve r
             WHERE currency = $1 AND number = $2 AND NOT EXISTS (SELECT FROM payout_input i
                 WHERE i.currency = r.currency AND i.number = r.number
                   AND i.txid = r.txid AND i.vout = r.vout)
             RETURNING amount, held)
         SELECT coalesce(sum(amount) FILTER (WHERE held), 0)::bigint FROM unused",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .fetch_one(connection)
    .await?;
    Ok(entries(back, negative(back)?))
}

/// Removes the rows of a payout's coins and returns them.
pub(super) async fn take_reserved(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
) -> Result<Vec<Reserved>, StoreError> {
    let rows = sqlx::query(
        "DELETE FROM payout_reserve WHERE currency = $1 AND number = $2
         RETURNING txid, vout, amount, held",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Reserved {
                outpoint: Outpoint {
                    txid: to_txid(row.try_get("txid")?)?,
                    vout: to_u32(row.try_get("vout")?, "an output index")?,
                },
                amount: row.try_get("amount")?,
                held: row.try_get("held")?,
            })
        })
        .collect()
}

/// Entries of the two accounts; those of nothing left out.
pub(super) fn entries(reserved: i64, spendable: i64) -> Vec<Entry> {
    [
        (Account::UtxoReserved, reserved),
        (Account::UtxoSpendable, spendable),
    ]
    .into_iter()
    .filter(|(_, amount)| *amount != 0)
    .map(|(account, amount)| Entry {
        account,
        amount: Amount(amount),
    })
    .collect()
}

pub(super) fn more(sum: i64, amount: i64) -> Result<i64, StoreError> {
    sum.checked_add(amount)
        .ok_or(StoreError::TooLarge("a sum of amounts"))
}

pub(super) fn less(sum: i64, amount: i64) -> Result<i64, StoreError> {
    sum.checked_sub(amount)
        .ok_or(StoreError::TooLarge("a sum of amounts"))
}

pub(super) fn negative(amount: i64) -> Result<i64, StoreError> {
    less(0, amount)
}
