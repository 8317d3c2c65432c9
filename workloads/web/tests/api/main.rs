//! The API over a real database.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod payouts;
mod signer;
mod statements;
mod support;

use hyper::{Request, StatusCode, header};
use ngpool_settings::RateLimit;
use serde_json::Value;

use support::{ALICE, BOB, FEE_PPM, REWARD, World};

fn number(value: &Value) -> u128 {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no string"))
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_miner_can_recompute_his_credit_from_the_audit() -> anyhow::Result<()> {
    let world = World::start().await?;
    let detail = world
        .json(&format!("/api/v1/blocks/LTC/{}", world.mature))
        .await?;
    assert_eq!(detail["state"], "mature");
    assert_eq!(detail["answers"][0]["outcome"], "accepted");
    let audit = &detail["audit"];
    let part = &audit["parts"][0];
    let (amount, fee) = (number(&part["amount"]), number(&part["fee"]));
    assert_eq!(amount, u128::try_from(REWARD)?);
    assert_eq!(fee, amount * u128::from(FEE_PPM) / 1_000_000);
    assert_eq!(audit["cuts"][0]["position"], 2);

    let window = number(&part["window_work"]);
    let credits = world
        .json(&format!("/api/v1/blocks/LTC/{}/credits", world.mature))
        .await?;
    let rows = credits["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let mut rest = amount - fee;
    let mut remainders = Vec::new();
    for row in rows {
        let exact = (amount - fee) * number(&row["work"]);
        rest -= exact / window;
        remainders.push((
            std::cmp::Reverse(exact % window),
            row["payee"].as_str().unwrap(),
        ));
    }
    remainders.sort();
    let lucky: Vec<&str> = remainders
        .iter()
        .take(usize::try_from(rest)?)
        .map(|(_, payee)| *payee)
        .collect();
    for row in rows {
        let payee = row["payee"].as_str().unwrap();
        let mine =
            (amount - fee) * number(&row["work"]) / window + u128::from(lucky.contains(&payee));
        assert_eq!(number(&row["amount"]), mine, "{payee}");
    }
    assert_eq!(
        rows.iter().map(|row| number(&row["amount"])).sum::<u128>() + fee,
        amount
    );
    world.stop().await
}

#[tokio::test]
async fn a_miner_named_by_an_address_sees_balances_workers_credits_and_entries()
-> anyhow::Result<()> {
    let world = World::start().await?;
    let miner = world.json(&format!("/api/v1/miners/{ALICE}")).await?;
    let balance = &miner["balances"][0];
    assert_eq!(balance["currency"], "LTC");
    assert_eq!(balance["immature"], balance["balance"], "one block of each");
    assert!(number(&balance["balance"]) > 0);

    let workers = world
        .json(&format!("/api/v1/miners/{ALICE}/workers"))
        .await?;
    let worker = &workers["items"][0];
    assert_eq!(worker["worker"], "rig");
    assert_eq!(worker["connected"], true);
    assert_eq!(worker["rejected"], 4);

    let credits = world
        .json(&format!("/api/v1/miners/{BOB}/credits?currency=LTC"))
        .await?;
    let states: Vec<_> = credits["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["state"])
        .collect();
    assert_eq!(states, ["accepted", "mature"], "newest first");

    let entries = world
        .json(&format!("/api/v1/miners/{BOB}/entries?currency=LTC"))
        .await?;
    assert_eq!(entries["items"].as_array().unwrap().len(), 1);
    assert_eq!(entries["items"][0]["kind"], "mature");

    let series = world
        .json(&format!("/api/v1/miners/{ALICE}/hash-rate?worker=rig"))
        .await?;
    assert_eq!(series["points"].as_array().unwrap().len(), 1);
    assert_eq!(series["points"][0]["work"], "600");
    let unknown = world.get("/api/v1/miners/nobody").await?;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    world.stop().await
}

#[tokio::test]
async fn the_pool_its_chains_ports_and_nodes_are_shown() -> anyhow::Result<()> {
    let world = World::start().await?;
    let pool = world.json("/api/v1/pool").await?;
    assert_eq!(pool["connections"], 2);
    assert_eq!(pool["workers"], 2);
    assert_eq!(pool["shares"], 9);
    // The pool is seconds old: its rate is not taken over the ten minutes before.
    for scope in ["pool", "sharechains/main", "ports/ltc"] {
        let figures = world.json(&format!("/api/v1/{scope}")).await?;
        let seconds = figures["window_seconds"].as_f64().unwrap();
        assert!((60.0..=120.0).contains(&seconds), "{scope}: {seconds}");
        let rate = figures["hash_rate"].as_f64().unwrap();
        assert!((rate * seconds - 1_000.0).abs() < 1e-6, "{scope}: {rate}");
    }
    assert_eq!(pool["blocks"]["mature"], 1);
    assert_eq!(pool["blocks"]["accepted"], 1);
    assert_eq!(world.json("/api/v1/sharechains/main").await?["position"], 2);
    assert_eq!(world.json("/api/v1/ports/ltc").await?["servers"], 1);
    assert_eq!(world.json("/api/v1/ports").await?[0]["connections"], 2);
    assert_eq!(world.json("/api/v1/nodes").await?[0]["state"], "unknown");
    assert_eq!(world.json("/api/v1/currencies/LTC").await?["decimals"], 8);
    for scope in ["pool", "sharechains/main", "ports/ltc"] {
        let series = world.json(&format!("/api/v1/{scope}/hash-rate")).await?;
        assert_eq!(series["points"][0]["work"], "1000", "{scope}");
        assert_eq!(series["rejects"][0]["reason"], "stale", "{scope}");
        assert_eq!(series["rejects"][0]["count"], 4, "{scope}");
    }
    let books = world.json("/api/v1/currencies/LTC/books").await?;
    assert_eq!(books["drift"], 0);
    let accounts = books["accounts"].as_object().unwrap();
    let sum: i128 = accounts
        .values()
        .map(|v| v.as_str().unwrap().parse::<i128>().unwrap())
        .sum();
    assert_eq!(sum, 0, "{accounts:?}");
    assert!(
        !books.to_string().contains(ALICE),
        "balances of payees are not listed"
    );
    world.stop().await
}

#[tokio::test]
async fn pages_of_blocks_neither_skip_nor_repeat() -> anyhow::Result<()> {
    let world = World::start().await?;
    let mut seen = Vec::new();
    let mut path = "/api/v1/blocks?limit=1".to_owned();
    loop {
        let page = world.json(&path).await?;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|b| b["hash"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/blocks?limit=1&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [world.immature.to_string(), world.mature.to_string()]);
    let mature = world
        .json("/api/v1/blocks?state=mature&currency=LTC")
        .await?;
    assert_eq!(mature["items"].as_array().unwrap().len(), 1);
    world.stop().await
}

#[tokio::test]
async fn refusals_are_problem_documents_that_name_the_way_out() -> anyhow::Result<()> {
    let world = World::start().await?;
    let zeros = "0".repeat(64);
    for (path, status, words) in [
        ("/api/v1/blocks?limit=0".to_owned(), 400, "1 to 500"),
        ("/api/v1/blocks?limit=many".to_owned(), 400, "limit"),
        ("/api/v1/blocks?cursor=zzz".to_owned(), 400, "cursor"),
        ("/api/v1/blocks?state=lost".to_owned(), 400, "orphaned"),
        ("/api/v1/blocks?finder=%00".to_owned(), 400, "NUL"),
        ("/api/v1/blocks/LTC/12".to_owned(), 400, "64 hex digits"),
        (format!("/api/v1/blocks/LTC/{zeros}"), 404, "no block"),
        (
            format!("/api/v1/blocks/LTC/{zeros}/credits"),
            404,
            "no block",
        ),
        (
            format!("/api/v1/blocks/LTC/{zeros}/statements"),
            404,
            "no block",
        ),
        (format!("/api/v1/blocks/LTC/{zeros}/split"), 404, "no block"),
        (
            format!("/api/v1/blocks/LTC/{}/proofs/nobody", world.mature),
            404,
            "nobody",
        ),
        (
            format!("/api/v1/miners/{ALICE}/entries?currency=DOGE"),
            404,
            "DOGE",
        ),
        (format!("/api/v1/miners/{ALICE}/entries"), 400, "currency"),
        (
            format!("/api/v1/miners/{ALICE}/statement?currency=LTC&format=xml"),
            400,
            "json or csv",
        ),
        (
            format!("/api/v1/miners/{ALICE}/statement?currency=LTC&from=0001-01-01T00:00:00Z"),
            400,
            "1970",
        ),
        (
            "/api/v1/currencies/LTC/payouts/7".to_owned(),
            404,
            "no payout",
        ),
        (
            "/api/v1/currencies/LTC/payouts/7/payees".to_owned(),
            404,
            "no payout",
        ),
        (
            format!("/api/v1/currencies/LTC/payouts/{}", u64::MAX),
            404,
            "no payout",
        ),
        ("/api/v1/currencies/LTC/payouts/-1".to_owned(), 400, "path"),
        ("/api/v1/currencies/DOGE/solvency".to_owned(), 404, "DOGE"),
        ("/api/v1/currencies/DOGE".to_owned(), 404, "DOGE"),
        ("/api/v1/currencies/DOGE/books".to_owned(), 404, "DOGE"),
        (
            "/api/v1/pool/hash-rate?resolution=day".to_owned(),
            400,
            "minute or hour",
        ),
        ("/api/v1/miners/%ff".to_owned(), 400, "path"),
        (
            format!("/api/v1/miners/{}", "a".repeat(5_000)),
            404,
            "no miner",
        ),
        ("/api/v2/pool".to_owned(), 404, "/api/v2/pool"),
    ] {
        let answer = world.get(&path).await?;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{path}"
        );
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{path}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{path}: {detail}");
    }
    let post = Request::post(format!("http://{}/api/v1/pool", world.api))
        .body(http_body_util::Empty::new())?;
    let answer = world.request(post).await?;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    world.stop().await
}

#[tokio::test]
async fn a_client_that_has_the_answer_is_told_so() -> anyhow::Result<()> {
    let world = World::start().await?;
    let path = format!("/api/v1/blocks/LTC/{}", world.mature);
    let first = world.get(&path).await?;
    let again = Request::get(format!("http://{}{path}", world.api))
        .header(header::IF_NONE_MATCH, &first.headers[header::ETAG])
        .body(http_body_util::Empty::new())?;
    let again = world.request(again).await?;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    assert_eq!(again.headers[header::ETAG], first.headers[header::ETAG]);
    world.stop().await
}

#[tokio::test]
async fn a_client_over_its_rate_is_asked_to_wait_and_a_changed_limit_holds_at_once()
-> anyhow::Result<()> {
    let world = World::start_with(RateLimit {
        per_second: 1,
        burst: 2,
    })
    .await?;
    let mut refused = None;
    for _ in 0..10 {
        let answer = world.get("/api/v1/openapi.json").await?;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("ten requests at once, two allowed");
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(refused.json()["status"], 429);

    let mut more = (**world.settings.borrow()).clone();
    more.rate_limit = RateLimit {
        per_second: 10_000,
        burst: 10_000,
    };
    world.settings.send_replace(more.into());
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while world.get("/api/v1/openapi.json").await?.status != StatusCode::OK {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the new limit never held"
        );
    }
    world.stop().await
}

#[tokio::test]
async fn only_named_origins_may_read_from_a_browser() -> anyhow::Result<()> {
    let world = World::start().await?;
    for (origin, allowed) in [
        ("https://pool.example", true),
        ("https://evil.example", false),
    ] {
        let request = Request::get(format!("http://{}/api/v1/pool", world.api))
            .header(header::ORIGIN, origin)
            .body(http_body_util::Empty::new())?;
        let answer = world.request(request).await?;
        assert_eq!(
            answer
                .headers
                .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed,
            "{origin}"
        );
    }
    world.stop().await
}

#[tokio::test]
async fn every_path_of_the_openapi_document_answers() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.prepare_payout().await?;
    let document = world.json("/api/v1/openapi.json").await?;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20, "{}", paths.len());
    for (path, item) in paths {
        if path.starts_with("/signer/") {
            assert_eq!(item["post"]["tags"][0], "signer", "{path}");
            assert_eq!(
                item["post"]["security"][0]["signer"],
                serde_json::json!([]),
                "{path}"
            );
            continue;
        }
        let filled = path
            .replace("{currency}", "LTC")
            .replace("{code}", "LTC")
            .replace("{hash}", &world.mature.to_string())
            .replace("{user}", ALICE)
            .replace("{payee}", ALICE)
            .replace("{number}", "1")
            .replace("{version}", "1");
        let filled = match filled.as_str() {
            p if p.contains("/sharechains/") => p.replace("{name}", "main"),
            p => p.replace("{name}", "ltc"),
        };
        let of_currency = [
            "/entries",
            "/statement",
            "/sharechains/main/statements",
            "/sharechains/main/periods",
        ];
        let filled = if of_currency.iter().any(|end| filled.ends_with(end))
            || filled == format!("/api/v1/miners/{ALICE}/payouts")
        {
            format!("{filled}?currency=LTC")
        } else {
            filled
        };
        if path.ends_with("/periods/{currency}/{number}") {
            // No work is bought here: the tests of the payout job ask for a period that is there.
            let answer = world.get(&filled).await?;
            assert_eq!(answer.status.as_u16(), 404);
            continue;
        }
        world.json(&filled).await?;
    }
    world.stop().await
}

#[tokio::test]
async fn readiness_and_metrics_tell_of_the_program() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.get("/api/v1/pool").await?;
    let text = |answer: support::Answer| String::from_utf8(answer.body.to_vec()).unwrap();
    let admin = |path: &str| {
        Request::get(format!("http://{}{path}", world.admin)).body(http_body_util::Empty::new())
    };
    assert_eq!(
        world.request(admin("/readyz")?).await?.status,
        StatusCode::OK
    );
    let metrics = text(world.request(admin("/metrics")?).await?);
    assert!(
        metrics.contains("ngpool_web_requests_total{status=\"200\"}"),
        "{metrics}"
    );
    world.stop().await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_his_own_rate() -> anyhow::Result<()> {
    let world = World::start_with(RateLimit {
        per_second: 1,
        burst: 2,
    })
    .await?;
    let ask = async |forwarded: &str| {
        let request = Request::get(format!("http://{}/api/v1/openapi.json", world.api))
            .header("x-forwarded-for", forwarded)
            .body(http_body_util::Empty::new())?;
        anyhow::Ok(world.request(request).await?.status)
    };
    // Nobody is trusted: inventing addresses does not help.
    let mut refused = 0;
    for number in 0..10 {
        let status = ask(&format!("198.51.100.{number}")).await?;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0, "ten requests at once, two allowed");

    let mut behind = (**world.settings.borrow()).clone();
    behind.trusted_proxies = vec!["127.0.0.0/8".parse()?];
    world.settings.send_replace(behind.into());
    for number in 0..10 {
        assert_eq!(ask(&format!("192.0.2.{number}")).await?, StatusCode::OK);
    }
    // What a client writes before the proxy does is not his address.
    let mut refused = 0;
    for number in 0..10 {
        let status = ask(&format!("198.51.100.{number}, 192.0.2.77")).await?;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0, "ten requests at once, two allowed");
    world.stop().await
}
