//! What the audit says and does while blocks, deposits and thefts come and go.

use ngpayout::audit::AuditReport;
use ngpool_chain::{Amount, BlockHash, Txid};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_store::{
    Account, Deficit, Entry, Outpoint, PayoutStop, SolvencyVerdict, StoppedBy, Transaction,
    TransactionId,
};

use crate::{
    pool::{DEPTH, MATURITY, Pool, key, pplns},
    world::{CODE, transaction},
};

const REWARD: i64 = 1_000_000;

/// A pool of two nodes with a mature block of alice's.
async fn paid() -> (Pool, BlockHash) {
    let mut pool = Pool::start(&["a", "b"], &[pplns("main", 10_000)]).await;
    pool.shares("main", &[("alice".into(), 300)]).await;
    let block = pool.find("a", "main", "alice", REWARD).await;
    let tip = pool.world.extend("a", MATURITY);
    pool.world.set_tip("b", tip);
    assert_eq!(
        audit(&mut pool).await.solvency.verdict,
        SolvencyVerdict::Clean
    );
    (pool, block)
}

/// The audit of a run that succeeds in every step.
async fn audit(pool: &mut Pool) -> AuditReport {
    pool.settle().await.audit.unwrap()
}

/// Runs statements as the owner of the database.
fn psql(url: &str, sql: &str) {
    let program = crate::payouts::restore::program("psql");
    let done = std::process::Command::new(program)
        .args(["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", url])
        .args(["--command", sql])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{words}");
}

async fn stop(pool: &Pool) -> Option<PayoutStop> {
    pool.payout.payout_stop(CODE).await.unwrap()
}

/// A block on a's tip, followed by both nodes, with a transaction that spends an output.
fn spend(pool: &Pool, spent: (Txid, u32), outputs: &[(i64, &[u8])]) -> BlockHash {
    let txid = Txid::from_bytes([0x5a; 32]);
    let theft = transaction(txid, &[spent], outputs);
    let parent = pool.world.tip("a");
    let block = pool.world.block(parent, &[(50, b"somebody")], vec![theft]);
    pool.world.agree(block);
    block
}

#[tokio::test]
async fn every_coin_is_accounted_for_through_the_life_of_a_block() {
    let mut pool = Pool::start(&["a"], &[pplns("main", 10_000)]).await;
    pool.shares("main", &[("alice".into(), 300)]).await;
    pool.world.extend("a", 2);
    let parent = pool.world.tip("a");
    let block = pool
        .world
        .block(parent, &[(REWARD, &pool.script())], vec![]);
    let taken = [("a", SubmitOutcome::Accepted, "")];
    pool.report(block, ("main", "alice", REWARD), &taken).await;
    pool.world.set_tip("a", block);
    let reported = audit(&mut pool).await.solvency;
    assert_eq!(reported.verdict, SolvencyVerdict::Clean, "{reported:?}");
    assert_eq!(
        (reported.on_chain, reported.booked),
        (Amount(REWARD), Amount(0))
    );
    let reason = reported.items[0]["reason"].as_str().unwrap();
    assert!(reason.contains("which is reported"), "{reason}");

    pool.cut_all(block).await;
    let accepted = audit(&mut pool).await.solvency;
    assert_eq!(
        (accepted.immature, accepted.in_transit),
        (Amount(REWARD), Amount(0))
    );
    assert_eq!(accepted.items.as_array().unwrap().len(), 0);

    pool.world.extend("a", MATURITY);
    let mature = audit(&mut pool).await.solvency;
    assert_eq!(mature.verdict, SolvencyVerdict::Clean);
    assert_eq!(
        (mature.payees, mature.pool),
        (Amount(990_000), Amount(10_000))
    );
    assert_eq!(mature.pool_accounts["fee"], Amount(10_000));
    assert_eq!((mature.outputs, mature.on_chain), (1, Amount(REWARD)));
    assert_eq!(mature.tip.1, pool.world.tip("a"));
    let stored = pool.payout.last_solvency(CODE).await.unwrap().unwrap();
    assert_eq!(stored, mature);
    assert_eq!(
        pool.payout
            .solvency_before(CODE, None, 10)
            .await
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn a_strangers_deposit_stops_nothing() {
    let (mut pool, _) = paid().await;
    let script = pool.script();
    spend(
        &pool,
        (Txid::from_bytes([9; 32]), 0),
        &[(7, &script), (0, &script)],
    );
    let seen = audit(&mut pool).await;
    assert_eq!(seen.solvency.verdict, SolvencyVerdict::Clean);
    assert_eq!(seen.solvency.in_transit, Amount(7));
    let tip = pool.world.extend("a", DEPTH);
    pool.world.set_tip("b", tip);
    let booked = audit(&mut pool).await;
    assert_eq!(booked.solvency.pool_accounts["unallocated"], Amount(7));
    assert_eq!(booked.solvency.in_transit, Amount(0));
    assert_eq!((booked.stop, stop(&pool).await), (None, None));
}

#[tokio::test]
async fn coins_that_no_payout_of_ours_spent_stop_payouts_until_they_are_back() {
    let (mut pool, block) = paid().await;
    let before = pool.world.tip("a");
    spend(
        &pool,
        (pool.world.coinbase_of(block), 0),
        &[(REWARD, b"thief")],
    );
    let theft = audit(&mut pool).await;
    assert_eq!(theft.solvency.verdict, SolvencyVerdict::Drift);
    assert_eq!(theft.solvency.drift, Amount(-REWARD));
    let reason = theft.stop.unwrap();
    assert!(
        reason.contains("no version of a payout of ours"),
        "{reason}"
    );
    let since = stop(&pool).await.unwrap();
    assert_eq!((since.by, &since.reason), (StoppedBy::Audit, &reason));

    // Again: still since then.
    audit(&mut pool).await;
    assert_eq!(stop(&pool).await.unwrap(), since);
    let at = pool.tick();
    pool.payout
        .stop_payouts(CODE, StoppedBy::Operator, "I am looking", at)
        .await
        .unwrap();

    // The theft is reorganised out.
    let mut tip = before;
    for _ in 0..2 {
        tip = pool.world.block(tip, &[(50, b"somebody")], vec![]);
    }
    pool.world.agree(tip);
    let back = audit(&mut pool).await;
    assert_eq!(back.solvency.verdict, SolvencyVerdict::Clean);
    assert_eq!(
        back.stop.as_deref(),
        Some("I am looking"),
        "the audit lifts its own only"
    );
    assert!(
        pool.payout
            .lift_payout_stop(CODE, StoppedBy::Operator)
            .await
            .unwrap()
    );
    assert_eq!(stop(&pool).await, None);
}

#[tokio::test]
async fn a_lost_credited_block_stops_payouts_until_capital_covers_it() {
    let (mut pool, block) = paid().await;
    let fork = pool.world.previous_of(block);
    let mut tip = fork;
    for _ in 0..MATURITY + 3 {
        tip = pool.world.block(tip, &[(50, b"somebody")], vec![]);
    }
    // One node alone: the two disagree, and nothing is stopped.
    pool.world.set_tip("a", tip);
    let doubt = audit(&mut pool).await;
    assert_eq!(doubt.solvency.verdict, SolvencyVerdict::Doubtful);
    assert!(
        doubt.solvency.reason.contains("b is on another chain"),
        "{doubt:?}"
    );
    assert_eq!(stop(&pool).await, None);

    pool.world.agree(tip);
    let lost = audit(&mut pool).await;
    assert_eq!(lost.solvency.verdict, SolvencyVerdict::Drift, "{lost:?}");
    assert_eq!(
        lost.solvency.uncovered,
        Amount(REWARD - 10_000),
        "all but the fee"
    );
    assert_eq!(lost.solvency.drift, Amount(0), "the books know of it");
    assert!(stop(&pool).await.is_some());

    let script = pool.script();
    spend(&pool, (Txid::from_bytes([9; 32]), 0), &[(REWARD, &script)]);
    let tip = pool.world.extend("a", DEPTH);
    pool.world.set_tip("b", tip);
    let sent = audit(&mut pool).await;
    assert_eq!(
        sent.solvency.uncovered,
        Amount(REWARD - 10_000),
        "a deposit covers nothing until somebody says whose it is"
    );
    let entry = |account, amount| Entry {
        account,
        amount: Amount(amount),
    };
    let capital = Transaction {
        currency: CODE.into(),
        id: TransactionId::derive(CODE, "capital", &[b"test"]),
        kind: "capital".into(),
        cause: serde_json::json!({}),
        at: pool.tick(),
        entries: vec![
            entry(Account::Unallocated, -REWARD),
            entry(Account::Capital, REWARD),
        ],
    };
    pool.payout.post(&capital).await.unwrap();
    let covered = audit(&mut pool).await;
    assert_eq!(covered.solvency.verdict, SolvencyVerdict::Clean);
    assert_eq!(stop(&pool).await, None);
}

#[tokio::test]
async fn a_doubt_lifts_no_stop() {
    let (mut pool, block) = paid().await;
    let before = pool.world.tip("a");
    spend(
        &pool,
        (pool.world.coinbase_of(block), 0),
        &[(REWARD, b"thief")],
    );
    audit(&mut pool).await;
    assert!(stop(&pool).await.is_some());
    // One node says that the coins are back, the other does not.
    let mut tip = before;
    for _ in 0..3 {
        tip = pool.world.block(tip, &[(50, b"somebody")], vec![]);
    }
    pool.world.set_tip("a", tip);
    let doubt = audit(&mut pool).await;
    assert_eq!(doubt.solvency.verdict, SolvencyVerdict::Doubtful);
    assert!(stop(&pool).await.is_some());
    pool.world.agree(tip);
    assert_eq!(
        audit(&mut pool).await.solvency.verdict,
        SolvencyVerdict::Clean
    );
    assert_eq!(stop(&pool).await, None);
}

#[tokio::test]
async fn books_that_were_changed_by_hand_are_drift() {
    let (mut pool, _) = paid().await;
    let entry = |account, amount| Entry {
        account,
        amount: Amount(amount),
    };
    let invented = Transaction {
        currency: CODE.into(),
        id: TransactionId::derive(CODE, "gift", &[b"me"]),
        kind: "gift".into(),
        cause: serde_json::json!({}),
        at: pool.tick(),
        entries: vec![
            entry(Account::Payee("mallory".into()), 500),
            entry(Account::UtxoSpendable, -500),
        ],
    };
    pool.payout.post(&invented).await.unwrap();
    let found = audit(&mut pool).await;
    assert_eq!(found.solvency.verdict, SolvencyVerdict::Drift);
    assert_eq!(found.solvency.drift, Amount(-500));
    assert!(
        found
            .stop
            .unwrap()
            .contains("the utxo accounts hold 1000500")
    );
}

#[tokio::test]
async fn books_that_do_not_add_up_stop_payouts_until_they_do() {
    let (mut pool, _) = paid().await;
    // Beside every rule: by the owner of the tables.
    let change = |by: i64| {
        let sql = format!(
            "ALTER TABLE balance DISABLE TRIGGER ALL; \
             UPDATE balance SET amount = amount + {by} WHERE account = 'payee:alice'"
        );
        psql(&pool.database.owner_url(), &sql);
    };
    change(5);
    let fresh = audit(&mut pool).await.stop.unwrap();
    let sums = "the utxo accounts hold 1000000, the other accounts together 1000005";
    assert!(fresh.contains(sums), "{fresh}");
    assert!(
        !fresh.contains("add up"),
        "every entry is read once an hour"
    );
    for _ in 0..3_600 {
        pool.tick();
    }
    for _ in 0..2 {
        let found = audit(&mut pool).await;
        assert_eq!(found.solvency.verdict, SolvencyVerdict::Drift);
        let reason = found.stop.unwrap();
        assert!(
            reason.contains("add up by themselves: balance payee:alice is off by 5"),
            "{reason}"
        );
    }
    psql(
        &pool.database.owner_url(),
        "UPDATE balance SET amount = amount - 5 WHERE account = 'payee:alice'",
    );
    assert_eq!(audit(&mut pool).await.stop, None);
}

#[tokio::test]
async fn a_deposit_that_was_booked_as_capital_is_taken_back_when_the_chain_loses_it() {
    let (mut pool, _) = paid().await;
    let fork = pool.world.tip("a");
    let script = pool.script();
    spend(&pool, (Txid::from_bytes([9; 32]), 0), &[(700, &script)]);
    let tip = pool.world.extend("a", DEPTH);
    pool.world.set_tip("b", tip);
    audit(&mut pool).await;
    let deposits = pool.payout.unallocated_deposits(CODE).await.unwrap();
    let coin = Outpoint {
        txid: deposits[0].output.txid,
        vout: deposits[0].output.vout,
    };
    let at = pool.tick();
    let store = pool.payout.clone();
    store.book_capital(CODE, coin, DEPTH, at).await.unwrap();
    store
        .fund_reserve(CODE, Amount(400), "some of it", at)
        .await
        .unwrap();

    // Lost, deeper than anybody believed: what is left of it goes, and the rest is a loss.
    let mut other = fork;
    for _ in 0..DEPTH + 4 {
        other = pool.world.block(other, &[(50, b"somebody")], vec![]);
    }
    pool.world.agree(other);
    let lost = audit(&mut pool).await;
    assert_eq!(lost.solvency.pool_accounts["orphan_loss"], Amount(-400));
    for account in [Account::Capital, Account::Unallocated] {
        assert_eq!(pool.balance(account).await, 0);
    }
    assert_eq!(lost.solvency.drift, Amount(0));
    pool.assert_no_drift().await;

    // It is there again: nobody's, until the operator says so, and then it covers the loss.
    pool.world.agree(tip);
    let tip = pool.world.extend("a", 6);
    pool.world.set_tip("b", tip);
    audit(&mut pool).await;
    assert_eq!(pool.balance(Account::Unallocated).await, 700);
    let at = pool.tick();
    store.book_capital(CODE, coin, DEPTH, at).await.unwrap();
    let covered = store
        .cover_deficit(CODE, Deficit::OrphanLoss, None, at)
        .await
        .unwrap();
    assert_eq!(covered, Amount(400));
    assert_eq!(pool.balance(Account::Capital).await, 300);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_coinbase_that_pays_somebody_else_too_is_an_alarm() {
    let mut pool = Pool::start(&["a"], &[pplns("main", 0)]).await;
    pool.shares("main", &[("alice".into(), 300)]).await;
    let script = pool.script();
    let outputs: [(i64, &[u8]); 3] = [(REWARD, &script), (77, b"thief"), (0, b"commitment")];
    let block = pool.world.block(pool.world.tip("a"), &outputs, vec![]);
    let taken = [("a", SubmitOutcome::Accepted, "")];
    pool.report(block, ("main", "alice", REWARD), &taken).await;
    pool.cut_all(block).await;
    pool.world.set_tip("a", block);
    let honest = pool.find("a", "main", "alice", REWARD).await;
    let report = audit(&mut pool).await;
    let [alarm] = &report.alarms[..] else {
        panic!("{:?}", report.alarms)
    };
    assert!(alarm.contains(&block.to_string()) && !alarm.contains(&honest.to_string()));
    assert!(
        alarm.contains("0.00000077") && alarm.contains(&hex::encode("thief")),
        "{alarm}"
    );
    assert_eq!(
        report.solvency.verdict,
        SolvencyVerdict::Clean,
        "it stops nothing"
    );
    assert_eq!(
        audit(&mut pool).await.alarms.len(),
        1,
        "told once, kept until seen"
    );
    let at = pool.tick();
    assert_eq!(pool.payout.alarms_seen(CODE, at).await.unwrap(), 1);
    assert_eq!(audit(&mut pool).await.alarms, Vec::<String>::new());
    assert_eq!(pool.payout.alarms(CODE, true, 10).await.unwrap().len(), 1);
    assert!(pool.payout.block(&key(block)).await.unwrap().is_some());
}

#[tokio::test]
async fn audits_are_thinned_out_to_one_a_day() {
    let (mut pool, _) = paid().await;
    let mut audit = audit(&mut pool).await.solvency;
    let start = audit.at;
    for hour in 0..24 * 70 {
        audit.at = start + chrono::TimeDelta::hours(hour + 1);
        pool.payout.record_solvency(&audit).await.unwrap();
    }
    let kept = pool
        .payout
        .solvency_before(CODE, None, 10_000)
        .await
        .unwrap();
    // 1,440 one by one are 60 days of these; of the ten before, the last of each.
    assert!((1_441..=1_455).contains(&kept.len()), "{}", kept.len());
    assert_eq!(kept[0].at, audit.at);
}
