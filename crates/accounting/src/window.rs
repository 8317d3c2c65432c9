//! The last N of work: how far back a window reaches, and what is in it.

use std::collections::BTreeMap;

use ruint::aliases::U256;

use crate::Payee;

/// Length of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Multiple of the block's network work (expected hashes of a block), in thousandths.
    DifficultyMilli(u32),
    /// A fixed amount of work.
    Work(u128),
}

impl Window {
    /// Its length in work for a block of that network work; at most `u128::MAX`.
    pub fn length(self, network_work: u128) -> u128 {
        match self {
            Self::Work(work) => work,
            Self::DifficultyMilli(milli) => {
                let length = U256::from(network_work) * U256::from(milli) / U256::from(1_000_u32);
                u128::try_from(length).unwrap_or(u128::MAX)
            }
        }
    }
}

/// Takes work from the newest backwards until the window is full; the last piece is cut to the unit.
///
/// ```
/// use ngpool_accounting::WindowTaker;
/// let mut window = WindowTaker::new(10);
/// assert!(window.take("newest".into(), 7));
/// assert!(!window.take("older".into(), 7), "full");
/// assert_eq!(window.finish()[&"older".into()], 3);
/// ```
#[derive(Debug, Clone)]
pub struct WindowTaker {
    left: u128,
    works: BTreeMap<Payee, u128>,
}

impl WindowTaker {
    /// An empty window of that length.
    pub fn new(length: u128) -> Self {
        Self {
            left: length,
            works: BTreeMap::new(),
        }
    }

    /// Adds the next older piece of work. Says whether the window has room for more.
    pub fn take(&mut self, payee: Payee, work: u128) -> bool {
        let taken = work.min(self.left);
        if taken > 0 {
            self.left -= taken;
            // The sum is at most the window's length.
            let entry = self.works.entry(payee).or_default();
            *entry = entry.saturating_add(taken);
        }
        self.left > 0
    }

    /// How much work still fits.
    pub fn room(&self) -> u128 {
        self.left
    }

    /// Work per payee.
    pub fn finish(self) -> BTreeMap<Payee, u128> {
        self.works
    }
}
