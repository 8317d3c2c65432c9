//! Templates: what a daemon may send, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use bytes::Bytes;
use ngpool_chain::{Network, Template, TemplateError, Txid};
use proptest::prelude::*;
use serde_json::{Value, json};

fn good() -> Value {
    json!({
        "version": 0x2000_0000,
        "rules": ["csv", "!segwit", "taproot", "!mweb"],
        "previousblockhash": "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
        "transactions": [
            {"txid": "11".repeat(32), "hash": "22".repeat(32), "data": "0200"},
            {"txid": "33".repeat(32), "hash": "44".repeat(32), "data": "0208"},
        ],
        "coinbasevalue": 5_000_000_000_i64,
        "mintime": 1_700_000_000,
        "curtime": 1_700_000_100,
        "bits": "207fffff",
        "height": 440,
        "default_witness_commitment": format!("6a24aa21a9ed{}", "55".repeat(32)),
        "mweb": "00ff",
    })
}

fn litecoin() -> Network {
    Network::preset("litecoin-regtest").unwrap()
}

fn read(answer: &Value) -> Result<Template, TemplateError> {
    Template::from_gbt(answer, &litecoin())
}

fn changed(field: &str, value: Value) -> Value {
    let mut answer = good();
    answer[field] = value;
    answer
}

#[test]
fn a_template_is_split_into_head_and_body() {
    let template = read(&good()).unwrap();
    let (head, body) = (&template.head, &template.body);
    assert_eq!(
        (head.height.0, head.version, head.bits),
        (440, 0x2000_0000, 0x207f_ffff)
    );
    assert_eq!(
        (head.min_time, head.cur_time),
        (1_700_000_000, 1_700_000_100)
    );
    assert_eq!(head.coinbase_value.0, 5_000_000_000);
    assert_eq!((head.transaction_count, head.has_mweb), (2, true));
    assert_eq!(head.merkle_branch.len(), 2);
    // The id that was told, whatever the data would hash to.
    assert_eq!(head.merkle_branch[0], [0x11; 32]);
    assert_eq!(
        body.transactions[1].txid,
        "33".repeat(32).parse::<Txid>().unwrap()
    );
    assert_eq!(body.transactions[1].data[..], [2, 8]);
    assert_eq!(body.mweb.as_deref(), Some(&[0, 0xff][..]));
    assert_eq!(head.witness_commitment.as_ref().map(Bytes::len), Some(38));
}

#[test]
fn text_and_value_give_the_same_template() {
    let text = good().to_string();
    assert_eq!(
        Template::from_gbt_text(text.as_bytes(), &litecoin()),
        read(&good())
    );
    // An escape is as good as the letter.
    let escaped = text.replacen("0200", "\\u0030200", 1);
    assert_eq!(
        Template::from_gbt_text(escaped.as_bytes(), &litecoin()),
        read(&good())
    );
    for text in [&b""[..], b"{", b"\xff\xfe", b"null"] {
        let refusal = Template::from_gbt_text(text, &litecoin());
        assert!(matches!(refusal, Err(TemplateError::Shape(_))), "{text:?}");
    }
}

#[test]
fn a_signed_version_is_read_as_its_bits() {
    let template = read(&changed("version", json!(-2))).unwrap();
    assert_eq!(template.head.version, 0xffff_fffe);
}

#[test]
fn a_template_without_segwit_has_no_commitment() {
    let dogecoin = Network::preset("dogecoin-regtest").unwrap();
    let answer = json!({
        "version": 0x0062_0004, "height": 20, "bits": "207fffff", "mintime": 1, "curtime": 2,
        "previousblockhash": "3d2160a3b5dc4a9d62e7e66a295f70313ac808440ef7400d6c0772171ce973a5",
        "coinbasevalue": 1, "transactions": [{"hash": "11".repeat(32), "data": "01"}],
    });
    let template = Template::from_gbt(&answer, &dogecoin).unwrap();
    assert_eq!(template.head.witness_commitment, None);
    assert_eq!(template.body.mweb, None);
    // Before segwit the hash is the id; with segwit it is not.
    assert!(matches!(
        Template::from_gbt(&answer, &litecoin()),
        Err(TemplateError::Transaction { index: 0, .. })
    ));
}

#[test]
fn a_rule_that_is_not_known_is_refused() {
    let refusal = read(&changed("rules", json!(["csv", "!segwit", "!quantum"]))).unwrap_err();
    assert_eq!(refusal, TemplateError::UnknownRule("quantum".to_owned()));
    assert!(read(&changed("rules", json!(["quantum"]))).is_ok());
}

#[test]
fn a_field_that_is_wrong_is_named() {
    let wrong = [
        ("previousblockhash", json!("00")),
        ("previousblockhash", json!("é".repeat(32))),
        ("height", json!(0)),
        ("height", json!(-1)),
        ("height", json!(500_000_000)),
        ("height", json!(i64::MAX)),
        ("version", json!(i64::MAX)),
        ("version", json!(-2_147_483_649_i64)),
        ("bits", json!("")),
        ("bits", json!("207ffff")),
        ("bits", json!("00000000")),
        ("bits", json!("ff123456")),
        ("bits", json!("04923456")),
        ("bits", json!("0x207fff")),
        ("mintime", json!(0)),
        ("mintime", json!(-5)),
        ("mintime", json!(i64::from(u32::MAX) + 1)),
        ("curtime", json!(i64::MAX)),
        ("curtime", json!(1_699_999_999)),
        ("coinbasevalue", json!(-1)),
        ("coinbasevalue", Value::Null),
        ("mweb", json!("0")),
        ("mweb", json!("zz")),
        ("mweb", json!("")),
        ("default_witness_commitment", json!("6a24aa21a9ed")),
        ("default_witness_commitment", json!("76a9".repeat(30))),
        (
            "default_witness_commitment",
            json!(format!("6a24aa21a9ed{}", "55".repeat(300))),
        ),
    ];
    for (name, value) in wrong {
        let refusal = read(&changed(name, value.clone()));
        let named = matches!(&refusal, Err(TemplateError::Field { field, .. }) if *field == name);
        assert!(named, "{name} = {value}: {refusal:?}");
    }
}

#[test]
fn another_shape_is_refused() {
    for answer in [json!(null), json!([]), json!("x"), json!({})] {
        assert!(
            matches!(read(&answer), Err(TemplateError::Shape(_))),
            "{answer}"
        );
    }
    for (name, value) in [
        ("height", json!("440")),
        ("height", json!(1.5)),
        ("transactions", json!({})),
        ("transactions", json!([5])),
        ("version", json!(u64::MAX)),
        ("bits", json!(545_259_519)),
    ] {
        let refusal = read(&changed(name, value));
        assert!(
            matches!(refusal, Err(TemplateError::Shape(_))),
            "{name}: {refusal:?}"
        );
    }
}

#[test]
fn a_transaction_that_is_wrong_is_numbered() {
    let wrong = [
        json!({"txid": "11".repeat(32), "data": "00"}),
        json!({"txid": "33".repeat(31), "data": "00"}),
        json!({"txid": "33".repeat(32), "data": "0"}),
        json!({"txid": "33".repeat(32), "data": ""}),
        json!({"data": "00"}),
    ];
    for second in wrong {
        let first = json!({"txid": "11".repeat(32), "data": "00"});
        let refusal = read(&changed("transactions", json!([first, second])));
        let numbered = matches!(refusal, Err(TemplateError::Transaction { index: 1, .. }));
        assert!(numbered, "{second}: {refusal:?}");
    }
}

#[test]
fn a_witness_without_a_commitment_is_refused() {
    let mut answer = good();
    answer
        .as_object_mut()
        .unwrap()
        .remove("default_witness_commitment");
    assert!(matches!(
        read(&answer),
        Err(TemplateError::Transaction { index: 0, .. })
    ));
    // The HogEx is last and has hashes of its own.
    answer["transactions"][0]["hash"] = answer["transactions"][0]["txid"].clone();
    assert!(read(&answer).is_ok());
}

#[test]
fn mweb_without_a_hogex_is_refused() {
    let refusal = read(&changed("transactions", json!([])));
    assert!(matches!(
        refusal,
        Err(TemplateError::Field {
            field: "transactions",
            ..
        })
    ));
    let bitcoin = Network::preset("bitcoin-regtest").unwrap();
    let mut answer = changed("rules", json!(["!segwit"]));
    let refusal = Template::from_gbt(&answer, &bitcoin);
    assert!(matches!(
        refusal,
        Err(TemplateError::Field { field: "mweb", .. })
    ));
    answer.as_object_mut().unwrap().remove("mweb");
    assert!(Template::from_gbt(&answer, &bitcoin).is_ok());
}

#[test]
fn more_bytes_than_any_block_has_are_refused() {
    let huge = "00".repeat(13 * 1024 * 1024);
    let answer = changed(
        "transactions",
        json!([{"txid": "11".repeat(32), "data": huge}]),
    );
    assert!(matches!(read(&answer), Err(TemplateError::TooLarge(_))));
}

/// Any JSON, more or less like a template.
fn hostile() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9a-f]{0,80}".prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("txid|hash|data", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    let names: Vec<String> = good().as_object().unwrap().keys().cloned().collect();
    proptest::collection::vec((proptest::sample::select(names), value), 1..4).prop_map(|changes| {
        let mut answer = good();
        for (name, value) in changes {
            answer[name] = value;
        }
        answer
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hostile_answer_is_an_error_or_minable(answer in hostile()) {
        if let Ok(template) = read(&answer) {
            prop_assert!(template.head.target().is_ok());
            prop_assert!(template.head.cur_time >= template.head.min_time);
            prop_assert_eq!(template.head.has_mweb, template.body.mweb.is_some());
        }
    }
}
