//! Payouts that are under way: from the signer's answer to a confirmed transaction.
//!
//! ```text
//!  follow ──▶ undo ──▶ (blocks) ──▶ signed ──▶ confirm ──▶ broadcast ──▶ replace
//!  chain       │                      │ signer_message        │            │
//!              │                      │                       │ nodes      │ prepare: raise, child
//!              └──────────────────────┴── life::step ─────────┴────────────┘
//! ```
//!
//! Every step reads what is stored, asks [`life::step`] what is to be done, and does that: each effect
//! is one transaction of the database that checks again whether it still fits. So a step may be killed
//! anywhere, repeated, and run beside itself.

pub mod broadcast;
pub mod by_hand;
pub mod confirm;
pub mod inbox;
pub mod life;
pub mod recognise;
pub mod recover;
pub mod replace;
mod taking;
mod telling;
pub mod verify;

use ngpool_store::{PayoutRow, PayoutState, StoreError};

use crate::settle::{Pass, SettleReport, StepError};
use life::{Effect, Event, Life, Stage, Version, step};

/// Takes the balances and coins of a void payout again, because it was not void. Where another payout
/// that is only prepared has taken the balances, that one is given up first.
async fn revive(pass: &Pass<'_>, number: u64, report: &mut SettleReport) -> Result<(), StepError> {
    match pass.store.revive_payout(pass.code(), number, pass.at).await {
        Ok(true) => {
            tracing::error!(
                currency = pass.code(),
                number,
                "a void payout is not void after all: its balances are taken again"
            );
            report.payout(pass, number, "not void after all".to_owned());
            Ok(())
        }
        Ok(false) => Ok(()),
        Err(StoreError::Overdrawn(what)) => {
            report.waiting.push(format!(
                "payout {number} is not void after all, and waits for the balances that it pays: \
                 {what}"
            ));
            make_room(pass, &format!("payout {number} pays what it would"), report).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks the signer to void what is only prepared, so that its balances are there for what is signed.
async fn make_room(
    pass: &Pass<'_>,
    reason: &str,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let prepared = pass
        .store
        .payouts(pass.code(), &[PayoutState::Prepared])
        .await?;
    for payout in &prepared {
        ask_void(pass, payout, reason, report).await?;
    }
    Ok(())
}

/// Asks the signer to record a payout void that is only prepared.
async fn ask_void(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    reason: &str,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let (_, effects) = step(&life_of(payout), Event::VoidAsked, 0);
    if effects.contains(&Effect::AskVoid)
        && pass
            .store
            .ask_void(pass.code(), payout.number, reason, pass.at)
            .await?
    {
        let text = format!("the signer is asked to void it: {reason}");
        report.payout(pass, payout.number, text);
    }
    Ok(())
}

/// A stored payout as [`life::step`] sees it.
pub fn life_of(payout: &PayoutRow) -> Life {
    let confirmed = payout.confirmed.map_or(0, |confirmed| confirmed.version);
    Life {
        stage: match payout.state {
            PayoutState::Prepared => Stage::Prepared,
            PayoutState::Signed => Stage::Signed,
            PayoutState::Broadcast => Stage::Broadcast,
            PayoutState::Confirmed => Stage::Confirmed(confirmed),
            PayoutState::Void => Stage::Void,
        },
        versions: payout
            .versions
            .iter()
            .map(|version| Version {
                signed: version.signed.is_some(),
                waiting: version.waiting_at.is_some(),
            })
            .collect(),
        void_asked: payout.void_asked_at.is_some(),
    }
}
