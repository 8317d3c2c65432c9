//! The settle job of a currency, on its schedule.

use std::{convert::Infallible, time::Duration};

use ngpayout::SettleReport;
use ngpool_crds::PayoutJob;
use ngpool_runtime::{Program, Settings};
use ngpool_settings::PayoutSettings;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep_until},
};

use super::unit::chain;

/// Runs `ngpayout settle` again and again, as a CronJob does in a cluster. A run that fails is
/// reported and stops nothing: each step of the next one begins where the books are.
pub(super) async fn run(
    mut settings: Settings<PayoutJob>,
    program: Program,
) -> Result<(), Infallible> {
    // The failures of the last run: the same ones again are no news.
    let mut known = Vec::new();
    loop {
        let started = Instant::now();
        let job = settings.borrow_and_update().clone();
        program.health.fact("paused", job.paused);
        program.health.fact("currency", &job.settings.currency.code);
        if !job.paused {
            let failures = match one_pass(job.settings.clone()).await {
                Ok(report) => report.failures(),
                Err(error) => vec![error],
            };
            if failures != known {
                for failure in &failures {
                    tracing::warn!(currency = program.name, failure, "settle");
                }
                if failures.is_empty() && !known.is_empty() {
                    tracing::info!(currency = program.name, "settle works again");
                }
            }
            known = failures;
        }
        match known.first() {
            Some(failure) => program.health.unready(failure.as_str()),
            None => program.health.ready(),
        }
        let next = started + job.settle_every.max(Duration::from_millis(100));
        tokio::select! {
            () = program.shutdown.cancelled() => return Ok(()),
            () = sleep_until(next) => {}
            changed = settings.changed() => {
                if changed.is_err() {
                    // The supervisor is gone, and soon so are we.
                    program.shutdown.cancelled().await;
                    return Ok(());
                }
            }
        }
    }
}

/// One pass on a thread of its own: it computes whole splits, and a pass that was begun is finished.
async fn one_pass(settings: PayoutSettings) -> Result<SettleReport, String> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(ngpayout::run_settle_once(&settings)))
        .await
        .map_err(|_panicked| "the pass broke down".to_owned())?
        .map_err(|error| chain(&error))
}
