//! The program: keys made and imported, requests answered as files and over HTTP, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at whatever is not as it should be"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use age::secrecy::ExposeSecret;
use axum::{Router, extract::Path as InPath, http::StatusCode, routing::post};
use ngpool_chain::{Network, PrivateKey};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ngsign"));
    command.args(arguments).current_dir(folder);
    command
}

fn ngsign(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments)
        .args(["--keystore", "keys.age", "--identity", "identity"])
        .output()
        .unwrap()
}

/// Folder with an identity, a policy and a keystore of one key.
fn signer() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let identity = age::x25519::Identity::generate().to_string();
    fs::write(folder.path().join("identity"), identity.expose_secret()).unwrap();
    write_policy(folder.path());
    let arguments = [
        "keygen",
        "--kind",
        "p2wpkh",
        "--network",
        "litecoin-regtest",
    ];
    stdout(&ngsign(folder.path(), &arguments));
    folder
}

fn write_policy(folder: &Path) {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/signer-policy.yaml");
    let policy = fs::read_to_string(example).unwrap();
    let policy = policy.replace("currency: LTC", "currency: RLTC");
    fs::write(folder.join("policy"), policy).unwrap();
}

fn void(number: u64) -> serde_json::Value {
    serde_json::json!({
        "format": 1,
        "currency": "RLTC",
        "genesis_hash": Network::preset("litecoin-regtest").unwrap().genesis_hash,
        "task": {"void": {"number": number}},
    })
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn keys_are_made_and_shown_without_their_secrets_and_files_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let identity = age::x25519::Identity::generate().to_string();
    fs::write(folder.join("identity"), identity.expose_secret()).unwrap();
    let network = Network::preset("litecoin-regtest").unwrap();

    // Without a network no keystore is made.
    assert!(
        !ngsign(folder, &["keygen", "--kind", "p2tr"])
            .status
            .success()
    );
    let made = ngsign(
        folder,
        &["keygen", "--kind", "p2tr", "--network", "litecoin-regtest"],
    );
    let made = stdout(&made);
    assert!(made.starts_with("rltc1p"), "{made}");
    let key = PrivateKey::from_bytes(&[5; 32]).unwrap();
    let wif = key.to_wif(&network);
    fs::write(folder.join("wif"), format!("{wif}\n")).unwrap();
    let imported = stdout(&ngsign(folder, &["import", "--kind", "p2pkh", "wif"]));
    assert_eq!(imported.trim(), key.p2pkh(&network).as_str());
    // The same key twice is refused; another kind of it is another key.
    assert!(
        !ngsign(folder, &["import", "--kind", "p2pkh", "wif"])
            .status
            .success()
    );
    fs::write(folder.join("descriptor"), format!("wpkh({wif})")).unwrap();
    stdout(&ngsign(folder, &["import", "descriptor"]));
    let shown = stdout(&ngsign(folder, &["show"]));
    assert!(shown.contains(made.trim()) && shown.contains(imported.trim()));
    assert!(shown.contains("payout     0"));
    assert!(!shown.contains(&wif));

    write_policy(folder);
    let ask = |number: u64| {
        fs::write(folder.join("request"), void(number).to_string()).unwrap();
        let output = ngsign(
            folder,
            &["sign", "request", "-o", "answer", "--policy", "policy"],
        );
        let answer = fs::read_to_string(folder.join("answer")).unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
            serde_json::from_str::<serde_json::Value>(&answer).unwrap(),
        )
    };
    let (code, said, answer) = ask(2);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("refused (number_ahead)"), "{said}");
    assert_eq!(answer["outcome"]["refused"]["reason"], "number_ahead");
    let (code, said, answer) = ask(1);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(answer["position"]["payout"], 1);
    assert!(answer["outcome"]["voided"].is_object());

    // Without its journal the keystore is of no use.
    fs::remove_file(folder.join("keys.age.journal")).unwrap();
    let refused = ngsign(folder, &["show"]);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("is missing"), "{said}");
}

/// What a pool heard, and a call when there is more.
type Heard = Arc<(Mutex<Vec<serde_json::Value>>, Condvar)>;

const PATIENCE: Duration = Duration::from_secs(30);

/// A pool that wants number 1 void, until it has heard so.
fn serve(heard: &Heard) -> (tokio::runtime::Runtime, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (polled, answered) = (Arc::clone(heard), Arc::clone(heard));
    let poll = move |InPath(_): InPath<String>| async move {
        if polled.0.lock().unwrap().is_empty() {
            (StatusCode::OK, void(1).to_string())
        } else {
            (StatusCode::NO_CONTENT, String::new())
        }
    };
    let answer = move |body: String| async move {
        let response = serde_json::from_str(&body).unwrap();
        answered.0.lock().unwrap().push(response);
        answered.1.notify_all();
        StatusCode::NO_CONTENT
    };
    let app = Router::new()
        .route("/signer/v1/{currency}/request", post(poll))
        .route("/signer/v1/{currency}/response", post(answer));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(async move { axum::serve(listener, app).await });
    (runtime, url)
}

#[test]
fn a_pool_is_asked_once_or_by_files_or_until_a_signal() {
    let folder = signer();
    let folder = folder.path();
    fs::write(folder.join("token"), "secret").unwrap();
    let heard = Heard::default();
    let (_runtime, url) = serve(&heard);
    let pool = ["--pool", &url, "--token-file", "token"];
    let run = || {
        ngsign(
            folder,
            &[&["run", "--policy", "policy"], &pool[..]].concat(),
        )
    };
    let count = || heard.0.lock().unwrap().len();

    // By files: fetched without keys, answered without network, delivered without keys.
    let fetch = [
        &["fetch", "--network", "litecoin-regtest", "-o", "request"],
        &pool[..],
    ]
    .concat();
    stdout(&command(folder, &fetch).output().unwrap());
    let sign = ["sign", "request", "-o", "answer", "--policy", "policy"];
    stdout(&ngsign(folder, &sign));
    let deliver = [&["deliver", "answer"], &pool[..]].concat();
    stdout(&command(folder, &deliver).output().unwrap());
    assert_eq!(count(), 1);
    let after = [&fetch[..], &["--after", "answer"]].concat();
    let nothing = command(folder, &after).output().unwrap();
    assert_eq!(nothing.status.code(), Some(4));

    // Nothing to do is no failure; once asked for again it is answered again.
    let said = String::from_utf8(run().stderr).unwrap();
    assert!(said.contains("nothing to do"), "{said}");
    heard.0.lock().unwrap().clear();
    assert!(run().status.success());
    assert_eq!(
        heard.0.lock().unwrap()[0]["outcome"]["voided"],
        serde_json::json!({})
    );

    heard.0.lock().unwrap().clear();
    let watch = [
        &["watch", "--policy", "policy", "--interval", "1"],
        &pool[..],
    ]
    .concat();
    let mut watching = command(folder, &watch)
        .args(["--keystore", "keys.age", "--identity", "identity"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = heard.0.lock().unwrap();
    drop(
        heard
            .1
            .wait_timeout_while(answers, PATIENCE, |answers| answers.is_empty()),
    );
    // Another process is kept out meanwhile.
    let second = String::from_utf8(run().stderr).unwrap();
    kill(
        Pid::from_raw(watching.id().try_into().unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    assert!(watching.wait().unwrap().success());
    assert_eq!(count(), 1);
    assert!(second.contains("used by another process"), "{second}");

    // A pool that is not there is an error of its own.
    let gone = [
        "run",
        "--policy",
        "policy",
        "--pool",
        "http://127.0.0.1:1",
        "--token-file",
        "token",
    ];
    let gone = ngsign(folder, &gone);
    assert_eq!(gone.status.code(), Some(1));
    assert!(
        String::from_utf8(gone.stderr)
            .unwrap()
            .contains("cannot be reached")
    );
}

#[test]
fn only_a_signed_payout_is_released() {
    let folder = signer();
    let refused = ngsign(folder.path(), &["release", "1", "--confirm"]);
    assert_eq!(refused.status.code(), Some(3));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("not released (not_signed)"), "{said}");
}
