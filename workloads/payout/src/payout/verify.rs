//! Whether the inputs of a transaction are signed by the keys that their scripts name.
//!
//! Bytes that come from a signer pass through a program that strangers can reach. Stored as signed
//! they are final, so bytes that no node would take must not get that far. Every kind of coin that a
//! pool holds is known here: P2PKH, P2WPKH, P2SH-P2WPKH, P2TR by its key, and m of n keys in P2SH,
//! P2WSH and P2SH-P2WSH.

use bitcoin::{
    Amount, CompressedPublicKey, EcdsaSighashType, PublicKey, Script, ScriptBuf, TapSighashType,
    Transaction, TxOut, Witness, XOnlyPublicKey,
    blockdata::{opcodes, script::Instruction},
    ecdsa,
    secp256k1::{Message, Secp256k1, VerifyOnly},
    sighash::{Prevouts, SighashCache},
    taproot,
};
use ngpool_store::PayoutInput;
use thiserror::Error;

/// Why a transaction is not taken for signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The coins are not those of the inputs.
    #[error("the transaction does not spend the stored coins")]
    Coins,
    /// An input is signed otherwise than its script asks, or not at all.
    #[error("input {0} is not signed as its script asks")]
    Input(usize),
}

/// Checks every input against the coin that it spends. `coins` are in the transaction's order.
pub fn verify(transaction: &Transaction, coins: &[PayoutInput]) -> Result<(), VerifyError> {
    let spent: Vec<TxOut> = coins
        .iter()
        .map(|coin| {
            Some(TxOut {
                value: Amount::from_sat(u64::try_from(coin.amount.0).ok()?),
                script_pubkey: ScriptBuf::from_bytes(coin.script.clone()),
            })
        })
        .collect::<Option<_>>()
        .ok_or(VerifyError::Coins)?;
    let outpoints = coins
        .iter()
        .map(|coin| super::recognise::to_bitcoin(coin.outpoint));
    if !transaction
        .input
        .iter()
        .map(|input| input.previous_output)
        .eq(outpoints)
    {
        return Err(VerifyError::Coins);
    }
    let mut check = Check {
        secp: Secp256k1::verification_only(),
        transaction,
        spent: &spent,
        cache: SighashCache::new(transaction),
    };
    for index in 0..transaction.input.len() {
        check.input(index).ok_or(VerifyError::Input(index))?;
    }
    Ok(())
}

struct Check<'a> {
    secp: Secp256k1<VerifyOnly>,
    transaction: &'a Transaction,
    spent: &'a [TxOut],
    cache: SighashCache<&'a Transaction>,
}

impl Check<'_> {
    fn input(&mut self, index: usize) -> Option<()> {
        let input = self.transaction.input.get(index)?;
        let script = self.spent.get(index)?.script_pubkey.clone();
        let pushes = pushes(&input.script_sig)?;
        if script.is_p2pkh() {
            let [signature, key] = pushes.as_slice() else {
                return None;
            };
            let key = PublicKey::from_slice(key).ok()?;
            let is_his = ScriptBuf::new_p2pkh(&key.pubkey_hash()) == script;
            return (is_his && input.witness.is_empty())
                .then(|| self.legacy(index, &script, signature, &key))?;
        }
        if script.is_p2sh() {
            let redeem = ScriptBuf::from_bytes(pushes.last()?.clone());
            if ScriptBuf::new_p2sh(&redeem.script_hash()) != script {
                return None;
            }
            return if redeem.is_witness_program() {
                (pushes.len() == 1).then(|| self.witness(index, &redeem, &input.witness))?
            } else {
                let signatures = pushes.get(1..pushes.len().checked_sub(1)?)?;
                self.many(signatures, &redeem, |check, signature, key| {
                    check.legacy(index, &redeem, signature, key)
                })
            };
        }
        pushes
            .is_empty()
            .then(|| self.witness(index, &script, &input.witness))?
    }

    fn witness(&mut self, index: usize, program: &Script, witness: &Witness) -> Option<()> {
        let items: Vec<&[u8]> = witness.iter().collect();
        if program.is_p2wpkh() {
            let [signature, key] = items.as_slice() else {
                return None;
            };
            let key = CompressedPublicKey::from_slice(key).ok()?;
            let is_his = *ScriptBuf::new_p2wpkh(&key.wpubkey_hash()) == *program;
            let signature = all(signature)?;
            let value = self.spent.get(index)?.value;
            let hash = self
                .cache
                .p2wpkh_signature_hash(index, program, value, EcdsaSighashType::All)
                .ok()?;
            let message = Message::from(hash);
            return (is_his && self.ecdsa(message, &signature, &key.into())).then_some(());
        }
        if program.is_p2wsh() {
            let (script, signatures) = items.split_last()?;
            let script = ScriptBuf::from_bytes(script.to_vec());
            if *ScriptBuf::new_p2wsh(&script.wscript_hash()) != *program {
                return None;
            }
            // The first item is one that CHECKMULTISIG takes too many.
            let signatures: Vec<Vec<u8>> =
                signatures.get(1..)?.iter().map(|s| s.to_vec()).collect();
            return self.many(&signatures, &script, |check, signature, key| {
                let signature = all(signature)?;
                let value = check.spent.get(index)?.value;
                let hash = check
                    .cache
                    .p2wsh_signature_hash(index, &script, value, EcdsaSighashType::All)
                    .ok()?;
                check
                    .ecdsa(Message::from(hash), &signature, key)
                    .then_some(())
            });
        }
        if program.is_p2tr() {
            let [signature] = items.as_slice() else {
                return None;
            };
            let key = XOnlyPublicKey::from_slice(program.as_bytes().get(2..)?).ok()?;
            let signature = taproot::Signature::from_slice(signature).ok()?;
            let kind = signature.sighash_type;
            if !matches!(kind, TapSighashType::Default | TapSighashType::All) {
                return None;
            }
            let hash = self
                .cache
                .taproot_key_spend_signature_hash(index, &Prevouts::All(self.spent), kind)
                .ok()?;
            return self
                .secp
                .verify_schnorr(&signature.signature, &Message::from(hash), &key)
                .ok();
        }
        None
    }

    fn legacy(
        &self,
        index: usize,
        script: &Script,
        signature: &[u8],
        key: &PublicKey,
    ) -> Option<()> {
        let signature = all(signature)?;
        let hash = self
            .cache
            .legacy_signature_hash(index, script, EcdsaSighashType::All.to_u32())
            .ok()?;
        self.ecdsa(Message::from(hash), &signature, key)
            .then_some(())
    }

    fn ecdsa(&self, message: Message, signature: &ecdsa::Signature, key: &PublicKey) -> bool {
        self.secp
            .verify_ecdsa(&message, &signature.signature, &key.inner)
            .is_ok()
    }

    /// m of n keys: each signature by a later key than the one before.
    fn many(
        &mut self,
        signatures: &[Vec<u8>],
        script: &Script,
        mut is_signed: impl FnMut(&mut Self, &[u8], &PublicKey) -> Option<()>,
    ) -> Option<()> {
        let (required, keys) = multisig(script)?;
        if signatures.len() != required {
            return None;
        }
        let mut keys = keys.iter();
        for signature in signatures {
            keys.by_ref()
                .find(|key| is_signed(self, signature, key).is_some())?;
        }
        Some(())
    }
}

/// A signature that covers the whole transaction.
fn all(signature: &[u8]) -> Option<ecdsa::Signature> {
    let signature = ecdsa::Signature::from_slice(signature).ok()?;
    (signature.sighash_type == EcdsaSighashType::All).then_some(signature)
}

/// The pushes of a script that does nothing else; numbers as the bytes they push.
fn pushes(script: &Script) -> Option<Vec<Vec<u8>>> {
    script
        .instructions()
        .map(|instruction| match instruction.ok()? {
            Instruction::PushBytes(bytes) => Some(bytes.as_bytes().to_vec()),
            Instruction::Op(_) => None,
        })
        .collect()
}

/// Signatures needed and keys of an m-of-n script.
fn multisig(script: &Script) -> Option<(usize, Vec<PublicKey>)> {
    let mut required = None;
    let mut keys = Vec::new();
    let mut count = None;
    let mut ends = false;
    for instruction in script.instructions() {
        if ends {
            return None;
        }
        match instruction.ok()? {
            Instruction::PushBytes(bytes) => {
                required?;
                keys.push(PublicKey::from_slice(bytes.as_bytes()).ok()?);
            }
            Instruction::Op(opcodes::all::OP_CHECKMULTISIG) => {
                ends = true;
            }
            Instruction::Op(op) => {
                let number = op
                    .to_u8()
                    .checked_sub(opcodes::all::OP_PUSHNUM_1.to_u8())?
                    .checked_add(1)?;
                if required.is_none() {
                    required = Some(usize::from(number));
                } else {
                    count = Some(usize::from(number));
                }
            }
        }
    }
    let required = required?;
    (ends && count == Some(keys.len()) && required <= keys.len()).then_some((required, keys))
}
