//! The signer from outside: what it refuses, one by one, what it never signs twice, and what a real
//! node takes from it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at whatever is not as it should be"
)]

mod books;
mod bought;
mod device;
mod files;
mod hostile;
mod multisig;
mod nobody;
mod node;
mod pool;
mod refusals;
mod support;
mod telling;
mod web;
