//! Pay per share: work bought at its expected value.
//!
//! Meni Rosenfeld, "Analysis of Bitcoin Pooled Mining Reward Systems" (2011), section 2: a share of
//! work `w` finds a block with probability `p = w / D`, D the network work, so it is worth `p · B`,
//! and the pool pays `(1 − f) · p · B` for it at once, whatever it finds. The pool carries all of the
//! variance: see [`crate::reserve`].
//!
//! - PPS: `B` is the block subsidy; the transaction fees of blocks stay with the reserve.
//! - FPPS ("full" PPS): `B` is the subsidy and the mean of the fees of the last
//!   [`MEAN_BLOCKS`] blocks of the chain.
//!
//! `p` is summed share by share, each by its own job (difficulty may change with every block); what a
//! job's coinbase could pay bounds the subsidy's part, so that a period over a halving pays no more
//! than was there to be found.
//!
//! A minute of a small miner is worth less than a unit. So amounts here have [`FRACTION_BITS`] more
//! bits than a base unit, and what is less than one is carried to the payee's next period.

use ruint::aliases::U256;

use crate::FeePpm;

/// Blocks of the chain over which the fees are averaged: a day of Bitcoin's.
pub const MEAN_BLOCKS: u32 = 144;

/// Bits of a base unit's fraction in amounts of this module.
pub const FRACTION_BITS: u32 = 32;

/// Work of one payee, as it was worth when it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// Expected blocks, scaled by 2^64.
    pub expected_blocks: u128,
    /// The same times what each share's own job could pay: base units scaled by 2^32.
    pub value: u128,
}

/// What an expected block is bought for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Subsidy of a block, base units.
    pub subsidy: u64,
    /// Mean fees of a block, base units; zero for PPS.
    pub fees: u64,
    /// What the pool keeps.
    pub fee: FeePpm,
}

/// What is less than a unit and waits for the next period, scaled by 2^32 and below one unit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Of the payee's credit.
    pub credit: u32,
    /// Of his donation.
    pub donation: u32,
}

/// What one payee gets for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Credit {
    /// Whole base units for him.
    pub amount: u64,
    /// Whole base units that he gives to the pool.
    pub donation: u64,
    /// What waits for the next period.
    pub carried: Carried,
}

impl Rate {
    /// What work is worth at this rate, the fee off: base units scaled by 2^32, rounded down.
    pub fn value(&self, worth: Worth) -> U256 {
        let expected = U256::from(worth.expected_blocks);
        // 128 + 64 bits fit.
        let subsidy = (expected * U256::from(self.subsidy)) >> FRACTION_BITS as usize;
        let fees = (expected * U256::from(self.fees)) >> FRACTION_BITS as usize;
        let gross = subsidy.min(U256::from(worth.value)) + fees;
        let kept = 1_000_000 - self.fee.millionths();
        gross * U256::from(kept) / U256::from(1_000_000_u32)
    }

    /// What the work of one payee in a period credits him, with what he carried and gives away.
    /// `None` beyond any amount of coins.
    pub fn credit(&self, worth: Worth, donation: FeePpm, carried: Carried) -> Option<Credit> {
        let value = self.value(worth);
        let given = value * U256::from(donation.millionths()) / U256::from(1_000_000_u32);
        let (donation, donation_left) = whole(given, carried.donation)?;
        let (amount, credit_left) = whole(value - given, carried.credit)?;
        Some(Credit {
            amount,
            donation,
            carried: Carried {
                credit: credit_left,
                donation: donation_left,
            },
        })
    }
}

/// Whole units and what is left.
fn whole(value: U256, carried: u32) -> Option<(u64, u32)> {
    let sum = value.checked_add(U256::from(carried))?;
    let units = u64::try_from(sum >> FRACTION_BITS as usize).ok()?;
    let left = u32::try_from(sum & U256::from(u32::MAX)).ok()?;
    Some((units, left))
}

/// Mean of the fees of the newest blocks, rounded down: what their coinbases pay above the subsidy.
///
/// `blocks` are (coinbase value, subsidy), the newest first; those after [`MEAN_BLOCKS`] are passed
/// over. Zero when none is known.
pub fn mean_fees(blocks: impl IntoIterator<Item = (u64, u64)>) -> u64 {
    let mut sum = 0_u128;
    let mut count = 0_u128;
    for (value, subsidy) in blocks.into_iter().take(MEAN_BLOCKS as usize) {
        // A miner may take less than the subsidy; he has no negative fees.
        sum += u128::from(value.saturating_sub(subsidy));
        count += 1;
    }
    sum.checked_div(count)
        .and_then(|mean| u64::try_from(mean).ok())
        .unwrap_or_default()
}
