//! A cut for every reported block: where this sharechain stood, once its servers have shipped.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::Utc;
use ngpool_store::{BlockKey, CutTerms, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::ledger::{Books, Ledger};

/// Time between two looks for blocks whose announcement was missed.
const TICK: Duration = Duration::from_secs(1);

/// Cuts under way at once; blocks are rare, except after a long outage and on test networks.
const AT_ONCE: usize = 64;

/// Time between two tries to listen or to store.
const PAUSE: Duration = Duration::from_millis(500);

pub(crate) async fn run(ledger: Arc<Ledger>, stop: CancellationToken) {
    let (heard, mut announced) = tokio::sync::mpsc::channel(AT_ONCE);
    let listener = tokio::spawn(listen(Arc::clone(&ledger), heard, stop.clone()));
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut cutting = JoinSet::new();
    let mut under_way = HashSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
            // An announcement only says that it is time to look.
            Some(()) = announced.recv() => {}
            Some(done) = cutting.join_next() => {
                if let Ok(block) = done {
                    under_way.remove(&block);
                }
                continue;
            }
        }
        if *ledger.books.borrow() != Books::Open {
            continue;
        }
        let currencies: Vec<String> = ledger
            .document()
            .currencies
            .iter()
            .map(|currency| currency.code.clone())
            .collect();
        match ledger
            .store
            .uncut_blocks(&ledger.sharechain, &currencies, Utc::now())
            .await
        {
            Ok(blocks) => {
                for block in blocks {
                    if under_way.len() >= AT_ONCE {
                        break;
                    }
                    if under_way.insert(block.key.clone()) {
                        cutting.spawn(cut(Arc::clone(&ledger), block.key, stop.clone()));
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "blocks cannot be looked for"),
        }
    }
    // What is under way is done again after the next start.
    cutting.shutdown().await;
    listener.abort();
}

/// Wakes the cutter when a block is announced.
async fn listen(
    ledger: Arc<Ledger>,
    heard: tokio::sync::mpsc::Sender<()>,
    stop: CancellationToken,
) {
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = hear(&ledger, &heard) => ended,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "block announcements cannot be heard, each second is looked");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn hear(ledger: &Ledger, heard: &tokio::sync::mpsc::Sender<()>) -> Result<(), StoreError> {
    let mut watch = ledger.store.watch_blocks().await?;
    loop {
        watch.next().await?;
        // Full: the cutter is about to look anyway.
        let _waiting = heard.try_send(());
    }
}

/// Asks the servers, waits, stores the cut. Returns the block when it is cut or cannot be.
async fn cut(ledger: Arc<Ledger>, block: BlockKey, stop: CancellationToken) -> BlockKey {
    let patience = Duration::from_millis(ledger.document().cut_wait_ms);
    let unanswered = ledger.followers.close_and_ship(&block, patience).await;
    loop {
        // The terms of the moment at which the cut is stored.
        let document = ledger.document();
        let method = match serde_json::to_value(&document.method) {
            Ok(method) => method,
            Err(error) => {
                tracing::error!(%error, "the payout method cannot be stored");
                return block;
            }
        };
        let bonus = document.bonus.as_ref();
        let bonus = bonus.and_then(|bonus| bonus.of_currency(&block.currency));
        let bonus = match bonus.map(serde_json::to_value).transpose() {
            Ok(bonus) => bonus,
            Err(error) => {
                tracing::error!(%error, "the finder's bonus cannot be stored");
                return block;
            }
        };
        let mut currencies = document.currencies.iter();
        let currency = currencies.find(|currency| currency.code == block.currency);
        let terms = CutTerms {
            method,
            fee_ppm: document.fee_ppm,
            bonus,
            split_window_milli: currency.map(|currency| currency.split_window_milli),
            unanswered: unanswered.clone(),
        };
        match ledger
            .store
            .store_cut(&block, &ledger.sharechain, &terms, Utc::now())
            .await
        {
            Ok(cut) => {
                ledger.metrics.cut(cut.terms.unanswered.is_empty());
                tracing::info!(
                    currency = block.currency,
                    hash = %block.hash,
                    position = cut.pos,
                    unanswered = ?cut.terms.unanswered,
                    "cut for a block"
                );
                return block;
            }
            Err(error) if error.is_temporary() => {
                tracing::warn!(%error, hash = %block.hash, "a cut cannot be stored yet");
            }
            Err(error) => {
                tracing::error!(%error, hash = %block.hash, "a cut cannot be stored");
                return block;
            }
        }
        tokio::select! {
            () = stop.cancelled() => return block,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
