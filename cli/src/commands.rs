//! The command line: what can be asked for, and who does it.

use std::{ffi::OsString, io::stdout, path::Path, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use ngpool_runtime::{logging::LogFormat, shutdown};

use crate::{
    check::{self, Rendered},
    cluster::{dashboard, logs, payouts},
    config::{self, ConfigError},
    demo, keygen, migrate, miner,
    screen::Screen,
    signals::Signals,
    status,
    up::{self, UpError},
    verify,
};

/// File name of this program as a plugin of kubectl, which then is called `kubectl ngpool`.
const PLUGIN: &str = "kubectl-ngpool";
/// Commands that are of no use to whoever works with a cluster.
const LOCAL: [&str; 2] = ["up", "miner"];

/// A mining pool on one machine or in a cluster, and the tools around it.
///
/// Installed as `kubectl-ngpool` on the PATH, the same program is the kubectl plugin `kubectl ngpool`:
/// its `status`, `check` and `config` are then about a cluster. As `ngpool` they are about this
/// machine, unless --cluster or an option that names a cluster is given.
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
    Dashboard(dashboard::DashboardCommand),
    Payouts(payouts::PayoutsCommand),
    Logs(logs::LogsCommand),
    Keygen(keygen::KeygenCommand),
    VerifySplit(verify::VerifyCommand),
    Miner(miner::MinerCommand),
    Migrate(migrate::MigrateCommand),
    #[command(hide = true)]
    Demo(demo::DemoCommand),
}

impl Cli {
    /// Reads the command line, whose first word is the name this program was called by; leaves the
    /// process with a message where it is wrong.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Self {
        Self::try_read(arguments).unwrap_or_else(|error| error.exit())
    }

    fn try_read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let name = arguments
            .first()
            .and_then(|name| Path::new(name).file_stem());
        if name.is_none_or(|name| name != PLUGIN) {
            return Self::try_parse_from(arguments);
        }
        let matches = as_plugin(Self::command()).try_get_matches_from(arguments)?;
        let mut cli = Self::from_arg_matches(&matches)?;
        cli.command.ask_cluster();
        Ok(cli)
    }

    /// Does what was asked for; errors are printed.
    pub async fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Up(command) => run_up(command).await,
            Command::Check(command) => check::run(&command, &mut stdout()).map_err(Into::into),
            Command::Config(command) => config::run(&command, &mut stdout())
                .await
                .map(|()| true)
                .map_err(Into::into),
            Command::Status(command) => status::run(&command, &mut stdout())
                .await
                .map_err(Into::into),
            Command::Dashboard(command) => run_dashboard(command).await,
            Command::Payouts(command) => payouts::run(&command, &mut stdout())
                .await
                .map_err(Into::into),
            Command::Logs(command) => run_logs(command).await,
            Command::Keygen(command) => keygen::run(command, &mut stdout())
                .map(|()| true)
                .map_err(Into::into),
            Command::VerifySplit(command) => verify::run(&command, &mut stdout())
                .await
                .map_err(Into::into),
            Command::Miner(command) => run_miner(command).await,
            Command::Migrate(command) => run_migrate(&command).await,
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

impl Command {
    /// As a plugin of kubectl, what could be about this machine is about a cluster.
    fn ask_cluster(&mut self) {
        match self {
            Self::Check(command) => command.cluster = true,
            Self::Config(command) => command.cluster.cluster = true,
            Self::Status(command) => command.cluster.cluster = true,
            _ => {}
        }
    }
}

/// The same commands under kubectl's name, without what only is about this machine.
fn as_plugin(mut command: clap::Command) -> clap::Command {
    command = command
        .name("kubectl ngpool")
        .bin_name("kubectl ngpool")
        .display_name("kubectl ngpool")
        .about("A mining pool in a cluster")
        .long_about("A mining pool in a cluster. Nothing is changed there, and no Secret is read.");
    for name in LOCAL {
        command = command.mut_subcommand(name, |local| local.hide(true));
    }
    for name in ["check", "config", "status"] {
        command = command.mut_subcommand(name, |both| {
            both.mut_arg("cluster", |argument| argument.hide(true))
        });
    }
    command.mut_subcommand("status", |status| {
        status.mut_arg("state_dir", |argument| argument.hide(true))
    })
}

async fn run_dashboard(command: dashboard::DashboardCommand) -> anyhow::Result<bool> {
    Screen::default().start_logging(LogFormat::Text, "warn");
    dashboard::run(&command, &mut stdout(), shutdown::on_signal()?).await?;
    Ok(true)
}

async fn run_logs(command: logs::LogsCommand) -> anyhow::Result<bool> {
    let stop = shutdown::on_signal()?;
    let mut output = stdout();
    tokio::select! {
        done = logs::run(&command, &mut output) => done?,
        () = stop.cancelled() => {}
    }
    Ok(true)
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

async fn run_migrate(command: &migrate::MigrateCommand) -> anyhow::Result<bool> {
    Screen::default().start_logging(LogFormat::Json, "info");
    migrate::run(command).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_read(line.split(' ').map(OsString::from))
    }

    fn asks_cluster(line: &str) -> bool {
        match read(line).unwrap().command {
            Command::Status(command) => command.cluster.is_asked(),
            Command::Config(command) => command.cluster.is_asked(),
            Command::Check(command) => command.cluster,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        as_plugin(Cli::command()).debug_assert();
    }

    #[test]
    fn the_plugin_asks_a_cluster_and_the_program_this_machine() {
        for (line, cluster) in [
            ("ngpool status", false),
            ("/usr/local/bin/ngpool status", false),
            ("ngpool status --cluster", true),
            ("ngpool status -n pools", true),
            ("ngpool status --context lab", true),
            ("ngpool status --kubeconfig file", true),
            ("kubectl-ngpool status", true),
            ("/usr/local/bin/kubectl-ngpool status", true),
            ("kubectl-ngpool.exe status", true),
            ("ngpool check -f a.yaml", false),
            ("kubectl-ngpool check -f a.yaml", true),
            ("ngpool config sp/main a.yaml", false),
            ("kubectl-ngpool config sp/main", true),
        ] {
            assert_eq!(asks_cluster(line), cluster, "{line}");
        }
    }

    #[test]
    fn the_plugin_is_called_by_kubectls_name_and_shows_what_is_of_use_there() {
        let help = read("kubectl-ngpool --help").unwrap_err().to_string();
        assert!(help.contains("Usage: kubectl ngpool"), "{help}");
        for shown in [
            "status",
            "check",
            "config",
            "dashboard",
            "keygen",
            "payouts",
            "logs",
        ] {
            assert!(help.contains(&format!("  {shown} ")), "{help}");
        }
        assert!(!help.contains("  miner "), "{help}");
        let help = read("kubectl-ngpool status --help")
            .unwrap_err()
            .to_string();
        assert!(
            help.contains("--context") && !help.contains("--state-dir"),
            "{help}"
        );
    }
}
