//! Batch after batch, in order, from where the ledger stands.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_rpc::{
    channel::with_deadline,
    v1::{Batch, HelloReply, HelloRequest, ShipOutcome, ledger_client::LedgerClient},
};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::{metrics::ShipMetrics, pause::Pause};
use crate::journal::{BlockJournal, JournalError, ShareJournal, StoredBatch};

/// A call that takes longer is repeated: the ledger recognises the batch.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why a round of shipping ended.
enum Ended {
    /// Told to stop, or refused for good.
    ForGood,
    /// Worth another try.
    Trouble(String),
}

impl From<tonic::Status> for Ended {
    fn from(status: tonic::Status) -> Self {
        Self::Trouble(format!("{}: {}", status.code(), status.message()))
    }
}

impl From<JournalError> for Ended {
    fn from(error: JournalError) -> Self {
        Self::Trouble(error.to_string())
    }
}

pub(super) async fn run(
    journal: Arc<ShareJournal>,
    blocks: Arc<BlockJournal>,
    client: LedgerClient<Channel>,
    metrics: ShipMetrics,
    stop: CancellationToken,
) {
    let mut pause = Pause::new();
    let mut round = Round {
        journal,
        blocks,
        client,
        metrics,
        greeted: false,
    };
    let mut away = false;
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = round.ship(&mut pause, &mut away) => ended,
        };
        match ended {
            Ended::ForGood => return,
            Ended::Trouble(reason) => {
                round.metrics.failed();
                // Once for each outage, not for each try.
                if !away {
                    away = true;
                    tracing::warn!(reason, "the ledger takes no shares, the journal keeps them");
                }
            }
        }
        if !pause.wait(&stop).await {
            return;
        }
    }
}

struct Round {
    journal: Arc<ShareJournal>,
    blocks: Arc<BlockJournal>,
    client: LedgerClient<Channel>,
    metrics: ShipMetrics,
    greeted: bool,
}

impl Round {
    /// Asks where the ledger stands and ships until something goes wrong.
    async fn ship(&mut self, pause: &mut Pause, away: &mut bool) -> Ended {
        match self.try_ship(pause, away).await {
            Ok(never) => match never {},
            Err(ended) => ended,
        }
    }

    async fn try_ship(
        &mut self,
        pause: &mut Pause,
        away: &mut bool,
    ) -> Result<std::convert::Infallible, Ended> {
        let request = HelloRequest {
            producer: Bytes::copy_from_slice(&self.journal.producer().0),
            port: self.journal.port().to_owned(),
        };
        let hello = self
            .client
            .hello(with_deadline(request, DEADLINE))
            .await?
            .into_inner();
        let mut next = self.greet(&hello).await?;
        if std::mem::take(away) {
            tracing::info!(next, "the ledger takes shares again");
        }
        pause.reset();
        let mut batches = self.journal.watch_batches();
        loop {
            if *batches.borrow_and_update() < next {
                if batches.changed().await.is_err() {
                    return Err(Ended::ForGood);
                }
                continue;
            }
            next = self.ship_one(next).await?;
            self.acknowledged(next).await?;
        }
    }

    /// Compares the ledger's state with ours. Returns the number to send next.
    async fn greet(&mut self, hello: &HelloReply) -> Result<u64, Ended> {
        let next = hello.next;
        let last = self.journal.status().last_batch;
        if next == 0 || next > last + 1 {
            return Err(self.conflict(format!(
                "it has batches up to {}, the journal was closed up to {last}",
                next.saturating_sub(1)
            )));
        }
        if let Some(batch) = self.batch(next).await? {
            if next > 1 && batch.previous_digest.as_slice() != hello.digest.as_ref() {
                return Err(self.conflict(format!("its batch {} is another one", next - 1)));
            }
        } else if next == last + 1 {
            if next > 1
                && let Some(batch) = self.batch(last).await?
                && batch.digest.as_slice() != hello.digest.as_ref()
            {
                return Err(self.conflict(format!("its batch {last} is another one")));
            }
        } else {
            return Err(self.conflict(format!(
                "it asks for batch {next}, the oldest one kept is {}",
                self.journal.oldest_batch()
            )));
        }
        let known = *self.journal.watch_acknowledged().borrow();
        if next <= known {
            tracing::warn!(
                next,
                known,
                "the ledger asks for batches it once had: sent again"
            );
        }
        if next <= known || !std::mem::replace(&mut self.greeted, true) {
            self.blocks.report_again();
        }
        self.acknowledged(next).await?;
        Ok(next)
    }

    /// Sends one batch. Returns the number to send next.
    async fn ship_one(&mut self, number: u64) -> Result<u64, Ended> {
        let Some(batch) = self.batch(number).await? else {
            return Err(Ended::Trouble(format!(
                "batch {number} is not in the journal"
            )));
        };
        let request = Batch {
            producer: Bytes::copy_from_slice(&self.journal.producer().0),
            number,
            previous_digest: Bytes::copy_from_slice(&batch.previous_digest),
            content: batch.content,
            digest: Bytes::copy_from_slice(&batch.digest),
        };
        let reply = self
            .client
            .ship(with_deadline(request, DEADLINE))
            .await?
            .into_inner();
        match reply.outcome() {
            ShipOutcome::Stored => {
                self.metrics.shipped();
                Ok(number + 1)
            }
            // Another process of the ledger went on, or its database went back: greet again.
            ShipOutcome::Wanted => Err(Ended::Trouble(format!("it wants batch {}", reply.next))),
            ShipOutcome::Conflict => Err(self.conflict(reply.reason)),
            ShipOutcome::Unspecified => {
                Err(Ended::Trouble("it answered without an outcome".to_owned()))
            }
        }
    }

    fn conflict(&self, reason: String) -> Ended {
        tracing::error!(
            producer = %self.journal.producer(),
            reason,
            "the ledger refuses this journal: it is a copy or an old state of another one. Nothing \
             more is accepted or shipped; find out which journal counts and move the other away"
        );
        self.journal.conflict(reason);
        Ended::ForGood
    }

    /// Tells the journal, off the reactor: it may remove files.
    async fn acknowledged(&self, next: u64) -> Result<(), Ended> {
        let journal = Arc::clone(&self.journal);
        tokio::task::spawn_blocking(move || journal.acknowledged(next))
            .await
            .map_err(|error| Ended::Trouble(error.to_string()))
    }

    /// Reads off the reactor.
    async fn batch(&self, number: u64) -> Result<Option<StoredBatch>, Ended> {
        let journal = Arc::clone(&self.journal);
        tokio::task::spawn_blocking(move || journal.batch(number))
            .await
            .map_err(|error| Ended::Trouble(error.to_string()))?
            .map_err(Ended::from)
    }
}
