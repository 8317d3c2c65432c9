//! The gRPC contracts between the programs, and channels with deadlines.
//!
//! The contracts are in `proto/`; a change to them only adds (see `docs/adr`).

pub mod channel;
pub mod security;
pub mod status;

pub use security::Security;

/// Generated from `proto/ngpool/v1`.
#[allow(missing_docs, unreachable_pub, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("ngpool.v1");
}

/// Largest message either side takes: a template body with 2,000 transactions is 1 to 4 MB.
pub const MESSAGE_LIMIT: usize = 16 * 1024 * 1024;

/// Time between two heartbeats on a stream.
pub const HEARTBEAT: std::time::Duration = std::time::Duration::from_millis(500);

/// A stream without a message for this long is silent: three heartbeats missed.
pub const SILENCE: std::time::Duration = std::time::Duration::from_millis(1_500);
