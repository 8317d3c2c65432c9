//! Prepares a payout: who is paid, from which coins, for which fee, as a PSBT for the signer.
//!
//! ```text
//!  balances ──▶ candidates ──▶ select ──▶ Draft ──▶ psbt ──▶ NewVersion ──▶ prepare_payout
//!                  │             ▲ coins    ▲
//!                  ▼             │ fee      └── version: raise, child (for payouts that are stuck)
//!              left out, and why
//! ```
//!
//! Everything but the run itself is pure.

pub mod candidates;
pub mod draft;
pub mod fee;
#[cfg(test)]
mod properties;
pub mod psbt;
mod run;
pub mod select;
pub mod version;
pub mod weight;

pub use candidates::{Candidate, LeftOut, Limit, Owed, Reason, candidates};
pub use draft::{Coin, Draft, Terms, TermsError};
pub use fee::{Rate, first_rate, raised_rate};
pub use psbt::{Previous, PsbtError, parse_previous, previous_of};
pub(crate) use run::prepare_again;
pub use run::{PrepareReport, Prepared, run_prepare};
pub use select::{Selection, consolidate, select};
pub use version::{RaiseError, Stuck, StuckChange, child, raise};
