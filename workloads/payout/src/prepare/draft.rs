//! A transaction before it is signed: what it spends, whom it pays, what comes back.

use ngpool_chain::{Address, AddressError, Amount, BlockHash, Height, Network};
use ngpool_settings::{PayoutPolicy, PayoutSettings, PolicyError};
use ngpool_store::{Outpoint, PayoutChange, PayoutInput, PayoutPart};
use thiserror::Error;

use super::{
    candidates::dust_limit,
    fee::Rate,
    weight::{InputSize, Size, SpendRules},
};

/// An output of the pool that can be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coin {
    /// Where it is.
    pub outpoint: Outpoint,
    /// Its value.
    pub amount: Amount,
    /// Its script.
    pub script: Vec<u8>,
    /// Height of the block that made it.
    pub height: Height,
    /// That block: daemons without a transaction index find its transaction by it.
    pub block: BlockHash,
}

/// A transaction that is not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The input that every version of the payout spends; the first of the inputs.
    pub anchor: Outpoint,
    /// What it spends, in the transaction's order.
    pub inputs: Vec<PayoutInput>,
    /// Whom it pays, in the order of the names and of the outputs.
    pub parts: Vec<PayoutPart>,
    /// What comes back, after the parts.
    pub change: Vec<PayoutChange>,
    /// Inputs − outputs.
    pub fee: Amount,
    /// Its size with the longest signatures.
    pub vbytes: u64,
}

impl Draft {
    /// The rate that its fee is.
    pub fn rate(&self) -> Rate {
        Rate::from_fee(self.fee, self.vbytes)
    }

    /// A draft of checked parts. The anchor is put first.
    pub(crate) fn assemble(
        anchor: Outpoint,
        mut inputs: Vec<PayoutInput>,
        mut parts: Vec<PayoutPart>,
        closed: Closed,
    ) -> Self {
        // Stable: the others keep their order.
        inputs.sort_by_key(|input| input.outpoint != anchor);
        parts.sort_by(|a, b| a.payee.cmp(&b.payee));
        let change = (parts.len()..)
            .zip(closed.change)
            .filter_map(|(vout, (amount, script))| {
                Some(PayoutChange {
                    vout: u32::try_from(vout).ok()?,
                    amount,
                    script,
                })
            })
            .collect();
        Self {
            anchor,
            inputs,
            parts,
            change,
            fee: closed.fee,
            vbytes: closed.vbytes,
        }
    }
}

/// What holds for every transaction of a currency.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    /// The policy, checked.
    pub policy: &'a PayoutPolicy,
    /// The chain.
    pub network: &'a Network,
    /// Fee rate to aim at.
    pub rate: Rate,
    rules: SpendRules,
    /// Scripts of change, at least one.
    change: Vec<Vec<u8>>,
}

/// Why no transaction can be made under a document.
#[derive(Debug, Error)]
pub enum TermsError {
    /// The policy.
    #[error("the payout policy cannot be worked by")]
    Policy(#[from] PolicyError),
    /// The subsidy address.
    #[error("subsidy address {address:?}")]
    SubsidyAddress {
        /// As configured.
        address: String,
        /// Why.
        source: AddressError,
    },
}

impl<'a> Terms<'a> {
    /// The terms of a document at a fee rate.
    pub fn new(settings: &'a PayoutSettings, rate: Rate) -> Result<Self, TermsError> {
        let (policy, network) = (&settings.policy, &settings.currency.network);
        policy.validate(network)?;
        let own = &settings.currency.subsidy_address;
        let mut change = Vec::with_capacity(policy.change.len().max(1));
        let addresses = if policy.change.is_empty() {
            std::slice::from_ref(own)
        } else {
            policy.change.as_slice()
        };
        for address in addresses {
            let parsed =
                Address::parse(address, network).map_err(|source| TermsError::SubsidyAddress {
                    address: address.clone(),
                    source,
                })?;
            change.push(parsed.script().to_vec());
        }
        Ok(Self {
            policy,
            network,
            rate,
            rules: SpendRules::new(policy, network),
            change,
        })
    }

    /// The same at another rate.
    #[must_use]
    pub fn at(&self, rate: Rate) -> Self {
        Self {
            rate,
            ..self.clone()
        }
    }

    /// The same with change to the first script alone.
    #[must_use]
    pub(crate) fn gathering(&self) -> Self {
        let mut terms = self.clone();
        terms.change.truncate(1);
        terms
    }

    /// Size of an input that spends a script of the pool; none when its keys cannot.
    pub fn input(&self, script: &[u8]) -> Option<InputSize> {
        self.rules.input(script)
    }

    /// Number of change outputs that a transaction may have.
    pub(crate) fn change_outputs(&self) -> u64 {
        // At most 16 by the policy's check.
        self.change.len() as u64
    }

    /// The first script of change.
    pub(crate) fn change_script(&self) -> &[u8] {
        self.change.first().map_or(&[], Vec::as_slice)
    }

    /// The size with change to the first `count` scripts.
    pub(crate) fn with_change(&self, size: Size, count: usize) -> Size {
        self.change
            .iter()
            .take(count)
            .fold(size, |size, script| size.with_output(script.len()))
    }

    /// The most that the policy lets a transaction of a size pay.
    pub(crate) fn ceiling(&self, vbytes: u64) -> Amount {
        Rate(self.policy.fee.ceiling).of(vbytes)
    }

    /// Divides what is left into change and fee. `left` is inputs − parts, `size` that of inputs and
    /// parts, `least` the smallest fee that will do whatever the rate says.
    ///
    /// None when `left` does not pay the fee.
    pub(crate) fn close(&self, left: Amount, size: Size, least: Amount) -> Option<Closed> {
        for count in (1..=self.change.len()).rev() {
            let vbytes = self.with_change(size, count).vbytes();
            let fee = self.rate.of(vbytes).max(least);
            let Some(total) = left.checked_sub(fee).filter(|it| *it > Amount::ZERO) else {
                continue;
            };
            if let Some(amounts) = self.divide(total, count) {
                return Some(Closed {
                    fee,
                    vbytes,
                    change: amounts,
                });
            }
        }
        let vbytes = size.vbytes();
        // What is too little to come back goes to the chain's miners.
        (left >= self.rate.of(vbytes).max(least)).then_some(Closed {
            fee: left,
            vbytes,
            change: Vec::new(),
        })
    }

    /// Change in equal parts; none when a part would be too small to be worth an output.
    fn divide(&self, total: Amount, count: usize) -> Option<Vec<(Amount, Vec<u8>)>> {
        let scripts = self.change.get(..count)?;
        let parts = i64::try_from(count).ok()?;
        let (each, rest) = (total.0 / parts, total.0 % parts);
        let mut amounts = Vec::with_capacity(count);
        for (index, script) in scripts.iter().enumerate() {
            let amount = Amount(if index == 0 { each + rest } else { each });
            // One that is not the only one is worth many times its own spending.
            let worth = match self.rules.input(script) {
                Some(input) if count > 1 => {
                    Amount(10 * self.rate.of(input.vbytes()).0.min(1 << 58))
                }
                _ => Amount::ZERO,
            };
            if amount < dust_limit(script, self.policy).max(worth) {
                return None;
            }
            amounts.push((amount, script.clone()));
        }
        Some(amounts)
    }
}

/// What is left of the inputs, divided.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) fee: Amount,
    pub(crate) vbytes: u64,
    pub(crate) change: Vec<(Amount, Vec<u8>)>,
}

impl From<&Coin> for PayoutInput {
    fn from(coin: &Coin) -> Self {
        Self {
            outpoint: coin.outpoint,
            amount: coin.amount,
            script: coin.script.clone(),
        }
    }
}
