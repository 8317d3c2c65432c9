//! Stopped or killed, and started again: the pool goes on where it was.

use ngpool::miner::{Miner, MinerOptions};
use ngpool_chain::Algorithm;
use serde_json::Value;

use crate::{
    files::{DIFFICULTY, Pool, address, stratum_port},
    running::{Running, until},
};

fn miner(pool: &Pool) -> Miner {
    let user = format!("{}.rig", address(1));
    let mut options = MinerOptions::new(pool.stratum_url().parse().unwrap(), user);
    options.algorithm = Some(Algorithm::Scrypt);
    options.limit = Some(400.0);
    Miner::start(options)
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

fn accepted(page: &Value) -> usize {
    items(page)
        .iter()
        .filter(|block| block["state"] == "accepted")
        .count()
}

#[tokio::test]
async fn a_pool_goes_on_where_it_was_after_a_drain_and_after_a_kill() {
    let pool = Pool::new();
    pool.write("currency.yaml", &pool.currency(15));
    let up = Running::start(&pool);
    let miner = miner(&pool);
    let before = up
        .answers("/api/v1/blocks", |blocks| accepted(blocks) >= 2)
        .await;
    let log = up.stop().await;
    for words in ["daemon stopped", "PostgreSQL stopped", "stopped"] {
        assert!(log.contains(words), "no {words:?}:\n{log}");
    }

    let up = Running::start(&pool);
    let after = up
        .answers("/api/v1/blocks", |blocks| {
            accepted(blocks) > accepted(&before)
        })
        .await;
    let hashes = |page: &Value| -> Vec<Value> {
        items(page)
            .iter()
            .map(|block| block["hash"].clone())
            .collect()
    };
    for hash in hashes(&before) {
        assert!(
            hashes(&after).contains(&hash),
            "block {hash} was forgotten: {after:#}"
        );
    }
    up.kill().await;

    let up = Running::start(&pool);
    let last = up
        .answers("/api/v1/blocks", |blocks| {
            accepted(blocks) > accepted(&after)
        })
        .await;
    for hash in hashes(&after) {
        assert!(
            hashes(&last).contains(&hash),
            "block {hash} was forgotten: {last:#}"
        );
    }
    let books = up
        .answers("/api/v1/currencies/LTC/books", |books| {
            books["drift"].is_number()
        })
        .await;
    assert_eq!(books["drift"], 0, "{books:#}");
    until(&miner, "connected to the third run", |miner| {
        miner.connections >= 3
    })
    .await;
    miner.stop().await.unwrap();
    up.stop().await;
}

#[tokio::test]
async fn a_second_signal_does_not_wait_for_miners() {
    let pool = Pool::new();
    let port = stratum_port("main", pool.stratum.number(), DIFFICULTY);
    pool.write("port.yaml", &port.replace("spread: 1s", "spread: 1h"));
    let up = Running::start(&pool);
    let miner = miner(&pool);
    up.answers("/api/v1/ports", |ports| ports[0]["connections"] == 1)
        .await;
    up.interrupt();
    up.says("Ctrl-C again does not wait for miners").await;
    assert!(up.is_running());
    // Its end within the usual patience, and not within the hour, is what is tested.
    let log = up.stop().await;
    assert!(log.contains("PostgreSQL stopped"), "{log}");
    drop(miner);
}
