//! The `ngpool` command.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    // One for the whole process; an error means that there is one already.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    ngpool::commands::Cli::read(std::env::args_os()).run().await
}
