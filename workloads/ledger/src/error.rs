//! Why a ledger cannot run.

use std::{net::SocketAddr, path::PathBuf};

use ngpool_rpc::security::SecurityError;
use ngpool_store::StoreError;
use thiserror::Error;

/// Failures that end a ledger. A database that does not answer is none of them.
#[derive(Debug, Error)]
pub enum RunError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The certificates that programs talk with cannot be used.
    #[error(transparent)]
    Security(#[from] SecurityError),
    /// The file with the database's URL cannot be read.
    #[error("cannot read the database URL from {path}: {source}")]
    UrlFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database's URL cannot be used.
    #[error("the database cannot be opened: {0}")]
    Database(#[source] StoreError),
    /// The gRPC server ended with an error.
    #[error("the gRPC server failed: {0}")]
    Serve(#[source] tonic::transport::Error),
}
