//! Where things live: the only difference between a cluster and one machine.

mod cluster;
mod local;

use std::{net::SocketAddr, path::PathBuf};

use ngpool_settings::{Listen, TlsFiles};

pub use cluster::Cluster;
pub use local::{LocalMachine, PortTable, PortTableError};

/// A program of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Program<'a> {
    /// `ngcoinserver` of a Coinserver.
    Coinserver(&'a str),
    /// `ngstratum` of a StratumPort.
    Stratum(&'a str),
    /// `ngledger` of a Sharechain.
    Ledger(&'a str),
    /// `ngweb`.
    Web,
}

/// A role of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DatabaseRole {
    /// `ngpool_ledger`.
    Ledger,
    /// `ngpool_payout`.
    Payout,
    /// `ngpool_web`.
    Web,
}

impl DatabaseRole {
    /// Name for files and Secrets.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Payout => "payout",
            Self::Web => "web",
        }
    }
}

/// Where the daemon of a Coinserver is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonPlace {
    /// Host and port of JSON-RPC.
    pub rpc: SocketAddr,
    /// Port of the peer-to-peer network.
    pub p2p_port: u16,
    /// Address of the `hashblock` publisher, where the daemon can have one.
    pub zmq: SocketAddr,
    /// File with `user:password`.
    pub credentials_file: PathBuf,
    /// Its data directory.
    pub data_dir: PathBuf,
}

/// How long a server takes to leave when nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainDefaults {
    /// Seconds it goes on accepting.
    pub accept_for_s: u64,
    /// Seconds over which miners are sent away.
    pub spread_s: u64,
}

/// Where things live.
pub trait Environment {
    /// Endpoints a program listens on for its own kind.
    fn listen(&self, program: Program<'_>) -> Listen;

    /// Certificates that programs talk with; plain text without them.
    fn tls(&self) -> Option<TlsFiles>;

    /// How other programs reach its gRPC side.
    fn url(&self, program: Program<'_>) -> String;

    /// Where miners connect to a StratumPort.
    fn miners(&self, name: &str, port: u16) -> SocketAddr;

    /// Host that is shown to miners, unless the object says another.
    fn miners_host(&self, name: &str) -> String;

    /// Where the API is served.
    fn web(&self, port: u16) -> SocketAddr;

    /// Where a StratumPort keeps its journals.
    fn state_dir(&self, name: &str) -> PathBuf;

    /// The daemon of a Coinserver, whose ports would be these in a place of its own.
    fn daemon(&self, name: &str, rpc_port: u16, p2p_port: u16) -> DaemonPlace;

    /// How another node reaches a daemon's peer-to-peer port, as `host:port`.
    fn daemon_peer(&self, name: &str, p2p_port: u16) -> String;

    /// File with the database URL of a role.
    fn database_url_file(&self, role: DatabaseRole) -> PathBuf;

    /// File with the key that signs statements of a currency.
    fn statement_key_file(&self, currency: &str) -> PathBuf;

    /// File with the token of signers, where no Secret is named.
    fn signer_token_file(&self) -> PathBuf;

    /// File with a key of a Secret.
    fn secret_file(&self, secret: &str, key: &str) -> PathBuf;

    /// Whether this is one machine: Secrets come from the objects, daemons are owned, the miners'
    /// ports must differ, and what only a cluster can do is not there.
    fn one_machine(&self) -> bool;

    /// How a server leaves when nothing else is said.
    fn drain(&self) -> DrainDefaults;
}
