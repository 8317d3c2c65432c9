//! The document of `ngledger`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{CurrencySettings, FinderBonus, Listen, PayoutMethod};

/// What one `ngledger` runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSettings {
    /// Name of the Sharechain object: the key of its books.
    pub sharechain: String,
    /// Own endpoints.
    pub listen: Listen,
    /// File with the PostgreSQL URL of the ledger's role.
    pub database_url_file: PathBuf,
    /// Currencies whose work can be in this sharechain: all of its algorithm, because a window still
    /// holds the work of a port that is gone.
    pub currencies: Vec<CurrencySettings>,
    /// How a block's part for this chain is divided.
    pub method: PayoutMethod,
    /// Pool fee in millionths of the reward.
    pub fee_ppm: u32,
    /// What the finder of a block gets beside his part.
    #[serde(default)]
    pub bonus: Option<FinderBonus>,
    /// Milliseconds a cut waits for the servers to ship.
    pub cut_wait_ms: u64,
    /// Days that minute statistics are kept.
    pub minute_days: u32,
    /// Days that hour statistics are kept.
    pub hour_days: u32,
    /// Live workers listed at most.
    pub live_workers: u32,
    /// Workers one user may have before the rest share `other`.
    pub workers_per_user: u32,
}
