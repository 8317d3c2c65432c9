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

#[cfg(test)]
mod tests {
    use bitcoin::{
        Address, Network, OutPoint, PrivateKey, Sequence, TxIn, Txid,
        absolute::LockTime,
        hashes::Hash,
        key::{Keypair, TapTweak},
        script::{Builder, PushBytesBuf},
        secp256k1::All,
        transaction::Version,
    };
    use ngpool_store::Outpoint;

    use super::*;

    const VALUE: u64 = 100_000;

    struct Keys {
        secp: Secp256k1<All>,
        keys: Vec<PrivateKey>,
    }

    impl Keys {
        fn new() -> Self {
            let key = |seed| PrivateKey::from_slice(&[seed; 32], Network::Regtest).unwrap();
            Self {
                secp: Secp256k1::new(),
                keys: [1, 2, 3].map(key).to_vec(),
            }
        }

        fn public(&self, index: usize) -> PublicKey {
            self.keys[index].public_key(&self.secp)
        }

        /// 2 of the 3 keys.
        fn script(&self) -> ScriptBuf {
            let mut builder = Builder::new().push_int(2);
            for index in 0..3 {
                builder = builder.push_key(&self.public(index));
            }
            builder
                .push_int(3)
                .push_opcode(opcodes::all::OP_CHECKMULTISIG)
                .into_script()
        }

        fn scripts(&self) -> Vec<ScriptBuf> {
            let key = self.public(0);
            let program = ScriptBuf::new_p2wpkh(&key.wpubkey_hash().unwrap());
            let (internal, _) = key.inner.x_only_public_key();
            vec![
                Address::p2pkh(key, Network::Regtest).script_pubkey(),
                program.clone(),
                ScriptBuf::new_p2sh(&program.script_hash()),
                ScriptBuf::new_p2tr(&self.secp, internal, None),
                ScriptBuf::new_p2sh(&self.script().script_hash()),
                ScriptBuf::new_p2wsh(&self.script().wscript_hash()),
            ]
        }

        fn ecdsa(&self, index: usize, message: &Message) -> Vec<u8> {
            let signature = self.secp.sign_ecdsa(message, &self.keys[index].inner);
            ecdsa::Signature::sighash_all(signature).to_vec()
        }
    }

    fn coins(scripts: &[ScriptBuf]) -> Vec<PayoutInput> {
        (0..)
            .zip(scripts)
            .map(|(vout, script)| PayoutInput {
                outpoint: Outpoint {
                    txid: ngpool_chain::Txid::from_bytes([9; 32]),
                    vout,
                },
                amount: ngpool_chain::Amount(i64::try_from(VALUE).unwrap()),
                script: script.to_bytes(),
            })
            .collect()
    }

    fn push(bytes: &[u8]) -> PushBytesBuf {
        PushBytesBuf::try_from(bytes.to_vec()).unwrap()
    }

    /// A spend of a coin of every kind, signed; the multisig ones by the keys named.
    fn signed(keys: &Keys, by: [usize; 2]) -> Transaction {
        let scripts = keys.scripts();
        let input = |vout| TxIn {
            previous_output: OutPoint::new(Txid::from_byte_array([9; 32]), vout),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        };
        let mut transaction = Transaction {
            version: Version::TWO,
            lock_time: LockTime::ZERO,
            input: (0..6).map(input).collect(),
            output: vec![TxOut {
                value: Amount::from_sat(5 * VALUE),
                script_pubkey: scripts[1].clone(),
            }],
        };
        let spent: Vec<TxOut> = scripts
            .iter()
            .map(|script| TxOut {
                value: Amount::from_sat(VALUE),
                script_pubkey: script.clone(),
            })
            .collect();
        let unsigned = transaction.clone();
        let mut cache = SighashCache::new(&unsigned);
        let (all, value) = (EcdsaSighashType::All, Amount::from_sat(VALUE));
        let key = keys.public(0).to_bytes();
        let script = keys.script();

        let legacy = |index, script: &ScriptBuf| {
            let cache = SighashCache::new(&unsigned);
            Message::from(
                cache
                    .legacy_signature_hash(index, script, all.to_u32())
                    .unwrap(),
            )
        };
        let message = legacy(0, &scripts[0]);
        transaction.input[0].script_sig = Builder::new()
            .push_slice(push(&keys.ecdsa(0, &message)))
            .push_slice(push(&key))
            .into_script();
        for index in [1, 2] {
            let hash = cache.p2wpkh_signature_hash(index, &scripts[1], value, all);
            let signature = keys.ecdsa(0, &Message::from(hash.unwrap()));
            transaction.input[index].witness = Witness::from_slice(&[signature, key.clone()]);
        }
        transaction.input[2].script_sig = Builder::new()
            .push_slice(push(scripts[1].as_bytes()))
            .into_script();
        let hash = cache
            .taproot_key_spend_signature_hash(3, &Prevouts::All(&spent), TapSighashType::Default)
            .unwrap();
        let pair = Keypair::from_secret_key(&keys.secp, &keys.keys[0].inner)
            .tap_tweak(&keys.secp, None)
            .to_keypair();
        let signature = keys
            .secp
            .sign_schnorr_no_aux_rand(&Message::from(hash), &pair);
        transaction.input[3].witness = Witness::from_slice(&[signature.serialize()]);
        let message = legacy(4, &script);
        transaction.input[4].script_sig = Builder::new()
            .push_int(0)
            .push_slice(push(&keys.ecdsa(by[0], &message)))
            .push_slice(push(&keys.ecdsa(by[1], &message)))
            .push_slice(push(script.as_bytes()))
            .into_script();
        let hash = cache.p2wsh_signature_hash(5, &script, value, all).unwrap();
        let message = Message::from(hash);
        transaction.input[5].witness = Witness::from_slice(&[
            Vec::new(),
            keys.ecdsa(by[0], &message),
            keys.ecdsa(by[1], &message),
            script.to_bytes(),
        ]);
        transaction
    }

    #[test]
    fn every_kind_of_coin_is_known_when_it_is_signed() {
        let keys = Keys::new();
        let coins = coins(&keys.scripts());
        for by in [[0, 1], [0, 2], [1, 2]] {
            assert_eq!(verify(&signed(&keys, by), &coins), Ok(()));
        }
    }

    #[test]
    fn a_signature_of_something_else_or_of_somebody_else_is_refused() {
        let keys = Keys::new();
        let good = coins(&keys.scripts());
        let whole = signed(&keys, [0, 1]);
        let mut paid_elsewhere = whole.clone();
        paid_elsewhere.output[0].value = Amount::from_sat(1);
        assert_eq!(verify(&paid_elsewhere, &good), Err(VerifyError::Input(0)));
        for index in 0..whole.input.len() {
            let mut bare = whole.clone();
            bare.input[index].script_sig = ScriptBuf::new();
            bare.input[index].witness = Witness::new();
            assert_eq!(verify(&bare, &good), Err(VerifyError::Input(index)));
        }
        for index in [1, 2, 3, 5] {
            let mut worth = good.clone();
            worth[index].amount.0 += 1;
            assert!(verify(&whole, &worth).is_err(), "{index}");
        }
        // The same key twice, or keys out of their order, are not two of three.
        for by in [[0, 0], [1, 0]] {
            let error = verify(&signed(&keys, by), &good);
            assert_eq!(error, Err(VerifyError::Input(4)));
        }
        assert_eq!(verify(&whole, &good[1..]), Err(VerifyError::Coins));
    }
}
