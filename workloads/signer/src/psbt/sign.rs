//! Signing a checked transaction, putting signatures of several hands together, and verifying what
//! came out.

use std::collections::BTreeMap;

use bitcoin::{
    EcdsaSighashType, Psbt, PublicKey, Script, ScriptBuf, TapSighashType, Transaction, TxOut,
    Witness, ecdsa,
    hashes::Hash,
    script::{Instruction, PushBytesBuf},
    secp256k1::{All, Message, Secp256k1},
    sighash::{Prevouts, SighashCache},
    taproot,
};
use thiserror::Error;

use super::{Checked, CheckedInput, PsbtRefusal};
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

/// Signatures of a checked transaction, each verified: by input, and by key where there are several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures(Vec<InputSignatures>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct InputSignatures {
    ecdsa: BTreeMap<PublicKey, ecdsa::Signature>,
    taproot: Option<taproot::Signature>,
}

/// Signs what the rules approved. The transaction that comes back has been verified: it is the
/// approved one but for its signatures, and each signature is good for its input's real output.
pub fn sign(approved: &Approved, keyring: &Keyring) -> Result<Transaction, SigningError> {
    let checked = approved.checked();
    let signatures = Signatures::own(checked, keyring)?;
    let lacking = signatures.lacking(checked);
    if let Some(index) = lacking.iter().position(|lacking| *lacking > 0) {
        return Err(SigningError::Key(index));
    }
    signatures.finish(checked, keyring)
}

impl Signatures {
    /// None yet.
    pub(super) fn none(inputs: usize) -> Self {
        Self(vec![InputSignatures::default(); inputs])
    }

    /// Signs every input whose key is here. Nothing is drawn: the same comes out each time.
    pub(crate) fn own(checked: &Checked, keyring: &Keyring) -> Result<Self, SigningError> {
        let mut signatures = Self::none(checked.inputs().len());
        let inputs = checked.inputs().iter().zip(&mut signatures.0);
        for (index, (input, signed)) in inputs.enumerate() {
            let key = keyring
                .key_of(&input.spent.script_pubkey)
                .ok_or(SigningError::Key(index))?;
            let secp = keyring.secp();
            let Some((public, mut pair)) = key.own().zip(key.pair(secp)) else {
                continue;
            };
            let message = message(checked, index, input, input.sighash);
            if let (Some(message), true) = (message, input.spend.is_taproot()) {
                signed.taproot = Some(taproot::Signature {
                    signature: secp.sign_schnorr_no_aux_rand(&message, &pair),
                    sighash_type: input.sighash,
                });
            } else if let Some(message) = message {
                let mut secret = pair.secret_key();
                let signature = ecdsa::Signature {
                    signature: secp.sign_ecdsa_low_r(&message, &secret),
                    sighash_type: EcdsaSighashType::All,
                };
                secret.non_secure_erase();
                signed.ecdsa.insert(public, signature);
            }
            pair.non_secure_erase();
            if message.is_none() {
                return Err(SigningError::Hash(index));
            }
        }
        Ok(signatures)
    }

    /// Takes the signatures in a PSBT of the same transaction. Each must be good, by a key of its
    /// input, over the whole transaction. `is_finished`: inputs that a wallet has finished are read
    /// too.
    pub(crate) fn read(
        psbt: &Psbt,
        checked: &Checked,
        keyring: &Keyring,
        is_finished: bool,
    ) -> Result<Self, PsbtRefusal> {
        let secp = keyring.secp();
        let mut signatures = Self::none(checked.inputs().len());
        let inputs = checked
            .inputs()
            .iter()
            .zip(&psbt.inputs)
            .zip(&mut signatures.0);
        for (index, ((input, given), signed)) in inputs.enumerate() {
            for (key, signature) in &given.partial_sigs {
                if !is_good_ecdsa(checked, index, input, key, signature, secp) {
                    return Err(PsbtRefusal::Signature(index));
                }
                signed.ecdsa.insert(*key, *signature);
            }
            if let Some(signature) = given.tap_key_sig {
                if !is_good_taproot(checked, index, input, &signature, secp) {
                    return Err(PsbtRefusal::Signature(index));
                }
                signed.taproot = Some(signature);
            }
            let script = given.final_script_sig.as_ref();
            let witness = given.final_script_witness.as_ref();
            if script.is_none() && witness.is_none() {
                continue;
            }
            if !is_finished {
                return Err(PsbtRefusal::AlreadySigned(index));
            }
            let pushed = script.into_iter().flat_map(|script| pushes(script));
            let shown = witness.into_iter().flat_map(Witness::to_vec);
            for bytes in pushed.chain(shown) {
                signed.take(&bytes, checked, index, input, secp);
            }
            if signed.lacking(&input.spend) > 0 {
                return Err(PsbtRefusal::Signature(index));
            }
        }
        Ok(signatures)
    }

    /// Adds the signatures of others.
    pub(crate) fn add(&mut self, others: Self) {
        for (mine, other) in self.0.iter_mut().zip(others.0) {
            mine.ecdsa.extend(other.ecdsa);
            mine.taproot = mine.taproot.or(other.taproot);
        }
    }

    /// The first input that has one.
    pub(crate) fn first(&self) -> Option<usize> {
        self.0
            .iter()
            .position(|signed| !signed.ecdsa.is_empty() || signed.taproot.is_some())
    }

    /// How many signatures each input lacks.
    pub(crate) fn lacking(&self, checked: &Checked) -> Vec<usize> {
        let inputs = checked.inputs().iter().zip(&self.0);
        inputs
            .map(|(input, signed)| signed.lacking(&input.spend))
            .collect()
    }

    /// Puts the signatures into a PSBT of the transaction, for whoever signs next.
    pub(crate) fn write(&self, psbt: &mut Psbt) {
        for (input, signed) in psbt.inputs.iter_mut().zip(&self.0) {
            input.partial_sigs.clone_from(&signed.ecdsa);
            input.tap_key_sig = signed.taproot;
        }
    }

    /// The whole transaction, when nothing is lacking, verified again from its own bytes.
    pub(crate) fn finish(
        &self,
        checked: &Checked,
        keyring: &Keyring,
    ) -> Result<Transaction, SigningError> {
        let mut whole = checked.transaction.clone();
        let inputs = checked.inputs().iter().zip(&self.0).zip(&mut whole.input);
        for (index, ((input, signed), txin)) in inputs.enumerate() {
            let (script_sig, witness) = signed
                .unlock(&input.spend)
                .ok_or(SigningError::Key(index))?;
            txin.script_sig = script_sig;
            txin.witness = witness;
        }
        verify(&whole, checked, keyring.secp())?;
        Ok(whole)
    }
}

impl InputSignatures {
    fn lacking(&self, spend: &Spend) -> usize {
        if spend.is_taproot() {
            return usize::from(self.taproot.is_none());
        }
        let (keys, needed) = spend.ecdsa_keys();
        let found = keys.iter().filter(|key| self.ecdsa.contains_key(key));
        needed.saturating_sub(found.count())
    }

    /// Takes what a finished input shows, if it is a good signature.
    fn take(
        &mut self,
        bytes: &[u8],
        checked: &Checked,
        index: usize,
        input: &CheckedInput,
        secp: &Secp256k1<All>,
    ) {
        if input.spend.is_taproot() {
            let signature = taproot::Signature::from_slice(bytes).ok();
            self.taproot = self.taproot.or(signature
                .filter(|signature| is_good_taproot(checked, index, input, signature, secp)));
            return;
        }
        let Ok(signature) = ecdsa::Signature::from_slice(bytes) else {
            return;
        };
        let (keys, _) = input.spend.ecdsa_keys();
        let signer = keys
            .into_iter()
            .find(|key| is_good_ecdsa(checked, index, input, key, &signature, secp));
        if let Some(key) = signer {
            self.ecdsa.insert(key, signature);
        }
    }

    /// Script and witness that spend an output.
    fn unlock(&self, spend: &Spend) -> Option<(ScriptBuf, Witness)> {
        let (keys, needed) = spend.ecdsa_keys();
        let mut good = keys
            .iter()
            .filter_map(|key| self.ecdsa.get(key))
            .take(needed);
        match spend {
            Spend::P2pkh(key) => {
                let signature = PushBytesBuf::try_from(good.next()?.to_vec()).ok()?;
                let script = ScriptBuf::builder()
                    .push_slice(signature)
                    .push_key(key)
                    .into_script();
                Some((script, Witness::new()))
            }
            Spend::P2wpkh(key) => Some((ScriptBuf::new(), Witness::p2wpkh(good.next()?, &key.0))),
            Spend::P2shP2wpkh(key) => {
                let redeem = PushBytesBuf::try_from(spend.redeem_script()?.into_bytes()).ok()?;
                let script = ScriptBuf::builder().push_slice(redeem).into_script();
                Some((script, Witness::p2wpkh(good.next()?, &key.0)))
            }
            Spend::P2tr { .. } => {
                let witness = Witness::p2tr_key_spend(self.taproot.as_ref()?);
                Some((ScriptBuf::new(), witness))
            }
            Spend::Multisig(multisig) => {
                let good: Vec<_> = good.collect();
                if good.len() < needed {
                    return None;
                }
                let mut witness = Witness::new();
                // CHECKMULTISIG takes one element too many off.
                witness.push([]);
                for signature in good {
                    witness.push(signature.serialize());
                }
                witness.push(multisig.script());
                Some((ScriptBuf::new(), witness))
            }
        }
    }
}

fn is_good_ecdsa(
    checked: &Checked,
    index: usize,
    input: &CheckedInput,
    key: &PublicKey,
    signature: &ecdsa::Signature,
    secp: &Secp256k1<All>,
) -> bool {
    signature.sighash_type == EcdsaSighashType::All
        && input.spend.ecdsa_keys().0.contains(key)
        && message(checked, index, input, input.sighash).is_some_and(|message| {
            secp.verify_ecdsa(&message, &signature.signature, &key.inner)
                .is_ok()
        })
}

fn is_good_taproot(
    checked: &Checked,
    index: usize,
    input: &CheckedInput,
    signature: &taproot::Signature,
    secp: &Secp256k1<All>,
) -> bool {
    let Spend::P2tr { output, .. } = &input.spend else {
        return false;
    };
    let sighash = signature.sighash_type;
    matches!(sighash, TapSighashType::Default | TapSighashType::All)
        && message(checked, index, input, sighash).is_some_and(|message| {
            secp.verify_schnorr(&signature.signature, &message, output)
                .is_ok()
        })
}

/// The hash that an input's signature covers.
fn message(
    checked: &Checked,
    index: usize,
    input: &CheckedInput,
    sighash: TapSighashType,
) -> Option<Message> {
    let mut cache = SighashCache::new(&checked.transaction);
    let all = EcdsaSighashType::All;
    let value = input.spent.value;
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
        Spend::Multisig(multisig) => cache
            .p2wsh_signature_hash(index, multisig.script(), value, all)
            .ok()
            .map(|hash| Message::from_digest(hash.to_byte_array())),
        Spend::P2tr { .. } => {
            let spent: Vec<&TxOut> = checked.inputs.iter().map(|input| &input.spent).collect();
            cache
                .taproot_key_spend_signature_hash(index, &Prevouts::All(&spent), sighash)
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
        let mut found = InputSignatures::default();
        let pushed = pushes(&txin.script_sig);
        for bytes in pushed.into_iter().chain(txin.witness.to_vec()) {
            found.take(&bytes, checked, index, input, secp);
        }
        let is_good = input.spend.script() == input.spent.script_pubkey
            && found.lacking(&input.spend) == 0
            && found.unlock(&input.spend).is_some_and(|(script, witness)| {
                script == txin.script_sig && witness == txin.witness
            });
        if !is_good {
            return Err(SigningError::Verification(index));
        }
    }
    Ok(())
}

/// Everything that a script pushes, up to the first thing that it does.
fn pushes(script: &Script) -> Vec<Vec<u8>> {
    script
        .instructions()
        .map_while(|instruction| match instruction {
            Ok(Instruction::PushBytes(bytes)) => Some(bytes.as_bytes().to_vec()),
            _ => None,
        })
        .collect()
}
