//! Why a journal cannot do what it was asked.

use std::{io, path::PathBuf, sync::Arc};

use thiserror::Error;

/// Failures of a journal. After `Full`, `Poisoned` or `Conflict` a share must be refused.
#[derive(Debug, Clone, Error)]
pub enum JournalError {
    /// Another process has it open.
    #[error(
        "the journal in {directory} is in use by process {pid}: stop that process or give this one \
         another state directory"
    )]
    InUse {
        /// The journal's directory.
        directory: PathBuf,
        /// Who holds the lock; empty when it did not say.
        pid: String,
    },
    /// The system refused an operation on a file.
    #[error("cannot {action} {path}: {source}")]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// The system's reason.
        source: Arc<io::Error>,
    },
    /// A file that was once synced does not read back.
    #[error(
        "{path} is damaged at byte {offset}: what follows was acknowledged once, so it is not skipped \
         by itself; restore the file, or move the journal's directory away to go on without it"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the first unreadable record starts.
        offset: u64,
    },
    /// Files of two journals lie in one directory.
    #[error("{path} belongs to another journal than the rest of its directory: move it away")]
    Mixed {
        /// The stranger.
        path: PathBuf,
    },
    /// The journal has reached its size bound.
    #[error("the journal is full: {bytes} of {bound} bytes; the ledger has to take batches again")]
    Full {
        /// Size now.
        bytes: u64,
        /// The bound.
        bound: u64,
    },
    /// A write or sync failed; nothing is accepted until the journal was reopened.
    #[error("the journal takes nothing until it is reopened: {reason}")]
    Poisoned {
        /// The failure.
        reason: String,
    },
    /// The ledger knows another history of this journal.
    #[error(
        "the ledger refuses this journal: {reason}; it is a copy or an old state of another journal, \
         a person has to decide which one counts"
    )]
    Conflict {
        /// In the ledger's words.
        reason: String,
    },
}

impl JournalError {
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::File {
            action,
            path: path.into(),
            source: Arc::new(source),
        }
    }
}
