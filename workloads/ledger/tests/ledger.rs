//! The ledger on a real PostgreSQL: exactly once, cuts, statistics, and what it refuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where it fails"
)]

#[path = "support/ledgers.rs"]
mod support;

use std::{collections::BTreeMap, time::Duration};

use ngpool_rpc::v1::{
    ClosedReport, FollowRequest, HelloRequest, LiveReport, LiveWorker, NodeAnswer, ShipOutcome,
    ledger_event::Event,
};
use ngpool_store::{BlockKey, Logins, known_schema, migrate};
use support::{
    Producer, RunningLedger, SHARECHAIN, block_hash, block_report, booked, booked_up_to, currency,
    empty_database, shared_database, sql, store, until,
};
use tonic::Code;

fn key(number: u8) -> BlockKey {
    BlockKey {
        currency: "LTC".to_owned(),
        hash: block_hash(number),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_acknowledged_a_gap_is_told_and_another_digest_is_refused() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let mut client = ledger.client().await;
    let mut producer = Producer::new();
    let first = producer.next(&[("alice", 10)]);
    let second = producer.next(&[("alice", 20)]);
    let third = producer.next(&[("bob", 30)]);

    let hello = HelloRequest {
        producer: first.producer.clone(),
        port: "public".to_owned(),
    };
    let reply = client.hello(hello.clone()).await.unwrap().into_inner();
    assert_eq!((reply.next, reply.digest.as_ref()), (1, [0; 32].as_slice()));

    let gap = client.ship(second.clone()).await.unwrap().into_inner();
    assert_eq!((gap.outcome(), gap.next), (ShipOutcome::Wanted, 1));
    for _ in 0..2 {
        let stored = client.ship(first.clone()).await.unwrap().into_inner();
        assert_eq!((stored.outcome(), stored.next), (ShipOutcome::Stored, 2));
    }
    client.ship(second.clone()).await.unwrap();
    let old = client.ship(first.clone()).await.unwrap().into_inner();
    assert_eq!((old.outcome(), old.next), (ShipOutcome::Stored, 3));

    let mut other = Producer {
        number: 1,
        digest: first.digest[..].try_into().unwrap(),
        ..producer
    };
    let conflict = client
        .ship(other.next(&[("mallory", 9)]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(conflict.outcome(), ShipOutcome::Conflict);
    assert!(
        conflict.reason.contains("copied or altered"),
        "{}",
        conflict.reason
    );
    other.digest = [5; 32];
    let conflict = client
        .ship(other.next(&[("mallory", 9)]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(conflict.outcome(), ShipOutcome::Conflict);

    client.ship(third.clone()).await.unwrap();
    let mut altered = third.clone();
    altered.number = 4;
    let refused = client.ship(altered).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(
        refused.message().contains("altered on the way"),
        "{refused}"
    );

    let reply = client.hello(hello).await.unwrap().into_inner();
    assert_eq!((reply.next, reply.digest), (4, third.digest));
    let books = booked(&store(&database.owner_url)).await.unwrap();
    assert_eq!(books, [("alice".to_owned(), 30), ("bob".to_owned(), 30)]);
    let metrics = ledger.program.metrics.text().unwrap();
    assert!(
        metrics.contains("ngpool_ledger_batches_total{outcome=\"conflict\"} 2"),
        "{metrics}"
    );
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_producers_through_two_ledgers_are_booked_once_each() {
    let database = shared_database().await;
    let ledgers = [
        RunningLedger::ready(&database.ledger_url, |_| {}).await,
        RunningLedger::ready(&database.ledger_url, |_| {}).await,
    ];
    let mut tasks = Vec::new();
    for producer in 0..8_u8 {
        let mut clients = [ledgers[0].client().await, ledgers[1].client().await];
        tasks.push(tokio::spawn(async move {
            let user = format!("user{producer}");
            let mut producer = Producer::new();
            for number in 0..40_usize {
                let batch = producer.next(&[(&user, 3)]);
                // Every batch is given to both, as after a change of the connection.
                let first = clients[number % 2]
                    .ship(batch.clone())
                    .await
                    .unwrap()
                    .into_inner();
                let again = clients[1 - number % 2]
                    .ship(batch)
                    .await
                    .unwrap()
                    .into_inner();
                assert_eq!(first.outcome(), ShipOutcome::Stored);
                assert_eq!(again.outcome(), ShipOutcome::Stored);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let store = store(&database.owner_url);
    assert_eq!(store.head(SHARECHAIN).await.unwrap(), 320);
    let books = booked(&store).await.unwrap();
    assert_eq!(books.len(), 8);
    assert!(books.iter().all(|(_, work)| *work == 120), "{books:?}");
    for ledger in ledgers {
        ledger.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_waits_for_the_servers_and_stays_while_batches_go_on_arriving() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |settings| {
        // Long enough that waiting it out would fail the test's own deadline.
        settings.cut_wait_ms = 40_000;
    })
    .await;
    let mut client = ledger.client().await;
    let mut producer = Producer::new();
    let id = producer.next(&[("alice", 1)]).producer;
    producer = Producer {
        number: 0,
        digest: [0; 32],
        ..producer
    };
    client.ship(producer.next(&[("alice", 100)])).await.unwrap();
    let follow = FollowRequest {
        producer: id.clone(),
        port: "public".to_owned(),
    };
    let mut events = client.follow(follow).await.unwrap().into_inner();

    for answer in ["", "node-a", "node-b", "node-a"] {
        let mut report = block_report(1);
        if !answer.is_empty() {
            let reason = String::new();
            report.answers.push(NodeAnswer {
                node: answer.into(),
                outcome: 1,
                reason,
            });
        }
        client.report_block(report).await.unwrap();
    }
    let request = loop {
        let event = events.message().await.unwrap().unwrap();
        if let Some(Event::CloseAndShip(request)) = event.event {
            break request;
        }
    };
    assert_eq!(request.block_hash.as_ref(), [1; 32]);
    let store = store(&database.owner_url);
    client.ship(producer.next(&[("alice", 10)])).await.unwrap();
    // The server has not said which batch answers: nothing is cut yet.
    assert!(store.cuts(&key(1)).await.unwrap().is_empty());
    let closed = ClosedReport {
        producer: id,
        currency: request.currency,
        block_hash: request.block_hash,
        number: 3,
    };
    client.closed(closed).await.unwrap();
    assert!(store.cuts(&key(1)).await.unwrap().is_empty());
    client.ship(producer.next(&[("bob", 7)])).await.unwrap();
    let shipping = tokio::spawn({
        let mut client = client.clone();
        async move {
            for _ in 0..50 {
                client
                    .ship(producer.next(&[("carol", 1_000)]))
                    .await
                    .unwrap();
            }
        }
    });
    until("the block is cut", || async {
        !store.cuts(&key(1)).await.unwrap().is_empty()
    })
    .await;
    let cut = store.cuts(&key(1)).await.unwrap().remove(0);
    assert!(cut.pos >= 3, "cut at {}", cut.pos);
    assert!(
        cut.terms.unanswered.is_empty(),
        "{:?}",
        cut.terms.unanswered
    );
    assert_eq!(cut.terms.fee_ppm, 10_000);
    assert_eq!(cut.reward.0, 5_000_000_000);
    let at_once = booked_up_to(&store, cut.pos).await.unwrap();
    shipping.await.unwrap();
    assert_eq!(booked_up_to(&store, cut.pos).await.unwrap(), at_once);
    assert_eq!(store.cuts(&key(1)).await.unwrap(), [cut]);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_named_in_the_cut_and_delays_it_only_so_long() {
    let database = shared_database().await;
    let ledger =
        RunningLedger::ready(&database.ledger_url, |settings| settings.cut_wait_ms = 300).await;
    let mut client = ledger.client().await;
    let mut silent = Producer::new();
    let follow = FollowRequest {
        producer: silent.next(&[("alice", 1)]).producer,
        port: "public".to_owned(),
    };
    let _events = client.follow(follow).await.unwrap().into_inner();
    client.report_block(block_report(2)).await.unwrap();
    let store = store(&database.owner_url);
    until("the block is cut", || async {
        !store.cuts(&key(2)).await.unwrap().is_empty()
    })
    .await;
    let cut = store.cuts(&key(2)).await.unwrap().remove(0);
    assert_eq!(cut.terms.unanswered.len(), 1);
    assert!(
        cut.terms.unanswered[0].starts_with("public "),
        "{:?}",
        cut.terms.unanswered
    );
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_reported_while_a_ledger_was_down_are_cut_when_it_is_back() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |settings| {
        settings.cut_wait_ms = 30_000;
    })
    .await;
    let mut client = ledger.client().await;
    for number in 10..15 {
        client.report_block(block_report(number)).await.unwrap();
    }
    ledger.stop().await;
    let store = store(&database.owner_url);
    assert!(store.cuts(&key(10)).await.unwrap().is_empty());
    let ledger =
        RunningLedger::ready(&database.ledger_url, |settings| settings.cut_wait_ms = 100).await;
    for number in 10..15 {
        until("the block is cut", || async {
            !store.cuts(&key(number)).await.unwrap().is_empty()
        })
        .await;
    }
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_report_that_cannot_be_one_is_refused_with_the_field() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let mut client = ledger.client().await;
    let mut short = block_report(3);
    short.hash = short.hash.slice(..31);
    let refused = client.report_block(short).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(refused.message(), "hash is not 32 bytes");
    let mut unknown = block_report(3);
    unknown.currency = "DOGE".to_owned();
    let refused = client.report_block(unknown).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(
        refused.message().contains("no currency \"DOGE\""),
        "{refused}"
    );
    let mut strange = block_report(3);
    strange.worker = "rig\0\u{7}".to_owned();
    client.report_block(strange).await.unwrap();
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_are_sealed_and_statistics_counted_while_shares_arrive() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let mut client = ledger.client().await;
    let mut producer = Producer::new();
    for _ in 0..40 {
        client
            .ship(producer.next(&[("alice", 10), ("bob", 5)]))
            .await
            .unwrap();
    }
    until("a chunk is sealed", || async {
        ledger
            .program
            .metrics
            .text()
            .unwrap()
            .contains("ngpool_ledger_sealed_chunks_total 1\n")
    })
    .await;
    let books = booked(&store(&database.owner_url)).await.unwrap();
    assert_eq!(books, [("alice".to_owned(), 400), ("bob".to_owned(), 200)]);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_workers_are_bounded_and_go_with_their_round() {
    let database = shared_database().await;
    let ledger =
        RunningLedger::ready(&database.ledger_url, |settings| settings.live_workers = 150).await;
    let mut client = ledger.client().await;
    let store = store(&database.owner_url);
    let report = |round: u64, workers: usize, last: bool| LiveReport {
        producer: vec![7; 16].into(),
        port: "public".to_owned(),
        connections: 9,
        workers: (0..workers)
            .map(|worker| LiveWorker {
                user: "alice".to_owned(),
                worker: format!("rig{round}-{worker}"),
                connections: 1,
                difficulty: 16.0,
                hash_rate: 1e6,
                last_share_ms: support::now_ms(),
                user_agent: "test".to_owned(),
            })
            .collect(),
        last,
        round,
    };
    client.report_live(report(1, 100, false)).await.unwrap();
    client.report_live(report(1, 100, true)).await.unwrap();
    assert!(store.live_worker_count(SHARECHAIN).await.unwrap() <= 150);
    client.report_live(report(2, 3, true)).await.unwrap();
    assert_eq!(store.live_worker_count(SHARECHAIN).await.unwrap(), 3);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn books_of_another_chain_are_refused_with_the_reason() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    ledger.stop().await;
    let other = RunningLedger::start(&database.ledger_url, |settings| {
        let mut changed = currency();
        changed.network.genesis_hash = ngpool_chain::BlockHash::from_bytes([0x11; 32]);
        settings.currencies = vec![changed];
    });
    until("the reason is told", || async {
        other.program.health.report().reason.contains("genesis")
    })
    .await;
    let mut client = other.client().await;
    let refused = client
        .ship(Producer::new().next(&[("alice", 1)]))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(
        refused
            .message()
            .contains("has books of the chain with genesis"),
        "{refused}"
    );
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sharechain_made_again_finds_its_books() {
    let database = shared_database().await;
    let mut producer = Producer::new();
    let mut totals = BTreeMap::new();
    for round in 0..3_u128 {
        let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
        let mut client = ledger.client().await;
        let stored = client
            .ship(producer.next(&[("alice", round + 1)]))
            .await
            .unwrap();
        assert_eq!(stored.into_inner().outcome(), ShipOutcome::Stored);
        *totals.entry("alice".to_owned()).or_insert(0) += round + 1;
        ledger.stop().await;
    }
    let books: BTreeMap<_, _> = booked(&store(&database.owner_url))
        .await
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(books, totals);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_hears_a_heartbeat_and_its_stream_ends_with_the_ledger() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |_| {}).await;
    let mut client = ledger.client().await;
    let follow = FollowRequest {
        producer: vec![1; 16].into(),
        port: "public".to_owned(),
    };
    let mut events = client.follow(follow).await.unwrap().into_inner();
    for _ in 0..2 {
        let event = tokio::time::timeout(Duration::from_secs(30), events.message()).await;
        let event = event.unwrap().unwrap().unwrap();
        assert!(matches!(event.event, Some(Event::Heartbeat(_))));
    }
    ledger.stop().await;
    assert!(!matches!(events.message().await, Ok(Some(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_schema_it_is_not_ready_says_why_and_becomes_ready_when_it_is_made() {
    let database = empty_database().await;
    // The login is made by any migration on the server.
    let _other = shared_database().await;
    let ledger = RunningLedger::start(&database.ledger_url, |_| {});
    until("the reason is told", || async {
        let report = ledger.program.health.report();
        assert!(!report.ready);
        report.reason.contains("this program needs version")
    })
    .await;
    let mut client = ledger.client().await;
    let mut producer = Producer::new();
    let batch = producer.next(&[("alice", 1)]);
    let refused = client.ship(batch.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    migrate(&database.owner_url, &Logins::without_passwords())
        .await
        .unwrap();
    ledger.until_ready().await;
    let stored = client.ship(batch).await.unwrap().into_inner();
    assert_eq!(stored.outcome(), ShipOutcome::Stored);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn below_the_schema_it_needs_it_is_not_ready_and_takes_nothing_until_it_is_migrated() {
    let database = shared_database().await;
    let set_back =
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    sql(&database.owner_url, set_back).unwrap();
    let ledger = RunningLedger::start(&database.ledger_url, |_| {});
    let told = format!("this program needs version {}", known_schema());
    until("the reason is told", || async {
        ledger.program.health.report().reason.contains(&told)
    })
    .await;
    let refused = ledger
        .client()
        .await
        .ship(Producer::new().next(&[("alice", 1)]))
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::Unavailable);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_url_is_taken_while_it_runs_and_a_wrong_one_is_not() {
    let (old, new) = (shared_database().await, shared_database().await);
    let ledger = RunningLedger::ready(&old.ledger_url, |_| {}).await;
    let mut client = ledger.client().await;
    let mut producer = Producer::new();
    client.ship(producer.next(&[("alice", 1)])).await.unwrap();
    ledger.write_url("not a URL");
    client.ship(producer.next(&[("alice", 1)])).await.unwrap();
    ledger.write_url(&new.ledger_url);
    let is_there = || async { store(&new.owner_url).head(SHARECHAIN).await.is_ok() };
    until("the new database is looked at", is_there).await;
    ledger.until_ready().await;
    until("every call goes to the new database", || {
        let (mut client, batch) = (client.clone(), Producer::new().next(&[("bob", 1)]));
        let new = new.owner_url.clone();
        async move {
            client.ship(batch).await.is_ok() && store(&new).head(SHARECHAIN).await.unwrap() > 0
        }
    })
    .await;
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_document_applies_while_it_runs() {
    let database = shared_database().await;
    let ledger = RunningLedger::ready(&database.ledger_url, |settings| {
        settings.cut_wait_ms = 100;
    })
    .await;
    let mut client = ledger.client().await;
    let hash = ledger.program.health.report().document;
    assert_eq!(hash.len(), 64);
    ledger.change(|settings| {
        settings.fee_ppm = 20_000;
        let mut doge = currency();
        doge.code = "DOGE".to_owned();
        settings.currencies.push(doge);
    });
    until("the new document is in force", || async {
        ledger.program.health.report().document != hash
    })
    .await;
    let mut report = block_report(7);
    report.currency = "DOGE".to_owned();
    // Its books are bound within a second.
    until("the new currency is taken", || {
        let (mut client, report) = (client.clone(), report.clone());
        async move { client.report_block(report).await.is_ok() }
    })
    .await;
    client.report_block(report).await.unwrap();
    let store = store(&database.owner_url);
    let key = BlockKey {
        currency: "DOGE".to_owned(),
        hash: block_hash(7),
    };
    until("the block is cut", || async {
        !store.cuts(&key).await.unwrap().is_empty()
    })
    .await;
    let cut = store.cuts(&key).await.unwrap().remove(0);
    assert_eq!(cut.terms.fee_ppm, 20_000);
    ledger.stop().await;
}
