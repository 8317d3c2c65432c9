//! What the jobs found out, from the database: nobody scrapes a program that lives two seconds.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use ngpool_runtime::Metrics;
use ngpool_store::{Solvency, SolvencyVerdict, Store, StoreError};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, gauge::Gauge},
};

type Seconds = Gauge<f64, AtomicU64>;

/// Steps of jobs, audits, stops and alarms by currency.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs {
    last_run: Family<StepLabels, Seconds>,
    last_success: Family<StepLabels, Seconds>,
    failed: Family<StepLabels, Gauge>,
    amounts: Family<AmountLabels, Gauge>,
    verdict: Family<VerdictLabels, Gauge>,
    audited: Family<CurrencyLabels, Seconds>,
    stop: Family<StopLabels, Seconds>,
    alarms: Family<AlarmLabels, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabels {
    currency: String,
    step: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AmountLabels {
    currency: String,
    part: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VerdictLabels {
    currency: String,
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CurrencyLabels {
    currency: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StopLabels {
    currency: String,
    by: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AlarmLabels {
    currency: String,
    kind: String,
}

impl Jobs {
    pub(crate) fn register(metrics: &Metrics) -> Self {
        let jobs = Self::default();
        metrics.register(|registry| {
            registry.register(
                "job_last_run_timestamp_seconds",
                "When a step of a job ran last",
                jobs.last_run.clone(),
            );
            registry.register(
                "job_last_success_timestamp_seconds",
                "When a step of a job last succeeded",
                jobs.last_success.clone(),
            );
            registry.register(
                "job_failed",
                "Whether the last run of a step failed",
                jobs.failed.clone(),
            );
            registry.register(
                "solvency_amount",
                "Parts of the last audit in base units; on_chain = booked + in_transit + drift",
                jobs.amounts.clone(),
            );
            registry.register(
                "solvency_verdict",
                "1 for what the last audit concludes: clean, drift or doubtful",
                jobs.verdict.clone(),
            );
            registry.register(
                "solvency_timestamp_seconds",
                "When the last audit was made",
                jobs.audited.clone(),
            );
            registry.register(
                "payout_stop_since_timestamp_seconds",
                "Since when payouts of a currency are stopped, by whom; absent when they are not",
                jobs.stop.clone(),
            );
            registry.register(
                "audit_alarms",
                "Alarms of the audit that nobody has looked at, by kind",
                jobs.alarms.clone(),
            );
        });
        jobs
    }

    /// Takes over what is in the database now.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let steps = store.job_steps().await?;
        let audits = store.last_audits().await?;
        let stops = store.payout_stops().await?;
        let alarms = store.alarm_counts().await?;
        for step in steps {
            let labels = StepLabels {
                currency: step.currency,
                step: step.step,
            };
            set(&self.last_run.get_or_create(&labels), step.last_run);
            if let Some(at) = step.last_success {
                set(&self.last_success.get_or_create(&labels), at);
            }
            let failed = i64::from(!step.error.is_empty());
            self.failed.get_or_create(&labels).set(failed);
        }
        for audit in &audits {
            self.audit(audit);
        }
        // What is over goes.
        self.stop.clear();
        for (currency, stop) in stops {
            let by = stop.by.as_str();
            set(
                &self.stop.get_or_create(&StopLabels { currency, by }),
                stop.since,
            );
        }
        self.alarms.clear();
        for count in alarms {
            let labels = AlarmLabels {
                currency: count.currency,
                kind: count.kind,
            };
            let alarms = i64::try_from(count.alarms).unwrap_or(i64::MAX);
            self.alarms.get_or_create(&labels).set(alarms);
        }
        Ok(())
    }

    fn audit(&self, audit: &Solvency) {
        let currency = || audit.currency.clone();
        for (part, amount) in [
            ("on_chain", audit.on_chain),
            ("booked", audit.booked),
            ("in_transit", audit.in_transit),
            ("drift", audit.drift),
            ("immature", audit.immature),
            ("payees", audit.payees),
            ("held", audit.held),
            ("in_flight", audit.in_flight),
            ("pool", audit.pool),
            ("uncovered", audit.uncovered),
        ] {
            let labels = AmountLabels {
                currency: currency(),
                part,
            };
            self.amounts.get_or_create(&labels).set(amount.0);
        }
        for verdict in [
            SolvencyVerdict::Clean,
            SolvencyVerdict::Drift,
            SolvencyVerdict::Doubtful,
        ] {
            let labels = VerdictLabels {
                currency: currency(),
                verdict: verdict.as_str(),
            };
            let is_it = i64::from(verdict == audit.verdict);
            self.verdict.get_or_create(&labels).set(is_it);
        }
        let labels = CurrencyLabels {
            currency: currency(),
        };
        set(&self.audited.get_or_create(&labels), audit.at);
    }
}

fn set(gauge: &Seconds, at: DateTime<Utc>) {
    // Milliseconds of this millennium are exact in an f64.
    #[allow(clippy::cast_precision_loss)]
    gauge.set(at.timestamp_millis() as f64 / 1_000.0);
}
