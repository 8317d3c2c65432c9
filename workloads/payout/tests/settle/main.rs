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
mod methods;
mod model;
mod payout_histories;
mod payouts;
mod pool;
mod prepare;
mod program;
mod programs;
mod real_nodes;
mod signing;
mod verify;
mod world;
