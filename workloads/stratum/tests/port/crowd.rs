//! Many miners at once.

use futures::future::{join_all, try_join_all};

use crate::support::{Pool, node::Tip, until, user};

/// 10,000 in the benchmark; here as many as two busy cores serve beside other tests.
const CROWD: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_reconnects_at_once_is_served_without_an_error() {
    let pool = Pool::start().await;
    let login = || async {
        let mut client =
            ngpool_testkit::StratumClient::connect(pool.address, crate::support::ALGORITHM).await?;
        client.login(&user(1), "x").await?;
        anyhow::Ok(client)
    };
    for round in 0..2 {
        let mut crowd = try_join_all((0..CROWD).map(|_| login())).await.unwrap();
        let mut extranonces: Vec<_> = crowd
            .iter()
            .map(|client| client.extranonce1.clone())
            .collect();
        extranonces.sort_unstable();
        extranonces.dedup();
        assert_eq!(
            extranonces.len(),
            CROWD,
            "each has an extranonce of its own"
        );
        drop(crowd.split_off(CROWD / 2));
        let tip = u8::try_from(10 + round).unwrap();
        pool.node("a").offer(Tip::number(tip));
        let jobs = join_all(
            crowd
                .iter_mut()
                .map(|client| client.job_where(|job| job.previous.to_bytes() == [tip; 32])),
        )
        .await;
        assert!(jobs.iter().all(Result::is_ok));
    }
    until("all are gone", || async {
        pool.metric("ngpool_stratum_connections") == 0.0
    })
    .await;
}
