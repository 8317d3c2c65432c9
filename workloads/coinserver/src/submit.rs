//! Blocks go to the daemon here. Nothing else of this program is worth as much, so a block is not
//! given up for a daemon that is away for a moment, nor for a caller that went.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ngpool_chain::{Header, assemble_proven_block};
use ngpool_rpc::v1::{SubmitOutcome, SubmitReply};
use serde_json::json;

use crate::node::{Node, NodeError, Sign};

/// How long a block is tried again while the daemon cannot be reached. By then the block has long
/// been orphaned, or the other nodes have it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Time the daemon has to check a block: seconds for a large one on a slow disk.
const ANSWER: Duration = Duration::from_secs(30);

/// Pauses between tries: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_secs(1);

/// `RPC_DESERIALIZATION_ERROR`: the bytes are no block for this daemon. Final.
const DECODE_FAILED: i32 = -22;

/// The daemon does not have the block before it: another node's tip is a moment ahead, or the daemon
/// lost its last blocks in a crash. It will have it soon.
const PARENT_MISSING: &str = "prev-blk-not-found";

/// Puts the block of a solved template together and submits it.
pub(crate) async fn solution(
    node: Arc<Node>,
    template_id: &[u8],
    header: &[u8],
    coinbase: &[u8],
    proof: &[u8],
) -> Result<SubmitReply, NodeError> {
    let Some(offered) = node.book.find(template_id) else {
        return Ok(count(
            &node,
            SubmitOutcome::UnknownTemplate,
            "no such template is kept",
        ));
    };
    let Some(header) = Header::from_slice(header) else {
        return Ok(count(
            &node,
            SubmitOutcome::Rejected,
            "the header does not have 80 bytes",
        ));
    };
    let template = &offered.template;
    let (head, body) = (&template.head, &template.body);
    match assemble_proven_block(&header, proof, coinbase, head, body) {
        Ok(bytes) => block(node, bytes).await,
        Err(error) => Ok(count(&node, SubmitOutcome::Rejected, &error.to_string())),
    }
}

/// Submits a whole block.
pub(crate) async fn block(node: Arc<Node>, bytes: Vec<u8>) -> Result<SubmitReply, NodeError> {
    let hash = bytes
        .get(..Header::LENGTH)
        .and_then(Header::from_slice)
        .map(|header| header.hash());
    let Some(hash) = hash else {
        return Ok(count(
            &node,
            SubmitOutcome::Rejected,
            "a block has at least 80 bytes",
        ));
    };
    let started = Instant::now();
    let answer = submit(&node, &bytes).await;
    let name = &node.name;
    match answer {
        Ok((outcome, reason)) => {
            node.metrics.submitted(outcome, started.elapsed());
            if outcome == SubmitOutcome::Rejected {
                tracing::error!(node = name, block = %hash, reason, "the daemon refused a block");
            } else {
                tracing::info!(node = name, block = %hash, ?outcome, reason, "block submitted");
                node.wake.ask(Sign::Submit);
            }
            Ok(SubmitReply {
                outcome: outcome.into(),
                reason,
            })
        }
        Err(error) => {
            node.metrics.submit_failed();
            tracing::error!(node = name, block = %hash, %error, "a block could not be submitted");
            Err(error)
        }
    }
}

/// Asks the daemon until it answers, within bounds. A repeat is harmless: it answers `duplicate`.
async fn submit(node: &Node, bytes: &[u8]) -> Result<(SubmitOutcome, String), NodeError> {
    let params = json!([hex::encode(bytes)]);
    let deadline = Instant::now() + PATIENCE;
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = async {
            let client = node.client().await?;
            let answer = client
                .call_within("submitblock", params.clone(), ANSWER)
                .await?;
            Ok::<Option<String>, NodeError>(answer)
        };
        let answer = match attempt.await {
            Err(NodeError::Rpc(error)) if error.code() == Some(DECODE_FAILED) => {
                Ok((SubmitOutcome::Rejected, error.to_string()))
            }
            other => other.map(outcome),
        };
        let reason = match &answer {
            Ok((_, word)) if word == PARENT_MISSING => word.clone(),
            Err(NodeError::Rpc(error)) if error.is_passing() => error.to_string(),
            _ => return answer,
        };
        if Instant::now() + pause > deadline {
            return answer;
        }
        tracing::warn!(node = node.name, reason, "a block waits for the daemon");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// What the daemon's word means (BIP 22).
fn outcome(answer: Option<String>) -> (SubmitOutcome, String) {
    let Some(word) = answer else {
        return (SubmitOutcome::Accepted, String::new());
    };
    let outcome = match word.as_str() {
        "duplicate" => SubmitOutcome::Duplicate,
        "inconclusive" | "duplicate-inconclusive" => SubmitOutcome::Inconclusive,
        _ => SubmitOutcome::Rejected,
    };
    // The daemon's words have a bounded length everywhere.
    (
        outcome,
        word.chars()
            .filter(|letter| !letter.is_control())
            .take(500)
            .collect(),
    )
}

/// An answer that needs no daemon.
fn count(node: &Node, outcome: SubmitOutcome, reason: &str) -> SubmitReply {
    node.metrics.submitted(outcome, Duration::ZERO);
    tracing::warn!(
        node = node.name,
        ?outcome,
        reason,
        "a solution could not be used"
    );
    SubmitReply {
        outcome: outcome.into(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ngpool_rpc::v1::SubmitOutcome;

    use super::outcome;

    #[test]
    fn the_daemons_words_have_their_outcomes() {
        for (word, expected) in [
            (None, SubmitOutcome::Accepted),
            (Some("duplicate"), SubmitOutcome::Duplicate),
            (Some("inconclusive"), SubmitOutcome::Inconclusive),
            (Some("duplicate-inconclusive"), SubmitOutcome::Inconclusive),
            (Some("duplicate-invalid"), SubmitOutcome::Rejected),
            (Some("high-hash"), SubmitOutcome::Rejected),
            (Some("bad-txnmrklroot"), SubmitOutcome::Rejected),
            (Some(""), SubmitOutcome::Rejected),
        ] {
            assert_eq!(outcome(word.map(str::to_owned)).0, expected, "{word:?}");
        }
    }
}
