//! The watches: one for each kind, each with a back-off of its own, so that one that fails holds up
//! none of the others.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures::StreamExt;
use http_body_util::BodyExt;
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api, Client, Config, ResourceExt,
    client::{ClientBuilder, DynBody},
    core::{ApiResource, DynamicObject, GroupVersionKind},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use ngpool_crds::kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tonic::codegen::http::Response;
use tower::util::MapResponseLayer;

use crate::{
    build::Children,
    cache::{Cache, Touched, five},
    metrics::OperatorMetrics,
    names::FIELD_MANAGER,
};

/// A watch without a sign of life for this long is stuck: the API server sends a bookmark about every
/// minute even where nothing happens, and ends each watch after less than five minutes.
const STUCK: Duration = Duration::from_mins(6);

/// Hears what changed.
pub trait Heard: Send + Sync {
    /// Something in a namespace changed.
    fn changed(&self, namespace: &str, touched: Touched);
}

/// The last sign of life of a watch: anything that came from the API server, bookmarks too.
#[derive(Debug, Clone)]
pub struct Pulse(Arc<Mutex<Instant>>);

impl Pulse {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// Something came.
    pub fn beat(&self) {
        *self.0.lock() = Instant::now();
    }

    fn age(&self) -> Duration {
        self.0.lock().elapsed()
    }
}

/// A client that tells a pulse of all that it receives.
///
/// # Errors
///
/// When no client can be made of this configuration.
pub fn client(config: &Config, pulse: Pulse) -> kube::Result<Client> {
    let builder = ClientBuilder::try_from(config.clone())?;
    let tell = move |response: Response<_>| {
        let pulse = pulse.clone();
        response.map(|body: Box<DynBody>| {
            body.map_frame(move |frame| {
                pulse.beat();
                frame
            })
        })
    };
    Ok(builder.with_layer(&MapResponseLayer::new(tell)).build())
}

/// How each watch does.
#[derive(Debug, Default)]
pub struct Watches(Mutex<Vec<Arc<Watch>>>);

/// How one watch does.
#[derive(Debug)]
struct Watch {
    kind: String,
    /// Such as `Deployment in pools`.
    name: String,
    pulse: Pulse,
    /// Whether everything there is was seen once.
    listed: AtomicBool,
}

impl Watches {
    /// Whether everything there is was seen: nothing is decided before.
    pub fn listed(&self) -> bool {
        let all = self.0.lock();
        !all.is_empty() && all.iter().all(|watch| watch.listed.load(Ordering::Acquire))
    }

    /// Watches without a sign of life for too long.
    pub fn stuck(&self) -> Vec<String> {
        let all = self.0.lock();
        all.iter()
            .filter(|watch| watch.pulse.age() > STUCK)
            .map(|watch| watch.name.clone())
            .collect()
    }

    /// Time since the last sign of life, by kind: of several namespaces the longest.
    pub fn ages(&self) -> BTreeMap<String, Duration> {
        let mut ages = BTreeMap::new();
        for watch in self.0.lock().iter() {
            let age: &mut Duration = ages.entry(watch.kind.clone()).or_default();
            *age = watch.pulse.age().max(*age);
        }
        ages
    }

    fn begin(&self, kind: String, name: String) -> Arc<Watch> {
        let watch = Arc::new(Watch {
            kind,
            name,
            pulse: Pulse::new(),
            listed: AtomicBool::new(false),
        });
        self.0.lock().push(Arc::clone(&watch));
        watch
    }
}

/// What is watched: the five kinds whole, and of everything else what the operator made. Secrets are
/// not among it: a watch would need the right to list all of them, so they are read by name.
pub fn resources() -> Vec<ApiResource> {
    let mut all = vec![
        ApiResource::erase::<Pool>(&()),
        ApiResource::erase::<Currency>(&()),
        ApiResource::erase::<Coinserver>(&()),
        ApiResource::erase::<Sharechain>(&()),
        ApiResource::erase::<StratumPort>(&()),
        ApiResource::erase::<Pod>(&()),
    ];
    all.extend(Children::kinds());
    all
}

/// Kinds that a cluster need not have: they are listed now and then where objects ask for them.
pub fn optional() -> [ApiResource; 2] {
    let resource = |group: &str, version: &str, kind: &str| {
        ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
    };
    [
        resource("gateway.networking.k8s.io", "v1alpha2", "TCPRoute"),
        resource("cert-manager.io", "v1", "Certificate"),
    ]
}

/// How a kind of child is called for.
pub fn resource(kind: &str) -> Option<ApiResource> {
    let mut all = resources().into_iter().chain(optional());
    all.find(|one| one.kind == kind)
}

/// What selects the children that the operator made.
pub fn selector() -> String {
    format!("app.kubernetes.io/managed-by={FIELD_MANAGER}")
}

/// Starts all watches, of these namespaces or of the whole cluster, each with a client of its own.
/// They run until `stop`.
///
/// # Errors
///
/// When no client can be made.
pub fn start(
    connect: &dyn Fn(Pulse) -> kube::Result<Client>,
    namespaces: &[String],
    cache: &Arc<Cache>,
    heard: &Arc<dyn Heard>,
    metrics: &OperatorMetrics,
    stop: &CancellationToken,
) -> kube::Result<Arc<Watches>> {
    let watches = Arc::new(Watches::default());
    for resource in resources() {
        let scopes: Vec<Option<&String>> = if namespaces.is_empty() {
            vec![None]
        } else {
            namespaces.iter().map(Some).collect()
        };
        for scope in scopes {
            let name = match scope {
                Some(namespace) => format!("{} in {namespace}", resource.kind),
                None => resource.kind.clone(),
            };
            let watch = watches.begin(resource.kind.clone(), name);
            let client = connect(watch.pulse.clone())?;
            let api = match scope {
                Some(namespace) => Api::namespaced_with(client, namespace, &resource),
                None => Api::all_with(client, &resource),
            };
            let task = Task {
                kind: resource.kind.clone(),
                scope: scope.cloned(),
                cache: Arc::clone(cache),
                heard: Arc::clone(heard),
                metrics: metrics.clone(),
                watch,
            };
            let stop = stop.clone();
            tokio::spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = task.run(api) => {}
                }
            });
        }
    }
    Ok(watches)
}

struct Task {
    kind: String,
    scope: Option<String>,
    cache: Arc<Cache>,
    heard: Arc<dyn Heard>,
    metrics: OperatorMetrics,
    watch: Arc<Watch>,
}

impl Task {
    async fn run(self, api: Api<DynamicObject>) {
        let mut config = watcher::Config::default();
        if five(&self.kind).is_none() {
            config = config.labels(&selector());
        }
        let mut stream = std::pin::pin!(watcher(api, config).default_backoff());
        let mut listed: HashSet<(String, String)> = HashSet::new();
        // The stream never ends.
        while let Some(event) = stream.next().await {
            match event {
                Ok(event) => {
                    self.watch.pulse.beat();
                    self.take(event, &mut listed);
                }
                Err(error) => {
                    tracing::warn!(%error, watch = self.watch.name, "a watch failed and begins again");
                    self.metrics.watch_failed(&self.kind);
                }
            }
        }
    }

    fn take(&self, event: Event<DynamicObject>, listed: &mut HashSet<(String, String)>) {
        match event {
            Event::Init => listed.clear(),
            Event::InitApply(object) => {
                listed.insert((object.namespace().unwrap_or_default(), object.name_any()));
                self.put(object);
            }
            Event::InitDone => {
                // What was there before and is in the list no more has gone unseen.
                for (namespace, name) in self.cache.names(&self.kind) {
                    let ours = self.scope.as_ref().is_none_or(|scope| *scope == namespace);
                    if ours && !listed.contains(&(namespace.clone(), name.clone())) {
                        self.remove(&namespace, &name);
                    }
                }
                listed.clear();
                self.watch.listed.store(true, Ordering::Release);
            }
            Event::Apply(object) => self.put(object),
            Event::Delete(object) => {
                self.remove(&object.namespace().unwrap_or_default(), &object.name_any());
            }
        }
    }

    fn put(&self, object: DynamicObject) {
        let namespace = object.namespace().unwrap_or_default();
        let touched = self.cache.put(&self.kind, object);
        self.heard.changed(&namespace, touched);
    }

    fn remove(&self, namespace: &str, name: &str) {
        let touched = self.cache.remove(&self.kind, namespace, name);
        self.heard.changed(namespace, touched);
    }
}
