//! The command line: what can be asked for, and who does it.

use std::{io::stdout, process::ExitCode};

use clap::{Parser, Subcommand};
use ngpool_runtime::{logging::LogFormat, shutdown};

use crate::{
    check::{self, Rendered},
    config::{self, ConfigError},
    demo, keygen, miner,
    screen::Screen,
    signals::Signals,
    status,
    up::{self, UpError},
    verify,
};

/// A mining pool on one machine, and the tools around it.
#[derive(Debug, Parser)]
#[command(name = "ngpool", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Up(up::UpCommand),
    Check(check::CheckCommand),
    Config(config::ConfigCommand),
    Status(status::StatusCommand),
    Keygen(keygen::KeygenCommand),
    VerifySplit(verify::VerifyCommand),
    Miner(miner::MinerCommand),
    #[command(hide = true)]
    Demo(demo::DemoCommand),
}

impl Cli {
    /// Does what was asked for; errors are printed.
    pub async fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Up(command) => run_up(command).await,
            Command::Check(command) => check::run(&command, &mut stdout()).map_err(Into::into),
            Command::Config(command) => config::run(&command, &mut stdout())
                .map(|()| true)
                .map_err(Into::into),
            Command::Status(command) => status::run(&command, &mut stdout())
                .await
                .map_err(Into::into),
            Command::Keygen(command) => keygen::run(command, &mut stdout())
                .map(|()| true)
                .map_err(Into::into),
            Command::VerifySplit(command) => verify::run(&command, &mut stdout())
                .await
                .map_err(Into::into),
            Command::Miner(command) => run_miner(command).await,
            Command::Demo(command) => run_demo(command).await,
        };
        match done {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                print_error(&error);
                ExitCode::FAILURE
            }
        }
    }
}

async fn run_up(command: up::UpCommand) -> anyhow::Result<bool> {
    let screen = Screen::default();
    screen.start_logging(log_format(command.json), "info");
    let signals = Signals::listen()?;
    up::run(command, &signals, &screen).await?;
    Ok(true)
}

async fn run_miner(command: miner::MinerCommand) -> anyhow::Result<bool> {
    Screen::default().start_logging(log_format(command.json), "info");
    miner::run(command, shutdown::on_signal()?).await?;
    Ok(true)
}

async fn run_demo(command: demo::DemoCommand) -> anyhow::Result<bool> {
    // The story is told by itself: of the programs' own lines only what is wrong.
    Screen::default().start_logging(LogFormat::Text, "error");
    demo::run(command, &Signals::listen()?).await?;
    Ok(true)
}

fn log_format(json: bool) -> LogFormat {
    if json {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}

fn print_error(error: &anyhow::Error) {
    let problems = match (error.downcast_ref(), error.downcast_ref()) {
        (Some(UpError::Problems(problems)), _) | (_, Some(ConfigError::Problems(problems))) => {
            Some(problems)
        }
        _ => None,
    };
    match problems {
        Some(problems) => eprint!("{}", Rendered(problems)),
        None => eprintln!("error: {error:#}"),
    }
}
