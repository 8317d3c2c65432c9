//! What the schemas and their CEL rules accept and refuse, object by object.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::path::PathBuf;

use kube::core::cel::Validator;
use ngpool_crds::{Kind, load_texts, schema::definition};
use serde_json::{Value, json};

const ADDRESS: &str = "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx";

/// What is wrong with an object: `field: message` each.
fn faults(kind: Kind, name: &str, spec: &Value) -> Vec<String> {
    let object = json!({
        "apiVersion": kind.api_version(),
        "kind": kind.name(),
        "metadata": {"name": name},
        "spec": spec,
    });
    match load_texts(vec![(PathBuf::from("object.yaml"), object.to_string())]) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|p| format!("{}: {}", p.field, p.message))
            .collect(),
    }
}

/// The fields of `base` with those of `change` over them; `null` takes one away.
fn with(base: &Value, change: &Value) -> Value {
    let mut merged = base.clone();
    for (field, value) in change.as_object().unwrap() {
        if value.is_null() {
            merged.as_object_mut().unwrap().remove(field);
        } else {
            merged[field] = value.clone();
        }
    }
    merged
}

/// Holds a table of changes against a good object: each with what it must be refused for, or nothing.
fn table(kind: Kind, base: &Value, rows: &[(Value, Option<&str>)]) {
    let name = if kind == Kind::Pool { "pool" } else { "main" };
    assert_eq!(
        faults(kind, name, base),
        Vec::<String>::new(),
        "the base must be good"
    );
    for (change, refused) in rows {
        let found = faults(kind, name, &with(base, change));
        match refused {
            None => assert!(
                found.is_empty(),
                "{kind} {change} must be accepted: {found:#?}"
            ),
            Some(expected) => assert!(
                found.iter().any(|fault| fault == expected),
                "{kind} {change} must be refused with {expected:?}, not {found:#?}"
            ),
        }
    }
}

/// Whether a change of a stored object is refused, and why.
fn update_faults(kind: Kind, old: &Value, new: &Value) -> Vec<String> {
    let definition = serde_json::to_value(definition(kind).unwrap()).unwrap();
    let schema = definition
        .pointer("/spec/versions/0/schema/openAPIV3Schema")
        .unwrap();
    let object = |spec: &Value| json!({"metadata": {"name": "main"}, "spec": spec});
    match Validator::new().validate(schema, &object(new), Some(&object(old))) {
        Ok(()) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|e| format!("{}: {}", e.field_path, e.message))
            .collect(),
    }
}

fn pool() -> Value {
    json!({"database": {"bundled": {}}})
}

fn currency() -> Value {
    json!({"code": "LTC", "preset": "litecoin-regtest", "subsidyAddress": ADDRESS})
}

fn network() -> Value {
    json!({
        "genesisHash": "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
        "algorithm": "scrypt",
        "p2pkh": 111,
        "p2sh": [58],
        "wif": 239,
        "coinbaseMaturity": 100,
    })
}

fn coinserver() -> Value {
    json!({"currency": "litecoin", "daemon": {}})
}

fn external() -> Value {
    json!({"url": "http://10.0.0.7:8332", "credentialsSecret": {"name": "node", "key": "credentials"}})
}

fn sharechain() -> Value {
    json!({"algorithm": "scrypt", "method": {"pplns": {"window": {"factor": 2}}}})
}

fn port() -> Value {
    json!({"port": 3333, "currency": "litecoin", "sharechain": "main"})
}

#[test]
fn a_namespace_has_one_pool_called_pool() {
    assert!(faults(Kind::Pool, "pool", &pool()).is_empty());
    assert_eq!(
        faults(Kind::Pool, "mine", &pool()),
        ["metadata.name: a namespace holds one Pool, and its name is `pool`"]
    );
}

#[test]
fn names_are_labels_of_at_most_thirty_characters() {
    let refused =
        "metadata.name: metadata.name must have at most 30 lower-case letters, digits and `-`";
    for (kind, spec) in [
        (Kind::Currency, currency()),
        (Kind::Coinserver, coinserver()),
        (Kind::Sharechain, sharechain()),
        (Kind::StratumPort, port()),
    ] {
        for good in ["a", "0", "a-b-0", &"a".repeat(30)] {
            assert!(faults(kind, good, &spec).is_empty(), "{kind} {good}");
        }
        for bad in ["a.b", "A", "-a", "a-", "a_b", &"a".repeat(31)] {
            assert_eq!(faults(kind, bad, &spec), [refused], "{kind} {bad}");
        }
    }
}

#[test]
fn a_pool_has_exactly_one_database() {
    let refused =
        Some("spec.database: exactly one of urlSecret, cloudNativePG and bundled must be given");
    let secret = json!({"name": "db", "key": "url"});
    table(
        Kind::Pool,
        &pool(),
        &[
            (json!({"database": {"urlSecret": secret}}), None),
            (
                json!({"database": {"cloudNativePG": {"cluster": "db"}}}),
                None,
            ),
            (json!({"database": {}}), refused),
            (
                json!({"database": {"bundled": {}, "urlSecret": secret}}),
                refused,
            ),
            (
                json!({"database": {"bundled": {}, "cloudNativePG": {"cluster": "db"}}}),
                refused,
            ),
            (
                json!({"database": null}),
                Some("spec: the field `database` is missing"),
            ),
            (
                json!({"database": {"urlSecret": {"name": "db"}}}),
                Some("spec.database.urlSecret: the field `key` is missing"),
            ),
        ],
    );
}

#[test]
fn sizes_and_resources_are_quantities() {
    let storage = |size: Value| json!({"database": {"bundled": {"storage": {"size": size}}}});
    table(
        Kind::Pool,
        &pool(),
        &[
            (storage(json!("10Gi")), None),
            (storage(json!("2T")), None),
            (
                storage(json!("1Mi")),
                Some("spec.database.bundled.storage.size: must be from 64Mi to 256Ti"),
            ),
            (
                storage(json!("10GB")),
                Some("spec.database.bundled.storage.size: \"10GB\" is not allowed here"),
            ),
            (
                storage(json!(10)),
                Some("spec.database.bundled.storage.size: expected text, found the number 10"),
            ),
            (
                json!({"defaults": {"pod": {"resources": {"requests": {"cpu": 2, "memory": "1Gi"}}}}}),
                None,
            ),
            (
                json!({"defaults": {"pod": {"template": {"spec": {"nodeSelector": {"disk": "fast"}}}}}}),
                None,
            ),
            (
                json!({"defaults": {"pod": {"resources": {"requests": {"cpu": "much"}}}}}),
                Some("spec.defaults.pod.resources.requests.cpu: \"much\" is not allowed here"),
            ),
            (json!({"version": "1.2.3"}), None),
            (
                json!({"version": "latest"}),
                Some("spec.version: \"latest\" is not allowed here"),
            ),
            (
                json!({"web": {"port": 0}}),
                Some("spec.web.port: 0 is out of bounds"),
            ),
        ],
    );
}

#[test]
fn a_currency_is_a_preset_or_a_network_by_hand() {
    let refused = Some("spec: exactly one of preset and network must be given");
    table(
        Kind::Currency,
        &currency(),
        &[
            (json!({"preset": null, "network": network()}), None),
            (json!({"network": network()}), refused),
            (json!({"preset": null}), refused),
            (
                json!({"preset": "litecoin-mars"}),
                Some("spec.preset: `litecoin-mars` is not one of the values"),
            ),
            (
                json!({"preset": null, "network": with(&network(), &json!({"p2sh": []}))}),
                Some("spec.network.p2sh: has 0 items; at least 1 are needed"),
            ),
            (
                json!({"preset": null, "network": with(&network(), &json!({"wif": 256}))}),
                Some("spec.network.wif: 256 is out of bounds"),
            ),
            (
                json!({"preset": null, "network": with(&network(), &json!({"genesisHash": null}))}),
                Some("spec.network: the field `genesisHash` is missing"),
            ),
            (
                json!({"code": "ltc"}),
                Some("spec.code: \"ltc\" is not allowed here"),
            ),
            (
                json!({"coinbaseTag": "a".repeat(29)}),
                Some("spec.coinbaseTag: has 29 characters; at most 28 are allowed"),
            ),
            (
                json!({"coinbaseTag": "ü"}),
                Some("spec.coinbaseTag: \"ü\" is not allowed here"),
            ),
            (json!({"coinbaseTag": ""}), None),
            (json!({"settleInterval": "1s"}), None),
            (
                json!({"settleInterval": "2h"}),
                Some("spec.settleInterval: must be from 1s to 1h"),
            ),
            (
                json!({"settleInterval": "soon"}),
                Some("spec.settleInterval: \"soon\" is not allowed here"),
            ),
            (
                json!({"settleInterval": 5}),
                Some("spec.settleInterval: expected text, found the number 5"),
            ),
            (json!({"payout": {"minimum": "0.01"}}), None),
            (
                json!({"payout": {"minimum": 0.01}}),
                Some("spec.payout.minimum: expected text, found the number 0.01"),
            ),
            (
                json!({"payout": {"fee": {"from": "pool", "rate": {"fixed": 1000}}}}),
                None,
            ),
            (
                json!({"payout": {"fee": {"rate": {"estimate": {"blocks": 2}}, "ceiling": 5000}}}),
                None,
            ),
            (
                json!({"payout": {"fee": {"rate": {}}}}),
                Some("spec.payout.fee.rate: exactly one of fixed and estimate must be given"),
            ),
            (
                json!({"payout": {"fee": {"rate": {"fixed": 1, "estimate": {}}}}}),
                Some("spec.payout.fee.rate: exactly one of fixed and estimate must be given"),
            ),
            (
                json!({"payout": {"fee": {"rate": {"fixed": 0}}}}),
                Some("spec.payout.fee.rate.fixed: 0 is out of bounds"),
            ),
            (
                json!({"payout": {"fee": {"from": "miners"}}}),
                Some("spec.payout.fee.from: `miners` is not one of the values"),
            ),
            (
                json!({"payout": {"inputs": "most"}}),
                Some("spec.payout.inputs: `most` is not one of the values"),
            ),
            (
                json!({"payout": {"maxWeight": 400_001}}),
                Some("spec.payout.maxWeight: 400001 is out of bounds"),
            ),
            (
                json!({"payout": {"maxOutputs": 1}}),
                Some("spec.payout.maxOutputs: 1 is out of bounds"),
            ),
            (
                json!({"payout": {"replacement": "none", "replaceAfter": "30m"}}),
                None,
            ),
            (
                json!({"payout": {"change": []}}),
                Some("spec.payout.change: has 0 items; at least 1 are needed"),
            ),
            (
                json!({"payout": {"holds": {"above": "1.5", "newAddressHours": 24}}}),
                None,
            ),
            (
                json!({"payout": {"holds": {"above": "-1"}}}),
                Some("spec.payout.holds.above: \"-1\" is not allowed here"),
            ),
            (
                json!({"payout": {"multisig": {"required": 2, "keys": 3}}}),
                None,
            ),
            (
                json!({"payout": {"multisig": {"required": 3, "keys": 2}}}),
                Some("spec.payout.multisig.required: required must not be above keys"),
            ),
        ],
    );
}

#[test]
fn block_odds_are_for_regtest_alone() {
    let refused = Some("spec.blockOdds: blockOdds may differ from 1 only on a regtest network");
    let by_hand = |regtest: bool| with(&network(), &json!({"regtest": regtest}));
    table(
        Kind::Currency,
        &currency(),
        &[
            (json!({"blockOdds": 100}), None),
            (
                json!({"blockOdds": 0}),
                Some("spec.blockOdds: 0 is out of bounds"),
            ),
            (json!({"blockOdds": 1, "preset": "litecoin"}), None),
            (json!({"blockOdds": 2, "preset": "litecoin"}), refused),
            (
                json!({"blockOdds": 2, "preset": "litecoin-testnet"}),
                refused,
            ),
            (
                json!({"blockOdds": 2, "preset": null, "network": by_hand(true)}),
                None,
            ),
            (
                json!({"blockOdds": 2, "preset": null, "network": by_hand(false)}),
                refused,
            ),
            (
                json!({"blockOdds": 2, "preset": null, "network": network()}),
                refused,
            ),
        ],
    );
}

#[test]
fn code_and_network_of_a_currency_cannot_be_changed() {
    let old = currency();
    assert!(update_faults(Kind::Currency, &old, &with(&old, &json!({"maturity": 200}))).is_empty());
    assert_eq!(
        update_faults(Kind::Currency, &old, &with(&old, &json!({"code": "XLTC"}))),
        ["spec.code: code cannot be changed: the books are kept under it; make another Currency"]
    );
    let refused =
        "spec: preset cannot be changed: the books belong to one chain; make another Currency";
    let other = with(&old, &json!({"preset": "litecoin"}));
    assert_eq!(update_faults(Kind::Currency, &old, &other), [refused]);
    let by_hand = with(&old, &json!({"preset": null, "network": network()}));
    assert!(update_faults(Kind::Currency, &old, &by_hand).contains(&refused.to_owned()));
    assert!(update_faults(Kind::Currency, &by_hand, &by_hand).is_empty());
    let changed = with(
        &by_hand,
        &json!({"network": with(&network(), &json!({"p2pkh": 48}))}),
    );
    assert_eq!(
        update_faults(Kind::Currency, &by_hand, &changed),
        ["spec: network cannot be changed: the books belong to one chain; make another Currency"]
    );
}

#[test]
fn a_coinserver_is_a_daemon_or_external() {
    let refused = Some("spec: exactly one of daemon and external must be given");
    table(
        Kind::Coinserver,
        &coinserver(),
        &[
            (json!({"daemon": {"binary": "litecoind"}}), None),
            (
                json!({"daemon": {"image": "example.com/litecoind:1"}}),
                None,
            ),
            (json!({"daemon": null, "external": external()}), None),
            (json!({"daemon": null}), refused),
            (json!({"external": external()}), refused),
            (
                json!({"currency": "Litecoin"}),
                Some("spec.currency: \"Litecoin\" is not allowed here"),
            ),
            (
                json!({"daemon": null, "external": with(&external(), &json!({"url": "10.0.0.7:8332"}))}),
                Some("spec.external.url: \"10.0.0.7:8332\" is not allowed here"),
            ),
            (
                json!({"daemon": null, "external": with(&external(), &json!({"url": "http://user:password@host:1"}))}),
                Some("spec.external.url: \"http://user:password@host:1\" is not allowed here"),
            ),
            (
                json!({"daemon": null, "external": with(&external(), &json!({"credentialsSecret": null}))}),
                Some("spec.external: the field `credentialsSecret` is missing"),
            ),
        ],
    );
}

#[test]
fn the_currency_of_a_coinserver_cannot_be_changed() {
    let old = coinserver();
    assert!(update_faults(Kind::Coinserver, &old, &old).is_empty());
    assert_eq!(
        update_faults(
            Kind::Coinserver,
            &old,
            &with(&old, &json!({"currency": "other"}))
        ),
        [
            "spec.currency: currency cannot be changed: the volume holds its chain; make another Coinserver"
        ]
    );
}

#[test]
fn options_of_a_daemon_cannot_undo_what_the_pool_sets() {
    let daemon = |options: Value| json!({"daemon": {"options": options}});
    let reserved = Some(
        "spec.daemon.options: these options are set by the pool itself: addnode, chain, conf, daemon, \
         daemonwait, datadir, includeconf, pid, port, regtest, rpcauth, rpcbind, rpccookiefile, \
         rpcpassword, rpcport, rpcuser, server, signet, testnet, testnet4, zmqpubhashblock",
    );
    table(
        Kind::Coinserver,
        &coinserver(),
        &[
            (
                daemon(json!({"dbcache": "4000", "maxconnections": "40"})),
                None,
            ),
            (daemon(json!({"rpcpassword": "x"})), reserved),
            (daemon(json!({"datadir": "/"})), reserved),
            (
                daemon(json!({"dbcache": 4000})),
                Some("spec.daemon.options.dbcache: expected text, found the number 4000"),
            ),
            (
                daemon(json!({"uacomment": "a\nrpcuser=x"})),
                Some("spec.daemon.options.uacomment: \"a\\nrpcuser=x\" is not allowed here"),
            ),
            (
                json!({"daemon": {"peers": ["node.example.com:9333", "[::1]:9333"]}}),
                None,
            ),
            (
                json!({"daemon": {"peers": ["node.example.com"]}}),
                Some("spec.daemon.peers[0]: \"node.example.com\" is not allowed here"),
            ),
            (
                json!({"daemon": {"stopGrace": "2h"}}),
                Some("spec.daemon.stopGrace: must be from 1s to 1h"),
            ),
        ],
    );
}

#[test]
fn a_finders_bonus_goes_with_methods_that_have_room_for_it() {
    let room = Some(
        "spec.finderBonus: a finder's bonus goes with pplns or prop: with solo the finder has it all, \
         and with pps or fpps it would come out of the reserve",
    );
    let one = Some("spec.finderBonus: exactly one of share and amounts must be given");
    let with_bonus = |method: Value| json!({"method": method, "finderBonus": {"share": "1%"}});
    let amounts = |amounts: Value| json!({"finderBonus": {"amounts": amounts}});
    table(
        Kind::Sharechain,
        &sharechain(),
        &[
            (json!({"finderBonus": {"share": "1.5%"}}), None),
            (
                amounts(json!([{"currency": "litecoin", "amount": "0.05"}])),
                None,
            ),
            (
                with_bonus(json!({"pplns": {"window": {"factor": 2}}})),
                None,
            ),
            (with_bonus(json!({"pplns": null, "prop": {}})), None),
            (with_bonus(json!({"pplns": null, "solo": {}})), room),
            (with_bonus(json!({"pplns": null, "pps": {}})), room),
            (with_bonus(json!({"pplns": null, "fpps": {}})), room),
            (json!({"finderBonus": {}}), one),
            (
                json!({"finderBonus": {"share": "1%",
                    "amounts": [{"currency": "litecoin", "amount": "1"}]}}),
                one,
            ),
            (
                amounts(json!([{"currency": "litecoin", "amount": "-1"}])),
                Some("spec.finderBonus.amounts[0].amount: \"-1\" is not allowed here"),
            ),
            (
                amounts(json!([])),
                Some("spec.finderBonus.amounts: has 0 items; at least 1 are needed"),
            ),
        ],
    );
}

#[test]
fn a_sharechain_has_exactly_one_method_and_window() {
    let method = Some("spec.method: exactly one of pplns, prop, solo, pps and fpps must be given");
    let window = Some("spec.method.pplns.window: exactly one of factor and work must be given");
    let pplns = |window: Value| json!({"method": {"pplns": {"window": window}}});
    table(
        Kind::Sharechain,
        &sharechain(),
        &[
            (json!({"method": {"solo": {}}}), None),
            (pplns(json!({"work": 500_000})), None),
            (pplns(json!({"factor": 0.5})), None),
            (json!({"method": {}}), method),
            (
                json!({"method": {"solo": {}, "pplns": {"window": {"factor": 2}}}}),
                method,
            ),
            (pplns(json!({})), window),
            (pplns(json!({"work": 1, "factor": 2})), window),
            (
                pplns(json!({"factor": 101})),
                Some("spec.method.pplns.window.factor: 101 is out of bounds"),
            ),
            (
                pplns(json!({"work": 0})),
                Some("spec.method.pplns.window.work: 0 is out of bounds"),
            ),
            (json!({"method": {"prop": {}}}), None),
            (json!({"method": {"pps": {}}}), None),
            (
                json!({"method": {"fpps": {"window": {"factor": 3}, "period": "10m", "ruin": "0.1%",
                    "orphanRate": "0.2%", "lowMark": "50%"}}}),
                None,
            ),
            (json!({"method": {"pps": {}, "fpps": {}}}), method),
            (json!({"method": {"prop": {}, "solo": {}}}), method),
            (
                json!({"method": {"pps": {"window": {}}}}),
                Some("spec.method.pps.window: exactly one of factor and work must be given"),
            ),
            (
                json!({"method": {"pps": {"period": "2s"}}}),
                Some("spec.method.pps.period: must be from 10s to 24h"),
            ),
            (
                json!({"method": {"pool": {}}}),
                Some("spec.method.pool: unknown field `pool`"),
            ),
            (json!({"fee": "0%"}), None),
            (json!({"fee": "1.25%"}), None),
            (
                json!({"fee": "101%"}),
                Some("spec.fee: \"101%\" is not allowed here"),
            ),
            (
                json!({"fee": 1}),
                Some("spec.fee: expected text, found the number 1"),
            ),
            (
                json!({"algorithm": "x11"}),
                Some("spec.algorithm: `x11` is not one of the values"),
            ),
        ],
    );
}

#[test]
fn the_algorithm_of_a_sharechain_cannot_be_changed() {
    let old = sharechain();
    let other_fee = with(&old, &json!({"fee": "2%"}));
    assert!(update_faults(Kind::Sharechain, &old, &other_fee).is_empty());
    assert_eq!(
        update_faults(
            Kind::Sharechain,
            &old,
            &with(&old, &json!({"algorithm": "sha256d"}))
        ),
        [
            "spec.algorithm: algorithm cannot be changed: work of two algorithms cannot be added; \
             make another Sharechain"
        ]
    );
}

#[test]
fn vardiff_rises_from_min_over_start_to_max() {
    let vardiff = |vardiff: Value| json!({"vardiff": vardiff});
    table(
        Kind::StratumPort,
        &port(),
        &[
            (vardiff(json!({"min": 1, "start": 1, "max": 1})), None),
            (vardiff(json!({"min": 0.5, "max": 1})), None),
            (
                vardiff(json!({"min": 2, "start": 1.5})),
                Some("spec.vardiff.start: start must not be below min"),
            ),
            (
                vardiff(json!({"start": 3, "max": 2.5})),
                Some("spec.vardiff.start: start must not be above max"),
            ),
            (
                vardiff(json!({"min": 3, "max": 2})),
                Some("spec.vardiff.min: min must not be above max"),
            ),
            (
                vardiff(json!({"min": 0})),
                Some("spec.vardiff.min: 0 is out of bounds"),
            ),
            (
                vardiff(json!({"sharesPerMinute": 0})),
                Some("spec.vardiff.sharesPerMinute: 0 is out of bounds"),
            ),
            (
                vardiff(json!({"retarget": "500ms"})),
                Some("spec.vardiff.retarget: must be from 1s to 1h"),
            ),
        ],
    );
    // The Pool's block is the same type.
    let defaults = json!({"defaults": {"vardiff": {"min": 3, "max": 2}}});
    assert_eq!(
        faults(Kind::Pool, "pool", &with(&pool(), &defaults)),
        ["spec.defaults.vardiff.min: min must not be above max"]
    );
}

#[test]
fn a_stratum_port_is_bounded() {
    let service = |service: Value| json!({"service": service});
    table(
        Kind::StratumPort,
        &port(),
        &[
            (
                json!({"port": 65536}),
                Some("spec.port: 65536 is out of bounds"),
            ),
            (
                json!({"port": "3333"}),
                Some("spec.port: expected a whole number, found the text \"3333\""),
            ),
            (
                json!({"port": null}),
                Some("spec: the field `port` is missing"),
            ),
            (json!({"replicas": 0}), None),
            (
                json!({"replicas": -1}),
                Some("spec.replicas: -1 is out of bounds"),
            ),
            (json!({"auxCurrencies": ["dogecoin", "bells"]}), None),
            (
                json!({"auxCurrencies": ["litecoin"]}),
                Some("spec.auxCurrencies: auxCurrencies must not hold the base currency"),
            ),
            (
                json!({"auxCurrencies": ["dogecoin", "dogecoin"]}),
                Some("spec.auxCurrencies[1]: \"dogecoin\" is given twice"),
            ),
            (json!({"versionMask": "0x1fffe000"}), None),
            (
                json!({"versionMask": "1fffe000"}),
                Some("spec.versionMask: has 8 characters; at least 10 are needed"),
            ),
            (
                json!({"limits": {"connections": 0}}),
                Some("spec.limits.connections: 0 is out of bounds"),
            ),
            (
                json!({"limits": {"ban": {"rejectedPercent": 101}}}),
                Some("spec.limits.ban.rejectedPercent: 101 is out of bounds"),
            ),
            (
                json!({"limits": {"sendQueue": "1Ki"}}),
                Some("spec.limits.sendQueue: must be from 16Ki to 64Mi"),
            ),
            (
                json!({"proxyProtocol": {"from": []}}),
                Some("spec.proxyProtocol.from: has 0 items; at least 1 are needed"),
            ),
            (
                json!({"journal": {"maxSize": "1Mi"}}),
                Some("spec.journal.maxSize: must be from 16Mi to 1Ti"),
            ),
            (
                service(json!({"type": "NodePort", "nodePort": 30333})),
                None,
            ),
            (
                service(json!({"nodePort": 30333})),
                Some("spec.service.nodePort: nodePort needs type NodePort or LoadBalancer"),
            ),
            (
                service(json!({"type": "NodePort", "loadBalancerClass": "x"})),
                Some("spec.service.loadBalancerClass: loadBalancerClass needs type LoadBalancer"),
            ),
            (
                service(json!({"externalTrafficPolicy": "Local"})),
                Some(
                    "spec.service.externalTrafficPolicy: externalTrafficPolicy needs type NodePort or LoadBalancer",
                ),
            ),
            (
                service(json!({"type": "ExternalName"})),
                Some("spec.service.type: `ExternalName` is not one of the values"),
            ),
            (json!({"gateway": {"name": "public"}}), None),
            (
                json!({"gateway": {"name": "public"}, "service": {"type": "NodePort", "nodePort": 30333}}),
                Some("spec.gateway: gateway and service.nodePort exclude each other"),
            ),
            (
                json!({"currency": {"name": "litecoin"}}),
                Some("spec.currency: expected text, found an object"),
            ),
            (
                json!({"namespace": "other"}),
                Some("spec.namespace: unknown field `namespace`"),
            ),
        ],
    );
}

#[test]
fn a_field_that_is_null_counts_as_absent() {
    let spec = json!({"port": 3333, "currency": "litecoin", "sharechain": "main", "vardiff": null});
    assert!(faults(Kind::StratumPort, "main", &spec).is_empty());
    let spec = json!({"port": null, "currency": "litecoin", "sharechain": "main"});
    assert_eq!(
        faults(Kind::StratumPort, "main", &spec),
        ["spec: the field `port` is missing"]
    );
}

#[test]
fn numbers_that_must_not_be_zero_have_a_rule_beside_their_bounds() {
    // The API server cuts a bound of 0.1 to 0 for a value that was written as a whole number.
    for field in ["start", "min", "max", "sharesPerMinute"] {
        let zero = with(&port(), &json!({"vardiff": {field: 0}}));
        assert_eq!(
            update_faults(Kind::StratumPort, &port(), &zero),
            [format!("spec.vardiff.{field}: must be above 0")]
        );
    }
    let zero = with(&currency(), &json!({"splitWindow": 0}));
    assert_eq!(
        update_faults(Kind::Currency, &currency(), &zero),
        ["spec.splitWindow: must be above 0"]
    );
    let zero = with(
        &sharechain(),
        &json!({"method": {"pplns": {"window": {"factor": 0}}}}),
    );
    assert_eq!(
        update_faults(Kind::Sharechain, &sharechain(), &zero),
        ["spec.method.pplns.window.factor: must be above 0"]
    );
}

/// Every schema of a kind, with its path.
fn walk(path: &str, schema: &Value, visit: &mut impl FnMut(&str, &Value)) {
    visit(path, schema);
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        walk(&format!("{path}.{name}"), below, visit);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(below) = schema.get(key) {
            walk(&format!("{path}[]"), below, visit);
        }
    }
}

/// Every rule of the definitions: the path, the schema it is on, and its message.
fn rules() -> Vec<(String, Value, String)> {
    let mut rules = Vec::new();
    for kind in ngpool_crds::schema::DEFINED {
        let definition = serde_json::to_value(definition(kind).unwrap()).unwrap();
        let schema = definition
            .pointer("/spec/versions/0/schema/openAPIV3Schema")
            .unwrap();
        walk(kind.name(), schema, &mut |path, schema| {
            let here = schema["x-kubernetes-validations"].as_array();
            for rule in here.into_iter().flatten() {
                let message = rule["message"].as_str().unwrap().to_owned();
                rules.push((path.to_owned(), schema.clone(), message));
            }
        });
    }
    rules
}

/// A length of time in milliseconds, or a size in bytes.
fn number(text: &str) -> u64 {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "" | "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Ti" => 1 << 40,
        other => panic!("{other}"),
    };
    digits.parse::<u64>().unwrap() * factor
}

#[test]
fn every_time_and_size_takes_its_bounds_and_nothing_beyond() {
    let mut looked_at = 0;
    for (path, schema, message) in rules() {
        let Some(bounds) = message.strip_prefix("must be from ") else {
            continue;
        };
        looked_at += 1;
        let (least, most) = bounds.split_once(" to ").unwrap();
        let unit = if schema["pattern"].as_str().unwrap().contains("ms") {
            "ms"
        } else {
            ""
        };
        let takes = |text: &str| {
            Validator::new()
                .validate(&schema, &json!(text), None)
                .is_ok()
        };
        assert!(takes(least) && takes(most), "{path} takes {bounds}");
        let above = format!("{}{unit}", number(most) + 1);
        assert!(!takes(&above), "{path} takes {above}");
        if let Some(below) = number(least).checked_sub(1) {
            let below = format!("{below}{unit}");
            assert!(!takes(&below), "{path} takes {below}");
        }
    }
    assert!(looked_at > 20, "only {looked_at} fields were found");
}

#[test]
fn every_other_rule_has_a_row_that_is_refused_by_it() {
    // Texts over several lines end in a backslash.
    let lines = include_str!("rules.rs").lines().map(str::trim_start);
    let source: String = lines
        .map(|line| line.strip_suffix('\\').unwrap_or(line))
        .collect();
    for (path, _, message) in rules() {
        let bounds = message.starts_with("must be from ");
        assert!(bounds || source.contains(&message), "{path}: {message}");
    }
}
