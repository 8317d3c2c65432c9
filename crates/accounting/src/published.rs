//! The published split: a Merkle-sum tree over every payee's work and amount.
//!
//! ```text
//!            Root { leaves, hash }                 hash  = H(2 ‖ leaves ‖ node)
//!                   │
//!         ┌────── node ──────┐                     node  = H(1 ‖ left ‖ right), sums added
//!       node              node
//!      ┌──┴──┐           ┌──┴──┐                   leaf  = H(0 ‖ commitment ‖ work ‖ amount)
//!    leaf   leaf       leaf   leaf                 commitment = H(3 ‖ salt ‖ payee)
//! ```
//!
//! Every node carries the sums below it and its hash covers both children with their sums, so a
//! proof shows at once that a payee's line is in the split and that the totals are those of the
//! root: nobody can be left out of a total or counted into it without an own line. A payee who is
//! hidden is committed to with a salt that only he is told; the others with no salt, so that anyone
//! can look them up. An odd node at the end of a level goes up as it is.

use ruint::aliases::U256;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::Payee;

/// Makes the commitment to a hidden payee impossible to guess.
pub type Salt = [u8; 32];

const LEAF: u8 = 0;
const NODE: u8 = 1;
const ROOT: u8 = 2;
const COMMITMENT: u8 = 3;

/// One payee's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf {
    /// Stands for the payee.
    pub commitment: [u8; 32],
    /// Work in the window.
    pub work: u128,
    /// Part of the reward.
    pub amount: u64,
}

impl Leaf {
    /// A line anyone can attribute.
    pub fn public(payee: &Payee, work: u128, amount: u64) -> Self {
        Self {
            commitment: commitment(&[], payee),
            work,
            amount,
        }
    }

    /// A line only who knows the salt can attribute.
    pub fn hidden(payee: &Payee, salt: &Salt, work: u128, amount: u64) -> Self {
        Self {
            commitment: commitment(salt, payee),
            work,
            amount,
        }
    }

    fn node(&self) -> Node {
        let mut hash = Sha256::new_with_prefix([LEAF]);
        hash.update(self.commitment);
        hash.update(self.work.to_be_bytes());
        hash.update(self.amount.to_be_bytes());
        Node {
            hash: hash.finalize().into(),
            work: U256::from(self.work),
            amount: u128::from(self.amount),
        }
    }
}

fn commitment(salt: &[u8], payee: &Payee) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix([COMMITMENT]);
    // The length keeps salt and payee apart.
    hash.update([u8::from(!salt.is_empty())]);
    hash.update(salt);
    hash.update(payee.as_str());
    hash.finalize().into()
}

/// What is published and signed of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// Number of lines.
    pub leaves: u64,
    /// Covers the number of lines, the top node and its sums.
    pub hash: [u8; 32],
    /// Work of all lines.
    pub work: U256,
    /// Amount of all lines.
    pub amount: u128,
}

/// The other half at one level of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sibling {
    /// Its hash.
    pub hash: [u8; 32],
    /// Sum of work below it.
    pub work: U256,
    /// Sum of amounts below it.
    pub amount: u128,
}

type Node = Sibling;

/// Shows that a line is in the split of a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Place of the line among all, from 0.
    pub index: u64,
    /// Bottom up; a level where the node has no neighbour has no entry.
    pub siblings: Vec<Sibling>,
}

/// Why a proof shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The place is beyond the number of lines.
    #[error("line {index} of a split of {leaves} lines does not exist")]
    NoSuchLine {
        /// As claimed.
        index: u64,
        /// As the root says.
        leaves: u64,
    },
    /// Too many or too few siblings for the number of lines.
    #[error("the proof does not have the length that the number of lines asks for")]
    WrongLength,
    /// The sums do not fit into their width.
    #[error("the sums of the proof overflow")]
    Overflow,
    /// Hash or sums differ from the root's.
    #[error("the line is not in the split with this root")]
    NotInSplit,
}

/// The tree of one split.
#[derive(Debug, Clone)]
pub struct SumTree {
    leaves: Vec<Leaf>,
    /// From the leaves' nodes to the top; none without leaves.
    levels: Vec<Vec<Node>>,
}

impl SumTree {
    /// The tree over these lines; it orders them by commitment.
    pub fn new(mut leaves: Vec<Leaf>) -> Self {
        leaves.sort_unstable();
        let mut levels: Vec<Vec<Node>> = Vec::new();
        let mut level: Vec<Node> = leaves.iter().map(Leaf::node).collect();
        while !level.is_empty() {
            let done = level.len() == 1;
            let above = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => join(left, right).unwrap_or(SATURATED),
                    [alone, ..] => *alone,
                    [] => SATURATED,
                })
                .collect();
            levels.push(level);
            level = if done { Vec::new() } else { above };
        }
        Self { leaves, levels }
    }

    /// The lines in the tree's order.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The root.
    pub fn root(&self) -> Root {
        let top = self
            .levels
            .last()
            .and_then(|level| level.first())
            .copied()
            .unwrap_or(EMPTY);
        // A count of lines in memory fits.
        root(u64::try_from(self.leaves.len()).unwrap_or(u64::MAX), &top)
    }

    /// The proof of a line; `None` when it is not in the tree.
    pub fn proof(&self, leaf: &Leaf) -> Option<Proof> {
        let mut place = self.leaves.binary_search(leaf).ok()?;
        let index = u64::try_from(place).ok()?;
        let mut siblings = Vec::new();
        for level in &self.levels {
            siblings.extend(level.get(place ^ 1).copied());
            place /= 2;
        }
        Some(Proof { index, siblings })
    }
}

impl Proof {
    /// Checks that `leaf` is in the split with this root, and that the root's sums are those of the
    /// tree it stands in.
    pub fn verify(&self, leaf: &Leaf, claimed: &Root) -> Result<(), ProofError> {
        if self.index >= claimed.leaves {
            return Err(ProofError::NoSuchLine {
                index: self.index,
                leaves: claimed.leaves,
            });
        }
        let mut siblings = self.siblings.iter();
        let (mut place, mut width, mut node) = (self.index, claimed.leaves, leaf.node());
        while width > 1 {
            if place ^ 1 < width {
                let sibling = siblings.next().ok_or(ProofError::WrongLength)?;
                let joined = if place % 2 == 0 {
                    join(&node, sibling)
                } else {
                    join(sibling, &node)
                };
                node = joined.ok_or(ProofError::Overflow)?;
            }
            place /= 2;
            width = width.div_ceil(2);
        }
        if siblings.next().is_some() {
            return Err(ProofError::WrongLength);
        }
        if root(claimed.leaves, &node) == *claimed {
            Ok(())
        } else {
            Err(ProofError::NotInSplit)
        }
    }
}

const EMPTY: Node = Node {
    hash: [0; 32],
    work: U256::ZERO,
    amount: 0,
};

/// Stands where sums overflow, which no tree that fits into memory reaches.
const SATURATED: Node = Node {
    hash: [0xff; 32],
    work: U256::MAX,
    amount: u128::MAX,
};

fn join(left: &Node, right: &Node) -> Option<Node> {
    let mut hash = Sha256::new_with_prefix([NODE]);
    for node in [left, right] {
        update(&mut hash, node);
    }
    Some(Node {
        hash: hash.finalize().into(),
        work: left.work.checked_add(right.work)?,
        amount: left.amount.checked_add(right.amount)?,
    })
}

fn root(leaves: u64, top: &Node) -> Root {
    let mut hash = Sha256::new_with_prefix([ROOT]);
    hash.update(leaves.to_be_bytes());
    update(&mut hash, top);
    Root {
        leaves,
        hash: hash.finalize().into(),
        work: top.work,
        amount: top.amount,
    }
}

fn update(hash: &mut Sha256, node: &Node) {
    hash.update(node.hash);
    hash.update(node.work.to_be_bytes::<32>());
    hash.update(node.amount.to_be_bytes());
}
