//! The proof that a parent block commits to an aux block.

use bytes::Bytes;

use super::{AUX_VERSION_BIT, AuxTree, slot};
use crate::{
    BlockHash, Header,
    coinbase::{AUX_MARKER, push_compact_size},
    coinbase_txid,
    merkle::{self, Node},
};

/// Deepest tree a daemon takes.
const DEEPEST: usize = 30;

/// What follows the header of a merged-mined block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuxProof {
    /// The parent's coinbase without witness.
    pub coinbase: Bytes,
    /// Branch of the parent's coinbase, bottom up.
    pub coinbase_branch: Vec<Node>,
    /// Branch of the aux block's hash, bottom up.
    pub chain_branch: Vec<Node>,
    /// Slot of the aux chain.
    pub chain_index: u32,
    /// The solved header.
    pub parent: Header,
}

/// Why a daemon would refuse a proof. The daemon itself answers `high-hash` to all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuxProofError {
    /// The parent claims to be merged mined itself.
    #[error("the parent's version {0:08x} has the bit of a merged-mined block")]
    ParentIsAux(u32),
    /// The parent is of the aux chain.
    #[error("the parent's version {0:08x} has the aux chain's own id")]
    ParentChain(u32),
    /// A branch is deeper than daemons take.
    #[error("the tree of aux chains is {0} deep, the most is 30")]
    TooDeep(usize),
    /// The coinbase is not in the parent.
    #[error("the parent's merkle root is not that of this coinbase and branch")]
    ParentRoot,
    /// The parent's coinbase cannot be read.
    #[error("the parent's coinbase is not a transaction with one input and no witness")]
    Coinbase,
    /// No commitment, or more than one marker.
    #[error("the parent's coinbase holds the merged-mining marker {0} times, not once")]
    Markers(usize),
    /// The commitment is to something else.
    #[error("the commitment in the parent's coinbase is not the root of this aux block and branch")]
    Root,
    /// The commitment's size is not that of the branch.
    #[error("the commitment says {said} leaves, the branch {branch}")]
    Size {
        /// In the coinbase.
        said: u32,
        /// From the branch.
        branch: u32,
    },
    /// The block is in another chain's slot.
    #[error("the aux block is in slot {given}, its chain's is {right}")]
    Slot {
        /// In the proof.
        given: u32,
        /// By chain id and nonce.
        right: u32,
    },
}

impl AuxProof {
    /// The proof for one chain of a tree; none for a chain that is not in it.
    #[must_use]
    pub fn new(
        parent: Header,
        coinbase: Bytes,
        coinbase_branch: Vec<Node>,
        tree: &AuxTree,
        chain_id: u16,
    ) -> Option<Self> {
        let (chain_index, chain_branch) = tree.branch(chain_id)?;
        Some(Self {
            coinbase,
            coinbase_branch,
            chain_branch,
            chain_index,
            parent,
        })
    }

    /// As it follows the header of the aux block: the coinbase as a `CMerkleTx`, the branch of the
    /// chain, the parent's header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let branches = 32 * (self.coinbase_branch.len() + self.chain_branch.len());
        let mut bytes = Vec::with_capacity(self.coinbase.len() + branches + 32 + 80 + 16);
        bytes.extend_from_slice(&self.coinbase);
        // The hash of the parent: nobody reads it.
        bytes.extend([0; 32]);
        push_branch(&mut bytes, &self.coinbase_branch);
        // A coinbase is always the first.
        bytes.extend(0_u32.to_le_bytes());
        push_branch(&mut bytes, &self.chain_branch);
        bytes.extend(self.chain_index.to_le_bytes());
        bytes.extend(self.parent.to_bytes());
        bytes
    }

    /// Checks everything but the proof of work, in the daemons' order, with a reason.
    pub fn check(&self, aux: &BlockHash, chain_id: u16) -> Result<(), AuxProofError> {
        let version = self.parent.version;
        if version & AUX_VERSION_BIT != 0 {
            return Err(AuxProofError::ParentIsAux(version));
        }
        if version >> 16 == u32::from(chain_id) {
            return Err(AuxProofError::ParentChain(version));
        }
        if self.chain_branch.len() > DEEPEST {
            return Err(AuxProofError::TooDeep(self.chain_branch.len()));
        }
        let leaf = coinbase_txid(&self.coinbase).to_bytes();
        if merkle::fold_coinbase(leaf, &self.coinbase_branch) != self.parent.merkle_root {
            return Err(AuxProofError::ParentRoot);
        }
        self.check_commitment(aux, chain_id)
    }

    fn check_commitment(&self, aux: &BlockHash, chain_id: u16) -> Result<(), AuxProofError> {
        let script = script_sig(&self.coinbase).ok_or(AuxProofError::Coinbase)?;
        let marks: Vec<usize> = script
            .windows(AUX_MARKER.len())
            .enumerate()
            .filter_map(|(place, window)| (window == AUX_MARKER).then_some(place))
            .collect();
        let [mark] = marks[..] else {
            return Err(AuxProofError::Markers(marks.len()));
        };
        let after = &script[mark + AUX_MARKER.len()..];
        // On every platform built for, usize holds 32 bits.
        let mut root = merkle::fold(
            aux.to_bytes(),
            &self.chain_branch,
            self.chain_index as usize,
        );
        root.reverse();
        let (said_root, rest) = after.split_first_chunk::<32>().ok_or(AuxProofError::Root)?;
        if *said_root != root {
            return Err(AuxProofError::Root);
        }
        let (size, rest) = rest.split_first_chunk().ok_or(AuxProofError::Root)?;
        let (nonce, _) = rest.split_first_chunk().ok_or(AuxProofError::Root)?;
        // At most 30, checked before.
        let height = u32::try_from(self.chain_branch.len()).unwrap_or(u32::MAX);
        let (said, branch) = (
            u32::from_le_bytes(*size),
            1_u32.checked_shl(height).unwrap_or(0),
        );
        if said != branch {
            return Err(AuxProofError::Size { said, branch });
        }
        let right = slot(u32::from_le_bytes(*nonce), chain_id, height);
        if self.chain_index != right {
            return Err(AuxProofError::Slot {
                given: self.chain_index,
                right,
            });
        }
        Ok(())
    }
}

fn push_branch(bytes: &mut Vec<u8>, branch: &[Node]) {
    push_compact_size(bytes, branch.len());
    bytes.extend(branch.iter().flatten());
}

/// The scriptSig of a coinbase without witness: version 4, one input, outpoint 36, length, script.
/// It has at most 100 bytes, so its length is one byte.
fn script_sig(coinbase: &[u8]) -> Option<&[u8]> {
    let (1, rest) = coinbase.get(4..)?.split_first()? else {
        return None;
    };
    let (length, rest) = rest.get(36..)?.split_first()?;
    rest.get(..usize::from(*length))
}
