//! The pool's own endpoints for signers: a real `ngweb` on a real database takes what we send, and
//! its inbox has it.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use ngpool_runtime::Program;
use ngpool_settings::WebSettings;
use ngpool_store::{Logins, Store, StoreOptions, migrate};
use ngpool_testkit::{Database, FreePort};
use ngsign::{
    exchange::{ExchangeError, Pool, PoolOptions},
    keyring::Kind,
    request::{FORMAT, Outcome, Poll, Position, Response, StatementsAfter, Task},
    watch::Turn,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{COIN, NOW, Scene, genesis, given, network, own_psbt, payout, request};

const CLOCK: fn() -> Option<i64> = || Some(NOW);

#[tokio::test(flavor = "multi_thread")]
async fn the_pool_s_web_server_takes_polls_and_answers_by_the_token_alone() -> anyhow::Result<()> {
    let database = Database::create().await?;
    migrate(&database.owner_url(), &Logins::without_passwords()).await?;
    let open = |role: &str| Store::open(&database.url_of(role), &StoreOptions::default());
    open("ledger")?
        .adopt_currency("RLTC", genesis(), Utc::now())
        .await?;
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("url"), database.url_of("web"))?;
    let token = "7".repeat(64);
    std::fs::write(path("token"), &token)?;
    std::fs::write(path("other"), "8".repeat(64))?;
    let ports = [
        FreePort::reserve()?,
        FreePort::reserve()?,
        FreePort::reserve()?,
    ];
    let [api, grpc, admin] = [0, 1, 2].map(|port: usize| ports[port].address());
    let settings: WebSettings = serde_json::from_value(json!({
        "pool": "test pool",
        "bind": api,
        "listen": {"grpc": grpc, "admin": admin},
        "database_url_file": path("url"),
        "currencies": [{
            "name": "litecoin",
            "code": "RLTC",
            "network": network(),
            "subsidy_address": crate::support::payee(20),
            "maturity": 100,
            "settle_depth": 3,
            "coinbase_tag": "/test/",
            "block_odds": 1,
            "split_window_milli": 2000,
            "decimals": 8,
        }],
        "sharechains": [],
        "ports": [],
        "nodes": [],
        "rate_limit": {"per_second": 1000, "burst": 1000},
        "signer_token_file": path("token"),
    }))?;
    let (_sender, settings) = tokio::sync::watch::channel(Arc::new(settings));
    let shutdown = CancellationToken::new();
    let program = Program::new("ngweb", "web", shutdown.clone());
    let health = program.health.clone();
    let running = tokio::spawn(ngweb::run(settings, program));
    let ready = async {
        while !health.report().ready {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), ready).await?;

    let pool = |token: &str| {
        Pool::new(&PoolOptions {
            url: format!("http://{api}"),
            token_file: path(token),
            ca_file: None,
            allow_http: false,
        })
    };
    let mut scene = Scene::new();
    let signer = scene.signer.as_mut().unwrap();
    let right = pool("token")?;
    assert_eq!(Turn::take(signer, &right, CLOCK).await?, Turn::Nothing);
    let seen = open("payout")?.signer_seen("RLTC").await?;
    assert!(seen.is_some(), "the pool knows that its signer lives");

    let poll = Poll {
        format: FORMAT,
        currency: "RLTC".to_owned(),
        genesis_hash: genesis(),
        position: Position {
            payout: 0,
            statements: vec![StatementsAfter {
                sharechain: "main".to_owned(),
                after: 3,
            }],
            scripts: vec![],
        },
    };
    // It is further than the pool, which was put back from a backup then.
    let after = vec![StatementsAfter {
        sharechain: "main".to_owned(),
        after: 0,
    }];
    let asked = right.poll(&poll).await?;
    assert_eq!(asked, Some(request(vec![], Task::Tell { after })));
    let stranger = pool("other")?.poll(&poll).await;
    assert!(matches!(stranger, Err(ExchangeError::Unauthorised)));
    let mut unknown = poll.clone();
    unknown.currency = "NOPE".to_owned();
    let unknown = right.poll(&unknown).await;
    assert!(matches!(unknown, Err(ExchangeError::Unknown(code)) if code == "NOPE"));
    let mut fork = poll.clone();
    fork.genesis_hash = ngpool_chain::BlockHash::from_bytes([1; 32]);
    let Err(ExchangeError::Status { status, detail }) = right.poll(&fork).await else {
        panic!("another chain was taken");
    };
    assert!(status == 409 && detail.is_some(), "{status} {detail:?}");

    let response = |number: u64, outcome| Response {
        format: FORMAT,
        currency: "RLTC".to_owned(),
        genesis_hash: genesis(),
        number: Some(number),
        version: None,
        position: Position::default(),
        outcome,
    };
    let waiting = Outcome::Waiting {
        text: "a device has it".to_owned(),
    };
    for (number, outcome) in [
        (1, Outcome::Voided {}),
        (2, waiting),
        (3, Outcome::Booked {}),
    ] {
        let response = response(number, outcome);
        right.answer(&response).await?;
        right.answer(&response).await?;
    }
    let inbox = open("payout")?.open_signer_messages("RLTC", 10).await?;
    let kept: Vec<Response> = inbox
        .iter()
        .map(|message| Response::parse(&message.body))
        .collect::<Result<_, _>>()?;
    let mut numbers: Vec<_> = kept.iter().map(|response| response.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [Some(1), Some(2), Some(3)], "each once");

    // A pool whose database is older than the signer's journal is given what was signed since.
    let coin = scene.coin(Kind::P2wpkh, COIN);
    let asked = payout(1, &[], 2000, &own_psbt(&[(&coin, 0)], 2000));
    let (transaction, _) = given(&scene.ask(&request(vec![], Task::Sign(asked))));
    let signer = scene.signer.as_mut().unwrap();
    let Turn::Answered(answer) = Turn::take(signer, &right, CLOCK).await? else {
        panic!("the pool does not see that it is behind");
    };
    let Outcome::Needs { payouts, .. } = &answer.outcome else {
        panic!("{answer:?}");
    };
    let signed = &payouts[0].signed.as_ref().unwrap().versions[0];
    assert_eq!(signed.transaction.as_ref().unwrap().0, transaction);
    let inbox = open("payout")?.open_signer_messages("RLTC", 10).await?;
    assert_eq!(inbox.len(), 4);
    shutdown.cancel();
    running.await??;
    Ok(())
}
