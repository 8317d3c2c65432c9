//! The rules about numbers, versions, voids, releases and credits alone: no keys, no policy, no
//! time, no files. [`crate::books::Books`] is made of it, and a model can explore it.
//!
//! ```text
//!  number = last + 1, version 1 ──▶ First          number ≤ last, same content, same transaction ──▶ Again
//!  same content, next version, higher fee ──▶ Raise         number ≤ last, anything else ──▶ Behind
//! ```

use std::collections::BTreeMap;

use thiserror::Error;

/// One payee's part of a payout, as far as these rules look at it.
pub trait Part: Clone + Eq {
    /// What names a payee.
    type Payee: Ord + Clone;
    /// Who.
    fn payee(&self) -> &Self::Payee;
    /// What counts against his credits.
    fn charge(&self) -> u128;
}

/// One signed version of a payout, as far as these rules look at it.
pub trait Version {
    /// Its number, from 1.
    fn number(&self) -> u32;
    /// Its fee.
    fn fee(&self) -> u64;
}

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entry<A, P, V> {
    /// Signed, and so counted, whatever became of it on the chain.
    Signed(Signed<A, P, V>),
    /// Never signed.
    Void,
}

/// What was signed under one number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signed<A, P, V> {
    /// The input all versions spend.
    pub anchor: A,
    /// Who is paid, in the order of the names.
    pub parts: Vec<P>,
    /// The versions, from 1.
    pub versions: Vec<V>,
    /// The operator took it out of what counts as paid.
    pub is_released: bool,
}

/// What was credited to a payee and signed for him.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// Sum of his credits.
    pub credited: u128,
    /// Sum of what was signed for him and not released.
    pub signed: u128,
}

/// Numbers and credits. The same calls in the same order make the same ledger. `N` names payees,
/// `A` coins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ledger<N: Ord, A: Ord, P, V> {
    payouts: BTreeMap<u64, Entry<A, P, V>>,
    anchors: BTreeMap<A, u64>,
    accounts: BTreeMap<N, Account>,
}

/// A payout that is asked for.
#[derive(Debug)]
pub struct Asked<'a, A, P> {
    /// Its number.
    pub number: u64,
    /// Its version.
    pub version: u32,
    /// The input that all versions spend.
    pub anchor: &'a A,
    /// Who is paid, in the order of the names, each once.
    pub parts: &'a [P],
    /// Fee of this version.
    pub fee: u64,
}

/// What the numbers say about a payout that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a, V> {
    /// It is the next payout.
    First,
    /// It is the next version of one.
    Raise {
        /// Fee of the dearest version so far.
        dearest: u64,
    },
    /// It was signed: this is it.
    Again(&'a V),
    /// The pool does not know what was signed under this number.
    Behind,
}

/// What is decided about a number to be void, or to be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is to be recorded.
    Record,
    /// It was recorded before.
    Again,
    /// It was signed, and can never be void.
    Behind,
}

/// Why these rules forbid it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberRefusal {
    /// Numbers start at 1.
    #[error("payout and version numbers start at 1")]
    Zero,
    /// Payouts in between are missing.
    #[error(
        "payout {number} does not follow {last}, the last that this signer has: put its newest \
         journal back, or ask for {} first", last.saturating_add(1)
    )]
    NumberAhead {
        /// As asked.
        number: u64,
        /// The signer's last.
        last: u64,
    },
    /// It was recorded void.
    #[error("payout {0} was recorded void and is never signed")]
    Void(u64),
    /// It was released.
    #[error(
        "payout {0} was released: its payees may be paid by another payout, so no version of it is signed or given again"
    )]
    Released(u64),
    /// Versions in between are missing, or a first request is not for version 1.
    #[error("version {version} of payout {number} does not follow version {last}")]
    VersionAhead {
        /// The payout.
        number: u64,
        /// As asked.
        version: u32,
        /// The signer's last.
        last: u32,
    },
    /// A version is for a higher fee.
    #[error("version {version} has a fee of {fee}, not above the {last} of the version before")]
    FeeNotRaised {
        /// As asked.
        version: u32,
        /// As asked.
        fee: u64,
        /// Of the version before.
        last: u64,
    },
    /// An input is what another payout is recognised by.
    #[error("the transaction spends the anchor of payout {0}")]
    AnchorReused(u64),
    /// It was never signed, so there is nothing to release.
    #[error("payout {0} was not signed here: there is nothing to release")]
    NotSigned(u64),
    /// More than somebody was credited.
    #[error("a payee would be paid more than he was credited and not signed for")]
    Credit,
}

impl NumberRefusal {
    /// Stable code of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Zero => "number_zero",
            Self::NumberAhead { .. } => "number_ahead",
            Self::Void(_) => "void",
            Self::Released(_) => "released",
            Self::VersionAhead { .. } => "version_ahead",
            Self::FeeNotRaised { .. } => "fee_not_raised",
            Self::AnchorReused(_) => "anchor_reused",
            Self::NotSigned(_) => "not_signed",
            Self::Credit => "credit",
        }
    }
}

impl Account {
    /// What is not signed away.
    pub const fn left(&self) -> u128 {
        self.credited.saturating_sub(self.signed)
    }
}

impl<N: Ord, A: Ord, P, V> Default for Ledger<N, A, P, V> {
    fn default() -> Self {
        Self {
            payouts: BTreeMap::new(),
            anchors: BTreeMap::new(),
            accounts: BTreeMap::new(),
        }
    }
}

impl<N: Ord + Clone, A: Ord + Clone, P: Part<Payee = N>, V: Version> Ledger<N, A, P, V> {
    /// All the rules at once, for a payout that spends no coin but its anchor: what a model asks.
    /// The signer itself asks one by one, so that it can say more of what is wrong.
    pub fn ask(
        &self,
        asked: &Asked<'_, A, P>,
        is_same: impl Fn(&V) -> bool,
    ) -> Result<Step<'_, V>, NumberRefusal> {
        let step = self.step(asked, is_same)?;
        if matches!(step, Step::First | Step::Raise { .. }) {
            self.may_spend(asked.number, asked.anchor)?;
        }
        let is_covered = |part: &P| part.charge() <= self.account(part.payee()).left();
        if matches!(step, Step::First) && !asked.parts.iter().all(is_covered) {
            return Err(NumberRefusal::Credit);
        }
        Ok(step)
    }

    /// What the numbers say. `is_same` tells whether a signed version is of the transaction that is
    /// asked for.
    pub fn step(
        &self,
        asked: &Asked<'_, A, P>,
        is_same: impl Fn(&V) -> bool,
    ) -> Result<Step<'_, V>, NumberRefusal> {
        let (number, version, fee) = (asked.number, asked.version, asked.fee);
        if number == 0 || version == 0 {
            return Err(NumberRefusal::Zero);
        }
        let ahead = |last| NumberRefusal::VersionAhead {
            number,
            version,
            last,
        };
        let signed = match self.payouts.get(&number) {
            None => {
                let last = self.last();
                return if last.checked_add(1) != Some(number) {
                    Err(NumberRefusal::NumberAhead { number, last })
                } else if version != 1 {
                    Err(ahead(0))
                } else {
                    Ok(Step::First)
                };
            }
            Some(Entry::Void) => return Err(NumberRefusal::Void(number)),
            Some(Entry::Signed(signed)) => signed,
        };
        if signed.anchor != *asked.anchor || signed.parts != asked.parts {
            return Ok(Step::Behind);
        }
        if signed.is_released {
            return Err(NumberRefusal::Released(number));
        }
        if let Some(same) = signed.versions.iter().find(|signed| is_same(signed)) {
            return Ok(Step::Again(same));
        }
        let (last, dearest) = signed
            .versions
            .last()
            .map_or((0, 0), |last| (last.number(), last.fee()));
        if version <= last {
            Ok(Step::Behind)
        } else if last.checked_add(1) != Some(version) {
            Err(ahead(last))
        } else if fee <= dearest {
            Err(NumberRefusal::FeeNotRaised {
                version,
                fee,
                last: dearest,
            })
        } else {
            Ok(Step::Raise { dearest })
        }
    }

    /// Whether a payout may spend a coin: not when another is recognised by it.
    pub fn may_spend(&self, number: u64, coin: &A) -> Result<(), NumberRefusal> {
        match self.anchors.get(coin) {
            Some(other) if *other != number => Err(NumberRefusal::AnchorReused(*other)),
            _ => Ok(()),
        }
    }

    /// What is decided about a number to be void.
    pub fn void(&self, number: u64) -> Result<Mark, NumberRefusal> {
        let last = self.last();
        match self.payouts.get(&number) {
            Some(Entry::Void) => Ok(Mark::Again),
            Some(Entry::Signed(_)) => Ok(Mark::Behind),
            None if number == 0 => Err(NumberRefusal::Zero),
            None if last.checked_add(1) == Some(number) => Ok(Mark::Record),
            None => Err(NumberRefusal::NumberAhead { number, last }),
        }
    }

    /// What is decided about a signed number whose credits the operator wants back.
    pub fn release(&self, number: u64) -> Result<Mark, NumberRefusal> {
        match self.payouts.get(&number) {
            Some(Entry::Signed(signed)) if signed.is_released => Ok(Mark::Again),
            Some(Entry::Signed(_)) => Ok(Mark::Record),
            Some(Entry::Void) => Err(NumberRefusal::Void(number)),
            None => Err(NumberRefusal::NotSigned(number)),
        }
    }

    /// Books a credit.
    pub fn book_credit(&mut self, payee: N, amount: u128) {
        self.accounts.entry(payee).or_default().credited += amount;
    }

    /// Books a signature: the first of a number, or a further version of it.
    pub fn book_signed(&mut self, number: u64, anchor: A, parts: Vec<P>, version: V) {
        if let Some(Entry::Signed(signed)) = self.payouts.get_mut(&number) {
            signed.versions.push(version);
            return;
        }
        for part in &parts {
            let account = self.accounts.entry(part.payee().clone()).or_default();
            account.signed += part.charge();
        }
        self.anchors.insert(anchor.clone(), number);
        let signed = Signed {
            anchor,
            parts,
            versions: vec![version],
            is_released: false,
        };
        self.payouts.insert(number, Entry::Signed(signed));
    }

    /// Books a void.
    pub fn book_void(&mut self, number: u64) {
        self.payouts.insert(number, Entry::Void);
    }

    /// Books a release.
    pub fn book_release(&mut self, number: u64) {
        let Some(Entry::Signed(signed)) = self.payouts.get_mut(&number) else {
            return;
        };
        if std::mem::replace(&mut signed.is_released, true) {
            return;
        }
        for part in &signed.parts {
            let account = self.accounts.entry(part.payee().clone()).or_default();
            account.signed = account.signed.saturating_sub(part.charge());
        }
    }

    /// Number of the last payout signed or void; 0 before the first.
    pub fn last(&self) -> u64 {
        self.payouts
            .last_key_value()
            .map_or(0, |(number, _)| *number)
    }

    /// What became of the numbers, in order.
    pub const fn payouts(&self) -> &BTreeMap<u64, Entry<A, P, V>> {
        &self.payouts
    }

    /// A version of a signed payout, to complete it.
    pub fn version_mut(&mut self, number: u64, version: u32) -> Option<&mut V> {
        match self.payouts.get_mut(&number)? {
            Entry::Signed(signed) => signed
                .versions
                .iter_mut()
                .find(|signed| signed.number() == version),
            Entry::Void => None,
        }
    }

    /// Credits and what was signed of them.
    pub fn account(&self, payee: &N) -> Account {
        self.accounts.get(payee).copied().unwrap_or_default()
    }

    /// Everybody who was ever credited or signed for.
    pub const fn accounts(&self) -> &BTreeMap<N, Account> {
        &self.accounts
    }
}
