//! What signers answered: read, checked against what is stored, booked.
//!
//! The web that takes the answers in can be reached by strangers and is not believed: a signed
//! transaction must be a stored version's with signatures that hold. What it can do is to keep
//! answers back, and to say that a number is void that is not; a signer that is asked for the next
//! number then says so.

use bitcoin::consensus;
use chrono::{DateTime, TimeDelta};
use ngpool_signing::request::{Outcome, RefusedPayee, Response, SignedPayout};
use ngpool_store::{PayeeRefusal, PayoutRow, PayoutState, SignerMessage, StoreError, VoidCause};

use super::{
    life::{Cause, Effect, Event, step},
    life_of,
    recognise::{self, without_signatures},
    taking::{Taken, take},
    telling::told,
    verify::verify,
};
use crate::settle::{Pass, SettleReport, StepError};

/// Answers dealt with in one pass; more wait for the next.
const AT_ONCE: u32 = 200;

/// How long answers that were dealt with are kept, for people.
const KEPT: TimeDelta = TimeDelta::days(30);

/// How long a payee waits whom the signer refused without saying until when.
const ASK_AGAIN: TimeDelta = TimeDelta::days(1);

/// Longest that he waits: new scripts wait for days, never for longer.
const LONGEST_HOLD: TimeDelta = TimeDelta::days(60);

/// Code of the signer's refusal of a number that it recorded void: this database was put back and
/// gave the number to another payout.
const VOID: &str = "void";

/// Code of its refusal of a number that was signed once and released by its operator.
const RELEASED: &str = "released";

/// What came of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handled {
    /// It is dealt with; this is what is kept of it.
    Done(String),
    /// It cannot be dealt with yet.
    Later(String),
}

/// Deals with every answer that waits.
pub(crate) async fn signed(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let messages = pass
        .store
        .open_signer_messages(pass.code(), AT_ONCE)
        .await?;
    let mut failures = Vec::new();
    for message in &messages {
        match one(pass, message, report).await {
            Ok(()) => {}
            Err(error @ StepError::Store(StoreError::Away(_))) => return Err(error),
            Err(error) => failures.push(crate::settle::with_sources(&error)),
        }
    }
    pass.store
        .forget_signer_messages(pass.code(), pass.at - KEPT)
        .await?;
    crate::settle::together(failures)
}

async fn one(
    pass: &Pass<'_>,
    message: &SignerMessage,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    match answer(pass, &message.body, false, report).await? {
        Handled::Done(outcome) => {
            pass.store
                .handle_signer_message(pass.code(), message.digest, &outcome, pass.at)
                .await?;
        }
        Handled::Later(why) => report.waiting.push(why),
    }
    Ok(())
}

/// Deals with one answer, as bytes. `is_operator`: an operator brought it himself, so that a payout
/// signed in part only is believed.
pub(crate) async fn answer(
    pass: &Pass<'_>,
    body: &[u8],
    is_operator: bool,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let response = match Response::parse(body) {
        Ok(response) => response,
        Err(error) => return Ok(Handled::Done(format!("not read: {error}"))),
    };
    let genesis = pass.settings.currency.network.genesis_hash;
    if response.currency != pass.code() || response.genesis_hash != genesis {
        let text = format!(
            "not taken: it is about {} on {}",
            response.currency, response.genesis_hash
        );
        return Ok(Handled::Done(text));
    }
    match (&response.outcome, response.number, response.version) {
        (Outcome::Told { statements }, _, _) => told(pass, statements, report).await,
        (Outcome::Booked {}, _, _) => Ok(Handled::Done("statements are booked".to_owned())),
        (Outcome::Needs { payouts, .. }, _, _) => import(pass, payouts, is_operator, report).await,
        (Outcome::Voided {}, Some(number), _) => voided(pass, number, report).await,
        (Outcome::Signed { transaction, .. }, Some(number), Some(version)) => {
            stored(pass, number, version, &transaction.0, report).await
        }
        (Outcome::Waiting { text }, Some(number), Some(version)) => {
            waiting(pass, number, version, text, report).await
        }
        // It never will sign it: the same as recording it void.
        (Outcome::Refused { reason, .. }, Some(number), _) if reason == VOID => {
            voided(pass, number, report).await
        }
        (
            Outcome::Refused {
                reason,
                text,
                payees,
            },
            number,
            _,
        ) => {
            // Asked to be void, it tells what was signed under the number.
            if let Some(number) = number.filter(|_| reason == RELEASED)
                && let Some(payout) = pass.store.payout(pass.code(), number).await?
            {
                super::ask_void(pass, &payout, text, report).await?;
            }
            if let Some(number) = number {
                leave_out(pass, number, payees, report).await?;
            }
            let said = format!("the signer refused ({reason}): {text}");
            tracing::warn!(
                currency = pass.code(),
                ?number,
                reason,
                text,
                "the signer refused"
            );
            if let Some(number) = number
                && let Some(payout) = pass.store.payout(pass.code(), number).await?
            {
                pass.store
                    .explain_payout(pass.code(), number, payout.state, &said)
                    .await?;
            }
            Ok(Handled::Done(said))
        }
        (_, _, _) => Ok(Handled::Done(
            "not taken: it names no payout or no version".to_owned(),
        )),
    }
}

/// A payout that is refused for some payees alone is given up, and they are left out of the next: one
/// of them never blocks the rest. Only what is not signed yet, and only payees who are in it.
async fn leave_out(
    pass: &Pass<'_>,
    number: u64,
    refused: &[RefusedPayee],
    report: &mut SettleReport,
) -> Result<(), StepError> {
    if refused.is_empty() {
        return Ok(());
    }
    let payout = pass.store.payout(pass.code(), number).await?;
    let Some(payout) = payout.filter(|payout| payout.state == PayoutState::Prepared) else {
        return Ok(());
    };
    let refusals: Vec<_> = refused
        .iter()
        .map(|refused| {
            let later = pass.at + ASK_AGAIN;
            // A time that nobody will see is an error of the signer's clock.
            let until = refused
                .until
                .and_then(|until| DateTime::from_timestamp(until, 0))
                .map_or(later, |until| until.clamp(pass.at, pass.at + LONGEST_HOLD));
            let reason = refused.text.clone();
            (refused.payee.clone(), PayeeRefusal { reason, until })
        })
        .collect();
    let held = pass
        .store
        .refuse_payees(pass.code(), number, &refusals, pass.at)
        .await?;
    if held == 0 {
        return Ok(());
    }
    let text = format!("the signer refuses {held} of its payees, who are held: the rest goes on");
    super::ask_void(pass, &payout, &text, report).await
}

/// Once a payout is void that was refused for some payees, the others are paid at once.
pub(crate) async fn prepare_again(
    pass: &Pass<'_>,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    if !pass.store.is_to_prepare_again(pass.code()).await? {
        return Ok(());
    }
    let again = crate::prepare::prepare_again(pass).await?;
    if let Some(prepared) = again.prepared {
        let text = "prepared without those whom the signer refused";
        report.payout(pass, prepared.number, text.to_owned());
    }
    Ok(())
}

async fn stored(
    pass: &Pass<'_>,
    number: u64,
    version: u32,
    transaction: &bitcoin::Transaction,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let Some(payout) = pass.store.payout(pass.code(), number).await? else {
        let text = format!("not taken: payout {number} is not known here");
        return Ok(Handled::Done(text));
    };
    if let Some(stored) = payout.version(version) {
        let unsigned = recognise::read(&stored.unsigned).map_err(|source| {
            recognise::RecogniseError::Stored {
                number,
                version,
                source,
            }
        })?;
        if without_signatures(transaction) != unsigned {
            let text = format!("not taken: it is not version {version} of payout {number}");
            tracing::error!(currency = pass.code(), number, version, "{text}");
            return Ok(Handled::Done(text));
        }
        if let Err(error) = verify(transaction, &stored.inputs) {
            tracing::error!(currency = pass.code(), number, version, %error, "answer is not signed");
            return Ok(Handled::Done(format!("not taken: {error}")));
        }
    }
    let (_, effects) = step(&life_of(&payout), Event::Signed(version), 0);
    for effect in &effects {
        match effect {
            Effect::Store(version) => {
                let bytes = consensus::serialize(transaction);
                let txid = recognise::txid(transaction.compute_txid());
                let is_new = pass
                    .store
                    .store_signed(pass.code(), number, *version, &bytes, txid, pass.at)
                    .await?;
                if is_new {
                    report.payout(
                        pass,
                        number,
                        format!("version {version} is signed as {txid}"),
                    );
                }
            }
            Effect::Revive => super::revive(pass, number, report).await?,
            effect => alarm(pass, number, *effect),
        }
    }
    Ok(Handled::Done(format!(
        "version {version} of payout {number} is signed"
    )))
}

async fn waiting(
    pass: &Pass<'_>,
    number: u64,
    version: u32,
    text: &str,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let Some(payout) = pass.store.payout(pass.code(), number).await? else {
        let text = format!("not taken: payout {number} is not known here");
        return Ok(Handled::Done(text));
    };
    let reason = format!("signed in part: {text}");
    let (_, effects) = step(&life_of(&payout), Event::Waiting(version), 0);
    for effect in &effects {
        match effect {
            Effect::Wait(version) => {
                pass.store
                    .mark_waiting(pass.code(), number, *version, &reason, pass.at)
                    .await?;
                report.payout(pass, number, reason.clone());
            }
            effect => alarm(pass, number, *effect),
        }
    }
    Ok(Handled::Done(reason))
}

async fn voided(
    pass: &Pass<'_>,
    number: u64,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let Some(payout) = pass.store.payout(pass.code(), number).await? else {
        return import_void(pass, number, report).await;
    };
    let (_, effects) = step(&life_of(&payout), Event::Voided, 0);
    for effect in &effects {
        match effect {
            Effect::Void(Cause::Signer) => {
                let cause = VoidCause::Signer;
                let is_new = pass
                    .store
                    .void_payout(pass.code(), number, &cause, pass.at)
                    .await?;
                if is_new {
                    report.payout(pass, number, "void: the signer recorded it".to_owned());
                }
            }
            effect => alarm(pass, number, *effect),
        }
    }
    Ok(Handled::Done(format!("payout {number} is void")))
}

async fn import_void(
    pass: &Pass<'_>,
    number: u64,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    match pass.store.import_void(pass.code(), number, pass.at).await {
        Ok(is_new) => {
            if is_new {
                report.payout(pass, number, "void at the signer".to_owned());
            }
            Ok(Handled::Done(format!("number {number} is void")))
        }
        Err(StoreError::Payout(refusal)) => Ok(Handled::Later(format!(
            "a void of the signer waits: {refusal}"
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Books what the signer has and the database lacks, in order.
async fn import(
    pass: &Pass<'_>,
    payouts: &[SignedPayout],
    is_operator: bool,
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let (store, code) = (pass.store, pass.code());
    for payout in payouts {
        let number = payout.number;
        let imported = match take(store, code, payout, is_operator).await? {
            Taken::Payout(imported) => imported,
            Taken::Void => {
                let here = store.payout(code, number).await?;
                let handled = if here.is_some() {
                    voided(pass, number, report).await?
                } else {
                    import_void(pass, number, report).await?
                };
                match handled {
                    Handled::Done(_) => continue,
                    later @ Handled::Later(_) => return Ok(later),
                }
            }
            Taken::Later(why) => return Ok(Handled::Later(why)),
            Taken::Refused(what) => {
                tracing::error!(
                    currency = code,
                    number,
                    what,
                    "a payout of the signer is not taken"
                );
                return Ok(Handled::Done(format!("not taken: {what}")));
            }
        };
        let known = crate::settle::our_scripts(pass).await?;
        match store.import_signed(&imported, pass.at).await {
            Ok(is_new) => {
                if is_new {
                    report.payout(pass, number, "taken over from the signer".to_owned());
                    super::recover::look_again(pass, &imported, &known).await?;
                }
            }
            Err(StoreError::Overdrawn(what)) => {
                super::make_room(pass, "the signer paid what it would", report).await?;
                return Ok(Handled::Later(format!(
                    "payout {number} of the signer waits for the credits that it pays: {what}"
                )));
            }
            Err(StoreError::Payout(refusal)) => {
                let text = format!("payout {number} of the signer is not booked: {refusal}");
                tracing::error!(currency = code, number, "{text}");
                return Ok(Handled::Later(text));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Handled::Done(format!(
        "{} payouts of the signer are booked",
        payouts.len()
    )))
}

/// Tells what must not happen.
fn alarm(pass: &Pass<'_>, number: u64, effect: Effect) {
    if let Effect::Alarm(contradiction) = effect {
        tracing::error!(
            currency = pass.code(),
            number,
            %contradiction,
            "the signer contradicts what is stored: nothing is changed, look at both"
        );
    }
}

/// Whether a payout is waiting for the signer.
pub fn waits_for_signer(payout: &PayoutRow) -> bool {
    matches!(
        payout.state,
        PayoutState::Prepared | PayoutState::Signed | PayoutState::Broadcast
    ) && payout
        .versions
        .iter()
        .any(|version| version.signed.is_none() && version.psbt.is_some())
}
