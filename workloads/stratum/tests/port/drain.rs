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

#[tokio::test(flavor = "multi_thread")]
async fn miners_are_asked_to_leave_only_when_another_server_answers() {
    // A port that nobody listens on until the other server comes.
    let place = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let successor = place.local_addr().unwrap();
    drop(place);
    let mut pool = Pool::with(|settings| {
        settings.drain.accept_for_s = 0;
        settings.drain.spread_s = 400;
        settings.drain.successor = Some(successor.to_string());
    })
    .await;
    let mut miner = pool.miner(&user(1)).await;
    miner.job().await.unwrap();
    pool.ready().await;
    pool.shut_down();
    until("it is not ready any more", || async {
        !pool.program.health.report().ready
    })
    .await;
    // As long as it is alone it is there for everybody.
    let mut late = pool.miner(&user(2)).await;
    let job = late.job().await.unwrap();
    let share = late.mine(&job).unwrap();
    assert!(late.submit(&user(2), &share).await.unwrap().is_accepted());
    let _other = tokio::net::TcpListener::bind(successor).await.unwrap();
    // One is asked at once, the other when half of the time is over.
    tokio::select! {
        asked = miner.notification("client.reconnect") => asked.unwrap(),
        asked = late.notification("client.reconnect") => asked.unwrap(),
    };
    drop((miner, late));
    pool.left().await;
}
