//! One run of prepare: at most one payout, from what the books hold now.

use chrono::{DateTime, Utc};
use ngpool_chain::Amount;
use ngpool_settings::{FeePayer, FeeRate, PayoutSettings, SignerRefusal};
use ngpool_store::{
    Account, NewPayout, POOL_FEE, PayeeRefusal, PayoutKind, PayoutRefusal, PayoutState, Store,
    StoreError,
};

use super::{
    Draft, LeftOut, Limit, Owed, Reason, Terms, candidates, consolidate, first_rate, psbt, select,
};
use crate::{
    RunError,
    payout::replace::{self, ReplaceError},
    settle::{Pass, StepError, with_sources},
};

/// Payees told by name in the log; the rest is in the report.
const TOLD: usize = 20;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrepareReport {
    /// The payout that was prepared.
    pub prepared: Option<Prepared>,
    /// Why none was, where nothing is wrong.
    pub waiting: Option<String>,
    /// Payees with a balance who are not in it, and why.
    pub left_out: Vec<LeftOut>,
    /// What an operator should know.
    pub warnings: Vec<String>,
    /// Why the run failed; none when it did its work.
    pub error: Option<String>,
}

/// A payout that was prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prepared {
    /// Its number.
    pub number: u64,
    /// What it is for.
    pub kind: PayoutKind,
    /// How many payees it pays.
    pub payees: usize,
    /// What they get together.
    pub paid: Amount,
    /// The chain's fee.
    pub fee: Amount,
    /// Coins that it spends.
    pub inputs: usize,
}

impl PrepareReport {
    /// One line when the run failed; none when all is well.
    pub fn failures(&self) -> Vec<String> {
        self.error
            .iter()
            .map(|error| format!("step prepare failed: {error}"))
            .collect()
    }
}

/// One run with everything given: the database, and the time that it writes.
///
/// Nothing is done while a payout waits for its first signature, while payouts are stopped, or with
/// as many in flight as the policy allows: the same run again changes nothing.
pub async fn run_prepare(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<PrepareReport, RunError> {
    let pass = Pass::begin(store, settings, at).await?;
    let mut report = PrepareReport::default();
    let outcome = prepare(&pass, &mut report).await;
    report.error = outcome.err().map(|error| with_sources(&error));
    let text = report.error.as_deref().unwrap_or_default();
    if let Err(problem) = store.record_step(pass.code(), "prepare", text, at).await {
        tracing::warn!(%problem, "how the step ended is not recorded");
    }
    tell(&pass, &report);
    Ok(report)
}

/// Prepares once more, within another job's pass.
pub(crate) async fn prepare_again(pass: &Pass<'_>) -> Result<PrepareReport, StepError> {
    let mut report = PrepareReport::default();
    prepare(pass, &mut report).await?;
    tell(pass, &report);
    Ok(report)
}

async fn prepare(pass: &Pass<'_>, report: &mut PrepareReport) -> Result<(), StepError> {
    report.waiting = hindrance(pass).await?;
    if report.waiting.is_some() {
        return Ok(());
    }
    let policy = &pass.settings.policy;
    let estimate = match policy.fee.rate {
        FeeRate::Fixed { .. } => None,
        FeeRate::Estimate { blocks, .. } => replace::estimate(pass, blocks).await,
    };
    let rate = first_rate(policy, estimate);
    let terms = Terms::new(pass.settings, rate).map_err(ReplaceError::from)?;
    let (candidates, left_out) = candidates(&owed(pass).await?, policy, terms.network, pass.at);
    report.left_out = left_out;
    let coins = replace::coins(pass).await?;
    let selection = select(&candidates, &coins, &terms);
    let is_stuck_on_inputs = selection
        .left_out
        .iter()
        .any(|left_out| left_out.reason == Reason::Full(Limit::Inputs));
    report.left_out.extend(selection.left_out);
    // Nobody can be paid with so few coins as the limits allow: larger ones are made first.
    let gathered = if selection.draft.is_none() && is_stuck_on_inputs {
        consolidate(&coins, &terms)
    } else {
        None
    };
    let (kind, draft) = match (selection.draft, gathered) {
        (Some(draft), _) => (PayoutKind::Payees, draft),
        (None, Some(draft)) => (PayoutKind::Consolidation, draft),
        (None, None) => {
            report.waiting = Some("nobody is to be paid now".to_owned());
            return Ok(());
        }
    };
    let previous = replace::previous(pass, &draft, &coins, psbt::Previous::new()).await?;
    let version =
        psbt::version(&draft, &previous, policy.replacement).map_err(ReplaceError::from)?;
    let payout = NewPayout {
        currency: pass.code().to_owned(),
        kind,
        parent: None,
        anchor: draft.anchor,
        parts: draft.parts.clone(),
        version,
    };
    match pass.store.prepare_payout(&payout, pass.at).await {
        Ok(prepared) => {
            warn_of_fees(pass, &draft, report).await?;
            report.prepared = Some(Prepared {
                number: prepared.number,
                kind,
                payees: draft.parts.len(),
                paid: Amount(draft.parts.iter().map(|part| part.amount.0).sum()),
                fee: draft.fee,
                inputs: draft.inputs.len(),
            });
            Ok(())
        }
        // Another run, or the chain, was faster: the next run sees what is left.
        Err(
            error @ (StoreError::Overdrawn(_)
            | StoreError::Payout(
                PayoutRefusal::AnotherPrepared(_)
                | PayoutRefusal::Stopped(_)
                | PayoutRefusal::CoinTaken { .. }
                | PayoutRefusal::CoinNotHeld(_),
            )),
        ) => {
            report.waiting = Some(error.to_string());
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Why no payout may be begun now.
async fn hindrance(pass: &Pass<'_>) -> Result<Option<String>, StepError> {
    let (store, code) = (pass.store, pass.code());
    if let Some(reason) = store.payouts_stopped(code).await? {
        return Ok(Some(format!("payouts are stopped: {reason}")));
    }
    let prepared = store.payouts(code, &[PayoutState::Prepared]).await?;
    if let Some(payout) = prepared.first() {
        let number = payout.number;
        return Ok(Some(format!("payout {number} waits for its signature")));
    }
    let most = pass.settings.policy.max_in_flight;
    let in_flight = store.payouts_in_flight(code).await?;
    Ok((in_flight >= u64::from(most)).then(|| {
        format!("{in_flight} payouts are signed and not confirmed; the policy allows {most}")
    }))
}

/// What is owed to whom, the operator's draw included.
async fn owed(pass: &Pass<'_>) -> Result<Vec<Owed>, StepError> {
    let releases = pass.store.payee_releases(pass.code()).await?;
    let payable = pass.store.payable(pass.code()).await?;
    let mut owed: Vec<_> = payable
        .into_iter()
        .map(|payable| Owed {
            released: releases.get(&payable.payee).copied(),
            payee: payable.payee,
            balance: payable.balance,
            minimum: payable.minimum,
            hold: payable.hold,
            refused: refusal(payable.refused),
            credited_at: Some(payable.first_credited),
        })
        .collect();
    let draws = pass.store.fee_draws(pass.code()).await?;
    owed.push(Owed {
        payee: POOL_FEE.to_owned(),
        balance: draws.open.min(draws.fees),
        minimum: None,
        hold: None,
        refused: refusal(pass.store.payee_refusal(pass.code(), POOL_FEE).await?),
        released: None,
        credited_at: None,
    });
    Ok(owed)
}

fn refusal(stored: Option<PayeeRefusal>) -> Option<SignerRefusal> {
    stored.map(|PayeeRefusal { reason, until }| SignerRefusal { reason, until })
}

/// A pool that pays fees which it has not earned pays them with its payees' coins.
async fn warn_of_fees(
    pass: &Pass<'_>,
    draft: &Draft,
    report: &mut PrepareReport,
) -> Result<(), StepError> {
    let borne: i64 = draft.parts.iter().map(|part| part.fee_share.0).sum();
    let pools = draft.fee.0.saturating_sub(borne);
    let balances = pass.store.account_balances(pass.code()).await?;
    let of = |account: Account| balances.get(&account).map_or(0, |amount| amount.0);
    let own = of(Account::Fee)
        .saturating_add(of(Account::Capital))
        .saturating_add(of(Account::NetworkFee).min(0));
    if pools > own.max(0) && pass.settings.policy.fee.from == FeePayer::Pool {
        let decimals = pass.settings.currency.decimals;
        report.warnings.push(format!(
            "the pool pays a fee of {} and has {} of its own: book capital, or let the payees pay",
            Amount(pools).to_decimal(decimals),
            Amount(own).to_decimal(decimals)
        ));
    }
    Ok(())
}

fn tell(pass: &Pass<'_>, report: &PrepareReport) {
    let currency = pass.code();
    if let Some(prepared) = &report.prepared {
        let Prepared {
            number,
            kind,
            payees,
            paid,
            fee,
            inputs,
        } = prepared;
        tracing::info!(currency, number, %kind, payees, %paid, %fee, inputs, "payout prepared");
    }
    if let Some(waiting) = &report.waiting {
        tracing::info!(currency, waiting, "no payout prepared");
    }
    for warning in &report.warnings {
        tracing::warn!(currency, "{warning}");
    }
    let needing = report
        .left_out
        .iter()
        .filter(|left_out| left_out.reason.needs_somebody());
    for left_out in needing.take(TOLD) {
        let LeftOut {
            payee,
            balance,
            reason,
        } = left_out;
        tracing::warn!(currency, payee, %balance, %reason, "payee left out");
    }
    if !report.left_out.is_empty() {
        tracing::info!(
            currency,
            payees = report.left_out.len(),
            "payees not paid now"
        );
    }
}
