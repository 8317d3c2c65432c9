//! Stratum v1 as text: lines in, lines out. Nothing below this module knows the text.
//!
//! ```text
//!  bytes ──▶ LineScanner ──▶ Request { id, call } ──▶ session
//!  session ──▶ encode::* ──▶ bytes
//! ```
//!
//! Field order and number formats follow what miners of the field send and expect; version rolling
//! follows BIP 310.

pub mod decode;
pub mod encode;

pub use decode::{Call, Configure, Request, Submit, WireError, parse};

/// Longest line taken from a miner, its end included. The longest honest one, `mining.configure`
/// with every extension, is below 1 KiB.
pub const LINE_LIMIT: usize = 8 * 1024;

/// Bytes of extranonce2 that a miner rolls.
pub const EXTRANONCE2_LENGTH: usize = 8;

/// Error codes of stratum v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    /// Anything without a code of its own.
    Other = 20,
    /// Unknown or stale job.
    Stale = 21,
    /// The share was sent before.
    Duplicate = 22,
    /// Above the share target.
    LowDifficulty = 23,
    /// No authorize for this worker.
    Unauthorized = 24,
    /// No subscribe on this connection.
    NotSubscribed = 25,
}
