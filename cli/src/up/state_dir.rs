//! The directory a pool on one machine lives in.
//!
//! ```text
//!  DIR/lock               held by the running `ngpool up`, its pid inside
//!      status.json        where its programs answer, for `ngpool status`
//!      ports.json         loopback ports, remembered
//!      documents/         what each program runs on
//!      secrets/           keys of the objects' Secrets
//!      postgres/          the private database cluster
//!      database/          how each role finds the database
//!      coinserver/NAME/   credentials and data of a coin daemon
//!      stratum/NAME/      journals of a port
//!      payout/CURRENCY/   the key that signs statements
//!      web/               the token that a signer shows
//! ```

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg},
};
use thiserror::Error;

/// Where the state is when nothing else is said.
pub const DEFAULT: &str = ".ngpool";

/// Why a directory cannot hold the state of a pool.
#[derive(Debug, Error)]
pub enum StateDirError {
    /// It cannot be made, entered or written.
    #[error("the state directory {path} cannot be used; choose another with --state-dir")]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A running `up` has it.
    #[error(
        "the state directory {path} is in use by another `ngpool up` with pid {pid}: \
         stop it first, or choose another directory with --state-dir"
    )]
    Locked {
        /// The directory.
        path: PathBuf,
        /// Who has it.
        pid: String,
    },
}

/// A state directory; its paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir(PathBuf);

/// Held as long as this is alive: no other `up` uses the directory.
#[derive(Debug)]
pub struct Lock {
    file: Flock<File>,
}

impl StateDir {
    /// Makes the directory, for its owner alone, unless it is there; checks that it can be written.
    pub fn prepare(path: &Path) -> Result<Self, StateDirError> {
        let unusable = |source| StateDirError::Unusable {
            path: path.to_owned(),
            source,
        };
        private_dir(path).map_err(unusable)?;
        let dir = Self(path.canonicalize().map_err(unusable)?);
        for part in ["secrets", "documents"] {
            private_dir(&dir.0.join(part)).map_err(unusable)?;
        }
        let probe = dir.0.join(".probe");
        fs::write(&probe, "")
            .and_then(|()| fs::remove_file(&probe))
            .map_err(unusable)?;
        Ok(dir)
    }

    /// A directory that should exist already.
    pub fn existing(path: &Path) -> Result<Self, StateDirError> {
        path.canonicalize()
            .map(Self)
            .map_err(|source| StateDirError::Unusable {
                path: path.to_owned(),
                source,
            })
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file or folder in it.
    pub fn join(&self, part: impl AsRef<Path>) -> PathBuf {
        self.0.join(part)
    }

    /// Takes the lock and leaves this process's id in it.
    pub fn lock(&self) -> Result<Lock, StateDirError> {
        let path = self.join("lock");
        let unusable = |source| StateDirError::Unusable {
            path: self.0.clone(),
            source,
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(unusable)?;
        let mut file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => file,
            Err((mut file, Errno::EWOULDBLOCK)) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).map_err(unusable)?;
                let pid = pid.trim();
                // The holder writes its pid just after it has the lock.
                let pid = if pid.is_empty() { "unknown" } else { pid }.to_owned();
                return Err(StateDirError::Locked {
                    path: self.0.clone(),
                    pid,
                });
            }
            Err((_, error)) => return Err(unusable(error.into())),
        };
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(unusable)?;
        Ok(Lock { file })
    }

    /// The pid of the `up` that runs here, if one does.
    pub fn holder(&self) -> Option<String> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.join("lock"))
            .ok()?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(_free) => None,
            Err((mut file, _)) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).ok()?;
                Some(pid.trim().to_owned())
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file says that nobody runs here; that it cannot be emptied changes nothing.
        let _emptied = self.file.set_len(0);
    }
}

/// Makes a directory for its owner alone; one that is there stays as it is.
pub(crate) fn private_dir(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Replaces a file as a whole, so that no reader sees half of it.
pub(crate) fn write_atomically(path: &Path, text: &str) -> std::io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(text.as_bytes())?;
    drop(file);
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_refused_with_the_pid_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::prepare(&folder.path().join("state")).unwrap();
        assert_eq!(dir.holder(), None);
        let lock = dir.lock().unwrap();
        let message = dir.lock().unwrap_err().to_string();
        let pid = std::process::id().to_string();
        assert!(message.contains(&format!("with pid {pid}:")), "{message}");
        assert_eq!(dir.holder(), Some(pid));
        drop(lock);
        dir.lock().unwrap();
    }

    #[test]
    fn a_path_that_is_a_file_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let message = StateDir::prepare(&path).unwrap_err().to_string();
        assert!(
            message.contains("choose another with --state-dir"),
            "{message}"
        );
    }
}
