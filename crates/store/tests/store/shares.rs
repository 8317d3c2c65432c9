//! Batches: exactly once, at positions in the order of commits.

use ngpool_store::{Batch, BatchContents, BatchError, Outcome, ProducerState, StoreError};
use prost::Message;

use crate::support::{CHAIN, Journal, Pool, slice, start};

#[tokio::test]
async fn a_batch_is_stored_once_and_its_repeat_is_acknowledged() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    let first = journal.batch(vec![slice("alice", 5)]);
    let second = journal.batch(vec![slice("alice", 6)]);
    let receipt = pool
        .ledger
        .store_batch(CHAIN, &first, start())
        .await
        .unwrap();
    assert_eq!(
        (receipt.outcome, receipt.next),
        (Outcome::Stored { pos: 1 }, 2)
    );
    pool.ledger
        .store_batch(CHAIN, &second, start())
        .await
        .unwrap();
    for repeat in [&second, &first] {
        let receipt = pool
            .ledger
            .store_batch(CHAIN, repeat, start())
            .await
            .unwrap();
        assert_eq!((receipt.outcome, receipt.next), (Outcome::Repeat, 3));
    }
    assert_eq!(pool.ledger.head(CHAIN).await.unwrap(), 2);
    let state = pool.ledger.producer(journal.producer).await.unwrap();
    assert_eq!(
        state,
        ProducerState {
            next: 3,
            digest: journal.digest
        }
    );
}

#[tokio::test]
async fn a_gap_is_answered_with_the_number_wanted() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    let lost = journal.batch(vec![slice("alice", 5)]);
    let next = journal.batch(vec![slice("alice", 6)]);
    let receipt = pool
        .ledger
        .store_batch(CHAIN, &next, start())
        .await
        .unwrap();
    assert_eq!((receipt.outcome, receipt.next), (Outcome::Wanted, 1));
    let receipts = pool
        .ledger
        .store_batches(CHAIN, &[lost, next], start())
        .await
        .unwrap();
    let outcomes: Vec<_> = receipts
        .into_iter()
        .map(|receipt| receipt.outcome)
        .collect();
    assert_eq!(
        outcomes,
        [Outcome::Stored { pos: 1 }, Outcome::Stored { pos: 2 }]
    );
}

#[tokio::test]
async fn a_cloned_journal_is_a_conflict_at_every_number() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    pool.store(&mut journal, vec![slice("alice", 5)]).await;
    let mut clone = journal.clone();
    pool.store(&mut journal, vec![slice("alice", 6)]).await;
    pool.store(&mut journal, vec![slice("alice", 7)]).await;
    // The clone's second and third differ from those stored; its fourth follows its own third.
    for work in [60, 70, 80] {
        let batch = clone.batch(vec![slice("mallory", work)]);
        let receipt = pool
            .ledger
            .store_batch(CHAIN, &batch, start())
            .await
            .unwrap();
        assert!(
            matches!(receipt.outcome, Outcome::Conflict { .. }),
            "{work}: {receipt:?}"
        );
        assert_eq!(receipt.next, 4);
    }
    assert_eq!(pool.ledger.head(CHAIN).await.unwrap(), 3);
}

#[tokio::test]
async fn one_transaction_holds_batches_of_many_journals_and_each_gets_its_own_answer() {
    let pool = Pool::fresh().await;
    let mut a = Journal::new(1);
    let mut b = Journal::new(2);
    let stored_before = a.batch(vec![slice("alice", 1)]);
    pool.ledger
        .store_batch(CHAIN, &stored_before, start())
        .await
        .unwrap();
    let next = a.batch(vec![slice("alice", 2)]);
    let _skipped = b.batch(vec![slice("bob", 1)]);
    let ahead = b.batch(vec![slice("bob", 2)]);
    let batches = [stored_before, ahead, next.clone(), next];
    let receipts = pool
        .ledger
        .store_batches(CHAIN, &batches, start())
        .await
        .unwrap();
    let outcomes: Vec<_> = receipts
        .into_iter()
        .map(|receipt| receipt.outcome)
        .collect();
    let expected = [
        Outcome::Repeat,
        Outcome::Wanted,
        Outcome::Stored { pos: 2 },
        Outcome::Repeat,
    ];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn two_ledgers_at_once_store_each_batch_once_at_positions_without_gaps() {
    const JOURNALS: u8 = 4;
    const BATCHES: usize = 40;
    let pool = Pool::fresh().await;
    let mut tasks = Vec::new();
    for id in 0..JOURNALS {
        let mut journal = Journal::new(id);
        let batches: Vec<Batch> = (0..BATCHES)
            .map(|n| journal.batch(vec![slice("u", n as u128 + 1)]))
            .collect();
        // Each journal ships to two ledgers at once, as after a move that was not finished.
        for _ in 0..2 {
            let store = pool.ledger.clone();
            let batches = batches.clone();
            tasks.push(tokio::spawn(async move {
                let mut stored = Vec::new();
                for (n, batch) in batches.iter().enumerate() {
                    let receipt = store.store_batch(CHAIN, batch, start()).await.unwrap();
                    match receipt.outcome {
                        Outcome::Stored { pos } => stored.push((id, n, pos)),
                        Outcome::Repeat => {}
                        other => panic!("{other:?}"),
                    }
                }
                stored
            }));
        }
    }
    let mut stored = Vec::new();
    for task in tasks {
        stored.extend(task.await.unwrap());
    }
    stored.sort_by_key(|(_, _, pos)| *pos);
    let positions: Vec<u64> = stored.iter().map(|(_, _, pos)| *pos).collect();
    let all = u64::from(JOURNALS) * BATCHES as u64;
    assert_eq!(positions, (1..=all).collect::<Vec<_>>());
    for id in 0..JOURNALS {
        let of_one: Vec<usize> = stored
            .iter()
            .filter(|(of, _, _)| *of == id)
            .map(|(_, n, _)| *n)
            .collect();
        assert_eq!(
            of_one,
            (0..BATCHES).collect::<Vec<_>>(),
            "in the journal's order"
        );
    }
}

/// What a sequence or a clock gets wrong: a reader who sees the head sees every batch up to it.
#[tokio::test]
async fn a_reader_of_the_head_sees_every_batch_up_to_it() {
    let pool = Pool::fresh().await;
    let writers: Vec<_> = (0..4_u8)
        .map(|id| {
            let store = pool.ledger.clone();
            tokio::spawn(async move {
                let mut journal = Journal::new(id);
                for _ in 0..50 {
                    let batch = journal.batch(vec![slice("u", 1)]);
                    store.store_batch(CHAIN, &batch, start()).await.unwrap();
                }
            })
        })
        .collect();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let head = pool.payout.head(CHAIN).await.unwrap();
        let window = pool
            .payout
            .work_in_window(CHAIN, "LTC", head, ngpool_chain::Work(1 << 60))
            .await
            .unwrap();
        assert_eq!(window.total.0, u128::from(head));
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn batches_for_a_sharechain_without_a_book_are_refused() {
    let pool = Pool::fresh().await;
    let batch = Journal::new(1).batch(vec![slice("alice", 5)]);
    let error = pool
        .ledger
        .store_batch("nowhere", &batch, start())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::UnknownSharechain(_)), "{error}");
    assert_eq!(pool.ledger.head(CHAIN).await.unwrap(), 0);
}

#[test]
fn a_batch_that_was_altered_on_the_way_is_refused() {
    let mut journal = Journal::new(1);
    let batch = journal.batch(vec![slice("alice", 5)]);
    let mut content = batch.contents().encode();
    let last = content.last_mut().unwrap();
    *last ^= 1;
    let refusal = Batch::verify(batch.producer(), 1, [0; 32], batch.digest(), content).unwrap_err();
    assert!(matches!(refusal, BatchError::Digest(1)), "{refusal}");
    let refusal =
        Batch::verify(batch.producer(), 0, [0; 32], batch.digest(), Vec::new()).unwrap_err();
    assert!(matches!(refusal, BatchError::Number(0)), "{refusal}");
}

#[test]
fn stored_bytes_are_the_message_of_the_wire() {
    use ngpool_rpc::v1;

    let work = 1_u128 << 90;
    let weight = |n: u128| v1::CurrencyWeight {
        expected_blocks: n.to_be_bytes().to_vec().into(),
        value: (n + 1).to_be_bytes().to_vec().into(),
    };
    let message = v1::BatchContent {
        port: "p".to_owned(),
        slices: vec![v1::Slice {
            user: "alice".to_owned(),
            worker: "rig".to_owned(),
            currency_set: 1,
            work: work.to_be_bytes().to_vec().into(),
            shares: 3,
            weights: vec![weight(10), weight(20)],
        }],
        rejects: vec![v1::RejectCount {
            user: "bob".to_owned(),
            worker: String::new(),
            reason: "stale".to_owned(),
            count: 2,
            work: work.to_be_bytes().to_vec().into(),
        }],
        closed_ms: 1_772_366_400_123,
        currency_sets: vec![
            v1::CurrencySet {
                currencies: vec!["LTC".to_owned()],
            },
            // The codes are sorted when read, and the weights with them.
            v1::CurrencySet {
                currencies: vec!["LTC".to_owned(), "DOGE".to_owned()],
            },
        ],
    };
    let contents = BatchContents::decode(&message.encode_to_vec()).unwrap();
    assert_eq!(contents.port, "p");
    assert_eq!(contents.closed_at.timestamp_millis(), 1_772_366_400_123);
    let slice = &contents.slices[0];
    assert_eq!(
        (slice.user.as_str(), slice.worker.as_str(), slice.shares),
        ("alice", "rig", 3)
    );
    assert_eq!(slice.work.0, work);
    assert_eq!(contents.sets[slice.set].codes(), ["DOGE", "LTC"]);
    assert_eq!(slice.weights[0].expected_blocks, 20);
    assert_eq!(slice.weights[1].value, 11);
    let reject = &contents.rejects[0];
    assert_eq!(
        (reject.user.as_str(), reject.reason.as_str(), reject.count),
        ("bob", "stale", 2)
    );
}
