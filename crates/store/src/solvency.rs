//! What an audit compares, what it found, and what stops payouts.

mod alarms;
mod overview;
mod view;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height};
use sqlx::{PgConnection, Row, postgres::PgRow};

pub use self::alarms::{Alarm, AlarmKind, UnseenCoinbase};
pub use self::overview::AlarmCount;
pub use self::view::{AuditCoin, AuditView, Balances, CoinOrigin};
use crate::{
    Store, StoreError,
    numeric::{to_block_hash, to_i64, to_u32, to_u64},
};

/// Audits kept one by one: a day of one a minute. Of older ones the last of each day is kept.
const KEPT: i64 = 1_440;

/// Days of which the last audit is kept.
const KEPT_DAYS: i32 = 400;

/// What an audit concludes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SolvencyVerdict {
    /// Every coin is accounted for.
    Clean,
    /// Coins are missing.
    Drift,
    /// It could not be told: nodes disagree, or the chain moved.
    Doubtful,
}

impl SolvencyVerdict {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Drift => "drift",
            Self::Doubtful => "doubtful",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Clean, Self::Drift, Self::Doubtful]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
            .ok_or_else(|| StoreError::Damaged(format!("an audit's verdict {text}")))
    }
}

impl std::fmt::Display for SolvencyVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One audit of a currency at one tip. Amounts are base units;
/// `on_chain` = `booked` + `in_transit` + `drift`,
/// `booked` = `immature` + `payees` + `held` + `in_flight` + `pool`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solvency {
    /// Code of the currency.
    pub currency: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What it concludes.
    pub verdict: SolvencyVerdict,
    /// Why it is not clean, for a person; empty when it is.
    pub reason: String,
    /// The tip it was made at.
    pub tip: (Height, BlockHash),
    /// Outputs of ours that are unspent at the tip.
    pub outputs: u64,
    /// Their sum.
    pub on_chain: Amount,
    /// What the books hold.
    pub booked: Amount,
    /// What the chain has or lacks for a reason that passes by itself.
    pub in_transit: Amount,
    /// What is missing (negative), or there and unexplained (positive).
    pub drift: Amount,
    /// Rewards of blocks that are not mature.
    pub immature: Amount,
    /// What payees can be paid.
    pub payees: Amount,
    /// What is theirs and held back.
    pub held: Amount,
    /// What payouts carry.
    pub in_flight: Amount,
    /// The pool's own accounts together; losses are negative in it.
    pub pool: Amount,
    /// Losses to reorganisations that the pool's own money does not cover: 0 or more.
    pub uncovered: Amount,
    /// The pool's accounts by name.
    pub pool_accounts: BTreeMap<String, Amount>,
    /// Outputs in transit or missing, each with its reason.
    pub items: serde_json::Value,
}

/// Who stopped payouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoppedBy {
    /// The audit, which lifts it by itself.
    Audit,
    /// An operator, who lifts it by hand.
    Operator,
}

impl StoppedBy {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Operator => "operator",
        }
    }
}

/// Why payouts of a currency are stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutStop {
    /// Who stopped them.
    pub by: StoppedBy,
    /// Why, for a person.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Store {
    /// Why payouts of a currency are stopped; none when they are not. While there is one, nothing is
    /// prepared, and nothing is sent that was not sent before. The operator's comes first.
    pub async fn payout_stop(&self, currency: &str) -> Result<Option<PayoutStop>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        payout_stop(&mut connection, currency).await
    }

    /// Stops payouts of a currency. A stop that is there keeps its time and takes the new reason.
    pub async fn stop_payouts(
        &self,
        currency: &str,
        by: StoppedBy,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO payout_stop (currency, by, reason, since) VALUES ($1, $2, $3, $4)
             ON CONFLICT (currency, by) DO UPDATE SET reason = excluded.reason",
        )
        .bind(currency)
        .bind(by.as_str())
        .bind(reason)
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes a stop away. Returns whether there was one.
    pub async fn lift_payout_stop(
        &self,
        currency: &str,
        by: StoppedBy,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM payout_stop WHERE currency = $1 AND by = $2")
            .bind(currency)
            .bind(by.as_str())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Writes an audit, and sets or lifts the audit's stop with it: set by drift, lifted when clean,
    /// left as it is in doubt. Older audits are thinned out.
    pub async fn record_solvency(&self, audit: &Solvency) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        insert(&mut tx, audit).await?;
        match audit.verdict {
            SolvencyVerdict::Drift => {
                sqlx::query(
                    "INSERT INTO payout_stop (currency, by, reason, since)
                     VALUES ($1, 'audit', $2, $3)
                     ON CONFLICT (currency, by) DO UPDATE SET reason = excluded.reason",
                )
                .bind(&audit.currency)
                .bind(&audit.reason)
                .bind(audit.at)
                .execute(&mut *tx)
                .await?;
            }
            SolvencyVerdict::Clean => {
                sqlx::query("DELETE FROM payout_stop WHERE currency = $1 AND by = 'audit'")
                    .bind(&audit.currency)
                    .execute(&mut *tx)
                    .await?;
            }
            SolvencyVerdict::Doubtful => {}
        }
        sqlx::query(
            "DELETE FROM solvency s WHERE currency = $1
               AND at < (SELECT at FROM solvency WHERE currency = $1
                         ORDER BY at DESC OFFSET $2 LIMIT 1)
               AND (at < $3 - make_interval(days => $4)
                    OR EXISTS (SELECT FROM solvency l WHERE l.currency = s.currency AND l.at > s.at
                               AND (l.at AT TIME ZONE 'UTC')::date = (s.at AT TIME ZONE 'UTC')::date))",
        )
        .bind(&audit.currency)
        .bind(KEPT)
        .bind(audit.at)
        .bind(KEPT_DAYS)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The newest audit of a currency.
    pub async fn last_solvency(&self, currency: &str) -> Result<Option<Solvency>, StoreError> {
        let audits = self.solvency_before(currency, None, 1).await?;
        Ok(audits.into_iter().next())
    }

    /// Audits of a currency made before a time, the newest first.
    pub async fn solvency_before(
        &self,
        currency: &str,
        before: Option<DateTime<Utc>>,
        limit: u32,
    ) -> Result<Vec<Solvency>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, at, verdict, reason, height, tip, outputs, on_chain, booked, in_transit,
                    drift, immature, payees, held, in_flight, pool, uncovered, pool_accounts, items
             FROM solvency WHERE currency = $1 AND ($2::timestamptz IS NULL OR at < $2)
             ORDER BY at DESC LIMIT $3",
        )
        .bind(currency)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

/// The stop of a currency, within a transaction of the database.
pub(crate) async fn payout_stop(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Option<PayoutStop>, StoreError> {
    let row = sqlx::query(
        "SELECT by, reason, since FROM payout_stop WHERE currency = $1 ORDER BY by DESC LIMIT 1",
    )
    .bind(currency)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read_stop).transpose()
}

fn read_stop(row: &PgRow) -> Result<PayoutStop, StoreError> {
    let by = match row.try_get("by")? {
        "operator" => StoppedBy::Operator,
        _ => StoppedBy::Audit,
    };
    Ok(PayoutStop {
        by,
        reason: row.try_get("reason")?,
        since: row.try_get("since")?,
    })
}

async fn insert(connection: &mut PgConnection, audit: &Solvency) -> Result<(), StoreError> {
    let pool_accounts: serde_json::Map<String, serde_json::Value> = audit
        .pool_accounts
        .iter()
        .map(|(account, amount)| (account.clone(), amount.0.into()))
        .collect();
    // Two at the same time say the same: the one that comes second changes nothing.
    sqlx::query(
        "INSERT INTO solvency (currency, at, verdict, reason, height, tip, outputs, on_chain, booked,
             in_transit, drift, immature, payees, held, in_flight, pool, uncovered, pool_accounts,
             items)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (currency, at) DO NOTHING",
    )
    .bind(&audit.currency)
    .bind(audit.at)
    .bind(audit.verdict.as_str())
    .bind(&audit.reason)
    .bind(i64::from(audit.tip.0.0))
    .bind(audit.tip.1.as_bytes().as_slice())
    .bind(to_i64(audit.outputs, "a count of outputs")?)
    .bind(audit.on_chain.0)
    .bind(audit.booked.0)
    .bind(audit.in_transit.0)
    .bind(audit.drift.0)
    .bind(audit.immature.0)
    .bind(audit.payees.0)
    .bind(audit.held.0)
    .bind(audit.in_flight.0)
    .bind(audit.pool.0)
    .bind(audit.uncovered.0)
    .bind(serde_json::Value::from(pool_accounts))
    .bind(&audit.items)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &PgRow) -> Result<Solvency, StoreError> {
    let amount = |name: &str| row.try_get(name).map(Amount);
    let accounts: serde_json::Value = row.try_get("pool_accounts")?;
    let pool_accounts = accounts
        .as_object()
        .into_iter()
        .flatten()
        .map(|(account, amount)| {
            let amount = amount
                .as_i64()
                .ok_or_else(|| StoreError::Damaged(format!("an audit's amount {amount}")))?;
            Ok((account.clone(), Amount(amount)))
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Solvency {
        currency: row.try_get("currency")?,
        at: row.try_get("at")?,
        verdict: SolvencyVerdict::parse(row.try_get("verdict")?)?,
        reason: row.try_get("reason")?,
        tip: (
            Height(to_u32(row.try_get("height")?, "a height")?),
            to_block_hash(row.try_get("tip")?)?,
        ),
        outputs: to_u64(row.try_get("outputs")?, "a count of outputs")?,
        on_chain: amount("on_chain")?,
        booked: amount("booked")?,
        in_transit: amount("in_transit")?,
        drift: amount("drift")?,
        immature: amount("immature")?,
        payees: amount("payees")?,
        held: amount("held")?,
        in_flight: amount("in_flight")?,
        pool: amount("pool")?,
        uncovered: amount("uncovered")?,
        pool_accounts,
        items: row.try_get("items")?,
    })
}
