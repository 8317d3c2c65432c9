//! How far the ledger is behind the journal.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use ngpool_runtime::Metrics;
use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use tokio_util::sync::CancellationToken;

use crate::journal::{JournalState, ShareJournal};

#[derive(Debug, Clone, Default)]
pub(super) struct ShipMetrics {
    bytes: Gauge<u64, AtomicU64>,
    max_bytes: Gauge<u64, AtomicU64>,
    unshipped: Gauge<u64, AtomicU64>,
    oldest: Gauge<f64, AtomicU64>,
    writable: Gauge,
    conflict: Gauge,
    shipped: Counter,
    failures: Counter,
}

impl ShipMetrics {
    pub(super) fn register(metrics: &Metrics) -> Self {
        let figures = Self::default();
        metrics.register(|registry| {
            let registry = registry.sub_registry_with_prefix("stratum_journal");
            registry.register(
                "bytes",
                "Bytes of the share journal on disk, acknowledged batches included",
                figures.bytes.clone(),
            );
            registry.register("max_bytes", "Bound of bytes", figures.max_bytes.clone());
            registry.register(
                "unshipped_batches",
                "Closed batches the ledger has not acknowledged",
                figures.unshipped.clone(),
            );
            registry.register(
                "oldest_unshipped_seconds",
                "Age of the oldest batch the ledger has not acknowledged; 0 when there is none",
                figures.oldest.clone(),
            );
            registry.register(
                "writable",
                "1 when shares are taken, 0 when the journal is full, failed or refused",
                figures.writable.clone(),
            );
            registry.register(
                "conflict",
                "1 when the ledger knows another history of this journal: a person has to act",
                figures.conflict.clone(),
            );
            registry.register(
                "shipped_batches",
                "Batches the ledger acknowledged",
                figures.shipped.clone(),
            );
            registry.register(
                "ship_failures",
                "Rounds of shipping that ended with a failure",
                figures.failures.clone(),
            );
        });
        figures
    }

    pub(super) fn shipped(&self) {
        self.shipped.inc();
    }

    pub(super) fn failed(&self) {
        self.failures.inc();
    }

    /// Looks at the journal every second.
    pub(super) async fn follow(self, journal: Arc<ShareJournal>, stop: CancellationToken) {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let status = journal.status();
            self.bytes.set(status.bytes);
            self.max_bytes.set(status.max_bytes);
            self.unshipped.set(status.unshipped);
            let age = status
                .oldest_unshipped_ms
                .map_or(0, |closed_ms| journal.now_ms().saturating_sub(closed_ms));
            self.oldest.set(Duration::from_millis(age).as_secs_f64());
            self.writable
                .set(i64::from(status.state == JournalState::Writable));
            self.conflict
                .set(i64::from(matches!(status.state, JournalState::Conflict(_))));
        }
    }
}
