//! What a device needs to know beside the transaction: where its keys are, and which outputs are
//! change.

use bitcoin::{
    Psbt, ScriptBuf, TapLeafHash, XOnlyPublicKey, bip32::KeySource, secp256k1::PublicKey,
};
use std::collections::BTreeMap;

use super::Checked;
use crate::keyring::{Key, Keyring, Spend};

type TaprootOrigins = BTreeMap<XOnlyPublicKey, (Vec<TapLeafHash>, KeySource)>;

/// Adds to a checked PSBT what devices need: the outputs spent, scripts, and the derivations of our
/// keys (BIP 174, BIP 371), of change outputs too.
pub(crate) fn for_device(psbt: &mut Psbt, checked: &Checked, keyring: &Keyring) {
    for (input, checked) in psbt.inputs.iter_mut().zip(checked.inputs()) {
        let Some(key) = keyring.key_of(&checked.spent.script_pubkey) else {
            continue;
        };
        if !matches!(checked.spend, Spend::P2pkh(_)) {
            input.witness_utxo = Some(checked.spent.clone());
        }
        let (internal, taproot) = taproot(key);
        input.tap_internal_key = internal;
        input.tap_key_origins = taproot;
        (input.redeem_script, input.witness_script) = scripts(key);
        input.bip32_derivation = origins(key);
    }
    let outputs = psbt.outputs.iter_mut().zip(&psbt.unsigned_tx.output);
    for (output, paid) in outputs {
        let Some(key) = keyring.key_of(&paid.script_pubkey) else {
            continue;
        };
        let (internal, taproot) = taproot(key);
        output.tap_internal_key = internal;
        output.tap_key_origins = taproot;
        (output.redeem_script, output.witness_script) = scripts(key);
        output.bip32_derivation = origins(key);
    }
}

fn scripts(key: &Key) -> (Option<ScriptBuf>, Option<ScriptBuf>) {
    let spend = key.spend();
    (spend.redeem_script(), spend.witness_script().cloned())
}

fn origins(key: &Key) -> BTreeMap<PublicKey, KeySource> {
    if key.spend().is_taproot() {
        return BTreeMap::new();
    }
    key.origins()
        .iter()
        .map(|(public, source)| (public.inner, source.clone()))
        .collect()
}

fn taproot(key: &Key) -> (Option<XOnlyPublicKey>, TaprootOrigins) {
    let Spend::P2tr { internal, .. } = key.spend() else {
        return (None, BTreeMap::new());
    };
    let origins = key
        .origins()
        .iter()
        .map(|(_, source)| (*internal, (Vec::new(), source.clone())))
        .collect();
    (Some(*internal), origins)
}
