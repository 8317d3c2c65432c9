//! How the nodes are, for pages and people.

use chrono::DateTime;
use ngpool_chain::{BlockHash, Height};
use ngpool_rpc::v1::{ChainStatusReply, NodeState};
use ngpool_store::NodeStatus;

use super::{Pass, StepError, nodes::Node};

/// Writes a row per node. Fails when no node can be asked: then nothing else of the run can be known.
pub(super) async fn record(pass: &Pass<'_>) -> Result<(), StepError> {
    for node in pass.nodes.all() {
        pass.store.record_node(&row(pass, node)).await?;
        if let Err(error) = &node.status {
            tracing::warn!(currency = pass.code(), %error, "node does not count");
        }
    }
    let names: Vec<String> = pass
        .settings
        .coinservers
        .iter()
        .map(|peer| peer.name.clone())
        .collect();
    pass.store.keep_nodes(pass.code(), &names).await?;
    pass.best().map(drop)
}

fn row(pass: &Pass<'_>, node: &Node) -> NodeStatus {
    let status = node.status.as_ref().ok().cloned().unwrap_or_default();
    let (state, reason) = match &node.status {
        Ok(status) => health(status),
        Err(error) => ("unreachable", error.to_string()),
    };
    NodeStatus {
        currency: pass.code().to_owned(),
        node: node.name.clone(),
        state: state.to_owned(),
        reason,
        height: Height(status.height),
        headers: Height(status.headers),
        best_hash: BlockHash::from_slice(&status.best_hash),
        chain_work: (status.chain_work.len() == 32).then(|| status.chain_work.to_vec()),
        peers: status.peers,
        daemon_version: status.daemon_version,
        bits: status.bits,
        template_at: i64::try_from(status.template_ms)
            .ok()
            .filter(|ms| *ms > 0)
            .and_then(DateTime::from_timestamp_millis),
        seen_at: pass.at,
    }
}

fn health(status: &ChainStatusReply) -> (&'static str, String) {
    let Some(health) = &status.health else {
        return ("ready", String::new());
    };
    let state = match health.state() {
        NodeState::Unspecified | NodeState::Ready => "ready",
        NodeState::Starting => "starting",
        NodeState::Syncing => "syncing",
        NodeState::NoPeers => "no_peers",
        NodeState::Behind => "behind",
        NodeState::Silent => "silent",
        NodeState::Stopped => "stopped",
    };
    (state, health.reason.clone())
}
