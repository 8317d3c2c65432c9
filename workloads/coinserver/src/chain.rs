//! Questions about the daemon's chain.

mod block;
mod transaction;
mod unspent;

use ngpool_chain::BlockHash;
use ngpool_rpc::v1::{BlockStateReply, ChainStatusReply};
use serde_json::json;

use crate::{
    node::{Node, NodeError, parse_chain_work, parse_hash},
    rpc::{BlockHeader, BlockchainInfo, DaemonClient, RpcError, code},
};

pub(crate) use block::{Block, block_at, reply as block_reply};
pub(crate) use transaction::{Detail, Estimate, broadcast, estimate_fee, transaction_state};
pub(crate) use unspent::{OUTPUTS_AT_ONCE, unspent_outputs};

/// Where the node stands: asked anew, or what was seen last when the daemon does not answer.
pub(crate) async fn status(node: &Node) -> ChainStatusReply {
    let mut facts = node.facts();
    if let Ok(client) = node.client().await
        && let Ok(chain) = client
            .call::<BlockchainInfo>("getblockchaininfo", json!([]))
            .await
        && let Ok(tip) = parse_hash("getblockchaininfo", &chain.bestblockhash)
        && let Ok(work) = parse_chain_work("getblockchaininfo", &chain.chainwork)
    {
        facts.height = chain.blocks;
        facts.headers = chain.headers;
        facts.tip = tip;
        facts.chain_work = work;
    }
    let newest = node.book.newest();
    ChainStatusReply {
        currency: node.currency.code.clone(),
        height: facts.height,
        headers: facts.headers,
        best_hash: bytes(facts.tip),
        chain_work: facts.chain_work.to_vec().into(),
        peers: facts.peers,
        health: Some(node.condition.borrow().to_message()),
        daemon_version: facts.version,
        genesis_hash: bytes(node.genesis),
        template_ms: newest.as_ref().map_or(0, |offered| offered.received_ms),
        bits: newest
            .as_ref()
            .map_or(0, |offered| offered.template.head.bits),
    }
}

/// What the node knows of a block, and what it has at a height.
pub(crate) async fn block_state(
    node: &Node,
    hash: BlockHash,
    height: u32,
) -> Result<BlockStateReply, NodeError> {
    let client = node.client().await?;
    let header: Result<BlockHeader, _> = client
        .call("getblockheader", json!([hash.to_string()]))
        .await;
    let confirmations = match header {
        Ok(header) => Some(header.confirmations),
        Err(error) if error.code() == Some(code::NOT_FOUND) => None,
        Err(error) => return Err(error.into()),
    };
    let at_height = hash_at(&client, height).await?;
    let chain: BlockchainInfo = client.call("getblockchaininfo", json!([])).await?;
    let confirmations_on_chain = confirmations
        .and_then(|count| u32::try_from(count).ok())
        .unwrap_or(0);
    Ok(BlockStateReply {
        known: confirmations.is_some(),
        on_best_chain: confirmations_on_chain > 0,
        confirmations: confirmations_on_chain,
        hash_at_height: at_height.map(bytes).unwrap_or_default(),
        tip_height: chain.blocks,
        tip_hash: bytes(parse_hash("getblockchaininfo", &chain.bestblockhash)?),
    })
}

/// Hash of the best chain at a height; none above the tip.
async fn hash_at(client: &DaemonClient, height: u32) -> Result<Option<BlockHash>, RpcError> {
    // The daemons take a signed number.
    if i32::try_from(height).is_err() {
        return Ok(None);
    }
    match client.call::<String>("getblockhash", json!([height])).await {
        Ok(text) => parse_hash("getblockhash", &text).map(Some),
        Err(error) if error.code() == Some(code::OUT_OF_RANGE) => Ok(None),
        Err(error) => Err(error),
    }
}

fn bytes(hash: BlockHash) -> bytes::Bytes {
    hash.as_bytes().to_vec().into()
}
