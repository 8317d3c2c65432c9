//! The split of a block: a pure function of the block, its cuts, and the batches up to them.
//!
//! A cut holds everything that could change afterwards: the position, the method with its parameters,
//! fee, bonus, split window, where the round began, and which donations and which switches of a reserve
//! were known. Nothing here is read from the settings but what old cuts lack.

use std::collections::BTreeMap;

use ngpool_accounting::{
    BlockSplit, BlockToSplit, Bonus, ChainWindow, FeeError, FeePpm, Finder, Method, Payee, Reach,
    Window,
};
use ngpool_chain::Work;
use ngpool_settings::{
    CurrencySettings, CutBonus, PayoutMethod, PpsSettings, Window as WindowSettings,
};
use ngpool_store::{Cut, OpenBlock, Store, WindowAudit, WindowQuery};

use super::StepError;

/// A cut with its terms read.
struct Terms<'a> {
    cut: &'a Cut,
    method: Method,
    fee: FeePpm,
    bonus: Bonus,
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
    // What holds for the block as a whole is what its own sharechain was cut with.
    let home = cuts.iter().find(|cut| cut.sharechain == block.sharechain);
    let home = home.ok_or_else(|| refused(format!("{} is not cut", block.sharechain)))?;
    let split_works = split_works(store, currency, block, home, &terms).await?;

    let mut chains = Vec::with_capacity(terms.len());
    let mut audits = Vec::with_capacity(terms.len());
    for terms in &terms {
        let split_work = split_works.get(&terms.cut.sharechain);
        let (chain, audit) = window(store, block, terms).await?;
        audits.extend(audit);
        chains.push(ChainWindow {
            split_work: split_work.map_or(0, |work| work.0),
            ..chain
        });
    }
    let reward = u64::try_from(block.reward.0)
        .map_err(|_| refused(format!("its reward is {}", block.reward)))?;
    let finder = Finder {
        sharechain: block.sharechain.clone(),
        payee: Payee::new(block.finder.clone()),
    };
    let donations = donations(store, &block.key.currency, home.donations).await?;
    let split = BlockToSplit {
        reward,
        finder,
        chains,
        donations,
    }
    .split()
    .map_err(|error| refused(error.to_string()))?;
    Ok((split, audits))
}

/// What payees give, as far as it was known at a cut or a period.
pub(super) async fn donations(
    store: &Store,
    currency: &str,
    number: u64,
) -> Result<BTreeMap<Payee, FeePpm>, StepError> {
    let donations = store.donations(currency, number).await?.into_iter();
    Ok(donations
        // The database holds no share above the whole.
        .filter_map(|(payee, ppm)| Some((Payee::new(payee), FeePpm::new(ppm).ok()?)))
        .collect())
}

/// One window over all chains whose work is pooled; SOLO work enters none.
async fn split_works(
    store: &Store,
    currency: &CurrencySettings,
    block: &OpenBlock,
    home: &Cut,
    terms: &[Terms<'_>],
) -> Result<BTreeMap<String, Work>, StepError> {
    let pooled: Vec<(String, u64)> = terms
        .iter()
        .filter(|terms| terms.method.is_pooled())
        .map(|terms| (terms.cut.sharechain.clone(), terms.cut.pos))
        .collect();
    if pooled.is_empty() {
        return Ok(BTreeMap::new());
    }
    let milli = home.terms.split_window_milli;
    let window = Window::DifficultyMilli(milli.unwrap_or(currency.split_window_milli));
    let length = Work(window.length(block.network_work.0));
    Ok(store
        .work_by_sharechain(&block.key.currency, &pooled, length)
        .await?)
}

/// The window of one chain's own method; its work in the split is not in it yet.
async fn window(
    store: &Store,
    block: &OpenBlock,
    terms: &Terms<'_>,
) -> Result<(ChainWindow, Option<WindowAudit>), StepError> {
    let cut = terms.cut;
    let mut chain = ChainWindow {
        sharechain: cut.sharechain.clone(),
        method: terms.method,
        fee: terms.fee,
        bonus: terms.bonus,
        split_work: 0,
        window: BTreeMap::new(),
        bought: 0,
        is_buying: false,
    };
    let (length, after_pos) = match terms.method.reach(block.network_work.0) {
        Reach::Nothing => return Ok((chain, None)),
        Reach::Last(length) => (Work(length), 0),
        // A cut from before rounds were noted has no method that asks.
        Reach::Round => (Work(u128::MAX), cut.round_pos.unwrap_or_default()),
    };
    let currency = &block.key.currency;
    let bought = store
        .bought_work(currency, &cut.sharechain, cut.switches)
        .await?;
    let works = store
        .window(&WindowQuery {
            sharechain: &cut.sharechain,
            currency,
            cut_pos: cut.pos,
            after_pos,
            length,
            bought: &bought.ranges,
        })
        .await?;
    let audit = WindowAudit {
        sharechain: cut.sharechain.clone(),
        // A round is as long as it is.
        length: if after_pos > 0 || length == Work(u128::MAX) {
            works.total
        } else {
            length
        },
        work: works.total,
        bought: works.bought,
        oldest_pos: works.oldest_pos,
    };
    let users = works.users.into_iter();
    chain
        .window
        .extend(users.map(|(user, work)| (Payee::new(user), work.0)));
    chain.bought = works.bought.0;
    chain.is_buying = bought.is_buying;
    Ok((chain, Some(audit)))
}

fn read(cut: &Cut) -> Result<Terms<'_>, String> {
    let unknown = |what: &str, error: &dyn std::fmt::Display| {
        format!(
            "the cut of {} has a {what} unknown here: {error}",
            cut.sharechain
        )
    };
    let method: PayoutMethod = serde_json::from_value(cut.terms.method.clone())
        .map_err(|error| unknown("method", &error))?;
    let fee = FeePpm::new(cut.terms.fee_ppm).map_err(|error| error.to_string())?;
    let bonus: Option<CutBonus> = match &cut.terms.bonus {
        Some(bonus) => {
            Some(serde_json::from_value(bonus.clone()).map_err(|error| unknown("bonus", &error))?)
        }
        None => None,
    };
    Ok(Terms {
        cut,
        method: to_method(&method),
        fee,
        bonus: to_bonus(bonus).map_err(|error| unknown("bonus", &error))?,
    })
}

fn to_bonus(bonus: Option<CutBonus>) -> Result<Bonus, FeeError> {
    Ok(match bonus {
        None => Bonus::None,
        Some(CutBonus::SharePpm(ppm)) => Bonus::Share(FeePpm::new(ppm)?),
        Some(CutBonus::Fixed(amount)) => Bonus::Fixed(amount),
    })
}

fn to_method(method: &PayoutMethod) -> Method {
    match method {
        PayoutMethod::Pplns { window } => Method::Pplns {
            window: to_window(*window),
        },
        PayoutMethod::Prop => Method::Prop,
        PayoutMethod::Solo => Method::Solo,
        PayoutMethod::Pps(PpsSettings { window, .. })
        | PayoutMethod::Fpps(PpsSettings { window, .. }) => Method::Pps {
            window: to_window(*window),
        },
    }
}

fn to_window(window: WindowSettings) -> Window {
    match window {
        WindowSettings::DifficultyMilli(milli) => Window::DifficultyMilli(milli),
        WindowSettings::Work(work) => Window::Work(work.into()),
    }
}
