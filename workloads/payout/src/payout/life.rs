//! The life of a payout as a pure function: what is known of it, what happened, what is to be done.
//!
//! ```text
//!            Signed / Waiting          Sent              Seen: a version, K deep
//!  Prepared ─────────────────▶ Signed ──────▶ Broadcast ───────────────────────▶ Confirmed
//!     │                          │              │  ▲ ◀──────── Lost ───────────────┘
//!     │ Voided                   │ Seen: a stranger, K deep; or the coin can never come
//!     ▼                          ▼              ▼  │ Seen: a version
//!    Void ◀──────────────────────┴──────────────┘  └──── from Void
//! ```
//!
//! What is only prepared is never void by the chain's word: the signer is asked. It may have signed
//! under that number what this database does not know (it was put back from a backup), and it takes
//! numbers in their order only.
//!
//! [`step`] decides; [`Life::apply`] says what an effect changes, and refuses one that does not fit
//! (any more). The database checks the same again under its lock, because what was decided may be
//! old when it is done: two runs work at once, and any of them may be killed between two effects.

use std::fmt;

/// Where a payout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Coins and balances are taken; no signature is known.
    Prepared,
    /// A version is signed, or counts as signed while others have yet to sign.
    Signed,
    /// A version was sent.
    Broadcast,
    /// This version is deep enough.
    Confirmed(u32),
    /// It never happens.
    Void,
}

/// One version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Version {
    /// Its whole transaction is stored.
    pub signed: bool,
    /// The signer counts it as signed; others have yet to sign.
    pub waiting: bool,
}

/// What is known of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Life {
    /// Where it is.
    pub stage: Stage,
    /// Its versions, the first first.
    pub versions: Vec<Version>,
    /// The signer was asked to record it void.
    pub void_asked: bool,
}

/// Who spends the anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spender {
    /// A version, by its inputs and outputs; its txid may be another.
    Version(u32),
    /// Anything else.
    Stranger,
}

/// What the followed chain shows of the anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// Nothing spends it.
    Unspent,
    /// The chain does not have it now; it may come.
    Absent,
    /// The chain can never have it.
    Never,
    /// A transaction spends it.
    Spent {
        /// Which.
        by: Spender,
        /// Blocks above its block.
        above: u32,
    },
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The signer gave the whole transaction of a version, and it is that version's.
    Signed(u32),
    /// The signer counts a version as signed; others have yet to sign.
    Waiting(u32),
    /// The signer recorded the number void.
    Voided,
    /// Somebody wants it void.
    VoidAsked,
    /// The chain was looked at.
    Seen(Sight),
    /// The block in which it confirmed left the chain.
    Lost,
    /// It is time to send what is to be sent.
    SendTime {
        /// Payouts of the currency are stopped.
        stopped: bool,
        /// What the chain shows of the anchor.
        sight: Sight,
    },
    /// A version was given to the nodes.
    Sent(u32),
    /// It has waited too long for a block.
    Stuck,
}

/// Why a payout becomes void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The signer's word; only before anything was signed.
    Signer,
    /// A stranger's transaction spends the anchor.
    Stranger,
    /// The anchor can never be spent.
    Never,
}

/// Something that must not happen, and a person must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contradiction {
    /// The signer voids what is signed.
    VoidedSigned,
    /// The signer signed what it voided before.
    SignedVoid,
    /// The signer names a version that there is not.
    NoVersion,
}

/// What is to be done. Each is one transaction of the database, or one round of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Store the whole transaction of a version.
    Store(u32),
    /// Record that a version counts as signed.
    Wait(u32),
    /// Ask the signer to record it void.
    AskVoid,
    /// Give balances and coins back.
    Void(Cause),
    /// Take them again: the chain shows a version of what was void.
    Revive,
    /// Book that a version confirmed.
    Confirm(u32),
    /// Take that back.
    Unconfirm,
    /// Give the stored bytes of a version to every node.
    Send(u32),
    /// Record that they were given.
    MarkSent(u32),
    /// Make a version with a higher fee, or a child that pays for it.
    Replace,
    /// Tell a person.
    Alarm(Contradiction),
}

/// An effect that does not fit the payout as it is: what was known when it was decided is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale;

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VoidedSigned => "the signer says void, and a version is signed",
            Self::SignedVoid => "the signer gave a signature for a payout that is void",
            Self::NoVersion => "the signer names a version that there is not",
        })
    }
}

/// What is to be done about an event, and the payout as it is when all of that is done. `depth` is
/// how many blocks make a fact of the chain settled.
pub fn step(life: &Life, event: Event, depth: u32) -> (Life, Vec<Effect>) {
    let effects = decide(life, event, depth);
    let mut next = life.clone();
    for effect in &effects {
        // What was just decided fits what it was decided on.
        let _ = next.apply(*effect);
    }
    (next, effects)
}

fn decide(life: &Life, event: Event, depth: u32) -> Vec<Effect> {
    use Stage::{Broadcast, Confirmed, Prepared, Signed, Void};
    let is_live = matches!(life.stage, Prepared | Signed | Broadcast);
    match event {
        Event::Signed(version) => match life.version(version) {
            None => vec![Effect::Alarm(Contradiction::NoVersion)],
            Some(version) if version.signed => Vec::new(),
            // Kept whatever the stage: the bytes exist, and the chain may show them.
            Some(_) if life.stage == Void && !life.counts_as_signed() => vec![
                Effect::Store(version),
                Effect::Alarm(Contradiction::SignedVoid),
                Effect::Revive,
            ],
            Some(_) => vec![Effect::Store(version)],
        },
        Event::Waiting(version) => match life.version(version) {
            None => vec![Effect::Alarm(Contradiction::NoVersion)],
            Some(known) if known.signed => Vec::new(),
            Some(_) if is_live => vec![Effect::Wait(version)],
            Some(_) => Vec::new(),
        },
        Event::Voided => match life.stage {
            Void => Vec::new(),
            Prepared if !life.counts_as_signed() => vec![Effect::Void(Cause::Signer)],
            _ => vec![Effect::Alarm(Contradiction::VoidedSigned)],
        },
        Event::VoidAsked if life.stage == Prepared && !life.void_asked => vec![Effect::AskVoid],
        Event::Seen(sight) => match (life.stage, sight) {
            (
                Prepared | Signed | Broadcast,
                Sight::Spent {
                    by: Spender::Version(version),
                    above,
                },
            ) if above >= depth => vec![Effect::Confirm(version)],
            (
                stage @ (Prepared | Signed | Broadcast),
                Sight::Spent {
                    by: Spender::Stranger,
                    above,
                },
            ) if above >= depth => life.give_up(stage, Cause::Stranger),
            (stage @ (Prepared | Signed | Broadcast), Sight::Never) => {
                life.give_up(stage, Cause::Never)
            }
            (
                Void,
                Sight::Spent {
                    by: Spender::Version(version),
                    above,
                },
            ) => {
                let confirm = (above >= depth).then_some(Effect::Confirm(version));
                [Effect::Revive].into_iter().chain(confirm).collect()
            }
            _ => Vec::new(),
        },
        Event::Lost if matches!(life.stage, Confirmed(_)) => vec![Effect::Unconfirm],
        Event::SendTime { stopped, sight } => {
            // A node that has it in a block says so in many ways; the chain says it in one.
            let is_in_a_block = matches!(sight, Sight::Spent { .. });
            match (life.stage, life.newest_signed()) {
                (Signed, Some(version)) if !stopped && !is_in_a_block => {
                    vec![Effect::Send(version)]
                }
                (Broadcast, Some(version)) if !is_in_a_block => vec![Effect::Send(version)],
                _ => Vec::new(),
            }
        }
        Event::Sent(version) if is_live => vec![Effect::MarkSent(version)],
        // One replacement at a time: the next when this one is signed and stuck too.
        Event::Stuck if life.stage == Broadcast && life.versions.iter().all(|v| v.signed) => {
            vec![Effect::Replace]
        }
        Event::VoidAsked | Event::Lost | Event::Sent(_) | Event::Stuck => Vec::new(),
    }
}

impl Life {
    /// A payout that was just prepared.
    pub fn prepared() -> Self {
        Self {
            stage: Stage::Prepared,
            versions: vec![Version::default()],
            void_asked: false,
        }
    }

    /// A version by its number.
    pub fn version(&self, number: u32) -> Option<Version> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.versions.get(index).copied()
    }

    /// The newest version whose bytes are stored.
    pub fn newest_signed(&self) -> Option<u32> {
        let signed = (1_u32..).zip(&self.versions);
        signed
            .filter(|(_, version)| version.signed)
            .map(|(number, _)| number)
            .last()
    }

    /// Whether any version is signed or counts as signed.
    pub fn counts_as_signed(&self) -> bool {
        self.versions
            .iter()
            .any(|version| version.signed || version.waiting)
    }

    /// Does an effect. One that does not fit any more changes nothing.
    pub fn apply(&mut self, effect: Effect) -> Result<(), Stale> {
        use Stage::{Broadcast, Confirmed, Prepared, Signed, Void};
        let is_live = matches!(self.stage, Prepared | Signed | Broadcast);
        let out = if self.newest_signed().is_some() {
            Broadcast
        } else {
            Signed
        };
        match effect {
            Effect::Store(number) => {
                self.change(number, |version| version.signed = true)?;
                if self.stage == Prepared {
                    self.stage = Signed;
                }
            }
            Effect::Wait(number) => {
                self.change(number, |version| version.waiting = true)?;
                if self.stage == Prepared {
                    self.stage = Signed;
                }
            }
            Effect::AskVoid if self.stage == Prepared => self.void_asked = true,
            Effect::Void(Cause::Signer) if self.stage == Prepared && !self.counts_as_signed() => {
                self.stage = Void;
            }
            Effect::Void(Cause::Stranger | Cause::Never)
                if matches!(self.stage, Signed | Broadcast) =>
            {
                self.stage = Void;
            }
            Effect::Revive if self.stage == Void => self.stage = out,
            Effect::Confirm(number) if is_live && self.version(number).is_some() => {
                self.stage = Confirmed(number);
            }
            Effect::Unconfirm if matches!(self.stage, Confirmed(_)) => self.stage = out,
            Effect::MarkSent(number)
                if is_live && self.version(number).is_some_and(|version| version.signed) =>
            {
                self.stage = Broadcast;
            }
            Effect::Replace if self.stage == Broadcast => self.versions.push(Version::default()),
            Effect::Send(_) | Effect::Alarm(_) => {}
            _ => return Err(Stale),
        }
        Ok(())
    }

    /// What is done about a payout that the chain shows can never confirm.
    fn give_up(&self, stage: Stage, cause: Cause) -> Vec<Effect> {
        match stage {
            Stage::Prepared if self.void_asked => Vec::new(),
            Stage::Prepared => vec![Effect::AskVoid],
            _ => vec![Effect::Void(cause)],
        }
    }

    fn change(&mut self, number: u32, change: impl FnOnce(&mut Version)) -> Result<(), Stale> {
        let index = number.checked_sub(1).ok_or(Stale)?;
        let index = usize::try_from(index).map_err(|_| Stale)?;
        change(self.versions.get_mut(index).ok_or(Stale)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const K: u32 = 6;

    fn life(stage: Stage, signed: &[bool]) -> Life {
        Life {
            stage,
            versions: signed
                .iter()
                .map(|signed| Version {
                    signed: *signed,
                    waiting: false,
                })
                .collect(),
            void_asked: false,
        }
    }

    fn spent(by: Spender, above: u32) -> Event {
        Event::Seen(Sight::Spent { by, above })
    }

    #[test]
    fn a_life_without_trouble() {
        let life = Life::prepared();
        let (life, effects) = step(&life, Event::Signed(1), K);
        assert_eq!(effects, [Effect::Store(1)]);
        let time = Event::SendTime {
            stopped: false,
            sight: Sight::Unspent,
        };
        let (life, effects) = step(&life, time, K);
        assert_eq!(
            (life.stage, effects),
            (Stage::Signed, vec![Effect::Send(1)])
        );
        let (life, effects) = step(&life, Event::Sent(1), K);
        assert_eq!(effects, [Effect::MarkSent(1)]);
        assert_eq!(life.stage, Stage::Broadcast);
        let (life, effects) = step(&life, spent(Spender::Version(1), K - 1), K);
        assert!(effects.is_empty());
        let (life, effects) = step(&life, spent(Spender::Version(1), K), K);
        assert_eq!(effects, [Effect::Confirm(1)]);
        assert_eq!(life.stage, Stage::Confirmed(1));
        let (life, _) = step(&life, Event::Lost, K);
        assert_eq!(life.stage, Stage::Broadcast);
    }

    #[test]
    fn the_signers_void_counts_only_before_a_signature() {
        let (prepared, effects) = step(&Life::prepared(), Event::Voided, K);
        assert_eq!(effects, [Effect::Void(Cause::Signer)]);
        assert_eq!(prepared.stage, Stage::Void);
        for stage in [Stage::Signed, Stage::Broadcast, Stage::Confirmed(1)] {
            let before = life(stage, &[true]);
            let (after, effects) = step(&before, Event::Voided, K);
            assert_eq!(effects, [Effect::Alarm(Contradiction::VoidedSigned)]);
            assert_eq!(after, before);
        }
        let mut waiting = Life::prepared();
        waiting.apply(Effect::Wait(1)).unwrap();
        assert_eq!(waiting.stage, Stage::Signed);
        assert_eq!(waiting.apply(Effect::Void(Cause::Signer)), Err(Stale));
    }

    #[test]
    fn a_void_that_was_decided_before_a_signature_came_is_not_done() {
        let (_, effects) = step(&Life::prepared(), Event::Voided, K);
        let mut life = Life::prepared();
        life.apply(Effect::Store(1)).unwrap();
        for effect in effects {
            assert_eq!(life.apply(effect), Err(Stale));
        }
    }

    #[test]
    fn a_stranger_voids_only_when_he_is_settled() {
        let sent = life(Stage::Broadcast, &[true, true]);
        assert!(step(&sent, spent(Spender::Stranger, K - 1), K).1.is_empty());
        let (void, effects) = step(&sent, spent(Spender::Stranger, K), K);
        assert_eq!(effects, [Effect::Void(Cause::Stranger)]);
        let (back, effects) = step(&void, spent(Spender::Version(1), 0), K);
        assert_eq!(effects, [Effect::Revive]);
        assert_eq!(back.stage, Stage::Broadcast);
        let (confirmed, effects) = step(&void, spent(Spender::Version(2), K), K);
        assert_eq!(effects, [Effect::Revive, Effect::Confirm(2)]);
        assert_eq!(confirmed.stage, Stage::Confirmed(2));
    }

    #[test]
    fn the_signer_is_asked_before_what_is_only_prepared_is_void() {
        for event in [Event::Seen(Sight::Never), spent(Spender::Stranger, K)] {
            let (asked, effects) = step(&Life::prepared(), event, K);
            assert_eq!(effects, [Effect::AskVoid]);
            assert_eq!(asked.stage, Stage::Prepared);
            assert!(step(&asked, event, K).1.is_empty());
            let mut prepared = Life::prepared();
            assert_eq!(prepared.apply(Effect::Void(Cause::Never)), Err(Stale));
        }
    }

    #[test]
    fn a_signature_for_a_void_number_takes_it_back() {
        let void = life(Stage::Void, &[false]);
        let (signed, effects) = step(&void, Event::Signed(1), K);
        assert_eq!(signed.stage, Stage::Broadcast);
        assert!(effects.contains(&Effect::Alarm(Contradiction::SignedVoid)));
    }

    #[test]
    fn a_stop_holds_back_what_was_not_sent_and_nothing_else() {
        let time = |stopped| Event::SendTime {
            stopped,
            sight: Sight::Unspent,
        };
        let signed = life(Stage::Signed, &[true]);
        assert!(step(&signed, time(true), K).1.is_empty());
        assert_eq!(step(&signed, time(false), K).1, [Effect::Send(1)]);
        let sent = life(Stage::Broadcast, &[true, true, false]);
        assert_eq!(step(&sent, time(true), K).1, [Effect::Send(2)]);
        let in_block = Event::SendTime {
            stopped: false,
            sight: Sight::Spent {
                by: Spender::Version(1),
                above: 0,
            },
        };
        assert!(step(&sent, in_block, K).1.is_empty());
    }

    #[test]
    fn one_replacement_waits_for_its_signature_before_the_next() {
        let sent = life(Stage::Broadcast, &[true]);
        let (replaced, effects) = step(&sent, Event::Stuck, K);
        assert_eq!(effects, [Effect::Replace]);
        assert!(step(&replaced, Event::Stuck, K).1.is_empty());
        assert_eq!(replaced.newest_signed(), Some(1));
    }

    #[test]
    fn a_version_that_there_is_not_is_told() {
        for version in [0, 2] {
            let (life, effects) = step(&Life::prepared(), Event::Signed(version), K);
            assert_eq!(effects, [Effect::Alarm(Contradiction::NoVersion)]);
            assert_eq!(life, Life::prepared());
        }
    }
}
