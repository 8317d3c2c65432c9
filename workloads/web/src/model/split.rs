//! The published split of a block: all that is needed to check it, and a payee's proof.

use ngpool_accounting::{Leaf, Payee, Proof, Root, SumTree};
use ngpool_store::FrozenPart;
use serde::Serialize;
use utoipa::ToSchema;

use super::{BlockDetailView, CreditView, StatementView};

/// Number of the form of [`SplitView`], for programs that read a saved one.
pub(crate) const FORMAT: u32 = 1;

/// All that is needed to check how a block was divided; `ngpool verify-split` reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SplitView {
    /// 1.
    pub(crate) format: u32,
    /// Hash of the chain's block 0, which the statements name.
    pub(crate) genesis_hash: String,
    /// The block with the audit of its split.
    pub(crate) block: BlockDetailView,
    /// What the payees were credited, by payee; the first 5,000.
    pub(crate) credits: Vec<CreditView>,
    /// Where there are more: the cursor of the next page of the block's list of credits.
    pub(crate) next: Option<String>,
    /// The signed statements, one a sharechain, once the block is mature.
    pub(crate) statements: Vec<StatementView>,
    /// Of each of them the one before it in its chain; none for the first.
    pub(crate) previous: Vec<StatementView>,
}

/// Shows that a payee's line is in the published split whose root the statement signs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProofView {
    /// The sharechain.
    sharechain: String,
    /// The payee.
    payee: String,
    /// His work in the window, expected hashes.
    work: String,
    /// His amount, base units.
    amount: String,
    /// Place of his line among all, from 0.
    index: u64,
    /// The other halves, bottom up; a level where a node has no neighbour has none.
    siblings: Vec<NodeView>,
    /// The root.
    root: RootView,
    /// The statement that signs it; absent before the block is mature.
    statement: Option<StatementView>,
}

/// A node of the Merkle-sum tree.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NodeView {
    /// SHA-256, hex.
    hash: String,
    /// Sum of the work below it.
    work: String,
    /// Sum of the amounts below it.
    amount: String,
}

/// The root of a published split.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RootView {
    /// Number of lines.
    leaves: u64,
    /// SHA-256, hex.
    hash: String,
    /// Work of all lines.
    work: String,
    /// Amount of all lines.
    amount: String,
}

impl From<Root> for RootView {
    fn from(root: Root) -> Self {
        Self {
            leaves: root.leaves,
            hash: hex::encode(root.hash),
            work: root.work.to_string(),
            amount: root.amount.to_string(),
        }
    }
}

impl ProofView {
    /// The proof of a payee in a part of a block; none when he has no line.
    pub(crate) fn new(
        part: &FrozenPart,
        sharechain: &str,
        payee: &str,
        statement: Option<StatementView>,
    ) -> Option<Self> {
        let leaf = |(payee, work, amount): &(String, u128, ngpool_chain::Amount)| {
            let amount = u64::try_from(amount.0).ok()?;
            Some(Leaf::public(&Payee::new(payee.as_str()), *work, amount))
        };
        let line = part.credits.iter().find(|(name, _, _)| name == payee)?;
        let mine = leaf(line)?;
        let tree = SumTree::new(part.credits.iter().map(leaf).collect::<Option<_>>()?);
        let Proof { index, siblings } = tree.proof(&mine)?;
        Some(Self {
            sharechain: sharechain.to_owned(),
            payee: payee.to_owned(),
            work: mine.work.to_string(),
            amount: mine.amount.to_string(),
            index,
            siblings: siblings
                .iter()
                .map(|node| NodeView {
                    hash: hex::encode(node.hash),
                    work: node.work.to_string(),
                    amount: node.amount.to_string(),
                })
                .collect(),
            root: tree.root().into(),
            statement,
        })
    }
}
