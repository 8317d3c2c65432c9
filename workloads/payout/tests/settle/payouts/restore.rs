//! The database is put back from a backup: what was sent since comes back from the signer and the
//! chain, and nothing is signed or sent again.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use chrono::DateTime;
use ngpayout::payout::by_hand;
use ngpool_chain::{BlockHash, Height, Work};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_signing::request::Response;
use ngpool_store::{
    Batch, BatchContents, CurrencySet, CurrencyWeight, ProducerId, Slice, SolvencyVerdict,
    StoppedBy,
};
use ngpool_testkit::Database;

use super::*;
use crate::{
    pool::{key, open, report_of},
    signing::deliver,
};

/// Passes and answers that a restored pool may need until it knows everything.
const TURNS: usize = 8;

/// `pg_dump` and `pg_restore`, as the backup page calls them.
pub(crate) fn program(name: &str) -> PathBuf {
    let told = std::env::var_os("NGPOOL_POSTGRES_BIN").map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    told.into_iter()
        .chain(debian)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed: install postgresql-client"))
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {words}");
}

/// A batch of one miner, from a journal of its own: the same bytes each time it is sent.
fn batch(producer: u8, user: &str, work: u128) -> Batch {
    let contents = BatchContents {
        port: "port".into(),
        closed_at: DateTime::from_timestamp(1_790_000_500, 0).unwrap(),
        sets: vec![CurrencySet::new([CODE]).unwrap()],
        slices: vec![Slice {
            user: user.to_owned(),
            worker: String::new(),
            set: 0,
            work: Work(work),
            shares: 1,
            weights: vec![CurrencyWeight {
                expected_blocks: (work << 64) / 1_000,
                value: work << 32,
            }],
        }],
        rejects: vec![],
    };
    let content = contents.encode();
    let digest = Batch::digest_of(&[0; 32], 1, &content);
    Batch::verify(ProducerId([producer; 16]), 1, [0; 32], digest, content).unwrap()
}

/// What happened after the backup, as the journals of the stratum servers have it: it is told to the
/// database when it happens and, the same, when the database was put back.
async fn tell(scene: &mut Scene, batch: &Batch, block: &str) {
    tell_shares(scene, batch).await;
    tell_block(scene, block).await;
}

async fn tell_shares(scene: &Scene, batch: &Batch) {
    let at = DateTime::from_timestamp(1_790_000_600, 0).unwrap();
    let ledger = &scene.pool.ledger;
    ledger.store_batch("main", batch, at).await.unwrap();
}

async fn tell_block(scene: &mut Scene, block: &str) {
    let at = DateTime::from_timestamp(1_790_000_600, 0).unwrap();
    let pool = &mut scene.pool;
    let told = scene
        .daemon
        .call("getblock", json!([block, 2]))
        .await
        .unwrap();
    let coinbase = &told["tx"][0];
    let reward = Amount::from_decimal(&coinbase["vout"][0]["value"].to_string(), 8).unwrap();
    let block: BlockHash = block.parse().unwrap();
    let report = report_of(
        key(block),
        (
            Height(told["height"].as_u64().unwrap() as u32),
            told["previousblockhash"].as_str().unwrap().parse().unwrap(),
        ),
        coinbase["txid"].as_str().unwrap().parse().unwrap(),
        (pool.script(), reward.0),
        ("main", "alice"),
        at,
        &[("a", SubmitOutcome::Accepted, "")],
    );
    pool.ledger.report_block(&report, at).await.unwrap();
    pool.cut_all(block).await;
}

/// The signer answers, and the pool hears of it.
async fn turn(scene: &mut Scene) -> Option<Response> {
    let response = scene.signing.answer(&scene.pool).await?;
    deliver(&scene.pool, &response).await;
    Some(response)
}

/// Sends what the signer signs and confirms it; the signer's answer.
async fn pay(scene: &mut Scene, number: u64) -> Response {
    let response = turn(scene).await.unwrap();
    assert!(
        matches!(response.outcome, Outcome::Signed { .. }),
        "{response:?}"
    );
    scene.settle().await;
    let (_, txid) = scene.newest(number).await;
    scene.mine(&[&txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    assert_eq!(scene.state(number).await, PayoutState::Confirmed);
    response
}

async fn statements(scene: &Scene) -> Vec<(u64, [u8; 32])> {
    let statements = scene.pool.payout.statements(CODE, "main", 0, 100).await;
    let statements = statements.unwrap();
    statements.iter().map(|one| (one.seq, one.digest)).collect()
}

fn dump(scene: &Scene, file: &Path) {
    run(Command::new(program("pg_dump"))
        .args(["--format=custom", "--file"])
        .arg(file)
        .arg(scene.pool.database.owner_url()));
}

/// The database is lost, and put back as it was.
async fn restore(scene: &mut Scene, file: &Path) {
    let restored = Database::create().await.unwrap();
    run(Command::new(program("pg_restore"))
        .args(["--exit-on-error", "--dbname"])
        .arg(restored.owner_url())
        .arg(file));
    scene.pool.ledger = open(&restored.url_of("ledger"));
    scene.pool.payout = open(&restored.url_of("payout"));
    scene.pool.database = restored;
}

/// The signer asks as it always does, which tells how far it is.
async fn signer_asks(scene: &mut Scene, last: &Response) {
    let web = open(&scene.pool.database.url_of("web"));
    let position = serde_json::to_value(&last.position).unwrap();
    let now = scene.pool.tick();
    web.see_signer(CODE, last.position.payout, &position, now)
        .await
        .unwrap();
}

/// Recovers until nothing is missing; the numbers of the last payout here and at the signer.
async fn recover(scene: &mut Scene) -> (u64, Option<u64>) {
    for round in 0.. {
        let at = scene.pool.tick();
        let (report, recovery) =
            by_hand::recover(&scene.pool.payout, &scene.pool.settings, None, at)
                .await
                .unwrap();
        assert_eq!(report.failures(), Vec::<String>::new());
        if recovery.missing.is_empty() {
            return (recovery.last, recovery.signers_last);
        }
        assert!(round < TURNS, "{recovery:?}");
        if let Some(response) = turn(scene).await {
            let is_new = matches!(&response.outcome, Outcome::Signed { again: false, .. });
            assert!(!is_new, "nothing is signed: {response:?}");
        }
    }
    unreachable!("the rounds are bounded")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shares_that_arrive_again_elsewhere_are_credited_as_the_signer_was_told() {
    let mut scene = Scene::start(Kind::P2wpkh, Replacement::None, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    dump(&scene, &file);

    // Bob's shares come before the block, carol's after it; then both are in the window of another.
    let (bob, carol) = (payee(21), payee(22));
    let (bobs, carols) = (batch(0xb7, &bob, 100), batch(0xc7, &carol, 150));
    let address = scene.pool.settings.currency.subsidy_address.clone();
    let made = scene.daemon.generate_to(2, &address).await.unwrap();
    tell(&mut scene, &bobs, &made[0]).await;
    tell_shares(&scene, &carols).await;
    tell_block(&mut scene, &made[1]).await;
    scene.daemon.generate(100).await.unwrap();
    scene.settle().await;
    let first = scene.prepare(1_000_000).await;
    let last = pay(&mut scene, first).await;
    scene.drift_is_zero().await;
    let after = scene.books().await;
    let stated = statements(&scene).await;
    assert_eq!(stated.len(), 5);

    // Put back, carol's are there first: counted again, the first block is divided otherwise.
    restore(&mut scene, &file).await;
    tell_shares(&scene, &carols).await;
    tell(&mut scene, &bobs, &made[0]).await;
    tell_block(&mut scene, &made[1]).await;

    // The signer asks, and even a pass of settle in between credits nothing that it was told of.
    signer_asks(&mut scene, &last).await;
    let report = scene.settle().await;
    let waits = |text: &str| report.waiting.iter().any(|why| why.contains(text));
    assert!(waits("the signer has the statements of main up to 5"));
    assert_eq!(statements(&scene).await.len(), 3);
    assert_eq!(
        scene.pool.state(made[0].parse().unwrap()).await,
        BlockState::Reported
    );

    assert_eq!(recover(&mut scene).await, (first, Some(first)));
    let report = scene.settle().await;
    let audit = report.audit.unwrap();
    assert_eq!(audit.solvency.verdict, SolvencyVerdict::Clean, "{audit:?}");
    assert_eq!(scene.books().await, after);
    assert_eq!(statements(&scene).await, stated);

    // The signer goes on in the same chain.
    let made = scene.daemon.generate_to(1, &address).await.unwrap();
    tell_block(&mut scene, &made[0]).await;
    scene.daemon.generate(100).await.unwrap();
    scene.settle().await;
    let second = scene.prepare(500_000).await;
    assert_eq!(second, first + 1);
    pay(&mut scene, second).await;
    assert_eq!(statements(&scene).await.len(), 6);
    scene.drift_is_zero().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_database_takes_over_what_was_sent_since_and_nothing_is_signed_again() {
    let mut scene = Scene::start(Kind::P2wpkh, Replacement::None, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    dump(&scene, &file);
    let before = scene.books().await;

    // Since the backup: shares of bob, a block that credits him, and two payouts in a chain.
    let bob = payee(21);
    let shares = batch(0xb7, &bob, 100);
    let address = scene.pool.settings.currency.subsidy_address.clone();
    let made = scene.daemon.generate_to(1, &address).await.unwrap();
    tell(&mut scene, &shares, &made[0]).await;
    scene.daemon.generate(100).await.unwrap();
    scene.settle().await;
    assert!(scene.books().await[&format!("payee:{bob}")] > 0);
    let first = scene.prepare(1_000_000).await;
    pay(&mut scene, first).await;
    let change = scene.newest(first).await.1;
    let second = scene.prepare_from(&change, 2_000_000).await;
    let last = pay(&mut scene, second).await;
    let (whole, _) = scene.newest(second).await;
    assert_eq!(whole.input[0].previous_output.txid.to_string(), change);
    scene.drift_is_zero().await;
    let after = scene.books().await;
    let stated = statements(&scene).await;
    let paid = scene.alice_has().await;
    assert_eq!(paid, 3_000_000);
    let sent = [scene.newest(first).await.1, scene.newest(second).await.1];

    // The database is lost, and put back as it was.
    restore(&mut scene, &file).await;
    assert_eq!(scene.books().await, before);
    assert_eq!(scene.pool.payout.last_payout(CODE).await.unwrap(), 0);

    // The first pass sees coins gone that nobody here sent: payouts stop by themselves.
    tell(&mut scene, &shares, &made[0]).await;
    let report = scene.settle().await;
    let audit = report.audit.unwrap();
    assert_eq!(audit.solvency.verdict, SolvencyVerdict::Drift, "{audit:?}");
    let stop = scene.pool.payout.payout_stop(CODE).await.unwrap();
    assert_eq!(stop.unwrap().by, StoppedBy::Audit);

    signer_asks(&mut scene, &last).await;
    assert_eq!(recover(&mut scene).await, (second, Some(second)));
    let report = scene.settle().await;
    let audit = report.audit.unwrap();
    assert_eq!(audit.solvency.verdict, SolvencyVerdict::Clean, "{audit:?}");
    assert_eq!(audit.stop, None, "lifted by itself");

    // The same totals, payouts and statements; nothing sent again.
    assert_eq!(scene.books().await, after);
    assert_eq!(statements(&scene).await, stated);
    for (number, txid) in [(first, &sent[0]), (second, &sent[1])] {
        assert_eq!(scene.state(number).await, PayoutState::Confirmed);
        assert_eq!(scene.newest(number).await.1, *txid);
    }
    assert_eq!(scene.in_mempool().await, Vec::<String>::new());
    assert_eq!(scene.alice_has().await, paid);

    // And the numbers go on.
    let third = scene.prepare(500_000).await;
    assert_eq!(third, second + 1);
    pay(&mut scene, third).await;
    assert_eq!(scene.alice_has().await, paid + 500_000);
    scene.drift_is_zero().await;
}
