//! The `ngcoinserver` program.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};
use ngcoinserver::daemon;
use ngpool_runtime::{
    Program, document,
    logging::{self, LogFormat},
    shutdown,
};
use ngpool_settings::CoinserverSettings;

/// Beside a coin daemon: templates out, blocks in, chain queries.
#[derive(Parser)]
#[command(name = "ngcoinserver", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The document it runs on.
    #[arg(long, value_name = "PATH", env = "NGPOOL_DOCUMENT", required = true)]
    document: Option<PathBuf>,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "json")]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a daemon's data directory if there is none, and waits until no daemon uses it.
    WaitForLock {
        /// The daemon's data directory.
        #[arg(long, value_name = "PATH")]
        data_dir: PathBuf,
        /// Name of the chain, such as `main`.
        #[arg(long)]
        chain: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    logging::start(arguments.log_format);
    let stop = shutdown::on_signal()?;
    if let Some(Command::WaitForLock { data_dir, chain }) = arguments.command {
        daemon::wait_until_free(&data_dir, &chain, &stop)
            .await
            .with_context(|| format!("cannot make {}", data_dir.display()))?;
        return Ok(());
    }
    let document = arguments.document.context("--document is missing")?;
    let settings = document::watch::<CoinserverSettings>(document, stop.clone())?;
    let name = settings.borrow().name.clone();
    ngcoinserver::run(settings, Program::new("ngcoinserver", name, stop)).await?;
    Ok(())
}
