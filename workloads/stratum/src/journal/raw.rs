//! A file of raw shares: those of the slices that are not closed yet.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ngpool_chain::{Amount, Work};

use super::{
    FileLayer, JournalError, JournalFile, ProducerId,
    frame::{self, Cursor, FRAME_OVERHEAD, Kind, Purpose},
};
use crate::slices::{JobCurrency, OpenSlices, Sets, ShareRecord, WeightSet};

/// Shares of one record: keeps it far below a reader's limit.
const SHARES_PER_RECORD: usize = 4_096;

/// The file that shares are written to.
pub(super) struct RawFile {
    pub index: u64,
    pub path: PathBuf,
    pub file: Arc<dyn JournalFile>,
    pub bytes: u64,
    /// Whether something was written since the last sync.
    pub dirty: bool,
    sequence: u64,
    sets: Sets,
}

impl RawFile {
    pub(super) fn create(
        files: &dyn FileLayer,
        directory: &Path,
        producer: ProducerId,
        index: u64,
    ) -> Result<Self, JournalError> {
        let path = directory.join(name(index));
        let file = files
            .create(&path)
            .map_err(|error| JournalError::file("make", &path, error))?;
        let header = frame::header(producer, Purpose::Raw, index);
        file.append(&header)
            .map_err(|error| JournalError::file("write", &path, error))?;
        Ok(Self {
            index,
            path,
            file,
            bytes: header.len() as u64,
            dirty: true,
            sequence: 1,
            sets: Sets::default(),
        })
    }

    /// Upper bound of what [`encode`](Self::encode) will add, known before anything is changed.
    pub(super) fn estimate(shares: &[ShareRecord]) -> u64 {
        let mut bytes = FRAME_OVERHEAD * (shares.len() / SHARES_PER_RECORD + 2);
        for share in shares {
            bytes += 24 + share.user.len() + share.worker.len();
        }
        if let Some(share) = shares.first() {
            // Sets are few and small; one new one per append is the usual case.
            bytes += 64 * (share.set.currencies.len() + 1);
        }
        bytes as u64
    }

    /// Adds the records of `shares` to `buffer`.
    pub(super) fn encode(&mut self, shares: &[ShareRecord], buffer: &mut Vec<u8>) {
        for part in shares.chunks(SHARES_PER_RECORD) {
            for share in part {
                let known = self.sets.len();
                let id = self.sets.id(&share.set);
                if self.sets.len() > known {
                    frame::push(buffer, Kind::WeightSet, self.sequence, |payload| {
                        push_set(payload, id, &share.set);
                    });
                    self.sequence += 1;
                }
            }
            frame::push(buffer, Kind::Shares, self.sequence, |payload| {
                for share in part {
                    payload.extend_from_slice(&self.sets.id(&share.set).to_le_bytes());
                    payload.extend_from_slice(&share.work.0.to_le_bytes());
                    frame::push_text(payload, &share.user);
                    frame::push_text(payload, &share.worker);
                }
            });
            self.sequence += 1;
        }
    }
}

/// Name of the file of an index.
pub(super) fn name(index: u64) -> String {
    format!("raw-{index:020}.log")
}

/// The index in a file's name.
pub(super) fn index_of(name: &str) -> Option<u64> {
    frame::number_of(name, "raw-")
}

/// Adds the shares of a file to `open`, up to a torn end, which was never synced. Returns the bytes
/// that were left out.
pub(super) fn replay(
    bytes: &[u8],
    path: &Path,
    producer: ProducerId,
    open: &mut OpenSlices,
    workers_per_user: u32,
) -> Result<usize, JournalError> {
    let Some(frames) = frame::read(bytes, Purpose::Raw, path)? else {
        return Ok(bytes.len());
    };
    if frames.producer != producer {
        return Err(JournalError::Mixed {
            path: path.to_owned(),
        });
    }
    let mut sets: Vec<Arc<WeightSet>> = Vec::new();
    for frame in &frames.records {
        // The checksum held, so a payload that does not parse was written by another program.
        let damaged = || JournalError::Damaged {
            path: path.to_owned(),
            offset: frame.offset as u64,
        };
        match frame.kind {
            Kind::WeightSet => sets.push(Arc::new(read_set(frame.payload).ok_or_else(damaged)?)),
            Kind::Shares => {
                read_shares(frame.payload, &sets, |share| {
                    open.add(&share, workers_per_user);
                })
                .ok_or_else(damaged)?;
            }
            _ => return Err(damaged()),
        }
    }
    Ok(bytes.len() - frames.valid)
}

fn push_set(payload: &mut Vec<u8>, id: u32, set: &WeightSet) {
    payload.extend_from_slice(&id.to_le_bytes());
    for currency in &set.currencies {
        frame::push_text(payload, &currency.code);
        payload.extend_from_slice(&currency.network_work.0.to_le_bytes());
        payload.extend_from_slice(&currency.coinbase_value.0.to_le_bytes());
    }
}

fn read_set(payload: &[u8]) -> Option<WeightSet> {
    let mut cursor = Cursor(payload);
    // The number only helps a person with a dump: sets are numbered in order.
    cursor.u32()?;
    let mut currencies = Vec::new();
    while !cursor.0.is_empty() {
        currencies.push(JobCurrency {
            code: cursor.text()?.to_owned(),
            network_work: Work(cursor.u128()?),
            coinbase_value: Amount(i64::from_le_bytes(cursor.array()?)),
        });
    }
    Some(WeightSet { currencies })
}

fn read_shares(
    payload: &[u8],
    sets: &[Arc<WeightSet>],
    mut take: impl FnMut(ShareRecord),
) -> Option<()> {
    let mut cursor = Cursor(payload);
    while !cursor.0.is_empty() {
        let set = sets.get(usize::try_from(cursor.u32()?).ok()?)?;
        let work = Work(cursor.u128()?);
        let user = cursor.text()?.into();
        let worker = cursor.text()?.into();
        take(ShareRecord {
            user,
            worker,
            work,
            set: Arc::clone(set),
        });
    }
    Some(())
}
