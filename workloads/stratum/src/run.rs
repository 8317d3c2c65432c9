//! The program: everything started, settings followed, and left in order.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use arc_swap::ArcSwap;
use ngpool_rpc::{Security, security::SecurityError};
use ngpool_runtime::{Program, Settings, admin};
use ngpool_settings::StratumSettings;
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;

use crate::{
    clock::Clock,
    jobs::JobTable,
    journal::{BlockJournal, JournalError, JournalOptions, ShareJournal, SystemFiles},
    limits::Gate,
    live::Reporter,
    metrics::PortMetrics,
    nodes::Nodes,
    port::Port,
    pow_pool::PowPool,
    readiness::{Cause, Readiness},
    registry::{self, Close, Registry},
    resume::Sessions,
    server::{
        self, Server,
        tls::{self, Certificates, TlsError},
    },
    ship::{self, Shipping},
    solve::{Destinations, Solver},
    templates::Boards,
    work::{self, Work},
    workers::Workers,
};

/// Between two looks at the certificate files.
const CERTIFICATES: Duration = Duration::from_secs(2);
/// How long solved blocks may still be on their way when everything else has ended; the next process
/// sends them again.
const LAST_BLOCKS: Duration = Duration::from_secs(5);
/// How long connections may take to end once they were told to.
const LAST_CONNECTIONS: Duration = Duration::from_secs(5);

/// Why the program cannot run.
#[derive(Debug, Error)]
pub enum RunError {
    /// A socket cannot be bound.
    #[error("cannot listen for {what} on {address}: {source}")]
    Bind {
        /// For whom.
        what: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The certificates that programs talk with cannot be used.
    #[error(transparent)]
    Security(#[from] SecurityError),
    /// A journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system gives no threads.
    #[error("cannot start threads for proof of work: {0}")]
    Threads(io::Error),
    /// Opening the journals was cut off.
    #[error("opening the journals failed: {0}")]
    Opening(#[from] tokio::task::JoinError),
}

/// Runs until the program is told to stop, then drains: see [`DrainSettings`].
///
/// [`DrainSettings`]: ngpool_settings::DrainSettings
pub async fn run(settings: Settings<StratumSettings>, program: Program) -> Result<(), RunError> {
    run_with_clock(settings, program, Clock::system()).await
}

/// [`run`] by a clock of the caller's.
pub async fn run_with_clock(
    settings: Settings<StratumSettings>,
    program: Program,
    clock: Clock,
) -> Result<(), RunError> {
    let document = settings.borrow().clone();
    let security = Security::start(document.listen.tls.as_ref(), &program)?;
    let (journal, blocks) = open_journals(&document, &clock).await?;
    let miners = bind("miners", document.bind, server::bind)?;
    let grpc = bind("programs", document.listen.grpc, bind_std)?;
    let admin = bind("metrics", document.listen.admin, bind_std)?;
    let certificates = Arc::<Certificates>::default();
    certificates.refresh(document.tls.as_ref())?;
    let acceptor = tls::acceptor(certificates.clone())?;

    let stop = CancellationToken::new();
    let ending = stop.clone().drop_guard();
    let boards = Arc::<Boards>::default();
    let destinations = Destinations::default();
    let metrics = Arc::new(PortMetrics::register(&program.metrics));
    let solver = Solver {
        journal: blocks.clone(),
        destinations: destinations.clone(),
        boards: boards.clone(),
        metrics: metrics.clone(),
        clock: clock.clone(),
        tasks: TaskTracker::new(),
        stop: stop.clone(),
    };
    let port = Arc::new(Port {
        settings: ArcSwap::new(document.clone()),
        jobs: ArcSwap::new(Arc::new(JobTable::default())),
        registry: Registry::new(),
        workers: Workers::default(),
        gate: Gate::new(),
        sessions: Sessions::default(),
        journal: journal.clone(),
        pow: PowPool::start(document.base.network.algorithm).map_err(RunError::Threads)?,
        solver: solver.clone(),
        metrics,
        clock: clock.clone(),
        readiness: Readiness::new(program.health.clone()),
        has_work: AtomicBool::new(true),
        keeps_shares: AtomicBool::new(true),
        fingerprints: SipHasher13::new_with_keys(rand::random(), rand::random()),
    });

    let (ledger, ledger_url) = watch::channel(document.ledger.url.clone());
    let mut nodes = Nodes::new(boards.clone(), destinations, clock, security.clone());
    nodes.apply(&document);
    solver.resume();

    let tasks = TaskTracker::new();
    let process = work::draw_process_tag();
    tasks.spawn(Work::new(port.clone(), boards, process).run(stop.clone()));
    tasks.spawn(port.clone().look_after(stop.clone()));
    tasks.spawn(work::follow_journal(port.clone(), stop.clone()));
    tasks.spawn(follow_certificates(
        port.clone(),
        certificates,
        stop.clone(),
    ));
    let shipping = Shipping {
        journal: journal.clone(),
        blocks: blocks.clone(),
        ledger: ledger_url,
        security: security.clone(),
    };
    let reporter = Reporter {
        source: port.clone(),
        producer: journal.producer(),
        port: document.name.clone(),
        ledger: shipping.ledger.clone(),
        security: security.clone(),
    };
    tasks.spawn(reporter.run(stop.clone()));
    let (ship_metrics, ship_stop) = (program.metrics.clone(), stop.clone());
    tasks.spawn(async move { ship::run(shipping, &ship_metrics, ship_stop).await });
    // The program's own endpoints answer until the end, not only until it is told to stop.
    let serving = Program {
        shutdown: stop.clone(),
        ..program.clone()
    };
    tasks.spawn(serve_programs(grpc, serving.clone(), security));
    tasks.spawn(async move {
        if let Err(error) = admin::serve_on(admin, serving).await {
            tracing::error!(%error, "metrics are not served any more");
        }
    });

    let accepting = CancellationToken::new();
    let connections = TaskTracker::new();
    let server = Server {
        port: port.clone(),
        tls: acceptor,
        tasks: connections.clone(),
    };
    let accept = tasks.spawn(server.accept(miners, accepting.clone()));
    tracing::info!(name = document.name, address = %document.bind, "stratum port open");

    tell_document(&program, &document);
    follow_settings(settings, &port, &mut nodes, &ledger, &program).await;

    let begun = Instant::now();
    drain(&port, &accepting, accept).await;
    connections.close();
    if tokio::time::timeout(LAST_CONNECTIONS, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!("some connections did not end in time");
    }
    solver.tasks.close();
    if tokio::time::timeout(LAST_BLOCKS, solver.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!("solved blocks are still unanswered; the next process sends them again");
    }
    if let Err(error) = ship::drain(&journal, &blocks, ship_limit(&port, begun)).await {
        tracing::error!(%error, "left before everything was shipped");
    }
    drop(nodes);
    drop(ending);
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// Shares are on disk, so shipping may be left to the next process, but where the disk goes with the
/// pod it is worth waiting for: ten times as long as miners were given, an hour at most.
fn ship_limit(port: &Port, begun: Instant) -> Duration {
    let drain = &port.settings.load().drain;
    let given = Duration::from_secs(drain.accept_for_s.saturating_add(drain.spread_s));
    let limit = given
        .saturating_mul(10)
        .clamp(Duration::from_secs(10), Duration::from_hours(1));
    limit
        .saturating_sub(begun.elapsed())
        .max(Duration::from_secs(1))
}

async fn open_journals(
    document: &StratumSettings,
    clock: &Clock,
) -> Result<(Arc<ShareJournal>, Arc<BlockJournal>), RunError> {
    let directory = document.state_dir.clone();
    let limit = document.limits.workers_per_user;
    let options = JournalOptions::new(&document.name, document.journal_max_bytes, limit);
    let time = clock.clone();
    // Reading back what an earlier process left waits for the disk.
    let opened = tokio::task::spawn_blocking(move || {
        let shares = ShareJournal::open(&directory.join("shares"), options, SystemFiles)?;
        let now = Arc::new(move || time.unix_ms());
        let blocks = BlockJournal::open(&directory.join("blocks"), now, SystemFiles)?;
        Ok::<_, JournalError>((Arc::new(shares), Arc::new(blocks)))
    });
    Ok(opened.await??)
}

fn bind(
    what: &'static str,
    address: SocketAddr,
    bind: impl Fn(SocketAddr) -> io::Result<TcpListener>,
) -> Result<TcpListener, RunError> {
    bind(address).map_err(|source| RunError::Bind {
        what,
        address,
        source,
    })
}

fn bind_std(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

async fn serve_programs(listener: TcpListener, program: Program, security: Security) {
    let shutdown = program.shutdown.clone();
    let routes = Routes::new(ngpool_rpc::status::service(program));
    let served = ngpool_rpc::security::serve(listener, routes, &security, shutdown).await;
    if let Err(error) = served {
        tracing::error!(%error, "other programs are not served any more");
    }
}

/// Applies changed documents until the program is told to stop.
async fn follow_settings(
    mut settings: Settings<StratumSettings>,
    port: &Arc<Port>,
    nodes: &mut Nodes,
    ledger: &watch::Sender<String>,
    program: &Program,
) {
    let shutdown = &program.shutdown;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            changed = settings.changed() => if changed.is_err() {
                // The document cannot change any more.
                shutdown.cancelled().await;
                return;
            },
        }
        let new = settings.borrow_and_update().clone();
        let old = port.settings.swap(new.clone());
        for field in needing_restart(&old, &new) {
            tracing::warn!(
                field,
                "this setting takes effect when the program is started again"
            );
        }
        tell_document(program, &new);
        nodes.apply(&new);
        ledger.send_if_modified(|url| {
            let changed = *url != new.ledger.url;
            url.clone_from(&new.ledger.url);
            changed
        });
        let mut flags = registry::SETTINGS;
        if old.banner != new.banner {
            flags |= registry::BANNER;
        }
        port.registry.raise(flags);
    }
}

/// Says which document is in force.
fn tell_document(program: &Program, document: &StratumSettings) {
    match serde_json::to_vec(document) {
        Ok(text) => program.health.document(hex::encode(Sha256::digest(text))),
        Err(error) => tracing::error!(%error, "the document in force cannot be told"),
    }
}

/// Settings that shape what is bound or opened once.
fn needing_restart(old: &StratumSettings, new: &StratumSettings) -> Vec<&'static str> {
    [
        ("name", old.name != new.name),
        ("bind", old.bind != new.bind),
        ("listen", old.listen != new.listen),
        ("state_dir", old.state_dir != new.state_dir),
        (
            "journal_max_bytes",
            old.journal_max_bytes != new.journal_max_bytes,
        ),
        ("base.network", old.base.network != new.base.network),
        (
            "ledger.sharechain",
            old.ledger.sharechain != new.ledger.sharechain,
        ),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}

async fn follow_certificates(
    port: Arc<Port>,
    certificates: Arc<Certificates>,
    stop: CancellationToken,
) {
    let mut told = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(CERTIFICATES) => {}
        }
        let (certificates, settings) = (certificates.clone(), port.settings.load_full());
        let refreshed =
            tokio::task::spawn_blocking(move || certificates.refresh(settings.tls.as_ref())).await;
        match refreshed {
            Ok(Ok(changed)) => {
                told = None;
                if changed {
                    tracing::info!("certificate replaced");
                }
            }
            Ok(Err(error)) => {
                let text = error.to_string();
                if told.as_ref() != Some(&text) {
                    tracing::error!(error = text, "the old certificate stays in force");
                    told = Some(text);
                }
            }
            Err(_) => return,
        }
    }
}

/// Whether another server takes connections, waiting for it so long. Its own name leads a server that
/// leaves to the others alone: it is not ready any more.
async fn another_answers(address: &str, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        let connect = tokio::net::TcpStream::connect(address);
        let connected = tokio::time::timeout(Duration::from_secs(2), connect).await;
        if matches!(connected, Ok(Ok(_))) {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Goes on accepting for a while and until another server is there, asks miners to reconnect, closes
/// those still there. Shares are taken until the sockets close.
async fn drain(
    port: &Arc<Port>,
    accepting: &CancellationToken,
    accept: tokio::task::JoinHandle<()>,
) {
    port.readiness.set(Cause::Drain, "the server is leaving");
    let times = port.settings.load().drain.clone();
    tracing::info!(connections = port.registry.count(), "draining");
    tokio::time::sleep(Duration::from_secs(times.accept_for_s)).await;
    if let Some(successor) = &times.successor
        && port.registry.count() > 0
    {
        let patience = Duration::from_secs(times.spread_s) / 8;
        if !another_answers(successor, patience).await {
            tracing::warn!(
                successor,
                "no other server of this port answers; leaving all the same"
            );
        }
    }
    accepting.cancel();
    // The listener is closed with its task.
    let _ended = accept.await;
    let half = Duration::from_secs(times.spread_s) / 2;
    let end_of_asking = Instant::now() + half;
    let asked = work::spread(port.registry.snapshot(), half, |handle| {
        handle.raise(registry::RECONNECT);
    });
    let gone = async {
        while port.registry.count() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // When everybody has left nobody is left to be asked.
    let _in_time = tokio::time::timeout_at(end_of_asking, async {
        tokio::select! {
            () = gone => {}
            () = async { asked.await; std::future::pending().await } => {}
        }
    })
    .await;
    work::spread(port.registry.snapshot(), half, |handle| {
        handle.close(Close::Drain);
    })
    .await;
    for handle in port.registry.snapshot() {
        handle.close(Close::Drain);
    }
}
