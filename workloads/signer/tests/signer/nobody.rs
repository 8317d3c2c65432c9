//! Payouts that pay nobody: consolidations, and the child that pays for a stuck payout.

use ngsign::{
    keyring::Kind,
    request::{Outcome, Task},
    rules::ledger::NumberRefusal,
};

use crate::support::{
    COIN, NOW, Scene, given, output, own, own_psbt, part, payee, payout, psbt, reason, request,
    script_of,
};

#[test]
fn coins_are_consolidated_into_our_own_script_under_a_number_of_its_own() {
    let mut scene = Scene::new();
    let coins = [
        scene.coin(Kind::P2wpkh, COIN),
        scene.coin(Kind::P2pkh, COIN),
    ];
    let asked = payout(
        1,
        &[],
        3000,
        &own_psbt(&[(&coins[0], 0), (&coins[1], 0)], 3000),
    );
    let asked = request(vec![], Task::Sign(asked));
    let (transaction, _) = given(&scene.ask(&asked));
    assert_eq!(
        transaction.output,
        [output(own(Kind::P2wpkh).script(), 2 * COIN - 3000)]
    );
    scene.restart().unwrap();
    assert!(given(&scene.ask(&asked)).1, "it is given again");
    assert_eq!(
        scene.signer.as_ref().unwrap().books().fees_in_day(NOW),
        3000
    );
    let next = scene.coin(Kind::P2tr, COIN);
    let mut void = payout(3, &[], 10, &own_psbt(&[(&next, 0)], 10));
    assert_eq!(
        reason(&scene.ask(&request(vec![], Task::Sign(void.clone())))),
        "number_ahead"
    );
    void.number = 2;
    given(&scene.ask(&request(vec![], Task::Sign(void))));
}

#[test]
fn what_pays_nobody_pays_no_stranger_and_keeps_to_the_limits() {
    let refused = |policy: &str, change: &dyn Fn(&mut ngsign::request::Payout)| {
        let mut scene = Scene::with_policy(policy);
        let coin = scene.coin(Kind::P2wpkh, COIN);
        let mut asked = payout(1, &[], 3000, &own_psbt(&[(&coin, 0)], 3000));
        change(&mut asked);
        reason(&scene.ask(&request(vec![], Task::Sign(asked))))
    };
    let to_stranger = |asked: &mut ngsign::request::Payout| {
        let mut psbt = bitcoin::Psbt::deserialize(&asked.psbt.0).unwrap();
        psbt.unsigned_tx.output[0].script_pubkey = script_of(&payee(66));
        asked.psbt.0 = psbt.serialize();
    };
    assert_eq!(refused("", &to_stranger), "outputs");
    assert_eq!(refused("", &|asked| asked.fee = 1), "fee");
    assert_eq!(
        refused("", &|asked| asked.anchor.vout = 9),
        "anchor_not_spent"
    );
    assert_eq!(refused("", &|asked| asked.version = 2), "version_ahead");
    let nothing = |_: &mut ngsign::request::Payout| {};
    for (policy, expected) in [
        ("fee: {transaction: 2999, day: 9999, rate: 99}", "limit_fee"),
        (
            "fee: {transaction: 3000, day: 2999, rate: 99}",
            "limit_fee_day",
        ),
        (
            "fee: {transaction: 3000, day: 3000, rate: 5}",
            "limit_fee_rate",
        ),
        ("maxChangeOutputs: 0", "change_outputs"),
    ] {
        assert_eq!(refused(policy, &nothing), expected);
    }
}

/// A signed payout with a fee of 300, and its change.
fn stuck(scene: &mut Scene) -> (bitcoin::Transaction, u32) {
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    let parts = [part(&who, COIN)];
    let asked = payout(1, &parts, 300, &psbt(&[coin], &parts, 300));
    let (parent, _) = given(&scene.ask(&request(vec![statement], Task::Sign(asked))));
    let vout = parent
        .output
        .iter()
        .position(|output| output.script_pubkey == *own(Kind::P2wpkh).script())
        .unwrap();
    (parent, u32::try_from(vout).unwrap())
}

#[test]
fn a_child_spends_the_change_of_a_payout_and_its_rate_counts_with_its_parent_s() {
    // Child and parent have some 250 virtual bytes together, the child alone some 110.
    let mut scene = Scene::with_policy("fee: {transaction: 100000, day: 100000, rate: 20}");
    let (parent, vout) = stuck(&mut scene);
    let child = |fee| payout(2, &[], fee, &own_psbt(&[(&parent, vout)], fee));
    let ask = |scene: &mut Scene, asked| scene.ask(&request(vec![], Task::Sign(asked)));
    assert_eq!(reason(&ask(&mut scene, child(6000))), "limit_fee_rate");
    let (first, _) = given(&ask(&mut scene, child(4000)));
    assert_eq!(first.input[0].previous_output.txid, parent.compute_txid());
    let mut dearer = child(4500);
    dearer.version = 2;
    given(&ask(&mut scene, dearer));
    // The same rate without such a parent is too much.
    let coin = scene.coin(Kind::P2wpkh, COIN);
    let other = payout(3, &[], 4000, &own_psbt(&[(&coin, 0)], 4000));
    assert_eq!(reason(&ask(&mut scene, other)), "limit_fee_rate");
    // Nor does a payout to somebody get it.
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let parts = [part(&who, 1000)];
    let mut paying = psbt(std::slice::from_ref(&parent), &parts, 300);
    paying.unsigned_tx.input[0].previous_output.vout = vout;
    paying.unsigned_tx.output[1].value = parent.output[usize::try_from(vout).unwrap()].value
        - bitcoin::Amount::from_sat(1000 + 4400);
    let asked = payout(3, &parts, 4400, &paying);
    assert_eq!(
        reason(&scene.ask(&request(vec![statement], Task::Sign(asked)))),
        "anchor_reused"
    );
}

#[test]
fn a_released_payout_gives_its_credits_back_and_is_never_signed_again() {
    let mut scene = Scene::new();
    let who = payee(20);
    let (parent, _) = stuck(&mut scene);
    let statement_less = |number, coin: &bitcoin::Transaction| {
        let parts = [part(&who, COIN)];
        let asked = payout(
            number,
            &parts,
            300,
            &psbt(std::slice::from_ref(coin), &parts, 300),
        );
        request(vec![], Task::Sign(asked))
    };
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    assert_eq!(reason(&scene.ask(&statement_less(2, &coin))), "credit");
    scene.release(9).unwrap().unwrap_err();
    assert_eq!(scene.release(1).unwrap(), Ok(true));
    assert_eq!(scene.release(1).unwrap(), Ok(false));
    scene.restart().unwrap();
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(books.account(&who).left(), u128::from(COIN));
    assert_eq!(
        books.signed_in_day(NOW),
        u128::from(COIN),
        "limits of a day are not given back"
    );
    // Asked for as it was, it is not given again: the credits may be paid elsewhere.
    let first = payout_one_again(&parent);
    assert_eq!(
        reason(&scene.ask(&request(vec![], Task::Sign(first)))),
        "released"
    );
    given(&scene.ask(&statement_less(2, &coin)));
    assert_eq!(
        reason(&scene.ask(&statement_less(3, &scene_coin()))),
        "credit"
    );
    // A pool that is behind hears of it.
    let Outcome::Needs { payouts, .. } = scene
        .ask(&request(vec![], Task::Void { number: 1 }))
        .outcome
    else {
        panic!("a released payout is not void");
    };
    assert!(payouts[0].released && !payouts[1].released);
    let void = scene.ask(&request(vec![], Task::Void { number: 3 }));
    assert_eq!(void.outcome, Outcome::Voided {});
    assert_eq!(scene.release(3).unwrap(), Err(NumberRefusal::Void(3)));
}

/// Payout 1 as [`stuck`] asked for it.
fn payout_one_again(parent: &bitcoin::Transaction) -> ngsign::request::Payout {
    let mut scene = Scene::new();
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    assert_eq!(parent.input[0].previous_output.txid, coin.compute_txid());
    let parts = [part(&payee(20), COIN)];
    payout(1, &parts, 300, &psbt(&[coin], &parts, 300))
}

/// A coin that no other test's scene has at this place.
fn scene_coin() -> bitcoin::Transaction {
    let mut scene = Scene::new();
    for _ in 0..50 {
        scene.coin(Kind::P2wpkh, COIN);
    }
    scene.coin(Kind::P2wpkh, 3 * COIN)
}

#[test]
fn only_what_is_signed_is_released() {
    let mut scene = Scene::new();
    assert_eq!(scene.release(1).unwrap(), Err(NumberRefusal::NotSigned(1)));
    stuck(&mut scene);
    assert_eq!(scene.release(2).unwrap(), Err(NumberRefusal::NotSigned(2)));
}
