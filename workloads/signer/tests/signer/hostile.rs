//! Every PSBT that must not be signed.

use bitcoin::{
    Amount, EcdsaSighashType, Psbt, ScriptBuf, Sequence, TapSighashType, absolute::LockTime,
    psbt::raw, transaction::Version,
};
use ngsign::{
    keyring::{Keyring, Kind},
    psbt::{Checked, PsbtRefusal},
};

use crate::support::{COIN, KINDS, Scene, own, part, payee, psbt};

fn keyring() -> Keyring {
    let mut keyring = Keyring::new();
    for kind in KINDS {
        keyring.add(own(kind)).unwrap();
    }
    keyring
}

fn good(kinds: &[Kind]) -> Psbt {
    let mut scene = Scene::new();
    let coins: Vec<_> = kinds.iter().map(|kind| scene.coin(*kind, COIN)).collect();
    psbt(&coins, &[part(&payee(20), COIN / 2)], 1000)
}

fn refusal(psbt: &Psbt) -> PsbtRefusal {
    Checked::parse(&psbt.serialize(), &keyring()).unwrap_err()
}

#[test]
fn what_is_right_is_taken_with_its_fee() {
    let checked = Checked::parse(&good(&KINDS).serialize(), &keyring()).unwrap();
    assert_eq!(checked.fee(), 1000);
    assert_eq!(checked.outpoints().count(), 4);
}

#[test]
fn a_false_value_beside_a_true_previous_transaction_is_refused() {
    for kind in KINDS {
        let mut hostile = good(&[kind]);
        let mut stated = hostile.inputs[0].non_witness_utxo.as_ref().unwrap().output[0].clone();
        stated.value = Amount::from_sat(COIN * 2);
        hostile.inputs[0].witness_utxo = Some(stated);
        assert_eq!(refusal(&hostile), PsbtRefusal::FalseOutput(0));
    }
}

#[test]
fn a_previous_transaction_with_another_txid_is_refused() {
    for kind in KINDS {
        let mut hostile = good(&[kind]);
        let previous = hostile.inputs[0].non_witness_utxo.as_mut().unwrap();
        previous.output[0].value = Amount::from_sat(COIN * 2);
        assert_eq!(refusal(&hostile), PsbtRefusal::PreviousTxid(0));
    }
}

#[test]
fn an_output_that_the_previous_transaction_does_not_have_is_refused() {
    for vout in [1, u32::MAX] {
        let mut hostile = good(&[Kind::P2wpkh]);
        hostile.unsigned_tx.input[0].previous_output.vout = vout;
        assert_eq!(refusal(&hostile), PsbtRefusal::OutOfRange(0));
    }
}

#[test]
fn a_stated_output_alone_is_enough_only_when_all_inputs_are_taproot() {
    let stated_only = |mut psbt: Psbt, index: usize| {
        let input = &mut psbt.inputs[index];
        input.witness_utxo = Some(input.non_witness_utxo.take().unwrap().output[0].clone());
        psbt
    };
    for kind in [Kind::P2pkh, Kind::P2wpkh, Kind::P2shP2wpkh] {
        assert_eq!(
            refusal(&stated_only(good(&[kind]), 0)),
            PsbtRefusal::NoPrevious(0)
        );
    }
    let mixed = stated_only(good(&[Kind::P2wpkh, Kind::P2tr]), 1);
    assert_eq!(refusal(&mixed), PsbtRefusal::NoPrevious(1));
    let taproot = stated_only(good(&[Kind::P2tr]), 0);
    assert!(Checked::parse(&taproot.serialize(), &keyring()).is_ok());
    let mut nothing = good(&[Kind::P2tr]);
    nothing.inputs[0].non_witness_utxo = None;
    assert_eq!(refusal(&nothing), PsbtRefusal::NoPrevious(0));
}

#[test]
fn signatures_that_do_not_cover_everything_are_refused() {
    use EcdsaSighashType::{
        AllPlusAnyoneCanPay, None, NonePlusAnyoneCanPay, Single, SinglePlusAnyoneCanPay,
    };
    for sighash in [
        None,
        Single,
        AllPlusAnyoneCanPay,
        NonePlusAnyoneCanPay,
        SinglePlusAnyoneCanPay,
    ] {
        for kind in KINDS {
            let mut hostile = good(&[kind]);
            hostile.inputs[0].sighash_type = Some(sighash.into());
            assert_eq!(refusal(&hostile), PsbtRefusal::Sighash(0));
        }
    }
    // The default of Taproot has no meaning elsewhere.
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.inputs[0].sighash_type = Some(TapSighashType::Default.into());
    assert_eq!(refusal(&hostile), PsbtRefusal::Sighash(0));
}

#[test]
fn fields_that_are_not_known_are_refused_wherever_they_are() {
    let key = || raw::Key {
        type_value: 0xf0,
        key: vec![1],
    };
    let spoil: [fn(&mut Psbt, raw::Key); 3] = [
        |psbt, key| drop(psbt.unknown.insert(key, vec![2])),
        |psbt, key| drop(psbt.inputs[0].unknown.insert(key, vec![2])),
        |psbt, key| drop(psbt.outputs[0].unknown.insert(key, vec![2])),
    ];
    for spoil in spoil {
        let mut hostile = good(&[Kind::P2wpkh]);
        spoil(&mut hostile, key());
        assert!(matches!(
            refusal(&hostile),
            PsbtRefusal::UnknownField { .. }
        ));
    }
}

#[test]
fn the_same_coin_twice_is_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile
        .unsigned_tx
        .input
        .push(hostile.unsigned_tx.input[0].clone());
    hostile.inputs.push(hostile.inputs[0].clone());
    assert_eq!(refusal(&hostile), PsbtRefusal::DuplicateInput(1));
}

#[test]
fn a_coin_of_somebody_else_is_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    let previous = hostile.inputs[0].non_witness_utxo.as_mut().unwrap();
    previous.output[0].script_pubkey = ScriptBuf::from_bytes(vec![0x51]);
    let txid = previous.compute_txid();
    hostile.unsigned_tx.input[0].previous_output.txid = txid;
    assert_eq!(refusal(&hostile), PsbtRefusal::NotOurs(0));
}

#[test]
fn scripts_that_the_key_does_not_need_are_refused() {
    for kind in KINDS {
        let mut hostile = good(&[kind]);
        hostile.inputs[0].witness_script = Some(ScriptBuf::from_bytes(vec![0x51]));
        assert_eq!(refusal(&hostile), PsbtRefusal::ForeignScript(0));
        let mut hostile = good(&[kind]);
        hostile.inputs[0].redeem_script = Some(ScriptBuf::from_bytes(vec![0x51]));
        assert_eq!(refusal(&hostile), PsbtRefusal::ForeignScript(0));
    }
}

#[test]
fn what_is_signed_already_is_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.inputs[0].final_script_sig = Some(ScriptBuf::from_bytes(vec![0x51]));
    assert_eq!(refusal(&hostile), PsbtRefusal::AlreadySigned(0));
}

#[test]
fn outputs_worth_more_than_the_inputs_are_refused() {
    for value in [COIN, u64::MAX] {
        let mut hostile = good(&[Kind::P2wpkh]);
        hostile.unsigned_tx.output[0].value = Amount::from_sat(value);
        assert_eq!(refusal(&hostile), PsbtRefusal::Value);
    }
}

#[test]
fn a_transaction_that_is_held_back_is_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.unsigned_tx.lock_time = LockTime::from_consensus(100);
    assert_eq!(refusal(&hostile), PsbtRefusal::Locked);
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.unsigned_tx.input[0].sequence = Sequence::from_height(100);
    assert_eq!(refusal(&hostile), PsbtRefusal::Locked);
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.unsigned_tx.version = Version::non_standard(3);
    assert_eq!(refusal(&hostile), PsbtRefusal::Version(3));
}

#[test]
fn bytes_that_are_no_psbt_or_go_on_after_it_are_refused() {
    let mut bytes = good(&[Kind::P2wpkh]).serialize();
    bytes.push(0);
    let refusal = Checked::parse(&bytes, &keyring()).unwrap_err();
    assert_eq!(refusal, PsbtRefusal::Trailing);
    for bytes in [&b""[..], b"psbt\xff", &bytes[..40]] {
        assert!(matches!(
            Checked::parse(bytes, &keyring()),
            Err(PsbtRefusal::Malformed(_))
        ));
    }
}

#[test]
fn no_outputs_are_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.unsigned_tx.output.clear();
    hostile.outputs.clear();
    assert!(matches!(refusal(&hostile), PsbtRefusal::Count { .. }));
}

#[test]
fn changed_bytes_never_panic_and_never_pass_with_false_sums() {
    let keyring = keyring();
    let seed = good(&KINDS).serialize();
    for place in 0..seed.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = seed.clone();
            bytes[place] ^= flip;
            ngsign::fuzzing::psbt(&bytes, &keyring);
        }
        ngsign::fuzzing::psbt(&seed[..place], &keyring);
    }
    ngsign::fuzzing::request(b"{\"format\":1}", &keyring);
}

#[test]
fn preimages_and_taproot_scripts_are_refused() {
    use bitcoin::hashes::{Hash, hash160, ripemd160, sha256, sha256d};
    let spoil: [fn(&mut bitcoin::psbt::Input); 6] = [
        |input| {
            drop(
                input
                    .sha256_preimages
                    .insert(sha256::Hash::hash(&[1]), vec![1]),
            );
        },
        |input| {
            drop(
                input
                    .hash160_preimages
                    .insert(hash160::Hash::hash(&[1]), vec![1]),
            );
        },
        |input| {
            drop(
                input
                    .hash256_preimages
                    .insert(sha256d::Hash::hash(&[1]), vec![1]),
            );
        },
        |input| {
            drop(
                input
                    .ripemd160_preimages
                    .insert(ripemd160::Hash::hash(&[1]), vec![1]),
            );
        },
        |input| {
            input.tap_merkle_root = Some(bitcoin::TapNodeHash::all_zeros());
        },
        |input| {
            let secp = bitcoin::secp256k1::Secp256k1::new();
            let secret = bitcoin::secp256k1::SecretKey::from_slice(&[9; 32]).unwrap();
            input.tap_internal_key = Some(secret.x_only_public_key(&secp).0);
        },
    ];
    for kind in KINDS {
        for spoil in spoil {
            let mut hostile = good(&[kind]);
            spoil(&mut hostile.inputs[0]);
            assert_eq!(refusal(&hostile), PsbtRefusal::ForeignScript(0));
        }
    }
}

#[test]
fn signatures_in_a_psbt_are_refused_good_ones_too() {
    let signed = |kind| {
        let mut scene = Scene::new();
        let coin = scene.coin(kind, COIN);
        let psbt = psbt(&[coin], &[part(&payee(20), COIN / 2)], 1000);
        let mut signed = psbt.clone();
        let keys: std::collections::BTreeMap<_, _> = {
            let secret = bitcoin::secp256k1::SecretKey::from_slice(&[7; 32]).unwrap();
            let key = bitcoin::PrivateKey::new(secret, bitcoin::NetworkKind::Test);
            let secp = bitcoin::secp256k1::Secp256k1::new();
            let public = key.public_key(&secp);
            let nowhere = (bitcoin::bip32::Fingerprint::default(), "m".parse().unwrap());
            signed.inputs[0]
                .bip32_derivation
                .insert(public.inner, nowhere);
            [(public, key)].into()
        };
        let secp = bitcoin::secp256k1::Secp256k1::new();
        signed.sign(&keys, &secp).unwrap();
        assert_eq!(signed.inputs[0].partial_sigs.len(), 1);
        signed
    };
    for kind in [Kind::P2pkh, Kind::P2wpkh] {
        let good = signed(kind);
        assert_eq!(refusal(&good), PsbtRefusal::AlreadySigned(0));
        assert!(Checked::parse_signed(&good.serialize(), &keyring()).is_ok());
        let mut bad = good;
        bad.unsigned_tx.output[0].value -= Amount::from_sat(1);
        assert_eq!(refusal(&bad), PsbtRefusal::Signature(0));
    }
}

#[test]
fn a_value_is_taken_from_the_output_that_is_spent_and_no_other() {
    // The previous transaction has a second, dearer output of ours, which is not spent.
    let mut psbt = good(&[Kind::P2wpkh]);
    let previous = psbt.inputs[0].non_witness_utxo.as_mut().unwrap();
    let mut dearer = previous.output[0].clone();
    dearer.value = Amount::from_sat(COIN * 9);
    previous.output.push(dearer);
    let txid = previous.compute_txid();
    psbt.unsigned_tx.input[0].previous_output.txid = txid;
    let checked = Checked::parse(&psbt.serialize(), &keyring()).unwrap();
    assert_eq!(checked.fee(), 1000);
    psbt.unsigned_tx.input[0].previous_output.vout = 1;
    let checked = Checked::parse(&psbt.serialize(), &keyring()).unwrap();
    assert_eq!(checked.fee(), 1000 + COIN * 8);
}

#[test]
fn inputs_and_outputs_beyond_the_transaction_s_are_refused() {
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.inputs.push(hostile.inputs[0].clone());
    assert!(Checked::parse(&hostile.serialize(), &keyring()).is_err());
    let mut hostile = good(&[Kind::P2wpkh]);
    hostile.outputs.push(hostile.outputs[0].clone());
    assert!(Checked::parse(&hostile.serialize(), &keyring()).is_err());
    let mut hostile = good(&[Kind::P2wpkh, Kind::P2wpkh]);
    hostile.inputs.pop();
    assert!(Checked::parse(&hostile.serialize(), &keyring()).is_err());
}

#[test]
fn fields_given_twice_are_refused() {
    // The key 0x01 0x00 of the global map: the unsigned transaction, once more.
    let psbt = good(&[Kind::P2wpkh]);
    let bytes = psbt.serialize();
    let transaction = bitcoin::consensus::encode::serialize(&psbt.unsigned_tx);
    let mut again = bytes[..5].to_vec();
    again.extend([1, 0]);
    again.extend(bitcoin::consensus::encode::serialize(
        &bitcoin::VarInt::from(transaction.len()),
    ));
    again.extend(&transaction);
    again.extend(&bytes[5..]);
    assert!(matches!(
        Checked::parse(&again, &keyring()),
        Err(PsbtRefusal::Malformed(_))
    ));
}
