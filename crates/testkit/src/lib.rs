//! For tests only: throwaway PostgreSQL, regtest daemons, a scripted stratum client.
//!
//! Everything here is safe to use from many tests at once: data is in temporary directories, ports
//! are reserved between processes, and what was started ends with the test, even with one that was
//! killed.

pub mod auxpow;
mod contents;
pub mod daemon;
pub mod faults;
pub mod port;
pub mod postgres;
pub mod process;
pub mod rpc;
pub mod stratum_client;

pub use daemon::{Daemon, DaemonOptions};
pub use faults::{CallWire, DatabaseWire, Faults};
pub use port::FreePort;
pub use postgres::{Database, Postgres};
pub use process::Process;
pub use stratum_client::StratumClient;
