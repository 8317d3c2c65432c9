//! Which outputs are unspent, at one tip.

use ngpool_chain::{Amount, BlockHash, Txid};
use ngpool_rpc::v1::{UnspentOutput, UnspentOutputsReply};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};

use super::bytes;
use crate::{
    node::{Node, NodeError},
    rpc::{BlockchainInfo, RpcError, plain},
};

/// Outputs of one call: two questions each, so about 2,000 look-ups, which a daemon answers from its
/// cache in tens of milliseconds and from a disk in seconds.
pub(crate) const OUTPUTS_AT_ONCE: usize = 1_000;

const METHOD: &str = "gettxout";

/// `gettxout`, as far as it is used.
#[derive(Debug, Deserialize)]
struct Unspent {
    bestblock: BlockHash,
    confirmations: u32,
    // As the text the daemon wrote: money is never a floating-point number.
    value: Box<RawValue>,
    #[serde(rename = "scriptPubKey")]
    script: Script,
    coinbase: bool,
}

#[derive(Debug, Deserialize)]
struct Script {
    hex: String,
}

/// Looks outputs up in the chain state, and whether the mempool spends them, in one request between
/// two looks at the tip.
pub(crate) async fn unspent_outputs(
    node: &Node,
    outputs: &[(Txid, u32)],
) -> Result<UnspentOutputsReply, NodeError> {
    let client = node.client().await?;
    let mut calls: Vec<(&'static str, Value)> = Vec::with_capacity(2 * outputs.len() + 2);
    calls.push(("getblockchaininfo", json!([])));
    for (txid, vout) in outputs {
        for with_mempool in [false, true] {
            calls.push((METHOD, json!([txid.to_string(), vout, with_mempool])));
        }
    }
    calls.push(("getbestblockhash", json!([])));
    let answers = client.batch(METHOD, &calls).await?;
    Ok(read(&answers, outputs, node.currency.decimals)?)
}

fn read(
    answers: &[Box<RawValue>],
    outputs: &[(Txid, u32)],
    decimals: u8,
) -> Result<UnspentOutputsReply, RpcError> {
    let [first, found @ .., last] = answers else {
        return Err(unexpected("it is too short"));
    };
    let chain: BlockchainInfo = parse(first)?;
    let before: BlockHash = chain
        .bestblockhash
        .parse()
        .map_err(|_| unexpected("the best block's hash is no hash"))?;
    let mut after: BlockHash = parse(last)?;
    let mut unspent = Vec::new();
    for ((txid, vout), answer) in outputs.iter().zip(found.chunks(2)) {
        let [confirmed, with_mempool] = answer else {
            return Err(unexpected("it is too short"));
        };
        let Some(output) = parse::<Option<Unspent>>(confirmed)? else {
            continue;
        };
        // The chain went to another block and came back within the request.
        if output.bestblock != before {
            after = output.bestblock;
        }
        unspent.push(UnspentOutput {
            txid: txid.as_bytes().to_vec().into(),
            vout: *vout,
            amount: amount(&output.value, decimals)?,
            script: hex::decode(&output.script.hex)
                .map_err(|error| unexpected(&format!("a script is not hex: {error}")))?
                .into(),
            coinbase: output.coinbase,
            confirmations: output.confirmations,
            spent_in_mempool: with_mempool.get() == "null",
        });
    }
    Ok(UnspentOutputsReply {
        tip_before: bytes(before),
        tip_after: bytes(after),
        tip_height: chain.blocks,
        outputs: unspent,
    })
}

fn amount(value: &RawValue, decimals: u8) -> Result<i64, RpcError> {
    Amount::from_decimal(value.get(), decimals)
        .map(|amount| amount.0)
        .map_err(|error| unexpected(&format!("value {}: {error}", value.get())))
}

fn parse<T: DeserializeOwned>(answer: &RawValue) -> Result<T, RpcError> {
    serde_json::from_str(answer.get()).map_err(|error| unexpected(&error.to_string()))
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
    use super::*;

    fn hash(number: u8) -> String {
        hex::encode([number; 32])
    }

    fn answers(texts: &[String]) -> Vec<Box<RawValue>> {
        texts
            .iter()
            .map(|text| RawValue::from_string(text.clone()).unwrap())
            .collect()
    }

    fn output(tip: u8, value: &str) -> String {
        format!(
            r#"{{"bestblock":"{}","confirmations":3,"value":{value},"scriptPubKey":{{"hex":"51"}},"coinbase":true}}"#,
            hash(tip)
        )
    }

    fn chain(tip: u8) -> String {
        format!(
            r#"{{"blocks":9,"headers":9,"bestblockhash":"{}","chainwork":"0a"}}"#,
            hash(tip)
        )
    }

    fn asked() -> [(Txid, u32); 3] {
        [0, 1, 2].map(|vout| (Txid::from_bytes([7; 32]), vout))
    }

    fn null() -> String {
        "null".into()
    }

    #[test]
    fn spent_ones_are_left_out_and_the_mempool_is_told_apart() {
        let reply = read(
            &answers(&[
                chain(1),
                output(1, "12.5"),
                output(1, "12.5"),
                null(),
                null(),
                output(1, "0.00000001"),
                null(),
                format!("{:?}", hash(1)),
            ]),
            &asked(),
            8,
        )
        .unwrap();
        assert_eq!((reply.tip_height, &reply.tip_before), (9, &reply.tip_after));
        let found: Vec<_> = reply
            .outputs
            .iter()
            .map(|one| (one.vout, one.amount, one.spent_in_mempool))
            .collect();
        assert_eq!(found, [(0, 1_250_000_000, false), (2, 1, true)]);
        assert_eq!(reply.outputs[0].confirmations, 3);
        assert!(reply.outputs[0].coinbase);
    }

    #[test]
    fn a_tip_that_moved_in_between_shows() {
        for (middle, last) in [(1, 2), (2, 1)] {
            let reply = read(
                &answers(&[
                    chain(1),
                    output(middle, "1"),
                    output(middle, "1"),
                    null(),
                    null(),
                    null(),
                    null(),
                    format!("{:?}", hash(last)),
                ]),
                &asked(),
                8,
            )
            .unwrap();
            assert_ne!(reply.tip_before, reply.tip_after);
        }
    }

    #[test]
    fn an_answer_that_is_no_such_answer_is_an_error() {
        let tip = format!("{:?}", hash(1));
        for bad in ["7", "{}", r#"{"bestblock":"x"}"#] {
            let texts = [chain(1), bad.to_owned(), null(), tip.clone()];
            assert!(read(&answers(&texts), &asked()[..1], 8).is_err(), "{bad}");
        }
        let inexact = [chain(1), output(1, "0.000000001"), null(), tip];
        assert!(read(&answers(&inexact), &asked()[..1], 8).is_err());
        assert!(read(&answers(&[null()]), &[], 8).is_err());
    }
}
