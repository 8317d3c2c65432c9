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

pub mod audit;
pub mod command;
pub mod payout;
pub mod prepare;
pub mod settle;

use std::path::PathBuf;

use chrono::Utc;
use ngpool_settings::PayoutSettings;
use ngpool_store::{Store, StoreError, StoreOptions};
use thiserror::Error;

pub use prepare::PrepareReport;
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

/// One audit of the document's currency, as of now, after the chain was followed to its tip: books are
/// compared at one tip only. None before any block was followed.
pub async fn run_audit_once(
    settings: &PayoutSettings,
) -> Result<Option<audit::AuditReport>, AuditRunError> {
    let store = open(settings)?;
    let report = audit::by_hand(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

/// Why an audit by hand gave no result.
#[derive(Debug, Error)]
pub enum AuditRunError {
    /// It could not begin.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It could not be made.
    #[error(transparent)]
    Step(#[from] settle::StepError),
}

/// One pass of `settle` over the document's currency, as of now.
///
/// An error means that nothing could be tried; what single steps met is in the report.
pub async fn run_settle_once(settings: &PayoutSettings) -> Result<SettleReport, RunError> {
    let store = open(settings)?;
    let report = settle::run(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

/// Prepares the next payout, if one is to be made, as of now.
///
/// An error means that nothing could be tried; who was left out and why, and what went wrong, is in
/// the report.
pub async fn run_prepare_once(settings: &PayoutSettings) -> Result<PrepareReport, RunError> {
    let store = open(settings)?;
    let report = prepare::run_prepare(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

/// Follows the chain and books what it and the signer made of payouts, as of now.
pub async fn run_confirm_once(settings: &PayoutSettings) -> Result<SettleReport, RunError> {
    let store = open(settings)?;
    let report = payout::by_hand::confirm(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

/// Sends every payout that is not in a block, and replaces what is stuck, as of now.
pub async fn run_broadcast_once(settings: &PayoutSettings) -> Result<SettleReport, RunError> {
    let store = open(settings)?;
    let report = payout::by_hand::broadcast(&store, settings, Utc::now()).await;
    store.close().await;
    report
}

/// Takes over what was sent since a backup, as of now: from the signer's answers, one of them given
/// as bytes perhaps, and from the chain. Says what is missing still.
pub async fn run_recover_once(
    settings: &PayoutSettings,
    answer: Option<&[u8]>,
) -> Result<(SettleReport, payout::recover::Recovery), RunError> {
    let store = open(settings)?;
    let report = payout::by_hand::recover(&store, settings, answer, Utc::now()).await;
    store.close().await;
    report
}

fn open(settings: &PayoutSettings) -> Result<Store, RunError> {
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
    Ok(Store::open(&url, &options)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_can_be_spawned() {
        fn is_send<T: Send>(_: impl FnOnce(&'static PayoutSettings) -> T) {}
        is_send(run_settle_once);
        is_send(run_prepare_once);
        is_send(run_audit_once);
        is_send(run_confirm_once);
        is_send(run_broadcast_once);
        is_send(|settings| run_recover_once(settings, None));
    }
}
