//! Opens the books, and watches whether the database answers, with the URL that its file holds now.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use ngpool_runtime::Program;
use ngpool_store::StoreError;

use crate::ledger::{Books, Ledger};

/// Time between two looks at the database.
const TICK: Duration = Duration::from_secs(1);

/// A look that takes longer says that the database is away.
const PATIENCE: Duration = Duration::from_secs(4);

pub(crate) async fn run(ledger: Arc<Ledger>, program: Program) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // Currencies whose books are bound to their chains.
    let mut adopted: Vec<String> = Vec::new();
    loop {
        tokio::select! {
            () = program.shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        let url = ledger.document().database_url_file.clone();
        ledger.store.renew_from(&url).await;
        let looked = tokio::time::timeout(PATIENCE, look(&ledger, &mut adopted)).await;
        let books = match looked {
            Ok(books) => books,
            Err(_) => Books::Closed("the database does not answer".to_owned()),
        };
        ledger
            .metrics
            .database_up
            .set(i64::from(books == Books::Open));
        publish(&ledger, &program, books);
    }
}

fn publish(ledger: &Ledger, program: &Program, books: Books) {
    match &books {
        Books::Open => program.health.ready(),
        Books::Closed(reason) | Books::Refused(reason) => program.health.unready(reason),
    }
    program
        .health
        .fact("followers", ledger.followers.count().to_string());
    ledger.books.send_if_modified(|known| {
        let changed = *known != books;
        if changed {
            match &books {
                Books::Open => tracing::info!(sharechain = ledger.sharechain, "the books are open"),
                Books::Closed(reason) => tracing::warn!(reason, "shares stay with the servers"),
                Books::Refused(reason) => tracing::error!(reason, "the books are refused"),
            }
            *known = books;
        }
        changed
    });
}

async fn look(ledger: &Ledger, adopted: &mut Vec<String>) -> Books {
    match try_look(ledger, adopted).await {
        Ok(()) => Books::Open,
        Err(error @ StoreError::OtherGenesis { .. }) => Books::Refused(error.to_string()),
        Err(error) => {
            // It may be another database when it is back: everything is checked again.
            adopted.clear();
            Books::Closed(error.to_string())
        }
    }
}

async fn try_look(ledger: &Ledger, adopted: &mut Vec<String>) -> Result<(), StoreError> {
    ledger.store.check_schema().await?;
    let position = match ledger.store.head(&ledger.sharechain).await {
        Err(StoreError::UnknownSharechain(_)) => {
            adopted.clear();
            ledger
                .store
                .open_sharechain(&ledger.sharechain, Utc::now())
                .await?;
            ledger.store.head(&ledger.sharechain).await?
        }
        head => head?,
    };
    ledger.metrics.position.set(position);
    for currency in &ledger.document().currencies {
        if adopted.contains(&currency.code) {
            continue;
        }
        ledger
            .store
            .adopt_currency(&currency.code, currency.network.genesis_hash, Utc::now())
            .await?;
        adopted.push(currency.code.clone());
    }
    Ok(())
}
