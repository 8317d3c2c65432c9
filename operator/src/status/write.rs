//! Writing: only what differs, and what always moves at most once a minute.

use std::{
    collections::HashMap,
    fmt,
    time::{Duration, Instant},
};

use k8s_openapi::{apimachinery::pkg::apis::meta::v1::Condition, jiff::Timestamp};
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::{
    Kind, ObjectRef,
    kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort},
};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{Draft, Status};

/// Owner of the status fields, apart from that of the children.
pub const STATUS_MANAGER: &str = "ngpool-operator-status";

/// Time between two writes of nothing but figures: heights, peers, the words of a message.
const FIGURES: Duration = Duration::from_mins(1);
/// A cache that shows the status from before our own write is behind for less than this.
const BEHIND: Duration = Duration::from_secs(30);

/// What became of a status.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// It is stored as it should be.
    Unchanged,
    /// It was written: what was stored before, and what is stored now.
    Changed {
        /// Conditions as they were.
        before: Vec<Condition>,
        /// The status as it is.
        after: Box<Status>,
    },
    /// Only figures differ; they are written when this time has passed.
    Later(Duration),
    /// The object is gone, or another of its name has come.
    Gone,
}

/// Writes statuses of all namespaces, and remembers what it wrote while that matters.
pub struct Writer {
    client: Client,
    last: Mutex<HashMap<String, Last>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// The last write of one object.
#[derive(Debug, Clone)]
struct Last {
    at: Instant,
    before: Status,
    after: Status,
}

/// What to do about a draft.
#[derive(Debug, Clone, PartialEq)]
enum Decision {
    Nothing,
    Later(Duration),
    Write(Box<Change>),
}

/// What was stored, and what is to be.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    before: Status,
    after: Status,
}

impl Writer {
    /// Writes by a client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            last: Mutex::default(),
        }
    }

    /// Stores the status of an object where it differs from `stored`, which is what the cache has.
    pub async fn write(
        &self,
        namespace: &str,
        object: &ObjectRef,
        uid: &str,
        stored: Status,
        draft: Draft,
    ) -> Result<Written, kube::Error> {
        let last = self.last.lock().get(uid).cloned();
        let decision = decide(
            stored,
            last.as_ref(),
            draft,
            Timestamp::now(),
            Instant::now(),
        );
        let Change { before, after } = match decision {
            Decision::Nothing => return Ok(Written::Unchanged),
            Decision::Later(time) => return Ok(Written::Later(time)),
            Decision::Write(change) => *change,
        };
        let Some(resource) = resource(object.kind) else {
            return Ok(Written::Unchanged);
        };
        let api: Api<DynamicObject> =
            Api::namespaced_with(self.client.clone(), namespace, &resource);
        let body = body(&resource, namespace, object, uid, &after);
        let parameters = PatchParams::apply(STATUS_MANAGER).force();
        let patched = api
            .patch_status(&object.name, &parameters, &Patch::Apply(&body))
            .await;
        match patched {
            Ok(_) => {}
            // 404: gone; 409: the uid is another one's.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {
                self.last.lock().remove(uid);
                return Ok(Written::Gone);
            }
            Err(error) => return Err(error),
        }
        let conditions = before.conditions().to_vec();
        self.remember(uid, before, after.clone());
        Ok(Written::Changed {
            before: conditions,
            after: Box::new(after),
        })
    }

    fn remember(&self, uid: &str, before: Status, after: Status) {
        let at = Instant::now();
        let mut last = self.last.lock();
        last.retain(|_, last| at.duration_since(last.at) < FIGURES);
        last.insert(uid.to_owned(), Last { at, before, after });
    }
}

fn decide(
    cached: Status,
    last: Option<&Last>,
    draft: Draft,
    now: Timestamp,
    instant: Instant,
) -> Decision {
    let age = last.map(|last| instant.saturating_duration_since(last.at));
    // The cache has not seen our own write yet: computed over it, times would move again.
    let stored = match (last, age) {
        (Some(last), Some(age)) if age < BEHIND && last.before == cached => last.after.clone(),
        _ => cached,
    };
    let after = draft.over(stored.conditions(), now);
    if same(&stored, &after) {
        return Decision::Nothing;
    }
    if let Some(age) = age.filter(|age| *age < FIGURES)
        && same(&without_figures(&stored), &without_figures(&after))
    {
        return Decision::Later(FIGURES.saturating_sub(age));
    }
    Decision::Write(Box::new(Change {
        before: stored,
        after,
    }))
}

/// Whether nothing of ours differs. Conditions that others added, and their order, are not ours.
fn same(stored: &Status, after: &Status) -> bool {
    let mut stored = stored.clone();
    let ours = after.conditions();
    let theirs = std::mem::take(stored.conditions_mut());
    *stored.conditions_mut() = ours
        .iter()
        .filter_map(|one| theirs.iter().find(|other| other.type_ == one.type_))
        .cloned()
        .collect();
    stored == *after
}

/// What moves all the time, taken away.
fn without_figures(status: &Status) -> Status {
    let mut status = status.clone();
    if let Status::Coinserver(coinserver) = &mut status {
        coinserver.height = None;
        coinserver.peers = None;
    }
    for condition in status.conditions_mut() {
        condition.message = words(&condition.message);
    }
    status
}

/// A message without its numbers, such as how far a node is: other words are news, another number is
/// not.
fn words(message: &str) -> String {
    let words = message
        .split(' ')
        .filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

fn resource(kind: Kind) -> Option<ApiResource> {
    match kind {
        Kind::Pool => Some(ApiResource::erase::<Pool>(&())),
        Kind::Currency => Some(ApiResource::erase::<Currency>(&())),
        Kind::Coinserver => Some(ApiResource::erase::<Coinserver>(&())),
        Kind::Sharechain => Some(ApiResource::erase::<Sharechain>(&())),
        Kind::StratumPort => Some(ApiResource::erase::<StratumPort>(&())),
        Kind::Secret | Kind::ConfigMap => None,
    }
}

fn body(
    resource: &ApiResource,
    namespace: &str,
    object: &ObjectRef,
    uid: &str,
    status: &Status,
) -> Value {
    json!({
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "metadata": {"name": object.name, "namespace": namespace, "uid": uid},
        "status": status,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{Learnt, Outcome, draft, testing::World};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn node() -> ObjectRef {
        ObjectRef::new(Kind::Coinserver, "a")
    }

    fn drafted(world: &World) -> Draft {
        let learnt = Learnt {
            outcome: Outcome::Applied,
            ..Learnt::default()
        };
        draft(&world.seen(), &node(), &learnt).unwrap()
    }

    fn well() -> World {
        let mut world = World::usual();
        world.all_well();
        world
    }

    fn empty() -> Status {
        Status::stored(&World::usual().objects, &node()).unwrap()
    }

    fn written(decision: Decision) -> Status {
        match decision {
            Decision::Write(change) => change.after,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn computing_twice_writes_once_for_every_kind() {
        let world = well();
        let learnt = Learnt {
            outcome: Outcome::Applied,
            certificates: Some(Ok(())),
            ..Learnt::default()
        };
        for (kind, name) in [
            (Kind::Pool, "pool"),
            (Kind::Currency, "ltc"),
            (Kind::Coinserver, "a"),
            (Kind::Sharechain, "main"),
            (Kind::StratumPort, "main"),
        ] {
            let object = ObjectRef::new(kind, name);
            let make = || draft(&world.seen(), &object, &learnt).unwrap();
            let stored = Status::stored(&world.objects, &object).unwrap();
            let first = written(decide(stored, None, make(), at(10), Instant::now()));
            // As the API server gives it back.
            let json = serde_json::to_value(&first).unwrap();
            let back: Value = serde_json::from_str(&json.to_string()).unwrap();
            assert_eq!(json, back);
            let again = decide(first, None, make(), at(99), Instant::now());
            assert_eq!(again, Decision::Nothing, "{object}");
        }
    }

    #[test]
    fn a_cache_that_is_behind_makes_no_second_write() {
        let world = well();
        let start = Instant::now();
        let first = written(decide(empty(), None, drafted(&world), at(10), start));
        let last = Last {
            at: start,
            before: empty(),
            after: first,
        };
        let soon = start + Duration::from_secs(1);
        let again = decide(empty(), Some(&last), drafted(&world), at(11), soon);
        assert_eq!(again, Decision::Nothing);
        // But somebody who emptied it does not win for ever.
        let late = start + BEHIND;
        let later = decide(empty(), Some(&last), drafted(&world), at(40), late);
        assert!(matches!(later, Decision::Write(_)));
    }

    #[test]
    fn figures_alone_wait_for_a_minute_and_a_change_of_state_does_not() {
        let mut world = well();
        let start = Instant::now();
        let first = written(decide(empty(), None, drafted(&world), at(10), start));
        let last = Last {
            at: start,
            before: empty(),
            after: first.clone(),
        };
        world.report(
            "coinserver-a-0",
            true,
            "",
            &[("state", "ready"), ("height", "433")],
        );
        let soon = start + Duration::from_secs(20);
        let higher = decide(first.clone(), Some(&last), drafted(&world), at(30), soon);
        assert_eq!(higher, Decision::Later(Duration::from_secs(40)));
        let minute = start + FIGURES;
        let higher = decide(first.clone(), Some(&last), drafted(&world), at(70), minute);
        assert!(matches!(higher, Decision::Write(_)));

        world.report(
            "coinserver-a-0",
            false,
            "no peers",
            &[("state", "no-peers")],
        );
        let unwell = decide(first, Some(&last), drafted(&world), at(30), soon);
        assert!(matches!(unwell, Decision::Write(_)));
    }

    #[test]
    fn conditions_of_others_and_their_order_are_no_difference() {
        let world = well();
        let mut first = written(decide(
            empty(),
            None,
            drafted(&world),
            at(10),
            Instant::now(),
        ));
        let mut other = first.conditions()[0].clone();
        other.type_ = "example.com/Backup".to_owned();
        first.conditions_mut().insert(0, other);
        first.conditions_mut().reverse();
        let again = decide(first, None, drafted(&world), at(99), Instant::now());
        assert_eq!(again, Decision::Nothing);
    }

    mod random {
        use proptest::prelude::*;

        use super::*;
        use crate::status::{Note, READY, REFERENCES_RESOLVED, find};

        /// Anything that the caches may hold at one moment.
        fn world() -> impl Strategy<Value = (World, Learnt)> {
            let report = (
                any::<bool>(),
                proptest::sample::select(vec!["", "no template yet", "the database is away"]),
                proptest::sample::select(vec!["ready", "syncing", "silent", "odd"]),
                proptest::option::of(0_u32..500),
            );
            let reports = proptest::collection::vec(proptest::option::of(report), 4);
            let deployments = proptest::collection::vec((0..3_i32, 0..3_i32), 4);
            let spec = (any::<bool>(), any::<bool>(), any::<bool>());
            (reports, deployments, spec, 0..4_u8, any::<bool>()).prop_map(
                |(reports, deployments, (paused, currency, pool), outcome, held)| {
                    let mut world = well();
                    let parts = [
                        "coinserver-a",
                        "sharechain-main",
                        "stratumport-main",
                        "pool-web",
                    ];
                    let all = parts.into_iter().zip(reports).zip(deployments);
                    for ((part, report), (wanted, ready)) in all {
                        world.deployment(part, wanted, ready.min(wanted));
                        let pod = format!("{part}-0");
                        world.reports.remove(&pod);
                        if let Some((ready, reason, state, height)) = report {
                            let height = height.map(|height| height.to_string());
                            let mut facts = vec![("state", state)];
                            facts.extend(height.as_deref().map(|height| ("height", height)));
                            world.report(&pod, ready, reason, &facts);
                        }
                    }
                    if !currency {
                        world.objects.currencies.clear();
                    }
                    if !pool {
                        world.objects.pool = None;
                    }
                    if let Some(port) = world.objects.stratum_ports.get_mut("main") {
                        port.spec.paused = Some(paused);
                    }
                    let learnt = Learnt {
                        outcome: match outcome {
                            0 => Outcome::NotYet,
                            1 => Outcome::Applied,
                            2 => Outcome::Refused("it is refused".to_owned()),
                            _ => Outcome::Failed("it does not answer".to_owned()),
                        },
                        hold: held.then(|| Note::new("WaitingForSchema", "waits")),
                        ..Learnt::default()
                    };
                    (world, learnt)
                },
            )
        }

        proptest! {
            /// After any change what is stored is written once, times move with statuses alone, and
            /// what is said fits together.
            #[test]
            fn whatever_is_seen_is_written_once(
                (before, first) in world(),
                (after, second) in world(),
            ) {
                for (kind, name) in [
                    (Kind::Pool, "pool"),
                    (Kind::Currency, "ltc"),
                    (Kind::Coinserver, "a"),
                    (Kind::Sharechain, "main"),
                    (Kind::StratumPort, "main"),
                ] {
                    let object = ObjectRef::new(kind, name);
                    let Some(stored) = Status::stored(&before.objects, &object) else {
                        continue;
                    };
                    let Some(made) = draft(&before.seen(), &object, &first) else {
                        continue;
                    };
                    let stored = written(decide(stored, None, made, at(10), Instant::now()));
                    let Some(made) = draft(&after.seen(), &object, &second) else {
                        continue;
                    };
                    let now = made.over(stored.conditions(), at(20));
                    for condition in now.conditions() {
                        let was = find(stored.conditions(), &condition.type_);
                        let same = was.is_some_and(|was| was.status == condition.status);
                        let moved = was.is_none_or(|was| {
                            was.last_transition_time != condition.last_transition_time
                        });
                        prop_assert_eq!(moved, !same, "{}", condition.type_);
                        prop_assert!(condition.reason.len() > 1);
                    }
                    let says = |type_: &str| {
                        find(now.conditions(), type_).map(|one| one.status.clone())
                    };
                    if says(REFERENCES_RESOLVED).as_deref() == Some("False") {
                        prop_assert_eq!(says(READY), Some("False".to_owned()));
                    }
                    let again = draft(&after.seen(), &object, &second).unwrap();
                    let decision = decide(now, None, again, at(30), Instant::now());
                    prop_assert_eq!(decision, Decision::Nothing);
                }
            }
        }
    }
}
