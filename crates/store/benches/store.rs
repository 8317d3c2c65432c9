//! Ingestion of batches, statistics and windows over them, on a throwaway PostgreSQL.
//!
//! The throwaway server runs with `fsync = off`; `NGPOOL_BENCH_DATABASE` names the owner's URL of an
//! empty database on another one. Setting up the window takes the better part of the time.

#![allow(clippy::unwrap_used, reason = "a benchmark ends where it fails")]

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ngpool_chain::Work;
use ngpool_store::{
    Batch, BatchContents, CurrencySet, CurrencyWeight, Logins, ProducerId, Slice, StatisticsLimits,
    Store, StoreOptions, migrate,
};
use ngpool_testkit::Database;
use tokio::runtime::Runtime;

const CHAIN: &str = "main";
const USERS: u64 = 10_000;
/// Slices of a transaction, and the shares in them.
const INGEST_BATCHES: u64 = 8;
const INGEST_SLICES: u64 = 2_500;
/// The window: 31 loose batches and as many chunks of the first level at either end, 10^8 shares.
const WINDOW_BATCHES: u64 = 3 * 1_024 - 1;
const WINDOW_SLICES: u64 = 600;
const WINDOW_SHARES: u64 = 100_000_000 / (WINDOW_BATCHES * WINDOW_SLICES) + 1;

struct Journal {
    producer: ProducerId,
    number: u64,
    digest: [u8; 32],
    user: u64,
}

/// A batch as it comes off the wire.
struct Shipped {
    number: u64,
    previous: [u8; 32],
    digest: [u8; 32],
    content: Vec<u8>,
}

impl Journal {
    fn new(id: u8) -> Self {
        Self {
            producer: ProducerId([id; 16]),
            number: 1,
            digest: [0; 32],
            user: 0,
        }
    }

    fn ship(&mut self, slices: u64, shares: u64) -> Shipped {
        let slices = (0..slices).map(|_| {
            // A stride that is coprime to the number of users visits all of them.
            self.user = (self.user + 7_919) % USERS;
            Slice {
                user: format!("ltc1q{:038}", self.user),
                worker: "rig1".to_owned(),
                set: 0,
                work: Work(65_536 * 512 * u128::from(shares)),
                shares,
                weights: vec![CurrencyWeight {
                    expected_blocks: 1 << 40,
                    value: 1 << 60,
                }],
            }
        });
        let contents = BatchContents {
            port: "ltc".to_owned(),
            closed_at: now(),
            sets: CurrencySet::new(["LTC"]).into_iter().collect(),
            slices: slices.collect(),
            rejects: Vec::new(),
        };
        let content = contents.encode();
        let digest = Batch::digest_of(&self.digest, self.number, &content);
        let shipped = Shipped {
            number: self.number,
            previous: self.digest,
            digest,
            content,
        };
        self.number += 1;
        self.digest = digest;
        shipped
    }

    fn receive(&self, shipped: Shipped) -> Batch {
        let Shipped {
            number,
            previous,
            digest,
            content,
        } = shipped;
        Batch::verify(self.producer, number, previous, digest, content).unwrap()
    }
}

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn fresh() -> Store {
    let (owner, ledger) = if let Ok(url) = std::env::var("NGPOOL_BENCH_DATABASE") {
        (url.clone(), url)
    } else {
        let database = Database::create().await.unwrap();
        (database.owner_url(), database.url_of("ledger"))
    };
    migrate(&owner, &Logins::without_passwords()).await.unwrap();
    let store = Store::open(&ledger, &StoreOptions::default()).unwrap();
    store.open_sharechain(CHAIN, now()).await.unwrap();
    store
}

/// One transaction of 20,000 slices and 100,000 shares, from the bytes on the wire to the commit.
fn ingestion(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(fresh());
    let mut journal = Journal::new(1);
    let mut group = criterion.benchmark_group("ledger");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(INGEST_BATCHES * INGEST_SLICES));
    group.bench_function("slices made durable", |bencher| {
        bencher.to_async(&runtime).iter_custom(|iterations| {
            let groups: Vec<Vec<Shipped>> = (0..iterations)
                .map(|_| {
                    (0..INGEST_BATCHES)
                        .map(|_| journal.ship(INGEST_SLICES, 5))
                        .collect()
                })
                .collect();
            let (store, producer) = (store.clone(), journal.producer);
            async move {
                let reader = Journal {
                    producer,
                    ..Journal::new(0)
                };
                let begin = Instant::now();
                for shipped in groups {
                    let batches: Vec<Batch> = shipped
                        .into_iter()
                        .map(|shipped| reader.receive(shipped))
                        .collect();
                    let receipts = store.store_batches(CHAIN, &batches, now()).await.unwrap();
                    assert_eq!(receipts.len(), batches.len());
                }
                begin.elapsed()
            }
        });
    });
    group.throughput(Throughput::Elements(USERS));
    let limits = StatisticsLimits {
        workers_per_user: 1_000,
    };
    let count_all = async |store: &Store| {
        while store.count_statistics(CHAIN, &limits).await.unwrap() > 0 {}
    };
    runtime.block_on(count_all(&store));
    group.bench_function("slices counted in the statistics", |bencher| {
        bencher.to_async(&runtime).iter_custom(|iterations| {
            let batches: Vec<Batch> = (0..iterations)
                .map(|_| {
                    let shipped = journal.ship(USERS, 1);
                    journal.receive(shipped)
                })
                .collect();
            let store = store.clone();
            async move {
                let mut spent = Duration::ZERO;
                for batch in batches {
                    store.store_batch(CHAIN, &batch, now()).await.unwrap();
                    let begin = Instant::now();
                    count_all(&store).await;
                    spent += begin.elapsed();
                }
                spent
            }
        });
    });
    group.finish();
}

/// The work of 10,000 users in a window of 10^8 shares, its ends away from every boundary of chunks.
fn window(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(async {
        let store = fresh().await;
        let mut journal = Journal::new(2);
        let mut left = WINDOW_BATCHES;
        while left > 0 {
            let batches: Vec<Batch> = (0..left.min(32))
                .map(|_| {
                    let shipped = journal.ship(WINDOW_SLICES, WINDOW_SHARES);
                    journal.receive(shipped)
                })
                .collect();
            left -= batches.len() as u64;
            store.store_batches(CHAIN, &batches, now()).await.unwrap();
            while store.seal(CHAIN, now()).await.unwrap().more {}
        }
        store
    });
    // All but the oldest batch, which is cut in its middle.
    let share = 65_536 * 512;
    let whole = u128::from((WINDOW_BATCHES - 1) * WINDOW_SLICES * WINDOW_SHARES) * share;
    let length = Work(whole + 12_345 * share);
    let mut group = criterion.benchmark_group("pplns");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    group.bench_function("window of 1e8 shares by 10,000 users", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let window = store
                .work_in_window(CHAIN, "LTC", WINDOW_BATCHES, length)
                .await
                .unwrap();
            assert_eq!(window.total, length);
            assert_eq!(window.users.len() as u64, USERS);
        });
    });
    group.finish();
}

criterion_group!(benches, ingestion, window);
criterion_main!(benches);
