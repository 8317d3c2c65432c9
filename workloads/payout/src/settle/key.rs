//! The key that signs statements.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use thiserror::Error;

/// Why there is no statement key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// It can be neither read nor made.
    #[error("cannot read or make the statement key {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path} is not an Ed25519 private key in PEM (PKCS #8): put the right key back, or remove the file for a new one, which signers must then be told of"
    )]
    Parse {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the key, or makes one that only the owner can read.
///
/// Of two that make it at once one wins, and both use his; a killed one leaves no half-written key.
pub fn load_or_create(path: &Path) -> Result<SigningKey, KeyError> {
    let failed = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    match fs::read_to_string(path) {
        Ok(pem) => parse(path, &pem),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path).map_err(failed)?;
            parse(path, &fs::read_to_string(path).map_err(failed)?)
        }
        Err(error) => Err(failed(error)),
    }
}

fn parse(path: &Path, pem: &str) -> Result<SigningKey, KeyError> {
    SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Parse {
        path: path.to_owned(),
    })
}

fn create(path: &Path) -> io::Result<()> {
    let key = SigningKey::from_bytes(&rand::random());
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let unfinished = parent.join(format!(".statement-key-{:016x}", rand::random::<u64>()));
    let written = write_new(&unfinished, pem.as_bytes());
    // A link, unlike a rename, never replaces a key that is there by now.
    let linked = written.and_then(|()| match fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    let _gone_anyway = fs::remove_file(&unfinished);
    linked?;
    File::open(parent)?.sync_all()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys/statement.pem");
        let made: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| load_or_create(&path)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap().unwrap().to_bytes())
                .collect()
        });
        assert!(made.iter().all(|key| *key == made[0]));
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "nothing left over"
        );
    }

    #[test]
    fn another_file_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.pem");
        fs::write(&path, "not a key").unwrap();
        let refusal = load_or_create(&path).unwrap_err().to_string();
        assert!(
            refusal.contains("is not an Ed25519 private key"),
            "{refusal}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key");
    }
}
