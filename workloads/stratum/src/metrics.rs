//! What the port counts.

use std::{net::IpAddr, sync::atomic::AtomicU64};

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

use crate::{limits::Refusal, registry::Close, share::Reject};

/// Results of shares.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ShareLabels {
    result: &'static str,
    reason: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DirectionLabels {
    direction: &'static str,
}

/// Counters and gauges of one port.
#[derive(Debug)]
pub struct PortMetrics {
    /// Open connections.
    pub connections: Gauge,
    /// Seconds since the current job was made.
    pub job_age: Gauge<f64, AtomicU64>,
    /// Height of the block that is mined for.
    pub height: Gauge,
    /// Blocks solved.
    pub blocks: Counter,
    accepted: Counter,
    shares: Family<ShareLabels, Counter>,
    closed: Family<ReasonLabels, Counter>,
    refused: Family<ReasonLabels, Counter>,
    submissions: Family<OutcomeLabels, Counter>,
    vardiff: Family<DirectionLabels, Counter>,
    fan_out: Histogram,
    template_delay: Histogram,
}

impl PortMetrics {
    /// Registers them.
    #[must_use]
    pub fn register(metrics: &Metrics) -> Self {
        let shares = Family::<ShareLabels, Counter>::default();
        // Kept apart, so that the common case looks nothing up.
        let accepted = ShareLabels {
            result: "accepted",
            reason: "",
        };
        let accepted = shares.get_or_create(&accepted).clone();
        let own = Self {
            connections: Gauge::default(),
            job_age: Gauge::default(),
            height: Gauge::default(),
            blocks: Counter::default(),
            accepted,
            shares,
            closed: Family::default(),
            refused: Family::default(),
            submissions: Family::default(),
            vardiff: Family::default(),
            // 0.1 ms to 3.3 s.
            fan_out: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            template_delay: Histogram::new(exponential_buckets(0.000_5, 2.0, 14)),
        };
        metrics.register(|registry| {
            let registry = registry.sub_registry_with_prefix("stratum");
            registry.register("connections", "Open connections", own.connections.clone());
            registry.register(
                "job_age_seconds",
                "Age of the current job",
                own.job_age.clone(),
            );
            registry.register(
                "height",
                "Height of the block mined for",
                own.height.clone(),
            );
            registry.register("blocks", "Blocks solved", own.blocks.clone());
            registry.register("shares", "Shares by result and reason", own.shares.clone());
            registry.register("closed", "Connections closed by reason", own.closed.clone());
            registry.register(
                "refused",
                "Connections and names refused",
                own.refused.clone(),
            );
            registry.register(
                "submissions",
                "Answers of nodes to solved blocks",
                own.submissions.clone(),
            );
            registry.register("vardiff_changes", "Difficulty changes", own.vardiff.clone());
            registry.register(
                "fan_out_seconds",
                "Time from a new job to its last connection",
                own.fan_out.clone(),
            );
            registry.register(
                "template_delay_seconds",
                "Time from a template's last byte to its job",
                own.template_delay.clone(),
            );
        });
        own
    }

    /// Accepted shares.
    pub fn accepted(&self, count: u64) {
        self.accepted.inc_by(count);
    }

    /// A refused share.
    pub fn rejected(&self, reject: Reject) {
        self.shares
            .get_or_create(&ShareLabels {
                result: "rejected",
                reason: reject.label(),
            })
            .inc();
    }

    /// A closed connection.
    pub fn closed(&self, reason: Close) {
        self.closed
            .get_or_create(&ReasonLabels {
                reason: reason.label(),
            })
            .inc();
    }

    /// Somebody was not let in.
    pub fn refused(&self, refusal: Refusal, peer: IpAddr) {
        tracing::debug!(%peer, %refusal, "refused");
        self.refused
            .get_or_create(&ReasonLabels {
                reason: refusal.label(),
            })
            .inc();
    }

    /// A node's answer to a block.
    pub fn submission(&self, outcome: &'static str) {
        self.submissions
            .get_or_create(&OutcomeLabels { outcome })
            .inc();
    }

    /// A difficulty was changed.
    pub fn vardiff(&self, from: f64, to: f64) {
        let direction = if to > from { "up" } else { "down" };
        self.vardiff
            .get_or_create(&DirectionLabels { direction })
            .inc();
    }

    /// A job has reached everybody.
    pub fn fan_out(&self, seconds: f64) {
        self.fan_out.observe(seconds);
    }

    /// A template became a job.
    pub fn template_delay(&self, seconds: f64) {
        self.template_delay.observe(seconds);
    }
}
