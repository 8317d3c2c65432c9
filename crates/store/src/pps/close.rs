//! Closing a period: its credits, out of the reserve, in one transaction.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Work};
use sqlx::{PgConnection, Row};

use super::{add, head_of, lock_reserve, post_period, work_of};
use crate::{
    Store, StoreError,
    numeric::{Numeric, to_i64},
};

/// Fractions of a base unit, scaled by 2^32, below one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CarriedUnits {
    /// Of a credit.
    pub credit: u32,
    /// Of a donation.
    pub donation: u32,
}

/// What one payee gets for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodCredit {
    /// The payee.
    pub payee: String,
    /// His work.
    pub work: Work,
    /// Expected blocks, scaled by 2^64.
    pub expected: u128,
    /// Their value by the shares' own jobs: base units scaled by 2^32.
    pub value: u128,
    /// What he is credited.
    pub amount: Amount,
    /// What he gives to the pool.
    pub donation: Amount,
    /// What he carries to his next period.
    pub carried: CarriedUnits,
}

/// A period as it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodClose {
    /// Code of the currency.
    pub currency: String,
    /// The sharechain.
    pub sharechain: String,
    /// Its number: the newest and one.
    pub number: u64,
    /// The work after this position: the head's.
    pub after: u64,
    /// Up to this one.
    pub to: u64,
    /// What an expected block was bought for: the subsidy.
    pub subsidy: Amount,
    /// And so much of fees.
    pub fees: Amount,
    /// The pool's fee in millionths.
    pub fee_ppm: u32,
    /// Everyone who worked.
    pub credits: Vec<PeriodCredit>,
    /// Most that may be taken to the pool's fees where the operator asked for it.
    pub releasable: Amount,
    /// What a statement that was signed before says is taken to the pool's fees; none to go by what
    /// the operator asked for.
    pub stated_fee: Option<Amount>,
    /// Terms of the next period.
    pub next_terms: serde_json::Value,
}

/// What came of closing a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodOutcome {
    /// It is credited.
    Closed {
        /// What left the reserve.
        amount: Amount,
    },
    /// Nobody worked: the head moved on and no period was made.
    Empty,
    /// Another run closed it, or work is not bought any more.
    Raced,
    /// The reserve does not hold it; nothing was done.
    Short {
        /// What it costs.
        amount: Amount,
        /// What the reserve holds.
        held: Amount,
    },
}

impl Store {
    /// Credits a period: each payee, the donations and what is released, out of the reserve. Does
    /// nothing when the head is not where the period begins.
    pub async fn close_period(
        &self,
        close: &PeriodClose,
        at: DateTime<Utc>,
    ) -> Result<PeriodOutcome, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_reserve(&mut tx, &close.currency).await?;
        let Some(head) = head_of(&mut tx, &close.currency, &close.sharechain).await? else {
            return Ok(PeriodOutcome::Raced);
        };
        if !head.buys || head.pos != close.after || head.period + 1 != close.number {
            return Ok(PeriodOutcome::Raced);
        }
        let held = held(&mut tx, &close.currency).await?;
        let released = releases(&mut tx, close).await?;
        let asked = released.iter().map(|(_, amount)| *amount).sum::<i64>();
        let fee = close.stated_fee.map_or(asked, |stated| stated.0);
        let mut amount = fee;
        let mut donation = 0;
        for credit in &close.credits {
            amount = add(add(amount, credit.amount)?, credit.donation)?;
            donation = add(donation, credit.donation)?;
        }
        if amount > held {
            return Ok(PeriodOutcome::Short {
                amount: Amount(amount),
                held: Amount(held),
            });
        }
        let is_empty = close.credits.is_empty() && fee == 0;
        if !is_empty {
            insert_period(&mut tx, close, &head, (amount, donation, fee), at).await?;
            insert_credits(&mut tx, close).await?;
            mark_released(&mut tx, close, &released).await?;
            post_period(&mut tx, close, fee, at).await?;
        }
        sqlx::query(
            "UPDATE pps_head SET pos = $3, period = period + $4, opened_at = $5, terms = $6
             WHERE currency = $1 AND sharechain = $2",
        )
        .bind(&close.currency)
        .bind(&close.sharechain)
        .bind(to_i64(close.to, "a position")?)
        .bind(i64::from(!is_empty))
        .bind(at)
        .bind(&close.next_terms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(if is_empty {
            PeriodOutcome::Empty
        } else {
            PeriodOutcome::Closed {
                amount: Amount(amount),
            }
        })
    }
}

async fn held(connection: &mut PgConnection, currency: &str) -> Result<i64, StoreError> {
    let held: Option<i64> = sqlx::query_scalar(
        "SELECT amount FROM balance WHERE currency = $1 AND account = 'pps_reserve'",
    )
    .bind(currency)
    .fetch_optional(connection)
    .await?;
    Ok(held.unwrap_or_default())
}

/// The releases that fit, the oldest first: (reference, amount).
async fn releases(
    connection: &mut PgConnection,
    close: &PeriodClose,
) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT reference, amount FROM pps_release
         WHERE currency = $1 AND sharechain = $2 AND period IS NULL
         ORDER BY asked_at, reference",
    )
    .bind(&close.currency)
    .bind(&close.sharechain)
    .fetch_all(connection)
    .await?;
    let mut room = close.releasable.0;
    let mut fitting = Vec::new();
    for row in &rows {
        let amount: i64 = row.try_get("amount")?;
        if amount <= room {
            room -= amount;
            fitting.push((row.try_get("reference")?, amount));
        }
    }
    Ok(fitting)
}

async fn mark_released(
    connection: &mut PgConnection,
    close: &PeriodClose,
    released: &[(String, i64)],
) -> Result<(), StoreError> {
    let references: Vec<&str> = released.iter().map(|(name, _)| name.as_str()).collect();
    sqlx::query(
        "UPDATE pps_release SET period = $4
         WHERE currency = $1 AND sharechain = $2 AND reference = ANY($3)",
    )
    .bind(&close.currency)
    .bind(&close.sharechain)
    .bind(references)
    .bind(to_i64(close.number, "a period")?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_period(
    connection: &mut PgConnection,
    close: &PeriodClose,
    head: &super::PpsHead,
    (amount, donation, fee): (i64, i64, i64),
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pps_period (currency, sharechain, number, after_pos, to_pos, opened_at, closed_at,
                                 terms, subsidy, fees, fee_ppm, work, amount, donation, fee)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&close.currency)
    .bind(&close.sharechain)
    .bind(to_i64(close.number, "a period")?)
    .bind(to_i64(close.after, "a position")?)
    .bind(to_i64(close.to, "a position")?)
    .bind(head.opened_at)
    .bind(at)
    .bind(&head.terms)
    .bind(close.subsidy.0)
    .bind(close.fees.0)
    .bind(i32::try_from(close.fee_ppm).map_err(|_| StoreError::TooLarge("a fee"))?)
    .bind(Numeric::from(work_of(&close.credits)))
    .bind(amount)
    .bind(donation)
    .bind(fee)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_credits(
    connection: &mut PgConnection,
    close: &PeriodClose,
) -> Result<(), StoreError> {
    let credits = &close.credits;
    let payees: Vec<&str> = credits.iter().map(|c| c.payee.as_str()).collect();
    let works: Vec<Numeric> = credits.iter().map(|c| Numeric::from(c.work)).collect();
    let expected: Vec<Numeric> = credits.iter().map(|c| Numeric(c.expected)).collect();
    let values: Vec<Numeric> = credits.iter().map(|c| Numeric(c.value)).collect();
    let amounts: Vec<i64> = credits.iter().map(|c| c.amount.0).collect();
    let donations: Vec<i64> = credits.iter().map(|c| c.donation.0).collect();
    let left: Vec<i64> = credits.iter().map(|c| c.carried.credit.into()).collect();
    let donation_left: Vec<i64> = credits.iter().map(|c| c.carried.donation.into()).collect();
    sqlx::query(
        "INSERT INTO pps_credit (currency, sharechain, number, payee, work, expected, value, amount,
                                 donation, credit_left, donation_left)
         SELECT $1, $2, $3, c.* FROM unnest($4, $5, $6, $7, $8, $9, $10, $11) AS c",
    )
    .bind(&close.currency)
    .bind(&close.sharechain)
    .bind(to_i64(close.number, "a period")?)
    .bind(&payees)
    .bind(works)
    .bind(expected)
    .bind(values)
    .bind(amounts)
    .bind(donations)
    .bind(&left)
    .bind(&donation_left)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO pps_carried (currency, sharechain, payee, credit, donation)
         SELECT $1, $2, c.* FROM unnest($3, $4, $5) AS c
         ON CONFLICT (currency, sharechain, payee) DO UPDATE
         SET credit = excluded.credit, donation = excluded.donation",
    )
    .bind(&close.currency)
    .bind(&close.sharechain)
    .bind(payees)
    .bind(left)
    .bind(donation_left)
    .execute(connection)
    .await?;
    Ok(())
}
