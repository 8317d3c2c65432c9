//! Bitcoin, on a real Bitcoin Knots: templates with witnesses, and a publisher of a real daemon.

use ngpool_chain::{Algorithm, Network};
use ngpool_rpc::v1::{NodeState, SubmitOutcome, SubmitSolutionRequest};
use ngpool_settings::CoinserverSettings;
use ngpool_testkit::{Daemon, DaemonOptions, FreePort};
use serde_json::json;

use crate::support::{Coinserver, NEVER_MS, PATIENCE, settings_for, solve_by};

fn settings(daemon: &Daemon) -> CoinserverSettings {
    let mut settings = settings_for(daemon);
    let currency = &mut settings.currency;
    currency.network = Network::preset("bitcoin-regtest").unwrap();
    "RBTC".clone_into(&mut currency.code);
    "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080".clone_into(&mut currency.subsidy_address);
    settings
}

#[tokio::test]
async fn knots_takes_every_block_that_is_built_here() {
    let node = Daemon::knots(DaemonOptions::default()).await.unwrap();
    // Coins for transactions with witnesses.
    node.create_wallet().await.unwrap();
    let address = node.new_address("bech32").await.unwrap();
    node.generate_to(101, &address).await.unwrap();
    let server = Coinserver::start(settings(&node)).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    let mut waiting = Vec::new();
    for block in 0..12_u8 {
        let tip = node.best_hash().await.unwrap();
        let head = watch.head_on(&tip).await;
        // Sent now, it is in the template on the next tip at the latest.
        if block.is_multiple_of(3) {
            let to = node.new_address("bech32m").await.unwrap();
            let sent = node.call("sendtoaddress", json!([to, 0.1])).await;
            waiting.push(sent.unwrap());
        }
        let solved = solve_by(Algorithm::Sha256d, &mut watch, &head, &[0x51, block]).await;
        let request = SubmitSolutionRequest {
            template_id: head.template_id.clone(),
            header: solved.header.clone(),
            coinbase: solved.coinbase.clone(),
            proof: bytes::Bytes::new(),
        };
        let reply = server
            .client
            .clone()
            .submit_solution(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(reply.outcome(), SubmitOutcome::Accepted, "{}", reply.reason);
        let hash = solved.hash.to_string();
        assert_eq!(node.best_hash().await.unwrap(), hash);
        let found = node.call("getblock", json!([hash])).await.unwrap();
        let found = found["tx"].as_array().unwrap();
        waiting.retain(|txid| !found.contains(txid));
    }
    assert!(waiting.is_empty(), "in no block: {waiting:?}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_tip_that_the_daemon_publishes_arrives_by_zmq() {
    let zmq = FreePort::reserve().unwrap();
    let publisher = format!("tcp://{}", zmq.address());
    let node = Daemon::knots(DaemonOptions {
        arguments: vec![format!("-zmqpubhashblock={publisher}")],
    })
    .await
    .unwrap();
    node.generate(1).await.unwrap();
    let mut settings = settings(&node);
    settings.zmq_hashblock = Some(publisher);
    settings.poll_ms = NEVER_MS;
    settings.refresh_ms = NEVER_MS;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    // The long poll tells of the same tips, and which of the two is first is the machine's choice.
    let mined_until_told = async {
        while !server.metrics().contains(r#"tips_total{source="zmq"}"#)
            || server.metrics().contains(r#"tips_total{source="zmq"} 0"#)
        {
            let tip = node.generate(1).await.unwrap().remove(0);
            watch.head_on(&tip).await;
        }
    };
    tokio::time::timeout(PATIENCE, mined_until_told)
        .await
        .expect("no tip ever came by ZMQ");
    server.stop().await.unwrap();
}
