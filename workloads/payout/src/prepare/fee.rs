//! The chain's fee: its rate, what it comes to, and who pays how much of it.

use std::collections::BTreeMap;

use ngpool_accounting::apportion;
use ngpool_chain::Amount;
use ngpool_settings::{FeeRate, PayoutPolicy};

/// Fee rate, base units per 1,000 virtual bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u64);

/// What nodes ask of a replacement beyond the fee of what it replaces (`-incrementalrelayfee` of
/// Bitcoin Core, its largest default), and of any transaction.
pub const RELAY: Rate = Rate(1_000);

impl Rate {
    /// The fee of so many virtual bytes, rounded up.
    pub fn of(self, vbytes: u64) -> Amount {
        let fee = (u128::from(self.0) * u128::from(vbytes)).div_ceil(1_000);
        Amount(i64::try_from(fee).unwrap_or(i64::MAX))
    }

    /// The rate that a fee is, rounded down.
    pub fn from_fee(fee: Amount, vbytes: u64) -> Self {
        let fee = u128::try_from(fee.0).unwrap_or(0);
        let rate = fee * 1_000 / u128::from(vbytes.max(1));
        Self(u64::try_from(rate).unwrap_or(u64::MAX))
    }
}

/// The rate of a new payout: fixed, or a node's estimate or what stands in for it; never above the
/// ceiling.
pub fn first_rate(policy: &PayoutPolicy, estimate: Option<u64>) -> Rate {
    let rate = match policy.fee.rate {
        FeeRate::Fixed { per_kvb } => per_kvb,
        FeeRate::Estimate { fallback, .. } => estimate.unwrap_or(fallback),
    };
    Rate(rate.clamp(1, policy.fee.ceiling.max(1)))
}

/// The rate of the next attempt for a payout that is stuck at `last`: half as much again, or what a
/// node estimates now if that is more. None when the ceiling is reached.
pub fn raised_rate(policy: &PayoutPolicy, estimate: Option<u64>, last: Rate) -> Option<Rate> {
    let more = last
        .0
        .saturating_add(last.0 / 2)
        .max(last.0.saturating_add(1));
    let rate = more.max(estimate.unwrap_or(0)).min(policy.fee.ceiling);
    (rate > last.0).then_some(Rate(rate))
}

/// Divides a fee over payees by their balances, to the unit, by largest remainders.
///
/// Nobody's share is above his balance where the fee is not above all balances together. None when
/// there is nobody to share it.
pub fn shares(
    fee: Amount,
    balances: &BTreeMap<String, Amount>,
) -> Option<BTreeMap<String, Amount>> {
    let weight = |balance: &Amount| u128::try_from(balance.0).unwrap_or(0);
    let weights: BTreeMap<&str, u128> = balances
        .iter()
        .map(|(payee, balance)| (payee.as_str(), weight(balance)))
        .collect();
    let parts = apportion(u64::try_from(fee.0).ok()?, &weights)?;
    parts
        .into_iter()
        .map(|(payee, share)| Some((payee.to_owned(), Amount(i64::try_from(share).ok()?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use ngpool_settings::FeePolicy;

    use super::*;

    fn policy(rate: FeeRate, ceiling: u64) -> PayoutPolicy {
        PayoutPolicy {
            fee: FeePolicy {
                rate,
                ceiling,
                ..FeePolicy::default()
            },
            ..PayoutPolicy::default()
        }
    }

    #[test]
    fn a_fee_is_rounded_up_and_never_lost() {
        assert_eq!(Rate(1_000).of(141), Amount(141));
        assert_eq!(Rate(1_001).of(141), Amount(142));
        assert_eq!(Rate(1).of(1), Amount(1));
        assert_eq!(Rate(u64::MAX).of(u64::MAX), Amount(i64::MAX));
        assert_eq!(Rate::from_fee(Amount(142), 141), Rate(1_007));
    }

    #[test]
    fn the_ceiling_holds_whatever_is_estimated() {
        let estimate = FeeRate::Estimate {
            blocks: 6,
            fallback: 5_000,
        };
        let estimated = policy(estimate, 20_000);
        assert_eq!(first_rate(&estimated, None), Rate(5_000));
        assert_eq!(first_rate(&estimated, Some(7_000)), Rate(7_000));
        assert_eq!(first_rate(&estimated, Some(90_000)), Rate(20_000));
        let fixed = policy(FeeRate::Fixed { per_kvb: 3_000 }, 20_000);
        assert_eq!(first_rate(&fixed, Some(7_000)), Rate(3_000));
    }

    #[test]
    fn a_stuck_payout_rises_to_the_ceiling_and_stays_there() {
        let policy = policy(FeeRate::Fixed { per_kvb: 1 }, 10_000);
        assert_eq!(raised_rate(&policy, None, Rate(4_000)), Some(Rate(6_000)));
        assert_eq!(
            raised_rate(&policy, Some(9_000), Rate(4_000)),
            Some(Rate(9_000))
        );
        assert_eq!(raised_rate(&policy, None, Rate(9_000)), Some(Rate(10_000)));
        assert_eq!(raised_rate(&policy, Some(99_000), Rate(10_000)), None);
        assert_eq!(raised_rate(&policy, None, Rate(1)), Some(Rate(2)));
    }

    #[test]
    fn shares_are_exact_to_the_unit() {
        let balances = [("a", 1), ("b", 1), ("c", 1)]
            .map(|(payee, balance)| (payee.to_owned(), Amount(balance)))
            .into();
        let shares = shares(Amount(2), &balances).unwrap();
        let shares: Vec<_> = shares.into_values().map(|share| share.0).collect();
        assert_eq!(shares, [1, 1, 0]);
    }
}
