//! Exactly once: a stratum server and its ledger, each a process of its own, are killed at random with
//! SIGKILL while miners work, with PostgreSQL away for a while. Then the books are counted again:
//!
//! ```text
//!  shares told accepted ≤ shares booked ≤ shares told accepted + submits unanswered at a kill
//! ```
//!
//! for every miner, and every block that reached a node stands in the books and is cut.
//!
//! 50 kills, or as many as `NGPOOL_KILLS` says. The binary starts itself again for the ledger.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where it fails"
)]

#[path = "exactly_once/miners.rs"]
mod miners;
#[allow(dead_code, reason = "shared with the tests of the port")]
#[path = "port/support/node.rs"]
mod node;
#[path = "exactly_once/programs.rs"]
mod programs;

use std::{collections::BTreeSet, time::Duration};

use miners::{Miners, Told};
use ngpool_chain::{BlockHash, Work};
use ngpool_store::{BlockKey, Logins, Store, StoreOptions, migrate};
use ngpool_testkit::Postgres;
use node::{FakeNode, Sent, Tip};
use programs::{CURRENCY, Programs, SHARECHAIN};
use rand::RngExt;
use tokio::time::Instant;

const NAME: &str = "killed_processes_lose_no_share_and_book_none_twice";

/// Longest wait for anything that must happen.
const PATIENCE: Duration = Duration::from_mins(2);

const MINERS: u8 = 8;

fn main() {
    if let Some(document) = std::env::var_os(programs::LEDGER_VARIABLE) {
        programs::ledger(document.as_ref());
        return;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut filters = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'))
        .peekable();
    let wanted = filters.peek().is_none() || filters.any(|filter| NAME.contains(filter.as_str()));
    if arguments.iter().any(|argument| argument == "--list") {
        println!("{NAME}: test");
        return;
    }
    if !wanted || arguments.iter().any(|argument| argument == "--ignored") {
        println!("0 of 1 tests chosen");
        return;
    }
    let kills = std::env::var("NGPOOL_KILLS").map_or(50, |text| {
        text.parse()
            .expect("NGPOOL_KILLS is the number of kills, such as 1000")
    });
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(killed_processes_lose_no_share_and_book_none_twice(kills));
    println!("test {NAME} ... ok");
}

async fn killed_processes_lose_no_share_and_book_none_twice(kills: u32) {
    let mut postgres = Postgres::start().await.unwrap();
    let database = postgres.create_database().await.unwrap();
    migrate(&database.owner_url(), &Logins::without_passwords())
        .await
        .unwrap();
    let node = FakeNode::start("a").await;
    node.offer(Tip::number(1));
    let mut programs = Programs::start(&database.url_of("ledger"), &node);
    let miners = Miners::start(programs.miners_address(), MINERS);
    let seed = rand::random::<u64>();
    println!("{kills} kills, logs in {}", programs.keep_logs().display());
    let mut random: rand::rngs::StdRng = rand::SeedableRng::seed_from_u64(seed);

    let (away, back) = (kills / 3, kills * 2 / 3);
    for kill in 0..kills {
        if kill == away {
            postgres.stop().await.unwrap();
        }
        if kill == back {
            postgres.resume().await.unwrap();
        }
        // Under load: shares were accepted since the last kill, and more are on their way.
        let before = miners.told().accepted();
        until("shares are accepted after a kill", || async {
            miners.told().accepted() > before + 4
        })
        .await;
        node.offer(Tip::number(1).value(5_000_000_000 + i64::from(kill)));
        // Where in the rhythm of slices, syncs and batches it hits is left to chance.
        tokio::time::sleep(Duration::from_millis(random.random_range(0..600))).await;
        match random.random_range(0..10) {
            0..5 => programs.restart_stratum().await,
            5..9 => programs.restart_ledger().await,
            _ => programs.restart_both().await,
        }
    }

    // A process that has only just begun would not hear that it shall leave.
    let before = miners.told().accepted();
    until("shares are accepted after the last kill", || async {
        miners.told().accepted() > before + 4
    })
    .await;
    let told = miners.stop().await;
    programs.drain_stratum(PATIENCE).await;
    check_shares(&store(&database.owner_url()), &told).await;
    check_blocks(&store(&database.owner_url()), &node).await;
    println!(
        "{kills} kills: {} shares told accepted, {} submits unanswered, {} refused, {} blocks",
        told.accepted(),
        told.unanswered(),
        told.refused(),
        node.sent().len()
    );
    assert!(
        told.accepted() > u64::from(kills) * 4,
        "hardly any load: {told:?}"
    );
    programs.discard_logs();
}

/// What every miner was told against what is booked for him.
async fn check_shares(store: &Store, told: &Told) {
    let head = store.head(SHARECHAIN).await.unwrap();
    let window = store
        .work_in_window(SHARECHAIN, CURRENCY, head, Work(u128::MAX))
        .await
        .unwrap();
    let share = programs::share_work();
    let mut wrong = Vec::new();
    for (user, counts) in told.by_user() {
        let work = window.users.get(user).map_or(0, |work| work.0);
        assert_eq!(work % share, 0, "{user} has a part of a share");
        let booked = u64::try_from(work / share).unwrap();
        let most = counts.accepted + counts.unanswered;
        if booked < counts.accepted || booked > most {
            wrong.push(format!("{user}: {counts:?}, booked {booked}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "the books do not agree with what miners were told: {wrong:#?}"
    );
    assert!(
        window
            .users
            .keys()
            .all(|user| told.by_user().any(|(known, _)| known == user)),
        "somebody is booked who did not mine"
    );
}

/// Every block that a node was sent is in the books, and cut.
async fn check_blocks(store: &Store, node: &FakeNode) {
    let sent: BTreeSet<BlockHash> = node
        .sent()
        .iter()
        .map(Sent::header)
        .map(|header| header.hash())
        .collect();
    for hash in sent {
        let block = BlockKey {
            currency: CURRENCY.to_owned(),
            hash,
        };
        assert!(
            store.block_state(&block).await.unwrap().is_some(),
            "{hash} was never reported"
        );
        until("the block is cut", || async {
            !store.cuts(&block).await.unwrap().is_empty()
        })
        .await;
    }
}

fn store(url: &str) -> Store {
    Store::open(url, &StoreOptions::default()).unwrap()
}

/// Waits until `condition` holds.
async fn until<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
