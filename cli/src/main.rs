//! The `ngpool` command.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    ngpool::commands::Cli::parse().run().await
}
