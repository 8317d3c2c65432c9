//! Files in memory that keep only what was synced, tear writes, fail, and die on demand.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use ngstratum::journal::{DirectoryLock, FileLayer, JournalError, JournalFile};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// What the next fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The operation is done in part, and every later one fails: the process was killed.
    Kill,
    /// The operation fails, done in part; later ones work.
    Fail,
}

/// A disk that can be looked at by several processes, one after the other.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Mutex<Contents>>);

struct Contents {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    /// Names as of the last sync of the directory.
    synced_names: BTreeMap<PathBuf, usize>,
    pending: Vec<NameChange>,
    random: StdRng,
    fault: Option<(Fault, u64)>,
    operations: u64,
    dead: bool,
    locked: bool,
}

#[derive(Default, Clone)]
struct Inode {
    data: Vec<u8>,
    synced: usize,
    /// A sync failed once: later ones claim success for pages that are gone.
    lying: bool,
}

#[derive(Clone)]
enum NameChange {
    Set(PathBuf, usize),
    Rename(PathBuf, PathBuf, usize),
    Remove(PathBuf),
}

impl Disk {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Contents {
            inodes: Vec::new(),
            names: BTreeMap::new(),
            synced_names: BTreeMap::new(),
            pending: Vec::new(),
            random: StdRng::seed_from_u64(seed),
            fault: None,
            operations: 0,
            dead: false,
            locked: false,
        })))
    }

    /// The operation after `after` further ones goes wrong.
    pub(crate) fn arm(&self, fault: Fault, after: u64) {
        let mut contents = self.0.lock().unwrap();
        let at = contents.operations + after;
        contents.fault = Some((fault, at));
    }

    pub(crate) fn disarm(&self) {
        self.0.lock().unwrap().fault = None;
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.0.lock().unwrap().dead
    }

    /// The process is gone and another may start: what was written is there.
    pub(crate) fn restart(&self) {
        let mut contents = self.0.lock().unwrap();
        contents.dead = false;
        contents.fault = None;
        contents.locked = false;
    }

    /// The machine lost power: what was not synced is there, torn, zeroed or gone, as it happens.
    pub(crate) fn power_cut(&self) {
        let mut contents = self.0.lock().unwrap();
        let contents = &mut *contents;
        let mut names = contents.synced_names.clone();
        for change in std::mem::take(&mut contents.pending) {
            if contents.random.random_bool(0.5) {
                change.apply(&mut names);
            }
        }
        contents.names = names.clone();
        contents.synced_names = names;
        for inode in &mut contents.inodes {
            let length = contents
                .random
                .random_range(inode.synced..=inode.data.len());
            inode.data.truncate(length);
            if length > inode.synced && contents.random.random_bool(0.3) {
                let from = contents.random.random_range(inode.synced..length);
                inode.data[from..].fill(0);
            }
            inode.synced = length;
            inode.lying = false;
        }
        contents.dead = false;
        contents.fault = None;
        contents.locked = false;
    }

    /// A second disk with the same contents: a cloned volume.
    pub(crate) fn clone_volume(&self) -> Self {
        let contents = self.0.lock().unwrap();
        Self(Arc::new(Mutex::new(Contents {
            inodes: contents.inodes.clone(),
            names: contents.names.clone(),
            synced_names: contents.synced_names.clone(),
            pending: contents.pending.clone(),
            random: StdRng::seed_from_u64(7),
            fault: None,
            operations: 0,
            dead: false,
            locked: false,
        })))
    }

    /// Changes one byte of a file, counted from its end.
    pub(crate) fn damage(&self, name_part: &str, from_end: usize) {
        let mut contents = self.0.lock().unwrap();
        let inode = contents
            .names
            .iter()
            .find(|(path, _)| path.to_string_lossy().contains(name_part))
            .map(|(_, inode)| *inode)
            .unwrap();
        let data = &mut contents.inodes[inode].data;
        let at = data.len() - 1 - from_end;
        data[at] ^= 0x55;
    }

    /// Bytes of all files that have a name.
    pub(crate) fn bytes(&self) -> u64 {
        let contents = self.0.lock().unwrap();
        contents
            .names
            .values()
            .map(|inode| contents.inodes[*inode].data.len() as u64)
            .sum()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let contents = self.0.lock().unwrap();
        contents
            .names
            .keys()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }
}

impl NameChange {
    fn apply(self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Set(path, inode) => {
                names.insert(path, inode);
            }
            Self::Rename(from, to, inode) => {
                names.remove(&from);
                names.insert(to, inode);
            }
            Self::Remove(path) => {
                names.remove(&path);
            }
        }
    }
}

impl Contents {
    /// Counts a changing operation. `Some(fault)` when it goes wrong.
    fn step(&mut self) -> Option<Fault> {
        self.operations += 1;
        match self.fault {
            Some((fault, at)) if self.operations > at => {
                self.fault = None;
                self.dead = fault == Fault::Kill;
                Some(fault)
            }
            _ => None,
        }
    }

    fn alive(&self) -> io::Result<()> {
        if self.dead { Err(failure()) } else { Ok(()) }
    }

    fn change(&mut self, change: NameChange) -> io::Result<()> {
        self.alive()?;
        // A name is set or not: half of the faulty operations still happen.
        let fault = self.step();
        if fault.is_none() || self.random.random_bool(0.5) {
            change.clone().apply(&mut self.names);
            self.pending.push(change);
        }
        fault.map_or(Ok(()), |_| Err(failure()))
    }

    fn inode(&self, path: &Path) -> io::Result<usize> {
        self.names
            .get(path)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn failure() -> io::Error {
    io::Error::other("the disk failed")
}

struct Held(Disk);

impl DirectoryLock for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().locked = false;
    }
}

struct Open {
    disk: Disk,
    inode: usize,
}

impl JournalFile for Open {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut contents = self.disk.0.lock().unwrap();
        contents.alive()?;
        let fault = contents.step();
        let length = match fault {
            None => bytes.len(),
            Some(_) => contents.random.random_range(0..=bytes.len()),
        };
        contents.inodes[self.inode]
            .data
            .extend_from_slice(&bytes[..length]);
        fault.map_or(Ok(()), |_| Err(failure()))
    }

    fn sync(&self) -> io::Result<()> {
        let mut contents = self.disk.0.lock().unwrap();
        contents.alive()?;
        let fault = contents.step();
        let inode = &mut contents.inodes[self.inode];
        match fault {
            Some(Fault::Fail) => inode.lying = true,
            Some(Fault::Kill) => {}
            None if inode.lying => {}
            None => inode.synced = inode.data.len(),
        }
        fault.map_or(Ok(()), |_| Err(failure()))
    }
}

impl FileLayer for Disk {
    fn lock(&self, directory: &Path) -> Result<Box<dyn DirectoryLock>, JournalError> {
        let mut contents = self.0.lock().unwrap();
        if std::mem::replace(&mut contents.locked, true) {
            return Err(JournalError::InUse {
                directory: directory.into(),
                pid: "7".into(),
            });
        }
        Ok(Box::new(Held(self.clone())))
    }

    fn list(&self, _directory: &Path) -> io::Result<Vec<String>> {
        self.0.lock().unwrap().alive()?;
        Ok(self.names())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let contents = self.0.lock().unwrap();
        contents.alive()?;
        Ok(contents.inodes[contents.inode(path)?].data.clone())
    }

    fn read_range(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.read(path)?;
        let start = usize::try_from(offset).unwrap();
        bytes
            .get(start..start + length)
            .map(<[u8]>::to_vec)
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        let mut contents = self.0.lock().unwrap();
        contents.inodes.push(Inode::default());
        let inode = contents.inodes.len() - 1;
        contents.change(NameChange::Set(path.to_owned(), inode))?;
        Ok(Arc::new(Open {
            disk: self.clone(),
            inode,
        }))
    }

    fn extend(&self, path: &Path) -> io::Result<Arc<dyn JournalFile>> {
        let contents = self.0.lock().unwrap();
        contents.alive()?;
        Ok(Arc::new(Open {
            disk: self.clone(),
            inode: contents.inode(path)?,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut contents = self.0.lock().unwrap();
        let inode = contents.inode(from)?;
        contents.change(NameChange::Rename(from.to_owned(), to.to_owned(), inode))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut contents = self.0.lock().unwrap();
        contents.inode(path)?;
        contents.change(NameChange::Remove(path.to_owned()))
    }

    fn sync_directory(&self, _directory: &Path) -> io::Result<()> {
        let mut contents = self.0.lock().unwrap();
        contents.alive()?;
        if contents.step().is_some() {
            return Err(failure());
        }
        contents.synced_names = contents.names.clone();
        contents.pending.clear();
        Ok(())
    }
}
