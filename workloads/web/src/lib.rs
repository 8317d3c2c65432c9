//! The public REST API: what the pool, its chains, ports and nodes do, every block with the audit of
//! its split, and everything about a miner named by an address.
//!
//! ```text
//!  client ──HTTP──▶ server (connections, header time-out) ──▶ rate limit ──▶ etag ──▶ routes
//!                                                                                      │
//!                                                        ngpool_store read queries ◀───┘
//! ```
//!
//! It reads: nothing here changes the books. Signers, who show a token, leave their answers in an inbox. Amounts and work are decimal strings in base units and
//! expected hashes, because numbers of JSON are exact only up to 2^53.

mod api;
mod books;
mod client;
mod csv;
mod etag;
mod extract;
#[doc(hidden)]
pub mod fuzzing;
mod metrics;
mod model;
mod openapi;
mod page;
mod problem;
mod rate_limit;
mod recent;
mod routes;
mod run;
mod server;
mod signer;

pub use openapi::document;
pub use run::{RunError, run};
