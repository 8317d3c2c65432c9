//! What pages and the public API show.
//!
//! Lists are paged by key, never by offset or by time alone: `after` is the key of the last row of the
//! page before, so that equal times are neither skipped nor shown twice.

mod account;
mod blocks;
mod payees;
mod payouts;
mod pool;
mod series;
mod signer;
mod workers;

pub use account::{AccountLine, AccountPage, Holdings, LineCursor, Period};
pub use blocks::{
    BlockCursor, BlockDetail, BlockFilter, BlockRow, CreditCursor, CreditRow, PartRow,
};
pub use payees::{EntryCursor, EntryRow, PayeeBalance, PayeeCredit};
pub use payouts::{PayeePayout, Standing};
pub use pool::{JobStep, PoolTotals, PortStatus, ProducerRow, SharechainStatus};
pub use series::{RejectRow, Resolution, Scope, SeriesPoint};
pub use signer::{FoundStatements, WaitingMessages};
pub use workers::{LiveWorkerRow, WorkerRow};
