//! When slices are closed.

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::journal::{JournalError, JournalState, ShareJournal};

/// Time a slice is open.
const OPEN: Duration = Duration::from_secs(2);

/// The same while the ledger takes nothing: fewer and larger slices keep a long backlog small.
const OPEN_BEHIND: Duration = Duration::from_secs(30);

/// A batch unshipped for so long means the ledger is away.
const BEHIND_MS: u64 = 10_000;

/// Time between two tries to reopen a journal that could not be written.
const REOPEN: Duration = Duration::from_secs(2);

/// Asks for a close before its time.
#[derive(Clone)]
pub(super) struct Closer(mpsc::Sender<()>);

impl Closer {
    pub(super) fn start(
        tasks: &TaskTracker,
        journal: Arc<ShareJournal>,
        stop: CancellationToken,
    ) -> Self {
        // One waiting request is enough: it closes everything that is open when it is taken.
        let (sender, requests) = mpsc::channel(1);
        tasks.spawn(run(journal, requests, stop));
        Self(sender)
    }

    /// A batch, even an empty one, will be closed after this call.
    pub(super) fn close_now(&self) {
        // Full: a request that was not taken yet does the same.
        let _waiting = self.0.try_send(());
    }
}

async fn run(
    journal: Arc<ShareJournal>,
    mut requests: mpsc::Receiver<()>,
    stop: CancellationToken,
) {
    let mut last = Instant::now();
    loop {
        let even_empty = tokio::select! {
            () = stop.cancelled() => return,
            request = requests.recv() => request.is_some(),
            () = journal.crowded() => false,
            () = tokio::time::sleep_until(last + open_for(&journal)) => false,
        };
        last = Instant::now();
        match super::close(&journal, even_empty).await {
            Ok(_) => {}
            Err(JournalError::Conflict { .. }) => {
                // Only a person ends this; nothing is closed any more.
                stop.cancelled().await;
                return;
            }
            Err(error) => {
                tracing::error!(%error, "slices could not be closed");
                if !reopen(&journal, &stop).await {
                    return;
                }
                if even_empty {
                    // The ledger waits for a batch closed after its request.
                    let _failed_again = super::close(&journal, true).await;
                }
            }
        }
    }
}

fn open_for(journal: &ShareJournal) -> Duration {
    let behind = journal.status().oldest_unshipped_ms.is_some_and(|closed_ms| {
        closed_ms.saturating_add(BEHIND_MS) < journal.now_ms()
    });
    if behind { OPEN_BEHIND } else { OPEN }
}

/// Tries until the journal takes shares again. Returns whether to go on.
async fn reopen(journal: &Arc<ShareJournal>, stop: &CancellationToken) -> bool {
    loop {
        let again = Arc::clone(journal);
        let reopened = tokio::task::spawn_blocking(move || again.reopen()).await;
        match reopened {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::error!(%error, "the share journal cannot be reopened yet"),
            Err(error) => tracing::error!(%error, "reopening the share journal failed"),
        }
        if matches!(&*journal.watch_state().borrow(), JournalState::Conflict(_)) {
            return true;
        }
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep(REOPEN) => {}
        }
    }
}
