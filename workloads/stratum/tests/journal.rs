//! The share journal over a disk that is killed, fails, tears writes and forgets what was not synced.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where it fails"
)]

#[path = "journal/forgetful.rs"]
mod forgetful;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use forgetful::{Disk, Fault};
use ngpool_chain::{Amount, Work};
use ngpool_rpc::v1::BatchContent;
use ngstratum::journal::{
    JobCurrency, JournalError, JournalOptions, JournalState, ShareJournal, ShareRecord, WeightSet,
};
use proptest::prelude::*;
use prost::Message;
use sha2::{Digest, Sha256};

const DIRECTORY: &str = "/journal";

fn options() -> JournalOptions {
    JournalOptions {
        sync_every: None,
        segment_bytes: 4 * 1024,
        ..JournalOptions::new("main", 64 * 1024 * 1024, 1_000)
    }
}

fn open(disk: &Disk) -> Result<ShareJournal, JournalError> {
    ShareJournal::open(Path::new(DIRECTORY), options(), disk.clone())
}

fn set(network_work: u128) -> Arc<WeightSet> {
    Arc::new(WeightSet {
        currencies: vec![JobCurrency {
            code: "LTC".to_owned(),
            network_work: Work(network_work),
            coinbase_value: Amount(5_000),
        }],
    })
}

fn shares(user: u8, count: usize, set: &Arc<WeightSet>) -> Vec<ShareRecord> {
    let record = ShareRecord {
        user: format!("user{user}").into(),
        worker: "rig".into(),
        work: Work(100),
        set: Arc::clone(set),
    };
    vec![record; count]
}

/// Shares by user.
type Counts = BTreeMap<String, u64>;

/// A ledger as the contract describes it: takes exactly the next number, refuses another digest.
#[derive(Debug, Clone, Default)]
struct Ledger {
    digests: Vec<[u8; 32]>,
    booked: Counts,
}

impl Ledger {
    /// Takes what it lacks, and compares what it has.
    fn take_all(&mut self, journal: &ShareJournal) -> Result<(), String> {
        let last = journal.status().last_batch;
        if last < self.digests.len() as u64 {
            return Err(format!(
                "closed up to {last}, the ledger has {}",
                self.digests.len()
            ));
        }
        for number in 1..=last {
            let Some(batch) = journal.batch(number).map_err(|error| error.to_string())? else {
                continue;
            };
            let position = usize::try_from(number - 1).unwrap();
            if let Some(known) = self.digests.get(position) {
                if *known != batch.digest {
                    return Err(format!("another batch {number}"));
                }
                continue;
            }
            let previous = position
                .checked_sub(1)
                .map_or([0; 32], |before| self.digests[before]);
            let mut hash = Sha256::new();
            hash.update(previous);
            hash.update(number.to_be_bytes());
            hash.update(&batch.content);
            let digest: [u8; 32] = hash.finalize().into();
            if position != self.digests.len() || digest != batch.digest {
                return Err(format!("batch {number} breaks the chain"));
            }
            self.digests.push(digest);
            let content = BatchContent::decode(batch.content).unwrap();
            for slice in content.slices {
                *self.booked.entry(slice.user).or_default() += slice.shares;
            }
        }
        journal.acknowledged(self.digests.len() as u64 + 1);
        Ok(())
    }
}

/// One thing a server does.
#[derive(Debug, Clone)]
enum Step {
    Append { user: u8, count: usize, job: usize },
    Close { even_empty: bool },
    Sync,
    Ship,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0_u8..4, 1_usize..40, 0_usize..3)
            .prop_map(|(user, count, job)| Step::Append { user, count, job }),
        2 => prop::bool::weighted(0.2).prop_map(|even_empty| Step::Close { even_empty }),
        1 => Just(Step::Sync),
        1 => Just(Step::Ship),
    ];
    prop::collection::vec(step, 1..50)
}

/// What miners were told.
#[derive(Debug, Clone, Default)]
struct Told {
    accepted: Counts,
    /// Submits that got an error, or no answer: they may count or not.
    open: Counts,
    /// `accepted` at the last sync that worked.
    synced: Counts,
}

/// Runs steps until the end or the death of the disk.
fn play(
    journal: &ShareJournal,
    disk: &Disk,
    steps: &[Step],
    told: &mut Told,
    ledger: &mut Ledger,
) -> Result<(), String> {
    let jobs = [set(1_000), set(2_000), set(777)];
    for step in steps {
        match step {
            Step::Append { user, count, job } => {
                let result = journal.append(&shares(*user, *count, &jobs[*job]));
                let counts = if result.is_ok() {
                    &mut told.accepted
                } else {
                    &mut told.open
                };
                *counts.entry(format!("user{user}")).or_default() += *count as u64;
            }
            Step::Close { even_empty } => {
                if journal.close(*even_empty).is_ok() {
                    told.synced = told.accepted.clone();
                }
            }
            Step::Sync => {
                journal.sync();
                if !disk.is_dead() && journal.status().state == JournalState::Writable {
                    told.synced = told.accepted.clone();
                }
            }
            Step::Ship => {
                if !disk.is_dead() {
                    ledger.take_all(journal)?;
                }
            }
        }
        if disk.is_dead() {
            return Ok(());
        }
        if let JournalState::Poisoned(_) = journal.status().state
            && journal.reopen().is_ok()
        {
            told.synced = told.accepted.clone();
        }
    }
    Ok(())
}

fn at_most(counts: &Counts, bound: impl Fn(&str) -> u64) -> bool {
    counts.iter().all(|(user, count)| *count <= bound(user))
}

fn count(counts: &Counts, user: &str) -> u64 {
    counts.get(user).copied().unwrap_or(0)
}

/// Closes, ships, and compares with what miners were told.
fn settle(
    journal: &ShareJournal,
    told: &Told,
    ledger: &mut Ledger,
    certain: &Counts,
) -> Result<(), TestCaseError> {
    journal
        .close(true)
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    ledger.take_all(journal).map_err(TestCaseError::fail)?;
    prop_assert!(
        at_most(certain, |user| count(&ledger.booked, user)),
        "lost: certain {certain:?}, booked {:?}",
        ledger.booked
    );
    prop_assert!(
        at_most(&ledger.booked, |user| count(&told.accepted, user)
            + count(&told.open, user)),
        "invented: told {told:?}, booked {:?}",
        ledger.booked
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_process_killed_at_any_operation_loses_and_doubles_nothing(
        first in steps(),
        second in steps(),
        kill_first in 0_u64..150,
        kill_second in 0_u64..150,
        seed in any::<u64>(),
    ) {
        let disk = Disk::new(seed);
        let mut told = Told::default();
        let mut ledger = Ledger::default();
        for (steps, kill) in [(&first, kill_first), (&second, kill_second)] {
            disk.arm(Fault::Kill, kill);
            if let Ok(journal) = open(&disk) {
                play(&journal, &disk, steps, &mut told, &mut ledger).map_err(TestCaseError::fail)?;
            }
            disk.restart();
        }
        let journal = open(&disk).unwrap();
        settle(&journal, &told, &mut ledger, &told.accepted)?;
    }

    #[test]
    fn a_power_cut_loses_at_most_what_came_after_the_last_sync(
        first in steps(),
        second in steps(),
        kill in 0_u64..200,
        seed in any::<u64>(),
    ) {
        let disk = Disk::new(seed);
        let mut told = Told::default();
        let mut ledger = Ledger::default();
        let mut certain = Counts::new();
        disk.arm(Fault::Kill, kill);
        if let Ok(journal) = open(&disk) {
            play(&journal, &disk, &first, &mut told, &mut ledger).map_err(TestCaseError::fail)?;
            certain = told.synced.clone();
        }
        disk.power_cut();
        // Between the two cuts nothing is lost: what the second process found is counted on.
        let journal = open(&disk).unwrap();
        ledger.take_all(&journal).map_err(TestCaseError::fail)?;
        prop_assert!(at_most(&certain, |user| count(&ledger.booked, user)));
        let mut after = Told { open: told.open.clone(), ..Told::default() };
        let before = ledger.booked.clone();
        play(&journal, &disk, &second, &mut after, &mut ledger).map_err(TestCaseError::fail)?;
        for (user, count) in &before {
            *after.synced.entry(user.clone()).or_default() += count;
        }
        for (user, count) in after.accepted {
            *told.accepted.entry(user).or_default() += count;
        }
        told.open = after.open;
        drop(journal);
        disk.power_cut();
        let journal = open(&disk).unwrap();
        settle(&journal, &told, &mut ledger, &after.synced)?;
    }

    #[test]
    fn after_a_failed_write_or_sync_it_refuses_until_reopened_and_then_goes_on(
        first in steps(),
        second in steps(),
        fail in 0_u64..150,
        cut in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let disk = Disk::new(seed);
        let mut told = Told::default();
        let mut ledger = Ledger::default();
        let journal = open(&disk).unwrap();
        disk.arm(Fault::Fail, fail);
        for steps in [&first, &second] {
            play(&journal, &disk, steps, &mut told, &mut ledger).map_err(TestCaseError::fail)?;
        }
        disk.disarm();
        if !cut {
            let certain = told.accepted.clone();
            journal.reopen().unwrap();
            settle(&journal, &told, &mut ledger, &certain)?;
        }
        let certain = if cut { told.synced.clone() } else { ledger.booked.clone() };
        drop(journal);
        disk.power_cut();
        let journal = open(&disk).unwrap();
        settle(&journal, &told, &mut ledger, &certain)?;
    }
}

#[test]
fn a_full_journal_refuses_shares_and_takes_them_again_when_the_ledger_has_taken_batches() {
    let disk = Disk::new(1);
    let options = JournalOptions {
        sync_every: None,
        segment_bytes: 8 * 1024,
        ..JournalOptions::new("main", 128 * 1024, 1_000_000)
    };
    let journal = ShareJournal::open(Path::new(DIRECTORY), options, disk.clone()).unwrap();
    let job = set(1_000);
    let mut accepted = 0;
    let mut number = 0_u32;
    let error = loop {
        number += 1;
        let mut records = shares(0, 1, &job);
        records[0].worker = format!("rig{number}").into();
        match journal.append(&records) {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
        if number.is_multiple_of(50) {
            journal.close(false).unwrap();
        }
    };
    assert!(matches!(error, JournalError::Full { .. }), "{error}");
    assert_eq!(journal.status().state, JournalState::Full);
    assert!(
        disk.bytes() <= 128 * 1024 + 16 * 1024,
        "{} bytes",
        disk.bytes()
    );
    let mut ledger = Ledger::default();
    journal.close(false).unwrap();
    ledger.take_all(&journal).unwrap();
    assert_eq!(journal.status().state, JournalState::Writable);
    assert_eq!(ledger.booked["user0"], accepted);
    journal.append(&shares(0, 1, &job)).unwrap();
}

#[test]
fn acknowledged_batches_are_kept_for_a_day_and_serve_a_restored_ledger() {
    let disk = Disk::new(1);
    let now = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&now);
    let options = JournalOptions {
        clock: Arc::new(move || clock.load(Ordering::Relaxed)),
        ..options()
    };
    let journal = ShareJournal::open(Path::new(DIRECTORY), options, disk.clone()).unwrap();
    let job = set(1_000);
    let mut ledger = Ledger::default();
    let mut backup = Ledger::default();
    for round in 0..100 {
        journal.append(&shares(1, 10, &job)).unwrap();
        journal.close(false).unwrap();
        ledger.take_all(&journal).unwrap();
        if round == 40 {
            backup = ledger.clone();
        }
    }
    // Restored: it lacks 59 batches, the journal still has them.
    backup.take_all(&journal).unwrap();
    assert_eq!(backup.booked, ledger.booked);
    assert_eq!(journal.oldest_batch(), 1);
    let hours = |hours: u64| {
        Duration::from_secs(hours * 3600)
            .as_millis()
            .try_into()
            .unwrap()
    };
    now.fetch_add(hours(23), Ordering::Relaxed);
    journal.append(&shares(1, 10, &job)).unwrap();
    journal.close(false).unwrap();
    assert_eq!(journal.oldest_batch(), 1);
    now.fetch_add(hours(2), Ordering::Relaxed);
    journal.append(&shares(1, 10, &job)).unwrap();
    journal.close(false).unwrap();
    assert!(
        journal.oldest_batch() > 60,
        "oldest {}",
        journal.oldest_batch()
    );
    assert!(disk.names().len() < 6, "{:?}", disk.names());
}

#[test]
fn unacknowledged_batches_are_never_removed() {
    let disk = Disk::new(1);
    let now = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&now);
    let options = JournalOptions {
        clock: Arc::new(move || clock.load(Ordering::Relaxed)),
        ..options()
    };
    let journal = ShareJournal::open(Path::new(DIRECTORY), options, disk).unwrap();
    let job = set(1_000);
    for _ in 0..100 {
        journal.append(&shares(1, 10, &job)).unwrap();
        journal.close(false).unwrap();
        now.fetch_add(10 * 3_600_000, Ordering::Relaxed);
    }
    assert_eq!(journal.oldest_batch(), 1);
    assert_eq!(journal.status().unshipped, 100);
}

#[test]
fn a_cloned_journal_ends_in_another_digest_for_the_same_number() {
    let disk = Disk::new(1);
    let job = set(1_000);
    let journal = open(&disk).unwrap();
    journal.append(&shares(1, 10, &job)).unwrap();
    journal.close(false).unwrap();
    let clone = disk.clone_volume();
    let other = open(&clone).unwrap();
    assert_eq!(journal.producer(), other.producer());
    let mut ledger = Ledger::default();
    journal.append(&shares(1, 5, &job)).unwrap();
    other.append(&shares(2, 6, &job)).unwrap();
    journal.close(false).unwrap();
    other.close(false).unwrap();
    ledger.take_all(&journal).unwrap();
    let refused = ledger.take_all(&other).unwrap_err();
    assert!(refused.contains("another batch 2"), "{refused}");
    assert_eq!(count(&ledger.booked, "user2"), 0);
    other.conflict(refused);
    let error = other.append(&shares(2, 1, &job)).unwrap_err();
    assert!(matches!(error, JournalError::Conflict { .. }));
    assert!(matches!(
        other.close(true),
        Err(JournalError::Conflict { .. })
    ));
    assert!(matches!(other.reopen(), Err(JournalError::Conflict { .. })));
}

#[test]
fn a_second_process_is_refused_with_the_pid_of_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let open = || ShareJournal::open(directory.path(), options(), ngstratum::journal::SystemFiles);
    let first = open().unwrap();
    let error = open().map(|_| ()).unwrap_err().to_string();
    assert!(
        error.contains(&format!("in use by process {}", std::process::id())),
        "{error}"
    );
    drop(first);
    open().unwrap();
}

#[test]
fn damage_in_a_synced_file_is_reported_with_its_place_instead_of_skipped() {
    let disk = Disk::new(1);
    let journal = open(&disk).unwrap();
    let job = set(1_000);
    for _ in 0..60 {
        journal.append(&shares(1, 10, &job)).unwrap();
        journal.close(false).unwrap();
    }
    drop(journal);
    disk.damage("batches-00000000000000000001", 100);
    let error = open(&disk).map(|_| ()).unwrap_err();
    assert!(matches!(&error, JournalError::Damaged { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("batches-00000000000000000001.log is damaged at byte")
    );
}

#[test]
fn real_files_survive_a_reopening_and_are_cut_when_their_slices_are_closed() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        ShareJournal::open(
            directory.path(),
            JournalOptions::new("main", 64 * 1024 * 1024, 1_000),
            ngstratum::journal::SystemFiles,
        )
        .unwrap()
    };
    let job = set(1_000);
    let journal = open();
    let producer = journal.producer();
    journal.append(&shares(1, 5_000, &job)).unwrap();
    journal.append(&shares(2, 1, &set(9))).unwrap();
    drop(journal);
    let journal = open();
    assert_eq!(journal.producer(), producer);
    assert_eq!(journal.status().last_batch, 1);
    journal.append(&shares(3, 7, &job)).unwrap();
    assert_eq!(journal.close(false).unwrap(), 2);
    let mut ledger = Ledger::default();
    ledger.take_all(&journal).unwrap();
    let booked: Vec<u64> = ledger.booked.values().copied().collect();
    assert_eq!(booked, [5_000, 1, 7]);
    let raws = std::fs::read_dir(directory.path())
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("raw-")
        })
        .count();
    assert_eq!(raws, 1);
}

#[test]
fn threads_that_append_at_once_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let journal = ShareJournal::open(
        directory.path(),
        JournalOptions::new("main", 256 * 1024 * 1024, 1_000),
        ngstratum::journal::SystemFiles,
    )
    .unwrap();
    std::thread::scope(|scope| {
        for user in 0..4_u8 {
            let journal = &journal;
            scope.spawn(move || {
                let job = set(1_000);
                for _ in 0..500 {
                    journal.append(&shares(user, 3, &job)).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                journal.close(true).unwrap();
            }
        });
    });
    journal.close(false).unwrap();
    let mut ledger = Ledger::default();
    ledger.take_all(&journal).unwrap();
    assert_eq!(ledger.booked.len(), 4);
    assert!(
        ledger.booked.values().all(|count| *count == 1_500),
        "{:?}",
        ledger.booked
    );
}
