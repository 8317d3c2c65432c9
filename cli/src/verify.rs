//! `ngpool verify-split`: checks how a block was divided, or what a period of bought work was worth,
//! without trusting the pool.
//!
//! ```text
//!  URL ──▶ fetch ─┐
//!  file ──────────┴▶ Document ──▶ split: sums, terms, recomputed ──▶ Findings, exit status
//!                             ──▶ statement: signature, chain, root
//!                             ──▶ one's own part
//! ```

mod document;
mod fetch;
mod period;
mod split;
mod statement;
#[cfg(test)]
mod tests;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use ngpool_accounting::{Leaf, Payee, SumTree};
use serde_json::{Value, json};
use thiserror::Error;

use document::Document;

/// Longest file that is read, bytes: far above any split.
const MAX_FILE: u64 = 256 << 20;

/// Check a block's published split, or a period of bought work, its signed statement, and one's own part
///
/// The split is recomputed from the published work and terms. Ends with status 0 only when
/// everything holds.
#[derive(Debug, Args)]
pub struct VerifyCommand {
    /// The block's split or the period: a saved file, or its address such as
    /// <https://pool.example/api/v1/blocks/LTC/HASH> or
    /// <https://pool.example/api/v1/sharechains/NAME/periods/LTC/NUMBER>.
    pub source: String,
    /// Check this payee's own part too.
    #[arg(long)]
    pub payee: Option<String>,
    /// What that part should be, base units.
    #[arg(long, requires = "payee")]
    pub amount: Option<u64>,
    /// The pool's statement key, hex, as it was learnt before.
    #[arg(long)]
    pub key: Option<String>,
    /// Save what was read, to be checked again offline.
    #[arg(long)]
    pub save: Option<PathBuf>,
    /// Print a JSON list.
    #[arg(long)]
    pub json: bool,
}

/// Why there is nothing to check.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// A file.
    #[error("cannot use {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is too long.
    #[error("{0} is longer than a split can be")]
    Long(PathBuf),
    /// An address that gives nothing.
    #[error("cannot read {url}: {reason}")]
    Fetch {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// Not a split.
    #[error(
        "not the published split of a block: {0}; save it from \
         /api/v1/blocks/CURRENCY/HASH/split, or with --save"
    )]
    Shape(#[from] serde_json::Error),
    /// The findings cannot be printed.
    #[error("cannot print what was found")]
    Print(#[from] std::io::Error),
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    holds: bool,
    text: String,
}

/// All that was checked.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes a check: what holds, or what is wrong.
    fn note(&mut self, checked: Result<String, String>) {
        let (holds, text) = match checked {
            Ok(text) => (true, text),
            Err(text) => (false, text),
        };
        self.0.push(Finding { holds, text });
    }

    fn all_hold(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|finding| finding.holds)
    }
}

/// Checks and prints. Returns whether everything holds.
pub async fn run(command: &VerifyCommand, output: &mut dyn Write) -> Result<bool, VerifyError> {
    let is_url = command.source.contains("://");
    let value = if is_url {
        fetch::document(&command.source).await?
    } else {
        read(Path::new(&command.source))?
    };
    if let Some(path) = &command.save {
        std::fs::write(path, serde_json::to_vec(&value)?).map_err(|source| VerifyError::File {
            path: path.clone(),
            source,
        })?;
    }
    let findings = if value.get("period").is_some() {
        period::check(&serde_json::from_value(value)?, command)
    } else {
        check(&serde_json::from_value(value)?, command)
    };
    if command.json {
        let list: Vec<_> = findings
            .0
            .iter()
            .map(|it| json!({"holds": it.holds, "text": it.text}))
            .collect();
        writeln!(output, "{:#}", Value::from(list))?;
    } else {
        for finding in &findings.0 {
            let word = if finding.holds { "ok  " } else { "FAIL" };
            writeln!(output, "{word} {}", printable(&finding.text))?;
        }
        let end = if findings.all_hold() {
            "everything holds"
        } else {
            "NOT everything holds"
        };
        writeln!(output, "{end}")?;
    }
    Ok(findings.all_hold())
}

/// A pool's text must not move the cursor of the terminal that shows it.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

fn read(path: &Path) -> Result<Value, VerifyError> {
    let failed = |source| VerifyError::File {
        path: path.to_owned(),
        source,
    };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MAX_FILE {
        return Err(VerifyError::Long(path.to_owned()));
    }
    Ok(serde_json::from_slice(
        &std::fs::read(path).map_err(failed)?,
    )?)
}

fn check(document: &Document, command: &VerifyCommand) -> Findings {
    let mut findings = Findings::default();
    findings.note(complete(document));
    split::check(document, &mut findings);
    statement::check(document, command.key.as_deref(), &mut findings);
    if let Some(payee) = &command.payee {
        own_part(document, payee, command.amount, &mut findings);
    }
    findings
}

fn complete(document: &Document) -> Result<String, String> {
    if document.format != 1 {
        return Err(format!(
            "the document has form {}, this program reads 1",
            document.format
        ));
    }
    if document.next.is_some() {
        return Err(
            "the document holds only the first credits: read it from its address with --save"
                .to_owned(),
        );
    }
    let block = &document.block;
    Ok(format!(
        "block {} of {} at height {}, {}",
        block.hash, block.currency, block.height, block.state
    ))
}

fn own_part(document: &Document, payee: &str, wanted: Option<u64>, findings: &mut Findings) {
    let lines: Vec<_> = document
        .credits
        .iter()
        .filter(|credit| credit.payee == payee)
        .collect();
    if lines.is_empty() {
        findings.note(Err(format!("{payee} has no line in the split")));
        return;
    }
    let mut sum = 0_u128;
    for line in lines {
        sum += u128::from(line.amount);
        let tree = SumTree::new(split::leaves(document, &line.sharechain));
        let leaf = Leaf::public(&Payee::new(payee), line.work, line.amount);
        let root = tree.root();
        let place = tree
            .proof(&leaf)
            .filter(|proof| proof.verify(&leaf, &root).is_ok());
        findings.note(match place {
            Some(proof) => Ok(format!(
                "{payee} has line {} of {} on {}: work {}, amount {}",
                proof.index + 1,
                root.leaves,
                line.sharechain,
                line.work,
                line.amount
            )),
            None => Err(format!(
                "the line of {payee} is not in the split of {}",
                line.sharechain
            )),
        });
    }
    if let Some(wanted) = wanted {
        findings.note(if sum == u128::from(wanted) {
            Ok(format!("{payee} is credited {sum}, as expected"))
        } else {
            Err(format!("{payee} is credited {sum}, not {wanted}"))
        });
    }
}
