//! The two programs, as processes that are killed and started again.

use std::{
    fs::{File, OpenOptions},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use ngpool_chain::{Address, Algorithm, Difficulty, Network, Target};
use ngpool_runtime::{
    Program, document,
    logging::{self, LogFormat},
    shutdown,
};
use ngpool_settings::{
    CurrencySettings, DrainSettings, LedgerPeer, LedgerSettings, LimitSettings, Listen,
    PayoutMethod, StratumSettings, VardiffSettings, Window,
};
use ngpool_testkit::{FreePort, Process, process};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::node::FakeNode;

/// Names the ledger's document to a process that shall be the ledger.
pub(crate) const LEDGER_VARIABLE: &str = "NGPOOL_TEST_LEDGER_DOCUMENT";

pub(crate) const SHARECHAIN: &str = "pplns";

/// As the nodes of these tests call it.
pub(crate) const CURRENCY: &str = "BASE";

/// Difficulty of every share: some thousand hashes.
const DIFFICULTY: f64 = 0.000_001;

/// One of so many shares is a block.
const BLOCK_ODDS: u32 = 100;

/// A stratum server and a ledger.
pub(crate) struct Programs {
    directory: TempDir,
    ports: [FreePort; 5],
    stratum: Option<Process>,
    ledger: Option<Process>,
}

impl Programs {
    pub(crate) fn start(database_url: &str, node: &FakeNode) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("ngpool-kills-")
            .tempdir()
            .unwrap();
        let ports = std::array::from_fn(|_| FreePort::reserve().unwrap());
        std::fs::write(directory.path().join("database"), database_url).unwrap();
        let mut programs = Self {
            directory,
            ports,
            stratum: None,
            ledger: None,
        };
        programs.write("ledger.json", &programs.ledger_settings());
        programs.write("stratum.json", &programs.stratum_settings(node));
        programs.stratum = Some(programs.start_stratum());
        programs.ledger = Some(programs.start_ledger());
        programs
    }

    pub(crate) fn miners_address(&self) -> SocketAddr {
        self.ports[0].address()
    }

    pub(crate) async fn restart_stratum(&mut self) {
        kill(&mut self.stratum).await;
        self.stratum = Some(self.start_stratum());
    }

    pub(crate) async fn restart_ledger(&mut self) {
        kill(&mut self.ledger).await;
        self.ledger = Some(self.start_ledger());
    }

    pub(crate) async fn restart_both(&mut self) {
        kill(&mut self.stratum).await;
        kill(&mut self.ledger).await;
        self.ledger = Some(self.start_ledger());
        self.stratum = Some(self.start_stratum());
    }

    /// Asks the stratum server to leave and waits until it has, everything shipped.
    pub(crate) async fn drain_stratum(&mut self, patience: Duration) {
        let stratum = self.stratum.take().unwrap();
        stratum.signal(Signal::SIGTERM).unwrap();
        let status = tokio::time::timeout(patience, stratum.wait()).await;
        assert!(
            status
                .as_ref()
                .is_ok_and(|status| status.is_some_and(|status| status.success())),
            "the server did not leave in order: {status:?}"
        );
        let log = std::fs::read_to_string(self.log("stratum")).unwrap();
        assert!(
            !log.contains("left before everything was shipped"),
            "something is unshipped"
        );
    }

    /// The folder with the logs; it stays when the test fails.
    pub(crate) fn keep_logs(&mut self) -> PathBuf {
        self.directory.disable_cleanup(true);
        self.directory.path().to_owned()
    }

    /// All went well: nobody needs the logs.
    pub(crate) fn discard_logs(&mut self) {
        self.directory.disable_cleanup(false);
    }

    fn start_stratum(&self) -> Process {
        let mut command = process::command(env!("CARGO_BIN_EXE_ngstratum"));
        command
            .arg("--document")
            .arg(self.file("stratum.json"))
            .args(["--log-format", "text"]);
        self.run(command, "stratum")
    }

    fn start_ledger(&self) -> Process {
        let mut command = process::command(std::env::current_exe().unwrap());
        command.env(LEDGER_VARIABLE, self.file("ledger.json"));
        self.run(command, "ledger")
    }

    fn run(&self, mut command: Command, name: &str) -> Process {
        command
            .stdout(self.open_log(name))
            .stderr(self.open_log(name));
        Process::start(command).unwrap()
    }

    fn open_log(&self, name: &str) -> File {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log(name))
            .unwrap()
    }

    fn log(&self, name: &str) -> PathBuf {
        self.file(&format!("{name}.log"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, document: &impl serde::Serialize) {
        std::fs::write(
            self.file(name),
            serde_json::to_vec_pretty(document).unwrap(),
        )
        .unwrap();
    }

    fn ledger_settings(&self) -> LedgerSettings {
        LedgerSettings {
            sharechain: SHARECHAIN.to_owned(),
            listen: self.listen(3),
            database_url_file: self.file("database"),
            currencies: vec![currency()],
            method: PayoutMethod::Pplns {
                window: Window::DifficultyMilli(2_000),
            },
            fee_ppm: 10_000,
            bonus: None,
            cut_wait_ms: 2_000,
            minute_days: 7,
            hour_days: 365,
            live_workers: 1_000,
            workers_per_user: 1_000,
        }
    }

    fn stratum_settings(&self, node: &FakeNode) -> StratumSettings {
        StratumSettings {
            name: "main".to_owned(),
            bind: self.miners_address(),
            listen: self.listen(1),
            state_dir: self.file("state"),
            base: currency(),
            aux: Vec::new(),
            coinservers: vec![node.peer()],
            ledger: LedgerPeer {
                sharechain: SHARECHAIN.to_owned(),
                url: self.ports[3].url(),
            },
            vardiff: VardiffSettings {
                start: DIFFICULTY,
                min: DIFFICULTY,
                max: DIFFICULTY,
                shares_per_minute: 20.0,
                retarget_s: 240,
                quick_start: false,
            },
            limits: LimitSettings {
                connections: 1_000,
                connections_per_address: 1_000,
                first_message_s: 15,
                authorize_s: 60,
                idle_s: 600,
                workers_per_connection: 64,
                workers_per_user: 1_000,
                new_users_per_minute: 100_000,
                ban_rejected_percent: 100,
                ban_after_submits: 1_000_000,
                ban_s: 1,
                send_queue_bytes: 65_536,
            },
            drain: DrainSettings {
                accept_for_s: 0,
                spread_s: 6,
                successor: None,
            },
            tls: None,
            proxy_protocol_from: Vec::new(),
            version_mask: 0x1fff_e000,
            banner: String::new(),
            journal_max_bytes: 64 * 1024 * 1024,
        }
    }

    fn listen(&self, first: usize) -> Listen {
        Listen {
            grpc: self.ports[first].address(),
            admin: self.ports[first + 1].address(),
            tls: None,
        }
    }
}

async fn kill(process: &mut Option<Process>) {
    if let Some(process) = process.take() {
        process.signal(Signal::SIGKILL).unwrap();
        process.wait().await;
    }
}

/// Work of one share.
pub(crate) fn share_work() -> u128 {
    Target::from_difficulty(Difficulty(DIFFICULTY), Algorithm::Sha256d)
        .unwrap()
        .work()
        .0
}

fn currency() -> CurrencySettings {
    let network = Network::preset("bitcoin-regtest").unwrap();
    CurrencySettings {
        name: "base".to_owned(),
        code: CURRENCY.to_owned(),
        subsidy_address: Address::p2wpkh([7; 20], &network).unwrap().to_string(),
        network,
        maturity: 100,
        settle_depth: 6,
        coinbase_tag: "/test/".to_owned(),
        block_odds: BLOCK_ODDS,
        split_window_milli: 2_000,
        decimals: 8,
    }
}

/// Is the ledger, as its own program would be.
#[tokio::main]
pub(crate) async fn ledger(path: &Path) {
    logging::start(LogFormat::Text);
    let stop = shutdown::on_signal().unwrap();
    let settings = document::watch::<LedgerSettings>(path.to_owned(), stop.clone()).unwrap();
    let program = Program::new("ngledger", SHARECHAIN, stop);
    ngledger::run(settings, program).await.unwrap();
}
