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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ngpool_chain::{Amount, BlockHash, Height};
    use ngpool_store::{Logins, StoppedBy, StoreOptions, migrate};
    use ngpool_testkit::Database;

    use super::*;

    #[tokio::test]
    async fn what_jobs_found_out_is_exported_and_what_is_over_goes() {
        let database = Database::create().await.unwrap();
        migrate(&database.owner_url(), &Logins::without_passwords())
            .await
            .unwrap();
        let open = |role| Store::open(&database.url_of(role), &StoreOptions::default()).unwrap();
        let (payout, web) = (open("payout"), open("web"));
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let genesis = BlockHash::from_bytes([1; 32]);
        payout.adopt_currency("LTC", genesis, at).await.unwrap();
        payout
            .record_step("LTC", "audit", "no node", at)
            .await
            .unwrap();
        let mut audit = Solvency {
            currency: "LTC".into(),
            at,
            verdict: SolvencyVerdict::Drift,
            reason: "coins are missing".into(),
            tip: (Height(7), genesis),
            outputs: 1,
            on_chain: Amount(90),
            booked: Amount(100),
            in_transit: Amount(0),
            drift: Amount(-10),
            immature: Amount(0),
            payees: Amount(100),
            held: Amount(0),
            in_flight: Amount(0),
            pool: Amount(0),
            uncovered: Amount(0),
            pool_accounts: BTreeMap::new(),
            items: serde_json::json!([]),
        };
        payout.record_solvency(&audit).await.unwrap();

        let metrics = Metrics::new();
        let jobs = Jobs::register(&metrics);
        jobs.refresh(&web).await.unwrap();
        let text = metrics.text().unwrap();
        for line in [
            r#"ngpool_solvency_amount{currency="LTC",part="drift"} -10"#,
            r#"ngpool_solvency_verdict{currency="LTC",verdict="drift"} 1"#,
            r#"ngpool_solvency_verdict{currency="LTC",verdict="clean"} 0"#,
            r#"ngpool_payout_stop_since_timestamp_seconds{currency="LTC",by="audit"} 1790000000"#,
            r#"ngpool_job_failed{currency="LTC",step="audit"} 1"#,
            r#"ngpool_job_last_run_timestamp_seconds{currency="LTC",step="audit"} 1790000000"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(
            !text.contains("job_last_success_timestamp_seconds{"),
            "{text}"
        );

        audit.verdict = SolvencyVerdict::Clean;
        audit.at += chrono::TimeDelta::seconds(60);
        payout.record_solvency(&audit).await.unwrap();
        payout
            .stop_payouts("LTC", StoppedBy::Operator, "holiday", at)
            .await
            .unwrap();
        jobs.refresh(&web).await.unwrap();
        let text = metrics.text().unwrap();
        assert!(!text.contains(r#"by="audit""#), "{text}");
        assert!(text.contains(r#"by="operator""#), "{text}");
        assert!(text.contains(r#"verdict="clean"} 1"#), "{text}");
    }
}
