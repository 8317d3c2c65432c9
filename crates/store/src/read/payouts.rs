//! Payouts as pages show them: one payee's parts, one payout's payees, and where a payee stands.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use sqlx::{Row, postgres::PgRow};

use crate::{
    PayeeRefusal, PayoutPart, PayoutState, Store, StoreError,
    follow::tip,
    numeric::{to_i64, to_txid, to_u32, to_u64},
    payouts::read_refusal,
};

/// A payee's part of a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeePayout {
    /// Number of the payout.
    pub number: u64,
    /// Where it is.
    pub state: PayoutState,
    /// Since when.
    pub state_at: DateTime<Utc>,
    /// When it was prepared.
    pub created_at: DateTime<Utc>,
    /// Script of his output.
    pub script: Vec<u8>,
    /// Its value.
    pub amount: Amount,
    /// His part of the fee, where payees pay it.
    pub fee_share: Amount,
    /// The txid on the chain, else that of the newest signed version.
    pub txid: Option<Txid>,
    /// Height at which it confirmed.
    pub height: Option<Height>,
}

/// Where a payee stands in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Code of the currency.
    pub currency: String,
    /// What he can be paid.
    pub balance: Amount,
    /// His parts of payouts that are not confirmed, fee shares included.
    pub in_flight: Amount,
    /// Least that he wants to be paid; none for the currency's.
    pub minimum: Option<Amount>,
    /// Why an operator holds him.
    pub hold: Option<String>,
    /// Why a signer refused to pay him.
    pub refused: Option<PayeeRefusal>,
    /// Parts up to this pass the holds by amount and by a new address.
    pub released: Option<Amount>,
    /// When he was credited first.
    pub first_credited: Option<DateTime<Utc>>,
}

impl Store {
    /// A payee's parts of the payouts of a currency, the newest first, those below a number.
    pub async fn payee_payouts(
        &self,
        payee: &str,
        currency: &str,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<PayeePayout>, StoreError> {
        let below = below
            .map(|number| to_i64(number, "a payout number"))
            .transpose()?;
        let rows = sqlx::query(
            "SELECT p.number, p.state, p.state_at, p.created_at, x.script, x.amount, x.fee_share,
                    coalesce(p.confirmed_txid, s.txid) AS txid, p.confirmed_height
             FROM payout_part x JOIN payout p USING (currency, number)
             LEFT JOIN LATERAL (SELECT txid FROM payout_version s
                 WHERE s.currency = p.currency AND s.number = p.number AND s.txid IS NOT NULL
                 ORDER BY version DESC LIMIT 1) s ON true
             WHERE x.payee = $1 AND x.currency = $2 AND ($3::bigint IS NULL OR p.number < $3)
             ORDER BY p.number DESC LIMIT $4",
        )
        .bind(payee)
        .bind(currency)
        .bind(below)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_payee_payout).collect()
    }

    /// Who a payout pays, by name, those after a name.
    pub async fn payout_parts(
        &self,
        currency: &str,
        number: u64,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<PayoutPart>, StoreError> {
        let rows = sqlx::query(
            "SELECT payee, script, amount, fee_share FROM payout_part
             WHERE currency = $1 AND number = $2
               AND ($3::text IS NULL OR payee COLLATE \"C\" > $3)
             ORDER BY payee COLLATE \"C\" LIMIT $4",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PayoutPart {
                    payee: row.try_get("payee")?,
                    script: row.try_get("script")?,
                    amount: Amount(row.try_get("amount")?),
                    fee_share: Amount(row.try_get("fee_share")?),
                })
            })
            .collect()
    }

    /// Where a payee stands, in each currency in which he has or had anything.
    pub async fn standings(&self, payee: &str) -> Result<Vec<Standing>, StoreError> {
        let rows = sqlx::query(
            "WITH flight AS (
                 SELECT x.currency, sum(x.amount + x.fee_share)::bigint AS amount
                 FROM payout_part x JOIN payout p USING (currency, number)
                 WHERE x.payee = $1 AND p.state IN ('prepared', 'signed', 'broadcast')
                 GROUP BY x.currency)
             SELECT b.currency, b.amount, coalesce(f.amount, 0) AS in_flight, s.minimum,
                    coalesce(s.hold, false) AS hold, coalesce(s.hold_reason, '') AS hold_reason,
                    s.released, r.reason AS refused_reason, r.until AS refused_until,
                    (SELECT min(t.posted_at) FROM book_entry e
                     JOIN book_transaction t USING (currency, id)
                     WHERE e.currency = b.currency AND e.account = b.account AND e.amount > 0) AS first
             FROM balance b
             LEFT JOIN flight f ON f.currency = b.currency
             LEFT JOIN payee_setting s ON s.currency = b.currency AND s.payee = $1
             LEFT JOIN payee_refusal r ON r.currency = b.currency AND r.payee = $1
             WHERE b.account = 'payee:' || $1 ORDER BY b.currency",
        )
        .bind(payee)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let minimum: Option<i64> = row.try_get("minimum")?;
                let released: Option<i64> = row.try_get("released")?;
                let reason: String = row.try_get("hold_reason")?;
                Ok(Standing {
                    currency: row.try_get("currency")?,
                    balance: Amount(row.try_get("amount")?),
                    in_flight: Amount(row.try_get("in_flight")?),
                    minimum: minimum.map(Amount),
                    hold: row.try_get::<bool, _>("hold")?.then_some(reason),
                    refused: read_refusal(row)?,
                    released: released.map(Amount),
                    first_credited: row.try_get("first")?,
                })
            })
            .collect()
    }

    /// The newest block of a currency that was followed.
    pub async fn chain_tip(
        &self,
        currency: &str,
    ) -> Result<Option<(Height, BlockHash)>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        tip(&mut connection, currency).await
    }
}

fn read_payee_payout(row: &PgRow) -> Result<PayeePayout, StoreError> {
    let txid: Option<&[u8]> = row.try_get("txid")?;
    let height: Option<i64> = row.try_get("confirmed_height")?;
    Ok(PayeePayout {
        number: to_u64(row.try_get("number")?, "a payout number")?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        state_at: row.try_get("state_at")?,
        created_at: row.try_get("created_at")?,
        script: row.try_get("script")?,
        amount: Amount(row.try_get("amount")?),
        fee_share: Amount(row.try_get("fee_share")?),
        txid: txid.map(to_txid).transpose()?,
        height: height
            .map(|height| to_u32(height, "a height").map(Height))
            .transpose()?,
    })
}
