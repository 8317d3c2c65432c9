//! `ngpool status`: asks a running pool how it is.

use std::{io::Write, path::PathBuf};

use clap::Args;
use thiserror::Error;

use crate::{
    overview,
    up::{DEFAULT_STATE_DIR, StateDir, StateDirError, StatusFile, StatusFileError},
};

/// Ask a running `ngpool up` how its parts are.
#[derive(Debug, Args)]
pub struct StatusCommand {
    /// The state directory of the running pool.
    #[arg(long, default_value = DEFAULT_STATE_DIR)]
    pub state_dir: PathBuf,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
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
    /// The answer cannot be printed.
    #[error("cannot print the status")]
    Print(#[from] std::io::Error),
}

/// Prints the overview; gives whether everything is ready.
pub async fn run(command: &StatusCommand, output: &mut dyn Write) -> Result<bool, StatusError> {
    let file = StatusFile::read(&StateDir::existing(&command.state_dir)?)?;
    let overview = overview::ask(&file).await;
    if command.json {
        serde_json::to_writer_pretty(&mut *output, &overview).map_err(std::io::Error::from)?;
        writeln!(output)?;
    } else {
        for line in overview::lines(&overview) {
            writeln!(output, "{line}")?;
        }
    }
    Ok(overview.programs.iter().all(|program| program.ready))
}
