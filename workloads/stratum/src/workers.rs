//! Who is mining here now, for live figures and for the bound on names.
//!
//! Nothing that pays depends on it: shares carry their names themselves.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use ngpool_chain::Work;
use parking_lot::Mutex;

use crate::{clock::Moment, names::Name};

/// The worker name of those above a user's bound.
pub const OTHER: &str = "other";
/// Time constant of the hash rate shown: 5 minutes.
const AVERAGE_MS: f64 = 300_000.0;
/// A worker without a connection is shown for this long.
const KEEP_MS: u64 = 600_000;

/// One worker of one user; several connections may mine for it.
#[derive(Debug)]
pub struct Worker {
    /// Address.
    pub user: Arc<str>,
    /// Empty when the miner gave none.
    pub worker: Arc<str>,
    connections: AtomicU32,
    /// Bits of the difficulty sent last, an f64.
    difficulty: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Decaying sum of hashes per millisecond.
    average: f64,
    averaged: Moment,
    began: Moment,
    last_share_ms: u64,
    left: Moment,
    agent: Arc<str>,
}

/// What a worker does at one moment.
#[derive(Debug, Clone)]
pub struct WorkerReport {
    /// Address.
    pub user: Arc<str>,
    /// Worker name.
    pub worker: Arc<str>,
    /// Open connections.
    pub connections: u32,
    /// Difficulty sent last.
    pub difficulty: f64,
    /// Hashes per second over the last minutes.
    pub hash_rate: f64,
    /// Milliseconds since the epoch; 0 for none.
    pub last_share_ms: u64,
    /// Software of the connection that came last.
    pub agent: Arc<str>,
}

impl Worker {
    /// An accepted share.
    pub fn share(&self, work: Work, now: Moment, unix_ms: u64) {
        let mut state = self.state.lock();
        state.average *= decay(now.since(state.averaged));
        state.average += work.approximate() / AVERAGE_MS;
        state.averaged = now;
        state.last_share_ms = unix_ms;
    }

    /// A difficulty was sent to one of its connections.
    pub fn difficulty(&self, difficulty: f64) {
        self.difficulty
            .store(difficulty.to_bits(), Ordering::Relaxed);
    }

    /// A connection has gone.
    pub fn leave(&self, now: Moment) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
        self.state.lock().left = now;
    }

    fn report(&self, now: Moment) -> WorkerReport {
        let state = self.state.lock();
        let weight = 1.0 - decay(now.since(state.began));
        let hash_rate = if weight > 0.0 {
            state.average * decay(now.since(state.averaged)) / weight * 1_000.0
        } else {
            0.0
        };
        WorkerReport {
            user: self.user.clone(),
            worker: self.worker.clone(),
            connections: self.connections.load(Ordering::Relaxed),
            difficulty: f64::from_bits(self.difficulty.load(Ordering::Relaxed)),
            hash_rate,
            last_share_ms: state.last_share_ms,
            agent: state.agent.clone(),
        }
    }

    fn is_gone(&self, now: Moment) -> bool {
        self.connections.load(Ordering::Relaxed) == 0
            && now.since(self.state.lock().left) >= KEEP_MS
    }
}

// Milliseconds of any uptime are far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn decay(milliseconds: u64) -> f64 {
    (-(milliseconds as f64) / AVERAGE_MS).exp()
}

/// Every worker with a connection, and those that left lately.
#[derive(Debug, Default)]
pub struct Workers {
    users: Mutex<HashMap<Arc<str>, OfUser>>,
}

/// Workers by name.
type OfUser = HashMap<Arc<str>, Arc<Worker>>;

impl Workers {
    /// Whether a user is among them.
    #[must_use]
    pub fn knows(&self, user: &str) -> bool {
        self.users.lock().contains_key(user)
    }

    /// The worker of a name, its connections one more. Above `limit` workers of a user it is `other`.
    #[must_use]
    pub fn join(&self, name: &Name, agent: &Arc<str>, limit: u32, now: Moment) -> Arc<Worker> {
        let mut users = self.users.lock();
        let of_user = users.entry(name.user.clone()).or_default();
        let full = of_user.len() >= limit as usize && !of_user.contains_key(&name.worker);
        let key = if full {
            Arc::from(OTHER)
        } else {
            name.worker.clone()
        };
        let worker = of_user.entry(key).or_insert_with_key(|key| {
            Arc::new(Worker {
                user: name.user.clone(),
                worker: key.clone(),
                connections: AtomicU32::new(0),
                difficulty: AtomicU64::new(0),
                state: Mutex::new(State {
                    average: 0.0,
                    averaged: now,
                    began: now,
                    last_share_ms: 0,
                    left: now,
                    agent: agent.clone(),
                }),
            })
        });
        worker.connections.fetch_add(1, Ordering::Relaxed);
        worker.state.lock().agent = agent.clone();
        worker.clone()
    }

    /// Forgets workers that left a while ago.
    pub fn forget(&self, now: Moment) {
        self.users.lock().retain(|_, workers| {
            workers.retain(|_, worker| !worker.is_gone(now));
            !workers.is_empty()
        });
    }

    /// Everybody, in no order.
    #[must_use]
    pub fn report(&self, now: Moment) -> Vec<WorkerReport> {
        // The workers are cloned first, so that miners who authorize do not wait for the arithmetic.
        let workers: Vec<Arc<Worker>> = self
            .users
            .lock()
            .values()
            .flat_map(HashMap::values)
            .cloned()
            .collect();
        workers.iter().map(|worker| worker.report(now)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(worker: &str) -> Name {
        Name {
            user: "user".into(),
            worker: worker.into(),
        }
    }

    fn agent() -> Arc<str> {
        "test/1".into()
    }

    #[test]
    fn connections_of_one_worker_are_counted_together() {
        let workers = Workers::default();
        let first = workers.join(&name("a"), &agent(), 10, Moment(0));
        let second = workers.join(&name("a"), &agent(), 10, Moment(0));
        assert!(Arc::ptr_eq(&first, &second));
        second.leave(Moment(5));
        let report = workers.report(Moment(10));
        assert_eq!((report.len(), report[0].connections), (1, 1));
    }

    #[test]
    fn workers_above_the_bound_share_one_name() {
        let workers = Workers::default();
        for index in 0..5 {
            let worker = workers.join(&name(&index.to_string()), &agent(), 3, Moment(0));
            assert_eq!(&*worker.worker == OTHER, index >= 3);
        }
        assert_eq!(workers.report(Moment(0)).len(), 4);
    }

    #[test]
    fn the_hash_rate_is_work_over_time() {
        let workers = Workers::default();
        let worker = workers.join(&name("a"), &agent(), 3, Moment(0));
        for second in 1..=600 {
            worker.share(Work(1_000_000), Moment(second * 1_000), second);
        }
        let report = &workers.report(Moment(600_000))[0];
        assert!((report.hash_rate / 1e6 - 1.0).abs() < 0.01, "{report:?}");
        assert_eq!(report.last_share_ms, 600);
    }

    #[test]
    fn who_left_is_forgotten_after_a_while() {
        let workers = Workers::default();
        let worker = workers.join(&name("a"), &agent(), 3, Moment(0));
        worker.leave(Moment(1_000));
        workers.forget(Moment(KEEP_MS));
        assert!(workers.knows("user"));
        workers.forget(Moment(KEEP_MS + 1_000));
        assert!(!workers.knows("user"));
    }
}
