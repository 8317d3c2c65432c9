//! Statements: a miner's account, and the published split of a block.

use hyper::{Request, StatusCode, header};
use ngpool_accounting::{Leaf, Payee, Proof, Root, Sibling, U256};
use serde_json::Value;

use crate::support::{ALICE, BOB, World};

fn number(value: &Value) -> i128 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn opening_balance_and_entries_are_the_closing_balance_over_all_pages() -> anyhow::Result<()>
{
    let world = World::start().await?;
    for block in 3..6 {
        world.mature_another(block).await?;
    }
    world.prepare_payout().await?;
    let base = format!("/api/v1/miners/{ALICE}/statement?currency=LTC&limit=2");
    let mut path = base.clone();
    let (mut sum, mut kinds) = (0, Vec::new());
    let last = loop {
        let page = world.json(&path).await?;
        assert_eq!(number(&page["opening"]["balance"]), 0);
        for line in page["items"].as_array().unwrap() {
            sum += number(&line["amount"]);
            assert_eq!(number(&line["after"]), sum, "the balance runs along");
            kinds.push(line["kind"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(next) => path = format!("{base}&cursor={next}"),
            None => break page,
        }
    };
    assert_eq!(kinds.len(), 5);
    assert_eq!(kinds.iter().filter(|kind| *kind == "mature").count(), 4);
    assert_eq!(kinds[4], "payout_prepare");
    assert_eq!(number(&last["closing"]["balance"]), sum);
    assert_eq!(number(&last["closing"]["held"]), 0);

    // A period that begins after everything opens and closes with the balance.
    let later = chrono::Utc::now() + chrono::TimeDelta::hours(1);
    let later = later.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let page = world
        .json(&format!("{base}&from={later}&to=2999-01-01T00:00:00Z"))
        .await?;
    assert_eq!(number(&page["opening"]["balance"]), sum);
    assert_eq!(page["items"], serde_json::json!([]));
    world.stop().await
}

#[tokio::test]
async fn a_statement_is_a_table_for_who_asks_for_one() -> anyhow::Result<()> {
    let world = World::start().await?;
    let path = format!("/api/v1/miners/{BOB}/statement?currency=LTC");
    let by_query = world.get(&format!("{path}&format=csv")).await?;
    let accept = Request::get(format!("http://{}{path}", world.api))
        .header(header::ACCEPT, "text/csv")
        .body(http_body_util::Empty::new())?;
    let by_header = world.request(accept).await?;
    for answer in [&by_query, &by_header] {
        assert_eq!(answer.status, StatusCode::OK);
        let kind = answer.headers[header::CONTENT_TYPE].to_str()?;
        assert!(kind.starts_with("text/csv"), "{kind}");
        assert!(answer.headers.contains_key(header::ETAG));
        let text = String::from_utf8(answer.body.to_vec())?;
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], "at,transaction,kind,cause,account,amount,after");
        assert_eq!(lines.len(), 7, "{text}");
        assert!(lines[1].contains(",opening,,balance,,0"), "{text}");
        assert!(lines[3].contains(",mature,"), "{text}");
        assert!(lines[4].contains(",closing,,balance,,"), "{text}");
    }
    // A page that is not the last says where the next is, and the parts are the whole.
    world.mature_another(3).await?;
    let mut rows = 0;
    let mut next = format!("{path}&format=csv&limit=1");
    loop {
        let answer = world.get(&next).await?;
        let text = String::from_utf8(answer.body.to_vec())?;
        rows += text.matches(",mature,").count();
        let Some(link) = answer.headers.get(header::LINK) else {
            assert!(text.contains(",closing,"));
            break;
        };
        let query = link.to_str()?.trim_start_matches('<');
        let query = query.split('>').next().unwrap();
        next = format!("/api/v1/miners/{BOB}/statement{query}");
    }
    assert_eq!(rows, 2);
    world.stop().await
}

#[tokio::test]
async fn a_payee_can_prove_his_line_of_a_published_split() -> anyhow::Result<()> {
    let world = World::start().await?;
    let path = format!("/api/v1/blocks/LTC/{}", world.mature);
    let split = world.json(&format!("{path}/split")).await?;
    assert_eq!(split["format"], 1);
    assert_eq!(split["block"]["hash"], world.mature.to_string());
    assert_eq!(split["credits"].as_array().unwrap().len(), 2);

    let proofs = world.json(&format!("{path}/proofs/{BOB}")).await?;
    let proof = &proofs[0];
    let hash = |value: &Value| -> [u8; 32] {
        let bytes = hex::decode(value.as_str().unwrap()).unwrap();
        bytes.try_into().unwrap()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let root = Root {
        leaves: proof["root"]["leaves"].as_u64().unwrap(),
        hash: hash(&proof["root"]["hash"]),
        work: text(&proof["root"]["work"]).parse::<U256>()?,
        amount: text(&proof["root"]["amount"]).parse()?,
    };
    let leaf = Leaf::public(
        &Payee::from(BOB),
        text(&proof["work"]).parse()?,
        text(&proof["amount"]).parse()?,
    );
    let nodes = proof["siblings"].as_array().unwrap().iter();
    let shown = Proof {
        index: proof["index"].as_u64().unwrap(),
        siblings: nodes
            .map(|node| Sibling {
                hash: hash(&node["hash"]),
                work: text(&node["work"]).parse().unwrap(),
                amount: text(&node["amount"]).parse().unwrap(),
            })
            .collect(),
    };
    shown.verify(&leaf, &root)?;
    let more = Leaf {
        amount: leaf.amount + 1,
        ..leaf
    };
    assert!(shown.verify(&more, &root).is_err());
    world.stop().await
}
