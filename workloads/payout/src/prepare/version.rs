//! What is done with a payout that is stuck: a version with a higher fee in its place, or a child
//! that pays for both. The same rules as for a first version hold, but for payees: what they get and
//! bear was settled by it, and the increase is the pool's.

use ngpool_chain::Amount;
use ngpool_store::{Outpoint, PayoutInput, PayoutPart};
use thiserror::Error;

use super::{
    draft::{Coin, Draft, Terms},
    fee::{RELAY, Rate},
    select::Purse,
    weight::Size,
};

/// The newest version of a payout, as another one takes it up.
#[derive(Debug, Clone, Copy)]
pub struct Stuck<'a> {
    /// The coin that every version spends.
    pub anchor: Outpoint,
    /// Whom it pays.
    pub parts: &'a [PayoutPart],
    /// What it spends.
    pub inputs: &'a [PayoutInput],
    /// The highest fee of all versions.
    pub fee: Amount,
}

/// The change of a stuck payout, as a child spends it.
#[derive(Debug, Clone)]
pub struct StuckChange {
    /// Where it is: in the signed transaction.
    pub coin: PayoutInput,
    /// Fee of that transaction.
    pub fee: Amount,
    /// Its virtual bytes, as signed.
    pub vbytes: u64,
}

/// Why there is no next version and no child.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RaiseError {
    /// A coin that the pool's keys do not spend.
    #[error("the script of coin {0} is not one that the policy knows how to spend")]
    UnknownScript(Outpoint),
    /// What nodes ask for more would be above the ceiling.
    #[error("a higher fee would be above the policy's fee ceiling")]
    Ceiling,
    /// There are no coins for it, or the limits leave no room for them.
    #[error("neither the change nor other coins within the limits pay for a higher fee")]
    NoCoins,
}

/// The next version of a payout at the terms' rate: same anchor, same payees, all inputs of the one
/// before, a fee that nodes take for a replacement (BIP 125, rules 3 and 4). Change pays the
/// increase; if it does not reach, further coins do, the largest first.
pub fn raise(stuck: Stuck<'_>, coins: &[Coin], terms: &Terms<'_>) -> Result<Draft, RaiseError> {
    let mut size = Size::default();
    for input in stuck.inputs {
        let spend = terms.input(&input.script);
        size = size.with_input(spend.ok_or(RaiseError::UnknownScript(input.outpoint))?);
    }
    for part in stuck.parts {
        size = size.with_output(part.script.len());
    }
    let spent = Amount::checked_sum(stuck.inputs.iter().map(|input| input.amount));
    let paid = Amount::checked_sum(stuck.parts.iter().map(|part| part.amount));
    let left = spent
        .zip(paid)
        .and_then(|(spent, paid)| spent.checked_sub(paid));
    let mut left = left.ok_or(RaiseError::NoCoins)?;
    let mut inputs = stuck.inputs.to_vec();
    let purse = Purse::new(coins, terms);
    let is_free = |coin: &Coin| stuck.inputs.iter().all(|it| it.outpoint != coin.outpoint);
    let mut more = purse.coins.iter().filter(|(coin, _)| is_free(coin));
    loop {
        let full = terms.with_change(size, usize::MAX);
        let least = least_fee(stuck.fee, full.vbytes());
        if let Some(closed) = terms.close(left, size, least) {
            if closed.fee > terms.ceiling(closed.vbytes) {
                // With another coin the rest may come back as change.
                if least > terms.ceiling(full.vbytes()) {
                    return Err(RaiseError::Ceiling);
                }
            } else {
                let parts = stuck.parts.to_vec();
                return Ok(Draft::assemble(stuck.anchor, inputs, parts, closed));
            }
        }
        let (coin, input) = more.next().ok_or(RaiseError::NoCoins)?;
        size = size.with_input(*input);
        let full = terms.with_change(size, usize::MAX);
        if size.inputs() > u64::from(terms.policy.max_inputs)
            || full.weight() > u64::from(terms.policy.max_weight)
        {
            return Err(RaiseError::NoCoins);
        }
        left = left.checked_add(coin.amount).ok_or(RaiseError::NoCoins)?;
        inputs.push((*coin).into());
    }
}

/// A child that spends the change of a stuck payout back to ourselves, with the fee that makes both
/// worth the terms' rate together, as far as the ceiling allows. Where the change alone does not pay
/// it, further coins do.
pub fn child(parent: &StuckChange, coins: &[Coin], terms: &Terms<'_>) -> Result<Draft, RaiseError> {
    let anchor = parent.coin.outpoint;
    let terms = terms.gathering();
    let spend = terms.input(&parent.coin.script);
    let spend = spend.ok_or(RaiseError::UnknownScript(anchor))?;
    let mut size = Size::default().with_input(spend);
    let mut left = parent.coin.amount;
    let mut inputs = vec![parent.coin.clone()];
    let purse = Purse::new(coins, &terms);
    let mut more = purse
        .coins
        .iter()
        .filter(|(coin, _)| coin.outpoint != anchor);
    loop {
        let vbytes = terms.with_change(size, 1).vbytes();
        let both = terms.rate.of(parent.vbytes.saturating_add(vbytes));
        let wanted = Amount(both.0.saturating_sub(parent.fee.0)).max(RELAY.of(vbytes));
        let fee = wanted.min(terms.ceiling(vbytes));
        if Rate::from_fee(fee, vbytes) <= Rate::from_fee(parent.fee, parent.vbytes) {
            // It would draw both down.
            return Err(RaiseError::Ceiling);
        }
        let closed = terms.at(Rate(0)).close(left, size, fee);
        if let Some(closed) = closed.filter(|closed| !closed.change.is_empty()) {
            return Ok(Draft::assemble(anchor, inputs, Vec::new(), closed));
        }
        let (coin, input) = more.next().ok_or(RaiseError::NoCoins)?;
        size = size.with_input(*input);
        if size.inputs() > u64::from(terms.policy.max_inputs) {
            return Err(RaiseError::NoCoins);
        }
        left = left.checked_add(coin.amount).ok_or(RaiseError::NoCoins)?;
        inputs.push((*coin).into());
    }
}

/// The least fee of a version of so many virtual bytes in place of one with a fee.
fn least_fee(before: Amount, vbytes: u64) -> Amount {
    Amount(before.0.saturating_add(RELAY.of(vbytes).0.max(1)))
}
