//! The whole operator against an API server in memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

#[path = "api/server.rs"]
mod server;

use std::{path::Path, time::Duration};

use clap::Parser;
use ngpool_operator::{Arguments, RunError, run::run_with};
use ngpool_runtime::Program;
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::server::{Server, Write};

const OURS: &str = "ngpool.io/v1alpha1";
/// What takes longer than this does not happen.
const PATIENCE: Duration = Duration::from_mins(1);
/// Nothing more is to come when nothing came for this long, which is many times as long as the
/// operator waits for what comes together.
const QUIET: Duration = Duration::from_millis(1500);

/// A cluster with the objects of the example, and the controllers of Kubernetes played by the test.
struct Cluster {
    server: Server,
    operators: Vec<(Program, JoinHandle<Result<(), RunError>>)>,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (program, _) in &self.operators {
            program.shutdown.cancel();
        }
    }
}

impl Cluster {
    /// With the example applied and nobody at work.
    fn new() -> Self {
        let cluster = Self {
            server: Server::new(),
            operators: Vec::new(),
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/litecoin-regtest");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for object in serde_saphyr::from_multiple::<Value>(&text).unwrap() {
                let kind = object["kind"].as_str().unwrap();
                cluster.server.put(OURS, plural(kind), object.clone());
            }
        }
        cluster
    }

    /// With an operator at work and everything settled.
    async fn settled() -> Self {
        let mut cluster = Self::new();
        cluster.operator("a");
        cluster.settle().await;
        cluster
    }

    fn operator(&mut self, name: &str) -> &Program {
        let arguments = Arguments::parse_from([
            "ngpool-operator",
            "--pod-name",
            name,
            "--lease-namespace",
            "system",
        ]);
        let program = Program::new("ngpool-operator", name, CancellationToken::new());
        let (client, own) = (self.server.client(), program.clone());
        let task = tokio::spawn(async move {
            let connect = |_| Ok(client.clone());
            run_with(&arguments, &own, &connect, &client).await
        });
        self.operators.push((program, task));
        &self.operators.last().unwrap().0
    }

    /// Plays the controllers: Jobs complete, and Deployments have the pods they want.
    fn play(&self) {
        for name in self.server.names("jobs") {
            self.server.edit("jobs", &name, |job| {
                job["status"] = json!({"succeeded": 1, "conditions": [{
                    "type": "Complete", "status": "True",
                    "lastProbeTime": "2026-01-01T00:00:00Z",
                    "lastTransitionTime": "2026-01-01T00:00:00Z",
                }]});
            });
            let pod = format!("{name}-pod");
            let job = self.server.get("jobs", &name).unwrap();
            let mut labels = job["spec"]["template"]["metadata"]["labels"].clone();
            labels["batch.kubernetes.io/job-name"] = name.clone().into();
            let said = json!({
                "schema": 14, "logins": {"ledger": "ledger", "payout": "payout", "web": "web"},
                "address": {"host": "pool-database", "port": 5432, "database": "ngpool"},
            });
            self.server.put("v1", "pods", json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": pod, "labels": labels, "namespace": "default"},
                "spec": {"containers": []},
                "status": {"phase": "Succeeded", "containerStatuses": [{
                    "name": "migrate", "ready": false, "restartCount": 0, "image": "i", "imageID": "i",
                    "state": {"terminated": {
                        "exitCode": 0, "reason": "Completed",
                        "message": said.to_string(),
                    }},
                }]},
            }));
        }
        for (plural, names) in
            ["deployments", "statefulsets"].map(|plural| (plural, self.server.names(plural)))
        {
            for name in names {
                self.server.edit(plural, &name, |object| {
                    let wanted = object["spec"]["replicas"].as_i64().unwrap_or(1);
                    object["status"] = json!({
                        "observedGeneration": object["metadata"]["generation"],
                        "replicas": wanted, "updatedReplicas": wanted, "readyReplicas": wanted,
                        "availableReplicas": wanted,
                    });
                });
            }
        }
    }

    /// Plays on until the operator has nothing more to write, and forgets what it wrote.
    async fn settle(&self) -> Vec<Write> {
        let mut all = Vec::new();
        let (begin, mut quiet) = (Instant::now(), Instant::now());
        while quiet.elapsed() < QUIET {
            assert!(
                begin.elapsed() < PATIENCE,
                "it never rests: {:#?}",
                self.server.writes()
            );
            self.play();
            tokio::time::sleep(Duration::from_millis(50)).await;
            let writes = self.server.writes();
            if !writes.is_empty() {
                quiet = Instant::now();
                all.extend(writes);
            }
        }
        all
    }

    async fn until(&self, what: &str, holds: impl Fn(&Server) -> bool) {
        let begin = Instant::now();
        while !holds(&self.server) {
            assert!(
                begin.elapsed() < PATIENCE,
                "{what}: {:#?}",
                self.server.writes()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn plural(kind: &str) -> &'static str {
    match kind {
        "Pool" => "pools",
        "Currency" => "currencies",
        "Coinserver" => "coinservers",
        "Sharechain" => "sharechains",
        "StratumPort" => "stratumports",
        other => panic!("{other}"),
    }
}

fn condition(object: &Value, kind: &str) -> Value {
    let conditions = object["status"]["conditions"].as_array().cloned();
    let mut conditions = conditions.unwrap_or_default().into_iter();
    conditions
        .find(|one| one["type"] == kind)
        .unwrap_or_default()
}

fn what(writes: &[Write]) -> Vec<&str> {
    writes.iter().map(|write| write.what.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_becomes_a_pool_and_then_nothing_is_written() {
    let mut cluster = Cluster::new();
    cluster.operator("a");
    cluster.settle().await;
    let server = &cluster.server;
    assert_eq!(
        server.names("deployments"),
        [
            "coinserver-litecoin-a",
            "coinserver-litecoin-b",
            "pool-web",
            "sharechain-main",
            "stratumport-main",
        ]
    );
    assert_eq!(
        server.names("cronjobs"),
        ["currency-litecoin-payout", "currency-litecoin-settle"]
    );
    assert_eq!(server.names("statefulsets"), ["pool-database"]);
    // A look at everything, as it comes every ten minutes or by a person's wish.
    for _ in 0..3 {
        server.edit("pools", "pool", |pool| {
            let count = pool["metadata"]["annotations"]["look"]
                .as_i64()
                .unwrap_or(0);
            pool["metadata"]["annotations"] = json!({"look": (count + 1).to_string()});
        });
        let writes = cluster.settle().await;
        assert_eq!(what(&writes), [""; 0], "{writes:#?}");
    }
    // Nor by an operator that starts, which has forgotten all that it knew.
    cluster.operators.remove(0).0.shutdown.cancel();
    cluster.operator("b");
    cluster
        .until("the new one leads", |server| holder(server) == "b")
        .await;
    let writes = cluster.settle().await;
    assert_eq!(what(&writes), [""; 0], "{writes:#?}");
}

fn holder(server: &Server) -> String {
    let lease = server.get("leases", "ngpool-operator").unwrap_or_default();
    lease["spec"]["holderIdentity"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_changes_is_put_back_and_what_others_add_stays() {
    let cluster = Cluster::settled().await;
    cluster
        .server
        .edit("deployments", "stratumport-main", |deployment| {
            deployment["metadata"]["annotations"]["theirs"] = "x".into();
            deployment["spec"]["template"]["spec"]["containers"][0]["image"] = "evil".into();
        });
    let mut writes = cluster.settle().await;
    writes.retain(|write| !write.what.ends_with("/status") && write.what != "events");
    assert_eq!(
        what(&writes),
        ["deployments/stratumport-main"],
        "{writes:#?}"
    );
    let deployment = cluster
        .server
        .get("deployments", "stratumport-main")
        .unwrap();
    assert_eq!(deployment["metadata"]["annotations"]["theirs"], "x");
    assert_ne!(
        deployment["spec"]["template"]["spec"]["containers"][0]["image"],
        "evil"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_wanted_any_more_goes_and_only_that() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let owned = server.get("services", "coinserver-litecoin-b").unwrap();
    let labels = owned["metadata"]["labels"].clone();
    // Of the same labels, but nobody's or another's.
    for (name, owners) in [
        ("theirs", json!([])),
        (
            "anothers",
            json!([{
                "apiVersion": "v1", "kind": "Node", "name": "n", "uid": "u", "controller": true,
            }]),
        ),
    ] {
        server.put(
            "v1",
            "configmaps",
            json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": name, "labels": labels, "ownerReferences": owners},
            }),
        );
    }
    server.put("v1", "configmaps", json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": "ours", "labels": labels, "ownerReferences": owned["metadata"]["ownerReferences"],
        },
    }));
    let writes = cluster.settle().await;
    assert_eq!(what(&writes), ["configmaps/ours"], "{writes:#?}");
    assert_eq!(writes[0].method, "DELETE");
    let claims = server.names("persistentvolumeclaims");
    // A node that is somewhere else needs no pods here; its chain stays.
    server.put(
        "v1",
        "secrets",
        json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "rpc"},
        }),
    );
    server.edit("coinservers", "litecoin-b", |node| {
        let spec = node["spec"].as_object_mut().unwrap();
        spec.remove("daemon");
        spec.insert("external".to_owned(), json!({
            "url": "http://example.invalid:19443", "credentialsSecret": {"name": "rpc", "key": "auth"},
        }));
    });
    cluster.settle().await;
    let node = server.get("coinservers", "litecoin-b").unwrap();
    assert!(
        server
            .get("configmaps", "coinserver-litecoin-b-daemon")
            .is_none(),
        "{node:#}"
    );
    assert_eq!(server.names("persistentvolumeclaims"), claims);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_refused_child_is_told_and_the_others_are_made() {
    let mut cluster = Cluster::new();
    cluster
        .server
        .fault("PATCH", "/services/stratumport-main", 403, usize::MAX);
    cluster.operator("a");
    cluster
        .until("the port's Deployment", |server| {
            server.get("deployments", "stratumport-main").is_some()
        })
        .await;
    cluster
        .until("its condition", |server| {
            let port = server.get("stratumports", "main").unwrap();
            condition(&port, "Stalled")["status"] == "True"
        })
        .await;
    let port = cluster.server.get("stratumports", "main").unwrap();
    let message = condition(&port, "Stalled")["message"].to_string();
    assert!(message.contains("Service stratumport-main"), "{message}");
    cluster.server.heal();
    cluster
        .until("it is well again", |server| {
            let port = server.get("stratumports", "main").unwrap();
            condition(&port, "Stalled")["status"] == "False"
                && server.get("services", "stratumport-main").is_some()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_lost_connections_and_errors_of_the_server_pass() {
    let mut cluster = Cluster::new();
    for code in [409, 500, 429, 0] {
        cluster
            .server
            .fault("PATCH", "/configmaps/pool-web-document", code, 1);
        cluster
            .server
            .fault("PATCH", "/stratumports/main/status", code, 1);
        cluster.server.fault("LIST", "/deployments", code, 1);
        cluster.server.fault("WATCH", "/pods", code, 1);
        cluster.server.fault("GET", "/secrets/pool-ca", code, 1);
        cluster.server.fault("POST", "/secrets", code, 1);
    }
    cluster.operator("a");
    cluster
        .until("everything is made", |server| {
            cluster.play();
            server.names("deployments").len() == 5
                && server.get("configmaps", "pool-web-document").is_some()
        })
        .await;
    cluster.settle().await;
    let port = cluster.server.get("stratumports", "main").unwrap();
    assert_eq!(condition(&port, "Stalled")["status"], "False");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_that_has_missed_something_lists_again() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    server.vanish("services", "stratumport-main");
    server.compact();
    cluster
        .until("what went unseen is made again", |server| {
            server.get("services", "stratumport-main").is_some()
        })
        .await;
    cluster.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_that_cannot_be_read_is_told_and_stops_nobody() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let deployments = server.names("deployments");
    server.edit("coinservers", "litecoin-a", |node| {
        node["spec"]["daemon"] = "what is this".into();
    });
    // One that could never be read.
    server.put(
        OURS,
        "coinservers",
        json!({
            "apiVersion": OURS, "kind": "Coinserver", "metadata": {"name": "never"}, "spec": 7,
        }),
    );
    server.edit("sharechains", "main", |chain| {
        chain["spec"]["fee"] = "2%".into();
    });
    cluster
        .until("the chain's new fee", |server| {
            let document = server
                .get("configmaps", "sharechain-main-document")
                .unwrap();
            document["data"].to_string().contains("20000")
        })
        .await;
    for name in ["litecoin-a", "never"] {
        cluster
            .until("its condition", |server| {
                let node = server.get("coinservers", name).unwrap();
                condition(&node, "Ready")["reason"] == "Unreadable"
            })
            .await;
    }
    cluster.settle().await;
    assert_eq!(server.names("deployments"), deployments);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_that_leads_nowhere_is_told_and_what_was_made_stays() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let before = server.get("deployments", "stratumport-main").unwrap();
    server.edit("stratumports", "main", |port| {
        port["spec"]["sharechain"] = "none".into();
    });
    cluster
        .until("its condition", |server| {
            let port = server.get("stratumports", "main").unwrap();
            condition(&port, "ReferencesResolved")["status"] == "False"
        })
        .await;
    cluster.settle().await;
    assert_eq!(
        server.get("deployments", "stratumport-main").unwrap(),
        before
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_done_to_a_paused_object_until_it_goes_on() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let before = server
        .get("configmaps", "sharechain-main-document")
        .unwrap();
    server.edit("sharechains", "main", |chain| {
        chain["spec"]["paused"] = true.into();
        chain["spec"]["fee"] = "2%".into();
    });
    cluster
        .until("it is told", |server| {
            let chain = server.get("sharechains", "main").unwrap();
            condition(&chain, "Paused")["status"] == "True"
        })
        .await;
    cluster.settle().await;
    assert_eq!(
        server
            .get("configmaps", "sharechain-main-document")
            .unwrap(),
        before
    );
    server.edit("sharechains", "main", |chain| {
        chain["spec"]["paused"] = false.into();
    });
    cluster
        .until("it goes on", |server| {
            server
                .get("configmaps", "sharechain-main-document")
                .unwrap()
                != before
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pods_are_touched_when_what_they_mount_changes() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let deployment = server.get("deployments", "stratumport-main").unwrap();
    for (name, document) in [
        ("mounts", "stratumport-main-document"),
        ("other", "something-else"),
    ] {
        server.put("v1", "pods", json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "labels": deployment["spec"]["template"]["metadata"]["labels"]},
            "spec": {"containers": [], "volumes": [{"name": "d", "configMap": {"name": document}}]},
        }));
    }
    cluster.settle().await;
    server.edit("stratumports", "main", |port| {
        port["spec"]["vardiff"]["start"] = json!(0.02);
    });
    let mut writes = cluster.settle().await;
    // The second time comes after two seconds.
    writes.extend(cluster.settle().await);
    let touched = writes
        .iter()
        .filter(|write| write.what == "pods/mounts")
        .count();
    assert_eq!(touched, 2, "{writes:#?}");
    assert!(!what(&writes).contains(&"pods/other"));
    assert!(!what(&writes).contains(&"deployments/stratumport-main"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_pods_is_an_autoscalers_where_there_is_one() {
    let cluster = Cluster::settled().await;
    cluster
        .server
        .edit("deployments", "stratumport-main", |deployment| {
            deployment["spec"]["replicas"] = 3.into();
            deployment["metadata"]["managedFields"] = json!([{
                "manager": "kube-controller-manager", "operation": "Update", "subresource": "scale",
                "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:spec": {"f:replicas": {}}},
            }]);
        });
    cluster.settle().await;
    let deployment = cluster
        .server
        .get("deployments", "stratumport-main")
        .unwrap();
    assert_eq!(deployment["spec"]["replicas"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_that_went_are_made_again_when_the_object_comes_back_or_a_person_asks() {
    let cluster = Cluster::settled().await;
    let server = &cluster.server;
    let port = server.get("stratumports", "main").unwrap();
    server.delete("stratumports", "main");
    cluster.settle().await;
    // As Kubernetes cleans up behind an owner.
    for (plural, name) in [
        ("secrets", "stratumport-main-tls"),
        ("deployments", "stratumport-main"),
    ] {
        server.delete(plural, name);
    }
    cluster.settle().await;
    assert!(server.get("secrets", "stratumport-main-tls").is_none());
    let mut again = port;
    again["metadata"] = json!({"name": "main"});
    again.as_object_mut().unwrap().remove("status");
    server.put(OURS, "stratumports", again);
    cluster.settle().await;
    assert!(server.get("secrets", "stratumport-main-tls").is_some());
    assert!(server.get("deployments", "stratumport-main").is_some());

    server.delete("secrets", "stratumport-main-tls");
    cluster.settle().await;
    server.edit("stratumports", "main", |port| {
        port["metadata"]["annotations"] = json!({"ngpool.io/reconcile": "now"});
    });
    cluster.settle().await;
    assert!(server.get("secrets", "stratumport-main-tls").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_costs_as_much_where_there_are_many_as_where_there_are_few() {
    const MORE: usize = 40;
    let cluster = Cluster::settled().await;
    let mut costs = Vec::new();
    for batch in 0..3 {
        let reads = cluster.server.reads();
        for port in 0..MORE {
            cluster.server.put(
                OURS,
                "stratumports",
                json!({
                    "apiVersion": OURS, "kind": "StratumPort",
                    "metadata": {"name": format!("p{batch}-{port}")},
                    "spec": {
                        "port": 3333, "currency": "litecoin", "sharechain": "main", "replicas": 0,
                    },
                }),
            );
        }
        let writes = cluster.settle().await.len();
        costs.push((writes, cluster.server.reads() - reads));
    }
    let (writes, reads) = costs[0];
    for (more_writes, more_reads) in &costs[1..] {
        // What the ports share is written for each batch of changes, and how these fall together
        // differs from time to time.
        assert!(*more_writes < writes + MORE, "{costs:?}");
        assert!(*more_reads < reads + MORE, "{costs:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_operator_acts_and_the_next_when_it_has_gone() {
    let mut cluster = Cluster::new();
    cluster.operator("a");
    cluster
        .until("a acts", |server| holder(server) == "a")
        .await;
    cluster.operator("b");
    cluster.settle().await;
    assert_eq!(holder(&cluster.server), "a");
    let (program, task) = cluster.operators.remove(0);
    program.shutdown.cancel();
    task.await.unwrap().unwrap();
    cluster
        .until("b acts", |server| holder(server) == "b")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_whose_lease_another_has_ends() {
    let mut cluster = Cluster::new();
    cluster.operator("a");
    cluster
        .until("a acts", |server| holder(server) == "a")
        .await;
    cluster.server.edit("leases", "ngpool-operator", |lease| {
        lease["spec"]["holderIdentity"] = "thief".into();
    });
    let (_, task) = cluster.operators.remove(0);
    let ended = tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
    assert!(matches!(ended, Err(RunError::Lost(_))), "{ended:?}");
    assert_eq!(holder(&cluster.server), "thief");
}
