//! Batches into the database: all that wait, in one transaction.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use ngpool_store::{Batch, Outcome, Receipt, Store, StoreError};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use crate::{followers::Followers, metrics::LedgerMetrics};

/// Batches that wait; each server has one under way, so this is a number of servers.
const QUEUE: usize = 1_024;

/// Batches of one transaction.
const GROUP: usize = 128;

/// Slices of one transaction, some ten megabytes: commits stay short.
const GROUP_SLICES: usize = 60_000;

/// A transaction that takes longer is given up: its servers send again.
const PATIENCE: Duration = Duration::from_secs(9);

/// Why a batch was not stored.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum IngestError {
    /// Send it again later.
    #[error("{0}")]
    Away(String),
    /// The database has it refused for a reason that time does not heal.
    #[error("{0}")]
    Refused(String),
}

impl From<&StoreError> for IngestError {
    fn from(error: &StoreError) -> Self {
        if error.is_temporary() {
            Self::Away(error.to_string())
        } else {
            Self::Refused(error.to_string())
        }
    }
}

/// Where batches are handed in.
#[derive(Debug, Clone)]
pub(crate) struct Ingest(mpsc::Sender<Waiting>);

struct Waiting {
    batch: Batch,
    receipt: oneshot::Sender<Result<Receipt, IngestError>>,
}

/// What the writer works with.
pub(crate) struct Writer {
    pub(crate) store: Store,
    pub(crate) sharechain: String,
    pub(crate) followers: Arc<Followers>,
    pub(crate) metrics: LedgerMetrics,
}

impl Ingest {
    /// Starts the writer; it ends when the last handle is gone.
    pub(crate) fn start(writer: Writer) -> Self {
        let (sender, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(writer.run(waiting));
        Self(sender)
    }

    /// Stores a batch; when this returns a receipt that says so, it is committed.
    pub(crate) async fn store(&self, batch: Batch) -> Result<Receipt, IngestError> {
        let (sender, receipt) = oneshot::channel();
        let ended = |_| IngestError::Away("the ledger is stopping".to_owned());
        self.0
            .send(Waiting {
                batch,
                receipt: sender,
            })
            .await
            .map_err(|_| IngestError::Away("the ledger is stopping".to_owned()))?;
        receipt.await.map_err(ended)?
    }
}

impl Writer {
    async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        while let Some(first) = waiting.recv().await {
            let mut slices = first.batch.contents().slices.len();
            let mut group = vec![first];
            while group.len() < GROUP
                && slices < GROUP_SLICES
                && let Ok(next) = waiting.try_recv()
            {
                slices += next.batch.contents().slices.len();
                group.push(next);
            }
            self.write(group).await;
        }
    }

    /// Stores a group; one that is refused as a whole is stored one by one, so that a batch the
    /// database cannot take holds up no other.
    async fn write(&self, group: Vec<Waiting>) {
        let (batches, receipts): (Vec<Batch>, Vec<_>) = group
            .into_iter()
            .map(|waiting| (waiting.batch, waiting.receipt))
            .unzip();
        match self.store(&batches).await {
            Ok(stored) => self.answer(&batches, stored.into_iter().map(Ok), receipts),
            Err(IngestError::Refused(_)) if batches.len() > 1 => {
                let mut results = Vec::with_capacity(batches.len());
                for batch in &batches {
                    let stored = self.store(std::slice::from_ref(batch)).await;
                    results.push(stored.and_then(|mut receipts| {
                        receipts
                            .pop()
                            .ok_or_else(|| IngestError::Away("no receipt".to_owned()))
                    }));
                }
                self.answer(&batches, results, receipts);
            }
            Err(error) => {
                let results = batches.iter().map(|_| Err(error.clone()));
                self.answer(&batches, results, receipts);
            }
        }
    }

    async fn store(&self, batches: &[Batch]) -> Result<Vec<Receipt>, IngestError> {
        let started = Instant::now();
        let stored = tokio::time::timeout(
            PATIENCE,
            self.store
                .store_batches(&self.sharechain, batches, Utc::now()),
        )
        .await
        .map_err(|_| IngestError::Away("the database takes too long".to_owned()))?
        .map_err(|error| IngestError::from(&error));
        match &stored {
            Ok(_) => {
                self.metrics.committed(batches.len(), started.elapsed());
                self.metrics.database_up.set(1);
            }
            Err(IngestError::Away(_)) => {
                self.metrics.database_up.set(0);
            }
            Err(IngestError::Refused(reason)) => {
                tracing::error!(
                    reason,
                    batches = batches.len(),
                    "the database refuses batches"
                );
            }
        }
        stored
    }

    fn answer(
        &self,
        batches: &[Batch],
        results: impl IntoIterator<Item = Result<Receipt, IngestError>>,
        receipts: Vec<oneshot::Sender<Result<Receipt, IngestError>>>,
    ) {
        for ((batch, result), receipt) in batches.iter().zip(results).zip(receipts) {
            self.note(batch, &result);
            // The server went away: it asks again when it is back.
            let _gone = receipt.send(result);
        }
    }

    fn note(&self, batch: &Batch, result: &Result<Receipt, IngestError>) {
        let contents = batch.contents();
        match result {
            Ok(receipt) => {
                let stored = receipt.next.saturating_sub(1);
                match &receipt.outcome {
                    Outcome::Stored { pos } => {
                        let shares = contents.slices.iter().map(|slice| slice.shares).sum();
                        self.metrics.batch("stored");
                        self.metrics.stored(contents.slices.len(), shares);
                        self.metrics.position.set(*pos);
                        self.followers
                            .shipped(batch.producer(), &contents.port, stored);
                    }
                    Outcome::Repeat => {
                        self.metrics.batch("repeat");
                        self.followers
                            .shipped(batch.producer(), &contents.port, stored);
                    }
                    Outcome::Wanted => self.metrics.batch("wanted"),
                    Outcome::Conflict { reason } => {
                        self.metrics.batch("conflict");
                        tracing::error!(
                            port = contents.port,
                            reason,
                            "a batch is refused: find out which journal counts and move the other away"
                        );
                    }
                }
            }
            Err(_) => self.metrics.batch("failed"),
        }
    }
}
