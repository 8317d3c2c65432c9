//! The document of `ngcoinserver`.

mod configuration;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use configuration::{ConfigurationError, Credentials, RESERVED_OPTIONS};

use crate::{CurrencySettings, Listen};

/// What one `ngcoinserver` runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoinserverSettings {
    /// Name of the Coinserver object.
    pub name: String,
    /// The currency of the node.
    pub currency: CurrencySettings,
    /// Own endpoints.
    pub listen: Listen,
    /// How the daemon is reached.
    pub rpc: DaemonRpc,
    /// Address of the daemon's `hashblock` publisher, such as `tcp://127.0.0.1:28332`; absent where
    /// the daemon has no ZMQ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zmq_hashblock: Option<String>,
    /// The daemon to own; absent when something else runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daemon: Option<DaemonProcess>,
    /// Milliseconds between two looks at the tip when nothing else reports it.
    pub poll_ms: u64,
    /// Milliseconds between two refreshes of a template on an unchanged tip.
    pub refresh_ms: u64,
}

/// JSON-RPC of a daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonRpc {
    /// Such as `http://127.0.0.1:19443`.
    pub url: String,
    /// File with `user:password` on its first line: the daemon's own cookie file will do.
    pub credentials_file: PathBuf,
    /// Seconds a call may take; long polls have their own limit.
    pub timeout_s: u64,
}

/// A daemon started, watched and stopped by its coinserver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonProcess {
    /// Program name or path.
    pub binary: String,
    /// The daemon's data directory.
    pub data_dir: PathBuf,
    /// Name of the chain for the daemon: `main`, `test`, `testnet4`, `signet` or `regtest`.
    pub chain: String,
    /// P2P listen port on loopback or all addresses, as `daemon_options` say.
    pub p2p_port: u16,
    /// RPC port on loopback.
    pub rpc_port: u16,
    /// Peers to connect to, `host:port`.
    pub add_nodes: Vec<String>,
    /// Further lines of the daemon's configuration file, `name` to `value`.
    pub options: std::collections::BTreeMap<String, String>,
    /// Seconds the daemon has to stop after SIGTERM.
    pub stop_grace_s: u64,
}
