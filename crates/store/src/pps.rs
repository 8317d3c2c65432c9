//! Work that a reserve buys: from which position on, in which periods, for whom.
//!
//! ```text
//!  positions   ───────┬──────────┬──────────┬─────────────┬────────▶ head
//!                     │ period 1 │ period 2 │ not bought  │ open
//!  pps_switch         buys                  does not      buys
//! ```
//!
//! Bought work is paid by its period, at once, and stands in every window as the reserve's. A switch
//! that begins to buy is added while the chain's head is locked, so no cut that does not know it reaches
//! past it: no work is in a payee's window and in a period. One that ends it stands where the last paid
//! period ended.

mod close;
mod credits;
mod reads;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Work};
use serde_json::json;
use sqlx::{PgConnection, Row, types::Json};

pub use self::close::{CarriedUnits, PeriodClose, PeriodCredit, PeriodOutcome};
pub use self::credits::PpsCreditRow;
pub use self::reads::{PpsChainRow, PpsPeriod, PpsPeriodRow, PpsSwitch, ReserveState};
use crate::{
    Account, Entry, Store, StoreError, Transaction, TransactionId,
    books::post,
    numeric::{to_i64, to_u64},
};

/// Which work of a chain was bought, as far as a cut knew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoughtWork {
    /// After the first position, up to the second, in order.
    pub ranges: Vec<(u64, u64)>,
    /// Whether work is bought that is done now.
    pub is_buying: bool,
}

/// Up to where the work of a chain is paid.
#[derive(Debug, Clone, PartialEq)]
pub struct PpsHead {
    /// The position.
    pub pos: u64,
    /// Number of the newest period; 0 before the first.
    pub period: u64,
    /// Whether the work after it is bought.
    pub buys: bool,
    /// When the open period began.
    pub opened_at: DateTime<Utc>,
    /// The terms of the open period.
    pub terms: serde_json::Value,
}

/// Why a switch is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchCause {
    /// In words, for people.
    pub reason: String,
    /// How the reserve stood.
    pub reserve: ReserveState,
    /// What it needed; none when no reserve is enough.
    pub needed: Option<Amount>,
}

impl Store {
    /// Which work of a chain was bought in a currency, going by its first so many switches.
    pub async fn bought_work(
        &self,
        currency: &str,
        sharechain: &str,
        switches: u64,
    ) -> Result<BoughtWork, StoreError> {
        let rows = sqlx::query(
            "SELECT from_pos, buys FROM pps_switch
             WHERE currency = $1 AND sharechain = $2 AND number <= $3 ORDER BY number",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(switches, "a switch")?)
        .fetch_all(&self.pool)
        .await?;
        let mut work = BoughtWork::default();
        let mut since = None;
        for row in &rows {
            let pos = to_u64(row.try_get("from_pos")?, "a position")?;
            match (since, row.try_get("buys")?) {
                (None, true) => since = Some(pos),
                (Some(from), false) => {
                    if from < pos {
                        work.ranges.push((from, pos));
                    }
                    since = None;
                }
                _ => {}
            }
        }
        work.is_buying = since.is_some();
        work.ranges.extend(since.map(|from| (from, u64::MAX)));
        Ok(work)
    }

    /// Up to where the work of a chain is paid in a currency; none when it was never bought.
    pub async fn pps_head(
        &self,
        currency: &str,
        sharechain: &str,
    ) -> Result<Option<PpsHead>, StoreError> {
        let row = sqlx::query(
            "SELECT pos, period, buys, opened_at, terms FROM pps_head
             WHERE currency = $1 AND sharechain = $2",
        )
        .bind(currency)
        .bind(sharechain)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read_head).transpose()
    }

    /// The sharechains whose work is bought in a currency now.
    pub async fn buying_sharechains(&self, currency: &str) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT sharechain FROM pps_head WHERE currency = $1 AND buys ORDER BY sharechain",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Begins to buy the work of a chain at its head. Returns whether it was not bought before.
    pub async fn begin_buying(
        &self,
        currency: &str,
        sharechain: &str,
        terms: &serde_json::Value,
        cause: &SwitchCause,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_reserve(&mut tx, currency).await?;
        let head = head_of(&mut tx, currency, sharechain).await?;
        if head.as_ref().is_some_and(|head| head.buys) {
            return Ok(false);
        }
        // From here to the commit the chain takes no batch.
        let pos: Option<i64> = sqlx::query_scalar("SELECT lock_sharechain($1)")
            .bind(sharechain)
            .fetch_one(&mut *tx)
            .await?;
        let pos = pos.ok_or_else(|| StoreError::UnknownSharechain(sharechain.to_owned()))?;
        sqlx::query(
            "INSERT INTO pps_head (currency, sharechain, pos, buys, opened_at, terms)
             VALUES ($1, $2, $3, true, $4, $5)
             ON CONFLICT (currency, sharechain) DO UPDATE
             SET pos = excluded.pos, buys = true, opened_at = excluded.opened_at,
                 terms = excluded.terms",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(pos)
        .bind(at)
        .bind(terms)
        .execute(&mut *tx)
        .await?;
        add_switch(&mut tx, currency, sharechain, (pos, true), cause, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends buying the work of a chain where the last paid period ended, which must be `pos`. Returns
    /// whether it was bought up to there and is no more.
    pub async fn end_buying(
        &self,
        currency: &str,
        sharechain: &str,
        pos: u64,
        cause: &SwitchCause,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_reserve(&mut tx, currency).await?;
        let head = head_of(&mut tx, currency, sharechain).await?;
        if !head.is_some_and(|head| head.buys && head.pos == pos) {
            return Ok(false);
        }
        sqlx::query("UPDATE pps_head SET buys = false WHERE currency = $1 AND sharechain = $2")
            .bind(currency)
            .bind(sharechain)
            .execute(&mut *tx)
            .await?;
        let pos = to_i64(pos, "a position")?;
        add_switch(&mut tx, currency, sharechain, (pos, false), cause, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Moves the operator's own money into a currency's reserve. The reference is his word for it: the
    /// same again is the same and changes nothing. Returns whether it is new.
    pub async fn fund_reserve(
        &self,
        currency: &str,
        amount: Amount,
        reference: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let taken = amount
            .checked_neg()
            .filter(|taken| taken.0 < 0)
            .ok_or(StoreError::TooLarge("an amount that is not above zero"))?;
        let kind = "reserve_fund";
        self.post(&Transaction {
            currency: currency.to_owned(),
            id: TransactionId::derive(currency, kind, &[reference.as_bytes()]),
            kind: kind.to_owned(),
            cause: json!({ "reference": reference }),
            at,
            entries: vec![
                Entry {
                    account: Account::Capital,
                    amount: taken,
                },
                Entry {
                    account: Account::PpsReserve,
                    amount,
                },
            ],
        })
        .await
    }

    /// Asks to take from a reserve to the pool's fees what it has beyond its need, with the next period
    /// of a chain that leaves room for it. The same reference again changes nothing. Returns whether it
    /// is new.
    pub async fn release_reserve(
        &self,
        currency: &str,
        sharechain: &str,
        amount: Amount,
        reference: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let result = sqlx::query(
            "INSERT INTO pps_release (currency, sharechain, reference, amount, asked_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(reference)
        .bind(amount.0)
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(result.rows_affected() == 1)
    }
}

/// One at a time decides over a currency's reserve; a second waits and then finds it done.
async fn lock_reserve(connection: &mut PgConnection, currency: &str) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('ngpool reserve'), hashtext($1))")
        .bind(currency)
        .execute(connection)
        .await?;
    Ok(())
}

async fn head_of(
    connection: &mut PgConnection,
    currency: &str,
    sharechain: &str,
) -> Result<Option<PpsHead>, StoreError> {
    let row = sqlx::query(
        "SELECT pos, period, buys, opened_at, terms FROM pps_head
         WHERE currency = $1 AND sharechain = $2",
    )
    .bind(currency)
    .bind(sharechain)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read_head).transpose()
}

fn read_head(row: &sqlx::postgres::PgRow) -> Result<PpsHead, StoreError> {
    let Json(terms) = row.try_get("terms")?;
    Ok(PpsHead {
        pos: to_u64(row.try_get("pos")?, "a position")?,
        period: to_u64(row.try_get("period")?, "a period")?,
        buys: row.try_get("buys")?,
        opened_at: row.try_get("opened_at")?,
        terms,
    })
}

async fn add_switch(
    connection: &mut PgConnection,
    currency: &str,
    sharechain: &str,
    (pos, buys): (i64, bool),
    cause: &SwitchCause,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pps_switch (currency, sharechain, number, from_pos, buys, reason, held, coming,
                                 needed, at)
         SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9
         FROM pps_switch WHERE currency = $1 AND sharechain = $2",
    )
    .bind(currency)
    .bind(sharechain)
    .bind(pos)
    .bind(buys)
    .bind(&cause.reason)
    .bind(cause.reserve.held.0)
    .bind(cause.reserve.coming.0)
    .bind(cause.needed.map(|needed| needed.0))
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A period's work and amounts are posted as they are stored.
async fn post_period(
    connection: &mut PgConnection,
    close: &PeriodClose,
    fee: i64,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut entries = Vec::with_capacity(close.credits.len() + 3);
    let mut sum = fee;
    let mut donation = 0;
    for credit in &close.credits {
        sum = add(add(sum, credit.amount)?, credit.donation)?;
        donation = add(donation, credit.donation)?;
        if credit.amount.0 > 0 {
            entries.push(Entry {
                account: Account::Payee(credit.payee.clone()),
                amount: credit.amount,
            });
        }
    }
    for (account, amount) in [
        (Account::Donation, donation),
        (Account::Fee, fee),
        (Account::PpsReserve, -sum),
    ] {
        if amount != 0 {
            entries.push(Entry {
                account,
                amount: Amount(amount),
            });
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    let kind = "pps";
    let parts: [&[u8]; 2] = [close.sharechain.as_bytes(), &close.number.to_be_bytes()];
    let transaction = Transaction {
        currency: close.currency.clone(),
        id: TransactionId::derive(&close.currency, kind, &parts),
        kind: kind.to_owned(),
        cause: json!({
            "sharechain": close.sharechain,
            "period": close.number,
            "after": close.after,
            "to": close.to,
        }),
        at,
        entries,
    };
    post(connection, &transaction).await?;
    Ok(())
}

fn add(sum: i64, amount: Amount) -> Result<i64, StoreError> {
    sum.checked_add(amount.0)
        .ok_or(StoreError::TooLarge("a sum of credits"))
}

/// Work of all credits.
fn work_of(credits: &[PeriodCredit]) -> Work {
    credits
        .iter()
        .fold(Work::ZERO, |sum, credit| sum.saturating_add(credit.work))
}
