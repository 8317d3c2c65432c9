//! Ctrl-C and its like, once and twice.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What the user has asked for so far.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// The first SIGINT or SIGTERM: drain and stop.
    pub drain: CancellationToken,
    /// The second: do not wait for miners.
    pub hurry: CancellationToken,
}

impl Signals {
    /// Listens for signals from now on.
    pub fn listen() -> std::io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let signals = Self::default();
        let heard = signals.clone();
        tokio::spawn(async move {
            loop {
                let more = tokio::select! {
                    more = terminate.recv() => more,
                    more = interrupt.recv() => more,
                };
                if more.is_none() {
                    return;
                }
                if heard.drain.is_cancelled() {
                    heard.hurry.cancel();
                } else {
                    heard.drain.cancel();
                }
            }
        });
        Ok(signals)
    }
}
