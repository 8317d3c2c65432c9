//! The life of a block, event by event.

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use ngpayout::settle::published_split;
use ngpool_accounting::{Leaf, Payee, StatementBody, Subject};
use ngpool_chain::{Address, BlockHash, Network, Txid};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_store::{Account, BlockState};

use crate::{
    pool::{DEPTH, MATURITY, Pool, key, pplns, solo},
    world::{CODE, transaction},
};

const NODES: &[&str] = &["a", "b"];

fn work(works: &[(&str, u128)]) -> Vec<(String, u128)> {
    works
        .iter()
        .map(|(user, work)| ((*user).to_owned(), *work))
        .collect()
}

fn address(byte: u8) -> String {
    let network = Network::preset("litecoin-regtest").unwrap();
    Address::p2wpkh([byte; 20], &network)
        .unwrap()
        .as_str()
        .to_owned()
}

#[tokio::test]
async fn a_block_is_accepted_then_mature_and_pays_by_work() {
    let mut pool = Pool::start(NODES, &[pplns("main", 10_000)]).await;
    let (alice, bob) = (address(1), address(2));
    pool.shares("main", &work(&[(&alice, 300), (&bob, 100)]))
        .await;
    let block = pool.find("a", "main", &bob, 1_000_000).await;
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Accepted);
    assert_eq!(pool.balance(Account::UtxoCoinbase).await, -1_000_000);
    assert_eq!(pool.balance(Account::Block(block)).await, 1_000_000);
    assert_eq!(
        pool.balance(Account::Payee(alice.clone())).await,
        0,
        "immature"
    );

    // Work after the cut changes nothing.
    pool.shares("main", &work(&[(&address(3), 100_000)])).await;
    pool.world.extend("a", MATURITY - 2);
    pool.settle().await;
    assert_eq!(
        pool.state(block).await,
        BlockState::Accepted,
        "one confirmation is missing"
    );
    let tip = pool.world.extend("a", 1);
    pool.world.set_tip("b", tip);
    let report = pool.settle().await;
    assert_eq!(report.statements, 1);
    assert_eq!(pool.state(block).await, BlockState::Mature);
    assert_eq!(pool.balance(Account::Payee(alice)).await, 742_500);
    assert_eq!(pool.balance(Account::Payee(bob)).await, 247_500);
    assert_eq!(pool.balance(Account::Fee).await, 10_000);
    assert_eq!(pool.balance(Account::UtxoSpendable).await, -1_000_000);
    assert_eq!(pool.balance(Account::UtxoCoinbase).await, 0);
    pool.assert_no_drift().await;

    let detail = pool.payout.block(&key(block)).await.unwrap().unwrap();
    assert_eq!(detail.block.confirmations, MATURITY);
}

#[tokio::test]
async fn statements_are_signed_chained_and_prove_each_part() {
    let mut pool = Pool::start(NODES, &[pplns("main", 10_000)]).await;
    let (alice, bob) = (address(1), address(2));
    let mut blocks = vec![];
    for _ in 0..3 {
        pool.shares(
            "main",
            &work(&[(&alice, 300), (&bob, 101), ("an-account", 7)]),
        )
        .await;
        blocks.push(pool.find("a", "main", &alice, 999_983).await);
    }
    pool.world.extend("a", MATURITY);
    pool.settle().await;
    pool.settle().await;
    let statements = pool.payout.statements(CODE, "main", 0, 10).await.unwrap();
    assert_eq!(statements.len(), 3);
    let mut previous = [0; 32];
    for (statement, block) in statements.iter().zip(&blocks) {
        let signer = VerifyingKey::from_bytes(&statement.key).unwrap();
        let signature = Signature::from_bytes(&statement.signature);
        signer.verify(&statement.body, &signature).unwrap();
        let body = StatementBody::decode(&statement.body).unwrap();
        assert_eq!(body.digest(), statement.digest);
        assert_eq!(body.previous, previous);
        let Subject::Block { hash, .. } = body.subject else {
            panic!("{:?}", body.subject);
        };
        assert_eq!(BlockHash::from_bytes(hash), *block);
        assert_eq!(body.number, statement.seq);
        let script = Address::parse(&alice, &pool.settings.currency.network).unwrap();
        let entry = &body.entries[&Payee::new(alice.as_str())];
        assert_eq!(entry.script, script.script().to_vec());
        assert!(body.entries[&Payee::from("an-account")].script.is_empty());

        let part = pool
            .payout
            .frozen_part(&key(*block), "main")
            .await
            .unwrap()
            .unwrap();
        let tree = published_split(&part).unwrap();
        assert_eq!(tree.root().hash, body.root);
        let (_, work, amount) = part
            .credits
            .iter()
            .find(|credit| credit.0 == alice)
            .unwrap();
        assert_eq!(amount.0 as u64, entry.amount);
        let leaf = Leaf::public(&Payee::new(alice.as_str()), *work, entry.amount);
        tree.proof(&leaf)
            .unwrap()
            .verify(&leaf, &tree.root())
            .unwrap();
        previous = statement.digest;
    }
}

#[tokio::test]
async fn an_orphan_needs_two_tips_and_is_restored_with_its_frozen_split() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 10)])).await;
    let block = pool.find("a", "main", "alice", 50).await;
    pool.settle().await;

    // Node b goes another way, then a follows it.
    let other = pool.world.extend("b", DEPTH + 3);
    pool.settle().await;
    assert_eq!(
        pool.state(block).await,
        BlockState::Accepted,
        "one node alone"
    );
    let ours = pool.world.extend("a", 2);
    pool.world.set_tip("a", other);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Orphaned);
    assert_eq!(pool.balance(Account::UtxoCoinbase).await, 0);
    assert_eq!(pool.balance(Account::Block(block)).await, 0);

    // Ours again, three times over; work meanwhile is not in the frozen split.
    pool.shares("main", &work(&[("bob", 990)])).await;
    for _ in 0..3 {
        pool.world.set_tip("a", ours);
        pool.world.set_tip("b", ours);
        pool.settle().await;
        assert_eq!(pool.state(block).await, BlockState::Accepted);
        assert_eq!(pool.balance(Account::Block(block)).await, 50);
        pool.world.agree(other);
        pool.settle().await;
        assert_eq!(pool.state(block).await, BlockState::Orphaned);
        pool.assert_no_drift().await;
    }
    pool.world.agree(ours);
    let tip = pool.world.extend("a", MATURITY);
    pool.world.agree(tip);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Payee("alice".into())).await, 50);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_block_that_is_not_deep_enough_under_another_waits_with_the_reason() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 10)])).await;
    let block = pool.find("a", "main", "alice", 50).await;
    let other = pool.world.extend("b", DEPTH);
    pool.world.set_tip("a", other);
    let report = pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Reported);
    let reason = report.waiting.concat();
    assert!(
        reason.contains("a has another block there, 2 deep"),
        "{reason}"
    );
    let detail = pool.payout.block(&key(block)).await.unwrap().unwrap();
    assert!(
        detail.block.state_reason.contains("2 deep"),
        "{}",
        detail.block.state_reason
    );
}

#[tokio::test]
async fn a_reorganisation_after_maturity_is_the_pools_loss() {
    let mut pool = Pool::start(NODES, &[pplns("main", 20_000)]).await;
    pool.shares("main", &work(&[("alice", 10)])).await;
    let block = pool.find("a", "main", "alice", 100).await;
    let ours = pool.world.extend("a", MATURITY);
    pool.world.set_tip("b", ours);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Mature);

    let genesis = pool.world.at("a", 0).unwrap();
    pool.world.agree(genesis);
    let other = pool.world.extend("a", MATURITY + 4);
    pool.world.agree(other);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Orphaned);
    assert_eq!(pool.balance(Account::OrphanLoss).await, -100);
    assert_eq!(pool.balance(Account::UtxoSpendable).await, 0);
    assert_eq!(
        pool.balance(Account::Payee("alice".into())).await,
        98,
        "never from a payee"
    );
    pool.assert_no_drift().await;

    pool.world.agree(ours);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Mature);
    assert_eq!(pool.balance(Account::OrphanLoss).await, 0);
    assert_eq!(
        pool.balance(Account::Payee("alice".into())).await,
        98,
        "not twice"
    );
    let statements = pool.payout.statements(CODE, "main", 0, 10).await.unwrap();
    assert_eq!(statements.len(), 1);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_block_every_node_refused_is_rejected_with_its_words() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    let parent = pool.world.tip("a");
    let block = pool.world.block(parent, &[(50, &pool.script())], vec![]);
    let refused = SubmitOutcome::Rejected;
    let answers = [
        ("a", refused, "bad-cb-amount"),
        ("b", refused, "bad-cb-amount"),
    ];
    pool.report(block, ("main", "alice", 50), &answers).await;
    pool.cut_all(block).await;
    pool.world.set_down("b", true);
    pool.settle().await;
    assert_eq!(
        pool.state(block).await,
        BlockState::Reported,
        "b did not say that it lacks it"
    );
    pool.world.set_down("b", false);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Rejected);
    let detail = pool.payout.block(&key(block)).await.unwrap().unwrap();
    assert_eq!(
        detail.block.state_reason,
        "a: bad-cb-amount; b: bad-cb-amount"
    );
    assert!(pool.payout.account_balances(CODE).await.unwrap().is_empty());

    // A node that has it after all counts more than what was answered.
    pool.world.set_tip("a", block);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Accepted);
}

#[tokio::test]
async fn one_refusal_of_two_rejects_nothing() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    let parent = pool.world.tip("a");
    let block = pool.world.block(parent, &[(50, &pool.script())], vec![]);
    let answers = [
        ("a", SubmitOutcome::Rejected, "high-hash"),
        ("b", SubmitOutcome::Inconclusive, ""),
    ];
    pool.report(block, ("main", "alice", 50), &answers).await;
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Reported);
}

#[tokio::test]
async fn a_block_waits_for_every_cut() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0), pplns("second", 0)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    pool.shares("second", &work(&[("bob", 10)])).await;
    let parent = pool.world.tip("a");
    let block = pool.world.block(parent, &[(100, &pool.script())], vec![]);
    pool.world.agree(block);
    pool.report(block, ("main", "alice", 100), &[]).await;
    pool.cut(block, "main").await;
    let report = pool.settle().await;
    assert!(
        report
            .waiting
            .concat()
            .contains("waits for the cut of second"),
        "{report:?}"
    );
    assert_eq!(pool.state(block).await, BlockState::Reported);
    pool.cut(block, "second").await;
    let tip = pool.world.extend("a", MATURITY);
    pool.world.agree(tip);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Payee("alice".into())).await, 75);
    assert_eq!(pool.balance(Account::Payee("bob".into())).await, 25);
}

#[tokio::test]
async fn a_solo_block_is_its_finders_and_solo_work_enters_no_split() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0), solo("alone", 10_000)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    pool.shares("alone", &work(&[("carol", 500)])).await;
    pool.find("a", "alone", "carol", 100).await;
    pool.find("a", "main", "alice", 100).await;
    let tip = pool.world.extend("a", MATURITY);
    pool.world.agree(tip);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Payee("carol".into())).await, 99);
    assert_eq!(pool.balance(Account::Payee("alice".into())).await, 100);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_coinbase_that_does_not_pay_what_was_reported_is_not_credited() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    let script = pool.script();
    for (paid, told) in [(
        vec![(49, script.as_slice())],
        "it pays us 49, reported were 50",
    )] {
        let block = pool.world.block(pool.world.tip("a"), &paid, vec![]);
        pool.world.agree(block);
        pool.report(block, ("main", "alice", 50), &[]).await;
        pool.cut_all(block).await;
        let report = pool.settle_with_failures().await;
        let failures = report.failures().concat();
        assert!(
            failures.contains("step blocks failed") && failures.contains(told),
            "{failures}"
        );
        assert_eq!(pool.state(block).await, BlockState::Reported);
    }
    // The other blocks go on.
    let good = pool.find("a", "main", "alice", 50).await;
    pool.settle_with_failures().await;
    assert_eq!(pool.state(good).await, BlockState::Accepted);
}

#[tokio::test]
async fn a_node_of_another_currency_does_not_count() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    pool.find("a", "main", "alice", 50).await;
    pool.settings.currency.network.genesis_hash = BlockHash::default();
    let refusal = ngpayout::run_settle_once(&pool.settings)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("books of the chain with genesis"),
        "{refusal}"
    );
}

#[tokio::test]
async fn without_any_node_each_step_says_so_and_nothing_changes() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    let block = pool.find("a", "main", "alice", 50).await;
    pool.world.set_down("a", true);
    pool.world.set_down("b", true);
    let report = pool.settle_with_failures().await;
    let steps: Vec<_> = report
        .steps
        .iter()
        .map(|step| (step.step, step.error.is_some()))
        .collect();
    assert_eq!(
        steps,
        [
            ("nodes", true),
            ("follow", true),
            ("blocks", true),
            ("pps", false),
            ("statements", false),
            ("signed", false),
            ("confirm", false),
            ("broadcast", false),
            ("replace", false),
            ("audit", false)
        ]
    );
    let failures = report.failures().concat();
    assert!(
        failures.contains("no node of the currency answers: a: the node is down"),
        "{failures}"
    );
    assert_eq!(pool.state(block).await, BlockState::Reported);
    let nodes = pool.payout.nodes().await.unwrap();
    assert!(
        nodes
            .iter()
            .all(|node| node.state == "unreachable" && !node.reason.is_empty())
    );
    let recorded = pool.payout.job_steps().await.unwrap();
    let blocks = recorded.iter().find(|step| step.step == "blocks").unwrap();
    assert!(
        blocks.last_success.is_none() && blocks.error.contains("no node"),
        "{blocks:?}"
    );

    pool.world.set_down("a", false);
    pool.settle().await;
    assert_eq!(pool.state(block).await, BlockState::Accepted);
    let recorded = pool.payout.job_steps().await.unwrap();
    assert!(
        recorded
            .iter()
            .all(|step| step.last_success.is_some() && step.error.is_empty())
    );
}

#[tokio::test]
async fn deposits_spends_and_reorganisations_are_followed_output_by_output() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.settle().await;
    let (script, deposit) = (pool.script(), Txid::from_bytes([9; 32]));
    let fork = pool.world.tip("a");
    let block = pool.world.block(
        fork,
        &[(50, b"somebody")],
        vec![transaction(
            deposit,
            &[],
            &[(7, b"another"), (1_234, &script)],
        )],
    );
    pool.world.agree(block);
    pool.settle().await;
    assert_eq!(
        pool.balance(Account::Unallocated).await,
        0,
        "not settled yet"
    );
    let tip = pool.world.extend("a", DEPTH);
    pool.world.agree(tip);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Unallocated).await, 1_234);
    assert_eq!(pool.balance(Account::UtxoSpendable).await, -1_234);

    let spender = Txid::from_bytes([8; 32]);
    let spend = transaction(spender, &[(deposit, 1)], &[(1_000, b"elsewhere")]);
    let spent_in = pool.world.block(tip, &[(50, b"somebody")], vec![spend]);
    pool.world.agree(spent_in);
    pool.settle().await;
    let output = pool.payout.output(CODE, deposit, 1).await.unwrap().unwrap();
    assert_eq!(
        output.spent.map(|(_, hash, by)| (hash, by)),
        Some((spent_in, spender))
    );
    assert!(pool.payout.unspent_outputs(CODE).await.unwrap().is_empty());

    // All of it leaves the chain: the booking too.
    pool.world.agree(fork);
    let other = pool.world.extend("a", DEPTH + 4);
    pool.world.agree(other);
    pool.settle().await;
    let output = pool.payout.output(CODE, deposit, 1).await.unwrap().unwrap();
    assert_eq!(
        (output.created, output.spent, output.booked),
        (None, None, false)
    );
    assert_eq!(pool.balance(Account::Unallocated).await, 0);
    pool.world.agree(spent_in);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Unallocated).await, 1_234);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_block_reported_late_is_not_held_twice() {
    let mut pool = Pool::start(NODES, &[pplns("main", 0)]).await;
    pool.settle().await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    let block = pool
        .world
        .block(pool.world.tip("a"), &[(50, &pool.script())], vec![]);
    pool.world.agree(block);
    let tip = pool.world.extend("a", MATURITY);
    pool.world.agree(tip);
    pool.settle().await;
    assert_eq!(
        pool.balance(Account::Unallocated).await,
        50,
        "a coinbase of nobody"
    );
    pool.report(block, ("main", "alice", 50), &[]).await;
    pool.cut_all(block).await;
    pool.settle().await;
    assert_eq!(pool.balance(Account::Unallocated).await, 0);
    assert_eq!(pool.balance(Account::Payee("alice".into())).await, 50);
    assert_eq!(pool.balance(Account::UtxoSpendable).await, -50);
    pool.settle().await;
    assert_eq!(pool.balance(Account::Unallocated).await, 0);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn thousands_of_blocks_are_followed_in_one_run_and_not_asked_for_again() {
    let mut pool = Pool::start(&["a"], &[pplns("main", 0)]).await;
    pool.shares("main", &work(&[("alice", 30)])).await;
    let block = pool.find("a", "main", "alice", 50).await;
    pool.world.extend("a", 3_000);
    let report = pool.settle().await;
    assert_eq!(report.followed, 3_002);
    assert_eq!(pool.state(block).await, BlockState::Mature);
    let before = pool.world.calls();
    pool.world.extend("a", 1);
    pool.settle().await;
    let asked = pool.world.calls() - before;
    assert!(asked < 30, "{asked} questions for one new block");
}

#[tokio::test]
async fn runs_repeated_and_at_once_end_in_the_same_books() {
    let mut pool = Pool::start(NODES, &[pplns("main", 10_000)]).await;
    for _ in 0..4 {
        pool.shares("main", &work(&[("alice", 7), ("bob", 11), ("carol", 13)]))
            .await;
        pool.find("a", "main", "alice", 1_000_003).await;
    }
    let tip = pool.world.extend("a", MATURITY);
    pool.world.agree(tip);
    for _ in 0..3 {
        pool.settle_twice_at_once().await;
    }
    let credited = pool
        .payout
        .statements(CODE, "main", 0, 100)
        .await
        .unwrap()
        .len();
    assert_eq!(credited, 4);
    let payees = ["alice", "bob", "carol"].map(|payee| Account::Payee(payee.into()));
    let mut sum = pool.balance(Account::Fee).await;
    for payee in payees {
        sum += pool.balance(payee).await;
    }
    assert_eq!(sum, 4 * 1_000_003);
    pool.assert_no_drift().await;
}

#[tokio::test]
async fn a_run_killed_at_any_point_is_finished_by_the_next() {
    let mut pool = Pool::start(NODES, &[pplns("main", 10_000)]).await;
    let mut found = 0;
    for after in 1.. {
        pool.shares("main", &work(&[("alice", 7), ("bob", 11)]))
            .await;
        pool.find("a", "main", "alice", 1_000).await;
        found += 1;
        let tip = pool.world.extend("a", MATURITY);
        pool.world.agree(tip);
        let done = pool.settle_killed(after * 3).await;
        pool.settle().await;
        let paid = pool.balance(Account::Fee).await
            + pool.balance(Account::Payee("alice".into())).await
            + pool.balance(Account::Payee("bob".into())).await;
        assert_eq!(paid, found * 1_000, "killed after {} waits", after * 3);
        pool.assert_no_drift().await;
        if done {
            break;
        }
    }
    let statements = pool
        .payout
        .statements(CODE, "main", 0, 1_000)
        .await
        .unwrap();
    assert_eq!(statements.len() as i64, found);
}
