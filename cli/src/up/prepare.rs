//! The payout job of a currency, on its schedule.

use std::{convert::Infallible, str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use ngpool_crds::{PayoutJob, PayoutSchedule};
use ngpool_runtime::{Program, Settings};
use ngpool_settings::PayoutSettings;

use super::unit::chain;

/// The clock is looked at again after this, because it may be set while we sleep.
const LOOK: Duration = Duration::from_secs(30);

/// Runs `ngpayout prepare` at every moment of the schedule, as a CronJob does in a cluster. A moment
/// that passes while the pool is down is not made up for.
pub(super) async fn run(
    mut settings: Settings<PayoutJob>,
    program: Program,
) -> Result<(), Infallible> {
    let mut since = Utc::now();
    loop {
        let job = settings.borrow_and_update().clone();
        let due = next(&job.payout, since).filter(|_| !job.paused);
        program.health.ready();
        program.health.fact(
            "next",
            due.map_or_else(|| "never".to_owned(), |due| due.to_rfc3339()),
        );
        let now = Utc::now();
        if let Some(due) = due
            && due <= now
        {
            since = now;
            one_run(&program, job.settings.clone()).await;
            continue;
        }
        let left = due.and_then(|due| (due - now).to_std().ok());
        tokio::select! {
            () = program.shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(left.map_or(LOOK, |left| left.min(LOOK))) => {}
            changed = settings.changed() => {
                if changed.is_err() {
                    // The supervisor is gone, and soon so are we.
                    program.shutdown.cancelled().await;
                    return Ok(());
                }
                // A schedule counts from when it is there.
                since = Utc::now();
            }
        }
    }
}

/// The first moment of a schedule after another.
fn next(schedule: &PayoutSchedule, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // Both were checked when the files were read.
    let zone: Tz = schedule.time_zone.parse().ok()?;
    let cron = Cron::from_str(&schedule.schedule).ok()?;
    cron.find_next_occurrence(&since.with_timezone(&zone), false)
        .ok()
        .map(|due| due.with_timezone(&Utc))
}

/// A task of its own: a run that was begun is finished.
async fn one_run(program: &Program, settings: PayoutSettings) {
    let currency = &program.name;
    let run = tokio::spawn(async move { ngpayout::run_prepare_once(&settings).await });
    match run.await {
        Ok(Ok(report)) => {
            for failure in report.failures() {
                tracing::error!(currency, failure, "prepare");
            }
            for warning in &report.warnings {
                tracing::warn!(currency, warning, "prepare");
            }
            match (&report.prepared, &report.waiting) {
                (Some(payout), _) => tracing::info!(
                    currency,
                    payout = payout.number,
                    payees = payout.payees,
                    paid = payout.paid.0,
                    "a payout waits for the signer"
                ),
                (None, Some(reason)) => tracing::info!(currency, reason, "no payout is made"),
                (None, None) => {}
            }
        }
        Ok(Err(error)) => tracing::error!(currency, error = chain(&error), "prepare"),
        Err(_panicked) => tracing::error!(currency, "prepare broke down"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(schedule: &str, zone: &str, since: &str) -> String {
        let schedule = PayoutSchedule {
            schedule: schedule.to_owned(),
            time_zone: zone.to_owned(),
        };
        next(&schedule, since.parse().unwrap())
            .unwrap()
            .to_rfc3339()
    }

    #[test]
    fn a_schedule_is_read_in_its_time_zone() {
        let since = "2026-07-01T00:30:00Z";
        assert_eq!(
            after("0 */6 * * *", "Etc/UTC", since),
            "2026-07-01T06:00:00+00:00"
        );
        assert_eq!(
            after("0 4 * * *", "Europe/Berlin", since),
            "2026-07-01T02:00:00+00:00"
        );
        // Never the moment itself again.
        assert_eq!(
            after("0 0 * * *", "Etc/UTC", "2026-07-01T00:00:00Z"),
            "2026-07-02T00:00:00+00:00"
        );
    }
}
