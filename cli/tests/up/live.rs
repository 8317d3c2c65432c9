//! Changed files take effect while the pool runs and miners work.

use ngpool::miner::{Miner, MinerOptions};
use ngpool_chain::Algorithm;
use ngpool_testkit::FreePort;

use crate::{
    files::{DIFFICULTY, Pool, address, coinserver, stratum_port},
    running::{Running, until},
};

fn miner(url: &str, number: u8) -> Miner {
    let mut options = MinerOptions::new(url.parse().unwrap(), format!("{}.rig", address(number)));
    options.algorithm = Some(Algorithm::Scrypt);
    options.limit = Some(400.0);
    Miner::start(options)
}

fn is(one: f64, other: f64) -> bool {
    (one - other).abs() < other / 1e6
}

#[tokio::test]
async fn ports_difficulty_and_nodes_change_without_a_reconnect() {
    let pool = Pool::new();
    let up = Running::start(&pool);
    let miner_a = miner(&pool.stratum_url(), 1);
    until(&miner_a, "accepted", |status| {
        status.accepted > 3 && is(status.difficulty, DIFFICULTY)
    })
    .await;

    // Another difficulty reaches the connected miner.
    pool.write(
        "port.yaml",
        &stratum_port("main", pool.stratum.number(), DIFFICULTY * 2.0),
    );
    until(&miner_a, "at twice the difficulty", |status| {
        is(status.difficulty, DIFFICULTY * 2.0)
    })
    .await;

    // A port and a node come.
    let second = FreePort::reserve().unwrap();
    pool.write(
        "second.yaml",
        &stratum_port("second", second.number(), DIFFICULTY),
    );
    pool.write("third.yaml", &coinserver("c"));
    let miner_b = miner(&format!("stratum+tcp://{}", second.address()), 2);
    until(&miner_b, "accepted on the new port", |status| {
        status.accepted > 3
    })
    .await;
    up.answers("/api/v1/nodes", |nodes| {
        nodes
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["name"] == "c" && it["state"] == "ready")
    })
    .await;

    // Files that are not right change nothing, and are reported with their place.
    pool.write(
        "third.yaml",
        &coinserver("c").replace("currency: ltc", "currency: nothing"),
    );
    up.says("the old ones stay in force").await;
    assert!(up.log().contains("third.yaml:6"), "{}", up.log());
    pool.write("third.yaml", &coinserver("c"));

    // A port and a node go; the first miner never noticed anything.
    pool.remove("second.yaml");
    pool.write("nodes.yaml", &coinserver("a"));
    up.answers("/api/v1/ports", |ports| {
        ports.as_array().unwrap().len() == 1
    })
    .await;
    let accepted = miner_a.status().accepted;
    until(&miner_a, "accepted after all", |status| {
        status.accepted > accepted + 3
    })
    .await;
    let status = miner_a.stop().await.unwrap();
    assert_eq!(status.connections, 1, "{status:?}");
    assert_eq!(status.rejected_total(), 0, "{status:?}");
    drop(miner_b);
    up.stop().await;
}
