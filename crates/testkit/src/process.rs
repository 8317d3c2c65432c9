//! Child processes that cannot outlive their test.

use std::{
    ffi::OsStr,
    process::{Child, Command, ExitStatus},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use anyhow::{Context, anyhow};
use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use tokio::sync::watch;

/// A command that will be killed when its parent dies. Add arguments, environment and standard
/// streams to it as usual, then give it to [`Process::start`].
///
/// `setpriv` (util-linux) asks the kernel for the signal and becomes the program.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// A running child process, killed and waited for on drop.
#[derive(Debug)]
pub struct Process {
    pid: Pid,
    /// Whether the pid still names our child: it does until the waiting thread reaps it, which it
    /// does under this lock.
    alive: Arc<Mutex<bool>>,
    exit: watch::Receiver<Option<ExitStatus>>,
    waiter: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts a command made by [`command`].
    ///
    /// A thread of its own starts the child and waits for it: the kernel sends the death signal when
    /// the starting *thread* ends, so it must not be one that the runtime may retire.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let (started, start) = mpsc::channel();
        let (exited, exit) = watch::channel(None);
        let alive = Arc::new(Mutex::new(true));
        let reaper_alive = alive.clone();
        let waiter = std::thread::Builder::new()
            .name("child".to_owned())
            .spawn(move || match command.spawn() {
                Ok(child) => {
                    let _receiver_waits = started.send(Ok(child.id()));
                    let status = reap(child, &reaper_alive);
                    exited.send_replace(status);
                }
                Err(error) => {
                    let message = format!("cannot start {command:?}: {error}");
                    let _receiver_waits = started.send(Err(message));
                }
            })?;
        let pid = start.recv()?.map_err(|message| anyhow!(message))?;
        let pid = Pid::from_raw(i32::try_from(pid).context("pid out of range")?);
        Ok(Self {
            pid,
            alive,
            exit,
            waiter: Some(waiter),
        })
    }

    /// The child's process id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Sends a signal, unless the child has ended.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if *alive {
            kill(self.pid, signal)?;
        }
        Ok(())
    }

    /// Whether the child still runs.
    pub fn is_running(&self) -> bool {
        *self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the child's end; `None` when its status could not be had.
    pub async fn wait(&self) -> Option<ExitStatus> {
        let mut exit = self.exit.clone();
        // An error means that the waiting thread is gone, and so is the child.
        exit.wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|status| *status)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone_already = self.signal(Signal::SIGKILL);
        if let Some(waiter) = self.waiter.take() {
            let _panicked = waiter.join();
        }
    }
}

/// Waits without reaping, then reaps under the lock, so that nobody signals a pid that is free.
fn reap(mut child: Child, alive: &Mutex<bool>) -> Option<ExitStatus> {
    if let Ok(pid) = i32::try_from(child.id()) {
        let pid = Pid::from_raw(pid);
        let ended = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        while waitid(Id::Pid(pid), ended) == Err(nix::Error::EINTR) {}
    }
    let mut alive = alive.lock().unwrap_or_else(PoisonError::into_inner);
    *alive = false;
    child.wait().ok()
}
