//! Secrets that are made once of randomness alone. Each function is given what is there and says what
//! should be; what is there and well formed stays.

use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Data, Unusable};
use crate::build::coinserver::{CREDENTIALS_KEY, RPCAUTH_KEY};

/// Key of the statement key's PEM.
const STATEMENT_KEY: &str = "key.pem";
/// Key of the signers' token.
const TOKEN: &str = "token";
/// The web side refuses shorter tokens.
const TOKEN_LENGTH: usize = 32;
/// User of generated credentials.
const USER: &str = "ngpool";

/// 256 bits in hexadecimal, from the operating system by way of the thread's generator.
pub(super) fn random() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Text of a key of a Secret, without white space around.
pub(super) fn text<'a>(data: &'a Data, key: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(data.get(key)?).ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The key that signs a currency's statements. Signers know its other half: one that is there and is
/// no key must be looked at by somebody.
pub(super) fn statement_key(there: &Data) -> Result<Data, Unusable> {
    if there.contains_key(STATEMENT_KEY) {
        return match statement_public(there) {
            Some(_) => Ok(there.clone()),
            None => Err(Unusable(
                "its key.pem is not an Ed25519 private key in PEM (PKCS #8): put the right key back, \
                 or remove the Secret for a new key, which signers must then be told of",
            )),
        };
    }
    let key = SigningKey::from_bytes(&rand::random());
    let pem = key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| Unusable("no key could be made"))?;
    Ok(Data::from([(
        STATEMENT_KEY.to_owned(),
        pem.as_bytes().to_vec(),
    )]))
}

/// What signers know a statement key by: its public half, in hexadecimal.
pub(super) fn statement_public(data: &Data) -> Option<String> {
    let key = SigningKey::from_pkcs8_pem(text(data, STATEMENT_KEY)?).ok()?;
    Some(hex::encode(key.verifying_key().to_bytes()))
}

/// The token of the signers.
pub(super) fn token(there: &Data) -> Data {
    match text(there, TOKEN) {
        Some(token) if token.len() >= TOKEN_LENGTH && !token.contains('\n') => there.clone(),
        _ => Data::from([(TOKEN.to_owned(), random().into_bytes())]),
    }
}

/// User and password of a daemon, and the line that lets it check them without holding them.
pub(super) fn rpc(there: &Data) -> Data {
    if is_rpc(there).is_some() {
        return there.clone();
    }
    let password = random();
    let salt = hex::encode(rand::random::<[u8; 16]>());
    let hash = rpc_hash(&salt, &password);
    let data = [
        (CREDENTIALS_KEY, format!("{USER}:{password}\n")),
        (RPCAUTH_KEY, format!("rpcauth={USER}:{salt}${hash}\n")),
    ];
    data.into_iter()
        .map(|(key, value)| (key.to_owned(), value.into_bytes()))
        .collect()
}

/// Whether both halves are there and belong together.
fn is_rpc(data: &Data) -> Option<()> {
    let (user, password) = text(data, CREDENTIALS_KEY)?.split_once(':')?;
    let line = text(data, RPCAUTH_KEY)?.strip_prefix("rpcauth=")?;
    let (other, rest) = line.split_once(':')?;
    let (salt, hash) = rest.split_once('$')?;
    (user == other && hash == rpc_hash(salt, password)).then_some(())
}

/// HMAC-SHA256 of the password in hexadecimal, the hexadecimal text of the salt being the key
/// (Bitcoin's `share/rpcauth`).
fn rpc_hash(salt: &str, password: &str) -> String {
    // Keys of any length are taken.
    let Ok(mut hash) = Hmac::<Sha256>::new_from_slice(salt.as_bytes()) else {
        return String::new();
    };
    hash.update(password.as_bytes());
    hex::encode(hash.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_well_formed_stays_and_two_never_agree() {
        let made = [rpc(&Data::new()), token(&Data::new())];
        let again = [rpc(&made[0]), token(&made[1])];
        assert!(made == again);
        assert!(rpc(&Data::new()) != made[0] && token(&Data::new()) != made[1]);
        let key = statement_key(&Data::new()).unwrap();
        assert!(statement_key(&key).unwrap() == key);
        assert!(statement_key(&Data::new()).unwrap() != key);
        assert_eq!(statement_public(&key).unwrap().len(), 64);
    }

    #[test]
    fn a_statement_key_that_is_none_is_never_replaced() {
        let wrong = Data::from([("key.pem".to_owned(), b"not a key".to_vec())]);
        let refusal = statement_key(&wrong).unwrap_err();
        assert!(
            refusal.0.contains("put the right key back"),
            "{}",
            refusal.0
        );
    }

    #[test]
    fn credentials_and_what_checks_them_belong_together() {
        // What the `hmac` module of Python gives, which Bitcoin's `share/rpcauth` calls.
        assert_eq!(
            rpc_hash("2b3fb6d8bd7e2e3d2e1a06d3f1d1c1b0", "secret"),
            "c84985be71ae5e0c1f7fd6bc7e7c8e40319956912aa6b7eb0b7c55d0d6fc548e"
        );
        let mut data = rpc(&Data::new());
        assert!(is_rpc(&data).is_some());
        data.insert(CREDENTIALS_KEY.to_owned(), b"ngpool:other".to_vec());
        assert!(is_rpc(&data).is_none());
        assert!(is_rpc(&rpc(&data)).is_some());
    }

    #[test]
    fn a_token_that_the_web_side_would_refuse_is_made_again() {
        let short = Data::from([("token".to_owned(), b"short".to_vec())]);
        assert!(text(&token(&short), "token").unwrap().len() >= TOKEN_LENGTH);
    }
}
