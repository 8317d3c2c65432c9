//! A whole pool on one machine, and the tools around it.

pub mod check;
pub mod commands;
pub mod config;
pub mod demo;
mod http;
pub mod keygen;
pub mod miner;
mod overview;
pub mod rest;
mod screen;
pub mod signals;
pub mod status;
mod text;
pub mod up;
pub mod verify;
