//! The running server over TCP: what a miner, a hostile stranger, a node and a ledger see of it.

// What a test is built on fails by panicking, as a test does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod aux;
mod crowd;
mod drain;
mod hostile;
mod live;
mod nodes;
mod protocol;
mod shares;
mod tls;
