//! A block with what it creates and spends.

use ngpool_chain::{Amount, BlockHash, Txid};
use ngpool_rpc::v1::{BlockAtReply, ChainOutput, ChainTransaction, Outpoint};
use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::{bytes, hash_at};
use crate::{
    node::{Node, NodeError},
    rpc::{BlockchainInfo, RpcError, plain},
};

const METHOD: &str = "getblock";

/// `getblock` with verbosity 2, as far as it is used.
#[derive(Debug, Deserialize)]
pub(crate) struct Block {
    hash: BlockHash,
    previousblockhash: Option<BlockHash>,
    time: u32,
    bits: String,
    tx: Vec<Transaction>,
}

#[derive(Debug, Deserialize)]
struct Transaction {
    txid: Txid,
    vin: Vec<Input>,
    vout: Vec<Output>,
}

/// A coinbase input has no outpoint, an MWEB input (`ismweb`) neither.
#[derive(Debug, Deserialize)]
struct Input {
    txid: Option<Txid>,
    vout: Option<u32>,
}

/// An MWEB output (`ismweb`) has only an id of its own.
#[derive(Debug, Deserialize)]
struct Output {
    #[serde(default)]
    ismweb: bool,
    n: Option<u32>,
    // As the text the daemon wrote: money is never a floating-point number.
    value: Option<Box<RawValue>>,
    #[serde(rename = "scriptPubKey")]
    script: Option<Script>,
}

#[derive(Debug, Deserialize)]
struct Script {
    hex: String,
}

/// The block of the best chain at a height.
pub(crate) async fn block_at(node: &Node, height: u32) -> Result<BlockAtReply, NodeError> {
    let client = node.client().await?;
    let chain: BlockchainInfo = client.call("getblockchaininfo", json!([])).await?;
    let Some(hash) = hash_at(&client, height).await? else {
        return Ok(BlockAtReply {
            tip_height: chain.blocks,
            ..BlockAtReply::default()
        });
    };
    let block: Block = client.call(METHOD, json!([hash.to_string(), 2])).await?;
    Ok(reply(block, node.currency.decimals, chain.blocks)?)
}

pub(crate) fn reply(block: Block, decimals: u8, tip_height: u32) -> Result<BlockAtReply, RpcError> {
    let bits = u32::from_str_radix(&block.bits, 16)
        .map_err(|error| unexpected(&format!("bits {:?}: {error}", block.bits)))?;
    let transactions = block
        .tx
        .into_iter()
        .map(|one| transaction(one, decimals))
        .collect::<Result<_, _>>()?;
    Ok(BlockAtReply {
        hash: bytes(block.hash),
        // Block 0 has none before it.
        previous_hash: block.previousblockhash.map(bytes).unwrap_or_default(),
        time: block.time,
        transactions,
        tip_height,
        bits,
    })
}

fn transaction(transaction: Transaction, decimals: u8) -> Result<ChainTransaction, RpcError> {
    let spends = transaction
        .vin
        .into_iter()
        .filter_map(|input| {
            Some(Outpoint {
                txid: txid_bytes(input.txid?),
                vout: input.vout?,
            })
        })
        .collect();
    let outputs = transaction
        .vout
        .into_iter()
        .filter(|output| !output.ismweb)
        .map(|output| self::output(output, decimals))
        .collect::<Result<_, _>>()?;
    Ok(ChainTransaction {
        txid: txid_bytes(transaction.txid),
        spends,
        outputs,
    })
}

fn output(output: Output, decimals: u8) -> Result<ChainOutput, RpcError> {
    let (Some(vout), Some(value), Some(script)) = (output.n, output.value, output.script) else {
        return Err(unexpected("an output lacks its number, value or script"));
    };
    let amount = Amount::from_decimal(value.get(), decimals)
        .map_err(|error| unexpected(&format!("value {}: {error}", value.get())))?;
    let script = hex::decode(&script.hex)
        .map_err(|error| unexpected(&format!("a script is not hex: {error}")))?;
    Ok(ChainOutput {
        vout,
        amount: amount.0,
        script: script.into(),
    })
}

fn txid_bytes(txid: Txid) -> bytes::Bytes {
    txid.as_bytes().to_vec().into()
}

/// The reason may quote the daemon.
fn unexpected(reason: &str) -> RpcError {
    RpcError::Unexpected {
        method: METHOD,
        reason: plain(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, reply};

    fn block(vout: &str) -> Block {
        let id = "11".repeat(32);
        let text = format!(
            r#"{{"hash":"{id}","time":7,"bits":"207fffff","tx":[{{"txid":"{id}",
            "vin":[{{"coinbase":"02b001"}},{{"ismweb":true,"output_id":"{id}"}},{{"txid":"{id}","vout":3}}],
            "vout":[{vout}]}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn amounts_are_exact_and_mweb_parts_left_out() {
        let vout = r#"{"n":0,"value":92233720368.54775807,"scriptPubKey":{"hex":"51"}},
            {"ismweb":true,"output_id":"ab"},
            {"ismweb":false,"n":1,"value":0.10000001,"scriptPubKey":{"hex":""}}"#;
        let reply = reply(block(vout), 8, 9).unwrap();
        let [transaction] = &reply.transactions[..] else {
            panic!()
        };
        assert_eq!(transaction.spends.len(), 1);
        assert_eq!(transaction.spends[0].vout, 3);
        let amounts: Vec<_> = transaction
            .outputs
            .iter()
            .map(|one| (one.vout, one.amount))
            .collect();
        assert_eq!(amounts, [(0, i64::MAX), (1, 10_000_001)]);
        assert_eq!((reply.bits, reply.tip_height), (0x207f_ffff, 9));
        assert!(reply.previous_hash.is_empty());
    }

    #[test]
    fn outputs_that_cannot_be_read_exactly_are_errors() {
        for vout in [
            r#"{"n":0,"value":0.123456789,"scriptPubKey":{"hex":"51"}}"#,
            r#"{"n":0,"value":1e3,"scriptPubKey":{"hex":"51"}}"#,
            r#"{"n":0,"value":"x","scriptPubKey":{"hex":"51"}}"#,
            r#"{"n":0,"value":1,"scriptPubKey":{"hex":"5"}}"#,
            r#"{"n":0,"value":1}"#,
            r#"{"value":1,"scriptPubKey":{"hex":"51"}}"#,
        ] {
            assert!(reply(block(vout), 8, 9).is_err(), "{vout}");
        }
    }
}
