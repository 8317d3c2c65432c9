//! Parts of the pool that turned against it, each playing its best card against the real code. What
//! each can and cannot do is written in docs/threat-model.md.

use bitcoin::{OutPoint, ScriptBuf, TxIn, TxOut, absolute::LockTime, transaction::Version};
use ed25519_dalek::{Signer as _, SigningKey};
use ngpool_accounting::{Payee, StatementBody, StatementEntry, Subject};
use ngpool_chain::{Address, Txid};
use ngpool_signing::{
    encoding::{Base64, Hex, RawTransaction},
    request::{
        FORMAT, PayeePart, Payout, Request, Response, SignedPayout, SignedVersion, SignedVersions,
        Statement, Task,
    },
};
use ngpool_store::{Outpoint, PayoutInput, SolvencyVerdict};
use ngsign::{
    journal::Journal,
    keyring::Key,
    keystore::{Keystore, Unlock},
    policy::Policy,
    signer::Signer,
};
use tempfile::TempDir;

use super::*;
use crate::signing::deliver;

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 3_600;
const MALLORY: u8 = 66;

/// A signer on its own, and whoever holds the pool's statement key.
struct Alone {
    signer: Signer,
    key: SigningKey,
    last: (u64, [u8; 32]),
    coins: u32,
    _files: TempDir,
}

impl Alone {
    fn new(limits: &str) -> Self {
        let network = currency().network;
        let files = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        let secret = age::secrecy::ExposeSecret::expose_secret(&identity.to_string()).to_owned();
        let key = SigningKey::from_bytes(&[1; 32]);
        let policy = format!(
            "format: 1\ncurrency: {CODE}\nstatementKeys: [{}]\n{limits}\n\
             fee: {{transaction: 100000, day: 100000, rate: 10000}}\n\
             maxChangeOutputs: 1\nmaxBlockReward: 5000000\n",
            hex::encode(key.verifying_key().to_bytes())
        );
        let journal = Journal::create(&files.path().join("journal"), [9; 16]).unwrap();
        let mut keystore = Keystore::create(
            &files.path().join("keystore"),
            Unlock::Identity(secret.into()),
            CODE,
            network.clone(),
            journal.marker(),
        )
        .unwrap();
        let wif = ngpool_chain::PrivateKey::from_bytes(&[7; 32])
            .unwrap()
            .to_wif(&network);
        keystore
            .add(Key::parse(&Kind::P2wpkh.descriptor(&wif), &network).unwrap())
            .unwrap();
        let policy = Policy::parse(&policy, &network).unwrap();
        Self {
            signer: Signer::new(keystore, journal, policy).unwrap(),
            key,
            last: (0, [0; 32]),
            coins: 0,
            _files: files,
        }
    }

    /// A statement of the pool's key, whatever it says.
    fn state(&mut self, credits: &[(&str, u64)]) -> Statement {
        let sum: u64 = credits.iter().map(|(_, amount)| amount).sum();
        let number = self.last.0 + 1;
        let mut block = [0xb1; 32];
        block[..8].copy_from_slice(&number.to_be_bytes());
        let entries = credits.iter().map(|(name, amount)| {
            let script = script_of(name);
            let amount = *amount;
            (Payee::new(*name), StatementEntry { script, amount })
        });
        let body = StatementBody {
            currency: CODE.to_owned(),
            genesis: currency().network.genesis_hash.to_bytes(),
            sharechain: "main".to_owned(),
            number,
            previous: self.last.1,
            subject: Subject::Block {
                hash: block,
                height: 5,
                reward: sum,
            },
            amount: sum,
            fee: 0,
            donation: 0,
            reserve: 0,
            bonus: 0,
            root: [0; 32],
            entries: entries.collect(),
        };
        self.last = (number, body.digest());
        let bytes = body.encode();
        Statement {
            digest: Hex(body.digest()),
            signature: Hex(self.key.sign(&bytes).to_bytes()),
            body: Base64(bytes),
        }
    }

    /// A payout of a new coin of the signer's: payees with the scripts they are paid to, and where the
    /// change goes.
    fn payout(&mut self, number: u64, parts: &[(&str, &str, i64)], change: &str) -> Payout {
        self.coins += 1;
        let own = script_of(&own_address(Kind::P2wpkh));
        let value = 50_000_000;
        let previous = Transaction {
            version: Version::TWO,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: OutPoint::new("aa".repeat(32).parse().unwrap(), self.coins),
                script_sig: ScriptBuf::from_bytes(vec![1]),
                ..TxIn::default()
            }],
            output: vec![TxOut {
                value: bitcoin::Amount::from_sat(value),
                script_pubkey: ScriptBuf::from_bytes(own.clone()),
            }],
        };
        let txid: Txid = previous.compute_txid().to_string().parse().unwrap();
        let anchor = Outpoint { txid, vout: 0 };
        let mut parts: Vec<PayoutPart> = parts
            .iter()
            .map(|(payee, paid_to, amount)| PayoutPart {
                payee: (*payee).to_owned(),
                script: script_of(paid_to),
                amount: Amount(*amount),
                fee_share: Amount(0),
            })
            .collect();
        parts.sort_by(|a, b| a.payee.cmp(&b.payee));
        let paid: i64 = parts.iter().map(|part| part.amount.0).sum();
        let draft = Draft {
            anchor,
            inputs: vec![PayoutInput {
                outpoint: anchor,
                amount: Amount(value as i64),
                script: own,
            }],
            change: vec![PayoutChange {
                vout: parts.len() as u32,
                amount: Amount(value as i64 - paid - FEE),
                script: script_of(change),
            }],
            parts: parts.clone(),
            fee: Amount(FEE),
            vbytes: 250,
        };
        let previous = Previous::from([(txid, previous)]);
        let version = psbt::version(&draft, &previous, Replacement::None).unwrap();
        Payout {
            number,
            version: 1,
            anchor: OutPoint::new(txid.to_string().parse().unwrap(), 0),
            payees: parts
                .into_iter()
                .map(|part| PayeePart {
                    payee: part.payee,
                    script: ScriptBuf::from_bytes(part.script),
                    amount: part.amount.0 as u64,
                    fee_share: 0,
                })
                .collect(),
            fee: FEE as u64,
            psbt: Base64(version.psbt.unwrap()),
        }
    }

    fn ask(&mut self, statements: Vec<Statement>, payout: Option<Payout>, now: i64) -> Outcome {
        let request = Request {
            format: FORMAT,
            currency: CODE.to_owned(),
            genesis_hash: currency().network.genesis_hash,
            statements,
            task: payout.map(Task::Sign),
        };
        self.signer.answer(&request, now).unwrap().outcome
    }
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_thief_of_the_statement_key_gets_what_the_policy_allows_a_day_and_no_more() {
    let day = 2_500_000;
    let mut alone = Alone::new(&format!(
        "limits: {{payout: 1000000, day: {day}, payeeDay: 600000}}\n\
         newScripts: {{hours: 24, limit: 100000}}"
    ));
    let network = currency().network;
    let own = own_address(Kind::P2wpkh);
    // A block that pays more than any does is not believed.
    let invented = alone.state(&[(&payee(MALLORY), 5_000_001)]);
    assert_eq!(
        refused(&alone.ask(vec![invented], None, NOW)),
        "statement_reward"
    );
    alone.last = (0, [0; 32]);

    // Blocks as large as they may be, as many names of his as he likes, each below its own limits.
    let (mut number, mut taken) = (1, [0_i64; 2]);
    for round in 0..20_u8 {
        let names: Vec<String> = (0..10_u8)
            .map(|name| {
                let mut hash = [MALLORY; 20];
                hash[..2].copy_from_slice(&[round, name]);
                Address::p2wpkh(hash, &network).unwrap().as_str().to_owned()
            })
            .collect();
        let credits: Vec<_> = names.iter().map(|name| (name.as_str(), 500_000)).collect();
        let statement = alone.state(&credits);
        assert!(matches!(
            alone.ask(vec![statement], None, NOW),
            Outcome::Booked {}
        ));
        let today = usize::from(round >= 10);
        let now = NOW + DAY * today as i64 + i64::from(round);
        for amount in [100_001, 100_000] {
            let parts: Vec<_> = names
                .iter()
                .map(|name| (name.as_str(), name.as_str(), amount))
                .collect();
            let payout = alone.payout(number, &parts, &own);
            if matches!(alone.ask(vec![], Some(payout), now), Outcome::Signed { .. }) {
                number += 1;
                taken[today] += 10 * amount;
            }
        }
    }
    for taken in taken {
        assert!(taken > 0 && taken <= day, "{taken} in a day");
    }
}

#[test]
fn whoever_writes_the_database_makes_the_signer_pay_nobody_who_was_not_credited() {
    let mut alone = Alone::new(
        "limits: {payout: 100000000, day: 100000000, payeeDay: 100000000}\n\
         newScripts: {hours: 0, limit: 0}",
    );
    let (alice, mallory, own) = (payee(20), payee(MALLORY), own_address(Kind::P2wpkh));
    let (alice, mallory, own) = (alice.as_str(), mallory.as_str(), own.as_str());
    let statement = alone.state(&[(alice, 1_000_000)]);
    assert!(matches!(
        alone.ask(vec![statement], None, NOW),
        Outcome::Booked {}
    ));
    // A balance written by hand, another script for a name, more than was credited, change to
    // somebody else, an own number.
    for (number, parts, change) in [
        (1, [(mallory, mallory, 500_000)], own),
        (1, [(alice, mallory, 500_000)], own),
        (1, [(alice, alice, 1_000_001)], own),
        (1, [(alice, alice, 500_000)], mallory),
        (2, [(alice, alice, 500_000)], own),
        (1, [("pool:fee", mallory, 500_000)], own),
    ] {
        let payout = alone.payout(number, &parts, change);
        let outcome = alone.ask(vec![], Some(payout), NOW);
        assert!(
            !matches!(outcome, Outcome::Signed { .. }),
            "{parts:?}: {outcome:?}"
        );
    }
    let honest = alone.payout(1, &[(alice, alice, 1_000_000)], own);
    assert!(matches!(
        alone.ask(vec![], Some(honest), NOW),
        Outcome::Signed { .. }
    ));
    // Restored from before, or made to forget: the same credit a second time.
    for number in [1, 2] {
        let again = alone.payout(number, &[(alice, alice, 1_000_000)], own);
        let outcome = alone.ask(vec![], Some(again), NOW);
        assert!(!matches!(outcome, Outcome::Signed { .. }), "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_web_moves_no_coin_by_the_answers_it_invents() {
    let mut scene = Scene::start(Kind::P2wpkh, Replacement::None, &[]).await;
    let thief = script_of(&payee(MALLORY));
    let before = scene.books().await;
    let number = scene.prepare(1_000_000).await;
    let prepared = scene.books().await;
    // The signer answers; the web keeps that to itself and says other things.
    let honest = scene.signing.answer(&scene.pool).await.unwrap();
    let Outcome::Signed { transaction, .. } = honest.outcome.clone() else {
        panic!("{honest:?}")
    };
    let with = |outcome| Response {
        outcome,
        ..honest.clone()
    };
    let signed = |transaction: Transaction| Outcome::Signed {
        txid: transaction.compute_txid(),
        transaction: RawTransaction(transaction),
        again: false,
    };
    let mut to_thief = transaction.0.clone();
    to_thief.output[0].script_pubkey = ScriptBuf::from_bytes(thief.clone());
    let mut bare = transaction.0.clone();
    bare.input[0].witness.clear();
    let mut unsigned = to_thief.clone();
    unsigned.input[0].witness.clear();
    let payout = scene
        .pool
        .payout
        .payout(CODE, number)
        .await
        .unwrap()
        .unwrap();
    let anchor = payout.anchor.unwrap();
    let invented = SignedPayout {
        number,
        signed: Some(SignedVersions {
            anchor: OutPoint::new(anchor.txid.to_string().parse().unwrap(), anchor.vout),
            payees: vec![PayeePart {
                payee: scene.alice.clone(),
                script: ScriptBuf::from_bytes(thief),
                amount: 1_000_000,
                fee_share: 0,
            }],
            versions: vec![SignedVersion {
                version: 1,
                fee: FEE as u64,
                signed_at: NOW,
                unsigned: RawTransaction(unsigned),
                transaction: Some(RawTransaction(to_thief.clone())),
            }],
        }),
        released: false,
    };
    for outcome in [
        signed(to_thief.clone()),
        signed(bare),
        Outcome::Needs {
            statements: vec![],
            payouts: vec![invented],
        },
    ] {
        deliver(&scene.pool, &with(outcome.clone())).await;
        let report = scene.pool.settle_with_failures().await;
        let payout = scene
            .pool
            .payout
            .payout(CODE, number)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            payout.state,
            PayoutState::Prepared,
            "{outcome:?}: {report:?}"
        );
        assert_eq!(payout.parts[0].script, script_of(&scene.alice));
        assert_eq!(scene.books().await, prepared);
        assert_eq!(scene.in_mempool().await, Vec::<String>::new());
    }

    // That the number is void is believed: late, never twice. The coin and the balance are free, and
    // the signer, who knows better, signs neither a second time.
    let void = Response {
        version: None,
        ..with(Outcome::Voided {})
    };
    deliver(&scene.pool, &void).await;
    scene.pool.settle_with_failures().await;
    assert_eq!(scene.state(number).await, PayoutState::Void);
    assert_eq!(scene.books().await, before);
    let second = scene.prepare(1_000_000).await;
    let answer = scene.signing.answer(&scene.pool).await.unwrap();
    assert!(
        !matches!(answer.outcome, Outcome::Signed { .. }),
        "{answer:?}"
    );

    // What it kept back it may send itself: it pays alice what she is owed, once. Both numbers are
    // the same transaction to the byte, and one of them confirms by it.
    let raw = bitcoin::consensus::encode::serialize_hex(&transaction.0);
    let txid = scene.call("sendrawtransaction", json!([raw])).await;
    scene.mine(&[txid.as_str().unwrap()]).await;
    scene.mine_empty(DEPTH).await;
    scene.settle().await;
    scene.settle().await;
    let states = [scene.state(number).await, scene.state(second).await];
    let confirmed = states
        .iter()
        .filter(|state| **state == PayoutState::Confirmed);
    assert_eq!(confirmed.count(), 1, "{states:?}");
    let alice = format!("payee:{}", scene.alice);
    assert_eq!(scene.books().await[&alice], before[&alice] - 1_000_000);
    assert_eq!(scene.alice_has().await, 1_000_000);

    // And once the web is honest, numbers go on: the signer records the one it never signed as void.
    let third = scene.prepare(2_000_000).await;
    let mut outcome = scene.signing.turn(&scene.pool).await;
    for _ in 0..3 {
        if matches!(outcome, Some(Outcome::Signed { .. })) {
            break;
        }
        scene.settle().await;
        outcome = scene.signing.turn(&scene.pool).await;
    }
    assert!(
        matches!(outcome, Some(Outcome::Signed { .. })),
        "{outcome:?}"
    );
    scene.settle().await;
    assert_eq!(scene.state(third).await, PayoutState::Broadcast);
    scene.drift_is_zero().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_subsidy_address_is_an_alarm_as_soon_as_the_signers_keys_are_known() {
    let mut scene = Scene::start(Kind::P2wpkh, Replacement::None, &[]).await;
    let number = scene.prepare(1_000_000).await;
    scene.sign_and_send(number).await;
    let honest = scene.settle().await.audit.unwrap();
    assert_eq!(honest.alarms, Vec::<String>::new());
    let own = scene.pool.settings.currency.subsidy_address.clone();
    scene.pool.settings.currency.subsidy_address = payee(MALLORY);
    let replaced = scene.settle().await.audit.unwrap();
    let [alarm] = &replaced.alarms[..] else {
        panic!("{:?}", replaced.alarms)
    };
    assert!(alarm.contains(&payee(MALLORY)), "{alarm}");
    scene.pool.settings.currency.subsidy_address = own;
    scene.pool.settings.policy.change = vec![payee(MALLORY)];
    let change = scene.settle().await.audit.unwrap();
    assert_eq!(change.alarms.len(), 1);
    scene.pool.settings.policy.change.clear();
    let back = scene.settle().await.audit.unwrap();
    assert_eq!(back.alarms, Vec::<String>::new());
}

#[tokio::test]
async fn a_subsidy_address_is_known_by_the_keys_that_the_signer_says_it_has() {
    let (mut pool, hex) = {
        let pool = Pool::start(&["a"], &[pplns("main", 10_000)]).await;
        let hex = hex::encode(pool.script());
        (pool, hex)
    };
    pool.settle().await;
    let web = crate::pool::open(&pool.database.url_of("web"));
    // Nothing was ever signed: the address is known all the same, or is not.
    for (scripts, alarms) in [
        (json!([]), 0),
        (json!(["0014", hex]), 0),
        (json!(["0014"]), 1),
        (json!("nonsense"), 0),
        (json!([hex]), 0),
    ] {
        let position = json!({ "payout": 0, "statements": [], "scripts": scripts });
        let now = pool.tick();
        web.see_signer(CODE, 0, &position, now).await.unwrap();
        let audit = pool.settle().await.audit.unwrap();
        assert_eq!(audit.alarms.len(), alarms, "{scripts} {:?}", audit.alarms);
    }
}

#[tokio::test]
async fn a_node_that_hides_our_coins_stops_nothing_while_another_has_them() {
    let mut pool = Pool::start(&["a", "b"], &[pplns("main", 10_000)]).await;
    pool.shares("main", &[("alice".into(), 300)]).await;
    pool.find("a", "main", "alice", 1_000_000).await;
    let tip = pool.world.extend("a", crate::pool::MATURITY);
    pool.world.agree(tip);
    pool.settle().await;
    pool.world.hide_coins("b", true);
    let lied = pool.settle().await.audit.unwrap();
    assert_eq!(lied.solvency.verdict, SolvencyVerdict::Doubtful);
    assert!(
        lied.solvency.reason.contains("a and b disagree"),
        "{lied:?}"
    );
    assert_eq!(lied.stop, None);
    // Alone it can stop payouts, and no more: late, never twice.
    pool.world.set_down("a", true);
    let alone = pool.settle_with_failures().await.audit.unwrap();
    assert_eq!(alone.solvency.verdict, SolvencyVerdict::Drift);
    assert!(alone.stop.is_some());
    pool.world.set_down("a", false);
    pool.world.hide_coins("b", false);
    assert_eq!(pool.settle().await.audit.unwrap().stop, None);
}

#[tokio::test]
async fn a_ledger_that_invents_work_divides_the_reward_otherwise_and_makes_none() {
    let mut pool = Pool::start(&["a"], &[pplns("main", 10_000)]).await;
    pool.shares("main", &[("alice".into(), 300)]).await;
    let invented = u128::from(u64::MAX);
    pool.shares("main", &[("mallory".into(), invented)]).await;
    pool.find("a", "main", "alice", 1_000_000).await;
    pool.world.extend("a", crate::pool::MATURITY);
    let report = pool.settle().await;
    let mallory = pool.balance(Account::Payee("mallory".into())).await;
    let alice = pool.balance(Account::Payee("alice".into())).await;
    assert_eq!(mallory + alice, 990_000, "the block's reward, less the fee");
    pool.assert_no_drift().await;
    let audit = report.audit.unwrap();
    assert_eq!(audit.solvency.verdict, SolvencyVerdict::Clean);
}

/// Text of every Rust file of the project, whatever was built beside it left out.
fn sources(folder: &std::path::Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut text = String::new();
    sources(&root, &mut text);
    let page = std::fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let mut parts = 0;
    for part in page.split("\n## ").skip(1) {
        let title = part.lines().next().unwrap();
        let Some((_, tests)) = part.split_once("- **Tests**:") else {
            assert_eq!(title, "What nobody prevents", "a part without tests");
            continue;
        };
        parts += 1;
        let names: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{title} names no test");
        for name in names {
            assert!(
                text.contains(&format!("fn {name}(")),
                "{title}: no test {name}"
            );
        }
    }
    assert_eq!(parts, 11);
}
