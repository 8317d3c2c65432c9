//! Versions: what one must look like, and its rows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{NewVersion, Outpoint, PayoutPart, PayoutRefusal, prepare::sum};
use crate::{StoreError, numeric::to_i64};

/// Whether a version adds up: it spends the anchor and each coin once, pays every payee once, and
/// inputs − parts − change is its fee, which is at least what the payees are charged.
pub(super) fn check(
    number: u64,
    anchor: Outpoint,
    parts: &[PayoutPart],
    version: &NewVersion,
) -> Result<(), StoreError> {
    let wrong = |what: &str| {
        StoreError::from(PayoutRefusal::Shape {
            number,
            what: what.to_owned(),
        })
    };
    let coins: BTreeSet<_> = version.inputs.iter().map(|input| input.outpoint).collect();
    if coins.len() != version.inputs.len() {
        return Err(wrong("a coin is spent twice"));
    }
    if !coins.contains(&anchor) {
        return Err(wrong("the anchor is not spent"));
    }
    let payees: BTreeSet<_> = parts.iter().map(|part| &part.payee).collect();
    if payees.len() != parts.len() {
        return Err(wrong("a payee is paid twice"));
    }
    let vouts: BTreeSet<_> = version.change.iter().map(|change| change.vout).collect();
    if vouts.len() != version.change.len() {
        return Err(wrong("a change output is named twice"));
    }
    let is_negative = parts
        .iter()
        .any(|part| part.amount.0 <= 0 || part.fee_share.0 < 0)
        || version.inputs.iter().any(|input| input.amount.0 < 0)
        || version.change.iter().any(|change| change.amount.0 < 0)
        || version.fee.0 < 0;
    if is_negative {
        return Err(wrong("an amount is not positive"));
    }
    let inputs = sum(version.inputs.iter().map(|input| input.amount.0))?;
    let outputs = sum(version
        .change
        .iter()
        .map(|change| change.amount.0)
        .chain(parts.iter().map(|part| part.amount.0)))?;
    if sum([outputs, version.fee.0])? != inputs {
        return Err(wrong("inputs are not parts, change and fee"));
    }
    if sum(parts.iter().map(|part| part.fee_share.0))? > version.fee.0 {
        return Err(wrong("payees are charged more than the fee"));
    }
    Ok(())
}

/// The rows of a version.
pub(super) async fn insert_version(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    version: u32,
    new: &NewVersion,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let number_column = to_i64(number, "a payout number")?;
    let version_column = column(version)?;
    sqlx::query(
        "INSERT INTO payout_version (currency, number, version, fee, psbt, unsigned, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(currency)
    .bind(number_column)
    .bind(version_column)
    .bind(new.fee.0)
    .bind(&new.psbt)
    .bind(&new.unsigned)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    let txids: Vec<&[u8]> = new
        .inputs
        .iter()
        .map(|input| input.outpoint.txid.as_bytes().as_slice())
        .collect();
    let vouts: Vec<i64> = new
        .inputs
        .iter()
        .map(|input| i64::from(input.outpoint.vout))
        .collect();
    let amounts: Vec<i64> = new.inputs.iter().map(|input| input.amount.0).collect();
    let scripts: Vec<&[u8]> = new
        .inputs
        .iter()
        .map(|input| input.script.as_slice())
        .collect();
    sqlx::query(
        "INSERT INTO payout_input (currency, number, version, place, txid, vout, amount, script)
         SELECT $1, $2, $3, place - 1, txid, vout, amount, script
         FROM unnest($4, $5, $6, $7) WITH ORDINALITY AS i(txid, vout, amount, script, place)",
    )
    .bind(currency)
    .bind(number_column)
    .bind(version_column)
    .bind(txids)
    .bind(vouts)
    .bind(amounts)
    .bind(scripts)
    .execute(&mut *connection)
    .await?;
    for change in &new.change {
        sqlx::query(
            "INSERT INTO payout_change (currency, number, version, vout, amount, script)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(currency)
        .bind(number_column)
        .bind(version_column)
        .bind(i64::from(change.vout))
        .bind(change.amount.0)
        .bind(&change.script)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A version number for its INTEGER column.
pub(super) fn column(version: u32) -> Result<i32, StoreError> {
    i32::try_from(version).map_err(|_| StoreError::TooLarge("a version"))
}
