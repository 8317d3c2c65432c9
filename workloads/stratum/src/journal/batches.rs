//! The log of closed batches: numbered, digest-chained, each synced before it may be sent.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{
    FileLayer, JournalError, JournalFile, ProducerId,
    frame::{self, Cursor, FRAME_OVERHEAD, Kind, Purpose},
};

/// Payload of a batch record before its content: number, raw boundary, time, two digests.
const BATCH_HEAD: usize = 8 + 8 + 8 + 32 + 32;

/// A batch as it was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBatch {
    /// From 1, without gaps.
    pub number: u64,
    /// Digest of the batch before it; zeros for the first.
    pub previous_digest: [u8; 32],
    /// SHA-256(previous digest ‖ number as u64 big-endian ‖ content).
    pub digest: [u8; 32],
    /// When it was closed, milliseconds since the epoch.
    pub closed_ms: u64,
    /// An encoded `BatchContent`.
    pub content: Bytes,
}

/// Digest of a batch, which the ledger recomputes.
pub(super) fn digest(previous: &[u8; 32], number: u64, content: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(number.to_be_bytes());
    hash.update(content);
    hash.finalize().into()
}

/// All segments of the log, the last one open for more.
pub(super) struct BatchLog {
    files: Arc<dyn FileLayer>,
    directory: PathBuf,
    producer: ProducerId,
    /// Never empty.
    segments: Vec<Segment>,
    active: Arc<dyn JournalFile>,
    segment_bytes: u64,
    last: Last,
}

struct Segment {
    first: u64,
    path: PathBuf,
    entries: Vec<Entry>,
    /// Bytes that are known to be good.
    bytes: u64,
    next_sequence: u64,
    /// When the ledger was first known to have all of it; milliseconds since the epoch.
    acknowledged_ms: Option<u64>,
}

#[derive(Clone, Copy)]
struct Entry {
    offset: u64,
    length: u32,
    closed_ms: u64,
}

/// What the newest batch says.
#[derive(Clone, Copy)]
struct Last {
    number: u64,
    digest: [u8; 32],
    raw_boundary: u64,
}

impl BatchLog {
    /// Opens the log of a directory, or starts one with the id of `fresh`.
    ///
    /// The last segment is written anew: an earlier process may have died after a failed sync, which
    /// the system reports only once, with the bytes in memory and not on the medium.
    pub(super) fn open(
        files: Arc<dyn FileLayer>,
        directory: &Path,
        segment_bytes: u64,
        fresh: impl FnOnce() -> ProducerId,
    ) -> Result<Self, JournalError> {
        let names = files
            .list(directory)
            .map_err(|error| JournalError::file("list", directory, error))?;
        let mut firsts: Vec<u64> = names.iter().filter_map(|name| first_of(name)).collect();
        firsts.sort_unstable();
        let mut found: Option<(ProducerId, Vec<Segment>, Last)> = None;
        for (position, first) in firsts.iter().enumerate() {
            let path = directory.join(name(*first));
            let bytes = files
                .read(&path)
                .map_err(|error| JournalError::file("read", &path, error))?;
            let newest = position + 1 == firsts.len();
            let Some((producer, segment, last)) = read_segment(&bytes, &path, *first)? else {
                // Only the newest can lack its header: a segment is begun when the one before is whole.
                if newest {
                    continue;
                }
                return Err(JournalError::Damaged { path, offset: 0 });
            };
            if !newest && segment.bytes < bytes.len() as u64 {
                return Err(JournalError::Damaged {
                    path,
                    offset: segment.bytes,
                });
            }
            match &mut found {
                None => found = Some((producer, vec![segment], last)),
                Some((known, ..)) if *known != producer => {
                    return Err(JournalError::Mixed { path });
                }
                Some((_, segments, known)) => {
                    if known.number + 1 != *first {
                        // A removed file may come back after a power cut. What the ledger still
                        // needs is never removed, and a gap is noticed when it asks.
                        tracing::warn!(path = %path.display(), "batches before this file are left out");
                        segments.clear();
                        *known = last;
                    } else if !segment.entries.is_empty() {
                        *known = last;
                    }
                    segments.push(segment);
                }
            }
        }
        let (producer, segments, last) = found.unwrap_or_else(|| {
            let last = Last {
                number: 0,
                digest: [0; 32],
                raw_boundary: 0,
            };
            let segment = Segment {
                first: 1,
                path: directory.join(name(1)),
                entries: Vec::new(),
                bytes: 0,
                next_sequence: 1,
                acknowledged_ms: None,
            };
            (fresh(), vec![segment], last)
        });
        let directory = directory.to_owned();
        // Replaced by `rewrite` before anything can be appended.
        let active: Arc<dyn JournalFile> = Arc::new(Closed);
        let mut log = Self {
            files,
            directory,
            producer,
            segments,
            active,
            segment_bytes,
            last,
        };
        log.rewrite()?;
        Ok(log)
    }

    pub(super) fn producer(&self) -> ProducerId {
        self.producer
    }

    /// Number of the newest batch; 0 before the first.
    pub(super) fn last_number(&self) -> u64 {
        self.last.number
    }

    /// Raw files below this index are summed in batches.
    pub(super) fn raw_boundary(&self) -> u64 {
        self.last.raw_boundary
    }

    /// Number of the oldest batch that is kept; one above the newest when there is none.
    pub(super) fn oldest_number(&self) -> u64 {
        self.segments.first().map_or(1, |segment| segment.first)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }

    /// When a batch was closed.
    pub(super) fn closed_ms(&self, number: u64) -> Option<u64> {
        self.entry(number).map(|(_, entry)| entry.closed_ms)
    }

    /// Adds a batch and syncs it. After an error nothing counts as added, and `rewrite` has to come
    /// before the next one.
    pub(super) fn append(
        &mut self,
        content: &[u8],
        raw_boundary: u64,
        closed_ms: u64,
    ) -> Result<u64, JournalError> {
        if self.active_segment().bytes >= self.segment_bytes {
            self.begin_segment()?;
        }
        let number = self.last.number + 1;
        let previous = self.last.digest;
        let digest = digest(&previous, number, content);
        let active = Arc::clone(&self.active);
        let segment = self.active_segment();
        let mut record = Vec::with_capacity(content.len() + BATCH_HEAD + FRAME_OVERHEAD);
        frame::push(&mut record, Kind::Batch, segment.next_sequence, |payload| {
            payload.extend_from_slice(&number.to_le_bytes());
            payload.extend_from_slice(&raw_boundary.to_le_bytes());
            payload.extend_from_slice(&closed_ms.to_le_bytes());
            payload.extend_from_slice(&previous);
            payload.extend_from_slice(&digest);
            payload.extend_from_slice(content);
        });
        active
            .append(&record)
            .map_err(|error| JournalError::file("write", &segment.path, error))?;
        active
            .sync()
            .map_err(|error| JournalError::file("sync", &segment.path, error))?;
        segment.entries.push(Entry {
            offset: segment.bytes + FRAME_OVERHEAD as u64,
            // The frame bounds it far below 4 GiB.
            length: u32::try_from(record.len() - FRAME_OVERHEAD).unwrap_or(u32::MAX),
            closed_ms,
        });
        segment.bytes += record.len() as u64;
        segment.next_sequence += 1;
        segment.acknowledged_ms = None;
        self.last = Last {
            number,
            digest,
            raw_boundary,
        };
        Ok(number)
    }

    /// Writes the last segment anew from what is known to be good, and syncs it.
    pub(super) fn rewrite(&mut self) -> Result<(), JournalError> {
        let producer = self.producer;
        let files = Arc::clone(&self.files);
        let temporary = self.directory.join("batches.tmp");
        let segment = self.active_segment();
        let good = if segment.bytes == 0 {
            frame::header(producer, Purpose::Batches, segment.first)
        } else {
            let length = usize::try_from(segment.bytes).unwrap_or(usize::MAX);
            files
                .read_range(&segment.path, 0, length)
                .map_err(|error| JournalError::file("read", &segment.path, error))?
        };
        let failed = |action, error| JournalError::file(action, &temporary, error);
        let file = files
            .create(&temporary)
            .map_err(|error| failed("make", error))?;
        file.append(&good).map_err(|error| failed("write", error))?;
        file.sync().map_err(|error| failed("sync", error))?;
        files
            .rename(&temporary, &segment.path)
            .map_err(|error| failed("rename", error))?;
        segment.bytes = good.len() as u64;
        self.files
            .sync_directory(&self.directory)
            .map_err(|error| JournalError::file("sync", &self.directory, error))?;
        self.active = file;
        Ok(())
    }

    /// A batch, unless it is not kept (any more).
    pub(super) fn read(&self, number: u64) -> Result<Option<StoredBatch>, JournalError> {
        let Some((segment, entry)) = self.entry(number) else {
            return Ok(None);
        };
        let length = usize::try_from(entry.length).unwrap_or(usize::MAX);
        let payload = self
            .files
            .read_range(&segment.path, entry.offset, length)
            .map_err(|error| JournalError::file("read", &segment.path, error))?;
        let damaged = || JournalError::Damaged {
            path: segment.path.clone(),
            offset: entry.offset,
        };
        let batch = parse(&payload.into()).ok_or_else(damaged)?.0;
        // Read long after it was written: the digest is the checksum.
        if batch.number != number
            || digest(&batch.previous_digest, number, &batch.content) != batch.digest
        {
            return Err(damaged());
        }
        Ok(Some(batch))
    }

    /// Notes that the ledger has every batch below `next`, at `now` (milliseconds since the epoch).
    pub(super) fn acknowledge(&mut self, next: u64, now: u64) {
        for segment in &mut self.segments {
            if segment.first + segment.entries.len() as u64 <= next {
                segment.acknowledged_ms.get_or_insert(now);
            } else {
                segment.acknowledged_ms = None;
            }
        }
    }

    /// Removes segments the ledger has had since before `kept_since`, and further ones it has while
    /// the log is above `bound` bytes. The newest batch always stays.
    pub(super) fn prune(&mut self, kept_since: u64, bound: u64) -> Result<(), JournalError> {
        let mut bytes = self.bytes();
        let mut removed = false;
        while let [segment, rest @ ..] = self.segments.as_slice() {
            let Some(acknowledged) = segment.acknowledged_ms else {
                break;
            };
            let replaced = rest.iter().any(|later| !later.entries.is_empty());
            if !replaced || (acknowledged >= kept_since && bytes <= bound) {
                break;
            }
            self.files
                .remove(&segment.path)
                .map_err(|error| JournalError::file("remove", &segment.path, error))?;
            bytes -= segment.bytes;
            self.segments.remove(0);
            removed = true;
        }
        if removed {
            self.files
                .sync_directory(&self.directory)
                .map_err(|error| JournalError::file("sync", &self.directory, error))?;
        }
        Ok(())
    }

    fn begin_segment(&mut self) -> Result<(), JournalError> {
        let first = self.last.number + 1;
        let path = self.directory.join(name(first));
        let file = self
            .files
            .create(&path)
            .map_err(|error| JournalError::file("make", &path, error))?;
        let header = frame::header(self.producer, Purpose::Batches, first);
        file.append(&header)
            .and_then(|()| file.sync())
            .map_err(|error| JournalError::file("write", &path, error))?;
        self.files
            .sync_directory(&self.directory)
            .map_err(|error| JournalError::file("sync", &self.directory, error))?;
        self.segments.push(Segment {
            first,
            path,
            entries: Vec::new(),
            bytes: header.len() as u64,
            next_sequence: 1,
            acknowledged_ms: None,
        });
        self.active = file;
        Ok(())
    }

    fn active_segment(&mut self) -> &mut Segment {
        let last = self.segments.len() - 1;
        // `segments` is never empty: `open` makes one, `prune` keeps the newest.
        &mut self.segments[last]
    }

    fn entry(&self, number: u64) -> Option<(&Segment, Entry)> {
        let after = self
            .segments
            .partition_point(|segment| segment.first <= number);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        let position = usize::try_from(number - segment.first).ok()?;
        Some((segment, *segment.entries.get(position)?))
    }
}

/// Stands in until the log is open.
struct Closed;

impl JournalFile for Closed {
    fn append(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::NotConnected.into())
    }

    fn sync(&self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::NotConnected.into())
    }
}

fn name(first: u64) -> String {
    format!("batches-{first:020}.log")
}

fn first_of(name: &str) -> Option<u64> {
    frame::number_of(name, "batches-")
}

fn read_segment(
    bytes: &[u8],
    path: &Path,
    first: u64,
) -> Result<Option<(ProducerId, Segment, Last)>, JournalError> {
    let Some(frames) = frame::read(bytes, Purpose::Batches, path)? else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    let mut last: Option<Last> = None;
    for frame in &frames.records {
        let damaged = || JournalError::Damaged {
            path: path.to_owned(),
            offset: frame.offset as u64,
        };
        if frame.kind != Kind::Batch {
            return Err(damaged());
        }
        let payload = Bytes::copy_from_slice(frame.payload);
        let (batch, raw_boundary) = parse(&payload).ok_or_else(damaged)?;
        let chained = last.is_none_or(|last| last.digest == batch.previous_digest);
        if batch.number != first + entries.len() as u64
            || raw_boundary > frame::LAST_NUMBER
            || !chained
        {
            return Err(damaged());
        }
        entries.push(Entry {
            offset: frame.offset as u64,
            length: u32::try_from(frame.payload.len()).unwrap_or(u32::MAX),
            closed_ms: batch.closed_ms,
        });
        last = Some(Last {
            number: batch.number,
            digest: batch.digest,
            raw_boundary,
        });
    }
    let segment = Segment {
        first,
        path: path.to_owned(),
        entries,
        bytes: frames.valid as u64,
        next_sequence: frames.next_sequence,
        acknowledged_ms: None,
    };
    let empty = Last {
        number: first.saturating_sub(1),
        digest: [0; 32],
        raw_boundary: 0,
    };
    Ok(Some((frames.producer, segment, last.unwrap_or(empty))))
}

/// A batch record's payload, with its raw boundary.
fn parse(payload: &Bytes) -> Option<(StoredBatch, u64)> {
    let mut cursor = Cursor(payload);
    let number = cursor.u64()?;
    let raw_boundary = cursor.u64()?;
    let closed_ms = cursor.u64()?;
    let previous_digest = cursor.array()?;
    let digest = cursor.array()?;
    let content = payload.slice(BATCH_HEAD..);
    Some((
        StoredBatch {
            number,
            previous_digest,
            digest,
            closed_ms,
            content,
        },
        raw_boundary,
    ))
}
