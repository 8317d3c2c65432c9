//! From objects to documents: references, precedence, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::path::{Path, PathBuf};

use ngpool_chain::{Address, Amount, Network};
use ngpool_crds::{
    Cluster, DatabaseChoice, Documents, Kind, LocalMachine, ObjectRef, Objects, Origin, PortTable,
    Problems, coinserver_document, effective_pod, explain, load_texts, resolve, stratum_document,
    web_document,
};
use ngpool_settings::{
    FeePayer, FeePolicy, FeeRate, HoldPolicy, InputChoice, MultisigSpend, PayoutPolicy, Replacement,
};

const BASE: &str = "\
apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata: {name: pool}
spec: {database: {bundled: {}}}
---
apiVersion: ngpool.io/v1alpha1
kind: Currency
metadata: {name: litecoin}
spec:
  code: RLTC
  preset: litecoin-regtest
  subsidyAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx
---
apiVersion: ngpool.io/v1alpha1
kind: Coinserver
metadata: {name: a}
spec: {currency: litecoin, daemon: {}}
---
apiVersion: ngpool.io/v1alpha1
kind: Sharechain
metadata: {name: main}
spec: {algorithm: scrypt, method: {solo: {}}}
---
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata: {name: main}
spec: {port: 3333, currency: litecoin, sharechain: main}
";

fn read(text: &str) -> Objects {
    load_texts(vec![(PathBuf::from("pool.yaml"), text.to_owned())])
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn machine(objects: &Objects) -> LocalMachine {
    let mut ports = PortTable::default();
    ports.complete(objects, |_| true).unwrap();
    LocalMachine::new("/state", ports)
}

fn here(text: &str) -> Result<Documents, Problems> {
    let objects = read(text);
    resolve(&objects, &machine(&objects))
}

fn good(text: &str) -> Documents {
    here(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn refused(text: &str) -> Problems {
    here(text).expect_err("the objects must be refused")
}

/// The base with one text replaced by another, and more after it.
fn changed(from: &str, to: &str, more: &str) -> String {
    assert!(BASE.contains(from), "{from}");
    format!("{}---\n{more}", BASE.replace(from, to))
}

fn added(more: &str) -> String {
    format!("{BASE}---\n{more}")
}

fn value_of(objects: &Objects, kind: Kind, name: &str, field: &str) -> (String, Origin) {
    let explained = explain(objects, &machine(objects), &ObjectRef::new(kind, name))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let found = explained.iter().find(|explained| explained.field == field);
    let found = found.unwrap_or_else(|| panic!("{field} is not in {explained:#?}"));
    (found.value.clone(), found.origin)
}

#[test]
fn the_base_is_good() {
    assert_eq!(good(BASE).warnings.to_string(), "");
}

#[test]
fn references_that_lead_nowhere_name_the_nearest() {
    let text = BASE
        .replace(
            "currency: litecoin, sharechain: main",
            "currency: litcoin, sharechain: mian",
        )
        .replace("{currency: litecoin, daemon", "{currency: ltc, daemon");
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn a_pool_is_needed() {
    let text = BASE.split_once("---\n").unwrap().1;
    insta::assert_snapshot!(refused(text));
}

#[test]
fn the_object_wins_over_the_pool_and_the_pool_over_the_built_in_field_by_field() {
    let text = changed(
        "spec: {database: {bundled: {}}}",
        "spec: {database: {bundled: {}}, defaults: {vardiff: {start: 4, min: 2}, limits: {idle: 5m, ban: {duration: 1h}}}}",
        "",
    )
    .replace(
        "port: 3333,",
        "port: 3333, vardiff: {start: 8}, limits: {ban: {afterSubmits: 77}},",
    );
    let objects = read(&text);
    let of = |field: &str| value_of(&objects, Kind::StratumPort, "main", field);
    let is = |value: &str, origin| (value.to_owned(), origin);
    assert_eq!(of("spec.vardiff.start"), is("8", Origin::Object));
    assert_eq!(of("spec.vardiff.min"), is("2", Origin::Pool));
    assert_eq!(of("spec.vardiff.max"), is("1000000000000", Origin::BuiltIn));
    assert_eq!(of("spec.limits.idle"), is("5m", Origin::Pool));
    assert_eq!(of("spec.limits.ban.duration"), is("1h", Origin::Pool));
    assert_eq!(of("spec.limits.ban.afterSubmits"), is("77", Origin::Object));
    assert_eq!(
        of("spec.limits.ban.rejectedPercent"),
        is("50", Origin::BuiltIn)
    );
    let document = &good(&text).stratum[0];
    assert_eq!((document.vardiff.start, document.vardiff.min), (8.0, 2.0));
    assert_eq!((document.limits.idle_s, document.limits.ban_s), (300, 3600));
    assert_eq!(document.limits.ban_after_submits, 77);
}

#[test]
fn payout_fields_follow_the_same_order() {
    let text = changed(
        "spec: {database: {bundled: {}}}",
        "spec: {database: {bundled: {}}, defaults: {payout: {schedule: 0 3 * * *, minimum: '1'}}}",
        "",
    )
    .replace(
        "  code: RLTC\n",
        "  code: RLTC\n  payout: {minimum: '0.5'}\n",
    );
    let job = &good(&text).payouts[0];
    assert_eq!(job.payout.schedule, "0 3 * * *");
    assert_eq!(job.payout.time_zone, "Etc/UTC");
    assert_eq!(job.settings.policy.minimum, Amount(50_000_000));
}

#[test]
fn a_payout_policy_is_put_together_field_by_field() {
    let pool = "defaults: {payout: {\
        fee: {from: payees, rate: {fixed: 3000}}, maxInputs: 50, holds: {above: '2'}}}";
    let own = "payout: {\
        fee: {ceiling: 40000}, inputs: consolidate, holds: {newAddressHours: 24}, \
        replacement: rbf, replaceAfter: 30m, maxAmount: '12.5', maxInFlight: 2, \
        change: [rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx], \
        feeAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx, multisig: {required: 2, keys: 3}}";
    let text = BASE
        .replace(
            "spec: {database: {bundled: {}}}",
            &format!("spec: {{database: {{bundled: {{}}}}, {pool}}}"),
        )
        .replace("  code: RLTC\n", &format!("  code: RLTC\n  {own}\n"));
    let policy = &good(&text).payouts[0].settings.policy;
    let address = "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx".to_owned();
    let expected = PayoutPolicy {
        minimum: Amount(1_000_000),
        fee: FeePolicy {
            from: FeePayer::Payees,
            rate: FeeRate::Fixed { per_kvb: 3_000 },
            ceiling: 40_000,
        },
        inputs: InputChoice::Consolidate,
        max_inputs: 50,
        max_outputs: 1_000,
        max_weight: 390_000,
        max_amount: Some(Amount(1_250_000_000)),
        change: vec![address.clone()],
        replacement: Replacement::Rbf,
        replace_after_s: 1_800,
        holds: HoldPolicy {
            above: Some(Amount(200_000_000)),
            new_address_hours: 24,
        },
        fee_address: Some(address),
        max_in_flight: 2,
        dust_relay_fee: 30_000,
        multisig: Some(MultisigSpend {
            required: 2,
            keys: 3,
        }),
    };
    assert_eq!(*policy, expected);
    let objects = read(&text);
    let of = |field: &str| value_of(&objects, Kind::Currency, "litecoin", field);
    let is = |value: &str, origin| (value.to_owned(), origin);
    assert_eq!(of("spec.payout.fee.from"), is("payees", Origin::Pool));
    assert_eq!(of("spec.payout.fee.rate.fixed"), is("3000", Origin::Pool));
    assert_eq!(of("spec.payout.fee.ceiling"), is("40000", Origin::Object));
    assert_eq!(of("spec.payout.holds.above"), is("2", Origin::Pool));
    assert_eq!(of("spec.payout.dustRelayFee"), is("30000", Origin::Preset));
    assert_eq!(of("spec.payout.maxOutputs"), is("1000", Origin::BuiltIn));
    assert_eq!(of("spec.payout.multisig"), is("2 of 3", Origin::Object));
}

#[test]
fn payouts_follow_the_habits_of_the_network() {
    let of = |preset: &str, address: &str| {
        let text = BASE
            .replace("litecoin-regtest", preset)
            .replace("rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx", address)
            .replace("algorithm: scrypt", "algorithm: sha256d");
        let text = if preset.starts_with("litecoin") {
            text.replace("algorithm: sha256d", "algorithm: scrypt")
        } else {
            text
        };
        let policy = good(&text).payouts[0].settings.policy.clone();
        policy.validate(&Network::preset(preset).unwrap()).unwrap();
        policy
    };
    let litecoin = of(
        "litecoin-regtest",
        "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx",
    );
    assert_eq!(litecoin.replacement, Replacement::Cpfp);
    assert_eq!(litecoin.dust_relay_fee, 30_000);
    let address = Address::p2wpkh([7; 20], &Network::preset("bitcoin").unwrap()).unwrap();
    let bitcoin = of("bitcoin", address.as_str());
    assert_eq!(bitcoin.replacement, Replacement::Rbf);
    assert_eq!(
        bitcoin,
        PayoutPolicy {
            replacement: Replacement::Rbf,
            ..PayoutPolicy::default()
        }
    );
    assert_eq!(
        PayoutPolicy {
            dust_relay_fee: 3_000,
            ..litecoin
        },
        PayoutPolicy::default()
    );
}

#[test]
fn payout_policies_that_cannot_be_worked_by_are_refused() {
    let payout = |payout: &str| {
        let text = BASE.replace(
            "  code: RLTC\n",
            &format!("  code: RLTC\n  payout: {payout}\n"),
        );
        refused(&text).to_string()
    };
    insta::assert_snapshot!(
        [
            payout("{fee: {rate: {fixed: 200001}}}"),
            payout("{fee: {rate: {estimate: {fallback: 500}}, ceiling: 400}}"),
            payout("{maxAmount: '0'}"),
            payout("{holds: {above: '0.001'}}\n  decimals: 2"),
            payout("{change: [ltc1qg42tkwuuxefutzxezdkdel39gfstuap2jh5rqg]}"),
            payout("{feeAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkq}"),
            payout(
                "{maxOutputs: 2, change: [rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx, \
                 rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx]}"
            ),
        ]
        .join("\n\n")
    );
}

#[test]
fn the_effective_values_of_a_currency_name_the_preset() {
    let objects = read(BASE);
    let of = |field: &str| value_of(&objects, Kind::Currency, "litecoin", field);
    assert_eq!(of("spec.maturity"), ("100".to_owned(), Origin::Preset));
    assert_eq!(of("spec.settleDepth"), ("3".to_owned(), Origin::Preset));
    assert_eq!(
        of("spec.coinbaseTag"),
        ("/ngpool/".to_owned(), Origin::BuiltIn)
    );
    assert_eq!(
        of("spec.payout.minimum"),
        ("0.01".to_owned(), Origin::BuiltIn)
    );
}

#[test]
fn every_kind_can_be_explained() {
    let objects = read(BASE);
    for (kind, name) in [
        (Kind::Pool, "pool"),
        (Kind::Currency, "litecoin"),
        (Kind::Coinserver, "a"),
        (Kind::Sharechain, "main"),
        (Kind::StratumPort, "main"),
    ] {
        let explained = explain(&objects, &machine(&objects), &ObjectRef::new(kind, name)).unwrap();
        assert!(!explained.is_empty(), "{kind}");
    }
    let none = ObjectRef::new(Kind::StratumPort, "none");
    assert_eq!(
        explain(&objects, &machine(&objects), &none)
            .unwrap_err()
            .to_string(),
        "there is no StratumPort/none"
    );
}

#[test]
fn vardiff_that_fits_only_one_by_one_names_where_each_came_from() {
    let text = changed(
        "spec: {database: {bundled: {}}}",
        "spec: {database: {bundled: {}}, defaults: {vardiff: {min: 100}}}",
        "",
    )
    .replace("port: 3333,", "port: 3333, vardiff: {start: 8},");
    insta::assert_snapshot!(refused(&text), @"pool.yaml:27:20: StratumPort/main spec.vardiff: min 100 (from pool), start 8 (from object) and max 1000000000000 (from built-in) do not fit together (the values in effect must rise from min over start to max)");
}

#[test]
fn built_in_difficulty_moves_between_the_bounds_that_are_given() {
    let text = BASE.replace("port: 3333,", "port: 3333, vardiff: {min: 100},");
    assert_eq!(good(&text).stratum[0].vardiff.start.to_string(), "100");
    let text = BASE.replace("port: 3333,", "port: 3333, vardiff: {max: 2},");
    assert_eq!(good(&text).stratum[0].vardiff.start.to_string(), "2");
}

#[test]
fn the_subsidy_address_is_one_of_the_network() {
    let text = BASE.replace(
        "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx",
        "bc1qgh3urvfecekkzqqaq9xq73yze7yj24ddgtuwzx",
    );
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn maturity_is_not_below_the_networks_own() {
    let text = BASE.replace("  code: RLTC\n", "  code: RLTC\n  maturity: 99\n");
    insta::assert_snapshot!(refused(&text), @"pool.yaml:11:13: Currency/litecoin spec.maturity: 99 is below the network's own maturity of 100 (remove the field, or write at least 100: earlier coins cannot be spent)");
}

#[test]
fn numbers_with_more_than_three_decimals_are_refused() {
    let text = BASE
        .replace("  code: RLTC\n", "  code: RLTC\n  splitWindow: 2.0001\n")
        .replace("{solo: {}}", "{pplns: {window: {factor: 1.23456}}}");
    insta::assert_snapshot!(refused(&text));
    let text = BASE.replace("{solo: {}}", "{pplns: {window: {factor: 1.234}}}");
    let method = serde_json::to_string(&good(&text).ledgers[0].method).unwrap();
    assert_eq!(method, r#"{"pplns":{"window":{"difficulty_milli":1234}}}"#);
}

#[test]
fn work_that_is_bought_is_in_the_documents_of_ledger_and_jobs() {
    let text = BASE.replace(
        "method: {solo: {}}",
        "fee: 3%, method: {fpps: {period: 10m, orphanRate: 1%, ruin: 5%}}",
    );
    let documents = good(&text);
    let expected = r#"{"window":{"difficulty_milli":2000},"period_seconds":600,"ruin_ppm":50000,"orphan_ppm":10000,"low_mark_ppm":250000}"#;
    let method = serde_json::to_string(&documents.ledgers[0].method).unwrap();
    assert_eq!(method, format!("{{\"fpps\":{expected}}}"));
    let bought = serde_json::to_string(&documents.payouts[0].settings.pps).unwrap();
    assert_eq!(
        bought,
        format!(
            "[{{\"sharechain\":\"main\",\"with_fees\":true,\"fee_ppm\":30000,\"settings\":{expected}}}]"
        )
    );
    assert!(good(BASE).payouts[0].settings.pps.is_empty());
}

#[test]
fn work_is_not_bought_where_no_reserve_is_enough() {
    let text = BASE.replace(
        "method: {solo: {}}",
        "fee: 1%, method: {pps: {orphanRate: 1%, ruin: 0%, lowMark: 100%}}",
    );
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn work_is_not_bought_of_a_currency_whose_subsidy_nobody_knows() {
    let network = "network: {genesisHash: \"0101010101010101010101010101010101010101010101010101010101010101\", \
                   algorithm: scrypt, p2pkh: 111, p2sh: [196], bech32: rltc, wif: 239, \
                   coinbaseMaturity: 100}";
    let text = BASE
        .replace("preset: litecoin-regtest", network)
        .replace("method: {solo: {}}", "fee: 3%, method: {pps: {}}");
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn a_finders_bonus_is_in_base_units_by_the_code_of_the_currency() {
    let with = |bonus: &str| {
        BASE.replace(
            "method: {solo: {}}",
            &format!("method: {{prop: {{}}}}, finderBonus: {bonus}"),
        )
    };
    let share = good(&with("{share: 1.25%}")).ledgers[0].bonus.clone();
    assert_eq!(
        serde_json::to_string(&share).unwrap(),
        r#"{"share_ppm":12500}"#
    );
    let fixed = good(&with("{amounts: [{currency: litecoin, amount: \"0.05\"}]}"));
    assert_eq!(
        serde_json::to_string(&fixed.ledgers[0].bonus).unwrap(),
        r#"{"fixed":{"RLTC":5000000}}"#
    );
    insta::assert_snapshot!(refused(&with(
        "{amounts: [{currency: litcoin, amount: \"0.05\"}]}"
    )));
}

#[test]
fn algorithms_of_currency_and_sharechain_agree() {
    let text = BASE.replace("algorithm: scrypt", "algorithm: sha256d");
    let problems = refused(&text);
    insta::assert_snapshot!(problems);
}

#[test]
fn aux_currencies_can_be_merged_mined_with_the_base() {
    let currency = |name: &str, code: &str, preset: &str, address: &str| {
        format!(
            "---\napiVersion: ngpool.io/v1alpha1\nkind: Currency\nmetadata: {{name: {name}}}\n\
             spec: {{code: {code}, preset: {preset}, subsidyAddress: {address}}}\n"
        )
    };
    // P2PKH of the same hash on regtest chains: 111 is the version of all of them.
    let address = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn";
    let bitcoin = currency("bitcoin", "RBTC", "bitcoin-regtest", address);
    let namecoin = currency("namecoin", "RNMC", "namecoin-regtest", address);
    let dogecoin = currency("dogecoin", "RDOGE", "dogecoin-regtest", address);
    let text = BASE.replace(
        "port: 3333,",
        "port: 3333, auxCurrencies: [bitcoin, namecoin, nothing, dogecoin],",
    ) + &bitcoin
        + &namecoin
        + &dogecoin;
    insta::assert_snapshot!(refused(&text));
    let text = BASE.replace("port: 3333,", "port: 3333, auxCurrencies: [dogecoin],") + &dogecoin;
    assert_eq!(good(&text).stratum[0].aux[0].code, "RDOGE");
    let text = BASE.replace(
        "port: 3333,",
        "port: 3333, auxCurrencies: [dogecoin], versionMask: '0x1fffffe0',",
    ) + &dogecoin;
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn the_version_mask_holds_only_bits_that_may_be_rolled() {
    let mask = |mask: &str| {
        BASE.replace(
            "port: 3333,",
            &format!("port: 3333, versionMask: '{mask}',"),
        )
    };
    assert_eq!(
        good(&mask("0x1fffffe0")).stratum[0].version_mask,
        0x1fff_ffe0
    );
    assert_eq!(good(&mask("0x00000000")).stratum[0].version_mask, 0);
    insta::assert_snapshot!(refused(&mask("0x3fffe000")), @"pool.yaml:27:33: StratumPort/main spec.versionMask: 0x3fffe000 holds bits that must not be rolled (only bits of 0x1fffffe0 may be; 0x1fffe000 is usual (BIP 320))");
}

#[test]
fn proxies_are_ranges() {
    let from = |from: &str| {
        BASE.replace(
            "port: 3333,",
            &format!("port: 3333, proxyProtocol: {{from: [{from}]}},"),
        )
    };
    assert_eq!(
        good(&from("10.0.0.0/8, 'fd00::/8'")).stratum[0]
            .proxy_protocol_from
            .len(),
        2
    );
    insta::assert_snapshot!(refused(&from("10.0.0.7, balancer")));
}

#[test]
fn proxies_in_front_of_the_api_are_ranges() {
    let with = |web: &str| {
        BASE.replace(
            "{bundled: {}}}",
            &format!("{{bundled: {{}}}}, web: {web}}}"),
        )
    };
    let ranges = good(&with("{trustedProxies: [10.0.0.0/8, 'fd00::/8']}"))
        .web
        .trusted_proxies;
    assert_eq!(ranges.len(), 2);
    let message = refused(&with("{trustedProxies: [10.0.0.0/8, 10.0.0.7]}")).to_string();
    for words in ["spec.web.trustedProxies[1]", "write `10.0.0.7/32`"] {
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn the_token_of_signers_is_made_here_or_comes_from_the_secret_that_is_named() {
    let file = |text: &str| good(text).web.signer_token_file.unwrap();
    assert_eq!(file(BASE), Path::new("/state/web/signer-token"));
    let named = BASE.replace(
        "{bundled: {}}}",
        "{bundled: {}}, web: {signerTokenSecret: {name: signer, key: token}}}",
    );
    let secret = "\
---
apiVersion: v1
kind: Secret
metadata: {name: signer}
stringData: {token: 0123456789abcdef0123456789abcdef}
";
    assert_eq!(
        file(&format!("{named}{secret}")),
        Path::new("/state/secrets/signer/token")
    );
    let message = refused(&named).to_string();
    assert!(message.contains("signerTokenSecret"), "{message}");
    let objects = read(&named);
    let cluster = resolve(&objects, &Cluster).unwrap().web.signer_token_file;
    assert_eq!(
        cluster.unwrap(),
        Path::new("/etc/ngpool/secrets/signer/token")
    );
}

#[test]
fn every_listener_of_one_machine_has_a_port_of_its_own() {
    let second = "\
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata: {name: second}
spec: {port: 3333, currency: litecoin, sharechain: main}
---
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata: {name: third}
spec: {port: 8080, currency: litecoin, sharechain: main}
";
    insta::assert_snapshot!(refused(&added(second)));
    // In a cluster each has a Service of its own.
    assert!(resolve(&read(&added(second)), &Cluster).is_ok());
    // A port without pods listens nowhere.
    let off = added(
        &second
            .replace("port: 3333,", "port: 3333, replicas: 0,")
            .replace("8080", "8081"),
    );
    let names: Vec<_> = good(&off)
        .stratum
        .into_iter()
        .map(|port| port.name)
        .collect();
    assert_eq!(names, ["main", "third"]);
}

#[test]
fn currencies_have_codes_of_their_own() {
    let second = "\
apiVersion: ngpool.io/v1alpha1
kind: Currency
metadata: {name: other}
spec:
  code: RLTC
  preset: litecoin-regtest
  subsidyAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx
";
    insta::assert_snapshot!(refused(&added(second)));
}

#[test]
fn payout_schedules_have_five_fields_and_minimums_fit_the_coin() {
    let payout = |payout: &str| {
        BASE.replace(
            "  code: RLTC\n",
            &format!("  code: RLTC\n  payout: {payout}\n"),
        )
    };
    insta::assert_snapshot!(refused(&payout("{schedule: '0 0 3 * * *'}")), @r#"pool.yaml:11:22: Currency/litecoin spec.payout.schedule: "0 0 3 * * *" is not a schedule of five cron fields (minute, hour, day of the month, month, day of the week, such as `0 3 * * *`)"#);
    insta::assert_snapshot!(refused(&payout("{schedule: '99 3 * * *'}")), @r#"pool.yaml:11:22: Currency/litecoin spec.payout.schedule: "99 3 * * *" is not a schedule of five cron fields (minute, hour, day of the month, month, day of the week, such as `0 3 * * *`)"#);
    let text =
        payout("{minimum: '0.001'}").replace("  code: RLTC\n", "  code: RLTC\n  decimals: 2\n");
    insta::assert_snapshot!(refused(&text), @r#"pool.yaml:12:21: Currency/litecoin spec.payout.minimum: "0.001" is not an amount with at most 2 decimals (whole coins in quotes, such as "0.01")"#);
}

const EXTERNAL: &str = "\
apiVersion: ngpool.io/v1alpha1
kind: Coinserver
metadata: {name: b}
spec:
  currency: litecoin
  external:
    url: http://10.0.0.7:19443
    credentialsSecret: {name: node, key: credentials}
";

#[test]
fn secrets_of_one_machine_are_among_the_objects() {
    insta::assert_snapshot!(refused(&added(EXTERNAL)), @"pool.yaml:36:31: Coinserver/b spec.external.credentialsSecret.name: there is no Secret `node` (there is no Secret at all)");
    let secret = |key: &str| {
        added(EXTERNAL)
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: node}\nstringData:\n  "
            + key
            + ": user:password\n"
    };
    insta::assert_snapshot!(refused(&secret("credential")), @"pool.yaml:36:42: Coinserver/b spec.external.credentialsSecret.key: Secret/node has no key `credentials` (did you mean `credential`?)");
    let documents = good(&secret("credentials"));
    assert_eq!(documents.warnings.to_string(), "");
    assert_eq!(documents.secret_files.len(), 1);
    assert_eq!(
        documents.secret_files[0].path,
        Path::new("/state/secrets/node/credentials")
    );
    assert_eq!(documents.secret_files[0].content, b"user:password");
    assert!(!format!("{documents:?}").contains("user:password"));
    let node = &documents.coinservers[1];
    assert_eq!(
        node.rpc.credentials_file,
        Path::new("/state/secrets/node/credentials")
    );
    assert_eq!((node.daemon.is_none(), &node.zmq_hashblock), (true, &None));
}

#[test]
fn secrets_of_a_cluster_are_mounted_and_not_read() {
    let objects = read(&added(EXTERNAL));
    let documents = resolve(&objects, &Cluster).unwrap();
    assert!(documents.secret_files.is_empty());
    let file = &documents.coinservers[1].rpc.credentials_file;
    assert_eq!(file, Path::new("/etc/ngpool/secrets/node/credentials"));
}

#[test]
fn base64_and_plain_secrets_give_the_same() {
    let data = added(EXTERNAL)
        + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: node}\ndata:\n  credentials: dXNlcjpwYXNzd29yZA==\n";
    assert_eq!(good(&data).secret_files[0].content, b"user:password");
}

#[test]
fn tls_needs_a_certificate() {
    let tls = |own: &str| BASE.replace("port: 3333,", &format!("port: 3333, tls: {own},"));
    insta::assert_snapshot!(refused(&tls("{enabled: true}")), @"pool.yaml:27:35: StratumPort/main spec.tls.enabled: TLS is on without a certificate (name a Secret of type kubernetes.io/tls in secretName)");
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: cert}\nstringData: {tls.crt: a, tls.key: b}\n";
    let documents = good(&(tls("{secretName: cert}") + secret));
    let files = documents.stratum[0].tls.as_ref().unwrap();
    assert_eq!(files.certificate, Path::new("/state/secrets/cert/tls.crt"));
    assert_eq!(files.key, Path::new("/state/secrets/cert/tls.key"));
    assert!(documents.web.ports[0].tls);
    let off = tls("{enabled: false}").replace(
        "{database: {bundled: {}}}",
        "{database: {bundled: {}}, defaults: {tls: {secretName: cert}}}",
    );
    assert!(good(&(off + secret)).stratum[0].tls.is_none());
}

#[test]
fn the_pools_database_is_chosen() {
    let database = |database: &str| {
        BASE.replace(
            "{database: {bundled: {}}}",
            &format!("{{database: {database}}}"),
        )
    };
    assert_eq!(good(BASE).database, DatabaseChoice::Bundled);
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {url: x}\n";
    let url = database("{urlSecret: {name: db, key: url}}") + secret;
    assert_eq!(
        good(&url).database,
        DatabaseChoice::Url {
            owner_url_file: PathBuf::from("/state/secrets/db/url")
        }
    );
    let cluster = database("{cloudNativePG: {cluster: db}}");
    let documents = good(&cluster);
    assert_eq!(documents.database, DatabaseChoice::Bundled);
    insta::assert_snapshot!(documents.warnings, @"pool.yaml:4:19: Pool/pool spec.database.cloudNativePG: is only there in a cluster; on one machine a private PostgreSQL is used");
    assert_eq!(
        resolve(&read(&cluster), &Cluster).unwrap().database,
        DatabaseChoice::CloudNativePg {
            cluster: "db".to_owned()
        }
    );
}

#[test]
fn what_nothing_refers_to_is_remarked() {
    let more = "\
apiVersion: ngpool.io/v1alpha1
kind: Currency
metadata: {name: bitcoin}
spec: {code: RBTC, preset: bitcoin-regtest, subsidyAddress: mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn}
---
apiVersion: ngpool.io/v1alpha1
kind: Sharechain
metadata: {name: solo}
spec: {algorithm: scrypt, method: {solo: {}}}
---
apiVersion: v1
kind: Secret
metadata: {name: unused}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unused}
";
    insta::assert_snapshot!(good(&added(more)).warnings);
}

#[test]
fn a_port_without_nodes_is_remarked() {
    let text = BASE
        .replace(
            "kind: Coinserver\nmetadata: {name: a}\nspec: {currency: litecoin, daemon: {}}",
            "kind: ConfigMap\nmetadata: {name: a}",
        )
        .replace(
            "---\napiVersion: ngpool.io/v1alpha1\nkind: ConfigMap",
            "---\napiVersion: v1\nkind: ConfigMap",
        );
    let warnings = good(&text).warnings.to_string();
    assert!(
        warnings.contains("no Coinserver serves Currency/litecoin: miners get no work"),
        "{warnings}"
    );
}

#[test]
fn options_of_a_daemon_come_from_preset_config_map_and_object() {
    let text = |options: &str| {
        BASE.replace(
            "daemon: {}",
            "daemon: {options: {dbcache: '100'}, optionsFrom: {configMap: {name: options}}, peers: ['seed.example.com:19444']}",
        ) + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: options}\ndata:\n"
            + options
    };
    let documents = good(&text("  dbcache: '50'\n  maxconnections: |\n    40\n"));
    let daemon = documents.coinservers[0].daemon.as_ref().unwrap();
    let options: Vec<_> = daemon
        .options
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    assert_eq!(
        options,
        ["dbcache=100", "maxconnections=40", "maxtipage=1000000000"]
    );
    assert_eq!(daemon.add_nodes, ["seed.example.com:19444"]);
    assert_eq!(daemon.binary, "litecoind");
    insta::assert_snapshot!(refused(&text("  rpcuser: me\n  Bad-Name: x\n")));
}

#[test]
fn a_network_by_hand_needs_what_presets_bring() {
    let text = BASE.replace(
        "  preset: litecoin-regtest\n",
        "  network:
    genesisHash: 530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9
    algorithm: scrypt
    p2pkh: 111
    p2sh: [58]
    bech32: rltc
    wif: 239
    coinbaseMaturity: 100
    regtest: true
",
    );
    insta::assert_snapshot!(refused(&text));
    let text = text.replace("daemon: {}", "daemon: {binary: mycoind, chain: regtest}");
    let documents = good(&text);
    assert_eq!(
        documents.coinservers[0].daemon.as_ref().unwrap().binary,
        "mycoind"
    );
    assert!(
        resolve(&read(&text), &Cluster)
            .unwrap_err()
            .to_string()
            .contains("`rpcPort` is missing")
    );
}

#[test]
fn one_broken_object_stops_no_other() {
    let broken = "\
apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata: {name: broken}
spec: {port: 3334, currency: nothing, sharechain: main}
";
    let objects = read(&added(broken));
    assert!(resolve(&objects, &Cluster).is_err());
    assert!(stratum_document(&objects, &Cluster, "main").is_ok());
    assert!(coinserver_document(&objects, &Cluster, "a").is_ok());
    let problems = stratum_document(&objects, &Cluster, "broken").unwrap_err();
    assert_eq!(
        problems
            .of(&ObjectRef::new(Kind::StratumPort, "broken"))
            .count(),
        1
    );
}

#[test]
fn the_address_that_is_shown_can_be_chosen() {
    let advertise =
        |own: &str| BASE.replace("port: 3333,", &format!("port: 3333, advertise: {own},"));
    let url = |text: &str| good(text).web.ports[0].url.clone();
    assert_eq!(url(BASE), "stratum+tcp://127.0.0.1:3333");
    assert_eq!(
        url(&advertise("{host: pool.example.com}")),
        "stratum+tcp://pool.example.com:3333"
    );
    assert_eq!(
        url(&advertise("{host: '2001:db8::1', port: 443}")),
        "stratum+tcp://[2001:db8::1]:443"
    );
}

#[test]
fn ports_of_one_machine_stay_and_are_given_once() {
    let objects = read(BASE);
    let mut ports = PortTable::default();
    ports.complete(&objects, |port| port % 2 == 0).unwrap();
    let first: Vec<_> = ports
        .iter()
        .map(|(key, port)| (key.to_owned(), port))
        .collect();
    assert!(first.iter().all(|(_, port)| port % 2 == 0));
    let second_node = "\
apiVersion: ngpool.io/v1alpha1
kind: Coinserver
metadata: {name: '0'}
spec: {currency: litecoin, daemon: {}}
";
    let more = read(&added(second_node));
    // Nothing is free now, but what was given stays given.
    assert!(ports.complete(&more, |_| false).is_err());
    ports.complete(&more, |_| true).unwrap();
    let second: Vec<_> = ports
        .iter()
        .map(|(key, port)| (key.to_owned(), port))
        .collect();
    assert!(
        first.iter().all(|given| second.contains(given)),
        "{first:?} {second:?}"
    );
    assert_eq!(second.len(), first.len() + 5);
    let mut numbers: Vec<_> = second.iter().map(|(_, port)| *port).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), second.len());
    ports.complete(&objects, |_| false).unwrap();
    assert_eq!(ports.iter().count(), first.len());
}

#[test]
fn pods_get_the_objects_fields_over_the_pools_one_by_one() {
    let text = BASE
        .replace(
            "{database: {bundled: {}}}",
            "{database: {bundled: {}}, defaults: {pod: {resources: {requests: {cpu: 1, memory: 1Gi}}, \
             template: {spec: {priorityClassName: mining, nodeSelector: {disk: slow}}}}}}",
        )
        .replace(
            "port: 3333,",
            "port: 3333, pod: {resources: {requests: {cpu: 500m}}, template: {spec: {nodeSelector: {disk: fast}}}},",
        );
    let objects = read(&text);
    let pod = effective_pod(&objects, objects.stratum_ports["main"].spec.pod.as_ref());
    assert_eq!(
        serde_json::to_value(&pod).unwrap(),
        serde_json::json!({
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}},
            "template": {"spec": {"priorityClassName": "mining", "nodeSelector": {"disk": "fast"}}},
        })
    );
    let of = |field: &str| value_of(&objects, Kind::StratumPort, "main", field);
    assert_eq!(
        of("spec.pod.resources.requests.cpu"),
        ("500m".to_owned(), Origin::Object)
    );
    assert_eq!(
        of("spec.pod.resources.requests.memory"),
        ("1Gi".to_owned(), Origin::Pool)
    );
    assert_eq!(
        of("spec.pod.template.spec.nodeSelector.disk"),
        ("fast".to_owned(), Origin::Object)
    );
    let other = effective_pod(&objects, objects.coinservers["a"].spec.pod.as_ref());
    assert_eq!(other.resources.unwrap().requests.unwrap()["cpu"].0, "1");
}

#[test]
fn a_thousand_ports_resolve() {
    let port = |i: u16| {
        format!(
            "---\napiVersion: ngpool.io/v1alpha1\nkind: StratumPort\nmetadata: {{name: p{i}}}\n\
             spec: {{port: {}, currency: litecoin, sharechain: main}}\n",
            10_000 + i
        )
    };
    let ports: Vec<String> = (0..1000).map(port).collect();
    let ports = ports.concat();
    assert_eq!(good(&format!("{BASE}{ports}")).stratum.len(), 1001);
}

#[test]
fn the_web_side_leaves_out_what_cannot_be_resolved_and_only_the_pool_itself_stops_it() {
    let stray = "apiVersion: ngpool.io/v1alpha1\nkind: StratumPort\nmetadata: {name: stray}\n\
                 spec: {port: 3334, currency: nothing, sharechain: main}\n";
    let broken = "apiVersion: ngpool.io/v1alpha1\nkind: Currency\nmetadata: {name: broken}\n\
                  spec: {code: BAD, preset: litecoin, subsidyAddress: rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx}\n";
    let objects = read(&format!("{BASE}---\n{stray}---\n{broken}"));
    let document = web_document(&objects, &Cluster).unwrap();
    let names = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>();
    let ports = names(document.ports.iter().map(|port| &port.name).collect());
    assert_eq!(ports, ["main"]);
    let currencies = names(document.currencies.iter().map(|one| &one.name).collect());
    assert_eq!(currencies, ["litecoin"]);
    // As a whole they are refused all the same.
    assert!(resolve(&objects, &Cluster).is_err());

    let own = BASE.replace(
        "database: {bundled: {}}",
        "database: {bundled: {}}, web: {trustedProxies: [everybody]}",
    );
    let problems = web_document(&read(&own), &Cluster).unwrap_err();
    assert!(
        problems.to_string().contains("trustedProxies"),
        "{problems}"
    );
}
