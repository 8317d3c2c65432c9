//! A whole block, as `submitblock` takes it.

use crate::{
    BlockHash, Header, TemplateBody, TemplateHead, Txid, coinbase::push_compact_size, merkle,
};

/// Why a block cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// The header is of another tip.
    #[error("the header builds on {header}, the template on {template}")]
    Previous {
        /// What the header names.
        header: BlockHash,
        /// What the template names.
        template: BlockHash,
    },
    /// The header was not made with this coinbase and this template.
    #[error("the header's merkle root is not that of this coinbase and template")]
    MerkleRoot,
    /// Not a coinbase without witness.
    #[error("the coinbase is not a transaction with one input and no witness")]
    Coinbase,
    /// Head and body are not of one template.
    #[error("the template's head counts {head} transactions, its body {body}")]
    Transactions {
        /// What the head says.
        head: u32,
        /// What the body has.
        body: usize,
    },
    /// Head and body differ about MWEB.
    #[error("the template's head and body differ about MWEB")]
    Mweb,
}

/// Puts a block together: header, coinbase with its witness, every transaction, MWEB.
///
/// `coinbase` is the serialisation without witness, as a miner hashes it. What would only be
/// refused by the daemon later (another tip, another template) is refused here.
pub fn assemble_block(
    header: &Header,
    coinbase: &[u8],
    head: &TemplateHead,
    body: &TemplateBody,
) -> Result<Vec<u8>, BlockError> {
    assemble_proven_block(header, &[], coinbase, head, body)
}

/// The same for a block whose header is followed by a proof, serialised: see
/// [`AuxProof::to_bytes`](crate::AuxProof::to_bytes). Empty for a block with its own proof of work.
pub fn assemble_proven_block(
    header: &Header,
    proof: &[u8],
    coinbase: &[u8],
    head: &TemplateHead,
    body: &TemplateBody,
) -> Result<Vec<u8>, BlockError> {
    let mut block = header.to_bytes().to_vec();
    block.extend_from_slice(proof);
    push_transactions(&mut block, header, coinbase, head, body)?;
    Ok(block)
}

/// Everything after the header (and after the proof, for an aux block).
fn push_transactions(
    block: &mut Vec<u8>,
    header: &Header,
    coinbase: &[u8],
    head: &TemplateHead,
    body: &TemplateBody,
) -> Result<(), BlockError> {
    check(header, coinbase, head, body)?;
    let data = body
        .transactions
        .iter()
        .map(|one| one.data.len())
        .sum::<usize>();
    let mweb = body.mweb.as_ref().map_or(0, |bytes| bytes.len() + 1);
    // 64 bytes more: the count and the coinbase's witness.
    block.reserve(64 + coinbase.len() + data + mweb);
    push_compact_size(block, body.transactions.len() + 1);
    if head.witness_commitment.is_some() {
        push_with_witness(block, coinbase)?;
    } else {
        block.extend_from_slice(coinbase);
    }
    for transaction in &body.transactions {
        block.extend_from_slice(&transaction.data);
    }
    if let Some(mweb) = &body.mweb {
        // An optional is serialised as 01 and its bytes.
        block.push(1);
        block.extend_from_slice(mweb);
    }
    Ok(())
}

/// Id of a coinbase given without witness.
#[must_use]
pub fn coinbase_txid(coinbase: &[u8]) -> Txid {
    Txid::of(coinbase)
}

fn check(
    header: &Header,
    coinbase: &[u8],
    head: &TemplateHead,
    body: &TemplateBody,
) -> Result<(), BlockError> {
    if header.previous != head.previous {
        return Err(BlockError::Previous {
            header: header.previous,
            template: head.previous,
        });
    }
    if usize::try_from(head.transaction_count).ok() != Some(body.transactions.len()) {
        return Err(BlockError::Transactions {
            head: head.transaction_count,
            body: body.transactions.len(),
        });
    }
    if head.has_mweb != body.mweb.is_some() {
        return Err(BlockError::Mweb);
    }
    let leaf = coinbase_txid(coinbase).to_bytes();
    if merkle::fold_coinbase(leaf, &head.merkle_branch) != header.merkle_root {
        return Err(BlockError::MerkleRoot);
    }
    Ok(())
}

/// Writes a coinbase with the witness BIP 141 asks for: one item of 32 zero bytes, the reserved
/// value that templates' commitments are made with.
fn push_with_witness(block: &mut Vec<u8>, coinbase: &[u8]) -> Result<(), BlockError> {
    let (version, rest) = coinbase
        .split_first_chunk::<4>()
        .ok_or(BlockError::Coinbase)?;
    let (middle, lock_time) = rest.split_last_chunk::<4>().ok_or(BlockError::Coinbase)?;
    // One input. With witness there would be 00 here.
    if middle.first() != Some(&1) {
        return Err(BlockError::Coinbase);
    }
    block.extend(version);
    block.extend([0, 1]);
    block.extend_from_slice(middle);
    block.extend([1, 32]);
    block.extend([0; 32]);
    block.extend(lock_time);
    Ok(())
}
