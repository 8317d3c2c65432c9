//! The few operations on files that a journal needs, so that tests can lose what was not synced.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
};

use nix::fcntl::{Flock, FlockArg};

use super::JournalError;

/// Held as long as the journal is open.
pub trait DirectoryLock: Send + Sync {}

/// A file that only grows.
pub trait JournalFile: Send + Sync {
    /// Adds bytes at the end: in the page cache when it returns, so that they outlive the process.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when everything appended is on the medium.
    fn sync(&self) -> io::Result<()>;
}

/// A file system as a journal sees it.
pub trait FileLayer: Send + Sync + 'static {
    /// Makes the directory where it is missing and takes it for this process alone.
    fn lock(&self, directory: &Path) -> Result<Box<dyn DirectoryLock>, JournalError>;
    /// Names of the files in a directory, in any order.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    /// A whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// A part of a file; an error when it is shorter.
    fn read_range(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>>;
    /// A new, empty file, replacing one of that name.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>>;
    /// An existing file, to be added to.
    fn extend(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>>;
    /// Gives a file another name, replacing one of that name at once.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Returns when made, renamed and removed names are on the medium.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
}

/// The system's own files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl FileLayer for SystemFiles {
    fn lock(&self, directory: &Path) -> Result<Box<dyn DirectoryLock>, JournalError> {
        fs::create_dir_all(directory)
            .map_err(|error| JournalError::file("make", directory, error))?;
        let path = directory.join("lock");
        // Not truncated: until the lock is ours, the text is the holder's pid.
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| JournalError::file("open", &path, error))?;
        let mut lock = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => lock,
            Err((mut file, nix::errno::Errno::EWOULDBLOCK)) => {
                let mut pid = String::new();
                // Who holds it is only for the message.
                let _unknown = file.read_to_string(&mut pid);
                return Err(JournalError::InUse {
                    directory: directory.to_owned(),
                    pid: pid.trim().to_owned(),
                });
            }
            Err((_, errno)) => return Err(JournalError::file("lock", &path, errno.into())),
        };
        let written = lock
            .set_len(0)
            .and_then(|()| lock.seek(SeekFrom::Start(0)))
            .and_then(|_| lock.write_all(format!("{}\n", std::process::id()).as_bytes()));
        written.map_err(|error| JournalError::file("write", &path, error))?;
        Ok(Box::new(SystemLock(lock)))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(directory)? {
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_range(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(path)?;
        Ok(Arc::new(SystemFile(file)))
    }

    fn extend(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        Ok(Arc::new(SystemFile(
            OpenOptions::new().append(true).open(path)?,
        )))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        File::open(directory)?.sync_all()
    }
}

struct SystemLock(#[allow(dead_code, reason = "dropping it gives the lock back")] Flock<File>);

impl DirectoryLock for SystemLock {}

struct SystemFile(File);

impl JournalFile for SystemFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.0).write_all(bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

impl fmt::Debug for dyn FileLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FileLayer")
    }
}
