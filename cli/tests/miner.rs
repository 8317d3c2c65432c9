//! The miner against a scripted pool over TCP.

// The lints allow these in tests, but not in what tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{future::Future, net::SocketAddr, time::Duration};

use ngpool::miner::{Miner, MinerError, MinerOptions, Notify, Space, Spaces, TlsTrust, Work};
use ngpool_chain::{Algorithm, Header, Target};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    time::timeout,
};

const DEADLINE: Duration = Duration::from_secs(30);
/// Easy enough for several shares a second in a debug build.
const DIFFICULTY: f64 = 0.000_001;

/// The pool's side of one connection.
struct Pool {
    lines: tokio::io::Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(DEADLINE, what)
        .await
        .expect("the other side did not do its part in time")
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn options(address: SocketAddr) -> MinerOptions {
    let mut options = MinerOptions::new(
        format!("stratum+tcp://{address}").parse().unwrap(),
        "me.rig",
    );
    options.algorithm = Some(Algorithm::Sha256d);
    options
}

impl Pool {
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon(listener.accept()).await.unwrap();
        Self::on(stream)
    }

    fn on(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            lines: BufReader::new(reader).lines(),
            writer,
        }
    }

    async fn next(&mut self) -> Value {
        let line = soon(self.lines.next_line())
            .await
            .unwrap()
            .expect("the miner hung up");
        serde_json::from_str(&line).unwrap()
    }

    async fn expect(&mut self, method: &str) -> Value {
        let call = self.next().await;
        assert_eq!(call["method"], method, "{call}");
        call
    }

    async fn send(&mut self, value: Value) {
        let line = format!("{value}\n");
        self.writer.write_all(line.as_bytes()).await.unwrap();
    }

    async fn answer(&mut self, call: &Value, result: Value) {
        self.send(json!({"id": call["id"], "result": result, "error": null}))
            .await;
    }

    /// Up to the authorise, granting version rolling.
    async fn greet(&mut self) {
        let configure = self.expect("mining.configure").await;
        self.answer(
            &configure,
            json!({"version-rolling": true, "version-rolling.mask": "1fffe000"}),
        )
        .await;
        let subscribe = self.expect("mining.subscribe").await;
        self.answer(&subscribe, json!([[["mining.notify", "s"]], "0a0b0c0d", 8]))
            .await;
        let authorize = self.expect("mining.authorize").await;
        assert_eq!(authorize["params"], json!(["me.rig", "x"]));
        self.answer(&authorize, json!(true)).await;
        self.expect("mining.extranonce.subscribe").await;
    }

    async fn job(&mut self, id: &str, clean: bool) {
        self.send(json!({"id": null, "method": "mining.set_difficulty", "params": [DIFFICULTY]}))
            .await;
        self.send(json!({"id": null, "method": "mining.notify", "params": job(id, clean)}))
            .await;
    }

    async fn submit(&mut self) -> Value {
        self.expect("mining.submit").await
    }
}

fn job(id: &str, clean: bool) -> Value {
    json!([
        id,
        "00".repeat(32),
        "01",
        "02",
        [],
        "20000000",
        "207fffff",
        "4dd7f5c7",
        clean
    ])
}

/// Rebuilds the header of a submit as a pool does and checks its proof of work.
fn assert_share_is_good(submit: &Value, extranonce1: &[u8]) {
    let text = |at: usize| submit["params"][at].as_str().unwrap().to_owned();
    let number = |at| u32::from_str_radix(&text(at), 16).unwrap();
    let params: Vec<Value> = job("any", true).as_array().unwrap().clone();
    let work = Work {
        notify: Notify::parse(&params).unwrap(),
        extranonce1: extranonce1.to_vec(),
        extranonce2_size: 8,
        spaces: std::sync::Arc::<Spaces>::default(),
        target: Work::target(DIFFICULTY, Algorithm::Sha256d),
        version_mask: 0x1fff_e000,
        algorithm: Algorithm::Sha256d,
        epoch: 0,
        tip: 0,
    };
    let extranonce2 = u64::from_str_radix(&text(2), 16).unwrap();
    // With 16 rolled bits the extranonce2 is the number of the space without them.
    let space: Space = work.space(extranonce2 << 16);
    assert_eq!(hex::encode(&space.extranonce2), text(2));
    let version = (0x2000_0000 & !0x1fff_e000) | number(5);
    let header = Header {
        version,
        time: number(3),
        nonce: number(4),
        ..space.header()
    };
    assert!(
        work.target.is_met_by(&header.pow_hash(Algorithm::Sha256d)),
        "{submit}"
    );
    assert_ne!(work.target, Target::MAX);
}

#[tokio::test]
async fn shares_meet_the_difficulty_and_are_counted_by_answer() {
    let (listener, address) = listen().await;
    let miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    pool.job("j1", true).await;
    let first = pool.submit().await;
    assert_eq!(first["params"][1], "j1");
    assert_share_is_good(&first, &[10, 11, 12, 13]);
    pool.answer(&first, json!(true)).await;
    let second = pool.submit().await;
    pool.send(json!({"id": second["id"], "result": null, "error": [22, "duplicate share", null]}))
        .await;
    soon(async {
        while miner.status().rejected_total() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let status = soon(miner.stop()).await.unwrap();
    assert_eq!(status.accepted, 1);
    assert_eq!(status.rejected.get("duplicate share"), Some(&1));
    assert!(status.hashes > 0);
}

#[tokio::test]
async fn a_clean_job_replaces_the_old_one_and_no_header_is_submitted_twice() {
    let (listener, address) = listen().await;
    let mut settings = options(address);
    settings.threads = 2.try_into().unwrap();
    let miner = Miner::start(settings);
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    let mut seen = std::collections::HashSet::new();
    for id in ["j1", "j2", "j3"] {
        pool.job(id, true).await;
        let mut of_this_job = 0;
        while of_this_job < 3 {
            let submit = pool.submit().await;
            let params = submit["params"].as_array().unwrap();
            // The same template under another id: what makes the header must differ.
            assert!(
                seen.insert(format!("{:?}", &params[2..])),
                "twice: {submit}"
            );
            if params[1] == id {
                of_this_job += 1;
            } else {
                assert_eq!(of_this_job, 0, "a share of an old job after one of the new");
            }
        }
    }
    soon(miner.stop()).await.unwrap();
}

#[tokio::test]
async fn set_extranonce_counts_from_the_next_job() {
    let (listener, address) = listen().await;
    let miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    pool.job("j1", true).await;
    assert_share_is_good(&pool.submit().await, &[10, 11, 12, 13]);
    pool.send(json!({"id": null, "method": "mining.set_extranonce", "params": ["ffee", 8]}))
        .await;
    pool.job("j2", true).await;
    let share = loop {
        let share = pool.submit().await;
        if share["params"][1] == "j2" {
            break share;
        }
    };
    assert_share_is_good(&share, &[0xff, 0xee]);
    soon(miner.stop()).await.unwrap();
}

#[tokio::test]
async fn a_lost_connection_is_made_again_and_the_miner_goes_on() {
    let (listener, address) = listen().await;
    let miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    pool.job("j1", true).await;
    pool.submit().await;
    drop(pool);
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    pool.job("k1", true).await;
    let share = pool.submit().await;
    assert_eq!(
        share["params"][1], "k1",
        "a share of the lost connection was sent"
    );
    let status = soon(miner.stop()).await.unwrap();
    assert_eq!(status.connections, 2);
    assert!(!status.last_error.is_empty());
}

#[tokio::test]
async fn a_reconnect_is_followed_within_the_domain_only() {
    let (listener, address) = listen().await;
    let (other, other_address) = listen().await;
    let miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    let elsewhere = json!(["pool.example", other_address.port(), 0]);
    pool.send(json!({"id": null, "method": "client.reconnect", "params": elsewhere}))
        .await;
    // It stays: the job after the refused call is worked on.
    pool.job("j1", true).await;
    pool.submit().await;
    let here = json!(["127.0.0.1", other_address.port().to_string(), 0]);
    pool.send(json!({"id": null, "method": "client.reconnect", "params": here}))
        .await;
    let mut pool = Pool::accept(&other).await;
    pool.greet().await;
    soon(miner.stop()).await.unwrap();
}

#[tokio::test]
async fn questions_of_the_pool_are_answered() {
    let (listener, address) = listen().await;
    let miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    pool.send(json!({"id": 7, "method": "mining.ping", "params": []}))
        .await;
    assert_eq!(
        pool.next().await,
        json!({"id": 7, "result": "pong", "error": null})
    );
    pool.send(json!({"id": "v", "method": "client.get_version", "params": []}))
        .await;
    let version = pool.next().await;
    assert_eq!(version["id"], "v");
    assert!(version["result"].as_str().unwrap().starts_with("ngpool/"));
    soon(miner.stop()).await.unwrap();
}

#[tokio::test]
async fn a_refused_user_ends_the_miner_with_the_pools_words() {
    let (listener, address) = listen().await;
    let mut miner = Miner::start(options(address));
    let mut pool = Pool::accept(&listener).await;
    pool.expect("mining.configure").await;
    let subscribe = pool.expect("mining.subscribe").await;
    pool.answer(&subscribe, json!([[], "0a0b0c0d", 4])).await;
    let authorize = pool.expect("mining.authorize").await;
    pool.send(
        json!({"id": authorize["id"], "result": null, "error": [24, "no such address", null]}),
    )
    .await;
    let error = soon(miner.ended()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the pool refused the user \"me.rig\": no such address (24)"
    );
}

#[tokio::test]
async fn a_pool_that_is_not_there_is_named_after_the_last_try() {
    let (listener, address) = listen().await;
    drop(listener);
    let mut settings = options(address);
    settings.retries = Some(0);
    let error = soon(Miner::start(settings).ended()).await.unwrap_err();
    assert!(matches!(error, MinerError::Retries { attempts: 1, .. }));
    let message = error.to_string();
    assert!(
        message.contains(&format!("cannot connect to stratum+tcp://{address}")),
        "{message}"
    );
}

#[tokio::test]
async fn a_port_that_speaks_something_else_is_named_as_such() {
    let (listener, address) = listen().await;
    let mut settings = options(address);
    settings.retries = Some(0);
    let mut miner = Miner::start(settings);
    let mut pool = Pool::accept(&listener).await;
    pool.writer
        .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        .await
        .unwrap();
    let message = soon(miner.ended()).await.unwrap_err().to_string();
    assert!(message.contains("is this a stratum v1 port?"), "{message}");
}

#[tokio::test]
async fn a_limit_holds_the_hash_rate_down() {
    let (listener, address) = listen().await;
    let mut settings = options(address);
    settings.limit = Some(200.0);
    let miner = Miner::start(settings);
    let mut pool = Pool::accept(&listener).await;
    pool.greet().await;
    let started = std::time::Instant::now();
    pool.job("j1", true).await;
    soon(async {
        while miner.status().hashes < 100 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // A slow machine takes longer; none may be much faster than the limit.
    assert!(
        started.elapsed() > Duration::from_millis(300),
        "{:?}",
        started.elapsed()
    );
    soon(miner.stop()).await.unwrap();
}

/// A TLS port of a pool that made its own certificate; gives its address and the certificate.
async fn tls_pool() -> (SocketAddr, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            // Enough of a pool to tell that the session works: the user is refused.
            let lines = [
                json!({"id": 2, "result": [[], "0a0b0c0d", 4], "error": null}),
                json!({"id": 3, "result": null, "error": [24, "over TLS", null]}),
            ];
            for line in lines {
                stream
                    .write_all(format!("{line}\n").as_bytes())
                    .await
                    .unwrap();
            }
            // Until the miner hangs up.
            let _closed = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    });
    (address, made.cert.pem())
}

#[tokio::test]
async fn a_tls_port_is_trusted_by_its_certificate_only() {
    let (address, certificate) = tls_pool().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pool.pem");
    std::fs::write(&file, certificate).unwrap();
    let outcome = async |trust: TlsTrust| {
        let url = format!("stratum+ssl://localhost:{}", address.port());
        let mut options = MinerOptions::new(url.parse().unwrap(), "me.rig");
        options.retries = Some(0);
        options.trust = trust;
        soon(Miner::start(options).ended())
            .await
            .unwrap_err()
            .to_string()
    };
    let refused = outcome(TlsTrust::Public).await;
    assert!(refused.contains("no TLS session"), "{refused}");
    assert!(refused.contains("--tls-ca FILE"), "{refused}");
    for trust in [TlsTrust::File(file), TlsTrust::Anyone] {
        let answered = outcome(trust.clone()).await;
        assert!(answered.contains("over TLS (24)"), "{trust:?}: {answered}");
    }
}
