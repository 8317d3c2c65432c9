//! Every rule about requests, one by one.

use bitcoin::ScriptBuf;
use ngsign::{
    keyring::Kind,
    policy::PolicyFileWatch,
    request::{Outcome, POOL_FEE, PayeePart, Task},
};

use crate::support::{
    COIN, NOW, Scene, given, output, part, payee, payout, policy_text, psbt, reason, request,
    script_of, signed,
};

/// Payee 20 with one coin of credit, asked for by `change` of the right request.
fn refused_for(policy: &str, change: impl FnOnce(&mut ngsign::request::Payout)) -> String {
    let mut scene = Scene::with_policy(policy);
    let (who, coin) = (payee(20), scene.coin(Kind::P2wpkh, 3 * COIN));
    let statement = scene.credit(&[(&who, COIN)]);
    let parts = [part(&who, COIN)];
    let mut asked = payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000));
    change(&mut asked);
    let response = scene.ask(&request(vec![statement], Task::Sign(asked)));
    assert_eq!(response.position.payout, 0, "nothing was signed");
    reason(&response)
}

fn repack(asked: &mut ngsign::request::Payout, change: impl FnOnce(&mut bitcoin::Psbt)) {
    let mut psbt = bitcoin::Psbt::deserialize(&asked.psbt.0).unwrap();
    change(&mut psbt);
    asked.psbt.0 = psbt.serialize();
}

#[test]
fn each_broken_rule_is_named() {
    let nothing = |_: &mut ngsign::request::Payout| {};
    assert_eq!(refused_for("", |asked| asked.number = 0), "number_zero");
    assert_eq!(refused_for("", |asked| asked.version = 0), "number_zero");
    assert_eq!(refused_for("", |asked| asked.number = 2), "number_ahead");
    assert_eq!(refused_for("", |asked| asked.version = 2), "version_ahead");
    assert_eq!(refused_for("", |asked| asked.fee = 1999), "fee");
    assert_eq!(
        refused_for("", |asked| asked.payees[0].fee_share = 2001),
        "fee_shares"
    );
    assert_eq!(
        refused_for("", |asked| asked.payees[0].fee_share = 1),
        "credit"
    );
    assert_eq!(
        refused_for("", |asked| asked.anchor.vout = 1),
        "anchor_not_spent"
    );
    assert_eq!(
        refused_for("", |asked| asked.payees[0].amount -= 1),
        "outputs"
    );
    assert_eq!(refused_for("", |asked| asked.payees.clear()), "outputs");
    let doubled = |asked: &mut ngsign::request::Payout| {
        asked.payees.push(asked.payees[0].clone());
        repack(asked, |psbt| {
            let value = psbt.unsigned_tx.output[0].value;
            psbt.unsigned_tx.output[1].value -= value;
            let again = psbt.unsigned_tx.output[0].clone();
            psbt.unsigned_tx.output.push(again);
            psbt.outputs.push(psbt.outputs[0].clone());
        });
    };
    assert_eq!(refused_for("", doubled), "payee_twice");
    let to_stranger = |asked: &mut ngsign::request::Payout| {
        repack(asked, |psbt| {
            psbt.unsigned_tx.output[1].script_pubkey = script_of(&payee(66));
        });
    };
    assert_eq!(refused_for("", to_stranger), "outputs", "change is our own");
    let redirect = |asked: &mut ngsign::request::Payout| {
        asked.payees[0].script = script_of(&payee(66));
        repack(asked, |psbt| {
            psbt.unsigned_tx.output[0].script_pubkey = script_of(&payee(66));
        });
    };
    assert_eq!(refused_for("", redirect), "script");
    assert_eq!(
        refused_for("", |asked| asked.payees[0].payee = payee(66)),
        "script"
    );
    let burn = |asked: &mut ngsign::request::Payout| {
        let script = ScriptBuf::from_bytes(vec![0x6a]);
        asked.payees[0].script = script.clone();
        repack(asked, |psbt| {
            psbt.unsigned_tx.output[0].script_pubkey = script;
        });
    };
    assert_eq!(refused_for("", burn), "unspendable");
    assert_eq!(
        refused_for("maxChangeOutputs: 0", nothing),
        "change_outputs"
    );
    assert_eq!(
        refused_for("maxBlockReward: 5", nothing),
        "statement_reward"
    );
    let limits =
        |payout, day, payee| format!("limits: {{payout: {payout}, day: {day}, payeeDay: {payee}}}");
    let (all, less) = (COIN, COIN - 1);
    for (policy, reason) in [
        (limits(less, all, all), "limit_payout"),
        (limits(all, less, all), "limit_day"),
        (limits(all, all, less), "limit_payee_day"),
        (
            "fee: {transaction: 1999, day: 5000, rate: 99}".to_owned(),
            "limit_fee",
        ),
        (
            "fee: {transaction: 2000, day: 1999, rate: 99}".to_owned(),
            "limit_fee_day",
        ),
        (
            "fee: {transaction: 2000, day: 2000, rate: 1}".to_owned(),
            "limit_fee_rate",
        ),
        (
            format!("newScripts: {{hours: 1, limit: {less}}}"),
            "limit_new_script",
        ),
    ] {
        assert_eq!(refused_for(&policy, nothing), reason);
    }
}

#[test]
fn nobody_is_paid_more_than_he_was_credited_and_not_signed_for() {
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let pay = |scene: &mut Scene, number, amount| {
        let coin = scene.coin(Kind::P2tr, 3 * COIN);
        let parts = [part(&who, amount)];
        let asked = payout(number, &parts, 2000, &psbt(&[coin], &parts, 2000));
        scene.ask(&request(vec![statement.clone()], Task::Sign(asked)))
    };
    assert_eq!(reason(&pay(&mut scene, 1, COIN + 1)), "credit");
    assert!(!given(&pay(&mut scene, 1, COIN - 5)).1);
    assert_eq!(reason(&pay(&mut scene, 2, 6)), "credit");
    assert!(!given(&pay(&mut scene, 2, 5)).1);
}

#[test]
fn the_same_payout_is_given_again_and_a_higher_fee_is_a_version() {
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let coin = scene.coin(Kind::P2pkh, 3 * COIN);
    let parts = [part(&who, COIN)];
    let version = |version, fee| {
        let mut asked = payout(
            1,
            &parts,
            fee,
            &psbt(std::slice::from_ref(&coin), &parts, fee),
        );
        asked.version = version;
        request(vec![statement.clone()], Task::Sign(asked))
    };
    let (first, again) = given(&scene.ask(&version(1, 2000)));
    assert!(!again);
    scene.restart().unwrap();
    assert_eq!(given(&scene.ask(&version(1, 2000))), (first.clone(), true));
    assert_eq!(reason(&scene.ask(&version(2, 1999))), "fee_not_raised");
    assert_eq!(reason(&scene.ask(&version(3, 3000))), "version_ahead");
    let (second, again) = given(&scene.ask(&version(2, 3000)));
    assert!(!again);
    assert_eq!(
        first.input[0].previous_output,
        second.input[0].previous_output
    );
    // The payee was counted once.
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(books.account(&who).signed, u128::from(COIN));
    assert_eq!(books.fees_in_day(NOW), 3000);
    // Version 2 in another shape: the pool does not know the one that was signed.
    let Outcome::Needs { payouts, .. } = scene.ask(&version(2, 4000)).outcome else {
        panic!("a known version number with another transaction");
    };
    let known = payouts[0].signed.as_ref().unwrap();
    assert_eq!(known.versions.len(), 2);
    assert_eq!(known.versions[1].transaction.as_ref().unwrap().0, second);
}

#[test]
fn a_pool_that_is_behind_is_given_what_was_signed() {
    let mut scene = Scene::new();
    let (who, other) = (payee(20), payee(21));
    let statement = scene.credit(&[(&who, COIN), (&other, COIN)]);
    let (one, two) = (
        scene.coin(Kind::P2wpkh, 3 * COIN),
        scene.coin(Kind::P2wpkh, 3 * COIN),
    );
    let pay = |coin, who: &str| {
        let parts = [part(who, COIN)];
        let asked = payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000));
        request(vec![statement.clone()], Task::Sign(asked))
    };
    let (transaction, _) = given(&scene.ask(&pay(one, &who)));
    let Outcome::Needs { payouts, .. } = scene.ask(&pay(two, &other)).outcome else {
        panic!("another payout under a signed number");
    };
    let signed = payouts[0].signed.as_ref().unwrap();
    assert_eq!(signed.payees, [part(&who, COIN)]);
    assert_eq!(
        signed.versions[0].transaction.as_ref().unwrap().0,
        transaction
    );
    let void = scene.ask(&request(vec![], Task::Void { number: 1 }));
    assert!(matches!(void.outcome, Outcome::Needs { .. }));
}

#[test]
fn a_void_payout_is_never_signed_and_the_next_number_is() {
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    let parts = [part(&who, COIN)];
    let asked = |number| {
        let psbt = psbt(std::slice::from_ref(&coin), &parts, 2000);
        request(
            vec![statement.clone()],
            Task::Sign(payout(number, &parts, 2000, &psbt)),
        )
    };
    let void = |number| request(vec![], Task::Void { number });
    assert_eq!(reason(&scene.ask(&void(2))), "number_ahead");
    assert_eq!(reason(&scene.ask(&void(0))), "number_zero");
    assert_eq!(scene.ask(&void(1)).outcome, Outcome::Voided {});
    scene.restart().unwrap();
    assert_eq!(scene.ask(&void(1)).outcome, Outcome::Voided {});
    assert_eq!(reason(&scene.ask(&asked(1))), "void");
    given(&scene.ask(&asked(2)));
}

#[test]
fn the_anchor_of_another_payout_is_not_spent() {
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    let parts = [part(&who, 1000)];
    let asked = |number| {
        let psbt = psbt(std::slice::from_ref(&coin), &parts, 2000);
        request(
            vec![statement.clone()],
            Task::Sign(payout(number, &parts, 2000, &psbt)),
        )
    };
    given(&scene.ask(&asked(1)));
    assert_eq!(reason(&scene.ask(&asked(2))), "anchor_reused");
}

#[test]
fn an_account_s_new_script_waits_its_time() {
    let mut scene = Scene::with_policy("newScripts: {hours: 2, limit: 0}");
    let statement = scene.credit(&[("alice", COIN)]);
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    let parts = [PayeePart {
        payee: "alice".to_owned(),
        script: script_of(&payee(30)),
        amount: COIN,
        fee_share: 0,
    }];
    let asked = request(
        vec![statement],
        Task::Sign(payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000))),
    );
    assert_eq!(reason(&scene.ask_at(&asked, NOW)), "limit_new_script");
    scene.restart().unwrap();
    let almost = NOW + 2 * 3600 - 1;
    assert_eq!(reason(&scene.ask_at(&asked, almost)), "limit_new_script");
    given(&scene.ask_at(&asked, NOW + 2 * 3600));
}

#[test]
fn the_pool_s_fee_goes_only_where_the_policy_says() {
    let fee_address = payee(40);
    for (policy, expected) in [
        (String::new(), Some("pool_fee_script")),
        (format!("poolFeeAddresses: [{fee_address}]"), None),
    ] {
        let mut scene = Scene::with_policy(&policy);
        let statement = scene.credit(&[(&payee(20), COIN)]);
        let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
        let parts = [PayeePart {
            payee: POOL_FEE.to_owned(),
            script: script_of(&fee_address),
            amount: 10,
            fee_share: 0,
        }];
        let asked = payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000));
        let response = scene.ask(&request(vec![statement], Task::Sign(asked)));
        match expected {
            Some(expected) => assert_eq!(reason(&response), expected),
            None => assert_eq!(given(&response).0.output[0], output(&parts[0].script, 10)),
        }
    }
}

#[test]
fn statements_that_do_not_hold_are_refused_and_missing_ones_asked_for() {
    let mut scene = Scene::new();
    let who = payee(20);
    let void = |statement| request(vec![statement], Task::Void { number: 9 });
    let first = scene.body("main", &[(&who, COIN)]);
    let spoilt = |change: &dyn Fn(&mut ngpool_accounting::StatementBody)| {
        let mut body = first.clone();
        change(&mut body);
        signed(&body)
    };
    let mut forged = signed(&first);
    forged.signature.0[5] ^= 1;
    assert_eq!(reason(&scene.ask(&void(forged))), "statement_signature");
    let mut digest = signed(&first);
    digest.digest.0[0] ^= 1;
    assert_eq!(reason(&scene.ask(&void(digest))), "statement_digest");
    let other = spoilt(&|body| body.currency = "LTC".to_owned());
    assert_eq!(reason(&scene.ask(&void(other))), "statement_chain");
    let other = spoilt(&|body| body.genesis = [3; 32]);
    assert_eq!(reason(&scene.ask(&void(other))), "statement_chain");
    let sum = spoilt(&|body| body.fee += 1);
    assert_eq!(reason(&scene.ask(&void(sum))), "statement_body");
    let zero = spoilt(&|body| body.number = 0);
    assert_eq!(reason(&scene.ask(&void(zero))), "statement_fork");
    let previous = spoilt(&|body| body.previous = [3; 32]);
    assert_eq!(reason(&scene.ask(&void(previous))), "statement_fork");
    let gap = spoilt(&|body| body.number = 3);
    let Outcome::Needs { statements, .. } = scene.ask(&void(gap)).outcome else {
        panic!("a gap");
    };
    assert_eq!(
        (statements[0].sharechain.as_str(), statements[0].after),
        ("main", 0)
    );

    let good = scene.credit(&[(&who, COIN)]);
    assert_eq!(
        scene.ask(&void(good.clone())).position.statements[0].after,
        1
    );
    scene.ask(&void(good));
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(books.account(&who).credited, u128::from(COIN), "once");
    let rival = spoilt(&|body| body.root = [4; 32]);
    assert_eq!(reason(&scene.ask(&void(rival))), "statement_fork");
    let mut again = scene.body("main", &[(&who, COIN)]);
    again.subject = first.subject;
    assert_eq!(reason(&scene.ask(&void(signed(&again)))), "statement_block");
}

#[test]
fn another_currency_or_chain_is_refused() {
    let mut scene = Scene::new();
    let mut asked = request(vec![], Task::Void { number: 1 });
    asked.currency = "LTC".to_owned();
    assert_eq!(reason(&scene.ask(&asked)), "currency");
    let mut asked = request(vec![], Task::Void { number: 1 });
    asked.genesis_hash = ngpool_chain::BlockHash::from_bytes([1; 32]);
    assert_eq!(reason(&scene.ask(&asked)), "currency");
}

#[test]
fn periods_of_bought_work_follow_each_other_within_the_reserve() {
    use ngpool_accounting::Subject;
    let who = payee(20);
    let statement = |scene: &mut Scene, change: &dyn Fn(&mut ngpool_accounting::StatementBody)| {
        let mut body = scene.body("main", &[(&who, 1000)]);
        change(&mut body);
        let answer = scene.ask(&request(vec![signed(&body)], Task::Void { number: 9 }));
        let code = reason(&answer);
        if code == "number_ahead" {
            scene.keep(&body);
        }
        code
    };
    let period = |number, after, to| {
        move |body: &mut ngpool_accounting::StatementBody| {
            body.subject = Subject::Period { number, after, to };
        }
    };
    // Each takes 1010, the fee of 10 with it.
    let mut scene = Scene::with_policy("maxPpsAhead: 1500");
    assert_eq!(statement(&mut scene, &period(2, 0, 5)), "statement_period");
    assert_eq!(statement(&mut scene, &period(1, 0, 5)), "number_ahead");
    assert_eq!(statement(&mut scene, &period(1, 5, 9)), "statement_period");
    assert_eq!(statement(&mut scene, &period(2, 4, 9)), "statement_period");
    assert_eq!(statement(&mut scene, &period(2, 5, 9)), "statement_reserve");
    let block = |body: &mut ngpool_accounting::StatementBody| {
        if let Subject::Block { reward, .. } = &mut body.subject {
            *reward += 600;
        }
        body.amount += 600;
        body.reserve = 520;
        body.donation = 80;
    };
    assert_eq!(statement(&mut scene, &block), "number_ahead");
    assert_eq!(statement(&mut scene, &period(2, 5, 9)), "number_ahead");
    assert_eq!(statement(&mut scene, &period(3, 9, 9)), "statement_reserve");
    scene.restart().unwrap();
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(books.reserve(), (520, 2020));
    assert_eq!(books.account(&who).credited, 3000);
    assert_eq!(books.account(POOL_FEE).credited, 30 + 80);
    let mut without = Scene::new();
    assert_eq!(
        statement(&mut without, &period(1, 0, 5)),
        "statement_reserve"
    );
}

#[test]
fn a_changed_policy_file_is_taken_once_and_a_wrong_one_leaves_the_old_in_force() {
    let mut scene = Scene::new();
    let alice = payee(20);
    let statement = scene.credit(&[(&alice, 10_000)]);
    let file = scene.path("policy.yaml");
    let good = |limit: u64| {
        policy_text(&format!(
            "limits: {{payout: {limit}, day: 100000000000, payeeDay: 100000000000}}"
        ))
    };
    std::fs::write(&file, good(100_000_000_000)).unwrap();
    let mut watched = PolicyFileWatch::new(&file);
    let mut reread = |scene: &mut Scene| {
        let signer = scene.signer.as_mut().unwrap();
        let changed = watched.changed(signer.network())?;
        Some(match changed {
            Ok(policy) => signer.set_policy(policy).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        })
    };
    assert_eq!(reread(&mut scene), None);
    let coin = scene.coin(Kind::P2wpkh, COIN);
    let parts = [part(&alice, 5_000)];
    let asked = payout(
        1,
        &parts,
        2000,
        &psbt(std::slice::from_ref(&coin), &parts, 2000),
    );
    let request = request(vec![statement], Task::Sign(asked));

    std::fs::write(&file, good(4_999)).unwrap();
    assert_eq!(reread(&mut scene), Some(Ok(())));
    assert_eq!(reread(&mut scene), None, "once");
    assert_eq!(reason(&scene.ask(&request)), "limit_payout");
    // Nonsense, another currency, nothing at all: each is told once, and changes nothing.
    let other = good(9_000).replace("currency: RLTC", "currency: LTC");
    for (text, words) in [
        (Some("format: 1".to_owned()), "not valid"),
        (Some(other), "the policy is for LTC"),
        (None, "cannot read the policy"),
    ] {
        match text {
            Some(text) => std::fs::write(&file, text).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let refused = reread(&mut scene).unwrap().unwrap_err();
        assert!(refused.contains(words), "{refused}");
        assert_eq!(reread(&mut scene), None, "once");
        assert_eq!(reason(&scene.ask(&request)), "limit_payout");
    }
    std::fs::write(&file, good(5_000)).unwrap();
    assert_eq!(reread(&mut scene), Some(Ok(())));
    given(&scene.ask(&request));
}

#[test]
fn a_day_is_over_after_its_last_second() {
    const DAY: i64 = 24 * 60 * 60;
    let mut scene = Scene::with_policy("limits: {payout: 1000, day: 1500, payeeDay: 1000}");
    let (alice, bob) = (payee(20), payee(21));
    let statement = scene.credit(&[(&alice, 1_000), (&bob, 1_000)]);
    let mut ask = |number: u64, who: &str, now: i64| {
        let coin = scene.coin(Kind::P2wpkh, COIN);
        let parts = [part(who, 1_000)];
        let asked = payout(number, &parts, 2000, &psbt(&[coin], &parts, 2000));
        scene.ask_at(&request(vec![statement.clone()], Task::Sign(asked)), now)
    };
    given(&ask(1, &alice, NOW));
    assert_eq!(reason(&ask(2, &bob, NOW + DAY - 1)), "limit_day");
    given(&ask(2, &bob, NOW + DAY));
}
