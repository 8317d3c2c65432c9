//! The progress view, as a terminal shows it.

use std::{fs::File, io::Write};

use ngpool::miner::{Miner, MinerOptions};
use ngpool_chain::Algorithm;
use nix::{sys::stat::Mode, unistd::mkfifo};
use tokio::time::{Instant, sleep};

use crate::{
    files::{Pool, address},
    running::{PATIENCE, Running},
};

/// Clears the screen from the first line of the view on.
const CLEAR: &str = "\x1b[J";

/// The view that is on the screen.
fn shown(log: &str) -> &str {
    log.rsplit(CLEAR).next().unwrap_or_default()
}

#[tokio::test]
async fn a_terminal_shows_the_pool_at_work_and_ctrl_c_drains_it() {
    let pool = Pool::new();
    pool.write("currency.yaml", &pool.currency(15));
    let path = pool.path().join("keys");
    mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
    // Both ends at once, so that neither waits for the other.
    let mut keys = File::options().read(true).write(true).open(&path).unwrap();
    let up = Running::on_terminal(&pool, keys.try_clone().unwrap());
    let mut options = MinerOptions::new(
        pool.stratum_url().parse().unwrap(),
        format!("{}.rig", address(1)),
    );
    options.algorithm = Some(Algorithm::Scrypt);
    options.limit = Some(400.0);
    let miner = Miner::start(options);

    let wanted = [
        "Pool of a test  API http://127.0.0.1:",
        "├─ nodes",
        "a (LTC)  ready  height ",
        "b (LTC)  ready  height ",
        " peers  template ",
        "├─ ports",
        "main (LTC)  ready  1 connections  ",
        "H/s  stratum+tcp://",
        "├─ programs",
        "ngledger main  ready",
        "settle LTC  ready",
        "├─ shares of a day",
        " accepted",
        "├─ blocks",
        " confirmations  ",
        "└─ balances",
        "LTC  immature ",
        "  drift 0",
    ];
    let deadline = Instant::now() + PATIENCE;
    loop {
        let log = up.log();
        let view = shown(&log);
        let missing: Vec<_> = wanted.iter().filter(|it| !view.contains(**it)).collect();
        if missing.is_empty() {
            break;
        }
        assert!(up.is_running(), "ended early:\n{log}");
        assert!(Instant::now() < deadline, "never {missing:?}:\n{view}");
        sleep(std::time::Duration::from_millis(100)).await;
    }
    // It is redrawn in place: up to its first line, and cleared from there.
    assert!(up.log().contains("F\x1b[J"), "{}", up.log());

    keys.write_all(b"\x03").unwrap();
    let log = up.ended().await;
    let end = shown(&log);
    assert!(end.contains("stopped"), "{end}");
    assert!(!end.contains("├─"), "the view stays behind: {end}");
    drop(miner);
}
