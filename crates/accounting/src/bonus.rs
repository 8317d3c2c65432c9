//! What the finder of a block gets beside his part.

use crate::FeePpm;

/// A bonus for the finder, taken from his sharechain's part after the fee and before the method
/// divides what is left. It makes finding a block feel like finding one and moves no money out of
/// the miners' hands: each finds blocks in proportion to his work, so over time it evens out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bonus {
    /// None.
    #[default]
    None,
    /// A part of what is divided.
    Share(FeePpm),
    /// So many base units, or all there is when that is less.
    Fixed(u64),
}

impl Bonus {
    /// The bonus out of `net` base units, at most all of them; a broken unit stays with the others.
    pub fn of(self, net: u64) -> u64 {
        match self {
            Self::None => 0,
            Self::Share(share) => share.of(net),
            Self::Fixed(amount) => amount.min(net),
        }
    }
}
