//! The `ngpayout` program.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Parser, Subcommand};
use ngpool_runtime::{document, logging, logging::LogFormat, shutdown};
use ngpool_settings::PayoutSettings;

/// Follows the blocks of a currency and settles them; every run is one pass.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    job: Job,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "text", global = true)]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Follows the chain, accepts, matures and orphans blocks, signs statements. Safe to run at any
    /// time and twice at once.
    Settle {
        /// The document of the currency.
        #[arg(long, value_name = "PATH")]
        document: PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments {
        job: Job::Settle { document },
        log_format,
    } = Arguments::parse();
    logging::start(log_format);
    let settings: PayoutSettings = document::read(&document)?;
    let stop = shutdown::on_signal().context("cannot listen for signals")?;
    let report = tokio::select! {
        report = ngpayout::run_settle_once(&settings) => report?,
        // Whatever was not committed is done by the next run.
        () = stop.cancelled() => anyhow::bail!("asked to stop before the pass was over"),
    };
    let failures = report.failures();
    for failure in &failures {
        tracing::error!(currency = settings.currency.code, "{failure}");
    }
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
