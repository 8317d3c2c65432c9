//! A directory in memory for the journals, so that a run of a target costs no disk.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ngstratum::journal::{DirectoryLock, FileLayer, JournalError, JournalFile};
use parking_lot::Mutex;

type Content = Arc<Mutex<Vec<u8>>>;

/// Files in memory; clones share them.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles(Arc<Mutex<BTreeMap<PathBuf, Content>>>);

impl MemoryFiles {
    /// Puts a file there.
    pub fn put(&self, path: PathBuf, content: Vec<u8>) {
        self.0.lock().insert(path, Arc::new(Mutex::new(content)));
    }

    /// Every file with its content.
    #[must_use]
    pub fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.0
            .lock()
            .iter()
            .map(|(path, file)| (path.clone(), file.lock().clone()))
            .collect()
    }

    fn file(&self, path: &Path) -> io::Result<Content> {
        self.0
            .lock()
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

struct Unlocked;

impl DirectoryLock for Unlocked {}

struct MemoryFile(Content);

impl JournalFile for MemoryFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

impl FileLayer for MemoryFiles {
    fn lock(&self, _directory: &Path) -> Result<Box<dyn DirectoryLock>, JournalError> {
        Ok(Box::new(Unlocked))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let files = self.0.lock();
        let inside = files.keys().filter(|path| path.parent() == Some(directory));
        Ok(inside
            .filter_map(|path| path.file_name()?.to_str().map(ToOwned::to_owned))
            .collect())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.file(path)?.lock().clone())
    }

    fn read_range(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let file = self.file(path)?;
        let content = file.lock();
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let range = start
            ..start
                .checked_add(length)
                .ok_or(io::ErrorKind::UnexpectedEof)?;
        let bytes = content.get(range).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(bytes.to_vec())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        let content = Content::default();
        self.0.lock().insert(path.to_owned(), content.clone());
        Ok(Arc::new(MemoryFile(content)))
    }

    fn extend(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        Ok(Arc::new(MemoryFile(self.file(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = self.0.lock();
        let file = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = self.0.lock().remove(path);
        removed
            .map(drop)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }
}
