//! Keys at rest: one file encrypted with age, by a passphrase or an identity file.
//!
//! Beside the keys it seals where their journal stands, so that it is written again after each
//! signature, before the transaction is handed out. It is replaced by renaming: a power cut leaves
//! the old or the new one.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    iter,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use age::{
    Decryptor, Encryptor, Identity, IdentityFile, Recipient,
    secrecy::{ExposeSecret, SecretString},
};
use ngpool_chain::Network;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    journal::{Marker, sync_folder},
    keyring::{Key, KeyError, Keyring},
};

/// Work of turning a passphrase into a key, log2: about a second and 256 MiB.
const WORK_FACTOR: u8 = 18;
/// Most work of a keystore that is opened.
const MOST_WORK: u8 = 22;

/// What opens a keystore.
pub enum Unlock {
    /// A passphrase.
    Passphrase {
        /// The passphrase.
        passphrase: SecretString,
        /// Work of turning it into a key, log2, when the keystore is written; the usual one without.
        work_factor: Option<u8>,
    },
    /// Text of an age identity file.
    Identity(SecretString),
}

/// An open keystore.
pub struct Keystore {
    path: PathBuf,
    unlock: Unlock,
    currency: String,
    network: Network,
    keyring: Keyring,
    journal: Marker,
}

/// Why a keystore cannot be used.
#[derive(Debug, Error)]
pub enum KeystoreError {
    /// It cannot be read or written.
    #[error("cannot read or write the keystore {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Neither passphrase nor identity opens it.
    #[error(
        "the keystore {path} cannot be opened: wrong passphrase or identity, or a damaged file"
    )]
    Decrypt {
        /// The file.
        path: PathBuf,
        /// Why.
        source: age::DecryptError,
    },
    /// It cannot be encrypted.
    #[error("the keystore cannot be encrypted")]
    Encrypt(#[source] age::EncryptError),
    /// The identity file holds nothing usable.
    #[error("the identity file holds no age identity")]
    Identity,
    /// The contents are not a keystore's.
    #[error("the keystore {0} does not hold what a keystore holds: another program wrote it")]
    Contents(PathBuf),
    /// One of its keys cannot be used.
    #[error("a key cannot be used")]
    Key(#[from] KeyError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    format: u32,
    currency: String,
    network: Network,
    descriptors: Vec<Zeroizing<String>>,
    journal: Marker,
}

impl Keystore {
    /// Writes a keystore without keys; the file must not exist.
    pub fn create(
        path: &Path,
        unlock: Unlock,
        currency: &str,
        network: Network,
        journal: Marker,
    ) -> Result<Self, KeystoreError> {
        let keystore = Self {
            path: path.to_owned(),
            unlock,
            currency: currency.to_owned(),
            network,
            keyring: Keyring::new(),
            journal,
        };
        if path.exists() {
            return Err(keystore.file_error(io::ErrorKind::AlreadyExists.into()));
        }
        keystore.write()?;
        Ok(keystore)
    }

    /// Opens a keystore.
    pub fn open(path: &Path, unlock: Unlock) -> Result<Self, KeystoreError> {
        let bytes = fs::read(path).map_err(|source| KeystoreError::File {
            path: path.to_owned(),
            source,
        })?;
        let plain = unlock.decrypt(&bytes, path)?;
        let contents: Contents =
            serde_json::from_slice(&plain).map_err(|_| KeystoreError::Contents(path.to_owned()))?;
        if contents.format != 1 {
            return Err(KeystoreError::Contents(path.to_owned()));
        }
        let mut keyring = Keyring::new();
        for descriptor in &contents.descriptors {
            keyring.add(Key::parse(descriptor, &contents.network)?)?;
        }
        Ok(Self {
            path: path.to_owned(),
            unlock,
            currency: contents.currency,
            network: contents.network,
            keyring,
            journal: contents.journal,
        })
    }

    /// Code of its currency.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Parameters of its chain.
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// Its keys.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Where its journal stood when it last signed.
    pub const fn journal(&self) -> &Marker {
        &self.journal
    }

    /// Adds a key and writes the file.
    pub fn add(&mut self, key: Key) -> Result<(), KeystoreError> {
        self.keyring.add(key)?;
        self.write()
    }

    /// Seals where the journal stands now and writes the file.
    pub fn seal(&mut self, journal: Marker) -> Result<(), KeystoreError> {
        if journal == self.journal {
            return Ok(());
        }
        self.journal = journal;
        self.write()
    }

    fn write(&self) -> Result<(), KeystoreError> {
        let contents = Contents {
            format: 1,
            currency: self.currency.clone(),
            network: self.network.clone(),
            descriptors: self
                .keyring
                .keys()
                .iter()
                .map(|key| Zeroizing::new(key.descriptor().to_owned()))
                .collect(),
            journal: self.journal,
        };
        let plain = Zeroizing::new(
            serde_json::to_vec(&contents)
                .map_err(|_| KeystoreError::Contents(self.path.clone()))?,
        );
        let bytes = self.unlock.encrypt(&plain)?;
        replace(&self.path, &bytes).map_err(|source| self.file_error(source))
    }

    fn file_error(&self, source: io::Error) -> KeystoreError {
        KeystoreError::File {
            path: self.path.clone(),
            source,
        }
    }
}

impl Unlock {
    fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        match self {
            Self::Passphrase {
                passphrase,
                work_factor,
            } => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(work_factor.unwrap_or(WORK_FACTOR));
                encrypt(iter::once(&recipient as &dyn Recipient), plain)
            }
            Self::Identity(text) => {
                let recipients = read_identities(text)?
                    .to_recipients()
                    .map_err(KeystoreError::Encrypt)?;
                encrypt(
                    recipients
                        .iter()
                        .map(|recipient| &**recipient as &dyn Recipient),
                    plain,
                )
            }
        }
    }

    fn decrypt(&self, bytes: &[u8], path: &Path) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
        let failed = |source| KeystoreError::Decrypt {
            path: path.to_owned(),
            source,
        };
        match self {
            Self::Passphrase { passphrase, .. } => {
                let mut identity = age::scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(MOST_WORK);
                decrypt(iter::once(&identity as &dyn Identity), bytes).map_err(failed)
            }
            Self::Identity(text) => {
                let identities = read_identities(text)?.into_identities().map_err(failed)?;
                decrypt(
                    identities
                        .iter()
                        .map(|identity| &**identity as &dyn Identity),
                    bytes,
                )
                .map_err(failed)
            }
        }
    }
}

/// Writes a file whole or not at all, readable by its owner alone.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}", rand::random::<u64>()));
    let unfinished = PathBuf::from(name);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _gone_anyway = fs::remove_file(&unfinished);
    }
    written?;
    sync_folder(path)
}

fn read_identities(text: &SecretString) -> Result<IdentityFile<age::NoCallbacks>, KeystoreError> {
    IdentityFile::from_buffer(text.expose_secret().as_bytes()).map_err(|_| KeystoreError::Identity)
}

fn encrypt<'a>(
    recipients: impl Iterator<Item = &'a dyn Recipient>,
    plain: &[u8],
) -> Result<Vec<u8>, KeystoreError> {
    let encryptor = Encryptor::with_recipients(recipients).map_err(KeystoreError::Encrypt)?;
    let io = |error| KeystoreError::Encrypt(age::EncryptError::Io(error));
    let mut bytes = Vec::new();
    let mut writer = encryptor.wrap_output(&mut bytes).map_err(io)?;
    writer.write_all(plain).map_err(io)?;
    writer.finish().map_err(io)?;
    Ok(bytes)
}

fn decrypt<'a>(
    identities: impl Iterator<Item = &'a dyn Identity>,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, age::DecryptError> {
    let mut plain = Zeroizing::new(Vec::new());
    Decryptor::new(bytes)?
        .decrypt(identities)?
        .read_to_end(&mut plain)?;
    Ok(plain)
}
