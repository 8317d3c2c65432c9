//! A whole pool on one machine, and the tools around it.

pub mod commands;
pub mod keygen;
pub mod miner;
mod text;
pub mod up;
