//! The `ngledger` program.

use std::path::PathBuf;

use clap::Parser;
use ngpool_runtime::{
    Program, document,
    logging::{self, LogFormat},
    shutdown,
};
use ngpool_settings::LedgerSettings;

/// Makes shares durable exactly once, and keeps live statistics.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The document to run on; changes to it apply while running.
    #[arg(long)]
    document: PathBuf,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "json")]
    log_format: LogFormat,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    logging::start(arguments.log_format);
    let shutdown = shutdown::on_signal()?;
    let settings = document::watch::<LedgerSettings>(arguments.document, shutdown.clone())?;
    let name = settings.borrow().sharechain.clone();
    ngledger::run(settings, Program::new("ngledger", name, shutdown)).await?;
    Ok(())
}
