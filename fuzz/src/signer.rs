//! What a pool, or somebody in its place, sends a signer, and what a signer sends a pool.

use std::sync::LazyLock;

use ngpool_chain::{Network, PrivateKey};
use ngpool_signing::request::{Poll, Response};
use ngsign::keyring::{Key, Keyring};

/// Keys of every kind that a signer has, always the same: seeds spend their coins.
pub static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    let network = Network::preset("litecoin-regtest").unwrap();
    let secret = |seed| PrivateKey::from_bytes(&[seed; 32]).unwrap();
    let wif = secret(7).to_wif(&network);
    let public = |seed| hex::encode(secret(seed).public_key());
    let mut keyring = Keyring::new();
    for descriptor in [
        format!("pkh({wif})"),
        format!("wpkh({wif})"),
        format!("sh(wpkh({wif}))"),
        format!("tr({wif})"),
        format!("wsh(sortedmulti(2,{wif},{},{}))", public(8), public(9)),
        format!("wpkh([d34db33f/84h/2h/0h/0/5]{})", public(8)),
    ] {
        keyring
            .add(Key::parse(&descriptor, &network).unwrap())
            .unwrap();
    }
    keyring
});

/// A request with the PSBT in it.
pub fn signer_request(data: &[u8]) {
    ngsign::fuzzing::request(data, &KEYRING);
}

/// A PSBT as the pool, another signer, or a device gives it.
pub fn signer_psbt(data: &[u8]) {
    ngsign::fuzzing::psbt(data, &KEYRING);
}

/// A descriptor, as a keystore holds it: what is taken has a script, and its public part shows no
/// secret.
pub fn signer_descriptor(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        ngsign::fuzzing::descriptor(text);
    }
}

/// Polls and responses, as a pool takes them from whoever has the token: they read back.
pub fn signer_exchange(data: &[u8]) {
    if let Ok(poll) = Poll::parse(data) {
        let again = Poll::parse(&serde_json::to_vec(&poll).unwrap());
        assert_eq!(again.unwrap(), poll, "a poll changes by being written");
    }
    if let Ok(response) = Response::parse(data) {
        let again = Response::parse(&serde_json::to_vec(&response).unwrap());
        assert_eq!(
            again.unwrap(),
            response,
            "a response changes by being written"
        );
    }
}
