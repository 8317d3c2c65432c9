//! A running coinserver, its stream as a test reads it, and a miner of a few lines.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use ngcoinserver::RunError;
use ngpool_chain::{
    Algorithm, Amount, BlockHash, CoinbaseSpec, Height, Job, Network, ProcessTag, TemplateBody,
    TemplateHead, TemplateTransaction, Txid,
};
use ngpool_rpc::{
    MESSAGE_LIMIT, Security, channel,
    v1::{self, NodeState, coinserver_client::CoinserverClient, template_event::Event},
};
use ngpool_runtime::Program;
use ngpool_settings::{CoinserverSettings, CurrencySettings, DaemonRpc, Listen};
use ngpool_testkit::{Daemon, FreePort};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use tonic::{Streaming, transport::Channel};

/// Longest wait for anything: only a failure waits as long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// So rare that it does not happen in a test.
pub(crate) const NEVER_MS: u64 = 3_600_000;

pub(crate) type Client = CoinserverClient<Channel>;

/// A coinserver in this process.
pub(crate) struct Coinserver {
    pub client: Client,
    pub settings: watch::Sender<Arc<CoinserverSettings>>,
    pub program: Program,
    task: JoinHandle<Result<(), RunError>>,
    _ports: [FreePort; 2],
}

/// Settings for a daemon somebody else runs: every way to hear of a tip is on.
pub(crate) fn settings(rpc: DaemonRpc) -> CoinserverSettings {
    let nowhere = ([127, 0, 0, 1], 0).into();
    CoinserverSettings {
        name: "node-a".to_owned(),
        currency: CurrencySettings {
            name: "litecoin".to_owned(),
            code: "RLTC".to_owned(),
            network: Network::preset("litecoin-regtest").unwrap(),
            subsidy_address: "rltc1qlmczdf598wnrwuveehtmjd0ycfcekcjlsu987j".to_owned(),
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: "/test/".to_owned(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        },
        listen: Listen {
            grpc: nowhere,
            admin: nowhere,
            tls: None,
        },
        rpc,
        zmq_hashblock: None,
        daemon: None,
        poll_ms: 200,
        refresh_ms: 1_000,
    }
}

/// Settings for a node of the testkit.
pub(crate) fn settings_for(daemon: &Daemon) -> CoinserverSettings {
    settings(DaemonRpc {
        url: daemon.rpc_url(),
        credentials_file: daemon.credentials_file(),
        timeout_s: 10,
    })
}

impl Coinserver {
    /// Starts a coinserver on ports of its own.
    pub(crate) async fn start(mut settings: CoinserverSettings) -> Self {
        let ports = [FreePort::reserve().unwrap(), FreePort::reserve().unwrap()];
        settings.listen.grpc = ports[0].address();
        settings.listen.admin = ports[1].address();
        let program = Program::new("ngcoinserver", &settings.name, CancellationToken::new());
        let (sender, receiver) = watch::channel(Arc::new(settings));
        let task = tokio::spawn(ngcoinserver::run(receiver, program.clone()));
        let client =
            CoinserverClient::new(channel::connect(&ports[0].url(), &Security::Plain).unwrap())
                .max_decoding_message_size(MESSAGE_LIMIT)
                .max_encoding_message_size(MESSAGE_LIMIT);
        let server = Self {
            client,
            settings: sender,
            program,
            task,
            _ports: ports,
        };
        eventually("the coinserver to serve", async || {
            assert!(!server.task.is_finished(), "the coinserver ended at once");
            server
                .client
                .clone()
                .chain_status(v1::ChainStatusRequest {})
                .await
                .is_ok()
        })
        .await;
        server
    }

    /// For a node of the testkit.
    pub(crate) async fn for_node(daemon: &Daemon) -> Self {
        Self::start(settings_for(daemon)).await
    }

    /// Changes its document while it runs.
    pub(crate) fn change(&self, change: impl FnOnce(&mut CoinserverSettings)) {
        let mut settings = CoinserverSettings::clone(&self.settings.borrow());
        change(&mut settings);
        self.settings.send_replace(Arc::new(settings));
    }

    /// Opens a stream.
    pub(crate) async fn watch(&self) -> Watch {
        let request = v1::WatchTemplatesRequest {
            client: "test".to_owned(),
        };
        let stream = self
            .client
            .clone()
            .watch_templates(request)
            .await
            .unwrap()
            .into_inner();
        Watch {
            stream,
            heads: Vec::new(),
            bodies: HashMap::new(),
            transactions: HashMap::new(),
            health: None,
            heartbeats: 0,
        }
    }

    /// Asks it to go and waits until it has.
    pub(crate) async fn stop(self) -> Result<(), RunError> {
        self.program.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .expect("it does not end")
            .unwrap()
    }

    /// Its metrics.
    pub(crate) fn metrics(&self) -> String {
        self.program.metrics.text().unwrap()
    }
}

/// A stream of templates, read until what is looked for has come.
pub(crate) struct Watch {
    stream: Streaming<v1::TemplateEvent>,
    pub heads: Vec<v1::TemplateHead>,
    pub bodies: HashMap<Bytes, v1::TemplateBody>,
    pub transactions: HashMap<Bytes, Bytes>,
    pub health: Option<v1::NodeHealth>,
    pub heartbeats: usize,
}

impl Watch {
    /// Reads one event; `false` at the end of the stream.
    pub(crate) async fn read(&mut self) -> bool {
        let message = tokio::time::timeout(PATIENCE, self.stream.message()).await;
        let Ok(Some(event)) = message.expect("the stream is silent") else {
            return false;
        };
        match event.event.unwrap() {
            Event::Head(head) => self.heads.push(head),
            Event::Body(body) => {
                assert!(
                    self.heads
                        .iter()
                        .any(|head| head.template_id == body.template_id),
                    "a body came before its head"
                );
                for one in &body.transactions {
                    if let Some(data) = &one.data {
                        self.transactions.insert(one.txid.clone(), data.clone());
                    }
                }
                self.bodies.insert(body.template_id.clone(), body);
            }
            Event::Health(health) => self.health = Some(health),
            Event::Heartbeat(_) => self.heartbeats += 1,
        }
        true
    }

    /// Reads until something holds.
    pub(crate) async fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(
                Instant::now() < deadline,
                "still no {what}: {:?}, heads {:?}",
                self.health,
                self.heads
                    .iter()
                    .map(|head| head.height)
                    .collect::<Vec<_>>()
            );
            assert!(self.read().await, "the stream ended before {what}");
        }
    }

    /// Waits until the node is in a state; the reason.
    pub(crate) async fn state(&mut self, state: NodeState) -> String {
        self.until(&format!("{state:?}"), |watch| {
            watch
                .health
                .as_ref()
                .is_some_and(|health| health.state() == state)
        })
        .await;
        self.health.clone().unwrap().reason
    }

    /// Waits for the head of a height whose tip is the given block.
    pub(crate) async fn head_on(&mut self, tip: &str) -> v1::TemplateHead {
        let tip: BlockHash = tip.parse().unwrap();
        self.until("a template on the tip", |watch| {
            watch
                .heads
                .last()
                .is_some_and(|head| head.previous_hash == tip.as_bytes()[..])
        })
        .await;
        self.heads.last().unwrap().clone()
    }

    /// Waits for a head's body.
    pub(crate) async fn body_of(&mut self, head: &v1::TemplateHead) -> v1::TemplateBody {
        self.until("the body of a head", |watch| {
            watch.bodies.contains_key(&head.template_id)
        })
        .await;
        self.bodies[&head.template_id].clone()
    }
}

/// A solved block in both of its forms.
pub(crate) struct Solved {
    pub header: Bytes,
    pub coinbase: Bytes,
    pub block: Bytes,
    pub hash: BlockHash,
}

/// Mines on a template of Litecoin: on regtest every second header is good. `script` makes blocks
/// differ.
pub(crate) async fn solve(watch: &mut Watch, head: &v1::TemplateHead, script: &[u8]) -> Solved {
    solve_by(Algorithm::Scrypt, watch, head, script).await
}

/// [`solve`] with another proof of work.
pub(crate) async fn solve_by(
    algorithm: Algorithm,
    watch: &mut Watch,
    head: &v1::TemplateHead,
    script: &[u8],
) -> Solved {
    let body = watch.body_of(head).await;
    let template = chain_head(head);
    let process = ProcessTag::new(*b"testtest").unwrap();
    let script = Bytes::copy_from_slice(script);
    let spec = CoinbaseSpec::of(&template, script, process, Bytes::from_static(b"/test/"));
    let job = Job::new(&template, &spec).unwrap();
    let header = (0..u32::MAX)
        .map(|nonce| job.header([1; 4], [2; 8], job.version, job.time, nonce))
        .find(|header| job.target.is_met_by(&header.pow_hash(algorithm)))
        .unwrap();
    let coinbase = job.coinbase([1; 4], [2; 8]);
    let body = TemplateBody {
        transactions: body
            .transactions
            .iter()
            .map(|one| TemplateTransaction {
                txid: Txid::from_slice(&one.txid).unwrap(),
                data: watch.transactions[&one.txid].clone(),
            })
            .collect(),
        mweb: (!body.mweb.is_empty()).then(|| body.mweb.clone()),
    };
    let block = ngpool_chain::assemble_block(&header, &coinbase, &template, &body).unwrap();
    Solved {
        header: header.to_bytes().to_vec().into(),
        coinbase: coinbase.into(),
        block: block.into(),
        hash: header.hash(),
    }
}

fn chain_head(head: &v1::TemplateHead) -> TemplateHead {
    TemplateHead {
        previous: BlockHash::from_slice(&head.previous_hash).unwrap(),
        height: Height(head.height),
        version: head.version,
        bits: head.bits,
        min_time: head.min_time,
        cur_time: head.current_time,
        coinbase_value: Amount(head.coinbase_value),
        merkle_branch: head
            .merkle_branch
            .iter()
            .map(|node| node[..].try_into().unwrap())
            .collect(),
        witness_commitment: Some(head.witness_commitment.clone()),
        transaction_count: head.transaction_count,
        has_mweb: head.has_mweb,
    }
}

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
