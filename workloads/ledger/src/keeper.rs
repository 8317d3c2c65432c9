//! What a ledger does besides: seals chunks, counts statistics, makes and drops partitions.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use ngpool_chain::Work;
use ngpool_settings::{LedgerSettings, PayoutMethod, PpsSettings, Window};
use ngpool_store::{Retention, StatisticsLimits, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    ledger::{Books, Ledger},
    live::GONE,
};

/// Time between two rounds of sealing and counting.
const TICK: Duration = Duration::from_secs(2);

/// Time between two rounds of partitions.
const MAINTENANCE: Duration = Duration::from_hours(1);

/// The first round of partitions waits until mining has told how hard the currencies are.
const FIRST_MAINTENANCE: Duration = Duration::from_mins(1);

/// Days of batches kept whatever the windows need: servers send again for one.
const BATCH_DAYS: u32 = 3;

pub(crate) async fn run(ledger: Arc<Ledger>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut maintenance = Instant::now() + FIRST_MAINTENANCE;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if *ledger.books.borrow() != Books::Open {
            continue;
        }
        tokio::select! {
            // Every step is one transaction: what is given up is done by the next start.
            () = stop.cancelled() => return,
            () = round(&ledger) => {}
        }
        if Instant::now() >= maintenance {
            maintenance = Instant::now() + MAINTENANCE;
            tokio::select! {
                () = stop.cancelled() => return,
                kept = maintain(&ledger) => if let Err(error) = kept {
                    report("partitions cannot be looked after", &error);
                },
            }
        }
    }
}

/// One failing stops no other.
async fn round(ledger: &Ledger) {
    if let Err(error) = seal(ledger).await {
        report("chunks cannot be sealed", &error);
    }
    if let Err(error) = count(ledger).await {
        report("statistics cannot be counted", &error);
    }
    let before = Utc::now() - TimeDelta::from_std(GONE).unwrap_or_default();
    if let Err(error) = ledger.store.forget_live(&ledger.sharechain, before).await {
        report("servers that are gone cannot be forgotten", &error);
    }
}

async fn seal(ledger: &Ledger) -> Result<(), StoreError> {
    loop {
        let sealed = ledger.store.seal(&ledger.sharechain, Utc::now()).await?;
        ledger.metrics.sealed.inc_by(sealed.chunks as u64);
        if !sealed.more {
            return Ok(());
        }
    }
}

async fn count(ledger: &Ledger) -> Result<(), StoreError> {
    let limits = StatisticsLimits {
        workers_per_user: ledger.document().workers_per_user,
    };
    while ledger
        .store
        .count_statistics(&ledger.sharechain, &limits)
        .await?
        > 0
    {}
    Ok(())
}

async fn maintain(ledger: &Ledger) -> Result<(), StoreError> {
    let document = ledger.document();
    let mut mined = ledger
        .store
        .currencies_with_work(&ledger.sharechain)
        .await?;
    for (currency, noted) in &mut mined {
        // What is heard now counts; what was noted before a restart, as long as nothing was heard.
        if let Some(heard) = ledger.network_work(currency) {
            *noted = heard;
            ledger
                .store
                .note_network_work(&ledger.sharechain, currency, heard)
                .await?;
        }
    }
    if let Some(windows) = windows(&document, &mined) {
        let oldest = if document.method == PayoutMethod::Prop {
            let currencies: Vec<_> = mined.into_keys().collect();
            ledger
                .store
                .oldest_round(&ledger.sharechain, &currencies)
                .await?
        } else {
            u64::MAX
        };
        ledger
            .store
            .keep_shares_from(&ledger.sharechain, &windows, oldest, Utc::now())
            .await?;
    }
    let retention = Retention {
        batch_days: BATCH_DAYS,
        minute_days: document.minute_days,
        hour_days: document.hour_days,
    };
    let dropped = ledger.store.maintain(&retention, Utc::now()).await?;
    if dropped > 0 {
        tracing::info!(dropped, "partitions past their time are dropped");
    }
    Ok(())
}

/// The longest window, in work, of each currency that was ever mined: one that was not needs nothing.
/// `None` while it is not known how hard one of them is: nothing is dropped then.
fn windows(
    document: &LedgerSettings,
    mined: &BTreeMap<String, Work>,
) -> Option<Vec<(String, Work)>> {
    let mut windows = Vec::new();
    for currency in &document.currencies {
        let Some(network) = mined.get(&currency.code).copied() else {
            continue;
        };
        if network == Work::ZERO {
            return None;
        }
        let own = match &document.method {
            PayoutMethod::Pplns { window }
            | PayoutMethod::Pps(PpsSettings { window, .. })
            | PayoutMethod::Fpps(PpsSettings { window, .. }) => match window {
                Window::DifficultyMilli(milli) => thousandths(network, *milli),
                Window::Work(work) => Work(u128::from(*work)),
            },
            // Rounds are kept by their positions.
            PayoutMethod::Prop | PayoutMethod::Solo => Work(0),
        };
        let split = thousandths(network, currency.split_window_milli);
        windows.push((currency.code.clone(), own.max(split)));
    }
    Some(windows)
}

fn thousandths(work: Work, milli: u32) -> Work {
    // Divided first where the product would not fit: exact enough for what is only kept longer.
    let milli = u128::from(milli);
    Work(work.0.checked_mul(milli).map_or_else(
        || (work.0 / 1_000).saturating_mul(milli),
        |product| product.div_ceil(1_000),
    ))
}

fn report(what: &str, error: &StoreError) {
    if error.is_temporary() {
        tracing::debug!(%error, "{what}");
    } else {
        tracing::error!(%error, "{what}");
    }
}

#[cfg(test)]
mod tests {
    use ngpool_chain::Network;
    use ngpool_settings::{CurrencySettings, Listen};

    use super::*;

    fn document(method: PayoutMethod) -> LedgerSettings {
        let currency = |code: &str| CurrencySettings {
            name: code.to_lowercase(),
            code: code.to_owned(),
            network: Network::preset("litecoin-regtest").unwrap(),
            subsidy_address: String::new(),
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: String::new(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        };
        LedgerSettings {
            sharechain: "main".to_owned(),
            listen: Listen {
                grpc: "127.0.0.1:1".parse().unwrap(),
                admin: "127.0.0.1:2".parse().unwrap(),
                tls: None,
            },
            database_url_file: "url".into(),
            currencies: vec![currency("LTC"), currency("DOGE")],
            method,
            fee_ppm: 0,
            bonus: None,
            cut_wait_ms: 5_000,
            minute_days: 7,
            hour_days: 365,
            live_workers: 10,
            workers_per_user: 10,
        }
    }

    fn mined(works: &[(&str, u128)]) -> BTreeMap<String, Work> {
        works
            .iter()
            .map(|(code, work)| ((*code).to_owned(), Work(*work)))
            .collect()
    }

    fn lengths(method: PayoutMethod) -> Vec<u128> {
        let mined = mined(&[("LTC", 1_001), ("DOGE", 1_001)]);
        let windows = windows(&document(method), &mined).unwrap();
        windows.into_iter().map(|(_, work)| work.0).collect()
    }

    #[test]
    fn the_longer_of_method_and_split_is_kept() {
        let by_difficulty = |milli| PayoutMethod::Pplns {
            window: Window::DifficultyMilli(milli),
        };
        assert_eq!(lengths(by_difficulty(500)), [2_002, 2_002]);
        assert_eq!(lengths(by_difficulty(2_500)), [2_503, 2_503]);
        assert_eq!(
            lengths(PayoutMethod::Pplns {
                window: Window::Work(77_000)
            }),
            [77_000; 2]
        );
        assert_eq!(lengths(PayoutMethod::Solo), [2_002, 2_002]);
    }

    #[test]
    fn a_currency_that_was_never_mined_needs_nothing() {
        let known = mined(&[("LTC", 5)]);
        assert_eq!(
            windows(&document(PayoutMethod::Solo), &known),
            Some(vec![("LTC".to_owned(), Work(10))])
        );
    }

    #[test]
    fn while_nobody_knows_how_hard_a_mined_currency_is_nothing_is_known_and_nothing_dropped() {
        let unheard = mined(&[("LTC", 5), ("DOGE", 0)]);
        assert_eq!(windows(&document(PayoutMethod::Solo), &unheard), None);
    }

    #[test]
    fn thousandths_saturate() {
        assert_eq!(thousandths(Work(u128::MAX), 2_000), Work(u128::MAX));
        assert_eq!(
            thousandths(Work(u128::MAX), 500),
            Work(u128::MAX / 1_000 * 500)
        );
    }
}
