//! Which document is in force, and what of a changed one has to wait for a restart.

use std::sync::Arc;

use ngpool_runtime::{Health, Settings};
use ngpool_settings::LedgerSettings;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

/// Reports every document; everything else reads the settings when it needs them.
pub(crate) async fn follow(
    mut settings: Settings<LedgerSettings>,
    health: Health,
    stop: CancellationToken,
) {
    let mut old = Arc::clone(&settings.borrow_and_update());
    report(&old, &health);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = settings.changed() => if changed.is_err() { return },
        }
        let new = Arc::clone(&settings.borrow_and_update());
        for field in needing_restart(&old, &new) {
            tracing::warn!(
                field,
                "this setting takes effect when the ledger is started again"
            );
        }
        report(&new, &health);
        old = new;
    }
}

fn report(document: &LedgerSettings, health: &Health) {
    match serde_json::to_vec(document) {
        Ok(text) => health.document(hex::encode(Sha256::digest(text))),
        Err(error) => tracing::error!(%error, "the document cannot be reported"),
    }
}

/// Settings that are read once.
fn needing_restart(old: &LedgerSettings, new: &LedgerSettings) -> Vec<&'static str> {
    [
        ("sharechain", old.sharechain != new.sharechain),
        ("listen", old.listen != new.listen),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}
