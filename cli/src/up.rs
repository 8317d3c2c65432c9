//! `ngpool up`: a whole pool on this machine.

mod backoff;
mod group;
mod postgres;
mod sources;
mod state_dir;
mod unit;
