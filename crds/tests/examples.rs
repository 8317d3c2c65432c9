//! The examples are right, and become the documents they are meant to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{fs, path::PathBuf};

use ngpool_crds::{Cluster, LocalMachine, Objects, PortTable, check, load, load_texts, resolve};

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name)
}

fn machine(objects: &Objects) -> LocalMachine {
    let mut ports = PortTable::default();
    ports.complete(objects, |_| true).unwrap();
    LocalMachine::new("/state", ports)
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// The texts of an example with one replacement, as an operator would fill it in.
fn filled_in(name: &str, from: &str, to: &str) -> Objects {
    let mut files: Vec<_> = fs::read_dir(example(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts = files.into_iter().map(|file| {
        let text = fs::read_to_string(&file).unwrap().replace(from, to);
        (file, text)
    });
    load_texts(texts.collect()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn mainnet() -> Objects {
    filled_in(
        "bitcoin-mainnet",
        "REPLACEWITHYOURADDRESS",
        "bc1qgh3urvfecekkzqqaq9xq73yze7yj24ddgtuwzx",
    )
}

#[test]
fn the_regtest_example_is_right_without_a_warning() {
    let (_, documents) =
        check(&[example("litecoin-regtest")]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(documents.warnings.to_string(), "");
}

#[test]
fn the_regtest_example_resolves_on_one_machine() {
    let objects = load(&[example("litecoin-regtest")]).unwrap();
    insta::assert_snapshot!(json(&resolve(&objects, &machine(&objects)).unwrap()));
}

#[test]
fn the_regtest_example_resolves_in_a_cluster() {
    let objects = load(&[example("litecoin-regtest")]).unwrap();
    insta::assert_snapshot!(json(&resolve(&objects, &Cluster).unwrap()));
}

#[test]
fn the_regtest_nodes_peer_with_each_other() {
    let objects = load(&[example("litecoin-regtest")]).unwrap();
    let documents = resolve(&objects, &machine(&objects)).unwrap();
    let daemons: Vec<_> = documents
        .coinservers
        .iter()
        .map(|node| node.daemon.as_ref().unwrap())
        .collect();
    assert_eq!(
        daemons[0].add_nodes,
        [format!("127.0.0.1:{}", daemons[1].p2p_port)]
    );
    assert_eq!(
        daemons[1].add_nodes,
        [format!("127.0.0.1:{}", daemons[0].p2p_port)]
    );
}

#[test]
fn the_mainnet_example_lacks_only_what_is_the_operators() {
    let problems = check(&[example("bitcoin-mainnet")]).unwrap_err();
    let fields: Vec<_> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["spec.subsidyAddress"], "{problems}");
}

#[test]
fn the_mainnet_example_resolves_once_it_is_filled_in() {
    let objects = mainnet();
    let documents = resolve(&objects, &machine(&objects)).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(documents.warnings.to_string(), "");
    insta::assert_snapshot!(json(&documents));
}
