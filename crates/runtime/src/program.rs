//! What a program's `run` is given besides its settings.

use tokio_util::sync::CancellationToken;

use crate::{Health, Metrics};

/// One running program: its name, what it reports, and how it is told to stop.
#[derive(Debug, Clone)]
pub struct Program {
    /// Kind of program, such as `ngstratum`.
    pub kind: &'static str,
    /// Name of the object it serves.
    pub name: String,
    /// Whether it is ready, and why not.
    pub health: Health,
    /// Its metrics.
    pub metrics: Metrics,
    /// Cancelled when the program shall drain and return.
    pub shutdown: CancellationToken,
}

impl Program {
    /// A program that has just started: not ready.
    pub fn new(kind: &'static str, name: impl Into<String>, shutdown: CancellationToken) -> Self {
        Self {
            kind,
            name: name.into(),
            health: Health::new(),
            metrics: Metrics::new(),
            shutdown,
        }
    }
}
