//! `ngpool status`: asks a running pool how it is.

use std::{io::Write, path::PathBuf};

use clap::Args;
use thiserror::Error;

use crate::{
    cluster::{self, ClusterArgs, ClusterError, Connection, Output},
    overview,
    up::{DEFAULT_STATE_DIR, StateDir, StateDirError, StatusFile, StatusFileError},
};

/// Ask a pool how its parts are: the `ngpool up` of this machine, or one in a cluster.
///
/// Called as `kubectl ngpool`, or with --cluster or an option that names a cluster, it shows the
/// objects of a namespace as a tree, each with its state and the reason of anything unwell.
/// Otherwise it asks the programs that `ngpool up` runs. The exit code is not 0 when something is
/// unwell.
#[derive(Debug, Args)]
pub struct StatusCommand {
    /// The state directory of the running pool.
    #[arg(long, default_value = DEFAULT_STATE_DIR)]
    pub state_dir: PathBuf,
    /// Form of the answer.
    #[command(flatten)]
    pub output: Output,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArgs,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum StatusError {
    /// No such directory.
    #[error(transparent)]
    StateDir(#[from] StateDirError),
    /// Nothing runs there.
    #[error(transparent)]
    File(#[from] StatusFileError),
    /// The cluster has no answer.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The answer cannot be printed.
    #[error("cannot print the status")]
    Print(#[from] std::io::Error),
}

/// Prints the overview; gives whether everything is ready.
pub async fn run(command: &StatusCommand, output: &mut dyn Write) -> Result<bool, StatusError> {
    if command.cluster.is_asked() {
        let connection = Connection::open(&command.cluster.connection)
            .await
            .map_err(ClusterError::from)?;
        return Ok(cluster::status(&connection, command.output, output).await?);
    }
    let file = StatusFile::read(&StateDir::existing(&command.state_dir)?)?;
    let overview = overview::ask(&file).await;
    if command.output.is_json() {
        serde_json::to_writer_pretty(&mut *output, &overview).map_err(std::io::Error::from)?;
        writeln!(output)?;
    } else {
        for line in overview::lines(&overview) {
            writeln!(output, "{line}")?;
        }
    }
    Ok(overview.programs.iter().all(|program| program.ready))
}
