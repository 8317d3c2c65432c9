//! What figures of "now" look back on.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Seconds looked back on: statistics are kept by the minute.
const SECONDS: i64 = 600;

/// Least that work is divided by, seconds: what a thing did in its first moments is no rate.
const LEAST: u32 = 60;

/// A time until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recent {
    now: DateTime<Utc>,
    since: DateTime<Utc>,
}

impl Recent {
    /// The last ten minutes, from the start of a minute.
    pub(crate) fn until(now: DateTime<Utc>) -> Self {
        let since = now - TimeDelta::seconds(SECONDS);
        Self {
            now,
            since: since.duration_trunc(TimeDelta::minutes(1)).unwrap_or(since),
        }
    }

    /// Where it starts.
    pub(crate) const fn since(self) -> DateTime<Utc> {
        self.since
    }

    /// Seconds of it in which a thing was there, so that one that is new does not look slow.
    pub(crate) fn seconds(self, born: Option<DateTime<Utc>>) -> u32 {
        let start = born.map_or(self.since, |born| born.max(self.since));
        u32::try_from((self.now - start).num_seconds())
            .unwrap_or(0)
            .max(LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_younger_than_the_window_is_measured_over_its_age() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let recent = Recent::until(at("2026-05-02T10:00:30Z"));
        assert_eq!(recent.since(), at("2026-05-02T09:50:00Z"));
        assert_eq!(recent.seconds(None), 630, "from the start of the minute");
        assert_eq!(recent.seconds(Some(at("2025-01-01T00:00:00Z"))), 630);
        assert_eq!(recent.seconds(Some(at("2026-05-02T09:58:00Z"))), 150);
        assert_eq!(recent.seconds(Some(at("2026-05-02T10:00:25Z"))), 60);
        assert_eq!(recent.seconds(Some(at("2026-05-02T10:05:00Z"))), 60);
    }
}
