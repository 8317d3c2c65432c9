//! After a database was put back from a backup: what was sent since is taken over from the signer and
//! found on the chain, and nothing is signed or sent again.
//!
//! ```text
//!  signer_seen.statements > last here ─▶ open_request asks for them ───────▶ Told ─────────────▶ inbox
//!  signer_seen.payout > last number ──▶ open_request asks for that number ──▶ Needs.payouts ──▶ inbox
//!  a prepared number that the signer has otherwise ─────────────────────────▶ Needs.payouts ──▶ inbox
//!  coins of ours spent by nobody that is known ──▶ told: an answer of the signer is missing
//! ```

use std::collections::BTreeSet;

use ngpool_store::{ImportedPayout, OpenTask, PayoutState};

use super::inbox::waits_for_signer;
use crate::settle::{Pass, SettleReport, StepError};

/// How a currency stands after a restore.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// What is still missing, and what to do about it; nothing when all is known.
    pub missing: Vec<String>,
    /// The highest payout number that the database knows; 0 before the first.
    pub last: u64,
    /// The highest that the signer said it has; none when it never asked.
    pub signers_last: Option<u64>,
}

/// The follower looks again at blocks in which a payout that was just taken over may be: they were
/// passed over when nobody knew that the scripts of its change are ours.
pub(super) async fn look_again(
    pass: &Pass<'_>,
    imported: &ImportedPayout,
    known: &BTreeSet<Vec<u8>>,
) -> Result<(), StepError> {
    let mut changes = imported.versions.iter().flat_map(|version| &version.change);
    if changes.all(|change| known.contains(&change.script)) {
        return Ok(());
    }
    let coin = imported.anchor;
    let row = pass.store.output(pass.code(), coin.txid, coin.vout).await?;
    let Some((made, _)) = row.and_then(|row| row.created) else {
        return Ok(());
    };
    tracing::warn!(
        currency = pass.code(),
        number = imported.number,
        %made,
        "change goes to a script that was not known: the chain is followed again from there"
    );
    let mut tip = pass.store.followed_tip(pass.code()).await?;
    while let Some((height, hash)) = tip
        && height > made
    {
        tip = pass
            .store
            .disconnect_block(pass.code(), hash, pass.at)
            .await?;
    }
    Ok(())
}

/// Whether statements of the signer are here that are not credited yet, and none is missing.
pub(super) async fn has_taken(pass: &Pass<'_>) -> Result<bool, StepError> {
    let ahead = pass.store.statements_ahead(pass.code()).await?;
    Ok(ahead.is_empty() && !pass.store.next_taken(pass.code()).await?.is_empty())
}

/// What a restored database still lacks, as far as the chain and the signer tell.
pub(crate) async fn recovery(
    pass: &Pass<'_>,
    report: &mut SettleReport,
) -> Result<Recovery, StepError> {
    let (store, code) = (pass.store, pass.code());
    let mut missing = std::mem::take(&mut report.waiting);
    let last = store.last_payout(code).await?;
    let seen = store.signer_seen(code).await?;
    let signers_last = seen.as_ref().map(|seen| seen.payout);
    if let Some(signers) = signers_last.filter(|signers| *signers > last) {
        missing.push(format!(
            "the signer has payouts up to {signers}, known here are those up to {last}: let it \
             answer once more"
        ));
    }
    for (coin, by) in store.unknown_spends(code).await? {
        missing.push(format!(
            "coin {coin} was spent by {by}, which no payout here knows: let the signer answer, or \
             take its answer over by `ngpayout recover --answer FILE`"
        ));
    }
    for chain in store.statements_ahead(code).await? {
        missing.push(format!(
            "the signer has the statements of {} up to {}, here are those up to {}: let it answer \
             before anything is settled",
            chain.sharechain, chain.signer, chain.here
        ));
    }
    for statement in store.next_taken(code).await? {
        missing.push(format!(
            "statement {} {} of the signer is not credited yet",
            statement.sharechain, statement.seq
        ));
    }
    let live = [PayoutState::Prepared];
    for payout in store.payouts(code, &live).await? {
        if waits_for_signer(&payout) {
            missing.push(format!(
                "payout {} waits for the signer, which may know the number otherwise",
                payout.number
            ));
        }
    }
    if let Some(request) = store.open_request(code).await?
        && let OpenTask::Void { number } = request.task
    {
        missing.push(format!(
            "the signer will be asked what became of payout {number}"
        ));
    }
    Ok(Recovery {
        missing,
        last,
        signers_last,
    })
}
