//! The jobs that print what they found: prepare, audit, recover.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use chrono::Utc;
use ngpool_chain::Amount;
use ngpool_settings::PayoutSettings;
use ngpool_store::SolvencyVerdict;

use super::NEEDS_A_LOOK;
use crate::{PrepareReport, SettleReport, audit::AuditReport};

/// Logs what failed in a pass and makes an exit code of it.
pub(super) fn ended(settings: &PayoutSettings, report: &SettleReport) -> ExitCode {
    fail(settings, &report.failures())
}

fn fail(settings: &PayoutSettings, failures: &[String]) -> ExitCode {
    for failure in failures {
        tracing::error!(currency = settings.currency.code, "{failure}");
    }
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

pub(super) async fn prepare(
    settings: &PayoutSettings,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let report = crate::run_prepare_once(settings).await?;
    tell_prepared(settings, &report, out)?;
    Ok(fail(settings, &report.failures()))
}

fn tell_prepared(
    settings: &PayoutSettings,
    report: &PrepareReport,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let coins = |amount: Amount| amount.to_decimal(settings.currency.decimals);
    if let Some(prepared) = &report.prepared {
        writeln!(
            out,
            "payout {} ({}): {} to {} payees, fee {}, {} inputs; it waits for the signer",
            prepared.number,
            prepared.kind,
            coins(prepared.paid),
            prepared.payees,
            coins(prepared.fee),
            prepared.inputs
        )?;
    }
    if let Some(waiting) = &report.waiting {
        writeln!(out, "no payout: {waiting}")?;
    }
    for left_out in &report.left_out {
        let (payee, reason) = (&left_out.payee, &left_out.reason);
        writeln!(
            out,
            "not paid: {payee} {}: {reason}",
            coins(left_out.balance)
        )?;
    }
    Ok(())
}

pub(super) async fn audit(
    settings: &PayoutSettings,
    seen: bool,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let code = &settings.currency.code;
    if seen {
        let store = crate::open(settings)?;
        let count = store.alarms_seen(code, Utc::now()).await;
        store.close().await;
        writeln!(out, "alarms noted as seen: {}", count?)?;
    }
    let Some(AuditReport {
        solvency,
        stop,
        alarms,
    }) = crate::run_audit_once(settings).await?
    else {
        writeln!(out, "nothing to audit: no block was followed yet")?;
        return Ok(ExitCode::SUCCESS);
    };
    let coins = |amount: Amount| amount.to_decimal(settings.currency.decimals);
    let (height, hash) = solvency.tip;
    writeln!(out, "audit: drift {}", coins(solvency.drift))?;
    writeln!(
        out,
        "verdict {} at block {} {hash}",
        solvency.verdict, height.0
    )?;
    if !solvency.reason.is_empty() {
        writeln!(out, "{}", solvency.reason)?;
    }
    writeln!(
        out,
        "on chain {} in {} outputs, in the books {}, in transit {}",
        coins(solvency.on_chain),
        solvency.outputs,
        coins(solvency.booked),
        coins(solvency.in_transit)
    )?;
    writeln!(
        out,
        "payees {} and held {}, immature {}, in flight {}, the pool {}",
        coins(solvency.payees),
        coins(solvency.held),
        coins(solvency.immature),
        coins(solvency.in_flight),
        coins(solvency.pool)
    )?;
    if let Some(stop) = &stop {
        writeln!(out, "payouts are stopped: {stop}")?;
    }
    for alarm in &alarms {
        writeln!(out, "alarm: {alarm}")?;
    }
    let is_well = solvency.verdict != SolvencyVerdict::Drift && stop.is_none() && alarms.is_empty();
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NEEDS_A_LOOK)
    })
}

pub(super) async fn recover(
    settings: &PayoutSettings,
    answer: Option<PathBuf>,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let bytes = answer
        .map(|path| fs::read(&path).with_context(|| format!("cannot read {}", path.display())))
        .transpose()?;
    let (report, recovery) = crate::run_recover_once(settings, bytes.as_deref()).await?;
    for (number, what) in &report.payouts {
        writeln!(out, "payout {number}: {what}")?;
    }
    let signers = recovery
        .signers_last
        .map_or_else(|| "unknown".to_owned(), |last| last.to_string());
    writeln!(
        out,
        "last payout here: {}; last of the signer: {signers}",
        recovery.last
    )?;
    for missing in &recovery.missing {
        writeln!(out, "missing: {missing}")?;
    }
    let code = ended(settings, &report);
    Ok(
        if recovery.missing.is_empty() || !report.failures().is_empty() {
            code
        } else {
            ExitCode::from(NEEDS_A_LOOK)
        },
    )
}
