//! Turns the five kinds into running workloads and says how they are.
//!
//! ```text
//!  watch ──▶ dereference ──▶ resolve ──▶ build ──▶ apply ──▶ status
//!            (caches)        (pure)      (pure)    (server-side apply)
//! ```

pub mod apply;
pub mod args;
pub mod ask;
pub mod build;
pub mod cache;
pub mod election;
pub mod events;
pub mod foreign;
pub mod health;
pub mod keys;
pub mod metrics;
pub mod names;
pub mod plan;
pub mod queue;
pub mod refresh;
pub mod rollout;
pub mod run;
pub mod status;
pub mod unreadable;
pub mod view;
pub mod watch;
pub mod worker;

pub use args::Arguments;
pub use run::{RunError, run};
