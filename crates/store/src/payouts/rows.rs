//! Reading payouts.

use std::collections::BTreeMap;

use ngpool_chain::{Amount, Height};
use sqlx::{PgConnection, Row, postgres::PgRow};

use super::{
    Confirmation, Outpoint, PayoutChange, PayoutInput, PayoutPart, PayoutRefusal, PayoutRow,
    PayoutState, PayoutVersion, SignedTransaction,
};
use crate::{
    Store, StoreError,
    numeric::{to_block_hash, to_i64, to_txid, to_u32, to_u64},
};

impl Store {
    /// A payout, whole.
    pub async fn payout(
        &self,
        currency: &str,
        number: u64,
    ) -> Result<Option<PayoutRow>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        read(&mut connection, currency, number).await
    }

    /// The payouts in some states, whole, in the order of their numbers.
    pub async fn payouts(
        &self,
        currency: &str,
        states: &[PayoutState],
    ) -> Result<Vec<PayoutRow>, StoreError> {
        let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let mut connection = self.pool.acquire().await?;
        let rows = sqlx::query(
            "SELECT currency, number, kind, state, state_at, reason, created_at, anchor_txid,
                    anchor_vout, parent, void_asked_at, confirmed_version, confirmed_txid,
                    confirmed_height, confirmed_hash
             FROM payout WHERE currency = $1 AND state = ANY ($2) ORDER BY number",
        )
        .bind(currency)
        .bind(states)
        .fetch_all(&mut *connection)
        .await?;
        let mut payouts = Vec::with_capacity(rows.len());
        for row in &rows {
            payouts.push(complete(&mut connection, read_row(row)?).await?);
        }
        Ok(payouts)
    }
}

/// A payout within a transaction; none when there is no such number.
pub(super) async fn read(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
) -> Result<Option<PayoutRow>, StoreError> {
    let row = sqlx::query(
        "SELECT currency, number, kind, state, state_at, reason, created_at, anchor_txid,
                anchor_vout, parent, void_asked_at, confirmed_version, confirmed_txid,
                confirmed_height, confirmed_hash
         FROM payout WHERE currency = $1 AND number = $2",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .fetch_optional(&mut *connection)
    .await?;
    match row {
        Some(row) => Ok(Some(complete(connection, read_row(&row)?).await?)),
        None => Ok(None),
    }
}

/// A payout that must be there.
pub(super) async fn known(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
) -> Result<PayoutRow, StoreError> {
    let payout = read(connection, currency, number).await?;
    payout.ok_or_else(|| PayoutRefusal::Unknown(number).into())
}

fn read_row(row: &PgRow) -> Result<PayoutRow, StoreError> {
    let number = |name: &str| -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = row.try_get(name)?;
        number
            .map(|number| to_u64(number, "a payout number"))
            .transpose()
    };
    let anchor: Option<&[u8]> = row.try_get("anchor_txid")?;
    let anchor_vout: Option<i64> = row.try_get("anchor_vout")?;
    let anchor = anchor
        .zip(anchor_vout)
        .map(|(txid, vout)| outpoint(txid, vout));
    let confirmed: Option<&[u8]> = row.try_get("confirmed_txid")?;
    let confirmed = match confirmed {
        Some(txid) => Some(Confirmation {
            version: version(row.try_get("confirmed_version")?)?,
            txid: to_txid(txid)?,
            height: Height(to_u32(row.try_get("confirmed_height")?, "a height")?),
            block: to_block_hash(row.try_get("confirmed_hash")?)?,
        }),
        None => None,
    };
    Ok(PayoutRow {
        currency: row.try_get("currency")?,
        number: to_u64(row.try_get("number")?, "a payout number")?,
        kind: row.try_get::<&str, _>("kind")?.parse()?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        state_at: row.try_get("state_at")?,
        reason: row.try_get("reason")?,
        created_at: row.try_get("created_at")?,
        anchor: anchor.transpose()?,
        parent: number("parent")?,
        void_asked_at: row.try_get("void_asked_at")?,
        confirmed,
        parts: Vec::new(),
        versions: Vec::new(),
    })
}

async fn complete(
    connection: &mut PgConnection,
    mut payout: PayoutRow,
) -> Result<PayoutRow, StoreError> {
    let number = to_i64(payout.number, "a payout number")?;
    payout.parts = parts(connection, &payout.currency, number).await?;
    let rows = sqlx::query(
        "SELECT version, fee, psbt, unsigned, created_at, transaction, txid, signed_at,
                waiting_at, broadcast_at, answer, answer_at
         FROM payout_version WHERE currency = $1 AND number = $2 ORDER BY version",
    )
    .bind(&payout.currency)
    .bind(number)
    .fetch_all(&mut *connection)
    .await?;
    let mut inputs = inputs(connection, &payout.currency, number).await?;
    let mut change = change(connection, &payout.currency, number).await?;
    for row in &rows {
        let mut version = read_version(row)?;
        version.inputs = inputs.remove(&version.version).unwrap_or_default();
        version.change = change.remove(&version.version).unwrap_or_default();
        payout.versions.push(version);
    }
    Ok(payout)
}

async fn parts(
    connection: &mut PgConnection,
    currency: &str,
    number: i64,
) -> Result<Vec<PayoutPart>, StoreError> {
    let rows = sqlx::query(
        "SELECT payee, script, amount, fee_share FROM payout_part
         WHERE currency = $1 AND number = $2 ORDER BY payee COLLATE \"C\"",
    )
    .bind(currency)
    .bind(number)
    .fetch_all(connection)
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

async fn inputs(
    connection: &mut PgConnection,
    currency: &str,
    number: i64,
) -> Result<BTreeMap<u32, Vec<PayoutInput>>, StoreError> {
    let rows = sqlx::query(
        "SELECT version, txid, vout, amount, script FROM payout_input
         WHERE currency = $1 AND number = $2 ORDER BY version, place",
    )
    .bind(currency)
    .bind(number)
    .fetch_all(connection)
    .await?;
    let mut inputs: BTreeMap<u32, Vec<PayoutInput>> = BTreeMap::new();
    for row in &rows {
        let version = version(row.try_get("version")?)?;
        inputs.entry(version).or_default().push(PayoutInput {
            outpoint: outpoint(row.try_get("txid")?, row.try_get("vout")?)?,
            amount: Amount(row.try_get("amount")?),
            script: row.try_get("script")?,
        });
    }
    Ok(inputs)
}

async fn change(
    connection: &mut PgConnection,
    currency: &str,
    number: i64,
) -> Result<BTreeMap<u32, Vec<PayoutChange>>, StoreError> {
    let rows = sqlx::query(
        "SELECT version, vout, amount, script FROM payout_change
         WHERE currency = $1 AND number = $2 ORDER BY version, vout",
    )
    .bind(currency)
    .bind(number)
    .fetch_all(connection)
    .await?;
    let mut change: BTreeMap<u32, Vec<PayoutChange>> = BTreeMap::new();
    for row in &rows {
        let version = version(row.try_get("version")?)?;
        change.entry(version).or_default().push(PayoutChange {
            vout: to_u32(row.try_get("vout")?, "an output index")?,
            amount: Amount(row.try_get("amount")?),
            script: row.try_get("script")?,
        });
    }
    Ok(change)
}

fn read_version(row: &PgRow) -> Result<PayoutVersion, StoreError> {
    let bytes: Option<Vec<u8>> = row.try_get("transaction")?;
    let signed = match bytes {
        Some(bytes) => Some(SignedTransaction {
            bytes,
            txid: to_txid(row.try_get("txid")?)?,
            at: row.try_get("signed_at")?,
        }),
        None => None,
    };
    Ok(PayoutVersion {
        version: version(row.try_get("version")?)?,
        fee: Amount(row.try_get("fee")?),
        psbt: row.try_get("psbt")?,
        unsigned: row.try_get("unsigned")?,
        inputs: Vec::new(),
        change: Vec::new(),
        created_at: row.try_get("created_at")?,
        signed,
        waiting_at: row.try_get("waiting_at")?,
        broadcast_at: row.try_get("broadcast_at")?,
        answer: row.try_get("answer")?,
        answer_at: row.try_get("answer_at")?,
    })
}

/// A version number from its INTEGER column.
pub(super) fn version(number: i32) -> Result<u32, StoreError> {
    to_u32(i64::from(number), "a version")
}

pub(super) fn outpoint(txid: &[u8], vout: i64) -> Result<Outpoint, StoreError> {
    Ok(Outpoint {
        txid: to_txid(txid)?,
        vout: to_u32(vout, "an output index")?,
    })
}
