//! The 80-byte block header, the same on every chain served here.

use crate::{Algorithm, BlockHash, PowHash, hash::sha256d};

/// A block header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header {
    /// Version bits.
    pub version: u32,
    /// The block it builds on.
    pub previous: BlockHash,
    /// Root of the transactions, internal order.
    pub merkle_root: [u8; 32],
    /// Seconds since the epoch.
    pub time: u32,
    /// Compact target.
    pub bits: u32,
    /// What miners vary first.
    pub nonce: u32,
}

impl Header {
    /// Length of the serialisation.
    pub const LENGTH: usize = 80;

    /// As hashed: every number little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[0..4].copy_from_slice(&self.version.to_le_bytes());
        bytes[4..36].copy_from_slice(self.previous.as_bytes());
        bytes[36..68].copy_from_slice(&self.merkle_root);
        bytes[68..72].copy_from_slice(&self.time.to_le_bytes());
        bytes[72..76].copy_from_slice(&self.bits.to_le_bytes());
        bytes[76..80].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }

    /// Reads what [`Header::to_bytes`] writes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let number = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let mut previous = [0; 32];
        previous.copy_from_slice(&bytes[4..36]);
        let mut merkle_root = [0; 32];
        merkle_root.copy_from_slice(&bytes[36..68]);
        Self {
            version: number(0),
            previous: BlockHash::from_bytes(previous),
            merkle_root,
            time: number(68),
            bits: number(72),
            nonce: number(76),
        }
    }

    /// Reads a header from a slice; none unless it has 80 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// Identity of the block.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        BlockHash::from_bytes(sha256d(&self.to_bytes()))
    }

    /// What its proof of work is judged by.
    #[must_use]
    pub fn pow_hash(&self, algorithm: Algorithm) -> PowHash {
        algorithm.hash(&self.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_header_reads_back(bytes in proptest::collection::vec(any::<u8>(), Header::LENGTH)) {
            let bytes: [u8; Header::LENGTH] = bytes.try_into().unwrap();
            prop_assert_eq!(Header::from_bytes(&bytes).to_bytes(), bytes);
        }
    }

    #[test]
    fn only_80_bytes_are_a_header() {
        assert!(Header::from_slice(&[0; 79]).is_none());
        assert!(Header::from_slice(&[0; 81]).is_none());
        assert!(Header::from_slice(&[0; 80]).is_some());
    }
}
