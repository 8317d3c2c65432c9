//! What a miner has done so far.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Counted by the hashing threads and the session, read by anyone; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Counters(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    hashes: AtomicU64,
    told: Mutex<MinerStatus>,
}

/// A miner at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MinerStatus {
    /// Hashes computed since the start.
    pub hashes: u64,
    /// Shares the pool took.
    pub accepted: u64,
    /// Shares the pool refused, by its own words.
    pub rejected: BTreeMap<String, u64>,
    /// Shares sent that were never answered because the connection was lost.
    pub unanswered: u64,
    /// Share difficulty of the newest job, as the pool said it.
    pub difficulty: f64,
    /// Whether the pool has taken the user and sent a job on the present connection.
    pub mining: bool,
    /// Connections made so far.
    pub connections: u64,
    /// Jobs received so far.
    pub jobs: u64,
    /// Why the last connection ended; empty before.
    pub last_error: String,
}

impl MinerStatus {
    /// Shares the pool refused, whatever the reason.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
}

impl Counters {
    /// What holds now.
    pub fn status(&self) -> MinerStatus {
        let mut status = self.told().clone();
        status.hashes = self.0.hashes.load(Ordering::Relaxed);
        status
    }

    pub(super) fn hashed(&self, hashes: u64) {
        self.0.hashes.fetch_add(hashes, Ordering::Relaxed);
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut MinerStatus)) {
        change(&mut self.told());
    }

    fn told(&self) -> MutexGuard<'_, MinerStatus> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
