//! What ngweb publishes of a settled pool is checked by `ngpool verify-split`, over HTTP as anybody
//! would: a block divided over a PPLNS and a PPS sharechain, and a period of bought work.

use std::time::{Duration, Instant};

use clap::Parser;
use ngpool::verify::{VerifyCommand, run};
use ngpool_chain::{Algorithm, Txid};
use ngpool_runtime::Program;
use ngpool_settings::{Listen, RateLimit, WebSettings, WebSharechain};
use ngpool_testkit::FreePort;
use tokio_util::sync::CancellationToken;

use crate::{
    pool::{MATURITY, Pool, pplns, pps},
    world::{CODE, transaction},
};

const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    verify: VerifyCommand,
}

/// Whether everything holds, and what is said.
async fn verify(arguments: &[&str]) -> (bool, String) {
    let words = std::iter::once("verify-split").chain(arguments.iter().copied());
    let command = Cli::parse_from(words).verify;
    let mut output = Vec::new();
    let holds = run(&command, &mut output).await.unwrap();
    (holds, String::from_utf8(output).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_web_publishes_of_a_block_and_of_a_period_is_verified_and_a_forgery_is_not() {
    let chains = [pplns("main", 10_000), pps("second", 500_000)];
    let mut pool = Pool::start(&["a"], &chains).await;
    pool.settle().await;
    let script = pool.script();
    let paid = transaction(
        Txid::from_bytes([0xdd; 32]),
        &[],
        &[(10_000_000_000, &script)],
    );
    let tip = pool.world.tip("a");
    let deposit = pool.world.block(tip, &[(50, b"somebody")], vec![paid]);
    pool.world.set_tip("a", deposit);
    pool.world.extend("a", MATURITY);
    pool.settle().await;
    pool.fund(10_000_000_000).await;
    pool.settle().await;
    pool.donate("alice", 250_000).await;
    let work = |user: &str, work: u128| (user.to_owned(), work);
    for _ in 0..2 {
        pool.shares("second", &[work("alice", 101), work("bob", 53)])
            .await;
        pool.settle().await;
    }
    pool.shares("main", &[work("alice", 300), work("carol", 70)])
        .await;
    let block = pool.find("a", "main", "alice", 1_000_003).await;
    pool.world.extend("a", MATURITY);
    pool.settle().await;

    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("url");
    std::fs::write(&url, pool.database.url_of("web")).unwrap();
    let ports = [0; 3].map(|_| FreePort::reserve().unwrap());
    let settings = WebSettings {
        pool: "test".into(),
        bind: ports[0].address(),
        listen: Listen {
            grpc: ports[1].address(),
            admin: ports[2].address(),
            tls: None,
        },
        database_url_file: url,
        currencies: vec![pool.settings.currency.clone()],
        sharechains: chains
            .iter()
            .map(|chain| WebSharechain {
                name: chain.name.into(),
                algorithm: Algorithm::Scrypt,
                method: chain.method.clone(),
                fee_ppm: chain.fee_ppm,
            })
            .collect(),
        ports: vec![],
        nodes: vec![],
        rate_limit: RateLimit {
            per_second: 1_000,
            burst: 1_000,
        },
        allowed_origins: vec![],
        trusted_proxies: vec![],
        payouts: [(CODE.to_owned(), pool.settings.policy.clone())].into(),
        signer_token_file: None,
    };
    let stop = CancellationToken::new();
    let (_keep, settings) = tokio::sync::watch::channel(settings.into());
    let program = Program::new("ngweb", "web", stop.clone());
    let health = program.health.clone();
    let web = ports[0].address();
    drop(ports);
    let running = tokio::spawn(ngweb::run(settings, program));
    let deadline = Instant::now() + PATIENCE;
    while !health.report().ready {
        assert!(Instant::now() < deadline, "ngweb does not serve");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let statement = pool.payout.last_statement(CODE, "main").await.unwrap();
    let key = hex::encode(statement.unwrap().key);
    let base = format!("http://{web}/api/v1");
    let (holds, said) = verify(&[
        &format!("{base}/blocks/{CODE}/{block}"),
        "--payee",
        "carol",
        "--key",
        &key,
    ])
    .await;
    assert!(holds, "{said}");
    assert!(said.contains("every amount is the same"), "{said}");

    let saved = folder.path().join("period.json");
    let saved = saved.to_str().unwrap();
    let (holds, said) = verify(&[
        &format!("{base}/sharechains/second/periods/{CODE}/2"),
        "--payee",
        "alice",
        "--key",
        &key,
        "--save",
        saved,
    ])
    .await;
    assert!(holds, "{said}");
    for words in [
        "period 2 of LTC on second",
        "every credit is the same",
        "credits 2 payees as published",
        "it follows statement 1",
        "alice has a line",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }

    // A unit moved from bob to alice, a worth that is another, a key that is another.
    let whole = std::fs::read_to_string(saved).unwrap();
    let document: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let more = |line: usize, field: &str, by: i128| {
        let mut forged = document.clone();
        let value = &mut forged["credits"][line][field];
        let number: i128 = value.as_str().unwrap().parse().unwrap();
        *value = (number + by).to_string().into();
        forged
    };
    let mut moved = more(0, "amount", 1);
    moved["credits"][1] = more(1, "amount", -1)["credits"][1].clone();
    for (forged, what) in [
        (moved, "which is not what he gets"),
        (more(0, "value", -1 << 40), "which is not what he gets"),
        (more(1, "work", 1), "the lines' work is not the period's"),
        (more(1, "donation", 1), "are not what left the reserve"),
    ] {
        std::fs::write(saved, forged.to_string()).unwrap();
        let (holds, said) = verify(&[saved]).await;
        assert!(!holds && said.contains(what), "no {what:?} in {said}");
    }
    std::fs::write(saved, whole).unwrap();
    let (holds, said) = verify(&[saved, "--key", "00", "--payee", "nobody"]).await;
    assert!(!holds && said.contains("signed by another key"), "{said}");
    assert!(said.contains("nobody has no line in the period"));
    assert!(verify(&[saved]).await.0, "offline as well");

    let api = ngpool::rest::Rest::new(web);
    let told = api
        .get(&format!("/api/v1/currencies/{CODE}/reserve"))
        .await
        .unwrap();
    assert_eq!(told["chains"][0]["sharechain"], "second");
    assert_eq!(told["chains"][0]["buys"], true);
    assert_eq!(told["chains"][0]["periods"], 2);
    stop.cancel();
    running.await.unwrap().unwrap();
}
