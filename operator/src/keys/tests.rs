//! Made-up namespaces in which authorities change while programs start, stop and read late.

mod handshake;
mod random;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use k8s_openapi::api::core::v1::{Pod, Secret};
use ngpool_crds::{Kind, ObjectRef, kinds::POOL_NAME};
use rustls::{RootCertStore, crypto::aws_lc_rs, server::WebPkiClientVerifier};
use rustls_pki_types::{CertificateDer, UnixTime, pem::PemObject};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    AUTHORITIES_KEY, AUTHORITY_SECRET, Authority, CERTIFICATE_KEY, Data, Keys, OPERATOR_SECRET,
    Phase, ROTATE, Write, data, names, read_at_start, wanted,
};
use crate::{health::Report, plan::Defaults, view::View};

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

/// A running program: what it read.
#[derive(Clone)]
struct Program {
    secret: String,
    /// The files that are mounted.
    files: Data,
    /// What it has in force; nothing while it does not run.
    loaded: Option<Data>,
    /// Whether it can be asked.
    answers: bool,
    /// Its pod is going and gets no new files.
    going: bool,
    job: bool,
}

struct World {
    view: View,
    programs: BTreeMap<String, Program>,
    now: SystemTime,
    version: u64,
    pods: u32,
}

impl World {
    fn new() -> Self {
        // 2026-01-01.
        Self::at(SystemTime::UNIX_EPOCH + 20_454 * DAY)
    }

    fn at(now: SystemTime) -> Self {
        let mut world = Self {
            view: View {
                namespace: "pools".to_owned(),
                ..View::default()
            },
            programs: BTreeMap::new(),
            now,
            version: 0,
            pods: 0,
        };
        world.object(
            json!({"kind": "Pool", "metadata": {"name": "pool", "uid": "p"},
            "spec": {"database": {"bundled": {}}}}),
        );
        world.object(
            json!({"kind": "Sharechain", "metadata": {"name": "main", "uid": "s"},
            "spec": {"algorithm": "scrypt", "method": {"prop": {}}}}),
        );
        for name in ["a", "b"] {
            world.object(
                json!({"kind": "StratumPort", "metadata": {"name": name, "uid": name},
                "spec": {"port": 3333, "currency": "ltc", "sharechain": "main"}}),
            );
        }
        world.settle();
        for secret in ["pool-web-tls", "sharechain-main-tls", "stratumport-a-tls"] {
            world.start(secret, false);
        }
        world
    }

    fn object(&mut self, mut value: Value) {
        value["apiVersion"] = "ngpool.io/v1alpha1".into();
        let objects = Arc::make_mut(&mut self.view.objects);
        let name = value["metadata"]["name"].as_str().unwrap().to_owned();
        match value["kind"].as_str().unwrap() {
            "Pool" => objects.pool = Some(serde_json::from_value(value).unwrap()),
            "Sharechain" => {
                let chain = serde_json::from_value(value).unwrap();
                objects.sharechains.insert(name, chain);
            }
            "StratumPort" => {
                let port = serde_json::from_value(value).unwrap();
                objects.stratum_ports.insert(name, port);
            }
            "Currency" => {
                let currency = serde_json::from_value(value).unwrap();
                objects.currencies.insert(name, currency);
            }
            kind => panic!("{kind}"),
        }
    }

    fn ask_for_rotation(&mut self, value: &str) {
        let objects = Arc::make_mut(&mut self.view.objects);
        let pool = objects.pool.as_mut().unwrap();
        let annotations = pool.metadata.annotations.get_or_insert_default();
        annotations.insert(ROTATE.to_owned(), value.to_owned());
    }

    fn keys(&self) -> Keys {
        let defaults = Defaults {
            programs: "ngpool:1.2.3".to_owned(),
            nodes: "node".to_owned(),
            postgres: "postgres:17".to_owned(),
        };
        wanted(
            &self.view,
            &ObjectRef::new(Kind::Pool, POOL_NAME),
            &defaults,
            self.now,
        )
    }

    /// The operator looks once, knowing nothing but what is stored.
    fn reconcile(&mut self) -> Keys {
        let keys = self.keys();
        for secret in &keys.secrets {
            self.write(secret);
        }
        keys
    }

    /// As the API server takes it.
    fn write(&mut self, write: &Write) {
        let secrets = Arc::make_mut(&mut self.view.secrets);
        let there = secrets.get(write.name());
        let mut secret = write.secret().clone();
        match (write, there) {
            (Write::Create(_), None) => {}
            (Write::Replace(_), Some(there)) => {
                let seen = &secret.metadata.resource_version;
                assert_eq!(*seen, there.metadata.resource_version);
                assert_eq!(secret.type_, there.type_, "a type cannot change");
            }
            _ => panic!("{write:?} over another"),
        }
        self.version += 1;
        secret.metadata.resource_version = Some(self.version.to_string());
        secrets.insert(write.name().to_owned(), secret);
    }

    /// Until nothing is written any more.
    fn settle(&mut self) -> Keys {
        for _ in 0..20 {
            let keys = self.reconcile();
            if keys.secrets.is_empty() {
                return keys;
            }
        }
        panic!("the operator never stops writing");
    }

    fn secret(&self, name: &str) -> Data {
        self.view.secrets.get(name).map(data).unwrap_or_default()
    }

    fn authority(&self) -> Authority {
        Authority::read(&self.secret(AUTHORITY_SECRET)).unwrap()
    }

    /// A pod comes, with the files of now.
    fn start(&mut self, secret: &str, job: bool) -> String {
        self.pods += 1;
        let name = format!("pod-{:04}", self.pods);
        let files = self.secret(secret);
        let program = Program {
            secret: secret.to_owned(),
            loaded: Some(files.clone()),
            files,
            answers: true,
            going: false,
            job,
        };
        self.programs.insert(name.clone(), program);
        let pods = Arc::make_mut(&mut self.view.pods);
        let made = k8s_openapi::jiff::Timestamp::try_from(self.now).unwrap();
        let port = if job {
            json!([])
        } else {
            json!([{"name": "grpc", "containerPort": 4000}])
        };
        let pod = json!({
            "metadata": {"name": name, "creationTimestamp": made.to_string()},
            "spec": {
                "containers": [{"name": "main", "ports": port}],
                "volumes": [{"name": "tls", "secret": {"secretName": secret}}],
            },
        });
        pods.insert(name.clone(), serde_json::from_value(pod).unwrap());
        self.tell();
        name
    }

    fn remove(&mut self, pod: &str) {
        self.programs.remove(pod);
        Arc::make_mut(&mut self.view.pods).remove(pod);
        self.tell();
    }

    /// A program gets the files of now and reads them.
    fn refresh(&mut self, pod: &str) {
        let files = self.secret(&self.programs[pod].secret);
        let program = self.programs.get_mut(pod).unwrap();
        if !program.going {
            program.files = files;
        }
        // A job reads once.
        if program.loaded.is_some() && !program.job {
            program.loaded = Some(program.files.clone());
        }
        self.tell();
    }

    fn refresh_all(&mut self) {
        let pods: Vec<String> = self.programs.keys().cloned().collect();
        for pod in pods {
            self.refresh(&pod);
        }
    }

    fn change(&mut self, pod: &str, change: impl FnOnce(&mut Program)) {
        change(self.programs.get_mut(pod).unwrap());
        self.tell();
    }

    /// Time passes, and kubelet brings every file up to date that may be.
    fn pass(&mut self, time: Duration) {
        self.now += time;
        if time >= 2 * MINUTE {
            let pods: Vec<String> = self.programs.keys().cloned().collect();
            for pod in pods {
                let files = self.secret(&self.programs[&pod].secret);
                let program = self.programs.get_mut(&pod).unwrap();
                if !program.going {
                    program.files = files;
                }
            }
        }
    }

    /// What pods and programs say of themselves.
    fn tell(&mut self) {
        let pods = Arc::make_mut(&mut self.view.pods);
        let reports = Arc::make_mut(&mut self.view.reports);
        reports.clear();
        for (name, program) in &self.programs {
            let state = match program.loaded {
                Some(_) => json!({"running": {}}),
                None => json!({"waiting": {"reason": "CrashLoopBackOff"}}),
            };
            let pod: &mut Pod = pods.get_mut(name).unwrap();
            pod.status = serde_json::from_value(json!({
                "phase": "Running", "podIP": "10.0.0.1",
                "containerStatuses": [{"name": "main", "state": state, "ready": true,
                    "restartCount": 0, "image": "", "imageID": ""}],
            }))
            .unwrap();
            let time = serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
            pod.metadata.deletion_timestamp = program.going.then_some(time);
            let report = match &program.loaded {
                Some(loaded) if program.answers && !program.job => Report {
                    answered: true,
                    bundle: hex::encode(Sha256::digest(&loaded[AUTHORITIES_KEY])),
                    ..Report::default()
                },
                _ => Report::silent("does not answer"),
            };
            if !program.job {
                reports.insert(name.clone(), report);
            }
        }
    }

    /// Every two programs that run trust each other now, and so do the operator and they.
    fn check(&self) {
        let mut all: Vec<(String, &Data)> = self
            .programs
            .iter()
            .filter_map(|(pod, program)| Some((pod.clone(), program.loaded.as_ref()?)))
            .collect();
        let own = self.secret(OPERATOR_SECRET);
        all.push(("operator".to_owned(), &own));
        for (one, mine) in &all {
            for (other, theirs) in &all {
                assert!(
                    trusts(mine, theirs, self.now),
                    "{one} does not trust {other} in phase {:?}",
                    self.authority().phase
                );
            }
        }
    }
}

/// Whether one that has read `mine` lets one in that has read `theirs`, as rustls sees it.
fn trusts(mine: &Data, theirs: &Data, now: SystemTime) -> bool {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_slice_iter(&mine[AUTHORITIES_KEY]) {
        roots.add(authority.unwrap()).unwrap();
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let leaf = CertificateDer::from_pem_slice(&theirs[CERTIFICATE_KEY]).unwrap();
    let now = UnixTime::since_unix_epoch(now.duration_since(SystemTime::UNIX_EPOCH).unwrap());
    verifier.verify_client_cert(&leaf, &[], now).is_ok()
}

#[test]
fn a_first_install_has_everything_after_two_looks_and_then_nothing_is_written() {
    let mut world = World::new();
    let keys = world.reconcile();
    assert!(keys.secrets.is_empty() && keys.hold.is_none(), "{keys:?}");
    assert_eq!(keys.certificates, Some(Ok(())));
    let object = ObjectRef::new(Kind::Pool, POOL_NAME);
    for name in names(&world.view.objects, &object) {
        assert!(world.view.secrets.contains_key(&name), "{name}");
    }
    let web = &world.view.secrets["pool-web-tls"];
    assert_eq!(web.type_.as_deref(), Some("kubernetes.io/tls"));
    assert_eq!(web.metadata.owner_references.as_ref().unwrap()[0].uid, "p");
    let port = &world.view.secrets["stratumport-a-tls"];
    assert_eq!(port.metadata.owner_references.as_ref().unwrap()[0].uid, "a");
    let lasting = &world.view.secrets["pool-database-owner"];
    assert_eq!(lasting.metadata.owner_references, None);
    world.check();
}

#[test]
fn a_rotation_goes_through_its_phases_and_everybody_trusts_everybody_all_the_way() {
    let mut world = World::new();
    world.start("stratumport-a-tls", false);
    let first = world.authority();
    world.ask_for_rotation("once");
    let keys = world.settle();
    assert_eq!(world.authority().phase, Phase::Spreading);
    let hold = keys.hold.unwrap();
    assert_eq!(
        hold.message,
        "a new authority is made known to every program; waits: pod pod-0001 has not read its new files yet"
    );
    world.check();
    // One after the other reads, and the step is taken after the last.
    let pods: Vec<String> = world.programs.keys().cloned().collect();
    for pod in &pods {
        assert_eq!(world.authority().phase, Phase::Spreading);
        world.refresh(pod);
        world.check();
        world.reconcile();
        world.check();
    }
    assert_eq!(world.authority().phase, Phase::Replacing);
    world.settle();
    for pod in &pods {
        assert_eq!(world.authority().phase, Phase::Replacing);
        world.refresh(pod);
        world.check();
        world.reconcile();
        world.check();
    }
    assert_eq!(world.authority().phase, Phase::Stable);
    world.settle();
    world.refresh_all();
    world.check();
    assert_ne!(world.authority().name(), first.name());
    assert_eq!(world.authority().bundle().matches("BEGIN").count(), 1);
    // The same wish is granted once.
    assert!(world.settle().hold.is_none());
    assert_eq!(world.authority().phase, Phase::Stable);
}

#[test]
fn a_program_that_runs_and_does_not_answer_is_waited_for_until_it_is_gone() {
    let mut world = World::new();
    let silent = world.start("stratumport-a-tls", false);
    world.change(&silent, |program| program.answers = false);
    world.ask_for_rotation("x");
    world.settle();
    world.refresh_all();
    world.pass(30 * DAY);
    let hold = world.settle().hold.unwrap();
    assert!(
        hold.message
            .ends_with("pod-0004 runs and does not answer; delete it to go on without it")
    );
    assert_eq!(world.authority().phase, Phase::Spreading);
    world.remove(&silent);
    world.settle();
    assert_eq!(world.authority().phase, Phase::Replacing);
}

#[test]
fn a_program_that_does_not_run_is_waited_for_only_as_long_as_its_files_may_be_old() {
    let mut world = World::new();
    let down = world.start("stratumport-a-tls", false);
    world.change(&down, |program| program.loaded = None);
    world.ask_for_rotation("x");
    world.settle();
    world.refresh_all();
    let hold = world.settle().hold.unwrap();
    assert!(
        hold.message.ends_with("pod-0004 does not run"),
        "{}",
        hold.message
    );
    world.pass(11 * MINUTE);
    world.settle();
    assert_eq!(world.authority().phase, Phase::Replacing);
}

#[test]
fn a_port_without_pods_blocks_nothing_and_has_new_files_when_it_comes_back() {
    let mut world = World::new();
    world.ask_for_rotation("x");
    world.settle();
    world.refresh_all();
    world.settle();
    assert_eq!(world.authority().phase, Phase::Replacing);
    world.start("stratumport-b-tls", false);
    world.check();
}

#[test]
fn a_job_of_before_is_waited_for_and_a_later_one_is_not() {
    let mut world = World::new();
    world.object(
        json!({"kind": "Currency", "metadata": {"name": "ltc", "uid": "c"},
        "spec": {"code": "LTC", "preset": "litecoin-regtest", "subsidyAddress": "x".repeat(30)}}),
    );
    world.settle();
    let job = world.start("currency-ltc-tls", true);
    world.pass(10 * MINUTE);
    world.ask_for_rotation("x");
    world.settle();
    world.refresh_all();
    let hold = world.settle().hold.unwrap();
    assert!(
        hold.message.contains("is of a job that began before"),
        "{}",
        hold.message
    );
    world.remove(&job);
    world.pass(2 * MINUTE);
    world.start("currency-ltc-tls", true);
    world.settle();
    assert_eq!(world.authority().phase, Phase::Replacing);
    world.check();
}

#[test]
fn a_certificate_is_renewed_when_a_third_of_its_life_is_left_and_its_authority_after_four_years() {
    let mut world = World::new();
    let before = world.secret("pool-web-tls");
    world.pass(59 * DAY);
    assert!(world.settle().secrets.is_empty());
    assert!(world.secret("pool-web-tls") == before);
    world.pass(2 * DAY);
    world.settle();
    let after = world.secret("pool-web-tls");
    assert!(after != before);
    assert!(after[AUTHORITIES_KEY] == before[AUTHORITIES_KEY]);
    world.check();
    world.refresh_all();
    world.check();
    let first = world.authority();
    for _ in 0..30 {
        world.pass(50 * DAY);
        world.settle();
        world.refresh_all();
        world.settle();
        world.refresh_all();
        world.check();
    }
    assert_ne!(world.authority().name(), first.name());
}

#[test]
fn a_lost_authority_is_replaced_and_those_who_read_late_are_still_believed() {
    let mut world = World::new();
    Arc::make_mut(&mut world.view.secrets).remove(AUTHORITY_SECRET);
    world.settle();
    assert_eq!(world.authority().phase, Phase::Replacing);
    // Who has read believes who has not.
    world.refresh("pod-0001");
    let (new, old) = (&world.programs["pod-0001"], &world.programs["pod-0002"]);
    let of = |program: &Program| program.loaded.clone().unwrap();
    assert!(trusts(&of(new), &of(old), world.now));
    world.refresh_all();
    world.check();
    world.settle();
    assert_eq!(world.authority().phase, Phase::Stable);
}

#[test]
fn an_authority_that_cannot_be_read_is_left_alone_and_told() {
    let mut world = World::new();
    let secrets = Arc::make_mut(&mut world.view.secrets);
    let authority: &mut Secret = secrets.get_mut(AUTHORITY_SECRET).unwrap();
    authority.data.as_mut().unwrap().remove("ca.key");
    let keys = world.settle();
    assert!(
        keys.refused
            .unwrap()
            .starts_with("the Secret `pool-ca` cannot be read")
    );
    assert!(keys.certificates.unwrap().is_err());
}

#[test]
fn what_others_put_on_a_secret_stays() {
    let mut world = World::new();
    let secrets = Arc::make_mut(&mut world.view.secrets);
    let secret: &mut Secret = secrets.get_mut("pool-web-tls").unwrap();
    let labels = secret.metadata.labels.get_or_insert_default();
    labels.insert("theirs".to_owned(), "x".to_owned());
    assert!(world.settle().secrets.is_empty());
    world.ask_for_rotation("x");
    world.settle();
    let labels = world.view.secrets["pool-web-tls"].metadata.labels.as_ref();
    assert_eq!(labels.unwrap()["theirs"], "x");
}

#[test]
fn nothing_secret_is_shown() {
    let world = World::new();
    let mut fresh = World::new();
    fresh.view.secrets = Arc::default();
    let shown = format!(
        "{:?} {:?} {:?}",
        fresh.keys(),
        world.view,
        world.authority()
    );
    assert!(
        !shown.contains("PRIVATE") && !shown.contains("BEGIN"),
        "{shown}"
    );
    for secret in world.view.secrets.values() {
        for value in data(secret).values().filter(|value| value.len() > 20) {
            let text = String::from_utf8_lossy(value).into_owned();
            assert!(!shown.contains(text.trim()), "{shown}");
        }
    }
}

#[test]
fn cert_manager_is_asked_for_the_same_names_where_the_pool_says_so() {
    let mut world = World::new();
    world.view.secrets = Arc::default();
    world.object(
        json!({"kind": "Pool", "metadata": {"name": "pool", "uid": "p"},
        "spec": {"database": {"bundled": {}},
                 "certificates": {"certManager": {"issuer": "internal"}}}}),
    );
    let keys = world.settle();
    assert!(!world.view.secrets.contains_key(AUTHORITY_SECRET));
    assert_eq!(keys.children.len(), 5);
    let port = keys
        .children
        .iter()
        .find(|child| child.name() == "stratumport-a-tls")
        .unwrap();
    let spec = &port.object.data["spec"];
    assert_eq!(spec["secretName"], "stratumport-a-tls");
    assert_eq!(spec["uris"], json!(["ngpool://pools/ngstratum/a"]));
    assert_eq!(spec["dnsNames"][1], "stratumport-a.pools");
    assert_eq!(
        spec["issuerRef"],
        json!({"name": "internal", "kind": "Issuer", "group": "cert-manager.io"})
    );
    assert_eq!(
        spec["secretTemplate"]["labels"]["app.kubernetes.io/managed-by"],
        "ngpool-operator"
    );
    assert_eq!(
        keys.certificates.unwrap().unwrap_err().reason,
        "WaitingForCertManager"
    );
}

#[test]
fn another_password_of_the_database_makes_its_programs_start_again() {
    let mut world = World::new();
    let ledger = ObjectRef::new(Kind::Sharechain, "main");
    assert_eq!(
        read_at_start(&world.view, &ledger),
        None,
        "it has no URL yet"
    );
    let mut with_url = |url: &str| {
        let secrets = Arc::make_mut(&mut world.view.secrets);
        let secret: &mut Secret = secrets.get_mut("pool-database-ledger").unwrap();
        let url = k8s_openapi::ByteString(url.as_bytes().to_vec());
        secret
            .data
            .get_or_insert_default()
            .insert("ledger".to_owned(), url);
        read_at_start(&world.view, &ledger).unwrap()
    };
    let first = with_url("postgres://ledger:one@db/ngpool");
    assert_ne!(first, with_url("postgres://ledger:other@db/ngpool"));
    assert_eq!(first, with_url("postgres://ledger:one@db/ngpool"));
}

#[test]
fn an_authority_goes_over_to_a_pool_that_was_made_again() {
    let mut world = World::new();
    let before = world.authority();
    let objects = Arc::make_mut(&mut world.view.objects);
    objects.pool.as_mut().unwrap().metadata.uid = Some("another".to_owned());
    world.settle();
    assert!(world.authority() == before);
    let owners = &world.view.secrets[AUTHORITY_SECRET]
        .metadata
        .owner_references;
    assert_eq!(owners.as_ref().unwrap()[0].uid, "another");
}
