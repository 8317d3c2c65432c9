//! A split as a statement has it that was signed before: what was told to the signers is what is
//! credited, also where the same work counted again comes to something else.
//!
//! After a database was put back from a backup, shares arrive again in another order, and a window
//! that is cut in the middle of them holds others. The signers follow one chain of statements, so
//! the amounts are those of the statement; the work stays as it was counted again.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{BlockSplit, ChainSplit, Part, Payee, StatementBody, apportion};

/// Why a split cannot be brought to what was stated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RestateError {
    /// The sharechains without a statement get another sum than the stated ones leave.
    #[error(
        "the statements that were signed give {stated} of the reward {reward} to their sharechains, \
         and the work counted again gives {others} to the others: wait for the statements of those"
    )]
    Rest {
        /// The reward.
        reward: u64,
        /// Sum of the stated parts.
        stated: u128,
        /// Sum of the other sharechains' parts.
        others: u128,
    },
}

/// The split with each stated sharechain's part as it was stated. `stated` are statements about the
/// block, one a sharechain; `finder` gets the bonuses that are in them.
pub fn restate(
    split: BlockSplit,
    stated: &[StatementBody],
    finder: &Payee,
) -> Result<BlockSplit, RestateError> {
    let reward = split.reward;
    let mut chains: BTreeMap<String, ChainSplit> = split
        .chains
        .into_iter()
        .map(|chain| (chain.sharechain.clone(), chain))
        .collect();
    let is_stated = |name: &String| stated.iter().any(|body| body.sharechain == *name);
    let whole: u128 = stated.iter().map(|body| u128::from(body.amount)).sum();
    let others: u128 = chains
        .iter()
        .filter(|(name, _)| !is_stated(name))
        .map(|(_, chain)| u128::from(chain.amount))
        .sum();
    // All sharechains that got a part are stated together, in most cases: the others got nothing.
    if whole == u128::from(reward) {
        chains.retain(|name, _| is_stated(name));
    } else if whole + others != u128::from(reward) {
        return Err(RestateError::Rest {
            reward,
            stated: whole,
            others,
        });
    }
    for body in stated {
        let counted = chains.remove(&body.sharechain);
        let chain = restate_chain(counted, body, finder);
        chains.insert(body.sharechain.clone(), chain);
    }
    Ok(BlockSplit {
        reward,
        chains: chains.into_values().collect(),
    })
}

fn restate_chain(counted: Option<ChainSplit>, body: &StatementBody, finder: &Payee) -> ChainSplit {
    let split_work = counted.as_ref().map_or(0, |chain| chain.split_work);
    let mut parts: BTreeMap<Payee, Part> = counted
        .into_iter()
        .flat_map(|chain| chain.parts)
        .map(|part| (part.payee.clone(), part))
        .collect();
    for payee in body.entries.keys() {
        parts.entry(payee.clone()).or_insert_with(|| nothing(payee));
    }
    // A statement has the sum of the donations only. Whose they were is as it was counted again,
    // scaled to that sum.
    let donations = restate_donations(&parts, body.donation, finder);
    for payee in donations.keys() {
        parts.entry(payee.clone()).or_insert_with(|| nothing(payee));
    }
    if body.bonus > 0 {
        let part = parts.entry(finder.clone());
        part.or_insert_with(|| nothing(finder));
    }
    let parts = parts
        .into_values()
        .map(|part| Part {
            amount: body
                .entries
                .get(&part.payee)
                .map_or(0, |entry| entry.amount),
            donation: donations.get(&part.payee).copied().unwrap_or_default(),
            bonus: if part.payee == *finder { body.bonus } else { 0 },
            ..part
        })
        .collect();
    ChainSplit {
        sharechain: body.sharechain.clone(),
        split_work,
        amount: body.amount,
        reserve: body.reserve,
        fee: body.fee,
        parts,
    }
}

fn restate_donations(
    parts: &BTreeMap<Payee, Part>,
    sum: u64,
    finder: &Payee,
) -> BTreeMap<Payee, u64> {
    if sum == 0 {
        return BTreeMap::new();
    }
    let weights = |of: fn(&Part) -> u128| {
        let weights = parts.iter().map(|(payee, part)| (payee.clone(), of(part)));
        weights.collect::<BTreeMap<_, _>>()
    };
    apportion(sum, &weights(|part| part.donation.into()))
        .or_else(|| apportion(sum, &weights(|part| part.work)))
        .unwrap_or_else(|| BTreeMap::from([(finder.clone(), sum)]))
}

fn nothing(payee: &Payee) -> Part {
    Part {
        payee: payee.clone(),
        work: 0,
        amount: 0,
        bonus: 0,
        donation: 0,
    }
}
