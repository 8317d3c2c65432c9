//! What waits its turn in one namespace.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use ngpool_crds::ObjectRef;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::cache::Touched;

/// First and longest pause after a failure.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_mins(2);

/// Objects of one namespace that want to be looked at.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    all: bool,
    now: BTreeSet<ObjectRef>,
    later: BTreeMap<ObjectRef, Instant>,
    failures: BTreeMap<ObjectRef, u32>,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Work {
    /// Everything in the namespace.
    All,
    /// These, in the order of their kinds.
    Some(BTreeSet<ObjectRef>),
}

impl Queue {
    /// Adds what a change concerns.
    pub fn add(&self, touched: Touched) {
        let mut waiting = self.waiting.lock();
        match touched {
            Touched::Nothing => return,
            Touched::All => waiting.all = true,
            Touched::Objects(objects) => waiting.now.extend(objects),
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Asks for an object again after some time, unless it is looked at before.
    pub fn add_later(&self, object: &ObjectRef, pause: Duration) {
        let due = Instant::now() + pause;
        let mut waiting = self.waiting.lock();
        let place = waiting.later.entry(object.clone()).or_insert(due);
        *place = due.min(*place);
    }

    /// The same after a failure, later each time.
    pub fn failed(&self, object: &ObjectRef) {
        let mut waiting = self.waiting.lock();
        let failures = waiting.failures.entry(object.clone()).or_insert(0);
        let pause = FIRST.saturating_mul(1 << (*failures).min(12)).min(LONGEST);
        *failures += 1;
        drop(waiting);
        self.add_later(object, pause);
    }

    /// An object is as it should be: its next failure is its first.
    pub fn succeeded(&self, object: &ObjectRef) {
        self.waiting.lock().failures.remove(object);
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        let waiting = self.waiting.lock();
        !waiting.all && waiting.now.is_empty()
    }

    /// Waits until something is to be done.
    pub async fn ready(&self) {
        loop {
            let due = self.due();
            if due.is_some_and(|due| due <= Instant::now()) || !self.is_empty() {
                return;
            }
            let pause = due.map_or(LONGEST, |due| due.saturating_duration_since(Instant::now()));
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn due(&self) -> Option<Instant> {
        self.waiting.lock().later.values().min().copied()
    }

    /// Takes what is to be done now.
    pub fn take(&self) -> Work {
        let now = Instant::now();
        let mut waiting = self.waiting.lock();
        let mut work = std::mem::take(&mut waiting.now);
        let due: Vec<ObjectRef> = waiting
            .later
            .iter()
            .filter(|(object, due)| **due <= now || work.contains(object))
            .map(|(object, _)| object.clone())
            .collect();
        for object in due {
            waiting.later.remove(&object);
            work.insert(object);
        }
        if std::mem::take(&mut waiting.all) {
            waiting.later.clear();
            return Work::All;
        }
        Work::Some(work)
    }
}

#[cfg(test)]
mod tests {
    use ngpool_crds::Kind;

    use super::*;

    fn port(name: &str) -> ObjectRef {
        ObjectRef::new(Kind::StratumPort, name)
    }

    #[tokio::test]
    async fn what_is_added_twice_is_done_once_and_the_pool_comes_first() {
        let queue = Queue::default();
        let pool = ObjectRef::new(Kind::Pool, "pool");
        queue.add(Touched::Objects(vec![port("a"), pool.clone()]));
        queue.add(Touched::Objects(vec![port("a")]));
        queue.ready().await;
        let Work::Some(work) = queue.take() else {
            panic!("not everything");
        };
        assert_eq!(work.into_iter().collect::<Vec<_>>(), [pool, port("a")]);
        assert!(queue.is_empty());
    }

    #[tokio::test]
    async fn what_comes_before_its_time_is_not_done_again_at_its_time() {
        let queue = Queue::default();
        queue.add_later(&port("a"), Duration::from_hours(1));
        assert!(queue.is_empty());
        queue.add(Touched::Objects(vec![port("a")]));
        queue.take();
        assert_eq!(queue.due(), None);
    }

    #[tokio::test]
    async fn failures_wait_longer_each_time_until_one_succeeds() {
        let queue = Queue::default();
        let mut before = Duration::ZERO;
        for _ in 0..20 {
            queue.failed(&port("a"));
            let due = queue.due().unwrap();
            let pause = due.saturating_duration_since(Instant::now());
            assert!(pause <= LONGEST);
            assert!(pause >= before || pause + FIRST > LONGEST, "{pause:?}");
            before = pause.saturating_sub(Duration::from_millis(100));
            queue.waiting.lock().later.clear();
        }
        queue.succeeded(&port("a"));
        queue.failed(&port("a"));
        assert!(queue.due().unwrap() <= Instant::now() + FIRST);
    }
}
