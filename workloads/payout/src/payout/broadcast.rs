//! Sends the stored bytes of every payout that is not in a block, by every node, in every pass.
//!
//! What a node answers decides nothing: it may have the transaction under another txid, in a block
//! that was not followed yet, or have lost it with its mempool. Only the chain tells what became of a
//! payout. The answers are kept for people.

use futures::future::join_all;
use ngpool_rpc::v1::BroadcastReply;
use ngpool_store::{PayoutRow, PayoutState, StoreError};

use super::{
    confirm::look,
    life::{Effect, Event, step},
    life_of,
};
use crate::settle::{Pass, SettleReport, StepError, nodes::NodeError};

/// `sendrawtransaction`: an input is spent or not known.
const VERIFY_ERROR: i32 = -25;
/// `sendrawtransaction`: against the rules or the policy of the node.
const VERIFY_REJECTED: i32 = -26;

/// Sends what is to be sent.
pub(crate) async fn broadcast(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let out = [PayoutState::Signed, PayoutState::Broadcast];
    let payouts = pass.store.payouts(pass.code(), &out).await?;
    if payouts.is_empty() {
        return Ok(());
    }
    let stopped = pass.store.payouts_stopped(pass.code()).await?;
    let mut failures = Vec::new();
    for payout in &payouts {
        match one(pass, payout, stopped.as_deref(), report).await {
            Ok(()) => {}
            Err(error @ (StepError::Store(StoreError::Away(_)) | StepError::NoNode(_))) => {
                return Err(error);
            }
            Err(error) => {
                let error = crate::settle::with_sources(&error);
                failures.push(format!("payout {}: {error}", payout.number));
            }
        }
    }
    crate::settle::together(failures)
}

async fn one(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    stopped: Option<&str>,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let Some(anchor) = payout.anchor else {
        return Ok(());
    };
    let sight = look(pass, payout, anchor).await?.sight;
    let event = Event::SendTime {
        stopped: stopped.is_some(),
        sight,
    };
    let (life, effects) = step(&life_of(payout), event, 0);
    for effect in &effects {
        let Effect::Send(version) = effect else {
            continue;
        };
        let bytes = payout
            .version(*version)
            .and_then(|version| version.signed.as_ref())
            .map(|signed| signed.bytes.as_slice())
            .unwrap_or_default();
        let answers = send(pass, bytes).await;
        if answers.iter().all(|(_, answer)| answer.is_err()) {
            return Err(StepError::NoNode(tell(&answers)));
        }
        let (_, then) = step(&life, Event::Sent(*version), 0);
        if then.contains(&Effect::MarkSent(*version)) {
            let answer = tell(&answers);
            let is_first = pass
                .store
                .mark_broadcast(pass.code(), payout.number, *version, &answer, pass.at)
                .await?;
            if is_first {
                report.payout(pass, payout.number, format!("sent: {answer}"));
            }
        }
    }
    if effects.is_empty()
        && payout.state == PayoutState::Signed
        && let Some(stopped) = stopped
    {
        let reason = format!("not sent, payouts are stopped: {stopped}");
        report
            .waiting
            .push(format!("payout {}: {reason}", payout.number));
        pass.store
            .explain_payout(pass.code(), payout.number, payout.state, &reason)
            .await?;
    }
    Ok(())
}

type Answers = Vec<(String, Result<BroadcastReply, NodeError>)>;

async fn send(pass: &Pass<'_>, bytes: &[u8]) -> Answers {
    let sends = pass
        .nodes
        .answering()
        .map(async |node| (node.name.clone(), node.broadcast(bytes).await));
    join_all(sends).await
}

/// What the nodes said, for a person.
fn tell(answers: &Answers) -> String {
    if answers.is_empty() {
        return "no node answers".to_owned();
    }
    let told = answers.iter().map(|(node, answer)| match answer {
        Ok(reply) => format!("{node} {}", judge(reply)),
        Err(error) => error.to_string(),
    });
    told.collect::<Vec<_>>().join("; ")
}

/// What an answer means. None of them is the end of a payout.
fn judge(reply: &BroadcastReply) -> String {
    let words = &reply.reason;
    match reply.code {
        _ if reply.known => "has it".to_owned(),
        VERIFY_ERROR => format!(
            "misses a coin ({words}): it is spent by another transaction, perhaps by this payout \
             under another txid, or not seen yet; the chain tells"
        ),
        VERIFY_REJECTED if words.contains("conflict") || words.contains("insufficient fee") => {
            format!("has another version or another spend and keeps it ({words})")
        }
        VERIFY_REJECTED => format!("would not take it ({words})"),
        code => format!("refused ({code}, {words})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(known: bool, code: i32, reason: &str) -> BroadcastReply {
        BroadcastReply {
            known,
            code,
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn each_answer_is_told_for_what_it_is() {
        assert_eq!(judge(&reply(true, 0, "txn-already-known")), "has it");
        for (code, words, told) in [
            (-25, "bad-txns-inputs-missingorspent", "misses a coin"),
            (-26, "txn-mempool-conflict", "keeps it"),
            (-26, "insufficient fee, rejecting replacement", "keeps it"),
            (-26, "min relay fee not met", "would not take it"),
            (-1, "what", "refused (-1, what)"),
        ] {
            let text = judge(&reply(false, code, words));
            assert!(text.contains(told), "{text}");
        }
    }

    #[test]
    fn silence_of_every_node_is_told() {
        assert_eq!(tell(&Vec::new()), "no node answers");
    }
}
