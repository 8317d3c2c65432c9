//! The command itself.

use std::{
    io::IsTerminal,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use clap::Args;

use super::{DEFAULT_STATE_DIR, Pool, StateDir, StatusFile, UpError, UpOptions};
use crate::{overview, screen::Screen, signals::Signals};

/// Time between two pictures of the progress view.
const REDRAW: Duration = Duration::from_secs(1);

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

/// Runs the pool until it is told to stop; its log lines go through the screen.
pub(crate) async fn run(
    command: UpCommand,
    signals: &Signals,
    screen: &Screen,
) -> Result<(), UpError> {
    let options = UpOptions {
        paths: command.paths,
        state_dir: command.state_dir,
        listen: command.listen,
    };
    let mut pool = match Pool::start(options, &signals.drain).await {
        Err(UpError::Interrupted) => {
            tracing::info!("stopped before it ran");
            return Ok(());
        }
        started => started?,
    };
    tracing::info!(
        api = %pool.rest().address(),
        "the pool runs; Ctrl-C drains and stops it"
    );
    let progress = !command.json && !command.no_progress && std::io::stderr().is_terminal();
    let state = pool.state_dir().clone();
    tokio::select! {
        () = pool.follow(&signals.drain) => {}
        () = show_progress(&state, screen), if progress => {}
    }
    screen.show(Vec::new());
    tracing::info!("draining; Ctrl-C again does not wait for miners");
    pool.shut_down(&signals.hurry).await;
    tracing::info!("stopped");
    Ok(())
}

/// Redraws the overview every second, for ever.
async fn show_progress(state: &StateDir, screen: &Screen) {
    loop {
        if let Ok(running) = StatusFile::read(state) {
            screen.show(overview::lines(&overview::ask(&running).await));
        }
        tokio::time::sleep(REDRAW).await;
    }
}
