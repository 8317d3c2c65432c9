//! Where miners connect: stratum in, accepted shares to a journal, solved blocks to every node.
//!
//! ```text
//!  coinservers ─▶ templates ─▶ work ─▶ jobs ─▶ connection / session ◀─▶ miners
//!                                                │            │
//!                                   share ─▶ pow_pool      journal ─▶ ship ─▶ ledger
//!                                                │
//!                                              solve ─▶ coinservers
//! ```
//!
//! Nothing below [`wire`] and [`session`] knows stratum v1: a share is a job handle, extranonce bytes, a
//! version, a time and a nonce; a session has a target, an extranonce prefix and a version mask.

pub mod aux;
pub mod clock;
pub mod connection;
pub mod jobs;
pub mod journal;
pub mod limits;
pub mod live;
pub mod metrics;
pub mod names;
pub mod nodes;
pub mod port;
pub mod pow_pool;
pub mod readiness;
pub mod registry;
pub mod resume;
mod run;
pub mod server;
pub mod session;
pub mod share;
pub mod ship;
pub mod slices;
pub mod solve;
pub mod templates;
pub mod vardiff;
pub mod wire;
pub mod work;
pub mod workers;

pub use run::{RunError, run, run_with_clock};
