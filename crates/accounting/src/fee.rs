//! The pool's fee.

use std::fmt;

use thiserror::Error;

/// A fee above the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a fee of {0} millionths is more than the whole: use 0 to 1000000")]
pub struct FeeError(pub u32);

/// A part in millionths of what it is taken from, at most the whole: the pool's fee, and in the same
/// way a finder's bonus and a payee's donation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FeePpm(u32);

impl FeePpm {
    /// No fee.
    pub const ZERO: Self = Self(0);
    const WHOLE: u32 = 1_000_000;

    /// A fee of `millionths`, 0 to 1,000,000.
    pub fn new(millionths: u32) -> Result<Self, FeeError> {
        if millionths > Self::WHOLE {
            Err(FeeError(millionths))
        } else {
            Ok(Self(millionths))
        }
    }

    /// The number of millionths.
    pub fn millionths(self) -> u32 {
        self.0
    }

    /// The fee on `amount` base units, rounded down: the broken unit is the payees'.
    pub fn of(self, amount: u64) -> u64 {
        let fee = u128::from(amount) * u128::from(self.0) / u128::from(Self::WHOLE);
        // At most `amount`, because the fee is at most the whole.
        u64::try_from(fee).unwrap_or(amount)
    }
}

impl fmt::Display for FeePpm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ppm", self.0)
    }
}
