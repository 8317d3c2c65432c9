//! Batches over gRPC into a PostgreSQL with its usual settings, each acknowledged when committed.
//!
//! `cargo bench -p ngledger --bench ingestion`
//!
//! Elements are slices; each stands for as many shares as its miner had in 2 seconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement ends where it fails"
)]
#![allow(missing_docs, reason = "made by macros")]

#[path = "../tests/support/ledgers.rs"]
mod support;

use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ngpool_rpc::v1::{Batch, ShipOutcome};
use support::{Cluster, Producer, RunningLedger};

/// Batches each producer ships one after the other in one measurement.
const BATCHES: usize = 4;

fn ingestion(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (cluster, ledger) = runtime.block_on(async {
        let cluster = Cluster::durable().await.expect("a PostgreSQL");
        let database = cluster.database().await.expect("a database");
        let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
        (cluster, ledger)
    });
    let mut group = criterion.benchmark_group("ledger ingestion");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    for (producers, slices) in [(1, 1_000), (8, 1_000), (32, 100)] {
        group.throughput(Throughput::Elements((producers * BATCHES * slices) as u64));
        let name = format!("{producers} servers of {slices} slices");
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter_custom(|iterations| {
                let mut time = Duration::ZERO;
                for _ in 0..iterations {
                    let batches: Vec<Vec<Batch>> =
                        (0..producers).map(|_| prepare(slices)).collect();
                    time += runtime.block_on(ship(&ledger, batches));
                }
                time
            });
        });
    }
    group.finish();
    runtime.block_on(ledger.stop());
    drop(cluster);
}

fn prepare(slices: usize) -> Vec<Batch> {
    let users: Vec<String> = (0..slices).map(|user| format!("ltc1q{user:038}")).collect();
    let work: Vec<(&str, u128)> = users.iter().map(|user| (user.as_str(), 1 << 40)).collect();
    let mut producer = Producer::new();
    (0..BATCHES).map(|_| producer.next(&work)).collect()
}

async fn ship(ledger: &RunningLedger, batches: Vec<Vec<Batch>>) -> Duration {
    let client = ledger.client().await;
    let started = Instant::now();
    let tasks: Vec<_> = batches
        .into_iter()
        .map(|batches| {
            let mut client = client.clone();
            tokio::spawn(async move {
                for batch in batches {
                    let reply = client.ship(batch).await.expect("a reply").into_inner();
                    assert_eq!(reply.outcome(), ShipOutcome::Stored);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a server that ships");
    }
    started.elapsed()
}

criterion_group!(benches, ingestion);
criterion_main!(benches);
