//! Which payees and which coins make the next payout: pure.
//!
//! Payees come in the order of what they have, the largest first, each with his whole balance or not
//! at all; coins likewise. A payee for whom the coins or the limits do not reach is passed over, so
//! that the smaller ones behind him are paid, and is first in line the next time.

use std::{cmp::Reverse, collections::BTreeMap};

use ngpool_chain::Amount;
use ngpool_settings::{FeePayer, InputChoice};
use ngpool_store::{Outpoint, POOL_FEE, PayoutInput, PayoutPart};

use super::{
    candidates::{Candidate, LeftOut, Limit, Reason, dust_limit},
    draft::{Coin, Draft, Terms},
    fee::shares,
    weight::{InputSize, Size},
};

/// The next payout, and who is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// None when nobody can be paid.
    pub draft: Option<Draft>,
    /// Candidates that it does not pay, and why.
    pub left_out: Vec<LeftOut>,
}

/// Chooses payees and coins.
///
/// `coins` are those that may be spent now: held by the books, deep enough, not taken by a payout, and
/// not the change of one that may still be replaced, so that any of them may be the anchor.
pub fn select(candidates: &[Candidate], coins: &[Coin], terms: &Terms<'_>) -> Selection {
    let purse = Purse::new(coins, terms);
    let mut waiting = in_order(candidates);
    let mut left_out = Vec::new();
    loop {
        let (chosen, count, passed) = take(&waiting, &purse, terms);
        match build(&chosen, count, &purse, terms) {
            Built::Draft(draft) => {
                left_out.extend(passed);
                return Selection {
                    draft: Some(draft),
                    left_out,
                };
            }
            Built::Nobody => {
                left_out.extend(passed);
                return Selection {
                    draft: None,
                    left_out,
                };
            }
            // Whoever is left out for himself is gone; the others are chosen anew.
            Built::Without(removed) => {
                waiting.retain(|candidate| {
                    !removed
                        .iter()
                        .any(|removed| removed.payee == candidate.payee)
                });
                left_out.extend(removed);
            }
        }
    }
}

/// A transaction that only gathers coins: as many of the smallest as the limits allow, at least two.
/// None when that would gather nothing.
pub fn consolidate(coins: &[Coin], terms: &Terms<'_>) -> Option<Draft> {
    let purse = Purse::new(coins, terms);
    let mut chosen: Vec<(&Coin, InputSize)> = Vec::new();
    let mut size = Size::default();
    for (coin, input) in purse.coins.iter().rev() {
        let next = size.with_input(*input);
        if !fits(terms.with_change(next, 1), terms) {
            break;
        }
        size = next;
        chosen.push((*coin, *input));
    }
    if chosen.len() < 2 {
        return None;
    }
    let total = Amount::checked_sum(chosen.iter().map(|(coin, _)| coin.amount))?;
    // One output: gathering into several would be no gathering.
    let closed = terms.gathering().close(total, size, Amount::ZERO)?;
    if closed.change.is_empty() {
        return None;
    }
    let anchor = anchor(chosen.iter().map(|(coin, _)| *coin))?;
    let inputs = chosen.iter().map(|(coin, _)| (*coin).into()).collect();
    Some(Draft::assemble(anchor, inputs, Vec::new(), closed))
}

/// Coins that are worth their own spending, the largest first, with what the first of them come to.
pub(super) struct Purse<'c> {
    pub(super) coins: Vec<(&'c Coin, InputSize)>,
    /// Value and size of the first 0, 1, 2, … coins.
    sums: Vec<(i128, Size)>,
}

impl<'c> Purse<'c> {
    pub(super) fn new(coins: &'c [Coin], terms: &Terms<'_>) -> Self {
        let worth =
            |(coin, input): &(&Coin, InputSize)| coin.amount > terms.rate.of(input.vbytes());
        let mut coins: Vec<_> = coins
            .iter()
            .filter_map(|coin| Some((coin, terms.input(&coin.script)?)))
            .filter(worth)
            .collect();
        coins.sort_by_key(|(coin, _)| (Reverse(coin.amount), coin.outpoint));
        let mut sums = vec![(0, Size::default())];
        let (mut total, mut size) = (0, Size::default());
        for (coin, input) in &coins {
            total += i128::from(coin.amount.0);
            size = size.with_input(*input);
            sums.push((total, size));
        }
        Self { coins, sums }
    }

    /// Value and size of the first coins.
    fn first(&self, count: usize) -> Option<(i128, Size)> {
        self.sums.get(count).copied()
    }
}

/// The draw of the pool's fees is last: payees come first.
fn in_order(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut waiting: Vec<_> = candidates.iter().collect();
    waiting.sort_by(|a, b| {
        let key = |c: &Candidate| (c.payee == POOL_FEE, Reverse(c.balance));
        key(a).cmp(&key(b)).then_with(|| a.payee.cmp(&b.payee))
    });
    waiting
}

fn fits(size: Size, terms: &Terms<'_>) -> bool {
    size.inputs() <= u64::from(terms.policy.max_inputs)
        && size.weight() <= u64::from(terms.policy.max_weight)
}

/// Takes payees one by one for as long as coins and limits reach; returns them, the number of coins
/// they need, and the rest with reasons.
fn take<'a>(
    waiting: &[&'a Candidate],
    purse: &Purse<'_>,
    terms: &Terms<'_>,
) -> (Vec<&'a Candidate>, usize, Vec<LeftOut>) {
    let policy = terms.policy;
    let room = u64::from(policy.max_outputs).saturating_sub(terms.change_outputs());
    let pool_pays = policy.fee.from == FeePayer::Pool;
    let (mut chosen, mut passed) = (Vec::new(), Vec::new());
    let (mut owed, mut outputs, mut count) = (0_i128, Size::default(), 0);
    for candidate in waiting {
        let next_owed = owed + i128::from(candidate.balance.0);
        let next_outputs = outputs.with_output(candidate.script.len());
        let reach = if next_outputs.outputs() > room {
            Err(Reason::Full(Limit::Outputs))
        } else if policy
            .max_amount
            .is_some_and(|limit| next_owed > i128::from(limit.0))
        {
            Err(Reason::Full(Limit::Amount))
        } else {
            reach(next_owed, next_outputs, count, pool_pays, purse, terms)
        };
        match reach {
            Ok(next_count) => {
                (owed, outputs, count) = (next_owed, next_outputs, next_count);
                chosen.push(*candidate);
            }
            Err(reason) => passed.push(left_out(candidate, reason)),
        }
    }
    (chosen, count, passed)
}

/// The number of coins, from `count` on, that pays so much by so many outputs within the limits.
fn reach(
    owed: i128,
    outputs: Size,
    mut count: usize,
    pool_pays: bool,
    purse: &Purse<'_>,
    terms: &Terms<'_>,
) -> Result<usize, Reason> {
    loop {
        let (value, inputs) = purse.first(count).ok_or(Reason::NoCoins)?;
        let size = inputs.and(outputs);
        if size.inputs() > u64::from(terms.policy.max_inputs) {
            return Err(Reason::Full(Limit::Inputs));
        }
        if terms.with_change(size, usize::MAX).weight() > u64::from(terms.policy.max_weight) {
            return Err(Reason::Full(Limit::Weight));
        }
        let fee = if pool_pays {
            terms.rate.of(size.vbytes()).0.into()
        } else {
            0
        };
        if count > 0 && value >= owed + fee {
            return Ok(count);
        }
        count += 1;
    }
}

enum Built {
    Draft(Draft),
    Nobody,
    Without(Vec<LeftOut>),
}

fn build(chosen: &[&Candidate], count: usize, purse: &Purse<'_>, terms: &Terms<'_>) -> Built {
    let Some(last) = chosen.last() else {
        return Built::Nobody;
    };
    let outputs = chosen
        .iter()
        .fold(Size::default(), |size, c| size.with_output(c.script.len()));
    // More coins than are needed, where the little that is left would go to the chain's miners
    // above the ceiling: then it comes back as change instead.
    let mut more = count;
    while let Some((value, inputs)) = purse.first(more) {
        let size = inputs.and(outputs);
        if more > count && !fits(terms.with_change(size, usize::MAX), terms) {
            break;
        }
        let parts = match parts(chosen, value, size, terms) {
            Ok(parts) => parts,
            Err(removed) => return Built::Without(removed),
        };
        if let Some(draft) = finish(parts, more, outputs, purse, terms) {
            return Built::Draft(draft);
        }
        more += 1;
    }
    Built::Without(vec![left_out(last, Reason::NoCoins)])
}

/// What each gets and what he bears of the fee; or who would get too little.
fn parts(
    chosen: &[&Candidate],
    value: i128,
    size: Size,
    terms: &Terms<'_>,
) -> Result<Vec<PayoutPart>, Vec<LeftOut>> {
    let part = |candidate: &Candidate, share: Amount| PayoutPart {
        payee: candidate.payee.clone(),
        script: candidate.script.clone(),
        amount: Amount(candidate.balance.0.saturating_sub(share.0)),
        fee_share: share,
    };
    if terms.policy.fee.from == FeePayer::Pool {
        return Ok(chosen.iter().map(|c| part(c, Amount::ZERO)).collect());
    }
    let owed: i128 = chosen.iter().map(|c| i128::from(c.balance.0)).sum();
    let left = value - owed;
    let change_dust = dust_limit(terms.change_script(), terms.policy);
    // With change they bear the fee of a transaction with one change output. Without, what is too
    // little to come back pays first.
    let fee = if left >= i128::from(change_dust.0) {
        terms.rate.of(terms.with_change(size, 1).vbytes())
    } else {
        let fee = i128::from(terms.rate.of(size.vbytes()).0) - left;
        Amount(i64::try_from(fee.max(0)).unwrap_or(i64::MAX))
    };
    let balances: BTreeMap<String, Amount> = chosen
        .iter()
        .map(|c| (c.payee.clone(), c.balance))
        .collect();
    let shares = shares(fee, &balances).unwrap_or_default();
    let share = |c: &Candidate| shares.get(&c.payee).copied().unwrap_or(fee);
    let too_little: Vec<_> = chosen
        .iter()
        .filter(|c| {
            let amount = c.balance.0.saturating_sub(share(c).0);
            Amount(amount) < dust_limit(&c.script, terms.policy)
        })
        .map(|c| left_out(c, Reason::FeeTooHigh { share: share(c) }))
        .collect();
    if too_little.is_empty() {
        Ok(chosen.iter().map(|c| part(c, share(c))).collect())
    } else {
        Err(too_little)
    }
}

/// The draft with the first coins, and with more where coins are gathered; none when what is left of
/// the coins would be a fee above the ceiling.
fn finish(
    parts: Vec<PayoutPart>,
    count: usize,
    outputs: Size,
    purse: &Purse<'_>,
    terms: &Terms<'_>,
) -> Option<Draft> {
    let first = purse.coins.get(..count)?;
    let (_, inputs) = purse.first(count)?;
    let mut size = inputs.and(outputs);
    let mut chosen: Vec<&Coin> = first.iter().map(|(coin, _)| *coin).collect();
    let anchor = anchor(chosen.iter().copied())?;
    if terms.policy.inputs == InputChoice::Consolidate {
        for (coin, input) in purse.coins.get(count..)?.iter().rev() {
            let next = size.with_input(*input);
            if !fits(terms.with_change(next, usize::MAX), terms) {
                break;
            }
            size = next;
            chosen.push(coin);
        }
    }
    let value = Amount::checked_sum(chosen.iter().map(|coin| coin.amount))?;
    let paid = Amount::checked_sum(parts.iter().map(|part| part.amount))?;
    let closed = terms.close(value.checked_sub(paid)?, size, Amount::ZERO)?;
    if closed.fee > terms.ceiling(closed.vbytes) {
        return None;
    }
    let inputs: Vec<PayoutInput> = chosen.into_iter().map(Into::into).collect();
    Some(Draft::assemble(anchor, inputs, parts, closed))
}

/// The coin that was made longest ago: the one least likely to be reorganised away.
pub(super) fn anchor<'c>(coins: impl Iterator<Item = &'c Coin>) -> Option<Outpoint> {
    coins
        .min_by_key(|coin| (coin.height, Reverse(coin.amount), coin.outpoint))
        .map(|coin| coin.outpoint)
}

fn left_out(candidate: &Candidate, reason: Reason) -> LeftOut {
    LeftOut {
        payee: candidate.payee.clone(),
        balance: candidate.balance,
        reason,
    }
}
