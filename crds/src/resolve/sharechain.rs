//! The document of `ngledger`.

use std::collections::BTreeMap;

use ngpool_chain::{Amount, Height, Network};
use ngpool_settings::{
    CurrencySettings, FinderBonus, LedgerSettings, PayoutMethod, PpsChain, PpsSettings, Window,
};

use super::{
    blocks::{BUILT_IN_WORKERS_PER_USER, defaults},
    context::{Context, Origin, milli},
    currency, pod,
};
use crate::{
    environment::{DatabaseRole, Program},
    kinds::{BonusAmount, NetworkAlgorithm, POOL_NAME, PayPerShare, PplnsWindow, SharechainSpec},
    objects::{Kind, ObjectRef},
};

/// Days of statistics by minute, for the curves of the last days.
const BUILT_IN_MINUTE_DAYS: u32 = 3;
/// Days of statistics by hour, for a year and its comparison.
const BUILT_IN_HOUR_DAYS: u32 = 400;

pub(super) fn document(context: &mut Context<'_>, name: &str) -> Option<LedgerSettings> {
    let objects = context.objects;
    let spec = &objects.sharechains.get(name)?.spec;
    let of = ObjectRef::new(Kind::Sharechain, name);
    let method = method(context, &of, spec);
    let bonus = bonus(context, &of, spec);
    let currencies = currencies(context, spec.algorithm);
    pod::note(context, &of, spec.pod.as_ref());
    context.note_default(&of, "spec.fee", spec.fee);
    context.note_default(&of, "spec.cutWait", spec.cut_wait);
    context.note_default(&of, "spec.liveWorkers", spec.live_workers);
    let statistics = objects
        .pool
        .as_ref()
        .and_then(|pool| pool.spec.statistics.clone())
        .unwrap_or_default();
    let pool = ObjectRef::new(Kind::Pool, POOL_NAME);
    let mut kept = |field: &str, own: Option<u32>, built_in: u32| {
        let origin = if own.is_some() {
            Origin::Object
        } else {
            Origin::BuiltIn
        };
        let days = own.unwrap_or(built_in);
        context.note(&pool, &format!("spec.statistics.{field}"), days, origin);
        days
    };
    let minute_days = kept("minuteDays", statistics.minute_days, BUILT_IN_MINUTE_DAYS);
    let hour_days = kept("hourDays", statistics.hour_days, BUILT_IN_HOUR_DAYS);
    let workers_per_user = defaults(context)
        .and_then(|defaults| defaults.limits.as_ref()?.workers_per_user)
        .unwrap_or(BUILT_IN_WORKERS_PER_USER);
    Some(LedgerSettings {
        sharechain: name.to_owned(),
        listen: context.environment.listen(Program::Ledger(name)),
        database_url_file: context.environment.database_url_file(DatabaseRole::Ledger),
        currencies: currencies?,
        method: method?,
        fee_ppm: spec.fee.millionths(),
        bonus: bonus.ok()?,
        cut_wait_ms: spec.cut_wait.millis(),
        minute_days,
        hour_days,
        live_workers: spec.live_workers,
        workers_per_user,
    })
}

/// Currencies whose work can be in a chain of this algorithm: all of them, used by a port or not,
/// because a window still holds the work of a port that is gone.
fn currencies(
    context: &mut Context<'_>,
    algorithm: NetworkAlgorithm,
) -> Option<Vec<CurrencySettings>> {
    let objects = context.objects;
    let of_algorithm = objects.currencies.iter().filter(|(_, currency)| {
        currency::network(&currency.spec)
            .is_some_and(|network| network.algorithm == algorithm.into())
    });
    let settings: Vec<_> = of_algorithm
        .map(|(name, _)| currency::settings(context, name))
        .collect();
    settings.into_iter().collect()
}

/// The payout method of a Sharechain.
pub(super) fn method(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &SharechainSpec,
) -> Option<PayoutMethod> {
    let method = &spec.method;
    let given = (
        &method.pplns,
        method.prop.as_ref(),
        method.solo.as_ref(),
        &method.pps,
        &method.fpps,
    );
    match given {
        (Some(pplns), None, None, None, None) => {
            let window = window(context, of, "spec.method.pplns.window", &pplns.window)?;
            Some(PayoutMethod::Pplns { window })
        }
        (None, Some(_), None, None, None) => Some(PayoutMethod::Prop),
        (None, None, Some(_), None, None) => Some(PayoutMethod::Solo),
        (None, None, None, Some(pps), None) => {
            pay_per_share(context, of, spec, ("spec.method.pps", pps)).map(PayoutMethod::Pps)
        }
        (None, None, None, None, Some(fpps)) => {
            pay_per_share(context, of, spec, ("spec.method.fpps", fpps)).map(PayoutMethod::Fpps)
        }
        _ => {
            let message = "exactly one of pplns, prop, solo, pps and fpps must be given";
            context.error(of, "spec.method", message, None);
            None
        }
    }
}

fn window(
    context: &mut Context<'_>,
    of: &ObjectRef,
    field: &str,
    window: &PplnsWindow,
) -> Option<Window> {
    match (window.factor, window.work) {
        (Some(factor), None) => {
            let milli = milli(factor);
            if milli.is_none() {
                let help = Some("such as 2 or 2.5".to_owned());
                let message = format!("{factor} has more than three decimals");
                context.error(of, &format!("{field}.factor"), message, help);
            }
            milli.map(Window::DifficultyMilli)
        }
        (None, Some(work)) => Some(Window::Work(work)),
        _ => {
            let message = "exactly one of factor and work must be given";
            context.error(of, field, message, None);
            None
        }
    }
}

fn pay_per_share(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &SharechainSpec,
    (field, given): (&str, &PayPerShare),
) -> Option<PpsSettings> {
    let window = window(context, of, &format!("{field}.window"), &given.window);
    context.note_default(of, &format!("{field}.period"), given.period);
    for (part, percent) in [
        ("ruin", given.ruin),
        ("orphanRate", given.orphan_rate),
        ("lowMark", given.low_mark),
    ] {
        context.note_default(of, &format!("{field}.{part}"), percent);
    }
    let mut refuse = |part: &str, message: String, help: String| {
        context.error(of, &format!("{field}.{part}"), message, Some(help));
    };
    let mut sound = true;
    if spec.fee <= given.orphan_rate {
        let message = format!(
            "no reserve is enough: orphaned blocks cost {}, and the fee brings {}",
            given.orphan_rate, spec.fee
        );
        let help = "make spec.fee larger than orphanRate: the reserve needs \
                    B · ln(1/ruin) / (2 · (fee − orphanRate))";
        refuse("orphanRate", message, help.to_owned());
        sound = false;
    }
    if given.ruin.millionths() == 0 {
        let message = "a reserve that is surely never used up has no end".to_owned();
        refuse("ruin", message, "above 0%, such as `1%`".to_owned());
        sound = false;
    }
    if given.low_mark.millionths() >= 1_000_000 {
        let message = "work would be bought and not bought by turns".to_owned();
        refuse("lowMark", message, "below 100%, such as `25%`".to_owned());
        sound = false;
    }
    // A day of seconds at most.
    let period_seconds = u32::try_from(given.period.seconds()).unwrap_or(u32::MAX);
    let settings = PpsSettings {
        window: window?,
        period_seconds,
        ruin_ppm: given.ruin.millionths(),
        orphan_ppm: given.orphan_rate.millionths(),
        low_mark_ppm: given.low_mark.millionths(),
    };
    sound.then_some(settings)
}

/// The chains whose work a Currency's reserve buys.
pub(super) fn bought(
    context: &mut Context<'_>,
    currency: &str,
    network: &Network,
) -> Option<Vec<PpsChain>> {
    let objects = context.objects;
    let mut chains = Vec::new();
    let mut sound = true;
    for (name, chain) in &objects.sharechains {
        let spec = &chain.spec;
        let is_bought = spec.method.pps.is_some() || spec.method.fpps.is_some();
        if !is_bought || network.algorithm != spec.algorithm.into() {
            continue;
        }
        let of = ObjectRef::new(Kind::Sharechain, name);
        // A height at which every chain has a fixed subsidy.
        if network.subsidy(Height(1_000_000)).is_none() {
            let message = format!(
                "the subsidy of a block of Currency `{currency}` is not known: its network is \
                 written by hand"
            );
            let help = "give the Currency a preset, or use pplns".to_owned();
            context.error(&of, "spec.method", message, Some(help));
            sound = false;
            continue;
        }
        let (with_fees, settings) = match method(context, &of, spec) {
            Some(PayoutMethod::Pps(settings)) => (false, settings),
            Some(PayoutMethod::Fpps(settings)) => (true, settings),
            _ => {
                sound = false;
                continue;
            }
        };
        chains.push(PpsChain {
            sharechain: name.clone(),
            with_fees,
            fee_ppm: spec.fee.millionths(),
            settings,
        });
    }
    sound.then_some(chains)
}

/// Something was refused and is reported.
struct Refused;

/// The finder's bonus, if there is to be one.
fn bonus(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &SharechainSpec,
) -> Result<Option<FinderBonus>, Refused> {
    let Some(bonus) = &spec.finder_bonus else {
        return Ok(None);
    };
    if spec.method.pplns.is_none() && spec.method.prop.is_none() {
        let message = "a finder's bonus goes with pplns or prop: with solo the finder has it all, and \
                       with pps or fpps it would come out of the reserve";
        let help = Some("remove finderBonus".to_owned());
        context.error(of, "spec.finderBonus", message, help);
        return Err(Refused);
    }
    match (bonus.share, &bonus.amounts) {
        (Some(share), None) => Ok(Some(FinderBonus::SharePpm(share.millionths()))),
        (None, Some(amounts)) => {
            let fixed = amounts
                .iter()
                .enumerate()
                .map(|(index, amount)| {
                    let field = format!("spec.finderBonus.amounts[{index}]");
                    fixed_bonus(context, of, spec.algorithm, (&field, amount))
                })
                .collect::<Vec<_>>();
            let fixed: Vec<_> = fixed.into_iter().collect::<Option<_>>().ok_or(Refused)?;
            let count = fixed.len();
            let by_code: BTreeMap<_, _> = fixed.into_iter().collect();
            if by_code.len() < count {
                let message = "a currency is named twice";
                context.error(of, "spec.finderBonus.amounts", message, None);
                return Err(Refused);
            }
            Ok(Some(FinderBonus::Fixed(by_code)))
        }
        _ => {
            let message = "exactly one of share and amounts must be given";
            context.error(of, "spec.finderBonus", message, None);
            Err(Refused)
        }
    }
}

fn fixed_bonus(
    context: &mut Context<'_>,
    of: &ObjectRef,
    algorithm: NetworkAlgorithm,
    (field, bonus): (&str, &BonusAmount),
) -> Option<(String, u64)> {
    let name = format!("{field}.currency");
    if !context.refer(of, &name, Kind::Currency, &bonus.currency) {
        return None;
    }
    let objects = context.objects;
    let currency = &objects.currencies.get(&*bonus.currency)?.spec;
    if currency::network(currency).is_some_and(|network| network.algorithm != algorithm.into()) {
        let message = format!("Currency `{}` has another algorithm", bonus.currency);
        let help = "only blocks of the Sharechain's own algorithm can be found here".to_owned();
        context.error(of, &name, message, Some(help));
        return None;
    }
    let amount = Amount::from_decimal(&bonus.amount, currency.decimals)
        .ok()
        .and_then(|amount| u64::try_from(amount.0).ok());
    if amount.is_none() {
        let message = format!(
            "{:?} is not an amount with at most {} decimals",
            bonus.amount, currency.decimals
        );
        let help = "whole coins in quotes, such as \"0.05\"".to_owned();
        context.error(of, &format!("{field}.amount"), message, Some(help));
    }
    Some((currency.code.clone(), amount?))
}
