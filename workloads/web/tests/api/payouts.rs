//! Payouts and solvency through the API.

use chrono::Utc;
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_settings::{HoldPolicy, PayoutPolicy};
use ngpool_store::{Solvency, SolvencyVerdict};
use serde_json::json;

use crate::support::{ALICE, BOB, World};

#[tokio::test]
async fn a_payout_shows_what_the_signer_saw_and_each_payees_part() -> anyhow::Result<()> {
    let world = World::start().await?;
    let number = world.prepare_payout().await?;
    let list = world.json("/api/v1/currencies/LTC/payouts").await?;
    assert_eq!(list["items"][0]["state"], "prepared");
    assert_eq!(list["items"][0]["payees"], 2);
    assert_eq!(list["items"][0]["amount"], "1500000000");

    let path = format!("/api/v1/currencies/LTC/payouts/{number}");
    let one = world.json(&path).await?;
    assert_eq!(one["versions"][0]["fee"], "1000");
    assert_eq!(one["versions"][0]["inputs"][0]["outpoint"], one["anchor"]);
    assert_eq!(one["on_chain"], json!(null));
    let bytes = world.json(&format!("{path}/versions/1")).await?;
    assert_eq!(bytes["unsigned"], hex::encode("unsigned"));
    assert_eq!(bytes["transaction"], json!(null));

    let txid = Txid::from_bytes([9; 32]);
    let store = world.payout_store()?;
    store
        .store_signed("LTC", number, 1, b"signed", txid, Utc::now())
        .await?;
    let bytes = world.json(&format!("{path}/versions/1")).await?;
    assert_eq!(bytes["transaction"], hex::encode("signed"));

    let first = world.json(&format!("{path}/payees?limit=1")).await?;
    let next = first["next"].as_str().unwrap();
    let second = world
        .json(&format!("{path}/payees?limit=1&cursor={next}"))
        .await?;
    assert_eq!(second["next"], json!(null));
    let names = [&first, &second].map(|page| page["items"][0]["payee"].as_str().unwrap());
    assert_eq!(names, [BOB, ALICE], "in the order of the bytes");

    let mine = world
        .json(&format!("/api/v1/miners/{BOB}/payouts?currency=LTC"))
        .await?;
    assert_eq!(mine["items"][0]["amount"], "500000000");
    assert_eq!(mine["items"][0]["fee_share"], "400");
    assert_eq!(mine["items"][0]["state"], "signed");
    assert_eq!(mine["items"][0]["txid"], txid.to_string());
    world.stop().await
}

#[tokio::test]
async fn a_miner_learns_why_he_is_not_paid() -> anyhow::Result<()> {
    let world = World::start().await?;
    let unpaid = async || {
        let standing = world
            .json(&format!("/api/v1/miners/{BOB}/standing"))
            .await?;
        anyhow::Ok(standing[0]["unpaid"].clone())
    };
    assert_eq!(unpaid().await?, json!(null), "the next payout pays him");
    let put = |policy: PayoutPolicy| {
        let mut settings = (**world.settings.borrow()).clone();
        settings.payouts.insert("LTC".to_owned(), policy);
        world.settings.send_replace(settings.into());
    };
    put(PayoutPolicy {
        minimum: Amount(i64::MAX),
        ..PayoutPolicy::default()
    });
    assert_eq!(unpaid().await?["code"], "below_minimum");
    for (above, new_address_hours, code) in [
        (Some(Amount(1)), 0, "held_amount"),
        (None, 24, "held_new_address"),
    ] {
        put(PayoutPolicy {
            holds: HoldPolicy {
                above,
                new_address_hours,
            },
            ..PayoutPolicy::default()
        });
        assert_eq!(unpaid().await?["code"], code);
    }
    put(PayoutPolicy::default());
    let store = world.payout_store()?;
    let reason = "asks for another address";
    store.hold_payee("LTC", BOB, reason, Utc::now()).await?;
    let held = unpaid().await?;
    assert_eq!(held["code"], "held");
    assert!(held["text"].as_str().unwrap().contains(reason), "{held}");
    world.stop().await
}

#[tokio::test]
async fn missing_coins_and_the_stop_they_cause_are_told() -> anyhow::Result<()> {
    let world = World::start().await?;
    let path = "/api/v1/currencies/LTC/solvency";
    let before = world.json(path).await?;
    assert_eq!(before["audit"], json!(null));
    assert_eq!(before["stop"], json!(null));
    let audit = Solvency {
        currency: "LTC".into(),
        at: Utc::now(),
        verdict: SolvencyVerdict::Drift,
        reason: "output x:0 is spent by a stranger".into(),
        tip: (Height(7), BlockHash::from_bytes([7; 32])),
        outputs: 1,
        on_chain: Amount(90),
        booked: Amount(100),
        in_transit: Amount(0),
        drift: Amount(-10),
        immature: Amount(40),
        payees: Amount(50),
        held: Amount(0),
        in_flight: Amount(0),
        pool: Amount(10),
        uncovered: Amount(0),
        pool_accounts: [("fee".to_owned(), Amount(10))].into(),
        items: json!([]),
    };
    world.payout_store()?.record_solvency(&audit).await?;
    let after = world.json(path).await?;
    assert_eq!(after["audit"]["verdict"], "drift");
    assert_eq!(after["audit"]["drift"], "-10");
    assert_eq!(after["stop"]["by"], "audit");
    assert_eq!(after["stop"]["reason"], "output x:0 is spent by a stranger");
    let standing = world
        .json(&format!("/api/v1/miners/{BOB}/standing"))
        .await?;
    assert!(standing[0]["stopped"].is_string());
    world.stop().await
}

#[tokio::test]
async fn lists_of_blocks_and_payouts_are_given_as_csv_page_by_page() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.prepare_payout().await?;
    let payouts = "/api/v1/currencies/LTC/payouts";
    let lists = [
        (
            "/api/v1/blocks?currency=LTC".to_owned(),
            "currency,height,hash,",
        ),
        (format!("{payouts}?"), "number,kind,state,"),
        (format!("{payouts}/1/payees?"), "payee,amount,fee_share,"),
        (
            format!("/api/v1/miners/{BOB}/payouts?currency=LTC"),
            "number,state,state_at,",
        ),
    ];
    for (path, header) in lists {
        let whole = world.json(&path).await?;
        let rows = whole["items"].as_array().unwrap().len();
        assert!(rows > 0, "{path}");
        let base = path.split('?').next().unwrap();
        let mut next = Some(format!("{path}&format=csv&limit=1"));
        let mut lines = Vec::new();
        while let Some(page) = next {
            let answer = world.get(&page).await?;
            let kind = answer.headers["content-type"].to_str()?.to_owned();
            assert!(kind.starts_with("text/csv"), "{page}: {kind}");
            let link = answer.headers.get("link").map(|link| link.to_str());
            next = link.transpose()?.map(|link| {
                let query = link.strip_prefix('<').unwrap().split('>').next().unwrap();
                format!("{base}{query}")
            });
            let text = String::from_utf8(answer.body.to_vec())?;
            let mut page = text.lines();
            assert!(page.next().unwrap().starts_with(header), "{text}");
            lines.extend(page.map(str::to_owned));
        }
        assert_eq!(lines.len(), rows, "{path}: {lines:?}");
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), rows, "no row twice");
    }
    world.stop().await
}
