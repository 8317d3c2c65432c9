//! Parameters of a chain: what differs between Bitcoin, Litecoin, Dogecoin and their test networks.

mod preset;
mod subsidy;

use serde::{Deserialize, Serialize};

pub use preset::Preset;

use crate::BlockHash;

/// The proof-of-work function of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// `SHA256d` of the 80-byte header.
    Sha256d,
    /// scrypt(N = 1024, r = 1, p = 1) of the 80-byte header, salted with itself.
    Scrypt,
}

/// Every number that makes a chain a chain of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Hash of block 0.
    pub genesis_hash: BlockHash,
    /// Proof of work.
    pub algorithm: Algorithm,
    /// Version byte of a P2PKH address.
    pub p2pkh: u8,
    /// Version bytes of a P2SH address, the preferred first.
    pub p2sh: Vec<u8>,
    /// Human-readable part of segwit addresses; absent without segwit.
    pub bech32: Option<String>,
    /// Human-readable part of MWEB stealth addresses; absent without MWEB.
    pub mweb_bech32: Option<String>,
    /// Version byte of a private key in wallet import format.
    pub wif: u8,
    /// Rules to ask `getblocktemplate` for.
    pub template_rules: Vec<String>,
    /// Confirmations before a coinbase output can be spent.
    pub coinbase_maturity: u32,
    /// Chain id when the chain can be merged mined.
    pub aux_chain_id: Option<u16>,
    /// Whether this is a regression-test network, where `block_odds` may be used.
    pub regtest: bool,
}

impl Network {
    /// The parameters of a known chain; see [`preset_names`](Self::preset_names).
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        Preset::named(name).map(|preset| preset.network.clone())
    }

    /// Names of the known chains.
    pub fn preset_names() -> impl Iterator<Item = &'static str> {
        Preset::all().iter().map(|preset| preset.name)
    }

    /// Whether blocks of the chain can carry witnesses.
    #[must_use]
    pub const fn has_segwit(&self) -> bool {
        self.bech32.is_some()
    }

    /// Whether blocks of the chain can end in an MWEB extension block.
    #[must_use]
    pub const fn has_mweb(&self) -> bool {
        self.mweb_bech32.is_some()
    }
}
