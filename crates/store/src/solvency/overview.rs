//! Audits, stops and alarms of every currency, for metrics.

use sqlx::Row;

use super::{PayoutStop, Solvency, read, read_stop};
use crate::{Store, StoreError, numeric::to_u64};

/// How many alarms of a kind nobody has looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmCount {
    /// Code of the currency.
    pub currency: String,
    /// `coinbase` or `script`.
    pub kind: String,
    /// How many.
    pub alarms: u64,
}

impl Store {
    /// The newest audit of every currency.
    pub async fn last_audits(&self) -> Result<Vec<Solvency>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.currency, at, verdict, reason, height, tip, outputs, on_chain, booked,
                    in_transit, drift, immature, payees, held, in_flight, pool, uncovered,
                    pool_accounts, '[]'::jsonb AS items
             FROM currency c JOIN LATERAL (SELECT * FROM solvency s WHERE s.currency = c.code
                 ORDER BY at DESC LIMIT 1) s ON true
             ORDER BY s.currency",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Every stop of payouts, with its currency.
    pub async fn payout_stops(&self) -> Result<Vec<(String, PayoutStop)>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, by, reason, since FROM payout_stop ORDER BY currency, by",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("currency")?, read_stop(row)?)))
            .collect()
    }

    /// Alarms that nobody has looked at.
    pub async fn alarm_counts(&self) -> Result<Vec<AlarmCount>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, kind, count(*) AS alarms FROM audit_alarm WHERE seen_at IS NULL
             GROUP BY currency, kind ORDER BY currency, kind",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AlarmCount {
                    currency: row.try_get("currency")?,
                    kind: row.try_get("kind")?,
                    alarms: to_u64(row.try_get("alarms")?, "a count")?,
                })
            })
            .collect()
    }
}
