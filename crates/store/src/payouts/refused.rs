//! Payees whom a signer refused: left out for a while, so that one of them never blocks the rest.

use chrono::{DateTime, Utc};
use sqlx::{Row, postgres::PgRow};

use crate::{Store, StoreError, numeric::to_i64};

/// A signer's refusal to pay somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeRefusal {
    /// In its words.
    pub reason: String,
    /// When it may be asked again.
    pub until: DateTime<Utc>,
}

impl Store {
    /// Leaves these payees out until their times, because a signer refused a payout for them; who is
    /// not in the payout is passed over. Returns how many are left out for it.
    pub async fn refuse_payees(
        &self,
        currency: &str,
        number: u64,
        refusals: &[(String, PayeeRefusal)],
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let payees: Vec<&str> = refusals.iter().map(|(payee, _)| payee.as_str()).collect();
        let reasons: Vec<&str> = refusals
            .iter()
            .map(|(_, refusal)| refusal.reason.as_str())
            .collect();
        let until: Vec<DateTime<Utc>> = refusals.iter().map(|(_, refusal)| refusal.until).collect();
        let done = sqlx::query(
            "INSERT INTO payee_refusal (currency, payee, number, reason, at, until)
             SELECT DISTINCT ON (payee) $1, payee, $2, reason, $3, until
             FROM unnest($4, $5, $6) AS r(payee, reason, until)
             JOIN payout_part p USING (payee)
             WHERE p.currency = $1 AND p.number = $2
             ORDER BY payee, until DESC
             ON CONFLICT (currency, payee) DO UPDATE
             SET number = excluded.number, reason = excluded.reason, at = excluded.at,
                 until = excluded.until",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(at)
        .bind(payees)
        .bind(reasons)
        .bind(until)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Why a signer refused somebody; none when it did not.
    pub async fn payee_refusal(
        &self,
        currency: &str,
        payee: &str,
    ) -> Result<Option<PayeeRefusal>, StoreError> {
        let row = sqlx::query(
            "SELECT reason AS refused_reason, until AS refused_until FROM payee_refusal
             WHERE currency = $1 AND payee = $2",
        )
        .bind(currency)
        .bind(payee)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map_or(Ok(None), read_refusal)
    }

    /// Whether the newest payout is void after a signer refused some of its payees: the others are
    /// to be paid.
    pub async fn is_to_prepare_again(&self, currency: &str) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM payout p JOIN payee_refusal r USING (currency, number)
             WHERE p.currency = $1 AND p.state = 'void'
               AND p.number = (SELECT max(number) FROM payout WHERE currency = $1))",
        )
        .bind(currency)
        .fetch_one(&self.pool)
        .await?)
    }
}

/// The refusal that a row about a payee has with it.
pub(crate) fn read_refusal(row: &PgRow) -> Result<Option<PayeeRefusal>, StoreError> {
    let reason: Option<String> = row.try_get("refused_reason")?;
    let until: Option<DateTime<Utc>> = row.try_get("refused_until")?;
    Ok(reason
        .zip(until)
        .map(|(reason, until)| PayeeRefusal { reason, until }))
}
