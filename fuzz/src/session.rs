//! A whole connection without a socket: what a miner sends, and what happens meanwhile.
//!
//! An input is what the miner sends; lines that start with `!` are not sent but happen on the server
//! (see [`Server::event`]). In what is sent, `@J` stands for the handle of the newest job, `@A` for an
//! address of the chain.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    pin::{Pin, pin},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use arc_swap::ArcSwap;
use bytes::Bytes;
use ngpool_chain::{Address, Amount, BlockHash, Height, Network, ProcessTag, TemplateHead};
use ngpool_runtime::{Health, Metrics};
use ngpool_settings::{
    CurrencySettings, DrainSettings, LedgerPeer, LimitSettings, Listen, StratumSettings,
    VardiffSettings,
};
use ngstratum::{
    aux::AuxSet,
    clock::Clock,
    connection::Connection,
    jobs::{JobBook, JobHandle, JobTable},
    journal::{BlockJournal, JournalOptions, ShareJournal},
    limits::Gate,
    metrics::PortMetrics,
    port::Port,
    pow_pool::PowPool,
    readiness::Readiness,
    registry::{self, Close, Handle, Registry},
    resume::Sessions,
    session::Session,
    solve::{Destinations, Solver},
    templates::{BodySlot, Offer},
    workers::Workers,
};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::value::RawValue;
use siphasher::sip::SipHasher13;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::MemoryFiles;

/// Most bytes that one line, or one event, leads to: two notifies with what comes before them.
const ANSWER_LIMIT: usize = 8 * 1024;

/// A miner's connection from its first byte to its last: every answer is a line of JSON, there are no
/// more answers than questions, and no more shares are booked than were sent.
pub fn stratum_session(data: &[u8]) {
    let server = Server::start();
    let (mut steps, mut sent) = (Vec::new(), 0);
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if let Some(event) = line.strip_prefix(b"!") {
            steps.push(Step::Event(event.to_vec()));
            continue;
        }
        sent += 1;
        match steps.last_mut() {
            Some(Step::Bytes(bytes)) => bytes.extend_from_slice(line),
            _ => steps.push(Step::Bytes(line.to_vec())),
        }
    }
    let happened = steps.len();
    let output = server.serve(steps);
    assert_eq!(server.port.registry.count(), 0, "the connection has left");
    let limit = (sent + happened + 1) * ANSWER_LIMIT;
    assert!(
        output.len() <= limit,
        "{} bytes for {sent} lines",
        output.len()
    );
    let (mut answers, mut accepted) = (0, 0);
    for line in output.split_inclusive(|byte| *byte == b'\n') {
        let message: Said<'_> = serde_json::from_slice(line)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line)));
        if message.method.is_none() {
            answers += 1;
            accepted += u64::from(message.result.is_some_and(|result| result.get() == "true"));
        }
    }
    assert!(answers <= sent, "{answers} answers to {sent} lines");
    let booked = server.port.journal.status().open_shares;
    assert!(
        booked <= accepted,
        "{booked} shares are booked, {accepted} calls accepted"
    );
}

/// A line to the miner. Its id is the miner's own, which need not be a number that fits anywhere.
#[derive(Deserialize)]
struct Said<'a> {
    method: Option<&'a str>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

/// What happens next.
enum Step {
    /// The miner sends bytes.
    Bytes(Vec<u8>),
    /// Something happens on the server.
    Event(Vec<u8>),
}

struct Server {
    port: Arc<Port>,
    book: Mutex<JobBook>,
}

impl Server {
    fn start() -> Self {
        let clock = Clock::system();
        let settings = Arc::new(settings());
        let options = JournalOptions {
            sync_every: None,
            ..JournalOptions::new("fuzz", 1 << 30, 100)
        };
        let journal = ShareJournal::open(Path::new("/shares"), options, MemoryFiles::default());
        let port = Arc::new(Port {
            jobs: ArcSwap::new(Arc::new(JobTable::default())),
            registry: Registry::new(),
            workers: Workers::default(),
            gate: Gate::new(),
            sessions: Sessions::default(),
            journal: Arc::new(journal.expect("a journal in memory")),
            pow: PowPool::start(settings.base.network.algorithm).expect("SHA256d has no threads"),
            solver: Solver {
                journal: Shared::get().blocks.clone(),
                destinations: Destinations::default(),
                boards: Arc::default(),
                metrics: Shared::get().metrics.clone(),
                clock: clock.clone(),
                tasks: tokio_util::task::TaskTracker::new(),
                stop: tokio_util::sync::CancellationToken::new(),
            },
            metrics: Shared::get().metrics.clone(),
            clock,
            readiness: Readiness::new(Health::new()),
            has_work: AtomicBool::new(true),
            keeps_shares: AtomicBool::new(true),
            fingerprints: SipHasher13::new_with_keys(1, 2),
            settings: ArcSwap::new(settings),
        });
        let server = Self {
            port,
            book: Mutex::new(JobBook::new(ProcessTag::new([1; 8]).unwrap())),
        };
        server.publish(1);
        server
    }

    /// Serves a miner to whom the steps happen one after the other. Returns what it was sent.
    fn serve(&self, steps: Vec<Step>) -> Vec<u8> {
        let membership = self.port.registry.join(self.port.clock.now());
        let handle = membership.handle().clone();
        let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let session = Session::new(self.port.clone(), handle.clone(), peer);
        let wire = Wire::default();
        let mut serving = pin!(Connection::new(wire.clone(), session, membership, 65_536).serve());
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut poll = || loop {
            woken.0.store(false, Ordering::Relaxed);
            let polled = serving.as_mut().poll(&mut context);
            if polled.is_ready() || !woken.0.load(Ordering::Relaxed) {
                return polled;
            }
        };
        for step in steps {
            match step {
                Step::Bytes(bytes) => wire.0.lock().input.extend(self.filled_in(&bytes)),
                Step::Event(event) => self.event(&event, &handle),
            }
            if poll().is_ready() {
                return wire.take_output();
            }
            assert!(
                wire.0.lock().input.is_empty(),
                "it waits for nothing with bytes left to read"
            );
        }
        wire.0.lock().ended = true;
        assert_eq!(poll(), Poll::Ready(Close::ByMiner), "the miner has left");
        wire.take_output()
    }

    /// Puts in what a miner would know from what it was told.
    fn filled_in(&self, bytes: &[u8]) -> Vec<u8> {
        let table = self.port.jobs.load();
        let number = table.current().map_or(0, |job| job.number);
        let mut filled = Vec::with_capacity(bytes.len());
        let mut rest = bytes.iter();
        while let Some(byte) = rest.next() {
            match (byte, rest.as_slice().first()) {
                (b'@', Some(b'J')) => {
                    filled.extend(format!("{:x}", JobHandle::first(number).0).bytes());
                    rest.next();
                }
                (b'@', Some(b'A')) => {
                    filled.extend(self.port.settings.load().base.subsidy_address.bytes());
                    rest.next();
                }
                _ => filled.push(*byte),
            }
        }
        filled
    }

    /// `j` a fresh job, `t` a new tip, `T` the first tip again, `s` other settings, `b` another
    /// banner, `w` the sweep of silent miners, `r` the request to reconnect, `c` a minute goes by,
    /// `x` the server wants the connection closed.
    fn event(&self, event: &[u8], handle: &Handle) {
        let argument = event.get(1).copied().unwrap_or(0);
        match event.first() {
            Some(b'j') => self.publish(argument % 4),
            Some(b't') => self.publish(argument),
            Some(b'T') => self.publish(1),
            Some(b's') => {
                let mut settings = settings();
                settings.vardiff.min = f64::from(argument) / 1e9 + 1e-12;
                settings.version_mask = u32::from(argument) << 13;
                self.port.settings.store(Arc::new(settings));
                handle.raise(registry::SETTINGS);
            }
            Some(b'b') => handle.raise(registry::BANNER),
            Some(b'w') => handle.raise(registry::SWEEP),
            Some(b'r') => handle.raise(registry::RECONNECT),
            Some(b'c') => {
                self.port.clock.advance(Duration::from_mins(1));
                let now = self.port.clock.now();
                self.port
                    .gate
                    .forget(&self.port.settings.load().limits, now);
                self.port.workers.forget(now);
                self.port.sessions.forget(now);
            }
            Some(b'x') => handle.close(Close::Drain),
            _ => return,
        }
        handle.raise(registry::JOB);
    }

    fn publish(&self, tip: u8) {
        let settings = self.port.settings.load();
        let published =
            self.book
                .lock()
                .publish(&Arc::new(offer(tip)), &AuxSet::default(), &settings.base);
        let (table, _) = published.expect("a job of a plain template");
        self.port.jobs.store(Arc::new(table));
    }
}

/// Whether the connection asked to be polled again.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What costs threads or is registered once.
struct Shared {
    blocks: Arc<BlockJournal>,
    metrics: Arc<PortMetrics>,
}

impl Shared {
    fn get() -> &'static Self {
        static SHARED: LazyLock<Shared> = LazyLock::new(|| Shared {
            blocks: Arc::new(
                BlockJournal::open(Path::new("/blocks"), Arc::new(|| 0), MemoryFiles::default())
                    .expect("a journal in memory"),
            ),
            metrics: Arc::new(PortMetrics::register(&Metrics::new())),
        });
        &SHARED
    }
}

/// A chain whose blocks no test will find, with shares that every header is.
pub(crate) fn settings() -> StratumSettings {
    let network = Network::preset("bitcoin-regtest").expect("a preset");
    let address = Address::p2wpkh([7; 20], &network)
        .expect("a chain with segwit")
        .to_string();
    let endpoint = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    StratumSettings {
        name: "fuzz".into(),
        bind: endpoint,
        listen: Listen {
            grpc: endpoint,
            admin: endpoint,
            tls: None,
        },
        state_dir: "/".into(),
        base: CurrencySettings {
            name: "btc".into(),
            code: "BTC".into(),
            network,
            subsidy_address: address,
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: "/fuzz/".into(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        },
        aux: Vec::new(),
        coinservers: Vec::new(),
        ledger: LedgerPeer {
            sharechain: "main".into(),
            url: "http://127.0.0.1:1".into(),
        },
        vardiff: VardiffSettings {
            start: 1e-10,
            min: 1e-12,
            max: 1e12,
            shares_per_minute: 20.0,
            retarget_s: 90,
            quick_start: true,
        },
        limits: LimitSettings {
            connections: 10,
            connections_per_address: 10,
            first_message_s: 15,
            authorize_s: 60,
            idle_s: 600,
            workers_per_connection: 4,
            workers_per_user: 8,
            new_users_per_minute: 3,
            ban_rejected_percent: 50,
            ban_after_submits: 10,
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
        banner: "welcome".into(),
        journal_max_bytes: 1 << 30,
    }
}

fn offer(tip: u8) -> Offer {
    Offer {
        node: "node".into(),
        template_id: Bytes::from_static(b"template"),
        head: TemplateHead {
            previous: BlockHash::from_bytes([tip; 32]),
            height: Height(840_000),
            version: 0x2000_0000,
            bits: 0x1703_4219,
            min_time: 1_000,
            cur_time: 2_000,
            coinbase_value: Amount(312_500_000),
            merkle_branch: vec![[tip; 32]; 11],
            witness_commitment: None,
            transaction_count: 2_000,
            has_mweb: false,
        },
        chain_work: [0; 32],
        received_ms: 0,
        body: BodySlot::default(),
    }
}

/// A socket whose other end is the input.
#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Ends>>);

#[derive(Default)]
struct Ends {
    input: VecDeque<u8>,
    ended: bool,
    output: Vec<u8>,
}

impl Wire {
    fn take_output(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().output)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut ends = self.0.lock();
        if ends.input.is_empty() && !ends.ended {
            return Poll::Pending;
        }
        // Packets of odd sizes, so that lines are cut anywhere.
        let length = buffer.remaining().min(ends.input.len()).min(1_399);
        let packet: Vec<u8> = ends.input.drain(..length).collect();
        buffer.put_slice(&packet);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.lock().output.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
