//! A batch as it arrives, checked before anything is done with it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::content::{BatchContents, ContentError};

/// A journal: 16 random bytes in its header.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProducerId(pub [u8; 16]);

impl ProducerId {
    /// From a slice; none unless it has 16 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for ProducerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ProducerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProducerId({self})")
    }
}

/// Why bytes are not a batch. None of these is worth sending again.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Numbers start at 1.
    #[error("batch number {0} is not one: they start at 1")]
    Number(u64),
    /// The digest is not of this content.
    #[error("the digest of batch {0} is not that of its content: it was altered on the way")]
    Digest(u64),
    /// The content cannot be read.
    #[error("the content of batch {number} cannot be read: {source}")]
    Content {
        /// The batch.
        number: u64,
        /// Why.
        source: ContentError,
    },
}

/// A batch whose digest is right and whose content was read.
#[derive(Debug, Clone)]
pub struct Batch {
    pub(crate) producer: ProducerId,
    pub(crate) number: u64,
    pub(crate) previous_digest: [u8; 32],
    pub(crate) digest: [u8; 32],
    pub(crate) content: Vec<u8>,
    pub(crate) contents: BatchContents,
}

impl Batch {
    /// Checks a batch as shipped. `content` is an encoded `BatchContent`, byte for byte as journalled.
    pub fn verify(
        producer: ProducerId,
        number: u64,
        previous_digest: [u8; 32],
        digest: [u8; 32],
        content: Vec<u8>,
    ) -> Result<Self, BatchError> {
        if number == 0 || i64::try_from(number).is_err() {
            return Err(BatchError::Number(number));
        }
        if Self::digest_of(&previous_digest, number, &content) != digest {
            return Err(BatchError::Digest(number));
        }
        let contents = BatchContents::decode(&content)
            .map_err(|source| BatchError::Content { number, source })?;
        Ok(Self {
            producer,
            number,
            previous_digest,
            digest,
            content,
            contents,
        })
    }

    /// SHA-256(previous digest ‖ number as u64 big-endian ‖ content).
    pub fn digest_of(previous_digest: &[u8; 32], number: u64, content: &[u8]) -> [u8; 32] {
        Sha256::new()
            .chain_update(previous_digest)
            .chain_update(number.to_be_bytes())
            .chain_update(content)
            .finalize()
            .into()
    }

    /// The journal it is of.
    pub fn producer(&self) -> ProducerId {
        self.producer
    }

    /// Its number in the journal.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Its digest.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What it says.
    pub fn contents(&self) -> &BatchContents {
        &self.contents
    }
}

/// Where the database stands with a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProducerState {
    /// The number wanted next.
    pub next: u64,
    /// Digest of the batch before it; zeros when `next` is 1.
    pub digest: [u8; 32],
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Committed now, at this position.
    Stored {
        /// Its position.
        pos: u64,
    },
    /// Committed before.
    Repeat,
    /// There is a gap: send from `next`.
    Wanted,
    /// Another batch of that number, or with another past, was committed: needs a person.
    Conflict {
        /// What differs.
        reason: String,
    },
}

/// What became of a batch, and which number is wanted next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What became of it.
    pub outcome: Outcome,
    /// The number wanted next of its producer.
    pub next: u64,
}
