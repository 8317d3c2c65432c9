//! Rules of the chains, without I/O: units, addresses, targets, proof of work, templates, jobs,
//! blocks.
//!
//! ```text
//!  getblocktemplate ──▶ Template { head, body }
//!                          │
//!        CoinbaseSpec ──▶ Job ──▶ notify ──▶ miner ──▶ (extranonce, version, time, nonce)
//!                          │                                │
//!                          └──────────▶ Header ◀────────────┘
//!                                         │ PowHash ≤ Target
//!                                         ▼
//!                                    assemble_block
//! ```

pub mod address;
pub mod aux;
mod block;
pub mod coinbase;
#[doc(hidden)]
pub mod fuzzing;
pub mod hash;
mod header;
mod hexadecimal;
mod job;
pub mod key;
pub mod merkle;
mod network;
mod pow;
pub mod stratum_v1;
mod target;
mod template;
mod units;

pub use address::{Address, AddressError, AddressKind};
pub use aux::{
    AuxBlock, AuxCommitment, AuxError, AuxProof, AuxProofError, AuxTree, assemble_aux_block,
};
pub use block::{BlockError, assemble_block, assemble_proven_block, coinbase_txid};
pub use coinbase::{CoinbaseError, CoinbaseParts, CoinbaseSpec, ProcessTag};
pub use hash::{BlockHash, HashError, PowHash, Txid, sha256d};
pub use header::Header;
pub use job::{Job, JobError};
pub use key::{KeyError, PrivateKey};
pub use network::{Algorithm, Network, Preset};
pub use pow::hash_many;
pub use target::{CompactError, Target, TargetError};
pub use template::{Template, TemplateBody, TemplateError, TemplateHead, TemplateTransaction};
pub use units::{Amount, AmountError, Difficulty, Height, Work};
