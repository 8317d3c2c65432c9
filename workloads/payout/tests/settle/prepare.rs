//! Payouts as `prepare` makes them: signed by a real signer and taken by a real node; and the
//! operator's commands.

use std::{
    collections::BTreeSet,
    path::Path,
    process::Output,
    time::{Duration, Instant},
};

use ngpayout::{
    PrepareReport,
    prepare::{Reason, run_prepare},
    settle::nodes::Nodes,
};
use ngpool_chain::{Address, Amount, Network};
use ngpool_settings::{CurrencySettings, FeePayer, FeeRate, InputChoice, Obstacle};
use ngpool_signing::request::Outcome;
use ngpool_store::{Account, POOL_FEE, PayoutKind, PayoutRow, PayoutState};
use ngpool_testkit::Daemon;
use ngsign::keyring::Kind;
use serde_json::json;
use tokio::process::Command;

use crate::{
    pool::{DEPTH, MATURITY, Pool, WINDOW, currency, pplns},
    real_nodes::{Served, found, serve},
    signing::{Signing, own_address, payee},
    world::{CODE, World},
};

const PATIENCE: Duration = Duration::from_mins(1);
const KINDS: [Kind; 4] = [Kind::P2wpkh, Kind::P2pkh, Kind::P2shP2wpkh, Kind::P2tr];

/// A payee of each kind of address.
fn payees() -> Vec<String> {
    let network = Network::preset("litecoin-regtest").unwrap();
    let scripts = [
        [&[0x76, 0xa9, 0x14][..], &[9; 20], &[0x88, 0xac]].concat(),
        [&[0xa9, 0x14][..], &[9; 20], &[0x87]].concat(),
        [&[0x00, 0x14][..], &[9; 20]].concat(),
        [&[0x00, 0x20][..], &[9; 32]].concat(),
        [&[0x51, 0x20][..], &[9; 32]].concat(),
    ];
    let address = |script: &Vec<u8>| Address::from_script(script, &network).unwrap();
    scripts
        .iter()
        .map(|script| address(script).as_str().to_owned())
        .collect()
}

struct Scene {
    daemon: Daemon,
    pool: Pool,
    signing: Option<Signing>,
    _served: Served,
}

impl Scene {
    /// A pool on one node whose keys are of every kind: four credited blocks, all of one payee, and a
    /// deposit to each other kind of address.
    async fn start(alice: &str) -> Self {
        let daemon = Daemon::start().await.unwrap();
        let currency = CurrencySettings {
            maturity: 100,
            subsidy_address: own_address(Kind::P2wpkh),
            ..currency()
        };
        let served = serve("a", &daemon, &currency);
        let (nobody, _) = World::start(&[]).await;
        let peers = vec![served.peer.clone()];
        let mut pool = Pool::with_nodes(nobody, peers, currency, &[pplns("main", 10_000)]).await;
        let policy = &mut pool.settings.policy;
        policy.change = KINDS.map(own_address).to_vec();
        policy.dust_relay_fee = 30_000;
        policy.fee.rate = FeeRate::Fixed { per_kvb: 2_000 };
        let deadline = Instant::now() + PATIENCE;
        daemon.generate(1).await.unwrap();
        while Nodes::look(&pool.settings).await.answering().count() < 1 {
            assert!(Instant::now() < deadline, "the coinserver does not serve");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        pool.settle().await;
        let mut scene = Self {
            daemon,
            pool,
            signing: None,
            _served: served,
        };
        scene.credit(&[alice.to_owned()], 4).await;
        for kind in &KINDS[1..] {
            let to = own_address(*kind);
            scene.daemon.generate_to(1, &to).await.unwrap();
        }
        scene.daemon.generate(100).await.unwrap();
        scene.settle().await;
        scene.signing = Some(Signing::with_kinds(&scene.pool, &KINDS).await);
        scene
    }

    /// Blocks that credit payees alike, mature.
    async fn credit(&mut self, payees: &[String], blocks: usize) {
        for _ in 0..blocks {
            // Together a whole window: who had work before is out of it.
            let each = u128::from(WINDOW) / payees.len() as u128;
            let works: Vec<_> = payees.iter().map(|payee| (payee.clone(), each)).collect();
            self.pool.shares("main", &works).await;
            found(&mut self.pool, &self.daemon).await;
        }
        self.daemon.generate(100).await.unwrap();
        self.settle().await;
    }

    /// Runs settle until it followed the node's tip.
    async fn settle(&mut self) {
        let height = self.daemon.height().await.unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let report = self.pool.settle_with_failures().await;
            let tip = self.pool.payout.followed_tip(CODE).await.unwrap();
            if report.failures().is_empty() && tip.is_some_and(|(tip, _)| tip.0 == height) {
                return;
            }
            assert!(Instant::now() < deadline, "not followed: {report:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn prepare(&mut self) -> PrepareReport {
        let at = self.pool.tick();
        let report = run_prepare(&self.pool.payout, &self.pool.settings, at).await;
        let report = report.unwrap();
        assert_eq!(report.failures(), Vec::<String>::new());
        report
    }

    /// The signer signs, the node takes it and says what it pays, blocks confirm it.
    async fn pay(&mut self, number: u64) -> PayoutRow {
        let outcome = self.signing.as_mut().unwrap().turn(&self.pool).await;
        assert!(
            matches!(outcome, Some(Outcome::Signed { .. })),
            "{outcome:?}"
        );
        self.settle().await;
        let row = self.row(number).await;
        assert_eq!(row.state, PayoutState::Broadcast, "{row:?}");
        let (version, signed) = row.newest_signed().unwrap();
        let txid = signed.txid.to_string();
        let entry = self
            .daemon
            .call("getmempoolentry", json!([txid]))
            .await
            .unwrap();
        let fee = format!("{:.8}", entry["fees"]["base"].as_f64().unwrap());
        assert_eq!(Amount::from_decimal(&fee, 8).unwrap(), version.fee);
        self.daemon.generate(DEPTH + 2).await.unwrap();
        self.settle().await;
        let row = self.row(number).await;
        assert_eq!(row.state, PayoutState::Confirmed, "{row:?}");
        self.pool.assert_no_drift().await;
        row
    }

    async fn row(&self, number: u64) -> PayoutRow {
        let row = self.pool.payout.payout(CODE, number).await.unwrap();
        row.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_prepared_is_signed_and_taken_by_a_node_whatever_is_paid_and_spent() {
    let alice = payee(20);
    let mut scene = Scene::start(&alice).await;

    // Two inputs do not reach for alice: coins are gathered first.
    scene.pool.settings.policy.max_inputs = 2;
    let report = scene.prepare().await;
    let prepared = report.prepared.unwrap();
    assert_eq!(prepared.kind, PayoutKind::Consolidation);
    assert_eq!((prepared.payees, prepared.inputs), (0, 2));
    // Again: nothing more is prepared.
    let again = scene.prepare().await;
    assert_eq!(again.prepared, None);
    assert!(again.waiting.unwrap().contains("waits for its signature"));
    let gathered = scene.pay(prepared.number).await;

    // Every kind of coin pays every kind of address, and the payees bear the fee but for gathering.
    scene.pool.settings.policy.max_inputs = 200;
    scene.pool.settings.policy.inputs = InputChoice::Consolidate;
    scene.pool.settings.policy.fee.from = FeePayer::Payees;
    let everybody = payees();
    scene.credit(&everybody, 2).await;
    let mut before = Vec::new();
    for payee in &everybody {
        before.push(scene.pool.balance(Account::Payee(payee.clone())).await);
    }
    let prepared = scene.prepare().await.prepared.unwrap();
    assert_eq!(prepared.payees, 6);
    let row = scene.pay(prepared.number).await;
    let spent = [&gathered, &row].map(|row| &row.versions[0].inputs);
    let scripts: BTreeSet<_> = spent
        .into_iter()
        .flatten()
        .map(|input| input.script.len())
        .collect();
    // P2WPKH, P2SH, P2PKH, P2TR.
    assert_eq!(scripts.into_iter().collect::<Vec<_>>(), [22, 23, 25, 34]);
    let shares: i64 = row.parts.iter().map(|part| part.fee_share.0).sum();
    assert!(shares > 0 && shares < row.versions[0].fee.0);
    for (payee, before) in everybody.iter().zip(before) {
        let part = row.parts.iter().find(|part| part.payee == *payee).unwrap();
        assert_eq!(part.amount.0 + part.fee_share.0, before);
        assert_eq!(scene.pool.balance(Account::Payee(payee.clone())).await, 0);
    }

    // As few coins as will do, the fee borne to the unit; and the operator draws his fees.
    scene.pool.settings.policy.inputs = InputChoice::Fewest;
    scene.pool.settings.policy.change = vec![own_address(Kind::P2tr)];
    scene.pool.settings.policy.fee_address = Some(payee(99));
    scene.credit(&everybody, 1).await;
    let fees = scene.pool.balance(Account::Fee).await;
    let at = scene.pool.tick();
    let draw = Amount(fees / 2);
    let store = &scene.pool.payout;
    assert!(store.ask_fee_draw(CODE, draw, "rent", at).await.unwrap());
    assert!(!store.ask_fee_draw(CODE, draw, "rent", at).await.unwrap());
    let other = store.ask_fee_draw(CODE, Amount(1), "rent", at).await;
    assert!(other.unwrap_err().to_string().contains("was used for"));
    let more = store.ask_fee_draw(CODE, Amount(fees), "more", at).await;
    assert!(more.unwrap_err().to_string().contains("can be drawn"));
    let prepared = scene.prepare().await.prepared.unwrap();
    let row = scene.pay(prepared.number).await;
    let shares: i64 = row.parts.iter().map(|part| part.fee_share.0).sum();
    assert_eq!(shares, row.versions[0].fee.0);
    let drawn = row
        .parts
        .iter()
        .find(|part| part.payee == POOL_FEE)
        .unwrap();
    assert_eq!(drawn.amount.0 + drawn.fee_share.0, draw.0);
    assert_eq!(scene.pool.balance(Account::Fee).await, fees - draw.0);
    let open = scene.pool.payout.fee_draws(CODE).await.unwrap().open;
    assert_eq!(open, Amount(0));
}

fn write_document(pool: &Pool, directory: &Path) {
    let text = serde_json::to_vec(&pool.settings).unwrap();
    std::fs::write(directory.join("payout.json"), text).unwrap();
}

async fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ngpayout"))
        .args(arguments)
        .arg("--document")
        .arg(directory.join("payout.json"))
        .output()
        .await
        .unwrap()
}

/// What a command says, on both streams, and its exit code.
async fn said(directory: &Path, arguments: &[&str]) -> (String, i32) {
    let output = run(directory, arguments).await;
    let text = [output.stdout, output.stderr].concat();
    (
        String::from_utf8_lossy(&text).into_owned(),
        output.status.code().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_holds_releases_stops_and_looks_by_commands() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let mut pool = Pool::start(&["a"], &[pplns("main", 10_000)]).await;
    write_document(&pool, directory);
    let (alice, bob) = (payee(20), payee(21));
    pool.shares("main", &[(alice.clone(), 30), (bob.clone(), 10)])
        .await;
    pool.find("a", "main", "alice", 400_000_000).await;
    let tip = pool.world.extend("a", MATURITY + DEPTH);
    pool.world.agree(tip);
    pool.settle().await;

    let ok = async |arguments: &[&str]| {
        let (text, code) = said(directory, arguments).await;
        assert_eq!(code, 0, "{arguments:?}: {text}");
        text
    };
    let fails = async |arguments: &[&str], code: i32| {
        let (text, found) = said(directory, arguments).await;
        assert_eq!(found, code, "{arguments:?}: {text}");
        text
    };
    ok(&["hold", &alice, "--reason", "asked by phone"]).await;
    ok(&["minimum", &bob, "5"]).await;
    let text = ok(&["prepare"]).await;
    assert!(
        text.contains("no payout: nobody is to be paid now"),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "not paid: {alice} 2.97000000: held by an operator: asked by phone"
        )),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "not paid: {bob} 0.99000000: below the minimum of 500000000"
        )),
        "{text}"
    );
    let text = ok(&["release", &alice]).await;
    assert!(text.contains("released up to 2.97000000"), "{text}");
    ok(&["minimum", &bob, "none"]).await;
    ok(&["hold", &alice, "--reason", "again"]).await;
    let releases = pool.payout.payee_releases(CODE).await.unwrap();
    assert_eq!(releases[&alice], Amount(297_000_000));
    let payable = pool.payout.payable(CODE).await.unwrap();
    assert_eq!(payable[0].hold.as_deref(), Some("again"));

    let text = ok(&["audit"]).await;
    assert!(text.contains("audit: drift 0.00000000"), "{text}");
    ok(&["stop", "--reason", "looking"]).await;
    let text = ok(&["prepare"]).await;
    assert!(text.contains("payouts are stopped: looking"), "{text}");
    let text = fails(&["audit"], 3).await;
    assert!(text.contains("payouts are stopped"), "{text}");
    let text = ok(&["resume"]).await;
    assert!(text.contains("go on"), "{text}");

    assert_eq!(ok(&["list"]).await, "");
    let text = fails(&["show", "1"], 1).await;
    assert!(text.contains("there is no payout 1"), "{text}");
    let text = fails(&["void", "1"], 1).await;
    assert!(text.contains("there is no payout 1"), "{text}");
    let text = fails(&["draw", "0.01", "--reference", "rent"], 1).await;
    assert!(text.contains("names no feeAddress"), "{text}");
    let text = fails(&["hold", "nobody", "--reason", "x"], 1).await;
    assert!(text.contains("payee nobody"), "{text}");
    let text = fails(&["minimum", &bob, "0"], 1).await;
    assert!(text.contains("not an amount above zero"), "{text}");
    assert_eq!(ok(&["capital", "deposits"]).await, "");
    let coin = format!("{}:0", "ab".repeat(32));
    let text = fails(&["capital", "book", &coin], 1).await;
    assert!(text.contains("is not a deposit"), "{text}");
    let text = ok(&["capital", "cover", "network-fee"]).await;
    assert!(text.contains("0.00000000 of capital moved"), "{text}");
    let text = fails(&["capital", "cover", "orphan-loss", "1"], 1).await;
    assert!(text.contains("lacks 0, not 100000000"), "{text}");
    fails(&["capital", "cover", "pps-reserve"], 1).await;
    fails(&["nonsense"], 2).await;

    pool.settings.policy.fee_address = Some(payee(99));
    write_document(&pool, directory);
    let text = ok(&["draw", "0.01", "--reference", "rent"]).await;
    assert!(text.contains("draw 0.01000000 of the fees"), "{text}");
    let text = ok(&["draw", "0.01", "--reference", "rent"]).await;
    assert!(text.contains("asked for before"), "{text}");
    let text = fails(&["draw", "1", "--reference", "more"], 1).await;
    assert!(text.contains("can be drawn"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payee_whom_the_signer_refuses_is_held_and_the_others_are_paid_without_him() {
    let alice = payee(20);
    let mut scene = Scene::start(&alice).await;
    let (bob, carol) = (payee(21), payee(22));
    scene.credit(&[bob.clone(), carol.clone()], 1).await;
    let bobs = scene.pool.balance(Account::Payee(bob.clone())).await;
    assert!(scene.pool.balance(Account::Payee(alice.clone())).await > bobs);
    // New scripts get no more than bob has: alice is refused, and so is the draw, whose address the
    // signer does not know.
    let scripts = format!("{{hours: 1, limit: {bobs}}}");
    scene.signing = Some(Signing::with_scripts(&scene.pool, &KINDS, &scripts).await);
    scene.pool.settings.policy.fee_address = Some(payee(98));
    let at = scene.pool.tick();
    let store = scene.pool.payout.clone();
    store
        .ask_fee_draw(CODE, Amount(1_000_000), "rent", at)
        .await
        .unwrap();

    let first = scene.prepare().await.prepared.unwrap();
    assert_eq!(first.payees, 4);
    let signing = scene.signing.as_mut().unwrap();
    let outcome = signing.turn(&scene.pool).await.unwrap();
    let Outcome::Refused { payees, .. } = outcome else {
        panic!("{outcome:?}");
    };
    let codes: Vec<_> = payees
        .iter()
        .map(|refused| (refused.payee.as_str(), refused.reason.as_str()))
        .collect();
    let expected = [
        (&alice[..], "limit_new_script"),
        (POOL_FEE, "pool_fee_script"),
    ];
    assert!(expected.iter().all(|one| codes.contains(one)) && codes.len() == 2);
    let reports = scene.pool.settle().await.payouts;
    assert!(
        reports[0].1.contains("refuses 2 of its payees"),
        "{reports:?}"
    );
    let signing = scene.signing.as_mut().unwrap();
    let outcome = signing.turn(&scene.pool).await;
    assert_eq!(outcome, Some(Outcome::Voided {}));
    // The next run makes another by itself, and once.
    scene.settle().await;
    scene.pool.settle_twice_at_once().await;
    assert_eq!(scene.row(first.number).await.state, PayoutState::Void);
    assert_eq!(store.last_payout(CODE).await.unwrap(), first.number + 1);
    let row = scene.pay(first.number + 1).await;
    let mut paid: Vec<_> = row.parts.iter().map(|part| part.payee.clone()).collect();
    paid.sort();
    let mut others = [bob, carol];
    others.sort();
    assert_eq!(paid, others);

    let left_out = scene.prepare().await.left_out;
    assert_eq!(left_out.len(), 2);
    for left_out in &left_out {
        let Reason::Obstacle(Obstacle::Refused(refused)) = &left_out.reason else {
            panic!("{left_out:?}");
        };
        assert!(refused.until > scene.pool.tick());
    }
    // The operator lets her go before her time.
    let at = scene.pool.tick();
    store.release_payee(CODE, &alice, None, at).await.unwrap();
    let third = scene.prepare().await.prepared.unwrap();
    assert_eq!(third.payees, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_prepared_while_something_forbids_it() {
    let mut pool = Pool::start(&["a"], &[pplns("main", 10_000)]).await;
    let at = pool.tick();
    let report = run_prepare(&pool.payout, &pool.settings, at).await.unwrap();
    assert_eq!(report.waiting.as_deref(), Some("nobody is to be paid now"));
    pool.settings.policy.max_inputs = 0;
    let report = run_prepare(&pool.payout, &pool.settings, at).await.unwrap();
    let failures = report.failures();
    assert!(failures[0].contains("max_inputs is 0"), "{failures:?}");
    pool.settings.policy.max_inputs = 10;
    pool.shares("main", &[(payee(20), 30), ("nobody".into(), 10)])
        .await;
    pool.find("a", "main", "alice", 400_000_000).await;
    let tip = pool.world.extend("a", MATURITY + DEPTH);
    pool.world.agree(tip);
    pool.settle().await;
    // A name that is no address is left out, and said so.
    pool.settings.policy.minimum = Amount(i64::MAX);
    let report = run_prepare(&pool.payout, &pool.settings, at).await.unwrap();
    let reasons: Vec<_> = report.left_out.iter().map(|it| &it.reason).collect();
    assert!(
        matches!(
            reasons[..],
            [
                Reason::Obstacle(Obstacle::NotAnAddress(_)),
                Reason::Obstacle(Obstacle::BelowMinimum { .. })
            ] | [
                Reason::Obstacle(Obstacle::BelowMinimum { .. }),
                Reason::Obstacle(Obstacle::NotAnAddress(_))
            ]
        ),
        "{reasons:?}"
    );
}
