//! The coinserver against real litecoind nodes, and against a scripted daemon where a real one cannot
//! be made to misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test cannot have, fails it"
)]

mod bitcoin;
mod chain;
mod failover;
mod fake;
mod health;
mod owned;
mod scripted;
mod submit;
mod support;
mod templates;
