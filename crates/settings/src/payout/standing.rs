//! Whether a payee can be paid, and why not: the one place of these rules, for the job that prepares
//! payouts and for the pages that tell a payee where he stands.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_chain::{Address, AddressKind, Amount, Network, address};

use super::PayoutPolicy;

/// What the books hold for a payee, and what was set for him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// As in the books: his address.
    pub payee: String,
    /// What he has.
    pub balance: Amount,
    /// His own minimum.
    pub minimum: Option<Amount>,
    /// Why an operator holds him.
    pub hold: Option<String>,
    /// Why the signer refused to pay him, and until when nobody asks it again.
    pub refused: Option<SignerRefusal>,
    /// Parts up to this pass the holds by amount and by a new address.
    pub released: Option<Amount>,
    /// When he was credited first.
    pub credited_at: Option<DateTime<Utc>>,
}

/// A signer refused to sign a payout because of one payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerRefusal {
    /// In its words.
    pub reason: String,
    /// When it may be asked again.
    pub until: DateTime<Utc>,
}

/// Why a payee with a balance is not paid, whatever else is in the payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// He has less than is paid out.
    BelowMinimum {
        /// His minimum, or the currency's.
        minimum: Amount,
    },
    /// An operator holds him.
    Held(String),
    /// The signer refuses him, for now.
    Refused(SignerRefusal),
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
    /// More than one payout may pay in all.
    AboveMaxAmount {
        /// The policy's limit.
        limit: Amount,
    },
}

impl Obstacle {
    /// Whether an operator has to do something, where waiting does not help.
    pub const fn needs_somebody(&self) -> bool {
        matches!(
            self,
            Self::HeldByAmount { .. }
                | Self::Refused(_)
                | Self::NotAnAddress(_)
                | Self::Unspendable(_)
                | Self::AboveMaxAmount { .. }
        )
    }

    /// Stable code of the reason, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BelowMinimum { .. } => "below_minimum",
            Self::Held(_) => "held",
            Self::Refused(_) => "refused_by_signer",
            Self::HeldByAmount { .. } => "held_amount",
            Self::HeldNew { .. } => "held_new_address",
            Self::NotAnAddress(_) => "not_an_address",
            Self::Unspendable(_) => "unspendable",
            Self::Dust { .. } => "dust",
            Self::AboveMaxAmount { .. } => "above_maximum",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BelowMinimum { minimum } => write!(f, "below the minimum of {minimum}"),
            Self::Held(reason) if reason.is_empty() => f.write_str("held by an operator"),
            Self::Held(reason) => write!(f, "held by an operator: {reason}"),
            Self::Refused(SignerRefusal { reason, until }) => {
                let until = until.format("%F %T UTC");
                write!(f, "held until {until}: the signer refuses: {reason}")
            }
            Self::HeldByAmount { above } => write!(
                f,
                "held: more than {above} is paid after a look; `ngpayout release` lets it go"
            ),
            Self::HeldNew { until: Some(until) } => {
                let until = until.format("%F %T UTC");
                write!(f, "held: a new address, until {until}")
            }
            Self::HeldNew { until: None } => f.write_str("held: a new address"),
            Self::NotAnAddress(why) => write!(f, "cannot be paid: {why}"),
            Self::Unspendable(why) => write!(f, "cannot be paid: {why}"),
            Self::Dust { limit } => write!(
                f,
                "dust: nodes relay no output below {limit} to this address"
            ),
            Self::AboveMaxAmount { limit } => {
                write!(f, "more than the {limit} that one payout may pay")
            }
        }
    }
}

/// The script that pays a payee his whole balance, or why he is not paid. Fees and the limits of one
/// payout are known only when it is made.
pub fn standing(
    owed: &Owed,
    policy: &PayoutPolicy,
    network: &Network,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, Obstacle> {
    let script = payable_script(&owed.payee, network)?;
    let minimum = owed.minimum.unwrap_or(policy.minimum);
    if owed.balance < minimum {
        return Err(Obstacle::BelowMinimum { minimum });
    }
    if let Some(reason) = &owed.hold {
        return Err(Obstacle::Held(reason.clone()));
    }
    if let Some(refused) = owed.refused.as_ref().filter(|refused| refused.until > at) {
        return Err(Obstacle::Refused(refused.clone()));
    }
    let is_released = owed
        .released
        .is_some_and(|released| owed.balance <= released);
    if !is_released {
        if let Some(above) = policy.holds.above.filter(|above| owed.balance > *above) {
            return Err(Obstacle::HeldByAmount { above });
        }
        hold_new(owed, policy, at)?;
    }
    fits(owed.balance, &script, policy)?;
    Ok(script)
}

/// The script of an address that can be paid to.
pub fn payable_script(payee: &str, network: &Network) -> Result<Vec<u8>, Obstacle> {
    let address = Address::parse(payee, network)
        .map_err(|error| Obstacle::NotAnAddress(error.to_string()))?;
    if address::is_unspendable(address.script()) {
        return Err(Obstacle::Unspendable("nobody could ever spend it"));
    }
    if let AddressKind::UnknownWitness { .. } = address.kind() {
        return Err(Obstacle::Unspendable(
            "a witness version without meaning yet: anybody might be able to spend it",
        ));
    }
    Ok(address.script().to_vec())
}

/// Whether an amount is neither too small nor too large for one output.
pub fn fits(amount: Amount, script: &[u8], policy: &PayoutPolicy) -> Result<(), Obstacle> {
    let limit = dust_limit(script, policy);
    if amount < limit {
        return Err(Obstacle::Dust { limit });
    }
    match policy.max_amount.filter(|limit| amount > *limit) {
        Some(limit) => Err(Obstacle::AboveMaxAmount { limit }),
        None => Ok(()),
    }
}

/// The smallest output to a script that nodes relay.
pub fn dust_limit(script: &[u8], policy: &PayoutPolicy) -> Amount {
    let limit = address::dust_limit(script, policy.dust_relay_fee);
    // An output of nothing is none.
    Amount(i64::try_from(limit).unwrap_or(i64::MAX).max(1))
}

fn hold_new(owed: &Owed, policy: &PayoutPolicy, at: DateTime<Utc>) -> Result<(), Obstacle> {
    if policy.holds.new_address_hours == 0 {
        return Ok(());
    }
    let age = TimeDelta::hours(policy.holds.new_address_hours.into());
    let until = owed
        .credited_at
        .and_then(|credited| credited.checked_add_signed(age));
    match until {
        Some(until) if until <= at => Ok(()),
        until => Err(Obstacle::HeldNew { until }),
    }
}
