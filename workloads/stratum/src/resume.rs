//! Sessions whose connection ended, kept for a miner that comes back.
//!
//! A resumed session has its old extranonce1, so it must bring its set of headers: else they could be
//! sent, and paid, once more.

use std::{
    collections::{HashMap, VecDeque},
    sync::atomic::{AtomicU32, Ordering},
};

use ngpool_chain::coinbase::contains_marker;
use parking_lot::Mutex;
use siphasher::sip::SipHasher13;

use crate::{
    clock::Moment,
    jobs::JobHandle,
    share::{Grades, Seen},
};

/// A session is kept for this long.
const KEEP_MS: u64 = 600_000;
/// Sessions kept; the oldest go first.
const SESSIONS: usize = 20_000;
/// Headers kept by all of them together: 64 MB at most.
const HEADERS: usize = 4_000_000;

/// What comes back with a session.
#[derive(Debug)]
pub struct Saved {
    /// Its extranonce1.
    pub extranonce1: [u8; 4],
    /// Its difficulties.
    pub grades: Grades,
    /// Its headers.
    pub seen: Seen,
    /// The last handle it was sent.
    pub sent: JobHandle,
    /// Difficulty aimed at.
    pub difficulty: f64,
}

/// Hands out extranonces and keeps sessions.
#[derive(Debug)]
pub struct Sessions {
    next: AtomicU32,
    hasher: SipHasher13,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sessions: HashMap<u64, (Saved, Moment)>,
    /// By the time they were saved; ids that were taken meanwhile are skipped.
    order: VecDeque<(u64, Moment)>,
    headers: usize,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            next: AtomicU32::new(1),
            hasher: SipHasher13::new_with_keys(rand::random(), rand::random()),
            kept: Mutex::default(),
        }
    }
}

impl Sessions {
    /// A new extranonce1, never given before by this process; none when all are used up.
    pub fn extranonce1(&self) -> Option<[u8; 4]> {
        loop {
            let next = self
                .next
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                    next.checked_add(1)
                })
                .ok()?
                .to_be_bytes();
            if !contains_marker(&next) {
                return Some(next);
            }
        }
    }

    /// The name of a session, which strangers cannot guess.
    #[must_use]
    pub fn id(&self, extranonce1: [u8; 4]) -> u64 {
        self.hasher.hash(&extranonce1)
    }

    /// Keeps a session.
    pub fn save(&self, saved: Saved, now: Moment) {
        let id = self.id(saved.extranonce1);
        let mut kept = self.kept.lock();
        kept.headers += saved.seen.len();
        kept.sessions.insert(id, (saved, now));
        kept.order.push_back((id, now));
        while kept.sessions.len() > SESSIONS || kept.headers > HEADERS {
            if !kept.drop_oldest() {
                break;
            }
        }
    }

    /// Gives a session back, once.
    pub fn take(&self, id: &str, now: Moment) -> Option<Saved> {
        let id = u64::from_str_radix(id, 16).ok()?;
        let mut kept = self.kept.lock();
        let (saved, since) = kept.sessions.remove(&id)?;
        kept.headers = kept.headers.saturating_sub(saved.seen.len());
        (now.since(since) < KEEP_MS).then_some(saved)
    }

    /// Forgets sessions whose time is over.
    pub fn forget(&self, now: Moment) {
        let mut kept = self.kept.lock();
        while kept
            .order
            .front()
            .is_some_and(|(_, since)| now.since(*since) >= KEEP_MS)
        {
            kept.drop_oldest();
        }
    }
}

impl Kept {
    /// Whether there was one to drop.
    fn drop_oldest(&mut self) -> bool {
        let Some((id, since)) = self.order.pop_front() else {
            return false;
        };
        // It may have been taken and saved again later.
        if self
            .sessions
            .get(&id)
            .is_some_and(|(_, saved)| *saved == since)
            && let Some((saved, _)) = self.sessions.remove(&id)
        {
            self.headers = self.headers.saturating_sub(saved.seen.len());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(extranonce1: [u8; 4]) -> Saved {
        Saved {
            extranonce1,
            grades: Grades::default(),
            seen: Seen::default(),
            sent: JobHandle(0),
            difficulty: 1.0,
        }
    }

    fn text(sessions: &Sessions, extranonce1: [u8; 4]) -> String {
        format!("{:016x}", sessions.id(extranonce1))
    }

    #[test]
    fn no_extranonce_is_given_twice_and_none_is_the_marker() {
        let sessions = Sessions::default();
        sessions.next.store(0xfabe_6d6c, Ordering::Relaxed);
        let given: Vec<_> = (0..3).map(|_| sessions.extranonce1().unwrap()).collect();
        assert_eq!(
            given,
            [0xfabe_6d6c_u32, 0xfabe_6d6e, 0xfabe_6d6f].map(u32::to_be_bytes)
        );
        sessions.next.store(u32::MAX, Ordering::Relaxed);
        assert_eq!(sessions.extranonce1(), None);
    }

    #[test]
    fn a_session_comes_back_once_and_not_after_its_time() {
        let sessions = Sessions::default();
        let id = text(&sessions, [0, 0, 0, 1]);
        sessions.save(saved([0, 0, 0, 1]), Moment(0));
        assert!(sessions.take("0000000000000000", Moment(1)).is_none());
        assert!(sessions.take(&id, Moment(1)).is_some());
        assert!(sessions.take(&id, Moment(1)).is_none());
        sessions.save(saved([0, 0, 0, 1]), Moment(1));
        assert!(sessions.take(&id, Moment(KEEP_MS + 1)).is_none());
    }

    #[test]
    fn the_oldest_sessions_make_room() {
        let sessions = Sessions::default();
        for number in 0..=u32::try_from(SESSIONS).unwrap() {
            sessions.save(saved(number.to_be_bytes()), Moment(u64::from(number)));
        }
        assert!(sessions.take(&text(&sessions, [0; 4]), Moment(0)).is_none());
        assert!(
            sessions
                .take(&text(&sessions, [0, 0, 0, 1]), Moment(0))
                .is_some()
        );
        sessions.forget(Moment(u64::MAX));
        assert_eq!(sessions.kept.lock().sessions.len(), 0);
    }
}
