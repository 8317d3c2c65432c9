//! A private key from 32 bytes, for `keygen`: wallet import format and addresses. No randomness
//! here.

use std::fmt;

use bitcoin::{
    base58,
    hashes::{Hash, hash160},
    secp256k1::{PublicKey, Secp256k1, SecretKey},
};

use crate::{Address, Network};

/// A private key of secp256k1. Its debug text shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey(SecretKey);

/// Why 32 bytes are not a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a private key: draw 32 other random bytes")]
pub struct KeyError;

impl PrivateKey {
    /// From random bytes; fails for zero and numbers outside the group (chance 2^-128).
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        SecretKey::from_slice(bytes).map(Self).map_err(|_| KeyError)
    }

    /// Wallet import format, for a compressed public key: what `importprivkey` takes.
    #[must_use]
    pub fn to_wif(&self, network: &Network) -> String {
        let mut payload = vec![network.wif];
        payload.extend(self.0.secret_bytes());
        payload.push(1);
        base58::encode_check(&payload)
    }

    /// Serialised compressed public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 33] {
        PublicKey::from_secret_key(&Secp256k1::signing_only(), &self.0).serialize()
    }

    /// Pay to public key hash.
    #[must_use]
    pub fn p2pkh(&self, network: &Network) -> Address {
        Address::p2pkh(self.public_key_hash(), network)
    }

    /// Pay to witness public key hash; none on a network without segwit.
    #[must_use]
    pub fn p2wpkh(&self, network: &Network) -> Option<Address> {
        Address::p2wpkh(self.public_key_hash(), network)
    }

    fn public_key_hash(&self) -> [u8; 20] {
        hash160::Hash::hash(&self.public_key()).to_byte_array()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> PrivateKey {
        let mut bytes = [0; 32];
        bytes[31] = 1;
        PrivateKey::from_bytes(&bytes).unwrap()
    }

    #[test]
    fn key_one_has_its_well_known_addresses() {
        let key = one();
        let bitcoin = Network::preset("bitcoin").unwrap();
        assert_eq!(
            hex::encode(key.public_key()),
            "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
        );
        assert_eq!(
            key.to_wif(&bitcoin),
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn"
        );
        assert_eq!(
            key.p2pkh(&bitcoin).as_str(),
            "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"
        );
        assert_eq!(
            key.p2wpkh(&bitcoin).unwrap().as_str(),
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
        );
        let testnet = Network::preset("bitcoin-testnet").unwrap();
        assert_eq!(
            key.p2pkh(&testnet).as_str(),
            "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r"
        );
        assert_eq!(
            key.p2wpkh(&testnet).unwrap().as_str(),
            "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"
        );
        assert_eq!(key.p2wpkh(&Network::preset("dogecoin").unwrap()), None);
    }

    #[test]
    fn bytes_outside_the_group_are_refused() {
        assert_eq!(PrivateKey::from_bytes(&[0; 32]), Err(KeyError));
        assert_eq!(PrivateKey::from_bytes(&[0xff; 32]), Err(KeyError));
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", one()), "PrivateKey(…)");
    }
}
