//! Payouts that cannot go on: stopped, or on a coin that can never come.

use ngpool_store::StoppedBy;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_holds_a_signed_payout_back_and_a_lost_coin_is_left_out_of_the_next_version() {
    let mut scene = Scene::start(Kind::P2shP2wpkh, Replacement::None, &[]).await;
    let store = scene.pool.payout.clone();
    let coins = store.spendable_outputs(CODE, DEPTH).await.unwrap();
    let first = scene.prepare_with(&coins[..2], 1_000_000).await;
    let at = scene.pool.tick();
    store
        .stop_payouts(CODE, StoppedBy::Operator, "somebody looks", at)
        .await
        .unwrap();
    scene.signing.turn(&scene.pool).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Signed);
    assert!(scene.reason(first).await.contains("somebody looks"));
    assert!(scene.in_mempool().await.is_empty());
    store
        .lift_payout_stop(CODE, StoppedBy::Operator)
        .await
        .unwrap();
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Broadcast);
    assert_eq!(scene.in_mempool().await.len(), 1);

    // The block of its second coin is lost for good.
    let dead = coins[1].coin.outpoint;
    scene
        .call("invalidateblock", json!([coins[1].block.to_string()]))
        .await;
    scene.daemon.generate(8).await.unwrap();
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Broadcast);
    let payout = store.payout(CODE, first).await.unwrap().unwrap();
    assert_eq!(payout.versions.len(), 1);
    scene.daemon.generate(100).await.unwrap();
    scene.settle().await;
    let payout = store.payout(CODE, first).await.unwrap().unwrap();
    assert_eq!(payout.versions.len(), 2);
    let inputs = &payout.versions[1].inputs;
    assert!(inputs.iter().all(|input| input.outpoint != dead));
    scene.sign_and_send(first).await;
    let (_, txid) = scene.newest(first).await;
    assert_eq!(scene.in_mempool().await, std::slice::from_ref(&txid));
    scene.mine(&[&txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Confirmed);
    assert_eq!(scene.alice_has().await, 1_000_000);
    let books = scene.books().await;
    assert_eq!(books.get("utxo:reserved").copied().unwrap_or(0), 0);
}
