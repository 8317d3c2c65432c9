//! Signing a checked transaction and verifying what came out.

use bitcoin::{
    Amount, EcdsaSighashType, Script, ScriptBuf, TapSighashType, Transaction, TxOut, Witness,
    ecdsa,
    hashes::Hash,
    script::PushBytesBuf,
    secp256k1::{All, Message, Secp256k1},
    sighash::{Prevouts, SighashCache},
    taproot,
};
use thiserror::Error;

use super::{Checked, CheckedInput};
use crate::{
    keyring::{Keyring, Spend},
    rules::Approved,
};

/// Why a transaction that may be signed is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SigningError {
    /// The key is gone.
    #[error("the key of input {0} is not in the keystore")]
    Key(usize),
    /// The hash to sign cannot be computed.
    #[error("the hash to sign of input {0} cannot be computed")]
    Hash(usize),
    /// What was signed does not verify: memory or processor at fault.
    #[error(
        "the signed transaction does not verify at input {0}: nothing was handed out; check this machine's memory"
    )]
    Verification(usize),
}

/// Signs what the rules approved. The transaction that comes back has been verified: it is the
/// approved one but for its signatures, and each signature is good for its input's real output.
pub fn sign(approved: &Approved, keyring: &Keyring) -> Result<Transaction, SigningError> {
    let checked = approved.checked();
    let mut signed = checked.transaction.clone();
    for (index, input) in checked.inputs().iter().enumerate() {
        let key = keyring
            .key_of(&input.spent.script_pubkey)
            .ok_or(SigningError::Key(index))?;
        let secp = keyring.secp();
        let mut pair = key.pair(secp).ok_or(SigningError::Key(index))?;
        let message = message(checked, index, input).ok_or(SigningError::Hash(index))?;
        let (script_sig, witness) = match &input.spend {
            Spend::P2tr { .. } => {
                let signature = taproot::Signature {
                    signature: secp.sign_schnorr_no_aux_rand(&message, &pair),
                    sighash_type: input.sighash,
                };
                (ScriptBuf::new(), Witness::p2tr_key_spend(&signature))
            }
            spend => {
                let mut secret = pair.secret_key();
                let signature = ecdsa::Signature {
                    signature: secp.sign_ecdsa_low_r(&message, &secret),
                    sighash_type: EcdsaSighashType::All,
                };
                secret.non_secure_erase();
                unlock(spend, &signature).ok_or(SigningError::Hash(index))?
            }
        };
        pair.non_secure_erase();
        if let Some(txin) = signed.input.get_mut(index) {
            txin.script_sig = script_sig;
            txin.witness = witness;
        }
    }
    verify(&signed, checked, keyring.secp())?;
    Ok(signed)
}

/// Script and witness that spend an output by an ECDSA signature.
fn unlock(spend: &Spend, signature: &ecdsa::Signature) -> Option<(ScriptBuf, Witness)> {
    match spend {
        Spend::P2pkh(key) => {
            let signature = PushBytesBuf::try_from(signature.to_vec()).ok()?;
            let script = ScriptBuf::builder()
                .push_slice(signature)
                .push_key(key)
                .into_script();
            Some((script, Witness::new()))
        }
        Spend::P2wpkh(key) => Some((ScriptBuf::new(), Witness::p2wpkh(signature, &key.0))),
        Spend::P2shP2wpkh(key) => {
            let redeem = PushBytesBuf::try_from(spend.redeem_script()?.into_bytes()).ok()?;
            let script = ScriptBuf::builder().push_slice(redeem).into_script();
            Some((script, Witness::p2wpkh(signature, &key.0)))
        }
        Spend::P2tr { .. } => None,
    }
}

/// The hash that an input's signature covers.
fn message(checked: &Checked, index: usize, input: &CheckedInput) -> Option<Message> {
    let mut cache = SighashCache::new(&checked.transaction);
    let all = EcdsaSighashType::All;
    let value: Amount = input.spent.value;
    match &input.spend {
        Spend::P2pkh(_) => cache
            .legacy_signature_hash(index, &input.spent.script_pubkey, all.to_u32())
            .ok()
            .map(|hash| Message::from_digest(hash.to_byte_array())),
        Spend::P2wpkh(_) | Spend::P2shP2wpkh(_) => {
            let program = ScriptBuf::new_p2wpkh(&input.spend.witness_key_hash()?);
            cache
                .p2wpkh_signature_hash(index, &program, value, all)
                .ok()
                .map(|hash| Message::from_digest(hash.to_byte_array()))
        }
        Spend::P2tr { .. } => {
            let spent: Vec<&TxOut> = checked.inputs.iter().map(|input| &input.spent).collect();
            cache
                .taproot_key_spend_signature_hash(index, &Prevouts::All(&spent), input.sighash)
                .ok()
                .map(|hash| Message::from_digest(hash.to_byte_array()))
        }
    }
}

/// Reads every signature back out of the finished transaction and verifies it.
fn verify(
    signed: &Transaction,
    checked: &Checked,
    secp: &Secp256k1<All>,
) -> Result<(), SigningError> {
    let mut bare = signed.clone();
    for input in &mut bare.input {
        input.script_sig = ScriptBuf::new();
        input.witness = Witness::new();
    }
    if bare != checked.transaction {
        return Err(SigningError::Verification(0));
    }
    for (index, (input, txin)) in checked.inputs().iter().zip(&signed.input).enumerate() {
        let message = message(checked, index, input).ok_or(SigningError::Hash(index))?;
        let is_good = match &input.spend {
            Spend::P2tr { output, .. } => {
                let witness = txin.witness.to_vec();
                let signature = match witness.as_slice() {
                    [signature] => taproot::Signature::from_slice(signature).ok(),
                    _ => None,
                };
                txin.script_sig.is_empty()
                    && is_output_key(&input.spent.script_pubkey, &output.serialize())
                    && signature.is_some_and(|found| {
                        matches!(
                            found.sighash_type,
                            TapSighashType::Default | TapSighashType::All
                        ) && secp
                            .verify_schnorr(&found.signature, &message, output)
                            .is_ok()
                    })
            }
            spend => {
                let key = match spend {
                    Spend::P2pkh(key) => key.inner,
                    Spend::P2wpkh(key) | Spend::P2shP2wpkh(key) => key.0,
                    Spend::P2tr { .. } => return Err(SigningError::Verification(index)),
                };
                let found = match spend {
                    Spend::P2pkh(_) => first_push(&txin.script_sig),
                    _ => txin.witness.nth(0).map(<[u8]>::to_vec),
                };
                let signature = found.and_then(|bytes| ecdsa::Signature::from_slice(&bytes).ok());
                spend.script() == input.spent.script_pubkey
                    && signature.is_some_and(|found| {
                        found.sighash_type == EcdsaSighashType::All
                            && unlock(spend, &found).is_some_and(|(script, witness)| {
                                script == txin.script_sig && witness == txin.witness
                            })
                            && secp.verify_ecdsa(&message, &found.signature, &key).is_ok()
                    })
            }
        };
        if !is_good {
            return Err(SigningError::Verification(index));
        }
    }
    Ok(())
}

fn is_output_key(script: &Script, key: &[u8; 32]) -> bool {
    script.is_p2tr() && script.as_bytes().get(2..) == Some(key)
}

fn first_push(script: &Script) -> Option<Vec<u8>> {
    match script.instructions().next()?.ok()? {
        bitcoin::script::Instruction::PushBytes(bytes) => Some(bytes.as_bytes().to_vec()),
        bitcoin::script::Instruction::Op(_) => None,
    }
}
