//! The program as it is started by a schedule: exit status, kills.

use std::{path::PathBuf, process::Output, time::Duration};

use ngpool_store::{Account, BlockState};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::process::Command;

use crate::{
    pool::{MATURITY, Pool, pplns},
    world::CODE,
};

const KILLS: u32 = 12;

fn command(document: &PathBuf) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ngpayout"));
    command
        .args(["settle", "--log-format", "json", "--document"])
        .arg(document)
        .kill_on_drop(true);
    command
}

fn write_document(pool: &Pool, directory: &tempfile::TempDir) -> PathBuf {
    let path = directory.path().join("payout.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&pool.settings).unwrap()).unwrap();
    path
}

async fn run(document: &PathBuf) -> Output {
    command(document).output().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exit_status_says_whether_every_step_succeeded_and_the_log_why_not() {
    let directory = tempfile::tempdir().unwrap();
    let mut pool = Pool::start(&["a"], &[pplns("main", 0)]).await;
    let document = write_document(&pool, &directory);
    pool.shares("main", &[("alice".into(), 10)]).await;
    let block = pool.find("a", "main", "alice", 50).await;
    let output = run(&document).await;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    assert_eq!(pool.state(block).await, BlockState::Accepted);
    assert_eq!(log.matches("block changed").count(), 1, "{log}");

    pool.world.set_down("a", true);
    let output = run(&document).await;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(
        log.contains("step blocks failed: no node of the currency answers"),
        "{log}"
    );

    std::fs::write(&document, "{}").unwrap();
    let output = run(&document).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("missing field"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_killed_at_random_moments_loses_and_doubles_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut pool = Pool::start(&["a", "b"], &[pplns("main", 10_000)]).await;
    let document = write_document(&pool, &directory);
    let mut random = StdRng::seed_from_u64(7);
    let mut found = 0;
    for _ in 0..KILLS {
        for _ in 0..3 {
            pool.shares("main", &[("alice".into(), 7), ("bob".into(), 11)])
                .await;
            pool.find("a", "main", "alice", 1_001).await;
            found += 1;
        }
        let tip = pool.world.extend("a", MATURITY);
        pool.world.agree(tip);
        // A schedule that fires twice, and a machine that goes away under one of them.
        let mut killed = command(&document).spawn().unwrap();
        let other = command(&document).spawn().unwrap();
        // Not a wait for something: the moment of the kill.
        tokio::time::sleep(Duration::from_millis(random.random_range(0..250))).await;
        killed.kill().await.unwrap();
        assert!(other.wait_with_output().await.unwrap().status.success());
    }
    pool.settle().await;
    let statements = pool
        .payout
        .statements(CODE, "main", 0, 1_000)
        .await
        .unwrap();
    assert_eq!(i64::try_from(statements.len()).unwrap(), found);
    let mut paid = pool.balance(Account::Fee).await;
    for payee in ["alice", "bob"] {
        paid += pool.balance(Account::Payee(payee.into())).await;
    }
    assert_eq!(paid, found * 1_001);
    assert_eq!(pool.balance(Account::UtxoSpendable).await, -paid);
    pool.assert_no_drift().await;
}
