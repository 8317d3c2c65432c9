//! `ngpool` as a user runs it: a real litecoind, a real PostgreSQL, a real miner.

// The lints allow these in tests, but not in what tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod checking;
mod database;
mod files;
mod live;
mod progress;
mod refusals;
mod restart;
mod running;
mod story;
