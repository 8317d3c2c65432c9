//! Messages into the store's types; what cannot be one is refused with the field's name.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, PowHash, Txid};
use ngpool_rpc::v1;
use ngpool_store::{Batch, BlockKey, BlockReport, NodeAnswer, ProducerId};
use tonic::Status;

/// Bytes of a name or of a node's words at most.
pub(crate) const TEXT_MAX: usize = 512;

/// Answers of one report at most.
const ANSWERS_MAX: usize = 256;

pub(crate) fn producer(bytes: &Bytes) -> Result<ProducerId, Status> {
    ProducerId::from_slice(bytes).ok_or_else(|| wrong("producer", "is not 16 bytes"))
}

pub(crate) fn batch(message: v1::Batch) -> Result<Batch, Status> {
    let digest = |name, bytes: &Bytes| {
        <[u8; 32]>::try_from(bytes.as_ref()).map_err(|_| wrong(name, "is not 32 bytes"))
    };
    Batch::verify(
        producer(&message.producer)?,
        message.number,
        digest("previous_digest", &message.previous_digest)?,
        digest("digest", &message.digest)?,
        message.content.into(),
    )
    .map_err(|error| Status::invalid_argument(error.to_string()))
}

pub(crate) fn block_key(currency: String, hash: &Bytes) -> Result<BlockKey, Status> {
    let hash = BlockHash::from_slice(hash).ok_or_else(|| wrong("hash", "is not 32 bytes"))?;
    Ok(BlockKey { currency, hash })
}

pub(crate) fn block_report(message: v1::BlockReport) -> Result<BlockReport, Status> {
    if message.answers.len() > ANSWERS_MAX {
        return Err(wrong("answers", "are too many"));
    }
    if message.reward < 0 {
        return Err(wrong("reward", "is negative"));
    }
    Ok(BlockReport {
        key: block_key(message.currency, &message.hash)?,
        height: Height(message.height),
        previous_hash: BlockHash::from_slice(&message.previous_hash)
            .ok_or_else(|| wrong("previous_hash", "is not 32 bytes"))?,
        bits: message.bits,
        pow_hash: PowHash::from_slice(&message.pow_hash)
            .ok_or_else(|| wrong("pow_hash", "is not 32 bytes"))?,
        sharechain: text(&message.sharechain),
        port: text(&message.port),
        user: text(&message.user),
        worker: text(&message.worker),
        coinbase_txid: Txid::from_slice(&message.coinbase_txid)
            .ok_or_else(|| wrong("coinbase_txid", "is not 32 bytes"))?,
        coinbase_vout: message.coinbase_vout,
        script: message.script.into(),
        reward: Amount(message.reward),
        found_at: time(message.found_ms).ok_or_else(|| wrong("found_ms", "is no time"))?,
        answers: message
            .answers
            .into_iter()
            .map(|answer| NodeAnswer {
                node: text(&answer.node),
                outcome: answer.outcome,
                reason: text(&answer.reason),
            })
            .collect(),
        is_final: message.r#final,
    })
}

/// A moment from milliseconds since the epoch.
pub(crate) fn time(milliseconds: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(i64::try_from(milliseconds).ok()?)
}

/// A text the database can hold: cut, and without control characters. A block is never refused
/// because of a name.
pub(crate) fn text(text: &str) -> String {
    let mut clean = String::new();
    for character in text.chars() {
        let character = if character.is_control() {
            '?'
        } else {
            character
        };
        if clean.len() + character.len_utf8() > TEXT_MAX {
            break;
        }
        clean.push(character);
    }
    clean
}

fn wrong(field: &str, problem: &str) -> Status {
    Status::invalid_argument(format!("{field} {problem}"))
}
