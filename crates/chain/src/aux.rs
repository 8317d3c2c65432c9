//! Merged mining (AuxPoW): one proof of work for blocks of several chains.
//!
//! ```text
//!  AuxBlock (its own header) ──hash──▶ AuxTree ──root──▶ AuxCommitment in the parent's coinbase
//!                                          │                               │
//!                                          └──────▶ AuxProof ◀── solved parent header
//!                                                       │
//!                                                       ▼
//!                                              assemble_aux_block
//! ```
//!
//! The rules are those of Namecoin's and Dogecoin's daemons (`CAuxPow::check`): there is no
//! document of them.

mod proof;
mod tree;

pub use proof::{AuxProof, AuxProofError};
pub use tree::{AuxTree, slot};

use bytes::Bytes;

use crate::{
    BlockError, BlockHash, CoinbaseSpec, CompactError, Header, Target, TemplateBody, TemplateHead,
    block::assemble_proven_block,
    coinbase::{AUX_MARKER, CoinbaseError, EXTRANONCE1, EXTRANONCE2},
    coinbase_txid, merkle,
};

/// Bit of a header's version that says that a proof follows.
pub const AUX_VERSION_BIT: u32 = 0x100;

/// What a parent coinbase says about the aux blocks mined with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuxCommitment {
    /// Root of the tree of aux block hashes, display order.
    pub root: [u8; 32],
    /// Leaves of the tree, a power of two.
    pub size: u32,
    /// Number that gives each chain its slot.
    pub nonce: u32,
}

impl AuxCommitment {
    /// Bytes of the commitment.
    pub const LENGTH: usize = 44;

    /// As in the scriptSig: marker, root, size and nonce little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..4].copy_from_slice(&AUX_MARKER);
        bytes[4..36].copy_from_slice(&self.root);
        bytes[36..40].copy_from_slice(&self.size.to_le_bytes());
        bytes[40..].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }
}

/// Why aux blocks cannot be mined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuxError {
    /// A tree of nothing.
    #[error("a merged-mining tree needs at least one chain")]
    Empty,
    /// Two blocks of one chain.
    #[error("chain id {0} is there twice: one block of a chain at a time can be merged mined")]
    DuplicateChain(u16),
    /// The template is of another chain, or its version holds no chain id.
    #[error("the template's version {version:08x} is not of chain id {chain_id}")]
    ChainId {
        /// What the template says.
        version: u32,
        /// What the network says.
        chain_id: u16,
    },
    /// The aux block's coinbase is impossible.
    #[error(transparent)]
    Coinbase(#[from] CoinbaseError),
    /// The aux template's bits are no target.
    #[error(transparent)]
    Bits(#[from] CompactError),
}

/// A block of an aux chain, complete but for its proof.
///
/// Its header is final when it is made: miners change the parent's header only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuxBlock {
    /// Header with the bit of the proof set, nonce 0.
    pub header: Header,
    /// Coinbase without witness.
    pub coinbase: Bytes,
    /// What the parent's proof of work has to stay under.
    pub target: Target,
    /// Chain id of the aux chain.
    pub chain_id: u16,
}

impl AuxBlock {
    /// Makes the block of an aux template. Daemons give the version with the chain id but without
    /// the bit of the proof.
    pub fn new(head: &TemplateHead, spec: &CoinbaseSpec, chain_id: u16) -> Result<Self, AuxError> {
        if head.version >> 16 != u32::from(chain_id) {
            return Err(AuxError::ChainId {
                version: head.version,
                chain_id,
            });
        }
        // Nobody rolls an aux coinbase: process tag and template make it unique.
        let coinbase = spec.build()?.fill([0; EXTRANONCE1], [0; EXTRANONCE2]);
        let leaf = coinbase_txid(&coinbase).to_bytes();
        let header = Header {
            version: head.version | AUX_VERSION_BIT,
            previous: head.previous,
            merkle_root: merkle::fold_coinbase(leaf, &head.merkle_branch),
            time: head.cur_time,
            bits: head.bits,
            nonce: 0,
        };
        Ok(Self {
            header,
            coinbase: coinbase.into(),
            target: head.target()?,
            chain_id,
        })
    }

    /// Identity of the block; the proof does not enter it.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.header.hash()
    }
}

/// Puts a merged-mined block together: header, proof, coinbase, transactions.
pub fn assemble_aux_block(
    block: &AuxBlock,
    proof: &AuxProof,
    head: &TemplateHead,
    body: &TemplateBody,
) -> Result<Vec<u8>, BlockError> {
    assemble_proven_block(
        &block.header,
        &proof.to_bytes(),
        &block.coinbase,
        head,
        body,
    )
}
