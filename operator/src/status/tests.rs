//! Tables of cases: a namespace, and what the conditions of an object say.

use ngpool_crds::{Kind, ObjectRef, Problem, Problems};
use serde_json::json;

use super::{testing::World, *};

fn applied() -> Learnt {
    Learnt {
        outcome: Outcome::Applied,
        certificates: Some(Ok(())),
        ..Learnt::default()
    }
}

fn well() -> World {
    let mut world = World::usual();
    world.all_well();
    world
}

fn drafted(world: &World, kind: Kind, name: &str, learnt: &Learnt) -> Draft {
    draft(&world.seen(), &ObjectRef::new(kind, name), learnt).unwrap()
}

/// `Type=Status Reason` of each condition.
fn told(draft: &Draft) -> Vec<String> {
    draft
        .findings
        .iter()
        .map(|it| format!("{}={} {}", it.condition, it.truth.as_str(), it.reason))
        .collect()
}

fn ready(draft: &Draft) -> (&'static str, &'static str, &str) {
    let ready = draft.finding(READY).unwrap();
    (ready.truth.as_str(), ready.reason, &ready.message)
}

#[test]
fn all_conditions_of_every_kind_are_there_when_all_is_well() {
    let world = well();
    let common = |ready: &str| {
        vec![
            format!("Ready=True {ready}"),
            "Reconciling=False UpToDate".to_owned(),
            "Stalled=False NotStalled".to_owned(),
            "ReferencesResolved=True Resolved".to_owned(),
        ]
    };
    for (kind, name, first, domain) in [
        (
            Kind::Pool,
            "pool",
            "Ready",
            vec![
                "DatabaseReady=True Answering",
                "SchemaReady=True Migrated",
                "CertificatesReady=True Valid",
            ],
        ),
        (
            Kind::Currency,
            "ltc",
            "Mineable",
            vec!["Mineable=True NodeReady"],
        ),
        (Kind::Coinserver, "a", "Synced", vec!["Synced=True Synced"]),
        (Kind::Sharechain, "main", "BooksOpen", vec![]),
        (
            Kind::StratumPort,
            "main",
            "Serving",
            vec!["Available=True PodsReady", "TemplateFresh=True Fresh"],
        ),
    ] {
        let mut expected = common(first);
        expected.extend(domain.into_iter().map(ToOwned::to_owned));
        expected.push("Paused=False NotPaused".to_owned());
        let draft = drafted(&world, kind, name, &applied());
        assert_eq!(told(&draft), expected, "{kind}");
    }
}

#[test]
fn ready_is_unknown_before_anything_is_known() {
    let world = World::usual();
    for (kind, name) in [
        (Kind::Pool, "pool"),
        (Kind::Coinserver, "a"),
        (Kind::Sharechain, "main"),
        (Kind::StratumPort, "main"),
        (Kind::Currency, "ltc"),
    ] {
        let draft = drafted(&world, kind, name, &Learnt::default());
        let (status, reason, _) = ready(&draft);
        assert_eq!((status, reason), ("Unknown", "Pending"), "{kind}");
        assert!(draft.finding(RECONCILING).unwrap().holds(), "{kind}");
        assert!(!draft.finding(STALLED).unwrap().holds(), "{kind}");
    }
}

#[test]
fn a_node_says_why_it_is_not_on_the_tip() {
    for (state, reason) in [
        ("starting", "Starting"),
        ("syncing", "Syncing"),
        ("no-peers", "NoPeers"),
        ("behind", "Behind"),
        ("silent", "DaemonSilent"),
        ("stopped", "DaemonStopped"),
        ("", "NotReady"),
    ] {
        let mut world = well();
        world.report(
            "coinserver-a-0",
            false,
            "its own words",
            &[("state", state)],
        );
        let draft = drafted(&world, Kind::Coinserver, "a", &applied());
        assert_eq!(ready(&draft), ("False", reason, "Its own words."));
        let currency = drafted(&world, Kind::Currency, "ltc", &applied());
        assert_eq!(
            ready(&currency),
            (
                "False",
                if ["Starting", "Syncing"].contains(&reason) {
                    "NodesStarting"
                } else {
                    "NoNodeReady"
                },
                "No node gives work: Coinserver `a`: Its own words."
            )
        );
    }
}

#[test]
fn what_keeps_a_pod_from_running_is_the_reason_of_its_object() {
    let waiting = json!({"containerStatuses": [{
        "name": "ngstratum", "image": "ngpool:9", "imageID": "", "ready": false, "restartCount": 0,
        "state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}},
    }]});
    for (pod, component, instance, kind, object, deployment) in [
        (
            "stratumport-main-0",
            "stratumport",
            "main",
            Kind::StratumPort,
            "main",
            "stratumport-main",
        ),
        (
            "coinserver-a-0",
            "coinserver",
            "a",
            Kind::Coinserver,
            "a",
            "coinserver-a",
        ),
        (
            "sharechain-main-0",
            "sharechain",
            "main",
            Kind::Sharechain,
            "main",
            "sharechain-main",
        ),
        (
            "pool-web-0",
            "pool-web",
            "pool",
            Kind::Pool,
            "pool",
            "pool-web",
        ),
    ] {
        let mut world = well();
        world.deployment(deployment, 1, 0);
        world.pod(pod, component, instance, &waiting);
        world.reports.remove(pod);
        let draft = drafted(&world, kind, object, &applied());
        let (status, reason, message) = ready(&draft);
        assert_eq!((status, reason), ("False", "ImagePullFailed"), "{kind}");
        assert!(message.contains("cannot get its image ngpool:9: not found"));
    }
}

#[test]
fn a_missing_reference_is_waited_for_and_not_given_up() {
    let mut world = well();
    world.objects.currencies.clear();
    let mut learnt = applied();
    learnt.problems = Problems::from(
        Problem::error("there is no Currency `ltc`")
            .on(ObjectRef::new(Kind::StratumPort, "main"), "spec.currency"),
    );
    let draft = drafted(&world, Kind::StratumPort, "main", &learnt);
    let message = "Currency `ltc` is not in namespace `mine`; create it or correct spec.currency.";
    assert_eq!(ready(&draft), ("False", "CurrencyNotFound", message));
    assert_eq!(
        told(&draft)[..4],
        [
            "Ready=False CurrencyNotFound",
            "Reconciling=True CurrencyNotFound",
            "Stalled=False NotStalled",
            "ReferencesResolved=False CurrencyNotFound",
        ]
    );
    // What ran goes on.
    assert!(draft.finding(AVAILABLE).unwrap().holds());
}

#[test]
fn what_only_somebody_can_put_right_is_stalled() {
    let of = |kind, name: &str| {
        Problems::from(
            Problem::error("is not an address of this network")
                .on(ObjectRef::new(kind, name), "spec.subsidyAddress")
                .help("make one with `ngpool keygen`"),
        )
    };
    let world = well();
    let mut learnt = applied();
    learnt.problems = of(Kind::Currency, "ltc");
    let currency = drafted(&world, Kind::Currency, "ltc", &learnt);
    assert_eq!(
        ready(&currency),
        (
            "False",
            "InvalidSpec",
            "Currency/ltc spec.subsidyAddress: is not an address of this network (make one with \
             `ngpool keygen`)."
        )
    );
    assert!(currency.finding(STALLED).unwrap().holds());
    // The port that needs the Currency waits for it.
    let port = drafted(&world, Kind::StratumPort, "main", &learnt);
    assert_eq!(ready(&port).1, "DependencyInvalid");
    assert!(!port.finding(STALLED).unwrap().holds());
    assert!(port.finding(RECONCILING).unwrap().holds());

    let mut learnt = applied();
    learnt.outcome = Outcome::Refused("Deployment stratumport-main: spec is invalid".to_owned());
    let port = drafted(&world, Kind::StratumPort, "main", &learnt);
    assert_eq!(ready(&port).1, "ChildRefused");
}

#[test]
fn what_is_tried_again_is_under_way_and_leaves_readiness_alone() {
    let world = well();
    let mut learnt = applied();
    learnt.outcome = Outcome::Failed("the API server does not answer".to_owned());
    let draft = drafted(&world, Kind::Sharechain, "main", &learnt);
    assert_eq!(ready(&draft).0, "True");
    let reconciling = draft.finding(RECONCILING).unwrap();
    assert_eq!(reconciling.reason, "ApplyFailed");
    let words = "The API server does not answer; it is tried again.";
    assert_eq!(reconciling.message, words);

    learnt.outcome = Outcome::Applied;
    learnt.hold = Some(Note::new("WaitsForSchema", "the schema is migrated first"));
    let draft = drafted(&world, Kind::Sharechain, "main", &learnt);
    assert_eq!(draft.finding(RECONCILING).unwrap().reason, "WaitsForSchema");
}

#[test]
fn a_pause_is_said_and_nothing_is_under_way() {
    let mut world = well();
    let port = world.objects.stratum_ports.get_mut("main").unwrap();
    port.spec.paused = Some(true);
    let draft = drafted(&world, Kind::StratumPort, "main", &Learnt::default());
    assert_eq!(draft.finding(PAUSED).unwrap().reason, "Paused");
    assert!(!draft.finding(RECONCILING).unwrap().holds());
    assert_eq!(ready(&draft).0, "True");

    world.objects.pool.as_mut().unwrap().spec.paused = Some(true);
    let draft = drafted(&world, Kind::Sharechain, "main", &applied());
    assert_eq!(draft.finding(PAUSED).unwrap().reason, "PoolPaused");
}

#[test]
fn a_port_without_work_says_so() {
    let mut world = well();
    world.deployment("stratumport-main", 1, 0);
    world.report(
        "stratumport-main-0",
        false,
        "no usable template for 60 s (a: silent)",
        &[],
    );
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    assert_eq!(draft.finding(TEMPLATE_FRESH).unwrap().reason, "NoTemplate");
    assert_eq!(
        ready(&draft),
        (
            "False",
            "NoPodReady",
            "No pod takes miners: no usable template for 60 s (a: silent)."
        )
    );
    world.report("stratumport-main-0", false, "no template yet", &[]);
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    let fresh = draft.finding(TEMPLATE_FRESH).unwrap();
    assert_eq!(
        (fresh.reason, ready(&draft).1),
        ("AwaitingTemplate", "Starting")
    );
    // One that cannot keep shares has work all the same.
    world.report("stratumport-main-0", false, "the journal is full", &[]);
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    assert!(draft.finding(TEMPLATE_FRESH).unwrap().holds());
}

#[test]
fn a_port_scaled_to_zero_is_not_unwell() {
    let mut world = well();
    world.deployment("stratumport-main", 0, 0);
    world.pods.remove("stratumport-main-0");
    world.reports.remove("stratumport-main-0");
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    assert_eq!(ready(&draft).0, "True");
    assert_eq!(ready(&draft).1, "ScaledToZero");
    assert_eq!(draft.finding(AVAILABLE).unwrap().truth, Truth::False);
}

#[test]
fn a_roll_out_is_under_way_until_every_pod_is_new() {
    let mut world = well();
    let status = world
        .deployments
        .get_mut("stratumport-main")
        .and_then(|deployment| deployment.status.as_mut())
        .unwrap();
    status.updated_replicas = Some(0);
    status.replicas = Some(2);
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    let reconciling = draft.finding(RECONCILING).unwrap();
    assert_eq!(reconciling.reason, "RollingOut");
    let words = "0 of 1 pods run what is wanted, 2 are there.";
    assert_eq!(reconciling.message, words);
    assert_eq!(ready(&draft).0, "True");
}

#[test]
fn miners_are_shown_the_address_that_works() {
    let address = |service: serde_json::Value, extra: serde_json::Value, got: serde_json::Value| {
        let mut world = well();
        let port = world.objects.stratum_ports.get_mut("main").unwrap();
        port.spec.service = serde_json::from_value(service).unwrap();
        port.spec.advertise = serde_json::from_value(extra).unwrap();
        let service =
            json!({"spec": {"ports": [{"port": 3333, "nodePort": 30123}]}, "status": got});
        let service = serde_json::from_value(service).unwrap();
        world
            .services
            .insert("stratumport-main".to_owned(), service);
        let draft = drafted(&world, Kind::StratumPort, "main", &applied());
        let reason = ready(&draft).1;
        match draft.over(&[], Timestamp::UNIX_EPOCH) {
            Status::StratumPort(status) => (status.address, reason),
            other => panic!("{other:?}"),
        }
    };
    let none = json!(null);
    let ip = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}});
    let v6 = json!({"loadBalancer": {"ingress": [{"ip": "2001:db8::7"}]}});
    for (service, advertise, got, expected, reason) in [
        (
            none.clone(),
            none.clone(),
            none.clone(),
            Some("stratumport-main.mine.svc:3333"),
            "Serving",
        ),
        (
            json!({"type": "NodePort"}),
            none.clone(),
            none.clone(),
            Some("*:30123"),
            "Serving",
        ),
        (
            json!({"type": "LoadBalancer"}),
            none.clone(),
            none.clone(),
            None,
            "AddressPending",
        ),
        (
            json!({"type": "LoadBalancer", "port": 443}),
            none.clone(),
            ip.clone(),
            Some("192.0.2.7:443"),
            "Serving",
        ),
        (
            json!({"type": "LoadBalancer"}),
            none.clone(),
            v6,
            Some("[2001:db8::7]:3333"),
            "Serving",
        ),
        (
            json!({"type": "LoadBalancer"}),
            json!({"host": "pool.example"}),
            none.clone(),
            Some("pool.example:3333"),
            "Serving",
        ),
        (
            none.clone(),
            json!({"host": "pool.example", "port": 1}),
            none,
            Some("pool.example:1"),
            "Serving",
        ),
    ] {
        let found = address(service.clone(), advertise, got);
        assert_eq!(
            found,
            (expected.map(ToOwned::to_owned), reason),
            "{service}"
        );
    }
}

#[test]
fn an_autoscaler_finds_replicas_and_selector() {
    let mut world = well();
    world.deployment("stratumport-main", 3, 2);
    let draft = drafted(&world, Kind::StratumPort, "main", &applied());
    let Status::StratumPort(status) = draft.over(&[], Timestamp::UNIX_EPOCH) else {
        panic!("another kind");
    };
    assert_eq!((status.replicas, status.ready_replicas), (Some(3), Some(2)));
    assert_eq!(
        status.selector.unwrap(),
        "app.kubernetes.io/component=stratumport,app.kubernetes.io/instance=main,\
         app.kubernetes.io/part-of=ngpool"
    );
    assert_eq!(status.observed_generation, Some(3));
}

#[test]
fn the_migration_says_how_far_it_is() {
    let failing = json!({"containerStatuses": [{
        "name": "migrate", "image": "i", "imageID": "", "ready": false, "restartCount": 1,
        "state": {"terminated": {"exitCode": 1, "message": "the owner may not log in\n"}},
    }]});
    let mut waiting = failing.clone();
    let container = &mut waiting["containerStatuses"][0];
    container["lastState"] = container["state"].clone();
    container["state"] = json!({"waiting": {"reason": "CrashLoopBackOff"}});
    let mut again = waiting.clone();
    again["containerStatuses"][0]["state"] = json!({"running": {}});
    again["containerStatuses"][0]["ready"] = json!(true);
    let retried = "The migration is tried again until it gets through: the owner may not log in; see \
                   `kubectl logs job/pool-migrate-0123456789`.";
    let active = json!({"active": 1});
    for (status, pod, reason, message) in [
        (&active, json!({}), "Migrating", "The migration runs."),
        (&active, failing.clone(), "MigrationFailing", retried),
        (&active, waiting, "MigrationFailing", retried),
        (&active, again, "MigrationFailing", retried),
        (
            &json!({"conditions": [{"type": "Failed", "status": "True"}]}),
            failing,
            "MigrationFailed",
            "The migration failed: the owner may not log in; see `kubectl logs \
             job/pool-migrate-0123456789`, and delete the Job to try again.",
        ),
    ] {
        let mut world = well();
        world.migration(status);
        world.pod("migrate-x", "pool-migrate", "pool", &pod);
        let draft = drafted(&world, Kind::Pool, "pool", &applied());
        assert_eq!(ready(&draft), ("False", reason, message));
    }
}

#[test]
fn a_daemon_that_is_not_there_is_told_by_its_pod() {
    let ended =
        json!({"terminated": {"exitCode": 1, "reason": "Error", "message": "disk is full"}});
    let daemon = |state: serde_json::Value, ready: bool| {
        json!({"podIP": "10.0.0.1", "phase": "Running", "containerStatuses": [{
            "name": "daemon", "image": "i", "imageID": "", "ready": ready, "restartCount": 2,
            "state": state, "lastState": ended,
        }]})
    };
    let pulls = json!({"waiting": {"reason": "ErrImagePull", "message": "not found"}});
    for (status, state, reason) in [
        (daemon(pulls, false), "silent", "ImagePullFailed"),
        (daemon(json!({"running": {}}), true), "silent", "CrashLoop"),
        (
            daemon(json!({"waiting": {"reason": "CrashLoopBackOff"}}), false),
            "silent",
            "CrashLoop",
        ),
        // It ran into something once, and is past it.
        (daemon(json!({"running": {}}), true), "syncing", "Syncing"),
    ] {
        let mut world = well();
        world.pod("coinserver-a-0", "coinserver", "a", &status);
        world.report("coinserver-a-0", false, "refused", &[("state", state)]);
        let draft = drafted(&world, Kind::Coinserver, "a", &applied());
        assert_eq!(ready(&draft).1, reason, "{status}");
    }
}

#[test]
fn a_database_that_cannot_be_used_is_told_by_who_uses_it() {
    let mut world = well();
    for pod in ["pool-web-0", "sharechain-main-0"] {
        world.report(pod, false, "password authentication failed", &[]);
    }
    let draft = drafted(&world, Kind::Pool, "pool", &applied());
    assert_eq!(
        ready(&draft),
        (
            "False",
            "Unusable",
            "The programs cannot use the database: password authentication failed."
        )
    );
    let chain = drafted(&world, Kind::Sharechain, "main", &applied());
    assert_eq!(ready(&chain).1, "BooksClosed");

    let status = &mut world.stateful_sets.get_mut("pool-database").unwrap().status;
    status.as_mut().unwrap().ready_replicas = None;
    let draft = drafted(&world, Kind::Pool, "pool", &applied());
    assert_eq!(ready(&draft).1, "Starting");
}

#[test]
fn certificates_that_are_not_good_keep_the_pool_unready() {
    let world = well();
    let mut learnt = applied();
    learnt.certificates = Some(Err(Note::new("IssuerNotFound", "there is no Issuer `ca`")));
    let draft = drafted(&world, Kind::Pool, "pool", &learnt);
    assert_eq!(
        ready(&draft),
        ("False", "IssuerNotFound", "There is no Issuer `ca`.")
    );
}

#[test]
fn a_settle_job_that_does_not_succeed_is_told_after_a_while() {
    for (scheduled, succeeded, reason) in [
        ("2026-01-01T12:10:00Z", "2026-01-01T12:09:00Z", "Mineable"),
        ("2026-01-01T12:15:00Z", "2026-01-01T12:00:00Z", "Mineable"),
        (
            "2026-01-01T12:16:00Z",
            "2026-01-01T12:00:00Z",
            "SettleFailing",
        ),
    ] {
        let mut world = well();
        world.settle(scheduled, succeeded);
        let draft = drafted(&world, Kind::Currency, "ltc", &applied());
        assert_eq!(ready(&draft).1, reason, "{scheduled}");
    }
}

#[test]
fn a_currency_counts_its_nodes() {
    let mut world = well();
    let fields = |world: &World| {
        let draft = drafted(world, Kind::Currency, "ltc", &applied());
        match draft.over(&[], Timestamp::UNIX_EPOCH) {
            Status::Currency(status) => status,
            other => panic!("{other:?}"),
        }
    };
    let status = fields(&world);
    assert_eq!(status.nodes.as_deref(), Some("1/1"));
    assert_eq!(status.algorithm.as_deref(), Some("scrypt"));
    assert_eq!(status.genesis_hash.map(|hash| hash.len()), Some(64));
    world.objects.coinservers.clear();
    assert_eq!(fields(&world).nodes.as_deref(), Some("0/0"));
    let draft = drafted(&world, Kind::Currency, "ltc", &applied());
    assert_eq!(ready(&draft).1, "NoCoinserver");
}

#[test]
fn a_signer_finds_the_key_of_a_currencys_statements() {
    let mut world = well();
    let key = |world: &World, learnt: &Learnt| {
        let draft = drafted(world, Kind::Currency, "ltc", learnt);
        match draft.over(&[], Timestamp::UNIX_EPOCH) {
            Status::Currency(status) => status,
            other => panic!("{other:?}"),
        }
    };
    let learnt = Learnt {
        statement_key: Some("ab12".to_owned()),
        ..applied()
    };
    let status = key(&world, &learnt);
    assert_eq!(status.statement_key.as_deref(), Some("ab12"));
    world.store(Status::Currency(status));
    assert_eq!(
        key(&world, &applied()).statement_key.as_deref(),
        Some("ab12")
    );
}

#[test]
fn the_version_is_the_one_that_all_programs_report() {
    let mut world = well();
    let version = |world: &World| {
        let draft = drafted(world, Kind::Pool, "pool", &applied());
        match draft.over(&[], Timestamp::UNIX_EPOCH) {
            Status::Pool(status) => status.version,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(version(&world).as_deref(), Some("0.1.0"));
    world.reports.get_mut("pool-web-0").unwrap().version = "0.2.0".to_owned();
    assert_eq!(version(&world), None);
}

#[test]
fn an_operator_that_has_just_started_changes_nothing() {
    let mut world = well();
    let objects = [
        (Kind::Pool, "pool"),
        (Kind::Currency, "ltc"),
        (Kind::Coinserver, "a"),
        (Kind::Sharechain, "main"),
        (Kind::StratumPort, "main"),
    ];
    let write = |world: &World, learnt: &Learnt, second: i64| {
        objects.map(|(kind, name)| {
            let stored = Status::stored(&world.objects, &ObjectRef::new(kind, name)).unwrap();
            let now = Timestamp::from_second(second).unwrap();
            drafted(world, kind, name, learnt).over(stored.conditions(), now)
        })
    };
    let before = write(&world, &applied(), 10);
    for status in before.clone() {
        world.store(status);
    }
    world.reports.clear();
    // Nor does one that is paused and looks at no certificate.
    let learnt = Learnt {
        certificates: None,
        ..applied()
    };
    assert_eq!(write(&world, &learnt, 99), before);
    // A pod that answers no more is another thing.
    let silent = crate::health::Report::silent("does not answer: connection refused");
    world.reports.insert("coinserver-a-0".to_owned(), silent);
    let node = drafted(&world, Kind::Coinserver, "a", &applied());
    assert_eq!(
        ready(&node),
        (
            "Unknown",
            "NoAnswer",
            "Does not answer: connection refused."
        )
    );
}
