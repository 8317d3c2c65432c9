//! Payouts that a device signs: its PSBT goes out, counted as signed, and comes back or not.

use bitcoin::{
    NetworkKind, Psbt,
    bip32::{DerivationPath, Xpriv, Xpub},
    secp256k1::Secp256k1,
};
use ngsign::{
    keyring::{Key, KeyError},
    request::{Outcome, Request, Task},
    signer::Handed,
};

use crate::support::{
    COIN, Scene, answered, given, network, part, passed_on, payee, payout, psbt_back_to, reason,
    request, wif,
};

/// A device by its seed.
struct Device(Xpriv);

impl Device {
    fn new(seed: u8) -> Self {
        Self(Xpriv::new_master(NetworkKind::Test, &[seed; 32]).unwrap())
    }

    /// `[FINGERPRINT/84h/1h/0h]tpub…/0/5`.
    fn key(&self) -> String {
        let secp = Secp256k1::new();
        let account: DerivationPath = "84h/1h/0h".parse().unwrap();
        let public = Xpub::from_priv(&secp, &self.0.derive_priv(&secp, &account).unwrap());
        format!("[{}/84h/1h/0h]{public}/0/5", self.0.fingerprint(&secp))
    }

    /// Signs what has the derivations of its keys, as devices do.
    fn sign(&self, psbt: &[u8]) -> Psbt {
        let mut psbt = Psbt::deserialize(psbt).unwrap();
        psbt.sign(&self.0, &Secp256k1::new()).unwrap();
        psbt
    }
}

fn key(descriptor: &str) -> Key {
    Key::parse(descriptor, &network()).unwrap()
}

fn scene(descriptor: &str) -> Scene {
    Scene::holding("", [key(descriptor)])
}

/// A payout from a coin of the descriptor's script, change to the same.
fn asked(scene: &mut Scene, descriptor: &str) -> Request {
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let script = key(descriptor).script().clone();
    let coin = scene.coin_to(&script, 3 * COIN);
    let parts = [part(&who, COIN)];
    let psbt = psbt_back_to(&script, &[coin], &parts, 2000);
    request(vec![statement], Task::Sign(payout(1, &parts, 2000, &psbt)))
}

fn exported(handed: Handed) -> Vec<u8> {
    match handed {
        Handed::Device { psbt, answer } => {
            let Outcome::Waiting { text } = &answer.outcome else {
                panic!("{answer:?}");
            };
            assert!(text.contains("device"), "{text}");
            psbt
        }
        other => panic!("not exported: {other:?}"),
    }
}

fn kinds() -> [String; 4] {
    let key = Device::new(1).key();
    [
        format!("pkh({key})"),
        format!("wpkh({key})"),
        format!("sh(wpkh({key}))"),
        format!("tr({key})"),
    ]
}

#[test]
fn a_device_signs_each_kind_of_input_and_its_signatures_are_finished_here() {
    for descriptor in kinds() {
        let mut scene = scene(&descriptor);
        let ask = asked(&mut scene, &descriptor);
        assert_eq!(reason(&scene.ask(&ask)), "others_needed");
        assert_eq!(reason(&answered(scene.cosign(&ask))), "no_key");
        let out = exported(scene.export(&ask));
        scene.restart().unwrap();
        assert_eq!(exported(scene.export(&ask)), out, "the same goes out again");
        let psbt = Psbt::deserialize(&out).unwrap();
        let derived = |bip32: usize, taproot: usize| bip32 + taproot;
        let (input, change) = (&psbt.inputs[0], &psbt.outputs[1]);
        assert_eq!(
            derived(input.bip32_derivation.len(), input.tap_key_origins.len()),
            1
        );
        assert_eq!(
            derived(change.bip32_derivation.len(), change.tap_key_origins.len()),
            1
        );
        let back = Device::new(1).sign(&out);
        let (whole, again) = given(&answered(scene.import(std::slice::from_ref(&back))));
        assert!(!again);
        scene.restart().unwrap();
        assert_eq!(
            given(&answered(scene.import(&[back]))),
            (whole.clone(), true)
        );
        assert_eq!(given(&scene.ask(&ask)), (whole.clone(), true));
        assert_eq!(given(&answered(scene.export(&ask))), (whole, true));
    }
}

#[test]
fn what_a_device_has_finished_itself_is_taken() {
    for descriptor in kinds() {
        let mut scene = scene(&descriptor);
        let ask = asked(&mut scene, &descriptor);
        let out = exported(scene.export(&ask));
        let (whole, _) = given(&answered(scene.import(&[Device::new(1).sign(&out)])));
        let mut other = Scene::holding("", [key(&descriptor)]);
        exported(other.export(&ask));
        let mut finished = Psbt::deserialize(&out).unwrap();
        let (input, signed) = (&mut finished.inputs[0], &whole.input[0]);
        input.final_script_sig = Some(signed.script_sig.clone());
        input.final_script_witness = Some(signed.witness.clone());
        assert_eq!(given(&answered(other.import(&[finished]))), (whole, false));
    }
}

#[test]
fn an_exported_payout_counts_as_signed_though_nothing_came_back() {
    let descriptor = &kinds()[1];
    let mut scene = scene(descriptor);
    let ask = asked(&mut scene, descriptor);
    exported(scene.export(&ask));
    scene.restart().unwrap();
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(
        (books.last_payout(), books.account(&payee(20)).left()),
        (1, 0)
    );
    let void = scene.ask(&request(vec![], Task::Void { number: 1 }));
    let Outcome::Needs { payouts, .. } = void.outcome else {
        panic!("what a device may have signed is not void");
    };
    assert_eq!(
        payouts[0].signed.as_ref().unwrap().versions[0].transaction,
        None
    );
    let coin = scene.coin_to(key(descriptor).script(), 3 * COIN);
    let parts = [part(&payee(20), 1)];
    let more = psbt_back_to(key(descriptor).script(), &[coin], &parts, 2000);
    let more = request(vec![], Task::Sign(payout(2, &parts, 2000, &more)));
    assert_eq!(reason(&answered(scene.export(&more))), "credit");
    let waiting = scene.ask(&ask).outcome;
    assert!(matches!(waiting, Outcome::Waiting { .. }));
    // Released by hand, its PSBT is not taken back any more.
    let back = Device::new(1).sign(&exported(scene.export(&ask)));
    assert_eq!(scene.release(1).unwrap(), Ok(true));
    assert_eq!(reason(&answered(scene.import(&[back]))), "released");
    exported(scene.export(&more));
}

#[test]
fn what_comes_back_is_believed_for_its_good_signatures_alone() {
    let descriptor = &kinds()[1];
    let mut scene = scene(descriptor);
    let ask = asked(&mut scene, descriptor);
    let out = exported(scene.export(&ask));
    let back = Device::new(1).sign(&out);
    let refused = |scene: &mut Scene, change: &dyn Fn(&mut Psbt)| {
        let mut hostile = back.clone();
        change(&mut hostile);
        reason(&answered(scene.import(&[hostile])))
    };
    let redirect = |psbt: &mut Psbt| {
        psbt.unsigned_tx.output[0].value += bitcoin::Amount::from_sat(1);
    };
    assert_eq!(refused(&mut scene, &redirect), "psbt_not_waiting");
    assert_eq!(reason(&answered(scene.import(&[]))), "psbt_not_waiting");
    let none = |psbt: &mut Psbt| {
        let signature = psbt.inputs[0].partial_sigs.values_mut().next().unwrap();
        signature.sighash_type = bitcoin::EcdsaSighashType::None;
    };
    assert_eq!(refused(&mut scene, &none), "psbt_signature");
    let nonsense = |psbt: &mut Psbt| {
        psbt.inputs[0].partial_sigs.clear();
        psbt.inputs[0].final_script_witness = Some(bitcoin::Witness::from_slice(&[[1; 71]]));
    };
    assert_eq!(refused(&mut scene, &nonsense), "psbt_signature");
    // An unsigned one leads nowhere, and a false previous transaction is not even looked at.
    let unsigned = Psbt::deserialize(&out).unwrap();
    assert_eq!(passed_on(scene.import(&[unsigned])).1, 1);
    let mut strange = back.clone();
    strange.inputs[0].non_witness_utxo = None;
    strange.inputs[0].witness_utxo.as_mut().unwrap().value = bitcoin::Amount::from_sat(9);
    given(&answered(scene.import(&[strange])));
}

#[test]
fn nothing_is_exported_that_the_rules_forbid_or_that_needs_no_device() {
    let descriptor = &kinds()[1];
    let mut scene = Scene::holding("maxChangeOutputs: 0", [key(descriptor)]);
    let ask = asked(&mut scene, descriptor);
    assert_eq!(reason(&answered(scene.export(&ask))), "change_outputs");
    assert_eq!(scene.signer.as_ref().unwrap().books().last_payout(), 0);
    let mut own = Scene::holding("", [key(&format!("wpkh({})", wif(7)))]);
    let ask = asked(&mut own, &format!("wpkh({})", wif(7)));
    assert_eq!(reason(&answered(own.export(&ask))), "no_device");
    let void = request(vec![], Task::Void { number: 1 });
    assert_eq!(answered(own.export(&void)).outcome, Outcome::Voided {});
}

#[test]
fn devices_and_signers_of_one_multisig_sign_together() {
    let (one, two) = (Device::new(1), Device::new(2));
    let public = {
        let secret = ngpool_chain::PrivateKey::from_bytes(&[51; 32]).unwrap();
        hex::encode(secret.public_key())
    };
    let descriptor =
        |third: &str| format!("wsh(sortedmulti(3,{},{third},{}))", one.key(), two.key());
    let mut keeper = scene(&descriptor(&public));
    let ask = asked(&mut keeper, &descriptor(&public));
    let out = exported(keeper.export(&ask));
    let (next, lacking) = passed_on(keeper.import(&[one.sign(&out), two.sign(&out)]));
    assert_eq!(lacking, 1);
    let mut holder = scene(&descriptor(&wif(51)));
    // The statements came with the first request.
    assert_eq!(reason(&answered(holder.cosign(&next))), "credit");
    let mut with = next.clone();
    with.statements = ask.statements.clone();
    let (whole, _) = given(&answered(holder.cosign(&with)));
    assert_eq!(whole.input[0].witness.len(), 5);
}

#[test]
fn of_a_descriptor_of_a_range_one_address_is_imported_by_its_index() {
    let of = |child: &str| {
        let key = Device::new(3).key();
        format!("wpkh({}/{child})", key.strip_suffix("/5").unwrap())
    };
    let one = |child: u32| of(&child.to_string());
    let range = of("*");
    assert_ne!(range, one(5));
    let picked = Key::at_index(&range, Some(5)).unwrap();
    let script = |text: &str| Key::parse(text, &network()).unwrap().script().clone();
    assert_eq!(script(&picked), script(&one(5)));
    assert_ne!(script(&picked), script(&one(6)));
    assert_eq!(*Key::at_index(&one(5), None).unwrap(), one(5));
    assert_eq!(Key::at_index(&range, None), Err(KeyError::Range));
    assert_eq!(Key::at_index(&one(5), Some(5)), Err(KeyError::NoRange));
    let wrong = format!("{range}#qqqqqqqq");
    assert_eq!(Key::at_index(&wrong, Some(5)), Err(KeyError::Checksum));
    // No number of a child that a public key has.
    let hardened = Key::at_index(&range, Some(1 << 31)).unwrap();
    assert!(Key::parse(&hardened, &network()).is_err());
}
