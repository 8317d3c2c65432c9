//! Every target over its seeds, and over small changes to them that are the same in every run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use ngpool_fuzz::{Mutator, TARGETS, Target};

/// Longest mutation: longer ones only take longer.
const LONGEST: usize = 64 * 1024;

fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target.name)
}

fn seeds(target: &Target) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder(target)).unwrap_or_else(|error| {
        panic!(
            "{} has no seeds in {}: {error}",
            target.name,
            folder(target).display()
        )
    });
    let mut seeds: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{} has no seeds", target.name);
    seeds
}

/// Runs a target; what it panics about is told with the input, as a file that can be made a seed.
fn run(target: &Target, name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (target.run)(input))) {
        let path = std::env::temp_dir().join(format!("ngpool-fuzz-{}-{name}", target.name));
        fs::write(&path, input).unwrap();
        eprintln!("{} does not hold for {}", target.name, path.display());
        std::panic::resume_unwind(panic);
    }
}

fn run_all(target: &Target) {
    let seeds = seeds(target);
    for (name, seed) in &seeds {
        run(target, name, seed);
    }
    run(target, "empty", &[]);
    let mut mutator = Mutator::new(7);
    for number in 0..target.mutations as usize {
        let (name, seed) = &seeds[number % seeds.len()];
        let (_, other) = &seeds[number / seeds.len() % seeds.len()];
        let mut input = mutator.mutate(seed, other);
        input.truncate(LONGEST);
        run(target, &format!("{name}-{number}"), &input);
    }
}

/// One test a target, so that they run side by side and a failure names its target.
macro_rules! holds {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            let target = TARGETS.iter().find(|target| target.name == stringify!($name));
            run_all(target.expect("a target of this name"));
        })*

        #[test]
        fn every_target_is_tested_and_has_its_fuzz_target() {
            let tested = [$(stringify!($name)),*];
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(tested[..], names[..]);
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cargo-fuzz");
            let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
            for name in names {
                let file = fs::read_to_string(root.join(format!("fuzz_targets/{name}.rs"))).unwrap();
                assert!(file.contains(&format!("ngpool_fuzz::{name}(")), "{name}");
                assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
            }
        }
    };
}

holds! {
    address, batch_content, block_journal, block_template, daemon_reply, documents, hexadecimal,
    ledger_messages, miner_lines, objects_yaml, proxy_header, sealed_sums, share_journal,
    signer_descriptor, signer_exchange, signer_psbt, signer_request,
    stratum_line, stratum_session, template_stream, web_cursor, web_request, worker_name,
}
