//! The running daemon as a child process.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use tokio::sync::watch;

/// What the daemon gets of our environment: nothing of it is a secret of another program.
const ENVIRONMENT: [&str; 6] = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH"];

/// The daemon's process; not stopped by a drop.
#[derive(Debug)]
pub(super) struct Child {
    pid: Pid,
    /// Whether the pid is still our child's: it is until the waiting thread reaps it under this lock.
    alive: Arc<Mutex<bool>>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

impl Child {
    /// Starts a program with its output going into a file.
    ///
    /// Where `setpriv` (util-linux) is found, the kernel asks the daemon to stop (SIGTERM) when this
    /// program dies without having stopped it. The signal follows the end of the starting *thread*,
    /// so a thread of its own starts the daemon and waits for it.
    pub(super) fn start(
        binary: &Path,
        arguments: &[String],
        output: File,
    ) -> std::io::Result<Self> {
        let mut command = match super::binary::find("setpriv") {
            Ok(setpriv) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", "TERM", "--"]).arg(binary);
                command
            }
            Err(_not_installed) => Command::new(binary),
        };
        command
            .args(arguments)
            .env_clear()
            .envs(
                ENVIRONMENT
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // Ctrl-C on the terminal is for us: the daemon is stopped in its turn.
            .process_group(0);
        let (started, start) = mpsc::sync_channel(1);
        let (exited, exit) = watch::channel(None);
        let alive = Arc::new(Mutex::new(true));
        let alive_there = alive.clone();
        std::thread::Builder::new()
            .name("daemon".to_owned())
            .spawn(move || match command.spawn() {
                Ok(child) => {
                    let _receiver_waits = started.send(Ok(child.id()));
                    exited.send_replace(reap(child, &alive_there));
                }
                Err(error) => {
                    let _receiver_waits = started.send(Err(error));
                }
            })?;
        let pid = start.recv().map_err(std::io::Error::other)??;
        let pid = i32::try_from(pid).map_err(std::io::Error::other)?;
        Ok(Self {
            pid: Pid::from_raw(pid),
            alive,
            exit,
        })
    }

    pub(super) fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Sends a signal, unless the daemon has ended.
    pub(super) fn signal(&self, signal: Signal) {
        let alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if *alive {
            let _ended_this_moment = kill(self.pid, signal);
        }
    }

    /// Waits for the daemon's end; `None` when how it ended could not be found out.
    pub(super) async fn wait(&self) -> Option<ExitStatus> {
        let mut exit = self.exit.clone();
        exit.wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|status| *status)
    }
}

/// Opens the file that takes what the daemon prints; that of the run before is kept beside it.
pub(super) fn output_file(path: &Path) -> std::io::Result<File> {
    if path.exists() {
        std::fs::rename(path, path.with_extension("previous.log"))?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

/// How the daemon ended, with the last line it printed.
pub(super) fn describe_end(status: Option<ExitStatus>, output: &Path) -> String {
    let how = match status {
        // `exit status: 1`, `signal: 9 (SIGKILL)`
        Some(status) => format!("the daemon ended ({status})"),
        None => "the daemon ended".to_owned(),
    };
    match last_line(output) {
        Some(line) => format!("{how}: {line}"),
        None => how,
    }
}

fn last_line(path: &Path) -> Option<String> {
    const TAIL: u64 = 4 * 1024;
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(
        line.chars()
            .filter(|letter| !letter.is_control())
            .take(500)
            .collect(),
    )
}

/// Waits without reaping, then reaps under the lock, so that nobody signals a pid that is free.
fn reap(mut child: std::process::Child, alive: &Mutex<bool>) -> Option<ExitStatus> {
    if let Ok(pid) = i32::try_from(child.id()) {
        let pid = Pid::from_raw(pid);
        let ended = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        while waitid(Id::Pid(pid), ended) == Err(nix::Error::EINTR) {}
    }
    let mut alive = alive.lock().unwrap_or_else(PoisonError::into_inner);
    *alive = false;
    child.wait().ok()
}
