//! `kubectl ngpool`: a pool in a cluster, as its objects, pods and API tell.
//!
//! ```text
//!  kubeconfig ──Connection──┬── objects ──┬── status: a tree, with the reason of anything unwell
//!                           │             └── config: effective values
//!                           ├── pods ─────── logs: of a part, all its pods
//!                           └── forward ──── the pool's API: live figures, payouts, dashboard
//! ```
//!
//! Nothing here changes anything in the cluster, and no Secret is read.

mod config;
mod connection;
pub mod dashboard;
mod figures;
mod forward;
pub mod logs;
mod objects;
pub mod payouts;
mod status;
mod table;
mod tree;

#[cfg(test)]
mod tests;

use std::{io::IsTerminal, path::PathBuf};

use clap::{Args, ValueEnum};
use thiserror::Error;

pub use config::explain_from_cluster;
pub use connection::{Connection, ConnectionError};
pub use forward::ForwardError;
pub use objects::ObjectsError;
pub use status::run as status;

/// Which cluster and namespace.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub struct ConnectionArgs {
    /// Namespace of the pool [default: the context's].
    #[arg(short, long)]
    pub namespace: Option<String>,
    /// Context of the kubeconfig [default: the current one].
    #[arg(long)]
    pub context: Option<String>,
    /// The kubeconfig [default: $KUBECONFIG, else ~/.kube/config].
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
}

/// Whether a cluster is asked, and which.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterArgs {
    /// Ask a cluster instead of this machine; `kubectl ngpool` always does. Any of the options below
    /// means it too.
    #[arg(long)]
    pub cluster: bool,
    /// Which one.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

impl ClusterArgs {
    /// Whether a cluster is asked.
    pub const fn is_asked(&self) -> bool {
        let ConnectionArgs {
            namespace,
            context,
            kubeconfig,
        } = &self.connection;
        self.cluster || namespace.is_some() || context.is_some() || kubeconfig.is_some()
    }
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct Output {
    /// Form of the answer.
    #[arg(short, long, value_enum, default_value_t)]
    pub output: Format,
    /// The same as `-o json`.
    #[arg(long)]
    pub json: bool,
}

/// Forms of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

impl Output {
    /// Whether a program reads it.
    pub fn is_json(self) -> bool {
        self.json || self.output == Format::Json
    }
}

/// Why a cluster has no answer.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// No cluster.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Its objects cannot be had.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The API cannot be reached.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// The API has no answer.
    #[error(transparent)]
    Api(#[from] crate::rest::RestError),
    /// The pods cannot be had.
    #[error("the pods of {what} cannot be listed")]
    Pods {
        /// Whose.
        what: String,
        /// Why.
        source: kube::Error,
    },
    /// The object has none.
    #[error("{0} has no pods now, so it has no logs: see `kubectl ngpool status`")]
    NoPods(String),
    /// The answer cannot be printed.
    #[error("the answer cannot be printed")]
    Print(#[from] std::io::Error),
}

/// Whether standard output is a terminal that shows colours.
pub fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
