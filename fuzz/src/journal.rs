//! What a journal finds on its disk when it is opened: files that were cut, altered, or never its own.
//!
//! An input is `flags | u16 LE length of the first file | first file | second file`. With flag 1 the
//! lengths, checksums and sequence numbers of the records are put right, so that mutations get past
//! them to the payloads.

use std::{path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_chain::{Amount, Work};
use ngpool_rpc::v1::SubmitOutcome;
use ngstratum::journal::{
    BlockJournal, JobCurrency, JournalError, JournalOptions, ShareJournal, ShareRecord, WeightSet,
};

use crate::MemoryFiles;

/// Bytes of a record before its payload: length, CRC-32, kind, sequence number.
const OVERHEAD: usize = 4 + 4 + 1 + 8;

/// Set in the first byte when records are to be put right.
const REPAIR: u8 = 1;

/// The share journal: it opens or says what is damaged; opened, it goes on where it was.
pub fn share_journal(data: &[u8]) {
    let Some((raw, batches)) = two_files(data) else {
        return;
    };
    let directory = Path::new("/shares");
    let files = MemoryFiles::default();
    if !raw.is_empty() {
        files.put(directory.join("raw-00000000000000000001.log"), raw);
    }
    if !batches.is_empty() {
        files.put(directory.join("batches-00000000000000000001.log"), batches);
    }
    let open = || ShareJournal::open(directory, options(), files.clone());
    let (producer, last) = match open() {
        Ok(journal) => {
            for number in journal.oldest_batch()..=journal.status().last_batch {
                match journal.batch(number) {
                    Ok(Some(batch)) => assert_eq!(batch.number, number),
                    Ok(None) => panic!("batch {number} of {:?} is not kept", journal.status()),
                    Err(error) => damaged(&error),
                }
            }
            (journal.producer(), journal.status().last_batch)
        }
        Err(error) => {
            damaged(&error);
            let before = files.contents();
            damaged(&open().err().expect("what was damaged stays damaged"));
            assert_eq!(
                before,
                files.contents(),
                "a damaged journal is left as it is"
            );
            return;
        }
    };
    let journal = open().expect("a journal that was opened opens again");
    assert_eq!(
        (journal.producer(), journal.status().last_batch),
        (producer, last)
    );
    assert_eq!(
        journal.status().open_shares,
        0,
        "shares are in batches after a start"
    );
    journal.append(&[share()]).expect("it takes shares");
    let number = journal.close(false).expect("it makes batches of them");
    assert_eq!(number, last + 1);
    let batch = journal
        .batch(number)
        .expect("they read back")
        .expect("they are kept");
    let contents =
        ngpool_store::BatchContents::decode(&batch.content).expect("a ledger reads them");
    assert_eq!(contents.slices.len(), 1);
}

/// The block journal: a solved block that can be read is never lost.
pub fn block_journal(data: &[u8]) {
    let Some((first, second)) = two_files(data) else {
        return;
    };
    let directory = Path::new("/blocks");
    let files = MemoryFiles::default();
    for (name, content) in [("LTC-1.block", first), ("LTC-2.block", second)] {
        if !content.is_empty() {
            files.put(directory.join(name), content);
        }
    }
    let open = || BlockJournal::open(directory, Arc::new(|| 7), files.clone());
    let journal = match open() {
        Ok(journal) => journal,
        Err(error) => return damaged(&error),
    };
    let waiting = journal.unanswered();
    for block in &waiting {
        let body = Bytes::from_static(b"body");
        let done = journal
            .complete(block.hash, body)
            .and_then(|()| journal.answered(block.hash, "node", SubmitOutcome::Accepted, "why"));
        done.expect("a block that was read back takes answers");
    }
    drop(journal);
    let journal = open().expect("a journal that was opened opens again");
    for block in &waiting {
        let tracked = journal.block(block.hash).expect("it is still there");
        assert_eq!(tracked.block.block.as_deref(), Some(&b"body"[..]));
        assert!(tracked.answers.iter().any(|answer| answer.node == "node"));
    }
}

/// Nothing in a file can be taken for a failure of the disk.
fn damaged(error: &JournalError) {
    let expected = matches!(
        error,
        JournalError::Damaged { .. } | JournalError::Mixed { .. }
    );
    assert!(expected, "{error}");
}

fn options() -> JournalOptions {
    JournalOptions {
        keep_acknowledged: Duration::MAX,
        sync_every: None,
        clock: Arc::new(|| 1_700_000_000_000),
        ..JournalOptions::new("port", 1 << 30, 100)
    }
}

fn share() -> ShareRecord {
    let currency = JobCurrency {
        code: "LTC".into(),
        network_work: Work(1_000),
        coinbase_value: Amount(50),
    };
    ShareRecord {
        user: "user".into(),
        worker: "".into(),
        work: Work(7),
        set: Arc::new(WeightSet {
            currencies: vec![currency],
        }),
    }
}

fn two_files(data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (flags, rest) = data.split_first()?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (first, second) = rest.split_at(length);
    let file = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        if flags & REPAIR != 0 {
            repair(&mut bytes);
        }
        bytes
    };
    Some((file(first), file(second)))
}

/// Puts lengths, checksums and sequence numbers of the records right.
fn repair(file: &mut [u8]) {
    let mut rest = file;
    for sequence in 0_u64.. {
        let Some(room) = rest.len().checked_sub(OVERHEAD) else {
            return;
        };
        let said = u32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]);
        let length = usize::try_from(said).unwrap_or(usize::MAX).min(room);
        let (record, after) = rest.split_at_mut(OVERHEAD + length);
        record[..4].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        record[9..17].copy_from_slice(&sequence.to_le_bytes());
        let crc = crc32fast::hash(&record[8..]);
        record[4..8].copy_from_slice(&crc.to_le_bytes());
        rest = after;
    }
}
