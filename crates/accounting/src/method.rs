//! How a sharechain divides what it got of a block.

mod pplns;
mod prop;
mod solo;

use std::collections::BTreeMap;

use crate::{Payee, Window};

/// A payout method with its parameters.
///
/// Each is a pure function in a module of its own, with the formula it stands for. PPS and FPPS buy
/// work out of a reserve ([`crate::pps`]); what they have bought stands in every window as the
/// reserve's, and what they have not is paid like PPLNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Pay per last N shares: in proportion to the work in a window that ends at the block.
    Pplns {
        /// How far back the window reaches.
        window: Window,
    },
    /// Proportional: by the work since the block before.
    Prop,
    /// The finder takes it all; nobody else's work counts.
    Solo,
    /// Pay per share (PPS, FPPS): the reserve buys the work and takes its place in the window.
    Pps {
        /// How far back the window reaches, for work that is not bought too.
        window: Window,
    },
}

/// What of a chain's past a method looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing.
    Nothing,
    /// The last work, so much of it.
    Last(u128),
    /// The work since the block before.
    Round,
}

impl Method {
    /// Whether work done on such a chain counts when a block is divided over sharechains.
    pub fn is_pooled(self) -> bool {
        match self {
            Self::Pplns { .. } | Self::Prop | Self::Pps { .. } => true,
            Self::Solo => false,
        }
    }

    /// What of the chain's past it looks at for a block of that network work.
    pub fn reach(self, network_work: u128) -> Reach {
        match self {
            Self::Pplns { window } | Self::Pps { window } => {
                Reach::Last(window.length(network_work))
            }
            Self::Prop => Reach::Round,
            Self::Solo => Reach::Nothing,
        }
    }

    /// Length in work of the window this method looks at; zero for one that looks at none, or at a
    /// round.
    pub fn window_length(self, network_work: u128) -> u128 {
        match self.reach(network_work) {
            Reach::Last(length) => length,
            Reach::Nothing | Reach::Round => 0,
        }
    }

    /// Divides `net` (fee, bonus and the reserve's part are off) over the payees.
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
            Self::Pplns { .. } | Self::Pps { .. } => pplns::divide(net, works, finder),
            Self::Prop => prop::divide(net, works, finder),
            Self::Solo => solo::divide(net, finder),
        }
    }
}
