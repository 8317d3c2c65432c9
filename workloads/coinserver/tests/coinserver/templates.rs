//! Templates reach the stream, by each of the ways.

use ngpool_rpc::v1::NodeState;
use ngpool_testkit::Daemon;
use serde_json::json;

use crate::support::{Coinserver, NEVER_MS, settings_for};

#[tokio::test]
async fn a_new_tip_arrives_by_long_poll() {
    let (first, second) = Daemon::pair().await.unwrap();
    let mut settings = settings_for(&first);
    // Nothing else may report it.
    settings.poll_ms = NEVER_MS;
    settings.refresh_ms = NEVER_MS;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    let head = watch.head_on(&first.best_hash().await.unwrap()).await;
    assert_eq!(head.height, 2);
    assert_eq!(head.currency, "RLTC");
    assert_eq!(head.transaction_count, 0);
    assert!(!head.has_mweb && head.coinbase_value > 0 && head.received_ms > 0);
    assert!(
        head.witness_commitment
            .starts_with(&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed])
    );

    let tip = second.generate(1).await.unwrap().remove(0);
    let next = watch.head_on(&tip).await;
    assert_eq!(next.height, 3);
    assert!(
        next.chain_work > head.chain_work,
        "work grows with the chain"
    );
    assert_ne!(next.template_id, head.template_id);
    assert!(
        server
            .metrics()
            .contains(r#"tips_total{source="long-poll"} 1"#)
    );
    // Every delivered head has its body.
    for head in watch.heads.clone() {
        watch.body_of(&head).await;
    }
    watch
        .until("heartbeats", |watch| watch.heartbeats >= 2)
        .await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_new_tip_arrives_by_polling_alone() {
    let (first, second) = Daemon::pair().await.unwrap();
    let mut settings = settings_for(&first);
    settings.refresh_ms = NEVER_MS;
    settings.poll_ms = 50;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    for _ in 0..3 {
        let tip = second.generate(1).await.unwrap().remove(0);
        watch.head_on(&tip).await;
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn transactions_are_sent_once_and_refreshed_templates_carry_new_ones() {
    let (first, _second) = Daemon::pair().await.unwrap();
    first.create_wallet().await.unwrap();
    let address = first.new_address("bech32").await.unwrap();
    first.generate_to(101, &address).await.unwrap();
    let mut settings = settings_for(&first);
    settings.refresh_ms = 100;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;

    let txid = first
        .call("sendtoaddress", json!([address, 1]))
        .await
        .unwrap();
    let txid: ngpool_chain::Txid = txid.as_str().unwrap().parse().unwrap();
    let has_it = |one: &&ngpool_rpc::v1::TemplateHead| one.transaction_count == 1;
    watch
        .until("two templates with it", |watch| {
            watch.heads.iter().filter(has_it).count() >= 2
        })
        .await;
    let with_it: Vec<_> = watch.heads.iter().filter(has_it).cloned().collect();
    let mut sent = 0;
    for head in &with_it {
        let body = watch.body_of(head).await;
        assert_eq!(body.transactions[0].txid, txid.as_bytes()[..]);
        sent += usize::from(body.transactions[0].data.is_some());
    }
    assert_eq!(sent, 1, "its bytes travel once on a stream");
    assert!(with_it[0].coinbase_value > 0 && with_it[0].merkle_branch.len() == 1);

    // Another stream knows nothing of it.
    let mut other = server.watch().await;
    other
        .until("the body", |watch| !watch.transactions.is_empty())
        .await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_rpc_address_that_changes_is_used_at_once() {
    let (first, second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    watch.head_on(&first.best_hash().await.unwrap()).await;
    second.set_network_active(false).await.unwrap();
    let tip = second.generate(1).await.unwrap().remove(0);
    let rpc = settings_for(&second).rpc;
    server.change(|settings| settings.rpc = rpc);
    // It has no peer, so it gives no template, but it is the one asked now.
    watch.state(NodeState::NoPeers).await;
    second.set_network_active(true).await.unwrap();
    second.connect(&first).await.unwrap();
    watch.head_on(&tip).await;
    watch.state(NodeState::Ready).await;
    server.stop().await.unwrap();
}
