//! Merkle trees of transaction ids, and the branch that lets a miner change the coinbase alone.

use crate::hash::sha256d;

/// A node of a merkle tree, in internal order.
pub type Node = [u8; 32];

/// `SHA256d` of two nodes.
#[must_use]
pub fn parent(left: &Node, right: &Node) -> Node {
    let mut both = [0; 64];
    both[..32].copy_from_slice(left);
    both[32..].copy_from_slice(right);
    sha256d(&both)
}

/// The root over leaves in order; an odd last node is paired with itself. Zeros without leaves.
#[must_use]
pub fn root(leaves: &[Node]) -> Node {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = next_level(&level);
    }
    level.first().copied().unwrap_or_default()
}

/// The branch of the first leaf (the coinbase), bottom up, from the leaves after it.
#[must_use]
pub fn coinbase_branch(others: &[Node]) -> Vec<Node> {
    let mut branch = Vec::new();
    // The first place of each level is the unknown node; its value never enters the others.
    let mut level = others.to_vec();
    while let Some((sibling, rest)) = level.split_first() {
        branch.push(*sibling);
        level = next_level(rest);
    }
    branch
}

/// The branch of the leaf at an index, bottom up; empty for an index outside the tree.
#[must_use]
pub fn branch(leaves: &[Node], index: usize) -> Vec<Node> {
    let mut branch = Vec::new();
    if index >= leaves.len() {
        return branch;
    }
    let (mut level, mut at) = (leaves.to_vec(), index);
    while level.len() > 1 {
        let sibling = level.get(at ^ 1).or_else(|| level.get(at)).copied();
        branch.extend(sibling);
        level = next_level(&level);
        at /= 2;
    }
    branch
}

/// The root above the first leaf and its branch: what a miner computes from `mining.notify`.
#[must_use]
pub fn fold_coinbase(leaf: Node, branch: &[Node]) -> Node {
    branch
        .iter()
        .fold(leaf, |node, sibling| parent(&node, sibling))
}

/// The root above the leaf at an index and its branch.
#[must_use]
pub fn fold(leaf: Node, branch: &[Node], index: usize) -> Node {
    let mut node = leaf;
    for (depth, sibling) in branch.iter().enumerate() {
        // Past the bits of the index every node is a left one.
        let right = index
            .checked_shr(u32::try_from(depth).unwrap_or(u32::MAX))
            .unwrap_or(0)
            & 1;
        node = if right == 1 {
            parent(sibling, &node)
        } else {
            parent(&node, sibling)
        };
    }
    node
}

fn next_level(level: &[Node]) -> Vec<Node> {
    level
        .chunks(2)
        .map(|pair| parent(&pair[0], pair.last().unwrap_or(&pair[0])))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaves(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Node>> {
        proptest::collection::vec(any::<Node>(), count)
    }

    proptest! {
        #[test]
        fn every_leaf_folds_to_the_root(leaves in leaves(1..70), pick: prop::sample::Index) {
            let index = pick.index(leaves.len());
            let branch = branch(&leaves, index);
            prop_assert_eq!(fold(leaves[index], &branch, index), root(&leaves));
        }

        #[test]
        fn the_coinbase_branch_does_not_need_the_coinbase(leaves in leaves(1..70)) {
            let branch = coinbase_branch(&leaves[1..]);
            prop_assert_eq!(fold_coinbase(leaves[0], &branch), root(&leaves));
            prop_assert_eq!(&branch, &super::branch(&leaves, 0));
        }
    }

    #[test]
    fn one_leaf_is_its_own_root() {
        assert_eq!(root(&[[7; 32]]), [7; 32]);
        assert!(coinbase_branch(&[]).is_empty());
        assert!(branch(&[[7; 32]], 0).is_empty());
        assert!(branch(&[[7; 32]], 1).is_empty());
    }

    #[test]
    fn block_125552_has_its_published_root() {
        // Bitcoin block 125552: four transactions.
        let root_text = "2b12fcf1b09288fcaff797d71e950e71ae42b91e8bdb2304758dfcffc2b620e3";
        let txids = [
            "51d37bdd871c9e1f4d5541be67a6ab625e32028744d7d4609d0c37747b40cd2d",
            "60c25dda8d41f8d3d7d5c6249e2ea1b05a25bf7ae2ad6d904b512b31f997e1a1",
            "01f314cdd8566d3e5dbdd97de2d9fbfbfd6873e916a00d48758282cbb81a45b9",
            "b519286a1040da6ad83c783eb2872659eaf57b1bec088e614776ffe7dc8f6d01",
        ]
        .map(|text| text.parse::<crate::Txid>().unwrap().to_bytes());
        let expected: crate::Txid = root_text.parse().unwrap();
        assert_eq!(root(&txids), expected.to_bytes());
    }
}
