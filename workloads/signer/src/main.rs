//! The `ngsign` program.

use std::process::ExitCode;

use clap::Parser;

fn main() -> anyhow::Result<ExitCode> {
    ngsign::command::Cli::parse().run().map(ExitCode::from)
}
