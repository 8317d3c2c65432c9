//! A whole pool on one machine, and the tools around it.

pub mod check;
pub mod cluster;
pub mod commands;
pub mod config;
pub mod demo;
pub mod files;
mod http;
pub mod keygen;
pub mod migrate;
pub mod miner;
mod overview;
pub mod rest;
mod screen;
pub mod signals;
pub mod status;
mod text;
pub mod up;
pub mod verify;
