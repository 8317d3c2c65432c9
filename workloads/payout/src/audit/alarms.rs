//! Coinbases of ours that pay others, and addresses that are none of the signer's.
//!
//! Who can change the document or runs a stratum server can mine to himself. The books cannot stop
//! that, for those coins were never ours; but it must not go unnoticed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use ngpool_chain::{Address, Amount};
use ngpool_rpc::v1::ChainTransaction;
use ngpool_settings::PayoutSettings;
use ngpool_store::{BlockKey, Store};

use crate::settle::{StepError, nodes::Nodes};

/// Coinbases looked at in one run; a backlog is worked off by the next ones.
const AT_ONCE: u32 = 50;

/// Alarms told; the rest is in the database.
const TOLD: u32 = 20;

/// Looks, writes what is new, and returns the alarms that nobody has looked at.
pub(super) async fn look(
    store: &Store,
    settings: &PayoutSettings,
    nodes: &Nodes,
    at: DateTime<Utc>,
) -> Result<Vec<String>, StepError> {
    coinbases(store, settings, nodes, at).await?;
    scripts(store, settings, at).await?;
    let alarms = store.alarms(&settings.currency.code, false, TOLD).await?;
    let new = alarms.iter().filter(|alarm| alarm.since == at);
    for alarm in new {
        tracing::error!(
            currency = settings.currency.code,
            kind = alarm.kind.as_str(),
            what = alarm.what,
            "alarm of the audit (docs/runbooks/solvency.md)"
        );
    }
    Ok(alarms.into_iter().map(|alarm| alarm.what).collect())
}

async fn coinbases(
    store: &Store,
    settings: &PayoutSettings,
    nodes: &Nodes,
    at: DateTime<Utc>,
) -> Result<(), StepError> {
    let currency = &settings.currency;
    let blocks = store.unseen_coinbases(&currency.code, AT_ONCE).await?;
    if blocks.is_empty() {
        return Ok(());
    }
    let Some(node) = nodes.best() else {
        return Ok(());
    };
    let ours = our_scripts(store, settings).await?;
    for block in blocks {
        let found = node.block_at(block.height.0).await?;
        let Some(coinbase) = found
            .filter(|found| found.hash == block.hash.as_bytes().as_slice())
            .and_then(|found| found.transactions.into_iter().next())
        else {
            // Not on this chain now: looked at when it is.
            continue;
        };
        let alarm = strangers(&coinbase, &ours).map(|(amount, scripts)| {
            format!(
                "the coinbase of block {} at height {} pays {} to scripts that are not ours: {scripts}",
                block.hash,
                block.height,
                Amount(amount).to_decimal(currency.decimals),
            )
        });
        let key = BlockKey {
            currency: currency.code.clone(),
            hash: block.hash,
        };
        store.record_coinbase(&key, alarm.as_deref(), at).await?;
    }
    Ok(())
}

/// What a coinbase pays to others, and to whom; none when it pays nobody else. Outputs of nothing
/// are commitments.
fn strangers(coinbase: &ChainTransaction, ours: &BTreeSet<Vec<u8>>) -> Option<(i64, String)> {
    let others: Vec<_> = coinbase
        .outputs
        .iter()
        .filter(|output| output.amount > 0 && !ours.contains(output.script.as_ref()))
        .collect();
    let amount = others
        .iter()
        .fold(0_i64, |sum, output| sum.saturating_add(output.amount));
    let scripts: Vec<_> = others
        .iter()
        .take(5)
        .map(|output| hex::encode(&output.script))
        .collect();
    (!others.is_empty()).then(|| (amount, scripts.join(", ")))
}

async fn our_scripts(
    store: &Store,
    settings: &PayoutSettings,
) -> Result<BTreeSet<Vec<u8>>, StepError> {
    let known = store.known_scripts(&settings.currency.code).await?;
    let mut scripts: BTreeSet<_> = known.into_iter().collect();
    scripts.insert(subsidy_script(settings)?);
    Ok(scripts)
}

fn subsidy_script(settings: &PayoutSettings) -> Result<Vec<u8>, StepError> {
    script_of(settings, &settings.currency.subsidy_address)
}

fn script_of(settings: &PayoutSettings, address: &str) -> Result<Vec<u8>, StepError> {
    let parsed = Address::parse(address, &settings.currency.network);
    let parsed = parsed.map_err(|source| StepError::SubsidyAddress {
        address: address.to_owned(),
        source,
    })?;
    Ok(parsed.script().to_vec())
}

/// What blocks and change are paid to must be the signer's. It says with every poll what its keys'
/// scripts are. Of one that never asked, only what it signed for is known, as an input or as change.
async fn scripts(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<(), StepError> {
    let currency = &settings.currency;
    let change = settings.policy.change.iter();
    let used = [("subsidy", &currency.subsidy_address)]
        .into_iter()
        .chain(change.map(|address| ("change", address)));
    let mut addresses = BTreeMap::new();
    for (what, address) in used {
        addresses
            .entry(script_of(settings, address)?)
            .or_insert((what, address));
    }
    let said: BTreeSet<_> = store
        .signer_scripts(&currency.code)
        .await?
        .into_iter()
        .collect();
    let unknown: Vec<_> = if said.is_empty() {
        let scripts: Vec<_> = addresses.keys().cloned().collect();
        store.scripts_never_signed(&currency.code, &scripts).await?
    } else {
        let scripts = addresses.keys().filter(|script| !said.contains(*script));
        scripts.cloned().collect()
    };
    let alarms: Vec<_> = unknown
        .into_iter()
        .filter_map(|script| {
            let (what, address) = addresses.get(&script)?;
            let text = format!(
                "the document's {what} address {address} is none of the signer's: compare it with \
                 `ngsign show`"
            );
            Some((script, text))
        })
        .collect();
    store.set_script_alarms(&currency.code, &alarms, at).await?;
    Ok(())
}
