//! What a killed process must not lose: accepted shares and solved blocks, on the local disk.
//!
//! ```text
//!  append(shares) ─▶ raw-<index>.log        answered after write(2), synced every 100 ms
//!                        │ close, every 2 s: sums per (currencies, user, worker)
//!                        ▼
//!                    batches-<first>.log    synced before anything is sent; a resend is identical
//!                        │ ship, acknowledged = committed
//!                        ▼
//!                    kept 24 h for a ledger whose database was restored from a backup
//!
//!  append(solved block) ─▶ <currency>-<hash>.block   with the nodes' answers, until reported
//! ```
//!
//! A producer is a journal, not a process: its random 128-bit id stands in the header of every file.
//! One process at a time may have a journal open. Nothing here waits for the network.

mod batches;
mod blocks;
mod error;
mod files;
mod frame;
mod options;
mod raw;
mod shares;
mod solved;
mod syncer;

pub use batches::StoredBatch;
pub use blocks::BlockJournal;
pub use error::JournalError;
pub use files::{DirectoryLock, FileLayer, JournalFile, SystemFiles};
pub use options::{Clock, JournalOptions, JournalState, JournalStatus, ProducerId};
pub use shares::ShareJournal;
pub use solved::{NodeOutcome, SolvedBlock, TrackedBlock};

pub use crate::slices::{JobCurrency, ShareRecord, WeightSet};
