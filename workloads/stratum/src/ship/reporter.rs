//! Solved blocks and what the nodes said, to the ledger.

use std::{sync::Arc, time::Duration};

use ngpool_rpc::{channel::with_deadline, v1::ledger_client::LedgerClient};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::pause::Pause;
use crate::journal::BlockJournal;

const DEADLINE: Duration = Duration::from_secs(10);

pub(super) async fn run(
    blocks: Arc<BlockJournal>,
    mut client: LedgerClient<Channel>,
    stop: CancellationToken,
) {
    let mut pause = Pause::new();
    let mut changes = blocks.watch_changes();
    loop {
        changes.borrow_and_update();
        let reported = tokio::select! {
            () = stop.cancelled() => return,
            reported = report_all(&blocks, &mut client) => reported,
        };
        match reported {
            Ok(()) => {
                pause.reset();
                tokio::select! {
                    () = stop.cancelled() => return,
                    changed = changes.changed() => if changed.is_err() { return },
                }
            }
            Err(status) => {
                tracing::debug!(%status, "a solved block is not reported yet");
                if !pause.wait(&stop).await {
                    return;
                }
            }
        }
    }
}

/// Reports every block whose last state the ledger does not have. One that it refuses stands in the
/// way of no other.
async fn report_all(
    blocks: &BlockJournal,
    client: &mut LedgerClient<Channel>,
) -> Result<(), tonic::Status> {
    let mut refused = None;
    for (hash, revision, report) in blocks.unreported() {
        let currency = report.currency.clone();
        match client.report_block(with_deadline(report, DEADLINE)).await {
            Ok(_) => blocks.reported(hash, revision),
            Err(status) if status.code() == tonic::Code::InvalidArgument => {
                tracing::error!(%hash, currency, %status, "the ledger refuses a solved block");
                refused = Some(status);
            }
            Err(status) => return Err(status),
        }
    }
    refused.map_or(Ok(()), Err)
}
