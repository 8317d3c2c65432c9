//! A block template: what a daemon offers to mine on, checked field by field.
//!
//! The head is all that mining needs; the body (transactions and MWEB bytes) is needed only when a
//! block was found, so the two travel apart.

mod gbt;

use bytes::Bytes;

use crate::{Amount, BlockHash, CompactError, Height, Target, Txid, merkle::Node};

/// A block template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What mining needs.
    pub head: TemplateHead,
    /// What a whole block needs besides.
    pub body: TemplateBody,
}

/// The part of a template that mining needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateHead {
    /// The tip it builds on.
    pub previous: BlockHash,
    /// Height of the new block.
    pub height: Height,
    /// Version bits.
    pub version: u32,
    /// Compact target.
    pub bits: u32,
    /// Earliest time of the header, seconds since the epoch.
    pub min_time: u32,
    /// The daemon's time, at least `min_time`.
    pub cur_time: u32,
    /// What the coinbase may pay: subsidy and fees.
    pub coinbase_value: Amount,
    /// Merkle branch of the coinbase, bottom up.
    pub merkle_branch: Vec<Node>,
    /// Whole scriptPubKey of the witness commitment output (BIP 141); none without segwit.
    pub witness_commitment: Option<Bytes>,
    /// Transactions beside the coinbase.
    pub transaction_count: u32,
    /// Whether the block ends in an MWEB extension block.
    pub has_mweb: bool,
}

impl TemplateHead {
    /// What the header's proof of work has to stay under.
    pub fn target(&self) -> Result<Target, CompactError> {
        Target::from_compact(self.bits)
    }
}

/// The part of a template that only a whole block needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateBody {
    /// In block order, the coinbase left out; the `HogEx` last where there is MWEB.
    pub transactions: Vec<TemplateTransaction>,
    /// The template's `mweb` bytes, without the leading `01`.
    pub mweb: Option<Bytes>,
}

/// A transaction of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateTransaction {
    /// As the daemon told it: hashing `data` is wrong for witnesses and for the `HogEx`.
    pub txid: Txid,
    /// Serialisation with witness.
    pub data: Bytes,
}

/// Why a template cannot be mined on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not an object of the expected shape.
    #[error("the template is not of the shape of getblocktemplate: {0}")]
    Shape(String),
    /// A field is there, but not what it should be.
    #[error("the template's `{field}` is wrong: {reason}")]
    Field {
        /// Name in the daemon's answer.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A transaction is not what it should be.
    #[error("transaction {index} of the template is wrong: {reason}")]
    Transaction {
        /// Place in the list, from 0.
        index: usize,
        /// What is wrong.
        reason: String,
    },
    /// The daemon says that blocks must follow a rule this pool does not know.
    #[error("the template needs rule `{0}`, which is not among the network's template rules")]
    UnknownRule(String),
    /// Larger than any block of these chains.
    #[error("the template holds more than {0} bytes of transactions")]
    TooLarge(usize),
}
