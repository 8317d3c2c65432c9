//! Payouts that several signers sign, each under its own rules and with its own journal.

use bitcoin::{Psbt, ScriptBuf};
use ngpool_chain::PrivateKey;
use ngsign::{
    keyring::{Key, KeyError},
    request::{Outcome, Request, Task},
};

use crate::support::{
    COIN, Scene, answered, given, network, part, passed_on, payee, payout, psbt_back_to, reason,
    request, wif,
};

fn public(seed: u8) -> String {
    hex::encode(PrivateKey::from_bytes(&[seed; 32]).unwrap().public_key())
}

/// The descriptor of `needed` of the keys 51, 52 and 53, as the holder of one of them has it.
pub(crate) fn descriptor(needed: usize, holder: u8) -> String {
    let keys = [51, 52, 53].map(|seed| {
        if seed == holder {
            wif(seed)
        } else {
            public(seed)
        }
    });
    format!("wsh(sortedmulti({needed},{}))", keys.join(","))
}

fn key(needed: usize, holder: u8) -> Key {
    Key::parse(&descriptor(needed, holder), &network()).unwrap()
}

/// The holder's signer.
pub(crate) fn holder(needed: usize, seed: u8, policy: &str) -> Scene {
    Scene::holding(policy, [key(needed, seed)])
}

/// A payout of one coin by version and fee, with its statement.
fn asked(first: &mut Scene, needed: usize) -> impl Fn(u32, u64) -> Request + use<> {
    let who = payee(20);
    let statement = first.credit(&[(&who, COIN)]);
    let script = key(needed, 51).script().clone();
    let coin = first.coin_to(&script, 3 * COIN);
    let parts = [part(&who, COIN)];
    move |version, fee| {
        let psbt = psbt_back_to(&script, std::slice::from_ref(&coin), &parts, fee);
        let mut asked = payout(1, &parts, fee, &psbt);
        asked.version = version;
        request(vec![statement.clone()], Task::Sign(asked))
    }
}

fn psbt_of(request: &Request) -> Psbt {
    match &request.task {
        Some(Task::Sign(payout)) => Psbt::deserialize(&payout.psbt.0).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn with_psbt(request: &Request, change: impl FnOnce(&mut Psbt)) -> Request {
    let mut request = request.clone();
    let mut psbt = psbt_of(&request);
    change(&mut psbt);
    if let Some(Task::Sign(payout)) = &mut request.task {
        payout.psbt.0 = psbt.serialize();
    }
    request
}

#[test]
fn all_holders_have_the_same_address_whatever_the_order_of_the_keys() {
    let scripts = [51, 52, 53, 0].map(|holder| key(2, holder).script().clone());
    assert!(
        scripts
            .iter()
            .all(|script| *script == scripts[0] && script.is_p2wsh())
    );
    let turned = format!(
        "wsh(sortedmulti(2,{},{},{}))",
        public(53),
        public(51),
        public(52)
    );
    assert_eq!(
        *Key::parse(&turned, &network()).unwrap().script(),
        scripts[0]
    );
    let unsorted = turned.replace("sortedmulti", "multi");
    assert_ne!(
        *Key::parse(&unsorted, &network()).unwrap().script(),
        scripts[0]
    );
}

#[test]
fn descriptors_that_are_no_sound_multisig_are_refused() {
    let parse = |inside: &str| Key::parse(&format!("wsh(sortedmulti({inside}))"), &network()).err();
    let (one, two) = (public(51), public(52));
    for inside in [
        format!("0,{one},{two}"),
        format!("3,{one},{two}"),
        format!("2,{one},{one}"),
        "1".to_owned(),
        String::new(),
        format!("x,{one}"),
        format!("1{}", format!(",{one}").repeat(17)),
    ] {
        assert_eq!(parse(&inside), Some(KeyError::Multisig), "{inside}");
    }
    assert_eq!(
        parse(&format!("2,{},{}", wif(51), wif(52))),
        Some(KeyError::SecondSecret)
    );
    assert_eq!(parse(&format!("1,{}", &one[..64])), Some(KeyError::Public));
    assert_eq!(parse(&format!("1,[zz/1]{one}")), Some(KeyError::Origin));
    assert_eq!(parse("1,tpubABC/0/1"), Some(KeyError::Extended));
}

#[test]
fn two_of_three_sign_in_any_order_and_the_last_has_the_whole() {
    let mut wholes = Vec::new();
    for (first, second) in [(51, 52), (53, 51), (52, 53)] {
        let (mut one, mut two) = (holder(2, first, ""), holder(2, second, ""));
        let ask = asked(&mut one, 2)(1, 2000);
        let (next, lacking) = passed_on(one.cosign(&ask));
        assert_eq!(lacking, 1);
        // Asked again, the same comes out, after a restart too.
        one.restart().unwrap();
        assert_eq!(passed_on(one.cosign(&ask)).0, next);
        let (whole, again) = given(&answered(two.cosign(&next)));
        assert!(!again);
        assert_eq!(given(&answered(two.cosign(&ask))), (whole.clone(), true));
        assert_eq!(given(&two.ask(&ask)), (whole.clone(), true));
        // The first learns the whole when it sees the other's signature.
        let seen = with_psbt(&next, |psbt| {
            let other = holder(2, second, "").cosign(&ask);
            psbt.inputs = psbt_of(&passed_on(other).0).inputs;
        });
        assert_eq!(given(&answered(one.cosign(&seen))), (whole.clone(), false));
        one.restart().unwrap();
        assert_eq!(given(&one.ask(&ask)), (whole.clone(), true));
        assert_eq!(whole.input[0].witness.len(), 4);
        wholes.push(whole.compute_txid());
    }
    assert!(wholes.iter().all(|txid| *txid == wholes[0]));
}

#[test]
fn what_one_signer_signed_counts_there_before_the_others_do() {
    let mut one = holder(2, 51, "");
    let ask = asked(&mut one, 2);
    passed_on(one.cosign(&ask(1, 2000)));
    one.restart().unwrap();
    // Its credit is used up, its number taken, its anchor taken.
    let void = one.ask(&request(vec![], Task::Void { number: 1 }));
    let Outcome::Needs { payouts, .. } = void.outcome else {
        panic!("what others may have signed is not void");
    };
    let known = &payouts[0].signed.as_ref().unwrap().versions[0];
    assert_eq!(known.transaction, None);
    assert_eq!(known.unsigned.0, psbt_of(&ask(1, 2000)).unsigned_tx);
    let waiting = one.ask(&ask(1, 2000)).outcome;
    assert!(matches!(waiting, Outcome::Waiting { text } if text.contains("other signers")));
    let mut next = ask(1, 2000);
    if let Some(Task::Sign(payout)) = &mut next.task {
        payout.number = 2;
    }
    assert_eq!(reason(&answered(one.cosign(&next))), "anchor_reused");
    let coin = one.coin_to(key(2, 51).script(), 3 * COIN);
    let parts = [part(&payee(20), 1)];
    let more = psbt_back_to(key(2, 51).script(), &[coin], &parts, 2000);
    let more = request(vec![], Task::Sign(payout(2, &parts, 2000, &more)));
    assert_eq!(reason(&answered(one.cosign(&more))), "credit");
    // A version with a higher fee is signed beside it, under the same number.
    let (raised, _) = passed_on(one.cosign(&ask(2, 3000)));
    assert_eq!(
        reason(&answered(one.cosign(&ask(3, 2500)))),
        "fee_not_raised"
    );
    let mut two = holder(2, 52, "");
    assert_eq!(reason(&answered(two.cosign(&raised))), "version_ahead");
    let (first, _) = passed_on(one.cosign(&ask(1, 2000)));
    given(&answered(two.cosign(&first)));
    given(&answered(two.cosign(&raised)));
}

#[test]
fn each_signer_keeps_to_its_own_policy_and_statements() {
    let mut one = holder(2, 51, "");
    let ask = asked(&mut one, 2);
    let (next, _) = passed_on(one.cosign(&ask(1, 2000)));
    let mut careful = holder(2, 52, "limits: {payout: 5, day: 5, payeeDay: 5}");
    assert_eq!(reason(&answered(careful.cosign(&next))), "limit_payee_day");
    let mut uncredited = next.clone();
    uncredited.statements.clear();
    let mut two = holder(2, 53, "");
    assert_eq!(reason(&answered(two.cosign(&uncredited))), "credit");
    let books = two.signer.as_ref().unwrap().books();
    assert_eq!(books.last_payout(), 0, "nothing was recorded");
    given(&answered(two.cosign(&next)));
}

#[test]
fn a_signer_alone_signs_none_of_it_and_a_single_one_of_several_does() {
    let mut one = holder(2, 51, "");
    let ask = asked(&mut one, 2)(1, 2000);
    assert_eq!(reason(&one.ask(&ask)), "others_needed");
    assert_eq!(one.signer.as_ref().unwrap().books().last_payout(), 0);
    let mut watcher = holder(2, 0, "");
    assert_eq!(reason(&answered(watcher.cosign(&ask))), "no_key");
    let mut any = holder(1, 53, "");
    let ask = asked(&mut any, 1)(1, 2000);
    assert!(!given(&any.ask(&ask)).1);
    assert!(given(&answered(any.cosign(&ask))).1);
}

#[test]
fn signatures_of_others_that_are_not_good_are_refused() {
    let mut one = holder(2, 51, "");
    let ask = asked(&mut one, 2);
    let (next, _) = passed_on(one.cosign(&ask(1, 2000)));
    let (other, _) = passed_on(holder(2, 51, "").cosign(&ask(1, 2001)));
    let refused = |hostile: &Request| {
        let mut two = holder(2, 52, "");
        let code = reason(&answered(two.cosign(hostile)));
        assert_eq!(two.signer.as_ref().unwrap().books().last_payout(), 0);
        code
    };
    // Of another transaction.
    let hostile = with_psbt(&next, |psbt| {
        psbt.inputs[0].partial_sigs = psbt_of(&other).inputs[0].partial_sigs.clone();
    });
    assert_eq!(refused(&hostile), "psbt_signature");
    // By a key that has no part in it.
    let hostile = with_psbt(&next, |psbt| {
        let (_, signature) = psbt.inputs[0].partial_sigs.pop_first().unwrap();
        let key = public(60).parse().unwrap();
        psbt.inputs[0].partial_sigs.insert(key, signature);
    });
    assert_eq!(refused(&hostile), "psbt_signature");
    // Over less than everything.
    let hostile = with_psbt(&next, |psbt| {
        let signature = psbt.inputs[0].partial_sigs.values_mut().next().unwrap();
        signature.sighash_type = bitcoin::EcdsaSighashType::None;
    });
    assert_eq!(refused(&hostile), "psbt_signature");
    // Finished by somebody, with a script of his.
    let hostile = with_psbt(&next, |psbt| {
        psbt.inputs[0].final_script_sig = Some(ScriptBuf::new());
    });
    assert_eq!(refused(&hostile), "psbt_already_signed");
    let hostile = with_psbt(&next, |psbt| {
        psbt.inputs[0].witness_script = Some(ScriptBuf::from_bytes(vec![0x51]));
    });
    assert_eq!(refused(&hostile), "psbt_foreign_script");
    // One that is good is not needed twice: the signer's own is added, and it is whole.
    let right = with_psbt(&next, |psbt| {
        psbt.inputs[0].witness_script = key(2, 51).spend().witness_script().cloned();
    });
    given(&answered(holder(2, 52, "").cosign(&right)));
    // Signatures in a request that is not cosigned are refused as before.
    let mut alone = holder(1, 51, "");
    let ask = asked(&mut alone, 1)(1, 2000);
    let signed = with_psbt(&ask, |psbt| {
        psbt.inputs[0].final_script_witness = Some(bitcoin::Witness::new());
    });
    assert_eq!(reason(&alone.ask(&signed)), "psbt_already_signed");
}
