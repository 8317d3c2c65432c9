//! What a change of authorities waits for before its next step.
//!
//! A program says by its `Status` which authorities it trusts. One that says nothing is waited for
//! until it does or is gone; one that does not run at all cannot have anything old for long, because
//! kubelet brings a pod's files up to date whether its containers run or not.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use k8s_openapi::api::core::v1::Pod;

use super::Authority;
use crate::health::{Report, Reports};

/// A pod that does not run has new files after this long: kubelet looks every minute or two.
const FILES: Duration = Duration::from_mins(10);
/// A job reads its certificate when it starts, which may be this long after its pod was made.
const START: Duration = Duration::from_mins(1);

/// The first pod that does not have what the authority hands out now, and why not. `written` says when
/// a Secret was written last.
pub(super) fn waits_for(
    authority: &Authority,
    pods: &BTreeMap<String, Pod>,
    reports: &Reports,
    written: impl Fn(&str) -> SystemTime,
    now: SystemTime,
) -> Option<String> {
    let wanted = authority.bundle_hash();
    pods.iter().find_map(|(name, pod)| {
        let written = written(certificate(pod)?);
        let why = if serves(pod) {
            program(pod, reports.get(name), &wanted, written, now)
        } else {
            job(pod, written)
        };
        why.map(|why| format!("pod {name} {why}"))
    })
}

fn program(
    pod: &Pod,
    report: Option<&Report>,
    wanted: &str,
    written: SystemTime,
    now: SystemTime,
) -> Option<&'static str> {
    if has_ended(pod) {
        return None;
    }
    match report {
        Some(report) if report.answered && report.bundle == wanted => None,
        Some(report) if report.answered && pod.metadata.deletion_timestamp.is_some() => {
            Some("is going and gets no new files any more")
        }
        Some(report) if report.answered => Some("has not read its new files yet"),
        _ if is_running(pod) => Some("runs and does not answer; delete it to go on without it"),
        _ if now < written + FILES => Some("does not run"),
        _ => None,
    }
}

/// A job that began before reads its certificate no more; its deadline ends it.
fn job(pod: &Pod, written: SystemTime) -> Option<&'static str> {
    if has_ended(pod) {
        return None;
    }
    let made = pod.metadata.creation_timestamp.as_ref();
    let made = made.map_or(SystemTime::UNIX_EPOCH, |made| SystemTime::from(made.0));
    (made < written + START).then_some("is of a job that began before and is waited for")
}

fn has_ended(pod: &Pod) -> bool {
    let phase = pod
        .status
        .as_ref()
        .and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// Whether any of its containers runs: one may have read its files and not be asked any more.
fn is_running(pod: &Pod) -> bool {
    let statuses = pod
        .status
        .iter()
        .flat_map(|status| status.container_statuses.iter().flatten());
    statuses
        .filter_map(|status| status.state.as_ref())
        .any(|state| state.running.is_some())
}

/// Whether it is of a program that can be asked, once it has an address.
fn serves(pod: &Pod) -> bool {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    containers
        .flat_map(|container| container.ports.iter().flatten())
        .any(|port| port.name.as_deref() == Some("grpc"))
}

/// Name of the Secret with its certificate.
fn certificate(pod: &Pod) -> Option<&str> {
    let mut volumes = pod
        .spec
        .iter()
        .flat_map(|spec| spec.volumes.iter().flatten());
    let volume = volumes.find(|volume| volume.name == "tls")?;
    volume.secret.as_ref()?.secret_name.as_deref()
}
