//! Requests of the ledger to close and ship.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_rpc::{
    SILENCE,
    channel::with_deadline,
    v1::{
        CloseAndShip, ClosedReport, FollowRequest, ledger_client::LedgerClient, ledger_event::Event,
    },
};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::{closer::Closer, pause::Pause};
use crate::journal::ShareJournal;

/// The ledger stops waiting after 5 seconds.
const DEADLINE: Duration = Duration::from_secs(5);

pub(super) async fn run(
    journal: Arc<ShareJournal>,
    mut client: LedgerClient<Channel>,
    closer: Closer,
    stop: CancellationToken,
) {
    let mut pause = Pause::new();
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = follow(&journal, &mut client, &closer, &mut pause) => ended,
        };
        if let Err(status) = ended {
            tracing::debug!(%status, "the ledger's requests cannot be followed");
        }
        if !pause.wait(&stop).await {
            return;
        }
    }
}

/// Follows until the stream ends or falls silent.
async fn follow(
    journal: &ShareJournal,
    client: &mut LedgerClient<Channel>,
    closer: &Closer,
    pause: &mut Pause,
) -> Result<(), tonic::Status> {
    let request = FollowRequest {
        producer: Bytes::copy_from_slice(&journal.producer().0),
        port: journal.port().to_owned(),
    };
    let mut events = client.follow(request).await?.into_inner();
    loop {
        let event = tokio::time::timeout(SILENCE, events.message())
            .await
            .map_err(|_| tonic::Status::deadline_exceeded("the ledger is silent"))??;
        let Some(event) = event else { return Ok(()) };
        pause.reset();
        if let Some(Event::CloseAndShip(request)) = event.event {
            tracing::debug!(currency = request.currency, "the ledger cuts for a block");
            // Closing waits for the disk; the stream goes on.
            let (closer, mut client) = (closer.clone(), client.clone());
            let producer = Bytes::copy_from_slice(&journal.producer().0);
            tokio::spawn(async move {
                let Some(number) = closer.close_now().await else {
                    return;
                };
                let CloseAndShip {
                    currency,
                    block_hash,
                } = request;
                let report = ClosedReport {
                    producer,
                    currency,
                    block_hash,
                    number,
                };
                if let Err(status) = client.closed(with_deadline(report, DEADLINE)).await {
                    tracing::debug!(%status, "the ledger does not hear which batch answers it");
                }
            });
        }
    }
}
