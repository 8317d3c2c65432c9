//! Follows the blocks of a currency, credits and settles: the jobs behind payouts.
//!
//! ```text
//!  coinservers ──chain status, block states, blocks──▶ settle ──▶ PostgreSQL
//!                                                       │  nodes       how each node is
//!                                                       │  follow      who created and spent our outputs
//!                                                       │  blocks      accept and split, mature, orphan, restore
//!                                                       └─ statements  signed, one chain per sharechain
//! ```
//!
//! A run is one pass and holds nothing: it may be killed anywhere, repeated, and run twice at once.

pub mod settle;

use std::path::PathBuf;

use chrono::Utc;
use ngpool_settings::PayoutSettings;
use ngpool_store::{Store, StoreError, StoreOptions};
use thiserror::Error;

pub use settle::{SettleReport, StepReport};

/// Why a run could not begin.
#[derive(Debug, Error)]
pub enum RunError {
    /// The file with the database's URL cannot be read.
    #[error("cannot read the database URL in {path}")]
    DatabaseUrl {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One pass of `settle` over the document's currency, as of now.
///
/// An error means that nothing could be tried; what single steps met is in the report.
pub async fn run_settle_once(settings: &PayoutSettings) -> Result<SettleReport, RunError> {
    let path = &settings.database_url_file;
    let url = std::fs::read_to_string(path).map_err(|source| RunError::DatabaseUrl {
        path: path.clone(),
        source,
    })?;
    // A pass works on one thing at a time; the second connection is for a read beside a transaction.
    let options = StoreOptions {
        connections: 2,
        program: "ngpayout".into(),
        ..StoreOptions::default()
    };
    let store = Store::open(&url, &options)?;
    let report = settle::run(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_can_be_spawned() {
        fn is_send<T: Send>(_: impl FnOnce(&'static PayoutSettings) -> T) {}
        is_send(run_settle_once);
    }
}
