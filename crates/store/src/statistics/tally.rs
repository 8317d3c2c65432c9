//! What batches add up to, before it is written.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::CLOCK_BACK;
use crate::{StoreError, shares::BatchContents};

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) shares: u64,
    pub(super) work: u128,
    pub(super) rejected: u64,
    pub(super) rejected_work: u128,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.shares = self.shares.saturating_add(other.shares);
        self.work = self.work.saturating_add(other.work);
        self.rejected = self.rejected.saturating_add(other.rejected);
        self.rejected_work = self.rejected_work.saturating_add(other.rejected_work);
    }
}

/// A user and one of his workers.
pub(super) type Worker = (String, String);
/// A number of shares and the work they claimed.
pub(super) type Count = (u64, u128);

/// Worker, minute or hour, port.
pub(super) type WorkerKey = (Worker, DateTime<Utc>, String);
/// Worker, hour, port, reason.
pub(super) type RejectKey = (Worker, DateTime<Utc>, String, String);
/// Minute, port, reason.
pub(super) type ReasonKey = (DateTime<Utc>, String, String);

/// What some batches add up to.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    /// By worker, minute and port.
    pub(super) workers: BTreeMap<WorkerKey, Tally>,
    /// By worker, hour, port and reason.
    pub(super) rejects: BTreeMap<RejectKey, Count>,
    /// By minute, port and reason.
    pub(super) reasons: BTreeMap<ReasonKey, Count>,
    /// When each worker's last share was, to the minute, accepted or not.
    pub(super) seen: BTreeMap<Worker, DateTime<Utc>>,
}

impl Tallies {
    pub(super) fn add(
        &mut self,
        batch: &BatchContents,
        arrived: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let oldest = arrived - CLOCK_BACK;
        let believed = batch.closed_at >= oldest && batch.closed_at <= arrived;
        let at = if believed { batch.closed_at } else { arrived };
        let minute = start_of(at, TimeDelta::minutes(1))?;
        let hour = start_of(at, TimeDelta::hours(1))?;
        for slice in &batch.slices {
            let worker = (slice.user.clone(), slice.worker.clone());
            let seen = self.seen.entry(worker.clone()).or_insert(minute);
            *seen = minute.max(*seen);
            let tally = self
                .workers
                .entry((worker, minute, batch.port.clone()))
                .or_default();
            tally.add(&Tally {
                shares: slice.shares,
                work: slice.work.0,
                ..Tally::default()
            });
        }
        for reject in &batch.rejects {
            let worker = (reject.user.clone(), reject.worker.clone());
            // Entered like any other: names that send nothing but rejected shares are bounded too.
            let seen = self.seen.entry(worker.clone()).or_insert(minute);
            *seen = minute.max(*seen);
            let (count, work) = (reject.count, reject.work.0);
            let port = batch.port.clone();
            let tally = self
                .workers
                .entry((worker.clone(), minute, port.clone()))
                .or_default();
            tally.add(&Tally {
                rejected: count,
                rejected_work: work,
                ..Tally::default()
            });
            let reason = reject.reason.clone();
            let by_worker = (worker, hour, port.clone(), reason.clone());
            add_count(self.rejects.entry(by_worker).or_default(), count, work);
            add_count(
                self.reasons.entry((minute, port, reason)).or_default(),
                count,
                work,
            );
        }
        Ok(())
    }

    /// The same with workers counted under other names.
    pub(super) fn renamed(self, names: &HashMap<Worker, Worker>) -> Self {
        let name = |worker: Worker| names.get(&worker).cloned().unwrap_or(worker);
        let mut renamed = Self {
            reasons: self.reasons,
            ..Self::default()
        };
        for ((worker, minute, port), tally) in self.workers {
            renamed
                .workers
                .entry((name(worker), minute, port))
                .or_default()
                .add(&tally);
        }
        for ((worker, hour, port, reason), (count, work)) in self.rejects {
            let total = renamed
                .rejects
                .entry((name(worker), hour, port, reason))
                .or_default();
            add_count(total, count, work);
        }
        for (worker, at) in self.seen {
            let seen = renamed.seen.entry(name(worker)).or_insert(at);
            *seen = at.max(*seen);
        }
        renamed
    }
}

fn add_count(total: &mut Count, count: u64, work: u128) {
    *total = (total.0.saturating_add(count), total.1.saturating_add(work));
}

pub(super) fn start_of(at: DateTime<Utc>, span: TimeDelta) -> Result<DateTime<Utc>, StoreError> {
    at.duration_trunc(span)
        .map_err(|_| StoreError::TooLarge("a time"))
}
