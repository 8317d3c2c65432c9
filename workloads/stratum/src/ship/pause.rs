//! Waiting before another try.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

const SHORTEST: Duration = Duration::from_millis(100);

/// Short enough that shares are booked soon after a ledger is back.
const LONGEST: Duration = Duration::from_secs(2);

/// Grows from try to try, with a random part so that many servers do not return at once.
#[derive(Debug)]
pub(crate) struct Pause(Duration);

impl Pause {
    pub(crate) fn new() -> Self {
        Self(SHORTEST)
    }

    /// Things went well: the next pause is the shortest again.
    pub(crate) fn reset(&mut self) {
        self.0 = SHORTEST;
    }

    /// Waits, unless `stop` is cancelled first. Returns whether to go on.
    pub(crate) async fn wait(&mut self, stop: &CancellationToken) -> bool {
        let pause = self.0.mul_f64(0.75 + rand::random::<f64>() / 2.0);
        self.0 = (self.0 * 2).min(LONGEST);
        tokio::select! {
            () = stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
