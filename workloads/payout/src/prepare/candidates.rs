//! Who can be paid, and why the others are not: one bad address never blocks the rest.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_chain::{Address, AddressKind, Amount, Network, address};
use ngpool_settings::PayoutPolicy;
use ngpool_store::POOL_FEE;

/// What the books hold for a payee, and what was set for him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// As in the books.
    pub payee: String,
    /// What he has.
    pub balance: Amount,
    /// His own minimum.
    pub minimum: Option<Amount>,
    /// Why an operator holds him.
    pub hold: Option<String>,
    /// Parts up to this pass the holds by amount and by a new address.
    pub released: Option<Amount>,
    /// When he was credited first.
    pub credited_at: Option<DateTime<Utc>>,
}

/// A payee who can be paid his whole balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// As in the books.
    pub payee: String,
    /// The script that pays him.
    pub script: Vec<u8>,
    /// What he has.
    pub balance: Amount,
}

/// A payee who is not in a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// As in the books.
    pub payee: String,
    /// What he has.
    pub balance: Amount,
    /// Why.
    pub reason: Reason,
}

/// Why a payee is not in a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// He has less than is paid out.
    BelowMinimum {
        /// His minimum, or the currency's.
        minimum: Amount,
    },
    /// An operator holds him.
    Held(String),
    /// So much is paid only after an operator has looked.
    HeldByAmount {
        /// The policy's limit.
        above: Amount,
    },
    /// His address is new.
    HeldNew {
        /// When it no longer is; none where the books do not say since when he is there.
        until: Option<DateTime<Utc>>,
    },
    /// His name is no address of the network.
    NotAnAddress(String),
    /// Nobody could spend what is paid there, or anybody might.
    Unspendable(&'static str),
    /// Nodes would not relay an output so small.
    Dust {
        /// The smallest they relay to this kind of address.
        limit: Amount,
    },
    /// After his share of the fee too little is left.
    FeeTooHigh {
        /// His share.
        share: Amount,
    },
    /// No address is set for the pool's fees.
    NoFeeAddress,
    /// More than one payout may pay in all.
    AboveMaxAmount {
        /// The policy's limit.
        limit: Amount,
    },
    /// The payout is full; the next one takes him.
    Full(Limit),
    /// The coins that can be spent now do not reach.
    NoCoins,
}

/// What makes a payout full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Inputs.
    Inputs,
    /// Outputs.
    Outputs,
    /// Weight.
    Weight,
    /// What it pays in all.
    Amount,
}

impl Reason {
    /// Whether an operator has to do something, where waiting does not help.
    pub const fn needs_somebody(&self) -> bool {
        matches!(
            self,
            Self::HeldByAmount { .. }
                | Self::NotAnAddress(_)
                | Self::Unspendable(_)
                | Self::NoFeeAddress
                | Self::AboveMaxAmount { .. }
        )
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inputs => "inputs",
            Self::Outputs => "outputs",
            Self::Weight => "weight",
            Self::Amount => "amount",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BelowMinimum { minimum } => write!(f, "below the minimum of {minimum}"),
            Self::Held(reason) if reason.is_empty() => f.write_str("held by an operator"),
            Self::Held(reason) => write!(f, "held by an operator: {reason}"),
            Self::HeldByAmount { above } => write!(
                f,
                "held: more than {above} is paid after a look; `ngpayout release` lets it go"
            ),
            Self::HeldNew { until: Some(until) } => {
                write!(
                    f,
                    "held: a new address, until {}",
                    until.format("%F %T UTC")
                )
            }
            Self::HeldNew { until: None } => f.write_str("held: a new address"),
            Self::NotAnAddress(why) => write!(f, "cannot be paid: {why}"),
            Self::Unspendable(why) => write!(f, "cannot be paid: {why}"),
            Self::Dust { limit } => {
                write!(
                    f,
                    "dust: nodes relay no output below {limit} to this address"
                )
            }
            Self::FeeTooHigh { share } => {
                write!(f, "too little is left after {share} of the fee")
            }
            Self::NoFeeAddress => {
                f.write_str("the policy names no feeAddress for draws of the pool's fees")
            }
            Self::AboveMaxAmount { limit } => {
                write!(f, "more than the {limit} that one payout may pay")
            }
            Self::Full(limit) => {
                write!(f, "the payout reached its limit of {limit}; the next pays")
            }
            Self::NoCoins => f.write_str("the coins that can be spent now do not reach"),
        }
    }
}

/// Sorts payees into those who can be paid and those who cannot, each with the reason.
pub fn candidates(
    owed: &[Owed],
    policy: &PayoutPolicy,
    network: &Network,
    at: DateTime<Utc>,
) -> (Vec<Candidate>, Vec<LeftOut>) {
    let mut candidates = Vec::new();
    let mut left_out = Vec::new();
    for owed in owed.iter().filter(|owed| owed.balance > Amount::ZERO) {
        match judge(owed, policy, network, at) {
            Ok(script) => candidates.push(Candidate {
                payee: owed.payee.clone(),
                script,
                balance: owed.balance,
            }),
            Err(reason) => left_out.push(LeftOut {
                payee: owed.payee.clone(),
                balance: owed.balance,
                reason,
            }),
        }
    }
    (candidates, left_out)
}

/// The script that pays somebody, or why he is not paid.
fn judge(
    owed: &Owed,
    policy: &PayoutPolicy,
    network: &Network,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, Reason> {
    let script = script_of(&owed.payee, policy, network)?;
    // The operator chose the amount of his draw himself.
    if owed.payee != POOL_FEE {
        let minimum = owed.minimum.unwrap_or(policy.minimum);
        if owed.balance < minimum {
            return Err(Reason::BelowMinimum { minimum });
        }
    }
    if let Some(reason) = &owed.hold {
        return Err(Reason::Held(reason.clone()));
    }
    let is_released = owed
        .released
        .is_some_and(|released| owed.balance <= released);
    if owed.payee != POOL_FEE && !is_released {
        if let Some(above) = policy.holds.above.filter(|above| owed.balance > *above) {
            return Err(Reason::HeldByAmount { above });
        }
        hold_new(owed, policy, at)?;
    }
    let limit = dust_limit(&script, policy);
    if owed.balance < limit {
        return Err(Reason::Dust { limit });
    }
    if let Some(limit) = policy.max_amount.filter(|limit| owed.balance > *limit) {
        return Err(Reason::AboveMaxAmount { limit });
    }
    Ok(script)
}

fn hold_new(owed: &Owed, policy: &PayoutPolicy, at: DateTime<Utc>) -> Result<(), Reason> {
    if policy.holds.new_address_hours == 0 {
        return Ok(());
    }
    let age = TimeDelta::hours(policy.holds.new_address_hours.into());
    let until = owed
        .credited_at
        .and_then(|credited| credited.checked_add_signed(age));
    match until {
        Some(until) if until <= at => Ok(()),
        until => Err(Reason::HeldNew { until }),
    }
}

fn script_of(payee: &str, policy: &PayoutPolicy, network: &Network) -> Result<Vec<u8>, Reason> {
    let text = if payee == POOL_FEE {
        policy.fee_address.as_deref().ok_or(Reason::NoFeeAddress)?
    } else {
        payee
    };
    let address =
        Address::parse(text, network).map_err(|error| Reason::NotAnAddress(error.to_string()))?;
    if address::is_unspendable(address.script()) {
        return Err(Reason::Unspendable("nobody could ever spend it"));
    }
    if let AddressKind::UnknownWitness { .. } = address.kind() {
        return Err(Reason::Unspendable(
            "a witness version without meaning yet: anybody might be able to spend it",
        ));
    }
    Ok(address.script().to_vec())
}

/// The smallest output to a script that nodes relay.
pub fn dust_limit(script: &[u8], policy: &PayoutPolicy) -> Amount {
    let limit = address::dust_limit(script, policy.dust_relay_fee);
    // An output of nothing is none.
    Amount(i64::try_from(limit).unwrap_or(i64::MAX).max(1))
}
