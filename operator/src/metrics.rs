//! What the operator counts.

use std::time::Duration;

use ngpool_runtime::Metrics;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByResult {
    kind: String,
    result: &'static str,
}

/// The operator's metrics; cheap to clone.
#[derive(Debug, Clone)]
pub struct OperatorMetrics {
    reconciles: Family<ByResult, Counter>,
    duration: Histogram,
    writes: Family<ByKind, Counter>,
    queue: Gauge,
    watch_failures: Family<ByKind, Counter>,
    leader: Gauge,
}

impl OperatorMetrics {
    /// Registers them.
    pub fn new(metrics: &Metrics) -> Self {
        let own = Self {
            reconciles: Family::default(),
            duration: Histogram::new(exponential_buckets(0.001, 4.0, 8)),
            writes: Family::default(),
            queue: Gauge::default(),
            watch_failures: Family::default(),
            leader: Gauge::default(),
        };
        metrics.register(|registry| {
            let registry = registry.sub_registry_with_prefix("operator");
            registry.register(
                "reconciles",
                "Objects brought to what is wanted, by kind and result",
                own.reconciles.clone(),
            );
            registry.register(
                "reconcile_seconds",
                "Time one object took",
                own.duration.clone(),
            );
            registry.register(
                "writes",
                "Objects and statuses written, by kind; none in a steady state",
                own.writes.clone(),
            );
            registry.register("queue", "Objects that wait their turn", own.queue.clone());
            registry.register(
                "watch_failures",
                "Watches that failed and began again, by kind",
                own.watch_failures.clone(),
            );
            registry.register(
                "leader",
                "1 while this process is the one that acts",
                own.leader.clone(),
            );
        });
        own
    }

    /// One object was done.
    pub fn reconciled(&self, kind: &str, result: &'static str, took: Duration) {
        let labels = ByResult {
            kind: kind.to_owned(),
            result,
        };
        self.reconciles.get_or_create(&labels).inc();
        self.duration.observe(took.as_secs_f64());
    }

    /// Something was written.
    pub fn wrote(&self, kind: &str) {
        let labels = ByKind {
            kind: kind.to_owned(),
        };
        self.writes.get_or_create(&labels).inc();
    }

    /// A watch failed.
    pub fn watch_failed(&self, kind: &str) {
        let labels = ByKind {
            kind: kind.to_owned(),
        };
        self.watch_failures.get_or_create(&labels).inc();
    }

    /// So many objects were added to the queue, or taken when negative.
    pub fn queued(&self, more: i64) {
        self.queue.inc_by(more);
    }

    /// Whether this process acts.
    pub fn leads(&self, leads: bool) {
        self.leader.set(leads.into());
    }
}
