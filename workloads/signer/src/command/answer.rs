//! Answering files, and saying on the terminal what came of it.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, ensure};
use ngpool_signing::request::{MAX_REQUEST, Outcome, Request, Response};

use super::{
    NEEDS, REFUSED,
    files::{Files, SignerFiles},
};
use crate::{
    books::{PayoutBooks, Timestamp},
    keystore::replace,
    signer,
};

pub(super) fn sign(files: &SignerFiles, request: &Path, out: &Path) -> anyhow::Result<u8> {
    let request = Request::parse(&read(request, MAX_REQUEST)?)?;
    let response = files.open()?.answer(&request, clock()?)?;
    write_document(out, &response)?;
    report(&response)
}

/// Reads a file, but no more of it than one byte above a limit.
pub(super) fn read(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

/// Writes a document whole or not at all.
pub(super) fn write_document(out: &Path, document: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec_pretty(document)?;
    text.push(b'\n');
    replace(out, &text).with_context(|| format!("cannot write {}", out.display()))
}

/// Says what came of a request. Returns the exit code.
pub(super) fn report(response: &Response) -> anyhow::Result<u8> {
    let mut said = io::stderr();
    let payout = match response.number {
        Some(number) => format!("payout {number}"),
        None => "no payout".to_owned(),
    };
    Ok(match &response.outcome {
        Outcome::Signed { txid, again, .. } => {
            let how = if *again { "given again" } else { "signed" };
            writeln!(said, "{payout}: {how} as {txid}")?;
            0
        }
        Outcome::Voided {} => {
            writeln!(said, "{payout}: void")?;
            0
        }
        Outcome::Booked {} => {
            writeln!(said, "{payout}: the statements are booked")?;
            0
        }
        Outcome::Told { statements } => {
            let count = statements.len();
            writeln!(said, "the pool lost statements: {count} are given back")?;
            0
        }
        Outcome::Waiting { text } => {
            writeln!(said, "{payout}: {text}")?;
            NEEDS
        }
        Outcome::Refused { reason, text, .. } => {
            writeln!(said, "{payout}: refused ({reason}): {text}")?;
            REFUSED
        }
        Outcome::Needs {
            statements,
            payouts,
        } => {
            for missing in statements {
                let (chain, after) = (&missing.sharechain, missing.after);
                writeln!(
                    said,
                    "not signed: send the statements of {chain} after {after}"
                )?;
            }
            if !payouts.is_empty() {
                let count = payouts.len();
                writeln!(
                    said,
                    "not signed: the pool must book {count} payouts of the answer first"
                )?;
            }
            NEEDS
        }
    })
}

pub(super) fn release(files: &Files, number: u64, is_confirmed: bool) -> anyhow::Result<u8> {
    let (mut keystore, mut journal) = files.open()?;
    let mut said = io::stderr();
    if let Some(PayoutBooks::Signed(signed)) = journal.books().payout(number) {
        writeln!(said, "payout {number} spends {}", signed.anchor)?;
        for part in &signed.parts {
            writeln!(said, "  {} to {}", part.amount, part.payee)?;
        }
        for version in &signed.versions {
            match &version.transaction {
                Some(whole) => writeln!(said, "  as {}", whole.0.compute_txid())?,
                None => writeln!(said, "  version {} by others", version.version)?,
            }
        }
        if !is_confirmed && !signed.is_released {
            write!(said, "Its number again, if it can never confirm: ")?;
            let mut typed = String::new();
            io::stdin().read_line(&mut typed)?;
            ensure!(
                typed.trim() == number.to_string(),
                "nothing was released: that is not the number"
            );
        }
    }
    match signer::release(&mut keystore, &mut journal, number, clock()?)? {
        Ok(is_new) => {
            let how = if is_new {
                "released"
            } else {
                "was released before"
            };
            writeln!(said, "payout {number} {how}")?;
            Ok(0)
        }
        Err(refusal) => {
            writeln!(said, "not released ({}): {refusal}", refusal.code())?;
            Ok(REFUSED)
        }
    }
}

/// Seconds since 1970 by this machine's clock.
pub(super) fn clock() -> anyhow::Result<Timestamp> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    Ok(i64::try_from(since.as_secs())?)
}
