//! The `ngpool-operator` program.

use clap::Parser;
use ngpool_operator::{Arguments, ask::ask, run};
use ngpool_runtime::{Program, logging, shutdown};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(address) = &arguments.ask {
        println!("{}", ask(address).await?);
        return Ok(());
    }
    logging::start(arguments.log_format);
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let shutdown = shutdown::on_signal()?;
    let program = Program::new("ngpool-operator", "operator", shutdown);
    run(arguments, program).await?;
    Ok(())
}
