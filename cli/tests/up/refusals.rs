//! What cannot run is refused before anything starts, with what would be right.

use std::{fs, net::TcpListener};

use crate::{
    files::{Pool, coinserver},
    running::{Running, ngpool},
};

fn up(pool: &Pool) -> String {
    let (files, state) = (pool.files(), pool.state_dir());
    let arguments = [
        "up",
        files.to_str().unwrap(),
        "--state-dir",
        state.to_str().unwrap(),
        "--listen",
        "127.0.0.1",
        "--no-progress",
    ];
    let (status, text) = ngpool(pool.path(), &arguments);
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(
        !state.join("postgres").exists(),
        "a database was started:\n{text}"
    );
    text
}

#[test]
fn an_unknown_field_is_refused_with_file_line_and_the_right_one() {
    let pool = Pool::new();
    pool.write(
        "nodes.yaml",
        &coinserver("a").replace("pollInterval", "pollIntervall"),
    );
    let text = up(&pool);
    assert!(text.contains("nodes.yaml:8"), "{text}");
    assert!(text.contains("spec.pollIntervall"), "{text}");
    assert!(text.contains("pollInterval"), "{text}");
}

#[test]
fn a_reference_to_nothing_is_refused_with_its_place() {
    let pool = Pool::new();
    pool.write(
        "nodes.yaml",
        &coinserver("a").replace("currency: ltc", "currency: ltcc"),
    );
    let text = up(&pool);
    assert!(text.contains("nodes.yaml:6"), "{text}");
    assert!(text.contains("Coinserver/a spec.currency"), "{text}");
    assert!(text.contains("ltc"), "{text}");
}

#[test]
fn a_value_out_of_bounds_is_refused_with_its_place() {
    let pool = Pool::new();
    pool.write(
        "currency.yaml",
        &pool.currency(60).replace("blockOdds: 60", "blockOdds: 0"),
    );
    let text = up(&pool);
    assert!(text.contains("currency.yaml:9"), "{text}");
    assert!(text.contains("spec.blockOdds"), "{text}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let pool = Pool::new();
    let (status, text) = ngpool(pool.path(), &["up", "nowhere.yaml"]);
    assert_eq!(status.code(), Some(1));
    assert!(text.contains("nowhere.yaml"), "{text}");
}

#[test]
fn a_missing_binary_is_named_with_its_field() {
    let pool = Pool::new();
    let node = coinserver("a").replace("daemon: {}", "daemon: {binary: no-such-daemon}");
    pool.write("nodes.yaml", &node);
    let text = up(&pool);
    assert!(text.contains("Coinserver/a spec.daemon.binary"), "{text}");
    assert!(
        text.contains("\"no-such-daemon\" is not found in PATH"),
        "{text}"
    );
}

#[test]
fn taken_ports_are_named_together_with_their_fields() {
    let pool = Pool::new();
    let _stratum = TcpListener::bind(pool.stratum.address()).unwrap();
    let _web = TcpListener::bind(pool.web.address()).unwrap();
    let text = up(&pool);
    let port = pool.stratum.number();
    assert!(
        text.contains(&format!("StratumPort/main spec.port: port {port} is taken")),
        "{text}"
    );
    assert!(text.contains("Pool/pool spec.web.port: port"), "{text}");
}

#[test]
fn a_state_directory_that_cannot_be_used_is_refused() {
    let pool = Pool::new();
    fs::write(pool.state_dir(), "a file").unwrap();
    let text = up(&pool);
    assert!(text.contains("cannot be used"), "{text}");
    assert!(text.contains("choose another with --state-dir"), "{text}");
}

#[tokio::test]
async fn a_second_up_is_refused_with_the_pid_of_the_first() {
    let pool = Pool::new();
    let first = Running::start(&pool);
    first.says("the pool runs").await;
    let (files, state) = (pool.files(), pool.state_dir());
    let arguments = [
        "up",
        files.to_str().unwrap(),
        "--state-dir",
        state.to_str().unwrap(),
        "--no-progress",
    ];
    let (status, text) = ngpool(pool.path(), &arguments);
    assert_eq!(status.code(), Some(1));
    assert!(
        text.contains(&format!("with pid {}", first.pid())),
        "{text}"
    );
    first.stop().await;
}
