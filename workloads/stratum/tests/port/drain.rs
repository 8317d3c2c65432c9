//! Leaving without losing a miner or a share.

use crate::support::{Pool, until, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_leaves_asks_its_miners_to_reconnect_and_ships_what_they_sent() {
    let mut pool = Pool::with(|settings| {
        settings.drain.accept_for_s = 1;
        settings.drain.spread_s = 2;
    })
    .await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    pool.ready().await;
    pool.shut_down();
    until("it is not ready any more", || async {
        pool.program.health.report().reason == "the server is leaving"
    })
    .await;
    // It still accepts: load balancers are slow.
    let mut late = pool.miner(&user(2)).await;
    assert_eq!(
        miner.notification("client.reconnect").await.unwrap(),
        serde_json::json!([])
    );
    late.notification("client.reconnect").await.unwrap();
    // Shares are taken until the socket closes.
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    miner.closed().await.unwrap();
    late.closed().await.unwrap();
    pool.left().await;
    assert_eq!(pool.ledger.shares(&user(1)), 1, "shipped before it left");
    assert!(tokio::net::TcpStream::connect(pool.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_miners_leaves_at_once() {
    let mut pool = Pool::with(|settings| settings.drain.spread_s = 3_600).await;
    pool.ready().await;
    pool.shut_down();
    pool.left().await;
}
