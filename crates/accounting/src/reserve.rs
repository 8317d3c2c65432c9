//! What a pool must hold to pay per share.
//!
//! Meni Rosenfeld, "Analysis of Bitcoin Pooled Mining Reward Systems" (2011), section 2.4 and
//! appendix: with `B` the reward of a block and `f` the fee, a pool that pays per share goes bankrupt
//! at some time with probability `δ` when its reserve is
//!
//! ```text
//!   R = B · ln(1/δ) / (2 · (f − o))
//! ```
//!
//! `o` is the part of blocks that is orphaned: the pool pays for their work too, so what works for the
//! reserve is only `f − o`, and no reserve is enough when `f ≤ o`.
//!
//! The reserve never goes below zero here. It falls back to PPLNS at a low mark, before it is empty,
//! and pays per share again only when all of `R` is there. From a full reserve the low mark `L` is
//! ever reached with probability `δ^(1 − L/R)`.

use crate::FeePpm;

/// How safe a reserve has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Safety {
    /// δ: how likely it may be that the reserve is ever used up, in millionths.
    pub ruin: FeePpm,
    /// o: part of blocks that is orphaned.
    pub orphans: FeePpm,
    /// Low mark, as a part of what is needed.
    pub low: FeePpm,
}

/// How a currency's reserve stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserve {
    /// What it holds, base units.
    pub held: u64,
    /// What blocks that are not mature yet will bring, base units.
    pub coming: u64,
    /// What it needs; none when no reserve is enough.
    pub needed: Option<u64>,
}

/// What the reserve allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Work is bought.
    Buys,
    /// Work is paid by the window, for this reason.
    FallsBack(Shortage),
}

/// Why work is not bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// The fee does not carry the orphans: no reserve is enough.
    Fee,
    /// It was not full since the last fall-back, or never.
    NotFull,
    /// It is below the low mark.
    Low,
}

impl Safety {
    /// R for blocks of that reward under a fee, rounded up; `None` when no reserve is enough.
    pub fn needed(&self, reward: u64, fee: FeePpm) -> Option<u64> {
        let drift = fee.millionths().checked_sub(self.orphans.millionths())?;
        if drift == 0 || self.ruin.millionths() == 0 {
            return None;
        }
        // A threshold that no amount is made of: floating point is exact enough, and the sum that
        // decided is stored with the decision.
        let logarithm = (1e6 / f64::from(self.ruin.millionths())).ln();
        let blocks = logarithm * 1e6 / (2.0 * f64::from(drift));
        scaled(reward, blocks)
    }

    /// The low mark below which a reserve that needs so much falls back.
    pub fn low_mark(&self, needed: u64) -> u64 {
        self.low.of(needed)
    }
}

impl Reserve {
    /// Whether work is bought from now on, given whether it was until now.
    pub fn decide(&self, safety: &Safety, bought: bool) -> Decision {
        let Some(needed) = self.needed else {
            return Decision::FallsBack(Shortage::Fee);
        };
        let all = self.held.saturating_add(self.coming);
        let low = safety.low_mark(needed);
        // What is only coming can be orphaned: the low mark is asked of what is held, too, where
        // nothing more would come in.
        if bought {
            if all < low || self.held == 0 {
                Decision::FallsBack(Shortage::Low)
            } else {
                Decision::Buys
            }
        } else if self.held >= needed {
            Decision::Buys
        } else {
            Decision::FallsBack(Shortage::NotFull)
        }
    }
}

/// `amount · factor`, rounded up; `None` beyond 64 bits. The factor is not negative.
fn scaled(amount: u64, factor: f64) -> Option<u64> {
    // Millionths of the factor are exact to far below what a reserve is known to.
    let millionths = (factor * 1e6).ceil();
    if !(millionths.is_finite() && (0.0..1e18).contains(&millionths)) {
        return None;
    }
    // In range, and whole.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let millionths = millionths as u64;
    let product = (u128::from(amount) * u128::from(millionths)).div_ceil(1_000_000);
    u64::try_from(product).ok()
}
