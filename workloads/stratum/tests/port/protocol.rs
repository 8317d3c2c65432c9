//! Methods and errors of stratum v1.

use std::time::Duration;

use ngpool_chain::{Difficulty, Target};
use serde_json::json;

use crate::support::{ALGORITHM, EASY, Pool, until, user};

fn target(difficulty: f64) -> Target {
    Target::from_difficulty(Difficulty(difficulty), ALGORITHM).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_accepted_and_booked() {
    let pool = Pool::start().await;
    let mut miner = pool.connect().await;
    let name = format!("{}.rig", user(1));
    let job = miner.login(&name, "x").await.unwrap();
    assert!(job.clean, "the first job of a connection");
    assert_eq!(job.previous.to_bytes(), [1; 32]);
    assert_eq!((miner.extranonce1.len(), miner.extranonce2_length), (4, 8));
    let share = miner.mine(&job).unwrap();
    let reply = miner.submit(&name, &share).await.unwrap();
    assert!(reply.is_accepted(), "{reply:?}");
    until("the share is booked", || async {
        pool.ledger.shares(&user(1)) == 1
    })
    .await;
    assert_eq!(pool.ledger.work(&user(1)), target(EASY).work().0);
    assert!(pool.metric("ngpool_stratum_shares_total{result=\"accepted\"") >= 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_come_in_the_order_of_submits_that_share_one_id() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    let good = share.params(&user(1));
    let mut unknown = share.clone();
    unknown.job = "fffffff0".to_owned();
    let submits = [
        &unknown.params(&user(1)),
        &good,
        &good,
        &unknown.params(&user(1)),
    ];
    let mut lines = String::new();
    for params in submits {
        lines += &json!({ "id": 4, "method": "mining.submit", "params": params }).to_string();
        lines.push('\n');
    }
    lines += "{\"id\":4,\"method\":\"mining.ping\",\"params\":[]}\n";
    miner.send_raw(lines.as_bytes()).await.unwrap();
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(miner.reply(4).await.unwrap().code);
    }
    assert_eq!(codes, [Some(21), None, Some(22), Some(21)]);
    assert_eq!(miner.reply(4).await.unwrap().result, json!("pong"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_error_has_its_code() {
    let pool = Pool::start().await;
    let mut miner = pool.connect().await;
    let zeros = json!([user(1), "0", "0000000000000000", "00000000", "00000000"]);
    let reply = miner.call("mining.submit", zeros.clone()).await.unwrap();
    assert_eq!(reply.code, Some(25), "not subscribed");
    miner.subscribe(None).await.unwrap();
    let reply = miner.call("mining.submit", zeros.clone()).await.unwrap();
    assert_eq!(reply.code, Some(24), "not authorized");
    let reply = miner
        .call("mining.authorize", json!(["nobody", "x"]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(24));
    assert!(reply.message.contains("address"), "{reply:?}");
    miner
        .call("mining.authorize", json!([user(1), "x"]))
        .await
        .unwrap();
    let job = miner.job().await.unwrap();
    let reply = miner.call("mining.submit", zeros).await.unwrap();
    assert_eq!(reply.code, Some(21), "unknown job");
    let reply = miner
        .call("mining.submit", json!([user(2), job.id, "", "", ""]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(20), "malformed");
    let share = miner.mine(&job).unwrap();
    let reply = miner.submit(&user(2), &share).await.unwrap();
    assert_eq!(reply.code, Some(24), "another worker");
    let high = target(EASY);
    let low = miner
        .mine_where(&job, job.time, None, |hash| !high.is_met_by(hash))
        .unwrap();
    assert_eq!(
        miner.submit(&user(1), &low).await.unwrap().code,
        Some(23),
        "low difficulty"
    );
    let reply = miner.call("mining.make_coffee", json!([])).await.unwrap();
    assert_eq!(reply.code, Some(20));
    assert!(reply.message.contains("mining.make_coffee"), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_methods_miners_expect_are_answered() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    assert_eq!(
        miner.call("mining.ping", json!([])).await.unwrap().result,
        json!("pong")
    );
    assert!(
        miner
            .call("mining.extranonce.subscribe", json!([]))
            .await
            .unwrap()
            .is_accepted()
    );
    let reply = miner
        .call("mining.get_transactions", json!(["1"]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(20));
    let reply = miner
        .call("mining.multi_version", json!([1]))
        .await
        .unwrap();
    assert_eq!((reply.result, reply.code), (json!(false), None));
    // An answer of the miner and a pong are heard in silence; the next call is answered.
    miner
        .send_raw(b"{\"id\":0,\"result\":\"cgminer/1\",\"error\":null}\n")
        .await
        .unwrap();
    miner
        .send_raw(b"{\"id\":1,\"method\":\"mining.pong\",\"params\":[]}\n\n\r\n")
        .await
        .unwrap();
    assert_eq!(
        miner.call("mining.ping", json!([])).await.unwrap().result,
        json!("pong")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn success_says_error_null_and_ids_are_echoed_as_sent() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let pool = Pool::start().await;
    let mut stream = BufReader::new(tokio::net::TcpStream::connect(pool.address).await.unwrap());
    for id in ["1", "\"one\"", "null", "1.5"] {
        let line = format!("{{\"id\":{id},\"method\":\"mining.ping\",\"params\":[]}}\n");
        stream.get_mut().write_all(line.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_line(&mut reply).await.unwrap();
        assert_eq!(
            reply,
            format!("{{\"id\":{id},\"result\":\"pong\",\"error\":null}}\n")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn header_times_are_taken_from_the_jobs_time_to_7000_seconds_later() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let target = target(EASY);
    for (time, code) in [
        (job.time - 1, Some(20)),
        (job.time, None),
        (job.time + 7_000, None),
        (job.time + 7_001, Some(20)),
    ] {
        let share = miner
            .mine_where(&job, time, None, |hash| target.is_met_by(hash))
            .unwrap();
        let reply = miner.submit(&user(1), &share).await.unwrap();
        assert_eq!(
            reply.code,
            code,
            "{} {reply:?}",
            i64::from(time) - i64::from(job.time)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn version_bits_are_taken_within_the_granted_mask_only() {
    const MASK: u32 = 0x1fff_e000;
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let target = target(EASY);
    let rolled = |miner: &mut ngpool_testkit::StratumClient, bits, mask| {
        miner
            .mine_where(&job, job.time, Some((bits, mask)), |hash| {
                target.is_met_by(hash)
            })
            .unwrap()
    };
    let share = rolled(&mut miner, 0x0000_2000, MASK);
    let reply = miner.submit(&user(1), &share).await.unwrap();
    assert_eq!(reply.code, Some(20), "bits without negotiation: {reply:?}");
    let options = json!([["version-rolling"], { "version-rolling.mask": "ffffffff" }]);
    let reply = miner.call("mining.configure", options).await.unwrap();
    assert_eq!(reply.result["version-rolling"], json!(true));
    assert_eq!(reply.result["version-rolling.mask"], json!("1fffe000"));
    for (bits, code) in [
        (0x0000_2000, None),
        (MASK, None),
        (0, None),
        (0x0000_0100, Some(20)),
        (1 << 29, Some(20)),
    ] {
        let share = rolled(&mut miner, bits, MASK | bits);
        let reply = miner.submit(&user(1), &share).await.unwrap();
        assert_eq!(reply.code, code, "{bits:08x} {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mask_granted_is_no_wider_than_asked_for() {
    let pool = Pool::start().await;
    let mut miner = pool.connect().await;
    let options = json!([
        ["version-rolling", "minimum-difficulty", "subscribe-extranonce", "info"],
        { "version-rolling.mask": "00c00000", "minimum-difficulty.value": 2 }
    ]);
    let reply = miner.call("mining.configure", options).await.unwrap();
    assert_eq!(
        reply.result,
        json!({
            "version-rolling": true,
            "version-rolling.mask": "00c00000",
            "minimum-difficulty": true,
            "subscribe-extranonce": true,
            "info": false
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggested_difficulty_comes_before_the_same_job_under_a_new_id() {
    let pool = Pool::with(|settings| settings.vardiff.max = 4.0 * EASY).await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    let reply = miner
        .call("mining.suggest_difficulty", json!([2.0 * EASY]))
        .await
        .unwrap();
    assert!(reply.is_accepted());
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    assert_eq!(miner.difficulty_of(&second), Some(2.0 * EASY));
    assert_eq!(miner.difficulty_of(&first), Some(EASY));
    assert!(!second.clean);
    assert_eq!(second.coinbase2, first.coinbase2);
    // At once again: not followed. Later: followed, within the port's bounds.
    miner
        .call("mining.suggest_difficulty", json!([3.0 * EASY]))
        .await
        .unwrap();
    pool.clock.advance(Duration::from_secs(31));
    miner
        .call("mining.suggest_difficulty", json!([9.0 * EASY]))
        .await
        .unwrap();
    let third = miner
        .job_where(|job| job.id != first.id && job.id != second.id)
        .await
        .unwrap();
    assert_eq!(miner.difficulty_of(&third), Some(4.0 * EASY));
    pool.clock.advance(Duration::from_secs(31));
    let reply = miner
        .call(
            "mining.suggest_target",
            json!([target(2.0 * EASY).to_string()]),
        )
        .await
        .unwrap();
    assert!(reply.is_accepted());
    let ids = [first.id, second.id, third.id];
    let fourth = miner.job_where(|job| !ids.contains(&job.id)).await.unwrap();
    let difficulty = miner.difficulty_of(&fourth).unwrap();
    assert!((difficulty / EASY - 2.0).abs() < 1e-9, "{difficulty}");
}

#[tokio::test(flavor = "multi_thread")]
async fn password_arguments_set_a_fixed_and_a_least_difficulty() {
    let pool = Pool::start().await;
    let mut fixed = pool.connect().await;
    let job = fixed.login(&user(1), "x,d=0.0002").await.unwrap();
    assert_eq!(fixed.difficulty_of(&job), Some(0.000_2));
    let mut least = pool.connect().await;
    let job = least.login(&user(1), "md=0.0003").await.unwrap();
    assert_eq!(least.difficulty_of(&job), Some(0.000_3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resumed_session_has_its_extranonce_its_jobs_and_its_headers() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let (sent, unsent) = (miner.mine(&job).unwrap(), miner.mine(&job).unwrap());
    assert!(miner.submit(&user(1), &sent).await.unwrap().is_accepted());
    let (session, extranonce1) = (miner.session.clone(), miner.extranonce1.clone());
    drop(miner);
    until("the connection is gone", || async {
        pool.metric("ngpool_stratum_closed_total") >= 1.0
    })
    .await;

    let mut miner = pool.connect().await;
    miner.subscribe(Some(&session)).await.unwrap();
    assert_eq!(miner.extranonce1, extranonce1);
    miner
        .call("mining.authorize", json!([user(1), "x"]))
        .await
        .unwrap();
    let reply = miner.submit(&user(1), &sent).await.unwrap();
    assert_eq!(reply.code, Some(22), "paid once already");
    assert!(miner.submit(&user(1), &unsent).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_use_or_unknown_is_not_given_to_another() {
    let pool = Pool::start().await;
    let miner = pool.miner(&user(1)).await;
    for session in [
        miner.session.as_str(),
        "0123456789abcdef",
        "no session at all",
    ] {
        let mut other = pool.connect().await;
        other.subscribe(Some(session)).await.unwrap();
        assert_ne!(other.extranonce1, miner.extranonce1, "{session}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_to_extranonces_is_told_when_it_takes_up_a_session() {
    let pool = Pool::start().await;
    let mut old = pool.miner(&user(1)).await;
    old.job().await.unwrap();
    let (session, extranonce1) = (old.session.clone(), old.extranonce1.clone());
    drop(old);
    until("the connection is gone", || async {
        pool.metric("ngpool_stratum_closed_total") >= 1.0
    })
    .await;

    let mut miner = pool.miner(&user(1)).await;
    miner
        .call("mining.extranonce.subscribe", json!([]))
        .await
        .unwrap();
    miner
        .call("mining.subscribe", json!(["testkit/1", session]))
        .await
        .unwrap();
    let params = miner.notification("mining.set_extranonce").await.unwrap();
    assert_eq!(params, json!([hex::encode(&extranonce1), 8]));
    let before = miner.jobs.first().unwrap().0.clone();
    let job = miner.job_where(|job| job.id != before.id).await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribing_again_changes_nothing() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let before = (miner.session.clone(), miner.extranonce1.clone());
    miner.subscribe(None).await.unwrap();
    assert_eq!((miner.session.clone(), miner.extranonce1.clone()), before);
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_share_a_connection_up_to_the_bound() {
    let pool = Pool::with(|settings| settings.limits.workers_per_connection = 2).await;
    let mut miner = pool.miner(&format!("{}.a", user(1))).await;
    let job = miner.job().await.unwrap();
    let second = format!("{}.b", user(1));
    assert!(
        miner
            .call("mining.authorize", json!([second, ""]))
            .await
            .unwrap()
            .is_accepted()
    );
    let reply = miner
        .call("mining.authorize", json!([user(1), ""]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(24));
    for name in [format!("{}.a", user(1)), second] {
        let share = miner.mine(&job).unwrap();
        assert!(
            miner.submit(&name, &share).await.unwrap().is_accepted(),
            "{name}"
        );
    }
    until("both are booked", || async {
        pool.ledger.shares(&user(1)) == 2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_banner_is_shown_after_authorize() {
    let pool = Pool::with(|settings| settings.banner = "welcome \"home\"".into()).await;
    let mut miner = pool.miner(&user(1)).await;
    let params = miner.notification("client.show_message").await.unwrap();
    assert_eq!(params, json!(["welcome \"home\""]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_connected_is_reported_to_the_ledger() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&format!("{}.rig", user(1))).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    miner
        .submit(&format!("{}.rig", user(1)), &share)
        .await
        .unwrap();
    let seen = || async {
        pool.ledger
            .live()
            .iter()
            .flat_map(|report| &report.workers)
            .any(|worker| {
                worker.user == user(1)
                    && worker.worker == "rig"
                    && worker.connections == 1
                    && worker.user_agent == "testkit/1"
                    && worker.last_share_ms > 0
            })
    };
    until("the worker is reported", seen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_are_counted_by_reason_and_never_paid() {
    let pool = Pool::start().await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let target = target(EASY);
    for _ in 0..3 {
        let low = miner
            .mine_where(&job, job.time, None, |hash| !target.is_met_by(hash))
            .unwrap();
        assert_eq!(miner.submit(&user(1), &low).await.unwrap().code, Some(23));
    }
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("all is booked", || async {
        pool.ledger.rejects("low-difficulty") == 3 && pool.ledger.shares(&user(1)) == 1
    })
    .await;
    assert_eq!(pool.ledger.work(&user(1)), target.work().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fast_miner_is_raised_within_a_few_shares_and_keeps_its_shares() {
    let pool = Pool::with(|settings| settings.vardiff.quick_start = true).await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    for _ in 0..8 {
        let share = miner.mine(&first).unwrap();
        assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    }
    let raised = miner.job_where(|job| job.id != first.id).await.unwrap();
    let difficulty = miner.difficulty_of(&raised).unwrap();
    assert!(difficulty > 4.0 * EASY, "{difficulty}");
    // What was mined before the rise counts as it was mined.
    let share = miner.mine(&first).unwrap();
    assert!(miner.submit(&user(1), &share).await.unwrap().is_accepted());
    until("nine shares are booked", || async {
        pool.ledger.shares(&user(1)) == 9
    })
    .await;
    assert_eq!(pool.ledger.work(&user(1)), 9 * target(EASY).work().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_miner_comes_down_without_sending_a_share() {
    let pool = Pool::with(|settings| settings.vardiff.start = 16.0 * EASY).await;
    let mut miner = pool.miner(&user(1)).await;
    let first = miner.job().await.unwrap();
    assert_eq!(miner.difficulty_of(&first), Some(16.0 * EASY));
    pool.clock.advance(Duration::from_secs(241));
    let second = miner.job_where(|job| job.id != first.id).await.unwrap();
    let difficulty = miner.difficulty_of(&second).unwrap();
    assert!((difficulty / EASY - 4.0).abs() < 0.01, "{difficulty}");
}
