//! What the parts of a ledger share.

use std::{collections::HashMap, fs, sync::Arc};

use ngpool_chain::Work;
use ngpool_runtime::{Program, Settings};
use ngpool_settings::LedgerSettings;
use ngpool_store::{BatchContents, Store, StoreOptions};
use parking_lot::Mutex;
use ruint::aliases::U256;
use tokio::sync::watch;

use crate::{
    RunError,
    followers::Followers,
    ingest::{Ingest, Writer},
    metrics::LedgerMetrics,
};

/// Whether the books are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Books {
    /// They are; shares and blocks are taken.
    Open,
    /// Not yet, or the database is away: wait.
    Closed(String),
    /// They are of another chain: a person has to act.
    Refused(String),
}

/// One ledger.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) settings: Settings<LedgerSettings>,
    pub(crate) sharechain: String,
    pub(crate) store: Store,
    pub(crate) ingest: Ingest,
    pub(crate) followers: Arc<Followers>,
    pub(crate) metrics: LedgerMetrics,
    pub(crate) books: watch::Sender<Books>,
    /// Largest network work each currency was mined at since the start: how long windows can be.
    network_work: Mutex<HashMap<String, Work>>,
}

impl Ledger {
    /// Reads the database's address and starts what needs no database.
    pub(crate) fn start(
        settings: Settings<LedgerSettings>,
        program: &Program,
    ) -> Result<Arc<Self>, RunError> {
        let document = Arc::clone(&settings.borrow());
        let path = &document.database_url_file;
        let url = fs::read_to_string(path).map_err(|source| RunError::UrlFile {
            path: path.clone(),
            source,
        })?;
        let options = StoreOptions {
            program: format!("ngledger {}", program.name),
            ..Default::default()
        };
        let store = Store::open(&url, &options).map_err(RunError::Database)?;
        let metrics = LedgerMetrics::register(&program.metrics);
        let followers = Followers::new();
        let sharechain = document.sharechain.clone();
        let ingest = Ingest::start(Writer {
            store: store.clone(),
            sharechain: sharechain.clone(),
            followers: Arc::clone(&followers),
            metrics: metrics.clone(),
        });
        let books = watch::Sender::new(Books::Closed("starting".to_owned()));
        let network_work = Mutex::default();
        Ok(Arc::new(Self {
            settings,
            sharechain,
            store,
            ingest,
            followers,
            metrics,
            books,
            network_work,
        }))
    }

    /// The document in force.
    pub(crate) fn document(&self) -> Arc<LedgerSettings> {
        Arc::clone(&self.settings.borrow())
    }

    /// Learns from a batch how hard its currencies are: work / expected blocks.
    pub(crate) fn note_network_work(&self, contents: &BatchContents) {
        let document = self.document();
        let mut largest = HashMap::<&str, Work>::new();
        for slice in &contents.slices {
            let Some(set) = contents.sets.get(slice.set) else {
                continue;
            };
            for (code, weight) in set.codes().iter().zip(&slice.weights) {
                let known = document
                    .currencies
                    .iter()
                    .any(|currency| currency.code == *code);
                if known && weight.expected_blocks > 0 {
                    let network =
                        (U256::from(slice.work.0) << 64) / U256::from(weight.expected_blocks);
                    let network = Work(u128::try_from(network).unwrap_or(u128::MAX));
                    let known = largest.entry(code).or_insert(network);
                    *known = (*known).max(network);
                }
            }
        }
        let mut known = self.network_work.lock();
        for (code, work) in largest {
            match known.get_mut(code) {
                Some(known) => *known = (*known).max(work),
                None => {
                    known.insert(code.to_owned(), work);
                }
            }
        }
    }

    /// Largest network work of a currency since the start; `None` while it was not mined.
    pub(crate) fn network_work(&self, currency: &str) -> Option<Work> {
        self.network_work.lock().get(currency).copied()
    }

    /// Ends the connections to the database.
    pub(crate) async fn close(&self) {
        self.store.close().await;
    }
}
