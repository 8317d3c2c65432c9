//! A made-up cluster and a made-up API: what is shown, and what is asked.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use clap::Parser;
use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use kube::{Client, client::Body};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{
    Connection, Output,
    figures::{self, CurrencyFigures, Figures, PoolFigures, PortFigures},
    forward::{Forward, WEB},
    logs::{self, LogsCommand},
    objects::{self, Found},
    payouts::{self, PayoutsCommand},
    status, table, tree,
};
use crate::rest::Rest;

/// An API server that answers by path, and notes what was asked.
#[derive(Clone, Default)]
struct Server {
    answers: Arc<BTreeMap<String, String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answers: &[(&str, Value)]) -> Self {
        let texts = answers.iter().map(|(path, answer)| {
            let text = answer
                .as_str()
                .map_or_else(|| answer.to_string(), ToOwned::to_owned);
            ((*path).to_owned(), text)
        });
        Self {
            answers: Arc::new(texts.collect()),
            ..Self::default()
        }
    }

    fn answer(&self, path: &str, query: &str) -> (u16, String) {
        self.asked.lock().unwrap().push(format!("{path}?{query}"));
        if let Some(answer) = self.answers.get(path) {
            return (200, answer.clone());
        }
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404,
            "reason": "NotFound", "message": format!("{path} is not there"),
        });
        (404, status.to_string())
    }

    fn connection(&self) -> Connection {
        let server = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let uri = request.uri();
            let (code, answer) = server.answer(uri.path(), uri.query().unwrap_or_default());
            let answer = Body::from(answer.into_bytes());
            let response = Response::builder().status(code).body(answer).unwrap();
            std::future::ready(Ok::<_, Infallible>(response))
        });
        Connection {
            client: Client::new(service, "mine"),
            namespace: "mine".to_owned(),
        }
    }

    /// The same over HTTP, as the pool's own API is asked.
    async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let uri = request.uri();
                    let (code, answer) = server.answer(uri.path(), uri.query().unwrap_or_default());
                    let answer = Full::new(Bytes::from(answer));
                    let response = Response::builder().status(code).body(answer).unwrap();
                    std::future::ready(Ok::<_, Infallible>(response))
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        address
    }
}

fn condition(type_: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({
        "type": type_, "status": status, "reason": reason, "message": message,
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    })
}

#[allow(clippy::needless_pass_by_value, reason = "as `json!` gives them")]
fn object(kind: &str, name: &str, spec: Value, status: Value) -> Value {
    json!({
        "apiVersion": "ngpool.io/v1alpha1", "kind": kind,
        "metadata": {"name": name, "namespace": "mine", "generation": 1},
        "spec": spec, "status": status,
    })
}

fn ready(reason: &str) -> Value {
    json!([condition("Ready", "True", reason, "All is well.")])
}

fn pool() -> Value {
    object(
        "Pool",
        "pool",
        json!({"title": "Test pool", "database": {"bundled": {}}}),
        json!({"observedGeneration": 1, "version": "0.1.0", "conditions": ready("Ready")}),
    )
}

fn currency() -> Value {
    object(
        "Currency",
        "ltc",
        json!({"code": "LTC", "preset": "litecoin", "subsidyAddress": "x"}),
        json!({
            "observedGeneration": 1, "algorithm": "scrypt", "nodes": "1/2",
            "conditions": ready("Mineable"),
        }),
    )
}

fn node(name: &str, status: Value) -> Value {
    object(
        "Coinserver",
        name,
        json!({"currency": "ltc", "daemon": {}}),
        status,
    )
}

fn port(name: &str, status: Value) -> Value {
    let spec = json!({"port": 3333, "currency": "ltc", "sharechain": "main"});
    object("StratumPort", name, spec, status)
}

fn chain(name: &str) -> Value {
    object(
        "Sharechain",
        name,
        json!({"algorithm": "scrypt", "method": {"pplns": {"window": {"factor": 2}}}}),
        json!({"observedGeneration": 1, "conditions": ready("BooksOpen")}),
    )
}

fn found(objects: &[Value]) -> Found {
    let mut found = Found::default();
    for object in objects {
        let kind = ngpool_crds::Kind::named(object["kind"].as_str().unwrap()).unwrap();
        found.take(kind, object.clone());
    }
    found
}

fn mixed() -> Found {
    let synced = json!({
        "observedGeneration": 1, "height": 432, "peers": 1, "conditions": ready("Synced"),
    });
    let syncing = json!({
        "observedGeneration": 1, "height": 12, "peers": 3, "conditions": [
            condition("Ready", "False", "Syncing", "Block 12 of 432."),
            condition("Synced", "False", "Syncing", "Block 12 of 432."),
        ],
    });
    let rolling = json!({
        "observedGeneration": 1, "address": "pool.example:3333", "replicas": 3, "readyReplicas": 2,
        "conditions": [
            condition("Ready", "True", "Serving", "Miners can connect and get work."),
            condition("Reconciling", "True", "RollingOut", "1 of 3 pods run what is wanted."),
        ],
    });
    let mut new = port("new", json!(null));
    new["metadata"]["generation"] = json!(2);
    let paused = json!({"observedGeneration": 1, "conditions": [
        condition("Ready", "True", "Serving", ""),
        condition("Paused", "True", "Paused", "Nothing is changed until spec.paused is false."),
    ]});
    let mut stray = node(
        "stray",
        json!({"observedGeneration": 1, "conditions": [
            condition(
                "Ready", "False", "CurrencyNotFound",
                "Currency `doge` is not in namespace `mine`; create it or correct spec.currency.",
            ),
            condition(
                "Reconciling", "True", "CurrencyNotFound",
                "Currency `doge` is not in namespace `mine`; create it or correct spec.currency.",
            ),
        ]}),
    );
    stray["spec"]["currency"] = json!("doge");
    found(&[
        pool(),
        currency(),
        node("a", synced),
        node("b", syncing),
        port("main", rolling),
        port("new", new["status"].clone()),
        port("old", paused),
        chain("main"),
        chain("unused"),
        stray,
    ])
}

fn live() -> Figures {
    Figures {
        pool: PoolFigures {
            connections: 12,
            hash_rate: 1_234_567.0,
            blocks: BTreeMap::from([("accepted".to_owned(), 2), ("mature".to_owned(), 7)]),
        },
        ports: BTreeMap::from([(
            "main".to_owned(),
            PortFigures {
                name: "main".to_owned(),
                connections: 12,
                workers: 1,
                hash_rate: 1_234_567.0,
            },
        )]),
        currencies: BTreeMap::from([(
            "ltc".to_owned(),
            CurrencyFigures {
                failed: vec!["audit".to_owned()],
                stopped: Some("0.5 LTC are missing".to_owned()),
            },
        )]),
    }
}

fn shown(found: &Found, figures: Option<&Figures>, colours: bool) -> String {
    table::lines(&table::tree(&tree::grow(found, figures)), colours).join("\n")
}

#[test]
fn a_pool_is_a_tree_with_the_reason_of_anything_unwell() {
    insta::assert_snapshot!(shown(&mixed(), None, false));
}

#[test]
fn live_figures_stand_beside_what_they_are_of_and_can_be_unwell() {
    let (found, live) = (mixed(), live());
    insta::assert_snapshot!(shown(&found, Some(&live), false));
    let items = tree::grow(&found, Some(&live));
    assert!(!items.iter().all(tree::Item::is_well));
}

#[test]
fn colours_change_nothing_but_colours() {
    let coloured = shown(&mixed(), None, true);
    assert!(coloured.contains("\x1b[31mNOT READY\x1b[0m"));
    let mut plain = coloured;
    for code in ["\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[0m"] {
        plain = plain.replace(code, "");
    }
    assert_eq!(plain, shown(&mixed(), None, false));
}

#[test]
fn an_object_that_this_version_cannot_read_stops_no_other() {
    let mut strange = chain("strange");
    strange["spec"]["algorithm"] = json!("randomx");
    let found = found(&[pool(), strange]);
    let text = shown(&found, None, false);
    assert!(
        text.contains("Sharechain/strange  unknown  Unreadable"),
        "{text}"
    );
}

#[test]
fn without_a_pool_that_is_what_is_said() {
    let text = shown(&found(&[currency()]), None, false);
    assert!(text.contains("There is no Pool here"), "{text}");
    assert!(text.contains("└─ Currency/ltc"), "{text}");
}

const GROUP: &str = "/apis/ngpool.io/v1alpha1/namespaces/mine";

fn list(items: &[Value]) -> Value {
    // As the API server does it: items carry neither kind nor version.
    let items: Vec<Value> = items
        .iter()
        .map(|item| {
            let mut item = item.clone();
            let fields = item.as_object_mut().unwrap();
            fields.remove("apiVersion");
            fields.remove("kind");
            item
        })
        .collect();
    json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items})
}

fn cluster(pods: &[Value], more: &[(&str, Value)]) -> Server {
    let mut answers = vec![
        ("/api/v1/namespaces/mine/pods".to_owned(), list(pods)),
        (format!("{GROUP}/pools"), list(&[pool()])),
        (format!("{GROUP}/currencies"), list(&[currency()])),
        (format!("{GROUP}/coinservers"), list(&[])),
        (format!("{GROUP}/sharechains"), list(&[chain("main")])),
        (format!("{GROUP}/stratumports"), list(&[])),
    ];
    answers.extend(
        more.iter()
            .map(|(path, answer)| ((*path).to_owned(), answer.clone())),
    );
    let answers: Vec<(&str, Value)> = answers
        .iter()
        .map(|(path, answer)| (path.as_str(), answer.clone()))
        .collect();
    Server::new(&answers)
}

async fn output_of(
    run: impl AsyncFnOnce(&mut Vec<u8>) -> Result<bool, super::ClusterError>,
) -> (bool, String) {
    let mut output = Vec::new();
    let well = run(&mut output).await.unwrap();
    (well, String::from_utf8(output).unwrap())
}

#[tokio::test]
async fn status_asks_for_the_five_kinds_and_does_without_the_api() {
    let server = cluster(&[], &[]);
    let connection = server.connection();
    let (well, text) =
        output_of(async |output| status(&connection, Output::default(), output).await).await;
    assert!(well, "{text}");
    assert!(text.contains("Currency/ltc"), "{text}");
    let without = "because the API cannot be asked: no pod of the web side is ready";
    assert!(text.contains(without), "{text}");
    assert!(!text.contains('\x1b'), "{text}");

    let json = Output {
        json: true,
        ..Output::default()
    };
    let (_, text) = output_of(async |output| status(&connection, json, output).await).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["well"], true);
    assert_eq!(answer["items"][0]["object"], "Pool/pool");
    assert_eq!(answer["items"][0]["items"][0]["reason"], "Mineable");
}

#[tokio::test]
async fn a_cluster_without_the_definitions_says_what_to_install() {
    let error = objects::all(&Server::default().connection())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("install the chart `ngpool`"),
        "{error}"
    );
    let empty: Vec<(String, Value)> = [
        "pools",
        "currencies",
        "coinservers",
        "sharechains",
        "stratumports",
    ]
    .iter()
    .map(|kind| (format!("{GROUP}/{kind}"), list(&[])))
    .collect();
    let empty: Vec<(&str, Value)> = empty
        .iter()
        .map(|(path, it)| (path.as_str(), it.clone()))
        .collect();
    let error = objects::all(&Server::new(&empty).connection())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("no pool in namespace `mine`"),
        "{error}"
    );
}

fn pod(name: &str, component: &str, containers: &[&str], ready: bool) -> Value {
    let statuses: Vec<Value> = containers
        .iter()
        .map(|container| {
            json!({
                "name": container, "image": "i", "imageID": "", "ready": true, "restartCount": 0,
                "state": {"running": {}},
            })
        })
        .collect();
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/component": component}},
        "spec": {"containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]},
        "status": {
            "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
            "containerStatuses": statuses,
        },
    })
}

#[derive(Parser)]
struct ReadLogs {
    #[command(flatten)]
    command: LogsCommand,
}

#[tokio::test]
async fn logs_are_of_every_container_of_the_part_and_say_whose_they_are() {
    let place = |pod: &str| format!("/api/v1/namespaces/mine/pods/{pod}/log");
    let (one, two) = (place("coinserver-a-1"), place("coinserver-a-2"));
    let server = cluster(
        &[
            pod(
                "coinserver-a-1",
                "coinserver",
                &["daemon", "ngcoinserver"],
                true,
            ),
            pod("coinserver-a-2", "coinserver", &["daemon"], false),
            pod("stratumport-a-1", "stratumport", &["ngstratum"], true),
        ],
        &[(&one, json!("first\nsecond\n")), (&two, json!("third\n"))],
    );
    let words = ["logs", "coin/a", "--tail", "5"];
    let ReadLogs { command } = ReadLogs::parse_from(words);
    let mut output = Vec::new();
    let connection = server.connection();
    let print = logs::print(&connection, &command, &mut output);
    tokio::time::timeout(Duration::from_secs(20), print)
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(output).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "[coinserver-a-1/daemon] first",
            "[coinserver-a-1/daemon] second",
            "[coinserver-a-1/ngcoinserver] first",
            "[coinserver-a-1/ngcoinserver] second",
            "[coinserver-a-2/daemon] third",
        ]
    );
    let asked = server.asked.lock().unwrap().join("\n");
    assert!(asked.contains("instance%3Da"), "{asked}");
    assert!(asked.contains("container=daemon&tailLines=5"), "{asked}");
    assert!(!asked.contains("stratumport-a-1/log"), "{asked}");
}

#[tokio::test]
async fn a_part_without_pods_has_no_logs_and_says_so() {
    let ReadLogs { command } = ReadLogs::parse_from(["logs", "sp/main"]);
    let error = logs::print(&cluster(&[], &[]).connection(), &command, &mut Vec::new())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("StratumPort/main has no pods now"),
        "{error}"
    );
}

#[tokio::test]
async fn a_forward_needs_a_pod_that_is_ready_now() {
    let server = cluster(&[pod("web", "pool-web", &["ngweb"], false)], &[]);
    let error = Forward::open(&server.connection(), WEB, 0)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no pod of the web side is ready"),
        "{error}"
    );
    let server = cluster(&[pod("web", "pool-web", &["ngweb"], true)], &[]);
    let forward = Forward::open(&server.connection(), WEB, 0).await.unwrap();
    assert!(forward.address.ip().is_loopback());
    let taken = Forward::open(&server.connection(), WEB, forward.address.port())
        .await
        .unwrap_err();
    assert!(taken.to_string().contains("--port"), "{taken}");
}

fn api() -> Server {
    let payout = |number: u64, state: &str, reason: &str, txid: Option<&str>| {
        json!({
            "number": number, "kind": "payees", "state": state, "reason": reason,
            "state_at": "2026-01-01T12:00:00Z", "created_at": "2026-01-01T11:00:00Z",
            "parent": null, "payees": 3, "amount": "150000000", "fee": txid.map(|_| "1000"),
            "txid": txid, "height": null,
        })
    };
    Server::new(&[
        (
            "/api/v1/pool",
            json!({"connections": 3, "hash_rate": 5.0, "blocks": {"mature": 1}}),
        ),
        (
            "/api/v1/ports",
            json!([{"name": "main", "connections": 3, "workers": 2, "hash_rate": 5.0}]),
        ),
        (
            "/api/v1/currencies",
            json!([
                {"code": "DOGE", "name": "doge", "decimals": 8, "steps": []},
                {"code": "LTC", "name": "ltc", "decimals": 8, "steps": [
                    {"step": "follow", "failed": false}, {"step": "audit", "failed": true},
                ]},
            ]),
        ),
        (
            "/api/v1/currencies/LTC",
            json!({"code": "LTC", "name": "ltc", "decimals": 8}),
        ),
        (
            "/api/v1/currencies/LTC/payouts",
            json!({"items": [
                payout(3, "prepared", "", None),
                payout(2, "broadcast", "fee is low", Some("aa11")),
                payout(1, "confirmed", "", Some("bb22")),
            ]}),
        ),
        ("/api/v1/currencies/DOGE/payouts", json!({"items": []})),
        (
            "/api/v1/currencies/LTC/solvency",
            json!({"audit": null, "stop": null}),
        ),
        (
            "/api/v1/currencies/DOGE/solvency",
            json!({"audit": null, "stop": {"by": "audit", "reason": "coins are missing", "since": "x"}}),
        ),
    ])
}

#[derive(Parser)]
struct ReadPayouts {
    #[command(flatten)]
    command: PayoutsCommand,
}

async fn payouts(words: &[&str]) -> (bool, String) {
    let rest = Rest::new(api().listen().await);
    let ReadPayouts { command } = ReadPayouts::parse_from(words);
    let now = "2026-01-01T15:00:00Z".parse().unwrap();
    output_of(async |output| payouts::ask(&rest, &command, now, output).await).await
}

#[tokio::test]
async fn payouts_say_what_they_wait_for_and_what_stops_them() {
    let (well, text) = payouts(&["payouts"]).await;
    assert!(!well, "payouts of DOGE are stopped");
    insta::assert_snapshot!(text);
    let (well, text) = payouts(&["payouts", "-c", "LTC", "-o", "json"]).await;
    assert!(well);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer[0]["payouts"][1]["txid"], "aa11");
}

#[tokio::test]
async fn figures_are_read_from_the_api() {
    let figures = figures::from_api(&Rest::new(api().listen().await))
        .await
        .unwrap();
    assert_eq!(figures.pool.connections, 3);
    assert_eq!(figures.ports["main"].workers, 2);
    assert_eq!(figures.currencies["ltc"].failed, ["audit"]);
    assert_eq!(figures.currencies["ltc"].stopped, None);
    let stopped = figures.currencies["doge"].stopped.as_deref();
    assert_eq!(stopped, Some("coins are missing"));
}
