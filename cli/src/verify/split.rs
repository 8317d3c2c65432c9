//! The arithmetic of a split: its sums, and every amount computed anew from work and terms.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_accounting::{
    BlockSplit, BlockToSplit, Bonus, ChainSplit, ChainWindow, FeePpm, Finder, Leaf, Method, Payee,
    Reach, Window,
};
use ngpool_settings::{CutBonus, PayoutMethod, Window as WindowSettings};

use super::{
    Findings,
    document::{Audit, Credit, Cut, Document, Part},
};

/// Lines of a sharechain's published split.
pub(super) fn leaves(document: &Document, sharechain: &str) -> Vec<Leaf> {
    credits(document, sharechain)
        .map(|credit| Leaf::public(&Payee::new(&*credit.payee), credit.work, credit.amount))
        .collect()
}

/// What a sharechain's payees were credited.
pub(super) fn credits<'a>(
    document: &'a Document,
    sharechain: &'a str,
) -> impl Iterator<Item = &'a Credit> {
    document
        .credits
        .iter()
        .filter(move |credit| credit.sharechain == sharechain)
}

pub(super) fn check(document: &Document, findings: &mut Findings) {
    let Some(audit) = &document.block.audit else {
        findings.note(Err(
            "the block is not divided: it was never accepted".to_owned()
        ));
        return;
    };
    findings.note(lines(document, audit));
    findings.note(total(document, audit));
    for part in &audit.parts {
        findings.note(sums(document, part));
        findings.note(window(document, audit, part));
    }
    match recompute(document, audit) {
        Ok(split) => findings.note(compare(document, audit, &split)),
        Err(why) => findings.note(Err(why)),
    }
}

/// Every line belongs to a part, once.
fn lines(document: &Document, audit: &Audit) -> Result<String, String> {
    let parts: BTreeSet<_> = audit.parts.iter().map(|part| &part.sharechain).collect();
    if parts.len() != audit.parts.len() {
        return Err("a sharechain has two parts".to_owned());
    }
    let mut seen = BTreeSet::new();
    for credit in &document.credits {
        let (payee, sharechain) = (&credit.payee, &credit.sharechain);
        if !parts.contains(sharechain) {
            return Err(format!(
                "{payee} is credited on {sharechain}, which has no part"
            ));
        }
        if !seen.insert((payee, sharechain)) {
            return Err(format!("{payee} has two lines on {sharechain}"));
        }
    }
    Ok(format!(
        "{} lines, each payee once on a sharechain",
        document.credits.len()
    ))
}

fn total(document: &Document, audit: &Audit) -> Result<String, String> {
    let reward = document.block.reward;
    if audit.reward != reward {
        return Err(format!(
            "{} was divided, the block's reward is {reward}",
            audit.reward
        ));
    }
    let sum: u128 = audit.parts.iter().map(|part| u128::from(part.amount)).sum();
    if sum == u128::from(reward) {
        Ok(format!("the parts are the whole reward of {reward}"))
    } else {
        Err(format!("the parts sum to {sum}, the reward is {reward}"))
    }
}

fn sums(document: &Document, part: &Part) -> Result<String, String> {
    let name = &part.sharechain;
    let of = |amount: fn(&Credit) -> u64| -> u128 {
        credits(document, name)
            .map(|credit| u128::from(amount(credit)))
            .sum()
    };
    let credited = of(|credit| credit.amount);
    let all =
        credited + u128::from(part.reserve) + u128::from(part.fee) + u128::from(part.donation);
    for (what, lines, stated) in [
        ("reserve, fee, donations and credits", all, part.amount),
        (
            "the lines' donations",
            of(|credit| credit.donation),
            part.donation,
        ),
        ("the lines' bonus", of(|credit| credit.bonus), part.bonus),
    ] {
        if lines != u128::from(stated) {
            return Err(format!("on {name}, {what} sum to {lines}, not to {stated}"));
        }
    }
    Ok(format!(
        "on {name}, credits {credited}, fee {}, donations {} and reserve {} are its part of {}",
        part.fee, part.donation, part.reserve, part.amount
    ))
}

/// The work of the lines is the work of the window, and the window is as long as the terms say.
fn window(document: &Document, audit: &Audit, part: &Part) -> Result<String, String> {
    let name = &part.sharechain;
    let cut = cut(audit, name)?;
    let network_work = document.block.network_work;
    if cut.network_work != network_work {
        return Err(format!(
            "{name} was cut for a network work of {}, the block's is {network_work}",
            cut.network_work
        ));
    }
    let method = method(&cut.method);
    if method.is_pooled() {
        let work = credits(document, name).try_fold(part.window_bought, |sum, credit| {
            sum.checked_add(credit.work)
        });
        if work != Some(part.window_work) {
            return Err(format!(
                "on {name}, the lines' work is not the window's {}",
                part.window_work
            ));
        }
    }
    if let Reach::Last(length) = method.reach(network_work)
        && (part.window_length != length || part.window_work > length)
    {
        return Err(format!(
            "on {name}, the window is {} long with {} in it, by the terms it is {length}",
            part.window_length, part.window_work
        ));
    }
    Ok(format!(
        "on {name}, the lines' work is the window's {}",
        part.window_work
    ))
}

fn cut<'a>(audit: &'a Audit, sharechain: &str) -> Result<&'a Cut, String> {
    audit
        .cuts
        .iter()
        .find(|cut| cut.sharechain == sharechain)
        .ok_or_else(|| format!("there are no terms of {sharechain}"))
}

/// The split by the pool's own rules, from what is published.
fn recompute(document: &Document, audit: &Audit) -> Result<BlockSplit, String> {
    let block = &document.block;
    let chains = audit
        .cuts
        .iter()
        .map(|cut| {
            let part = audit
                .parts
                .iter()
                .find(|part| part.sharechain == cut.sharechain);
            let window: BTreeMap<_, _> = credits(document, &cut.sharechain)
                .filter(|credit| credit.work > 0)
                .map(|credit| (Payee::new(&*credit.payee), credit.work))
                .collect();
            let bought = part.map_or(0, |part| part.window_bought);
            Ok(ChainWindow {
                sharechain: cut.sharechain.clone(),
                method: method(&cut.method),
                fee: share(cut.fee_ppm)?,
                bonus: bonus(cut.bonus)?,
                split_work: part.map_or(0, |part| part.split_work),
                // A part without any work was given to a reserve that was buying.
                is_buying: bought == 0
                    && window.is_empty()
                    && part.is_some_and(|part| part.reserve > 0),
                bought,
                window,
            })
        })
        .collect::<Result<_, String>>()?;
    let mut donations = BTreeMap::new();
    for credit in &document.credits {
        let given = share(credit.donation_ppm)?;
        let before = donations.insert(Payee::new(&*credit.payee), given);
        if before.is_some_and(|before| before != given) {
            return Err(format!("{} gives two different shares", credit.payee));
        }
    }
    BlockToSplit {
        reward: block.reward,
        finder: Finder {
            sharechain: block.sharechain.clone(),
            payee: Payee::new(&*block.finder),
        },
        chains,
        donations,
    }
    .split()
    .map_err(|error| format!("the split cannot be computed: {error}"))
}

fn compare(document: &Document, audit: &Audit, split: &BlockSplit) -> Result<String, String> {
    if split.chains.len() != audit.parts.len() {
        return Err(format!(
            "by the terms {} sharechains have a part, {} have one",
            split.chains.len(),
            audit.parts.len()
        ));
    }
    for part in &audit.parts {
        let chain = split
            .chains
            .iter()
            .find(|chain| chain.sharechain == part.sharechain)
            .ok_or_else(|| format!("by the terms {} has no part", part.sharechain))?;
        compare_part(document, part, chain)?;
    }
    Ok("computed anew from work and terms, every amount is the same".to_owned())
}

fn compare_part(document: &Document, part: &Part, chain: &ChainSplit) -> Result<(), String> {
    let name = &part.sharechain;
    for (what, published, right) in [
        ("part", part.amount, chain.amount),
        ("reserve", part.reserve, chain.reserve),
        ("fee", part.fee, chain.fee),
        ("bonus", part.bonus, chain.bonus()),
        ("donations", part.donation, chain.donation()),
    ] {
        if published != right {
            return Err(format!(
                "the {what} of {name} is {published}, by the terms {right}"
            ));
        }
    }
    let published: BTreeMap<&str, &Credit> = credits(document, name)
        .map(|credit| (credit.payee.as_str(), credit))
        .collect();
    if published.len() != chain.parts.len() {
        return Err(format!(
            "on {name}, {} payees are credited, by the terms {}",
            published.len(),
            chain.parts.len()
        ));
    }
    for right in &chain.parts {
        let payee = right.payee.as_str();
        let Some(credit) = published.get(payee) else {
            return Err(format!(
                "{payee} has no line on {name}, by the terms he has one"
            ));
        };
        if credit.work != right.work {
            return Err(format!("the work of {payee} on {name} counts otherwise"));
        }
        for (what, published, right) in [
            ("amount", credit.amount, right.amount),
            ("bonus", credit.bonus, right.bonus),
            ("donation", credit.donation, right.donation),
        ] {
            if published != right {
                return Err(format!(
                    "the {what} of {payee} on {name} is {published}, by the terms {right}"
                ));
            }
        }
    }
    Ok(())
}

fn share(ppm: u32) -> Result<FeePpm, String> {
    FeePpm::new(ppm).map_err(|error| error.to_string())
}

fn bonus(bonus: Option<CutBonus>) -> Result<Bonus, String> {
    Ok(match bonus {
        None => Bonus::None,
        Some(CutBonus::SharePpm(ppm)) => Bonus::Share(share(ppm)?),
        Some(CutBonus::Fixed(amount)) => Bonus::Fixed(amount),
    })
}

fn method(method: &PayoutMethod) -> Method {
    let window = |window: WindowSettings| match window {
        WindowSettings::DifficultyMilli(milli) => Window::DifficultyMilli(milli),
        WindowSettings::Work(work) => Window::Work(work.into()),
    };
    match method {
        PayoutMethod::Pplns { window: length } => Method::Pplns {
            window: window(*length),
        },
        PayoutMethod::Prop => Method::Prop,
        PayoutMethod::Solo => Method::Solo,
        PayoutMethod::Pps(settings) | PayoutMethod::Fpps(settings) => Method::Pps {
            window: window(settings.window),
        },
    }
}
