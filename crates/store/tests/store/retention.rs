//! Partitions: made ahead, dropped behind, never under a window.

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_chain::Work;
use ngpool_store::{Outcome, Retention, StatisticsLimits, StoreError};

use crate::support::{CHAIN, Journal, Pool, block, slice, slice_of, start, terms};

const RETENTION: Retention = Retention {
    batch_days: 2,
    minute_days: 2,
    hour_days: 40,
};

fn day(n: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(n)
}

/// Days for which there is a partition.
async fn days(pool: &Pool, table: &str) -> Vec<String> {
    let mut connection = pool.connect("web").await;
    sqlx::query_scalar(
        "SELECT right(c.relname::text, 8) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass($1) ORDER BY 1",
    )
    .bind(table)
    .fetch_all(&mut connection)
    .await
    .unwrap()
}

async fn count_all(pool: &Pool) {
    let limits = StatisticsLimits {
        workers_per_user: 10,
    };
    while pool.ledger.count_statistics(CHAIN, &limits).await.unwrap() > 0 {}
}

#[tokio::test]
async fn partitions_are_made_a_week_ahead_and_by_a_batch_that_finds_none() {
    let pool = Pool::fresh().await;
    assert!(days(&pool, "share_batch").await.is_empty());
    pool.ledger.maintain(&RETENTION, day(0)).await.unwrap();
    assert_eq!(days(&pool, "share_batch").await.len(), 8);
    assert_eq!(days(&pool, "worker_minute").await.len(), 8);
    assert_eq!(days(&pool, "worker_hour").await, ["20260301"]);
    // Nobody looked after it for a month.
    let mut journal = Journal::new(1);
    let pos = pool
        .store_at(&mut journal, vec![slice("alice", 1)], day(31))
        .await;
    assert_eq!(pos, 1);
    count_all(&pool).await;
    assert!(
        days(&pool, "worker_hour")
            .await
            .contains(&"20260401".to_owned())
    );
}

#[tokio::test]
async fn a_day_is_dropped_only_when_no_window_twice_over_reaches_it() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    // Forty batches a day of 10 each.
    for n in 0..10 {
        for _ in 0..40 {
            pool.store_at(&mut journal, vec![slice("alice", 10)], day(n))
                .await;
        }
        pool.ledger.seal(CHAIN, day(n)).await.unwrap();
    }
    let now = day(9);
    let window = [("LTC".to_owned(), Work(1_000))];

    // Nobody said what is needed: nothing goes. Nor does what is not counted yet.
    pool.ledger.maintain(&RETENTION, now).await.unwrap();
    assert_eq!(days(&pool, "share_batch").await[0], "20260301");
    pool.ledger.keep_shares(CHAIN, &window, now).await.unwrap();
    pool.ledger.maintain(&RETENTION, now).await.unwrap();
    assert_eq!(days(&pool, "share_batch").await[0], "20260301");

    count_all(&pool).await;
    // 200 batches back from 400: days 5 to 9 stay, though two days are the least.
    let from = pool.ledger.keep_shares(CHAIN, &window, now).await.unwrap();
    assert!((193..=201).contains(&from), "{from}");
    let before = pool
        .payout
        .work_in_window(CHAIN, "LTC", 400, Work(2_000))
        .await
        .unwrap();
    assert!(pool.ledger.maintain(&RETENTION, now).await.unwrap() > 0);
    let kept = days(&pool, "share_batch").await;
    assert!(
        ["20260305", "20260306"].contains(&kept[0].as_str()),
        "{kept:?}"
    );
    let after = pool
        .payout
        .work_in_window(CHAIN, "LTC", 400, Work(2_000))
        .await
        .unwrap();
    assert_eq!(after, before);

    // Past what is kept there is an error, not another answer.
    let error = pool
        .payout
        .work_in_window(CHAIN, "LTC", 400, Work(4_000))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotKept { .. }), "{error}");
    // A window that grew meanwhile stops further dropping and nothing else.
    pool.ledger
        .keep_shares(CHAIN, &[("LTC".to_owned(), Work(1 << 80))], now)
        .await
        .unwrap();
    pool.ledger.seal(CHAIN, now).await.unwrap();
    pool.store_at(&mut journal, vec![slice("alice", 10)], now)
        .await;
}

#[tokio::test]
async fn a_currency_without_work_holds_nothing_and_one_that_comes_late_has_whole_windows() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for n in 0..10 {
        for _ in 0..40 {
            pool.store_at(&mut journal, vec![slice("alice", 10)], day(n))
                .await;
        }
        pool.ledger.seal(CHAIN, day(n)).await.unwrap();
    }
    count_all(&pool).await;
    let now = day(9);
    let windows = [
        ("LTC".to_owned(), Work(1_000)),
        ("DOGE".to_owned(), Work(1 << 80)),
    ];
    let from = pool.ledger.keep_shares(CHAIN, &windows, now).await.unwrap();
    assert!((193..=201).contains(&from), "{from}");
    assert!(pool.ledger.maintain(&RETENTION, now).await.unwrap() > 0);
    assert_ne!(days(&pool, "share_batch").await[0], "20260301");

    // The other is mined from now on. Its window wants more than there is, and is what there is.
    let mined = pool.ledger.currencies_with_work(CHAIN).await.unwrap();
    assert_eq!(mined.keys().collect::<Vec<_>>(), ["LTC"]);
    for _ in 0..3 {
        pool.store_at(&mut journal, vec![slice_of("bob", "", 1, 7)], now)
            .await;
    }
    for (length, total) in [(u128::MAX, 21), (10, 10)] {
        let window = pool
            .payout
            .work_in_window(CHAIN, "DOGE", 403, Work(length))
            .await
            .unwrap();
        assert_eq!(window.total, Work(total));
        assert_eq!(window.users["bob"], Work(total));
    }
    let shares = pool
        .payout
        .work_by_sharechain("DOGE", &[(CHAIN.to_owned(), 403)], Work(u128::MAX))
        .await
        .unwrap();
    assert_eq!(shares[CHAIN], Work(21));
    let before_it_came = pool
        .payout
        .work_in_window(CHAIN, "DOGE", 400, Work(u128::MAX))
        .await
        .unwrap();
    assert_eq!(before_it_came.total, Work::ZERO);

    // From then on it holds its first share and no earlier one.
    count_all(&pool).await;
    let from = pool
        .ledger
        .keep_shares(CHAIN, &windows[1..], now)
        .await
        .unwrap();
    assert!((385..=401).contains(&from), "{from}");
    pool.ledger
        .note_network_work(CHAIN, "DOGE", Work(5))
        .await
        .unwrap();
    let mined = pool.ledger.currencies_with_work(CHAIN).await.unwrap();
    assert_eq!((mined["LTC"], mined["DOGE"]), (Work::ZERO, Work(5)));
}

#[tokio::test]
async fn the_cut_of_a_block_that_is_not_split_yet_holds_its_window() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for _ in 0..40 {
        pool.store_at(&mut journal, vec![slice("alice", 10)], day(0))
            .await;
    }
    let report = block(1, "alice");
    pool.ledger.report_block(&report, day(0)).await.unwrap();
    pool.ledger
        .store_cut(&report.key, CHAIN, &terms(), day(0))
        .await
        .unwrap();
    for _ in 0..100 {
        pool.store_at(&mut journal, vec![slice("bob", 10)], day(4))
            .await;
    }
    while pool.ledger.seal(CHAIN, day(4)).await.unwrap().more {}
    count_all(&pool).await;
    let window = [("LTC".to_owned(), Work(100))];
    let from = pool
        .ledger
        .keep_shares(CHAIN, &window, day(4))
        .await
        .unwrap();
    assert!(from <= 21, "{from}");
    // Given up after a week.
    let from = pool
        .ledger
        .keep_shares(CHAIN, &window, day(9))
        .await
        .unwrap();
    assert!(from > 100, "{from}");
}

#[tokio::test]
async fn a_repeat_of_a_batch_whose_day_is_gone_is_still_a_repeat() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    let old = journal.batch(vec![slice("alice", 1)]);
    pool.ledger.store_batch(CHAIN, &old, day(0)).await.unwrap();
    for _ in 0..70 {
        pool.store_at(&mut journal, vec![slice("alice", 1)], day(5))
            .await;
    }
    pool.ledger.seal(CHAIN, day(5)).await.unwrap();
    count_all(&pool).await;
    pool.ledger
        .keep_shares(CHAIN, &[("LTC".to_owned(), Work(5))], day(5))
        .await
        .unwrap();
    pool.ledger.maintain(&RETENTION, day(5)).await.unwrap();
    assert!(
        !days(&pool, "share_batch")
            .await
            .contains(&"20260301".to_owned())
    );
    let receipt = pool.ledger.store_batch(CHAIN, &old, day(5)).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Repeat);
}

#[tokio::test]
async fn old_statistics_and_workers_go() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    pool.store_at(&mut journal, vec![slice("gone", 1)], day(0))
        .await;
    count_all(&pool).await;
    pool.store_at(&mut journal, vec![slice("here", 1)], day(75))
        .await;
    count_all(&pool).await;
    pool.ledger.maintain(&RETENTION, day(75)).await.unwrap();
    assert!(
        !days(&pool, "worker_minute")
            .await
            .contains(&"20260301".to_owned())
    );
    assert!(
        !days(&pool, "worker_hour")
            .await
            .contains(&"20260301".to_owned())
    );
    assert!(!pool.web.knows_user("gone").await.unwrap());
    assert!(pool.web.knows_user("here").await.unwrap());
}
