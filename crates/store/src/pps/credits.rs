//! What a period of bought work credits, payee by payee, with all that it was computed from.

use ngpool_chain::{Amount, Work};
use sqlx::{Row, postgres::PgRow};

use super::CarriedUnits;
use crate::{
    SignedStatement, Store, StoreError,
    numeric::{Numeric, to_i64, to_u32},
    statements::read_statement,
};

/// A payee's line of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PpsCreditRow {
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
    /// What he carried from his period before.
    pub before: CarriedUnits,
    /// What he carries to his next one.
    pub after: CarriedUnits,
}

impl Store {
    /// The lines of a period, by payee, those after a payee.
    pub async fn pps_credits(
        &self,
        currency: &str,
        sharechain: &str,
        number: u64,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<PpsCreditRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.payee, c.work, c.expected, c.value, c.amount, c.donation, c.credit_left,
                    c.donation_left, coalesce(b.credit_left, 0) AS credit_before,
                    coalesce(b.donation_left, 0) AS donation_before
             FROM pps_credit c
             LEFT JOIN LATERAL (SELECT credit_left, donation_left FROM pps_credit p
                 WHERE p.payee = c.payee AND p.currency = c.currency
                   AND p.sharechain = c.sharechain AND p.number < c.number
                 ORDER BY p.number DESC LIMIT 1) b ON true
             WHERE c.currency = $1 AND c.sharechain = $2 AND c.number = $3
               AND ($4::text IS NULL OR c.payee COLLATE \"C\" > $4)
             ORDER BY c.payee COLLATE \"C\" LIMIT $5",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(number, "a period")?)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// The statement about a period; none while it is not signed.
    pub async fn statement_of_period(
        &self,
        currency: &str,
        sharechain: &str,
        number: u64,
    ) -> Result<Option<SignedStatement>, StoreError> {
        let row = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    signed_at
             FROM statement WHERE currency = $1 AND sharechain = $2 AND period = $3",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(number, "a period")?)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read_statement).transpose()
    }
}

fn read(row: &PgRow) -> Result<PpsCreditRow, StoreError> {
    let fraction = |column: &str| to_u32(row.try_get(column)?, "a fraction");
    Ok(PpsCreditRow {
        payee: row.try_get("payee")?,
        work: row.try_get::<Numeric, _>("work")?.into(),
        expected: row.try_get::<Numeric, _>("expected")?.0,
        value: row.try_get::<Numeric, _>("value")?.0,
        amount: Amount(row.try_get("amount")?),
        donation: Amount(row.try_get("donation")?),
        before: CarriedUnits {
            credit: fraction("credit_before")?,
            donation: fraction("donation_before")?,
        },
        after: CarriedUnits {
            credit: fraction("credit_left")?,
            donation: fraction("donation_left")?,
        },
    })
}
