//! Events on transitions: what `kubectl describe` shows of an object's past.
//!
//! An event is made of a condition that changed its status, so its reasons are those of the
//! conditions, and nothing is told twice while nothing changes.

use k8s_openapi::{api::core::v1::ObjectReference, apimachinery::pkg::apis::meta::v1::Condition};
use kube::{
    Client,
    runtime::events::{Event, EventType, Recorder, Reporter},
};
use ngpool_crds::ObjectRef;

use crate::{
    names::FIELD_MANAGER,
    status::{
        AVAILABLE, CERTIFICATES_READY, DATABASE_READY, MINEABLE, PAUSED, READY,
        REFERENCES_RESOLVED, SCHEMA_READY, STALLED, SYNCED, TEMPLATE_FRESH, find,
    },
};

/// Longest note that the API takes is 1,024 bytes.
const LONGEST: usize = 1_000;
/// Conditions whose transitions are told, the most telling first: of several that changed for the
/// same reason one is told. `Reconciling` comes and goes with every change and is not among them.
const TOLD: [&str; 11] = [
    STALLED,
    REFERENCES_RESOLVED,
    DATABASE_READY,
    SCHEMA_READY,
    CERTIFICATES_READY,
    SYNCED,
    TEMPLATE_FRESH,
    AVAILABLE,
    MINEABLE,
    PAUSED,
    READY,
];

/// Reasons of what passes by itself and is no warning: how everything begins.
const PASSING: [&str; 8] = [
    "Starting",
    "Migrating",
    "Syncing",
    "NodesStarting",
    "AwaitingTemplate",
    "MakingAuthority",
    "AddressPending",
    "Pending",
];

/// A transition to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whether somebody should look.
    pub warning: bool,
    /// One word for programs.
    pub reason: String,
    /// A sentence for people.
    pub note: String,
    /// The condition that changed.
    pub condition: &'static str,
}

/// What to tell of a change of conditions. What is unknown is not told, nor that a new object is not
/// stalled and not paused.
pub fn transitions(before: &[Condition], after: &[Condition]) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for condition in TOLD {
        let Some(now) = find(after, condition) else {
            continue;
        };
        let was = find(before, condition);
        let unusual_when_true = [STALLED, PAUSED].contains(&condition);
        let good = (now.status == "True") != unusual_when_true;
        let moved = was.map_or("Unknown", |was| &was.status) != now.status;
        let begins_well = good && was.is_none() && condition != READY;
        let another_reason = was.is_some_and(|was| was.reason != now.reason) && !good;
        if now.status == "Unknown" || begins_well || !(moved || another_reason) {
            continue;
        }
        if told.iter().any(|told| told.reason == now.reason) {
            continue;
        }
        told.push(Told {
            warning: !good && condition != PAUSED && !PASSING.contains(&&*now.reason),
            reason: now.reason.clone(),
            note: if now.message.is_empty() {
                format!("{condition} is {}.", now.status)
            } else {
                now.message.clone()
            },
            condition,
        });
    }
    told
}

/// Tells the cluster.
#[derive(Clone)]
pub struct Announcer(Recorder);

impl std::fmt::Debug for Announcer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Announcer").finish()
    }
}

impl Announcer {
    /// In the name of the operator; `pod` is the pod it runs in.
    pub fn new(client: Client, pod: Option<String>) -> Self {
        let reporter = Reporter {
            controller: FIELD_MANAGER.to_owned(),
            instance: pod,
        };
        Self(Recorder::new(client, reporter))
    }

    /// Tells what changed of an object. An event that cannot be told is logged and lost: nothing
    /// depends on it.
    pub async fn tell(&self, namespace: &str, object: &ObjectRef, uid: &str, told: &[Told]) {
        let reference = ObjectReference {
            api_version: Some(object.kind.api_version().to_owned()),
            kind: Some(object.kind.name().to_owned()),
            name: Some(object.name.clone()),
            namespace: Some(namespace.to_owned()),
            uid: Some(uid.to_owned()),
            ..ObjectReference::default()
        };
        for one in told {
            let mut note = one.note.clone();
            if note.len() > LONGEST {
                note.truncate(note.floor_char_boundary(LONGEST));
                note.push('…');
            }
            let event = Event {
                type_: if one.warning {
                    EventType::Warning
                } else {
                    EventType::Normal
                },
                reason: one.reason.clone(),
                note: Some(note),
                action: one.condition.to_owned(),
                secondary: None,
            };
            if let Err(error) = self.0.publish(&event, &reference).await {
                tracing::warn!(%error, %object, reason = one.reason, "an event could not be told");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::jiff::Timestamp;

    use super::*;
    use crate::status::{Finding, Truth, merge};

    fn conditions(findings: &[(&'static str, Truth, &'static str, &str)]) -> Vec<Condition> {
        let findings = findings
            .iter()
            .map(|(condition, truth, reason, message)| {
                Finding::new(condition, *truth, reason, *message)
            })
            .collect();
        merge(&[], findings, None, Timestamp::UNIX_EPOCH)
    }

    fn reasons(before: &[Condition], after: &[Condition]) -> Vec<(String, bool)> {
        transitions(before, after)
            .into_iter()
            .map(|told| (told.reason, told.warning))
            .collect()
    }

    #[test]
    fn a_node_that_loses_its_peers_is_told_once() {
        let well = conditions(&[
            (READY, Truth::True, "Synced", "a"),
            (SYNCED, Truth::True, "Synced", "a"),
        ]);
        let unwell = conditions(&[
            (READY, Truth::False, "NoPeers", "no peers"),
            (SYNCED, Truth::False, "NoPeers", "no peers"),
        ]);
        assert_eq!(reasons(&well, &unwell), [("NoPeers".to_owned(), true)]);
        assert_eq!(reasons(&unwell, &unwell), []);
        assert_eq!(reasons(&unwell, &well), [("Synced".to_owned(), false)]);
    }

    #[test]
    fn another_reason_of_the_same_trouble_is_told() {
        let starting = conditions(&[(READY, Truth::False, "Starting", "a")]);
        let crashing = conditions(&[(READY, Truth::False, "CrashLoop", "b")]);
        assert_eq!(
            reasons(&starting, &crashing),
            [("CrashLoop".to_owned(), true)]
        );
    }

    #[test]
    fn a_new_object_is_told_of_only_when_it_is_known_to_be_ready_or_not() {
        let unknown = conditions(&[
            (READY, Truth::Unknown, "Pending", "a"),
            (STALLED, Truth::False, "NotStalled", ""),
            (PAUSED, Truth::False, "NotPaused", ""),
            (REFERENCES_RESOLVED, Truth::True, "Resolved", "b"),
        ]);
        assert_eq!(reasons(&[], &unknown), []);
        let missing = conditions(&[
            (READY, Truth::False, "CurrencyNotFound", "a"),
            (REFERENCES_RESOLVED, Truth::False, "CurrencyNotFound", "a"),
        ]);
        assert_eq!(
            reasons(&[], &missing),
            [("CurrencyNotFound".to_owned(), true)]
        );
    }

    #[test]
    fn how_everything_begins_is_no_warning() {
        let unknown = conditions(&[(SYNCED, Truth::Unknown, "NoPod", "a")]);
        let syncing = conditions(&[(SYNCED, Truth::False, "Syncing", "a")]);
        assert_eq!(reasons(&unknown, &syncing), [("Syncing".to_owned(), false)]);
    }

    #[test]
    fn a_pause_is_told_and_is_no_warning() {
        let runs = conditions(&[(PAUSED, Truth::False, "NotPaused", "")]);
        let paused = conditions(&[(PAUSED, Truth::True, "Paused", "a")]);
        assert_eq!(reasons(&runs, &paused), [("Paused".to_owned(), false)]);
        assert_eq!(reasons(&paused, &runs), [("NotPaused".to_owned(), false)]);
    }
}
