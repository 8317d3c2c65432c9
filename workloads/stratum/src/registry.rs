//! Every connection, and how the server speaks to it: flags and a wake-up, nothing that waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering},
    },
    task::Waker,
};

use futures::task::AtomicWaker;
use parking_lot::Mutex;

use crate::clock::Moment;

/// A new job shall be sent.
pub const JOB: u8 = 1;
/// Difficulty shall be looked at: the connection has been silent.
pub const SWEEP: u8 = 2;
/// Settings have changed.
pub const SETTINGS: u8 = 4;
/// The miner shall be asked to reconnect.
pub const RECONNECT: u8 = 8;
/// The banner has changed.
pub const BANNER: u8 = 32;
/// The connection shall be closed; the reason is in the handle.
const CLOSE: u8 = 16;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Close {
    /// The miner closed it.
    ByMiner,
    /// A read or write failed.
    Broken,
    /// Bytes that are no stratum message, or a line that is too long.
    Malformed,
    /// Nothing was sent for too long after connecting.
    NoFirstMessage,
    /// No successful authorize for too long.
    NoAuthorize,
    /// Nothing was sent for too long.
    Idle,
    /// It does not read what it is sent.
    SlowReader,
    /// Banned.
    Banned,
    /// More headers on one tip than a connection may have.
    Budget,
    /// The port has no work to give.
    NoWork,
    /// Shares cannot be kept.
    Journal,
    /// The server is leaving.
    Drain,
}

impl Close {
    const ALL: [Self; 12] = [
        Self::ByMiner,
        Self::Broken,
        Self::Malformed,
        Self::NoFirstMessage,
        Self::NoAuthorize,
        Self::Idle,
        Self::SlowReader,
        Self::Banned,
        Self::Budget,
        Self::NoWork,
        Self::Journal,
        Self::Drain,
    ];

    /// For a metric's label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ByMiner => "by_miner",
            Self::Broken => "broken",
            Self::Malformed => "malformed",
            Self::NoFirstMessage => "no_first_message",
            Self::NoAuthorize => "no_authorize",
            Self::Idle => "idle",
            Self::SlowReader => "slow_reader",
            Self::Banned => "banned",
            Self::Budget => "budget",
            Self::NoWork => "no_work",
            Self::Journal => "journal",
            Self::Drain => "drain",
        }
    }

    fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Nothing was received.
    Connected,
    /// It has sent a message.
    Speaking,
    /// A worker was authorized.
    Authorized,
}

/// The server's end of one connection.
#[derive(Debug)]
pub struct Handle {
    flags: AtomicU8,
    close: AtomicU8,
    stage: AtomicU8,
    opened: Moment,
    last_message: AtomicU64,
    sweep_at: AtomicU64,
    waker: AtomicWaker,
}

impl Handle {
    fn new(now: Moment) -> Self {
        Self {
            flags: AtomicU8::new(0),
            // No reason yet.
            close: AtomicU8::new(u8::MAX),
            stage: AtomicU8::new(Stage::Connected as u8),
            opened: now,
            last_message: AtomicU64::new(now.0),
            sweep_at: AtomicU64::new(u64::MAX),
            waker: AtomicWaker::new(),
        }
    }

    /// Raises a flag and wakes the connection.
    pub fn raise(&self, flag: u8) {
        // A flag that is up already has woken the connection already.
        if self.flags.fetch_or(flag, Ordering::AcqRel) & flag != flag {
            self.waker.wake();
        }
    }

    /// Closes the connection; the first reason counts.
    pub fn close(&self, reason: Close) {
        let _first_counts =
            self.close
                .compare_exchange(u8::MAX, reason as u8, Ordering::AcqRel, Ordering::Acquire);
        self.raise(CLOSE);
    }

    /// Takes the flags that are up; `close` stays. Call [`Handle::listen`] before.
    pub fn take(&self) -> u8 {
        let flags = self.flags.load(Ordering::Acquire);
        if flags == 0 {
            return 0;
        }
        self.flags.fetch_and(CLOSE, Ordering::AcqRel)
    }

    /// The reason to close, once there is one.
    #[must_use]
    pub fn closing(&self) -> Option<Close> {
        if self.flags.load(Ordering::Acquire) & CLOSE == 0 {
            return None;
        }
        Some(Close::from_index(self.close.load(Ordering::Acquire)).unwrap_or(Close::Drain))
    }

    /// Wakes this task when a flag goes up.
    pub fn listen(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// Notes that the miner said something.
    pub fn heard(&self, now: Moment, stage: Stage) {
        self.last_message.store(now.0, Ordering::Relaxed);
        self.stage.fetch_max(stage as u8, Ordering::Relaxed);
    }

    /// When difficulty shall be looked at though the miner says nothing.
    pub fn sweep_at(&self, moment: Moment) {
        self.sweep_at.store(moment.0, Ordering::Relaxed);
    }
}

/// Time-outs of connections, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From connect to the first message.
    pub first_message: u64,
    /// From connect to a successful authorize.
    pub authorize: u64,
    /// Since the last message.
    pub idle: u64,
}

/// Shards keep accepting, closing and fan-out out of each other's way.
const SHARDS: usize = 16;

/// Every connection.
#[derive(Debug)]
pub struct Registry {
    shards: [Mutex<Shard>; SHARDS],
    next: AtomicUsize,
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Shard {
    handles: Vec<Option<Arc<Handle>>>,
    free: Vec<usize>,
}

/// A connection's place; it leaves the registry when this is dropped.
#[derive(Debug)]
pub struct Membership {
    registry: Arc<Registry>,
    shard: usize,
    index: usize,
    handle: Arc<Handle>,
}

impl Membership {
    /// The handle.
    #[must_use]
    pub fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let Some(shard) = self.registry.shards.get(self.shard) else {
            return;
        };
        let mut shard = shard.lock();
        if let Some(place) = shard.handles.get_mut(self.index) {
            *place = None;
        }
        shard.free.push(self.index);
        self.registry.count.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Registry {
    /// Nobody.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            next: AtomicUsize::new(0),
            count: AtomicUsize::new(0),
        })
    }

    /// Takes a connection in.
    #[must_use]
    pub fn join(self: &Arc<Self>, now: Moment) -> Membership {
        let number = self.next.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let handle = Arc::new(Handle::new(now));
        let index = self.shards.get(number).map_or(0, |shard| {
            let mut shard = shard.lock();
            if let Some(index) = shard.free.pop()
                && let Some(place) = shard.handles.get_mut(index)
            {
                *place = Some(handle.clone());
                index
            } else {
                shard.handles.push(Some(handle.clone()));
                shard.handles.len() - 1
            }
        });
        self.count.fetch_add(1, Ordering::Relaxed);
        Membership {
            registry: self.clone(),
            shard: number,
            index,
            handle,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Raises a flag on every connection.
    pub fn raise(&self, flag: u8) {
        self.each(|handle| handle.raise(flag));
    }

    /// Every connection there is now, to be spoken to in steps.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Arc<Handle>> {
        let mut handles = Vec::with_capacity(self.count());
        self.each(|handle| handles.push(handle.clone()));
        handles
    }

    /// Closes what is overdue and wakes what shall look at its difficulty.
    pub fn sweep(&self, now: Moment, timeouts: Timeouts) {
        self.each(|handle| {
            let stage = handle.stage.load(Ordering::Relaxed);
            let age = now.since(handle.opened);
            let quiet = now.since(Moment(handle.last_message.load(Ordering::Relaxed)));
            if stage == Stage::Connected as u8 && age >= timeouts.first_message {
                handle.close(Close::NoFirstMessage);
            } else if stage < Stage::Authorized as u8 && age >= timeouts.authorize {
                handle.close(Close::NoAuthorize);
            } else if quiet >= timeouts.idle {
                handle.close(Close::Idle);
            } else if now.0 >= handle.sweep_at.load(Ordering::Relaxed) {
                handle.raise(SWEEP);
            }
        });
    }

    fn each(&self, mut act: impl FnMut(&Arc<Handle>)) {
        for shard in &self.shards {
            for handle in shard.lock().handles.iter().flatten() {
                act(handle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        first_message: 15,
        authorize: 60,
        idle: 600,
    };

    fn reason_after(stage: Option<Stage>, heard: u64, now: u64) -> Option<Close> {
        let registry = Registry::new();
        let member = registry.join(Moment(0));
        if let Some(stage) = stage {
            member.handle().heard(Moment(heard), stage);
        }
        registry.sweep(Moment(now), TIMEOUTS);
        member.handle().closing()
    }

    #[test]
    fn each_time_out_has_its_stage() {
        assert_eq!(reason_after(None, 0, 14), None);
        assert_eq!(reason_after(None, 0, 15), Some(Close::NoFirstMessage));
        assert_eq!(reason_after(Some(Stage::Speaking), 50, 59), None);
        assert_eq!(
            reason_after(Some(Stage::Speaking), 50, 60),
            Some(Close::NoAuthorize)
        );
        assert_eq!(reason_after(Some(Stage::Authorized), 50, 649), None);
        assert_eq!(
            reason_after(Some(Stage::Authorized), 50, 650),
            Some(Close::Idle)
        );
    }

    #[test]
    fn the_first_reason_to_close_counts() {
        let registry = Registry::new();
        let member = registry.join(Moment(0));
        member.handle().close(Close::Banned);
        member.handle().close(Close::Drain);
        assert_eq!(member.handle().closing(), Some(Close::Banned));
    }

    #[test]
    fn places_are_used_again_and_counted() {
        let registry = Registry::new();
        let members: Vec<Membership> = (0..100).map(|_| registry.join(Moment(0))).collect();
        assert_eq!((registry.count(), registry.snapshot().len()), (100, 100));
        drop(members);
        assert_eq!((registry.count(), registry.snapshot().len()), (0, 0));
        let _members: Vec<Membership> = (0..100).map(|_| registry.join(Moment(0))).collect();
        let places: usize = registry
            .shards
            .iter()
            .map(|shard| shard.lock().handles.len())
            .sum();
        assert!(places < 120, "{places}");
    }

    #[test]
    fn flags_are_taken_once_and_close_stays() {
        let registry = Registry::new();
        let member = registry.join(Moment(0));
        let handle = member.handle();
        handle.raise(JOB);
        handle.raise(SETTINGS);
        assert_eq!(handle.take(), JOB | SETTINGS);
        assert_eq!(handle.take(), 0);
        handle.close(Close::Idle);
        assert_eq!(handle.take() & (JOB | SETTINGS), 0);
        assert_eq!(handle.closing(), Some(Close::Idle));
    }
}
