//! Statistics: each batch once, bounded, in the right minute.

use ngpool_chain::{Height, Work};
use ngpool_store::{
    LivePort, LiveWorker, NodeStatus, ProducerId, RejectCount, Resolution, Scope, StatisticsLimits,
};

use crate::support::{CHAIN, Journal, Pool, after, slice_of, start};

const LIMITS: StatisticsLimits = StatisticsLimits {
    workers_per_user: 3,
};

fn reject(user: &str, worker: &str, reason: &str, count: u64) -> RejectCount {
    RejectCount {
        user: user.to_owned(),
        worker: worker.to_owned(),
        reason: reason.to_owned(),
        count,
        work: Work(u128::from(count) * 10),
    }
}

#[tokio::test]
async fn every_batch_is_counted_once_by_minute_hour_worker_and_port() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    // 12:00:00, 12:00:30, 12:01:30 and 13:00:10.
    for (n, at) in [(0, 0), (1, 30), (2, 90), (3, 3_610)] {
        let slices = vec![
            slice_of("alice", "rig1", 0, 100),
            slice_of("alice", "rig2", 1, 10),
            slice_of("bob", "", 0, 1),
        ];
        let rejects = vec![
            reject("bob", "", "stale", 2),
            reject("alice", "rig1", "duplicate", 1),
        ];
        let batch = journal.batch_at(slices, rejects, after(at));
        // All arrive late, as after an outage of the database.
        pool.ledger
            .store_batch(CHAIN, &batch, after(4_000 + n))
            .await
            .unwrap();
    }
    let (a, b) = tokio::join!(
        pool.ledger.count_statistics(CHAIN, &LIMITS),
        pool.ledger.count_statistics(CHAIN, &LIMITS)
    );
    assert_eq!(a.unwrap() + b.unwrap(), 4);
    assert_eq!(
        pool.ledger.count_statistics(CHAIN, &LIMITS).await.unwrap(),
        0
    );

    let series = async |scope: Scope, resolution: Resolution| {
        let points = pool
            .web
            .series(&scope, resolution, after(0), after(7_200))
            .await
            .unwrap();
        points
            .into_iter()
            .map(|p| {
                (
                    (p.at - start()).num_seconds(),
                    p.shares,
                    p.work.0,
                    p.rejected,
                )
            })
            .collect::<Vec<_>>()
    };
    let minutes = vec![(0, 6, 222, 6), (60, 3, 111, 3), (3_600, 3, 111, 3)];
    assert_eq!(series(Scope::Pool, Resolution::Minute).await, minutes);
    assert_eq!(
        series(Scope::Port("p".to_owned()), Resolution::Minute).await,
        minutes
    );
    assert_eq!(
        series(Scope::Sharechain(CHAIN.to_owned()), Resolution::Minute).await,
        minutes
    );
    assert!(
        series(Scope::Port("q".to_owned()), Resolution::Minute)
            .await
            .is_empty()
    );
    let hours = vec![(0, 9, 333, 9), (3_600, 3, 111, 3)];
    assert_eq!(series(Scope::Pool, Resolution::Hour).await, hours);
    let alice = vec![(0, 6, 330, 3), (3_600, 2, 110, 1)];
    assert_eq!(
        series(Scope::User("alice".to_owned()), Resolution::Hour).await,
        alice
    );
    let rig2 = Scope::Worker {
        user: "alice".to_owned(),
        worker: "rig2".to_owned(),
    };
    assert_eq!(
        series(rig2, Resolution::Minute).await,
        vec![(0, 2, 20, 0), (60, 1, 10, 0), (3_600, 1, 10, 0)]
    );

    let rejects = pool
        .web
        .rejects(&Scope::Pool, after(0), after(7_200))
        .await
        .unwrap();
    let rejects: Vec<_> = rejects
        .into_iter()
        .map(|r| (r.reason, r.count, r.work.0))
        .collect();
    assert_eq!(
        rejects,
        [("stale".to_owned(), 8, 80), ("duplicate".to_owned(), 4, 40)]
    );
    let of_bob = Scope::User("bob".to_owned());
    let rejects = pool
        .web
        .rejects(&of_bob, after(0), after(7_200))
        .await
        .unwrap();
    assert_eq!((rejects.len(), rejects[0].count), (1, 8));

    let totals = pool.web.pool_totals(after(60)).await.unwrap();
    assert_eq!(
        (totals.shares, totals.work, totals.rejected),
        (6, Work(222), 6)
    );
    let chains = pool.web.sharechains(after(0)).await.unwrap();
    assert_eq!((chains[0].pos, chains[0].work), (4, Work(444)));
}

#[tokio::test]
async fn workers_above_a_users_limit_share_one_name() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for round in 0..2 {
        let slices = (0..10)
            .map(|n| slice_of("alice", &format!("rig{}", n + round * 5), 0, 1))
            .chain([slice_of("bob", "one", 0, 1)])
            .collect();
        pool.store(&mut journal, slices).await;
        pool.ledger.count_statistics(CHAIN, &LIMITS).await.unwrap();
    }
    let names = async |user: &str| {
        let workers = pool.web.workers(user, after(-60), None, 100).await.unwrap();
        workers
            .into_iter()
            .map(|w| (w.worker, w.work.0))
            .collect::<Vec<_>>()
    };
    let alice = names("alice").await;
    let sum: u128 = alice.iter().map(|(_, work)| work).sum();
    assert_eq!(sum, 20, "nothing is lost: {alice:?}");
    assert_eq!(alice.len(), 4);
    assert!(alice.iter().any(|(name, _)| name == "other"));
    assert_eq!(names("bob").await, [("one".to_owned(), 2)]);
    let second = pool
        .web
        .workers("alice", after(-60), Some(&alice[0].0), 2)
        .await
        .unwrap();
    assert_eq!(
        second.iter().map(|w| &w.worker).collect::<Vec<_>>(),
        [&alice[1].0, &alice[2].0]
    );
}

#[tokio::test]
async fn a_clock_that_is_wrong_puts_a_batch_at_its_arrival() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for closed in [after(86_400 * 400), after(-86_400 * 400)] {
        let batch = journal.batch_at(vec![slice_of("alice", "", 0, 7)], Vec::new(), closed);
        pool.ledger
            .store_batch(CHAIN, &batch, start())
            .await
            .unwrap();
    }
    pool.ledger.count_statistics(CHAIN, &LIMITS).await.unwrap();
    let points = pool
        .web
        .series(&Scope::Pool, Resolution::Minute, after(0), after(60))
        .await
        .unwrap();
    assert_eq!((points.len(), points[0].work), (1, Work(14)));
}

fn worker(user: &str, name: &str) -> LiveWorker {
    LiveWorker {
        user: user.to_owned(),
        worker: name.to_owned(),
        connections: 2,
        difficulty: 8.0,
        hash_rate: 1_000.0,
        last_share: Some(after(5)),
        user_agent: "cpuminer/2".to_owned(),
    }
}

#[tokio::test]
async fn a_round_replaces_the_one_before_and_silent_servers_are_forgotten() {
    let pool = Pool::fresh().await;
    let port = |id: u8, seconds: i64| LivePort {
        producer: ProducerId([id; 16]),
        sharechain: CHAIN.to_owned(),
        port: "p".to_owned(),
        connections: 5,
        seen_at: after(seconds),
    };
    let store = &pool.ledger;
    store
        .report_live(
            &port(1, 0),
            1,
            &[worker("alice", "a"), worker("alice", "b")],
            false,
        )
        .await
        .unwrap();
    store
        .report_live(&port(1, 0), 1, &[worker("bob", "")], true)
        .await
        .unwrap();
    store
        .report_live(&port(2, 30), 1, &[worker("alice", "a")], true)
        .await
        .unwrap();
    let alice = pool
        .web
        .workers("alice", after(-60), None, 10)
        .await
        .unwrap();
    let alice: Vec<_> = alice
        .iter()
        .map(|w| (w.worker.as_str(), w.connections))
        .collect();
    assert_eq!(alice, [("a", 4), ("b", 2)]);
    assert_eq!(
        pool.web
            .live_workers(Some("alice"), 10)
            .await
            .unwrap()
            .len(),
        3
    );
    let totals = pool.web.pool_totals(after(0)).await.unwrap();
    assert_eq!(
        (totals.connections, totals.workers, totals.users),
        (10, 3, 2)
    );

    store
        .report_live(&port(1, 60), 2, &[worker("alice", "b")], true)
        .await
        .unwrap();
    assert!(
        !pool
            .web
            .live_workers(None, 10)
            .await
            .unwrap()
            .iter()
            .any(|w| w.live.user == "bob")
    );
    assert!(
        pool.web
            .workers("bob", after(-60), None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    store.forget_live(CHAIN, after(45)).await.unwrap();
    let ports = pool.web.live_ports().await.unwrap();
    assert_eq!(ports.len(), 1);
    assert_eq!(pool.ledger.live_worker_count(CHAIN).await.unwrap(), 1);
    let ports = pool.web.ports(after(0)).await.unwrap();
    assert_eq!(
        (ports[0].servers, ports[0].connections, ports[0].workers),
        (1, 5, 1)
    );
}

#[tokio::test]
async fn nodes_and_steps_of_jobs_are_shown_as_last_recorded() {
    let pool = Pool::fresh().await;
    let node = |name: &str, height: u32| NodeStatus {
        currency: "LTC".to_owned(),
        node: name.to_owned(),
        state: "ready".to_owned(),
        reason: String::new(),
        height: Height(height),
        headers: Height(height),
        best_hash: Some(crate::support::genesis()),
        chain_work: Some(vec![1; 32]),
        peers: 3,
        daemon_version: "/LitecoinCore:0.21.4/".to_owned(),
        bits: crate::support::BITS,
        template_at: None,
        seen_at: after(1),
    };
    for (name, height) in [("a", 1), ("b", 2), ("a", 3)] {
        pool.payout.record_node(&node(name, height)).await.unwrap();
    }
    assert_eq!(
        pool.web.nodes().await.unwrap(),
        [node("a", 3), node("b", 2)]
    );
    pool.payout
        .keep_nodes("LTC", &["b".to_owned()])
        .await
        .unwrap();
    assert_eq!(pool.web.nodes().await.unwrap(), [node("b", 2)]);

    pool.payout
        .record_step("LTC", "follow", "", after(1))
        .await
        .unwrap();
    pool.payout
        .record_step("LTC", "follow", "no node answers", after(2))
        .await
        .unwrap();
    let steps = pool.web.job_steps().await.unwrap();
    assert_eq!(steps[0].last_run, after(2));
    assert_eq!(steps[0].last_success, Some(after(1)));
    assert_eq!(steps[0].error, "no node answers");
}

#[tokio::test]
async fn names_that_send_nothing_but_rejected_shares_are_bounded_too() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for n in 0..10 {
        let rejects = vec![reject("mallory", &format!("rig{n}"), "stale", 1)];
        let batch = journal.batch_at(Vec::new(), rejects, start());
        pool.ledger
            .store_batch(CHAIN, &batch, start())
            .await
            .unwrap();
        pool.ledger.count_statistics(CHAIN, &LIMITS).await.unwrap();
    }
    let workers = pool
        .web
        .workers("mallory", after(-60), None, 100)
        .await
        .unwrap();
    assert_eq!(workers.len(), 4);
    assert_eq!(
        workers.iter().map(|worker| worker.rejected).sum::<u64>(),
        10
    );
}
