//! How a sharechain divides what it got of a block.

mod pplns;
mod solo;

use std::collections::BTreeMap;

use crate::{Payee, Window};

/// A payout method with its parameters.
///
/// Each is a pure function in a module of its own, with the formula it stands for. A method that
/// pays out of a reserve (PPS, FPPS) takes part in the division over sharechains like any other and
/// names the reserve as what it pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Pay per last N shares: in proportion to the work in a window that ends at the block.
    Pplns {
        /// How far back the window reaches.
        window: Window,
    },
    /// The finder takes it all; nobody else's work counts.
    Solo,
}

impl Method {
    /// Whether work done on such a chain counts when a block is divided over sharechains.
    pub fn is_pooled(self) -> bool {
        match self {
            Self::Pplns { .. } => true,
            Self::Solo => false,
        }
    }

    /// Length in work of the window this method looks at; zero for one that looks at none.
    pub fn window_length(self, network_work: u128) -> u128 {
        match self {
            Self::Pplns { window } => window.length(network_work),
            Self::Solo => 0,
        }
    }

    /// Divides `net` (the fee is off) over the payees.
    ///
    /// `works` is the window's work per payee; `finder` is the block's finder when it was found on
    /// this chain. All parts sum to `net`. `None` when there is nobody to pay: no work, no finder.
    pub(crate) fn divide(
        self,
        net: u64,
        works: &BTreeMap<Payee, u128>,
        finder: Option<&Payee>,
    ) -> Option<BTreeMap<Payee, u64>> {
        match self {
            Self::Pplns { .. } => pplns::divide(net, works, finder),
            Self::Solo => solo::divide(net, finder),
        }
    }
}
