//! A Currency: the jobs that settle and pay, and the one budget over all its nodes.

use k8s_openapi::{
    api::{
        batch::v1::{CronJob, CronJobSpec, JobSpec, JobTemplateSpec},
        core::v1::PodSpec,
        policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec},
    },
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};
use ngpool_crds::{Kind, PayoutJob, kinds::PodSettings};

use super::{Children, Setting, network_policy, pod};
use crate::names::Part;

/// Label of a Coinserver's pods that names their currency.
pub const CURRENCY_LABEL: &str = "ngpool.io/currency";
/// A run that hangs is ended, and the next begins: every step may be killed anywhere.
const SETTLE_DEADLINE_S: i64 = 900;
const PREPARE_DEADLINE_S: i64 = 3_600;

/// What a Currency becomes.
pub fn build(setting: &Setting, name: &str, job: &PayoutJob, own: &PodSettings) -> Children {
    let part = Part::of(Kind::Currency, name);
    let minutes = job.settle_every.as_secs().div_ceil(60).max(1);
    // Cron cannot say every 90 minutes; the settle interval is an hour at most.
    let every = if minutes >= 60 {
        "0 * * * *".to_owned()
    } else {
        format!("*/{minutes} * * * *")
    };
    let settle = Run {
        part: part.part("settle"),
        command: "settle",
        schedule: every,
        time_zone: None,
        deadline_s: SETTLE_DEADLINE_S,
        suspended: job.paused,
    };
    let prepare = Run {
        part: part.part("payout"),
        command: "prepare",
        schedule: job.payout.schedule.clone(),
        time_zone: Some(job.payout.time_zone.clone()),
        deadline_s: PREPARE_DEADLINE_S,
        suspended: job.paused,
    };
    let mut children = Children::default();
    children
        .config_map(pod::document(setting, part, &job.settings))
        .cron_job(cron_job(setting, part, settle, own))
        .cron_job(cron_job(setting, part, prepare, own))
        // Jobs call and are not called.
        .network_policy(network_policy::only(setting, part.part("settle"), &[]))
        .network_policy(network_policy::only(setting, part.part("payout"), &[]))
        .disruption_budget(nodes_budget(setting, part));
    children
}

struct Run<'a> {
    part: Part<'a>,
    command: &'static str,
    schedule: String,
    time_zone: Option<String>,
    deadline_s: i64,
    suspended: bool,
}

fn cron_job(setting: &Setting, part: Part<'_>, run: Run<'_>, own: &PodSettings) -> CronJob {
    let mut mounts = pod::Mounts::with_document(part)
        .tls(part)
        .database("payout");
    mounts.secret(
        "statement-key",
        "/etc/ngpool/statement-key",
        part.own("statement-key"),
    );
    let program = pod::Program {
        binary: "ngpayout",
        arguments: vec![run.command.to_owned()],
        ports: Vec::new(),
        serves: false,
        resources: pod::resources("50m", "64Mi", "512Mi"),
    };
    let spec = PodSpec {
        containers: vec![pod::container(&setting.images, program, &mounts)],
        volumes: Some(mounts.volumes),
        restart_policy: Some("Never".to_owned()),
        ..PodSpec::default()
    };
    CronJob {
        metadata: setting.owner.metadata(run.part),
        spec: Some(CronJobSpec {
            schedule: run.schedule,
            time_zone: run.time_zone,
            suspend: Some(run.suspended),
            // Twice at once is harmless and of no use.
            concurrency_policy: Some("Forbid".to_owned()),
            starting_deadline_seconds: Some(300),
            successful_jobs_history_limit: Some(1),
            failed_jobs_history_limit: Some(3),
            job_template: JobTemplateSpec {
                metadata: None,
                spec: Some(JobSpec {
                    // The next run is the retry.
                    backoff_limit: Some(0),
                    active_deadline_seconds: Some(run.deadline_s),
                    ttl_seconds_after_finished: Some(86_400),
                    template: pod::template(setting, run.part, spec, own, &[]),
                    ..JobSpec::default()
                }),
            },
        }),
        ..CronJob::default()
    }
}

/// One budget over all nodes: two over single nodes would each allow its own to go at the same time.
fn nodes_budget(setting: &Setting, part: Part<'_>) -> PodDisruptionBudget {
    PodDisruptionBudget {
        metadata: setting.owner.metadata(part.part("nodes")),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(nodes_selector(part.name)),
            min_available: None,
            // A node that syncs for days must not be sent away half-way while another is down.
            unhealthy_pod_eviction_policy: None,
        }),
        ..PodDisruptionBudget::default()
    }
}

/// Every node of a currency.
pub(super) fn nodes_selector(currency: &str) -> LabelSelector {
    LabelSelector {
        match_labels: Some(
            [
                (CURRENCY_LABEL, currency),
                ("app.kubernetes.io/component", "coinserver"),
            ]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        ),
        match_expressions: None,
    }
}
