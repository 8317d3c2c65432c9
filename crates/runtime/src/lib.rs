//! What every program needs: logging, metrics, health, shutdown, its document and the changes to it.
//!
//! ```text
//!  file ──▶ document::watch ──▶ Settings<T> ──▶ run(settings, program)
//!  SIGTERM ──▶ shutdown ───────▶ Program { name, health, metrics, shutdown }
//!                                   └──▶ admin::serve: /healthz /readyz /metrics
//! ```

pub mod admin;
pub mod document;
pub mod health;
pub mod logging;
pub mod metrics;
pub mod program;
pub mod shutdown;

pub use document::{DocumentError, Settings};
pub use health::Health;
pub use metrics::Metrics;
pub use program::Program;
