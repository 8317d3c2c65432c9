//! A running `ngpool`, its output, and questions to its API.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

use ngpool::{
    miner::{Miner, MinerStatus},
    rest::Rest,
};
use ngpool_testkit::{Process, process};
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use crate::files::Pool;

/// Nothing takes that long unless something is wrong; machines that run tests are loaded.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);

/// Waits until something holds for a miner.
pub(crate) async fn until(miner: &Miner, what: &str, holds: impl Fn(&MinerStatus) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds(&miner.status()) {
        assert!(
            Instant::now() < deadline,
            "never {what}: {:?}",
            miner.status()
        );
        sleep(Duration::from_millis(50)).await;
    }
}

/// Runs a command of the program to its end; gives its status and everything it printed.
pub(crate) fn ngpool(folder: &Path, arguments: &[&str]) -> (ExitStatus, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ngpool"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status, String::from_utf8(text).unwrap())
}

/// The arguments of `ngpool up` for a pool.
fn up(pool: &Pool) -> Vec<OsString> {
    vec![
        "up".into(),
        pool.files().into(),
        "--state-dir".into(),
        pool.state_dir().into(),
        "--listen".into(),
        "127.0.0.1".into(),
    ]
}

/// A running `ngpool up`, killed on drop.
pub(crate) struct Running {
    process: Process,
    log: PathBuf,
    pub(crate) rest: Rest,
}

impl Running {
    pub(crate) fn start(pool: &Pool) -> Self {
        let mut command = process::command(env!("CARGO_BIN_EXE_ngpool"));
        command.args(up(pool)).arg("--no-progress");
        Self::launch(pool, command)
    }

    /// On a terminal of its own, whose keys are the given stream.
    pub(crate) fn on_terminal(pool: &Pool, keys: File) -> Self {
        let words: Vec<String> = up(pool)
            .iter()
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let inner = format!(
            "exec setpriv --pdeathsig KILL -- '{}' {}",
            env!("CARGO_BIN_EXE_ngpool"),
            words.join(" ")
        );
        let mut command = process::command("script");
        command
            .args(["--quiet", "--flush", "--return", "--command", &inner])
            .arg("/dev/null")
            .stdin(keys);
        Self::launch(pool, command)
    }

    fn launch(pool: &Pool, mut command: Command) -> Self {
        // One log for all runs on the same state directory.
        let log = pool.path().join("log");
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        command
            .env("NO_COLOR", "1")
            .stdout(file.try_clone().unwrap())
            .stderr(file);
        let process = Process::start(command).unwrap();
        Self {
            process,
            log,
            rest: Rest::new(pool.web.address()),
        }
    }

    pub(crate) fn pid(&self) -> i32 {
        self.process.pid()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until the log says something.
    pub(crate) async fn says(&self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.log().contains(words) {
            assert!(self.process.is_running(), "ended early:\n{}", self.log());
            assert!(
                Instant::now() < deadline,
                "never said {words:?}:\n{}",
                self.log()
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until what the API says at a path is as it should be, and gives it.
    pub(crate) async fn answers(&self, path: &str, right: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.rest.get(path).await;
            if let Ok(answer) = &answer
                && right(answer)
            {
                return answer.clone();
            }
            assert!(self.process.is_running(), "ended early:\n{}", self.log());
            assert!(
                Instant::now() < deadline,
                "{path} is still {answer:#?}\n{}",
                self.log()
            );
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ctrl-C.
    pub(crate) fn interrupt(&self) {
        self.process.signal(Signal::SIGINT).unwrap();
    }

    pub(crate) fn is_running(&self) -> bool {
        self.process.is_running()
    }

    /// Asks it to drain, as Ctrl-C does, and waits for its end.
    pub(crate) async fn stop(self) -> String {
        self.interrupt();
        self.ended().await
    }

    /// Waits for its end.
    pub(crate) async fn ended(self) -> String {
        let status = timeout(PATIENCE, self.process.wait())
            .await
            .unwrap_or_else(|_| panic!("does not stop:\n{}", self.log()));
        let log = self.log();
        assert!(status.unwrap().success(), "{log}");
        log
    }

    /// Ends it where it stands.
    pub(crate) async fn kill(self) {
        self.process.signal(Signal::SIGKILL).unwrap();
        timeout(PATIENCE, self.process.wait()).await.unwrap();
    }
}
