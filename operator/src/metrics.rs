//! What the operator counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ngpool_crds::ObjectRef;
use ngpool_runtime::Metrics;
use parking_lot::Mutex;
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

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, EncodeLabelSet)]
struct ByObject {
    kind: &'static str,
    pool_namespace: String,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, EncodeLabelSet)]
struct BySecret {
    pool_namespace: String,
    name: String,
}

/// The operator's metrics; cheap to clone.
#[derive(Debug, Clone)]
pub struct OperatorMetrics {
    reconciles: Family<ByResult, Counter>,
    duration: Histogram,
    writes: Family<ByKind, Counter>,
    queue: Gauge,
    watch_failures: Family<ByKind, Counter>,
    watch_age: Family<ByKind, Gauge<f64, AtomicU64>>,
    ready: Family<ByObject, Gauge>,
    expiry: Family<BySecret, Gauge>,
    certificates: Arc<Mutex<BTreeSet<BySecret>>>,
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
            watch_age: Family::default(),
            ready: Family::default(),
            expiry: Family::default(),
            certificates: Arc::default(),
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
                "watch_age_seconds",
                "Time since the last sign of life of the watches of a kind",
                own.watch_age.clone(),
            );
            registry.register(
                "object_ready",
                "1 while an object is ready; told by the operator that acts",
                own.ready.clone(),
            );
            registry.register(
                "certificate_expiry_timestamp_seconds",
                "When the certificate in a Secret ends",
                own.expiry.clone(),
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

    /// How long ago the watches of each kind showed life.
    pub fn watch_ages(&self, ages: &BTreeMap<String, Duration>) {
        for (kind, age) in ages {
            let labels = ByKind { kind: kind.clone() };
            self.watch_age.get_or_create(&labels).set(age.as_secs_f64());
        }
    }

    /// Whether an object is ready.
    pub fn ready(&self, namespace: &str, object: &ObjectRef, ready: bool) {
        let labels = by_object(namespace, object);
        self.ready.get_or_create(&labels).set(ready.into());
    }

    /// An object has gone.
    pub fn gone(&self, namespace: &str, object: &ObjectRef) {
        self.ready.remove(&by_object(namespace, object));
    }

    /// When each certificate of a namespace ends.
    pub fn certificates(&self, namespace: &str, ends: BTreeMap<String, SystemTime>) {
        let mut known = self.certificates.lock();
        let gone: Vec<BySecret> = known
            .iter()
            .filter(|one| one.pool_namespace == namespace && !ends.contains_key(&one.name))
            .cloned()
            .collect();
        for labels in gone {
            self.expiry.remove(&labels);
            known.remove(&labels);
        }
        for (name, end) in ends {
            let labels = BySecret {
                pool_namespace: namespace.to_owned(),
                name,
            };
            let seconds = end.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            // Seconds fit for longer than certificates last.
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            self.expiry.get_or_create(&labels).set(seconds);
            known.insert(labels);
        }
    }

    /// Whether this process acts.
    pub fn leads(&self, leads: bool) {
        self.leader.set(leads.into());
    }
}

fn by_object(namespace: &str, object: &ObjectRef) -> ByObject {
    ByObject {
        kind: object.kind.name(),
        pool_namespace: namespace.to_owned(),
        name: object.name.clone(),
    }
}
