//! Whole units in proportion to weights: the method of largest remainders (Hamilton).

use std::collections::BTreeMap;

use ruint::aliases::U256;

/// Sum of the works; 256 bits hold any number of `u128` a machine can store.
pub fn total_work<'a>(works: impl IntoIterator<Item = &'a u128>) -> U256 {
    works.into_iter().fold(U256::ZERO, |sum, work| {
        sum.saturating_add(U256::from(*work))
    })
}

/// Divides `total` units in proportion to `weights`, to the unit.
///
/// Each key gets ⌊total · w / W⌋; the units left go one each to the largest remainders, equal
/// remainders in the order of the keys. So the parts sum to `total`, none is a whole unit away from
/// its exact share, and a larger weight never gets less. `None` when all weights are zero and
/// `total` is not: there is nobody to give it to.
pub fn apportion<K: Ord + Clone>(
    total: u64,
    weights: &BTreeMap<K, u128>,
) -> Option<BTreeMap<K, u64>> {
    let whole = total_work(weights.values());
    if whole.is_zero() {
        return (total == 0).then(|| weights.keys().map(|key| (key.clone(), 0)).collect());
    }
    let mut left = total;
    let mut parts = Vec::with_capacity(weights.len());
    for (key, weight) in weights {
        // 64 + 128 bits: the product cannot overflow.
        let (quotient, remainder) = (U256::from(total) * U256::from(*weight)).div_rem(whole);
        // At most `total`, because no weight exceeds the whole.
        let floor = u64::try_from(quotient).unwrap_or(total);
        left = left.saturating_sub(floor);
        parts.push((key, floor, remainder));
    }
    // Fewer units are left than there are remainders above zero: their sum is `left · W` and each is
    // below W. The sort is stable, and the keys come in order.
    parts.sort_by_key(|part| std::cmp::Reverse(part.2));
    let mut result = BTreeMap::new();
    for (key, floor, _) in parts {
        let extra = u64::from(left > 0);
        left -= extra;
        result.insert(key.clone(), floor + extra);
    }
    Some(result)
}
