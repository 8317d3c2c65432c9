//! The payout policy of a Currency.

use std::fmt;

use ngpool_chain::{Address, Amount, Network};
use ngpool_settings::{
    FeePayer, FeePolicy, FeeRate, HoldPolicy, InputChoice, MultisigSpend, PayoutPolicy, Replacement,
};

use super::super::{
    blocks::{Layers, defaults},
    context::{Context, Origin},
    currency,
};
use crate::{
    kinds::{
        CurrencySpec, Payout, PayoutFee, PayoutFeePayer, PayoutFeeRate, PayoutHolds, PayoutInputs,
        PayoutReplacement,
    },
    objects::ObjectRef,
    presets::{PayoutHabits, PresetName},
    units::{DAY, SECOND, TimeSpan},
};

const BUILT_IN_MINIMUM: &str = "0.01";
/// About an hour on Bitcoin.
const BUILT_IN_BLOCKS: u32 = 6;
/// Twelve blocks on Bitcoin, 48 on Litecoin.
const BUILT_IN_REPLACE_AFTER: TimeSpan<{ SECOND }, { 30 * DAY }> = TimeSpan::of(7_200 * SECOND);

/// The effective policy of a Currency, with everything that is wrong with it reported.
pub(super) fn policy(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &CurrencySpec,
) -> Option<PayoutPolicy> {
    let network = currency::network(spec)?;
    let pool = defaults(context).and_then(|defaults| defaults.payout.as_ref());
    let layers = Layers {
        context,
        of,
        block: "spec.payout",
        object: spec.payout.as_ref(),
        pool,
    };
    let habits = spec.preset.map(PresetName::payouts);
    let mut resolver = Resolver {
        layers,
        habits: habits.unwrap_or_default(),
        is_preset: habits.is_some(),
        decimals: spec.decimals,
        sound: true,
    };
    let policy = resolver.policy(&network);
    resolver.sound.then_some(policy)
}

struct Resolver<'c, 'a> {
    layers: Layers<'c, 'a, Payout>,
    habits: PayoutHabits,
    is_preset: bool,
    decimals: u8,
    /// Whether no problem was met.
    sound: bool,
}

impl Resolver<'_, '_> {
    fn policy(&mut self, network: &Network) -> PayoutPolicy {
        let usual = PayoutPolicy::default();
        let minimum = self.layers.pick(
            "minimum",
            |p| p.minimum.clone(),
            BUILT_IN_MINIMUM.to_owned(),
        );
        let max_amount = self
            .layers
            .pick_optional("maxAmount", |p| p.max_amount.clone());
        let inputs = self
            .layers
            .pick("inputs", |p| p.inputs, PayoutInputs::Fewest);
        let habit = self.habits.replacement;
        let replacement = self.by_network("replacement", |p| p.replacement, habit);
        let replace_after =
            self.layers
                .pick("replaceAfter", |p| p.replace_after, BUILT_IN_REPLACE_AFTER);
        let policy = PayoutPolicy {
            minimum: self.amount("minimum", &minimum).unwrap_or_default(),
            fee: self.fee(),
            inputs: match inputs {
                PayoutInputs::Fewest => InputChoice::Fewest,
                PayoutInputs::Consolidate => InputChoice::Consolidate,
            },
            max_inputs: self
                .layers
                .pick("maxInputs", |p| p.max_inputs, usual.max_inputs),
            max_outputs: self
                .layers
                .pick("maxOutputs", |p| p.max_outputs, usual.max_outputs),
            max_weight: self
                .layers
                .pick("maxWeight", |p| p.max_weight, usual.max_weight),
            max_amount: max_amount.and_then(|text| self.positive("maxAmount", &text)),
            change: self.change(network),
            replacement: match replacement {
                PayoutReplacement::Rbf => Replacement::Rbf,
                PayoutReplacement::Cpfp => Replacement::Cpfp,
                PayoutReplacement::None => Replacement::None,
            },
            replace_after_s: replace_after.seconds(),
            holds: self.holds(),
            fee_address: self.fee_address(network),
            max_in_flight: self.layers.pick(
                "maxInFlight",
                |p| p.max_in_flight,
                usual.max_in_flight,
            ),
            dust_relay_fee: self.by_network(
                "dustRelayFee",
                |p| p.dust_relay_fee,
                self.habits.dust_relay_fee,
            ),
            multisig: self.multisig(),
        };
        if u32::try_from(policy.change.len().max(1)).is_ok_and(|it| it >= policy.max_outputs) {
            let message = format!(
                "{} change addresses leave no output for a payee: maxOutputs is {}",
                policy.change.len(),
                policy.max_outputs
            );
            self.error("change", message, "fewer addresses, or a higher maxOutputs");
        }
        policy
    }

    fn fee(&mut self) -> FeePolicy {
        let fee = |p: &Payout| p.fee.clone().unwrap_or_default();
        let of = |get: fn(&PayoutFee) -> Option<PayoutFeePayer>| move |p: &Payout| get(&fee(p));
        let from = self
            .layers
            .pick("fee.from", of(|f| f.from), PayoutFeePayer::Pool);
        let ceiling = self.by_network("fee.ceiling", |p| fee(p).ceiling, self.habits.ceiling);
        let (rate, origin) = self
            .layers
            .choose(|p| fee(p).rate, PayoutFeeRate::default());
        let rate = match (rate.fixed, rate.estimate) {
            (Some(per_kvb), None) => {
                self.layers.note("fee.rate.fixed", per_kvb, origin);
                FeeRate::Fixed { per_kvb }
            }
            (Some(_), Some(_)) => {
                let message = "exactly one of fixed and estimate must be given";
                self.error("fee.rate", message.to_owned(), "remove one of them");
                FeeRate::Fixed { per_kvb: 1 }
            }
            (None, estimate) => {
                let estimate = estimate.unwrap_or_default();
                let or = |given: bool| if given { origin } else { Origin::BuiltIn };
                let blocks = estimate.blocks.unwrap_or(BUILT_IN_BLOCKS);
                let from = or(estimate.blocks.is_some());
                self.layers.note("fee.rate.estimate.blocks", blocks, from);
                let fallback = match estimate.fallback {
                    Some(fallback) => fallback,
                    // A low ceiling is meant, and no rate is above it.
                    None => self.habits.fallback.min(ceiling),
                };
                let from = match estimate.fallback {
                    None if self.is_preset => Origin::Preset,
                    given => or(given.is_some()),
                };
                self.layers
                    .note("fee.rate.estimate.fallback", fallback, from);
                FeeRate::Estimate { blocks, fallback }
            }
        };
        let (field, value) = match rate {
            FeeRate::Fixed { per_kvb } => ("fee.rate.fixed", per_kvb),
            FeeRate::Estimate { fallback, .. } => ("fee.rate.estimate.fallback", fallback),
        };
        if value > ceiling {
            let message = format!("{value} is above the ceiling of {ceiling}");
            self.error(field, message, "a lower rate, or a higher fee.ceiling");
        }
        FeePolicy {
            from: match from {
                PayoutFeePayer::Pool => FeePayer::Pool,
                PayoutFeePayer::Payees => FeePayer::Payees,
            },
            rate,
            ceiling,
        }
    }

    fn holds(&mut self) -> HoldPolicy {
        let holds = |p: &Payout| p.holds.clone().unwrap_or_default();
        let of = |get: fn(&PayoutHolds) -> Option<u32>| move |p: &Payout| get(&holds(p));
        let above = self.layers.pick_optional("holds.above", |p| holds(p).above);
        HoldPolicy {
            above: above.and_then(|text| self.positive("holds.above", &text)),
            new_address_hours: self.layers.pick(
                "holds.newAddressHours",
                of(|h| h.new_address_hours),
                0,
            ),
        }
    }

    fn change(&mut self, network: &Network) -> Vec<String> {
        let (addresses, origin) = self.layers.choose(|p| p.change.clone(), Vec::new());
        let shown = if addresses.is_empty() {
            "the subsidy address".to_owned()
        } else {
            addresses.join(" ")
        };
        self.layers.note("change", shown, origin);
        addresses
            .iter()
            .enumerate()
            .filter_map(|(index, address)| {
                self.address(&format!("change[{index}]"), address, network)
            })
            .collect()
    }

    fn fee_address(&mut self, network: &Network) -> Option<String> {
        let address = self
            .layers
            .pick_optional("feeAddress", |p| p.fee_address.clone())?;
        self.address("feeAddress", &address, network)
    }

    fn multisig(&mut self) -> Option<MultisigSpend> {
        let (multisig, origin) = self.layers.choose(|p| p.multisig.clone().map(Some), None);
        let shown = multisig.as_ref().map_or_else(
            || "one key".to_owned(),
            |multisig| format!("{} of {}", multisig.required, multisig.keys),
        );
        self.layers.note("multisig", shown, origin);
        multisig.map(|multisig| MultisigSpend {
            required: multisig.required,
            keys: multisig.keys,
        })
    }

    /// A field whose built-in value is the preset's.
    fn by_network<V: fmt::Display>(
        &mut self,
        field: &str,
        get: impl Fn(&Payout) -> Option<V>,
        habit: V,
    ) -> V {
        let (value, origin) = self.layers.choose(get, habit);
        let origin = match origin {
            Origin::BuiltIn if self.is_preset => Origin::Preset,
            origin => origin,
        };
        self.layers.note(field, &value, origin);
        value
    }

    fn address(&mut self, field: &str, text: &str, network: &Network) -> Option<String> {
        match Address::parse(text, network) {
            Ok(address) => Some(address.as_str().to_owned()),
            Err(error) => {
                let message = format!("is not an address of the Currency's network: {error}");
                self.error(field, message, "an address of this network");
                None
            }
        }
    }

    fn positive(&mut self, field: &str, text: &str) -> Option<Amount> {
        let amount = self.amount(field, text)?;
        if amount > Amount::ZERO {
            return Some(amount);
        }
        let message = format!("{text:?} is nothing");
        self.error(field, message, "remove the field for no limit");
        None
    }

    fn amount(&mut self, field: &str, text: &str) -> Option<Amount> {
        let decimals = self.decimals;
        let amount = base_units(text, decimals);
        if amount.is_none() {
            let message = format!("{text:?} is not an amount with at most {decimals} decimals");
            self.error(field, message, "whole coins in quotes, such as \"0.01\"");
        }
        amount.map(Amount)
    }

    fn error(&mut self, field: &str, message: String, help: &str) {
        let field = format!("{}.{field}", self.layers.block);
        let help = Some(help.to_owned());
        self.layers
            .context
            .error(self.layers.of, &field, message, help);
        self.sound = false;
    }
}

/// Whole coins as base units, exactly.
fn base_units(text: &str, decimals: u8) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimals = usize::from(decimals);
    // Zeros at the end say nothing.
    let part = part.trim_end_matches('0');
    if whole.is_empty() || part.len() > decimals {
        return None;
    }
    format!("{whole}{part:0<decimals$}")
        .parse()
        .ok()
        .filter(|amount| *amount >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_become_base_units_exactly() {
        assert_eq!(base_units("0.01", 8), Some(1_000_000));
        assert_eq!(base_units("12", 8), Some(1_200_000_000));
        assert_eq!(base_units("1.50", 1), Some(15));
        assert_eq!(base_units("7", 0), Some(7));
        for (text, decimals) in [
            ("0.001", 2),
            ("", 8),
            (".5", 8),
            ("99999999999999", 8),
            ("1.a", 8),
        ] {
            assert_eq!(base_units(text, decimals), None, "{text}");
        }
    }
}
