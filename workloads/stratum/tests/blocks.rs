//! The block journal over restarts, cut files and kills.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where it fails"
)]

#[path = "journal/forgetful.rs"]
#[allow(dead_code, reason = "shared with the tests of the share journal")]
mod forgetful;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use forgetful::{Disk, Fault};
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_rpc::v1::SubmitOutcome;
use ngstratum::journal::{BlockJournal, SolvedBlock, SystemFiles};

fn block(number: u8) -> SolvedBlock {
    SolvedBlock {
        currency: "LTC".to_owned(),
        hash: BlockHash::from_bytes([number; 32]),
        height: Height(432),
        previous_hash: BlockHash::from_bytes([9; 32]),
        bits: 0x207f_ffff,
        sharechain: "main".to_owned(),
        port: "public".to_owned(),
        user: "alice".to_owned(),
        worker: String::new(),
        coinbase_txid: Txid::from_bytes([8; 32]),
        reward: Amount(5_000_000_000),
        coinbase_vout: 0,
        script: Bytes::from_static(&[0, 20]),
        found_ms: 1_000 + u64::from(number),
        pow_hash: [7; 32],
        node: "node-a".to_owned(),
        template_id: Bytes::from_static(b"t1"),
        header: Bytes::from(vec![1; 80]),
        coinbase: Bytes::from(vec![2; 150]),
        block: Some(Bytes::from(vec![3; 5_000])),
        proof: Bytes::new(),
    }
}

fn open(directory: &Path) -> BlockJournal {
    BlockJournal::open(directory, Arc::new(|| 2_000), SystemFiles).unwrap()
}

#[test]
fn a_merged_mined_block_comes_back_with_its_proof() {
    let directory = tempfile::tempdir().unwrap();
    let merged = SolvedBlock {
        proof: Bytes::from(vec![4; 300]),
        block: None,
        ..block(1)
    };
    open(directory.path()).append(&merged).unwrap();
    assert_eq!(open(directory.path()).unanswered(), [merged]);
}

#[test]
fn what_was_solved_comes_back_until_it_is_finished() {
    let directory = tempfile::tempdir().unwrap();
    let journal = open(directory.path());
    journal.append(&block(1)).unwrap();
    journal
        .append(&SolvedBlock {
            block: None,
            ..block(2)
        })
        .unwrap();
    journal
        .complete(block(2).hash, Bytes::from_static(b"late body"))
        .unwrap();
    journal
        .answered(
            block(1).hash,
            "node-a",
            SubmitOutcome::Rejected,
            "high-hash",
        )
        .unwrap();
    journal
        .answered(block(1).hash, "node-a", SubmitOutcome::Accepted, "")
        .unwrap();
    drop(journal);

    let journal = open(directory.path());
    let mut left = journal.unanswered();
    left.sort_by_key(|block| block.found_ms);
    let late = SolvedBlock {
        block: Some(Bytes::from_static(b"late body")),
        ..block(2)
    };
    assert_eq!(left, [block(1), late]);
    let tracked = journal.block(block(1).hash).unwrap();
    assert_eq!(tracked.answers.len(), 1);
    assert_eq!(tracked.answers[0].outcome, SubmitOutcome::Accepted);
    journal.finished(block(1).hash).unwrap();
    drop(journal);

    let journal = open(directory.path());
    assert_eq!(journal.unanswered().len(), 1);
    assert!(journal.block(block(1).hash).unwrap().finished);
}

#[test]
fn a_file_cut_at_any_byte_gives_the_block_or_nothing_and_stays_usable() {
    let directory = tempfile::tempdir().unwrap();
    let journal = open(directory.path());
    journal.append(&block(1)).unwrap();
    journal
        .answered(block(1).hash, "node-a", SubmitOutcome::Accepted, "")
        .unwrap();
    drop(journal);
    let path = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "block")
        })
        .unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut with_body = 0;
    for cut in (0..whole.len())
        .step_by(137)
        .chain(whole.len() - 40..whole.len())
    {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let journal = open(directory.path());
        if let Some(found) = journal.unanswered().into_iter().next() {
            assert_eq!(
                SolvedBlock {
                    block: None,
                    ..found.clone()
                },
                SolvedBlock {
                    block: None,
                    ..block(1)
                }
            );
            with_body += usize::from(found.block.is_some());
            // What is added behind a cut is read back.
            journal.finished(found.hash).unwrap();
            drop(journal);
            assert!(open(directory.path()).block(found.hash).unwrap().finished);
        } else {
            // Solved again after a restart: recorded like any other.
            journal.append(&block(1)).unwrap();
            drop(journal);
            assert_eq!(open(directory.path()).unanswered(), [block(1)]);
        }
    }
    assert!(with_body > 0);
}

#[test]
fn a_process_killed_after_the_append_has_the_block() {
    for kill in 0..12 {
        let disk = Disk::new(kill);
        disk.arm(Fault::Kill, kill);
        let mut told = false;
        if let Ok(journal) = BlockJournal::open(Path::new("/b"), Arc::new(|| 5), disk.clone()) {
            told = journal.append(&block(1)).is_ok();
            let _killed = journal.answered(block(1).hash, "a", SubmitOutcome::Accepted, "");
        }
        disk.restart();
        let journal = BlockJournal::open(Path::new("/b"), Arc::new(|| 5), disk).unwrap();
        let left = journal.unanswered();
        assert!(!told || left == [block(1)], "killed at {kill}: {left:?}");
    }
}

#[test]
fn a_block_whose_file_cannot_be_made_is_still_tracked() {
    let disk = Disk::new(3);
    let journal = BlockJournal::open(Path::new("/b"), Arc::new(|| 5), disk.clone()).unwrap();
    disk.arm(Fault::Fail, 0);
    assert!(journal.append(&block(1)).is_err());
    assert_eq!(journal.unanswered(), [block(1)]);
}
