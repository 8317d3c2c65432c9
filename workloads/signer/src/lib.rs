//! Holds the keys of a pool outside of it: checks payouts, signs them, keeps its own books.
//!
//! ```text
//!  Request ──▶ statements::verify ──▶ Journal ──▶ Books ─┐
//!     │                                                  ▼
//!     └─ PSBT ──▶ psbt::Checked ──────────────▶ rules::decide ──▶ psbt::sign ──▶ Journal ──▶ Keystore
//!                      ▲                             ▲                             (record)   (marker)
//!                   Keyring                    Policy, time
//! ```
//!
//! Nothing is believed of a request but what the pinned statement key has signed and what the
//! request's own transactions prove. `rules`, `psbt::Checked` and `statements` are pure; only
//! `journal`, `keystore` and `command` touch files, only `exchange` talks to the pool.

pub mod books;
pub mod command;
pub mod exchange;
#[doc(hidden)]
pub mod fuzzing;
pub mod journal;
pub mod keyring;
pub mod keystore;
pub mod policy;
pub mod psbt;
pub mod rules;
pub mod signer;
pub mod statements;
pub mod watch;

pub use ngpool_signing::{encoding, request};
