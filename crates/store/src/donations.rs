//! What payees give of their credits to the pool.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::{
    Store, StoreError,
    numeric::{to_i64, to_u32, to_u64},
};

/// A donation in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Donation {
    /// Who gives.
    pub payee: String,
    /// Millionths of each credit.
    pub ppm: u32,
    /// Since when. It holds for blocks and periods that are cut or closed later.
    pub set_at: DateTime<Utc>,
}

impl Store {
    /// Sets what a payee gives of his credits in a currency, in millionths; 0 ends it. It holds for
    /// blocks cut and periods closed from now on. Returns whether anything changed.
    pub async fn set_donation(
        &self,
        currency: &str,
        payee: &str,
        ppm: u32,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let ppm = i32::try_from(ppm).map_err(|_| StoreError::TooLarge("a donation"))?;
        let mut tx = self.pool.begin().await?;
        sqlx::query("INSERT INTO donation_head (currency) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(currency)
            .execute(&mut *tx)
            .await?;
        // From here to the commit nobody else takes a number.
        let number: i64 = sqlx::query_scalar(
            "UPDATE donation_head SET number = number + 1 WHERE currency = $1 RETURNING number",
        )
        .bind(currency)
        .fetch_one(&mut *tx)
        .await?;
        let held: Option<i32> = sqlx::query_scalar(
            "SELECT ppm FROM payee_donation WHERE currency = $1 AND payee = $2
             ORDER BY number DESC LIMIT 1",
        )
        .bind(currency)
        .bind(payee)
        .fetch_optional(&mut *tx)
        .await?;
        if held.unwrap_or_default() == ppm {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO payee_donation (currency, number, payee, ppm, set_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(currency)
        .bind(number)
        .bind(payee)
        .bind(ppm)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The donations of a currency as a cut knew them, by payee, in millionths: those up to its
    /// number. Nobody with nothing.
    pub async fn donations(
        &self,
        currency: &str,
        number: u64,
    ) -> Result<BTreeMap<String, u32>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT ON (payee) payee, ppm FROM payee_donation
             WHERE currency = $1 AND number <= $2 ORDER BY payee, number DESC",
        )
        .bind(currency)
        .bind(to_i64(number, "a donation's number")?)
        .fetch_all(&self.pool)
        .await?;
        let mut donations = BTreeMap::new();
        for row in &rows {
            let ppm = to_u32(row.try_get::<i32, _>("ppm")?.into(), "a donation")?;
            if ppm > 0 {
                donations.insert(row.try_get("payee")?, ppm);
            }
        }
        Ok(donations)
    }

    /// Number of a currency's newest donation.
    pub async fn donation_number(&self, currency: &str) -> Result<u64, StoreError> {
        let number: Option<i64> =
            sqlx::query_scalar("SELECT number FROM donation_head WHERE currency = $1")
                .bind(currency)
                .fetch_optional(&self.pool)
                .await?;
        to_u64(number.unwrap_or_default(), "a donation's number")
    }

    /// The donations in force, by payee.
    pub async fn donations_in_force(&self, currency: &str) -> Result<Vec<Donation>, StoreError> {
        let rows = sqlx::query(
            "SELECT payee, ppm, set_at FROM (
                 SELECT DISTINCT ON (payee) payee, ppm, set_at FROM payee_donation
                 WHERE currency = $1 ORDER BY payee, number DESC) d
             WHERE ppm > 0 ORDER BY payee",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Donation {
                    payee: row.try_get("payee")?,
                    ppm: to_u32(row.try_get::<i32, _>("ppm")?.into(), "a donation")?,
                    set_at: row.try_get("set_at")?,
                })
            })
            .collect()
    }
}
