//! Shares in the database: batches at positions, sealed sums, windows over them.
//!
//! ```text
//!  positions   1 … 32 │ 33 … 64 │ … │ 993 … 1024 │ 1025 … 1056 │ 1057 1058 ◀─ head
//!  level 1     ─ 0 ──   ─ 1 ───      ── 31 ────    ─── 32 ────
//!  level 2     ─────────────── 0 ─────────────
//! ```
//!
//! A window ends at a cut and goes back over whole chunks of the highest level that fits, then lower
//! ones, then batches, then the slices of one batch; the last slice is cut to the unit.

mod batch;
mod content;
mod ingest;
mod retain;
mod seal;
mod sums;
mod window;

pub use batch::{Batch, BatchError, Outcome, ProducerId, ProducerState, Receipt};
pub use content::{BatchContents, CurrencySet, CurrencyWeight, RejectCount, Slice};
pub use retain::Retention;
pub use seal::Sealed;
pub(crate) use sums::Sums;
pub use window::{UserWorth, WindowQuery, WindowWork};

/// Chunks of a level that make one of the next.
pub(crate) const FAN: u64 = 32;
/// The highest level: 32^4 positions, two weeks of one batch a second.
pub(crate) const LEVELS: u8 = 4;

/// Positions a chunk of that level covers.
pub(crate) const fn span(level: u8) -> u64 {
    FAN.pow(level as u32)
}
