//! Single transactions: where they are, sending them, what they should pay.

use ngpool_chain::{Amount, BlockHash, Txid};
use ngpool_rpc::v1::{BroadcastReply, EstimateFeeReply, TransactionStateReply};
use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::bytes;
use crate::{
    node::{Node, NodeError},
    rpc::{DaemonClient, RpcError, code},
};

/// What the daemons say of a transaction that is in the mempool already; the code is −25, −26 or −27
/// by version.
const KNOWN_WORDS: [&str; 3] = [
    "txn-already-in-mempool",
    "txn-already-known",
    "already in block chain",
];

/// `getrawtransaction` with detail, as far as it is used.
#[derive(Debug, Deserialize)]
pub(crate) struct Detail {
    hex: String,
    blockhash: Option<BlockHash>,
    #[serde(default)]
    confirmations: u32,
}

/// Where a transaction is. Without an index the daemon finds it only in its mempool, or in a block
/// that is named.
pub(crate) async fn transaction_state(
    node: &Node,
    txid: Txid,
    block: Option<BlockHash>,
) -> Result<TransactionStateReply, NodeError> {
    let client = node.client().await?;
    let mut found = detail(&client, txid, None).await?;
    if let Some(block) = block
        && found
            .as_ref()
            .is_none_or(|detail| detail.confirmations == 0)
    {
        // In a block rather than in the mempool, if it is in that block.
        found = detail(&client, txid, Some(block)).await?.or(found);
    }
    let Some(detail) = found else {
        return Ok(TransactionStateReply::default());
    };
    let raw = hex::decode(&detail.hex).map_err(|error| RpcError::Unexpected {
        method: "getrawtransaction",
        reason: format!("hex: {error}"),
    })?;
    Ok(TransactionStateReply {
        in_mempool: detail.blockhash.is_none(),
        confirmations: detail.confirmations,
        block_hash: detail.blockhash.map(bytes).unwrap_or_default(),
        raw: raw.into(),
    })
}

async fn detail(
    client: &DaemonClient,
    txid: Txid,
    block: Option<BlockHash>,
) -> Result<Option<Detail>, RpcError> {
    let params = match block {
        Some(block) => json!([txid.to_string(), true, block.to_string()]),
        None => json!([txid.to_string(), true]),
    };
    match client.call("getrawtransaction", params).await {
        Ok(detail) => Ok(Some(detail)),
        Err(error) if error.code() == Some(code::NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a transaction to the network.
pub(crate) async fn broadcast(node: &Node, raw: &[u8]) -> Result<BroadcastReply, NodeError> {
    let client = node.client().await?;
    let sent: Result<String, _> = client
        .call("sendrawtransaction", json!([hex::encode(raw)]))
        .await;
    match sent {
        Ok(_txid) => Ok(BroadcastReply {
            known: true,
            code: 0,
            reason: String::new(),
        }),
        Err(RpcError::Daemon {
            code: code::WARMING_UP,
            message,
            ..
        }) => {
            let method = "sendrawtransaction";
            Err(RpcError::Daemon {
                method,
                code: code::WARMING_UP,
                message,
            }
            .into())
        }
        Err(RpcError::Daemon { code, message, .. }) => {
            let known = code == code::ALREADY_IN_CHAIN
                || KNOWN_WORDS.iter().any(|word| message.contains(word));
            let code = if known { 0 } else { code };
            Ok(BroadcastReply {
                known,
                code,
                reason: message,
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// `estimatesmartfee`.
#[derive(Debug, Deserialize)]
pub(crate) struct Estimate {
    feerate: Option<Box<RawValue>>,
}

/// Fee per 1,000 virtual bytes for confirmation within some blocks, if the daemon has an estimate.
pub(crate) async fn estimate_fee(node: &Node, blocks: u32) -> Result<EstimateFeeReply, NodeError> {
    let client = node.client().await?;
    // What the daemons take.
    let blocks = blocks.clamp(1, 1_008);
    let none = EstimateFeeReply { per_kvb: None };
    match client
        .call::<Estimate>("estimatesmartfee", json!([blocks]))
        .await
    {
        Ok(estimate) => {
            let per_kvb = estimate
                .feerate
                .and_then(|rate| Amount::from_decimal(rate.get(), node.currency.decimals).ok())
                // Daemons of old say −1 when they do not know.
                .filter(|rate| rate.0 > 0)
                .map(|rate| rate.0);
            Ok(EstimateFeeReply { per_kvb })
        }
        Err(error) if error.code() == Some(code::NO_SUCH_METHOD) => Ok(none),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Detail, Estimate};

    #[test]
    fn answers_of_the_daemon_are_read() {
        let mempool: Detail = serde_json::from_str(r#"{"hex":"00","vin":[]}"#).unwrap();
        assert!(mempool.blockhash.is_none());
        let none: Estimate =
            serde_json::from_str(r#"{"errors":["Insufficient data"],"blocks":0}"#).unwrap();
        assert!(none.feerate.is_none());
        let some: Estimate = serde_json::from_str(r#"{"feerate":0.00010001,"blocks":2}"#).unwrap();
        assert_eq!(some.feerate.unwrap().get(), "0.00010001");
    }
}
