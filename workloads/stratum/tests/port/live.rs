//! Settings that change while miners are connected.

use serde_json::json;

use crate::support::{EASY, Pool, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_least_difficulty_reaches_connected_miners() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    pool.change(|settings| settings.vardiff.min = 4.0 * EASY);
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    assert_eq!(miner.difficulty_of(&second), Some(4.0 * EASY));
    let share = miner.mine(&second).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_version_mask_reaches_miners_that_roll() {
    let pool = Pool::with(|settings| settings.version_mask = 0x00c0_0000).await;
    let mut miner = pool.miner(&user(1)).await;
    let options = json!([["version-rolling"], { "version-rolling.mask": "1fffe000" }]);
    let reply = miner.call("mining.configure", options).await.unwrap();
    assert_eq!(reply.result["version-rolling.mask"], json!("00c00000"));
    pool.change(|settings| settings.version_mask = 0x1fff_e000);
    let params = miner.notification("mining.set_version_mask").await.unwrap();
    assert_eq!(params, json!(["1fffe000"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_banner_is_shown_to_connected_miners() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    pool.change(|settings| settings.banner = "maintenance at noon".into());
    let params = miner.notification("client.show_message").await.unwrap();
    assert_eq!(params, json!(["maintenance at noon"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_coinbase_tag_is_in_the_next_job() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    miner.job().await.unwrap();
    pool.change(|settings| settings.base.coinbase_tag = "/other/".into());
    let holds = |bytes: &[u8]| bytes.windows(7).any(|window| window == b"/other/");
    miner.job_where(|job| holds(&job.coinbase2)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lowered_cap_keeps_who_is_in_and_refuses_who_comes() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    pool.change(|settings| settings.limits.connections_per_address = 1);
    // The change is in force once its own refusal is seen.
    let mut refused = false;
    for _ in 0..1_000 {
        let mut stranger = pool.connect().await;
        if stranger.call("mining.ping", json!([])).await.is_err() {
            refused = true;
            break;
        }
    }
    assert!(refused);
    assert!(miner.call("mining.ping", json!([])).await.is_ok());
}
