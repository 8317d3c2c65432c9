//! What a cut freezes, rounds, and work that is bought, through the whole job.

use ed25519_dalek::Signer;
use ngpayout::settle::{key::load_or_create, published_period};
use ngpool_accounting::{Leaf, Payee, StatementBody, StatementEntry, Subject, pps::mean_fees};
use ngpool_chain::Txid;
use ngpool_settings::PayoutMethod;
use ngpool_signing::{
    encoding::{Base64, Hex},
    request::{FORMAT, Outcome, Response, Statement},
};
use ngpool_store::{Account, StatementSubject};
use serde_json::json;

use crate::{
    pool::{BUYING, MATURITY, Pool, WORTH, key, open, pplns, pps, prop},
    signing::deliver,
    world::{CODE, transaction},
};

const NODES: &[&str] = &["a", "b"];

fn work(works: &[(&str, u128)]) -> Vec<(String, u128)> {
    works
        .iter()
        .map(|(user, work)| ((*user).to_owned(), *work))
        .collect()
}

async fn paid(pool: &Pool, payee: &str) -> i64 {
    pool.balance(Account::Payee(payee.to_owned())).await
}

/// Both nodes go on from the tip of the first.
async fn mature(pool: &mut Pool) {
    let tip = pool.world.extend("a", MATURITY);
    pool.world.set_tip("b", tip);
    pool.settle().await;
}

/// Coins in the reserve.
async fn with_reserve(pool: &mut Pool, amount: i64) {
    pool.settle().await;
    let paid = transaction(
        Txid::from_bytes([0xdd; 32]),
        &[],
        &[(amount, &pool.script())],
    );
    let tip = pool.world.tip("a");
    let block = pool
        .world
        .block(tip, &[(5_000_000_777, b"somebody")], vec![paid]);
    pool.world.set_tip("a", block);
    mature(pool).await;
    pool.fund(amount).await;
    pool.settle().await;
}

#[tokio::test]
async fn settings_that_change_while_a_block_is_only_reported_change_nothing() {
    let mut pool = Pool::start(NODES, &[pplns("main", 10_000), pplns("second", 0)]).await;
    pool.shares("second", &work(&[("bob", 1_000)])).await;
    pool.shares("main", &work(&[("alice", 1_000)])).await;
    let block = pool.find("a", "main", "alice", 1_000_000).await;
    // Over this window half of the block would be the other chain's.
    pool.settings.currency.split_window_milli *= 2;
    pool.donate("alice", 1_000_000).await;
    pool.settle().await;
    let detail = pool.payout.block(&key(block)).await.unwrap().unwrap();
    let parts: Vec<_> = detail
        .parts
        .iter()
        .map(|part| (part.sharechain.as_str(), part.amount.0, part.fee.0))
        .collect();
    assert_eq!(parts, [("main", 1_000_000, 10_000)]);
    mature(&mut pool).await;
    assert_eq!(paid(&pool, "alice").await, 990_000);
    assert_eq!(pool.balance(Account::Donation).await, 0);
}

#[tokio::test]
async fn a_round_pays_its_own_work_and_an_orphan_ends_one() {
    let mut pool = Pool::start(NODES, &[prop("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 10), ("bob", 30)]))
        .await;
    let fork = pool.world.tip("a");
    pool.find("a", "main", "alice", 400).await;
    pool.settle().await;
    // Everybody goes another way: that block is lost, and so is what it would have paid.
    let mut tip = fork;
    for _ in 0..4 {
        tip = pool.world.block(tip, &[(50, b"somebody")], vec![]);
    }
    pool.world.agree(tip);
    pool.settle().await;
    pool.shares("main", &work(&[("bob", 5), ("carol", 15)]))
        .await;
    pool.find("a", "main", "bob", 1_000).await;
    mature(&mut pool).await;
    assert_eq!(paid(&pool, "alice").await, 0);
    assert_eq!(paid(&pool, "bob").await, 250);
    assert_eq!(paid(&pool, "carol").await, 750);
}

#[tokio::test]
async fn work_is_bought_at_the_subsidy_and_the_mean_fees_and_stated_like_a_block() {
    let mut chain = pps("main", 500_000);
    chain.method = PayoutMethod::Fpps(BUYING);
    let mut pool = Pool::start(NODES, &[chain]).await;
    with_reserve(&mut pool, 10_000_000_000).await;
    pool.donate("alice", 250_000).await;
    pool.shares("main", &work(&[("alice", 100), ("bob", 50)]))
        .await;
    let report = pool.settle().await;
    assert_eq!(report.purchases[0].what, "period 1 is credited");

    let values = pool.payout.coinbase_values(CODE, 144).await.unwrap();
    let fees = mean_fees(
        values
            .iter()
            .map(|(_, value)| (value.0 as u64, 5_000_000_000)),
    );
    assert!(fees > 0, "{values:?}");
    // A work unit is a thousandth of a block, and its own job was worth less than the subsidy.
    let of = |work: u128| {
        let fixed = work * ((WORTH.0 << 32) + WORTH.1);
        let fees = (((work << 64) / 1_000) * u128::from(fees)) >> 32;
        u128::midpoint(fixed, fees)
    };
    let given = of(100) / 4;
    assert_eq!(paid(&pool, "alice").await, ((of(100) - given) >> 32) as i64);
    assert_eq!(paid(&pool, "bob").await, (of(50) >> 32) as i64);
    assert_eq!(pool.balance(Account::Donation).await, (given >> 32) as i64);

    let statements = pool.payout.statements(CODE, "main", 0, 10).await.unwrap();
    assert_eq!(statements[0].subject, StatementSubject::Period(1));
    let body = StatementBody::decode(&statements[0].body).unwrap();
    let Subject::Period {
        number: 1,
        after: 0,
        to: 1,
    } = body.subject
    else {
        panic!("{:?}", body.subject);
    };
    let entry = &body.entries[&Payee::from("bob")];
    assert_eq!(entry.amount, (of(50) >> 32) as u64);
    let period = pool
        .payout
        .pps_period(CODE, "main", 1)
        .await
        .unwrap()
        .unwrap();
    let tree = published_period(&period).unwrap();
    assert_eq!(tree.root().hash, body.root);
    let leaf = Leaf::public(&Payee::from("bob"), 50, entry.amount);
    tree.proof(&leaf)
        .unwrap()
        .verify(&leaf, &tree.root())
        .unwrap();

    // The block that this work finds is the reserve's.
    let before = pool.balance(Account::PpsReserve).await;
    pool.find("a", "main", "bob", 7_000).await;
    mature(&mut pool).await;
    assert_eq!(pool.balance(Account::PpsReserve).await, before + 7_000);
    let statements = pool.payout.statements(CODE, "main", 1, 10).await.unwrap();
    let body = StatementBody::decode(&statements[0].body).unwrap();
    assert_eq!(
        (body.reserve, body.amount, body.entries.len()),
        (7_000, 7_000, 0)
    );
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_period_that_the_signer_has_is_credited_as_it_was_stated_whatever_the_work_comes_to_now()
{
    let mut pool = Pool::start(NODES, &[pps("main", 500_000)]).await;
    with_reserve(&mut pool, 10_000_000_000).await;
    pool.donate("carol", 500_000).await;
    pool.shares("main", &work(&[("alice", 100), ("carol", 50)]))
        .await;
    // The signer has a statement of it, of which this database knows nothing.
    let web = open(&pool.database.url_of("web"));
    let position = json!({ "payout": 0, "statements": [{ "sharechain": "main", "after": 1 }] });
    let now = pool.tick();
    web.see_signer(CODE, 0, &position, now).await.unwrap();
    let report = pool.settle().await;
    assert_eq!(report.purchases, vec![]);
    let waits = "the signer has the statements of main up to 1, here are those up to 0";
    assert!(report.waiting.iter().any(|why| why.contains(waits)));

    let credit = |amount: u64| StatementEntry {
        script: vec![],
        amount,
    };
    let stated = StatementBody {
        currency: CODE.to_owned(),
        genesis: pool.settings.currency.network.genesis_hash.to_bytes(),
        sharechain: "main".to_owned(),
        number: 1,
        previous: [0; 32],
        subject: Subject::Period {
            number: 1,
            after: 0,
            to: 2,
        },
        amount: 1_107,
        fee: 0,
        donation: 7,
        reserve: 0,
        bonus: 0,
        root: [5; 32],
        entries: [("alice", 900), ("bob", 200)]
            .map(|(payee, amount)| (Payee::from(payee), credit(amount)))
            .into(),
    };
    let key = load_or_create(&pool.settings.statement_key_file).unwrap();
    let bytes = stated.encode();
    let answer = Response {
        format: FORMAT,
        currency: CODE.to_owned(),
        genesis_hash: pool.settings.currency.network.genesis_hash,
        number: None,
        version: None,
        position: serde_json::from_value(position).unwrap(),
        outcome: Outcome::Told {
            statements: vec![Statement {
                digest: Hex(stated.digest()),
                signature: Hex(key.sign(&bytes).to_bytes()),
                body: Base64(bytes),
            }],
        },
    };
    let mut forged = answer.clone();
    if let Outcome::Told { statements } = &mut forged.outcome {
        statements[0].signature = Hex([1; 64]);
    }
    deliver(&pool, &forged).await;
    pool.settle().await;
    assert_eq!(pool.payout.next_taken(CODE).await.unwrap(), vec![]);
    deliver(&pool, &answer).await;
    // The shares up to its end are not all back yet.
    pool.settle().await;
    let report = pool.settle().await;
    let waits = "waits for the shares up to position 2";
    assert!(report.waiting.iter().any(|why| why.contains(waits)));
    pool.shares("main", &work(&[("bob", 20)])).await;
    let reserve = pool.balance(Account::PpsReserve).await;
    let report = pool.settle().await;
    assert_eq!(
        report.purchases[0].what,
        "period 1 is credited as the signer has it"
    );
    assert_eq!(paid(&pool, "alice").await, 900);
    assert_eq!(paid(&pool, "bob").await, 200);
    assert_eq!(paid(&pool, "carol").await, 0);
    assert_eq!(pool.balance(Account::Donation).await, 7);
    assert_eq!(pool.balance(Account::PpsReserve).await, reserve - 1_107);
    let last = pool.payout.last_statement(CODE, "main").await.unwrap();
    assert_eq!(last.unwrap().digest, stated.digest());

    // Work after it is bought as ever, in the next statement.
    pool.shares("main", &work(&[("alice", 100)])).await;
    pool.settle().await;
    let last = pool.payout.last_statement(CODE, "main").await.unwrap();
    let last = last.unwrap();
    assert_eq!((last.seq, last.previous), (2, stated.digest()));
    let bought = (((100 * ((WORTH.0 << 32) + WORTH.1)) / 2) >> 32) as i64;
    assert_eq!(paid(&pool, "alice").await, 900 + bought);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_chain_that_changes_its_method_pays_what_was_bought_once_and_the_rest_by_the_new_one() {
    let mut pool = Pool::start(NODES, &[pps("main", 500_000)]).await;
    with_reserve(&mut pool, 10_000_000_000).await;
    pool.shares("main", &work(&[("alice", 600)])).await;
    pool.settle().await;
    pool.shares("main", &work(&[("bob", 200)])).await;
    // From here on it is PPLNS.
    pool.settings.pps.clear();
    pool.chains = vec![pplns("main", 0)];
    pool.settle_twice_at_once().await;
    let bought = |work: u128| (((work * ((WORTH.0 << 32) + WORTH.1)) / 2) >> 32) as i64;
    assert_eq!(paid(&pool, "alice").await, bought(600));
    assert_eq!(paid(&pool, "bob").await, bought(200));
    let switches = pool.payout.pps_switches(CODE, "main", 9).await.unwrap();
    assert_eq!((switches[0].buys, switches[0].from_pos), (false, 2));

    pool.shares("main", &work(&[("carol", 200)])).await;
    let before = pool.balance(Account::PpsReserve).await;
    let block = pool.find("a", "main", "carol", 1_000).await;
    mature(&mut pool).await;
    assert_eq!(paid(&pool, "carol").await, 200);
    assert_eq!(pool.balance(Account::PpsReserve).await, before + 800);
    assert_eq!(paid(&pool, "alice").await, bought(600), "once");
    let detail = pool.payout.block(&key(block)).await.unwrap().unwrap();
    assert_eq!(detail.parts[0].window_work.0, 1_000);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn without_a_reserve_work_is_paid_by_the_window_and_the_report_says_why() {
    let mut pool = Pool::start(NODES, &[pps("main", 20_000)]).await;
    pool.shares("main", &work(&[("alice", 10)])).await;
    pool.find("a", "main", "alice", 1_000).await;
    let report = pool.settle().await;
    assert!(
        report.waiting.iter().any(|line| line.contains(
            "sharechain main is paid by its window: the reserve holds 0.00000000 and it needs"
        )),
        "{:?}",
        report.waiting
    );
    mature(&mut pool).await;
    assert_eq!(paid(&pool, "alice").await, 980);
    assert_eq!(pool.balance(Account::PpsReserve).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_is_bought_once_wherever_a_run_is_killed() {
    let mut pool = Pool::start(NODES, &[pps("main", 500_000)]).await;
    with_reserve(&mut pool, 10_000_000_000).await;
    let reserve = pool.balance(Account::PpsReserve).await;
    let mut done = 0;
    let mut wait = 1;
    loop {
        pool.shares("main", &work(&[("alice", 2), ("bob", 4)]))
            .await;
        done += 1;
        let is_whole = pool.settle_killed(wait).await;
        pool.assert_no_drift().await;
        if is_whole {
            break;
        }
        wait += 3;
    }
    pool.settle_twice_at_once().await;
    let bought = |work: u128| (((work * ((WORTH.0 << 32) + WORTH.1)) / 2) >> 32) as i64;
    assert!(done > 10, "{done} kills");
    assert_eq!(paid(&pool, "alice").await, bought(2 * done));
    assert_eq!(paid(&pool, "bob").await, bought(4 * done));
    let left = bought(2 * done) + bought(4 * done);
    assert_eq!(pool.balance(Account::PpsReserve).await, reserve - left);
    // A statement for each period, in order, and every unit is in one.
    let periods = pool.payout.pps_periods(CODE, "main", None, 1_000).await;
    let periods = periods.unwrap();
    let statements = pool
        .payout
        .statements(CODE, "main", 0, 1_000)
        .await
        .unwrap();
    assert_eq!(statements.len(), periods.len());
    let mut stated = 0;
    for (number, statement) in (1..).zip(&statements) {
        assert_eq!(statement.subject, StatementSubject::Period(number));
        stated += StatementBody::decode(&statement.body).unwrap().credited();
    }
    assert_eq!(stated, left as u128);
}
