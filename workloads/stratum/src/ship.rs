//! From the journals to the ledger: batches in order, blocks at once, until all is acknowledged.
//!
//! ```text
//!  closer ──── every 2 s, when crowded, when the ledger asks ──▶ ShareJournal::close
//!  sender ──── Hello, then batch after batch ──────────────────▶ Ledger.Ship
//!  follower ── Ledger.Follow ──▶ "close and ship" ──▶ closer
//!  reporter ── every change of a solved block ─────────────────▶ Ledger.ReportBlock
//! ```
//!
//! Nothing here is waited for by a miner. Whatever fails is tried again from the journals; every call
//! may be repeated without harm.

mod closer;
mod follower;
mod metrics;
mod pause;
mod reporter;
mod sender;

use std::{sync::Arc, time::Duration};

use ngpool_rpc::{Security, channel, v1::ledger_client::LedgerClient};
use ngpool_runtime::Metrics;
use tokio::{sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::Channel;

use crate::journal::{BlockJournal, JournalState, ShareJournal};

/// What is shipped, and where to.
#[derive(Clone)]
pub struct Shipping {
    /// Accepted shares.
    pub journal: Arc<ShareJournal>,
    /// Solved blocks.
    pub blocks: Arc<BlockJournal>,
    /// gRPC address of the sharechain's ledger; may change.
    pub ledger: watch::Receiver<String>,
    /// How it is talked to.
    pub security: Security,
}

/// Why not everything was shipped before the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrainError {
    /// The ledger did not take everything in time.
    #[error(
        "{batches} batches and {blocks} block reports are not yet acknowledged by the ledger; they \
         stay in the journal and are shipped by the next process that opens it"
    )]
    Unfinished {
        /// Closed batches the ledger does not have.
        batches: u64,
        /// Blocks whose last state the ledger does not have.
        blocks: usize,
    },
    /// The journal cannot ship.
    #[error("the journal cannot be shipped: {0}")]
    Journal(String),
}

/// Ships until `stop` is cancelled: cancel it after [`drain`], not with the program's shutdown.
pub async fn run(shipping: Shipping, metrics: &Metrics, stop: CancellationToken) {
    let figures = metrics::ShipMetrics::register(metrics);
    let tasks = TaskTracker::new();
    let closer = closer::Closer::start(&tasks, Arc::clone(&shipping.journal), stop.clone());
    tasks.spawn(
        figures
            .clone()
            .follow(Arc::clone(&shipping.journal), stop.clone()),
    );
    let mut ledger = shipping.ledger.clone();
    while !stop.is_cancelled() {
        let url = ledger.borrow_and_update().clone();
        // Ends the calls to one address when there is another.
        let connection = stop.child_token();
        match channel::connect(&url, &shipping.security) {
            Ok(channel) => {
                let client = client(channel);
                tasks.spawn(sender::run(
                    Arc::clone(&shipping.journal),
                    Arc::clone(&shipping.blocks),
                    client.clone(),
                    figures.clone(),
                    connection.clone(),
                ));
                tasks.spawn(follower::run(
                    Arc::clone(&shipping.journal),
                    client.clone(),
                    closer.clone(),
                    connection.clone(),
                ));
                tasks.spawn(reporter::run(
                    Arc::clone(&shipping.blocks),
                    client,
                    connection.clone(),
                ));
            }
            Err(error) => tracing::error!(%error, "shares stay in the journal"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            changed = ledger.changed() => {
                if changed.is_err() {
                    // The address can change no more.
                    stop.cancelled().await;
                }
            }
        }
        connection.cancel();
    }
    tasks.close();
    tasks.wait().await;
}

/// Closes what is open and waits until the ledger has acknowledged everything.
pub async fn drain(
    journal: &Arc<ShareJournal>,
    blocks: &BlockJournal,
    limit: Duration,
) -> Result<(), DrainError> {
    let deadline = Instant::now() + limit;
    let mut acknowledged = journal.watch_acknowledged();
    loop {
        if let JournalState::Conflict(reason) = &*journal.watch_state().borrow() {
            return Err(DrainError::Journal(reason.clone()));
        }
        // After a failure the closer reopens; until then this fails and is tried again.
        if let Ok(last) = close(journal, false).await
            && *acknowledged.borrow_and_update() >= last
            && blocks.unreported().is_empty()
        {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let status = journal.status();
            return match status.state {
                JournalState::Poisoned(reason) => Err(DrainError::Journal(reason)),
                _ => Err(DrainError::Unfinished {
                    batches: status.unshipped,
                    blocks: blocks.unreported().len(),
                }),
            };
        }
        // Block reports have no watch of their own here: look again soon.
        let soon = deadline.min(Instant::now() + Duration::from_millis(50));
        let _elapsed = tokio::time::timeout_at(soon, acknowledged.changed()).await;
    }
}

/// A client with the message limit both sides agreed on.
pub(crate) fn client(channel: Channel) -> LedgerClient<Channel> {
    LedgerClient::new(channel)
        .max_decoding_message_size(ngpool_rpc::MESSAGE_LIMIT)
        .max_encoding_message_size(ngpool_rpc::MESSAGE_LIMIT)
}

/// Closes off the reactor: it waits for the disk.
async fn close(
    journal: &Arc<ShareJournal>,
    even_empty: bool,
) -> Result<u64, crate::journal::JournalError> {
    let journal = Arc::clone(journal);
    match tokio::task::spawn_blocking(move || journal.close(even_empty)).await {
        Ok(closed) => closed,
        Err(error) => Err(crate::journal::JournalError::Poisoned {
            reason: error.to_string(),
        }),
    }
}
