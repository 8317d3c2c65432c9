//! `ngpool` as a user runs it: a real litecoind, a real PostgreSQL, a real miner.

mod checking;
mod files;
mod live;
mod refusals;
mod restart;
mod running;
mod story;
