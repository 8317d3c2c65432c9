//! Keeps an owned daemon connected to the peers its settings name, also when they change.
//!
//! The configuration file names them too, but it is read only at a start, and after a first attempt
//! that fails (two nodes started together) the daemon waits a minute before the next.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    daemon::Phase,
    node::Node,
    rpc::{DaemonClient, RpcError, code},
};

/// Time between two tries to reach peers while there is none.
const AGAIN: Duration = Duration::from_secs(2);

/// Adds and removes peers as the settings change.
pub(crate) async fn keep(node: Arc<Node>) {
    let mut settings = node.settings.clone();
    let mut phase = node.phase.subscribe();
    // What this run of the daemon was told.
    let mut told: Option<(Instant, BTreeSet<String>)> = None;
    loop {
        let wanted: BTreeSet<String> = settings
            .borrow_and_update()
            .daemon
            .iter()
            .flat_map(|daemon| daemon.add_nodes.iter().cloned())
            .collect();
        let running = match &*phase.borrow_and_update() {
            Phase::Running { since } => Some(*since),
            _ => None,
        };
        if let Some(since) = running {
            let known = match &told {
                Some((start, known)) if *start == since => known.clone(),
                _ => BTreeSet::new(),
            };
            match tell(&node.any_client(), &known, &wanted).await {
                Ok(()) => told = Some((since, wanted)),
                // It may not answer yet.
                Err(error) => tracing::debug!(node = node.name, %error, "peers not told"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            Ok(()) = settings.changed() => {}
            Ok(()) = phase.changed() => {}
        }
    }
}

async fn tell(
    client: &DaemonClient,
    known: &BTreeSet<String>,
    wanted: &BTreeSet<String>,
) -> Result<(), RpcError> {
    for peer in known.difference(wanted) {
        tracing::info!(peer, "peer removed");
        add_node(client, peer, "remove", code::NODE_NOT_ADDED).await?;
        // Its connection stays otherwise; it may have none.
        let _not_connected = client.call::<Value>("disconnectnode", json!([peer])).await;
    }
    for peer in wanted.difference(known) {
        add_node(client, peer, "add", code::NODE_ALREADY_ADDED).await?;
    }
    if wanted.is_empty() || client.call::<u32>("getconnectioncount", json!([])).await? > 0 {
        return Ok(());
    }
    for peer in wanted {
        add_node(client, peer, "onetry", code::NODE_ALREADY_ADDED).await?;
    }
    Ok(())
}

/// `addnode`, where one answer of the daemon means that it is so already.
async fn add_node(
    client: &DaemonClient,
    peer: &str,
    command: &str,
    already: i32,
) -> Result<(), RpcError> {
    match client
        .call::<Value>("addnode", json!([peer, command]))
        .await
    {
        Err(error) if error.code() == Some(already) => Ok(()),
        other => other.map(drop),
    }
}
