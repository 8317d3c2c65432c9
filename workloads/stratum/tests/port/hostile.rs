//! What strangers do: garbage, floods, silence, forged headers.

use std::{net::SocketAddr, time::Duration};

use ngpool_testkit::StratumClient;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{ALGORITHM, DEADLINE, EASY, Pool, until, user};

/// Waits until the server has closed a connection.
async fn closed(stream: &mut TcpStream) {
    let reading = async {
        let mut buffer = [0; 4_096];
        while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
    };
    tokio::time::timeout(DEADLINE, reading)
        .await
        .expect("the connection was not closed");
}

async fn assert_alive(pool: &Pool) {
    let mut miner = pool.miner(&user(9)).await;
    let job = miner.job().await.unwrap();
    let share = miner.mine(&job).unwrap();
    assert!(miner.submit(&user(9), &share).await.unwrap().is_accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_megabyte_ends_the_connection_and_nothing_else() {
    let pool = Pool::start().await;
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    let line = vec![b'x'; 1_000_000];
    // The server closes before it has read all of it.
    let _broken = stream.write_all(&line).await;
    closed(&mut stream).await;
    // A line whose end comes in time, but too late.
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    let padded = format!(
        "{{\"id\":1,\"method\":\"mining.ping\"{}}}\n",
        " ".repeat(9_000)
    );
    let _broken = stream.write_all(padded.as_bytes()).await;
    closed(&mut stream).await;
    assert_alive(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_message_end_the_connection() {
    let pool = Pool::start().await;
    let deep = format!("{{\"id\":{}", "[".repeat(8_000));
    for bytes in [
        &b"\0\0\0\0\n"[..],
        b"GET / HTTP/1.1\r\nHost: pool\r\n\r\n",
        b"{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"\xff\xfe\",\"x\"]}\n",
        b"{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"\xed\xa0\x80\",\"x\"]}\n",
        b"[]\n",
        b"{}\n",
        b"{\"id\":{\"a\":1},\"method\":\"mining.ping\",\"params\":[]}\n",
        format!("{deep}\n").as_bytes(),
    ] {
        let mut stream = TcpStream::connect(pool.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        closed(&mut stream).await;
    }
    assert!(pool.metric("ngpool_stratum_closed_total{reason=\"malformed\"}") >= 8.0);
    assert_alive(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_could_hurt_are_refused_and_the_connection_stays() {
    let pool = Pool::start().await;
    let mut miner = pool.connect().await;
    miner.subscribe(None).await.unwrap();
    for name in [
        format!("{}.<script>alert(1)</script>", user(1)),
        format!("{}.'; DROP TABLE shares; --", user(1)),
        format!("{}.a\u{0}b", user(1)),
        format!("{}.\u{202e}", user(1)),
        format!("{}.{}", user(1), "x".repeat(200)),
        "rltcmweb1stealth".to_owned(),
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT".to_owned(),
        String::new(),
    ] {
        let reply = miner
            .call("mining.authorize", json!([name, "x"]))
            .await
            .unwrap();
        assert_eq!(reply.code, Some(24), "{name}");
        assert!(!reply.message.is_empty());
    }
    assert!(
        miner
            .call("mining.authorize", json!([user(1), "x"]))
            .await
            .unwrap()
            .is_accepted()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_reading_is_closed_and_slows_nobody() {
    let pool = Pool::with(|settings| settings.limits.send_queue_bytes = 16_384).await;
    let mut deaf = TcpStream::connect(pool.address).await.unwrap();
    let ping = "{\"id\":1,\"method\":\"mining.ping\",\"params\":[]}\n".repeat(100);
    // It asks and asks, and reads nothing of the answers.
    let asking = async { while deaf.write_all(ping.as_bytes()).await.is_ok() {} };
    tokio::time::timeout(DEADLINE, asking)
        .await
        .expect("it was borne for ever");
    until("it is counted", || async {
        pool.metric("ngpool_stratum_closed_total{reason=\"slow_reader\"}") >= 1.0
    })
    .await;
    assert_alive(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_header_of_a_stranger_is_no_message() {
    let pool = Pool::start().await;
    for header in [
        &b"PROXY TCP4 10.9.8.7 10.0.0.1 5 6\r\n"[..],
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c",
    ] {
        let mut stream = TcpStream::connect(pool.address).await.unwrap();
        stream.write_all(header).await.unwrap();
        // The rest of a version 2 header, so that its line has an end.
        stream
            .write_all(b"\x0a\x09\x08\x07\x0a\0\0\x01\0\x05\0\x06\n")
            .await
            .unwrap();
        closed(&mut stream).await;
    }
    assert_alive(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_balancer_must_say_for_whom_it_speaks() {
    let pool = Pool::with(|settings| {
        settings.proxy_protocol_from = vec!["127.0.0.0/8".parse().unwrap()];
        settings.limits.connections_per_address = 1;
    })
    .await;
    // Without a header: refused.
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    stream
        .write_all(b"{\"id\":1,\"method\":\"mining.ping\",\"params\":[]}\n")
        .await
        .unwrap();
    closed(&mut stream).await;
    // With one: counted for the address it names, each by itself.
    let mut miners = Vec::new();
    for source in ["10.0.0.1", "10.0.0.2"] {
        let mut stream = TcpStream::connect(pool.address).await.unwrap();
        let header = format!("PROXY TCP4 {source} 10.0.0.9 5 6\r\n");
        stream.write_all(header.as_bytes()).await.unwrap();
        let mut miner = StratumClient::over(stream, ALGORITHM);
        miner.login(&user(1), "x").await.unwrap();
        miners.push(miner);
    }
    let addresses: (SocketAddr, SocketAddr) =
        ("10.0.0.3:5".parse().unwrap(), "10.0.0.9:6".parse().unwrap());
    let header = ppp::v2::Builder::with_addresses(
        ppp::v2::Version::Two | ppp::v2::Command::Proxy,
        ppp::v2::Protocol::Stream,
        addresses,
    )
    .build()
    .unwrap();
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    stream.write_all(&header).await.unwrap();
    StratumClient::over(stream, ALGORITHM)
        .login(&user(1), "x")
        .await
        .unwrap();
    // A second connection of the first address is one too many.
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    stream
        .write_all(b"PROXY TCP4 10.0.0.1 10.0.0.9 5 6\r\n")
        .await
        .unwrap();
    closed(&mut stream).await;
    drop(miners);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_above_the_cap_are_closed_and_a_place_comes_back() {
    let pool = Pool::with(|settings| settings.limits.connections_per_address = 3).await;
    let mut miners = Vec::new();
    for _ in 0..3 {
        miners.push(pool.miner(&user(1)).await);
    }
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    closed(&mut stream).await;
    miners.pop();
    let back = || async {
        let mut client = pool.connect().await;
        client.login(&user(1), "x").await.is_ok()
    };
    until("there is a place again", back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_borne_for_a_while_and_no_longer() {
    let pool = Pool::start().await;
    let mut silent = pool.connect().await;
    let mut nameless = pool.connect().await;
    nameless.subscribe(None).await.unwrap();
    let mut idle = pool.miner(&user(1)).await;
    pool.clock.advance(Duration::from_secs(16));
    silent.closed().await.unwrap();
    assert!(nameless.call("mining.ping", json!([])).await.is_ok());
    pool.clock.advance(Duration::from_secs(45));
    nameless.closed().await.unwrap();
    assert!(idle.call("mining.ping", json!([])).await.is_ok());
    pool.clock.advance(Duration::from_secs(599));
    assert!(idle.call("mining.ping", json!([])).await.is_ok());
    pool.clock.advance(Duration::from_secs(601));
    idle.closed().await.unwrap();
    for reason in ["no_first_message", "no_authorize", "idle"] {
        let metric = format!("ngpool_stratum_closed_total{{reason=\"{reason}\"}}");
        until(reason, || async { pool.metric(&metric) >= 1.0 }).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_never_ends_is_silence() {
    let pool = Pool::start().await;
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    stream.write_all(b"{\"id\":1,").await.unwrap();
    pool.clock.advance(Duration::from_secs(16));
    closed(&mut stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miner_of_rejected_shares_is_warned_then_banned_for_a_time() {
    let pool = Pool::with(|settings| {
        settings.limits.ban_after_submits = 20;
        settings.limits.ban_s = 100;
    })
    .await;
    let mut miner = pool.miner(&user(1)).await;
    let job = miner.job().await.unwrap();
    let target = ngpool_chain::Target::from_difficulty(ngpool_chain::Difficulty(EASY), ALGORITHM);
    let target = target.unwrap();
    for _ in 0..20 {
        let low = miner
            .mine_where(&job, job.time, None, |hash| !target.is_met_by(hash))
            .unwrap();
        miner
            .send("mining.submit", low.params(&user(1)))
            .await
            .unwrap();
    }
    miner.notification("client.show_message").await.unwrap();
    miner.closed().await.unwrap();

    let mut again = pool.connect().await;
    again.subscribe(None).await.unwrap();
    let reply = again
        .call("mining.authorize", json!([user(1), "x"]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(24));
    assert!(reply.message.contains("banned"), "{reply:?}");
    again.closed().await.unwrap();
    // Its neighbours at the same address are not touched, and the ban ends.
    assert_alive(&pool).await;
    pool.clock.advance(Duration::from_secs(101));
    let mut again = pool.connect().await;
    again.login(&user(1), "x").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn new_names_of_one_address_are_limited_by_the_minute() {
    let pool = Pool::with(|settings| settings.limits.new_users_per_minute = 2).await;
    let mut miner = pool.connect().await;
    miner.subscribe(None).await.unwrap();
    for number in 1..=2 {
        let reply = miner
            .call("mining.authorize", json!([user(number), "x"]))
            .await
            .unwrap();
        assert!(reply.is_accepted());
    }
    let reply = miner
        .call("mining.authorize", json!([user(3), "x"]))
        .await
        .unwrap();
    assert_eq!(reply.code, Some(24));
    // A name that is mining already is not new.
    let mut other = pool.connect().await;
    other
        .login(&format!("{}.other", user(1)), "x")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_cut_anywhere_are_put_together_again() {
    let pool = Pool::start().await;
    let mut stream = TcpStream::connect(pool.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in b"{\"id\":1,\"method\":\"mining.ping\",\"params\":[]}\r\n" {
        stream.write_all(&[*byte]).await.unwrap();
    }
    let mut reply = [0; 38];
    stream.read_exact(&mut reply).await.unwrap();
    assert_eq!(
        &reply[..],
        &b"{\"id\":1,\"result\":\"pong\",\"error\":null}\n"[..]
    );
}
