//! A job: all that turns a miner's few numbers into a header, and into the text of `mining.notify`.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::{
    Amount, BlockHash, CompactError, Header, Height, Target, TemplateHead,
    coinbase::{CoinbaseError, CoinbaseParts, CoinbaseSpec, EXTRANONCE1, EXTRANONCE2},
    hash::finish_sha256d,
    merkle::{self, Node},
};

/// Work for miners, whatever the protocol they speak.
#[derive(Debug, Clone)]
pub struct Job {
    /// The tip it builds on.
    pub previous: BlockHash,
    /// Height of the new block.
    pub height: Height,
    /// Version bits; miners may roll those of the mask.
    pub version: u32,
    /// Compact target of the chain.
    pub bits: u32,
    /// Target of the chain, from `bits`.
    pub target: Target,
    /// Earliest time of the header.
    pub min_time: u32,
    /// Time of the header when the job was made.
    pub time: u32,
    /// What the coinbase pays to the pool.
    pub value: Amount,
    /// Merkle branch of the coinbase, bottom up.
    pub branch: Vec<Node>,
    coinbase: CoinbaseParts,
    /// Hash state after coinb1, the same for every share.
    prefix: Sha256,
}

/// Why a job cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The coinbase is impossible.
    #[error(transparent)]
    Coinbase(#[from] CoinbaseError),
    /// The template's bits are no target.
    #[error(transparent)]
    Bits(#[from] CompactError),
}

impl Job {
    /// Makes a job of a template and a coinbase for it.
    pub fn new(head: &TemplateHead, spec: &CoinbaseSpec) -> Result<Self, JobError> {
        let coinbase = spec.build()?;
        Ok(Self {
            previous: head.previous,
            height: head.height,
            version: head.version,
            bits: head.bits,
            target: head.target()?,
            min_time: head.min_time,
            time: head.cur_time,
            value: spec.value,
            branch: head.merkle_branch.clone(),
            prefix: Sha256::new_with_prefix(&coinbase.coinb1),
            coinbase,
        })
    }

    /// The coinbase around the extranonce.
    #[must_use]
    pub const fn parts(&self) -> &CoinbaseParts {
        &self.coinbase
    }

    /// Before extranonce1.
    #[must_use]
    pub const fn coinb1(&self) -> &Bytes {
        &self.coinbase.coinb1
    }

    /// After extranonce2.
    #[must_use]
    pub const fn coinb2(&self) -> &Bytes {
        &self.coinbase.coinb2
    }

    /// The coinbase without witness.
    #[must_use]
    pub fn coinbase(
        &self,
        extranonce1: [u8; EXTRANONCE1],
        extranonce2: [u8; EXTRANONCE2],
    ) -> Vec<u8> {
        self.coinbase.fill(extranonce1, extranonce2)
    }

    /// Root of the transactions with the coinbase of an extranonce.
    #[must_use]
    pub fn merkle_root(
        &self,
        extranonce1: [u8; EXTRANONCE1],
        extranonce2: [u8; EXTRANONCE2],
    ) -> Node {
        let mut state = self.prefix.clone();
        state.update(extranonce1);
        state.update(extranonce2);
        state.update(&self.coinbase.coinb2);
        merkle::fold_coinbase(finish_sha256d(state), &self.branch)
    }

    /// The header of a share.
    #[must_use]
    pub fn header(
        &self,
        extranonce1: [u8; EXTRANONCE1],
        extranonce2: [u8; EXTRANONCE2],
        version: u32,
        time: u32,
        nonce: u32,
    ) -> Header {
        Header {
            version,
            previous: self.previous,
            merkle_root: self.merkle_root(extranonce1, extranonce2),
            time,
            bits: self.bits,
            nonce,
        }
    }

    /// The version of a header whose miner rolled bits under a mask (BIP 310); none when he set
    /// bits outside of it.
    #[must_use]
    pub const fn rolled_version(&self, bits: u32, mask: u32) -> Option<u32> {
        if bits & !mask == 0 {
            Some(self.version & !mask | bits)
        } else {
            None
        }
    }
}
