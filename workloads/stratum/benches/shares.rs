//! What a share costs from its line to its reply: parsed, header rebuilt, duplicate set, proof of work,
//! journal, vardiff. Everything but the socket.
//!
//! `cargo bench -p ngstratum --bench shares`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement ends where it fails"
)]
#![allow(missing_docs, reason = "made by macros")]

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use arc_swap::ArcSwap;
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ngpool_chain::{
    Address, Amount, BlockHash, Height, Network, ProcessTag, TemplateHead, stratum_v1,
};
use ngpool_runtime::{Health, Metrics};
use ngpool_settings::{
    CurrencySettings, DrainSettings, LedgerPeer, LimitSettings, Listen, StratumSettings,
    VardiffSettings,
};
use ngstratum::{
    aux::AuxSet,
    clock::Clock,
    jobs::{JobBook, JobHandle},
    journal::{BlockJournal, JournalOptions, ShareJournal, SystemFiles},
    limits::Gate,
    metrics::PortMetrics,
    port::Port,
    pow_pool::{PowPool, Submitted},
    readiness::Readiness,
    registry::{Membership, Registry},
    resume::Sessions,
    session::{Next, Session},
    share::Batch,
    solve::{Destinations, Solver},
    templates::{BodySlot, Offer},
    workers::Workers,
};
use parking_lot::Mutex;
use siphasher::sip::SipHasher13;

/// Miners that take turns, so that their sets are not all in the nearest cache.
const MINERS: usize = 1_000;

/// Shares between two ends of a slice.
const SLICE: u64 = 50_000;

/// Bytes of an accepting reply.
const REPLY: usize = "{\"id\":4,\"result\":true,\"error\":null}\n".len();

/// A difficulty that every hash meets.
const ANY: f64 = 1e-12;

struct Bench {
    port: Arc<Port>,
    book: Mutex<JobBook>,
    miners: Vec<(Session, Membership)>,
    name: String,
    out: Vec<u8>,
    sent: u64,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = Arc::new(settings());
        let clock = Clock::system();
        let options = JournalOptions::new("bench", 1 << 40, 1_000);
        let journal =
            ShareJournal::open(&directory.path().join("shares"), options, SystemFiles).unwrap();
        let time = Arc::new(|| 0);
        let blocks =
            BlockJournal::open(&directory.path().join("blocks"), time, SystemFiles).unwrap();
        let metrics = Arc::new(PortMetrics::register(&Metrics::new()));
        let port = Arc::new(Port {
            jobs: ArcSwap::default(),
            registry: Registry::new(),
            workers: Workers::default(),
            gate: Gate::new(),
            sessions: Sessions::default(),
            journal: Arc::new(journal),
            pow: PowPool::start(settings.base.network.algorithm).unwrap(),
            solver: Solver {
                journal: Arc::new(blocks),
                destinations: Destinations::default(),
                boards: Arc::default(),
                metrics: metrics.clone(),
                clock: clock.clone(),
                tasks: tokio_util::task::TaskTracker::new(),
                stop: tokio_util::sync::CancellationToken::new(),
            },
            metrics,
            clock,
            readiness: Readiness::new(Health::new()),
            has_work: AtomicBool::new(true),
            keeps_shares: AtomicBool::new(true),
            fingerprints: SipHasher13::new_with_keys(1, 2),
            settings: ArcSwap::new(settings),
        });
        let mut bench = Self {
            port,
            book: Mutex::new(JobBook::new(ProcessTag::new([1; 8]).unwrap())),
            miners: Vec::new(),
            name: address(1),
            out: Vec::with_capacity(65_536),
            sent: 0,
            _directory: directory,
        };
        bench.new_tip();
        for _ in 0..MINERS {
            let membership = bench.port.registry.join(bench.port.clock.now());
            let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
            let handle = membership.handle().clone();
            let session = Session::new(bench.port.clone(), handle, peer);
            bench.miners.push((session, membership));
        }
        let name = bench.name.clone();
        for miner in 0..MINERS {
            let line = r#"{"id":1,"method":"mining.subscribe","params":["bench/1"]}"#;
            bench.say(miner, &[line.to_owned()]);
            let line = format!(
                r#"{{"id":2,"method":"mining.authorize","params":["{name}.{miner}","x"]}}"#
            );
            bench.say(miner, &[line]);
        }
        bench
    }

    /// A job on another tip, with the branch of a block of 2,000 transactions.
    fn new_tip(&mut self) {
        let tip = self.sent.to_le_bytes();
        let mut previous = [0; 32];
        previous[..8].copy_from_slice(&tip);
        let now = u32::try_from(self.port.clock.unix_seconds()).unwrap();
        let offer = Arc::new(Offer {
            node: "node".into(),
            template_id: Bytes::new(),
            head: TemplateHead {
                previous: BlockHash::from_bytes(previous),
                height: Height(800_000),
                version: 0x2000_0000,
                bits: 0x1703_4219,
                min_time: now - 60,
                cur_time: now,
                coinbase_value: Amount(312_500_000),
                merkle_branch: vec![[7; 32]; 11],
                witness_commitment: Some(Bytes::from(vec![9; 38])),
                transaction_count: 2_000,
                has_mweb: false,
            },
            chain_work: [0; 32],
            received_ms: 0,
            body: BodySlot::default(),
        });
        let base = &self.port.settings.load().base;
        let (table, _) = self
            .book
            .lock()
            .publish(&offer, &AuxSet::default(), base)
            .unwrap();
        self.port.jobs.store(Arc::new(table));
    }

    /// Lines as one packet of a miner; the number of bytes replied.
    fn say(&mut self, miner: usize, lines: &[String]) -> usize {
        let (session, _) = &mut self.miners[miner];
        let mut batch = Batch::default();
        self.out.clear();
        for line in lines {
            match session.line(line.as_bytes(), &mut batch, &mut self.out) {
                Next::Go | Next::Batched => {}
                next => panic!("{next:?}"),
            }
        }
        if !batch.is_empty() {
            let Submitted::Done(hashes) = session.pow(batch.headers()) else {
                panic!("SHA256d is done at once")
            };
            let close = session.finish(&batch, &hashes, &mut self.out);
            assert_eq!(close, None);
        }
        self.out.len()
    }

    /// Submits that were never made before.
    fn submits(&mut self, miner: usize, depth: usize) -> Vec<String> {
        let job = self.port.jobs.load().current().unwrap().clone();
        let handle = JobHandle::first(job.number).0;
        (0..depth)
            .map(|_| {
                self.sent += 1;
                format!(
                    r#"{{"id":4,"method":"mining.submit","params":["{}.{miner}","{handle:x}","{:016x}","{}","{:08x}"]}}"#,
                    self.name,
                    self.sent,
                    stratum_v1::number(job.work.time),
                    7,
                )
            })
            .collect()
    }
}

fn shares(criterion: &mut Criterion) {
    let mut bench = Bench::new();
    let mut group = criterion.benchmark_group("share, line to reply");
    for depth in [1, 4, 16] {
        group.throughput(Throughput::Elements(depth as u64));
        group.bench_function(BenchmarkId::from_parameter(depth), |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = Duration::ZERO;
                for round in 0..rounds {
                    if round % 4_000_000 == 0 {
                        // Before any miner has used up what it may send on one tip.
                        bench.new_tip();
                        for miner in 0..MINERS {
                            bench.out.clear();
                            let (session, _) = &mut bench.miners[miner];
                            session.send_job(&mut bench.out);
                        }
                    }
                    if round % SLICE == 0 {
                        // As the server does every two seconds.
                        bench.port.journal.close(false).unwrap();
                    }
                    let miner = usize::try_from(round).unwrap() % MINERS;
                    let lines = bench.submits(miner, depth);
                    let start = std::time::Instant::now();
                    let replied = bench.say(miner, &lines);
                    spent += start.elapsed();
                    assert_eq!(
                        replied,
                        depth * REPLY,
                        "not all accepted: {}",
                        String::from_utf8_lossy(&bench.out)
                    );
                }
                spent
            });
        });
    }
    group.finish();
}

fn address(number: u8) -> String {
    let network = Network::preset("bitcoin-regtest").unwrap();
    Address::p2wpkh([number; 20], &network).unwrap().to_string()
}

fn settings() -> StratumSettings {
    let anywhere = (Ipv4Addr::LOCALHOST, 0).into();
    StratumSettings {
        name: "bench".into(),
        bind: anywhere,
        listen: Listen {
            grpc: anywhere,
            admin: anywhere,
            tls: None,
        },
        state_dir: PathBuf::new(),
        base: CurrencySettings {
            name: "btc".into(),
            code: "BTC".into(),
            network: Network::preset("bitcoin-regtest").unwrap(),
            subsidy_address: address(7),
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: "/bench/".into(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        },
        aux: Vec::new(),
        coinservers: Vec::new(),
        ledger: LedgerPeer {
            sharechain: "pplns".into(),
            url: String::new(),
        },
        vardiff: VardiffSettings {
            start: ANY,
            min: ANY,
            max: ANY,
            shares_per_minute: 20.0,
            retarget_s: 240,
            quick_start: true,
        },
        limits: LimitSettings {
            connections: 100_000,
            connections_per_address: 100_000,
            first_message_s: 15,
            authorize_s: 60,
            idle_s: 600,
            workers_per_connection: 64,
            workers_per_user: 100_000,
            new_users_per_minute: 100_000,
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
        journal_max_bytes: 1 << 40,
    }
}

criterion_group!(benches, shares);
criterion_main!(benches);
