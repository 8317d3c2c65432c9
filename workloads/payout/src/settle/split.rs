//! The split of a block: a pure function of the block, its cuts, and the batches up to them.

use std::collections::BTreeMap;

use ngpool_accounting::{
    BlockSplit, BlockToSplit, ChainWindow, FeePpm, Finder, Method, Payee, Window,
};
use ngpool_chain::Work;
use ngpool_settings::{CurrencySettings, PayoutMethod, Window as WindowSettings};
use ngpool_store::{Cut, OpenBlock, Store, WindowAudit};

use super::StepError;

/// A cut with its terms read.
struct Terms<'a> {
    cut: &'a Cut,
    method: Method,
    fee: FeePpm,
}

/// Divides the block's reward; whoever computes it later gets the same.
pub(super) async fn split(
    store: &Store,
    currency: &CurrencySettings,
    block: &OpenBlock,
    cuts: &[Cut],
) -> Result<(BlockSplit, Vec<WindowAudit>), StepError> {
    let refused = |what: String| StepError::Split {
        block: block.key.hash,
        what,
    };
    let terms = cuts
        .iter()
        .map(read)
        .collect::<Result<Vec<_>, _>>()
        .map_err(refused)?;

    // One window over all chains whose work is pooled; SOLO work enters none.
    let pooled: Vec<(String, u64)> = terms
        .iter()
        .filter(|terms| terms.method.is_pooled())
        .map(|terms| (terms.cut.sharechain.clone(), terms.cut.pos))
        .collect();
    let split_window = Window::DifficultyMilli(currency.split_window_milli);
    let split_length = Work(split_window.length(block.network_work.0));
    let split_works = if pooled.is_empty() {
        BTreeMap::new()
    } else {
        store
            .work_by_sharechain(&currency.code, &pooled, split_length)
            .await?
    };

    let mut chains = Vec::with_capacity(terms.len());
    let mut audits = Vec::with_capacity(terms.len());
    for Terms { cut, method, fee } in terms {
        let length = Work(method.window_length(block.network_work.0));
        let mut window = BTreeMap::new();
        if method.is_pooled() {
            let works = store
                .work_in_window(&cut.sharechain, &currency.code, cut.pos, length)
                .await?;
            audits.push(WindowAudit {
                sharechain: cut.sharechain.clone(),
                length,
                work: works.total,
                oldest_pos: works.oldest_pos,
            });
            let users = works.users.into_iter();
            window.extend(users.map(|(user, work)| (Payee::new(user), work.0)));
        }
        chains.push(ChainWindow {
            split_work: split_works.get(&cut.sharechain).map_or(0, |work| work.0),
            sharechain: cut.sharechain.clone(),
            method,
            fee,
            window,
        });
    }
    let reward = u64::try_from(block.reward.0)
        .map_err(|_| refused(format!("its reward is {}", block.reward)))?;
    let finder = Finder {
        sharechain: block.sharechain.clone(),
        payee: Payee::new(block.finder.clone()),
    };
    let split = BlockToSplit {
        reward,
        finder,
        chains,
    }
    .split()
    .map_err(|error| refused(error.to_string()))?;
    Ok((split, audits))
}

fn read(cut: &Cut) -> Result<Terms<'_>, String> {
    let method: PayoutMethod =
        serde_json::from_value(cut.terms.method.clone()).map_err(|error| {
            format!(
                "the cut of {} has a method unknown here: {error}",
                cut.sharechain
            )
        })?;
    let fee = FeePpm::new(cut.terms.fee_ppm).map_err(|error| error.to_string())?;
    Ok(Terms {
        cut,
        method: to_method(&method),
        fee,
    })
}

fn to_method(method: &PayoutMethod) -> Method {
    match method {
        PayoutMethod::Pplns { window } => Method::Pplns {
            window: match *window {
                WindowSettings::DifficultyMilli(milli) => Window::DifficultyMilli(milli),
                WindowSettings::Work(work) => Window::Work(work.into()),
            },
        },
        PayoutMethod::Solo => Method::Solo,
    }
}
