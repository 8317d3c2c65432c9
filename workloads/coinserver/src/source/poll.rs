//! The safety net: a look at the tip now and then, whatever else reports it.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use crate::node::{Node, NodeError, Sign, parse_hash};

/// A poll is a call each; more often than this gains nothing.
const SHORTEST: Duration = Duration::from_millis(50);

/// Looks at the tip every `poll_ms`.
pub(crate) async fn poll(node: Arc<Node>) {
    let mut settings = node.settings.clone();
    loop {
        let pause = Duration::from_millis(settings.borrow_and_update().poll_ms).max(SHORTEST);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            Ok(()) = settings.changed() => continue,
        }
        match look(&node).await {
            Ok(true) => {}
            Ok(false) => node.wake.ask(Sign::Poll),
            // The monitor says what is wrong.
            Err(_told_there) => node.look.notify_one(),
        }
    }
}

/// Whether the newest template builds on the daemon's tip.
async fn look(node: &Node) -> Result<bool, NodeError> {
    let client = node.client().await?;
    let text: String = client.call("getbestblockhash", json!([])).await?;
    let tip = parse_hash("getbestblockhash", &text)?;
    Ok(node
        .book
        .newest()
        .is_some_and(|newest| newest.template.head.previous == tip))
}
