//! The program: keys made and imported, requests answered as files, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at whatever is not as it should be"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use age::secrecy::ExposeSecret;
use ngpool_chain::{Network, PrivateKey};

fn ngsign(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ngsign"))
        .args(arguments)
        .args(["--keystore", "keys.age", "--identity", "identity"])
        .current_dir(folder)
        .output()
        .unwrap()
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

    let policy = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/signer-policy.yaml"
    ))
    .unwrap();
    fs::write(
        folder.join("policy"),
        policy.replace("currency: LTC", "currency: RLTC"),
    )
    .unwrap();
    let ask = |number: u64| {
        let request = serde_json::json!({
            "format": 1,
            "currency": "RLTC",
            "genesis_hash": network.genesis_hash,
            "task": {"void": {"number": number}},
        });
        fs::write(folder.join("request"), request.to_string()).unwrap();
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
