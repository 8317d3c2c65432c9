//! The document of `ngledger`.

use ngpool_settings::{CurrencySettings, LedgerSettings, PayoutMethod, Window};

use super::{
    blocks::{BUILT_IN_WORKERS_PER_USER, defaults},
    context::{Context, Origin, milli},
    currency, pod,
};
use crate::{
    environment::{DatabaseRole, Program},
    kinds::{NetworkAlgorithm, POOL_NAME, SharechainSpec},
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
        bonus: None,
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
    let one_of = |context: &mut Context<'_>, field: &str, message: &str| {
        context.error(of, field, message, None);
        None
    };
    let pplns = match (&spec.method.pplns, &spec.method.solo) {
        (None, Some(_)) => return Some(PayoutMethod::Solo),
        (Some(pplns), None) => pplns,
        _ => {
            return one_of(
                context,
                "spec.method",
                "exactly one of pplns and solo must be given",
            );
        }
    };
    let field = "spec.method.pplns.window";
    let window = match (pplns.window.factor, pplns.window.work) {
        (Some(factor), None) => {
            let Some(milli) = milli(factor) else {
                let help = Some("such as 2 or 2.5".to_owned());
                let message = format!("{factor} has more than three decimals");
                context.error(of, &format!("{field}.factor"), message, help);
                return None;
            };
            Window::DifficultyMilli(milli)
        }
        (None, Some(work)) => Window::Work(work),
        _ => {
            return one_of(
                context,
                field,
                "exactly one of factor and work must be given",
            );
        }
    };
    Some(PayoutMethod::Pplns { window })
}
