//! Payouts in a line each, for pages.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Height, Txid};
use sqlx::{Row, postgres::PgRow};

use super::{PayoutKind, PayoutState};
use crate::{
    Store, StoreError,
    numeric::{to_i64, to_txid, to_u32, to_u64},
};

/// A payout in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutSummary {
    /// Its number.
    pub number: u64,
    /// What it is for.
    pub kind: PayoutKind,
    /// Where it is.
    pub state: PayoutState,
    /// Since when.
    pub state_at: DateTime<Utc>,
    /// Why it is there, or why it stays; may be empty.
    pub reason: String,
    /// When it was prepared.
    pub created_at: DateTime<Utc>,
    /// For a child: the payout whose change it spends.
    pub parent: Option<u64>,
    /// How many payees.
    pub payees: u64,
    /// Sum of their amounts.
    pub amount: Amount,
    /// Fee of the version that confirmed, else of the newest.
    pub fee: Option<Amount>,
    /// The txid on the chain, else that of the newest signed version.
    pub txid: Option<Txid>,
    /// Height at which it confirmed.
    pub height: Option<Height>,
}

impl Store {
    /// The payouts of a currency, the newest first, those below a number; of one payee only when one
    /// is named.
    pub async fn list_payouts(
        &self,
        currency: &str,
        payee: Option<&str>,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<PayoutSummary>, StoreError> {
        let below = below
            .map(|number| to_i64(number, "a payout number"))
            .transpose()?;
        let rows = sqlx::query(
            "SELECT p.number, p.kind, p.state, p.state_at, p.reason, p.created_at, p.parent,
                    p.confirmed_height, x.payees, x.amount, v.fee,
                    coalesce(p.confirmed_txid, s.txid) AS txid
             FROM payout p
             LEFT JOIN LATERAL (SELECT count(*) AS payees, coalesce(sum(amount), 0)::bigint AS amount
                 FROM payout_part x WHERE x.currency = p.currency AND x.number = p.number) x ON true
             LEFT JOIN LATERAL (SELECT fee FROM payout_version v
                 WHERE v.currency = p.currency AND v.number = p.number
                   AND (p.confirmed_version IS NULL OR v.version = p.confirmed_version)
                 ORDER BY version DESC LIMIT 1) v ON true
             LEFT JOIN LATERAL (SELECT txid FROM payout_version s
                 WHERE s.currency = p.currency AND s.number = p.number AND s.txid IS NOT NULL
                 ORDER BY version DESC LIMIT 1) s ON true
             WHERE p.currency = $1 AND ($2::bigint IS NULL OR p.number < $2)
               AND ($3::text IS NULL OR EXISTS (SELECT FROM payout_part y
                   WHERE y.currency = p.currency AND y.number = p.number AND y.payee = $3))
             ORDER BY p.number DESC LIMIT $4",
        )
        .bind(currency)
        .bind(below)
        .bind(payee)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_summary).collect()
    }
}

fn read_summary(row: &PgRow) -> Result<PayoutSummary, StoreError> {
    let parent: Option<i64> = row.try_get("parent")?;
    let fee: Option<i64> = row.try_get("fee")?;
    let txid: Option<&[u8]> = row.try_get("txid")?;
    let height: Option<i64> = row.try_get("confirmed_height")?;
    Ok(PayoutSummary {
        number: to_u64(row.try_get("number")?, "a payout number")?,
        kind: row.try_get::<&str, _>("kind")?.parse()?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        state_at: row.try_get("state_at")?,
        reason: row.try_get("reason")?,
        created_at: row.try_get("created_at")?,
        parent: parent
            .map(|number| to_u64(number, "a payout number"))
            .transpose()?,
        payees: to_u64(row.try_get("payees")?, "a count")?,
        amount: Amount(row.try_get("amount")?),
        fee: fee.map(Amount),
        txid: txid.map(to_txid).transpose()?,
        height: height
            .map(|height| to_u32(height, "a height").map(Height))
            .transpose()?,
    })
}
