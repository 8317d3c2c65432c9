//! A port under test: the whole program in this process, with nodes and a ledger that can be told what
//! to do.

pub(crate) mod ledger;
pub(crate) mod node;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ngpool_chain::{Address, Algorithm, Network};
use ngpool_runtime::Program;
use ngpool_settings::{
    CurrencySettings, DrainSettings, LedgerPeer, LimitSettings, Listen, StratumSettings,
    VardiffSettings,
};
use ngpool_testkit::{FreePort, StratumClient};
use ngstratum::{RunError, clock::Clock};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use ledger::FakeLedger;
use node::{FakeNode, Tip};

/// How long anything expected may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Difficulty at which a share takes some thousand hashes.
pub(crate) const EASY: f64 = 0.000_001;

/// Odds at which no share of a test is a block.
pub(crate) const NEVER: u32 = u32::MAX;

/// A server that runs.
pub(crate) struct Pool {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) program: Program,
    pub(crate) clock: Clock,
    pub(crate) ledger: FakeLedger,
    pub(crate) nodes: BTreeMap<&'static str, FakeNode>,
    pub(crate) settings: watch::Sender<Arc<StratumSettings>>,
    shutdown: CancellationToken,
    task: Option<JoinHandle<Result<(), RunError>>>,
    directory: Arc<TempDir>,
    _ports: Vec<FreePort>,
}

impl Pool {
    /// A port with one node on tip 1.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with settings of the test's choice.
    pub(crate) async fn with(change: impl FnOnce(&mut StratumSettings)) -> Self {
        Self::with_nodes(&["a"], change).await
    }

    /// A port with some nodes, all on tip 1.
    pub(crate) async fn with_nodes(
        names: &[&'static str],
        change: impl FnOnce(&mut StratumSettings),
    ) -> Self {
        let mut nodes = BTreeMap::new();
        for name in names {
            let node = FakeNode::start(name).await;
            node.offer(Tip::number(1));
            nodes.insert(*name, node);
        }
        let ledger = FakeLedger::start().await;
        let directory = Arc::new(TempDir::new().unwrap());
        Self::launch(nodes, ledger, directory, change).await
    }

    /// Ends the server as a crash would as far as others can see: connections break, nothing is
    /// shipped or answered any more. The journal stays.
    pub(crate) async fn restart(mut self, change: impl FnOnce(&mut StratumSettings)) -> Self {
        self.shutdown.cancel();
        if let Some(task) = self.task.take() {
            task.await.unwrap().unwrap();
        }
        let (nodes, ledger) = (std::mem::take(&mut self.nodes), self.ledger.clone());
        Self::launch(nodes, ledger, self.directory.clone(), change).await
    }

    async fn launch(
        nodes: BTreeMap<&'static str, FakeNode>,
        ledger: FakeLedger,
        directory: Arc<TempDir>,
        change: impl FnOnce(&mut StratumSettings),
    ) -> Self {
        let ports: Vec<FreePort> = (0..3).map(|_| FreePort::reserve().unwrap()).collect();
        let mut settings = StratumSettings {
            name: "main".into(),
            bind: ports[0].address(),
            listen: Listen {
                grpc: ports[1].address(),
                admin: ports[2].address(),
                tls: None,
            },
            state_dir: directory.path().to_owned(),
            base: currency("bitcoin-regtest"),
            aux: Vec::new(),
            coinservers: nodes.values().map(FakeNode::peer).collect(),
            ledger: LedgerPeer {
                sharechain: "pplns".into(),
                url: ledger.url.clone(),
            },
            vardiff: VardiffSettings {
                start: EASY,
                min: EASY,
                max: 1e12,
                shares_per_minute: 20.0,
                retarget_s: 240,
                quick_start: false,
            },
            limits: LimitSettings {
                connections: 10_000,
                connections_per_address: 10_000,
                first_message_s: 15,
                authorize_s: 60,
                idle_s: 600,
                workers_per_connection: 64,
                workers_per_user: 1_000,
                new_users_per_minute: 10_000,
                ban_rejected_percent: 80,
                ban_after_submits: 1_000,
                ban_s: 600,
                send_queue_bytes: 65_536,
            },
            drain: DrainSettings {
                accept_for_s: 0,
                spread_s: 0,
                successor: None,
            },
            tls: None,
            proxy_protocol_from: Vec::new(),
            version_mask: 0x1fff_e000,
            banner: String::new(),
            journal_max_bytes: 64 * 1024 * 1024,
        };
        change(&mut settings);
        let address = settings.bind;
        let shutdown = CancellationToken::new();
        let program = Program::new("ngstratum", "main", shutdown.clone());
        let clock = Clock::system();
        let (sender, receiver) = watch::channel(Arc::new(settings));
        let task = tokio::spawn(ngstratum::run_with_clock(
            receiver,
            program.clone(),
            clock.clone(),
        ));
        let pool = Self {
            address,
            program,
            clock,
            ledger,
            nodes,
            settings: sender,
            shutdown,
            task: Some(task),
            directory,
            _ports: ports,
        };
        until("the port listens", || async {
            let task = pool.task.as_ref().is_some_and(JoinHandle::is_finished);
            assert!(!task, "the server has ended");
            tokio::net::TcpStream::connect(address).await.is_ok()
        })
        .await;
        pool
    }

    /// The node of a name.
    pub(crate) fn node(&self, name: &str) -> &FakeNode {
        &self.nodes[name]
    }

    /// Waits until the port says that it is ready.
    pub(crate) async fn ready(&self) {
        until("the port is ready", || async {
            self.program.health.report().ready
        })
        .await;
    }

    /// Name of the node whose template is mined on.
    pub(crate) async fn worked_on(&self) -> String {
        let known = || async { self.program.health.report().facts.contains_key("node") };
        until("there is a job", known).await;
        self.program.health.report().facts["node"].clone()
    }

    /// A client that has said nothing.
    pub(crate) async fn connect(&self) -> StratumClient {
        let algorithm = self.settings.borrow().base.network.algorithm;
        StratumClient::connect(self.address, algorithm)
            .await
            .unwrap()
    }

    /// A client that has a job.
    pub(crate) async fn miner(&self, name: &str) -> StratumClient {
        let mut client = self.connect().await;
        client.login(name, "x").await.unwrap();
        client
    }

    /// Changes the document.
    pub(crate) fn change(&self, change: impl FnOnce(&mut StratumSettings)) {
        self.settings
            .send_modify(|settings| change(Arc::make_mut(settings)));
    }

    /// Asks the server to leave.
    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Waits until it has left.
    pub(crate) async fn left(&mut self) {
        if let Some(task) = self.task.take() {
            tokio::time::timeout(DEADLINE, task)
                .await
                .expect("it did not leave")
                .unwrap()
                .unwrap();
        }
    }

    /// A line of `/metrics` that starts with a text, its value.
    pub(crate) fn metric(&self, start: &str) -> f64 {
        let text = self.program.metrics.text().unwrap();
        text.lines()
            .find(|line| line.starts_with(start))
            .and_then(|line| line.rsplit(' ').next()?.parse().ok())
            .unwrap_or(0.0)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A currency on a test network, with no share ever a block.
pub(crate) fn currency(preset: &str) -> CurrencySettings {
    let network = Network::preset(preset).unwrap();
    CurrencySettings {
        name: "base".into(),
        code: "BASE".into(),
        subsidy_address: Address::p2wpkh([7; 20], &network).unwrap().to_string(),
        network,
        maturity: 100,
        settle_depth: 6,
        coinbase_tag: "/test/".into(),
        block_odds: NEVER,
        split_window_milli: 2_000,
        decimals: 8,
    }
}

/// An address to mine for, the same for the same number.
pub(crate) fn user(number: u8) -> String {
    let network = Network::preset("bitcoin-regtest").unwrap();
    Address::p2wpkh([number; 20], &network).unwrap().to_string()
}

/// Waits for a condition.
pub(crate) async fn until<F, Fut>(what: &str, condition: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = bool>,
{
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(
        tokio::time::timeout(DEADLINE, waiting).await.is_ok(),
        "waited too long until {what}"
    );
}

/// Proof of work of the usual test currency.
pub(crate) const ALGORITHM: Algorithm = Algorithm::Sha256d;
