//! What is wrong with a node, if anything: a pure judgement of what was seen.

use std::time::{Duration, Instant};

use ngpool_chain::BlockHash;
use ngpool_rpc::v1::{NodeHealth, NodeState};

use crate::{
    daemon::Phase,
    rpc::{RpcError, code},
};

/// A node whose headers are ahead of its blocks by one is usually just checking a new block; this
/// long is more than that.
const CHECKING: Duration = Duration::from_secs(10);

/// From this many missing blocks on nobody waits.
const CLEARLY_BEHIND: u32 = 2;

/// A node's state and, unless it is ready, the reason for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// The state.
    pub state: NodeState,
    /// Empty when ready.
    pub reason: String,
}

impl Condition {
    fn new(state: NodeState, reason: impl Into<String>) -> Self {
        Self {
            state,
            reason: reason.into(),
        }
    }

    /// Nothing is known yet.
    pub(crate) fn starting() -> Self {
        Self::new(NodeState::Starting, "nothing is known of the daemon yet")
    }

    /// As sent to those who watch.
    pub(crate) fn to_message(&self) -> NodeHealth {
        NodeHealth {
            state: self.state.into(),
            reason: self.reason.clone(),
        }
    }
}

/// Everything the judgement rests on.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    /// The daemon's process.
    pub phase: &'a Phase,
    /// Whether the daemon has answered since its process started; true for one that is not ours.
    pub has_answered: bool,
    /// The last look at the chain.
    pub chain: Result<ChainView, &'a RpcError>,
    /// Hash of the daemon's block 0 and the one it should be.
    pub genesis: Option<(BlockHash, BlockHash)>,
    /// Code of the currency.
    pub currency: &'a str,
    /// The last template.
    pub template: TemplateView,
    /// Since when headers have been ahead of blocks.
    pub behind_since: Option<Instant>,
    /// Now.
    pub now: Instant,
}

/// Where the daemon says it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainView {
    /// Height of the tip.
    pub blocks: u32,
    /// Height of the best header.
    pub headers: u32,
}

/// What asking for a template gave last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplateView {
    /// Not asked yet.
    None,
    /// A template.
    Fine,
    /// An error: the daemon's code, if it was the daemon's, and the text.
    Failed {
        /// Such as −9.
        code: Option<i32>,
        /// For a person.
        reason: String,
    },
}

/// The node's condition.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Condition {
    match evidence.phase {
        Phase::Ended { reason } => return Condition::new(NodeState::Stopped, reason),
        Phase::Waiting { reason } => return Condition::new(NodeState::Starting, reason),
        Phase::Running { .. } | Phase::External => {}
    }
    let chain = match evidence.chain {
        Ok(chain) => chain,
        Err(error) => return unanswered(evidence, error),
    };
    if let Some((found, wanted)) = evidence.genesis
        && found != wanted
    {
        return Condition::new(
            NodeState::Stopped,
            format!(
                "the daemon's chain starts with block {found}, that of {} with {wanted}: \
                 it runs another network",
                evidence.currency
            ),
        );
    }
    let missing = chain.headers.saturating_sub(chain.blocks);
    let progress = format!("block {} of {}", chain.blocks, chain.headers);
    match &evidence.template {
        TemplateView::Failed {
            code: Some(code::IN_INITIAL_DOWNLOAD),
            reason,
        } => {
            return Condition::new(NodeState::Syncing, format!("{progress}; {reason}"));
        }
        TemplateView::Failed {
            code: Some(code::NOT_CONNECTED),
            reason,
        } => {
            return Condition::new(NodeState::NoPeers, reason);
        }
        _ => {}
    }
    let for_long = evidence
        .behind_since
        .is_some_and(|since| evidence.now.saturating_duration_since(since) >= CHECKING);
    if missing >= CLEARLY_BEHIND || (missing > 0 && for_long) {
        return Condition::new(NodeState::Behind, progress);
    }
    match &evidence.template {
        TemplateView::Fine => Condition::new(NodeState::Ready, ""),
        TemplateView::None => Condition::new(NodeState::Starting, "no template has come yet"),
        TemplateView::Failed { reason, .. } => {
            Condition::new(NodeState::Silent, format!("no template: {reason}"))
        }
    }
}

fn unanswered(evidence: &Evidence<'_>, error: &RpcError) -> Condition {
    if error.code() == Some(code::WARMING_UP) {
        return Condition::new(NodeState::Starting, error.to_string());
    }
    match evidence.phase {
        // It listens a moment after its start, and writes its cookie then.
        Phase::Running { .. } if !evidence.has_answered && error.is_passing() => Condition::new(
            NodeState::Starting,
            format!("the daemon was started; {error}"),
        ),
        _ => Condition::new(NodeState::Silent, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use ngpool_chain::BlockHash;
    use ngpool_rpc::v1::NodeState;

    use super::{ChainView, Evidence, TemplateView, judge};
    use crate::{daemon::Phase, rpc::RpcError};

    fn daemon_error(code: i32, message: &str) -> RpcError {
        RpcError::Daemon {
            method: "getblockchaininfo",
            code,
            message: message.to_owned(),
        }
    }

    fn evidence(phase: &Phase) -> Evidence<'_> {
        Evidence {
            phase,
            has_answered: true,
            chain: Ok(ChainView {
                blocks: 10,
                headers: 10,
            }),
            genesis: Some((BlockHash::default(), BlockHash::default())),
            currency: "LTC",
            template: TemplateView::Fine,
            behind_since: None,
            now: Instant::now(),
        }
    }

    #[track_caller]
    fn assert_judged(evidence: &Evidence<'_>, state: NodeState, reason: &str) {
        let condition = judge(evidence);
        assert_eq!(condition.state, state, "{}", condition.reason);
        assert!(condition.reason.contains(reason), "{}", condition.reason);
        assert_eq!(condition.reason.is_empty(), state == NodeState::Ready);
    }

    #[test]
    fn a_node_with_template_and_chain_is_ready() {
        assert_judged(&evidence(&Phase::External), NodeState::Ready, "");
        let running = Phase::Running {
            since: Instant::now(),
        };
        assert_judged(&evidence(&running), NodeState::Ready, "");
    }

    #[test]
    fn each_way_to_be_unwell_has_its_state_and_reason() {
        let ended = Phase::Ended {
            reason: "the daemon ended (exit status: 1): no space".to_owned(),
        };
        assert_judged(&evidence(&ended), NodeState::Stopped, "no space");
        let waiting = Phase::Waiting {
            reason: "waiting for process 7".to_owned(),
        };
        assert_judged(&evidence(&waiting), NodeState::Starting, "process 7");

        let external = Phase::External;
        let failed = |code, reason: &str| Evidence {
            template: TemplateView::Failed {
                code,
                reason: reason.to_owned(),
            },
            ..evidence(&external)
        };
        assert_judged(
            &failed(Some(-10), "downloading"),
            NodeState::Syncing,
            "block 10 of 10",
        );
        assert_judged(
            &failed(Some(-9), "not connected"),
            NodeState::NoPeers,
            "not connected",
        );
        assert_judged(
            &failed(Some(-1), "vin-empty"),
            NodeState::Silent,
            "no template: vin-empty",
        );
        let none = Evidence {
            template: TemplateView::None,
            ..evidence(&external)
        };
        assert_judged(&none, NodeState::Starting, "no template");
    }

    #[test]
    fn a_daemon_that_does_not_answer_is_silent_unless_it_has_just_started() {
        let refused = RpcError::Unreachable {
            url: "http://127.0.0.1:1/".to_owned(),
            reason: "connection refused".to_owned(),
        };
        let external = Phase::External;
        let silent = Evidence {
            chain: Err(&refused),
            ..evidence(&external)
        };
        assert_judged(&silent, NodeState::Silent, "connection refused");
        let running = Phase::Running {
            since: Instant::now(),
        };
        let young = Evidence {
            chain: Err(&refused),
            has_answered: false,
            ..evidence(&running)
        };
        assert_judged(&young, NodeState::Starting, "connection refused");
        let old = Evidence {
            has_answered: true,
            ..young
        };
        assert_judged(&old, NodeState::Silent, "connection refused");
        let warming = daemon_error(-28, "Verifying blocks...");
        let warm = Evidence {
            chain: Err(&warming),
            ..evidence(&external)
        };
        assert_judged(&warm, NodeState::Starting, "Verifying blocks...");
    }

    #[test]
    fn another_network_stops_the_node() {
        let external = Phase::External;
        let other = Evidence {
            genesis: Some((BlockHash::from_bytes([1; 32]), BlockHash::default())),
            ..evidence(&external)
        };
        assert_judged(&other, NodeState::Stopped, "another network");
    }

    #[test]
    fn one_missing_block_is_being_checked_and_more_are_missing() {
        let external = Phase::External;
        let missing = |headers, since: Option<u64>| {
            let start = Instant::now();
            Evidence {
                chain: Ok(ChainView {
                    blocks: 10,
                    headers,
                }),
                behind_since: since.map(|_| start),
                now: start + Duration::from_secs(since.unwrap_or(0)),
                ..evidence(&external)
            }
        };
        assert_judged(&missing(11, Some(1)), NodeState::Ready, "");
        assert_judged(&missing(11, Some(20)), NodeState::Behind, "block 10 of 11");
        assert_judged(&missing(12, Some(0)), NodeState::Behind, "block 10 of 12");
    }
}
