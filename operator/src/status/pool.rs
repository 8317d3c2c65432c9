//! The Pool: `DatabaseReady`, `SchemaReady`, `CertificatesReady`, the web side, and which version
//! runs.

use std::collections::BTreeSet;

use k8s_openapi::api::{apps::v1::StatefulSet, batch::v1::Job, core::v1::Pod};
use ngpool_crds::{
    Kind,
    kinds::{Database, POOL_NAME, PoolStatus},
};

use super::{
    Learnt, Note, Seen, Status,
    coinserver::{is_unasked, not_running, pods, reports},
    conditions::{CERTIFICATES_READY, DATABASE_READY, Finding, READY, SCHEMA_READY, Truth},
    verdict::Domain,
    workload::{self, Progress},
};
use crate::names::Part;

const POOL: Part<'static> = Part::of(Kind::Pool, POOL_NAME);

pub(super) fn status<S>(
    seen: &Seen<'_, S>,
    learnt: &Learnt,
    stored: &PoolStatus,
) -> Option<(Domain, Status)> {
    let spec = &seen.objects.pool.as_ref()?.spec;
    let web = POOL.part("web");
    let progress = seen
        .deployments
        .get(&web.child())
        .map(Progress::of_deployment);
    let fields = PoolStatus {
        version: running_version(seen).or_else(|| stored.version.clone()),
        ..PoolStatus::default()
    };
    let domain = Domain {
        conditions: vec![
            database(seen, &spec.database),
            schema(seen),
            certificates(learnt),
        ],
        needs: vec![web_side(seen, web, progress)],
        rolling: progress
            .filter(Progress::is_rolling)
            .map(|_| Note::new("RollingOut", "pods of the web side are being replaced")),
        well: Some(Note::new(
            "Ready",
            "database, schema, certificates and web side are ready",
        )),
        ..Domain::default()
    };
    Some((domain, Status::Pool(fields)))
}

/// The version that every program reports, once they agree.
fn running_version<S>(seen: &Seen<'_, S>) -> Option<String> {
    let versions: BTreeSet<&str> = seen
        .reports
        .values()
        .filter(|report| report.answered)
        .map(|report| report.version.as_str())
        .collect();
    let mut versions = versions.into_iter();
    match (versions.next(), versions.next()) {
        (Some(version), None) => Some(version.to_owned()),
        _ => None,
    }
}

fn database<S>(seen: &Seen<'_, S>, database: &Database) -> Finding {
    let finding =
        |truth, reason, message: &str| Finding::new(DATABASE_READY, truth, reason, message);
    // Programs that use it know best.
    let users = [
        reports(seen, POOL.part("web"))
            .map(|(_, report)| report)
            .collect::<Vec<_>>(),
        seen.objects
            .sharechains
            .keys()
            .flat_map(|name| reports(seen, Part::of(Kind::Sharechain, name)))
            .map(|(_, report)| report)
            .collect(),
    ]
    .concat();
    if users.iter().any(|report| report.ready) {
        return finding(
            Truth::True,
            "Answering",
            "the programs work with the database",
        );
    }
    if database.bundled.is_some()
        && let Some(wrong) = bundled(seen)
    {
        return wrong;
    }
    match users.iter().find(|report| report.answered) {
        Some(report) => finding(
            Truth::False,
            "Unusable",
            &format!("the programs cannot use the database: {}", report.reason),
        ),
        None => Finding {
            provisional: is_unasked(seen, POOL.part("web"))
                || seen
                    .objects
                    .sharechains
                    .keys()
                    .any(|name| is_unasked(seen, Part::of(Kind::Sharechain, name))),
            ..finding(
                Truth::Unknown,
                "NoAnswer",
                "no program that uses the database has said yet",
            )
        },
    }
}

/// What is wrong with the PostgreSQL that comes with the pool.
fn bundled<S>(seen: &Seen<'_, S>) -> Option<Finding> {
    let part = POOL.part("database");
    let set: &StatefulSet = seen.stateful_sets.get(&part.child())?;
    if Progress::of_stateful_set(set).ready > 0 {
        return None;
    }
    if let Some(trouble) = workload::trouble(pods(seen, part)) {
        let Note { reason, message } = Note::new(trouble.reason, trouble.message);
        return Some(Finding::new(DATABASE_READY, Truth::False, reason, message));
    }
    Some(Finding::new(
        DATABASE_READY,
        Truth::False,
        "Starting",
        "the bundled PostgreSQL is not ready yet",
    ))
}

fn schema<S>(seen: &Seen<'_, S>) -> Finding {
    let finding = |truth, reason, message: &str| Finding::new(SCHEMA_READY, truth, reason, message);
    let part = POOL.part("migrate");
    let Some((name, job)) = newest_job(seen, part) else {
        return finding(
            Truth::Unknown,
            "NotStarted",
            "the migration has not been started yet",
        );
    };
    let holds = |type_: &str| {
        let conditions = job.status.as_ref().and_then(|it| it.conditions.as_ref());
        conditions.is_some_and(|all| {
            all.iter()
                .any(|one| one.type_ == type_ && one.status == "True")
        })
    };
    if holds("Complete") {
        return finding(
            Truth::True,
            "Migrated",
            "the schema is the one that this version needs",
        );
    }
    let ended = workload::crashed(pods(seen, part), "migrate");
    if holds("Failed") {
        let said = last_words(pods(seen, part));
        return finding(
            Truth::False,
            "MigrationFailed",
            &format!(
                "the migration failed{said}; see `kubectl logs job/{name}`, and delete the Job to \
                 try again"
            ),
        );
    }
    // Whether it runs again or waits to: the reason does not come and go with every try.
    if ended.is_some() {
        let said = last_words(pods(seen, part));
        return finding(
            Truth::False,
            "MigrationFailing",
            &format!(
                "the migration is tried again until it gets through{said}; see `kubectl logs \
                 job/{name}`"
            ),
        );
    }
    if let Some(trouble) = workload::trouble(pods(seen, part)) {
        let message = format!("the migration does not get through: {}", trouble.message);
        return finding(Truth::False, trouble.reason, &message);
    }
    finding(Truth::False, "Migrating", "the migration runs")
}

fn newest_job<'a, S>(seen: &Seen<'a, S>, part: Part<'_>) -> Option<(&'a str, &'a Job)> {
    let prefix = format!("{}-", part.child());
    seen.jobs
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix))
        .max_by_key(|(_, job)| {
            job.metadata
                .creation_timestamp
                .as_ref()
                .map(|created| created.0)
        })
        .map(|(name, job)| (name.as_str(), job))
}

/// What the last container that failed said, for the middle of a sentence.
fn last_words<'a>(pods: impl Iterator<Item = &'a Pod>) -> String {
    pods.filter_map(|pod| pod.status.as_ref()?.container_statuses.as_ref())
        .flatten()
        .find_map(|container| workload::bad_end(container)?.message.as_deref())
        .map(|said| format!(": {}", said.trim()))
        .unwrap_or_default()
}

fn certificates(learnt: &Learnt) -> Finding {
    let finding =
        |truth, reason, message: &str| Finding::new(CERTIFICATES_READY, truth, reason, message);
    match &learnt.certificates {
        Some(Ok(())) => finding(
            Truth::True,
            "Valid",
            "every program has a certificate that the others trust",
        ),
        Some(Err(note)) => finding(Truth::False, note.reason, &note.message),
        None => finding(
            Truth::Unknown,
            "Pending",
            "certificates have not been looked at yet",
        )
        .provisionally(),
    }
}

fn web_side<S>(seen: &Seen<'_, S>, part: Part<'_>, progress: Option<Progress>) -> Finding {
    match progress {
        Some(progress) if progress.ready > 0 || progress.wanted == 0 => {
            Finding::new(READY, Truth::True, "WebReady", "")
        }
        _ => {
            let first = reports(seen, part).map(|(_, report)| report).next();
            match first {
                Some(report) if report.answered && !report.ready => Finding::new(
                    READY,
                    Truth::False,
                    "WebNotReady",
                    format!("the web side is not ready: {}", report.reason),
                ),
                silent => not_running(seen, part, silent),
            }
        }
    }
}
