//! What a journal is told when it is opened, and what it says of itself.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The random name of a journal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProducerId(pub [u8; 16]);

impl ProducerId {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }
}

impl fmt::Display for ProducerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ProducerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ProducerId({self})")
    }
}

/// Milliseconds since the epoch.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How a share journal behaves.
#[derive(Clone)]
pub struct JournalOptions {
    /// Name of the StratumPort, said in every batch.
    pub port: String,
    /// Bytes the journal may take before shares are refused.
    pub max_bytes: u64,
    /// Workers a user may have in a slice before the rest share `other`.
    pub workers_per_user: u32,
    /// How long batches are kept after the ledger acknowledged them; less when `max_bytes` is near.
    pub keep_acknowledged: Duration,
    /// Bytes of one file of batches.
    pub segment_bytes: u64,
    /// Time between two syncs of raw shares; `None` leaves them to [`ShareJournal::sync`](super::ShareJournal::sync).
    pub sync_every: Option<Duration>,
    /// What time it is.
    pub clock: Clock,
}

impl JournalOptions {
    /// The options of a server: synced every 100 ms, acknowledged batches kept for 24 hours.
    pub fn new(port: impl Into<String>, max_bytes: u64, workers_per_user: u32) -> Self {
        Self {
            port: port.into(),
            max_bytes,
            workers_per_user,
            keep_acknowledged: Duration::from_hours(24),
            segment_bytes: (max_bytes / 16).clamp(64 * 1024, 8 * 1024 * 1024),
            sync_every: Some(Duration::from_millis(100)),
            clock: Arc::new(system_clock),
        }
    }
}

impl fmt::Debug for JournalOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("JournalOptions")
            .field("port", &self.port)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}

/// The system's clock, milliseconds since the epoch.
fn system_clock() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Whether the journal takes shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalState {
    /// It does.
    Writable,
    /// It is at its size bound; it takes shares again when the ledger has taken batches.
    Full,
    /// A write or sync failed; [`ShareJournal::reopen`](super::ShareJournal::reopen) tries again.
    Poisoned(String),
    /// The ledger knows another history of this journal: a person has to act.
    Conflict(String),
}

impl JournalState {
    /// The reason for readiness; `None` when shares are taken.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Writable => None,
            Self::Full => Some("the share journal is full".to_owned()),
            Self::Poisoned(reason) => {
                Some(format!("the share journal cannot be written: {reason}"))
            }
            Self::Conflict(reason) => {
                Some(format!("the ledger refuses the share journal: {reason}"))
            }
        }
    }
}

/// Figures of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalStatus {
    /// Whether it takes shares.
    pub state: JournalState,
    /// Bytes on disk, acknowledged batches included.
    pub bytes: u64,
    /// The bound on `bytes`.
    pub max_bytes: u64,
    /// Newest closed batch; 0 before the first.
    pub last_batch: u64,
    /// Newest batch the ledger has; 0 when none or not yet known.
    pub acknowledged: u64,
    /// Closed batches the ledger does not have.
    pub unshipped: u64,
    /// When the oldest unshipped batch was closed, milliseconds since the epoch.
    pub oldest_unshipped_ms: Option<u64>,
    /// Shares in open slices.
    pub open_shares: u64,
}
