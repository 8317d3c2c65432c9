//! Hashes, each a type of its own, in internal byte order with the display order as text.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// SHA-256 applied twice.
#[must_use]
pub fn sha256d(bytes: &[u8]) -> [u8; 32] {
    finish_sha256d(Sha256::new_with_prefix(bytes))
}

/// Finishes a hash that was fed the message: the second round of [`sha256d`].
pub(crate) fn finish_sha256d(first: Sha256) -> [u8; 32] {
    Sha256::digest(first.finalize()).into()
}

/// Why a text is not a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a hash: write 64 hex digits")]
pub struct HashError(String);

macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name([u8; 32]);

        impl $name {
            /// From 32 bytes in internal order, as in a block.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// From a slice in internal order; none unless it has 32 bytes.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The 32 bytes in internal order.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 32] {
                self.0
            }

            /// The 32 bytes in internal order.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The 32 bytes in display order, the last of the block first.
            #[must_use]
            pub fn to_display_bytes(self) -> [u8; 32] {
                let mut bytes = self.0;
                bytes.reverse();
                bytes
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.to_display_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = HashError;

            fn from_str(text: &str) -> Result<Self, HashError> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes)
                    .map_err(|_| HashError(shorten(text)))?;
                bytes.reverse();
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

hash_type! {
    /// Identity of a block: `SHA256d` of its header, on every chain.
    BlockHash
}
hash_type! {
    /// Identity of a transaction: `SHA256d` of its serialisation without witness.
    Txid
}
hash_type! {
    /// What a header's proof of work is judged by; a little-endian number.
    PowHash
}

impl Txid {
    /// The id of a transaction given without its witness.
    #[must_use]
    pub fn of(stripped: &[u8]) -> Self {
        Self(sha256d(stripped))
    }
}

/// A stranger's text in an error stays short.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256d_matches_the_published_vector() {
        let hash = sha256d(b"hello");
        let expected = "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50";
        assert_eq!(hex::encode(hash), expected);
    }

    #[test]
    fn text_is_the_reverse_of_the_bytes() {
        let text = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
        let hash: BlockHash = text.parse().unwrap();
        assert_eq!(hash.as_bytes()[..4], [0x6f, 0xe2, 0x8c, 0x0a]);
        assert_eq!(hash.to_string(), text);
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<BlockHash>(&format!("\"{text}\"")).unwrap(),
            hash
        );
    }

    #[test]
    fn a_text_of_another_length_is_refused() {
        for text in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
            assert!(text.parse::<Txid>().is_err(), "{text}");
        }
    }
}
