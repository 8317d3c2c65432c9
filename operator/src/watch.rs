//! The watches: one for each kind, each with a back-off of its own, so that one that fails holds up
//! none of the others.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::StreamExt;
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api, Client, ResourceExt,
    core::{ApiResource, DynamicObject},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use ngpool_crds::kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::{
    build::Children,
    cache::{Cache, Touched, five},
    metrics::OperatorMetrics,
    names::FIELD_MANAGER,
};

/// A watch that has not brought its first list for this long is stuck.
const STUCK: Duration = Duration::from_mins(5);

/// Hears what changed.
pub trait Heard: Send + Sync {
    /// Something in a namespace changed.
    fn changed(&self, namespace: &str, touched: Touched);
}

/// How each watch does.
#[derive(Debug, Default)]
pub struct Watches(Mutex<Vec<Arc<Watch>>>);

/// How one watch does.
#[derive(Debug)]
struct Watch {
    /// Such as `Deployment in pools`.
    name: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Whether everything there is was seen once.
    listed: bool,
    /// When it last worked: its start at first.
    worked: Instant,
    /// Whether the last that was heard was an error.
    failing: bool,
}

impl Watches {
    /// Whether everything there is was seen: nothing is decided before.
    pub fn listed(&self) -> bool {
        let all = self.0.lock();
        !all.is_empty() && all.iter().all(|watch| watch.state.lock().listed)
    }

    /// Watches that have failed, or brought nothing since their start, for too long.
    pub fn stuck(&self) -> Vec<String> {
        let all = self.0.lock();
        all.iter()
            .filter(|watch| {
                let state = watch.state.lock();
                (state.failing || !state.listed) && state.worked.elapsed() > STUCK
            })
            .map(|watch| watch.name.clone())
            .collect()
    }

    fn begin(&self, name: String) -> Arc<Watch> {
        let watch = Arc::new(Watch {
            name,
            state: Mutex::new(State {
                listed: false,
                worked: Instant::now(),
                failing: false,
            }),
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

/// What is watched of a kind.
pub fn resource(kind: &str) -> Option<ApiResource> {
    resources().into_iter().find(|one| one.kind == kind)
}

/// Starts all watches, of these namespaces or of the whole cluster. They run until `stop`.
pub fn start(
    client: &Client,
    namespaces: &[String],
    cache: &Arc<Cache>,
    heard: &Arc<dyn Heard>,
    metrics: &OperatorMetrics,
    stop: &CancellationToken,
) -> Arc<Watches> {
    let watches = Arc::new(Watches::default());
    for resource in resources() {
        let scopes: Vec<Option<&String>> = if namespaces.is_empty() {
            vec![None]
        } else {
            namespaces.iter().map(Some).collect()
        };
        for scope in scopes {
            let (api, name) = match scope {
                Some(namespace) => (
                    Api::namespaced_with(client.clone(), namespace, &resource),
                    format!("{} in {namespace}", resource.kind),
                ),
                None => (
                    Api::all_with(client.clone(), &resource),
                    resource.kind.clone(),
                ),
            };
            let task = Task {
                kind: resource.kind.clone(),
                scope: scope.cloned(),
                cache: Arc::clone(cache),
                heard: Arc::clone(heard),
                metrics: metrics.clone(),
                watch: watches.begin(name),
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
    watches
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
            config = config.labels(&format!("app.kubernetes.io/managed-by={FIELD_MANAGER}"));
        }
        let mut stream = std::pin::pin!(watcher(api, config).default_backoff());
        let mut listed: HashSet<(String, String)> = HashSet::new();
        // The stream never ends.
        while let Some(event) = stream.next().await {
            match event {
                Ok(event) => {
                    self.take(event, &mut listed);
                    let mut state = self.watch.state.lock();
                    state.worked = Instant::now();
                    state.failing = false;
                }
                Err(error) => {
                    tracing::warn!(%error, watch = self.watch.name, "a watch failed and begins again");
                    self.metrics.watch_failed(&self.kind);
                    self.watch.state.lock().failing = true;
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
                self.watch.state.lock().listed = true;
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
