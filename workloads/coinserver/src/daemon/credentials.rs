//! User and password that this program makes for its own daemon.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha256};

use super::DaemonError;

/// User of generated credentials.
const USER: &str = "ngpool";

/// A user and a password. It has no `Debug`, so that it reaches no log.
pub(super) struct Secret {
    user: String,
    password: String,
}

impl Secret {
    pub(super) fn generate() -> Self {
        // 256 bits, from the operating system by way of the thread's generator.
        let password = hex::encode(rand::random::<[u8; 32]>());
        Self {
            user: USER.to_owned(),
            password,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (user, password) = text.lines().next()?.trim().split_once(':')?;
        // What `rpcauth` separates its parts by cannot be in the user.
        if user.is_empty() || password.is_empty() || user.contains('$') {
            return None;
        }
        Some(Self {
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    #[cfg(test)]
    pub(super) fn password(&self) -> &str {
        &self.password
    }

    /// The value of the daemon's `rpcauth`: `user:salt$HMAC-SHA256(salt, password)`, both in hex, the
    /// hexadecimal text of the salt being the key (Bitcoin's `share/rpcauth`).
    pub(super) fn rpcauth(&self) -> String {
        let salt = hex::encode(rand::random::<[u8; 16]>());
        let mut engine = HmacEngine::<sha256::Hash>::new(salt.as_bytes());
        engine.input(self.password.as_bytes());
        let hash = Hmac::<sha256::Hash>::from_engine(engine);
        format!("{}:{salt}${}", self.user, hex::encode(hash.to_byte_array()))
    }
}

/// What the credentials file says; makes one where there is none.
pub(super) fn ensure(path: &Path) -> Result<Secret, DaemonError> {
    let failed = |source| DaemonError::File {
        path: path.to_owned(),
        source,
    };
    match File::open(path) {
        Ok(file) => {
            let mut text = String::new();
            // More than a line of credentials is read by nobody.
            file.take(4 * 1024)
                .read_to_string(&mut text)
                .map_err(failed)?;
            Secret::parse(&text).ok_or_else(|| {
                failed(std::io::Error::new(
                    ErrorKind::InvalidData,
                    "its first line must be user:password",
                ))
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let secret = Secret::generate();
            if let Some(folder) = path.parent() {
                super::private_directory(folder)?;
            }
            write_private(path, &format!("{}:{}\n", secret.user, secret.password))
                .map_err(failed)?;
            Ok(secret)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file that only its owner can read, whole or not at all.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new: PathBuf = path.with_file_name(name);
    // A leftover may have other permissions.
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{Secret, ensure};

    #[test]
    fn credentials_are_made_once_and_only_their_owner_reads_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/rpc");
        let first = ensure(&path).unwrap();
        let second = ensure(&path).unwrap();
        assert_eq!(first.password(), second.password());
        assert_eq!(first.password().len(), 64);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "nothing useful").unwrap();
        assert!(ensure(&path).is_err());
    }

    #[test]
    fn the_salt_differs_each_time() {
        let secret = Secret::generate();
        assert_ne!(secret.rpcauth(), secret.rpcauth());
        assert!(!secret.rpcauth().contains(secret.password()));
    }
}
