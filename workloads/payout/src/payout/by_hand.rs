//! The steps of payouts one by one, as an operator calls them. Each may run at any time, and beside a
//! pass of `settle`.

use chrono::{DateTime, Utc};
use ngpool_settings::PayoutSettings;
use ngpool_store::Store;

use super::{
    broadcast, confirm,
    inbox::{self, Handled},
    recover::{self, Recovery},
    replace,
};
use crate::{
    RunError,
    settle::{Pass, SettleReport, credit, follow_step, record_end},
};

/// Follows the chain and books what it made of payouts; answers of the signer first.
pub async fn confirm(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<SettleReport, RunError> {
    let pass = Pass::begin(store, settings, at).await?;
    let mut report = SettleReport::default();
    look(&pass, &mut report).await;
    Ok(report)
}

/// Sends every payout that is not in a block, and replaces what is stuck.
pub async fn broadcast(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<SettleReport, RunError> {
    let pass = Pass::begin(store, settings, at).await?;
    let mut report = SettleReport::default();
    let outcome = inbox::signed(&pass, &mut report).await;
    record_end(&pass, &mut report, "signed", outcome).await;
    let outcome = broadcast::broadcast(&pass, &mut report).await;
    record_end(&pass, &mut report, "broadcast", outcome).await;
    let outcome = replace::replace(&pass, &mut report).await;
    record_end(&pass, &mut report, "replace", outcome).await;
    Ok(report)
}

/// After a restore: follows the chain, takes over what the signer answered (one answer may be given
/// as bytes, as a signer without a network writes it to a file), and says what is missing still.
pub async fn recover(
    store: &Store,
    settings: &PayoutSettings,
    answer: Option<&[u8]>,
    at: DateTime<Utc>,
) -> Result<(SettleReport, Recovery), RunError> {
    let pass = Pass::begin(store, settings, at).await?;
    let mut report = SettleReport::default();
    if let Some(answer) = answer {
        let outcome = match inbox::answer(&pass, answer, true, &mut report).await {
            Ok(Handled::Done(what) | Handled::Later(what)) => {
                report.waiting.push(format!("the answer given: {what}"));
                Ok(())
            }
            Err(error) => Err(error),
        };
        record_end(&pass, &mut report, "signed", outcome).await;
    }
    look(&pass, &mut report).await;
    // Only what the signer has stated before says how the blocks of the gap are divided: nothing is
    // credited here before it has answered.
    match recover::has_taken(&pass).await {
        Ok(true) => {
            report.waiting.clear();
            credit(&pass, &mut report, false).await;
            look(&pass, &mut report).await;
        }
        Ok(false) => {}
        Err(error) => record_end(&pass, &mut report, "recover", Err(error)).await,
    }
    let recovery = match recover::recovery(&pass, &mut report).await {
        Ok(recovery) => recovery,
        Err(error) => {
            record_end(&pass, &mut report, "recover", Err(error)).await;
            Recovery::default()
        }
    };
    Ok((report, recovery))
}

async fn look(pass: &Pass<'_>, report: &mut SettleReport) {
    let outcome = follow_step(pass, report).await;
    record_end(pass, report, "follow", outcome).await;
    let undone = confirm::undo(pass, report).await;
    let outcome = inbox::signed(pass, report).await;
    record_end(pass, report, "signed", outcome).await;
    let confirmed = confirm::confirm(pass, report).await;
    record_end(pass, report, "confirm", undone.and(confirmed)).await;
}
