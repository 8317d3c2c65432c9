//! The pool's database as the model has it: every payout's [`Life`], what it pays from what, and the
//! balance. What is done to it is what `ngpool_store` does, one call a transaction, each checked again.

use std::collections::{BTreeMap, BTreeSet};

use ngpayout::payout::life::{Cause, Effect, Life, Sight, Spender, Stage, Version};

use crate::signer::{Given, Signed};

/// A coin.
pub type Coin = u8;

/// A transaction, by what it spends and pays. `made` tells those of a database that was put back
/// from those before: the same fee, other bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tx {
    pub coin: Coin,
    pub version: u32,
    pub made: u8,
}

/// A payout of one unit to the one payee.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Payout {
    pub coin: Coin,
    pub versions: Vec<Tx>,
    pub life: Life,
}

/// What the database holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pool {
    pub payouts: BTreeMap<u64, Payout>,
    /// What the payee can be paid.
    pub balance: u8,
    /// How often it was put back.
    pub made: u8,
}

impl Payout {
    fn is_void_unsigned(&self) -> bool {
        self.life.stage == Stage::Void && !self.life.counts_as_signed()
    }
}

impl Pool {
    pub fn last(&self) -> u64 {
        self.payouts.last_key_value().map_or(0, |(last, _)| *last)
    }

    /// `prepare_payout`: one at a time, the next number, a coin that is free, a balance.
    pub fn prepare(&mut self, coin: Coin) -> bool {
        let is_taken = self
            .payouts
            .values()
            .any(|payout| payout.coin == coin && payout.life.stage != Stage::Void);
        let is_waiting = self
            .payouts
            .values()
            .any(|payout| payout.life.stage == Stage::Prepared);
        if is_taken || is_waiting || self.balance == 0 {
            return false;
        }
        self.balance -= 1;
        let first = Tx {
            coin,
            version: 1,
            made: self.made,
        };
        let payout = Payout {
            coin,
            versions: vec![first],
            life: Life::prepared(),
        };
        self.payouts.insert(self.last() + 1, payout);
        true
    }

    /// Does an effect, if it still fits. `sight` is what the chain shows then.
    pub fn act(&mut self, number: u64, effect: Effect, sight: Sight, depth: u32) {
        // What the store looks at again under its lock.
        let holds = match (effect, sight) {
            (Effect::Confirm(version), Sight::Spent { by, above }) => {
                by == Spender::Version(version) && above >= depth
            }
            (Effect::Void(Cause::Stranger), Sight::Spent { by, above }) => {
                by == Spender::Stranger && above >= depth
            }
            (Effect::Confirm(_) | Effect::Void(Cause::Stranger | Cause::Never), _)
            | (Effect::Unconfirm, Sight::Spent { .. }) => false,
            // Balances are taken again, or it stays void and a person is told.
            (Effect::Revive, _) => self.balance > 0,
            _ => true,
        };
        if effect == Effect::Revive && !holds {
            self.make_room();
            return;
        }
        let Some(payout) = self.payouts.get_mut(&number) else {
            return;
        };
        let was_void = payout.life.stage == Stage::Void;
        if !holds || payout.life.apply(effect).is_err() {
            return;
        }
        match effect {
            Effect::Replace => {
                let next = u32::try_from(payout.life.versions.len()).unwrap();
                payout.versions.push(Tx {
                    coin: payout.coin,
                    version: next,
                    made: self.made,
                });
            }
            Effect::Void(_) if !was_void => self.balance += 1,
            Effect::Revive => self.balance -= 1,
            _ => {}
        }
    }

    /// `import_signed` and `import_void`, in order; ends where one cannot be booked yet.
    pub fn import(&mut self, given: &[Given]) {
        for given in given {
            let number = given.number;
            let stage = self.payouts.get(&number).map(|payout| payout.life.stage);
            match (&given.signed, stage) {
                (Some(signed), _) => {
                    if !self.import_signed(number, signed) {
                        return;
                    }
                }
                (None, None) if number == self.last() + 1 => {
                    let void = Payout {
                        coin: Coin::MAX,
                        versions: Vec::new(),
                        life: Life {
                            stage: Stage::Void,
                            versions: Vec::new(),
                            void_asked: false,
                        },
                    };
                    self.payouts.insert(number, void);
                }
                (None, Some(Stage::Prepared)) => {
                    self.act(number, Effect::Void(Cause::Signer), Sight::Unspent, 0);
                }
                (None, _) => {}
            }
        }
    }

    fn import_signed(&mut self, number: u64, signed: &Signed) -> bool {
        if let Some(payout) = self.payouts.get_mut(&number) {
            if payout.coin == signed.coin && !payout.is_void_unsigned() {
                for (place, tx) in signed.versions.iter().enumerate() {
                    match payout.versions.get_mut(place) {
                        // A version that was never signed gives its number up.
                        Some(mine) if mine != tx && !payout.life.versions[place].signed => {
                            *mine = *tx;
                        }
                        Some(mine) => assert_eq!(mine, tx, "two signatures of one version"),
                        None => {
                            payout.versions.push(*tx);
                            payout.life.versions.push(Version::default());
                        }
                    }
                    let version = u32::try_from(place + 1).unwrap();
                    payout.life.apply(Effect::Store(version)).unwrap();
                }
                return true;
            }
            // Only one that nothing was signed of gives its number up.
            if payout.life.counts_as_signed() {
                return false;
            }
            // Its own balance comes back for it, in the same transaction.
            if payout.life.stage == Stage::Prepared {
                self.balance += 1;
            } else if self.balance == 0 {
                self.make_room();
                return false;
            }
            self.payouts.remove(&number);
        } else if number != self.last() + 1 {
            return false;
        }
        // The credits that it pays may not be there: they wait, and what is only prepared is given up.
        if self.balance == 0 {
            self.make_room();
            return false;
        }
        self.balance -= 1;
        let versions = signed.versions.iter().map(|_| Version {
            signed: true,
            waiting: false,
        });
        let payout = Payout {
            coin: signed.coin,
            versions: signed.versions.clone(),
            life: Life {
                stage: Stage::Signed,
                versions: versions.collect(),
                void_asked: false,
            },
        };
        self.payouts.insert(number, payout);
        true
    }

    /// Asks the signer to void what is only prepared.
    pub fn make_room(&mut self) {
        for payout in self.payouts.values_mut() {
            // Others are not asked for.
            let _ = payout.life.apply(Effect::AskVoid);
        }
    }

    /// What was paid, is on its way, or can be paid.
    pub fn accounted(&self) -> u8 {
        let out = self
            .payouts
            .values()
            .filter(|payout| payout.life.stage != Stage::Void);
        self.balance + u8::try_from(out.count()).unwrap()
    }

    /// Coins that no payout has.
    pub fn free(&self, coins: u8) -> BTreeSet<Coin> {
        let taken: BTreeSet<Coin> = self
            .payouts
            .values()
            .filter(|payout| payout.life.stage != Stage::Void)
            .map(|payout| payout.coin)
            .collect();
        (0..coins).filter(|coin| !taken.contains(coin)).collect()
    }
}
