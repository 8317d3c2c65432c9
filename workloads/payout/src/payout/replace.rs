//! What is done with a payout that does not get into a block: another version with a higher fee
//! (BIP 125), or a child that pays for both (CPFP). The pool pays the increase.
//!
//! A version is also replaced when a coin of it, not the anchor, can never come (its block was
//! orphaned): the next version spends others.

use std::collections::BTreeSet;

use bitcoin::consensus;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use ngpool_chain::{Amount, BlockHash};
use ngpool_settings::{FeeRate, Replacement};
use ngpool_store::{
    NewPayout, NewVersion, Outpoint, PayoutInput, PayoutKind, PayoutRefusal, PayoutRow,
    PayoutState, SignedTransaction, SpendableCoin, StoreError,
};
use thiserror::Error;

use super::{
    confirm::look,
    life::{Effect, Event, Sight, step},
    life_of, recognise,
};
use crate::{
    prepare::{
        Coin, Draft, Previous, PsbtError, RaiseError, Rate, Stuck, StuckChange, Terms, TermsError,
        child, parse_previous, previous_of, psbt, raise, raised_rate,
    },
    settle::{Pass, SettleReport, StepError},
};

/// Why a stuck payout gets no replacement in this pass.
#[derive(Debug, Error)]
pub enum ReplaceError {
    /// The document's terms.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// There is no dearer transaction.
    #[error(transparent)]
    Raise(#[from] RaiseError),
    /// The policy's ceiling is reached.
    #[error("its fee rate is at the policy's ceiling already")]
    Ceiling,
    /// A child needs change.
    #[error("it has no change that a child could spend")]
    NoChange,
    /// The PSBT cannot be made.
    #[error(transparent)]
    Psbt(#[from] PsbtError),
    /// No node has the transaction of a coin.
    #[error("no node gives the transaction of coin {coin}: {answers}")]
    NoPrevious {
        /// The coin.
        coin: Outpoint,
        /// What the nodes said.
        answers: String,
    },
    /// Stored bytes.
    #[error("stored bytes of payout {number} are no transaction: {source}")]
    Stored {
        /// The payout.
        number: u64,
        /// Why.
        source: consensus::encode::Error,
    },
}

/// Replaces what is stuck.
pub(crate) async fn replace(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let sent = pass
        .store
        .payouts(pass.code(), &[PayoutState::Broadcast])
        .await?;
    let live = [PayoutState::Prepared, PayoutState::Signed];
    let waiting = pass.store.payouts(pass.code(), &live).await?;
    // A child that is under way is what is done for its parent.
    let parents: BTreeSet<u64> = sent
        .iter()
        .chain(&waiting)
        .filter_map(|payout| payout.parent)
        .collect();
    let mut failures = Vec::new();
    for payout in sent.iter().filter(|it| !parents.contains(&it.number)) {
        match one(pass, payout, report).await {
            Ok(()) => {}
            Err(error @ StepError::Store(StoreError::Away(_))) => return Err(error),
            // Nothing is wrong with the run: it is said where people look for the payout.
            Err(StepError::Replace(error)) => {
                let reason = format!("stuck, and not replaced: {error}");
                report
                    .waiting
                    .push(format!("payout {}: {reason}", payout.number));
                pass.store
                    .explain_payout(pass.code(), payout.number, payout.state, &reason)
                    .await?;
            }
            Err(error) => {
                let error = crate::settle::with_sources(&error);
                failures.push(format!("payout {}: {error}", payout.number));
            }
        }
    }
    crate::settle::together(failures)
}

async fn one(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let (Some(anchor), Some((newest, signed))) = (payout.anchor, payout.newest_signed()) else {
        return Ok(());
    };
    let sight = look(pass, payout, anchor).await?.sight;
    if matches!(sight, Sight::Spent { .. }) {
        return Ok(());
    }
    let dead = dead_inputs(pass, payout).await?;
    let policy = &pass.settings.policy;
    let since = newest.broadcast_at.unwrap_or(signed.at);
    let is_late = is_late(since, pass.at, policy.replace_after_s);
    if dead.is_empty() && (!is_late || policy.replacement == Replacement::None) {
        return Ok(());
    }
    let (_, effects) = step(&life_of(payout), Event::Stuck, 0);
    if !effects.contains(&Effect::Replace) {
        return Ok(());
    }
    if dead.is_empty() && policy.replacement == Replacement::Cpfp {
        return add_child(pass, payout, signed, newest.fee, report).await;
    }
    let version = dearer(pass, payout, &dead).await?;
    let fee = version.fee;
    let added = pass
        .store
        .add_version(pass.code(), payout.number, &version, pass.at)
        .await?;
    let text = format!(
        "version {added} with a fee of {} waits for its signature",
        fee.to_decimal(pass.settings.currency.decimals)
    );
    report.payout(pass, payout.number, text);
    Ok(())
}

/// Whether a payout that was sent at a time has waited long enough.
fn is_late(since: DateTime<Utc>, now: DateTime<Utc>, after_s: u64) -> bool {
    let after = i64::try_from(after_s)
        .ok()
        .and_then(TimeDelta::try_seconds)
        .unwrap_or(TimeDelta::MAX);
    now.signed_duration_since(since) >= after
}

/// Coins of the newest version, the anchor aside, that can never come.
async fn dead_inputs(pass: &Pass<'_>, payout: &PayoutRow) -> Result<BTreeSet<Outpoint>, StepError> {
    let mut dead = BTreeSet::new();
    let newest = payout.versions.last().map_or(&[][..], |it| &it.inputs);
    for input in newest {
        let coin = input.outpoint;
        if Some(coin) == payout.anchor {
            continue;
        }
        let there = pass.store.output(pass.code(), coin.txid, coin.vout).await?;
        if there.is_some_and(|row| row.created.is_some()) {
            continue;
        }
        let maturity = pass.settings.currency.maturity;
        let never = pass.store.never_comes(pass.code(), coin, maturity).await?;
        if never.is_some() {
            dead.insert(coin);
        }
    }
    Ok(dead)
}

/// The next version: the same anchor and payees, a higher fee, without the dead coins.
async fn dearer(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    dead: &BTreeSet<Outpoint>,
) -> Result<NewVersion, StepError> {
    let (last, anchor) = payout
        .versions
        .last()
        .zip(payout.anchor)
        .ok_or(ReplaceError::NoChange)?;
    let unsigned = recognise::read(&last.unsigned).map_err(|source| ReplaceError::Stored {
        number: payout.number,
        source,
    })?;
    // The size of a signed version where there is one, else of what is signed.
    let size = payout
        .newest_signed()
        .and_then(|(_, signed)| recognise::read(&signed.bytes).ok())
        .map_or(unsigned.vsize(), |whole| whole.vsize());
    let last_rate = Rate::from_fee(last.fee, u64::try_from(size).unwrap_or(u64::MAX));
    let terms = terms(pass, last_rate).await?;
    let inputs: Vec<PayoutInput> = last
        .inputs
        .iter()
        .filter(|input| !dead.contains(&input.outpoint))
        .cloned()
        .collect();
    let coins = coins(pass).await?;
    let stuck = Stuck {
        anchor,
        parts: &payout.parts,
        inputs: &inputs,
        fee: last.fee,
    };
    let draft = raise(stuck, &coins, &terms).map_err(ReplaceError::from)?;
    let mut known = Previous::new();
    if let Some(stored) = &last.psbt {
        known = previous_of(stored).map_err(ReplaceError::from)?;
    }
    let previous = previous(pass, &draft, &coins, known).await?;
    Ok(psbt::version(&draft, &previous, Replacement::Rbf).map_err(ReplaceError::from)?)
}

/// A payout of its own that spends the change of a stuck one.
async fn add_child(
    pass: &Pass<'_>,
    parent: &PayoutRow,
    signed: &SignedTransaction,
    fee: Amount,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let (newest, _) = parent.newest_signed().ok_or(ReplaceError::NoChange)?;
    let change = newest
        .change
        .iter()
        .max_by_key(|change| change.amount)
        .ok_or(ReplaceError::NoChange)?;
    let whole = recognise::read(&signed.bytes).map_err(|source| ReplaceError::Stored {
        number: parent.number,
        source,
    })?;
    let vbytes = u64::try_from(whole.vsize()).unwrap_or(u64::MAX);
    let terms = terms(pass, Rate::from_fee(fee, vbytes)).await?;
    let stuck = StuckChange {
        coin: PayoutInput {
            outpoint: Outpoint {
                txid: signed.txid,
                vout: change.vout,
            },
            amount: change.amount,
            script: change.script.clone(),
        },
        fee,
        vbytes,
    };
    let coins = coins(pass).await?;
    let draft = child(&stuck, &coins, &terms).map_err(ReplaceError::from)?;
    let known = Previous::from([(signed.txid, whole)]);
    let previous = previous(pass, &draft, &coins, known).await?;
    let version =
        psbt::version(&draft, &previous, Replacement::Cpfp).map_err(ReplaceError::from)?;
    let payout = NewPayout {
        currency: pass.code().to_owned(),
        kind: PayoutKind::Child,
        parent: Some(parent.number),
        anchor: draft.anchor,
        parts: Vec::new(),
        version,
    };
    match pass.store.prepare_payout(&payout, pass.at).await {
        Ok(prepared) => {
            let text = format!(
                "spends the change of payout {}, which is stuck",
                parent.number
            );
            report.payout(pass, prepared.number, text);
            Ok(())
        }
        // One at a time: the next pass tries again.
        Err(StoreError::Payout(
            refusal @ (PayoutRefusal::AnotherPrepared(_)
            | PayoutRefusal::Stopped(_)
            | PayoutRefusal::CoinTaken { .. }),
        )) => {
            let text = format!("a child of payout {} waits: {refusal}", parent.number);
            report.waiting.push(text);
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// The policy's terms at the next rate above the last.
async fn terms<'a>(pass: &'a Pass<'_>, last: Rate) -> Result<Terms<'a>, StepError> {
    let policy = &pass.settings.policy;
    let estimate = match policy.fee.rate {
        FeeRate::Fixed { .. } => None,
        FeeRate::Estimate { blocks, .. } => estimate(pass, blocks).await,
    };
    let rate = raised_rate(policy, estimate, last).ok_or(ReplaceError::Ceiling)?;
    Ok(Terms::new(pass.settings, rate).map_err(ReplaceError::from)?)
}

/// The highest estimate of a node; none when no node has one.
pub(crate) async fn estimate(pass: &Pass<'_>, blocks: u32) -> Option<u64> {
    let asks = pass
        .nodes
        .answering()
        .map(async |node| node.estimate_fee(blocks).await);
    join_all(asks)
        .await
        .into_iter()
        .filter_map(|estimate| u64::try_from(estimate.ok()??.0).ok())
        .max()
}

pub(crate) async fn coins(pass: &Pass<'_>) -> Result<Vec<Coin>, StepError> {
    let depth = pass.settings.currency.settle_depth;
    let coins = pass.store.spendable_outputs(pass.code(), depth).await?;
    let tip = pass.store.followed_tip(pass.code()).await?;
    let tip = tip.map_or(0, |(height, _)| height.0);
    let maturity = pass.settings.currency.maturity;
    // A stranger's block may pay us: its coins are deposits, and spent by nobody before their time.
    // The next block is the first that may spend a coin whose confirmations are the maturity.
    let is_mature =
        |coin: &SpendableCoin| !coin.coinbase || tip.saturating_sub(coin.height.0) + 1 >= maturity;
    Ok(coins
        .into_iter()
        .filter(is_mature)
        .map(|spendable| Coin {
            outpoint: spendable.coin.outpoint,
            amount: spendable.coin.amount,
            script: spendable.coin.script,
            height: spendable.height,
            block: spendable.block,
        })
        .collect())
}

/// The transactions of a draft's coins: those that are known, the others from the nodes.
pub(crate) async fn previous(
    pass: &Pass<'_>,
    draft: &Draft,
    coins: &[Coin],
    mut known: Previous,
) -> Result<Previous, StepError> {
    for input in &draft.inputs {
        let coin = input.outpoint;
        if known.contains_key(&coin.txid) {
            continue;
        }
        let mut block = coins
            .iter()
            .find(|it| it.outpoint == coin)
            .map(|it| it.block);
        if block.is_none() {
            let row = pass.store.output(pass.code(), coin.txid, coin.vout).await?;
            block = row.and_then(|row| row.created).map(|(_, block)| block);
        }
        let raw = raw(pass, coin, block).await?;
        let transaction = parse_previous(&raw, coin.txid).map_err(ReplaceError::from)?;
        known.insert(coin.txid, transaction);
    }
    Ok(known)
}

async fn raw(
    pass: &Pass<'_>,
    coin: Outpoint,
    block: Option<BlockHash>,
) -> Result<Vec<u8>, StepError> {
    let mut answers = Vec::new();
    for node in pass.nodes.answering() {
        match node.transaction(coin.txid, block).await {
            Ok(reply) if !reply.raw.is_empty() => return Ok(reply.raw.to_vec()),
            Ok(_) => answers.push(format!("{} does not have it", node.name)),
            Err(error) => answers.push(error.to_string()),
        }
    }
    Err(ReplaceError::NoPrevious {
        coin,
        answers: answers.join("; "),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payout_is_late_after_its_time_and_not_before() {
        let sent: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let at = |seconds| sent + TimeDelta::seconds(seconds);
        assert!(!is_late(sent, at(3_599), 3_600));
        assert!(is_late(sent, at(3_600), 3_600));
        assert!(!is_late(sent, at(1 << 40), u64::MAX));
    }
}
