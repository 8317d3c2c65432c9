//! Real nodes reorganise, and the books follow.

use std::time::{Duration, Instant};

use ngpayout::settle::nodes::Nodes;
use ngpool_chain::{Amount, BlockHash, Height};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_runtime::{Program, document};
use ngpool_settings::{CoinserverPeer, CoinserverSettings, CurrencySettings, DaemonRpc, Listen};
use ngpool_store::{Account, BlockState};
use ngpool_testkit::{Daemon, FreePort};
use serde_json::json;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    pool::{Pool, currency, key, pplns, report_of},
    world::{CODE, World},
};

const PATIENCE: Duration = Duration::from_secs(90);

/// An ngcoinserver beside a node; it ends with the value.
pub(crate) struct Served {
    pub(crate) peer: CoinserverPeer,
    _stop: DropGuard,
    _ports: [FreePort; 2],
}

pub(crate) fn serve(name: &str, daemon: &Daemon, currency: &CurrencySettings) -> Served {
    let ports = [FreePort::reserve().unwrap(), FreePort::reserve().unwrap()];
    let settings = CoinserverSettings {
        name: name.into(),
        currency: currency.clone(),
        listen: Listen {
            grpc: ports[0].address(),
            admin: ports[1].address(),
            tls: None,
        },
        rpc: DaemonRpc {
            url: daemon.rpc_url(),
            credentials_file: daemon.credentials_file(),
            timeout_s: 20,
        },
        zmq_hashblock: None,
        daemon: None,
        poll_ms: 100,
        refresh_ms: 30_000,
    };
    let stop = CancellationToken::new();
    let program = Program::new("ngcoinserver", name, stop.clone());
    tokio::spawn(ngcoinserver::run(document::fixed(settings), program));
    let peer = CoinserverPeer {
        name: name.into(),
        currency: CODE.into(),
        url: ports[0].url(),
    };
    Served {
        peer,
        _stop: stop.drop_guard(),
        _ports: ports,
    }
}

/// Runs settle until a block is in a state: the nodes take their time.
async fn until(pool: &mut Pool, block: BlockHash, state: BlockState) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let report = pool.settle_with_failures().await;
        if report.failures().is_empty() && pool.state(block).await == state {
            pool.assert_no_drift().await;
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the block never became {state}: {report:?}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_found_block_is_orphaned_and_restored_on_real_nodes_and_the_books_follow() {
    let (a, b) = Daemon::pair().await.unwrap();
    let currency = CurrencySettings {
        maturity: 100,
        ..currency()
    };
    let served = [serve("a", &a, &currency), serve("b", &b, &currency)];
    let peers = served.iter().map(|served| served.peer.clone()).collect();
    let (nobody, _) = World::start(&[]).await;
    let mut pool = Pool::with_nodes(nobody, peers, currency, &[pplns("main", 10_000)]).await;
    let deadline = Instant::now() + PATIENCE;
    while Nodes::look(&pool.settings).await.answering().count() < 2 {
        assert!(Instant::now() < deadline, "the coinservers do not serve");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    pool.settle().await;
    pool.shares("main", &[("alice".into(), 300), ("bob".into(), 100)])
        .await;

    // Cut off from each other, a finds a block of ours and b others.
    a.set_network_active(false).await.unwrap();
    let found = found(&mut pool, &a).await;
    let block = found.block;
    until(&mut pool, block, BlockState::Accepted).await;
    assert_eq!(pool.balance(Account::Block(block)).await, found.reward);
    let other = b.generate(5).await.unwrap().remove(0);

    // Together again: b's chain is longer, ours is an orphan.
    a.set_network_active(true).await.unwrap();
    a.connect(&b).await.unwrap();
    a.wait_same_tip(&b).await.unwrap();
    until(&mut pool, block, BlockState::Orphaned).await;
    assert_eq!(pool.balance(Account::Block(block)).await, 0);
    assert_eq!(pool.balance(Account::UtxoCoinbase).await, 0);

    // The other chain falls: ours is the best again, with the split it had.
    pool.shares("main", &[("carol".into(), 100_000)]).await;
    for node in [&a, &b] {
        node.call("invalidateblock", json!([other])).await.unwrap();
    }
    a.generate(1).await.unwrap();
    a.wait_same_tip(&b).await.unwrap();
    until(&mut pool, block, BlockState::Accepted).await;
    a.generate(100).await.unwrap();
    a.wait_same_tip(&b).await.unwrap();
    until(&mut pool, block, BlockState::Mature).await;
    let fee = found.reward / 100;
    let (alice, bob) = (payee(&pool, "alice").await, payee(&pool, "bob").await);
    assert_eq!(
        (alice, bob),
        ((found.reward - fee) / 4 * 3, (found.reward - fee) / 4)
    );
    let unspent = pool.payout.unspent_outputs(CODE).await.unwrap();
    assert_eq!(unspent.len(), 1);
    assert_eq!(unspent[0].output.amount, Amount(found.reward));
    assert_eq!(unspent[0].created.map(|(_, hash)| hash), Some(block));

    // After maturity: the loss is the pool's, and goes when the block comes back.
    for node in [&a, &b] {
        node.call("invalidateblock", json!([block.to_string()]))
            .await
            .unwrap();
    }
    a.generate(8).await.unwrap();
    a.wait_same_tip(&b).await.unwrap();
    until(&mut pool, block, BlockState::Orphaned).await;
    assert_eq!(pool.balance(Account::OrphanLoss).await, -found.reward);
    assert_eq!(payee(&pool, "alice").await, alice);
    assert!(pool.payout.unspent_outputs(CODE).await.unwrap().is_empty());
    for node in [&a, &b] {
        node.call("reconsiderblock", json!([block.to_string()]))
            .await
            .unwrap();
    }
    a.wait_same_tip(&b).await.unwrap();
    until(&mut pool, block, BlockState::Mature).await;
    assert_eq!(pool.balance(Account::OrphanLoss).await, 0);
    assert_eq!(payee(&pool, "alice").await, alice);
}

async fn payee(pool: &Pool, name: &str) -> i64 {
    pool.balance(Account::Payee(name.into())).await
}

pub(crate) struct Found {
    pub(crate) block: BlockHash,
    pub(crate) reward: i64,
}

/// A block on a node's tip that pays the subsidy address, reported and cut as if a miner of ours had
/// found it.
pub(crate) async fn found(pool: &mut Pool, node: &Daemon) -> Found {
    let address = pool.settings.currency.subsidy_address.clone();
    let hash = node.generate_to(1, &address).await.unwrap().remove(0);
    let told = node.call("getblock", json!([hash, 2])).await.unwrap();
    let coinbase = &told["tx"][0];
    let reward = format!("{:.8}", coinbase["vout"][0]["value"].as_f64().unwrap());
    let reward = Amount::from_decimal(&reward, 8).unwrap().0;
    let block = hash.parse().unwrap();
    let at = pool.tick();
    let report = report_of(
        key(block),
        (
            Height(told["height"].as_u64().unwrap() as u32),
            told["previousblockhash"].as_str().unwrap().parse().unwrap(),
        ),
        coinbase["txid"].as_str().unwrap().parse().unwrap(),
        (pool.script(), reward),
        ("main", "alice"),
        at,
        &[("a", SubmitOutcome::Accepted, "")],
    );
    pool.ledger.report_block(&report, at).await.unwrap();
    pool.cut_all(block).await;
    Found { block, reward }
}
