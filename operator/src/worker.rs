//! One namespace after the other's change: what is wanted is made, and its status told.
//!
//! A namespace is worked on by one task, so that what depends on several objects (who may roll now) is
//! decided by one; namespaces do not wait for each other.

mod ask;
mod bring;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use futures::StreamExt;
use kube::Client;
use ngpool_crds::{Kind, ObjectRef, kinds::POOL_NAME};
use parking_lot::Mutex;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::{
    apply::Applier,
    cache::{Cache, Touched},
    events::Announcer,
    health::Poller,
    metrics::OperatorMetrics,
    plan::Defaults,
    queue::{Queue, Work},
    status::Writer,
    view::View,
    watch::Heard,
};

/// Changes that come together are looked at together.
const TOGETHER: Duration = Duration::from_millis(100);
/// Ports of one namespace that are worked on at the same time: enough that none waits for the answers
/// to another's calls, few enough for a small API server.
const PORTS: usize = 8;
/// Everything is looked at again after this long, whatever was heard, and our own Secrets are read
/// again.
const AGAIN: Duration = Duration::from_mins(5);

/// What all namespaces share.
pub struct Operator {
    client: Client,
    cache: Arc<Cache>,
    defaults: Defaults,
    writer: Writer,
    announcer: Announcer,
    metrics: OperatorMetrics,
    poller: Poller,
    stop: CancellationToken,
    /// One for each namespace.
    workers: TaskTracker,
    namespaces: Mutex<HashMap<String, Arc<Queue>>>,
    /// Whether everything was seen, so that work may begin.
    begun: Mutex<bool>,
    /// Itself, for the tasks it starts.
    this: std::sync::Weak<Self>,
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operator").finish_non_exhaustive()
    }
}

impl Heard for Operator {
    fn changed(&self, namespace: &str, touched: Touched) {
        if touched == Touched::Nothing {
            return;
        }
        let mut namespaces = self.namespaces.lock();
        let queue = if let Some(queue) = namespaces.get(namespace) {
            Arc::clone(queue)
        } else {
            let queue = Arc::new(Queue::default());
            namespaces.insert(namespace.to_owned(), Arc::clone(&queue));
            if *self.begun.lock() {
                self.start(namespace, &queue);
            }
            queue
        };
        queue.add(touched);
    }
}

impl Operator {
    /// An operator that does nothing before [`begin`](Self::begin).
    pub fn new(
        client: Client,
        cache: Arc<Cache>,
        defaults: Defaults,
        metrics: OperatorMetrics,
        pod: Option<String>,
        stop: CancellationToken,
    ) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            writer: Writer::new(client.clone()),
            announcer: Announcer::new(client.clone(), pod),
            client,
            cache,
            defaults,
            metrics,
            poller: Poller::default(),
            stop,
            workers: TaskTracker::new(),
            namespaces: Mutex::default(),
            begun: Mutex::new(false),
            this: this.clone(),
        })
    }

    /// Begins to act, once everything there is was seen and this process leads.
    pub fn begin(&self) {
        let namespaces = self.namespaces.lock();
        *self.begun.lock() = true;
        for (namespace, queue) in namespaces.iter() {
            self.start(namespace, queue);
        }
    }

    fn start(&self, namespace: &str, queue: &Arc<Queue>) {
        let Some(this) = self.this.upgrade() else {
            return;
        };
        let worker = Worker {
            applier: Applier::new(this.client.clone()),
            operator: this,
            namespace: namespace.to_owned(),
            queue: Arc::clone(queue),
            held: Mutex::default(),
            read: Mutex::default(),
            wishes: Mutex::default(),
            rolling: tokio::sync::Mutex::default(),
            stop: self.stop.child_token(),
        };
        self.workers.spawn(Arc::new(worker).run());
    }

    /// Waits until nothing is done any more, after it was told to stop: each worker ends what it is
    /// writing.
    pub async fn rest(&self) {
        self.workers.close();
        self.workers.wait().await;
    }
}

struct Worker {
    operator: Arc<Operator>,
    applier: Applier,
    namespace: String,
    queue: Arc<Queue>,
    /// What waits for another's roll-out.
    held: Mutex<BTreeSet<ObjectRef>>,
    /// Secrets of ours that were read since everything was looked at: those of such a name that
    /// somebody else made are marked.
    read: Mutex<BTreeMap<String, bool>>,
    /// Wishes of people to look again, as they were heard last.
    wishes: Mutex<BTreeMap<ObjectRef, String>>,
    /// Whoever decides that pods may be replaced has this until it is done.
    rolling: tokio::sync::Mutex<()>,
    stop: CancellationToken,
}

impl Worker {
    async fn run(self: Arc<Self>) {
        let asking = Arc::clone(&self).ask_programs();
        let mut asked: Option<Instant> = None;
        let mut pause = Duration::ZERO;
        self.list_optional().await;
        self.queue.add(Touched::All);
        let mut whole = Instant::now();
        loop {
            let foreign_due = asked.map_or(Duration::ZERO, |at| pause.saturating_sub(at.elapsed()));
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = self.queue.ready() => {}
                () = tokio::time::sleep(foreign_due) => {}
            }
            tokio::time::sleep(TOGETHER).await;
            if asked.is_none_or(|at| at.elapsed() >= pause) {
                pause = self.ask_foreign().await;
                asked = Some(Instant::now());
            }
            let view = self.view();
            let work = self.queue.take();
            if whole.elapsed() > AGAIN {
                whole = Instant::now();
                self.read.lock().clear();
                self.applier
                    .forget_all_but(view.live.values().map(|live| &*live.uid));
                self.list_optional().await;
                self.queue.add(Touched::All);
            }
            let mut objects = match work {
                Work::All => {
                    // A reference that has just come is asked for before it is missed.
                    self.ask_foreign_unknown().await;
                    all(&view)
                }
                Work::Some(objects) => objects,
            };
            if !objects.is_empty() {
                objects.extend(self.held.lock().iter().cloned());
            }
            self.reconcile_all(objects).await;
            if self.is_over() {
                break;
            }
        }
        self.stop.cancel();
        asking.abort();
    }

    fn view(&self) -> View {
        let view = self.operator.cache.view(&self.namespace);
        View {
            namespace: self.namespace.clone(),
            ..view
        }
    }

    /// Whether the namespace has nothing of ours any more. Another change begins it anew.
    fn is_over(&self) -> bool {
        let mut namespaces = self.operator.namespaces.lock();
        if !all(&self.view()).is_empty() || !self.queue.is_empty() {
            return false;
        }
        namespaces.remove(&self.namespace);
        true
    }

    /// What ports depend on comes before them, one after the other; ports are many, and several at a
    /// time.
    async fn reconcile_all(&self, objects: BTreeSet<ObjectRef>) {
        // An i64 holds any number of objects.
        let count = i64::try_from(objects.len()).unwrap_or(i64::MAX);
        let metrics = &self.operator.metrics;
        metrics.queued(count);
        let (ports, others): (Vec<_>, Vec<_>) = objects
            .into_iter()
            .partition(|object| object.kind == Kind::StratumPort);
        let reconcile = |object: ObjectRef| async move {
            if !self.stop.is_cancelled() {
                self.reconcile(&object).await;
            }
            metrics.queued(-1);
        };
        for object in others {
            reconcile(object).await;
        }
        futures::stream::iter(ports)
            .for_each_concurrent(PORTS, reconcile)
            .await;
    }

    async fn reconcile(&self, object: &ObjectRef) {
        let span = tracing::info_span!(
            "reconcile",
            namespace = self.namespace,
            kind = object.kind.name(),
            name = object.name
        );
        let began = Instant::now();
        let result = self.bring(object).instrument(span).await;
        match result {
            "failed" => self.queue.failed(object),
            _ => self.queue.succeeded(object),
        }
        let metrics = &self.operator.metrics;
        metrics.reconciled(object.kind.name(), result, began.elapsed());
    }
}

/// Every object of a namespace.
fn all(view: &View) -> BTreeSet<ObjectRef> {
    let objects = &view.objects;
    let named = |kind, names: Vec<&String>| {
        names
            .into_iter()
            .map(move |name| ObjectRef::new(kind, name))
            .collect::<Vec<_>>()
    };
    let pool = objects
        .pool
        .iter()
        .map(|_| ObjectRef::new(Kind::Pool, POOL_NAME));
    pool.chain(named(Kind::Currency, objects.currencies.keys().collect()))
        .chain(named(
            Kind::Coinserver,
            objects.coinservers.keys().collect(),
        ))
        .chain(named(
            Kind::Sharechain,
            objects.sharechains.keys().collect(),
        ))
        .chain(named(
            Kind::StratumPort,
            objects.stratum_ports.keys().collect(),
        ))
        .chain(view.unreadable.keys().cloned())
        .collect()
}
