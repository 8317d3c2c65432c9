//! Who is paid, by which transactions, and for which fees.

use ngpool_chain::{Address, AddressError, Amount, Network};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The payout policy of a currency. Amounts are base units, fee rates base units per 1,000 virtual
/// bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PayoutPolicy {
    /// Balance from which a payee is paid, unless he has a minimum of his own.
    pub minimum: Amount,
    /// Who pays the chain's fee, and how much it is.
    pub fee: FeePolicy,
    /// Which coins a payout spends.
    pub inputs: InputChoice,
    /// Most inputs of a transaction, 1 to 5,000.
    pub max_inputs: u32,
    /// Most outputs of a transaction, change included, 2 to 5,000.
    pub max_outputs: u32,
    /// Most weight of a transaction, 4,000 to 400,000: nodes relay no heavier one.
    pub max_weight: u32,
    /// Most that one payout pays to all its payees together; none for no limit. What the signer
    /// allows in one payout belongs here too, or it refuses the payout.
    pub max_amount: Option<Amount>,
    /// Addresses that change goes to, in equal parts; the subsidy address when there are none.
    pub change: Vec<String>,
    /// What is done with a payout that does not get into a block.
    pub replacement: Replacement,
    /// Seconds after which a payout that is not in a block is taken as stuck.
    pub replace_after_s: u64,
    /// When a payee waits for somebody to look.
    pub holds: HoldPolicy,
    /// Address that the operator's draws of the pool's fees go to; without one there are none.
    pub fee_address: Option<String>,
    /// Most payouts that are signed or sent and not confirmed when another is begun, 1 to 100.
    pub max_in_flight: u32,
    /// Base units per 1,000 virtual bytes below which nodes call an output dust.
    pub dust_relay_fee: u64,
    /// How P2WSH and P2SH outputs of the pool are spent, where several keys are needed.
    pub multisig: Option<MultisigSpend>,
}

/// The chain's fee of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeePolicy {
    /// Who pays it. What a later version costs more is always the pool's.
    pub from: FeePayer,
    /// How the rate is found.
    pub rate: FeeRate,
    /// The rate is never above this, whatever a node estimates and however stuck a payout is.
    pub ceiling: u64,
}

/// Who pays the chain's fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeePayer {
    /// The pool, out of its fees.
    Pool,
    /// The payees, each by what he is paid.
    Payees,
}

/// How the fee rate of a payout is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeRate {
    /// Always the same.
    Fixed {
        /// Base units per 1,000 virtual bytes.
        per_kvb: u64,
    },
    /// As a node estimates it.
    Estimate {
        /// Blocks within which the payout should be confirmed, 1 to 1,008.
        blocks: u32,
        /// Used when no node has an estimate.
        fallback: u64,
    },
}

/// Which coins a payout spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputChoice {
    /// As few as will do, the largest first.
    Fewest,
    /// As many small ones as the limits allow beside those, so that later payouts need few. The
    /// pool pays for them.
    Consolidate,
}

/// What is done with a payout that does not get into a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// Another version with a higher fee takes its place (BIP 125).
    Rbf,
    /// A transaction that spends its change pays for both.
    Cpfp,
    /// Nothing: it is sent again as it is.
    None,
}

/// When a payee waits until the operator releases him.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldPolicy {
    /// A part above this is held; none for no limit.
    pub above: Option<Amount>,
    /// A payee is held until his first credit is so many hours old, 0 to 8,760. The signer may ask
    /// for the same (`newScripts.hours`).
    pub new_address_hours: u32,
}

/// Signatures that an output of the pool needs: m of n keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MultisigSpend {
    /// Signatures, 1 to `keys`.
    pub required: u8,
    /// Keys, 1 to 15.
    pub keys: u8,
}

/// Why a policy cannot be worked by.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// A number out of its bounds.
    #[error("{field} is {value}, it must be from {least} to {most}")]
    Bounds {
        /// The field.
        field: &'static str,
        /// As it is.
        value: i128,
        /// Least that is allowed.
        least: i128,
        /// Most that is allowed.
        most: i128,
    },
    /// A rate that the ceiling forbids.
    #[error("{field} is {rate}, above fee.ceiling of {ceiling}")]
    AboveCeiling {
        /// The field.
        field: &'static str,
        /// The rate.
        rate: u64,
        /// The ceiling.
        ceiling: u64,
    },
    /// More change outputs than outputs.
    #[error("{change} change addresses leave no output for a payee: max_outputs is {max_outputs}")]
    ChangeOutputs {
        /// Addresses of change.
        change: usize,
        /// The limit.
        max_outputs: u32,
    },
    /// An address that is not one of the network.
    #[error("{field}")]
    Address {
        /// The field.
        field: &'static str,
        /// Why.
        source: AddressError,
    },
}

/// Most change addresses: each is an output of every payout.
const MOST_CHANGE: i128 = 16;

impl Default for PayoutPolicy {
    fn default() -> Self {
        Self {
            minimum: Amount(1_000_000),
            fee: FeePolicy::default(),
            inputs: InputChoice::Fewest,
            max_inputs: 200,
            max_outputs: 1_000,
            // A little below what nodes relay, for inputs whose signatures are longer than expected.
            max_weight: 390_000,
            max_amount: None,
            change: Vec::new(),
            // Works on nodes that do not replace.
            replacement: Replacement::Cpfp,
            replace_after_s: 7_200,
            holds: HoldPolicy::default(),
            fee_address: None,
            max_in_flight: 4,
            // Bitcoin Core's `-dustrelayfee`.
            dust_relay_fee: 3_000,
            multisig: None,
        }
    }
}

impl Default for FeePolicy {
    fn default() -> Self {
        Self {
            from: FeePayer::Pool,
            rate: FeeRate::Estimate {
                blocks: 6,
                fallback: 10_000,
            },
            ceiling: 200_000,
        }
    }
}

impl PayoutPolicy {
    /// Checks the bounds of every field, that they fit together, and that addresses are of the
    /// network.
    pub fn validate(&self, network: &Network) -> Result<(), PolicyError> {
        let coins = |amount: Amount| i128::from(amount.0);
        let most = i128::from(i64::MAX);
        within("minimum", coins(self.minimum), 0, most)?;
        within("max_inputs", self.max_inputs.into(), 1, 5_000)?;
        within("max_outputs", self.max_outputs.into(), 2, 5_000)?;
        within("max_weight", self.max_weight.into(), 4_000, 400_000)?;
        within("max_in_flight", self.max_in_flight.into(), 1, 100)?;
        within("replace_after_s", self.replace_after_s.into(), 0, 1 << 31)?;
        if let Some(amount) = self.max_amount {
            within("max_amount", coins(amount), 1, most)?;
        }
        if let Some(amount) = self.holds.above {
            within("holds.above", coins(amount), 1, most)?;
        }
        let hours = self.holds.new_address_hours;
        within("holds.new_address_hours", hours.into(), 0, 8_760)?;
        // Far above any real one; keeps every product of rate and size within 64 bits.
        within("dust_relay_fee", self.dust_relay_fee.into(), 0, 1 << 40)?;
        if let Some(multisig) = self.multisig {
            within("multisig.keys", multisig.keys.into(), 1, 15)?;
            let (required, keys) = (multisig.required.into(), multisig.keys.into());
            within("multisig.required", required, 1, keys)?;
        }
        self.fee.validate()?;
        let change = self.change.len().max(1);
        let count = i128::try_from(change).unwrap_or(most);
        within("change", count, 1, MOST_CHANGE)?;
        if count >= self.max_outputs.into() {
            return Err(PolicyError::ChangeOutputs {
                change,
                max_outputs: self.max_outputs,
            });
        }
        for (field, address) in self
            .change
            .iter()
            .map(|address| ("change", address))
            .chain(self.fee_address.iter().map(|it| ("fee_address", it)))
        {
            Address::parse(address, network)
                .map_err(|source| PolicyError::Address { field, source })?;
        }
        Ok(())
    }
}

impl FeePolicy {
    fn validate(&self) -> Result<(), PolicyError> {
        within("fee.ceiling", self.ceiling.into(), 1, 1 << 40)?;
        let (field, rate) = match self.rate {
            FeeRate::Fixed { per_kvb } => ("fee.rate.fixed.per_kvb", per_kvb),
            FeeRate::Estimate { blocks, fallback } => {
                within("fee.rate.estimate.blocks", blocks.into(), 1, 1_008)?;
                ("fee.rate.estimate.fallback", fallback)
            }
        };
        within(field, rate.into(), 1, 1 << 40)?;
        let ceiling = self.ceiling;
        if rate > ceiling {
            return Err(PolicyError::AboveCeiling {
                field,
                rate,
                ceiling,
            });
        }
        Ok(())
    }
}

fn within(field: &'static str, value: i128, least: i128, most: i128) -> Result<(), PolicyError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(PolicyError::Bounds {
        field,
        value,
        least,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regtest() -> Network {
        Network::preset("litecoin-regtest").unwrap()
    }

    fn refused(change: impl FnOnce(&mut PayoutPolicy)) -> String {
        let mut policy = PayoutPolicy::default();
        change(&mut policy);
        policy.validate(&regtest()).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_policy_is_sound_and_reads_back() {
        let policy = PayoutPolicy::default();
        policy.validate(&regtest()).unwrap();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<PayoutPolicy>(&text).unwrap(), policy);
        assert_eq!(serde_json::from_str::<PayoutPolicy>("{}").unwrap(), policy);
    }

    #[test]
    fn a_document_says_only_what_differs() {
        let text = r#"{
            "minimum": 5,
            "fee": {"from": "payees", "rate": {"fixed": {"per_kvb": 1000}}},
            "inputs": "consolidate",
            "replacement": "rbf",
            "holds": {"above": 7}
        }"#;
        let policy: PayoutPolicy = serde_json::from_str(text).unwrap();
        assert_eq!(policy.minimum, Amount(5));
        assert_eq!(policy.fee.from, FeePayer::Payees);
        assert_eq!(policy.fee.rate, FeeRate::Fixed { per_kvb: 1000 });
        assert_eq!(policy.fee.ceiling, FeePolicy::default().ceiling);
        assert_eq!(policy.holds.above, Some(Amount(7)));
        assert_eq!(policy.replacement, Replacement::Rbf);
        // An operator may be newer than the program, and say what it does not know.
        let newer: PayoutPolicy = serde_json::from_str(r#"{"minimum": 5, "later": 1}"#).unwrap();
        assert_eq!(newer.minimum, Amount(5));
    }

    #[test]
    fn what_cannot_be_worked_by_is_refused() {
        for (text, expected) in [
            (
                refused(|p| p.minimum = Amount(-1)),
                "minimum is -1, it must be from 0 to 9223372036854775807",
            ),
            (
                refused(|p| p.max_inputs = 0),
                "max_inputs is 0, it must be from 1 to 5000",
            ),
            (
                refused(|p| p.max_weight = 400_001),
                "max_weight is 400001, it must be from 4000 to 400000",
            ),
            (
                refused(|p| p.fee.rate = FeeRate::Fixed { per_kvb: 200_001 }),
                "fee.rate.fixed.per_kvb is 200001, above fee.ceiling of 200000",
            ),
            (
                refused(|p| p.fee.ceiling = 9_999),
                "fee.rate.estimate.fallback is 10000, above fee.ceiling of 9999",
            ),
            (
                refused(|p| {
                    p.max_outputs = 2;
                    p.change = vec!["rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx".to_owned(); 2];
                }),
                "2 change addresses leave no output for a payee: max_outputs is 2",
            ),
            (refused(|p| p.change = vec!["nobody".into()]), "change"),
            (
                refused(|p| p.fee_address = Some("nobody".into())),
                "fee_address",
            ),
            (
                refused(|p| {
                    p.multisig = Some(MultisigSpend {
                        required: 3,
                        keys: 2,
                    });
                }),
                "multisig.required is 3, it must be from 1 to 2",
            ),
        ] {
            assert_eq!(text, expected);
        }
    }
}
