//! Turns the five kinds into running workloads and says how they are.
//!
//! ```text
//!  watch ──▶ dereference ──▶ resolve ──▶ build ──▶ apply ──▶ status
//!            (caches)        (pure)      (pure)    (server-side apply)
//! ```

pub mod build;
pub mod events;
pub mod health;
pub mod names;
pub mod status;
