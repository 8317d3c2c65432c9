//! What an accepted share costs in the journal, and what closing a slice costs.
//!
//! `cargo bench -p ngstratum --bench journal`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement ends where it fails"
)]
#![allow(missing_docs, reason = "made by macros")]

use std::{hint::black_box, sync::Arc};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ngpool_chain::{Amount, Work};
use ngstratum::journal::{
    JobCurrency, JournalOptions, ShareJournal, ShareRecord, SystemFiles, WeightSet,
};

const MINERS: usize = 1_000;

fn records() -> Vec<ShareRecord> {
    let set = Arc::new(WeightSet {
        currencies: vec![JobCurrency {
            code: "LTC".to_owned(),
            network_work: Work(1 << 70),
            coinbase_value: Amount(625_000_000),
        }],
    });
    (0..MINERS)
        .map(|miner| ShareRecord {
            user: format!("ltc1q{miner:038}").into(),
            worker: "rig1".into(),
            work: Work(1 << 32),
            set: Arc::clone(&set),
        })
        .collect()
}

fn journal(directory: &std::path::Path) -> Result<ShareJournal, ngstratum::journal::JournalError> {
    let options = JournalOptions::new("main", 8 * 1024 * 1024 * 1024, 1_000);
    ShareJournal::open(directory, options, SystemFiles)
}

fn append(criterion: &mut Criterion) {
    let records = records();
    let mut group = criterion.benchmark_group("journal append");
    for at_once in [1, 8, 64] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let journal = journal(directory.path()).expect("a journal");
        let mut parts = records.chunks(at_once).cycle();
        let mut appended = 0;
        group.throughput(Throughput::Elements(at_once as u64));
        group.bench_function(BenchmarkId::from_parameter(at_once), |bencher| {
            bencher.iter(|| {
                let part = parts.next().expect("a cycle has no end");
                journal
                    .append(black_box(part))
                    .expect("room in the journal");
                appended += part.len();
                if appended >= 200_000 {
                    // As a server does, so that raw shares do not pile up.
                    appended = 0;
                    journal.close(false).expect("a closed slice");
                }
            });
        });
    }
    group.finish();
}

fn close(criterion: &mut Criterion) {
    let records = records();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let journal = journal(directory.path()).expect("a journal");
    criterion.bench_function("journal close of 1,000 slices", |bencher| {
        bencher.iter_batched(
            || journal.append(&records).expect("room in the journal"),
            |()| journal.close(false).expect("a closed slice"),
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, append, close);
criterion_main!(benches);
