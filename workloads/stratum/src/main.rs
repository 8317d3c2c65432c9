//! The `ngstratum` program.

use std::path::PathBuf;

use clap::Parser;
use ngpool_runtime::{
    Program, document,
    logging::{self, LogFormat},
    shutdown,
};
use ngpool_settings::StratumSettings;

/// Where miners connect.
#[derive(Parser)]
#[command(name = "ngstratum", version)]
struct Arguments {
    /// The document it runs on.
    #[arg(long, value_name = "PATH", env = "NGPOOL_DOCUMENT")]
    document: PathBuf,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "json")]
    log_format: LogFormat,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    logging::start(arguments.log_format);
    let stop = shutdown::on_signal()?;
    let settings = document::watch::<StratumSettings>(arguments.document, stop.clone())?;
    let name = settings.borrow().name.clone();
    ngstratum::run(settings, Program::new("ngstratum", name, stop)).await?;
    Ok(())
}
