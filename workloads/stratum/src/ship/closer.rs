//! When slices are closed.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
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

/// Requests that wait at most; one close answers all that wait.
const REQUESTS: usize = 64;

/// Asks for a close before its time.
#[derive(Clone)]
pub(super) struct Closer(mpsc::Sender<oneshot::Sender<u64>>);

impl Closer {
    pub(super) fn start(
        tasks: &TaskTracker,
        journal: Arc<ShareJournal>,
        stop: CancellationToken,
    ) -> Self {
        let (sender, requests) = mpsc::channel(REQUESTS);
        tasks.spawn(run(journal, requests, stop));
        Self(sender)
    }

    /// Closes a batch, even an empty one, after this call. Returns its number, unless the journal
    /// cannot be closed.
    pub(super) async fn close_now(&self) -> Option<u64> {
        let (answer, number) = oneshot::channel();
        self.0.send(answer).await.ok()?;
        number.await.ok()
    }
}

async fn run(
    journal: Arc<ShareJournal>,
    mut requests: mpsc::Receiver<oneshot::Sender<u64>>,
    stop: CancellationToken,
) {
    let mut last = Instant::now();
    loop {
        let mut waiting = Vec::new();
        tokio::select! {
            () = stop.cancelled() => return,
            request = requests.recv() => waiting.extend(request),
            () = journal.crowded() => {}
            () = tokio::time::sleep_until(last + open_for(&journal)) => {}
        }
        while let Ok(request) = requests.try_recv() {
            waiting.push(request);
        }
        last = Instant::now();
        let mut closed = super::close(&journal, !waiting.is_empty()).await;
        if let Err(error) = &closed
            && !matches!(error, JournalError::Conflict { .. })
        {
            tracing::error!(%error, "slices could not be closed");
            if !reopen(&journal, &stop).await {
                return;
            }
            closed = super::close(&journal, !waiting.is_empty()).await;
        }
        match closed {
            Ok(number) => {
                for request in waiting {
                    // Nobody waits any more when the connection to the ledger ended.
                    let _gone = request.send(number);
                }
            }
            Err(JournalError::Conflict { .. }) => {
                // Only a person ends this; nothing is closed any more.
                stop.cancelled().await;
                return;
            }
            Err(error) => tracing::error!(%error, "slices could not be closed again"),
        }
    }
}

fn open_for(journal: &ShareJournal) -> Duration {
    let behind = journal
        .status()
        .oldest_unshipped_ms
        .is_some_and(|closed_ms| closed_ms.saturating_add(BEHIND_MS) < journal.now_ms());
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
