//! The files a pool was read from, and whether they changed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What can be seen of a file without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

/// Files and folders as they were at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeMap<PathBuf, Stamp>);

impl Snapshot {
    /// Looks at the files and, without limit of depth, at the folders.
    pub(super) fn take(paths: &[PathBuf]) -> Self {
        let mut snapshot = Self::default();
        for path in paths {
            snapshot.add(path);
        }
        snapshot
    }

    fn add(&mut self, path: &Path) {
        // Follows links: a mounted folder changes by a swap of them. What vanished in between is
        // seen as gone, which it is.
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        if metadata.is_dir() {
            let Ok(entries) = std::fs::read_dir(path) else {
                return;
            };
            for entry in entries.flatten() {
                // Editors leave theirs while a file is open.
                if !entry.file_name().to_string_lossy().starts_with('.') {
                    self.add(&entry.path());
                }
            }
            return;
        }
        let stamp = Stamp {
            modified: metadata.modified().ok(),
            length: metadata.len(),
        };
        self.0.insert(path.to_owned(), stamp);
    }
}

/// Tells when files have changed and come to rest.
#[derive(Debug)]
pub(super) struct Changes {
    paths: Vec<PathBuf>,
    /// As they were when last reported.
    known: Snapshot,
    /// As they were at the last look.
    seen: Snapshot,
}

impl Changes {
    /// Knows the files as they are now.
    pub(super) fn since_now(paths: Vec<PathBuf>) -> Self {
        let known = Snapshot::take(&paths);
        Self {
            paths,
            seen: known.clone(),
            known,
        }
    }

    /// Whether the files differ from those last reported, and stayed the same since the last look:
    /// a file that is still being written is left alone.
    pub(super) fn look(&mut self) -> bool {
        let now = Snapshot::take(&self.paths);
        let at_rest = now == self.seen;
        self.seen = now;
        if !at_rest || self.seen == self.known {
            return false;
        }
        self.known = self.seen.clone();
        true
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_change_is_reported_once_and_only_at_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pool.yaml");
        fs::write(&file, "a").unwrap();
        let mut changes = Changes::since_now(vec![folder.path().to_owned()]);
        assert!(!changes.look());
        fs::write(&file, "ab").unwrap();
        assert!(!changes.look(), "still being written, for all we know");
        assert!(changes.look());
        assert!(!changes.look());
        fs::write(folder.path().join("another.yaml"), "").unwrap();
        assert!(!changes.look());
        assert!(changes.look());
        fs::remove_file(&file).unwrap();
        changes.look();
        assert!(changes.look());
        fs::write(folder.path().join(".swap"), "").unwrap();
        assert!(!changes.look());
        assert!(!changes.look());
    }
}
