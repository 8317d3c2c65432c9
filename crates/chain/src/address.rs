//! Addresses of the right network: text to script and back.

use std::fmt;

use bitcoin::{
    base58,
    bech32::{Fe32, Hrp, segwit},
};
use bytes::Bytes;

use crate::{Network, Preset};

/// An address of one network, in canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    text: String,
    kind: AddressKind,
    script: Bytes,
}

/// What an address pays to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// Hash of a public key, base58.
    P2pkh,
    /// Hash of a script, base58.
    P2sh,
    /// Hash of a public key, segwit version 0.
    P2wpkh,
    /// Hash of a script, segwit version 0.
    P2wsh,
    /// Output key, segwit version 1 with 32 bytes (BIP 341).
    P2tr,
    /// A segwit version without meaning yet. Anyone may be able to spend what is sent there.
    UnknownWitness {
        /// 1 to 16.
        version: u8,
    },
}

/// Why a text is not an address of a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was given, or more than any address has.
    #[error("an address has 14 to 90 characters, this has {0}")]
    Length(usize),
    /// An MWEB stealth address.
    #[error(
        "`{0}` is an MWEB stealth address: a coinbase cannot pay it; give an ordinary address of \
         the same wallet"
    )]
    Stealth(String),
    /// An address, but of another network.
    #[error("`{text}` is an address of {networks}, not of this network")]
    OtherNetwork {
        /// The text as given.
        text: String,
        /// Presets that read it, separated by commas.
        networks: String,
    },
    /// Base58 with a wrong checksum, or a letter that base58 does not have.
    #[error("`{text}` is not a valid address: {reason}")]
    Malformed {
        /// The text as given.
        text: String,
        /// What is wrong.
        reason: String,
    },
}

impl Address {
    /// Reads an address: base58check (P2PKH, P2SH), or bech32 and bech32m (BIP 173, BIP 350).
    pub fn parse(text: &str, network: &Network) -> Result<Self, AddressError> {
        let length = text.chars().count();
        let stealth_of = |prefix: &Option<String>| {
            prefix
                .as_deref()
                .is_some_and(|prefix| has_prefix(text, prefix))
        };
        // A stealth address is longer than the others; tell it before the length is judged.
        if stealth_of(&network.mweb_bech32) {
            return Err(AddressError::Stealth(shorten(text)));
        }
        let reason = match read(text, network) {
            Ok(address) => return Ok(address),
            Err(reason) => reason,
        };
        let others: Vec<&str> = Preset::all()
            .iter()
            .filter(|preset| {
                stealth_of(&preset.network.mweb_bech32) || read(text, &preset.network).is_ok()
            })
            .map(|preset| preset.name)
            .collect();
        if !others.is_empty() {
            return Err(AddressError::OtherNetwork {
                text: shorten(text),
                networks: others.join(", "),
            });
        }
        if !(14..=segwit_max()).contains(&length) {
            return Err(AddressError::Length(length));
        }
        Err(AddressError::Malformed {
            text: shorten(text),
            reason,
        })
    }

    /// The address that pays to a script; none for scripts without one on this network.
    #[must_use]
    pub fn from_script(script: &[u8], network: &Network) -> Option<Self> {
        let base58 = |kind, version, payload: &[u8]| {
            Some(Self::base58(kind, version, payload.try_into().ok()?))
        };
        match script {
            [0x76, 0xa9, 0x14, hash @ .., 0x88, 0xac] if hash.len() == 20 => {
                base58(AddressKind::P2pkh, network.p2pkh, hash)
            }
            [0xa9, 0x14, hash @ .., 0x87] if hash.len() == 20 => {
                base58(AddressKind::P2sh, *network.p2sh.first()?, hash)
            }
            [opcode @ (0 | 0x51..=0x60), length, program @ ..]
                if usize::from(*length) == program.len() =>
            {
                let version = if *opcode == 0 { 0 } else { opcode - 0x50 };
                Self::witness(version, program, network)
            }
            _ => None,
        }
    }

    /// P2PKH of the hash of a public key.
    #[must_use]
    pub fn p2pkh(hash: [u8; 20], network: &Network) -> Self {
        Self::base58(AddressKind::P2pkh, network.p2pkh, hash)
    }

    /// P2WPKH of the hash of a compressed public key; none on a network without segwit.
    #[must_use]
    pub fn p2wpkh(hash: [u8; 20], network: &Network) -> Option<Self> {
        Self::witness(0, &hash, network)
    }

    /// Canonical text: the preferred version byte, lower-case bech32.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it pays to.
    #[must_use]
    pub const fn kind(&self) -> AddressKind {
        self.kind
    }

    /// The scriptPubKey that pays it.
    #[must_use]
    pub const fn script(&self) -> &Bytes {
        &self.script
    }

    /// The smallest output to this address that nodes relay, in base units: see [`dust_limit`].
    #[must_use]
    pub fn dust_limit(&self, fee_per_kvb: u64) -> u64 {
        dust_limit(&self.script, fee_per_kvb)
    }

    fn base58(kind: AddressKind, version: u8, hash: [u8; 20]) -> Self {
        let mut payload = vec![version];
        payload.extend(hash);
        let script = if kind == AddressKind::P2sh {
            [&[0xa9, 0x14][..], &hash, &[0x87]].concat()
        } else {
            [&[0x76, 0xa9, 0x14][..], &hash, &[0x88, 0xac]].concat()
        };
        Self {
            text: base58::encode_check(&payload),
            kind,
            script: script.into(),
        }
    }

    fn witness(version: u8, program: &[u8], network: &Network) -> Option<Self> {
        if is_reserved(version, network) {
            return None;
        }
        let hrp = Hrp::parse(network.bech32.as_deref()?).ok()?;
        let text = segwit::encode(hrp, Fe32::try_from(version).ok()?, program).ok()?;
        let kind = match (version, program.len()) {
            (0, 20) => AddressKind::P2wpkh,
            (0, _) => AddressKind::P2wsh,
            (1, 32) => AddressKind::P2tr,
            (version, _) => AddressKind::UnknownWitness { version },
        };
        let opcode = if version == 0 { 0 } else { 0x50 + version };
        // `encode` accepted it, so the program has at most 40 bytes.
        let length = u8::try_from(program.len()).ok()?;
        let script = [&[opcode, length][..], program].concat();
        Some(Self {
            text,
            kind,
            script: script.into(),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether nobody can ever spend what is paid to a script: `OP_RETURN` first, or longer than
/// scripts may be.
#[must_use]
pub fn is_unspendable(script: &[u8]) -> bool {
    const OP_RETURN: u8 = 0x6a;
    const LONGEST: usize = 10_000;
    script.first() == Some(&OP_RETURN) || script.len() > LONGEST
}

/// The smallest output that nodes relay, in base units: below it, spending it would cost more than
/// `fee_per_kvb` (the node's `dustrelayfee`, base units per 1,000 virtual bytes) allows
/// (`GetDustThreshold` of Bitcoin Core). 0 for scripts that cannot be spent.
#[must_use]
pub fn dust_limit(script: &[u8], fee_per_kvb: u64) -> u64 {
    if is_unspendable(script) {
        return 0;
    }
    let is_witness = matches!(
        script,
        [0 | 0x51..=0x60, length, program @ ..]
            if usize::from(*length) == program.len() && (2..=40).contains(&program.len())
    );
    // An input: outpoint 36, length 1, signature and key 107 (a quarter of it as witness), sequence
    // 4.
    let input: u64 = if is_witness {
        36 + 1 + 107 / 4 + 4
    } else {
        36 + 1 + 107 + 4
    };
    // Scripts are at most 10,000 bytes here.
    let script_bytes = script.len() as u64;
    let prefix: u64 = if script_bytes < 0xfd { 1 } else { 3 };
    let output = 8 + prefix + script_bytes;
    (output + input).saturating_mul(fee_per_kvb) / 1000
}

/// Reads an address of exactly this network; the error says what is wrong.
fn read(text: &str, network: &Network) -> Result<Address, String> {
    if let Some(prefix) = network
        .bech32
        .as_deref()
        .filter(|prefix| has_prefix(text, prefix))
    {
        let (_, version, program) = segwit::decode(text).map_err(|error| chain(&error))?;
        let version = version.to_u8();
        if is_reserved(version, network) {
            return Err(format!(
                "witness version {version} belongs to MWEB's own outputs"
            ));
        }
        return Address::witness(version, &program, network)
            .ok_or_else(|| format!("not a witness program under `{prefix}`"));
    }
    if text.len() > segwit_max() {
        return Err("too long".to_owned());
    }
    let payload = base58::decode_check(text).map_err(|error| chain(&error))?;
    let Some((version, hash)) = payload.split_first() else {
        return Err("too short".to_owned());
    };
    let hash: [u8; 20] = hash
        .try_into()
        .map_err(|_| format!("it holds {} bytes, not 20", hash.len()))?;
    if *version == network.p2pkh {
        Ok(Address::base58(AddressKind::P2pkh, network.p2pkh, hash))
    } else if let (true, Some(preferred)) = (network.p2sh.contains(version), network.p2sh.first()) {
        Ok(Address::base58(AddressKind::P2sh, *preferred, hash))
    } else {
        Err(format!("version byte {version} is not of this network"))
    }
}

/// Whether a witness version has a meaning of its own where there is MWEB: 8 marks the output of the
/// `HogEx`, 9 a peg-in. Neither can be paid like an address.
const fn is_reserved(version: u8, network: &Network) -> bool {
    network.has_mweb() && matches!(version, 8 | 9)
}

/// Longest segwit address (BIP 173).
const fn segwit_max() -> usize {
    90
}

/// Whether a text starts with a human-readable part and its separator, in either case.
fn has_prefix(text: &str, prefix: &str) -> bool {
    text.split_once('1')
        .is_some_and(|(found, _)| found.eq_ignore_ascii_case(prefix))
}

/// An error with its sources on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn shorten(text: &str) -> String {
    text.chars().take(120).collect()
}
