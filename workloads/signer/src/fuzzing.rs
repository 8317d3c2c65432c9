//! What must hold for any bytes that the pool's side sends, for the fuzz targets. Each panics when
//! something does not hold.

use bitcoin::Psbt;
use ngpool_chain::Network;

use crate::{
    keyring::{Key, Keyring},
    psbt::{Checked, Signatures, for_device},
    request::Request,
};

fn signatures_of_others(
    bytes: &[u8],
    checked: &Checked,
    mut signatures: Signatures,
    keyring: &Keyring,
) {
    let Ok(mut psbt) = Psbt::deserialize(bytes) else {
        unreachable!("it was read before");
    };
    if let Ok(read) = Signatures::read(&psbt, checked, keyring, true) {
        signatures.add(read);
    }
    if let Ok(own) = Signatures::own(checked, keyring) {
        signatures.add(own);
    }
    let is_whole = signatures
        .lacking(checked)
        .iter()
        .all(|lacking| *lacking == 0);
    assert_eq!(
        signatures.finish(checked, keyring).is_ok(),
        is_whole,
        "signatures that were taken do not finish it"
    );
    signatures.write(&mut psbt);
    for_device(&mut psbt, checked, keyring);
    assert!(
        Checked::parse_signed(&psbt.serialize(), keyring).is_ok(),
        "what goes out is not taken back"
    );
}

/// Reads a descriptor. Its key is found by its script.
pub fn descriptor(text: &str) {
    let Some(network) = Network::preset("litecoin-regtest") else {
        unreachable!("a known network");
    };
    let Ok(key) = Key::parse(text, &network) else {
        return;
    };
    let script = key.script().clone();
    assert_eq!(key.spend().script(), script);
    let mut keyring = Keyring::new();
    assert!(keyring.add(key).is_ok());
    assert!(keyring.key_of(&script).is_some());
}

/// Reads a request and its PSBT. A request that is taken is written and read back as the same.
pub fn request(bytes: &[u8], keyring: &Keyring) {
    let Ok(request) = Request::parse(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&request)
        .ok()
        .and_then(|text| Request::parse(&text).ok());
    assert_eq!(
        again.as_ref(),
        Some(&request),
        "a request changes by being written"
    );
    if let Some(crate::request::Task::Sign(payout)) = &request.task {
        psbt(&payout.psbt.0, keyring);
    }
}

/// Checks a PSBT. One that is taken spends our own coins, pays no more than it spends, and holds no
/// coin twice; with signatures of others it is taken as without. What goes out to a device reads
/// back, and what comes back from one never makes a transaction that does not verify.
pub fn psbt(bytes: &[u8], keyring: &Keyring) {
    let Ok((checked, signatures)) = Checked::parse_signed(bytes, keyring) else {
        assert!(
            Checked::parse(bytes, keyring).is_err(),
            "taken without and not with signatures"
        );
        return;
    };
    let alone = Checked::parse(bytes, keyring);
    assert_eq!(alone.is_ok(), signatures.first().is_none());
    signatures_of_others(bytes, &checked, signatures, keyring);
    let mut outpoints: Vec<_> = checked.outpoints().collect();
    let count = outpoints.len();
    outpoints.sort_unstable();
    outpoints.dedup();
    assert_eq!(outpoints.len(), count, "a coin is spent twice");
    assert!(
        checked
            .inputs()
            .iter()
            .all(|input| keyring.key_of(&input.spent.script_pubkey).is_some()),
        "a coin is not ours"
    );
    let paid = checked
        .transaction()
        .output
        .iter()
        .map(|output| u128::from(output.value.to_sat()))
        .sum::<u128>();
    let spent = checked
        .inputs()
        .iter()
        .map(|input| u128::from(input.spent.value.to_sat()))
        .sum::<u128>();
    assert_eq!(
        paid + u128::from(checked.fee()),
        spent,
        "values do not add up"
    );
}
