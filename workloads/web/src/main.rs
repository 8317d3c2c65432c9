//! The `ngweb` program.

use std::path::PathBuf;

use clap::Parser;
use ngpool_runtime::{
    Program, document,
    logging::{self, LogFormat},
    shutdown,
};

/// The public REST API of a pool.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The program's document.
    #[arg(long, env = "NGPOOL_DOCUMENT", required_unless_present = "openapi")]
    document: Option<PathBuf>,
    /// How log lines look.
    #[arg(long, default_value = "json")]
    log_format: LogFormat,
    /// Prints the OpenAPI document and ends.
    #[arg(long)]
    openapi: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let Some(path) = arguments.document.filter(|_| !arguments.openapi) else {
        println!("{}", ngweb::document().to_pretty_json()?);
        return Ok(());
    };
    logging::start(arguments.log_format);
    let shutdown = shutdown::on_signal()?;
    let settings = document::watch(path, shutdown.clone())?;
    let program = Program::new("ngweb", "web", shutdown);
    ngweb::run(settings, program).await?;
    Ok(())
}
