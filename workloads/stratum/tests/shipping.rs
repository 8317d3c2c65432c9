//! Journals and ledgers together: PostgreSQL away, databases from backups, copied journals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where it fails"
)]

#[path = "../../ledger/tests/support/ledgers.rs"]
mod support;

use std::{path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_chain::{Amount, BlockHash, Height, Txid, Work};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_runtime::Metrics;
use ngpool_store::BlockKey;
use ngstratum::{
    journal::{
        BlockJournal, JobCurrency, JournalOptions, JournalState, ShareJournal, ShareRecord,
        SolvedBlock, SystemFiles, WeightSet,
    },
    ship::{self, Shipping},
};
use support::{
    Cluster, RunningLedger, SHARECHAIN, booked, booked_up_to, shared_database, store, until,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The part of a stratum server that ships.
struct Server {
    journal: Arc<ShareJournal>,
    blocks: Arc<BlockJournal>,
    ledger: watch::Sender<String>,
    set: Arc<WeightSet>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    accepted: u128,
}

impl Server {
    fn start(directory: &Path, ledger: &str) -> Self {
        let options = JournalOptions::new("public", 256 * 1024 * 1024, 1_000);
        let journal = ShareJournal::open(&directory.join("shares"), options, SystemFiles).unwrap();
        let blocks = BlockJournal::open(
            &directory.join("blocks"),
            Arc::new(support::now_ms),
            SystemFiles,
        )
        .unwrap();
        let (sender, ledger) = watch::channel(ledger.to_owned());
        let shipping = Shipping {
            security: ngpool_rpc::Security::Plain,
            journal: Arc::new(journal),
            blocks: Arc::new(blocks),
            ledger,
        };
        let (journal, blocks) = (Arc::clone(&shipping.journal), Arc::clone(&shipping.blocks));
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            ship::run(shipping, &Metrics::new(), stopped).await;
        });
        let set = Arc::new(WeightSet {
            currencies: vec![JobCurrency {
                code: "LTC".to_owned(),
                network_work: Work(1_000),
                coinbase_value: Amount(5_000),
            }],
        });
        Self {
            journal,
            blocks,
            ledger: sender,
            set,
            stop,
            task,
            accepted: 0,
        }
    }

    fn accept(&mut self, user: &str, work: u128) {
        let share = ShareRecord {
            user: user.into(),
            worker: "rig".into(),
            work: Work(work),
            set: Arc::clone(&self.set),
        };
        self.journal.append(&[share]).unwrap();
        self.accepted += work;
    }

    async fn close(&self) {
        let journal = Arc::clone(&self.journal);
        tokio::task::spawn_blocking(move || journal.close(false))
            .await
            .unwrap()
            .unwrap();
    }

    async fn drain(&self) {
        ship::drain(&self.journal, &self.blocks, support::PATIENCE)
            .await
            .unwrap();
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

fn solved(number: u8) -> SolvedBlock {
    SolvedBlock {
        currency: "LTC".to_owned(),
        hash: BlockHash::from_bytes([number; 32]),
        height: Height(u32::from(number)),
        previous_hash: BlockHash::from_bytes([9; 32]),
        bits: 0x207f_ffff,
        sharechain: SHARECHAIN.to_owned(),
        port: "public".to_owned(),
        user: "alice".to_owned(),
        worker: "rig".to_owned(),
        coinbase_txid: Txid::from_bytes([8; 32]),
        reward: Amount(5_000_000_000),
        coinbase_vout: 0,
        script: Bytes::from_static(&[0, 20]),
        found_ms: support::now_ms(),
        pow_hash: [7; 32],
        node: "node-a".to_owned(),
        template_id: Bytes::from_static(b"t1"),
        header: Bytes::from(vec![1; 80]),
        coinbase: Bytes::from(vec![2; 150]),
        block: None,
        proof: Bytes::new(),
    }
}

async fn total(url: &str) -> u128 {
    let books = booked(&store(url)).await.unwrap();
    books.into_iter().map(|(_, work)| work).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn miners_notice_nothing_while_postgresql_is_away_and_every_share_is_booked_once() {
    let cluster = Cluster::start().await.unwrap();
    let database = cluster.database().await.unwrap();
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), &ledger.url);
    for _ in 0..3 {
        for share in 0..50 {
            server.accept(&format!("user{}", share % 7), 10);
            if share == 20 {
                server.close().await;
            }
            if share == 25 {
                cluster.stop().await.unwrap();
            }
        }
        server.close().await;
        until("the ledger says that the database is away", || async {
            !ledger.program.health.report().ready
        })
        .await;
        assert_eq!(server.journal.status().state, JournalState::Writable);
        cluster.resume().await.unwrap();
        server.drain().await;
        assert_eq!(total(&database.owner_url).await, server.accepted);
    }
    ledger.until_ready().await;
    server.stop().await;
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_restored_from_a_backup_gets_the_older_batches_and_blocks_again() {
    let cluster = Cluster::start().await.unwrap();
    let database = cluster.database().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let mut server = Server::start(directory.path(), &ledger.url);
    for _ in 0..5 {
        server.accept("alice", 10);
        server.close().await;
    }
    server.drain().await;
    ledger.stop().await;
    let backup = database.copy().unwrap();

    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    server.ledger.send_replace(ledger.url.clone());
    server.blocks.append(&solved(1)).unwrap();
    for _ in 0..5 {
        server.accept("bob", 10);
        server.close().await;
    }
    server.blocks.finished(solved(1).hash).unwrap();
    server.drain().await;
    assert_eq!(total(&database.owner_url).await, 100);
    ledger.stop().await;

    let restored = RunningLedger::ready(&backup.ledger_url, |settings| {
        settings.cut_wait_ms = 200;
    })
    .await;
    server.ledger.send_replace(restored.url.clone());
    server.accept("carol", 1);
    until("the restored books have everything", || async {
        server.close().await;
        total(&backup.owner_url).await == 101
    })
    .await;
    let key = BlockKey {
        currency: "LTC".to_owned(),
        hash: solved(1).hash,
    };
    let books = store(&backup.owner_url);
    until("the block is reported again", || async {
        books.block_state(&key).await.unwrap().is_some()
    })
    .await;
    server.drain().await;
    server.stop().await;
    restored.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloned_journal_ends_in_a_conflict_and_books_nothing_twice() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let directory = tempfile::tempdir().unwrap();
    let clone = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), &ledger.url);
    server.accept("alice", 10);
    server.drain().await;
    // Open shares are cloned too: the clone closes them into a batch of its own.
    server.accept("alice", 5);
    copy(directory.path(), clone.path());
    server.drain().await;
    server.accept("alice", 7);
    server.drain().await;
    let mut other = Server::start(clone.path(), &ledger.url);
    assert_eq!(other.journal.producer(), server.journal.producer());
    until("the clone is refused", || async {
        matches!(other.journal.status().state, JournalState::Conflict(_))
    })
    .await;
    let share = ShareRecord {
        user: "mallory".into(),
        worker: "".into(),
        work: Work(1),
        set: Arc::clone(&other.set),
    };
    let error = other.journal.append(&[share]).unwrap_err().to_string();
    assert!(error.contains("a person has to decide"), "{error}");
    assert!(
        ship::drain(&other.journal, &other.blocks, Duration::from_secs(1))
            .await
            .is_err()
    );
    other.accepted = 0;
    assert_eq!(total(&database.owner_url).await, server.accepted);
    // The one that counts goes on.
    server.accept("alice", 1);
    server.drain().await;
    assert_eq!(total(&database.owner_url).await, 23);
    other.stop().await;
    server.stop().await;
    ledger.stop().await;
}

fn copy(from: &Path, to: &Path) {
    for part in ["shares", "blocks"] {
        std::fs::create_dir_all(to.join(part)).unwrap();
        for entry in std::fs::read_dir(from.join(part)).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), to.join(part).join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solved_block_is_reported_at_once_and_cut_with_the_share_that_solved_it() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |settings| {
        // The test would fail by time if the cut waited for anything but the servers.
        settings.cut_wait_ms = 50_000;
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), &ledger.url);
    until("the server follows", || async {
        ledger
            .program
            .metrics
            .text()
            .unwrap()
            .contains("ngpool_ledger_followers 1\n")
    })
    .await;
    server.accept("alice", 10);
    server.blocks.append(&solved(2)).unwrap();
    server
        .blocks
        .answered(solved(2).hash, "node-a", SubmitOutcome::Accepted, "")
        .unwrap();
    server.blocks.finished(solved(2).hash).unwrap();
    let books = store(&database.owner_url);
    let key = BlockKey {
        currency: "LTC".to_owned(),
        hash: solved(2).hash,
    };
    until("the block is cut", || async {
        !books.cuts(&key).await.unwrap().is_empty()
    })
    .await;
    let cut = books.cuts(&key).await.unwrap().remove(0);
    assert!(
        cut.terms.unanswered.is_empty(),
        "{:?}",
        cut.terms.unanswered
    );
    let window = booked_up_to(&books, cut.pos).await.unwrap();
    assert_eq!(window, [("alice".to_owned(), 10)]);
    server.drain().await;
    server.stop().await;
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_goes_on_where_its_journal_ends() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let directory = tempfile::tempdir().unwrap();
    let mut accepted = 0;
    for round in 0..5 {
        let mut server = Server::start(directory.path(), &ledger.url);
        for _ in 0..20 {
            server.accept("alice", 3);
        }
        if round % 2 == 0 {
            server.close().await;
        }
        accepted += server.accepted;
        // Not drained: what is open stays in the raw file.
        server.stop().await;
    }
    let server = Server::start(directory.path(), &ledger.url);
    server.drain().await;
    assert_eq!(total(&database.owner_url).await, accepted);
    server.stop().await;
    ledger.stop().await;
}
