//! Beside a coin daemon: templates out, blocks in, chain queries.
//!
//! ```text
//!              ┌─────────────────────────── ngcoinserver ───────────────────────────┐
//!  ngstratum ◀─┤ stream ◀── book ◀── source (zmq, long poll, poll, refresh) ◀── rpc ├─▶ daemon
//!  ngstratum ──┤▶ submit ───────────────────────────────────────────────────────▶   │     ▲
//!  ngpayout ───┤▶ chain  ───────────────────────────────────────────────────────▶   │     │
//!              │ monitor ──▶ condition ──▶ stream, Status, /readyz     supervise ───┼─────┘
//!              └──────────────────────────────────────────────────────────(if owned)┘
//! ```

mod book;
mod chain;
mod condition;
pub mod daemon;
#[doc(hidden)]
pub mod fuzzing;
mod metrics;
mod monitor;
mod node;
mod peers;
mod program;
mod rpc;
mod service;
mod source;
mod stream;
mod submit;

pub use node::NodeSettingsError;
pub use program::{RunError, run};
pub use rpc::RpcUrlError;
