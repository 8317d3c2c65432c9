//! The settle job against a real PostgreSQL and chains as a script wants them.

// Helpers of tests fail like tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    unreachable_pub
)]

mod audit;
mod faults;
mod histories;
mod life;
mod model;
mod payouts;
mod pool;
mod program;
mod real_nodes;
mod signing;
mod world;
