//! Merged mining: the commitment in the parent's coinbase.

use crate::coinbase::AUX_MARKER;

/// What a parent coinbase says about the aux blocks mined with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuxCommitment {
    /// Root of the tree of aux block hashes, display order.
    pub root: [u8; 32],
    /// Leaves of the tree, a power of two.
    pub size: u32,
    /// Number that gives each chain its slot.
    pub nonce: u32,
}

impl AuxCommitment {
    /// Bytes of the commitment.
    pub const LENGTH: usize = 44;

    /// As in the scriptSig: marker, root, size and nonce little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..4].copy_from_slice(&AUX_MARKER);
        bytes[4..36].copy_from_slice(&self.root);
        bytes[36..40].copy_from_slice(&self.size.to_le_bytes());
        bytes[40..].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }
}
