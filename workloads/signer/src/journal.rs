//! The signer's journal: append-only, on the disk before anything is handed out.
//!
//! ```text
//!  "ngsign journal 1\n" ‖ id (16) ‖ frame ‖ frame ‖ …
//!  frame = length (u32) ‖ CRC-32 of the payload (u32) ‖ payload (a record as JSON)
//!  digest₀ = SHA-256(beginning ‖ id)    digestₙ = SHA-256(digestₙ₋₁ ‖ payloadₙ)
//! ```
//!
//! Numbers are little-endian. The keystore seals a [`Marker`]: a journal that does not have the
//! sealed digest at the sealed record is missing, older, or another, and is refused. A record torn
//! by a power cut at the very end is cut off; it was never handed out, else the marker would know.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    books::{Books, Record},
    encoding::Hex,
    request::Statement,
};

const BEGINNING: &[u8; 17] = b"ngsign journal 1\n";
const ID: usize = 16;
const FRAME: usize = 8;
/// Longest record that is read: above any statement or transaction that a request can bring.
const MOST: usize = 256 << 20;

/// What the keystore knows of its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// The journal's id.
    pub id: Hex<ID>,
    /// Number of records.
    pub records: u64,
    /// Running digest after them.
    pub digest: Hex<32>,
}

/// An open journal and the books it makes.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Flock<File>,
    end: u64,
    marker: Marker,
    books: Books,
    /// Where the statements of each sharechain lie, the first first: they are read again only for a
    /// pool that lost them.
    statements: BTreeMap<String, Vec<Place>>,
    /// A write failed: what is on the disk is not known any more.
    is_broken: bool,
}

/// Where the payload of a record lies in the file.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    length: usize,
}

/// A journal that no other process has.
#[derive(Debug)]
pub struct LockedJournal {
    path: PathBuf,
    file: Flock<File>,
}

/// Why a journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// There is none.
    #[error(
        "the journal {0} is missing: this key has one, and without it the signer does not know what \
         it signed; put the journal back"
    )]
    Missing(PathBuf),
    /// It is older than the keystore, or another one's.
    #[error(
        "the journal {path} has {found} records and is not the one that the keystore knows ({sealed} \
         records): put the newest journal back"
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Records in it.
        found: u64,
        /// Records that the keystore knows of.
        sealed: u64,
    },
    /// It is there though it should be made.
    #[error(
        "the journal {0} is there already, without its keystore: put that back, or move the journal away if it never signed"
    )]
    Exists(PathBuf),
    /// Another process has it.
    #[error("the journal {0} is used by another process")]
    Locked(PathBuf),
    /// Its bytes were changed.
    #[error("the journal {path} is damaged at record {record}: put an undamaged copy back")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first record that cannot be read.
        record: u64,
    },
    /// An earlier write failed.
    #[error("a write to the journal {0} failed before: start again")]
    Broken(PathBuf),
    /// It cannot be read or written.
    #[error("cannot read or write the journal {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Journal {
    /// Makes a journal that must not exist.
    pub fn create(path: &Path, id: [u8; ID]) -> Result<Self, JournalError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => JournalError::Exists(path.to_owned()),
            _ => file_error(path, source),
        };
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        let mut file = lock(path, file)?;
        let beginning = [&BEGINNING[..], &id].concat();
        file.write_all(&beginning)
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_folder(path))
            .map_err(|source| file_error(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            // A few bytes.
            end: beginning.len() as u64,
            marker: first_marker(id),
            books: Books::default(),
            statements: BTreeMap::new(),
            is_broken: false,
        })
    }

    /// Takes a journal for this process alone, before its keystore is read: two processes would
    /// else write each other's keystore over.
    pub fn lock(path: &Path) -> Result<LockedJournal, JournalError> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => JournalError::Missing(path.to_owned()),
                _ => file_error(path, source),
            })?;
        let file = lock(path, file)?;
        Ok(LockedJournal {
            path: path.to_owned(),
            file,
        })
    }

    /// Reads the journal that a keystore knows.
    pub fn open(locked: LockedJournal, sealed: &Marker) -> Result<Self, JournalError> {
        let LockedJournal { path, mut file } = locked;
        let path = path.as_path();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| file_error(path, source))?;
        let older = |found| JournalError::Older {
            path: path.to_owned(),
            found,
            sealed: sealed.records,
        };
        let (id, frames) = bytes
            .strip_prefix(BEGINNING)
            .and_then(|rest| rest.split_first_chunk::<ID>())
            .ok_or_else(|| older(0))?;
        let mut marker = first_marker(*id);
        let mut books = Books::default();
        let mut statements = BTreeMap::new();
        let mut has_sealed = marker == *sealed;
        let mut rest = frames;
        while !rest.is_empty() {
            let Some((payload, after)) = read_frame(rest) else {
                // Only the last record can be torn: an append writes nothing after itself.
                if is_torn(rest) {
                    break;
                }
                return Err(damaged(path, marker.records));
            };
            let record: Record =
                serde_json::from_slice(payload).map_err(|_| damaged(path, marker.records))?;
            books.apply(&record);
            // Lengths in memory fit.
            let offset = (bytes.len() - after.len() - payload.len()) as u64;
            let length = payload.len();
            remember(&mut statements, &record, Place { offset, length });
            marker = next_marker(&marker, payload);
            has_sealed |= marker == *sealed;
            rest = after;
        }
        if !has_sealed {
            return Err(older(marker.records));
        }
        // Lengths in memory fit.
        let end = (bytes.len() - rest.len()) as u64;
        if !rest.is_empty() {
            file.set_len(end)
                .and_then(|()| file.sync_all())
                .map_err(|source| file_error(path, source))?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            end,
            marker,
            books,
            statements,
            is_broken: false,
        })
    }

    /// What the records say.
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// Where the journal stands, for the keystore to seal.
    pub const fn marker(&self) -> Marker {
        self.marker
    }

    /// A statement as it came, by its number in its chain. None when there is none, or when it was
    /// booked by a version that did not keep it whole.
    pub fn statement(
        &self,
        sharechain: &str,
        number: u64,
    ) -> Result<Option<Statement>, JournalError> {
        let index = number
            .checked_sub(1)
            .and_then(|it| usize::try_from(it).ok());
        let places = self.statements.get(sharechain);
        let Some(place) = index.and_then(|index| places?.get(index)) else {
            return Ok(None);
        };
        let mut payload = vec![0; place.length];
        self.file
            .read_exact_at(&mut payload, place.offset)
            .map_err(|source| file_error(&self.path, source))?;
        match serde_json::from_slice(&payload) {
            Ok(Record::Statement(statement)) => Ok(statement.whole),
            _ => Err(damaged(&self.path, self.marker.records)),
        }
    }

    /// Appends records; when it returns they are on the disk.
    pub fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        if records.is_empty() {
            return Ok(());
        }
        if self.is_broken {
            return Err(JournalError::Broken(self.path.clone()));
        }
        let mut bytes = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        let mut marker = self.marker;
        for record in records {
            let payload = serde_json::to_vec(record)
                .map_err(|error| file_error(&self.path, io::Error::other(error)))?;
            let length = u32::try_from(payload.len())
                .ok()
                .filter(|_| payload.len() <= MOST)
                .ok_or_else(|| file_error(&self.path, io::ErrorKind::FileTooLarge.into()))?;
            bytes.extend(length.to_le_bytes());
            bytes.extend(crc32fast::hash(&payload).to_le_bytes());
            places.push(Place {
                // A length in memory fits.
                offset: self.end + bytes.len() as u64,
                length: payload.len(),
            });
            bytes.extend(&payload);
            marker = next_marker(&marker, &payload);
        }
        let written = self
            .file
            .write_all(&bytes)
            .and_then(|()| self.file.sync_all());
        if let Err(source) = written {
            self.is_broken = true;
            // What was written of it would be read as records that were never acted on, which is
            // safe; cutting it off keeps the journal as it was said to be.
            let _kept_otherwise = self.file.set_len(self.end);
            return Err(file_error(&self.path, source));
        }
        // A length in memory fits.
        self.end += bytes.len() as u64;
        self.marker = marker;
        for (record, place) in records.iter().zip(places) {
            self.books.apply(record);
            remember(&mut self.statements, record, place);
        }
        Ok(())
    }
}

fn remember(statements: &mut BTreeMap<String, Vec<Place>>, record: &Record, place: Place) {
    if let Record::Statement(statement) = record {
        let chain = statements.entry(statement.sharechain.clone()).or_default();
        chain.push(place);
    }
}

/// Makes the entry of a file in its folder durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn lock(path: &Path, file: File) -> Result<Flock<File>, JournalError> {
    Flock::lock(file, FlockArg::LockExclusiveNonblock)
        .map_err(|_| JournalError::Locked(path.to_owned()))
}

fn first_marker(id: [u8; ID]) -> Marker {
    let digest = Sha256::new().chain_update(BEGINNING).chain_update(id);
    Marker {
        id: Hex(id),
        records: 0,
        digest: Hex(digest.finalize().into()),
    }
}

fn next_marker(marker: &Marker, payload: &[u8]) -> Marker {
    let digest = Sha256::new()
        .chain_update(marker.digest.0)
        .chain_update(payload);
    Marker {
        id: marker.id,
        records: marker.records + 1,
        digest: Hex(digest.finalize().into()),
    }
}

/// The payload of a whole and sound frame, and what follows it.
fn read_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    // Nothing has the checksum zero: zeros left by a power cut would be a frame.
    let (payload, after) = rest.split_at_checked(length).filter(|_| length > 0)?;
    (crc32fast::hash(payload) == u32::from_le_bytes(*crc)).then_some((payload, after))
}

/// Whether bytes that are no sound frame can be the torn last one: they end with it or before.
fn is_torn(bytes: &[u8]) -> bool {
    let Some((length, _)) = bytes.split_first_chunk::<4>() else {
        return true;
    };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    bytes.len() <= length.saturating_add(FRAME) || bytes.iter().all(|byte| *byte == 0)
}

fn damaged(path: &Path, records: u64) -> JournalError {
    JournalError::Damaged {
        path: path.to_owned(),
        record: records + 1,
    }
}

fn file_error(path: &Path, source: io::Error) -> JournalError {
    JournalError::File {
        path: path.to_owned(),
        source,
    }
}
