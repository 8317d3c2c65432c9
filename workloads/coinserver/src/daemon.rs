//! The daemon process, where this program owns it.
//!
//! ```text
//!  settings.daemon ──▶ configuration and credentials files ──▶ wait for the data directory's lock
//!        ▲                                                                │
//!        │ back-off ◀── ended ◀── running (output into a file) ◀── start ─┘
//!        └── changed, or shutdown: SIGTERM, grace, SIGKILL
//! ```

pub mod binary;
mod credentials;
mod lock;
mod process;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use ngpool_runtime::Settings;
use ngpool_settings::{CoinserverSettings, ConfigurationError, Credentials, DaemonProcess};
use nix::sys::signal::Signal;
use thiserror::Error;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use process::Child;

pub use binary::BinaryError;

/// Pauses between two starts: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_mins(1);

/// A daemon that ran this long was well: the next pause is the first again.
const RAN_WELL: Duration = Duration::from_mins(2);

/// Makes a data directory if there is none and waits until no daemon uses it, or until told to stop:
/// where a daemon is another container, which may still be there when its successor begins.
pub async fn wait_until_free(
    data_dir: &Path,
    chain: &str,
    stop: &CancellationToken,
) -> std::io::Result<()> {
    std::fs::create_dir_all(data_dir)?;
    let mut told = false;
    while lock::holder(data_dir, chain).is_some() {
        if !told {
            tracing::info!(data_dir = %data_dir.display(), "waiting for the daemon that still runs");
            told = true;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOCK_LOOK) => {}
        }
    }
    Ok(())
}

/// Time between two looks at a lock that another process holds.
const LOCK_LOOK: Duration = Duration::from_millis(200);

/// Where the daemon process is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Something else runs it.
    External,
    /// It is about to be started.
    Waiting {
        /// For what.
        reason: String,
    },
    /// It runs.
    Running {
        /// Since when.
        since: Instant,
    },
    /// It ended or could not be started, and will be tried again.
    Ended {
        /// How.
        reason: String,
    },
}

/// Why a daemon cannot be started.
#[derive(Debug, Error)]
pub enum DaemonError {
    /// The program.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigurationError),
    /// A file or directory of its own.
    #[error("cannot prepare {path}: {source}")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The operating system.
    #[error("cannot start {binary}: {source}")]
    Start {
        /// The program.
        binary: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Finds out before anything starts whether the settings can work at all.
pub fn check(settings: &CoinserverSettings) -> Result<(), DaemonError> {
    if let Some(daemon) = &settings.daemon {
        binary::find(&daemon.binary)?;
        daemon.check()?;
    }
    Ok(())
}

/// Runs the daemon the settings name until shutdown, or nothing while they name none.
pub async fn supervise(
    mut settings: Settings<CoinserverSettings>,
    phase: watch::Sender<Phase>,
    metrics: Metrics,
    shutdown: CancellationToken,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let current = settings.borrow_and_update().clone();
        let Some(daemon) = &current.daemon else {
            phase.send_replace(Phase::External);
            tokio::select! {
                () = shutdown.cancelled() => return,
                changed = settings.changed() => if changed.is_err() {
                    // The document will never change again.
                    return shutdown.cancelled().await;
                },
            }
            continue;
        };
        let started = Instant::now();
        let turn = Turn {
            settings: &current,
            daemon,
            phase: &phase,
            metrics: &metrics,
        };
        let reason = match turn.run(&mut settings, &shutdown).await {
            Ok(End::Shutdown) => return,
            Ok(End::Changed) => {
                pause = FIRST_PAUSE;
                continue;
            }
            Ok(End::Itself(reason)) => reason,
            Err(error) => error.to_string(),
        };
        if started.elapsed() >= RAN_WELL {
            pause = FIRST_PAUSE;
        }
        tracing::error!(
            node = current.name,
            reason,
            ?pause,
            "the daemon ended, starting it again"
        );
        phase.send_replace(Phase::Ended { reason });
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            // Perhaps what was wrong is right now.
            Ok(()) = settings.changed() => {}
        }
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// How one run of the daemon came to its end.
enum End {
    Shutdown,
    Changed,
    Itself(String),
}

/// One run of the daemon.
struct Turn<'a> {
    settings: &'a CoinserverSettings,
    daemon: &'a DaemonProcess,
    phase: &'a watch::Sender<Phase>,
    metrics: &'a Metrics,
}

impl Turn<'_> {
    async fn run(
        &self,
        settings: &mut Settings<CoinserverSettings>,
        shutdown: &CancellationToken,
    ) -> Result<End, DaemonError> {
        let waiting = |reason: &str| {
            self.phase.send_replace(Phase::Waiting {
                reason: reason.to_owned(),
            });
        };
        waiting("the daemon is being started");
        let binary = binary::find(&self.daemon.binary)?;
        let files = self.prepare()?;
        if !self.wait_for_lock(&files, shutdown).await {
            return Ok(End::Shutdown);
        }
        let child = self.start(&binary, &files)?;
        self.metrics.daemon_started();
        tracing::info!(
            node = self.settings.name,
            binary = %binary.display(),
            pid = child.pid(),
            "daemon started"
        );
        self.phase.send_replace(Phase::Running {
            since: Instant::now(),
        });
        loop {
            tokio::select! {
                status = child.wait() => {
                    return Ok(End::Itself(process::describe_end(status, &files.output)));
                }
                () = shutdown.cancelled() => {
                    self.stop(&child).await;
                    return Ok(End::Shutdown);
                }
                Ok(()) = settings.changed() => {
                    let new = settings.borrow_and_update().clone();
                    if !needs_restart(self.settings, &new) {
                        continue;
                    }
                    tracing::info!(node = self.settings.name, "daemon settings changed, restarting it");
                    waiting("the daemon is restarted with changed settings");
                    self.stop(&child).await;
                    return Ok(End::Changed);
                }
            }
        }
    }

    fn prepare(&self) -> Result<Files, DaemonError> {
        let data_dir = private_directory(&self.daemon.data_dir)?;
        let secret = credentials::ensure(&self.settings.rpc.credentials_file)?;
        let files = Files {
            config: data_dir.join("ngcoinserver.conf"),
            output: data_dir.join("ngcoinserver-output.log"),
            data_dir,
        };
        let zmq = self.settings.zmq_hashblock.as_deref();
        let text = self
            .daemon
            .configuration(Credentials::Rpcauth(&secret.rpcauth()), zmq)?;
        credentials::write_private(&files.config, &text).map_err(|source| DaemonError::File {
            path: files.config.clone(),
            source,
        })?;
        Ok(files)
    }

    /// Waits until no process holds the data directory; `false` when asked to stop meanwhile.
    ///
    /// A daemon that an earlier run of this program left behind is asked to stop. It is known by the
    /// kernel's word on who holds the lock and by its command line, never by a pid file.
    async fn wait_for_lock(&self, files: &Files, shutdown: &CancellationToken) -> bool {
        let mut asked = None;
        while let Some(holder) = lock::holder(&files.data_dir, &self.daemon.chain) {
            if asked != Some(holder) && lock::runs_with(holder, &files.config) {
                tracing::warn!(
                    node = self.settings.name,
                    pid = holder,
                    "stopping a daemon that was left behind"
                );
                lock::ask_to_stop(holder);
                asked = Some(holder);
            }
            let reason = format!(
                "waiting for process {holder}, which still uses {}",
                files.data_dir.display()
            );
            self.phase.send_replace(Phase::Waiting { reason });
            tokio::select! {
                () = shutdown.cancelled() => return false,
                () = tokio::time::sleep(LOCK_LOOK) => {}
            }
        }
        true
    }

    fn start(&self, binary: &Path, files: &Files) -> Result<Child, DaemonError> {
        let output = process::output_file(&files.output).map_err(|source| DaemonError::File {
            path: files.output.clone(),
            source,
        })?;
        let arguments = [
            format!("-conf={}", files.config.display()),
            format!("-datadir={}", files.data_dir.display()),
            format!("-port={}", self.daemon.p2p_port),
            format!("-rpcport={}", self.daemon.rpc_port),
        ];
        Child::start(binary, &arguments, output).map_err(|source| DaemonError::Start {
            binary: binary.to_owned(),
            source,
        })
    }

    async fn stop(&self, child: &Child) {
        let grace = Duration::from_secs(self.daemon.stop_grace_s);
        child.signal(Signal::SIGTERM);
        if tokio::time::timeout(grace, child.wait()).await.is_err() {
            tracing::error!(
                node = self.settings.name,
                ?grace,
                "the daemon did not stop, killing it"
            );
            child.signal(Signal::SIGKILL);
            child.wait().await;
        }
        tracing::info!(node = self.settings.name, "daemon stopped");
    }
}

/// Files of the daemon in its data directory.
struct Files {
    data_dir: PathBuf,
    config: PathBuf,
    output: PathBuf,
}

/// Whether the daemon has to be started anew; peers are changed while it runs.
fn needs_restart(old: &CoinserverSettings, new: &Arc<CoinserverSettings>) -> bool {
    let started_with = |settings: &CoinserverSettings| {
        let daemon = settings.daemon.clone().map(|daemon| DaemonProcess {
            add_nodes: Vec::new(),
            stop_grace_s: 0,
            ..daemon
        });
        (
            daemon,
            settings.zmq_hashblock.clone(),
            settings.rpc.credentials_file.clone(),
        )
    };
    started_with(old) != started_with(new)
}

/// Makes a directory that only its owner can enter, and says where it really is.
fn private_directory(path: &Path) -> Result<PathBuf, DaemonError> {
    use std::os::unix::fs::DirBuilderExt;
    let failed = |source| DaemonError::File {
        path: path.to_owned(),
        source,
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed)?;
    path.canonicalize().map_err(failed)
}
