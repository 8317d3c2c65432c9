//! Work bought at its expected value, and the reserve that buys it.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use ngpool_accounting::{
    FeePpm, U256,
    pps::{Carried, Credit, FRACTION_BITS, Rate, Worth, mean_fees},
    reserve::{Decision, Reserve, Safety, Shortage},
};
use proptest::prelude::*;

const COIN: u64 = 100_000_000;

fn ppm(millionths: u32) -> FeePpm {
    FeePpm::new(millionths).unwrap()
}

fn safety() -> Safety {
    Safety {
        ruin: ppm(50_000),
        orphans: ppm(10_000),
        low: ppm(250_000),
    }
}

#[test]
fn a_miner_too_small_for_a_unit_a_period_is_paid_by_carrying() {
    // A hundredth of a unit in each period.
    let worth = Worth {
        expected_blocks: (1 << 64) / 100,
        value: u128::MAX,
    };
    let rate = Rate {
        subsidy: 1,
        fees: 0,
        fee: FeePpm::ZERO,
    };
    let mut carried = Carried::default();
    let mut paid = 0;
    for _ in 0..1_001 {
        let credit = rate.credit(worth, FeePpm::ZERO, carried).unwrap();
        paid += credit.amount;
        carried = credit.carried;
    }
    assert_eq!(paid, 10);
}

#[test]
fn fees_are_averaged_over_the_newest_144_blocks_and_are_never_negative() {
    assert_eq!(mean_fees([]), 0);
    assert_eq!(mean_fees([(110, 100), (90, 100), (121, 100)]), 10);
    let old = (0..144).map(|_| (105, 100)).chain([(1_000_000, 0)]);
    assert_eq!(mean_fees(old), 5);
}

#[test]
fn a_period_over_a_halving_pays_no_more_than_its_shares_could_find() {
    let one_block = 1_u128 << 64;
    let rate = Rate {
        subsidy: 50 * COIN,
        fees: COIN,
        fee: FeePpm::ZERO,
    };
    let after_halving = Worth {
        expected_blocks: one_block,
        value: u128::from(25 * COIN) << FRACTION_BITS,
    };
    assert_eq!(
        rate.credit(after_halving, FeePpm::ZERO, Carried::default()),
        Some(Credit {
            amount: 26 * COIN,
            ..Credit::default()
        })
    );
}

#[test]
fn a_donation_is_a_part_of_the_value_and_both_keep_what_is_no_whole_unit() {
    let rate = Rate {
        subsidy: 10,
        fees: 0,
        fee: FeePpm::ZERO,
    };
    let worth = Worth {
        expected_blocks: 1 << 64,
        value: u128::MAX,
    };
    let credit = rate.credit(worth, ppm(250_000), Carried::default());
    let half = 1 << (FRACTION_BITS - 1);
    assert_eq!(
        credit,
        Some(Credit {
            amount: 7,
            donation: 2,
            carried: Carried {
                credit: half,
                donation: half,
            },
        })
    );
}

#[test]
fn the_reserve_is_the_one_that_was_simulated() {
    // f 3 %, o 0, δ 5 %: R = B · ln 20 / 0.06 = 49.93 B.
    let safety = Safety {
        orphans: FeePpm::ZERO,
        ..safety()
    };
    let needed = safety.needed(COIN, ppm(30_000)).unwrap();
    assert_eq!(needed / (COIN / 100), 4_992);
    assert_eq!(safety.needed(0, ppm(30_000)), Some(0));
}

#[test]
fn no_reserve_is_enough_when_the_fee_does_not_carry_the_orphans() {
    assert_eq!(safety().needed(COIN, ppm(10_000)), None);
    assert_eq!(safety().needed(COIN, FeePpm::ZERO), None);
    let reserve = Reserve {
        held: u64::MAX,
        coming: 0,
        needed: None,
    };
    assert_eq!(
        reserve.decide(&safety(), true),
        Decision::FallsBack(Shortage::Fee)
    );
}

#[test]
fn it_falls_back_at_the_low_mark_and_comes_back_only_when_full() {
    let at = |held, bought| {
        let reserve = Reserve {
            held,
            coming: 0,
            needed: Some(1_000),
        };
        reserve.decide(&safety(), bought)
    };
    assert_eq!(at(1_000, false), Decision::Buys);
    assert_eq!(at(250, true), Decision::Buys);
    assert_eq!(at(249, true), Decision::FallsBack(Shortage::Low));
    assert_eq!(at(999, false), Decision::FallsBack(Shortage::NotFull));
    // What is coming keeps it buying, and never begins it.
    let coming = Reserve {
        held: 10,
        coming: 5_000,
        needed: Some(1_000),
    };
    assert_eq!(coming.decide(&safety(), true), Decision::Buys);
    assert_eq!(
        coming.decide(&safety(), false),
        Decision::FallsBack(Shortage::NotFull)
    );
}

fn worth() -> impl Strategy<Value = Worth> {
    (0..1_u128 << 70, 0..1_u128 << 96).prop_map(|(expected_blocks, value)| Worth {
        expected_blocks,
        value,
    })
}

proptest! {
    /// Over any periods, credits, donations and what is carried are the value, to less than a unit's
    /// 2^32th for each rounding.
    #[test]
    fn nothing_is_lost_or_made_from_period_to_period(
        worths in prop::collection::vec(worth(), 1..20),
        (subsidy, fees, fee, donation) in (0..1_u64 << 40, 0..1_u64 << 30, 0..=1_000_000_u32, 0..=1_000_000_u32),
    ) {
        let rate = Rate { subsidy, fees, fee: ppm(fee) };
        let (mut paid, mut value) = (U256::ZERO, U256::ZERO);
        let mut carried = Carried::default();
        for worth in worths {
            let credit = rate.credit(worth, ppm(donation), carried).unwrap();
            carried = credit.carried;
            paid += U256::from(credit.amount) + U256::from(credit.donation);
            value += rate.value(worth);
        }
        let left = U256::from(carried.credit) + U256::from(carried.donation);
        prop_assert_eq!((paid << FRACTION_BITS as usize) + left, value);
    }

    #[test]
    fn work_is_never_bought_for_more_than_its_expected_value_less_the_fee(
        worth in worth(),
        (subsidy, fees, fee) in (0..1_u64 << 40, 0..1_u64 << 30, 0..=1_000_000_u32),
    ) {
        let rate = Rate { subsidy, fees, fee: ppm(fee) };
        let expected = U256::from(worth.expected_blocks);
        let most = expected * U256::from(subsidy + fees) * U256::from(1_000_000 - fee);
        // Both sides times a million, and the left one brought to the same fraction.
        let bought = (rate.value(worth) * U256::from(1_000_000_u32)) << FRACTION_BITS as usize;
        prop_assert!(bought <= most);
    }

    #[test]
    fn more_safety_needs_more_reserve(
        reward in 1..1_u64 << 50,
        (ruin, more) in (1..500_000_u32, 1..500_000_u32),
        fee in 10_001..=1_000_000_u32,
    ) {
        let with = |ruin| Safety { ruin: ppm(ruin), ..safety() }.needed(reward, ppm(fee));
        if let (Some(safer), Some(riskier)) = (with(ruin), with(ruin + more)) {
            prop_assert!(safer >= riskier);
        }
    }

    #[test]
    fn odd_numbers_are_answered_and_never_panic(
        expected_blocks: u128, value: u128, subsidy: u64, fees: u64, fee in 0..=1_000_000_u32,
        held: u64, coming: u64, needed: Option<u64>, bought: bool,
    ) {
        let rate = Rate { subsidy, fees, fee: ppm(fee) };
        let _ = rate.credit(Worth { expected_blocks, value }, ppm(fee), Carried::default());
        let _ = safety().needed(subsidy, ppm(fee));
        let _ = Reserve { held, coming, needed }.decide(&safety(), bought);
    }
}
