//! Files to and from other signers and devices.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use bitcoin::Psbt;
use ngpool_signing::request::{MAX_REQUEST, Request};

use super::{
    NEEDS,
    answer::{clock, read, report, write_document},
    files::SignerFiles,
};
use crate::{keystore::replace, signer::Handed};

pub(super) fn cosign(files: &SignerFiles, request: &Path, out: &Path) -> anyhow::Result<u8> {
    let request = Request::parse(&read(request, MAX_REQUEST)?)?;
    let handed = files.open()?.cosign(&request, clock()?)?;
    hand_over(&handed, out, Some(out))
}

pub(super) fn export(
    files: &SignerFiles,
    request: &Path,
    out: &Path,
    answer: Option<&Path>,
) -> anyhow::Result<u8> {
    let request = Request::parse(&read(request, MAX_REQUEST)?)?;
    let handed = files.open()?.export(&request, clock()?)?;
    hand_over(&handed, out, answer)
}

pub(super) fn import(files: &SignerFiles, psbts: &[PathBuf], out: &Path) -> anyhow::Result<u8> {
    let psbts = psbts
        .iter()
        .map(|path| read_psbt(path).with_context(|| format!("cannot use {}", path.display())))
        .collect::<Result<Vec<_>, _>>()?;
    let handed = files.open()?.import(&psbts, clock()?)?;
    hand_over(&handed, out, Some(out))
}

/// Writes what came of it: a PSBT or a request to `out`, an answer to `answers`. An export that was
/// refused leaves nothing in the file that should be a PSBT.
fn hand_over(handed: &Handed, out: &Path, answers: Option<&Path>) -> anyhow::Result<u8> {
    let mut said = io::stderr();
    match handed {
        Handed::Answer(response) => {
            if let Some(path) = answers {
                write_document(path, response)?;
            }
            report(response)
        }
        Handed::PassOn { request, lacking } => {
            write_document(out, request)?;
            writeln!(
                said,
                "signed here, {lacking} more needed: hand {} to the next signer",
                out.display()
            )?;
            Ok(NEEDS)
        }
        Handed::Device {
            psbt,
            answer: waiting,
        } => {
            replace(out, psbt).with_context(|| format!("cannot write {}", out.display()))?;
            if let Some(path) = answers {
                write_document(path, waiting)?;
            }
            writeln!(
                said,
                "counted as signed: take {} to the device and bring its PSBT back by import-psbt",
                out.display()
            )?;
            Ok(0)
        }
    }
}

fn read_psbt(path: &Path) -> anyhow::Result<Psbt> {
    let bytes = read(path, MAX_REQUEST)?;
    // A length in memory fits.
    ensure!(
        bytes.len() as u64 <= MAX_REQUEST,
        "the file is too long for a PSBT"
    );
    if bytes.starts_with(b"psbt") {
        return Ok(Psbt::deserialize(&bytes)?);
    }
    let text = String::from_utf8(bytes).context("neither a PSBT nor a text")?;
    let text: String = text.split_whitespace().collect();
    let bytes = hex::decode(&text)
        .ok()
        .or_else(|| BASE64_STANDARD.decode(&text).ok())
        .context("neither a PSBT nor one in base64 or hexadecimal")?;
    Ok(Psbt::deserialize(&bytes)?)
}
