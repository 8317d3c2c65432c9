//! The split of a block: first over sharechains by work, then within each by its method.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::{FeePpm, Method, Payee, apportion::apportion};

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
    /// Its work in the currency's split window, which is one window over all sharechains.
    pub split_work: u128,
    /// Work per payee in its method's own window.
    pub window: BTreeMap<Payee, u128>,
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
}

/// One payee's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whose.
    pub payee: Payee,
    /// His work in the window; zero for a finder who is paid as such.
    pub work: u128,
    /// His amount.
    pub amount: u64,
}

/// What one sharechain got, and how it went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainSplit {
    /// Name of the sharechain.
    pub sharechain: String,
    /// Its work in the split window.
    pub split_work: u128,
    /// Its part of the reward: fee and parts together.
    pub amount: u64,
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
    /// Divides the reward: all fees and parts sum to it.
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
            chains.push(chain.divide(amount, finder));
        }
        chains.sort_by(|a, b| a.sharechain.cmp(&b.sharechain));
        Ok(BlockSplit {
            reward: self.reward,
            chains,
        })
    }
}

impl ChainWindow {
    fn takes_part(&self) -> bool {
        self.method.is_pooled() && self.split_work > 0 && self.window.values().any(|work| *work > 0)
    }

    fn divide(&self, amount: u64, finder: Option<&Payee>) -> ChainSplit {
        let fee = self.fee.of(amount);
        // Only a chain with work, or the finder's own, is given a part, so there is always a payee.
        // Should a method ever find none, the amount stays whole as the pool's to be looked at.
        let (fee, parts) = match self.method.divide(amount - fee, &self.window, finder) {
            Some(parts) => (fee, parts),
            None => (amount, BTreeMap::new()),
        };
        let counts_work = self.method.is_pooled();
        let parts = parts
            .into_iter()
            .map(|(payee, amount)| {
                let work = self.window.get(&payee).copied().filter(|_| counts_work);
                Part {
                    work: work.unwrap_or_default(),
                    payee,
                    amount,
                }
            })
            .collect();
        ChainSplit {
            sharechain: self.sharechain.clone(),
            split_work: self.split_work,
            amount,
            fee,
            parts,
        }
    }
}
