//! Miners on a running port lose nothing when the node they work on is killed.
//!
//! ```text
//!   miners ──TCP──▶ ngstratum ──gRPC──▶ ngcoinserver a ──▶ litecoind a ──┐
//!                            └────────▶ ngcoinserver b ──▶ litecoind b ──┴── a peer of both
//! ```
//! The coinservers are processes, so that they can be killed as the daemons are.

use std::{collections::BTreeMap, fs::File, path::Path, sync::Arc, time::Duration};

use ngpool_chain::{Address, Algorithm};
use ngpool_runtime::Program;
use ngpool_settings::{
    CoinserverPeer, DrainSettings, LedgerPeer, LimitSettings, Listen, StratumSettings,
    VardiffSettings,
};
use ngpool_testkit::{Daemon, FreePort, Process, StratumClient, process};
use nix::sys::signal::Signal;
use serde_json::json;
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::support::{PATIENCE, eventually, settings_for};

/// What miners may wait for a job of the other node.
const FAIL_OVER: Duration = Duration::from_secs(2);
/// Scrypt difficulty of a share: some ten hashes.
const DIFFICULTY: f64 = 0.000_15;
const MINERS: usize = 3;

/// A daemon with the coinserver beside it.
struct Node {
    name: &'static str,
    daemon: Daemon,
    coinserver: Option<Process>,
    ports: [FreePort; 2],
}

impl Node {
    async fn start(name: &'static str, folder: &Path) -> Self {
        let daemon = Daemon::start().await.unwrap();
        let ports = [FreePort::reserve().unwrap(), FreePort::reserve().unwrap()];
        let mut settings = settings_for(&daemon);
        name.clone_into(&mut settings.name);
        settings.listen.grpc = ports[0].address();
        settings.listen.admin = ports[1].address();
        let document = serde_json::to_vec(&settings).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), document).unwrap();
        Self {
            name,
            daemon,
            coinserver: None,
            ports,
        }
    }

    fn start_coinserver(&mut self, folder: &Path) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join(format!("{}.log", self.name)))
            .unwrap();
        let mut command = process::command(env!("CARGO_BIN_EXE_ngcoinserver"));
        command
            .arg("--document")
            .arg(folder.join(format!("{}.json", self.name)))
            .args(["--log-format", "text"])
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.coinserver = Some(Process::start(command).unwrap());
    }

    fn peer(&self) -> CoinserverPeer {
        CoinserverPeer {
            name: self.name.to_owned(),
            currency: "RLTC".to_owned(),
            url: self.ports[0].url(),
        }
    }

    /// SIGKILL.
    async fn kill_coinserver(&mut self) {
        let process = self.coinserver.take().unwrap();
        process.signal(Signal::SIGKILL).unwrap();
        process.wait().await;
    }
}

/// The running port.
struct Port {
    address: std::net::SocketAddr,
    program: Program,
    settings: watch::Sender<Arc<StratumSettings>>,
    task: JoinHandle<Result<(), ngstratum::RunError>>,
    _ports: [FreePort; 4],
}

impl Port {
    fn start(nodes: &BTreeMap<&'static str, Node>, state_dir: &Path) -> Self {
        let ports: [FreePort; 4] = std::array::from_fn(|_| FreePort::reserve().unwrap());
        let mut base = settings_for(&nodes["a"].daemon).currency;
        base.block_odds = u32::MAX;
        let settings = StratumSettings {
            name: "main".to_owned(),
            bind: ports[0].address(),
            listen: Listen {
                grpc: ports[1].address(),
                admin: ports[2].address(),
                tls: None,
            },
            state_dir: state_dir.to_owned(),
            base,
            aux: Vec::new(),
            coinservers: nodes.values().map(Node::peer).collect(),
            // Nobody is there: shares wait in the journal, which miners never notice.
            ledger: LedgerPeer {
                sharechain: "pplns".to_owned(),
                url: ports[3].url(),
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
                connections: 100,
                connections_per_address: 100,
                first_message_s: 15,
                authorize_s: 60,
                idle_s: 600,
                workers_per_connection: 64,
                workers_per_user: 1_000,
                new_users_per_minute: 10_000,
                ban_rejected_percent: 100,
                ban_after_submits: 1_000_000,
                ban_s: 1,
                send_queue_bytes: 65_536,
            },
            drain: DrainSettings {
                accept_for_s: 0,
                spread_s: 0,
                successor: None,
            },
            tls: None,
            proxy_protocol_from: Vec::new(),
            version_mask: 0,
            banner: String::new(),
            journal_max_bytes: 64 * 1024 * 1024,
        };
        let address = settings.bind;
        let program = Program::new("ngstratum", "main", CancellationToken::new());
        let (sender, receiver) = watch::channel(Arc::new(settings));
        let task = tokio::spawn(ngstratum::run(receiver, program.clone()));
        Self {
            address,
            program,
            settings: sender,
            task,
            _ports: ports,
        }
    }

    fn fact(&self, name: &str) -> String {
        let report = self.program.health.report();
        report.facts.get(name).cloned().unwrap_or_default()
    }

    /// Waits until it knows what its nodes are worth.
    async fn sees(&self, node: &str, usable: bool) {
        let name = format!("node {node}");
        eventually("the port's view of a node", async || {
            assert!(!self.task.is_finished(), "the port ended");
            (self.fact(&name) == "ready") == usable
        })
        .await;
    }
}

/// What a miner has seen.
#[derive(Debug, Default, Clone)]
struct Seen {
    /// Jobs so far.
    jobs: usize,
    /// Number of the newest job of which a share was accepted.
    accepted: usize,
}

/// A miner that works until it is stopped; it never connects again.
struct Miner {
    seen: watch::Receiver<Seen>,
    stop: CancellationToken,
    task: JoinHandle<StratumClient>,
}

fn user(number: u8) -> String {
    let network = ngpool_chain::Network::preset("litecoin-regtest").unwrap();
    Address::p2wpkh([number; 20], &network).unwrap().to_string()
}

impl Miner {
    async fn start(port: &Port, number: u8) -> Self {
        let mut client = StratumClient::connect(port.address, Algorithm::Scrypt)
            .await
            .unwrap();
        let name = user(number);
        client.login(&name, "x").await.unwrap();
        let (sender, seen) = watch::channel(Seen::default());
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            while !stopped.is_cancelled() {
                let job = client.job().await.unwrap();
                let number = client.jobs.len();
                let share = client.mine(&job).unwrap();
                // An error here is a connection that dropped, and fails the test.
                let reply = client.submit(&name, &share).await.unwrap();
                sender.send_modify(|seen| {
                    seen.jobs = client.jobs.len();
                    if reply.is_accepted() {
                        seen.accepted = number;
                    }
                });
                // Some thirty shares a second are enough, and leave the machine to the others.
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
            client
        });
        Self { seen, stop, task }
    }

    /// Waits for something, while the miner works.
    async fn until(&mut self, wanted: impl FnMut(&Seen) -> bool) {
        if self.seen.wait_for(wanted).await.is_err() {
            // Its own words.
            let ended = (&mut self.task).await;
            panic!("the miner ended: {:?}", ended.map(drop));
        }
    }
}

/// The miners' new jobs and the node they are of, within the time that the requirement allows; then
/// shares of those jobs are accepted on the connections that there were.
async fn fails_over(port: &Port, miners: &mut [Miner], other: &str, before: &[usize]) {
    let moved = async {
        while port.fact("node") != other {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for (miner, before) in miners.iter_mut().zip(before) {
            miner.until(|seen| seen.jobs > *before).await;
        }
    };
    assert!(
        tokio::time::timeout(FAIL_OVER, moved).await.is_ok(),
        "no job of node {other} within {FAIL_OVER:?}: {:?}",
        port.program.health.report()
    );
    for (miner, before) in miners.iter_mut().zip(before) {
        let accepted = miner.until(|seen| seen.accepted > *before);
        tokio::time::timeout(PATIENCE, accepted).await.unwrap();
    }
    assert!(port.program.health.report().ready);
}

fn jobs(miners: &[Miner]) -> Vec<usize> {
    miners.iter().map(|it| it.seen.borrow().jobs).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_costs_miners_nothing_and_a_block_reaches_every_node() {
    let folder = TempDir::new().unwrap();
    // A peer of both nodes, through which they can be parted without losing their peer.
    let hub = Daemon::start().await.unwrap();
    let mut nodes = BTreeMap::new();
    for name in ["a", "b"] {
        let node = Node::start(name, folder.path()).await;
        node.daemon.connect(&hub).await.unwrap();
        nodes.insert(name, node);
    }
    hub.generate(2).await.unwrap();
    for node in nodes.values_mut() {
        node.daemon.wait_same_tip(&hub).await.unwrap();
        node.start_coinserver(folder.path());
    }
    let port = Port::start(&nodes, &folder.path().join("state"));
    for name in ["a", "b"] {
        port.sees(name, true).await;
    }
    let mut miners = Vec::new();
    for number in 0..MINERS {
        miners.push(Miner::start(&port, u8::try_from(number).unwrap()).await);
    }
    for miner in &mut miners {
        miner.until(|seen| seen.accepted > 0).await;
    }

    // Daemon and coinserver of the node that is worked on, at once.
    let lost = port.fact("node");
    let other = if lost == "a" { "b" } else { "a" };
    let before = jobs(&miners);
    let node = nodes.get_mut(lost.as_str()).unwrap();
    tokio::join!(
        async {
            node.daemon.kill().await.unwrap();
        },
        async {
            let process = node.coinserver.take().unwrap();
            process.signal(Signal::SIGKILL).unwrap();
            process.wait().await;
        }
    );
    fails_over(&port, &mut miners, other, &before).await;
    port.sees(&lost, false).await;

    // It comes back; then the other daemon dies alone, and its coinserver stays to say so.
    let node = nodes.get_mut(lost.as_str()).unwrap();
    node.daemon.run().await.unwrap();
    node.daemon.connect(&hub).await.unwrap();
    node.daemon.wait_same_tip(&hub).await.unwrap();
    node.start_coinserver(folder.path());
    port.sees(&lost, true).await;
    let before = jobs(&miners);
    let worked_on = port.fact("node");
    let (killed, other) = if worked_on == "a" {
        ("a", "b")
    } else {
        ("b", "a")
    };
    nodes.get_mut(killed).unwrap().daemon.kill().await.unwrap();
    fails_over(&port, &mut miners, other, &before).await;
    let node = nodes.get_mut(killed).unwrap();
    node.daemon.run().await.unwrap();
    node.daemon.connect(&hub).await.unwrap();
    node.daemon.wait_same_tip(&hub).await.unwrap();
    port.sees(killed, true).await;

    // Every connection is the first one.
    let mut clients = Vec::new();
    for miner in miners {
        miner.stop.cancel();
        clients.push(miner.task.await.unwrap());
    }
    let mut client = clients.swap_remove(0);

    // From the next job on a share may be a block.
    port.settings
        .send_modify(|settings| Arc::make_mut(settings).base.block_odds = 1);
    let tip = hub.generate(1).await.unwrap().remove(0);
    for node in nodes.values() {
        node.daemon.wait_same_tip(&hub).await.unwrap();
    }
    let job = client
        .job_where(|job| job.previous.to_string() == tip)
        .await
        .unwrap();
    // The nodes keep their peer, and hear nothing through it.
    hub.freeze().unwrap();
    let share = client.mine(&job).unwrap();
    let reply = client.submit(&user(0), &share).await.unwrap();
    assert!(reply.is_accepted(), "{reply:?}");
    let hash = share.header.hash().to_string();
    for node in nodes.values() {
        node.daemon
            .wait_for("the pool's block", async || {
                node.daemon.best_hash().await.is_ok_and(|best| best == hash)
            })
            .await
            .unwrap();
        let block = node.daemon.call("getblock", json!([hash])).await.unwrap();
        assert_eq!(block["previousblockhash"], tip);
    }
    hub.thaw().unwrap();
    for node in nodes.values_mut() {
        node.kill_coinserver().await;
    }
}
