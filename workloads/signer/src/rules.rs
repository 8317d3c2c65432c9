//! What may be signed: pure functions of the request, the signer's books, its policy and the time.
//!
//! ```text
//!  number = last + 1 ──▶ every part ≤ credited − signed, within the policy ──▶ Sign
//!  number ≤ last, same content, same transaction ──▶ GiveAgain
//!  number ≤ last, same content, next version, higher fee ──▶ Sign
//!  number ≤ last, anything else ──▶ Behind: the pool does not know what was signed
//!  number > last + 1 ──▶ Refuse
//! ```
//!
//! The numbers and credits alone are [`ledger`]'s, which knows nothing of keys, policies and files.

pub mod ledger;

use std::collections::{BTreeMap, HashSet};

use bitcoin::ScriptBuf;
use ngpool_chain::{Address, Network, address};
use thiserror::Error;

use crate::{
    books::{Books, DAY, Record, SignedRecord, SignedResult, Timestamp},
    encoding::RawTransaction,
    keyring::Keyring,
    policy::Policy,
    psbt::Checked,
    request::{POOL_FEE, PayeePart, Payout, RefusedPayee, SignedVersion},
};

use ledger::{Asked, Mark, NumberRefusal, Part, Step};

/// Most scripts that are remembered of one payee: further ones stay new for ever. A pool cannot
/// fill the journal by naming ever new ones.
const MOST_SCRIPTS: usize = 100;

/// What is decided about a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may be signed.
    Sign(Approved),
    /// It was signed: this is it.
    GiveAgain(SignedVersion),
    /// The pool does not know the payouts from this number on: it must book them first.
    Behind {
        /// The first of them.
        from: u64,
    },
    /// It is not signed.
    Refuse(Refusal),
}

/// A payout that passed every rule. Only [`decide`] makes one, and only it can be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    payout: Payout,
    checked: Checked,
}

/// What is decided about a number to be void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidDecision {
    /// It is to be recorded.
    Record(Record),
    /// It was recorded before.
    Again,
    /// It was signed: the pool must book what was signed from this number on.
    Behind {
        /// The first of them.
        from: u64,
    },
    /// Nothing is recorded.
    Refuse(Refusal),
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What the signer knows.
    pub books: &'a Books,
    /// What its operator allows.
    pub policy: &'a Policy,
    /// The chain.
    pub network: &'a Network,
    /// The time by [`Books::time`].
    pub now: Timestamp,
}

/// Why a payout is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Its number, its version or its anchor.
    #[error(transparent)]
    Number(#[from] NumberRefusal),
    /// A payee stands in it twice.
    #[error("payee {0} is in the payout twice")]
    PayeeTwice(String),
    /// A part is nothing.
    #[error("the part of payee {0} is zero")]
    ZeroPart(String),
    /// More than he was credited.
    #[error(
        "payee {payee} would be paid {charge}, but of his credits only {left} are not signed away"
    )]
    Credit {
        /// The payee.
        payee: String,
        /// What the payout counts against him.
        charge: u128,
        /// Credited − ever signed.
        left: u128,
    },
    /// The script is not the one that the name says.
    #[error("payee {0} is an address, and the output's script is another's")]
    Script(String),
    /// Money that nobody can spend.
    #[error("the script of payee {0} cannot be spent by anybody")]
    Unspendable(String),
    /// The pool's fee goes where the policy does not say.
    #[error(
        "the pool's fee would go to a script that the policy does not name under poolFeeAddresses"
    )]
    PoolFeeScript,
    /// The anchor is not among the inputs.
    #[error("the transaction does not spend the payout's anchor")]
    AnchorNotSpent,
    /// An output that no payee and no change accounts for, or a payee without his output.
    #[error("the outputs are not exactly the payees' and change to this signer's own scripts")]
    Outputs,
    /// More change outputs than allowed.
    #[error("the transaction has {found} change outputs, more than the policy's {limit}")]
    ChangeOutputs {
        /// In the transaction.
        found: usize,
        /// By the policy.
        limit: usize,
    },
    /// The fee is not inputs − outputs.
    #[error("the request names a fee of {asked}, the transaction pays {real}")]
    Fee {
        /// In the request.
        asked: u64,
        /// Inputs − outputs.
        real: u64,
    },
    /// Payees are charged more than the fee.
    #[error("the payees' fee shares are more than the fee of {0}")]
    FeeShares(u64),
    /// A limit of the policy.
    #[error("{what} would be {would}, more than the policy's limit of {limit}")]
    Limit {
        /// What is limited.
        what: Limited,
        /// What it would come to.
        would: u128,
        /// The policy's.
        limit: u128,
    },
}

/// What a policy limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limited {
    /// All parts of a payout.
    Payout,
    /// All payouts of a day.
    Day,
    /// One payee in a day.
    PayeeDay(String),
    /// A payee's new script.
    NewScript(String),
    /// Fee of a transaction.
    Fee,
    /// Fees of a day.
    FeeDay,
    /// Fee by the virtual byte.
    FeeRate,
}

impl std::fmt::Display for Limited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Payout => f.write_str("the payout"),
            Self::Day => f.write_str("all payouts of a day"),
            Self::PayeeDay(payee) => write!(f, "what payee {payee} gets in a day"),
            Self::NewScript(payee) => write!(f, "what the new script of payee {payee} gets"),
            Self::Fee => f.write_str("the fee"),
            Self::FeeDay => f.write_str("the fees of a day"),
            Self::FeeRate => f.write_str("the fee by the virtual byte"),
        }
    }
}

impl Refusal {
    /// Stable code of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Number(refusal) => refusal.code(),
            Self::PayeeTwice(_) => "payee_twice",
            Self::ZeroPart(_) => "zero_part",
            Self::Credit { .. } => "credit",
            Self::Script(_) => "script",
            Self::Unspendable(_) => "unspendable",
            Self::PoolFeeScript => "pool_fee_script",
            Self::AnchorNotSpent => "anchor_not_spent",
            Self::Outputs => "outputs",
            Self::ChangeOutputs { .. } => "change_outputs",
            Self::Fee { .. } => "fee",
            Self::FeeShares(_) => "fee_shares",
            Self::Limit { what, .. } => match what {
                Limited::Payout => "limit_payout",
                Limited::Day => "limit_day",
                Limited::PayeeDay(_) => "limit_payee_day",
                Limited::NewScript(_) => "limit_new_script",
                Limited::Fee => "limit_fee",
                Limited::FeeDay => "limit_fee_day",
                Limited::FeeRate => "limit_fee_rate",
            },
        }
    }
}

impl Approved {
    /// The checked transaction.
    pub const fn checked(&self) -> &Checked {
        &self.checked
    }

    /// What was asked for.
    pub const fn payout(&self) -> &Payout {
        &self.payout
    }

    /// The journal's record of it, once signed.
    pub fn record(&self, result: SignedResult, at: Timestamp) -> SignedRecord {
        SignedRecord {
            number: self.payout.number,
            version: self.payout.version,
            anchor: self.payout.anchor,
            payees: in_order(&self.payout.payees),
            fee: self.payout.fee,
            unsigned: RawTransaction(self.checked.transaction().clone()),
            result,
            at,
        }
    }
}

/// Decides about a payout.
pub fn decide(
    context: &Context<'_>,
    keyring: &Keyring,
    payout: &Payout,
    checked: &Checked,
) -> Decision {
    match judge(context, keyring, payout, checked) {
        Ok(decision) => decision,
        Err(refusal) => Decision::Refuse(refusal),
    }
}

/// Decides about a number to be void.
pub fn void(books: &Books, number: u64, now: Timestamp) -> VoidDecision {
    match books.ledger().void(number) {
        Ok(Mark::Record) => VoidDecision::Record(Record::Void { number, at: now }),
        Ok(Mark::Again) => VoidDecision::Again,
        Ok(Mark::Behind) => VoidDecision::Behind { from: number },
        Err(refusal) => VoidDecision::Refuse(refusal.into()),
    }
}

/// Scripts that a payout names for credited payees and that were never seen: to be booked whatever
/// is decided, so that their time begins to run. Payees named by an address have one script for
/// ever, which their statements name.
pub fn new_scripts(context: &Context<'_>, payout: &Payout) -> Vec<Record> {
    let mut seen = HashSet::new();
    payout
        .payees
        .iter()
        .filter(|part| seen.insert(&part.payee))
        .filter(|part| {
            let scripts = context.books.scripts(&part.payee);
            part.payee != POOL_FEE
                && context.books.account(&part.payee).credited > 0
                && scripts.is_none_or(|scripts| {
                    scripts.len() < MOST_SCRIPTS && !scripts.contains_key(&part.script)
                })
                && check_script(context, part).is_ok()
        })
        .map(|part| Record::Script {
            payee: part.payee.clone(),
            script: part.script.clone(),
            at: context.now,
        })
        .collect()
}

fn judge(
    context: &Context<'_>,
    keyring: &Keyring,
    payout: &Payout,
    checked: &Checked,
) -> Result<Decision, Refusal> {
    let payees = in_order(&payout.payees);
    let asked = Asked {
        number: payout.number,
        version: payout.version,
        anchor: &payout.anchor,
        parts: &payees,
        fee: payout.fee,
    };
    let is_same = |signed: &SignedVersion| signed.unsigned.0 == *checked.transaction();
    let dearest = match context.books.ledger().step(&asked, is_same)? {
        Step::Behind => {
            return Ok(Decision::Behind {
                from: payout.number,
            });
        }
        Step::Again(same) => return Ok(Decision::GiveAgain(same.clone())),
        Step::First => 0,
        Step::Raise { dearest } => dearest,
    };
    check_transaction(context, keyring, payout, checked)?;
    check_fee(context, payout, checked, dearest)?;
    if payout.version == 1 {
        check_payees(context, payout)?;
    }
    Ok(Decision::Sign(Approved {
        payout: payout.clone(),
        checked: checked.clone(),
    }))
}

fn check_transaction(
    context: &Context<'_>,
    keyring: &Keyring,
    payout: &Payout,
    checked: &Checked,
) -> Result<(), Refusal> {
    if !checked
        .outpoints()
        .any(|outpoint| outpoint == payout.anchor)
    {
        return Err(Refusal::AnchorNotSpent);
    }
    for outpoint in checked.outpoints() {
        context.books.ledger().may_spend(payout.number, &outpoint)?;
    }
    let mut owed: BTreeMap<(&ScriptBuf, u64), usize> = BTreeMap::new();
    for part in &payout.payees {
        *owed.entry((&part.script, part.amount)).or_default() += 1;
    }
    let mut change = 0;
    for output in &checked.transaction().output {
        let key = (&output.script_pubkey, output.value.to_sat());
        match owed.get_mut(&key) {
            Some(left) if *left > 0 => *left -= 1,
            _ if keyring.owns(output) => change += 1,
            _ => return Err(Refusal::Outputs),
        }
    }
    if owed.values().any(|left| *left > 0) {
        return Err(Refusal::Outputs);
    }
    let limit = context.policy.max_change_outputs;
    if change > limit {
        return Err(Refusal::ChangeOutputs {
            found: change,
            limit,
        });
    }
    Ok(())
}

fn check_fee(
    context: &Context<'_>,
    payout: &Payout,
    checked: &Checked,
    fees_before: u64,
) -> Result<(), Refusal> {
    let (asked, real) = (payout.fee, checked.fee());
    if asked != real {
        return Err(Refusal::Fee { asked, real });
    }
    let limits = &context.policy.fee;
    let more = u128::from(real.saturating_sub(fees_before));
    within(Limited::Fee, u128::from(real), limits.transaction)?;
    within(
        Limited::FeeDay,
        context.books.fees_in_day(context.now) + more,
        limits.day,
    )?;
    // Rounded up: a rate just above the limit is above it.
    let rate = |fee: u64, vsize: u64| u128::from(fee).div_ceil(u128::from(vsize.max(1)));
    let alone = within(Limited::FeeRate, rate(real, checked.vsize()), limits.rate);
    // A child that pays nobody pays for its parent too: nodes take the two at their common rate.
    let parent = context.books.signed_as(&payout.anchor.txid);
    match parent.and_then(|parent| Some((parent.fee, parent.transaction.as_ref()?.0.vsize()))) {
        Some((fee, vsize)) if alone.is_err() && payout.payees.is_empty() => {
            // A size in memory fits.
            let vsize = checked.vsize().saturating_add(vsize as u64);
            within(
                Limited::FeeRate,
                rate(real.saturating_add(fee), vsize),
                limits.rate,
            )
        }
        _ => alone,
    }
}

fn check_payees(context: &Context<'_>, payout: &Payout) -> Result<(), Refusal> {
    let (books, policy, now) = (context.books, context.policy, context.now);
    let shares: u128 = payout.payees.iter().map(|p| u128::from(p.fee_share)).sum();
    if shares > u128::from(payout.fee) {
        return Err(Refusal::FeeShares(payout.fee));
    }
    let mut seen = HashSet::new();
    let mut total = 0;
    for part in &payout.payees {
        let payee = &part.payee;
        if !seen.insert(payee) {
            return Err(Refusal::PayeeTwice(payee.clone()));
        }
        check_payee(context, part)?;
        total += part.charge();
    }
    within(Limited::Payout, total, policy.limits.payout)?;
    within(
        Limited::Day,
        books.signed_in_day(now) + total,
        policy.limits.day,
    )
}

/// What holds for one payee, whoever else is paid.
fn check_payee(context: &Context<'_>, part: &PayeePart) -> Result<(), Refusal> {
    let (books, policy, now) = (context.books, context.policy, context.now);
    let payee = &part.payee;
    if part.amount == 0 {
        return Err(Refusal::ZeroPart(payee.clone()));
    }
    check_script(context, part)?;
    let charge = part.charge();
    let left = books.account(payee).left();
    if charge > left {
        return Err(Refusal::Credit {
            payee: payee.clone(),
            charge,
            left,
        });
    }
    let in_day = books.signed_in_day_for(payee, now) + charge;
    within(
        Limited::PayeeDay(payee.clone()),
        in_day,
        policy.limits.payee_day,
    )?;
    // The policy itself names where the pool's fee goes.
    if payee == POOL_FEE {
        return Ok(());
    }
    let script = books
        .scripts(payee)
        .and_then(|scripts| scripts.get(&part.script));
    let age = script.map_or(0, |script| now.saturating_sub(script.first_seen));
    if age >= young(policy) {
        return Ok(());
    }
    let to_script = script.map_or(0, |script| script.signed) + charge;
    let what = Limited::NewScript(payee.clone());
    within(what, to_script, policy.new_scripts.limit)
}

/// Seconds for which a script is new.
fn young(policy: &Policy) -> Timestamp {
    i64::from(policy.new_scripts.hours) * 3600
}

/// Every payee for whom alone a payout is refused, so that the pool can leave them out. Nobody when it
/// is refused for another reason.
pub fn refused_payees(
    context: &Context<'_>,
    payout: &Payout,
    refusal: &Refusal,
) -> Vec<RefusedPayee> {
    let refusals = payout.payees.iter().filter_map(|part| {
        let refused = check_payee(context, part).err()?;
        let until = match &refused {
            Refusal::Limit {
                what: Limited::NewScript(_),
                ..
            } => {
                let scripts = context.books.scripts(&part.payee);
                let seen = scripts.and_then(|scripts| scripts.get(&part.script));
                let seen = seen.map_or(context.now, |script| script.first_seen);
                Some(seen.saturating_add(young(context.policy)))
            }
            Refusal::Limit { .. } => Some(context.now.saturating_add(DAY)),
            _ => None,
        };
        Some((refused, part, until))
    });
    let refusals: Vec<_> = refusals.collect();
    if !refusals.iter().any(|(refused, ..)| refused == refusal) {
        return Vec::new();
    }
    refusals
        .into_iter()
        .map(|(refused, part, until)| RefusedPayee {
            payee: part.payee.clone(),
            reason: refused.code().to_owned(),
            text: refused.to_string(),
            until,
        })
        .collect()
}

fn check_script(context: &Context<'_>, part: &PayeePart) -> Result<(), Refusal> {
    if address::is_unspendable(part.script.as_bytes()) || part.script.is_empty() {
        return Err(Refusal::Unspendable(part.payee.clone()));
    }
    if part.payee == POOL_FEE {
        return if context.policy.pool_fee_scripts.contains(&part.script) {
            Ok(())
        } else {
            Err(Refusal::PoolFeeScript)
        };
    }
    match Address::parse(&part.payee, context.network) {
        Ok(address) if address.script()[..] != *part.script.as_bytes() => {
            Err(Refusal::Script(part.payee.clone()))
        }
        _ => Ok(()),
    }
}

fn within(what: Limited, would: u128, limit: u64) -> Result<(), Refusal> {
    let limit = u128::from(limit);
    if would <= limit {
        Ok(())
    } else {
        Err(Refusal::Limit { what, would, limit })
    }
}

fn in_order(payees: &[PayeePart]) -> Vec<PayeePart> {
    let mut payees = payees.to_vec();
    payees.sort_by(|a, b| a.payee.cmp(&b.payee));
    payees
}
