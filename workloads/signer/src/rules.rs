//! What may be signed: pure functions of the request, the signer's books, its policy and the time.
//!
//! ```text
//!  number = last + 1 ──▶ every part ≤ credited − signed, within the policy ──▶ Sign
//!  number ≤ last, same content, same transaction ──▶ GiveAgain
//!  number ≤ last, same content, next version, higher fee ──▶ Sign
//!  number ≤ last, anything else ──▶ Behind: the pool does not know what was signed
//!  number > last + 1 ──▶ Refuse
//! ```

use std::collections::{BTreeMap, HashSet};

use bitcoin::ScriptBuf;
use ngpool_chain::{Address, Network, address};
use thiserror::Error;

use crate::{
    books::{Books, PayoutBooks, Record, SignedRecord, Timestamp, charge},
    encoding::RawTransaction,
    keyring::Keyring,
    policy::Policy,
    psbt::Checked,
    request::{POOL_FEE, PayeePart, Payout, SignedVersion},
};

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
    /// Numbers start at 1.
    #[error("payout and version numbers start at 1")]
    Zero,
    /// Payouts in between are missing.
    #[error(
        "payout {number} does not follow {last}, the last that this signer has: put its newest \
         journal back, or ask for {} first", last + 1
    )]
    NumberAhead {
        /// As asked.
        number: u64,
        /// The signer's last.
        last: u64,
    },
    /// It was recorded void.
    #[error("payout {0} was recorded void and is never signed")]
    Void(u64),
    /// Versions in between are missing, or a first request is not for version 1.
    #[error("version {version} of payout {number} does not follow version {last}")]
    VersionAhead {
        /// The payout.
        number: u64,
        /// As asked.
        version: u32,
        /// The signer's last.
        last: u32,
    },
    /// A version is for a higher fee.
    #[error("version {version} has a fee of {fee}, not above the {last} of the version before")]
    FeeNotRaised {
        /// As asked.
        version: u32,
        /// As asked.
        fee: u64,
        /// Of the version before.
        last: u64,
    },
    /// Nobody is paid.
    #[error("the payout pays nobody")]
    Empty,
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
    /// An input is what another payout is recognised by.
    #[error("the transaction spends the anchor of payout {0}")]
    AnchorReused(u64),
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
            Self::Zero => "number_zero",
            Self::NumberAhead { .. } => "number_ahead",
            Self::Void(_) => "void",
            Self::VersionAhead { .. } => "version_ahead",
            Self::FeeNotRaised { .. } => "fee_not_raised",
            Self::Empty => "empty",
            Self::PayeeTwice(_) => "payee_twice",
            Self::ZeroPart(_) => "zero_part",
            Self::Credit { .. } => "credit",
            Self::Script(_) => "script",
            Self::Unspendable(_) => "unspendable",
            Self::PoolFeeScript => "pool_fee_script",
            Self::AnchorNotSpent => "anchor_not_spent",
            Self::AnchorReused(_) => "anchor_reused",
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

    /// The journal's record of it, once signed.
    pub fn record(&self, transaction: bitcoin::Transaction, at: Timestamp) -> SignedRecord {
        SignedRecord {
            number: self.payout.number,
            version: self.payout.version,
            anchor: self.payout.anchor,
            payees: in_order(&self.payout.payees),
            fee: self.payout.fee,
            unsigned: RawTransaction(self.checked.transaction().clone()),
            transaction: RawTransaction(transaction),
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
    let last = books.last_payout();
    match books.payout(number) {
        Some(PayoutBooks::Void) => VoidDecision::Again,
        Some(PayoutBooks::Signed { .. }) => VoidDecision::Behind { from: number },
        None if number == 0 => VoidDecision::Refuse(Refusal::Zero),
        None if last.checked_add(1) == Some(number) => {
            VoidDecision::Record(Record::Void { number, at: now })
        }
        None => VoidDecision::Refuse(Refusal::NumberAhead { number, last }),
    }
}

/// Scripts that a payout names for credited payees and that were never seen: to be booked whatever
/// is decided, so that their time begins to run. Payees named by an address have one script for
/// ever, which their statements name.
pub fn new_scripts(context: &Context<'_>, payout: &Payout) -> Vec<Record> {
    let is_new = |part: &&PayeePart| {
        part.payee != POOL_FEE
            && context.books.payee(&part.payee).is_some_and(|payee| {
                payee.credited > 0 && !payee.scripts.contains_key(&part.script)
            })
            && check_script(context, part).is_ok()
    };
    payout
        .payees
        .iter()
        .filter(is_new)
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
    let (number, version) = (payout.number, payout.version);
    if number == 0 || version == 0 {
        return Err(Refusal::Zero);
    }
    let last = context.books.last_payout();
    let fees_before = match context.books.payout(number) {
        None if last.checked_add(1) != Some(number) => {
            return Err(Refusal::NumberAhead { number, last });
        }
        None if version != 1 => {
            return Err(Refusal::VersionAhead {
                number,
                version,
                last: 0,
            });
        }
        None => 0,
        Some(PayoutBooks::Void) => return Err(Refusal::Void(number)),
        Some(PayoutBooks::Signed {
            anchor,
            payees,
            versions,
        }) => {
            if *anchor != payout.anchor || *payees != in_order(&payout.payees) {
                return Ok(Decision::Behind { from: number });
            }
            if let Some(same) = versions
                .iter()
                .find(|signed| signed.unsigned.0 == *checked.transaction())
            {
                return Ok(Decision::GiveAgain(same.clone()));
            }
            let (last, dearest) = versions
                .last()
                .map_or((0, 0), |last| (last.version, last.fee));
            if version <= last {
                return Ok(Decision::Behind { from: number });
            }
            if last.checked_add(1) != Some(version) {
                return Err(Refusal::VersionAhead {
                    number,
                    version,
                    last,
                });
            }
            if payout.fee <= dearest {
                return Err(Refusal::FeeNotRaised {
                    version,
                    fee: payout.fee,
                    last: dearest,
                });
            }
            dearest
        }
    };
    check_transaction(context, keyring, payout, checked)?;
    check_fee(context, payout, checked, fees_before)?;
    if version == 1 {
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
    if let Some(other) = checked
        .outpoints()
        .filter_map(|outpoint| context.books.anchored(&outpoint))
        .find(|other| *other != payout.number)
    {
        return Err(Refusal::AnchorReused(other));
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
    let rate = u128::from(real).div_ceil(u128::from(checked.vsize().max(1)));
    within(Limited::FeeRate, rate, limits.rate)
}

fn check_payees(context: &Context<'_>, payout: &Payout) -> Result<(), Refusal> {
    if payout.payees.is_empty() {
        return Err(Refusal::Empty);
    }
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
        if part.amount == 0 {
            return Err(Refusal::ZeroPart(payee.clone()));
        }
        check_script(context, part)?;
        let charge = charge(part);
        let known = books.payee(payee);
        let left = known.map_or(0, |known| known.credited.saturating_sub(known.signed));
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
        if payee != POOL_FEE {
            let script = known.and_then(|known| known.scripts.get(&part.script));
            let age = script.map_or(0, |script| now.saturating_sub(script.first_seen));
            if age < i64::from(policy.new_scripts.hours) * 3600 {
                let to_script = script.map_or(0, |script| script.signed) + charge;
                let what = Limited::NewScript(payee.clone());
                within(what, to_script, policy.new_scripts.limit)?;
            }
        }
        total += charge;
    }
    within(Limited::Payout, total, policy.limits.payout)?;
    within(
        Limited::Day,
        books.signed_in_day(now) + total,
        policy.limits.day,
    )
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
