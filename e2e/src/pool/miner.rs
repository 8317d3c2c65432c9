//! `ngpool miner`, a process of the test that mines through a pool's Service.

use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, ensure};
use ngpool_chain::{Network, PrivateKey};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
    task::JoinHandle,
};

use super::Pool;
use crate::wait::until_true;

/// What to mine with.
#[derive(Debug, Clone)]
pub struct MinerOptions {
    /// The StratumPort.
    pub port: String,
    /// Who is paid, and after a dot the worker.
    pub user: String,
    /// Hashes a second at most: a part of a core, so that the cluster has the rest.
    pub limit: u32,
}

impl MinerOptions {
    /// A new address at the port `main`.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            port: "main".to_owned(),
            user: new_address()?,
            limit: 300,
        })
    }
}

/// An address of regtest Litecoin whose key nobody keeps.
pub(super) fn new_address() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut bytes)?;
    let key = PrivateKey::from_bytes(&bytes)?;
    let address = key
        .p2wpkh(&Network::preset("litecoin-regtest").context("the preset is gone")?)
        .context("the network has no segwit addresses")?;
    Ok(address.as_str().to_owned())
}

/// What a miner has done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mined {
    /// Shares the pool took.
    pub accepted: u64,
    /// Shares the pool refused.
    pub rejected: u64,
    /// Shares sent that were never answered; told at the end only.
    pub unanswered: u64,
    /// Its present difficulty.
    pub difficulty: f64,
    /// Whether it has work.
    pub mining: bool,
    /// Connections on which it got work.
    pub connections: u64,
    /// What it refused to believe or what went wrong, and how often.
    pub warnings: BTreeMap<String, u64>,
    /// Whether it has ended.
    pub ended: bool,
    /// Who is paid.
    pub addresses: Vec<String>,
}

/// A running miner; it ends when this is dropped.
#[derive(Debug)]
pub struct Miner {
    child: Child,
    mined: Arc<Mutex<Mined>>,
    reader: JoinHandle<()>,
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Pool {
    /// Starts a miner and waits until it has work.
    pub async fn mine(&self, options: MinerOptions) -> anyhow::Result<Miner> {
        let miner = self.start_miner(options).await?;
        let mined = Arc::clone(&miner.mined);
        until_true("work for a miner", super::SOON, async || {
            let mined = mined.lock().unwrap_or_else(PoisonError::into_inner).clone();
            ensure!(mined.mining, "{:?}", mined.warnings);
            Ok(true)
        })
        .await?;
        Ok(miner)
    }

    /// Starts a miner.
    pub async fn start_miner(&self, options: MinerOptions) -> anyhow::Result<Miner> {
        let service = format!("stratumport-{}", options.port);
        let at = self
            .session
            .reach(&self.namespace, &service, "stratum")
            .await?;
        let mut child = tokio::process::Command::new(self.session.program("ngpool"))
            .args(["miner", &format!("stratum+tcp://{at}")])
            .args(["--user", &options.user, "--algorithm", "scrypt"])
            .args(["--threads", "1", "--limit", &options.limit.to_string()])
            .args(["--interval", "1", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start ngpool miner")?;
        let address = options.user.split('.').next().unwrap_or_default();
        let mined = Arc::new(Mutex::new(Mined {
            addresses: vec![address.to_owned()],
            ..Mined::default()
        }));
        let told = Arc::clone(&mined);
        let output = child.stderr.take().context("the miner has no output")?;
        let reader = tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let line: Value = serde_json::from_str(&line).unwrap_or_default();
                told.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .take(&line);
            }
            told.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        });
        Ok(Miner {
            child,
            mined,
            reader,
        })
    }
}

impl Miner {
    /// What it has done so far, at most a second ago.
    pub fn mined(&self) -> Mined {
        self.mined
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until the pool has taken so many more shares.
    pub async fn shares(&self, more: u64, deadline: Duration) -> anyhow::Result<()> {
        let before = self.mined().accepted;
        until_true(format!("{more} more shares"), deadline, async || {
            let now = self.mined();
            ensure!(!now.ended, "the miner ended: {:?}", now.warnings);
            ensure!(
                now.accepted >= before + more,
                "{} were taken: {now:?}",
                now.accepted - before
            );
            Ok(true)
        })
        .await
    }

    /// Stops it and gives what it has done in all.
    pub async fn stop(mut self) -> anyhow::Result<Mined> {
        if let Some(pid) = self.child.id() {
            kill(Pid::from_raw(i32::try_from(pid)?), Signal::SIGTERM)?;
        }
        self.child.wait().await?;
        until_true("the miner's last words", super::SOON, async || {
            Ok(self.mined().ended)
        })
        .await?;
        Ok(self.mined())
    }
}

impl Mined {
    /// An error when the pool refused more than the few shares that cross a new block on their way:
    /// on regtest there is one every second or two.
    pub fn ensure_taken(&self) -> anyhow::Result<()> {
        ensure!(
            self.rejected * 10 <= self.accepted,
            "shares were rejected: {self:?}"
        );
        Ok(())
    }

    fn take(&mut self, line: &Value) {
        let fields = &line["fields"];
        let number = |name: &str| fields[name].as_u64().unwrap_or_default();
        match fields["message"].as_str().unwrap_or_default() {
            "working" => {
                self.accepted = number("accepted");
                self.rejected = number("rejected");
                self.difficulty = fields["difficulty"].as_f64().unwrap_or_default();
                self.mining = fields["mining"].as_bool().unwrap_or_default();
            }
            "stopped" => {
                self.accepted = number("accepted");
                self.rejected = number("rejected");
                self.unanswered = number("unanswered");
            }
            "mining" => self.connections += 1,
            message if line["level"] != "INFO" => {
                let reason = fields["reason"].as_str().unwrap_or_default();
                *self
                    .warnings
                    .entry(format!("{message}: {reason}"))
                    .or_default() += 1;
            }
            _ => {}
        }
    }
}
