//! The keys and the scripts they spend: WIF and single-key descriptors (BIP 380 to 386).

use std::collections::HashMap;

use bitcoin::{
    CompressedPublicKey, PublicKey, ScriptBuf, TxOut, WPubkeyHash, XOnlyPublicKey, base58,
    key::TapTweak,
    secp256k1::{All, Keypair, Secp256k1, SecretKey},
    transaction::InputWeightPrediction,
};
use ngpool_chain::{Address, Network};
use thiserror::Error;
use zeroize::Zeroizing;

/// How an output of ours is spent: everything public about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// To the hash of a public key.
    P2pkh(PublicKey),
    /// Segwit version 0.
    P2wpkh(CompressedPublicKey),
    /// Segwit version 0 inside P2SH.
    P2shP2wpkh(CompressedPublicKey),
    /// Taproot by its key path, without a script tree (BIP 86).
    P2tr {
        /// The key before the tweak.
        internal: XOnlyPublicKey,
        /// The key in the output.
        output: XOnlyPublicKey,
    },
}

/// One key and what it spends. Its debug text shows nothing secret.
pub struct Key {
    secret: Zeroizing<[u8; 32]>,
    spend: Spend,
    script: ScriptBuf,
    /// As imported, for the keystore.
    descriptor: Zeroizing<String>,
}

/// All keys of a keystore.
pub struct Keyring {
    keys: Vec<Key>,
    by_script: HashMap<ScriptBuf, usize>,
    secp: Secp256k1<All>,
}

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not one of the supported descriptors.
    #[error("give a key as pkh(WIF), wpkh(WIF), sh(wpkh(WIF)) or tr(WIF), or a WIF with its kind")]
    Descriptor,
    /// The descriptor's checksum is another's.
    #[error("the checksum after # is not that of the descriptor: a letter is wrong")]
    Checksum,
    /// Not a WIF key, or a mistyped one.
    #[error("the key is not in wallet import format, or a letter of it is wrong")]
    Wif,
    /// A WIF key of another network.
    #[error(
        "the key is of another network: its version byte is {found}, this network's {expected}"
    )]
    Network {
        /// As it says.
        found: u8,
        /// The network's.
        expected: u8,
    },
    /// Segwit needs a compressed public key.
    #[error("a key for an uncompressed public key can only be used as pkh(…)")]
    Uncompressed,
    /// The network has no such outputs.
    #[error("the network has no segwit: use pkh(…)")]
    Segwit,
    /// The script is there already.
    #[error("the key is in the keystore already")]
    Twice,
}

/// Kinds of output that a single key spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// The oldest kind, on every chain.
    P2pkh,
    /// Segwit version 0.
    P2wpkh,
    /// Segwit version 0 inside P2SH.
    P2shP2wpkh,
    /// Taproot.
    P2tr,
}

impl Kind {
    /// The descriptor of a key of this kind.
    pub fn descriptor(self, wif: &str) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::P2pkh => format!("pkh({wif})"),
            Self::P2wpkh => format!("wpkh({wif})"),
            Self::P2shP2wpkh => format!("sh(wpkh({wif}))"),
            Self::P2tr => format!("tr({wif})"),
        })
    }
}

impl Spend {
    /// The script of its outputs.
    pub fn script(&self) -> ScriptBuf {
        match self {
            Self::P2pkh(key) => ScriptBuf::new_p2pkh(&key.pubkey_hash()),
            Self::P2wpkh(key) => ScriptBuf::new_p2wpkh(&key.wpubkey_hash()),
            Self::P2shP2wpkh(key) => {
                ScriptBuf::new_p2sh(&ScriptBuf::new_p2wpkh(&key.wpubkey_hash()).script_hash())
            }
            Self::P2tr { output, .. } => ScriptBuf::builder()
                .push_opcode(bitcoin::opcodes::all::OP_PUSHNUM_1)
                .push_slice(output.serialize())
                .into_script(),
        }
    }

    /// The script that a P2SH output hides; none for others.
    pub fn redeem_script(&self) -> Option<ScriptBuf> {
        match self {
            Self::P2shP2wpkh(key) => Some(ScriptBuf::new_p2wpkh(&key.wpubkey_hash())),
            _ => None,
        }
    }

    /// Hash of the key of a segwit version 0 output; none for others.
    pub fn witness_key_hash(&self) -> Option<WPubkeyHash> {
        match self {
            Self::P2wpkh(key) | Self::P2shP2wpkh(key) => Some(key.wpubkey_hash()),
            _ => None,
        }
    }

    /// Whether its signature covers the values of all inputs, so that a false one is harmless.
    pub const fn is_taproot(&self) -> bool {
        matches!(self, Self::P2tr { .. })
    }

    /// Weight of an input that spends it, with the longest signature.
    pub fn weight(&self) -> InputWeightPrediction {
        match self {
            Self::P2pkh(key) if key.compressed => InputWeightPrediction::P2PKH_COMPRESSED_MAX,
            Self::P2pkh(_) => InputWeightPrediction::P2PKH_UNCOMPRESSED_MAX,
            Self::P2wpkh(_) => InputWeightPrediction::P2WPKH_MAX,
            Self::P2shP2wpkh(_) => InputWeightPrediction::from_slice(23, &[72, 33]),
            Self::P2tr { .. } => InputWeightPrediction::P2TR_KEY_NON_DEFAULT_SIGHASH,
        }
    }
}

impl Key {
    /// Reads a descriptor with a WIF key, with or without its checksum.
    pub fn parse(descriptor: &str, network: &Network) -> Result<Self, KeyError> {
        let descriptor = descriptor.trim();
        let (body, checksum) = match descriptor.split_once('#') {
            Some((body, checksum)) => (body, Some(checksum)),
            None => (descriptor, None),
        };
        if checksum.is_some_and(|checksum| checksum_of(body).as_deref() != Some(checksum)) {
            return Err(KeyError::Checksum);
        }
        let inside = |opening: &str, closing: &str| {
            body.strip_prefix(opening)
                .and_then(|rest| rest.strip_suffix(closing))
        };
        let (kind, wif) = if let Some(wif) = inside("pkh(", ")") {
            (Kind::P2pkh, wif)
        } else if let Some(wif) = inside("wpkh(", ")") {
            (Kind::P2wpkh, wif)
        } else if let Some(wif) = inside("sh(wpkh(", "))") {
            (Kind::P2shP2wpkh, wif)
        } else if let Some(wif) = inside("tr(", ")") {
            (Kind::P2tr, wif)
        } else {
            return Err(KeyError::Descriptor);
        };
        let (secret, is_compressed) = read_wif(wif, network)?;
        if kind != Kind::P2pkh && !network.has_segwit() {
            return Err(KeyError::Segwit);
        }
        let secp = Secp256k1::new();
        let mut scalar = SecretKey::from_slice(&*secret).map_err(|_| KeyError::Wif)?;
        let key = scalar.public_key(&secp);
        scalar.non_secure_erase();
        if kind != Kind::P2pkh && !is_compressed {
            return Err(KeyError::Uncompressed);
        }
        let spend = match kind {
            Kind::P2pkh => Spend::P2pkh(PublicKey {
                compressed: is_compressed,
                inner: key,
            }),
            Kind::P2wpkh => Spend::P2wpkh(CompressedPublicKey(key)),
            Kind::P2shP2wpkh => Spend::P2shP2wpkh(CompressedPublicKey(key)),
            Kind::P2tr => {
                let internal = key.x_only_public_key().0;
                let output = internal.tap_tweak(&secp, None).0.to_x_only_public_key();
                Spend::P2tr { internal, output }
            }
        };
        Ok(Self {
            secret,
            script: spend.script(),
            spend,
            descriptor: Zeroizing::new(body.to_owned()),
        })
    }

    /// The script of its outputs.
    pub const fn script(&self) -> &ScriptBuf {
        &self.script
    }

    /// How its outputs are spent.
    pub const fn spend(&self) -> &Spend {
        &self.spend
    }

    /// The descriptor with the secret key.
    pub(crate) fn descriptor(&self) -> &str {
        &self.descriptor
    }

    /// The pair to sign with; tweaked for Taproot. The caller erases it.
    pub(crate) fn pair(&self, secp: &Secp256k1<All>) -> Option<Keypair> {
        let mut scalar = SecretKey::from_slice(&*self.secret).ok()?;
        let pair = Keypair::from_secret_key(secp, &scalar);
        scalar.non_secure_erase();
        Some(if self.spend.is_taproot() {
            pair.tap_tweak(secp, None).to_keypair()
        } else {
            pair
        })
    }
}

impl Keyring {
    /// No keys.
    pub fn new() -> Self {
        Self {
            keys: Vec::new(),
            by_script: HashMap::new(),
            secp: Secp256k1::new(),
        }
    }

    /// Adds a key.
    pub fn add(&mut self, key: Key) -> Result<(), KeyError> {
        if self.by_script.contains_key(&key.script) {
            return Err(KeyError::Twice);
        }
        self.by_script.insert(key.script.clone(), self.keys.len());
        self.keys.push(key);
        Ok(())
    }

    /// The keys, in the order they were added.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key that spends a script.
    pub fn key_of(&self, script: &bitcoin::Script) -> Option<&Key> {
        self.by_script
            .get(script)
            .and_then(|index| self.keys.get(*index))
    }

    /// Whether a script is ours.
    pub fn owns(&self, output: &TxOut) -> bool {
        self.by_script.contains_key(&output.script_pubkey)
    }

    pub(crate) const fn secp(&self) -> &Secp256k1<All> {
        &self.secp
    }
}

impl Default for Keyring {
    fn default() -> Self {
        Self::new()
    }
}

/// The address of one of our scripts.
pub fn address_of(key: &Key, network: &Network) -> Option<Address> {
    Address::from_script(key.script.as_bytes(), network)
}

fn read_wif(wif: &str, network: &Network) -> Result<(Zeroizing<[u8; 32]>, bool), KeyError> {
    let payload = Zeroizing::new(base58::decode_check(wif).map_err(|_| KeyError::Wif)?);
    let Some((version, rest)) = payload.split_first() else {
        return Err(KeyError::Wif);
    };
    let (secret, is_compressed) = match rest.split_first_chunk::<32>() {
        Some((secret, [])) => (secret, false),
        Some((secret, [1])) => (secret, true),
        _ => return Err(KeyError::Wif),
    };
    if *version != network.wif {
        return Err(KeyError::Network {
            found: *version,
            expected: network.wif,
        });
    }
    Ok((Zeroizing::new(*secret), is_compressed))
}

/// Checksum of a descriptor (BIP 380); none when it has a letter that descriptors do not have.
fn checksum_of(descriptor: &str) -> Option<String> {
    const LETTERS: &str = "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~\
                           ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
    const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u64; 5] = [
        0xf5_dee5_1989,
        0xa9_fdca_3312,
        0x1b_ab10_e32d,
        0x37_06b1_677a,
        0x64_4d62_6ffd,
    ];
    let step = |state: u64, value: u64| {
        let top = state >> 35;
        let shifted = ((state & 0x7_ffff_ffff) << 5) ^ value;
        (0_u32..)
            .zip(GENERATOR)
            .filter(|(bit, _)| (top >> bit) & 1 == 1)
            .fold(shifted, |state, (_, generator)| state ^ generator)
    };
    let mut state = 1;
    let (mut class, mut count) = (0, 0);
    for letter in descriptor.chars() {
        // A place among fewer than 100 letters fits.
        let place = LETTERS.find(letter)? as u64;
        state = step(state, place & 31);
        class = class * 3 + (place >> 5);
        count += 1;
        if count == 3 {
            state = step(state, class);
            (class, count) = (0, 0);
        }
    }
    if count > 0 {
        state = step(state, class);
    }
    for _ in 0..8 {
        state = step(state, 0);
    }
    state ^= 1;
    (0..8)
        .map(|place| {
            let digit = (state >> (5 * (7 - place))) & 31;
            DIGITS
                .get(usize::try_from(digit).ok()?)
                .map(|d| char::from(*d))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::checksum_of;

    #[test]
    fn checksums_are_those_of_bip_380() {
        assert_eq!(checksum_of("raw(deadbeef)").as_deref(), Some("89f8spxm"));
        assert_ne!(checksum_of("raw(deedbeef)").as_deref(), Some("89f8spxm"));
        assert_eq!(checksum_of("raw(Ü)"), None);
    }
}
