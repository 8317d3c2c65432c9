//! Time as the server sees it, so that a test can move it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Milliseconds since the clock was made; never runs backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Moment(pub u64);

impl Moment {
    /// Milliseconds from an earlier moment to this one; 0 when it is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment some milliseconds later.
    #[must_use]
    pub const fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// The system's clocks, shifted by what a test asks for.
#[derive(Debug, Clone)]
pub struct Clock {
    start: Instant,
    shift_ms: Arc<AtomicU64>,
}

impl Clock {
    /// A clock that shows the system's time.
    #[must_use]
    pub fn system() -> Self {
        Self {
            start: Instant::now(),
            shift_ms: Arc::default(),
        }
    }

    /// Moves every copy of this clock forward.
    pub fn advance(&self, by: Duration) {
        self.shift_ms.fetch_add(milliseconds(by), Ordering::Relaxed);
    }

    /// Now, for intervals.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment(milliseconds(self.start.elapsed()).saturating_add(self.shift()))
    }

    /// Now, in milliseconds since the epoch.
    #[must_use]
    pub fn unix_ms(&self) -> u64 {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        milliseconds(since_epoch).saturating_add(self.shift())
    }

    /// Now, in seconds since the epoch.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.unix_ms() / 1_000
    }

    fn shift(&self) -> u64 {
        self.shift_ms.load(Ordering::Relaxed)
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
