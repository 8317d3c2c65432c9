//! Windows over batches, against a model that walks every slice.

use std::collections::BTreeMap;

use ngpool_chain::Work;
use ngpool_store::{Cut, Slice, StoreError};

use crate::support::{CHAIN, Journal, Pool, WINDOW, after, block, slice, slice_of, start, terms};

/// The last `length` of work of a currency, slice by slice.
fn model(history: &[Vec<Slice>], currency_sets: &[usize], length: u128) -> BTreeMap<String, Work> {
    let mut left = length;
    let mut users: BTreeMap<String, Work> = BTreeMap::new();
    for slice in history.iter().rev().flat_map(|batch| batch.iter().rev()) {
        if !currency_sets.contains(&slice.set) {
            continue;
        }
        let taken = slice.work.0.min(left);
        left -= taken;
        if taken > 0 {
            let total = users.entry(slice.user.clone()).or_default();
            *total = total.saturating_add(Work(taken));
        }
    }
    users
}

/// Numbers that look random and are the same in every run.
fn mix(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

async fn history(pool: &Pool, batches: u64) -> Vec<Vec<Slice>> {
    let mut journal = Journal::new(1);
    let mut history = Vec::new();
    let mut shipped = Vec::new();
    for n in 0..batches {
        let slices: Vec<Slice> = (0..mix(n) % 5)
            .map(|i| {
                let r = mix(n * 1_000 + i);
                let set = usize::try_from(r % 3).unwrap();
                slice_of(
                    &format!("user{}", r / 3 % 7),
                    "",
                    set,
                    u128::from(r / 21 % 1_000),
                )
            })
            .collect();
        shipped.push(journal.batch(slices.clone()));
        history.push(slices);
    }
    for group in shipped.chunks(100) {
        pool.ledger
            .store_batches(CHAIN, group, start())
            .await
            .unwrap();
    }
    history
}

async fn seal_all(pool: &Pool) {
    while pool.ledger.seal(CHAIN, start()).await.unwrap().more {}
}

#[tokio::test]
async fn a_window_is_exact_to_the_unit_whatever_is_sealed() {
    let pool = Pool::fresh().await;
    let history = history(&pool, 1_100).await;
    let lengths = [0, 1, 999, 1_000, 33_333, 250_000, 1_000_000, u128::MAX];
    let cuts = [1_u64, 31, 32, 33, 64, 700, 1_023, 1_024, 1_025, 1_100];
    let mut unsealed = Vec::new();
    for sealed in [false, true] {
        if sealed {
            seal_all(&pool).await;
        }
        let mut answers = Vec::new();
        for cut in cuts {
            for length in lengths {
                for (currency, sets) in [("LTC", [0, 1]), ("DOGE", [1, 2])] {
                    let window = pool
                        .payout
                        .work_in_window(CHAIN, currency, cut, Work(length))
                        .await
                        .unwrap();
                    let up_to = &history[..usize::try_from(cut).unwrap()];
                    let expected = model(up_to, &sets, length);
                    assert_eq!(window.users, expected, "{currency} {cut} {length} {sealed}");
                    let total: Work = expected.values().copied().sum();
                    assert_eq!(window.total, total);
                    answers.push(window.users);
                }
            }
        }
        if sealed {
            assert_eq!(answers, unsealed);
        } else {
            unsealed = answers;
        }
    }
    let mut connection = pool.connect("web").await;
    let levels: Vec<(i16, i64)> =
        sqlx::query_as("SELECT level, count(*) FROM share_chunk GROUP BY level ORDER BY level")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(levels, [(1, 34), (2, 1)]);
    assert_eq!(pool.ledger.verify_chunks(CHAIN).await.unwrap(), 35);
}

#[tokio::test]
async fn sealing_twice_at_once_gives_the_same_chunks() {
    let pool = Pool::fresh().await;
    history(&pool, 200).await;
    let (a, b) = tokio::join!(
        pool.ledger.seal(CHAIN, start()),
        pool.ledger.seal(CHAIN, start())
    );
    a.unwrap();
    b.unwrap();
    assert_eq!(pool.ledger.verify_chunks(CHAIN).await.unwrap(), 6);
}

#[tokio::test]
async fn work_past_64_bits_keeps_every_unit() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    let work = (1_u128 << 100) + 1;
    for _ in 0..40 {
        pool.store(&mut journal, vec![slice("whale", work)]).await;
    }
    seal_all(&pool).await;
    let window = pool
        .payout
        .work_in_window(CHAIN, "LTC", 40, Work(work * 39 + 5))
        .await
        .unwrap();
    assert_eq!(window.users["whale"], Work(work * 39 + 5));
}

/// The cut is what makes a split the same for ever.
#[tokio::test]
async fn the_split_of_a_cut_stays_the_same_while_batches_go_on_arriving() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for n in 0..50_u128 {
        let slices = vec![
            slice("alice", 100 + n),
            slice("bob", 7 * n),
            slice("carol", 3),
        ];
        pool.store(&mut journal, slices).await;
    }
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let first = pool.split(&report).await;
    let store = pool.ledger.clone();
    let arriving = tokio::spawn(async move {
        for _ in 0..100 {
            let batch = journal.batch(vec![slice("mallory", 5_000)]);
            store.store_batch(CHAIN, &batch, start()).await.unwrap();
            store.seal(CHAIN, start()).await.unwrap();
        }
    });
    while !arriving.is_finished() {
        assert_eq!(pool.split(&report).await.0, first.0);
    }
    arriving.await.unwrap();
    assert_eq!(pool.split(&report).await.0, first.0);
    let parts = &first.0.chains[0].parts;
    assert!(parts.iter().all(|part| part.payee.as_str() != "mallory"));
    assert_eq!(
        parts.iter().map(|part| part.work).sum::<u128>(),
        5_000 + 1_225 + 7 * 1_225 + 150 - {
            // The window is shorter than all the work there was.
            5_000 + 1_225 + 7 * 1_225 + 150 - WINDOW
        }
    );
}

#[tokio::test]
async fn the_first_cut_holds_whoever_cuts_again() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    pool.store(&mut journal, vec![slice("alice", 1)]).await;
    let report = block(1, "alice");
    pool.ledger.report_block(&report, after(0)).await.unwrap();
    let uncut = pool
        .ledger
        .uncut_blocks(CHAIN, &["LTC".to_owned()], after(1))
        .await
        .unwrap();
    assert_eq!(uncut.len(), 1);
    assert_eq!(uncut[0].key, report.key);
    let first = pool
        .ledger
        .store_cut(&report.key, CHAIN, &terms(), after(1))
        .await
        .unwrap();
    assert_eq!((first.pos, first.reward), (1, report.reward));
    pool.store(&mut journal, vec![slice("bob", 1)]).await;
    let mut other = terms();
    other.fee_ppm = 500_000;
    let second: Cut = pool
        .ledger
        .store_cut(&report.key, CHAIN, &other, after(9))
        .await
        .unwrap();
    assert_eq!(second, first);
    let uncut = pool
        .ledger
        .uncut_blocks(CHAIN, &["LTC".to_owned()], after(1))
        .await
        .unwrap();
    assert!(uncut.is_empty());
}

#[tokio::test]
async fn a_cut_of_an_unknown_block_or_sharechain_is_refused() {
    let pool = Pool::fresh().await;
    let report = block(1, "alice");
    let error = pool
        .ledger
        .store_cut(&report.key, CHAIN, &terms(), start())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::UnknownBlock(..)), "{error}");
    pool.ledger.report_block(&report, start()).await.unwrap();
    let error = pool
        .ledger
        .store_cut(&report.key, "nowhere", &terms(), start())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::UnknownSharechain(_)), "{error}");
}

#[tokio::test]
async fn every_ledger_hears_of_a_new_block_once() {
    let pool = Pool::fresh().await;
    let mut watch = pool.ledger.watch_blocks().await.unwrap();
    let (first, second) = (block(1, "alice"), block(2, "bob"));
    assert!(pool.ledger.report_block(&first, start()).await.unwrap());
    assert!(!pool.ledger.report_block(&first, start()).await.unwrap());
    assert!(pool.ledger.report_block(&second, start()).await.unwrap());
    assert_eq!(watch.next().await.unwrap(), first.key);
    assert_eq!(watch.next().await.unwrap(), second.key);
}

#[tokio::test]
async fn a_split_window_over_two_sharechains_goes_by_arrival() {
    let pool = Pool::fresh().await;
    pool.ledger.open_sharechain("other", start()).await.unwrap();
    let mut main = Journal::new(1);
    let mut other = Journal::on(2, "other");
    // Arrivals, the oldest first: main 10, other 20, main 30 (DOGE alone), other 40, main 50.
    pool.store_at(&mut main, vec![slice("a", 10)], after(1))
        .await;
    pool.store_at(&mut other, vec![slice("b", 20)], after(2))
        .await;
    pool.store_at(&mut main, vec![slice_of("a", "", 2, 30)], after(3))
        .await;
    pool.store_at(&mut other, vec![slice("b", 40)], after(4))
        .await;
    pool.store_at(&mut main, vec![slice("a", 50)], after(5))
        .await;
    let cuts = |main: u64, other: u64| vec![(CHAIN.to_owned(), main), ("other".to_owned(), other)];
    let works = async |cuts: Vec<(String, u64)>, length: u128| {
        let works = pool
            .payout
            .work_by_sharechain("LTC", &cuts, Work(length))
            .await
            .unwrap();
        (works[CHAIN].0, works["other"].0)
    };
    assert_eq!(works(cuts(3, 2), 40).await, (40, 0));
    assert_eq!(works(cuts(3, 2), 100).await, (50, 50));
    assert_eq!(works(cuts(3, 2), 1_000).await, (60, 60));
    // What came after a cut is not there.
    assert_eq!(works(cuts(2, 2), 45).await, (0, 45));
    assert_eq!(works(cuts(2, 0), 45).await, (10, 0));
    let alone = pool
        .payout
        .work_by_sharechain("LTC", &cuts(3, 2)[..1], Work(55))
        .await
        .unwrap();
    assert_eq!(alone[CHAIN], Work(55));
}
