//! The split of a block: first over sharechains by work, then within each by its method.
//!
//! ```text
//!  reward = Σ chains: reserve + fee + Σ payees (part by the method + bonus)
//!                                      └── of which his donation goes to the pool
//! ```

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::{Bonus, FeePpm, Method, Payee, U256, apportion::apportion, total_work};

/// Why a block cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SplitError {
    /// The chain of the finder has no window.
    #[error("the block was found on sharechain {0}, of which there is no cut")]
    FinderChainMissing(String),
    /// A chain is named twice.
    #[error("sharechain {0} is given twice")]
    ChainTwice(String),
}

/// One sharechain up to the block's cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainWindow {
    /// Name of the sharechain.
    pub sharechain: String,
    /// How it divides its part.
    pub method: Method,
    /// The pool's fee there.
    pub fee: FeePpm,
    /// The finder's bonus there.
    pub bonus: Bonus,
    /// Its work in the currency's split window, which is one window over all sharechains.
    pub split_work: u128,
    /// Work per payee in its method's own window, without what the reserve bought.
    pub window: BTreeMap<Payee, u128>,
    /// Work in that window that the reserve bought (PPS, FPPS).
    pub bought: u128,
    /// Whether the reserve buys the work that is done at the cut: then the block of a chain without
    /// any work is the reserve's.
    pub is_buying: bool,
}

/// Who found the block, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finder {
    /// The sharechain whose share solved it.
    pub sharechain: String,
    /// Whose share it was.
    pub payee: Payee,
}

/// Everything a split depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockToSplit {
    /// What the coinbase pays to our own script.
    pub reward: u64,
    /// The finder.
    pub finder: Finder,
    /// Every sharechain of the currency, in any order.
    pub chains: Vec<ChainWindow>,
    /// What payees give of their credits to the pool; nothing for who is not named.
    pub donations: BTreeMap<Payee, FeePpm>,
}

/// One payee's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whose.
    pub payee: Payee,
    /// His work in the window; zero for a finder who is paid as such.
    pub work: u128,
    /// What he is credited: his part by the method and his bonus, less his donation.
    pub amount: u64,
    /// The finder's bonus in it, before the donation.
    pub bonus: u64,
    /// What he gives to the pool.
    pub donation: u64,
}

/// What one sharechain got, and how it went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainSplit {
    /// Name of the sharechain.
    pub sharechain: String,
    /// Its work in the split window.
    pub split_work: u128,
    /// Its part of the reward: reserve, fee, parts and donations together.
    pub amount: u64,
    /// What the reserve gets for the work it bought.
    pub reserve: u64,
    /// The pool's fee.
    pub fee: u64,
    /// The payees in the order of their ids; an amount may be zero.
    pub parts: Vec<Part>,
}

/// A block's reward, divided to the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockSplit {
    /// What was divided.
    pub reward: u64,
    /// The sharechains that got a part, in the order of their names.
    pub chains: Vec<ChainSplit>,
}

impl BlockToSplit {
    /// Divides the reward: all reserves, fees, parts and donations sum to it.
    ///
    /// A block found on a SOLO chain belongs to that chain alone, and SOLO work counts in no other
    /// split. Otherwise the pooled chains share it in proportion to their work in the currency's
    /// split window; a chain without work in its own window takes no part, and when none has any,
    /// the finder's chain takes it all.
    pub fn split(&self) -> Result<BlockSplit, SplitError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = self
            .chains
            .iter()
            .find(|chain| !names.insert(&chain.sharechain))
        {
            return Err(SplitError::ChainTwice(twice.sharechain.clone()));
        }
        let home = self
            .chains
            .iter()
            .find(|chain| chain.sharechain == self.finder.sharechain)
            .ok_or_else(|| SplitError::FinderChainMissing(self.finder.sharechain.clone()))?;

        let mut weights = BTreeMap::new();
        if home.method.is_pooled() {
            weights.extend(
                self.chains
                    .iter()
                    .filter(|chain| chain.takes_part())
                    .map(|chain| (chain.sharechain.as_str(), chain.split_work)),
            );
        }
        let amounts = apportion(self.reward, &weights)
            .filter(|amounts| !amounts.is_empty())
            .unwrap_or_else(|| BTreeMap::from([(home.sharechain.as_str(), self.reward)]));

        let mut chains = Vec::with_capacity(amounts.len());
        for chain in &self.chains {
            let Some(&amount) = amounts.get(chain.sharechain.as_str()) else {
                continue;
            };
            let finder = (chain.sharechain == home.sharechain).then_some(&self.finder.payee);
            chains.push(chain.divide(amount, finder, &self.donations));
        }
        chains.sort_by(|a, b| a.sharechain.cmp(&b.sharechain));
        Ok(BlockSplit {
            reward: self.reward,
            chains,
        })
    }
}

impl ChainSplit {
    /// Sum of the finder's bonus over the parts.
    pub fn bonus(&self) -> u64 {
        self.parts.iter().map(|part| part.bonus).sum()
    }

    /// Sum of the donations.
    pub fn donation(&self) -> u64 {
        self.parts.iter().map(|part| part.donation).sum()
    }
}

impl ChainWindow {
    fn takes_part(&self) -> bool {
        let has_work = self.window.values().any(|work| *work > 0);
        self.method.is_pooled()
            && self.split_work > 0
            && (has_work || self.bought > 0 || self.is_buying)
    }

    fn divide(
        &self,
        amount: u64,
        finder: Option<&Payee>,
        donations: &BTreeMap<Payee, FeePpm>,
    ) -> ChainSplit {
        let reserve = self.reserve_of(amount);
        let gross = amount - reserve;
        let fee = self.fee.of(gross);
        let bonus = finder.map_or(0, |_| self.bonus.of(gross - fee));
        let net = gross - fee - bonus;
        // Only a chain with work, or the finder's own, is given a part, so there is always a payee.
        // Should a method ever find none, the amount stays whole as the pool's to be looked at.
        let (fee, bonus, mut amounts) = if gross == 0 && reserve > 0 {
            (0, 0, BTreeMap::new())
        } else {
            match self.method.divide(net, &self.window, finder) {
                Some(parts) => (fee, bonus, parts),
                None => (gross, 0, BTreeMap::new()),
            }
        };
        if let Some(finder) = finder.filter(|_| bonus > 0) {
            amounts.entry(finder.clone()).or_default();
        }
        let counts_work = self.method.is_pooled();
        let parts = amounts
            .into_iter()
            .map(|(payee, part)| {
                let bonus = if finder == Some(&payee) { bonus } else { 0 };
                let gross = part + bonus;
                let donation = donations.get(&payee).map_or(0, |share| share.of(gross));
                let work = self.window.get(&payee).copied().filter(|_| counts_work);
                Part {
                    work: work.unwrap_or_default(),
                    payee,
                    amount: gross - donation,
                    bonus,
                    donation,
                }
            })
            .collect();
        ChainSplit {
            sharechain: self.sharechain.clone(),
            split_work: self.split_work,
            amount,
            reserve,
            fee,
            parts,
        }
    }

    /// The reserve takes the place of those whose work it bought: ⌊amount · bought / all work⌋.
    fn reserve_of(&self, amount: u64) -> u64 {
        if !self.method.is_pooled() {
            return 0;
        }
        let all = total_work(self.window.values()).saturating_add(U256::from(self.bought));
        if all.is_zero() {
            return if self.is_buying { amount } else { 0 };
        }
        // 64 + 128 bits: the product cannot overflow.
        let part = U256::from(amount) * U256::from(self.bought) / all;
        // At most `amount`, because what was bought is at most all.
        u64::try_from(part).unwrap_or(amount)
    }
}
