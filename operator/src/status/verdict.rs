//! The conditions that every kind has, from what was learnt and the conditions of its domain.

use ngpool_crds::{Kind, ObjectRef, Objects, Problem, Severity};

use super::{
    Learnt, Note, Outcome, Seen,
    conditions::{Finding, PAUSED, READY, RECONCILING, STALLED, Truth},
    references,
};

/// What a kind found out about its own domain.
#[derive(Debug, Default)]
pub(super) struct Domain {
    /// Conditions that are stored, in their order; each must hold for the object to be ready.
    pub(super) conditions: Vec<Finding>,
    /// What else must hold, without a condition of its own.
    pub(super) needs: Vec<Finding>,
    /// Whether it does nothing on purpose, so that its conditions need not hold.
    pub(super) asleep: bool,
    /// Pods that are being made, replaced or taken away.
    pub(super) rolling: Option<Note>,
    /// What `Ready` says when all is well.
    pub(super) well: Option<Note>,
}

/// All conditions of an object, `Ready` first.
pub(super) fn of<S>(
    seen: &Seen<'_, S>,
    object: &ObjectRef,
    learnt: &Learnt,
    domain: Domain,
) -> Vec<Finding> {
    let references =
        references::finding(seen.objects, seen.foreign_secrets, seen.namespace, object);
    let paused = paused(seen.objects, object);
    let stalled = stalled(object, learnt);
    let waits = waits_for(object, learnt);
    let reconciling = reconciling(learnt, &references, waits.as_ref(), &domain, paused.holds());
    let ready = ready(learnt, &references, &stalled, waits, &domain);
    let mut all = vec![ready, reconciling, stalled, references];
    all.extend(domain.conditions);
    all.push(paused);
    all
}

fn paused(objects: &Objects, object: &ObjectRef) -> Finding {
    let name = object.name.as_str();
    let own = match object.kind {
        Kind::Currency => objects.currencies.get(name).and_then(|it| it.spec.paused),
        Kind::Coinserver => objects.coinservers.get(name).and_then(|it| it.spec.paused),
        Kind::Sharechain => objects.sharechains.get(name).and_then(|it| it.spec.paused),
        Kind::StratumPort => objects
            .stratum_ports
            .get(name)
            .and_then(|it| it.spec.paused),
        // The Pool's own pause is everybody's.
        Kind::Pool | Kind::Secret | Kind::ConfigMap => None,
    };
    let pool = objects.pool.as_ref().and_then(|pool| pool.spec.paused);
    if pool == Some(true) {
        Finding::new(
            PAUSED,
            Truth::True,
            "PoolPaused",
            "the Pool is paused: nothing is changed until its spec.paused is false",
        )
    } else if own == Some(true) {
        let words = if object.kind == Kind::Currency {
            "its jobs do not run until spec.paused is false"
        } else {
            "nothing is changed until spec.paused is false"
        };
        Finding::new(PAUSED, Truth::True, "Paused", words)
    } else {
        Finding::new(PAUSED, Truth::False, "NotPaused", "")
    }
}

/// What only somebody can put right.
fn stalled(object: &ObjectRef, learnt: &Learnt) -> Finding {
    if let Some(message) = problems(learnt, |problem| {
        problem.object.as_ref() == Some(object) && !is_reference(problem)
    }) {
        return Finding::new(STALLED, Truth::True, "InvalidSpec", message);
    }
    if let Outcome::Refused(message) = &learnt.outcome {
        return Finding::new(STALLED, Truth::True, "ChildRefused", message);
    }
    Finding::new(STALLED, Truth::False, "NotStalled", "")
}

/// What is wrong with another object that this one needs.
fn waits_for(object: &ObjectRef, learnt: &Learnt) -> Option<Note> {
    let message = problems(learnt, |problem| problem.object.as_ref() != Some(object))?;
    Some(Note::new("DependencyInvalid", message))
}

/// `ReferencesResolved` says these, for all objects in the same words.
fn is_reference(problem: &Problem) -> bool {
    problem.message.starts_with("there is no ")
}

fn problems(learnt: &Learnt, which: impl Fn(&Problem) -> bool) -> Option<String> {
    let texts: Vec<String> = learnt
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error && which(problem))
        .map(ToString::to_string)
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn reconciling(
    learnt: &Learnt,
    references: &Finding,
    waits: Option<&Note>,
    domain: &Domain,
    paused: bool,
) -> Finding {
    let under_way = |reason, message: &str| Finding::new(RECONCILING, Truth::True, reason, message);
    if paused {
        return Finding::new(RECONCILING, Truth::False, "Paused", "");
    }
    // A reference may come a moment later, from the same `kubectl apply`: nothing is lost yet.
    if !references.holds() {
        return under_way(references.reason, &references.message);
    }
    if let Some(note) = waits {
        return under_way(note.reason, &note.message);
    }
    match &learnt.outcome {
        Outcome::NotYet => {
            return under_way("Pending", "the operator has not applied it yet");
        }
        Outcome::Failed(message) => {
            return under_way("ApplyFailed", &format!("{message}; it is tried again"));
        }
        Outcome::Applied | Outcome::Refused(_) => {}
    }
    match learnt.hold.as_ref().or(domain.rolling.as_ref()) {
        Some(note) => under_way(note.reason, &note.message),
        None => Finding::new(RECONCILING, Truth::False, "UpToDate", ""),
    }
}

fn ready(
    learnt: &Learnt,
    references: &Finding,
    stalled: &Finding,
    waits: Option<Note>,
    domain: &Domain,
) -> Finding {
    let not = |reason, message: String| Finding::new(READY, Truth::False, reason, message);
    if stalled.holds() {
        return not(stalled.reason, stalled.message.clone());
    }
    if !references.holds() {
        return not(references.reason, references.message.clone());
    }
    if let Some(note) = waits {
        return not(note.reason, note.message);
    }
    let mut needs = domain.conditions.iter().chain(&domain.needs);
    // What is known to be wrong is told before what nobody can say.
    let wrong = needs
        .clone()
        .find(|finding| finding.truth == Truth::False)
        .or_else(|| needs.find(|finding| finding.truth == Truth::Unknown))
        .filter(|_| !domain.asleep);
    match (wrong, &learnt.outcome) {
        (Some(finding), Outcome::NotYet) if finding.truth == Truth::Unknown => Finding::new(
            READY,
            Truth::Unknown,
            "Pending",
            "the operator has not applied it yet",
        ),
        (Some(finding), _) => finding.about(READY),
        (None, _) => {
            let well = domain.well.clone();
            let note = well.unwrap_or_else(|| Note::new("Ready", "it does what it is for"));
            Finding::new(READY, Truth::True, note.reason, note.message)
        }
    }
}
