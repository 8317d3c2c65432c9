//! The server process.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{DATABASE, PostgresError, cluster::Cluster};
use crate::up::{backoff::Backoff, state_dir::StateDir};

/// A cluster that was not shut down replays its log first.
const READY_TIMEOUT: Duration = Duration::from_mins(2);
/// A fast shutdown writes a checkpoint.
const STOP_GRACE: Duration = Duration::from_mins(1);
/// How often a state that the server only writes to a file is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// The private PostgreSQL: serves until it is stopped.
#[derive(Debug)]
pub(crate) struct Postgres {
    socket_dir: PathBuf,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Postgres {
    /// Whether the programs are there and the cluster is of their version.
    pub(crate) fn check(state: &StateDir) -> Result<(), PostgresError> {
        Cluster::plan(state).map(drop)
    }

    /// Makes the cluster if need be, starts the server and waits until it is ready, or until it is
    /// interrupted: then nothing runs.
    pub(crate) async fn start(
        state: &StateDir,
        interrupt: &CancellationToken,
    ) -> Result<Self, PostgresError> {
        let cluster = Cluster::plan(state)?;
        stop_leftover(&cluster.data).await?;
        let preparing = cluster.clone();
        tokio::task::spawn_blocking(move || preparing.prepare())
            .await
            .map_err(|error| PostgresError::Failed {
                program: cluster.installation.initdb.clone(),
                words: error.to_string(),
            })??;
        let child = start_ready(&cluster, interrupt).await?;
        tracing::info!(version = cluster.installation.major, "PostgreSQL is ready");
        let stop = CancellationToken::new();
        let socket_dir = cluster.socket_dir.clone();
        let task = tokio::spawn(watch(cluster, child, stop.clone()));
        Ok(Self {
            socket_dir,
            stop,
            task,
        })
    }

    /// The URL of the database for a role.
    pub(crate) fn url(&self, role: &str) -> String {
        // Only what would end the parameter needs an escape; folders of ours have no more.
        let socket = self
            .socket_dir
            .display()
            .to_string()
            .replace('%', "%25")
            .replace('&', "%26");
        format!("postgres:///{DATABASE}?host={socket}&user={role}")
    }

    /// Stops the server: open transactions are rolled back, everything committed is on disk.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the watch over PostgreSQL broke down");
        }
        // Made again at the next start; outside the state directory nothing is left behind.
        let _not_empty = std::fs::remove_dir(&self.socket_dir);
    }
}

/// Starts the server and waits until its own pid file says `ready`, as `pg_ctl` does.
async fn start_ready(
    cluster: &Cluster,
    interrupt: &CancellationToken,
) -> Result<Child, PostgresError> {
    let mut child = spawn(cluster)?;
    let deadline = Instant::now() + READY_TIMEOUT;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Err(PostgresError::Ended {
                status: status.to_string(),
                log: cluster.log.clone(),
                words: last_words(&cluster.log),
            });
        }
        if is_ready(&cluster.data, child.id()) {
            return Ok(child);
        }
        if Instant::now() >= deadline {
            terminate(&mut child).await;
            let seconds = READY_TIMEOUT.as_secs();
            return Err(PostgresError::Slow {
                seconds,
                log: cluster.log.clone(),
            });
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            () = interrupt.cancelled() => {
                terminate(&mut child).await;
                return Err(PostgresError::Interrupted);
            }
        }
    }
}

fn spawn(cluster: &Cluster) -> Result<Child, PostgresError> {
    let program = &cluster.installation.postgres;
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&cluster.log)
        .map_err(|source| PostgresError::Prepare {
            path: cluster.log.clone(),
            source,
        })?;
    let start = |source| PostgresError::Start {
        program: program.clone(),
        source,
    };
    let mut prepared = cluster.server()?;
    prepared
        .command
        .arg("-k")
        .arg(&cluster.socket_dir)
        .args(["-c", "listen_addresses="])
        .args(["-c", "log_line_prefix=%m "])
        .stdin(std::process::Stdio::null())
        .stdout(log.try_clone().map_err(start)?)
        .stderr(log);
    // The open data directory in `prepared` outlives the spawn.
    let command = std::mem::replace(&mut prepared.command, std::process::Command::new(program));
    Command::from(command).spawn().map_err(start)
}

/// Waits for the end of the server: ours, or its own and then it is started again.
async fn watch(cluster: Cluster, mut child: Child, stop: CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        tokio::select! {
            () = stop.cancelled() => {
                terminate(&mut child).await;
                tracing::info!("PostgreSQL stopped");
                return;
            }
            status = child.wait() => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                tracing::error!(status, log = %cluster.log.display(), "PostgreSQL ended by itself");
            }
        }
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(backoff.next()) => {}
            }
            match start_ready(&cluster, &stop).await {
                Ok(started) => {
                    tracing::info!("PostgreSQL is ready again");
                    child = started;
                    break;
                }
                Err(PostgresError::Interrupted) => return,
                Err(error) => tracing::error!(%error, "PostgreSQL does not start"),
            }
        }
    }
}

async fn terminate(child: &mut Child) {
    // SIGINT is a fast shutdown, SIGQUIT one that needs recovery at the next start.
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        let Some(pid) = pid(child.id()) else { return };
        let _gone_already = kill(pid, signal);
        if timeout(STOP_GRACE, child.wait()).await.is_ok() {
            return;
        }
        tracing::warn!(%signal, "PostgreSQL does not stop");
    }
    let _gone_already = child.kill().await;
}

/// Stops a server that an `up` left behind when it was killed: we hold the lock of the directory,
/// so nobody else can be using it.
async fn stop_leftover(data: &Path) -> Result<(), PostgresError> {
    let Some(pid) = std::fs::read_to_string(data.join("postmaster.pid"))
        .ok()
        .and_then(|text| text.lines().next()?.trim().parse::<i32>().ok())
    else {
        return Ok(());
    };
    let serves_here =
        || std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == data);
    if !serves_here() {
        return Ok(());
    }
    tracing::warn!(pid, "stopping the PostgreSQL of an earlier run");
    let _gone_already = kill(Pid::from_raw(pid), Signal::SIGINT);
    let deadline = Instant::now() + STOP_GRACE;
    while serves_here() {
        if Instant::now() >= deadline {
            return Err(PostgresError::Leftover(pid));
        }
        sleep(LOOK).await;
    }
    Ok(())
}

fn pid(id: Option<u32>) -> Option<Pid> {
    id.and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw)
}

/// Line 1 of `postmaster.pid` is the pid, line 8 the state.
fn is_ready(data: &Path, id: Option<u32>) -> bool {
    let Ok(text) = std::fs::read_to_string(data.join("postmaster.pid")) else {
        return false;
    };
    let mut lines = text.lines();
    let ours = lines.next().and_then(|line| line.trim().parse().ok()) == id;
    ours && lines.nth(6).is_some_and(|state| state.trim() == "ready")
}

fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_server_comes_back_after_a_crash_and_keeps_its_data_after_a_stop() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::prepare(&folder.path().join("state")).unwrap();
        let never = CancellationToken::new();
        let server = Postgres::start(&state, &never).await.unwrap();
        let data = state.join("postgres/data");
        let pid_of = |text: String| text.lines().next().unwrap().parse::<i32>().unwrap();
        let first = pid_of(std::fs::read_to_string(data.join("postmaster.pid")).unwrap());
        kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
        let deadline = Instant::now() + READY_TIMEOUT;
        loop {
            let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            let second = text.lines().next().and_then(|line| line.parse().ok());
            if second != Some(first)
                && is_ready(&data, second.and_then(|id| u32::try_from(id).ok()))
            {
                break;
            }
            assert!(Instant::now() < deadline, "not started again: {text}");
            sleep(LOOK).await;
        }
        server.stop().await;
        assert!(!data.join("postmaster.pid").exists());
        let system = std::fs::read(data.join("global/pg_control")).unwrap()[..8].to_vec();
        let server = Postgres::start(&state, &never).await.unwrap();
        assert_eq!(
            std::fs::read(data.join("global/pg_control")).unwrap()[..8],
            system
        );
        assert!(server.url("ngpool_web").ends_with("&user=ngpool_web"));
        server.stop().await;
    }

    #[tokio::test]
    async fn an_interrupted_start_leaves_no_server_behind() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::prepare(&folder.path().join("state")).unwrap();
        let interrupted = CancellationToken::new();
        interrupted.cancel();
        let error = Postgres::start(&state, &interrupted).await.unwrap_err();
        assert!(matches!(error, PostgresError::Interrupted), "{error}");
        assert!(!state.join("postgres/data/postmaster.pid").exists());
    }
}
