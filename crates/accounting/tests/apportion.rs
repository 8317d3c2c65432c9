//! Largest remainders: to the unit, fair, and the same for any order.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use ngpool_accounting::{FeeError, FeePpm, U256, apportion, total_work};
use proptest::prelude::*;

fn weights() -> impl Strategy<Value = BTreeMap<u16, u128>> {
    let weight = prop_oneof![0..1_000_u128, any::<u128>(), Just(0), Just(u128::MAX)];
    prop::collection::btree_map(any::<u16>(), weight, 0..40)
}

proptest! {
    #[test]
    fn parts_sum_to_the_total_and_are_within_one_unit(total: u64, weights in weights()) {
        let whole = total_work(weights.values());
        let Some(parts) = apportion(total, &weights) else {
            prop_assert!(whole.is_zero() && total > 0);
            return Ok(());
        };
        prop_assert_eq!(parts.len(), weights.len());
        if whole.is_zero() {
            prop_assert!(parts.values().all(|part| *part == 0) && total == 0);
            return Ok(());
        }
        prop_assert_eq!(parts.values().map(|part| u128::from(*part)).sum::<u128>(), u128::from(total));
        for (key, part) in &parts {
            let exact = U256::from(total) * U256::from(weights[key]);
            let given = U256::from(*part) * whole;
            prop_assert!(given.abs_diff(exact) < whole, "{key}: a whole unit off");
        }
    }

    #[test]
    fn more_work_never_gets_less(total: u64, weights in weights()) {
        let Some(parts) = apportion(total, &weights) else { return Ok(()) };
        for (a, wa) in &weights {
            for (b, wb) in &weights {
                if wa > wb {
                    prop_assert!(parts[a] >= parts[b]);
                }
                if wa == wb && a < b {
                    prop_assert!(parts[a] >= parts[b], "equal remainders go by the key");
                }
            }
        }
    }

    #[test]
    fn a_larger_total_gives_nobody_less_than_one_unit_less(total in 0..u64::MAX, weights in weights()) {
        // Largest remainders are not monotonic in the total (the Alabama paradox), but no part can
        // fall by more than the unit of rounding.
        let (Some(a), Some(b)) = (apportion(total, &weights), apportion(total + 1, &weights)) else {
            return Ok(());
        };
        for (key, part) in &a {
            prop_assert!(b[key] + 1 >= *part);
        }
    }

    #[test]
    fn a_fee_is_rounded_down_and_never_more_than_the_whole(amount: u64, ppm in 0..=1_000_000_u32) {
        let fee = FeePpm::new(ppm).unwrap().of(amount);
        prop_assert!(fee <= amount);
        let exact = u128::from(amount) * u128::from(ppm);
        prop_assert!(u128::from(fee) * 1_000_000 <= exact);
        prop_assert!(exact < (u128::from(fee) + 1) * 1_000_000);
    }
}

#[test]
fn equal_remainders_go_to_the_first_ids() {
    let weights = BTreeMap::from([("c", 1), ("a", 1), ("b", 1)]);
    let parts = apportion(5, &weights).unwrap();
    assert_eq!(parts, BTreeMap::from([("a", 2), ("b", 2), ("c", 1)]));
}

#[test]
fn the_largest_numbers_divide() {
    let weights: BTreeMap<u32, u128> = (0..1_000).map(|payee| (payee, u128::MAX)).collect();
    let parts = apportion(u64::MAX, &weights).unwrap();
    assert_eq!(
        parts.values().map(|part| u128::from(*part)).sum::<u128>(),
        u128::from(u64::MAX)
    );
}

#[test]
fn a_fee_above_the_whole_is_refused() {
    assert_eq!(FeePpm::new(1_000_001), Err(FeeError(1_000_001)));
    assert_eq!(FeePpm::new(1_000_000).unwrap().of(u64::MAX), u64::MAX);
}
