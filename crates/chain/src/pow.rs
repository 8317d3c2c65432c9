//! Proof of work: one header, or many at once.

use scrypt::Params;

use crate::{Algorithm, Header, PowHash, hash::sha256d};

impl Algorithm {
    /// The proof-of-work hash of a serialised header.
    #[must_use]
    pub fn hash(self, header: &[u8; Header::LENGTH]) -> PowHash {
        PowHash::from_bytes(match self {
            Self::Sha256d => sha256d(header),
            Self::Scrypt => scrypt_1024_1_1(header),
        })
    }
}

/// Hashes many headers: `hashes[i]` becomes the proof-of-work hash of `headers[i]`.
///
/// The slices go in pairs; what is left over of the longer one is not touched. Callers batch what
/// is waiting, so that a kernel that works on several lanes at once can be put behind this
/// function.
pub fn hash_many(algorithm: Algorithm, headers: &[Header], hashes: &mut [PowHash]) {
    for (header, hash) in headers.iter().zip(hashes) {
        *hash = header.pow_hash(algorithm);
    }
}

/// scrypt(N = 1024, r = 1, p = 1) of the header, salted with itself, 32 bytes (Litecoin).
fn scrypt_1024_1_1(header: &[u8; Header::LENGTH]) -> [u8; 32] {
    const LOG_N: u8 = 10;
    let mut hash = [0; 32];
    // Both calls check nothing but these constants; `scrypt_accepts_its_parameters` proves that
    // they pass. The hash of a failure would be all ones, which meets no target.
    let done = Params::new(LOG_N, 1, 1)
        .is_ok_and(|params| scrypt::scrypt(header, header, &params, &mut hash).is_ok());
    if done { hash } else { [0xff; 32] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrypt_accepts_its_parameters() {
        // What a failure would give.
        assert_ne!(scrypt_1024_1_1(&[0; Header::LENGTH]), [0xff; 32]);
    }

    #[test]
    fn what_is_left_over_of_a_batch_is_not_touched() {
        let header = Header::from_bytes(&[1; Header::LENGTH]);
        let mut hashes = [PowHash::default(); 3];
        hash_many(Algorithm::Sha256d, &[header; 2], &mut hashes);
        let hash = header.pow_hash(Algorithm::Sha256d);
        assert_eq!(hashes, [hash, hash, PowHash::default()]);
    }
}
