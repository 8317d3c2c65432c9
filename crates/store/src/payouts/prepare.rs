//! Preparing: balances and coins are taken, and the payout gets its number.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    NewPayout, NewVersion, Outpoint, PayoutPart, PayoutRefusal, PayoutState, PreparedPayout,
    coins::{more, reserve},
    posting::{Step, parts_entries, version_turn},
    rows::known,
    versions::{check, insert_version},
};
use crate::{
    Store, StoreError,
    follow::lock_follower,
    numeric::{to_i64, to_u64},
};

impl Store {
    /// Prepares a payout: takes its parts from the balances and its inputs from the spendable coins,
    /// stores its first version, and gives it the next number.
    ///
    /// Refused ([`PayoutRefusal`], or [`StoreError::Overdrawn`] for a balance that is gone) when
    /// another one is prepared, payouts are stopped, an input is taken or not held, or the amounts do
    /// not add up; nothing has changed then. The same payout prepared twice is refused the second
    /// time, because the first holds its coins.
    pub async fn prepare_payout(
        &self,
        payout: &NewPayout,
        at: DateTime<Utc>,
    ) -> Result<PreparedPayout, StoreError> {
        check(0, payout.anchor, &payout.parts, &payout.version)?;
        let currency = payout.currency.as_str();
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        if let Some(reason) = stopped(&mut tx, currency).await? {
            return Err(PayoutRefusal::Stopped(reason).into());
        }
        let prepared: Option<i64> = sqlx::query_scalar(
            "SELECT number FROM payout WHERE currency = $1 AND state = 'prepared'",
        )
        .bind(currency)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(number) = prepared {
            let number = to_u64(number, "a payout number")?;
            return Err(PayoutRefusal::AnotherPrepared(number).into());
        }
        anchor_is_free(&mut tx, payout).await?;
        let number = last_number(&mut tx, currency)
            .await?
            .checked_add(1)
            .ok_or(StoreError::TooLarge("a payout number"))?;
        insert_payout(&mut tx, number, 1, payout, at).await?;
        insert_version(&mut tx, currency, number, 1, &payout.version, at).await?;
        let mut entries = parts_entries(number, &payout.parts, false)?;
        // The change that a child spends comes to the books when its parent confirms.
        let is_child = payout.parent.is_some();
        entries.extend(reserve(&mut tx, currency, number, &payout.version.inputs, is_child).await?);
        let step = Step {
            currency,
            number,
            kind: "payout_prepare",
            turn: 1,
            at,
        };
        step.post(&mut tx, entries).await?;
        tx.commit().await?;
        Ok(PreparedPayout { number })
    }

    /// Adds a version to a payout that is signed or sent: the same anchor and parts, a higher fee,
    /// possibly other inputs, which are taken beside those of the versions before. Returns its number; the
    /// same transaction again is the same version.
    pub async fn add_version(
        &self,
        currency: &str,
        number: u64,
        version: &NewVersion,
        at: DateTime<Utc>,
    ) -> Result<u32, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        if let Some(same) = payout
            .versions
            .iter()
            .find(|stored| stored.unsigned == version.unsigned)
        {
            return Ok(same.version);
        }
        if !matches!(payout.state, PayoutState::Signed | PayoutState::Broadcast) {
            let state = payout.state;
            return Err(PayoutRefusal::State {
                number,
                state,
                wanted: "a payout with another version",
            }
            .into());
        }
        let shape = |what: &str| PayoutRefusal::Shape {
            number,
            what: what.to_owned(),
        };
        let last = payout
            .versions
            .last()
            .ok_or_else(|| shape("has no version"))?;
        if last.signed.is_none() {
            let what = format!("version {} waits for its signature", last.version);
            return Err(shape(&what).into());
        }
        if version.fee <= last.fee {
            return Err(shape("the fee of another version is not higher").into());
        }
        let anchor = payout.anchor.ok_or_else(|| shape("has no anchor"))?;
        check(number, anchor, &payout.parts, version)?;
        let next = last
            .version
            .checked_add(1)
            .ok_or(StoreError::TooLarge("a version"))?;
        insert_version(&mut tx, currency, number, next, version, at).await?;
        let is_child = payout.parent.is_some();
        let entries = reserve(&mut tx, currency, number, &version.inputs, is_child).await?;
        let step = Step {
            currency,
            number,
            kind: "payout_version",
            turn: version_turn(&version.unsigned),
            at,
        };
        step.post(&mut tx, entries).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// Why no payout of a currency may be prepared or sent for the first time; none when it may.
    pub async fn payouts_stopped(&self, currency: &str) -> Result<Option<String>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        stopped(&mut connection, currency).await
    }
}

/// An anchor names one payout: until that is void, no other is recognised by it.
async fn anchor_is_free(
    connection: &mut PgConnection,
    payout: &NewPayout,
) -> Result<(), StoreError> {
    let coin = payout.anchor;
    let number: Option<i64> = sqlx::query_scalar(
        "SELECT number FROM payout
         WHERE currency = $1 AND anchor_txid = $2 AND anchor_vout = $3 AND state <> 'void'",
    )
    .bind(&payout.currency)
    .bind(coin.txid.as_bytes().as_slice())
    .bind(i64::from(coin.vout))
    .fetch_optional(connection)
    .await?;
    match number {
        Some(number) => {
            let number = to_u64(number, "a payout number")?;
            Err(PayoutRefusal::CoinTaken { coin, number }.into())
        }
        None => Ok(()),
    }
}

async fn stopped(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT payouts_stopped($1)")
        .bind(currency)
        .fetch_one(connection)
        .await?)
}

/// The highest number of a currency; 0 before the first.
pub(super) async fn last_number(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<u64, StoreError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(number) FROM payout WHERE currency = $1")
            .bind(currency)
            .fetch_one(connection)
            .await?;
    to_u64(last.unwrap_or(0), "a payout number")
}

/// The rows of a payout and its parts, in state prepared.
pub(super) async fn insert_payout(
    connection: &mut PgConnection,
    number: u64,
    bookings: i32,
    payout: &NewPayout,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Outpoint { txid, vout } = payout.anchor;
    sqlx::query(
        "INSERT INTO payout (currency, number, kind, state, state_at, created_at, anchor_txid,
                             anchor_vout, parent, bookings)
         VALUES ($1, $2, $3, 'prepared', $4, $4, $5, $6, $7, $8)",
    )
    .bind(&payout.currency)
    .bind(to_i64(number, "a payout number")?)
    .bind(payout.kind.as_str())
    .bind(at)
    .bind(txid.as_bytes().as_slice())
    .bind(i64::from(vout))
    .bind(
        payout
            .parent
            .map(|parent| to_i64(parent, "a payout number"))
            .transpose()?,
    )
    .bind(bookings)
    .execute(&mut *connection)
    .await?;
    insert_parts(connection, &payout.currency, number, &payout.parts).await
}

async fn insert_parts(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    parts: &[PayoutPart],
) -> Result<(), StoreError> {
    let payees: Vec<&str> = parts.iter().map(|part| part.payee.as_str()).collect();
    let scripts: Vec<&[u8]> = parts.iter().map(|part| part.script.as_slice()).collect();
    let amounts: Vec<i64> = parts.iter().map(|part| part.amount.0).collect();
    let shares: Vec<i64> = parts.iter().map(|part| part.fee_share.0).collect();
    sqlx::query(
        "INSERT INTO payout_part (currency, number, payee, script, amount, fee_share)
         SELECT $1, $2, payee, script, amount, fee_share
         FROM unnest($3, $4, $5, $6) AS p(payee, script, amount, fee_share)",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .bind(payees)
    .bind(scripts)
    .bind(amounts)
    .bind(shares)
    .execute(connection)
    .await?;
    Ok(())
}

/// Sum of amounts.
pub(super) fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64, StoreError> {
    amounts.into_iter().try_fold(0, more)
}
