//! Who can be paid, and why the others are not: one bad address never blocks the rest.

use std::fmt;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Network};
use ngpool_settings::{Obstacle, PayoutPolicy, fits, payable_script, standing};
use ngpool_store::POOL_FEE;

pub use ngpool_settings::{Owed, dust_limit};

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
    /// He cannot be paid, whatever else is in the payout.
    Obstacle(Obstacle),
    /// After his share of the fee too little is left.
    FeeTooHigh {
        /// His share.
        share: Amount,
    },
    /// No address is set for the pool's fees.
    NoFeeAddress,
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
        match self {
            Self::Obstacle(obstacle) => obstacle.needs_somebody(),
            Self::NoFeeAddress => true,
            Self::FeeTooHigh { .. } | Self::Full(_) | Self::NoCoins => false,
        }
    }
}

impl From<Obstacle> for Reason {
    fn from(obstacle: Obstacle) -> Self {
        Self::Obstacle(obstacle)
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
            Self::Obstacle(obstacle) => obstacle.fmt(f),
            Self::FeeTooHigh { share } => {
                write!(f, "too little is left after {share} of the fee")
            }
            Self::NoFeeAddress => {
                f.write_str("the policy names no feeAddress for draws of the pool's fees")
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
    if owed.payee != POOL_FEE {
        return Ok(standing(owed, policy, network, at)?);
    }
    // The operator chose the amount of his draw himself.
    let address = policy.fee_address.as_deref().ok_or(Reason::NoFeeAddress)?;
    let script = payable_script(address, network)?;
    if let Some(refused) = owed.refused.as_ref().filter(|refused| refused.until > at) {
        return Err(Obstacle::Refused(refused.clone()).into());
    }
    fits(owed.balance, &script, policy)?;
    Ok(script)
}
