//! `kubectl ngpool dashboard`: the web side on a port of this machine.

use std::{
    io::{IsTerminal, Write},
    process::Stdio,
};

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{
    ClusterError, Connection, ConnectionArgs,
    forward::{Forward, WEB},
};
use crate::rest::{Rest, RestError};

/// Open the pool's dashboard through the API server, until you press Ctrl-C. It needs no exposed
/// Service, and it goes on when pods of the web side are replaced.
#[derive(Debug, Args)]
pub struct DashboardCommand {
    /// Port of this machine [default: any free one].
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// Print the address only; without a terminal this is always so.
    #[arg(long)]
    pub no_open: bool,
    /// Which cluster.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// Forwards until the stop.
pub async fn run(
    command: &DashboardCommand,
    output: &mut dyn Write,
    stop: CancellationToken,
) -> Result<(), ClusterError> {
    let connection = Connection::open(&command.connection).await?;
    serve(&connection, command, output, stop).await
}

pub(super) async fn serve(
    connection: &Connection,
    command: &DashboardCommand,
    output: &mut dyn Write,
    stop: CancellationToken,
) -> Result<(), ClusterError> {
    let forward = Forward::open(connection, WEB, command.port).await?;
    let url = format!("http://{}/", forward.address);
    writeln!(output, "{url}")?;
    output.flush()?;
    let page = page(&forward).await;
    if !page.is_empty() {
        eprintln!("The web side of this version has no pages, only the API: {url}{page}");
    }
    if !command.no_open && std::io::stdout().is_terminal() {
        open(&format!("{url}{page}"));
        eprintln!("Press Ctrl-C to close it.");
    }
    stop.cancelled().await;
    Ok(())
}

/// What a browser is shown: the start page, or the API where there is none.
async fn page(forward: &Forward) -> &'static str {
    match Rest::new(forward.address).get("/").await {
        Err(RestError::Refused { status: 404, .. }) => "api/v1/pool",
        _ => "",
    }
}

/// Opens a browser, if the machine has one: the address has been printed anyway.
fn open(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let _none = tokio::process::Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
