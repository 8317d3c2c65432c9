//! Connects, and connects again.

use std::{sync::Arc, time::Duration};

use rand::RngExt;
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Counters, MinerError, MinerOptions,
    connection::Connection,
    hashing::{Found, Slot, Threads},
    session::{End, Session},
};

/// First pause after a lost connection; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// A pool that comes back is found again within this.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A redirection so long after the one before is a pool that moves its miners, not one that loops.
const QUIET: Duration = Duration::from_mins(1);
/// Shares waiting to be sent; threads wait when it is full.
const QUEUE: usize = 256;

pub(super) async fn run(
    options: MinerOptions,
    counters: Counters,
    cancel: CancellationToken,
) -> Result<(), MinerError> {
    let slot = Arc::new(Slot::default());
    let (sender, mut found) = mpsc::channel(QUEUE);
    let threads = Threads::start(
        options.threads.get(),
        options.limit,
        &slot,
        &counters,
        &sender,
    )
    .map_err(MinerError::Threads)?;
    let ended = connect_for_ever(&options, &slot, &counters, &cancel, &mut found).await;
    // Unblocks a thread that waits for room in the queue, so that all of them can be joined.
    drop(found);
    drop(threads);
    ended
}

async fn connect_for_ever(
    options: &MinerOptions,
    slot: &Slot,
    counters: &Counters,
    cancel: &CancellationToken,
    found: &mut mpsc::Receiver<Found>,
) -> Result<(), MinerError> {
    let mut url = options.url.clone();
    let mut pause = FIRST_PAUSE;
    let mut failures = 0;
    let mut redirections = Redirections::default();
    for epoch in 1_u64.. {
        let end = tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            connection = Connection::open(&url, &options.trust) => match connection {
                Err(error) => End::Lost(error.to_string()),
                Ok(connection) => {
                    counters.update(|status| status.connections += 1);
                    let jobs_before = counters.status().jobs;
                    let session = Session { url: &url, options, slot, counters, cancel, epoch };
                    let end = session.run(connection, found).await;
                    if counters.status().jobs > jobs_before {
                        pause = FIRST_PAUSE;
                        failures = 0;
                    }
                    end
                }
            },
        };
        let wait = match end {
            End::Stopped => return Ok(()),
            End::Refused(error) => return Err(error),
            End::Redirected(to, wait) => {
                let wait = wait.max(redirections.follow(Instant::now()));
                tracing::info!(pool = %to, wait_s = wait.as_secs(), "the pool asks to reconnect");
                url = to;
                wait
            }
            End::Lost(reason) => {
                counters.update(|status| status.last_error.clone_from(&reason));
                failures += 1;
                if options.retries.is_some_and(|retries| failures > retries) {
                    return Err(MinerError::Retries {
                        attempts: failures,
                        reason,
                    });
                }
                // A redirection is for one connection: if it fails, the configured pool is asked.
                url.clone_from(&options.url);
                // Spread out, so that a pool that restarts is not stormed.
                let wait = pause.mul_f64(rand::rng().random_range(0.75..1.25));
                pause = (pause * 2).min(LONGEST_PAUSE);
                tracing::warn!(reason, retry_in_s = wait.as_secs_f32(), "no pool");
                wait
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
            () = discard(found) => {}
        }
    }
    Ok(())
}

/// Redirections in a row: the first is followed as the pool says, and further ones ever later, so
/// that a pool (or two that point at each other) cannot make a miner connect without end.
#[derive(Debug, Default)]
struct Redirections {
    pause: Duration,
    last: Option<Instant>,
}

impl Redirections {
    /// The least pause before following one that comes now.
    fn follow(&mut self, now: Instant) -> Duration {
        let in_a_row = self
            .last
            .is_some_and(|last| now.duration_since(last) <= self.pause + QUIET);
        self.pause = if in_a_row {
            (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE)
        } else {
            Duration::ZERO
        };
        self.last = Some(now);
        self.pause
    }
}

/// Throws away shares of a lost connection, so that no thread is stuck on a full queue.
async fn discard(found: &mut mpsc::Receiver<Found>) {
    while found.recv().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirections_in_a_row_are_followed_ever_later_and_a_single_one_at_once() {
        let mut redirections = Redirections::default();
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..10 {
            let pause = redirections.follow(now);
            pauses.push(pause.as_secs());
            now += pause;
        }
        assert_eq!(pauses, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        now += LONGEST_PAUSE + QUIET * 2;
        assert_eq!(redirections.follow(now), Duration::ZERO);
    }
}
