//! What strangers may do: caps on connections, bans with a rising price, new names per minute.
//!
//! An address is an IPv4 address or the /64 of an IPv6 address: whoever has one address of a /64 has
//! them all.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use ngpool_settings::LimitSettings;
use parking_lot::Mutex;
use thiserror::Error;

use crate::clock::Moment;

/// Addresses remembered besides those that are connected: bounds what a botnet makes us keep.
const REMEMBERED_ADDRESSES: usize = 65_536;
/// Workers banned on one address before the address itself is.
const STRIKES_OF_ADDRESS: usize = 3;
/// A ban doubles with each repeat, at most this often: 2^6 times the configured time.
const DOUBLINGS: u32 = 6;
/// Repeats are forgotten after this many ban times without one.
const FORGIVEN_AFTER: u64 = 16;

/// Why a connection or a name is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Every connection the port may have is taken.
    #[error("the port is full")]
    Full,
    /// The address has as many as it may.
    #[error("too many connections from this address")]
    AddressFull,
    /// The address is banned.
    #[error("this address is banned for {seconds} s")]
    AddressBanned {
        /// Time left.
        seconds: u64,
    },
    /// The worker is banned on this address.
    #[error("this worker is banned for {seconds} s: too many of its shares were rejected")]
    WorkerBanned {
        /// Time left.
        seconds: u64,
    },
    /// Too many names that were never seen.
    #[error("too many new names from this address, try again in a minute")]
    NewNames,
}

impl Refusal {
    /// For a metric's label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::AddressFull => "address_full",
            Self::AddressBanned { .. } | Self::WorkerBanned { .. } => "banned",
            Self::NewNames => "new_names",
        }
    }
}

/// Counts addresses and remembers what they did.
#[derive(Debug)]
pub struct Gate {
    hasher: RandomState,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    total: u32,
    addresses: HashMap<IpAddr, Address>,
}

#[derive(Debug, Default)]
struct Address {
    connections: u32,
    banned_until: Moment,
    offences: Vec<Offence>,
    names_since: Moment,
    names: u32,
}

/// Bans of one worker of an address, or of the address's connections that never named one.
#[derive(Debug)]
struct Offence {
    /// Keyed hash of the name.
    name: u64,
    until: Moment,
    last: Moment,
    repeats: u32,
}

/// A place taken by a connection, given back when dropped.
#[derive(Debug)]
pub struct Permit {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Permit {
    /// The address the permit counts for.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.gate.state.lock();
        state.total = state.total.saturating_sub(1);
        if let Some(address) = state.addresses.get_mut(&self.address) {
            address.connections = address.connections.saturating_sub(1);
            if address.connections == 0 && address.is_clean() {
                state.addresses.remove(&self.address);
            }
        }
    }
}

impl Address {
    /// Nothing to remember but the connections.
    fn is_clean(&self) -> bool {
        self.offences.is_empty() && self.names == 0 && self.banned_until == Moment(0)
    }
}

impl Gate {
    /// Nobody is in.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            hasher: RandomState::new(),
            state: Mutex::default(),
        })
    }

    /// Lets a connection in, or says why not.
    pub fn admit(
        self: &Arc<Self>,
        peer: IpAddr,
        limits: &LimitSettings,
        now: Moment,
    ) -> Result<Permit, Refusal> {
        let key = grouped(peer);
        let mut state = self.state.lock();
        if state.total >= limits.connections {
            return Err(Refusal::Full);
        }
        let address = state.addresses.entry(key).or_default();
        if address.banned_until > now {
            return Err(Refusal::AddressBanned {
                seconds: left(address.banned_until, now),
            });
        }
        if address.connections >= limits.connections_per_address {
            return Err(Refusal::AddressFull);
        }
        address.connections += 1;
        state.total += 1;
        Ok(Permit {
            gate: self.clone(),
            address: key,
        })
    }

    /// Whether a worker may authorize from an address.
    pub fn check_worker(&self, peer: IpAddr, name: &str, now: Moment) -> Result<(), Refusal> {
        let name = self.hasher.hash_one(name);
        let state = self.state.lock();
        let offence = state
            .addresses
            .get(&grouped(peer))
            .and_then(|address| address.offences.iter().find(|offence| offence.name == name));
        match offence {
            Some(offence) if offence.until > now => Err(Refusal::WorkerBanned {
                seconds: left(offence.until, now),
            }),
            _ => Ok(()),
        }
    }

    /// Counts a name that nobody mines under now.
    pub fn count_new_name(
        &self,
        peer: IpAddr,
        limits: &LimitSettings,
        now: Moment,
    ) -> Result<(), Refusal> {
        let mut state = self.state.lock();
        let address = state.addresses.entry(grouped(peer)).or_default();
        if now.since(address.names_since) >= 60_000 {
            (address.names_since, address.names) = (now, 0);
        }
        if address.names >= limits.new_users_per_minute {
            return Err(Refusal::NewNames);
        }
        address.names += 1;
        Ok(())
    }

    /// Bans a worker on an address; the address too when several of its workers are banned. Returns
    /// the seconds of the ban.
    ///
    /// One broken miner behind a shared address costs its neighbours nothing: it is one worker. An
    /// empty name stands for connections that never named one; each of them counts.
    pub fn ban(&self, peer: IpAddr, name: &str, limits: &LimitSettings, now: Moment) -> u64 {
        let name = if name.is_empty() {
            rand::random()
        } else {
            self.hasher.hash_one(name)
        };
        let mut state = self.state.lock();
        let remembered = state.addresses.len();
        let key = grouped(peer);
        if remembered >= REMEMBERED_ADDRESSES && !state.addresses.contains_key(&key) {
            return 0;
        }
        let address = state.addresses.entry(key).or_default();
        let ban_ms = limits.ban_s.saturating_mul(1_000);
        let memory = ban_ms.saturating_mul(FORGIVEN_AFTER);
        address
            .offences
            .retain(|offence| offence.until > now || now.since(offence.last) < memory);
        let repeats = match address
            .offences
            .iter_mut()
            .find(|offence| offence.name == name)
        {
            Some(offence) => {
                offence.repeats = offence.repeats.saturating_add(1);
                offence.last = now;
                offence.repeats
            }
            None => 0,
        };
        let length = ban_ms.saturating_mul(1 << repeats.min(DOUBLINGS));
        let until = now.plus(length);
        match address
            .offences
            .iter_mut()
            .find(|offence| offence.name == name)
        {
            Some(offence) => offence.until = until,
            None => address.offences.push(Offence {
                name,
                until,
                last: now,
                repeats: 0,
            }),
        }
        let active = address
            .offences
            .iter()
            .filter(|offence| offence.until > now)
            .count();
        if active >= STRIKES_OF_ADDRESS {
            address.banned_until = until;
        }
        length / 1_000
    }

    /// Forgets what has run out.
    pub fn forget(&self, limits: &LimitSettings, now: Moment) {
        let memory = limits
            .ban_s
            .saturating_mul(1_000)
            .saturating_mul(FORGIVEN_AFTER);
        self.state.lock().addresses.retain(|_, address| {
            address
                .offences
                .retain(|offence| offence.until > now || now.since(offence.last) < memory);
            if address.banned_until <= now {
                address.banned_until = Moment(0);
            }
            if now.since(address.names_since) >= 60_000 {
                address.names = 0;
            }
            address.connections > 0 || !address.is_clean()
        });
    }

    /// Connections let in and not gone yet.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.state.lock().total
    }
}

/// What counts as one address.
fn grouped(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn left(until: Moment, now: Moment) -> u64 {
    until.since(now).div_ceil(1_000)
}

/// What to do about a connection after a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Fine,
    /// Tell the miner that it is on its way to a ban.
    Warn,
    /// Ban it.
    Ban,
}

/// How a connection's submits went lately.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conduct {
    submits: u32,
    rejected: u32,
    warned: bool,
}

impl Conduct {
    /// Counts a submit.
    pub fn count(&mut self, rejected: bool, limits: &LimitSettings) -> Verdict {
        self.submits += 1;
        self.rejected += u32::from(rejected);
        let window = limits.ban_after_submits.max(2);
        // Enough rejects to pass the threshold whatever follows in this window.
        let threshold = u64::from(window) * u64::from(limits.ban_rejected_percent);
        let rejects = u64::from(self.rejected) * 100;
        if rejected && self.submits >= window && rejects >= threshold {
            return Verdict::Ban;
        }
        if self.submits >= window {
            // The next window starts clean, a warning lasts until a window went well.
            let went_well = rejects * 2 < threshold;
            *self = Self {
                warned: self.warned && !went_well,
                ..Self::default()
            };
        }
        if rejected && !self.warned && rejects * 2 >= threshold && self.submits * 2 >= window {
            self.warned = true;
            return Verdict::Warn;
        }
        Verdict::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> LimitSettings {
        LimitSettings {
            connections: 3,
            connections_per_address: 2,
            first_message_s: 15,
            authorize_s: 60,
            idle_s: 600,
            workers_per_connection: 64,
            workers_per_user: 1_000,
            new_users_per_minute: 2,
            ban_rejected_percent: 50,
            ban_after_submits: 10,
            ban_s: 100,
            send_queue_bytes: 65_536,
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn caps_hold_per_address_and_in_all_and_a_place_comes_back() {
        let gate = Gate::new();
        let now = Moment(1);
        let _first = gate.admit(ip("10.0.0.1"), &limits(), now).unwrap();
        let second = gate.admit(ip("10.0.0.1"), &limits(), now).unwrap();
        assert_eq!(
            gate.admit(ip("10.0.0.1"), &limits(), now).unwrap_err(),
            Refusal::AddressFull
        );
        let _third = gate.admit(ip("10.0.0.2"), &limits(), now).unwrap();
        assert_eq!(
            gate.admit(ip("10.0.0.3"), &limits(), now).unwrap_err(),
            Refusal::Full
        );
        drop(second);
        let _fourth = gate.admit(ip("10.0.0.1"), &limits(), now).unwrap();
        assert_eq!(gate.connections(), 3);
    }

    #[test]
    fn neighbours_of_an_ipv6_network_count_as_one() {
        let gate = Gate::new();
        let _first = gate.admit(ip("2001:db8::1"), &limits(), Moment(1)).unwrap();
        let _second = gate.admit(ip("2001:db8::2"), &limits(), Moment(1)).unwrap();
        assert_eq!(
            gate.admit(ip("2001:db8::3"), &limits(), Moment(1))
                .unwrap_err(),
            Refusal::AddressFull
        );
        assert!(
            gate.admit(ip("2001:db8:0:1::3"), &limits(), Moment(1))
                .is_ok()
        );
    }

    #[test]
    fn a_ban_doubles_with_each_repeat_and_is_forgotten_in_the_end() {
        let gate = Gate::new();
        let peer = ip("10.0.0.1");
        assert_eq!(gate.ban(peer, "a.b", &limits(), Moment(1_000)), 100);
        assert_eq!(
            gate.check_worker(peer, "a.b", Moment(51_000)),
            Err(Refusal::WorkerBanned { seconds: 50 })
        );
        assert_eq!(gate.check_worker(peer, "a.c", Moment(51_000)), Ok(()));
        assert_eq!(gate.check_worker(peer, "a.b", Moment(101_000)), Ok(()));
        assert_eq!(gate.ban(peer, "a.b", &limits(), Moment(110_000)), 200);
        assert_eq!(gate.ban(peer, "a.b", &limits(), Moment(400_000)), 400);
        assert_eq!(gate.ban(peer, "a.b", &limits(), Moment(10_000_000)), 100);
    }

    #[test]
    fn one_broken_worker_leaves_its_address_open_and_three_close_it() {
        let gate = Gate::new();
        let peer = ip("10.0.0.1");
        for _ in 0..5 {
            gate.ban(peer, "a.1", &limits(), Moment(1_000));
        }
        assert!(gate.admit(peer, &limits(), Moment(1_000)).is_ok());
        gate.ban(peer, "a.2", &limits(), Moment(1_000));
        gate.ban(peer, "a.3", &limits(), Moment(1_000));
        assert_eq!(
            gate.admit(peer, &limits(), Moment(1_000)).unwrap_err(),
            Refusal::AddressBanned { seconds: 100 }
        );
        assert!(gate.admit(ip("10.0.0.2"), &limits(), Moment(1_000)).is_ok());
        assert!(gate.admit(peer, &limits(), Moment(101_000)).is_ok());
    }

    #[test]
    fn new_names_are_counted_by_the_minute() {
        let gate = Gate::new();
        let peer = ip("10.0.0.1");
        let count = |now| gate.count_new_name(peer, &limits(), Moment(now));
        assert_eq!([count(60_000), count(60_000)], [Ok(()), Ok(())]);
        assert_eq!(count(119_999), Err(Refusal::NewNames));
        assert_eq!(count(120_000), Ok(()));
    }

    #[test]
    fn what_has_run_out_is_forgotten() {
        let gate = Gate::new();
        gate.ban(ip("10.0.0.1"), "a", &limits(), Moment(1_000));
        gate.count_new_name(ip("10.0.0.2"), &limits(), Moment(61_000))
            .unwrap();
        gate.forget(&limits(), Moment(61_000));
        assert_eq!(gate.state.lock().addresses.len(), 2);
        gate.forget(&limits(), Moment(10_000_000));
        assert_eq!(gate.state.lock().addresses.len(), 0);
    }

    #[test]
    fn rejected_shares_first_warn_and_then_ban() {
        let mut conduct = Conduct::default();
        let verdicts: Vec<Verdict> = (0..10).map(|_| conduct.count(true, &limits())).collect();
        assert_eq!(
            verdicts
                .iter()
                .filter(|verdict| **verdict == Verdict::Warn)
                .count(),
            1
        );
        assert_eq!(verdicts.last(), Some(&Verdict::Ban));
    }

    #[test]
    fn a_miner_with_few_rejects_is_never_warned() {
        let mut conduct = Conduct::default();
        for submit in 0..1_000 {
            assert_eq!(conduct.count(submit % 10 == 0, &limits()), Verdict::Fine);
        }
    }
}
