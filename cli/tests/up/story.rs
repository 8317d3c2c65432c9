//! The whole way: from a real node to a confirmed payout.

use std::{fs, path::Path, process::Stdio};

use ngpool_testkit::{FreePort, Process, process};
use tokio::time::timeout;

use crate::running::PATIENCE;

/// The example's files with ports of this test's own.
fn example(folder: &Path, stratum: &FreePort, web: &FreePort) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/litecoin-regtest");
    for file in fs::read_dir(example).unwrap() {
        let file = file.unwrap();
        let text = fs::read_to_string(file.path())
            .unwrap()
            .replace("port: 3333", &format!("port: {}", stratum.number()))
            .replace("port: 8080", &format!("port: {}", web.number()));
        fs::write(folder.join(file.file_name()), text).unwrap();
    }
}

#[tokio::test]
async fn the_example_mines_through_mweb_and_every_part_is_credited_and_paid() {
    let folder = tempfile::tempdir().unwrap();
    let (stratum, web) = (FreePort::reserve().unwrap(), FreePort::reserve().unwrap());
    let files = folder.path().join("pool");
    fs::create_dir(&files).unwrap();
    example(&files, &stratum, &web);
    let log = folder.path().join("log");
    let file = fs::File::create(&log).unwrap();
    let mut command = process::command(env!("CARGO_BIN_EXE_ngpool"));
    command
        .arg("demo")
        .arg(&files)
        .args(["--once", "--state-dir"])
        .arg(folder.path().join("state"))
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(file);
    let demo = Process::start(command).unwrap();
    let status = timeout(PATIENCE * 2, demo.wait()).await;
    let text = fs::read_to_string(&log).unwrap();
    assert!(status.unwrap().unwrap().success(), "{text}");
    let story = [
        "shares: fast",
        "found by",
        "MWEB is active",
        "accepted and immature",
        "is mature: its parts are credited",
        "fast has a balance of",
        "slow has a balance of",
        "audit of block",
        "parts + fee = reward",
        "ngsign runs, pid",
        "a payout is prepared",
        "payout 1 is signed",
        "payout 1 is broadcast",
        "payout 1 is confirmed",
        "payout 1: transaction ",
        "books: drift 0",
        "audit: drift 0",
    ];
    let mut rest = text.as_str();
    for line in story {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("no {line:?} in its place:\n{text}"));
        rest = &rest[at..];
    }
}
