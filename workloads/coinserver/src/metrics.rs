//! What a coinserver counts and measures.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use ngpool_rpc::v1::{NodeState, SubmitOutcome};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
};

use crate::rpc::RpcError;

/// Every metric; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rpc_calls: Family<MethodLabel, Counter>,
    rpc_errors: Family<ErrorLabel, Counter>,
    template_seconds: Histogram,
    tips: Family<SourceLabel, Counter>,
    tip_latency_seconds: Family<SourceLabel, Histogram>,
    template_age_seconds: Gauge<f64, AtomicU64>,
    height: Gauge,
    peers: Gauge,
    state: Family<StateLabel, Gauge>,
    submits: Family<OutcomeLabel, Counter>,
    submit_seconds: Histogram,
    watchers: Gauge,
    zmq_gaps: Counter,
    daemon_starts: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabel {
    method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ErrorLabel {
    method: &'static str,
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SourceLabel {
    source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            rpc_calls: Family::default(),
            rpc_errors: Family::default(),
            template_seconds: fast_histogram(),
            tips: Family::default(),
            tip_latency_seconds: Family::new_with_constructor(fast_histogram),
            template_age_seconds: Gauge::default(),
            height: Gauge::default(),
            peers: Gauge::default(),
            state: Family::default(),
            submits: Family::default(),
            submit_seconds: fast_histogram(),
            watchers: Gauge::default(),
            zmq_gaps: Counter::default(),
            daemon_starts: Counter::default(),
        }
    }
}

/// 1 ms to 8 s, by factors of two.
fn fast_histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    /// Metrics that are part of the program's.
    pub fn registered(program: &ngpool_runtime::Metrics) -> Self {
        let metrics = Self::default();
        program.register(|registry| {
            let inner = &metrics.0;
            let registry = registry.sub_registry_with_prefix("coinserver");
            registry.register(
                "rpc_calls",
                "Calls to the daemon by method",
                inner.rpc_calls.clone(),
            );
            registry.register(
                "rpc_errors",
                "Calls to the daemon that failed, by method and kind",
                inner.rpc_errors.clone(),
            );
            registry.register(
                "template_seconds",
                "Time the daemon takes for getblocktemplate, long polls left out",
                inner.template_seconds.clone(),
            );
            registry.register(
                "tips",
                "New tips by what reported them first",
                inner.tips.clone(),
            );
            registry.register(
                "tip_latency_seconds",
                "From the first sign of a new tip to its template being offered",
                inner.tip_latency_seconds.clone(),
            );
            registry.register(
                "template_age_seconds",
                "Time since the newest template came from the daemon",
                inner.template_age_seconds.clone(),
            );
            registry.register("height", "Height of the node's tip", inner.height.clone());
            registry.register("peers", "The node's peers", inner.peers.clone());
            registry.register(
                "node_state",
                "1 for the state the node is in",
                inner.state.clone(),
            );
            registry.register(
                "submits",
                "Blocks given to the daemon, by its answer",
                inner.submits.clone(),
            );
            registry.register(
                "submit_seconds",
                "Time the daemon takes to answer submitblock",
                inner.submit_seconds.clone(),
            );
            registry.register("watchers", "Open template streams", inner.watchers.clone());
            registry.register(
                "zmq_gaps",
                "Notifications the daemon's publisher dropped",
                inner.zmq_gaps.clone(),
            );
            registry.register(
                "daemon_starts",
                "Times the daemon was started by this program",
                inner.daemon_starts.clone(),
            );
        });
        metrics
    }

    /// A call to the daemon ended.
    pub fn rpc_call(&self, method: &'static str, error: Option<&RpcError>) {
        self.0
            .rpc_calls
            .get_or_create(&MethodLabel { method })
            .inc();
        if let Some(error) = error {
            let label = ErrorLabel {
                method,
                kind: error.kind(),
            };
            self.0.rpc_errors.get_or_create(&label).inc();
        }
    }

    /// The daemon made a template.
    pub fn template_made(&self, took: Duration) {
        self.0.template_seconds.observe(took.as_secs_f64());
    }

    /// A template on a new tip is offered.
    pub fn new_tip(&self, source: &'static str, latency: Duration) {
        let label = SourceLabel { source };
        self.0.tips.get_or_create(&label).inc();
        self.0
            .tip_latency_seconds
            .get_or_create(&label)
            .observe(latency.as_secs_f64());
    }

    /// Age of the newest template.
    pub fn template_age(&self, age: Duration) {
        self.0.template_age_seconds.set(age.as_secs_f64());
    }

    /// Where the node stands.
    pub fn chain(&self, height: u32, peers: u32) {
        self.0.height.set(i64::from(height));
        self.0.peers.set(i64::from(peers));
    }

    /// The node's state changed.
    pub fn state(&self, now: NodeState) {
        for (state, name) in STATES {
            let value = i64::from(state == now);
            self.0
                .state
                .get_or_create(&StateLabel { state: name })
                .set(value);
        }
    }

    /// The daemon answered a block.
    pub fn submitted(&self, outcome: SubmitOutcome, took: Duration) {
        let outcome = match outcome {
            SubmitOutcome::Accepted => "accepted",
            SubmitOutcome::Duplicate => "duplicate",
            SubmitOutcome::Inconclusive => "inconclusive",
            SubmitOutcome::Rejected | SubmitOutcome::Unspecified => "rejected",
            SubmitOutcome::UnknownTemplate => "unknown-template",
        };
        self.0
            .submits
            .get_or_create(&OutcomeLabel { outcome })
            .inc();
        self.0.submit_seconds.observe(took.as_secs_f64());
    }

    /// A block could not be given to the daemon.
    pub fn submit_failed(&self) {
        self.0
            .submits
            .get_or_create(&OutcomeLabel { outcome: "failed" })
            .inc();
    }

    /// A template stream was opened.
    pub fn watcher_came(&self) {
        self.0.watchers.inc();
    }

    /// A template stream ended.
    pub fn watcher_went(&self) {
        self.0.watchers.dec();
    }

    /// The daemon's publisher dropped notifications.
    pub fn zmq_gap(&self) {
        self.0.zmq_gaps.inc();
    }

    /// The daemon was started.
    pub fn daemon_started(&self) {
        self.0.daemon_starts.inc();
    }
}

const STATES: [(NodeState, &str); 7] = [
    (NodeState::Ready, "ready"),
    (NodeState::Starting, "starting"),
    (NodeState::Syncing, "syncing"),
    (NodeState::NoPeers, "no-peers"),
    (NodeState::Behind, "behind"),
    (NodeState::Silent, "silent"),
    (NodeState::Stopped, "stopped"),
];

/// A state's name, for metrics and `Status`.
pub(crate) fn state_name(state: NodeState) -> &'static str {
    STATES
        .iter()
        .find(|(one, _)| *one == state)
        .map_or("unknown", |(_, name)| name)
}
