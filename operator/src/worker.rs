//! One namespace after the other's change: what is wanted is made, and its status told.
//!
//! A namespace is worked on by one task, so that what depends on several objects (who may roll now) is
//! decided by one; namespaces do not wait for each other.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use k8s_openapi::api::core::v1::Secret;
use kube::{
    Client,
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::{Kind, ObjectRef, Problems, kinds::POOL_NAME};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::{
    apply::{Applied, Applier, ApplyError},
    build::Child,
    cache::{self, Cache, Touched},
    events::{Announcer, transitions},
    foreign,
    health::{Credentials, Poller, Reports, Round, Target},
    keys,
    metrics::OperatorMetrics,
    names::Part,
    plan::{self, Defaults},
    queue::{Queue, Work},
    refresh,
    rollout,
    status::{Learnt, Outcome, Progress, Status, Writer, Written, draft},
    unreadable::{self, Unreadable},
    view::View,
    watch::{self, Heard},
};

/// Changes that come together are looked at together.
const TOGETHER: Duration = Duration::from_millis(100);
/// Time between two questions for what people made and objects name, at least.
const FOREIGN: Duration = Duration::from_secs(30);
/// So much time for each of them: a thousand are a question every half second.
const EACH: Duration = Duration::from_millis(500);
/// Time between two looks at what waits for another's roll-out, beside what changes meanwhile.
const HELD: Duration = Duration::from_secs(5);
/// Everything is looked at again after this long, whatever was heard, and our own Secrets are read
/// again.
const AGAIN: Duration = Duration::from_mins(5);

/// What all namespaces share.
pub struct Operator {
    client: Client,
    cache: Arc<Cache>,
    defaults: Defaults,
    applier: Applier,
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
        let queue = match namespaces.get(namespace) {
            Some(queue) => Arc::clone(queue),
            None => {
                let queue = Arc::new(Queue::default());
                namespaces.insert(namespace.to_owned(), Arc::clone(&queue));
                if *self.begun.lock() {
                    self.start(namespace, &queue);
                }
                queue
            }
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
            applier: Applier::new(client.clone()),
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
            operator: this,
            namespace: namespace.to_owned(),
            queue: Arc::clone(queue),
            held: Mutex::default(),
            read: Mutex::default(),
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
    namespace: String,
    queue: Arc<Queue>,
    /// What waits for another's roll-out.
    held: Mutex<BTreeSet<ObjectRef>>,
    /// Secrets of ours that were read since everything was looked at: those of such a name that
    /// somebody else made are marked.
    read: Mutex<BTreeMap<String, bool>>,
    stop: CancellationToken,
}

impl Worker {
    async fn run(self: Arc<Self>) {
        let asking = Arc::clone(&self).ask_programs();
        let mut asked: Option<Instant> = None;
        let mut pause = FOREIGN;
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
            // An i64 holds any number of objects.
            let count = i64::try_from(objects.len()).unwrap_or(i64::MAX);
            self.operator.metrics.queued(count);
            for object in &objects {
                if self.stop.is_cancelled() {
                    break;
                }
                self.reconcile(object).await;
                self.operator.metrics.queued(-1);
            }
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

    /// Asks for everything that people made and objects name, and says when to ask again.
    async fn ask_foreign(&self) -> Duration {
        let view = self.view();
        let names = foreign::Names::of(&view.objects);
        let count = u32::try_from(names.count()).unwrap_or(u32::MAX);
        self.ask(&view, names).await;
        FOREIGN.max(EACH.saturating_mul(count))
    }

    /// Asks for what was not asked for yet.
    async fn ask_foreign_unknown(&self) {
        let view = self.view();
        let mut names = foreign::Names::of(&view.objects);
        names.secrets.retain(|name| !view.foreign_secrets.contains_key(name));
        self.ask(&view, names).await;
    }

    async fn ask(&self, view: &View, names: foreign::Names) {
        let found = foreign::ask(&self.operator.client, &self.namespace, names).await;
        let known = foreign::Names::of(&view.objects);
        if self.operator.cache.foreign(&self.namespace, found, &known) {
            self.queue.add(Touched::All);
        }
    }

    /// Asks the programs how they are, and looks again at what says something new.
    fn ask_programs(self: Arc<Self>) -> tokio::task::JoinHandle<()> {
        let (tell, mut told) = tokio::sync::watch::channel(Arc::new(Reports::new()));
        let wake = Arc::new(Notify::new());
        let worker = Arc::clone(&self);
        let round = move || worker.round();
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let asking = self.operator.poller.clone().watch(round, wake, tell, stop);
            let hearing = async {
                while told.changed().await.is_ok() {
                    let reports = Arc::clone(&told.borrow_and_update());
                    let touched = touched_by(&self.view(), &reports);
                    self.operator.cache.reports(&self.namespace, reports);
                    self.queue.add(Touched::Objects(touched));
                }
            };
            tokio::join!(asking, hearing);
        })
    }

    fn round(&self) -> Round {
        let view = self.view();
        let targets = view
            .pods
            .values()
            .filter_map(|pod| {
                let owner = cache::owner_of_labels(pod.metadata.labels.as_ref())?;
                Target::of(pod, service(&owner))
            })
            .collect();
        let credentials = view
            .secrets
            .get(keys::OPERATOR_SECRET)
            .and_then(|secret| Credentials::of_secret(secret).ok());
        let hurry = view
            .deployments
            .values()
            .any(|deployment| Progress::of_deployment(deployment).is_rolling());
        Round {
            targets,
            credentials,
            hurry,
        }
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

    async fn bring(&self, object: &ObjectRef) -> &'static str {
        let view = self.view();
        if let Some(unreadable) = view.unreadable.get(object) {
            return self.tell_unreadable(object, unreadable).await;
        }
        let Some(metadata) = cache::metadata(&view, object) else {
            self.held.lock().remove(object);
            return "gone";
        };
        if metadata.deletion_timestamp.is_some() {
            return "gone";
        }
        let uid = metadata.uid.clone().unwrap_or_default();
        let mut learnt = Learnt::default();
        let strangers = match self.read_ours(object).await {
            Ok(strangers) => strangers,
            Err(error) => {
                tracing::warn!(%error, "the operator's own Secrets cannot be read");
                return "failed";
            }
        };
        let view = self.view();
        let result = if !strangers.is_empty() {
            learnt.outcome = Outcome::Refused(format!(
                "Secret {} was not made by the operator and has the name of one that it makes: \
                 rename or delete it",
                strangers.join(", ")
            ));
            "failed"
        } else if is_paused(&view, object) {
            learnt.outcome = Outcome::Applied;
            "paused"
        } else {
            self.make(&view, object, &uid, &mut learnt).await
        };
        if learnt.hold.is_some() {
            self.held.lock().insert(object.clone());
            self.queue.add_later(object, HELD);
        } else {
            self.held.lock().remove(object);
        }
        match self.tell(object, &uid, &learnt).await {
            Ok(()) => result,
            Err(error) => {
                tracing::warn!(%error, "the status could not be written");
                "failed"
            }
        }
    }

    /// Reads the Secrets of an object that were not read yet, and gives the names of those that are
    /// somebody else's.
    async fn read_ours(&self, object: &ObjectRef) -> Result<Vec<String>, kube::Error> {
        let names = keys::names(&self.view().objects, object);
        let unread: Vec<String> = {
            let read = self.read.lock();
            let unread = names.iter().filter(|name| !read.contains_key(*name));
            unread.cloned().collect()
        };
        let client = &self.operator.client;
        let (found, strangers) =
            foreign::ours(client, &self.namespace, unread.iter().cloned()).await?;
        for name in &unread {
            self.operator.cache.remove("Secret", &self.namespace, name);
        }
        for secret in found {
            self.operator.cache.put("Secret", secret);
        }
        let mut read = self.read.lock();
        for name in unread {
            let strange = strangers.contains(&name);
            read.insert(name, strange);
        }
        let strange = |name: &String| read.get(name) == Some(&true);
        Ok(names.into_iter().filter(strange).collect())
    }

    /// Makes the children of an object what they should be.
    async fn make(
        &self,
        view: &View,
        object: &ObjectRef,
        uid: &str,
        learnt: &mut Learnt,
    ) -> &'static str {
        let defaults = &self.operator.defaults;
        let keys = keys::wanted(view, object, defaults, SystemTime::now());
        let written = self.write_secrets(object, &keys.secrets).await;
        learnt.certificates = keys.certificates;
        learnt.hold = keys.hold;
        if let Some(pause) = keys.again {
            self.queue.add_later(object, pause);
        }
        let children = match plan::children(view, object, defaults) {
            Ok(children) => children.0,
            // What was made before goes on: a wrong field is no reason to end a pool.
            Err(problems) => {
                learnt.problems = problems;
                learnt.outcome = Outcome::Applied;
                return "invalid";
            }
        };
        learnt.problems = Problems::default();
        let migration = plan::migration_job(view, defaults);
        let mut wanted = BTreeSet::new();
        let mut failure: Option<ApplyError> = written.err();
        for child in keys.children.iter().chain(&children) {
            let (kind, name) = (child.resource.kind.clone(), child.name());
            let key = (kind, name);
            let mut scaled = None;
            // What was applied a moment ago counts: two must not roll at once.
            if let Some(note) = rollout::hold(&self.view(), object, child, migration.as_deref()) {
                learnt.hold.get_or_insert(note);
                let live = view.live.get(&key);
                scaled = live.and_then(|live| rollout::only_scaled(child, live));
                if scaled.is_none() {
                    wanted.insert(key);
                    continue;
                }
            }
            wanted.insert(key);
            let child = scaled.as_ref().unwrap_or(child);
            if let Err(error) = self.apply(view, child).await {
                tracing::warn!(%error, "a child could not be applied");
                let worse = matches!(error, ApplyError::Refused { .. });
                if failure.is_none() || worse {
                    failure = Some(error);
                }
            }
        }
        let failure = match failure {
            Some(failure) => Some(failure),
            None => self.prune(view, uid, &wanted).await.err(),
        };
        match failure {
            None => match keys.refused {
                None => {
                    learnt.outcome = Outcome::Applied;
                    "ok"
                }
                Some(refused) => {
                    learnt.outcome = Outcome::Refused(refused);
                    "failed"
                }
            },
            Some(error @ ApplyError::Refused { .. }) => {
                learnt.outcome = Outcome::Refused(error.to_string());
                "failed"
            }
            Some(error) => {
                learnt.outcome = Outcome::Failed(error.to_string());
                "failed"
            }
        }
    }

    async fn apply(&self, view: &View, child: &Child) -> Result<(), ApplyError> {
        let kind = child.resource.kind.as_str();
        let live = view.child(kind, &child.name());
        let applier = &self.operator.applier;
        let stored = match applier.apply(&self.namespace, child, live).await? {
            Applied::Unchanged => return Ok(()),
            Applied::Created(stored) => stored,
            Applied::Changed(stored) => {
                let pods = refresh::pods_with(view, kind, &child.name());
                if !pods.is_empty() {
                    refresh::touch(&self.operator.client, &self.namespace, pods);
                }
                stored
            }
        };
        self.operator.metrics.wrote(kind);
        self.operator.cache.put(kind, stored);
        Ok(())
    }

    /// Writes Secrets of an object, and has everything looked at again that is made of them.
    async fn write_secrets(
        &self,
        object: &ObjectRef,
        secrets: &[keys::Write],
    ) -> Result<(), ApplyError> {
        for secret in secrets {
            let name = secret.name();
            let written = keys::write(&self.operator.client, &self.namespace, secret)
                .await
                .map_err(|error| ApplyError::of("Secret", name, error))?;
            let Some(stored) = written.and_then(dynamic) else {
                // Another is there than was seen.
                self.read.lock().remove(name);
                self.queue.add(Touched::Objects(vec![object.clone()]));
                continue;
            };
            self.operator.metrics.wrote("Secret");
            let touched = self.operator.cache.put("Secret", stored);
            // All certificates are looked at by the Pool, and whoever waits for one goes on.
            self.queue.add(touched);
            let pods = refresh::pods_with(&self.view(), "Secret", name);
            if matches!(secret, keys::Write::Replace(_)) && !pods.is_empty() {
                refresh::touch(&self.operator.client, &self.namespace, pods);
            }
        }
        Ok(())
    }

    /// Deletes children of this object that are not wanted any more. What has no owner stays.
    async fn prune(
        &self,
        view: &View,
        uid: &str,
        wanted: &BTreeSet<(String, String)>,
    ) -> Result<(), ApplyError> {
        for (key, live) in view.live.iter() {
            let (kind, name) = key;
            // Secrets go with their objects and never before: what was made once may be needed again.
            let keep = kind == "Secret" || live.going || wanted.contains(key);
            if keep || live.owner.as_deref() != Some(uid) {
                continue;
            }
            let Some(resource) = watch::resource(kind) else {
                continue;
            };
            let applier = &self.operator.applier;
            applier
                .delete(&self.namespace, &resource, name, &live.uid)
                .await?;
            self.operator.metrics.wrote(kind);
        }
        Ok(())
    }

    async fn tell_unreadable(&self, object: &ObjectRef, what: &Unreadable) -> &'static str {
        let client = &self.operator.client;
        let Some(resource) = watch::resource(object.kind.name()) else {
            return "unreadable";
        };
        match unreadable::tell(client, &resource, &self.namespace, object, what).await {
            Ok(None) => "unreadable",
            Ok(Some((before, after))) => {
                self.operator.metrics.wrote(object.kind.name());
                let told = transitions(&before, &after);
                let announcer = &self.operator.announcer;
                announcer.tell(&self.namespace, object, &what.uid, &told).await;
                "unreadable"
            }
            Err(error) => {
                tracing::warn!(%error, "the status could not be written");
                "failed"
            }
        }
    }

    async fn tell(
        &self,
        object: &ObjectRef,
        uid: &str,
        learnt: &Learnt,
    ) -> Result<(), kube::Error> {
        let view = self.view();
        let (Some(stored), Some(draft)) = (
            Status::stored(&view.objects, object),
            draft(&view.seen(), object, learnt),
        ) else {
            return Ok(());
        };
        let writer = &self.operator.writer;
        let written = writer
            .write(&self.namespace, object, uid, stored, draft)
            .await?;
        match written {
            Written::Unchanged | Written::Gone => {}
            Written::Later(pause) => self.queue.add_later(object, pause),
            Written::Changed { before, after } => {
                self.operator.metrics.wrote(object.kind.name());
                let told = transitions(&before, after.conditions());
                let announcer = &self.operator.announcer;
                announcer.tell(&self.namespace, object, uid, &told).await;
            }
        }
        Ok(())
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
        .chain(named(Kind::Coinserver, objects.coinservers.keys().collect()))
        .chain(named(Kind::Sharechain, objects.sharechains.keys().collect()))
        .chain(named(
            Kind::StratumPort,
            objects.stratum_ports.keys().collect(),
        ))
        .chain(view.unreadable.keys().cloned())
        .collect()
}

/// Whether nothing of an object is changed. A Currency's own pause is something to be applied: it
/// suspends its jobs.
fn is_paused(view: &View, object: &ObjectRef) -> bool {
    let objects = &view.objects;
    let name = &object.name;
    let own = match object.kind {
        Kind::Coinserver => objects.coinservers.get(name).and_then(|it| it.spec.paused),
        Kind::Sharechain => objects.sharechains.get(name).and_then(|it| it.spec.paused),
        Kind::StratumPort => objects
            .stratum_ports
            .get(name)
            .and_then(|it| it.spec.paused),
        Kind::Pool | Kind::Currency | Kind::Secret | Kind::ConfigMap => None,
    };
    let pool = objects.pool.as_ref().and_then(|pool| pool.spec.paused);
    pool == Some(true) || own == Some(true)
}

/// A Secret as caches hold objects; always JSON.
fn dynamic(secret: Secret) -> Option<DynamicObject> {
    let resource = ApiResource::erase::<Secret>(&());
    let mut value = serde_json::to_value(secret).ok()?;
    value["apiVersion"] = resource.api_version.into();
    value["kind"] = resource.kind.into();
    serde_json::from_value(value).ok()
}

/// Name of the Service of an object's main program, which its certificate holds.
fn service(object: &ObjectRef) -> String {
    let part = Part::of(object.kind, &object.name);
    match object.kind {
        Kind::Pool => part.part("web").child(),
        _ => part.child(),
    }
}

/// Objects whose status is made of the reports that are new.
fn touched_by(view: &View, reports: &Reports) -> Vec<ObjectRef> {
    let mut touched = BTreeSet::from([ObjectRef::new(Kind::Pool, POOL_NAME)]);
    for (name, pod) in view.pods.iter() {
        if view.reports.get(name) == reports.get(name) {
            continue;
        }
        let Some(owner) = cache::owner_of_labels(pod.metadata.labels.as_ref()) else {
            continue;
        };
        if let Some(coinserver) = view.objects.coinservers.get(&owner.name)
            && owner.kind == Kind::Coinserver
        {
            let currency = coinserver.spec.currency.to_string();
            touched.insert(ObjectRef::new(Kind::Currency, currency));
        }
        touched.insert(owner);
    }
    touched.into_iter().collect()
}
