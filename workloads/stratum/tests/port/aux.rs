//! Merged mining: what reaches the nodes of aux chains, checked as their daemons would.

use ngpool_chain::{Address, Network, Txid, coinbase};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_settings::{CurrencySettings, StratumSettings};
use ngpool_testkit::{StratumClient, auxpow, stratum_client::ClientJob};
use tonic::Status;

use crate::support::{
    ALGORITHM, Pool,
    node::{FakeNode, Sent, Tip},
    until, user,
};

/// Chain ids of the two aux chains of these tests.
const NMC: u16 = 1;
const OTHER: u16 = 0x62;

/// An aux chain on which every share is a block.
fn aux(code: &str, chain_id: u16) -> CurrencySettings {
    let mut network = Network::preset("namecoin-regtest").unwrap();
    network.aux_chain_id = Some(chain_id);
    CurrencySettings {
        name: code.to_lowercase(),
        code: code.into(),
        subsidy_address: Address::p2wpkh([9; 20], &network).unwrap().to_string(),
        network,
        maturity: 100,
        settle_depth: 6,
        coinbase_tag: "/aux/".into(),
        block_odds: 1,
        split_window_milli: 2_000,
        decimals: 8,
    }
}

fn with(nodes: &[&FakeNode]) -> impl FnOnce(&mut StratumSettings) {
    let peers: Vec<_> = nodes.iter().map(|node| node.peer()).collect();
    move |settings| {
        for peer in peers {
            let id = if peer.currency == "NMC" { NMC } else { OTHER };
            if !settings.aux.iter().any(|aux| aux.code == peer.currency) {
                settings.aux.push(aux(&peer.currency, id));
            }
            settings.coinservers.push(peer);
        }
    }
}

fn commits(job: &ClientJob) -> bool {
    coinbase::contains_marker(&job.coinbase1)
}

/// A whole block as sent, once it has come.
async fn block(node: &FakeNode) -> Vec<u8> {
    until("the node has a block", || async { !node.sent().is_empty() }).await;
    match &node.sent()[0] {
        Sent::Block(block) => block.to_vec(),
        Sent::Solution(solution) => panic!("{solution:?}"),
    }
}

fn others(tip: &Tip) -> Vec<Txid> {
    tip.transactions.iter().map(|data| Txid::of(data)).collect()
}

async fn share(miner: &mut StratumClient, job: &ClientJob) {
    let share = miner.mine(job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_share_solves_blocks_of_every_aux_chain_and_each_is_proven_sent_once_and_reported() {
    let (one, two) = (
        FakeNode::of("NMC", "n1").await,
        FakeNode::of("NMC", "n2").await,
    );
    let other = FakeNode::of("OTHER", "o").await;
    let tip = Tip::number(3).of_chain(NMC).value(77);
    one.offer(tip.clone());
    two.offer(tip.clone());
    let other_tip = Tip::number(4).of_chain(OTHER).value(88);
    other.offer(other_tip.clone());
    let pool = Pool::with(with(&[&one, &two, &other])).await;
    until("both chains are mined", || async {
        let facts = pool.program.health.report().facts;
        let height = |code: &str| {
            facts
                .get(code)
                .is_some_and(|fact| fact.starts_with("height"))
        };
        height("aux NMC") && height("aux OTHER")
    })
    .await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    assert!(commits(&job));
    share(&mut miner, &job).await;
    let read = auxpow::check(&block(&one).await, NMC, ALGORITHM, &others(&tip)).unwrap();
    // Both chains are under one commitment.
    assert_eq!(read.proof.chain_branch.len(), 1);
    assert_eq!(block(&two).await, block(&one).await);
    auxpow::check(&block(&other).await, OTHER, ALGORITHM, &others(&other_tip)).unwrap();
    // Its header was final when it was made: another share solves nothing new.
    share(&mut miner, &job).await;
    until("the shares are booked", || async {
        pool.ledger.shares(&user(1)) == 2
    })
    .await;
    assert_eq!(pool.ledger.currency_sets(), [["BASE", "NMC", "OTHER"]]);
    until("both blocks are reported with all answers", || async {
        let blocks = pool.ledger.blocks();
        blocks.len() == 2 && blocks.iter().all(|block| block.r#final)
    })
    .await;
    for report in pool.ledger.blocks() {
        let (reward, height, answers) = match report.currency.as_str() {
            "NMC" => (77, 103, 2),
            "OTHER" => (88, 104, 1),
            other => panic!("{other}"),
        };
        assert_eq!(
            (report.reward, report.height, report.answers.len()),
            (reward, height, answers)
        );
        assert_eq!(report.user, user(1));
    }
    assert_eq!(
        [one.sent().len(), two.sent().len(), other.sent().len()],
        [1; 3]
    );
    assert!(
        pool.node("a").sent().is_empty(),
        "no block of the base was found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_aux_node_stops_nothing_and_one_that_comes_is_mined_without_cleaning_jobs() {
    let node = FakeNode::of("NMC", "n").await;
    let pool = Pool::with(with(&[&node])).await;
    pool.ready().await;
    let mut miner = pool.miner(&user(1)).await;
    let plain = miner.job().await.unwrap();
    assert!(!commits(&plain));
    node.offer(Tip::number(1).of_chain(NMC));
    let first = miner.job_where(commits).await.unwrap();
    assert!(!first.clean);
    // Another aux tip: a job at once, and the one before is still good.
    node.offer(Tip::number(2).of_chain(NMC));
    let is_next = |job: &ClientJob| commits(job) && job.coinbase1 != first.coinbase1;
    let second = miner.job_where(is_next).await.unwrap();
    assert!(!second.clean);
    share(&mut miner, &first).await;
    share(&mut miner, &plain).await;
    share(&mut miner, &second).await;
    until("a block of each tip was sent", || async {
        node.sent().len() == 2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aux_currencies_come_and_go_while_miners_are_connected() {
    let node = FakeNode::of("NMC", "n").await;
    node.offer(Tip::number(1).of_chain(NMC));
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    assert!(!commits(&first));
    pool.change(with(&[&node]));
    let merged = miner.job_where(commits).await.unwrap();
    share(&mut miner, &merged).await;
    block(&node).await;
    pool.change(|settings| {
        settings.aux.clear();
        settings.coinservers.retain(|peer| peer.currency == "BASE");
    });
    let plain = |job: &ClientJob| !commits(job) && job.id != first.id;
    let plain = miner.job_where(plain).await.unwrap();
    share(&mut miner, &plain).await;
    until("its fact says so", || async {
        pool.program.health.report().facts["aux NMC"] == "removed"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aux_block_without_an_answer_is_sent_again_after_a_restart() {
    let node = FakeNode::of("NMC", "n").await;
    let tip = Tip::number(1).of_chain(NMC);
    node.answers(Err(Status::unavailable("not now")));
    node.offer(tip.clone());
    let pool = Pool::with(with(&[&node])).await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job_where(commits).await.unwrap();
    share(&mut miner, &job).await;
    let first = block(&node).await;
    let before = node.sent().len();
    let pool = pool.restart(with(&[&node])).await;
    node.answers(Ok(SubmitOutcome::Accepted));
    until("it was taken", || async {
        pool.ledger.blocks().iter().any(|block| block.r#final)
    })
    .await;
    let Some(Sent::Block(again)) = node.sent().get(before).cloned() else {
        panic!("{:?}", node.sent());
    };
    assert_eq!(again, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aux_block_whose_transactions_never_came_is_completed_by_its_own_node() {
    let node = FakeNode::of("NMC", "n").await;
    node.hold_bodies(true);
    node.offer(Tip::number(1).of_chain(NMC));
    let pool = Pool::with(with(&[&node])).await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job_where(commits).await.unwrap();
    share(&mut miner, &job).await;
    until("it is kept", || async { !pool.ledger.blocks().is_empty() }).await;
    // A new process does not know the template's transactions.
    let _pool = pool.restart(with(&[&node])).await;
    until("the node has it", || async { !node.sent().is_empty() }).await;
    let Sent::Solution(solution) = &node.sent()[0] else {
        panic!("{:?}", node.sent());
    };
    assert!(!solution.proof.is_empty());
    assert_eq!(solution.header.len(), 80);
}
