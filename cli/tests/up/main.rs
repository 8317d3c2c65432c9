//! `ngpool` as a user runs it: a real litecoind, a real PostgreSQL, a real miner.

mod files;
mod refusals;
mod running;
