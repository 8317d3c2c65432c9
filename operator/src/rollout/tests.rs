//! A namespace whose Deployments replace their pods step by step, and sometimes get stuck.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::{ByteString, api::core::v1::Secret};
use kube::core::{ApiResource, DynamicObject};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const JOB: &str = "pool-migrate-1";
const NODES: [&str; 3] = ["a", "b", "c"];
const PORTS: [&str; 3] = ["x", "y", "z"];

/// One workload: what is wanted, what was applied, and how far its pods are.
#[derive(Debug, Clone)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "as many states as a Deployment has"
)]
struct Workload {
    object: ObjectRef,
    part: Part<'static>,
    wanted: (String, u32),
    applied: Option<(String, u32)>,
    /// Pods of what is applied, pods of before, and whether those of now are ready.
    updated: bool,
    old: bool,
    ready: bool,
    /// Whether the pods of now will ever be ready.
    good: bool,
}

/// One with whatever key somebody looks for.
fn secret() -> Secret {
    let keys = ["web", "ledger", "payout"].map(|key| (key.to_owned(), ByteString(Vec::new())));
    Secret {
        data: Some(keys.into()),
        ..Secret::default()
    }
}

struct World {
    view: View,
    all: Vec<Workload>,
    migrated: bool,
}

fn object(kind: &str, name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "ngpool.io/v1alpha1", "kind": kind,
        "metadata": {"name": name, "uid": name}, "spec": spec})
}

impl World {
    /// Everything is installed and at rest.
    fn new() -> Self {
        let mut objects = ngpool_crds::Objects::default();
        let read = |value| serde_json::from_value(value).unwrap();
        objects.pool = Some(
            serde_json::from_value(object(
                "Pool",
                "pool",
                &json!({"database": {"bundled": {}}}),
            ))
            .unwrap(),
        );
        let mut all = vec![Workload::new(Kind::Pool, WEB, "pool")];
        let chain = object(
            "Sharechain",
            "main",
            &json!({"algorithm": "scrypt", "method": {"prop": {}}}),
        );
        objects
            .sharechains
            .insert("main".to_owned(), serde_json::from_value(chain).unwrap());
        all.push(Workload::new(
            Kind::Sharechain,
            Part::of(Kind::Sharechain, "main"),
            "main",
        ));
        for name in NODES {
            let spec = json!({"currency": "ltc", "daemon": {"binary": "litecoind"}});
            let node = serde_json::from_value(object("Coinserver", name, &spec)).unwrap();
            objects.coinservers.insert(name.to_owned(), node);
            all.push(Workload::new(
                Kind::Coinserver,
                Part::of(Kind::Coinserver, name),
                name,
            ));
        }
        for name in PORTS {
            let spec = json!({"port": 3333, "currency": "ltc", "sharechain": "main"});
            let port = read(object("StratumPort", name, &spec));
            objects.stratum_ports.insert(name.to_owned(), port);
            all.push(Workload::new(
                Kind::StratumPort,
                Part::of(Kind::StratumPort, name),
                name,
            ));
        }
        let mut secrets = BTreeMap::new();
        for workload in &all {
            for name in keys::names(&objects, &workload.object) {
                secrets.insert(name, secret());
            }
        }
        let view = View {
            objects: Arc::new(objects),
            secrets: Arc::new(secrets),
            ..View::default()
        };
        let mut world = Self {
            view,
            all,
            migrated: true,
        };
        world.show();
        world
    }

    fn child(workload: &Workload) -> Child {
        let (version, salt) = &workload.wanted;
        let labels = workload.part.labels(version);
        let template = json!({"metadata": {"labels": labels}, "spec": {"salt": salt}});
        let object: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": workload.part.child(), "labels": labels},
            "spec": {"replicas": 1, "template": template},
        }))
        .unwrap();
        Child {
            resource: ApiResource::erase::<Deployment>(&()),
            object,
        }
    }

    /// The caches, as the cluster has it.
    fn show(&mut self) {
        for place in 0..self.all.len() {
            self.show_one(place);
        }
        let mut jobs = BTreeMap::new();
        if self.migrated {
            let job = json!({"status": {"conditions": [{"type": "Complete", "status": "True"}]}});
            jobs.insert(JOB.to_owned(), serde_json::from_value(job).unwrap());
        }
        self.view.jobs = Arc::new(jobs);
    }

    fn show_one(&mut self, place: usize) {
        let workload = &self.all[place];
        let deployments = Arc::make_mut(&mut self.view.deployments);
        deployments.remove(&workload.part.child());
        if let Some(applied) = &workload.applied {
            let as_applied = Workload {
                wanted: applied.clone(),
                ..workload.clone()
            };
            let child = Self::child(&as_applied);
            let mut value = serde_json::to_value(&child.object).unwrap();
            value["metadata"]["annotations"][TEMPLATE] = template_digest(&child).unwrap().into();
            value["metadata"]["generation"] = 1.into();
            value["spec"]["selector"] = json!({});
            value["spec"]["template"]["spec"] = json!({"containers": []});
            value["status"] = json!({
                "observedGeneration": 1,
                "replicas": i32::from(workload.updated) + i32::from(workload.old),
                "updatedReplicas": i32::from(workload.updated),
                "readyReplicas": i32::from(workload.works()),
            });
            deployments.insert(
                workload.part.child(),
                serde_json::from_value(value).unwrap(),
            );
        }
    }

    fn hold(&self, place: usize) -> Option<Note> {
        let workload = &self.all[place];
        hold(
            &self.view,
            &workload.object,
            &Self::child(workload),
            Some(JOB),
        )
    }

    /// The operator looks at one object, and applies it if it may.
    fn reconcile(&mut self, place: usize) -> Option<Note> {
        if self.all[place].applied.as_ref() == Some(&self.all[place].wanted) {
            return None;
        }
        let note = self.hold(place);
        if note.is_none() {
            self.check(place);
            let workload = &mut self.all[place];
            // A port's old pod stays until the new one is ready, everything else is taken away first.
            let surges = matches!(workload.object.kind, Kind::StratumPort | Kind::Pool);
            workload.old = surges && workload.works();
            workload.applied = Some(workload.wanted.clone());
            workload.updated = false;
            workload.ready = false;
            self.show_one(place);
        }
        note
    }

    /// What must hold when pods of a workload begin to be replaced.
    fn check(&self, place: usize) {
        let workload = &self.all[place];
        let Some(applied) = &workload.applied else {
            return;
        };
        let of_version = applied.0 != workload.wanted.0;
        let others = self
            .all
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        let others: Vec<&Workload> = others.map(|(_, other)| other).collect();
        let of = |kind| others.iter().filter(move |other| other.object.kind == kind);
        let done = |other: &&&Workload| {
            other
                .applied
                .as_ref()
                .is_some_and(|it| it.0 == workload.wanted.0)
                && other.at_rest()
        };
        match workload.object.kind {
            Kind::Coinserver => {
                assert!(of(Kind::Coinserver).all(|other| !other.is_rolling()));
                if workload.works() {
                    assert!(
                        of(Kind::Coinserver).all(|other| other.at_rest()),
                        "{:?}",
                        self.all
                    );
                }
            }
            Kind::StratumPort => {
                assert!(self.migrated);
                // Nobody mines where there is no pod, and it may have been replaced before it came.
                if !workload.updated && !workload.old {
                    return;
                }
                assert!(of(Kind::StratumPort).all(|other| !other.is_rolling()));
                assert!(of(Kind::Sharechain).all(|other| other.at_rest()));
                if of_version {
                    assert!(of(Kind::Sharechain).all(|other| done(&other)));
                    assert!(of(Kind::Pool).all(|other| done(&other)));
                }
            }
            Kind::Pool => {
                assert!(self.migrated);
                if of_version {
                    assert!(of(Kind::Sharechain).all(|other| done(&other)));
                }
            }
            _ => assert!(self.migrated),
        }
    }

    /// The cluster goes on with one workload.
    fn go_on(&mut self, place: usize) {
        let workload = &mut self.all[place];
        if !workload.updated {
            workload.updated = true;
        } else if !workload.ready && workload.good {
            workload.ready = true;
        } else if workload.ready {
            workload.old = false;
        }
        self.show_one(place);
    }
}

impl Workload {
    fn new(kind: Kind, part: Part<'static>, name: &str) -> Self {
        let state = ("1.0.0".to_owned(), 0);
        Self {
            object: ObjectRef::new(kind, name),
            part,
            wanted: state.clone(),
            applied: Some(state),
            updated: true,
            old: false,
            ready: true,
            good: true,
        }
    }

    const fn works(&self) -> bool {
        self.old || self.updated && self.ready
    }

    const fn is_rolling(&self) -> bool {
        !self.updated || self.old
    }

    const fn at_rest(&self) -> bool {
        !self.is_rolling() && self.ready
    }
}

#[derive(Debug, Clone)]
enum Event {
    Reconcile(usize),
    GoOn(usize),
    /// Somebody changes what shapes the pods of one.
    Change(usize),
    /// Another version for all, whose schema is not there yet.
    Upgrade(u32),
    Migrated,
    /// The next pods of one are no good, or good again.
    Good(usize, bool),
    /// The pods of one are not ready any more.
    Unready(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let place = 0..2 + NODES.len() + PORTS.len();
    prop_oneof![
        10 => place.clone().prop_map(Event::Reconcile),
        10 => place.clone().prop_map(Event::GoOn),
        2 => place.clone().prop_map(Event::Change),
        1 => (2..9_u32).prop_map(Event::Upgrade),
        1 => Just(Event::Migrated),
        1 => (place.clone(), any::<bool>()).prop_map(|(place, good)| Event::Good(place, good)),
        1 => place.prop_map(Event::Unready),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_roll_outs_keep_their_order_and_come_to_an_end(
        events in prop::collection::vec(event(), 1..120),
    ) {
        let mut world = World::new();
        for event in events {
            match event {
                Event::Reconcile(place) => drop(world.reconcile(place)),
                Event::GoOn(place) => world.go_on(place),
                Event::Change(place) => world.all[place].wanted.1 += 1,
                Event::Upgrade(number) => {
                    world.migrated = false;
                    for workload in &mut world.all {
                        workload.wanted.0 = format!("{number}.0.0");
                    }
                    world.show();
                }
                Event::Migrated => {
                    world.migrated = true;
                    world.show();
                }
                Event::Good(place, good) => world.all[place].good = good,
                Event::Unready(place) => {
                    world.all[place].ready = false;
                    world.show_one(place);
                }
            }
        }
        // Once nothing is broken any more, everything is brought to what is wanted.
        world.migrated = true;
        for workload in &mut world.all {
            workload.good = true;
        }
        world.show();
        for _ in 0..60 {
            for place in 0..world.all.len() {
                world.reconcile(place);
                world.go_on(place);
            }
            if world.all.iter().all(|it| it.at_rest() && it.applied.as_ref() == Some(&it.wanted)) {
                break;
            }
        }
        for workload in &world.all {
            prop_assert_eq!(Some(&workload.wanted), workload.applied.as_ref());
            prop_assert!(workload.at_rest());
        }
    }
}

const LEDGER: usize = 1;
const NODE: usize = 2;
const PORT: usize = 5;

#[test]
fn another_version_goes_from_the_schema_to_the_ports() {
    let mut world = World::new();
    world.migrated = false;
    for workload in &mut world.all {
        workload.wanted.0 = "2.0.0".to_owned();
    }
    world.show();
    let reason = |world: &mut World, place| world.reconcile(place).map(|note| note.reason);
    for place in [PORT, 0, LEDGER] {
        assert_eq!(reason(&mut world, place), Some("WaitingForSchema"));
    }
    world.migrated = true;
    world.show();
    assert_eq!(reason(&mut world, PORT), Some("WaitingForLedgers"));
    let note = world.reconcile(0).unwrap();
    assert_eq!(
        note.message,
        "waits: sharechain-main is still of version 1.0.0"
    );
    assert_eq!(reason(&mut world, LEDGER), None);
    assert_eq!(
        world.reconcile(0).unwrap().message,
        "waits: sharechain-main is being replaced"
    );
    world.go_on(LEDGER);
    assert_eq!(
        world.reconcile(0).unwrap().message,
        "waits: sharechain-main is not ready"
    );
    world.go_on(LEDGER);
    assert_eq!(reason(&mut world, PORT), Some("WaitingForWeb"));
    assert_eq!(reason(&mut world, 0), None);
    assert_eq!(reason(&mut world, PORT), Some("WaitingForWeb"));
    for _ in 0..3 {
        world.go_on(0);
    }
    assert_eq!(reason(&mut world, PORT), None);
    assert_eq!(reason(&mut world, PORT + 1), Some("WaitingForPort"));
}

#[test]
fn a_ledger_that_says_that_it_is_not_ready_holds_its_ports() {
    let mut world = World::new();
    let part = world.all[LEDGER].part;
    let pod = json!({"metadata": {"name": "pod", "labels": part.labels("1.0.0")}});
    Arc::make_mut(&mut world.view.pods)
        .insert("pod".to_owned(), serde_json::from_value(pod).unwrap());
    let report = crate::health::Report {
        answered: true,
        reason: "the database is away".to_owned(),
        ..crate::health::Report::default()
    };
    Arc::make_mut(&mut world.view.reports).insert("pod".to_owned(), report);
    world.all[PORT].wanted.1 += 1;
    assert_eq!(
        world.hold(PORT).unwrap().message,
        "waits: sharechain-main is not ready: the database is away"
    );
}

#[test]
fn nodes_are_replaced_one_at_a_time_and_a_stuck_one_can_be_mended() {
    let mut world = World::new();
    for place in [NODE, NODE + 1] {
        world.all[place].wanted.1 += 1;
    }
    world.all[NODE].good = false;
    assert!(world.reconcile(NODE).is_none());
    world.go_on(NODE);
    let note = world.reconcile(NODE + 1).unwrap();
    assert_eq!(
        note.message,
        "nodes of a currency are replaced one at a time: coinserver-a is not ready"
    );
    // The mended one may, whatever the others do.
    world.all[NODE].wanted.1 += 1;
    world.all[NODE].good = true;
    assert!(world.reconcile(NODE).is_none());
    world.go_on(NODE);
    world.go_on(NODE);
    assert!(world.reconcile(NODE + 1).is_none());
}

#[test]
fn a_first_install_begins_at_once_when_its_secrets_and_its_schema_are_there() {
    let mut world = World::new();
    world.migrated = false;
    for workload in &mut world.all {
        workload.applied = None;
    }
    world.show();
    world.view.secrets = Arc::default();
    assert_eq!(world.hold(LEDGER).unwrap().reason, "WaitingForSchema");
    // A node needs no database, and a port's shares wait in its journal.
    for place in [NODE, PORT] {
        assert_eq!(world.hold(place).unwrap().reason, "WaitingForSecret");
    }
    let mut secrets = BTreeMap::new();
    for name in ["coinserver-a-tls", "coinserver-a-rpc", "stratumport-x-tls"] {
        secrets.insert(name.to_owned(), secret());
    }
    world.view.secrets = Arc::new(secrets);
    for place in [NODE, PORT] {
        assert_eq!(world.hold(place), None);
    }
    world.migrated = true;
    world.show();
    assert_eq!(world.hold(LEDGER).unwrap().reason, "WaitingForDatabase");
}

#[test]
fn the_number_of_pods_need_not_wait() {
    let mut world = World::new();
    world.all[PORT].wanted.1 += 1;
    let child = World::child(&world.all[PORT]);
    let live = |replicas: i32| {
        let spec = json!({"replicas": replicas, "template": {"spec": "as it is"}});
        Live {
            version: 0,
            uid: "u".to_owned(),
            owner: None,
            text: json!({"spec": spec}).to_string().into(),
            scaled_elsewhere: false,
            going: false,
        }
    };
    assert!(only_scaled(&child, &live(1)).is_none());
    let scaled = only_scaled(&child, &live(3)).unwrap();
    assert_eq!(
        scaled.object.data["spec"],
        json!({"replicas": 1, "template": {"spec": "as it is"}})
    );
}
