//! The document of `ngstratum`.

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{CoinserverPeer, CurrencySettings, LedgerPeer, Listen};

/// What one `ngstratum` runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StratumSettings {
    /// Name of the StratumPort object.
    pub name: String,
    /// Where miners connect.
    pub bind: SocketAddr,
    /// Own endpoints for the pool's programs.
    pub listen: Listen,
    /// Where the journals live; one process at a time.
    pub state_dir: PathBuf,
    /// The chain whose blocks are mined.
    pub base: CurrencySettings,
    /// Chains that are merged mined.
    #[serde(default)]
    pub aux: Vec<CurrencySettings>,
    /// Every coinserver of `base` and `aux`.
    pub coinservers: Vec<CoinserverPeer>,
    /// Where shares go.
    pub ledger: LedgerPeer,
    /// Share difficulty.
    pub vardiff: VardiffSettings,
    /// What strangers may do.
    pub limits: LimitSettings,
    /// How the server leaves.
    pub drain: DrainSettings,
    /// TLS on the same port, told apart by the first byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<StratumTls>,
    /// Load balancers whose connections must start with a PROXY header (v1 or v2); others never may.
    #[serde(default)]
    pub proxy_protocol_from: Vec<IpNet>,
    /// Version bits miners may roll (BIP 310), such as `0x1fffe000`.
    pub version_mask: u32,
    /// Shown to miners that understand `client.show_message`; empty for none.
    #[serde(default)]
    pub banner: String,
    /// Bytes the journals may take before the port refuses shares.
    pub journal_max_bytes: u64,
}

/// How difficulty follows a miner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VardiffSettings {
    /// Difficulty of a new connection.
    pub start: f64,
    /// Never easier than this.
    pub min: f64,
    /// Never harder than this.
    pub max: f64,
    /// Shares per minute aimed at.
    pub shares_per_minute: f64,
    /// Seconds after which a silent connection's difficulty falls.
    pub retarget_s: u64,
    /// Whether a fast new miner is raised within seconds.
    pub quick_start: bool,
}

/// Bounds on strangers; see the stratum protocol notes for the reason of each default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitSettings {
    /// Connections in all.
    pub connections: u32,
    /// Connections of one address.
    pub connections_per_address: u32,
    /// Seconds from connect to the first message.
    pub first_message_s: u64,
    /// Seconds from connect to a successful authorize.
    pub authorize_s: u64,
    /// Seconds without a message after which a connection is closed.
    pub idle_s: u64,
    /// Workers on one connection.
    pub workers_per_connection: u32,
    /// Workers one user may have before the rest share `other`.
    pub workers_per_user: u32,
    /// New user names of one address in a minute.
    pub new_users_per_minute: u32,
    /// Share of rejected submits, in percent, that bans after `ban_after_submits`.
    pub ban_rejected_percent: u32,
    /// Submits looked at before a ban is possible.
    pub ban_after_submits: u32,
    /// Seconds a ban lasts.
    pub ban_s: u64,
    /// Bytes queued for a reader that does not read before it is closed.
    pub send_queue_bytes: u32,
}

/// How a server leaves without losing its miners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainSettings {
    /// Seconds it goes on accepting after it was told to go.
    pub accept_for_s: u64,
    /// Seconds over which miners are asked to reconnect, then closed.
    pub spread_s: u64,
    /// Host and port where another server of this port answers when there is one: miners are asked to
    /// leave only then, or when an eighth of `spread_s` has passed. Absent where this is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

/// Certificate of the public TLS side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumTls {
    /// PEM certificate chain.
    pub certificate: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
}
