//! Killed anywhere, away for a while, restored from a backup: the same books in the end.

use ngpool_chain::Work;
use ngpool_store::{Logins, Outcome, ProducerState, Store, StoreError, StoreOptions, migrate};
use ngpool_testkit::Postgres;
use sqlx::AssertSqlSafe;
use tokio::sync::mpsc;

use crate::{
    proxy::{Proxy, Side},
    support::{CHAIN, Journal, Pool, after, block, genesis, slice, start},
};

#[tokio::test]
async fn a_step_cut_at_any_call_and_repeated_ends_in_the_same_books() {
    for side in [Side::Request, Side::Answer] {
        let pool = Pool::fresh().await;
        let proxy = Proxy::before(&pool.database, "payout", side).await;
        let mut journal = Journal::new(1);
        for n in 0..20_u128 {
            pool.store(
                &mut journal,
                vec![slice("alice", 100 + n), slice("bob", 50)],
            )
            .await;
        }
        let mut blocks = 0_u32;
        // Every call until a step comes through uncut, each time on a block of its own.
        for calls in 0.. {
            blocks += 1;
            let report = block(blocks, "alice");
            pool.report_and_cut(&report).await;
            let (split, windows) = pool.split(&report).await;
            let key = &report.key;
            let mut cut = false;
            macro_rules! step {
                ($method:ident($($argument:expr),*)) => {
                    proxy.cut_after(calls);
                    if let Err(error) = proxy.store.$method($($argument),*).await {
                        assert!(error.is_temporary(), "{error}");
                    }
                    cut |= proxy.was_cut();
                    pool.payout.$method($($argument),*).await.unwrap();
                };
            }
            step!(accept_block(key, &split, &windows, after(1)));
            step!(orphan_block(key, "lost", after(2)));
            step!(restore_block(key, after(3)));
            step!(mature_block(key, after(4)));
            step!(orphan_block(key, "late", after(5)));
            step!(restore_block(key, after(6)));
            assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
            if !cut {
                break;
            }
        }
        assert!(blocks > 8, "the longest step has {blocks} calls");
        // All blocks paid the same reward by the same window: one that was not cut, so many times.
        let reward = block(1, "alice").reward.0;
        for (account, amount) in pool.payout.account_balances("LTC").await.unwrap() {
            match account.to_string().as_str() {
                "utxo:spendable" => assert_eq!(amount.0, -reward * i64::from(blocks)),
                "payee:alice" | "payee:bob" | "fee" => {
                    assert_eq!(amount.0 % i64::from(blocks), 0, "{account} {amount}");
                }
                other => panic!("{other} holds {amount}"),
            }
        }
    }
}

#[tokio::test]
async fn a_batch_cut_at_any_call_and_sent_again_is_stored_once() {
    for side in [Side::Request, Side::Answer] {
        let pool = Pool::fresh().await;
        let proxy = Proxy::before(&pool.database, "ledger", side).await;
        let mut journal = Journal::new(1);
        let mut sent = 0_u64;
        let mut repeats = 0;
        for calls in 0.. {
            let batch = journal.batch(vec![slice("alice", 7)]);
            proxy.cut_after(calls);
            if let Err(error) = proxy.store.store_batch(CHAIN, &batch, start()).await {
                assert!(error.is_temporary(), "{error}");
            }
            let cut = proxy.was_cut();
            let again = pool
                .ledger
                .store_batch(CHAIN, &batch, start())
                .await
                .unwrap();
            assert!(matches!(
                again.outcome,
                Outcome::Stored { .. } | Outcome::Repeat
            ));
            repeats += u32::from(cut && again.outcome == Outcome::Repeat);
            sent += 1;
            assert_eq!(pool.ledger.head(CHAIN).await.unwrap(), sent);
            if !cut {
                break;
            }
        }
        assert!(sent > 6, "a batch takes {sent} calls");
        // A commit whose answer was lost is found again.
        assert!(side == Side::Request || repeats > 0);
        let window = pool
            .payout
            .work_in_window(CHAIN, "LTC", sent, Work(u128::MAX))
            .await
            .unwrap();
        assert_eq!(window.total, Work(7 * u128::from(sent)));
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_told_and_the_store_goes_on_when_it_is_back() {
    let mut postgres = Postgres::start().await.unwrap();
    let database = postgres.create_database().await.unwrap();
    migrate(&database.owner_url(), &Logins::without_passwords())
        .await
        .unwrap();
    let store = Store::open(&database.url_of("ledger"), &StoreOptions::default()).unwrap();
    store
        .adopt_currency("LTC", genesis(), start())
        .await
        .unwrap();
    store.open_sharechain(CHAIN, start()).await.unwrap();
    let mut journal = Journal::new(1);
    let first = journal.batch(vec![slice("alice", 1)]);
    store.store_batch(CHAIN, &first, start()).await.unwrap();
    let mut watch = store.watch_blocks().await.unwrap();

    postgres.stop().await.unwrap();
    let second = journal.batch(vec![slice("alice", 2)]);
    let error = store
        .store_batch(CHAIN, &second, start())
        .await
        .unwrap_err();
    assert!(error.is_temporary(), "{error}");
    // A program may start while the database is away.
    let early = Store::open(&database.url_of("ledger"), &StoreOptions::default()).unwrap();
    assert!(early.ping().await.unwrap_err().is_temporary());

    postgres.resume().await.unwrap();
    let receipt = store.store_batch(CHAIN, &second, start()).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Stored { pos: 2 });
    early.ping().await.unwrap();
    // The watch connects again by itself; what was said meanwhile is read from the table.
    let (heard, mut news) = mpsc::channel(1);
    let listening = tokio::spawn(async move {
        loop {
            if let Ok(key) = watch.next().await {
                heard.send(key).await.unwrap();
            }
        }
    });
    let mut number = 0;
    let key = loop {
        number += 1;
        store
            .report_block(&block(number, "alice"), start())
            .await
            .unwrap();
        let patience = std::time::Duration::from_millis(100);
        if let Ok(Some(key)) = tokio::time::timeout(patience, news.recv()).await {
            break key;
        }
        assert!(number < 300, "the watch did not come back");
    };
    assert_eq!(key.currency, "LTC");
    listening.abort();
}

#[tokio::test]
async fn a_database_restored_from_a_backup_asks_for_what_it_lost() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    let batches: Vec<_> = (1..=9_u128)
        .map(|n| journal.batch(vec![slice("alice", n), slice("bob", 1)]))
        .collect();
    pool.ledger
        .store_batches(CHAIN, &batches[..4], start())
        .await
        .unwrap();
    for store in [&pool.ledger, &pool.payout, &pool.web] {
        store.close().await;
    }
    // The backup: a copy of the database as it is.
    let copy = format!("{}_copy", pool.database.name());
    let url = pool
        .database
        .owner_url()
        .replace(pool.database.name(), "postgres");
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(&url)
        .await
        .unwrap();
    let statement = format!("CREATE DATABASE {copy} TEMPLATE {}", pool.database.name());
    // Connections take a moment to be gone.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while let Err(error) = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
        .execute(&mut owner)
        .await
    {
        assert!(std::time::Instant::now() < deadline, "{error}");
        tokio::task::yield_now().await;
    }

    let open = |name: &str| {
        let url = pool
            .database
            .url_of("ledger")
            .replace(pool.database.name(), name);
        Store::open(&url, &StoreOptions::default()).unwrap()
    };
    let lost = open(pool.database.name());
    lost.store_batches(CHAIN, &batches[4..], start())
        .await
        .unwrap();
    let restored = open(&copy);
    let state = restored.producer(journal.producer).await.unwrap();
    assert_eq!(
        state,
        ProducerState {
            next: 5,
            digest: batches[3].digest()
        }
    );
    let receipt = restored
        .store_batch(CHAIN, &batches[8], start())
        .await
        .unwrap();
    assert_eq!((receipt.outcome, receipt.next), (Outcome::Wanted, 5));
    let receipts = restored
        .store_batches(CHAIN, &batches[2..], start())
        .await
        .unwrap();
    let repeats = receipts
        .iter()
        .filter(|r| r.outcome == Outcome::Repeat)
        .count();
    assert_eq!(repeats, 2);
    let window = async |store: &Store| {
        store
            .work_in_window(CHAIN, "LTC", 9, Work(u128::MAX))
            .await
            .unwrap()
    };
    assert_eq!(window(&restored).await, window(&lost).await);
}

#[tokio::test]
async fn an_owner_who_is_no_superuser_can_migrate_and_commits_wait_for_the_disk() {
    let postgres = Postgres::start().await.unwrap();
    let database = postgres.create_database().await.unwrap();
    let mut superuser = <sqlx::PgConnection as sqlx::Connection>::connect(&database.owner_url())
        .await
        .unwrap();
    for statement in [
        "CREATE ROLE keeper LOGIN CREATEROLE".to_owned(),
        format!("ALTER DATABASE {} OWNER TO keeper", database.name()),
        format!(
            "ALTER DATABASE {} SET synchronous_commit = off",
            database.name()
        ),
    ] {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut superuser)
            .await
            .unwrap();
    }
    for _ in 0..2 {
        migrate(&database.url_of("keeper"), &Logins::without_passwords())
            .await
            .unwrap();
    }
    let store = Store::open(&database.url_of("ledger"), &StoreOptions::default()).unwrap();
    store.open_sharechain(CHAIN, start()).await.unwrap();
    let batch = Journal::new(1).batch(vec![slice("alice", 1)]);
    store.store_batch(CHAIN, &batch, start()).await.unwrap();
    let durability = store.durability().await.unwrap();
    assert!(!durability.fsync && !durability.synchronous);
    assert_eq!(durability.standbys, 0);
}

#[tokio::test]
async fn what_cannot_be_a_database_is_told_with_the_way_out() {
    let error = Store::open("mysql://x", &StoreOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::Url(_)), "{error}");
    assert!(error.to_string().contains("write postgres://"), "{error}");
}
