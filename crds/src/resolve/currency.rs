//! A Currency as the programs see it.

use ngpool_chain::{Address, Network};
use ngpool_settings::CurrencySettings;

use super::context::{Context, Origin, milli};
use crate::{
    kinds::CurrencySpec,
    objects::{Kind, ObjectRef},
};

/// Blocks after which a chain of one's own is taken as settled.
const BUILT_IN_SETTLE_DEPTH: u32 = 6;

/// The network of a Currency; nothing for an object that the API server would have refused.
pub(crate) fn network(spec: &CurrencySpec) -> Option<Network> {
    match (&spec.preset, &spec.network) {
        (Some(preset), None) => Some(preset.network.clone()),
        (None, Some(network)) => Some(network.clone().into()),
        _ => None,
    }
}

/// The settings of a Currency. The caller has followed the reference.
pub(crate) fn settings(context: &mut Context<'_>, name: &str) -> Option<CurrencySettings> {
    let objects = context.objects;
    let spec = &objects.currencies.get(name)?.spec;
    let of = ObjectRef::new(Kind::Currency, name);
    let Some(network) = network(spec) else {
        context.error(
            &of,
            "spec",
            "exactly one of preset and network must be given",
            None,
        );
        return None;
    };
    let address = subsidy_address(context, &of, spec, &network);
    let maturity = maturity(context, &of, spec, &network);
    let settle_depth = match (spec.settle_depth, spec.preset) {
        (Some(depth), _) => (depth, Origin::Object),
        (None, Some(preset)) => (preset.settle_depth(), Origin::Preset),
        (None, None) => (BUILT_IN_SETTLE_DEPTH, Origin::BuiltIn),
    };
    context.note(&of, "spec.settleDepth", settle_depth.0, settle_depth.1);
    let block_odds = spec.block_odds.unwrap_or(1);
    let odds_from = if spec.block_odds.is_some() {
        Origin::Object
    } else {
        Origin::BuiltIn
    };
    context.note(&of, "spec.blockOdds", block_odds, odds_from);
    if block_odds != 1 && !network.regtest {
        context.error(
            &of,
            "spec.blockOdds",
            "blockOdds may differ from 1 only on a regtest network",
            Some("remove the field".to_owned()),
        );
    }
    context.note_default(&of, "spec.coinbaseTag", &spec.coinbase_tag);
    context.note_default(&of, "spec.splitWindow", spec.split_window);
    context.note_default(&of, "spec.decimals", spec.decimals);
    let Some(split_window_milli) = milli(spec.split_window) else {
        context.error(
            &of,
            "spec.splitWindow",
            format!("{} has more than three decimals", spec.split_window),
            Some("such as 2 or 2.5".to_owned()),
        );
        return None;
    };
    Some(CurrencySettings {
        name: name.to_owned(),
        code: spec.code.clone(),
        subsidy_address: address?,
        maturity: maturity?,
        network,
        settle_depth: settle_depth.0,
        coinbase_tag: spec.coinbase_tag.clone(),
        block_odds,
        split_window_milli,
        decimals: spec.decimals,
    })
}

fn subsidy_address(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &CurrencySpec,
    network: &Network,
) -> Option<String> {
    match Address::parse(&spec.subsidy_address, network) {
        Ok(address) => Some(address.as_str().to_owned()),
        Err(error) => {
            let which = spec.preset.map_or_else(
                || "the Currency's network".to_owned(),
                |preset| preset.to_string(),
            );
            let help = match spec.preset {
                Some(preset) => {
                    format!("an address of {preset}: `ngpool keygen {preset}` makes one")
                }
                None => format!("an address of {which}"),
            };
            let message = format!("is not an address of {which}: {error}");
            context.error(of, "spec.subsidyAddress", message, Some(help));
            None
        }
    }
}

fn maturity(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &CurrencySpec,
    network: &Network,
) -> Option<u32> {
    let own = network.coinbase_maturity;
    let Some(maturity) = spec.maturity else {
        context.note(of, "spec.maturity", own, Origin::Preset);
        return Some(own);
    };
    context.note(of, "spec.maturity", maturity, Origin::Object);
    if maturity < own {
        let message = format!("{maturity} is below the network's own maturity of {own}");
        let help =
            format!("remove the field, or write at least {own}: earlier coins cannot be spent");
        context.error(of, "spec.maturity", message, Some(help));
        return None;
    }
    Some(maturity)
}
