//! The document of `ngpayout`.

mod policy;
mod standing;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{CoinserverPeer, CurrencySettings, PpsChain, TlsFiles};

pub use policy::{
    FeePayer, FeePolicy, FeeRate, HoldPolicy, InputChoice, MultisigSpend, PayoutPolicy,
    PolicyError, Replacement,
};
pub use standing::{Obstacle, Owed, SignerRefusal, dust_limit, fits, payable_script, standing};

/// What one run of `ngpayout` works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutSettings {
    /// The currency whose blocks are settled.
    pub currency: CurrencySettings,
    /// Every coinserver of the currency.
    pub coinservers: Vec<NodeRef>,
    /// File with the PostgreSQL URL of the payout role.
    pub database_url_file: PathBuf,
    /// PEM file of the Ed25519 key that signs statements; made if absent.
    pub statement_key_file: PathBuf,
    /// Sharechains that can hold work of the currency: all of its algorithm.
    pub sharechains: Vec<String>,
    /// Those of them whose work the currency's reserve buys.
    #[serde(default)]
    pub pps: Vec<PpsChain>,
    /// Who is paid, by which transactions, for which fees.
    #[serde(default)]
    pub policy: PayoutPolicy,
    /// Certificates that coinservers are talked to with; plain text without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
}

/// A coinserver of the currency.
pub type NodeRef = CoinserverPeer;
