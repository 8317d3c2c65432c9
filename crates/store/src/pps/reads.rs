//! What is known of reserves, periods and switches.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Height, Work};
use sqlx::{Row, postgres::PgRow, types::Json};

use super::CarriedUnits;
use crate::{
    Store, StoreError,
    numeric::{Numeric, to_i64, to_u32, to_u64},
};

/// How a currency's reserve stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReserveState {
    /// What it holds.
    pub held: Amount,
    /// What blocks that are not mature yet will bring.
    pub coming: Amount,
}

/// A switch between buying work and not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PpsSwitch {
    /// Its number on (currency, sharechain), from 1.
    pub number: u64,
    /// Work after this position is meant.
    pub from_pos: u64,
    /// Whether it is bought.
    pub buys: bool,
    /// Why, in words.
    pub reason: String,
    /// How the reserve stood.
    pub reserve: ReserveState,
    /// What it needed; none when no reserve is enough.
    pub needed: Option<Amount>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A chain that was ever to be bought, for pages and metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PpsChainRow {
    /// Code of the currency.
    pub currency: String,
    /// The sharechain.
    pub sharechain: String,
    /// Up to where its work is paid.
    pub pos: u64,
    /// Number of the newest period.
    pub period: u64,
    /// The switch that holds.
    pub switch: PpsSwitch,
}

/// A period in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PpsPeriodRow {
    /// Its number.
    pub number: u64,
    /// The work after this position.
    pub after: u64,
    /// Up to this one.
    pub to: u64,
    /// When it began and ended.
    pub opened_at: DateTime<Utc>,
    /// When it was closed and credited.
    pub closed_at: DateTime<Utc>,
    /// The terms it was opened with.
    pub terms: serde_json::Value,
    /// What an expected block was bought for: the subsidy.
    pub subsidy: Amount,
    /// And so much of fees.
    pub fees: Amount,
    /// The pool's fee in millionths.
    pub fee_ppm: u32,
    /// Work of everybody.
    pub work: Work,
    /// What left the reserve.
    pub amount: Amount,
    /// Of it, what payees gave to the pool.
    pub donation: Amount,
    /// Of it, what the operator took to the pool's fees.
    pub fee: Amount,
}

/// A period with its credits.
#[derive(Debug, Clone, PartialEq)]
pub struct PpsPeriod {
    /// The period.
    pub period: PpsPeriodRow,
    /// Payee, work and amount, in the order of the payees.
    pub credits: Vec<(String, u128, Amount)>,
}

impl Store {
    /// How a currency's reserve stands.
    pub async fn reserve_state(&self, currency: &str) -> Result<ReserveState, StoreError> {
        let row = sqlx::query(
            "SELECT coalesce((SELECT amount FROM balance
                              WHERE currency = $1 AND account = 'pps_reserve'), 0) AS held,
                    coalesce((SELECT sum(p.reserve) FROM block_part p JOIN block b USING (currency, hash)
                              WHERE p.currency = $1 AND b.state = 'accepted'), 0)::bigint AS coming",
        )
        .bind(currency)
        .fetch_one(&self.pool)
        .await?;
        Ok(ReserveState {
            held: Amount(row.try_get("held")?),
            coming: Amount(row.try_get("coming")?),
        })
    }

    /// What each payee carries to his next period on a chain.
    pub async fn carried(
        &self,
        currency: &str,
        sharechain: &str,
    ) -> Result<BTreeMap<String, CarriedUnits>, StoreError> {
        let rows = sqlx::query(
            "SELECT payee, credit, donation FROM pps_carried
             WHERE currency = $1 AND sharechain = $2",
        )
        .bind(currency)
        .bind(sharechain)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let units = CarriedUnits {
                    credit: to_u32(row.try_get("credit")?, "a fraction")?,
                    donation: to_u32(row.try_get("donation")?, "a fraction")?,
                };
                Ok((row.try_get("payee")?, units))
            })
            .collect()
    }

    /// What the coinbases of the newest followed blocks pay, the newest first; those of which it is
    /// not known are left out.
    pub async fn coinbase_values(
        &self,
        currency: &str,
        limit: u32,
    ) -> Result<Vec<(Height, Amount)>, StoreError> {
        let rows = sqlx::query(
            "SELECT height, coinbase_value FROM followed_block
             WHERE currency = $1 AND coinbase_value IS NOT NULL ORDER BY height DESC LIMIT $2",
        )
        .bind(currency)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let height = Height(to_u32(row.try_get("height")?, "a height")?);
                Ok((height, Amount(row.try_get("coinbase_value")?)))
            })
            .collect()
    }

    /// Every chain whose work was ever to be bought, in every currency or one, with the switch that
    /// holds.
    pub async fn pps_chains(&self, currency: Option<&str>) -> Result<Vec<PpsChainRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT h.currency, h.sharechain, h.pos, h.period, s.number, s.from_pos, s.buys, s.reason,
                    s.held, s.coming, s.needed, s.at
             FROM pps_head h JOIN LATERAL (
                 SELECT number, from_pos, buys, reason, held, coming, needed, at FROM pps_switch
                 WHERE currency = h.currency AND sharechain = h.sharechain
                 ORDER BY number DESC LIMIT 1) s ON true
             WHERE $1::text IS NULL OR h.currency = $1
             ORDER BY h.currency, h.sharechain",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PpsChainRow {
                    currency: row.try_get("currency")?,
                    sharechain: row.try_get("sharechain")?,
                    pos: to_u64(row.try_get("pos")?, "a position")?,
                    period: to_u64(row.try_get("period")?, "a period")?,
                    switch: read_switch(row)?,
                })
            })
            .collect()
    }

    /// The switches of a chain, the newest first.
    pub async fn pps_switches(
        &self,
        currency: &str,
        sharechain: &str,
        limit: u32,
    ) -> Result<Vec<PpsSwitch>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, from_pos, buys, reason, held, coming, needed, at FROM pps_switch
             WHERE currency = $1 AND sharechain = $2 ORDER BY number DESC LIMIT $3",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_switch).collect()
    }

    /// Periods of a chain, the newest first: those before a number, or all.
    pub async fn pps_periods(
        &self,
        currency: &str,
        sharechain: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<PpsPeriodRow>, StoreError> {
        let before = before
            .map(|before| to_i64(before, "a period"))
            .transpose()?;
        let rows = sqlx::query(
            "SELECT number, after_pos, to_pos, opened_at, closed_at, terms, subsidy, fees, fee_ppm, work,
                    amount, donation, fee
             FROM pps_period
             WHERE currency = $1 AND sharechain = $2 AND ($3::bigint IS NULL OR number < $3)
             ORDER BY number DESC LIMIT $4",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_period).collect()
    }

    /// A period with what it credits.
    pub async fn pps_period(
        &self,
        currency: &str,
        sharechain: &str,
        number: u64,
    ) -> Result<Option<PpsPeriod>, StoreError> {
        let after = number
            .checked_add(1)
            .ok_or(StoreError::TooLarge("a period"))?;
        let mut periods = self
            .pps_periods(currency, sharechain, Some(after), 1)
            .await?;
        let Some(period) = periods.pop().filter(|period| period.number == number) else {
            return Ok(None);
        };
        let rows = sqlx::query(
            "SELECT payee, work, amount FROM pps_credit
             WHERE currency = $1 AND sharechain = $2 AND number = $3 ORDER BY payee COLLATE \"C\"",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(number, "a period")?)
        .fetch_all(&self.pool)
        .await?;
        let credits = rows.iter().map(|row| {
            let work: Numeric = row.try_get("work")?;
            let amount = Amount(row.try_get("amount")?);
            Ok((row.try_get("payee")?, work.0, amount))
        });
        Ok(Some(PpsPeriod {
            period,
            credits: credits.collect::<Result<_, StoreError>>()?,
        }))
    }
}

fn read_switch(row: &PgRow) -> Result<PpsSwitch, StoreError> {
    Ok(PpsSwitch {
        number: to_u64(row.try_get("number")?, "a switch")?,
        from_pos: to_u64(row.try_get("from_pos")?, "a position")?,
        buys: row.try_get("buys")?,
        reason: row.try_get("reason")?,
        reserve: ReserveState {
            held: Amount(row.try_get("held")?),
            coming: Amount(row.try_get("coming")?),
        },
        needed: row.try_get::<Option<i64>, _>("needed")?.map(Amount),
        at: row.try_get("at")?,
    })
}

fn read_period(row: &PgRow) -> Result<PpsPeriodRow, StoreError> {
    let Json(terms) = row.try_get("terms")?;
    Ok(PpsPeriodRow {
        number: to_u64(row.try_get("number")?, "a period")?,
        after: to_u64(row.try_get("after_pos")?, "a position")?,
        to: to_u64(row.try_get("to_pos")?, "a position")?,
        opened_at: row.try_get("opened_at")?,
        closed_at: row.try_get("closed_at")?,
        terms,
        subsidy: Amount(row.try_get("subsidy")?),
        fees: Amount(row.try_get("fees")?),
        fee_ppm: to_u32(row.try_get::<i32, _>("fee_ppm")?.into(), "a fee")?,
        work: row.try_get::<Numeric, _>("work")?.into(),
        amount: Amount(row.try_get("amount")?),
        donation: Amount(row.try_get("donation")?),
        fee: Amount(row.try_get("fee")?),
    })
}
