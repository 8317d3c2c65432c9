//! How programs name each other.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

/// Where a program listens for its own kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listen {
    /// gRPC: the program's own service and `Status`.
    pub grpc: SocketAddr,
    /// HTTP: `/healthz`, `/readyz`, `/metrics`.
    pub admin: SocketAddr,
    /// Certificates of the gRPC side; plain text without them (one machine, loopback).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
}

/// Files of a mutually authenticated TLS endpoint, read again when they change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsFiles {
    /// PEM certificate chain.
    pub certificate: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
    /// PEM bundle of the authorities that are trusted.
    pub authorities: PathBuf,
}

/// A coinserver another program talks to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoinserverPeer {
    /// Name of the Coinserver object.
    pub name: String,
    /// Code of its currency.
    pub currency: String,
    /// gRPC address, such as `http://127.0.0.1:4001`.
    pub url: String,
}

/// The ledger of a sharechain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPeer {
    /// Name of the Sharechain object.
    pub sharechain: String,
    /// gRPC address, such as `http://127.0.0.1:4002`.
    pub url: String,
}
