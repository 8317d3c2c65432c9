//! Ctrl-C and its like, once and twice.

use tokio::signal::unix::{Signal, SignalKind, signal};
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
        // A closed terminal drains too, unless the user asked to outlive it.
        let mut hangup = if outlives_terminal() {
            None
        } else {
            Some(signal(SignalKind::hangup())?)
        };
        let signals = Self::default();
        let heard = signals.clone();
        tokio::spawn(async move {
            loop {
                let more = tokio::select! {
                    more = terminate.recv() => more,
                    more = interrupt.recv() => more,
                    more = received(&mut hangup) => more,
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

async fn received(signal: &mut Option<Signal>) -> Option<()> {
    match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    }
}

/// Whether the hang-up signal is ignored, as under `nohup`: listening for it would undo that.
fn outlives_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Bit 0 is signal 1, which is SIGHUP.
    ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}
