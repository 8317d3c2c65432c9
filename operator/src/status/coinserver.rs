//! A Coinserver: `Synced`, height and peers.

use k8s_openapi::api::core::v1::Pod;
use ngpool_crds::{Kind, kinds::CoinserverStatus};

use super::{
    Note, Seen, Status,
    conditions::{Finding, SYNCED, Truth},
    verdict::Domain,
    workload::{self, Progress},
};
use crate::{health::Report, names::Part};

/// Container of the daemon.
const DAEMON: &str = "daemon";

pub(super) fn status<S>(seen: &Seen<'_, S>, name: &str) -> Option<(Domain, Status)> {
    let coinserver = seen.objects.coinservers.get(name)?;
    let stored = coinserver.status.clone().unwrap_or_default();
    let report = report(seen, name).filter(|report| report.answered);
    let fields = CoinserverStatus {
        // What a node said last stands while it does not answer.
        height: report
            .and_then(|report| report.number("height"))
            .or(stored.height),
        peers: report
            .and_then(|report| report.number("peers"))
            .or(stored.peers),
        ..CoinserverStatus::default()
    };
    let domain = Domain {
        conditions: vec![synced(seen, name)],
        rolling: rolling(seen, name),
        well: Some(Note::new(
            "Synced",
            format!(
                "the node is on the tip of Currency `{}`",
                coinserver.spec.currency
            ),
        )),
        ..Domain::default()
    };
    Some((domain, Status::Coinserver(fields)))
}

/// Whether a node is on the tip of its chain and gives templates.
pub(super) fn synced<S>(seen: &Seen<'_, S>, name: &str) -> Finding {
    let part = Part::of(Kind::Coinserver, name);
    let finding = |truth, reason, message: &str| Finding::new(SYNCED, truth, reason, message);
    match report(seen, name) {
        Some(report) if report.answered && report.ready => finding(
            Truth::True,
            "Synced",
            "the node is on the tip of its chain and gives templates",
        ),
        Some(report) if report.answered => {
            let reason = state(report.fact("state").unwrap_or_default());
            // A daemon that is not there says nothing: why it is not there is in its pod.
            let gone = ["Starting", "DaemonSilent", "DaemonStopped"].contains(&reason);
            let trouble = workload::trouble(pods(seen, part))
                .or_else(|| workload::crashed(pods(seen, part), DAEMON))
                .filter(|_| gone);
            match trouble {
                Some(trouble) => finding(Truth::False, trouble.reason, &trouble.message),
                None => finding(Truth::False, reason, &report.reason),
            }
        }
        silent => not_running(seen, part, silent).about(SYNCED),
    }
}

/// The fixed reason of a state that `ngcoinserver` reports.
fn state(state: &str) -> &'static str {
    match state {
        "starting" => "Starting",
        "syncing" => "Syncing",
        "no-peers" => "NoPeers",
        "behind" => "Behind",
        "silent" => "DaemonSilent",
        "stopped" => "DaemonStopped",
        _ => "NotReady",
    }
}

fn rolling<S>(seen: &Seen<'_, S>, name: &str) -> Option<Note> {
    let part = Part::of(Kind::Coinserver, name);
    let progress = Progress::of_deployment(seen.deployments.get(&part.child())?);
    progress
        .is_rolling()
        .then(|| Note::new("RollingOut", "its pod is being replaced"))
}

fn report<'a, S>(seen: &Seen<'a, S>, name: &str) -> Option<&'a Report> {
    reports(seen, Part::of(Kind::Coinserver, name))
        .map(|(_, report)| report)
        .next()
}

/// Pods of a part, those that are going last.
pub(super) fn pods<'a, S>(
    seen: &Seen<'a, S>,
    part: Part<'_>,
) -> impl Iterator<Item = &'a Pod> + use<'a, S> {
    let wanted = part.selector_labels();
    let mut pods: Vec<&Pod> = seen
        .pods
        .values()
        .filter(|pod| {
            let labels = pod.metadata.labels.as_ref();
            wanted
                .iter()
                .all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
        })
        .collect();
    pods.sort_by_key(|pod| pod.metadata.deletion_timestamp.is_some());
    pods.into_iter()
}

/// What the pods of a part say, those that are going last.
pub(super) fn reports<'a, S>(
    seen: &Seen<'a, S>,
    part: Part<'_>,
) -> impl Iterator<Item = (&'a Pod, &'a Report)> + use<'a, S> {
    let reports = seen.reports;
    pods(seen, part).filter_map(|pod| Some((pod, reports.get(pod.metadata.name.as_ref()?)?)))
}

/// Why a part says nothing: no pod, a pod that cannot run, or one that does not answer.
pub(super) fn not_running<S>(
    seen: &Seen<'_, S>,
    part: Part<'_>,
    silent: Option<&Report>,
) -> Finding {
    let finding = |truth, reason, message: &str| Finding::new(super::READY, truth, reason, message);
    if let Some(trouble) = workload::trouble(pods(seen, part)) {
        return finding(Truth::False, trouble.reason, &trouble.message);
    }
    if pods(seen, part).next().is_none() {
        let failed = seen
            .deployments
            .get(&part.child())
            .and_then(workload::failure);
        return match failed {
            Some(message) => finding(Truth::False, "PodRefused", &message),
            None => finding(Truth::Unknown, "NoPod", "its pod is not there yet"),
        };
    }
    match silent {
        Some(report) => finding(Truth::Unknown, "NoAnswer", &report.reason),
        None if pods(seen, part).any(runs) => finding(
            Truth::Unknown,
            "NotAsked",
            "the operator has not asked its pod yet",
        )
        .provisionally(),
        None => finding(Truth::Unknown, "Starting", "its pod is starting"),
    }
}

/// Whether a pod can be asked.
pub(super) fn runs(pod: &Pod) -> bool {
    let status = pod.status.as_ref();
    pod.metadata.deletion_timestamp.is_none()
        && status.is_some_and(|it| it.pod_ip.is_some() && it.phase.as_deref() == Some("Running"))
}

/// Whether a part has a pod that could be asked and was not.
pub(super) fn is_unasked<S>(seen: &Seen<'_, S>, part: Part<'_>) -> bool {
    reports(seen, part).next().is_none() && pods(seen, part).any(runs)
}
