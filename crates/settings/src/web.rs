//! The document of `ngweb`.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use ngpool_chain::Algorithm;
use serde::{Deserialize, Serialize};

use crate::{CurrencySettings, Listen, PayoutMethod, PayoutPolicy};

/// What `ngweb` runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebSettings {
    /// Name of the pool, for people.
    pub pool: String,
    /// Where the API is served.
    pub bind: SocketAddr,
    /// Own endpoints for the pool's programs.
    pub listen: Listen,
    /// File with the PostgreSQL URL of the web role.
    pub database_url_file: PathBuf,
    /// Currencies of the pool.
    pub currencies: Vec<CurrencySettings>,
    /// Sharechains of the pool.
    pub sharechains: Vec<WebSharechain>,
    /// Ports of the pool.
    pub ports: Vec<WebPort>,
    /// Nodes of the pool.
    pub nodes: Vec<WebNode>,
    /// Requests a client may make.
    pub rate_limit: RateLimit,
    /// Origins that may call the API from a browser; `*` for all.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed; nobody else's is.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// Payout policy by code of the currency: minimum and holds are shown to payees.
    #[serde(default)]
    pub payouts: BTreeMap<String, PayoutPolicy>,
    /// File with the token that a signer shows; read at each of its requests. Without it there are
    /// no endpoints for signers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_token_file: Option<PathBuf>,
}

/// A sharechain as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebSharechain {
    /// Name of the object.
    pub name: String,
    /// Proof of work of its ports.
    pub algorithm: Algorithm,
    /// Method and parameters.
    pub method: PayoutMethod,
    /// Pool fee in millionths.
    pub fee_ppm: u32,
}

/// A stratum port as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebPort {
    /// Name of the object.
    pub name: String,
    /// Address miners use, such as `stratum+tcp://pool.example:3333`.
    pub url: String,
    /// Code of the base currency.
    pub currency: String,
    /// Codes of the aux currencies.
    #[serde(default)]
    pub aux: Vec<String>,
    /// Name of its sharechain.
    pub sharechain: String,
    /// Lowest and highest difficulty.
    pub difficulty: (f64, f64),
    /// Whether TLS is spoken on the port.
    pub tls: bool,
}

/// A node as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebNode {
    /// Name of the Coinserver object.
    pub name: String,
    /// Code of its currency.
    pub currency: String,
}

/// A token bucket per client address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Requests per second that refill.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}
