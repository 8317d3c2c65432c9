//! Questions about the chain.

use ngpool_chain::{BlockHash, Txid};
use ngpool_rpc::v1::{
    BlockAtRequest, BlockStateReply, BlockStateRequest, BroadcastReply, BroadcastRequest,
    ChainStatusRequest, EstimateFeeRequest, NodeState, Outpoint, TransactionStateReply,
    TransactionStateRequest, UnspentOutputsRequest,
};
use ngpool_testkit::Daemon;
use serde_json::json;

use crate::support::Coinserver;

fn hash_bytes(text: &str) -> bytes::Bytes {
    text.parse::<BlockHash>()
        .unwrap()
        .as_bytes()
        .to_vec()
        .into()
}

async fn block_state(server: &Coinserver, hash: &str, height: u32) -> BlockStateReply {
    let request = BlockStateRequest {
        hash: hash_bytes(hash),
        height,
    };
    server
        .client
        .clone()
        .block_state(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn a_blocks_state_follows_a_reorganisation_both_ways() {
    let node = Daemon::start().await.unwrap();
    node.generate(2).await.unwrap();
    let server = Coinserver::for_node(&node).await;
    let ours = node.generate(1).await.unwrap().remove(0);
    let state = block_state(&server, &ours, 3).await;
    assert!(state.known && state.on_best_chain);
    assert_eq!((state.confirmations, state.tip_height), (1, 3));
    assert_eq!(
        (&state.hash_at_height, &state.tip_hash),
        (&hash_bytes(&ours), &hash_bytes(&ours))
    );

    node.call("invalidateblock", json!([ours])).await.unwrap();
    let state = block_state(&server, &ours, 3).await;
    assert!(state.known && !state.on_best_chain);
    assert_eq!((state.confirmations, state.tip_height), (0, 2));
    assert!(state.hash_at_height.is_empty(), "the chain ends below");

    let script = "raw(52)";
    let others = node
        .call("generatetodescriptor", json!([2, script]))
        .await
        .unwrap();
    let state = block_state(&server, &ours, 3).await;
    assert!(state.known && !state.on_best_chain);
    assert_eq!(
        state.hash_at_height,
        hash_bytes(others[0].as_str().unwrap())
    );

    node.call("invalidateblock", json!([others[0]]))
        .await
        .unwrap();
    node.call("reconsiderblock", json!([ours])).await.unwrap();
    node.generate(2).await.unwrap();
    let state = block_state(&server, &ours, 3).await;
    assert!(state.on_best_chain);
    assert_eq!((state.confirmations, state.tip_height), (3, 5));

    let never = block_state(&server, &"ab".repeat(32), 3).await;
    assert!(!never.known && !never.on_best_chain);
    assert_eq!(never.hash_at_height, hash_bytes(&ours));
    let above = block_state(&server, &ours, u32::MAX).await;
    assert!(above.hash_at_height.is_empty());
    server.stop().await.unwrap();
}

#[tokio::test]
async fn blocks_are_read_with_what_they_create_and_spend_hogex_included() {
    let node = Daemon::start().await.unwrap();
    node.activate_mweb().await.unwrap();
    let server = Coinserver::for_node(&node).await;
    let mut client = server.client.clone();
    let mut at = async |height| {
        client
            .block_at(BlockAtRequest { height })
            .await
            .unwrap()
            .into_inner()
    };
    let (before, block) = (at(431).await, at(432).await);
    assert_eq!(block.previous_hash, before.hash);
    assert_eq!((block.tip_height, block.bits), (433, 0x207f_ffff));
    // Coinbase, peg-in, HogEx.
    let [coinbase, peg_in, hogex] = &block.transactions[..] else {
        panic!("{block:?}")
    };
    assert!(coinbase.spends.is_empty());
    assert_eq!(peg_in.spends.len(), 1);
    assert_eq!(hogex.spends[0].txid, peg_in.txid);
    assert_eq!(hogex.spends[0].vout, 0);
    // To the unit: what the peg-in's input was worth is in its output and in the two fees, and both
    // fees are in the coinbase beside the subsidy of 12.5.
    let subsidy = 1_250_000_000;
    let fees = coinbase.outputs[0].amount - subsidy;
    assert!(fees > 0 && hogex.outputs[0].amount < peg_in.outputs[0].amount);
    assert_eq!(coinbase.outputs[1].amount, 0);
    assert_eq!(coinbase.outputs[1].script[..2], [0x6a, 0x24]);
    let in_wallet = node
        .call("getblockstats", json!([432, ["totalfee"]]))
        .await
        .unwrap();
    assert!(in_wallet["totalfee"].is_number());

    let genesis = at(0).await;
    assert!(genesis.previous_hash.is_empty() && genesis.transactions.len() == 1);
    let above = at(434).await;
    assert!(above.hash.is_empty() && above.tip_height == 433);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn transactions_are_broadcast_once_and_found_where_they_are() {
    let (first, second) = Daemon::pair().await.unwrap();
    first.create_wallet().await.unwrap();
    let address = first.new_address("bech32").await.unwrap();
    first.generate_to(101, &address).await.unwrap();
    first.wait_same_tip(&second).await.unwrap();
    let server = Coinserver::for_node(&second).await;
    // Made and signed, but not sent, so that sending it is the test's.
    first.set_network_active(false).await.unwrap();
    let text = first
        .call("sendtoaddress", json!([address, 1]))
        .await
        .unwrap();
    let raw = first
        .call("getrawtransaction", json!([text]))
        .await
        .unwrap();
    let raw = hex::decode(raw.as_str().unwrap()).unwrap();
    let txid: Txid = text.as_str().unwrap().parse().unwrap();

    let state = async |block: bytes::Bytes| -> TransactionStateReply {
        let request = TransactionStateRequest {
            txid: txid.as_bytes().to_vec().into(),
            block_hash: block,
        };
        server
            .client
            .clone()
            .transaction_state(request)
            .await
            .unwrap()
            .into_inner()
    };
    let broadcast = async |raw: Vec<u8>| -> BroadcastReply {
        let request = BroadcastRequest { raw: raw.into() };
        server
            .client
            .clone()
            .broadcast(request)
            .await
            .unwrap()
            .into_inner()
    };
    assert_eq!(
        state(bytes::Bytes::new()).await,
        TransactionStateReply::default()
    );
    assert!(broadcast(raw.clone()).await.known);
    assert!(broadcast(raw.clone()).await.known, "again is no failure");
    let found = state(bytes::Bytes::new()).await;
    assert!(found.in_mempool && found.confirmations == 0);
    assert_eq!(found.raw, raw);

    let block = hash_bytes(&second.generate(1).await.unwrap()[0]);
    let found = state(block.clone()).await;
    assert!(!found.in_mempool);
    assert_eq!((found.confirmations, found.block_hash), (1, block));
    let again = broadcast(raw).await;
    assert!(again.known, "{again:?}");
    let garbage = broadcast(vec![1, 2, 3]).await;
    assert!(!garbage.known && garbage.code == -22, "{garbage:?}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn unspent_outputs_are_told_at_one_tip_whatever_the_mempool_holds() {
    let node = Daemon::start().await.unwrap();
    node.create_wallet().await.unwrap();
    let address = node.new_address("legacy").await.unwrap();
    node.generate_to(101, &address).await.unwrap();
    let server = Coinserver::for_node(&node).await;
    let coinbase_at = async |height: u32| {
        let block = BlockAtRequest { height };
        let block = server.client.clone().block_at(block).await.unwrap();
        block.into_inner().transactions.remove(0)
    };
    let (first, second) = (coinbase_at(1).await, coinbase_at(2).await);
    let outpoint = |txid: &bytes::Bytes, vout| Outpoint {
        txid: txid.clone(),
        vout,
    };
    let asked = vec![
        outpoint(&first.txid, 0),
        outpoint(&first.txid, 99),
        outpoint(&second.txid, 0),
        outpoint(&vec![7; 32].into(), 0),
    ];
    let ask = async || {
        let request = UnspentOutputsRequest {
            outputs: asked.clone(),
        };
        let mut client = server.client.clone();
        client.unspent_outputs(request).await.unwrap().into_inner()
    };
    let reply = ask().await;
    assert_eq!(reply.tip_before, reply.tip_after);
    assert_eq!(
        reply.tip_before,
        hash_bytes(&node.best_hash().await.unwrap())
    );
    assert_eq!(reply.tip_height, 101);
    let [one, two] = &reply.outputs[..] else {
        panic!("{reply:?}")
    };
    assert_eq!((&one.txid, &two.txid), (&first.txid, &second.txid));
    assert_eq!((one.confirmations, two.confirmations), (101, 100));
    assert!(one.coinbase && !one.spent_in_mempool);
    assert_eq!(
        (one.amount, &one.script),
        (first.outputs[0].amount, &first.outputs[0].script)
    );

    // Only the first is mature: it is the one that is spent.
    node.call("sendtoaddress", json!([address, 1]))
        .await
        .unwrap();
    let spent: Vec<_> = ask()
        .await
        .outputs
        .iter()
        .map(|o| o.spent_in_mempool)
        .collect();
    assert_eq!(spent, [true, false], "unspent in the chain all the same");
    node.generate(1).await.unwrap();
    let reply = ask().await;
    assert_eq!((reply.tip_height, reply.outputs.len()), (102, 1));
    assert_eq!(reply.outputs[0].txid, second.txid);

    let many = UnspentOutputsRequest {
        outputs: vec![outpoint(&first.txid, 0); 1_000],
    };
    let mut client = server.client.clone();
    client.unspent_outputs(many.clone()).await.unwrap();
    let mut more = many;
    more.outputs.push(outpoint(&first.txid, 0));
    let refused = client.unspent_outputs(more).await.unwrap_err();
    assert!(refused.message().contains("1000 at most"), "{refused}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_chains_status_names_tip_version_and_health() {
    let (first, _second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    server.watch().await.state(NodeState::Ready).await;
    let mut client = server.client.clone();
    let status = client
        .chain_status(ChainStatusRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!((status.height, status.headers, status.peers), (1, 1, 1));
    assert_eq!(
        status.best_hash,
        hash_bytes(&first.best_hash().await.unwrap())
    );
    assert!(
        status.daemon_version.starts_with("LitecoinCore:"),
        "{}",
        status.daemon_version
    );
    assert_eq!(
        (status.currency.as_str(), status.bits),
        ("RLTC", 0x207f_ffff)
    );
    assert_eq!(status.health.unwrap().state(), NodeState::Ready);
    assert_eq!(status.chain_work.len(), 32);
    assert!(status.template_ms > 0);
    // Two blocks are no history to estimate from.
    let fee = client
        .estimate_fee(EstimateFeeRequest { blocks: 6 })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(fee.per_kvb, None);

    let facts = server.program.health.report();
    assert!(facts.ready && facts.document.len() == 64);
    assert_eq!(
        (
            facts.facts["height"].as_str(),
            facts.facts["peers"].as_str()
        ),
        ("1", "1")
    );
    assert!(facts.facts.contains_key("template_age_s"));
    server.stop().await.unwrap();
}
