//! The endpoints for signers: what a signer gets, what is kept, and who gets nothing.

use std::fmt::Write;

use chrono::Utc;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode, body::Bytes, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ngpool_chain::{BlockHash, Network};
use ngpool_store::{SignedStatement, StatementSubject, Store, StoreOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, World};

const TOKEN: &str = "3c9d5f0a7e61b2488d90ffab12c4d7e65a0b9c8d7e6f5a4b3c2d1e0f99887766";

fn genesis() -> BlockHash {
    Network::preset("litecoin-regtest").unwrap().genesis_hash
}

/// A pool with a signer token, and the file that holds it.
async fn guarded() -> anyhow::Result<World> {
    let world = World::start().await?;
    world.set_signer_token(TOKEN)?;
    Ok(world)
}

impl World {
    async fn post(&self, path: &str, token: &str, body: Vec<u8>) -> anyhow::Result<Answer> {
        let mut request = Request::post(format!("http://{}{path}", self.api));
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let client: Client<HttpConnector, Full<Bytes>> =
            Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request.body(Full::from(body))?).await?;
        let (parts, body) = response.into_parts();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    async fn poll(&self, position: Value) -> anyhow::Result<Answer> {
        let poll = json!({"format": 1, "currency": "LTC", "genesis_hash": genesis(),
            "position": position});
        self.post(
            "/signer/v1/LTC/request",
            TOKEN,
            poll.to_string().into_bytes(),
        )
        .await
    }

    async fn respond(&self, currency: &str, response: &Value) -> anyhow::Result<Answer> {
        self.post(
            &format!("/signer/v1/{currency}/response"),
            TOKEN,
            response.to_string().into_bytes(),
        )
        .await
    }

    /// Appends statements with bodies of these sizes to the chain of `main`.
    async fn state(&self, sizes: &[usize]) -> anyhow::Result<()> {
        let store = self.payout_store()?;
        for size in sizes {
            let last = store.last_statement("LTC", "main").await?;
            let seq = last.as_ref().map_or(1, |last| last.seq + 1);
            let number = |seq: u64| u8::try_from(seq + 2).unwrap();
            let body = vec![u8::try_from(seq)?; *size];
            let statement = SignedStatement {
                currency: "LTC".into(),
                sharechain: "main".into(),
                seq,
                previous: last.map_or([0; 32], |last| last.digest),
                digest: Sha256::digest(&body).into(),
                body,
                signature: [2; 64],
                key: [3; 32],
                subject: StatementSubject::Block(self.mature_another(number(seq)).await?),
                signed_at: Utc::now(),
            };
            store.append_statement(&statement).await?;
        }
        Ok(())
    }
}

fn refusal(number: u64) -> Value {
    json!({"format": 1, "currency": "LTC", "genesis_hash": genesis(), "number": number,
        "version": 1, "position": {"payout": 0, "statements": []},
        "outcome": {"refused": {"reason": "limit_day", "text": "too much"}}})
}

#[tokio::test]
async fn a_signer_gets_the_statements_after_its_position_in_bounded_answers() -> anyhow::Result<()>
{
    let world = guarded().await?;
    let nothing = world.poll(json!({"payout": 0, "statements": []})).await?;
    assert_eq!(nothing.status, StatusCode::NO_CONTENT);

    // 16 MiB are one answer: two of these three.
    let mebibyte = 1 << 20;
    world
        .state(&[7 * mebibyte, 8 * mebibyte, 2 * mebibyte])
        .await?;
    let mut sizes = Vec::new();
    let mut after = 0;
    loop {
        let answer = world
            .poll(json!({"payout": 0, "statements": [{"sharechain": "main", "after": after}]}))
            .await?;
        if answer.status == StatusCode::NO_CONTENT {
            break;
        }
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        let request = ngpool_signing::request::Request::parse(&answer.body)?;
        assert_eq!(request.genesis_hash, genesis());
        assert!(request.task.is_none());
        for statement in &request.statements {
            after += 1;
            assert_eq!(
                u64::from(statement.body.0[0]),
                after,
                "in order, without a gap"
            );
        }
        sizes.push(request.statements.len());
    }
    assert_eq!(sizes, [2, 1]);
    let seen = world.payout_store()?.signer_seen("LTC").await?.unwrap();
    assert_eq!(seen.position["statements"][0]["after"], 3);
    world.stop().await
}

#[tokio::test]
async fn a_statement_larger_than_an_answer_still_goes_out() -> anyhow::Result<()> {
    let world = guarded().await?;
    world.state(&[17 << 20, 1]).await?;
    let first = world.poll(json!({"payout": 0, "statements": []})).await?;
    let first = ngpool_signing::request::Request::parse(&first.body)?;
    assert_eq!(first.statements.len(), 1);
    world.stop().await
}

#[tokio::test]
async fn an_open_payout_is_given_once_all_statements_are() -> anyhow::Result<()> {
    let world = guarded().await?;
    let number = world.prepare_payout().await?;
    let answer = world.poll(json!({"payout": 0, "statements": []})).await?;
    assert_eq!(answer.status, StatusCode::OK);
    let request = ngpool_signing::request::Request::parse(&answer.body)?;
    assert_eq!(
        (request.number(), request.version()),
        (Some(number), Some(1))
    );
    let Some(ngpool_signing::request::Task::Sign(payout)) = request.task else {
        panic!("nothing to sign");
    };
    let stored = world.payout_store()?.payout("LTC", number).await?.unwrap();
    assert_eq!(payout.psbt.0, *stored.versions[0].psbt.as_ref().unwrap());
    assert_eq!(
        payout.anchor.to_string(),
        stored.anchor.unwrap().to_string()
    );
    assert_eq!(payout.payees.len(), stored.parts.len());

    // While statements are left out, there is no task: it would be refused for want of them.
    world.state(&[15 << 20, 2 << 20]).await?;
    let answer = world.poll(json!({"payout": 0, "statements": []})).await?;
    let request = ngpool_signing::request::Request::parse(&answer.body)?;
    assert_eq!((request.statements.len(), request.task), (1, None));
    world.stop().await
}

#[tokio::test]
async fn an_answer_is_kept_once_however_often_it_is_sent() -> anyhow::Result<()> {
    let world = guarded().await?;
    for _ in 0..3 {
        let answer = world.respond("LTC", &refusal(1)).await?;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    let store = world.payout_store()?;
    let waiting = store.open_signer_messages("LTC", 10).await?;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].body, refusal(1).to_string().into_bytes());
    // What was dealt with is not dealt with again.
    store
        .handle_signer_message("LTC", waiting[0].digest, "refused", Utc::now())
        .await?;
    world.respond("LTC", &refusal(1)).await?;
    assert!(store.open_signer_messages("LTC", 10).await?.is_empty());
    world.stop().await
}

#[tokio::test]
async fn an_inbox_that_nobody_empties_takes_no_more() -> anyhow::Result<()> {
    let world = guarded().await?;
    let store = Store::open(&world.database.url_of("web"), &StoreOptions::default())?;
    for number in 0..256_u64 {
        let body = refusal(number).to_string().into_bytes();
        store
            .receive_signer_message("LTC", &body, Utc::now())
            .await?;
    }
    let full = world.respond("LTC", &refusal(1_000)).await?;
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        full.json()["detail"]
            .as_str()
            .unwrap()
            .contains("payout job")
    );
    world.stop().await
}

#[tokio::test]
async fn who_does_not_show_the_token_gets_nothing() -> anyhow::Result<()> {
    let world = guarded().await?;
    let body = refusal(1).to_string().into_bytes();
    let nearly = format!("{}0", &TOKEN[..TOKEN.len() - 1]);
    for token in ["", "wrong", &nearly, &TOKEN[1..], &TOKEN.to_uppercase()] {
        for path in ["/signer/v1/LTC/request", "/signer/v1/LTC/response"] {
            let answer = world.post(path, token, body.clone()).await?;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(
                answer.headers[header::CONTENT_TYPE],
                "application/problem+json"
            );
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(token.is_empty() || !text.contains(token), "{text}");
        }
    }
    // Not even a body is read of a stranger.
    let answer = world
        .post("/signer/v1/LTC/response", "wrong", vec![b' '; 1 << 20])
        .await?;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        world
            .payout_store()?
            .open_signer_messages("LTC", 1)
            .await?
            .is_empty()
    );
    world.stop().await
}

#[tokio::test]
async fn the_token_opens_nothing_else() -> anyhow::Result<()> {
    let world = guarded().await?;
    for path in ["/api/v1/pool", "/api/v1/miners/nobody", "/api/v1/blocks"] {
        let plain = world.get(path).await?;
        let request = Request::get(format!("http://{}{path}", world.api))
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .body(http_body_util::Empty::new())?;
        let shown = world.request(request).await?;
        assert_eq!(
            (plain.status, &plain.body),
            (shown.status, &shown.body),
            "{path}"
        );
        let posted = world.post(path, TOKEN, b"{}".to_vec()).await?;
        assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    // Nor do the two paths take anything but the POST of a signer.
    for (path, status) in [
        ("/signer/v1/LTC/request", StatusCode::METHOD_NOT_ALLOWED),
        ("/signer/v1/LTC/payouts", StatusCode::NOT_FOUND),
    ] {
        let request = Request::get(format!("http://{}{path}", world.api))
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .body(http_body_util::Empty::new())?;
        let answer = world.request(request).await?;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
    }
    // A browser of another site is not allowed to try.
    let preflight = Request::options(format!("http://{}/signer/v1/LTC/request", world.api))
        .header(header::ORIGIN, "https://pool.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization")
        .body(http_body_util::Empty::new())?;
    let answer = world.request(preflight).await?;
    let allowed = answer.headers.get(header::ACCESS_CONTROL_ALLOW_HEADERS);
    assert!(
        allowed.is_none_or(|names| !names.to_str().unwrap().contains("authorization")),
        "{allowed:?}"
    );
    world.stop().await
}

#[tokio::test]
async fn documents_that_are_none_of_this_exchange_are_refused() -> anyhow::Result<()> {
    let world = guarded().await?;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut deep_position = refusal(1).to_string();
    deep_position = deep_position.replace("\"statements\":[]", &format!("\"statements\":{deep}"));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut response = refusal(1);
        change(&mut response);
        response.to_string()
    };
    let long_name = "n".repeat(100_000);
    let cases = [
        (String::new(), 400),
        ("{}".to_owned(), 400),
        (deep, 400),
        (deep_position, 400),
        (changed(&|r| r["format"] = json!(2)), 400),
        (changed(&|r| r["extra"] = json!(true)), 400),
        (changed(&|r| r[&long_name] = json!(true)), 400),
        (changed(&|r| r["number"] = json!(-1)), 400),
        (changed(&|r| r["position"]["payout"] = json!(u64::MAX)), 400),
        (
            changed(&|r| {
                r["position"]["statements"] = json!([{"sharechain": "a\u{0}b", "after": 1}]);
            }),
            400,
        ),
        (
            changed(&|r| {
                r["outcome"] =
                    json!({"signed": {"txid": "00", "transaction": "zz", "again": false}});
            }),
            400,
        ),
        (changed(&|r| r["currency"] = json!("DOGE")), 409),
        (
            changed(&|r| r["genesis_hash"] = json!("11".repeat(32))),
            409,
        ),
    ];
    for (body, status) in cases {
        let shown: String = body.chars().take(200).collect();
        let answer = world
            .post("/signer/v1/LTC/response", TOKEN, body.into_bytes())
            .await?;
        assert_eq!(answer.status.as_u16(), status, "{shown}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.len() <= 2_000, "{} bytes of detail", detail.len());
    }
    let elsewhere = world.respond("DOGE", &refusal(1)).await?;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    for (path, size) in [
        ("/signer/v1/LTC/request", (64 << 10) + 1),
        ("/signer/v1/LTC/response", (16 << 20) + 1),
    ] {
        let answer = world.post(path, TOKEN, vec![b' '; size]).await?;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    assert!(
        world
            .payout_store()?
            .open_signer_messages("LTC", 1)
            .await?
            .is_empty()
    );
    world.stop().await
}

#[tokio::test]
async fn signers_have_a_rate_of_their_own() -> anyhow::Result<()> {
    let world = guarded().await?;
    let mut statuses = String::new();
    for _ in 0..80 {
        let answer = world
            .post("/signer/v1/LTC/request", "wrong", Vec::new())
            .await?;
        write!(statuses, "{} ", answer.status.as_u16())?;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            break;
        }
    }
    assert!(statuses.ends_with("429 "), "{statuses}");
    assert_eq!(world.get("/api/v1/pool").await?.status, StatusCode::OK);
    world.stop().await
}

#[tokio::test]
async fn without_a_token_there_are_no_endpoints_for_signers() -> anyhow::Result<()> {
    let world = World::start().await?;
    let answer = world
        .post("/signer/v1/LTC/request", TOKEN, Vec::new())
        .await?;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    // A file that holds none lets nobody in, and its path is not told.
    world.set_signer_token("")?;
    let answer = world.post("/signer/v1/LTC/request", "", Vec::new()).await?;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(!text.contains("signer-token"), "{text}");
    // Another token holds at once.
    world.set_signer_token(TOKEN)?;
    let answer = world.poll(json!({"payout": 0, "statements": []})).await?;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    world.stop().await
}
