//! What must hold for any bytes that the pool's side sends, for the fuzz targets. Each panics when
//! something does not hold.

use crate::{keyring::Keyring, psbt::Checked, request::Request};

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
/// coin twice.
pub fn psbt(bytes: &[u8], keyring: &Keyring) {
    let Ok(checked) = Checked::parse(bytes, keyring) else {
        return;
    };
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
