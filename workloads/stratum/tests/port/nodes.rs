//! Nodes that come, go, fall silent or fall behind, and blocks that must reach all of them.

use std::time::Duration;

use ngpool_chain::{Header, coinbase_txid};
use ngpool_rpc::v1::{NodeState, SubmitOutcome};
use serde_json::json;
use tonic::Status;

use crate::support::{
    Pool,
    node::{FakeNode, Sent, Tip},
    until, user,
};

#[tokio::test(flavor = "multi_thread")]
async fn miners_get_a_job_of_the_other_node_when_theirs_is_killed() {
    let pool = Pool::with_nodes(&["a", "b"], |_| {}).await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    let worked_on = pool.worked_on().await;
    let (lost, other) = if worked_on == "a" {
        ("a", "b")
    } else {
        ("b", "a")
    };
    pool.node(other).offer(Tip::number(1).value(4_999_999_999));
    pool.node(lost).kill();
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    assert!(!second.clean, "the tip is the same, so older work counts");
    for job in [&first, &second] {
        let share = miner.mine(job).unwrap();
        assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    }
    assert!(pool.program.health.report().ready);
    until("the loss is told", || async {
        pool.program.health.report().facts[&format!("node {lost}")].contains("unreachable")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_falls_silent_or_unwell_is_left_out() {
    let pool = Pool::with_nodes(&["a", "b"], |_| {}).await;
    let mut miner = pool.miner(&user(1)).await;
    miner.job().await.unwrap();
    pool.node("a").offer(Tip::number(2));
    miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    pool.node("a").silent(true);
    // The other is behind, but it is all there is.
    miner
        .job_where(|job| job.previous.to_bytes() == [1; 32] && job.clean)
        .await
        .unwrap();
    pool.node("a").silent(false);
    let before = miner.jobs.len();
    pool.node("b").offer(Tip::number(3));
    miner
        .job_where(|job| job.previous.to_bytes() == [3; 32])
        .await
        .unwrap();
    assert!(miner.jobs.len() > before);
    pool.node("b")
        .health(NodeState::Syncing, "in initial download");
    miner
        .job_where(|job| job.previous.to_bytes() == [2; 32] && job.clean)
        .await
        .unwrap();
    until("the reason is told", || async {
        pool.program.health.report().facts["node b"] == "in initial download"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_less_work_is_not_followed() {
    let pool = Pool::with_nodes(&["a", "b"], |_| {}).await;
    let mut miner = pool.miner(&user(1)).await;
    miner.job().await.unwrap();
    pool.node("a").offer(Tip::number(5));
    miner
        .job_where(|job| job.previous.to_bytes() == [5; 32])
        .await
        .unwrap();
    pool.node("b").offer(Tip::number(4));
    until("the node behind is told", || async {
        pool.program.health.report().facts["node b"] == "behind its peers"
    })
    .await;
    assert!(
        miner
            .jobs
            .iter()
            .all(|(job, _)| job.previous.to_bytes() != [4; 32])
    );
    pool.node("b").offer(Tip::number(6));
    miner
        .job_where(|job| job.previous.to_bytes() == [6; 32])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_reaches_its_node_as_a_solution_and_the_others_whole() {
    let pool = Pool::with_nodes(&["a", "b"], |settings| settings.base.block_odds = 1).await;
    pool.node("b").answers(Ok(SubmitOutcome::Duplicate));
    let mut miner = pool.miner(&format!("{}.rig", user(1))).await;
    let own = pool.worked_on().await;
    let other = if own == "a" { "b" } else { "a" };
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    let name = format!("{}.rig", user(1));
    assert!(miner.submit(&name, &share).await.unwrap().is_accepted());
    until("every node has answered", || async {
        pool.ledger
            .blocks()
            .iter()
            .any(|block| block.r#final && block.answers.len() == 2)
    })
    .await;
    let [Sent::Solution(solution)] = &pool.node(&own).sent()[..] else {
        panic!("not a solution")
    };
    let extranonce2 = hex::decode(&share.extranonce2).unwrap();
    let coinbase = [
        &job.coinbase1[..],
        &miner.extranonce1,
        &extranonce2,
        &job.coinbase2,
    ]
    .concat();
    assert_eq!(Header::from_slice(&solution.header).unwrap(), share.header);
    assert_eq!(solution.coinbase, coinbase);
    let [Sent::Block(block)] = &pool.node(other).sent()[..] else {
        panic!("not a block")
    };
    let expected = [
        &share.header.to_bytes()[..],
        &[3],
        &coinbase,
        b"one transaction",
        b"and another",
    ]
    .concat();
    assert_eq!(block, &expected);

    let report = &pool.ledger.blocks()[0];
    assert_eq!(report.hash, share.header.hash().to_bytes().to_vec());
    assert_eq!((report.height, report.reward), (101, 5_000_000_000));
    assert_eq!(
        (report.user.as_str(), report.worker.as_str()),
        (user(1).as_str(), "rig")
    );
    assert_eq!(
        report.coinbase_txid,
        coinbase_txid(&coinbase).to_bytes().to_vec()
    );
    assert_eq!(
        (report.sharechain.as_str(), report.port.as_str()),
        ("pplns", "main")
    );
    let mut outcomes: Vec<i32> = report.answers.iter().map(|answer| answer.outcome).collect();
    outcomes.sort_unstable();
    assert_eq!(
        outcomes,
        [
            SubmitOutcome::Accepted as i32,
            SubmitOutcome::Duplicate as i32
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_waits_for_the_transactions_it_needs_and_goes_to_its_own_node_at_once() {
    let pool = Pool::with_nodes(&["a", "b"], |settings| settings.base.block_odds = 1).await;
    let mut miner = pool.miner(&user(1)).await;
    miner.job().await.unwrap();
    pool.node("a").hold_bodies(true);
    pool.node("a").offer(Tip::number(2));
    let job = miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("its node has it", || async {
        pool.node("a").sent().len() == 1
    })
    .await;
    assert!(pool.node("b").sent().is_empty());
    pool.node("a").hold_bodies(false);
    until("the other has it", || async {
        pool.node("b").sent().len() == 1
    })
    .await;
    assert_eq!(pool.node("b").sent()[0].header(), share.header);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_sent_again_until_it_is_answered() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    pool.node("a")
        .answers(Err(Status::unavailable("restarting")));
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("it was tried twice", || async {
        pool.node("a").sent().len() >= 2
    })
    .await;
    assert!(pool.ledger.blocks().iter().all(|block| !block.r#final));
    pool.node("a").answers(Ok(SubmitOutcome::Inconclusive));
    until("it is answered", || async {
        pool.ledger.blocks().iter().any(|block| block.r#final)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_unanswered_blocks_are_sent_again() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    pool.node("a")
        .answers(Err(Status::unavailable("restarting")));
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("it was tried", || async {
        !pool.node("a").sent().is_empty()
    })
    .await;
    let pool = pool.restart(|settings| settings.base.block_odds = 1).await;
    pool.node("a").answers(Ok(SubmitOutcome::Accepted));
    until("it is answered", || async {
        pool.ledger.blocks().iter().any(|block| block.r#final)
    })
    .await;
    let sent = pool.node("a").sent();
    assert!(sent.iter().all(|sent| sent.header() == share.header));
    // And never again.
    let pool = pool.restart(|_| {}).await;
    pool.ready().await;
    assert_eq!(pool.node("a").sent().len(), sent.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_forgot_the_template_is_given_the_whole_block() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    pool.node("a").answers(Ok(SubmitOutcome::UnknownTemplate));
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("the whole block is sent", || async {
        pool.node("a")
            .sent()
            .iter()
            .any(|sent| matches!(sent, Sent::Block(_)))
    })
    .await;
    assert!(matches!(pool.node("a").sent()[0], Sent::Solution(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_template_the_port_closes_after_a_minute_and_opens_again() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    pool.ready().await;
    pool.node("a").silent(true);
    until("the silence is noticed", || async {
        pool.program.health.report().facts["node a"] == "silent"
    })
    .await;
    assert!(pool.program.health.report().ready, "a minute is borne");
    assert!(miner.call("mining.ping", json!([])).await.is_ok());
    pool.clock.advance(Duration::from_secs(61));
    miner.closed().await.unwrap();
    let report = pool.program.health.report();
    assert!(
        !report.ready && report.reason.contains("a: silent"),
        "{report:?}"
    );
    // Newcomers are sent away too.
    let mut stranger = pool.connect().await;
    stranger.closed().await.unwrap();
    pool.node("a").silent(false);
    pool.node("a").offer(Tip::number(2));
    pool.ready().await;
    pool.miner(&user(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_can_be_added_and_removed_while_miners_work() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    let added = FakeNode::start("b").await;
    added.offer(Tip::number(2));
    pool.change(|settings| settings.coinservers.push(added.peer()));
    miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    pool.change(|settings| settings.coinservers.retain(|peer| peer.name == "a"));
    let back = miner
        .job_where(|job| job.previous.to_bytes() == [1; 32] && job.id != first.id)
        .await
        .unwrap();
    let share = miner.mine(&back).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_block_is_preferred_between_equal_tips() {
    let pool = Pool::with_nodes(&["a", "b"], |settings| settings.base.block_odds = 1).await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    // A competitor's block is seen first.
    pool.node("b").offer(Tip::number(2));
    miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    let own = share.header.hash();
    pool.node("a").offer(Tip {
        previous: own.to_bytes(),
        ..Tip::number(2)
    });
    miner.job_where(|job| job.previous == own).await.unwrap();
}
