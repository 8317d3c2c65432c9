//! Where templates come from.
//!
//! ```text
//!  zmq ───────┐ hashblock
//!  poll ──────┤ another tip        ┌──────────┐
//!  submit ────┤ block taken ─wake─▶│  fetch   │──┐
//!  refresh ───┘ template is old    └──────────┘  ├─▶ enter ─▶ book ─▶ streams
//!  long poll ────────────── its answer is one ───┘
//! ```

mod poll;
mod zmq;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream::FuturesUnordered};
use ngpool_chain::Template;
use serde_json::{Value, json};

use crate::{
    book::{Entry, Fetched},
    condition::TemplateView,
    node::{Node, NodeError, Sign, parse_chain_work},
    rpc::{BlockHeader, RpcError},
};

pub(crate) use poll::poll;
pub(crate) use zmq::listen;

/// Fetches under way at once: a new tip does not wait for a refresh that was under way.
const FETCHES: usize = 2;

/// Pause after a fetch or a long poll that failed.
const RETRY: Duration = Duration::from_secs(1);

/// Fetches templates when asked, and when the newest is old.
pub(crate) async fn fetch(node: Arc<Node>) {
    let mut settings = node.settings.clone();
    let mut under_way = FuturesUnordered::new();
    let mut due = tokio::time::Instant::now();
    loop {
        tokio::select! {
            (sign, since) = node.wake.next(), if under_way.len() < FETCHES => {
                under_way.push(fetch_once(&node, sign, since));
            }
            Some(fetched) = under_way.next() => {
                let pause = match fetched {
                    Ok(()) => Duration::from_millis(settings.borrow().refresh_ms),
                    Err(()) => RETRY,
                };
                due = tokio::time::Instant::now() + pause;
            }
            () = tokio::time::sleep_until(due), if under_way.is_empty() => {
                node.wake.ask(Sign::Refresh);
                // The fetch sets the next time; this one is over.
                due = tokio::time::Instant::now() + RETRY;
            }
            Ok(()) = settings.changed() => {
                settings.mark_unchanged();
                let refresh = Duration::from_millis(settings.borrow().refresh_ms);
                due = due.min(tokio::time::Instant::now() + refresh);
            }
        }
    }
}

async fn fetch_once(node: &Node, sign: Sign, since: Instant) -> Result<(), ()> {
    let asked = Instant::now();
    let result = async {
        let client = node.client().await?;
        Ok(client
            .call::<Value>("getblocktemplate", json!([request(node, None)]))
            .await?)
    };
    let result: Result<Value, NodeError> = result.await;
    if result.is_ok() {
        node.metrics.template_made(asked.elapsed());
    }
    match enter(node, result, asked, sign, since).await {
        Ok(()) => Ok(()),
        Err(failed) => {
            tracing::debug!(node = node.name, reason = failed.reason, "no template");
            node.set_template_view(TemplateView::Failed {
                code: failed.code,
                reason: failed.reason,
            });
            // The daemon may just have gone.
            node.look.notify_one();
            Err(())
        }
    }
}

/// Keeps a long poll open.
pub(crate) async fn long_poll(node: Arc<Node>) {
    let mut newest = node.book.watch();
    let mut reconnected = node.reconnections();
    loop {
        let id = newest
            .borrow_and_update()
            .as_ref()
            .and_then(|offered| offered.long_poll.clone());
        let answered = async {
            let Some(id) = id else {
                let _gone = newest.changed().await;
                return Ok(());
            };
            let asked = Instant::now();
            let client = node.client().await.map_err(Failed::from)?;
            let params = json!([request(&node, Some(&id))]);
            let answer = client.long_poll::<Value>("getblocktemplate", params).await;
            let since = Instant::now();
            enter(
                &node,
                answer.map_err(NodeError::from),
                asked,
                Sign::LongPoll,
                since,
            )
            .await
        };
        let result = tokio::select! {
            result = answered => result,
            Ok(()) = reconnected.changed() => Ok(()),
        };
        if let Err(failed) = result {
            tracing::debug!(
                node = node.name,
                reason = failed.reason,
                "the long poll ended"
            );
            // A daemon that goes breaks the long poll off at once.
            node.look.notify_one();
            tokio::select! {
                    () = tokio::time::sleep(RETRY) => {}
            }
        }
    }
}

/// Why there is no template.
struct Failed {
    code: Option<i32>,
    reason: String,
}

impl From<NodeError> for Failed {
    fn from(error: NodeError) -> Self {
        let code = match &error {
            NodeError::Rpc(error) => error.code(),
            NodeError::OtherNetwork { .. } => None,
        };
        Self {
            code,
            reason: error.to_string(),
        }
    }
}

impl From<RpcError> for Failed {
    fn from(error: RpcError) -> Self {
        NodeError::from(error).into()
    }
}

fn request(node: &Node, long_poll: Option<&str>) -> Value {
    let mut request = json!({"rules": node.currency.network.template_rules});
    if let Some(id) = long_poll {
        request["longpollid"] = id.into();
    }
    request
}

/// Makes a template of the daemon's answer and offers it.
async fn enter(
    node: &Node,
    answer: Result<Value, NodeError>,
    asked: Instant,
    sign: Sign,
    since: Instant,
) -> Result<(), Failed> {
    let answer = answer?;
    let received = Instant::now();
    let long_poll = answer
        .get("longpollid")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let network = node.currency.network.clone();
    // Thousands of transactions in hex take milliseconds.
    let parsed = tokio::task::spawn_blocking(move || Template::from_gbt(&answer, &network)).await;
    let template = match parsed {
        Ok(Ok(template)) => template,
        Ok(Err(error)) => {
            return Err(Failed {
                code: None,
                reason: error.to_string(),
            });
        }
        Err(error) => {
            return Err(Failed {
                code: None,
                reason: error.to_string(),
            });
        }
    };
    let previous = template.head.previous;
    let chain_work = match node.book.newest() {
        Some(newest) if newest.template.head.previous == previous => newest.chain_work,
        _ => {
            let params = json!([previous.to_string()]);
            let header: BlockHeader = node.any_client().call("getblockheader", params).await?;
            parse_chain_work("getblockheader", &header.chainwork)?
        }
    };
    let height = template.head.height;
    let fetched = Fetched {
        template,
        chain_work,
        long_poll,
        asked,
        received,
    };
    match node.book.enter(fetched) {
        Entry::NewTip => {
            node.metrics.new_tip(sign.name(), since.elapsed());
            tracing::info!(
                node = node.name,
                tip = %previous,
                height = height.0,
                by = sign.name(),
                "new tip"
            );
        }
        Entry::SameTip => {}
        Entry::Doubtful => node.wake.ask(Sign::Poll),
    }
    node.set_template_view(TemplateView::Fine);
    Ok(())
}
