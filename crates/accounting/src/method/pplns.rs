//! Pay per last N shares.
//!
//! Meni Rosenfeld, "Analysis of Bitcoin Pooled Mining Reward Systems" (2011), section 5: a block pays
//! the last N of work before it, whoever found it and whenever the block before was found, so that
//! what a share earns does not depend on when it is done, and hopping gains nothing. With `w_i` the
//! work of payee i in the window and `W = Σ w_i` (the whole window, or all there is on a young
//! chain), payee i gets `net · w_i / W`.

use std::collections::BTreeMap;

use crate::{Payee, apportion::apportion};

/// A window without any work pays the finder: his block is the only work that is proven.
pub(super) fn divide(
    net: u64,
    works: &BTreeMap<Payee, u128>,
    finder: Option<&Payee>,
) -> Option<BTreeMap<Payee, u64>> {
    if works.values().any(|work| *work > 0) {
        apportion(net, works)
    } else {
        finder.map(|finder| BTreeMap::from([(finder.clone(), net)]))
    }
}
