//! Records in a file: length, CRC-32, kind, sequence number, payload; a header record first.
//!
//! ```text
//!  u32 length of payload | u32 CRC-32 of the rest | u8 kind | u64 sequence | payload
//! ```
//!
//! Integers are little-endian. Sequence numbers count the records of a file from 0, so that a
//! record that was lost between two others is noticed.

use std::path::Path;

use super::{JournalError, ProducerId};

/// Bytes before the payload.
pub(super) const FRAME_OVERHEAD: usize = 4 + 4 + 1 + 8;

/// A payload above this is damage, not data: a solved block is at most 4 MB and a batch is closed
/// long before.
const PAYLOAD_LIMIT: usize = 64 * 1024 * 1024;

const MAGIC: &[u8; 8] = b"ngpjrnl1";

/// What a record holds. The numbers are in the files: they never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Header = 1,
    /// Currencies of a job, named by later share records of the same file.
    WeightSet = 2,
    Shares = 3,
    Batch = 4,
    Solved = 5,
    Body = 6,
    Answer = 7,
    Finished = 8,
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Header,
            2 => Self::WeightSet,
            3 => Self::Shares,
            4 => Self::Batch,
            5 => Self::Solved,
            6 => Self::Body,
            7 => Self::Answer,
            8 => Self::Finished,
            _ => return None,
        })
    }
}

/// Which of a journal's files a header belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Purpose {
    Raw = 1,
    Batches = 2,
    Block = 3,
}

/// Batches and raw files are numbered up to here: nobody comes so far, and what is above was not
/// written by a journal.
pub(super) const LAST_NUMBER: u64 = u64::MAX >> 1;

/// The number in the name of a file, written with all its digits.
pub(super) fn number_of(name: &str, prefix: &str) -> Option<u64> {
    let digits = name.strip_prefix(prefix)?.strip_suffix(".log")?;
    let whole = digits.len() == 20 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let number = digits.parse().ok().filter(|number| *number <= LAST_NUMBER);
    number.filter(|_| whole)
}

/// Adds one record to `buffer`. `fill` writes the payload.
pub(super) fn push(
    buffer: &mut Vec<u8>,
    kind: Kind,
    sequence: u64,
    fill: impl FnOnce(&mut Vec<u8>),
) {
    let start = buffer.len();
    buffer.extend_from_slice(&[0; 8]);
    buffer.push(kind as u8);
    buffer.extend_from_slice(&sequence.to_le_bytes());
    fill(buffer);
    let length = buffer.len() - start - FRAME_OVERHEAD;
    // Payloads are far below 4 GiB: the caller bounds them, the reader refuses above PAYLOAD_LIMIT.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let crc = crc32fast::hash(&buffer[start + 8..]);
    buffer[start..start + 4].copy_from_slice(&length.to_le_bytes());
    buffer[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
}

/// The header record, sequence 0.
pub(super) fn header(producer: ProducerId, purpose: Purpose, number: u64) -> Vec<u8> {
    let mut buffer = Vec::new();
    push(&mut buffer, Kind::Header, 0, |payload| {
        payload.extend_from_slice(MAGIC);
        payload.push(purpose as u8);
        payload.extend_from_slice(&producer.0);
        payload.extend_from_slice(&number.to_le_bytes());
    });
    buffer
}

/// One record as read.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub kind: Kind,
    /// Where the payload starts in the file.
    pub offset: usize,
    pub payload: &'a [u8],
}

/// The readable records of a file after its header.
#[derive(Debug)]
pub(super) struct Frames<'a> {
    pub producer: ProducerId,
    pub records: Vec<Frame<'a>>,
    /// Bytes up to the end of the last readable record.
    pub valid: usize,
    /// Sequence number of the next record.
    pub next_sequence: u64,
}

/// Reads a file up to its first unreadable record. `None` when not even the header is whole: the
/// file was never used.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    purpose: Purpose,
    path: &Path,
) -> Result<Option<Frames<'a>>, JournalError> {
    let Some((header, mut position)) = read_one(bytes, 0, 0) else {
        return Ok(None);
    };
    let damaged = || JournalError::Damaged {
        path: path.to_owned(),
        offset: 0,
    };
    if header.kind != Kind::Header {
        return Err(damaged());
    }
    let mut cursor = Cursor(header.payload);
    let producer = (|| {
        let magic = cursor.array::<8>()?;
        let of = cursor.array::<1>()?;
        (&magic == MAGIC && of == [purpose as u8]).then_some(())?;
        cursor.array::<16>()
    })()
    .ok_or_else(damaged)?;
    let mut frames = Vec::new();
    let mut sequence = 1;
    while let Some((frame, next)) = read_one(bytes, position, sequence) {
        frames.push(frame);
        position = next;
        sequence += 1;
    }
    Ok(Some(Frames {
        producer: ProducerId(producer),
        records: frames,
        valid: position,
        next_sequence: sequence,
    }))
}

/// The record at `start`, and where the next one starts.
fn read_one(bytes: &[u8], start: usize, sequence: u64) -> Option<(Frame<'_>, usize)> {
    let mut cursor = Cursor(bytes.get(start..)?);
    let length = usize::try_from(cursor.u32()?).ok()?;
    let crc = cursor.u32()?;
    if length > PAYLOAD_LIMIT {
        return None;
    }
    let covered = cursor.0.get(..FRAME_OVERHEAD - 8 + length)?;
    if crc32fast::hash(covered) != crc {
        return None;
    }
    let kind = Kind::from_byte(cursor.array::<1>()?[0])?;
    if cursor.u64()? != sequence {
        return None;
    }
    let offset = start + FRAME_OVERHEAD;
    Some((
        Frame {
            kind,
            offset,
            payload: cursor.take(length)?,
        },
        offset + length,
    ))
}

/// Takes values off the front of a slice.
pub(super) struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn u128(&mut self) -> Option<u128> {
        self.array().map(u128::from_le_bytes)
    }

    /// A text with its length in two bytes before it.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = usize::from(self.u16()?);
        std::str::from_utf8(self.take(length)?).ok()
    }
}

/// Adds a text with its length in two bytes before it; cut at 65,535 bytes, which no name reaches.
pub(super) fn push_text(buffer: &mut Vec<u8>, text: &str) {
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let length = u16::try_from(end).unwrap_or(u16::MAX);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&text.as_bytes()[..end]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut bytes = header(ProducerId([7; 16]), Purpose::Raw, 3);
        for sequence in 1..=5 {
            push(&mut bytes, Kind::Shares, sequence, |payload| {
                payload.extend_from_slice(&vec![9; usize::try_from(sequence).unwrap() * 10]);
            });
        }
        bytes
    }

    #[test]
    fn records_read_back_in_order() {
        let bytes = file();
        let frames = read(&bytes, Purpose::Raw, Path::new("f")).unwrap().unwrap();
        assert_eq!(frames.producer, ProducerId([7; 16]));
        let lengths: Vec<usize> = frames
            .records
            .iter()
            .map(|frame| frame.payload.len())
            .collect();
        assert_eq!(lengths, [10, 20, 30, 40, 50]);
        assert_eq!(frames.valid, bytes.len());
        assert_eq!(frames.next_sequence, 6);
    }

    #[test]
    fn any_cut_keeps_the_whole_records_before_it() {
        let bytes = file();
        let mut ends = vec![];
        let whole = read(&bytes, Purpose::Raw, Path::new("f")).unwrap().unwrap();
        ends.extend(
            whole
                .records
                .iter()
                .map(|frame| frame.offset + frame.payload.len()),
        );
        for cut in 0..bytes.len() {
            let read = read(&bytes[..cut], Purpose::Raw, Path::new("f")).unwrap();
            let expected = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(
                read.map_or(0, |frames| frames.records.len()),
                expected,
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_changed_byte_ends_the_file_at_its_record() {
        let bytes = file();
        let whole = read(&bytes, Purpose::Raw, Path::new("f")).unwrap().unwrap();
        let third = whole.records[2].offset;
        let mut changed = bytes.clone();
        changed[third + 4] ^= 1;
        let frames = read(&changed, Purpose::Raw, Path::new("f"))
            .unwrap()
            .unwrap();
        assert_eq!(frames.records.len(), 2);
    }
}
