//! Solo mining through the pool: the finder's reward is the block's (Rosenfeld 2011, section 2), the
//! pool only takes its fee.

use std::collections::BTreeMap;

use crate::Payee;

pub(super) fn divide(net: u64, finder: Option<&Payee>) -> Option<BTreeMap<Payee, u64>> {
    finder.map(|finder| BTreeMap::from([(finder.clone(), net)]))
}
