//! The `ngpayout` program.

use std::process::ExitCode;

use clap::Parser;
use ngpayout::command::{Arguments, run};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    run(Arguments::parse(), &mut std::io::stdout()).await
}
