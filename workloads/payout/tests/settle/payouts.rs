//! Payouts on a real node, signed by a real signer: confirmed, reorganised out, under another txid,
//! stuck and replaced, on a coin whose block is orphaned.

mod hostile;
pub(crate) mod restore;
mod stuck;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bitcoin::{Transaction, consensus::encode::deserialize_hex};
use ngpayout::{
    SettleReport,
    prepare::{Draft, Previous, parse_previous, psbt},
    settle::nodes::Nodes,
};
use ngpool_chain::Amount;
use ngpool_settings::{CurrencySettings, Replacement};
use ngpool_signing::request::Outcome;
use ngpool_store::{
    Account, BlockState, NewPayout, PayoutChange, PayoutKind, PayoutPart, PayoutState,
    SpendableCoin,
};
use ngpool_testkit::{Daemon, DaemonOptions};
use ngsign::keyring::Kind;
use serde_json::{Value, json};

use crate::{
    pool::{DEPTH, Pool, currency, pplns},
    real_nodes::{Found, Served, found, serve},
    signing::{Signing, own_address, payee, script_of},
    world::{CODE, World},
};

const PATIENCE: Duration = Duration::from_mins(1);
const FEE: i64 = 2_000;

/// A pool with two credited blocks on one node, and its signer.
struct Scene {
    daemon: Daemon,
    pool: Pool,
    signing: Signing,
    blocks: Vec<Found>,
    alice: String,
    _served: Served,
}

impl Scene {
    async fn start(kind: Kind, replacement: Replacement, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|it| (*it).to_owned()).collect();
        let daemon = Daemon::start_with(DaemonOptions { arguments })
            .await
            .unwrap();
        let currency = CurrencySettings {
            maturity: 100,
            subsidy_address: own_address(kind),
            ..currency()
        };
        let served = serve("a", &daemon, &currency);
        let (nobody, _) = World::start(&[]).await;
        let peers = vec![served.peer.clone()];
        let mut pool = Pool::with_nodes(nobody, peers, currency, &[pplns("main", 10_000)]).await;
        pool.settings.policy.replacement = replacement;
        pool.settings.policy.replace_after_s = 3_600;
        let deadline = Instant::now() + PATIENCE;
        daemon.generate(1).await.unwrap();
        while Nodes::look(&pool.settings).await.answering().count() < 1 {
            assert!(Instant::now() < deadline, "the coinserver does not serve");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        pool.settle().await;
        let alice = payee(20);
        pool.shares("main", &[(alice.clone(), 300)]).await;
        let mut blocks = Vec::new();
        for _ in 0..3 {
            blocks.push(found(&mut pool, &daemon).await);
        }
        daemon.generate(100).await.unwrap();
        settled(&mut pool, &daemon).await;
        for found in &blocks {
            assert_eq!(pool.state(found.block).await, BlockState::Mature);
        }
        let signing = Signing::new(&pool, kind).await;
        Self {
            daemon,
            pool,
            signing,
            blocks,
            alice,
            _served: served,
        }
    }

    /// Runs settle once the node's coinserver shows the node's tip.
    async fn settle(&mut self) -> SettleReport {
        settled(&mut self.pool, &self.daemon).await
    }

    /// Prepares a payout of an amount to alice from the oldest coin.
    async fn prepare(&mut self, amount: i64) -> u64 {
        let coins = self.pool.payout.spendable_outputs(CODE, DEPTH).await;
        self.prepare_with(&coins.unwrap()[..1], amount).await
    }

    /// The same from the coin that a transaction made.
    async fn prepare_from(&mut self, txid: &str, amount: i64) -> u64 {
        let coins = self.pool.payout.spendable_outputs(CODE, DEPTH).await;
        let mut coins = coins.unwrap().into_iter();
        let coin = coins.find(|coin| coin.coin.outpoint.txid.to_string() == txid);
        self.prepare_with(&[coin.unwrap()], amount).await
    }

    async fn prepare_with(&mut self, coins: &[SpendableCoin], amount: i64) -> u64 {
        let mut previous = Previous::new();
        for coin in coins {
            let txid = coin.coin.outpoint.txid;
            let raw = self
                .call(
                    "getrawtransaction",
                    json!([txid.to_string(), false, coin.block.to_string()]),
                )
                .await;
            let raw = hex::decode(raw.as_str().unwrap()).unwrap();
            previous.insert(txid, parse_previous(&raw, txid).unwrap());
        }
        let spent: i64 = coins.iter().map(|coin| coin.coin.amount.0).sum();
        let part = PayoutPart {
            payee: self.alice.clone(),
            script: script_of(&self.alice),
            amount: Amount(amount),
            fee_share: Amount(0),
        };
        let draft = Draft {
            anchor: coins[0].coin.outpoint,
            parts: vec![part],
            change: vec![PayoutChange {
                vout: 1,
                amount: Amount(spent - amount - FEE),
                script: self.pool.script(),
            }],
            inputs: coins.iter().map(|coin| coin.coin.clone()).collect(),
            fee: Amount(FEE),
            vbytes: 250,
        };
        let replacement = self.pool.settings.policy.replacement;
        let payout = NewPayout {
            currency: CODE.to_owned(),
            kind: PayoutKind::Payees,
            parent: None,
            anchor: draft.anchor,
            parts: draft.parts.clone(),
            version: psbt::version(&draft, &previous, replacement).unwrap(),
        };
        let at = self.pool.tick();
        let prepared = self.pool.payout.prepare_payout(&payout, at).await.unwrap();
        prepared.number
    }

    /// The signer answers what is asked, and the next pass sends what it signed.
    async fn sign_and_send(&mut self, number: u64) {
        let outcome = self.signing.turn(&self.pool).await;
        assert!(
            matches!(outcome, Some(Outcome::Signed { .. })),
            "{outcome:?}"
        );
        self.settle().await;
        assert_eq!(self.state(number).await, PayoutState::Broadcast);
    }

    async fn state(&self, number: u64) -> PayoutState {
        let payout = self.pool.payout.payout(CODE, number).await.unwrap();
        payout.unwrap().state
    }

    async fn reason(&self, number: u64) -> String {
        let payout = self.pool.payout.payout(CODE, number).await.unwrap();
        payout.unwrap().reason
    }

    /// The signed bytes of the newest version and their txid.
    async fn newest(&self, number: u64) -> (Transaction, String) {
        let payout = self.pool.payout.payout(CODE, number).await.unwrap();
        let payout = payout.unwrap();
        let (_, signed) = payout.newest_signed().unwrap();
        let transaction = deserialize_hex(&hex::encode(&signed.bytes)).unwrap();
        (transaction, signed.txid.to_string())
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        self.daemon.call(method, params).await.unwrap()
    }

    /// A block with exactly these transactions, ids or bytes.
    async fn mine(&self, transactions: &[&str]) -> String {
        let address = payee(99);
        let made = self
            .call("generateblock", json!([address, transactions]))
            .await;
        made["hash"].as_str().unwrap().to_owned()
    }

    async fn mine_empty(&self, blocks: u32) {
        for _ in 0..blocks {
            self.mine(&[]).await;
        }
    }

    async fn in_mempool(&self) -> Vec<String> {
        let pool = self.call("getrawmempool", json!([])).await;
        serde_json::from_value(pool).unwrap()
    }

    async fn books(&self) -> BTreeMap<String, i64> {
        self.pool.assert_no_drift().await;
        let balances = self.pool.payout.account_balances(CODE).await.unwrap();
        balances
            .into_iter()
            .map(|(account, amount)| (account.to_string(), amount.0))
            .collect()
    }

    /// What alice has on the chain, by the node's word.
    async fn alice_has(&self) -> i64 {
        let descriptor = format!("addr({})", self.alice);
        let found = self
            .call("scantxoutset", json!(["start", [descriptor]]))
            .await;
        Amount::from_decimal(&found["total_amount"].to_string(), 8)
            .unwrap()
            .0
    }

    async fn drift_is_zero(&mut self) {
        let report = self.settle().await;
        let audit = report.audit.unwrap();
        assert_eq!(audit.solvency.drift, Amount(0), "{audit:?}");
    }
}

/// One pass that sees the node's tip, every step of which succeeds.
async fn settled(pool: &mut Pool, daemon: &Daemon) -> SettleReport {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let tip = daemon.best_hash().await.unwrap();
        let report = pool.settle_with_failures().await;
        let followed = pool.payout.followed_tip(CODE).await.unwrap();
        if report.failures().is_empty() && followed.is_some_and(|(_, hash)| hash.to_string() == tip)
        {
            return report;
        }
        assert!(
            Instant::now() < deadline,
            "no pass succeeds at the tip: {:?}",
            report.failures()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_confirms_once_through_reorganisations_and_a_stuck_one_is_pulled_by_its_child() {
    let mut scene = Scene::start(Kind::P2wpkh, Replacement::Cpfp, &[]).await;
    let credited = scene.books().await[&format!("payee:{}", scene.alice)];

    // In a block that is lost before it is deep: it is in the mempool again, and confirms later.
    let first = scene.prepare(1_000_000).await;
    scene.sign_and_send(first).await;
    let (_, txid) = scene.newest(first).await;
    assert_eq!(scene.in_mempool().await, std::slice::from_ref(&txid));
    let block = scene.mine(&[&txid]).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Broadcast);
    assert!(scene.reason(first).await.contains("0 of 3 deep"));
    scene.call("invalidateblock", json!([block])).await;
    scene.mine_empty(2).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Broadcast);
    assert_eq!(scene.in_mempool().await, std::slice::from_ref(&txid));
    let block = scene.mine(&[&txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Confirmed);
    let confirmed = scene.books().await;
    assert_eq!(
        confirmed[&format!("payee:{}", scene.alice)],
        credited - 1_000_000
    );
    scene.drift_is_zero().await;

    // Lost after it was deep: sent again, and confirmed again.
    scene.call("invalidateblock", json!([block])).await;
    scene.mine_empty(DEPTH + 2).await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Broadcast);
    assert_eq!(scene.in_mempool().await, std::slice::from_ref(&txid));
    assert_eq!(scene.books().await["payout:1"], 1_000_000);
    scene.mine(&[&txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.pool.settle_twice_at_once().await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Confirmed);
    assert_eq!(scene.books().await, confirmed);
    assert_eq!(scene.alice_has().await, 1_000_000);

    // A stuck one: its change is spent by a child that the pool pays.
    let second = scene.prepare(2_000_000).await;
    scene.sign_and_send(second).await;
    for _ in 0..3_600 {
        scene.pool.tick();
    }
    scene.settle().await;
    let child = scene.pool.payout.payout(CODE, 3).await.unwrap().unwrap();
    assert_eq!(
        (child.kind, child.parent),
        (PayoutKind::Child, Some(second))
    );
    scene.sign_and_send(3).await;
    let (_, parent_txid) = scene.newest(second).await;
    let (whole, child_txid) = scene.newest(3).await;
    assert_eq!(whole.input[0].previous_output.txid.to_string(), parent_txid);
    assert_eq!(scene.in_mempool().await.len(), 2);
    // One that is pulled already gets no second child.
    scene.settle().await;
    assert_eq!(scene.pool.payout.last_payout(CODE).await.unwrap(), 3);
    scene.mine(&[&parent_txid, &child_txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    for number in [second, 3] {
        assert_eq!(scene.state(number).await, PayoutState::Confirmed);
    }
    assert_eq!(scene.pool.balance(Account::UtxoReserved).await, 0);
    scene.drift_is_zero().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_txid_is_recognised_a_stuck_payout_is_replaced_and_an_orphaned_coin_is_booked() {
    let arguments = ["-mempoolreplacement=1"];
    let mut scene = Scene::start(Kind::P2pkh, Replacement::Rbf, &arguments).await;

    // A third party changes the signature, and so the txid, on the way to a block.
    let first = scene.prepare(1_000_000).await;
    scene.sign_and_send(first).await;
    let (whole, txid) = scene.newest(first).await;
    let altered = with_high_s(&whole);
    assert_ne!(altered.compute_txid().to_string(), txid);
    scene
        .mine(&[&bitcoin::consensus::encode::serialize_hex(&altered)])
        .await;
    assert!(scene.in_mempool().await.is_empty());
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    let payout = scene
        .pool
        .payout
        .payout(CODE, first)
        .await
        .unwrap()
        .unwrap();
    let confirmed = payout.confirmed.unwrap();
    assert_eq!(
        confirmed.txid.to_string(),
        altered.compute_txid().to_string()
    );
    assert_eq!(scene.alice_has().await, 1_000_000);
    scene.drift_is_zero().await;

    // A stuck one: the next version replaces it, to the same payees.
    let second = scene.prepare(2_000_000).await;
    scene.sign_and_send(second).await;
    let (_, cheap) = scene.newest(second).await;
    for _ in 0..3_600 {
        scene.pool.tick();
    }
    scene.settle().await;
    scene.sign_and_send(second).await;
    let (_, dear) = scene.newest(second).await;
    assert_ne!(cheap, dear);
    assert_eq!(scene.in_mempool().await, std::slice::from_ref(&dear));
    scene.mine(&[&dear]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    let payout = scene
        .pool
        .payout
        .payout(CODE, second)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(payout.confirmed.unwrap().version, 2);
    scene.drift_is_zero().await;

    // The block whose coin a third payout has taken is orphaned, and everything after it with it.
    let third = scene.prepare(500_000).await;
    scene.sign_and_send(third).await;
    let before = scene.books().await;
    let anchor = scene.pool.payout.payout(CODE, third).await.unwrap();
    let anchor = anchor.unwrap().anchor.unwrap();
    let mut lost = None;
    for found in &scene.blocks {
        let block = scene
            .call("getblock", json!([found.block.to_string(), 1]))
            .await;
        if block["tx"][0] == anchor.txid.to_string() {
            lost = Some(found.block);
        }
    }
    let lost = lost.unwrap();
    scene
        .call("invalidateblock", json!([lost.to_string()]))
        .await;
    scene.daemon.generate(8).await.unwrap();
    scene.settle().await;
    let loss = scene.pool.balance(Account::OrphanLoss).await;
    assert!(loss < 0);
    assert_eq!(scene.pool.state(lost).await, BlockState::Orphaned);
    scene.books().await;
    assert_ne!(scene.state(first).await, PayoutState::Confirmed);

    // And comes back.
    scene
        .call("reconsiderblock", json!([lost.to_string()]))
        .await;
    scene.settle().await;
    scene.settle().await;
    assert_eq!(scene.state(first).await, PayoutState::Confirmed);
    assert_eq!(scene.state(second).await, PayoutState::Confirmed);
    assert_eq!(scene.books().await, before);
    let (_, txid) = scene.newest(third).await;
    scene.mine(&[&txid]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    assert_eq!(scene.state(third).await, PayoutState::Confirmed);
    assert_eq!(scene.alice_has().await, 3_500_000);
}

/// The same spend with the other of the two values of S that are valid for its first input.
fn with_high_s(transaction: &Transaction) -> Transaction {
    use bitcoin::{
        script::{Builder, PushBytesBuf},
        secp256k1::ecdsa::Signature,
    };
    let mut altered = transaction.clone();
    let script = &transaction.input[0].script_sig;
    let pushes: Vec<Vec<u8>> = script
        .instructions()
        .map(|it| it.unwrap().push_bytes().unwrap().as_bytes().to_vec())
        .collect();
    let (kind, der) = pushes[0].split_last().unwrap();
    let mut compact = Signature::from_der(der).unwrap().serialize_compact();
    let order =
        hex::decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").unwrap();
    let mut borrow = 0_i32;
    for place in (0..32).rev() {
        let difference = i32::from(order[place]) - i32::from(compact[32 + place]) - borrow;
        borrow = i32::from(difference < 0);
        compact[32 + place] = difference.rem_euclid(256) as u8;
    }
    let mut high = Signature::from_compact(&compact)
        .unwrap()
        .serialize_der()
        .to_vec();
    high.push(*kind);
    altered.input[0].script_sig = Builder::new()
        .push_slice(PushBytesBuf::try_from(high).unwrap())
        .push_slice(PushBytesBuf::try_from(pushes[1].clone()).unwrap())
        .into_script();
    altered
}
