//! The tree of aux block hashes and each chain's slot in it.

use super::{AuxCommitment, AuxError};
use crate::{
    BlockHash,
    merkle::{self, Node},
};

/// The tree under a parent's commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuxTree {
    leaves: Vec<Node>,
    height: u32,
    /// Chain ids in the order they were given.
    chains: Vec<u16>,
}

/// Number in the commitment that gives the slots. Slots of two chains differ by a · (id₁ − id₂),
/// with a odd, whatever the number is: no other choice avoids a collision that this one has.
const NONCE: u32 = 0;

impl AuxTree {
    /// Places each chain's block in the smallest tree in which no two share a slot.
    pub fn new(blocks: &[(u16, BlockHash)]) -> Result<Self, AuxError> {
        if blocks.is_empty() {
            return Err(AuxError::Empty);
        }
        for (place, (chain, _)) in blocks.iter().enumerate() {
            if blocks[..place].iter().any(|(earlier, _)| earlier == chain) {
                return Err(AuxError::DuplicateChain(*chain));
            }
        }
        // Distinct ids of 16 bits are distinct modulo 2^16 at the latest.
        let height = (0..=16)
            .find(|height| is_distinct(blocks, *height))
            .unwrap_or(16);
        let mut leaves = vec![[0; 32]; 1 << height];
        for (chain, hash) in blocks {
            leaves[index(*chain, height)] = hash.to_bytes();
        }
        let chains = blocks.iter().map(|(chain, _)| *chain).collect();
        Ok(Self {
            leaves,
            height,
            chains,
        })
    }

    /// What goes into the parent's coinbase.
    #[must_use]
    pub fn commitment(&self) -> AuxCommitment {
        let mut root = merkle::root(&self.leaves);
        // As displayed.
        root.reverse();
        AuxCommitment {
            root,
            size: 1 << self.height,
            nonce: NONCE,
        }
    }

    /// Slot and branch of a chain's block; none for a chain that is not in the tree.
    #[must_use]
    pub fn branch(&self, chain_id: u16) -> Option<(u32, Vec<Node>)> {
        self.chains.contains(&chain_id).then(|| {
            let branch = merkle::branch(&self.leaves, index(chain_id, self.height));
            (slot(NONCE, chain_id, self.height), branch)
        })
    }
}

/// The slot of a chain in a tree of 2^height leaves, fixed by the commitment's nonce: a daemon
/// takes a proof at no other.
#[must_use]
pub fn slot(nonce: u32, chain_id: u16, height: u32) -> u32 {
    let step = |number: u32| number.wrapping_mul(1_103_515_245).wrapping_add(12_345);
    let number = step(step(nonce).wrapping_add(u32::from(chain_id)));
    // Heights are at most 30 in a proof.
    number & 1_u32.checked_shl(height).unwrap_or(0).wrapping_sub(1)
}

/// The slot as an index into the leaves.
fn index(chain_id: u16, height: u32) -> usize {
    slot(NONCE, chain_id, height) as usize
}

fn is_distinct(blocks: &[(u16, BlockHash)], height: u32) -> bool {
    let mut slots: Vec<u32> = blocks
        .iter()
        .map(|(chain, _)| slot(NONCE, *chain, height))
        .collect();
    slots.sort_unstable();
    slots.windows(2).all(|pair| pair[0] != pair[1])
}
