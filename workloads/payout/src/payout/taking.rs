//! What a signer's journal says of a payout, in the words of the store.

use bitcoin::{Transaction, consensus};
use chrono::DateTime;
use ngpool_chain::Amount;
use ngpool_signing::request::{PayeePart, SignedPayout, SignedVersion, SignedVersions};
use ngpool_store::{
    ImportedPayout, ImportedVersion, Outpoint, PayoutChange, PayoutInput, PayoutKind, PayoutPart,
    PayoutState, Store, StoreError,
};

use super::{
    recognise::{from_bitcoin, txid, without_signatures},
    verify::verify,
};

/// What is made of a payout that the signer has.
pub(super) enum Taken {
    /// It can be booked.
    Payout(Box<ImportedPayout>),
    /// The signer recorded the number void.
    Void,
    /// Not yet: a coin is not known here.
    Later(String),
    /// It is not what a signer would send.
    Refused(String),
}

/// Translates a payout of the signer's journal. `trusts_waiting`: whether one that is signed in part
/// only is believed, which nothing here proves.
pub(super) async fn take(
    store: &Store,
    currency: &str,
    payout: &SignedPayout,
    trusts_waiting: bool,
) -> Result<Taken, StoreError> {
    let number = payout.number;
    let Some(signed) = &payout.signed else {
        return Ok(Taken::Void);
    };
    let Some(parts) = parts(&signed.payees) else {
        return Ok(Taken::Refused(format!(
            "payout {number} pays an amount that there is not"
        )));
    };
    let mut versions = Vec::with_capacity(signed.versions.len());
    for version in &signed.versions {
        let Some(inputs) = inputs(store, currency, &version.unsigned.0).await? else {
            return Ok(Taken::Later(format!(
                "payout {number} of the signer spends a coin that is not known here yet"
            )));
        };
        let taken = match one(version, &parts, inputs) {
            Ok(taken) => taken,
            Err(what) => return Ok(Taken::Refused(format!("payout {number}: {what}"))),
        };
        if taken.transaction.is_none() && !trusts_waiting {
            return Ok(Taken::Later(format!(
                "payout {number} of the signer is signed in part only: an operator must take it \
                 over by `ngpayout recover`"
            )));
        }
        versions.push(taken);
    }
    let anchor = from_bitcoin(signed.anchor);
    let (kind, parent) = kind(store, currency, signed, anchor).await?;
    Ok(Taken::Payout(Box::new(ImportedPayout {
        currency: currency.to_owned(),
        number,
        kind,
        parent,
        anchor,
        parts,
        is_released: payout.released,
        versions,
    })))
}

fn parts(payees: &[PayeePart]) -> Option<Vec<PayoutPart>> {
    payees
        .iter()
        .map(|part| {
            Some(PayoutPart {
                payee: part.payee.clone(),
                script: part.script.to_bytes(),
                amount: Amount(i64::try_from(part.amount).ok()?),
                fee_share: Amount(i64::try_from(part.fee_share).ok()?),
            })
        })
        .collect()
}

fn one(
    version: &SignedVersion,
    parts: &[PayoutPart],
    inputs: Vec<PayoutInput>,
) -> Result<ImportedVersion, String> {
    let unsigned = &version.unsigned.0;
    if without_signatures(unsigned) != *unsigned {
        return Err("its unsigned transaction carries signatures".to_owned());
    }
    let transaction = match &version.transaction {
        Some(whole) => {
            if without_signatures(&whole.0) != *unsigned {
                return Err("its transaction is not the one that was to be signed".to_owned());
            }
            verify(&whole.0, &inputs).map_err(|error| error.to_string())?;
            let bytes = consensus::serialize(&whole.0);
            Some((bytes, txid(whole.0.compute_txid())))
        }
        None => None,
    };
    let wrong = || "its numbers make no sense".to_owned();
    Ok(ImportedVersion {
        fee: Amount(i64::try_from(version.fee).map_err(|_| wrong())?),
        unsigned: consensus::serialize(unsigned),
        inputs,
        change: change(unsigned, parts).ok_or_else(wrong)?,
        transaction,
        signed_at: DateTime::from_timestamp(version.signed_at, 0).ok_or_else(wrong)?,
    })
}

/// The outputs that pay no payee.
fn change(unsigned: &Transaction, parts: &[PayoutPart]) -> Option<Vec<PayoutChange>> {
    let mut owed: Vec<(&[u8], Amount)> = parts
        .iter()
        .map(|part| (part.script.as_slice(), part.amount))
        .collect();
    let mut change = Vec::new();
    for (vout, output) in (0_u32..).zip(&unsigned.output) {
        let amount = Amount(i64::try_from(output.value.to_sat()).ok()?);
        let script = output.script_pubkey.as_bytes();
        match owed.iter().position(|part| *part == (script, amount)) {
            Some(place) => {
                owed.swap_remove(place);
            }
            None => change.push(PayoutChange {
                vout,
                amount,
                script: script.to_vec(),
            }),
        }
    }
    owed.is_empty().then_some(change)
}

/// The coins of a transaction with their values, as the chain or an earlier payout made them; none
/// when one is not known.
async fn inputs(
    store: &Store,
    currency: &str,
    unsigned: &Transaction,
) -> Result<Option<Vec<PayoutInput>>, StoreError> {
    let mut inputs = Vec::with_capacity(unsigned.input.len());
    for input in &unsigned.input {
        let outpoint = from_bitcoin(input.previous_output);
        match store.coin_of_ours(currency, outpoint).await? {
            Some(coin) => inputs.push(coin),
            None => return Ok(None),
        }
    }
    Ok(Some(inputs))
}

/// What a payout is for, by whom it pays and what its anchor is.
async fn kind(
    store: &Store,
    currency: &str,
    signed: &SignedVersions,
    anchor: Outpoint,
) -> Result<(PayoutKind, Option<u64>), StoreError> {
    if !signed.payees.is_empty() {
        return Ok((PayoutKind::Payees, None));
    }
    if let Some(parent) = store.payout_of(currency, anchor.txid).await?
        && let Some(parent) = store.payout(currency, parent).await?
        && parent.state != PayoutState::Confirmed
    {
        return Ok((PayoutKind::Child, Some(parent.number)));
    }
    Ok((PayoutKind::Consolidation, None))
}
