//! A sound split passes; each kind of forgery does not.

use std::collections::BTreeMap;

use clap::Parser;
use ed25519_dalek::{Signer, SigningKey};
use ngpool_accounting::{
    BlockToSplit, Bonus, ChainWindow, FeePpm, Finder, Leaf, Method, Payee, StatementBody,
    StatementEntry, Subject, SumTree, Window,
};
use ngpool_chain::{Address, BlockHash, Network};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{VerifyCommand, VerifyError, run};

const ALICE: &str = "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx";
const BOB: &str = "mkHS9ne12qx9pS9VojpwU5xtRd4T7X7ZUt";
const CAROL: &str = "carol";
const REWARD: u64 = 2_500_000_001;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    command: VerifyCommand,
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn block() -> BlockHash {
    BlockHash::from_bytes([5; 32])
}

fn signed(body: &StatementBody, key: &SigningKey) -> Value {
    let bytes = body.encode();
    json!({
        "sharechain": body.sharechain,
        "number": body.number,
        "previous": hex::encode(body.previous),
        "digest": hex::encode(body.digest()),
        "body": hex::encode(&bytes),
        "signature": hex::encode(key.sign(&bytes).to_bytes()),
        "key": hex::encode(key.verifying_key().to_bytes()),
    })
}

/// The body of the second statement of `main`, with the credits of a document.
fn body(document: &Value, previous: [u8; 32]) -> StatementBody {
    let network = Network::preset("litecoin-regtest").unwrap();
    let credits = document["credits"].as_array().unwrap();
    let amount = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
    let leaves = credits.iter().map(|credit| {
        Leaf::public(
            &Payee::new(credit["payee"].as_str().unwrap()),
            credit["work"].as_str().unwrap().parse().unwrap(),
            amount(&credit["amount"]),
        )
    });
    let entries = credits.iter().map(|credit| {
        let payee = credit["payee"].as_str().unwrap();
        let script = Address::parse(payee, &network).map(|address| address.script().to_vec());
        let entry = StatementEntry {
            script: script.unwrap_or_default(),
            amount: amount(&credit["amount"]),
        };
        (Payee::new(payee), entry)
    });
    let part = &document["block"]["audit"]["parts"][0];
    StatementBody {
        currency: "RLTC".into(),
        genesis: network.genesis_hash.to_bytes(),
        sharechain: "main".into(),
        number: 2,
        previous,
        subject: Subject::Block {
            hash: block().to_bytes(),
            height: 7,
            reward: REWARD,
        },
        amount: amount(&part["amount"]),
        fee: amount(&part["fee"]),
        donation: amount(&part["donation"]),
        reserve: amount(&part["reserve"]),
        bonus: amount(&part["bonus"]),
        root: SumTree::new(leaves.collect()).root().hash,
        entries: entries.collect(),
    }
}

/// A block that Alice found, with bonus and donation, and two statements.
fn sound() -> Value {
    let works = [(ALICE, 600_u128), (BOB, 300), (CAROL, 100)];
    let window: BTreeMap<Payee, u128> = works
        .iter()
        .map(|(payee, work)| (Payee::new(*payee), *work))
        .collect();
    let split = BlockToSplit {
        reward: REWARD,
        finder: Finder {
            sharechain: "main".into(),
            payee: Payee::new(ALICE),
        },
        chains: vec![ChainWindow {
            sharechain: "main".into(),
            method: Method::Pplns {
                window: Window::DifficultyMilli(2_000),
            },
            fee: FeePpm::new(10_000).unwrap(),
            bonus: Bonus::Fixed(77),
            split_work: 1_000,
            window,
            bought: 0,
            is_buying: false,
        }],
        donations: [(Payee::new(BOB), FeePpm::new(5_000).unwrap())].into(),
    }
    .split()
    .unwrap();
    let chain = &split.chains[0];
    let credits: Vec<Value> = chain
        .parts
        .iter()
        .map(|part| {
            json!({
                "payee": part.payee.as_str(),
                "sharechain": "main",
                "work": part.work.to_string(),
                "amount": part.amount.to_string(),
                "bonus": part.bonus.to_string(),
                "donation": part.donation.to_string(),
                "donation_ppm": if part.payee.as_str() == BOB { 5_000 } else { 0 },
            })
        })
        .collect();
    let genesis = Network::preset("litecoin-regtest").unwrap().genesis_hash;
    let mut document = json!({
        "format": 1,
        "genesis_hash": genesis,
        "block": {
            "currency": "RLTC", "hash": block(), "height": 7, "state": "mature",
            "reward": REWARD.to_string(), "network_work": "800", "sharechain": "main",
            "finder": ALICE,
            "audit": {
                "reward": REWARD.to_string(),
                "cuts": [{
                    "sharechain": "main", "network_work": "800", "fee_ppm": 10_000,
                    "method": {"pplns": {"window": {"difficulty_milli": 2_000}}},
                    "bonus": {"fixed": 77},
                }],
                "parts": [{
                    "sharechain": "main", "split_work": "1000", "window_length": "1600",
                    "window_work": "1000", "window_bought": "0",
                    "amount": chain.amount.to_string(), "reserve": chain.reserve.to_string(),
                    "fee": chain.fee.to_string(), "bonus": chain.bonus().to_string(),
                    "donation": chain.donation().to_string(),
                }],
            },
        },
        "credits": credits,
        "next": null,
        "statements": [],
        "previous": [],
    });
    let first = StatementBody {
        number: 1,
        subject: Subject::Block {
            hash: [4; 32],
            height: 6,
            reward: REWARD,
        },
        ..body(&document, [0; 32])
    };
    let second = body(&document, first.digest());
    document["previous"] = json!([signed(&first, &key(1))]);
    document["statements"] = json!([signed(&second, &key(1))]);
    document
}

/// Signs a changed document again, as a pool that cheats would.
fn sign_again(document: &mut Value) {
    let previous = hex::decode(document["statements"][0]["previous"].as_str().unwrap()).unwrap();
    let body = body(document, previous.try_into().unwrap());
    document["statements"] = json!([signed(&body, &key(1))]);
}

async fn verify(document: &Value, options: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("split.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let arguments = ["verify-split", file.to_str().unwrap()];
    let line = Line::parse_from(arguments.iter().chain(options));
    let mut output = Vec::new();
    let holds = run(&line.command, &mut output).await.unwrap();
    (holds, String::from_utf8(output).unwrap())
}

#[tokio::test]
async fn a_sound_split_holds_and_says_what_was_checked() {
    let document = sound();
    let key = hex::encode(key(1).verifying_key().to_bytes());
    let mine = document["credits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|credit| credit["payee"] == BOB)
        .unwrap()["amount"]
        .as_str()
        .unwrap();
    let options = ["--key", &key, "--payee", BOB, "--amount", mine];
    let (holds, text) = verify(&document, &options).await;
    assert!(holds, "{text}");
    for words in [
        "every amount is the same",
        "is signed by the key that was given",
        "it follows statement 1",
        "signs the root",
        &format!("{BOB} has line"),
        &format!("credited {mine}, as expected"),
        "everything holds",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("FAIL"), "{text}");
}

#[tokio::test]
#[allow(
    clippy::semicolon_if_nothing_returned,
    reason = "a forgery is one assignment, in a list of them"
)]
async fn each_forgery_is_found() {
    type Forgery = (&'static str, fn(&mut Value));
    let forgeries: &[Forgery] = &[
        ("sum to", |d| {
            d["block"]["audit"]["parts"][0]["amount"] = json!("2500000000")
        }),
        ("the block's reward is", |d| {
            d["block"]["audit"]["reward"] = json!("1")
        }),
        ("sum to", |d| d["credits"][0]["amount"] = json!("1")),
        // Moved from one payee to another: all sums hold.
        ("by the terms", |d| {
            for (place, more) in [(0, 1_000_i64), (1, -1_000)] {
                let amount = &mut d["credits"][place]["amount"];
                let old: i64 = amount.as_str().unwrap().parse().unwrap();
                *amount = json!((old + more).to_string());
            }
            sign_again(d);
        }),
        // Taken from everybody's work.
        ("lines' work is not the window's", |d| {
            d["credits"][0]["work"] = json!("1")
        }),
        ("by the terms", |d| {
            d["credits"][0]["work"] = json!("99");
            let part = &mut d["block"]["audit"]["parts"][0];
            part["window_work"] = json!("999");
            part["split_work"] = json!("999");
            sign_again(d);
        }),
        ("by the terms", |d| {
            d["block"]["audit"]["cuts"][0]["fee_ppm"] = json!(20_000)
        }),
        ("by the terms", |d| {
            d["block"]["audit"]["cuts"][0]["bonus"] = json!(null)
        }),
        ("by the terms", |d| d["block"]["finder"] = json!(CAROL)),
        ("the window is", |d| {
            d["block"]["audit"]["parts"][0]["window_length"] = json!("1000");
        }),
        ("network work", |d| {
            d["block"]["network_work"] = json!("801")
        }),
        ("donation", |d| {
            for credit in d["credits"].as_array_mut().unwrap() {
                credit["donation_ppm"] = json!(0);
            }
        }),
        ("two lines", |d| {
            let again = d["credits"][0].clone();
            d["credits"].as_array_mut().unwrap().push(again);
        }),
        ("which has no part", |d| {
            d["credits"][0]["sharechain"] = json!("other")
        }),
        ("no terms", |d| d["block"]["audit"]["cuts"] = json!([])),
        ("never accepted", |d| d["block"]["audit"] = json!(null)),
        ("first credits", |d| d["next"] = json!("cursor")),
        ("form 2", |d| d["format"] = json!(2)),
        // The statement.
        ("there is no statement", |d| d["statements"] = json!([])),
        ("exactly one statement", |d| {
            let again = d["statements"][0].clone();
            d["statements"].as_array_mut().unwrap().push(again);
        }),
        ("signature", |d| {
            d["statements"][0]["signature"] = json!("00".repeat(64));
        }),
        ("signature", |d| {
            let stranger = key(2).verifying_key().to_bytes();
            d["statements"][0]["key"] = json!(hex::encode(stranger));
        }),
        ("digest", |d| {
            d["statements"][0]["digest"] = json!("00".repeat(32))
        }),
        ("another block", |d| {
            d["block"]["hash"] = json!("11".repeat(32))
        }),
        ("another chain", |d| {
            d["genesis_hash"] = json!("11".repeat(32))
        }),
        ("another currency", |d| {
            d["block"]["currency"] = json!("LTC")
        }),
        ("signs another split", |d| {
            // Another work with the same amounts changes the root alone.
            let mut other = d.clone();
            other["credits"][0]["work"] = json!("1");
            sign_again(&mut other);
            d["statements"] = other["statements"].clone();
        }),
        ("the split", |d| {
            let mut other = d.clone();
            other["credits"][0]["payee"] = json!("dave");
            sign_again(&mut other);
            d["statements"] = other["statements"].clone();
        }),
        ("not there to check", |d| d["previous"] = json!([])),
        ("does not follow", |d| {
            let mut first = StatementBody::decode(
                &hex::decode(d["previous"][0]["body"].as_str().unwrap()).unwrap(),
            )
            .unwrap();
            first.subject = Subject::Block {
                hash: [3; 32],
                height: 6,
                reward: REWARD,
            };
            d["previous"] = json!([signed(&first, &key(1))]);
        }),
        ("another key", |d| {
            let first = StatementBody::decode(
                &hex::decode(d["previous"][0]["body"].as_str().unwrap()).unwrap(),
            )
            .unwrap();
            d["previous"] = json!([signed(&first, &key(2))]);
        }),
        ("script", |d| {
            let bytes = hex::decode(d["statements"][0]["body"].as_str().unwrap()).unwrap();
            let mut body = StatementBody::decode(&bytes).unwrap();
            body.entries.get_mut(&Payee::new(ALICE)).unwrap().script = vec![0x51];
            d["statements"] = json!([signed(&body, &key(1))]);
        }),
    ];
    for (number, (words, forge)) in forgeries.iter().enumerate() {
        let mut document = sound();
        forge(&mut document);
        let (holds, text) = verify(&document, &[]).await;
        assert!(!holds, "forgery {number} ({words}) holds: {text}");
        let failed: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("FAIL"))
            .collect();
        assert!(
            failed.iter().any(|line| line.contains(words)),
            "forgery {number}: {words} not in {failed:?}"
        );
    }
}

#[tokio::test]
async fn ones_own_part_and_the_pools_key_are_held_against_what_one_knows() {
    let document = sound();
    for (options, words) in [
        (&["--payee", "dave"][..], "dave has no line"),
        (&["--payee", BOB, "--amount", "5"], "not 5"),
        (&["--key", "00ff"], "another key"),
    ] {
        let (holds, text) = verify(&document, options).await;
        assert!(!holds && text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn what_is_no_split_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    for content in ["", "{}", "[[[[", &"[".repeat(100_000)] {
        std::fs::write(&file, content).unwrap();
        let line = Line::parse_from(["verify-split", file.to_str().unwrap()]);
        let error = run(&line.command, &mut Vec::new()).await.unwrap_err();
        assert!(matches!(error, VerifyError::Shape(_)), "{error}");
        assert!(error.to_string().contains("/split"), "{error}");
    }
    let mut odd = sound();
    odd["block"]["state"] = json!("mature\u{1b}[2J");
    let (_, text) = verify(&odd, &[]).await;
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

/// Answers each connection with the JSON of its path.
async fn serve(answers: Vec<(&'static str, Value)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4_096];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let head = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let found = answers.iter().find(|(known, _)| *known == path);
            let (status, body) = match found {
                Some((_, body)) => ("200 OK", body.to_string()),
                None => (
                    "404 Not Found",
                    json!({"detail": "no such thing"}).to_string(),
                ),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _answered = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}/api/v1/blocks/RLTC/05")
}

#[tokio::test]
async fn an_address_is_read_page_by_page_and_can_be_saved() {
    let mut first = sound();
    let whole = first.clone();
    let rest = first["credits"].as_array_mut().unwrap().split_off(1);
    first["next"] = json!("abc");
    let url = serve(vec![
        ("/api/v1/blocks/RLTC/05/split", first),
        (
            "/api/v1/blocks/RLTC/05/credits?limit=500&cursor=abc",
            json!({"items": rest, "next": null}),
        ),
    ])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.json");
    for source in [url.clone(), format!("{url}/split")] {
        let line = Line::parse_from(["verify-split", &source, "--save", saved.to_str().unwrap()]);
        let mut output = Vec::new();
        assert!(run(&line.command, &mut output).await.unwrap());
    }
    let kept: Value = serde_json::from_slice(&std::fs::read(&saved).unwrap()).unwrap();
    assert_eq!(kept["credits"], whole["credits"]);
    let (holds, text) = verify(&kept, &[]).await;
    assert!(holds, "{text}");

    let missing = format!("{url}9");
    let line = Line::parse_from(["verify-split", &missing]);
    let error = run(&line.command, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("no such thing"), "{error}");
}
