//! The program killed at each of its commits and calls, and started again: the books of a run that
//! nobody disturbed.

mod whole;

use std::{path::Path, process::Stdio};

use ngpool_settings::PayoutSettings;
use ngpool_store::BlockState;
use ngpool_testkit::{CallWire, Database, DatabaseWire, Faults, process};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    pool::{MATURITY, Pool, pplns},
    world::transaction,
};

/// Calls of a coinserver that change nothing there.
const QUESTIONS: &[&str] = &[
    "/ChainStatus",
    "/BlockState",
    "/BlockAt",
    "/TransactionState",
    "/EstimateFee",
    "/UnspentOutputs",
];

/// Stories told at once: each waits for the database most of its time.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_killed_at_any_commit_or_call_and_repeated_ends_in_the_same_books() {
    let pool = before().await;
    let (undisturbed, points) = tell(&pool.database, &pool.settings, Faults::none()).await;
    assert!(points.len() > 40, "{points:#?}");
    let commits = points.iter().filter(|point| !point.contains(" POST "));
    assert!(commits.count() > 20, "{points:#?}");

    let mut stories = JoinSet::new();
    for point in points {
        let (database, settings) = (pool.database.clone(), pool.settings.clone());
        let expected = undisturbed.clone();
        stories.spawn(async move {
            let faults = Faults::at(&point);
            let (books, _) = tell(&database, &settings, faults.clone()).await;
            assert_struck(&faults, &point);
            assert_same(&books, &expected, &point);
        });
        if stories.len() == AT_ONCE {
            stories.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(story) = stories.join_next().await {
        story.unwrap();
    }
}

/// How many blocks are asked for at once, before the end of the chain is seen, is not always the
/// same; every other point is reached every time.
fn assert_struck(faults: &Faults, point: &str) {
    let is_struck = faults.struck().is_some();
    assert!(
        is_struck || point.contains("/BlockAt,"),
        "{point} was not reached"
    );
}

/// Tells which rows differ, not all of them.
fn assert_same(books: &[String], expected: &[String], story: &str) {
    let only = |these: &[String], those: &[String]| {
        let more = these.iter().filter(|row| !those.contains(row));
        more.cloned().collect::<Vec<_>>().join("\n  ")
    };
    assert!(
        books == expected,
        "{story}: the books have\n  {}\nwithout a fault they have\n  {}",
        only(books, expected),
        only(expected, books)
    );
}

/// A pool for whose next run there is everything to do: a block to accept and one to mature, one to
/// orphan and one to restore, a stranger's deposit.
async fn before() -> Pool {
    let mut pool = Pool::start(&["a"], &[pplns("main", 10_000), pplns("second", 0)]).await;
    let world = pool.world.clone();
    for chain in ["main", "second"] {
        pool.shares(chain, &[("alice".into(), 7), ("bob".into(), 11)])
            .await;
    }
    pool.settle().await;
    let fork = world.tip("a");
    let orphan = pool.find("a", "main", "alice", 1_001).await;
    pool.settle().await;
    let branch = world.tip("a");
    world.set_tip("a", fork);
    let lost = pool.find("a", "second", "bob", 2_003).await;
    world.extend("a", 3);
    pool.settle().await;
    assert_eq!(pool.state(orphan).await, BlockState::Orphaned);
    assert_eq!(pool.state(lost).await, BlockState::Accepted);

    // The first branch again, and everything new on it.
    world.set_tip("a", branch);
    let script = pool.script();
    let gift = transaction(
        ngpool_chain::Txid::from_bytes([9; 32]),
        &[],
        &[(77, &script)],
    );
    let with_gift = world.block(branch, &[(50, b"somebody")], vec![gift]);
    world.set_tip("a", with_gift);
    pool.find("a", "main", "bob", 5_005).await;
    world.extend("a", MATURITY);
    pool.find("a", "second", "alice", 7_007).await;
    // Copies are made of a database that nobody uses.
    pool.ledger.close().await;
    pool.payout.close().await;
    pool
}

/// The program run until it succeeds, on a copy of the database. What it leaves, and its points.
async fn tell(
    database: &Database,
    settings: &PayoutSettings,
    faults: Faults,
) -> (Vec<String>, Vec<String>) {
    let database = database.copy().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let wire = DatabaseWire::start(&faults, "ngpayout", &database, "payout")
        .await
        .unwrap();
    let mut settings = settings.clone();
    settings.database_url_file = directory.path().join("database-url");
    std::fs::write(&settings.database_url_file, wire.url()).unwrap();
    let mut wires = vec![];
    for peer in &mut settings.coinservers {
        let wire = CallWire::start(&faults, "ngpayout", &peer.url, QUESTIONS).await;
        let wire = wire.unwrap();
        peer.url = wire.url();
        wires.push(wire);
    }
    let document = directory.path().join("payout.json");
    std::fs::write(&document, serde_json::to_vec_pretty(&settings).unwrap()).unwrap();
    for _ in 0..2 {
        if run(&faults, &directory, &document).await {
            break;
        }
        assert!(faults.struck().is_some(), "it fails without a fault");
    }
    let mut books = database.contents(&[]).await.unwrap();
    // Every run leaves an audit of its own.
    books.dedup_by(|one, other| one == other && one.starts_with("solvency "));
    database.remove().await.unwrap();
    (books, faults.points())
}

/// One run; whether it came to its end. One that was not killed must.
async fn run(faults: &Faults, directory: &TempDir, document: &Path) -> bool {
    let log = directory.path().join("log");
    let mut command = process::command(env!("CARGO_BIN_EXE_ngpayout"));
    command
        .args(["settle", "--document"])
        .arg(document)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log).unwrap());
    let was_struck = faults.struck().is_some();
    let process = faults.start("ngpayout", command).unwrap();
    let status = process.wait().await.unwrap();
    let is_struck = !was_struck && faults.struck().is_some();
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(status.success() || is_struck, "{status}: {log}");
    status.success()
}
