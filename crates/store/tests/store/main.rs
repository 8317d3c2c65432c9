//! The store against a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it fails"
)]

mod baseline;
mod books;
mod faults;
mod follower;
mod histories;
mod lives;
mod methods;
mod operator;
mod payouts;
mod proxy;
mod reads;
mod retention;
mod roles;
mod shares;
mod statistics;
mod support;
mod windows;
