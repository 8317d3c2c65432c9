//! The five kinds as Rust types, their presets, and how objects become documents.
//!
//! ```text
//!  YAML files ──load──▶ Objects ──resolve──▶ Documents ──▶ one document a program
//!                          ▲          ▲
//!             API server ──┘          └── Environment: where things live
//! ```
//!
//! - [`load`] reads files and refuses, all at once and with their places, what the API server would
//!   refuse too: the schema and the CEL rules are the custom resource definitions' own.
//! - [`resolve`] is pure. Object over Pool over built-in, field by field; the [`Environment`] says
//!   where programs, files and daemons are, so that one code serves a cluster and one machine.
//! - [`check`] is both with an environment made up for the purpose.
//! - [`explain`] gives every effective value of an object and where it came from.

pub mod kinds;
pub mod presets;
pub mod reference;
pub mod schema;
pub mod units;

mod documents;
mod environment;
mod explain;
mod load;
mod objects;
mod problem;
mod resolve;
mod suggest;

pub use documents::{DaemonPod, DatabaseChoice, Documents, PayoutJob, PayoutSchedule, SecretFile};
pub use environment::{
    Cluster, DaemonPlace, DatabaseRole, DrainDefaults, Environment, LocalMachine, PortTable,
    PortTableError, Program,
};
pub use explain::{Explained, explain};
pub use kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort};
pub use load::{load, load_texts};
pub use objects::{Kind, ObjectRef, Objects};
pub use problem::{Place, Problem, Problems, Severity};
pub use resolve::{
    Origin, coinserver_document, daemon_pod, effective_pod, ledger_document, payout_job, resolve,
    stratum_document, web_document,
};

use std::path::PathBuf;

/// Everything that can be said about files without running them: loads, validates and resolves them
/// as for one machine. Gives the objects, the documents and, in [`Documents::warnings`], what is
/// allowed but probably not meant.
pub fn check(paths: &[PathBuf]) -> Result<(Objects, Documents), Problems> {
    let objects = load(paths)?;
    let machine = LocalMachine::for_checking(&objects);
    let documents = resolve(&objects, &machine)?;
    Ok((objects, documents))
}
