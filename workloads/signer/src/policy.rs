//! What an operator allows his signer: a YAML file, every limit written down by hand.
//!
//! Nothing that limits has a default: a limit that somebody forgot would be no limit. The annotated
//! example is `docs/signer-policy.yaml`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitcoin::ScriptBuf;
use ed25519_dalek::VerifyingKey;
use ngpool_chain::{Address, AddressError, Network};
use serde::Deserialize;
use thiserror::Error;

use crate::encoding::Hex;

/// A policy, checked for the network of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Code of the currency it is for.
    pub currency: String,
    /// Keys whose statements count. Several only while the pool changes its key.
    pub statement_keys: Vec<VerifyingKey>,
    /// Amounts.
    pub limits: Limits,
    /// Fees of the chain.
    pub fee: FeeLimits,
    /// Payees' scripts that are new.
    pub new_scripts: NewScripts,
    /// Most outputs back to the signer's own scripts in one transaction.
    pub max_change_outputs: usize,
    /// Most that one block's statements may credit.
    pub max_block_reward: u64,
    /// Most that statements about bought work (PPS, FPPS) may credit beyond what blocks brought to
    /// the reserve: the capital in it.
    pub max_pps_ahead: u64,
    /// Scripts that the pool's fees may be drawn to.
    pub pool_fee_scripts: Vec<ScriptBuf>,
}

/// Limits of what payees get, base units. A day is the 24 hours before a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// All payees of one payout.
    pub payout: u64,
    /// All payouts of a day.
    pub day: u64,
    /// One payee in a day.
    pub payee_day: u64,
}

/// Limits of what the chain's miners get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeLimits {
    /// One transaction, base units.
    pub transaction: u64,
    /// All payouts of a day, each at its dearest version, base units.
    pub day: u64,
    /// Base units per virtual byte, by the transaction's size with the longest signatures.
    pub rate: u64,
}

/// Limits for a payee's script until it is known long enough for somebody to have noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewScripts {
    /// A script is new for so long after this signer first saw it for the payee, hours.
    pub hours: u32,
    /// Most that a new script may get in all, base units; 0 for nothing.
    pub limit: u64,
}

/// Why there is no policy.
#[derive(Debug, Error)]
pub enum PolicyError {
    /// It cannot be read.
    #[error("cannot read the policy {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not a policy: a field is missing, unknown or of another type.
    #[error("the policy is not valid: {0}")]
    Shape(String),
    /// Another format number.
    #[error("the policy has format {0}, this program reads 1")]
    Format(u32),
    /// Without a key no statement would count.
    #[error("the policy names no statement key: give the pool's under `statementKeys`")]
    NoStatementKey,
    /// Not the public key of anybody.
    #[error("statement key {0} is not an Ed25519 public key")]
    StatementKey(Hex<32>),
    /// An address for the pool's fees is not one of the network.
    #[error("an address under `poolFeeAddresses` cannot be used")]
    PoolFeeAddress(#[source] AddressError),
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PolicyFile {
    format: u32,
    currency: String,
    statement_keys: Vec<Hex<32>>,
    limits: Limits,
    fee: FeeLimits,
    new_scripts: NewScripts,
    max_change_outputs: usize,
    max_block_reward: u64,
    // Zero, the strictest: a pool that pays per share needs capital, and its operator knows how much.
    #[serde(default)]
    max_pps_ahead: u64,
    #[serde(default)]
    pool_fee_addresses: Vec<String>,
}

/// A policy file that may change while a signer runs.
#[derive(Debug)]
pub struct PolicyFileWatch {
    path: PathBuf,
    /// As it was read last, good or not; none when it could not be read.
    seen: Option<String>,
}

impl PolicyFileWatch {
    /// Watches a file that was just read into a policy.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            seen: fs::read_to_string(path).ok(),
        }
    }

    /// The policy in the file, when its text is another than last time; each change is told once.
    pub fn changed(&mut self, network: &Network) -> Option<Result<Policy, PolicyError>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => {
                if self.seen.as_ref() == Some(&text) {
                    return None;
                }
                let policy = Policy::parse(&text, network);
                self.seen = Some(text);
                Some(policy)
            }
            Err(source) => {
                // Told once, and again when it was there in between.
                self.seen.take()?;
                Some(Err(PolicyError::Read {
                    path: self.path.clone(),
                    source,
                }))
            }
        }
    }
}

impl Policy {
    /// Reads a policy file.
    pub fn read(path: &Path, network: &Network) -> Result<Self, PolicyError> {
        let text = fs::read_to_string(path).map_err(|source| PolicyError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, network)
    }

    /// Reads a policy.
    pub fn parse(text: &str, network: &Network) -> Result<Self, PolicyError> {
        let file: PolicyFile =
            serde_saphyr::from_str(text).map_err(|error| PolicyError::Shape(error.to_string()))?;
        if file.format != 1 {
            return Err(PolicyError::Format(file.format));
        }
        if file.statement_keys.is_empty() {
            return Err(PolicyError::NoStatementKey);
        }
        let key = |key: &Hex<32>| {
            VerifyingKey::from_bytes(&key.0).map_err(|_| PolicyError::StatementKey(*key))
        };
        let script = |text: &String| {
            let address = Address::parse(text, network).map_err(PolicyError::PoolFeeAddress)?;
            Ok(ScriptBuf::from_bytes(address.script().to_vec()))
        };
        Ok(Self {
            currency: file.currency,
            statement_keys: file
                .statement_keys
                .iter()
                .map(key)
                .collect::<Result<_, _>>()?,
            limits: file.limits,
            fee: file.fee,
            new_scripts: file.new_scripts,
            max_change_outputs: file.max_change_outputs,
            max_block_reward: file.max_block_reward,
            max_pps_ahead: file.max_pps_ahead,
            pool_fee_scripts: file
                .pool_fee_addresses
                .iter()
                .map(script)
                .collect::<Result<_, PolicyError>>()?,
        })
    }
}
