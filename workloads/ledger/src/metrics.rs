//! What a ledger counts.

use std::sync::atomic::AtomicU64;

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

/// What became of batches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

/// What became of cuts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CutLabel {
    complete: &'static str,
}

/// A ledger's metrics; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct LedgerMetrics {
    batches: Family<OutcomeLabel, Counter>,
    shares: Counter,
    slices: Counter,
    group: Histogram,
    commit: Histogram,
    cuts: Family<CutLabel, Counter>,
    pub(crate) followers: Gauge,
    pub(crate) position: Gauge<u64, AtomicU64>,
    pub(crate) sealed: Counter,
    pub(crate) database_up: Gauge,
}

impl LedgerMetrics {
    pub(crate) fn register(metrics: &Metrics) -> Self {
        let figures = Self {
            batches: Family::default(),
            shares: Counter::default(),
            slices: Counter::default(),
            group: Histogram::new(exponential_buckets(1.0, 2.0, 8)),
            commit: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
            cuts: Family::default(),
            followers: Gauge::default(),
            position: Gauge::default(),
            sealed: Counter::default(),
            database_up: Gauge::default(),
        };
        metrics.register(|registry| {
            let registry = registry.sub_registry_with_prefix("ledger");
            registry.register(
                "batches",
                "Batches by what became of them; conflict needs a person",
                figures.batches.clone(),
            );
            registry.register("shares", "Shares of stored batches", figures.shares.clone());
            registry.register("slices", "Slices of stored batches", figures.slices.clone());
            registry.register(
                "group_batches",
                "Batches committed in one transaction",
                figures.group.clone(),
            );
            registry.register(
                "commit_seconds",
                "Time from the first batch of a transaction to its commit",
                figures.commit.clone(),
            );
            registry.register(
                "cuts",
                "Cuts stored, by whether every server answered in time",
                figures.cuts.clone(),
            );
            registry.register(
                "followers",
                "Servers that follow",
                figures.followers.clone(),
            );
            registry.register("position", "Newest position", figures.position.clone());
            registry.register("sealed_chunks", "Chunks sealed", figures.sealed.clone());
            registry.register(
                "database_up",
                "1 when the database answered last time it was asked",
                figures.database_up.clone(),
            );
        });
        figures
    }

    pub(crate) fn batch(&self, outcome: &'static str) {
        self.batches.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    pub(crate) fn stored(&self, slices: usize, shares: u64) {
        self.slices.inc_by(slices as u64);
        self.shares.inc_by(shares);
    }

    pub(crate) fn committed(&self, batches: usize, time: std::time::Duration) {
        // A histogram of small numbers: exact in a float.
        self.group
            .observe(f64::from(u32::try_from(batches).unwrap_or(u32::MAX)));
        self.commit.observe(time.as_secs_f64());
    }

    pub(crate) fn cut(&self, complete: bool) {
        let complete = if complete { "true" } else { "false" };
        self.cuts.get_or_create(&CutLabel { complete }).inc();
    }
}
