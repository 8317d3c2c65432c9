//! The keys and the scripts they spend, as descriptors say.
//!
//! A secret key is here, with another signer (of a multisig), or in a device: what a keystore does
//! not hold it knows the public key of.

mod descriptor;

use std::collections::HashMap;

use bitcoin::{
    CompressedPublicKey, PublicKey, ScriptBuf, TxOut, WPubkeyHash, XOnlyPublicKey,
    bip32::KeySource,
    key::TapTweak,
    opcodes::all::{OP_CHECKMULTISIG, OP_PUSHNUM_1},
    secp256k1::{All, Keypair, Secp256k1, SecretKey},
    transaction::InputWeightPrediction,
};
use ngpool_chain::{Address, Network};
use thiserror::Error;
use zeroize::Zeroizing;

/// How an output of ours is spent: everything public about it.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Segwit version 0 by the signatures of some of several keys.
    Multisig(Multisig),
}

/// m of n keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multisig {
    needed: usize,
    /// In the order of the script, in which their signatures must be.
    keys: Vec<PublicKey>,
    script: ScriptBuf,
}

/// One key and what it spends. Its debug text shows nothing secret.
pub struct Key {
    /// With its public key; none where others or a device hold it.
    secret: Option<(Zeroizing<[u8; 32]>, PublicKey)>,
    /// Where devices have the keys.
    origins: Vec<(PublicKey, KeySource)>,
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
    #[error(
        "give keys as pkh(KEY), wpkh(KEY), sh(wpkh(KEY)), tr(KEY) or wsh(sortedmulti(M,KEY,…)), or a WIF with its kind"
    )]
    Descriptor,
    /// Not m of n different keys.
    #[error("a multisig is of M of at most 16 different keys, M from 1 to their number")]
    Multisig,
    /// Two secret keys of one multisig.
    #[error(
        "a keystore holds one key of a multisig: whoever has the file would else be two signers"
    )]
    SecondSecret,
    /// The part in brackets.
    #[error("the origin of a key is [FINGERPRINT/PATH], such as [d34db33f/84h/2h/0h]")]
    Origin,
    /// Not an extended public key with a child.
    #[error(
        "an extended key is public (xpub…) and goes on with the path of one child, such as /0/5"
    )]
    Extended,
    /// A descriptor of many addresses.
    #[error(
        "the descriptor is of a range of addresses (/*): say by --index which one of them the pool pays to"
    )]
    Range,
    /// A descriptor of one address, and an index.
    #[error("the descriptor is of one address and has no /* for --index")]
    NoRange,
    /// Not a public key.
    #[error("the public key is not one of the curve in hexadecimal, or a letter of it is wrong")]
    Public,
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

impl Multisig {
    fn of(needed: usize, keys: Vec<PublicKey>) -> Self {
        // Numbers up to 16, which the descriptor's bound is, have an opcode each.
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let mut script = ScriptBuf::builder().push_int(number(needed));
        for key in &keys {
            script = script.push_key(key);
        }
        let script = script
            .push_int(number(keys.len()))
            .push_opcode(OP_CHECKMULTISIG)
            .into_script();
        Self {
            needed,
            keys,
            script,
        }
    }

    /// Signatures that are needed.
    pub const fn needed(&self) -> usize {
        self.needed
    }

    /// The keys, in the order in which the script wants their signatures.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The script that the output commits to.
    pub const fn script(&self) -> &ScriptBuf {
        &self.script
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
                .push_opcode(OP_PUSHNUM_1)
                .push_slice(output.serialize())
                .into_script(),
            Self::Multisig(multisig) => ScriptBuf::new_p2wsh(&multisig.script.wscript_hash()),
        }
    }

    /// Keys whose ECDSA signatures spend it, and how many are needed; none for Taproot.
    pub fn ecdsa_keys(&self) -> (Vec<PublicKey>, usize) {
        match self {
            Self::P2pkh(key) => (vec![*key], 1),
            Self::P2wpkh(key) | Self::P2shP2wpkh(key) => (vec![PublicKey::from(*key)], 1),
            Self::P2tr { .. } => (Vec::new(), 0),
            Self::Multisig(multisig) => (multisig.keys.clone(), multisig.needed),
        }
    }

    /// The script that a P2WSH output hides; none for others.
    pub const fn witness_script(&self) -> Option<&ScriptBuf> {
        match self {
            Self::Multisig(multisig) => Some(&multisig.script),
            _ => None,
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
            Self::Multisig(multisig) => {
                // One element too many is taken off by the script (a fault of CHECKMULTISIG).
                let mut elements = vec![0];
                elements.extend(std::iter::repeat_n(72, multisig.needed));
                elements.push(multisig.script.len());
                InputWeightPrediction::from_slice(0, &elements)
            }
        }
    }
}

impl Key {
    /// The descriptor of one address: itself, or one of a range of them.
    pub fn at_index(descriptor: &str, index: Option<u32>) -> Result<Zeroizing<String>, KeyError> {
        descriptor::at_index(descriptor, index)
    }

    /// Reads a descriptor, with or without its checksum.
    pub fn parse(descriptor: &str, network: &Network) -> Result<Self, KeyError> {
        let parsed = descriptor::parse(descriptor, network)?;
        Ok(Self {
            script: parsed.spend.script(),
            spend: parsed.spend,
            secret: parsed.secret,
            origins: parsed.origins,
            descriptor: parsed.body,
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

    /// Where devices have the keys, by public key.
    pub fn origins(&self) -> &[(PublicKey, KeySource)] {
        &self.origins
    }

    /// The public key whose secret is here.
    pub fn own(&self) -> Option<PublicKey> {
        self.secret.as_ref().map(|(_, public)| *public)
    }

    /// Whether the secret here is enough to spend it.
    pub fn is_enough(&self) -> bool {
        let needed = match &self.spend {
            Spend::Multisig(multisig) => multisig.needed,
            _ => 1,
        };
        self.secret.is_some() && needed == 1
    }

    /// The pair to sign with; tweaked for Taproot. The caller erases it.
    pub(crate) fn pair(&self, secp: &Secp256k1<All>) -> Option<Keypair> {
        let (secret, _) = self.secret.as_ref()?;
        let mut scalar = SecretKey::from_slice(&**secret).ok()?;
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
