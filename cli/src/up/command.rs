//! The command itself.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use clap::Args;

use super::{DEFAULT_STATE_DIR, Pool, UpError, UpOptions};
use crate::signals::Signals;

/// Run a whole pool on this machine: its database, nodes and programs. Ctrl-C drains and stops it.
#[derive(Debug, Args)]
pub struct UpCommand {
    /// YAML files, or folders of them.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Where data, credentials and books are kept.
    #[arg(long, default_value = DEFAULT_STATE_DIR)]
    pub state_dir: PathBuf,
    /// Address on which miners and API clients are served.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::UNSPECIFIED))]
    pub listen: IpAddr,
    /// Log lines as JSON objects, without a progress view.
    #[arg(long)]
    pub json: bool,
    /// Log lines only.
    #[arg(long)]
    pub no_progress: bool,
}

/// Runs the pool until it is told to stop.
pub async fn run(command: UpCommand, signals: &Signals) -> Result<(), UpError> {
    let options = UpOptions {
        paths: command.paths,
        state_dir: command.state_dir,
        listen: command.listen,
    };
    let starting = Pool::start(options);
    let mut pool = starting.await?;
    tracing::info!(
        api = %pool.rest().address(),
        "the pool runs; Ctrl-C drains and stops it"
    );
    pool.follow(&signals.drain).await;
    tracing::info!("draining; Ctrl-C again does not wait for miners");
    pool.shut_down(&signals.hurry).await;
    tracing::info!("stopped");
    Ok(())
}
