//! A whole payout on a real node, told once for each commit and call of each of its programs, with
//! that program killed there: the same books, and one transaction on the chain.
//!
//! ```text
//!  ngpayout prepare ─▶ ngsign run ◀─▶ ngweb ─▶ ngpayout settle ─▶ blocks ─▶ ngpayout settle
//! ```
//!
//! The node's clock stands still, so that every telling makes the same blocks and the whole database
//! can be compared.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use age::secrecy::ExposeSecret;
use ngpayout::settle::nodes::Nodes;
use ngpool_chain::{Algorithm, BlockHash, Network, PrivateKey};
use ngpool_settings::{
    CurrencySettings, FeeRate, Listen, PayoutMethod, PayoutSettings, RateLimit, WebSettings,
    WebSharechain, Window,
};
use ngpool_store::{BlockState, PayoutState};
use ngpool_testkit::{
    CallWire, Daemon, DaemonOptions, Database, DatabaseWire, Faults, FreePort, Process, process,
};
use ngsign::{
    journal::Journal,
    keyring::{Key, Kind},
    keystore::{Keystore, Unlock},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::{JoinSet, LocalSet};

use super::{QUESTIONS, assert_same, assert_struck};
use crate::{
    pool::{DEPTH, Pool, WINDOW, currency, open, pplns},
    programs,
    real_nodes::{Served, found, serve},
    signing::{own_address, payee},
    world::{CODE, World},
};

const PATIENCE: Duration = Duration::from_secs(90);

/// Stories told at once: each waits for its node and its database most of the time.
const AT_ONCE: usize = 4;

/// What differs when a message came twice, and moves no money: the messages themselves, where the
/// signer stood when it asked last, a node's words.
const IGNORED: &[&str] = &[
    "signer_message",
    "signer_seen",
    "payout_version.answer",
    // A row an audit, and how many runs there were is no matter.
    "solvency",
];

const SIGNER_FILES: [&str; 5] = [
    "identity",
    "keystore",
    "keystore.journal",
    "policy.yaml",
    "token",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_whose_programs_are_killed_at_any_commit_or_call_is_paid_once() {
    LocalSet::new().run_until(all_stories()).await;
}

async fn all_stories() {
    let base = Arc::new(Base::make().await);
    let (undisturbed, points) = base.tell(Faults::none()).await;
    for program in ["ngpayout", "ngsign", "ngweb"] {
        let of = points.iter().filter(|point| point.starts_with(program));
        assert!(of.count() >= 4, "{points:#?}");
    }
    let mut stories = JoinSet::new();
    for point in points {
        let (base, expected) = (base.clone(), undisturbed.clone());
        stories.spawn_local(async move {
            let faults = Faults::at(&point);
            let (books, _) = base.tell(faults.clone()).await;
            assert_struck(&faults, &point);
            assert_same(&books, &expected, &point);
        });
        if stories.len() == AT_ONCE {
            stories.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(story) = stories.join_next().await {
        story.unwrap();
    }
}

/// Credited coins, and a signer that has done nothing yet.
struct Base {
    daemon: Daemon,
    pool: Pool,
    currency: CurrencySettings,
    alice: String,
    signer: TempDir,
}

impl Base {
    async fn make() -> Self {
        // Near to now: programs look at the age of the tip.
        let clock = chrono::Utc::now().timestamp();
        let options = DaemonOptions {
            arguments: vec![format!("-mocktime={clock}")],
        };
        let mut daemon = Daemon::start_with(options).await.unwrap();
        let currency = CurrencySettings {
            maturity: 100,
            subsidy_address: own_address(Kind::P2wpkh),
            ..currency()
        };
        let served = serve("a", &daemon, &currency);
        let (nobody, _) = World::start(&[]).await;
        let peers = vec![served.peer.clone()];
        let chains = [pplns("main", 10_000)];
        let mut pool = Pool::with_nodes(nobody, peers, currency.clone(), &chains).await;
        pool.settings.policy.fee.rate = FeeRate::Fixed { per_kvb: 10_000 };
        daemon.generate(1).await.unwrap();
        at_the_tip(&pool.settings, &daemon).await;
        pool.settle().await;
        let alice = payee(20);
        pool.shares("main", &[(alice.clone(), 300)]).await;
        let block = found(&mut pool, &daemon).await.block;
        daemon.generate(100).await.unwrap();
        at_the_tip(&pool.settings, &daemon).await;
        pool.settle().await;
        assert_eq!(pool.state(block).await, BlockState::Mature);

        let statement = pool.payout.last_statement(CODE, "main").await.unwrap();
        let signer = signer(&hex::encode(statement.unwrap().key));
        // Copies are made of what nobody uses.
        pool.ledger.close().await;
        pool.payout.close().await;
        daemon.stop().await.unwrap();
        Self {
            daemon,
            pool,
            currency,
            alice,
            signer,
        }
    }

    /// The payout from its preparation to its confirmation. What it leaves, and its points.
    async fn tell(&self, faults: Faults) -> (Vec<String>, Vec<String>) {
        let mut story = Story::begin(self, faults.clone()).await;
        story.ngpayout("prepare").await;
        story.ngsign().await;
        story.ngpayout("settle").await;
        let waiting = story.call("getrawmempool", json!([])).await;
        assert_eq!(waiting.as_array().unwrap().len(), 1, "{}", story.words());
        story.daemon.generate(DEPTH + 1).await.unwrap();
        story.ngpayout("settle").await;

        let store = open(&story.database.url_of("payout"));
        let payout = store.payout(CODE, 1).await.unwrap().unwrap();
        assert_eq!(payout.state, PayoutState::Confirmed, "{}", story.words());
        assert_eq!(store.last_payout(CODE).await.unwrap(), 1);
        assert_eq!(store.books_check(CODE).await.unwrap(), vec![]);
        store.close().await;
        let all = json!(["start", [format!("addr({})", self.alice)]]);
        let paid = story.call("scantxoutset", all).await;
        let paid = paid["unspents"].as_array().unwrap();
        assert_eq!(paid.len(), 1, "paid more than once: {paid:?}");
        let mut books = story.database.contents(IGNORED).await.unwrap();
        books.push(format!("paid {} by {}", paid[0]["amount"], paid[0]["txid"]));
        story.end().await;
        (books, faults.points())
    }
}

/// A signer's folder.
fn signer(statement_key: &str) -> TempDir {
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { files.path().join(name) };
    let identity = age::x25519::Identity::generate().to_string();
    let identity = identity.expose_secret().to_owned();
    std::fs::write(path("identity"), &identity).unwrap();
    let network = Network::preset("litecoin-regtest").unwrap();
    let journal = Journal::create(&path("keystore.journal"), [9; 16]).unwrap();
    let mut keystore = Keystore::create(
        &path("keystore"),
        Unlock::Identity(identity.into()),
        CODE,
        network.clone(),
        journal.marker(),
    )
    .unwrap();
    let wif = PrivateKey::from_bytes(&[7; 32]).unwrap().to_wif(&network);
    let key = Key::parse(&Kind::P2wpkh.descriptor(&wif), &network).unwrap();
    keystore.add(key).unwrap();
    let policy = format!(
        "format: 1\n\
         currency: {CODE}\n\
         statementKeys: [{statement_key}]\n\
         limits: {{payout: 100000000000, day: 1000000000000, payeeDay: 1000000000000}}\n\
         fee: {{transaction: 10000000, day: 100000000, rate: 20000}}\n\
         newScripts: {{hours: 0, limit: 0}}\n\
         maxChangeOutputs: 1\n\
         maxBlockReward: 100000000000\n"
    );
    std::fs::write(path("policy.yaml"), policy).unwrap();
    std::fs::write(path("token"), "a-token-of-32-characters-or-more\n").unwrap();
    files
}

/// Waits until the node's coinserver shows the node's tip.
async fn at_the_tip(settings: &PayoutSettings, daemon: &Daemon) {
    let tip: BlockHash = daemon.best_hash().await.unwrap().parse().unwrap();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let nodes = Nodes::look(settings).await;
        if nodes
            .best()
            .is_some_and(|node| node.tip().unwrap().1 == tip)
        {
            return;
        }
        assert!(Instant::now() < deadline, "{}", nodes.complaints());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One telling: copies of everything, and wires between the programs.
struct Story {
    faults: Faults,
    daemon: Daemon,
    database: Database,
    /// What the programs have leads through the wires; this leads past them.
    direct: PayoutSettings,
    web: Arc<Process>,
    is_web_new: bool,
    web_address: SocketAddr,
    pool_url: String,
    directory: TempDir,
    _wires: (DatabaseWire, DatabaseWire, CallWire, CallWire),
    _served: Served,
    _ports: [FreePort; 3],
}

impl Story {
    async fn begin(base: &Base, faults: Faults) -> Self {
        let daemon = base.daemon.copy().await.unwrap();
        let database = base.pool.database.copy().await.unwrap();
        let served = serve("a", &daemon, &base.currency);
        let mut direct = base.pool.settings.clone();
        direct.coinservers = vec![served.peer.clone()];
        at_the_tip(&direct, &daemon).await;

        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| -> PathBuf { directory.path().join(name) };
        for name in SIGNER_FILES {
            std::fs::copy(base.signer.path().join(name), path(name)).unwrap();
        }
        let to_books = DatabaseWire::start(&faults, "ngpayout", &database, "payout")
            .await
            .unwrap();
        let to_node = CallWire::start(&faults, "ngpayout", &served.peer.url, QUESTIONS)
            .await
            .unwrap();
        let mut settings = direct.clone();
        settings.database_url_file = path("payout-url");
        settings.coinservers[0].url = to_node.url();
        std::fs::write(&settings.database_url_file, to_books.url()).unwrap();
        write(&path("payout.json"), &settings);

        let ports = [(); 3].map(|()| FreePort::reserve().unwrap());
        let of_web = DatabaseWire::start(&faults, "ngweb", &database, "web")
            .await
            .unwrap();
        std::fs::write(path("web-url"), of_web.url()).unwrap();
        write(
            &path("web.json"),
            &web_settings(base, &ports, &path("web-url"), &path("token")),
        );
        let to_pool = CallWire::start(&faults, "ngsign", &ports[0].url(), &[])
            .await
            .unwrap();
        let web = start_web(&faults, directory.path());
        let story = Self {
            faults,
            daemon,
            database,
            direct,
            web,
            is_web_new: false,
            web_address: ports[0].address(),
            pool_url: to_pool.url(),
            directory,
            _wires: (to_books, of_web, to_node, to_pool),
            _served: served,
            _ports: ports,
        };
        story.web_serves().await;
        story
    }

    /// Runs a job until it succeeds. One that nobody killed must.
    async fn ngpayout(&self, job: &str) {
        at_the_tip(&self.direct, &self.daemon).await;
        loop {
            let mut command = process::command(env!("CARGO_BIN_EXE_ngpayout"));
            command
                .arg(job)
                .arg("--document")
                .arg(self.directory.path().join("payout.json"));
            if self.run("ngpayout", command).await {
                return;
            }
        }
    }

    /// Lets the signer ask until its answer is handed over; a killed ngweb is started again.
    async fn ngsign(&mut self) {
        loop {
            let file = |name: &str| self.directory.path().join(name).display().to_string();
            let arguments = [
                "run".to_owned(),
                format!("--keystore={}", file("keystore")),
                format!("--identity={}", file("identity")),
                format!("--policy={}", file("policy.yaml")),
                format!("--pool={}", self.pool_url),
                format!("--token-file={}", file("token")),
            ];
            let is_done = self
                .run("ngsign", programs::command("ngsign", &arguments))
                .await;
            let is_killed = self
                .faults
                .struck()
                .is_some_and(|at| at.starts_with("ngweb"));
            if is_killed && !self.is_web_new {
                self.is_web_new = true;
                self.web.wait().await;
                self.web = start_web(&self.faults, self.directory.path());
                self.web_serves().await;
            }
            if is_done {
                return;
            }
        }
    }

    /// One run; whether it succeeded. It must, unless something was killed meanwhile.
    async fn run(&self, program: &str, mut command: Command) -> bool {
        log_to(&mut command, self.directory.path(), program);
        let was_struck = self.faults.struck().is_some();
        let process = self.faults.start(program, command).unwrap();
        let ended = tokio::time::timeout(PATIENCE, process.wait()).await;
        let status: ExitStatus = ended.expect("it ends").unwrap();
        let struck = self.faults.struck();
        assert!(
            status.success() || (struck.is_some() && !was_struck),
            "{program}: {status}, {struck:?}\n{}",
            self.words()
        );
        status.success()
    }

    async fn web_serves(&self) {
        let deadline = Instant::now() + PATIENCE;
        while tokio::net::TcpStream::connect(self.web_address)
            .await
            .is_err()
        {
            assert!(
                self.web.is_running() && Instant::now() < deadline,
                "ngweb does not serve\n{}",
                self.words()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        self.daemon.call(method, params).await.unwrap()
    }

    /// What the programs said.
    fn words(&self) -> String {
        ["ngpayout", "ngsign", "ngweb"]
            .map(|program| {
                let log = self.directory.path().join(format!("{program}.log"));
                std::fs::read_to_string(log).unwrap_or_default()
            })
            .join("\n---\n")
    }

    async fn end(self) {
        drop(self.web);
        self.database.remove().await.unwrap();
    }
}

fn start_web(faults: &Faults, directory: &Path) -> Arc<Process> {
    let document = directory.join("web.json").display().to_string();
    let mut command = programs::command("ngweb", &[document]);
    log_to(&mut command, directory, "ngweb");
    faults.start("ngweb", command).unwrap()
}

fn log_to(command: &mut Command, directory: &Path, program: &str) {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(directory.join(format!("{program}.log")))
        .unwrap();
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
}

fn web_settings(base: &Base, ports: &[FreePort; 3], url: &Path, token: &Path) -> WebSettings {
    WebSettings {
        pool: "test".into(),
        bind: ports[0].address(),
        listen: Listen {
            grpc: ports[1].address(),
            admin: ports[2].address(),
            tls: None,
        },
        database_url_file: url.to_owned(),
        currencies: vec![base.currency.clone()],
        sharechains: vec![WebSharechain {
            name: "main".into(),
            algorithm: Algorithm::Scrypt,
            method: PayoutMethod::Pplns {
                window: Window::Work(WINDOW),
            },
            fee_ppm: 10_000,
        }],
        ports: vec![],
        nodes: vec![],
        rate_limit: RateLimit {
            per_second: 1_000,
            burst: 1_000,
        },
        allowed_origins: vec![],
        trusted_proxies: vec![],
        payouts: [(CODE.to_owned(), base.pool.settings.policy.clone())].into(),
        signer_token_file: Some(token.to_owned()),
    }
}

fn write(path: &Path, document: &impl serde::Serialize) {
    std::fs::write(path, serde_json::to_vec_pretty(document).unwrap()).unwrap();
}
