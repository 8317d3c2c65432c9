//! What peers failed at: duplicates, retargets, stale work, tips that come back, restarts.

use ngpool_chain::{Difficulty, Target};
use ngpool_testkit::{StratumClient, stratum_client::Share};
use serde_json::json;

use crate::support::{ALGORITHM, EASY, Pool, node::Tip, until, user};

fn target(difficulty: f64) -> Target {
    Target::from_difficulty(Difficulty(difficulty), ALGORITHM).unwrap()
}

async fn code(miner: &mut StratumClient, share: &Share) -> Option<i64> {
    let reply = miner.submit(&user(1), share).await.unwrap();
    assert!(reply.code.is_some() || reply.is_accepted(), "{reply:?}");
    reply.code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_by_letter_case_is_refused() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    // A nonce with letters in it, so that the case can differ.
    let easy = target(EASY);
    let lettered = |share: &Share| {
        share
            .params("")
            .to_string()
            .contains(['a', 'b', 'c', 'd', 'e'])
    };
    let mut share = miner
        .mine_where(&job, job.time, None, |hash| easy.is_met_by(hash))
        .unwrap();
    while !lettered(&share) {
        share = miner.mine(&job).unwrap();
    }
    assert_eq!(code(&mut miner, &share).await, None);
    let mut params = share.params(&user(1));
    for field in 1..5 {
        params[field] = json!(params[field].as_str().unwrap().to_uppercase());
    }
    let reply = miner.call("mining.submit", params).await.unwrap();
    assert_eq!(reply.code, Some(22));
    assert_eq!(code(&mut miner, &share).await, Some(22));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_header_under_two_job_ids_is_paid_once() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    miner
        .call("mining.suggest_difficulty", json!([2.0 * EASY]))
        .await
        .unwrap();
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    let hard = target(2.0 * EASY);
    let mut share = miner
        .mine_where(&first, first.time, None, |hash| hard.is_met_by(hash))
        .unwrap();
    assert_eq!(code(&mut miner, &share).await, None);
    share.job.clone_from(&second.id);
    assert_eq!(code(&mut miner, &share).await, Some(22));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_in_one_packet_are_paid_once() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let params = miner.mine(&job).unwrap().params(&user(1));
    let line =
        |id: u32| json!({ "id": id, "method": "mining.submit", "params": params }).to_string();
    let packet = format!("{}\n{}\n", line(71), line(72));
    miner.send_raw(packet.as_bytes()).await.unwrap();
    assert!(miner.reply(71).await.unwrap().is_accepted());
    assert_eq!(miner.reply(72).await.unwrap().code, Some(22));
    until("one share is booked", || async {
        pool.ledger.shares(&user(1)) == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_of_a_block_share_is_refused_and_the_block_is_sent_once() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert_eq!(code(&mut miner, &share).await, None);
    assert_eq!(code(&mut miner, &share).await, Some(22));
    until("the block is reported", || async {
        pool.ledger.blocks().iter().any(|block| block.r#final)
    })
    .await;
    assert_eq!(pool.node("a").sent().len(), 1);
    assert_eq!(pool.node("a").sent()[0].header(), share.header);
}

#[tokio::test(flavor = "multi_thread")]
async fn around_a_rise_each_job_keeps_the_difficulty_it_was_sent_with() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let easy_job = miner.job().await.unwrap();
    miner
        .call("mining.suggest_difficulty", json!([8.0 * EASY]))
        .await
        .unwrap();
    let hard_job = miner.job_where(|job| job.id != easy_job.id).await.unwrap();
    let (easy, hard) = (target(EASY), target(8.0 * EASY));
    let between = |hash: &ngpool_chain::PowHash| easy.is_met_by(hash) && !hard.is_met_by(hash);
    let old = miner
        .mine_where(&easy_job, easy_job.time, None, between)
        .unwrap();
    assert_eq!(code(&mut miner, &old).await, None, "sent before the rise");
    let new = miner
        .mine_where(&hard_job, hard_job.time, None, between)
        .unwrap();
    assert_eq!(
        code(&mut miner, &new).await,
        Some(23),
        "sent after the rise"
    );
    let good = miner.mine(&hard_job).unwrap();
    assert_eq!(code(&mut miner, &good).await, None);
    until("both are booked", || async {
        pool.ledger.shares(&user(1)) == 2
    })
    .await;
    assert_eq!(pool.ledger.work(&user(1)), easy.work().0 + hard.work().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_fall_older_jobs_count_at_the_lower_difficulty() {
    let pool = Pool::with(|settings| settings.vardiff.start = 8.0 * EASY).await;
    let mut miner = pool.miner(&user(1)).await;
    let hard_job = miner.job().await.unwrap();
    miner
        .call("mining.suggest_difficulty", json!([EASY]))
        .await
        .unwrap();
    miner.job_where(|job| job.id != hard_job.id).await.unwrap();
    let (easy, hard) = (target(EASY), target(8.0 * EASY));
    let low = miner
        .mine_where(&hard_job, hard_job.time, None, |hash| {
            easy.is_met_by(hash) && !hard.is_met_by(hash)
        })
        .unwrap();
    assert_eq!(code(&mut miner, &low).await, None);
    let high = miner.mine(&hard_job).unwrap();
    assert_eq!(code(&mut miner, &high).await, None);
    until("both are booked", || async {
        pool.ledger.shares(&user(1)) == 2
    })
    .await;
    assert_eq!(
        pool.ledger.work(&user(1)),
        2 * easy.work().0,
        "credited at the lower"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stale_work_is_not_paid_and_still_tried_as_a_block() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    let mut miner = pool.miner(&user(1)).await;
    let old = miner.job().await.unwrap();
    let share = miner.mine(&old).unwrap();
    pool.node("a").offer(Tip::number(2));
    let new = miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    assert!(new.clean);
    assert_eq!(code(&mut miner, &share).await, Some(21));
    assert_eq!(code(&mut miner, &share).await, Some(22), "once");
    until("the stale block is sent", || async {
        pool.node("a").sent().len() == 1
    })
    .await;
    assert_eq!(pool.node("a").sent()[0].header(), share.header);
    until("the reject is counted", || async {
        pool.ledger.rejects("stale") == 1
    })
    .await;
    assert_eq!(pool.ledger.shares(&user(1)), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_below_its_target_that_solves_is_sent_as_a_block_and_not_paid() {
    let pool = Pool::with(|settings| settings.base.block_odds = 1).await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let (share_target, block_target) = (target(EASY), Target::from_compact(job.bits).unwrap());
    let share = miner
        .mine_where(&job, job.time, None, |hash| {
            block_target.is_met_by(hash) && !share_target.is_met_by(hash)
        })
        .unwrap();
    assert_eq!(code(&mut miner, &share).await, Some(23));
    until("the block is sent", || async {
        pool.node("a").sent().len() == 1
    })
    .await;
    until("the reject is counted", || async {
        pool.ledger.rejects("low-difficulty") == 1
    })
    .await;
    assert_eq!(pool.ledger.shares(&user(1)), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tips_that_go_and_come_back_pay_no_header_twice() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    let (paid, waiting) = (miner.mine(&first).unwrap(), miner.mine(&first).unwrap());
    assert_eq!(code(&mut miner, &paid).await, None);
    pool.node("a").offer(Tip::number(2));
    miner
        .job_where(|job| job.previous.to_bytes() == [2; 32])
        .await
        .unwrap();
    assert_eq!(code(&mut miner, &paid).await, Some(22));
    // The second tip is given up: the node is on the first again, with more work.
    pool.node("a").offer(Tip::number(1).work(3));
    let again = miner
        .job_where(|job| job.previous.to_bytes() == [1; 32] && job.id != first.id)
        .await
        .unwrap();
    assert!(again.clean);
    assert_eq!(
        code(&mut miner, &paid).await,
        Some(22),
        "paid on the first visit"
    );
    assert_eq!(
        code(&mut miner, &waiting).await,
        None,
        "its tip is mined on again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_server_and_no_restarted_one_accepts_the_same_header() {
    let pools = [
        Pool::start().await,
        Pool::start().await,
        Pool::start().await,
    ];
    let mut shares = Vec::new();
    for pool in &pools {
        let mut miner = pool.miner(&user(1)).await;
        let job = miner.job().await.unwrap();
        let share = miner.mine(&job).unwrap();
        assert_eq!(code(&mut miner, &share).await, None);
        shares.push(share);
    }
    let [first, second, third] = pools;
    let pools = [first.restart(|_| {}).await, second, third];
    let mut prefixes = std::collections::HashSet::new();
    for pool in &pools {
        let mut miner = pool.miner(&user(1)).await;
        let job = miner.job().await.unwrap();
        assert!(
            prefixes.insert(job.coinbase1.clone()),
            "coinbases start alike"
        );
        for share in &shares {
            // Under its own job id and under that of the job in force.
            for id in [share.job.clone(), job.id.clone()] {
                let replayed = Share {
                    job: id,
                    ..share.clone()
                };
                let refused = code(&mut miner, &replayed).await;
                assert!(matches!(refused, Some(20..=23)), "{refused:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_of_one_server_have_extranonces_of_their_own() {
    let pool = Pool::start().await;
    let mut first = pool.miner(&user(1)).await;
    let mut second = pool.miner(&user(1)).await;
    assert_ne!(first.extranonce1, second.extranonce1);
    let job = first.job().await.unwrap();
    let share = first.mine(&job).unwrap();
    assert_eq!(code(&mut first, &share).await, None);
    assert_eq!(
        code(&mut second, &share).await,
        Some(23),
        "another header there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_refresh_keeps_older_jobs_and_does_not_clean() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    pool.node("a").offer(Tip::number(1).value(5_000_000_123));
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    assert!(!second.clean);
    assert_ne!(second.coinbase2, first.coinbase2);
    for job in [&first, &second] {
        let share = miner.mine(job).unwrap();
        assert_eq!(code(&mut miner, &share).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scrypt_shares_are_checked_off_the_reactor_in_batches() {
    let pool = Pool::with(|settings| {
        settings.base = crate::support::currency("litecoin-regtest");
        // A share takes a dozen hashes.
        settings.vardiff.start = 0.000_2;
        settings.vardiff.min = 0.000_2;
    })
    .await;
    let network = ngpool_chain::Network::preset("litecoin-regtest").unwrap();
    let name = ngpool_chain::Address::p2wpkh([1; 20], &network)
        .unwrap()
        .to_string();
    let mut miner = pool.miner(&name).await;
    let job = miner.job().await.unwrap();
    let shares: Vec<Share> = (0..8).map(|_| miner.mine(&job).unwrap()).collect();
    let mut packet = String::new();
    for (id, share) in shares.iter().enumerate() {
        let params = share.params(&name);
        let line = json!({ "id": 900 + id, "method": "mining.submit", "params": params });
        packet += &line.to_string();
        packet.push('\n');
    }
    packet += "{\"id\":999,\"method\":\"mining.ping\",\"params\":[]}\n";
    miner.send_raw(packet.as_bytes()).await.unwrap();
    for id in 900..908 {
        assert!(miner.reply(id).await.unwrap().is_accepted());
    }
    assert_eq!(miner.reply(999).await.unwrap().result, json!("pong"));
    until("all are booked", || async {
        pool.ledger.shares(&name) == 8
    })
    .await;
}
