//! Threads that search nonces.
//!
//! ```text
//!  session ──offer──▶ Slot ──▶ thread 1..n ──Found──▶ channel ──▶ session
//! ```

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use super::{
    Counters,
    work::{Space, Work},
};

/// A share that meets the target of its job.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) work: Arc<Work>,
    pub(super) space: Space,
    pub(super) nonce: u32,
}

/// The job in force, replaced at any time.
#[derive(Debug, Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    changed: Condvar,
    /// Counts changes of `state`, so that a thread sees one without taking the lock.
    generation: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    work: Option<Arc<Work>>,
    stopped: bool,
}

impl Slot {
    /// Gives the threads another job; `None` lets them rest.
    pub(super) fn offer(&self, work: Option<Arc<Work>>) {
        self.change(|state| state.work = work);
    }

    fn stop(&self) {
        self.change(|state| state.stopped = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        self.generation.fetch_add(1, Ordering::Release);
        self.changed.notify_all();
    }

    /// Waits for a job; `None` when there will be none any more.
    fn take(&self) -> Option<(u64, Arc<Work>)> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(work) = &state.work {
                // Under the lock, so the number belongs to this job.
                return Some((self.generation.load(Ordering::Acquire), Arc::clone(work)));
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_at(&self, generation: u64) -> bool {
        self.generation.load(Ordering::Acquire) == generation
    }

    /// Waits until `until`, or until the job is another one.
    fn wait_until(&self, until: Instant, generation: u64) {
        let mut state = self.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !self.is_at(generation) {
                return;
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Running threads; they end when this is dropped.
#[derive(Debug)]
pub(super) struct Threads {
    slot: Arc<Slot>,
    handles: Vec<JoinHandle<()>>,
}

impl Threads {
    /// Starts `count` threads that make at most `limit` hashes a second together.
    pub(super) fn start(
        count: usize,
        limit: Option<f64>,
        slot: &Arc<Slot>,
        counters: &Counters,
        found: &mpsc::Sender<Found>,
    ) -> std::io::Result<Self> {
        // Lossless for any number of threads a machine has.
        #[allow(clippy::cast_precision_loss)]
        let each = limit.map(|limit| limit / count as f64);
        let mut threads = Self {
            slot: Arc::clone(slot),
            handles: Vec::with_capacity(count),
        };
        for index in 0..count {
            let searcher = Searcher {
                slot: Arc::clone(slot),
                counters: counters.clone(),
                found: found.clone(),
                pace: each.map(Pace::new),
            };
            threads.handles.push(
                std::thread::Builder::new()
                    .name(format!("hash-{index}"))
                    .spawn(move || searcher.run())?,
            );
        }
        Ok(threads)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.slot.stop();
        for handle in self.handles.drain(..) {
            // A thread that panicked has nothing left to clean up.
            let _ended = handle.join();
        }
    }
}

/// Keeps a thread at a hash rate.
#[derive(Debug)]
struct Pace {
    per_second: f64,
    next: Instant,
}

impl Pace {
    fn new(per_second: f64) -> Self {
        Self {
            per_second,
            next: Instant::now(),
        }
    }

    /// Hashes to make in one go: about a twentieth of a second's.
    fn batch(&self, usual: u32) -> u32 {
        // In range by the clamp; a fraction of a hash is no loss.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let batch = (self.per_second / 20.0).clamp(1.0, f64::from(usual)) as u32;
        batch
    }

    fn account(&mut self, hashes: u32) -> Instant {
        let spent = Duration::try_from_secs_f64(f64::from(hashes) / self.per_second)
            .unwrap_or(Duration::from_hours(1));
        // A machine that is slower than the limit does not save up for later.
        self.next = self
            .next
            .max(Instant::now().checked_sub(spent).unwrap_or(self.next))
            + spent;
        self.next
    }
}

struct Searcher {
    slot: Arc<Slot>,
    counters: Counters,
    found: mpsc::Sender<Found>,
    pace: Option<Pace>,
}

impl Searcher {
    fn run(mut self) {
        while let Some((generation, work)) = self.slot.take() {
            let space = work.next_space();
            if !self.search(generation, &work, &space) {
                return;
            }
        }
    }

    /// Tries the nonces of one space until the job changes; false when nobody wants shares any more.
    fn search(&mut self, generation: u64, work: &Arc<Work>, space: &Space) -> bool {
        let usual = work.batch_size();
        let batch = self.pace.as_ref().map_or(usual, |pace| pace.batch(usual));
        let mut next = Some(0_u32);
        while let Some(first) = next {
            if !self.slot.is_at(generation) {
                return true;
            }
            let last = first.saturating_add(batch - 1);
            for nonce in work.search(space, first..=last) {
                let found = Found {
                    work: Arc::clone(work),
                    space: space.clone(),
                    nonce,
                };
                if self.found.blocking_send(found).is_err() {
                    return false;
                }
            }
            let hashes = last - first + 1;
            self.counters.hashed(u64::from(hashes));
            if let Some(pace) = &mut self.pace {
                let until = pace.account(hashes);
                self.slot.wait_until(until, generation);
            }
            next = last.checked_add(1);
        }
        true
    }
}
