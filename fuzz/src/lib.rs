//! What must hold for any bytes that reach a parser from outside: one function a target.
//!
//! ```text
//!  seeds/<target>/*  ──▶ target(bytes)  ◀── mutations of the seeds     (cargo test, seconds)
//!                            ▲
//!                            └── cargo-fuzz/fuzz_targets/<target>.rs   (scripts/fuzz, for as long as wanted)
//! ```
//!
//! A target panics when something does not hold: not only when the code under test panics, but when
//! what was taken does not read back, when an answer is longer than it may be, when a text reaches a
//! place that cannot hold it. What a target finds is kept as a seed, so that it is found again.

// A target says that something does not hold by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chain;
mod journal;
mod memory;
mod mutate;
mod objects;
mod programs;
mod session;
mod signer;
mod stratum;
mod web;

pub use chain::{address, block_template, hexadecimal};
pub use journal::{block_journal, share_journal};
pub use memory::MemoryFiles;
pub use mutate::Mutator;
pub use objects::{documents, objects_yaml};
pub use programs::{
    batch_content, daemon_reply, ledger_messages, miner_lines, sealed_sums, template_stream,
};
pub use session::stratum_session;
pub use signer::{KEYRING, signer_descriptor, signer_exchange, signer_psbt, signer_request};
pub use stratum::{proxy_header, stratum_line, worker_name};
pub use web::{web_cursor, web_request};

/// A target by name.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Name of the function, of its folder of seeds and of its fuzz target.
    pub name: &'static str,
    /// The function.
    pub run: fn(&[u8]),
    /// Mutations that a test run tries: more for parsers that take microseconds.
    pub mutations: u32,
}

/// Declares the list of targets from the functions' names.
macro_rules! targets {
    ($($name:ident $mutations:literal),* $(,)?) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[
            $(Target { name: stringify!($name), run: $name, mutations: $mutations }),*
        ];
    };
}

targets! {
    address 4_000,
    batch_content 20_000,
    block_journal 2_000,
    block_template 4_000,
    daemon_reply 10_000,
    documents 10_000,
    hexadecimal 20_000,
    ledger_messages 20_000,
    miner_lines 5_000,
    objects_yaml 600,
    proxy_header 20_000,
    sealed_sums 20_000,
    share_journal 8_000,
    signer_descriptor 4_000,
    signer_exchange 10_000,
    signer_psbt 4_000,
    signer_request 4_000,
    stratum_line 20_000,
    stratum_session 2_000,
    template_stream 10_000,
    web_cursor 20_000,
    web_request 5_000,
    worker_name 2_000,
}
