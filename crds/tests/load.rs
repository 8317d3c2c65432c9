//! What files are refused for: with file, line, column, field, and what would be right.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{fs, path::PathBuf};

use ngpool_crds::{Problems, check, load, load_texts};

const POOL: &str = "\
apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: pool
spec:
  database:
    bundled: {}
";

fn refused(files: &[(&str, &str)]) -> Problems {
    let texts = files
        .iter()
        .map(|(name, text)| (PathBuf::from(name), (*text).to_owned()));
    load_texts(texts.collect()).expect_err("the files must be refused")
}

#[test]
fn an_unknown_field_names_the_nearest() {
    let problems = refused(&[(
        "pool.yaml",
        "\
apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: pool
spec:
  database:
    bundled: {}
  defaults:
    vardif:
      min: 1
",
    )]);
    insta::assert_snapshot!(problems, @"pool.yaml:9:5: Pool/pool spec.defaults.vardif: unknown field `vardif` (did you mean `vardiff`?)");
    insta::assert_snapshot!(problems.report(), @r"
    error: Pool/pool spec.defaults.vardif: unknown field `vardif`
     --> pool.yaml:9:5
      |
    9 |     vardif:
      |     ^^^^^^
      = help: did you mean `vardiff`?
    ");
}

#[test]
fn an_unknown_field_that_is_near_to_nothing_lists_the_fields() {
    let problems = refused(&[(
        "pool.yaml",
        "\
apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: pool
  colour: red
spec:
  database:
    bundled: {}
  certificates:
    letsEncrypt: true
",
    )]);
    insta::assert_snapshot!(problems);
}

#[test]
fn every_problem_of_every_file_is_reported_at_once() {
    let problems = refused(&[
        (
            "b.yaml",
            "\
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata:
  name: main
spec:
  port: '3333'
  curency: litecoin
  sharechain: main
  vardiff:
    start: yes
    min: 5
    retarget: 90
  limits:
    sendQueue: 1MB
  auxCurrencies: dogecoin
  versionMask: 0x1fffe000
",
        ),
        (
            "a.yaml",
            "\
apiVersion: ngpool.io/v1alpha1
kind: Currency
metadata:
  name: litecoin
spec:
  code: ltc
  preset: litecoin-regtst
  subsidyAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx
  blockOdds: 0
",
        ),
    ]);
    insta::assert_snapshot!(problems);
}

#[test]
fn a_missing_field_says_what_it_is_for() {
    let problems = refused(&[(
        "port.yaml",
        "\
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata:
  name: main
spec:
  port: 3333
",
    )]);
    insta::assert_snapshot!(problems);
}

#[test]
fn rules_are_shown_at_the_field_they_are_about() {
    let problems = refused(&[(
        "objects.yaml",
        "\
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata:
  name: a-name-that-is-much-longer-than-thirty
spec:
  port: 3333
  currency: litecoin
  sharechain: main
  vardiff:
    min: 8
    start: 2
---
apiVersion: ngpool.io/v1alpha1
kind: Coinserver
metadata:
  name: a
spec:
  currency: litecoin
  timeout: 3h
---
apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: main
spec:
  database: {}
",
    )]);
    insta::assert_snapshot!(problems);
}

#[test]
fn kinds_and_versions_that_are_not_there_are_refused() {
    let problems = refused(&[(
        "objects.yaml",
        "\
apiVersion: ngpool.io/v1alpha1
kind: StratumProt
metadata: {name: a}
---
apiVersion: ngpool.io/v1
kind: Pool
metadata: {name: pool}
---
kind: Currency
metadata: {name: a}
---
apiVersion: ngpool.io/v1alpha1
metadata: {name: a}
---
apiVersion: v1
kind: Sharechain
metadata: {name: a}
---
- a list
---
just text
",
    )]);
    insta::assert_snapshot!(problems);
}

#[test]
fn an_object_given_twice_names_the_first_place() {
    let problems = refused(&[("a.yaml", POOL), ("b.yaml", POOL)]);
    insta::assert_snapshot!(problems, @"b.yaml:4:9: Pool/pool metadata.name: the object is given twice (first in a.yaml:4)");
}

#[test]
fn all_objects_are_in_one_namespace() {
    let secret = "\
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: other
";
    let pool = POOL.replace("  name: pool", "  name: pool\n  namespace: pools");
    let problems = refused(&[("a.yaml", &pool), ("b.yaml", secret)]);
    insta::assert_snapshot!(problems, @"b.yaml:5:14: Secret/db metadata.namespace: is in the namespace `other`, others are in `pools` (a pool and all that belongs to it are in one namespace)");
}

#[test]
fn what_is_not_yaml_is_refused_with_its_place() {
    insta::assert_snapshot!(refused(&[("a.yaml", "a: [1,\n")]));
    insta::assert_snapshot!(refused(&[("a.yaml", "a: 1\n\tb: 2\n")]));
    insta::assert_snapshot!(refused(&[("a.yaml", "a: 1\nb: 1\na: 2\n")]), @"a.yaml:3:1: not YAML: the field `a` is given twice; first in line 1");
    insta::assert_snapshot!(refused(&[("a.yaml", "a: *nowhere\n")]));
}

#[test]
fn secrets_hold_base64_or_plain_text_in_their_places() {
    let problems = refused(&[(
        "secret.yaml",
        "\
apiVersion: v1
kind: Secret
metadata: {name: db}
data:
  url: postgres://db
stringdata:
  a: b
",
    )]);
    insta::assert_snapshot!(problems, @"secret.yaml:6:1: Secret/db stringdata: unknown field `stringdata` (did you mean `stringData`?)");
    let problems = refused(&[(
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  url: postgres://db\n",
    )]);
    insta::assert_snapshot!(problems, @"secret.yaml:5:3: Secret/db data.url: the value is not base64 (plain text belongs under `stringData`)");
}

#[test]
fn values_of_secrets_are_in_no_message() {
    let text = "\
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData:
  url: hunter2
  port: 5432
";
    let shown = format!(
        "{:?}",
        load_texts(vec![(
            PathBuf::from("a.yaml"),
            text.replace("port: 5432\n", "x: a\n")
        )])
        .unwrap()
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    let problems = refused(&[("a.yaml", text)]);
    assert!(
        !problems.report().contains("hunter2"),
        "{}",
        problems.report()
    );
}

#[test]
fn a_list_as_a_cluster_prints_it_is_read() {
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        POOL.trim_end().replace('\n', "\n  ").replace(
            "name: pool",
            "name: pool\n    uid: 0e4e\n    resourceVersion: \"7\"\n    creationTimestamp: \"2026-11-24T00:00:00Z\""
        )
    ) + "\n  status:\n    anything: goes\n";
    let objects = load_texts(vec![(PathBuf::from("list.yaml"), list)]).unwrap();
    assert!(objects.pool.is_some());
}

#[test]
fn json_is_read_as_yaml() {
    let json = r#"{"apiVersion":"ngpool.io/v1alpha1","kind":"Pool","metadata":{"name":"pool"},"spec":{"database":{"bundled":{}}}}"#;
    assert!(
        load_texts(vec![(PathBuf::from("a.json"), json.to_owned())])
            .unwrap()
            .pool
            .is_some()
    );
}

#[test]
fn folders_are_read_by_name_and_without_what_is_no_yaml() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pool.yaml"), POOL).unwrap();
    fs::write(folder.path().join("README.md"), "not: [yaml").unwrap();
    fs::create_dir(folder.path().join("more")).unwrap();
    fs::write(folder.path().join("more/pool.yaml"), POOL).unwrap();
    let objects = load(&[folder.path().to_owned()]).unwrap();
    assert!(objects.pool.is_some());
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let problems = load(&[folder.path().join("none.yaml"), folder.path().to_owned()]).unwrap_err();
    let shown = problems
        .to_string()
        .replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(shown);
    fs::write(folder.path().join("a.yaml"), [0x61, 0x3a, 0xff]).unwrap();
    let shown = load(&[folder.path().to_owned()]).unwrap_err().to_string();
    assert!(
        shown.contains("is not UTF-8 text: the first wrong byte is byte 2"),
        "{shown}"
    );
}

#[test]
fn objects_of_others_are_left_out_with_a_warning() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {}\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), deployment).unwrap();
    fs::write(folder.path().join("b.yaml"), POOL).unwrap();
    let (_, documents) = check(&[folder.path().to_owned()]).unwrap();
    let shown = documents.warnings.to_string();
    assert!(
        shown.contains("apps/v1 Deployment is left out: only the pool's kinds are read"),
        "{shown}"
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let text = format!("\u{feff}{}", POOL.replace('\n', "\r\n"));
    assert!(
        load_texts(vec![(PathBuf::from("a.yaml"), text)])
            .unwrap()
            .pool
            .is_some()
    );
}

#[test]
fn anything_at_all_is_read_without_a_panic() {
    // Every prefix of a good file, and every file with one byte replaced by each of the indicators.
    let text = include_str!("../../examples/litecoin-regtest/stratumport.yaml");
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        drop(load_texts(vec![(
            PathBuf::from("a.yaml"),
            text[..end].to_owned(),
        )]));
    }
    for at in 0..text.len() {
        for indicator in [
            "\t", "-", ":", "{", "]", "&", "*", "!", "|", "'", "\"", "%", "\0", "é",
        ] {
            let mut changed = text.to_owned();
            changed.replace_range(at..=at, indicator);
            drop(load_texts(vec![(PathBuf::from("a.yaml"), changed)]));
        }
    }
}
