//! Proportional.
//!
//! Meni Rosenfeld, "Analysis of Bitcoin Pooled Mining Reward Systems" (2011), section 3: a block
//! pays the work of its round, the time since the pool's block before it. With `w_i` the work of
//! payee i in the round and `W = Σ w_i`, payee i gets `net · w_i / W`.
//!
//! A share early in a round is worth more than a late one, because fewer will share with it, so
//! whoever leaves a round at 43.5 % of the difficulty and works elsewhere until the next earns more
//! than his part, and those who stay earn less (section 3.2). Where miners may hop, PPLNS is right.

use std::collections::BTreeMap;

use super::pplns;
use crate::Payee;

/// A round without any work pays the finder: his block is the only work that is proven.
pub(super) fn divide(
    net: u64,
    works: &BTreeMap<Payee, u128>,
    finder: Option<&Payee>,
) -> Option<BTreeMap<Payee, u64>> {
    pplns::divide(net, works, finder)
}
