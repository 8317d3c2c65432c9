//! Who gets what, without I/O.
//!
//! ```text
//!  reward ──▶ split over sharechains (by work) ──▶ reserve, fee, bonus ──▶ Method: the payees' parts
//!                     split::BlockToSplit              │                    │ less their donations
//!                                                      │                    ├──▶ published::SumTree
//!  work ──▶ pps::Rate (value of bought work) ──────────┴────────────────────┴──▶ StatementBody
//!               └── reserve::Reserve (what may be bought)
//! ```
//!
//! Units, everywhere in this crate: work is a number of expected hashes, `u128`; amounts are base
//! units of the currency, `u64`. Sums of work are 256 bits wide, so no input can overflow.
//!
//! Every function is pure: the same input gives the same output, whatever the order of its parts.

mod apportion;
mod bonus;
mod fee;
mod method;
mod payee;
pub mod pps;
mod published;
pub mod reserve;
mod restate;
mod split;
mod statement;
mod window;

pub use apportion::{apportion, total_work};
pub use bonus::Bonus;
pub use fee::{FeeError, FeePpm};
pub use method::{Method, Reach};
pub use payee::Payee;
pub use published::{Leaf, Proof, ProofError, Root, Salt, Sibling, SumTree};
pub use restate::{RestateError, restate};
pub use ruint::aliases::U256;
pub use split::{BlockSplit, BlockToSplit, ChainSplit, ChainWindow, Finder, Part, SplitError};
pub use statement::{StatementBody, StatementEntry, StatementError, Subject};
pub use window::{Window, WindowTaker};
