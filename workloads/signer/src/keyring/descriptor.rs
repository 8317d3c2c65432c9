//! Reading descriptors (BIP 380 to 387): one script each, keys as WIF or public.

use bitcoin::{
    CompressedPublicKey, PublicKey, XOnlyPublicKey, base58,
    bip32::{DerivationPath, Fingerprint, KeySource, Xpub},
    key::TapTweak,
    secp256k1::{All, Secp256k1, SecretKey},
};
use ngpool_chain::Network;
use zeroize::Zeroizing;

use super::{KeyError, Kind, Multisig, Spend};

/// Most keys of a multisig: as many as a number of one byte can name in its script.
const MOST_KEYS: usize = 16;

/// What a descriptor says.
pub(super) struct Parsed {
    pub(super) spend: Spend,
    /// The secret key, where it names one, and its public key.
    pub(super) secret: Option<(Zeroizing<[u8; 32]>, PublicKey)>,
    /// Where devices have their keys.
    pub(super) origins: Vec<(PublicKey, KeySource)>,
    /// Without the checksum.
    pub(super) body: Zeroizing<String>,
}

/// One key in a descriptor.
struct Named {
    public: PublicKey,
    secret: Option<Zeroizing<[u8; 32]>>,
    origin: Option<KeySource>,
}

/// Reads a descriptor, with or without its checksum.
pub(super) fn parse(descriptor: &str, network: &Network) -> Result<Parsed, KeyError> {
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
    let secp = Secp256k1::new();
    let single = |kind, text| single(kind, text, network, &secp);
    let (spend, named) = if let Some(text) = inside("pkh(", ")") {
        single(Kind::P2pkh, text)?
    } else if let Some(text) = inside("wpkh(", ")") {
        single(Kind::P2wpkh, text)?
    } else if let Some(text) = inside("sh(wpkh(", "))") {
        single(Kind::P2shP2wpkh, text)?
    } else if let Some(text) = inside("tr(", ")") {
        single(Kind::P2tr, text)?
    } else if let Some(text) = inside("wsh(sortedmulti(", "))") {
        multisig(text, true, network, &secp)?
    } else if let Some(text) = inside("wsh(multi(", "))") {
        multisig(text, false, network, &secp)?
    } else {
        return Err(KeyError::Descriptor);
    };
    let mut parsed = Parsed {
        spend,
        secret: None,
        origins: Vec::new(),
        body: Zeroizing::new(body.to_owned()),
    };
    for key in named {
        if let Some(secret) = key.secret {
            if parsed.secret.is_some() {
                return Err(KeyError::SecondSecret);
            }
            parsed.secret = Some((secret, key.public));
        }
        if let Some(origin) = key.origin {
            parsed.origins.push((key.public, origin));
        }
    }
    Ok(parsed)
}

/// The descriptor of one address out of one of a range (BIP 380: `/*` stands for each number). A pool
/// pays its blocks and its change to addresses that it is told one by one, so one at a time is
/// imported.
pub(super) fn at_index(
    descriptor: &str,
    index: Option<u32>,
) -> Result<Zeroizing<String>, KeyError> {
    let descriptor = descriptor.trim();
    let Some(index) = index else {
        return if descriptor.contains('*') {
            Err(KeyError::Range)
        } else {
            Ok(Zeroizing::new(descriptor.to_owned()))
        };
    };
    let (body, checksum) = match descriptor.split_once('#') {
        Some((body, checksum)) => (body, Some(checksum)),
        None => (descriptor, None),
    };
    if checksum.is_some_and(|checksum| checksum_of(body).as_deref() != Some(checksum)) {
        return Err(KeyError::Checksum);
    }
    if !body.contains("/*") {
        return Err(KeyError::NoRange);
    }
    // Above 2^31 - 1 the path is refused where it is read (BIP 32).
    Ok(Zeroizing::new(body.replace("/*", &format!("/{index}"))))
}

fn single(
    kind: Kind,
    text: &str,
    network: &Network,
    secp: &Secp256k1<All>,
) -> Result<(Spend, Vec<Named>), KeyError> {
    let named = name(text, kind == Kind::P2tr, network, secp)?;
    if kind != Kind::P2pkh && !network.has_segwit() {
        return Err(KeyError::Segwit);
    }
    if kind != Kind::P2pkh && !named.public.compressed {
        return Err(KeyError::Uncompressed);
    }
    let key = named.public.inner;
    let spend = match kind {
        Kind::P2pkh => Spend::P2pkh(named.public),
        Kind::P2wpkh => Spend::P2wpkh(CompressedPublicKey(key)),
        Kind::P2shP2wpkh => Spend::P2shP2wpkh(CompressedPublicKey(key)),
        Kind::P2tr => {
            let internal = key.x_only_public_key().0;
            let output = internal.tap_tweak(secp, None).0.to_x_only_public_key();
            Spend::P2tr { internal, output }
        }
    };
    Ok((spend, vec![named]))
}

fn multisig(
    text: &str,
    is_sorted: bool,
    network: &Network,
    secp: &Secp256k1<All>,
) -> Result<(Spend, Vec<Named>), KeyError> {
    let mut parts = text.split(',');
    let needed: usize = parts
        .next()
        .and_then(|text| text.parse().ok())
        .ok_or(KeyError::Multisig)?;
    let named = parts
        .map(|text| name(text, false, network, secp))
        .collect::<Result<Vec<_>, _>>()?;
    let mut keys: Vec<PublicKey> = named.iter().map(|key| key.public).collect();
    if !network.has_segwit() {
        return Err(KeyError::Segwit);
    }
    if keys.iter().any(|key| !key.compressed) {
        return Err(KeyError::Uncompressed);
    }
    if is_sorted {
        keys.sort_by_key(|key| key.inner.serialize());
    }
    Multisig::new(needed, keys)
        .map(|multisig| (Spend::Multisig(multisig), named))
        .ok_or(KeyError::Multisig)
}

impl Multisig {
    /// None unless 1 ≤ m ≤ n ≤ 16 with n different keys.
    fn new(needed: usize, keys: Vec<PublicKey>) -> Option<Self> {
        let mut different: Vec<_> = keys.iter().map(|key| key.inner.serialize()).collect();
        different.sort_unstable();
        different.dedup();
        let is_sound = (1..=keys.len()).contains(&needed)
            && keys.len() <= MOST_KEYS
            && different.len() == keys.len();
        is_sound.then(|| Self::of(needed, keys))
    }
}

/// Reads `[FINGERPRINT/PATH]KEY`, the part in brackets or not, the key as WIF, as a public key in
/// hexadecimal, or as an extended public key with the path of one child.
fn name(
    text: &str,
    is_taproot: bool,
    network: &Network,
    secp: &Secp256k1<All>,
) -> Result<Named, KeyError> {
    let (origin, key) = match text.strip_prefix('[') {
        Some(rest) => {
            let (origin, key) = rest.split_once(']').ok_or(KeyError::Origin)?;
            (Some(read_origin(origin)?), key)
        }
        None => (None, text),
    };
    if let Some((extended, path)) = key.split_once('/') {
        let extended: Xpub = extended.parse().map_err(|_| KeyError::Extended)?;
        let path: DerivationPath = path.parse().map_err(|_| KeyError::Extended)?;
        let child = extended
            .derive_pub(secp, &path)
            .map_err(|_| KeyError::Extended)?;
        let (fingerprint, before) =
            origin.unwrap_or_else(|| (extended.fingerprint(), DerivationPath::master()));
        return Ok(Named {
            public: PublicKey::new(child.public_key),
            secret: None,
            origin: Some((fingerprint, before.extend(&path))),
        });
    }
    if key.len() == 64 && is_taproot {
        let key: XOnlyPublicKey = key.parse().map_err(|_| KeyError::Public)?;
        let even = bitcoin::secp256k1::Parity::Even;
        return Ok(Named {
            public: PublicKey::new(key.public_key(even)),
            secret: None,
            origin,
        });
    }
    // Base58 of 33 or 34 bytes with version and checksum is never as long as a public key.
    if key.len() >= 64 {
        let public: PublicKey = key.parse().map_err(|_| KeyError::Public)?;
        return Ok(Named {
            public,
            secret: None,
            origin,
        });
    }
    let (secret, is_compressed) = read_wif(key, network)?;
    let mut scalar = SecretKey::from_slice(&*secret).map_err(|_| KeyError::Wif)?;
    let inner = scalar.public_key(secp);
    scalar.non_secure_erase();
    Ok(Named {
        public: PublicKey {
            compressed: is_compressed,
            inner,
        },
        secret: Some(secret),
        origin,
    })
}

fn read_origin(text: &str) -> Result<KeySource, KeyError> {
    let (fingerprint, path) = text.split_once('/').unwrap_or((text, ""));
    let fingerprint: Fingerprint = fingerprint.parse().map_err(|_| KeyError::Origin)?;
    let path = if path.is_empty() {
        DerivationPath::master()
    } else {
        path.parse().map_err(|_| KeyError::Origin)?
    };
    Ok((fingerprint, path))
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
