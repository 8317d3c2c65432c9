//! Mutual TLS between the programs, and who may call what.
//!
//! ```text
//!  listen.tls files ──▶ Mutual ──┬─▶ serve: handshakes off the accept loop, the peer's name checked
//!   (read again when they change) │         against the table in `access` for each call
//!                                 └─▶ channel::connect: the same certificate, the same authorities
//! ```
//!
//! A program is named by a URI in its certificate, `ngpool://<namespace>/<program>/<name>`, and found
//! by the name of its Service. On one machine programs talk over loopback in plain text.

mod access;
mod identity;
mod material;
mod serve;

use std::{sync::Arc, time::Duration};

use ngpool_runtime::Program;
use ngpool_settings::TlsFiles;

pub use access::{allows, rules};
pub use identity::{Identity, IdentityError};
pub use material::{Mutual, SecurityError};
pub use serve::serve;

/// Time between two looks at the files. Kubelet swaps them all at once.
const LOOK: Duration = Duration::from_secs(2);

/// How a program talks to others.
#[derive(Debug, Clone, Default)]
pub enum Security {
    /// In plain text, over loopback.
    #[default]
    Plain,
    /// With certificates on both sides.
    Mutual(Arc<Mutual>),
}

impl Security {
    /// The same for a program that is gone before certificates change: a job.
    pub fn once(files: Option<&TlsFiles>) -> Result<Self, SecurityError> {
        files.map_or(Ok(Self::Plain), |files| {
            Ok(Self::Mutual(Arc::new(Mutual::load(files.clone())?)))
        })
    }

    /// What a document's `listen.tls` asks for. The files are read now, which is when a wrong one is
    /// an error, and again whenever they change until the program stops; then a wrong one is logged
    /// and what was read before stays in force.
    pub fn start(files: Option<&TlsFiles>, program: &Program) -> Result<Self, SecurityError> {
        let Some(files) = files else {
            return Ok(Self::Plain);
        };
        let mutual = Arc::new(Mutual::load(files.clone())?);
        program.health.bundle(mutual.bundle());
        tokio::spawn(keep(Arc::clone(&mutual), program.clone()));
        Ok(Self::Mutual(mutual))
    }
}

/// Takes changed files into force.
async fn keep(mutual: Arc<Mutual>, program: Program) {
    let mut complaint = String::new();
    loop {
        tokio::select! {
            () = program.shutdown.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        match mutual.refresh() {
            Ok(changed) => {
                if changed {
                    program.health.bundle(mutual.bundle());
                    tracing::info!(bundle = mutual.bundle(), "certificates were read again");
                }
                complaint.clear();
            }
            Err(error) => {
                let text = error.to_string();
                // Once for each reason, not every two seconds.
                if text != complaint {
                    tracing::error!(%error, "changed certificates cannot be used, the old ones stay");
                    complaint = text;
                }
            }
        }
    }
}
