//! When pods may be replaced: pure.
//!
//! ```text
//!  another version:  migration Job ──▶ ledgers ──▶ web side ──▶ ports
//!  always:           one port at a time, none while its ledger does not acknowledge
//!                    one node of a currency at a time, the next when the last is synced
//! ```
//!
//! Only the replacing of pods waits. What shapes no pod is applied at once, and so is what is not
//! there yet, except that nothing which needs the database is made before its schema is ready, and
//! nothing before the Secrets that it mounts.

#[cfg(test)]
mod tests;

use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{Pod, PodTemplateSpec},
};
use ngpool_crds::{Kind, ObjectRef, kinds::POOL_NAME};
use serde_json::Value;

use crate::{
    apply::{TEMPLATE, template_digest},
    build::Child,
    keys,
    names::Part,
    status::{Note, Progress},
    view::{Live, View},
};

const VERSION: &str = "app.kubernetes.io/version";
const WEB: Part<'static> = Part::of(Kind::Pool, POOL_NAME).part("web");

/// Why a child of an object has to wait; nothing when it may be applied. `migration` is the name of
/// the Job that makes the schema.
pub fn hold(
    view: &View,
    object: &ObjectRef,
    child: &Child,
    migration: Option<&str>,
) -> Option<Note> {
    let change = Change::of(view, child)?;
    if change == Change::None {
        return None;
    }
    let uses_database = matches!(object.kind, Kind::Pool | Kind::Sharechain | Kind::Currency);
    // A port's new pods may send what an old ledger does not take.
    let gated = uses_database || object.kind == Kind::StratumPort && change != Change::New;
    if gated && !is_complete(view, migration) {
        return Some(Note::new(
            "WaitingForSchema",
            "waits until the migration Job has brought the database's schema up to date",
        ));
    }
    if let Some(note) = keys::missing(view, object) {
        return Some(note);
    }
    if change == Change::New {
        return None;
    }
    let version = (change == Change::Version)
        .then(|| child.object.metadata.labels.as_ref()?.get(VERSION))
        .flatten();
    let version = version.map(String::as_str);
    match object.kind {
        Kind::Pool => version.and_then(|version| ledgers(view, version)),
        Kind::StratumPort => port(view, object, version),
        Kind::Coinserver => node(view, object),
        _ => None,
    }
}

/// What applying a child does to pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Nothing.
    None,
    /// It makes the first.
    New,
    /// It replaces them by others of the same version.
    Pods,
    /// It replaces them by those of another version.
    Version,
}

impl Change {
    /// Nothing for what has no pods of its own to replace.
    fn of(view: &View, child: &Child) -> Option<Self> {
        let name = child.name();
        let wanted = child.object.metadata.labels.as_ref()?.get(VERSION)?;
        match child.resource.kind.as_str() {
            "Deployment" => {
                let Some(live) = view.deployments.get(&name) else {
                    return Some(Self::New);
                };
                let annotations = live.metadata.annotations.as_ref();
                let before = annotations.and_then(|all| all.get(TEMPLATE));
                Some(if before == template_digest(child).as_ref() {
                    Self::None
                } else if deployed(live) == Some(wanted) {
                    Self::Pods
                } else {
                    Self::Version
                })
            }
            "CronJob" => {
                let Some(live) = view.cron_jobs.get(&name) else {
                    return Some(Self::New);
                };
                let spec = live.spec.as_ref()?.job_template.spec.as_ref()?;
                // Each run is a new pod: only another version has to wait for the schema.
                Some(if version(&spec.template) == Some(wanted) {
                    Self::None
                } else {
                    Self::Version
                })
            }
            _ => None,
        }
    }
}

fn version(template: &PodTemplateSpec) -> Option<&String> {
    template.metadata.as_ref()?.labels.as_ref()?.get(VERSION)
}

/// The version that a Deployment makes pods of.
fn deployed(deployment: &Deployment) -> Option<&String> {
    version(&deployment.spec.as_ref()?.template)
}

/// Whether the Job has ended well.
pub fn is_complete(view: &View, job: Option<&str>) -> bool {
    job.and_then(|job| view.jobs.get(job)).is_some_and(|job| {
        let conditions = job
            .status
            .as_ref()
            .and_then(|status| status.conditions.as_ref());
        conditions
            .into_iter()
            .flatten()
            .any(|one| one.type_ == "Complete" && one.status == "True")
    })
}

/// A Deployment that waits to replace its pods, with the number of them that is wanted now: how many
/// there are need not wait. Nothing where the number is right or another's business.
pub fn only_scaled(child: &Child, live: &Live) -> Option<Child> {
    let wanted = child.object.data.get("spec")?.get("replicas")?;
    let live: Value = serde_json::from_str(&live.text).ok()?;
    let spec = live.get("spec")?;
    if spec.get("replicas") == Some(wanted) {
        return None;
    }
    let template = spec.get("template")?.clone();
    let mut scaled = child.clone();
    *scaled.object.data.get_mut("spec")?.get_mut("template")? = template;
    Some(scaled)
}

/// Why a workload is not at rest; nothing when every pod is the wanted one and ready, by the cluster's
/// word and by its own.
fn busy(view: &View, part: Part<'_>) -> Option<String> {
    let name = part.child();
    if let Some(rolling) = rolling(view, part) {
        return Some(rolling);
    }
    let progress = Progress::of_deployment(view.deployments.get(&name)?);
    if progress.ready < progress.wanted {
        return Some(format!("{name} is not ready"));
    }
    let unready = reports(view, part).find(|report| report.answered && !report.ready)?;
    Some(format!("{name} is not ready: {}", unready.reason))
}

/// That pods of a workload are being replaced.
fn rolling(view: &View, part: Part<'_>) -> Option<String> {
    let name = part.child();
    Progress::of_deployment(view.deployments.get(&name)?)
        .is_rolling()
        .then(|| format!("{name} is being replaced"))
}

fn reports<'a>(view: &'a View, part: Part<'_>) -> impl Iterator<Item = &'a crate::health::Report> {
    let labels = part.selector_labels();
    let is_of = move |pod: &Pod| {
        let own = pod.metadata.labels.as_ref();
        own.is_some_and(|own| {
            labels
                .iter()
                .all(|(key, value)| own.get(key) == Some(value))
        })
    };
    view.pods
        .iter()
        .filter(move |(_, pod)| is_of(pod))
        .filter_map(|(name, _)| view.reports.get(name))
}

/// Why a workload is not yet of a version and at rest.
fn behind(view: &View, part: Part<'_>, version: &str) -> Option<String> {
    let live = view.deployments.get(&part.child())?;
    match deployed(live) {
        Some(deployed) if deployed != version => {
            Some(format!("{} is still of version {deployed}", part.child()))
        }
        _ => busy(view, part),
    }
}

/// Ledgers go first.
fn ledgers(view: &View, version: &str) -> Option<Note> {
    let mut chains = view.objects.sharechains.keys();
    let behind = chains.find_map(|name| behind(view, Part::of(Kind::Sharechain, name), version))?;
    Some(Note::new("WaitingForLedgers", format!("waits: {behind}")))
}

/// One port at a time. Another version comes after its ledger and the web side.
fn port(view: &View, object: &ObjectRef, version: Option<&str>) -> Option<Note> {
    let port = view.objects.stratum_ports.get(&object.name)?;
    let live = view
        .deployments
        .get(&Part::of(Kind::StratumPort, &object.name).child())?;
    // Nobody mines there and nothing is to be shipped.
    if Progress::of_deployment(live).all == 0 {
        return None;
    }
    let ledger = Part::of(Kind::Sharechain, &port.spec.sharechain);
    let acknowledges = match view.deployments.get(&ledger.child()) {
        // What a pod has not shipped when it goes, it ships to nobody.
        None => Some(format!("there is no {}", ledger.child())),
        Some(_) => match version {
            Some(version) => behind(view, ledger, version),
            None => busy(view, ledger),
        },
    };
    if let Some(why) = acknowledges {
        return Some(Note::new("WaitingForLedgers", format!("waits: {why}")));
    }
    if let Some(why) = version.and_then(|version| behind(view, WEB, version)) {
        return Some(Note::new("WaitingForWeb", format!("waits: {why}")));
    }
    let others = view.objects.stratum_ports.keys();
    let other = others
        .filter(|name| **name != object.name)
        .find_map(|name| rolling(view, Part::of(Kind::StratumPort, name)))?;
    Some(Note::new(
        "WaitingForPort",
        format!("ports are replaced one at a time: {other}"),
    ))
}

/// One node of a currency at a time, the next when the last is synced. One that gives no work itself
/// need not wait for others to: changing it may be what makes it ready.
fn node(view: &View, object: &ObjectRef) -> Option<Note> {
    let own = view
        .deployments
        .get(&Part::of(Kind::Coinserver, &object.name).child())?;
    let works = Progress::of_deployment(own).ready > 0;
    let currency = &view.objects.coinservers.get(&object.name)?.spec.currency;
    let others = view
        .objects
        .coinservers
        .iter()
        .filter(|(name, other)| **name != object.name && other.spec.currency == *currency)
        .map(|(name, _)| Part::of(Kind::Coinserver, name));
    let why = others
        .clone()
        .find_map(|other| rolling(view, other))
        .or_else(|| {
            works
                .then(|| others.clone().find_map(|other| busy(view, other)))
                .flatten()
        })?;
    Some(Note::new(
        "WaitingForNode",
        format!("nodes of a currency are replaced one at a time: {why}"),
    ))
}
