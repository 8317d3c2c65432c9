//! The jobs of a Currency.

mod policy;

use std::str::FromStr;

use ngpool_settings::{CoinserverPeer, PayoutPolicy, PayoutSettings};

use super::{
    blocks::{Layers, defaults},
    context::Context,
    currency, sharechain,
};
use crate::{
    documents::{PayoutJob, PayoutSchedule},
    environment::{DatabaseRole, Program},
    kinds::Payout,
    objects::{Kind, ObjectRef},
};

/// Four times a day: often enough for miners, rare enough for fees.
const BUILT_IN_SCHEDULE: &str = "0 */6 * * *";
const BUILT_IN_TIME_ZONE: &str = "Etc/UTC";

pub(super) fn job(context: &mut Context<'_>, name: &str) -> Option<PayoutJob> {
    let objects = context.objects;
    let spec = &objects.currencies.get(name)?.spec;
    let of = ObjectRef::new(Kind::Currency, name);
    let payout = schedule(context, &of, spec.payout.as_ref());
    let policy = policy::policy(context, &of, spec);
    context.note_default(&of, "spec.settleInterval", spec.settle_interval);
    let currency = currency::settings(context, name)?;
    let pps = sharechain::bought(context, name, &currency.network);
    let sharechains = objects
        .sharechains
        .iter()
        .filter(|(_, chain)| currency.network.algorithm == chain.spec.algorithm.into())
        .map(|(name, _)| name.clone())
        .collect();
    Some(PayoutJob {
        settings: PayoutSettings {
            coinservers: nodes(context, name),
            database_url_file: context.environment.database_url_file(DatabaseRole::Payout),
            statement_key_file: context.environment.statement_key_file(name),
            sharechains,
            pps: pps?,
            policy: policy?,
            tls: context.environment.tls(),
            currency,
        },
        settle_every: spec.settle_interval.duration(),
        payout: payout?,
        paused: spec.paused.unwrap_or(false),
    })
}

/// The payout policy of a Currency, for those who only show it.
pub(super) fn policy_of(context: &mut Context<'_>, name: &str) -> Option<PayoutPolicy> {
    let objects = context.objects;
    let spec = &objects.currencies.get(name)?.spec;
    policy::policy(context, &ObjectRef::new(Kind::Currency, name), spec)
}

/// Every coinserver of a Currency.
pub(super) fn nodes(context: &Context<'_>, currency: &str) -> Vec<CoinserverPeer> {
    let of_currency = context
        .objects
        .coinservers
        .iter()
        .filter(|(_, node)| *node.spec.currency == *currency);
    // The books and the wire name a currency by its code.
    let code = context
        .objects
        .currencies
        .get(currency)
        .map(|c| c.spec.code.clone());
    of_currency
        .map(|(name, _)| CoinserverPeer {
            name: name.clone(),
            currency: code.clone().unwrap_or_default(),
            url: context.environment.url(Program::Coinserver(name)),
        })
        .collect()
}

fn schedule(
    context: &mut Context<'_>,
    of: &ObjectRef,
    own: Option<&Payout>,
) -> Option<PayoutSchedule> {
    let pool = defaults(context).and_then(|defaults| defaults.payout.as_ref());
    let mut layers = Layers {
        context,
        of,
        block: "spec.payout",
        object: own,
        pool,
    };
    let schedule = layers.pick(
        "schedule",
        |p| p.schedule.clone(),
        BUILT_IN_SCHEDULE.to_owned(),
    );
    let time_zone = layers.pick(
        "timeZone",
        |p| p.time_zone.clone(),
        BUILT_IN_TIME_ZONE.to_owned(),
    );
    let fields = schedule.split_whitespace().count();
    if fields != 5 || croner::Cron::from_str(&schedule).is_err() {
        let message = format!("{schedule:?} is not a schedule of five cron fields");
        let help = "minute, hour, day of the month, month, day of the week, such as `0 3 * * *`";
        context.error(of, "spec.payout.schedule", message, Some(help.to_owned()));
        return None;
    }
    if time_zone.parse::<chrono_tz::Tz>().is_err() {
        let message = format!("{time_zone:?} is not a time zone");
        let help = "a name of the IANA database, such as `Europe/Berlin` or `Etc/UTC`";
        context.error(of, "spec.payout.timeZone", message, Some(help.to_owned()));
        return None;
    }
    Some(PayoutSchedule {
        schedule,
        time_zone,
    })
}
