//! When pods may be replaced: pure.
//!
//! ```text
//!  migration Job ──▶ ledgers ──▶ web side ──▶ ports, one at a time
//!  nodes of a currency: one at a time, the next when the last is synced
//! ```
//!
//! Only the replacing of pods waits. What shapes no pod is applied at once, and so is what is not
//! there yet, except that nothing which needs the database is made before its schema is ready.

use ngpool_crds::{Kind, ObjectRef};

use crate::{
    apply::TEMPLATE,
    keys,
    names::Part,
    status::{Note, Progress},
    view::View,
};

/// A Deployment or CronJob about to be applied.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The object it belongs to.
    pub object: &'a ObjectRef,
    /// Its kind.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Digest of the pod template that is wanted.
    pub template: Option<&'a str>,
}

/// Why a change has to wait; nothing when it may be made.
pub fn hold(view: &View, change: Change<'_>, migration: Option<&str>) -> Option<Note> {
    let live = view.deployments.get(change.name);
    let rolls = live.is_some_and(|live| {
        let annotations = live.metadata.annotations.as_ref();
        let before = annotations.and_then(|all| all.get(TEMPLATE));
        before.map(String::as_str) != change.template
    });
    let new = match change.kind {
        "Deployment" => live.is_none(),
        "CronJob" => !view.cron_jobs.contains_key(change.name),
        _ => return None,
    };
    let uses_database = matches!(
        change.object.kind,
        Kind::Pool | Kind::Sharechain | Kind::Currency
    );
    // A port's new version may send what an old ledger does not take.
    let gated = uses_database || change.object.kind == Kind::StratumPort && rolls;
    if gated && (new || rolls) && !is_complete(view, migration) {
        return Some(Note::new(
            "WaitingForSchema",
            "waits until the migration Job has brought the database's schema up to date",
        ));
    }
    if new && let Some(note) = keys::missing(view, change.object) {
        return Some(note);
    }
    if !rolls {
        return None;
    }
    match change.object.kind {
        Kind::Pool => ledgers_at_rest(view),
        Kind::StratumPort => port(view, change),
        Kind::Coinserver => node(view, change),
        _ => None,
    }
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

/// Why a Deployment is not at rest; nothing when every pod is the new one and ready.
fn busy(view: &View, part: Part<'_>) -> Option<String> {
    let name = part.child();
    let progress = Progress::of_deployment(view.deployments.get(&name)?);
    if progress.is_rolling() {
        return Some(format!("{name} is being replaced"));
    }
    (progress.ready < progress.wanted).then(|| format!("{name} is not ready"))
}

fn ledgers_at_rest(view: &View) -> Option<Note> {
    let mut chains = view.objects.sharechains.keys();
    let busy = chains.find_map(|name| busy(view, Part::of(Kind::Sharechain, name)))?;
    Some(Note::new("WaitingForLedgers", format!("waits: {busy}")))
}

/// One port at a time, after its ledger and the web side.
fn port(view: &View, change: Change<'_>) -> Option<Note> {
    let port = view.objects.stratum_ports.get(&change.object.name)?;
    let ledger = Part::of(Kind::Sharechain, &port.spec.sharechain);
    if let Some(busy) = busy(view, ledger) {
        return Some(Note::new("WaitingForLedgers", format!("waits: {busy}")));
    }
    let web = Part::of(Kind::Pool, "pool").part("web");
    let rolling = |part: Part<'_>| {
        let name = part.child();
        let deployment = view.deployments.get(&name)?;
        Progress::of_deployment(deployment)
            .is_rolling()
            .then_some(name)
    };
    if let Some(web) = rolling(web) {
        return Some(Note::new("WaitingForWeb", format!("waits: {web} is being replaced")));
    }
    let others = view.objects.stratum_ports.keys();
    let other = others
        .filter(|name| **name != change.object.name)
        .find_map(|name| rolling(Part::of(Kind::StratumPort, name)))?;
    Some(Note::new("WaitingForPort", format!("waits: {other} is being replaced")))
}

/// One node of a currency at a time. A node that is not ready itself may always be changed: that may
/// be what makes it ready.
fn node(view: &View, change: Change<'_>) -> Option<Note> {
    let own = Part::of(Kind::Coinserver, &change.object.name);
    if busy(view, own).is_some() {
        return None;
    }
    let currency = &view.objects.coinservers.get(&change.object.name)?.spec.currency;
    let busy = view
        .objects
        .coinservers
        .iter()
        .filter(|(name, other)| {
            **name != change.object.name && other.spec.currency == *currency
        })
        .find_map(|(name, _)| busy(view, Part::of(Kind::Coinserver, name)))?;
    Some(Note::new(
        "WaitingForNode",
        format!("nodes of a currency are replaced one at a time: {busy}"),
    ))
}
