//! The command line: what can be asked for, and who does it.

use std::{io::stdout, process::ExitCode};

use clap::{Parser, Subcommand};
use ngpool_runtime::{
    logging::{self, LogFormat},
    shutdown,
};

use crate::{keygen, miner};

/// A mining pool on one machine, and the tools around it.
#[derive(Debug, Parser)]
#[command(name = "ngpool", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Miner(miner::MinerCommand),
    Keygen(keygen::KeygenCommand),
}

impl Cli {
    /// Does what was asked for; errors are printed.
    pub async fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Miner(command) => run_miner(command).await,
            Command::Keygen(command) => {
                keygen::run(command, &mut stdout()).map_err(anyhow::Error::from)
            }
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

async fn run_miner(command: miner::MinerCommand) -> anyhow::Result<()> {
    logging::start(log_format(command.json));
    Ok(miner::run(command, shutdown::on_signal()?).await?)
}

fn log_format(json: bool) -> LogFormat {
    if json {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}
