//! `ngpool check` and `ngpool status` as a person and a script read them.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    files::{Pool, coinserver},
    running::{Running, ngpool},
};

fn check(pool: &Pool, arguments: &[&str]) -> (Option<i32>, String) {
    let files = pool.files();
    let arguments = [&["check", files.to_str().unwrap()], arguments].concat();
    let (status, text) = ngpool(pool.path(), &arguments);
    (status.code(), text)
}

#[test]
fn good_files_are_counted_by_kind() {
    let (status, text) = check(&Pool::new(), &[]);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("good: 1 pool, 1 currency, 2 coinservers, 1 sharechain, 1 stratum port"),
        "{text}"
    );
}

#[test]
fn the_examples_are_good_but_for_an_address_that_only_the_operator_has() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in std::fs::read_dir(examples).unwrap() {
        let path = example.unwrap().path();
        let (status, text) = ngpool(&path, &["check", "."]);
        let asks = text.contains("REPLACEWITHYOURADDRESS") && text.contains("1 error found");
        assert!(status.success() || asks, "{}:\n{text}", path.display());
    }
}

#[test]
fn all_problems_are_shown_at_once_with_the_lines_they_are_in() {
    let pool = Pool::new();
    let node = coinserver("a").replace("pollInterval: 500ms", "pollInterval: 5h");
    pool.write("nodes.yaml", &node);
    pool.write(
        "chain.yaml",
        "apiVersion: ngpool.io/v1alpha1\nkind: Sharechian\n",
    );
    let (status, text) = check(&pool, &[]);
    assert_eq!(status, Some(1));
    // The file, line and column; the line itself; what would be right.
    assert!(text.contains("nodes.yaml:8:"), "{text}");
    assert!(text.contains("pollInterval: 5h"), "{text}");
    assert!(text.contains("chain.yaml:2:"), "{text}");
    assert!(text.contains("Sharechain"), "{text}");
}

#[test]
fn a_script_reads_the_problems_as_json() {
    let pool = Pool::new();
    pool.write(
        "nodes.yaml",
        &coinserver("a").replace("currency: ltc", "currency: nothing"),
    );
    let (status, text) = check(&pool, &["--json"]);
    assert_eq!(status, Some(1));
    let problems: serde_json::Value = serde_json::from_str(&text).unwrap();
    let problem = problems
        .as_array()
        .unwrap()
        .iter()
        .find(|problem| problem["field"] == "spec.currency")
        .unwrap_or_else(|| panic!("{text}"));
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["object"], "Coinserver/a");
    assert_eq!(problem["line"], 6);
    assert!(problem["file"].as_str().unwrap().ends_with("nodes.yaml"));
}

#[test]
fn status_of_nothing_says_how_to_start_it() {
    let pool = Pool::new();
    let (status, text) = ngpool(pool.path(), &["status", "--state-dir", "."]);
    assert_eq!(status.code(), Some(1));
    assert!(text.contains("no pool runs"), "{text}");
    assert!(text.contains("ngpool up"), "{text}");
}

#[tokio::test]
async fn status_shows_every_part_of_a_running_pool() {
    let pool = Pool::new();
    let up = Running::start(&pool);
    up.answers("/api/v1/ports", |ports| ports[0]["servers"] == 1)
        .await;
    let state = pool.state_dir();
    let arguments = ["status", "--state-dir", state.to_str().unwrap()];
    let (_, text) = ngpool(pool.path(), &arguments);
    for part in [
        "Pool of a test",
        "a (LTC)",
        "b (LTC)",
        "main (LTC)",
        "ngledger main",
        "web",
    ] {
        assert!(text.contains(part), "no {part}:\n{text}");
    }
    let (_, text) = ngpool(pool.path(), &[&arguments[..], &["--json"]].concat());
    let status: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(status["pool"], "Pool of a test");
    assert!(status["programs"].as_array().unwrap().len() >= 5, "{text}");
    up.stop().await;
}

#[test]
fn config_tells_each_value_in_effect_and_who_said_so() {
    let pool = Pool::new();
    let files = pool.files();
    let files = files.to_str().unwrap();
    let (status, text) = ngpool(pool.path(), &["config", "sp/main", files]);
    assert!(status.success(), "{text}");
    let line = |field: &str| {
        let line = text.lines().find(|line| line.starts_with(field));
        line.unwrap_or_else(|| panic!("no {field}:\n{text}"))
            .to_owned()
    };
    assert!(line("spec.vardiff.min ").contains("0.001"), "{text}");
    assert!(line("spec.vardiff.min ").ends_with("object"), "{text}");
    assert!(
        line("spec.vardiff.sharesPerMinute").ends_with("built-in"),
        "{text}"
    );
    let (status, text) = ngpool(pool.path(), &["config", "sp/other", files]);
    assert_eq!(status.code(), Some(1));
    assert!(text.contains("there is no StratumPort/other"), "{text}");
}

/// This program under the name that kubectl looks for.
fn plugin(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let name = folder.join("kubectl-ngpool");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ngpool"), &name).unwrap();
    let mut child = Command::new(&name)
        .args(arguments)
        .current_dir(folder)
        .env("KUBECONFIG", folder.join("none"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing may be gone.
    let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    std::fs::remove_file(&name).unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn the_plugin_checks_as_the_operator_does_from_files_and_from_standard_input() {
    let pool = Pool::new();
    let secret = "\n---\napiVersion: ngpool.io/v1alpha1\nkind: Coinserver\nmetadata:\n  name: far\n\
                  spec:\n  currency: ltc\n  external:\n    url: http://10.0.0.1:9332\n    \
                  credentialsSecret:\n      name: rpc\n      key: credentials\n";
    pool.write("far.yaml", secret.trim_start_matches("\n---\n"));
    let files = pool.files();
    let files = files.to_str().unwrap();
    let (status, text) = plugin(pool.path(), &["check", "-f", files], "");
    assert_eq!(
        status,
        Some(0),
        "in a cluster the Secret is not a file:\n{text}"
    );
    let (status, text) = ngpool(pool.path(), &["check", "-f", files]);
    assert_eq!(status.code(), Some(1), "on one machine it is:\n{text}");
    assert!(text.contains("there is no Secret `rpc`"), "{text}");

    let (status, text) = plugin(pool.path(), &["check", "-f", "-"], secret);
    assert_eq!(status, Some(1));
    assert!(
        text.contains("<stdin>") && text.contains("there is no Pool"),
        "{text}"
    );
    let (status, text) = plugin(pool.path(), &["check", "-f", "-", files], secret);
    assert_eq!(status, Some(1));
    assert!(text.contains("give `-f -` alone"), "{text}");
}

#[test]
fn without_a_cluster_the_plugin_says_how_to_name_one() {
    let pool = Pool::new();
    for arguments in [
        &["status"][..],
        &["payouts"],
        &["logs", "pool"],
        &["config", "sp/main"],
    ] {
        let (status, text) = plugin(pool.path(), arguments, "");
        assert_eq!(status, Some(1), "{text}");
        assert!(
            text.contains("no cluster is configured: set KUBECONFIG"),
            "{text}"
        );
    }
}
