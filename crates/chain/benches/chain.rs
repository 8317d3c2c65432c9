//! The hot paths: a share's check, a template's way to a job, and the text of a notify.
//!
//! `cargo bench -p ngpool-chain`

#![allow(clippy::expect_used, missing_docs)] // A benchmark of bad data ends.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ngpool_chain::{
    Algorithm, CoinbaseSpec, Difficulty, Job, Network, PowHash, ProcessTag, Target, Template,
    assemble_block, hash_many, sha256d, stratum_v1,
};
use serde_json::{Value, json};

const TRANSACTIONS: u32 = 2_000;

/// An answer of getblocktemplate with 2,000 transactions of 400 bytes.
fn answer() -> Value {
    let transactions: Vec<Value> = (0..TRANSACTIONS)
        .map(|number| {
            let id = hex::encode(sha256d(&number.to_le_bytes()));
            json!({"txid": id, "hash": id, "data": hex::encode([number.to_le_bytes()[0]; 400])})
        })
        .collect();
    json!({
        "version": 0x2000_0000,
        "rules": ["csv", "!segwit", "taproot", "!mweb"],
        "previousblockhash": "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
        "transactions": transactions,
        "coinbasevalue": 625_000_000,
        "mintime": 1_700_000_000,
        "curtime": 1_700_000_100,
        "bits": "1a00d3d8",
        "height": 2_600_000,
        "default_witness_commitment": format!("6a24aa21a9ed{}", "55".repeat(32)),
        "mweb": "00".repeat(10_000),
    })
}

fn template(answer: &Value) -> Template {
    let network = Network::preset("litecoin").expect("a preset");
    Template::from_gbt(answer, &network).expect("a good template")
}

fn job(template: &Template) -> Job {
    let script = Bytes::from_static(&[0x51; 22]);
    let process = ProcessTag::new([7; 8]).expect("no marker");
    let tag = Bytes::from_static(b"/ngpool/");
    let spec = CoinbaseSpec::of(&template.head, script, process, tag);
    Job::new(&template.head, &spec).expect("a job")
}

fn share_check(c: &mut Criterion) {
    let job = job(&template(&answer()));
    let mut group = c.benchmark_group("share check");
    group.throughput(Throughput::Elements(1));
    for (name, algorithm) in [
        ("sha256d", Algorithm::Sha256d),
        ("scrypt", Algorithm::Scrypt),
    ] {
        let target = Target::from_difficulty(Difficulty(1.0), algorithm).expect("a target");
        let mut number = 0_u32;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                number = number.wrapping_add(1);
                let en1 = number.to_be_bytes();
                let header = job.header(en1, [3; 8], job.version, job.time, number);
                black_box(target.is_met_by(&header.pow_hash(algorithm)))
            });
        });
    }
    let headers: Vec<_> = (0..64)
        .map(|number| job.header([0; 4], [3; 8], job.version, job.time, number))
        .collect();
    let mut hashes = vec![PowHash::default(); headers.len()];
    group.throughput(Throughput::Elements(64));
    group.bench_function("scrypt, 64 at once", |bencher| {
        bencher.iter(|| hash_many(Algorithm::Scrypt, black_box(&headers), &mut hashes));
    });
    group.finish();
}

fn template_to_job(c: &mut Criterion) {
    let answer = answer();
    let text = answer.to_string();
    let mut group = c.benchmark_group("template with 2,000 transactions");
    let network = Network::preset("litecoin").expect("a preset");
    group.bench_function("text to template", |bencher| {
        bencher.iter(|| Template::from_gbt_text(black_box(text.as_bytes()), &network));
    });
    group.bench_function("value to template", |bencher| {
        bencher.iter(|| template(&answer));
    });
    let template = template(&answer);
    group.bench_function("template to job", |bencher| bencher.iter(|| job(&template)));
    let job = job(&template);
    let header = job.header([0; 4], [0; 8], job.version, job.time, 0);
    let coinbase = job.coinbase([0; 4], [0; 8]);
    group.bench_function("solve to block", |bencher| {
        bencher.iter_batched(
            || (),
            |()| assemble_block(&header, &coinbase, &template.head, &template.body),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn notify(c: &mut Criterion) {
    let job = job(&template(&answer()));
    c.bench_function("notify, whole", |bencher| {
        bencher.iter(|| stratum_v1::notify_line(black_box(&job), "1a2b", true));
    });
    let notify = stratum_v1::Notify::new(&job);
    c.bench_function("notify, another id", |bencher| {
        bencher.iter(|| black_box(&notify).line("1a2b", true));
    });
}

criterion_group!(benches, share_check, template_to_job, notify);
criterion_main!(benches);
