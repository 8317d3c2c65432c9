//! Each kind of input, signed and accepted by a real node; and a node's view of our multisigs.

use ngpool_testkit::{Daemon, DaemonOptions};
use ngsign::{
    keyring::{Key, address_of},
    request::Task,
};
use serde_json::json;

use crate::{
    multisig::{descriptor, holder},
    support::{
        KINDS, Scene, answered, given, network, own, part, passed_on, payee, payout, psbt,
        psbt_back_to, request,
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn a_node_takes_and_mines_inputs_of_every_kind() -> anyhow::Result<()> {
    let daemon = Daemon::start_with(DaemonOptions {
        arguments: vec!["-txindex=1".to_owned()],
    })
    .await?;
    let mut coins = Vec::new();
    for kind in KINDS {
        let address = address_of(&own(kind), &network()).unwrap();
        let block = daemon.generate_to(1, address.as_str()).await?;
        let block = daemon.call("getblock", json!([block[0], 2])).await?;
        let raw = block["tx"][0]["hex"].as_str().unwrap();
        let coin: bitcoin::Transaction = bitcoin::consensus::encode::deserialize_hex(raw)?;
        assert_eq!(&coin.output[0].script_pubkey, own(kind).script());
        coins.push(coin);
    }
    let multisig = Key::parse(&descriptor(2, 51), &network()).unwrap();
    let address = address_of(&multisig, &network()).unwrap();
    let public = descriptor(2, 0);
    let known = daemon.call("getdescriptorinfo", json!([public])).await?;
    let derived = daemon
        .call("deriveaddresses", json!([known["descriptor"]]))
        .await?;
    assert_eq!(derived[0], address.as_str());
    let with_checksum = known["descriptor"].as_str().unwrap();
    assert!(Key::parse(with_checksum, &network()).is_ok());
    let block = daemon.generate_to(1, address.as_str()).await?;
    let block = daemon.call("getblock", json!([block[0], 2])).await?;
    let raw = block["tx"][0]["hex"].as_str().unwrap();
    let shared: bitcoin::Transaction = bitcoin::consensus::encode::deserialize_hex(raw)?;
    daemon.generate(100).await?;
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, 10_000_000)]);
    // Each kind alone, then nothing is left to mix: the last pays from two kinds at once.
    let groups = [&coins[0..1], &coins[1..2], &coins[2..4]];
    for (number, group) in (1..).zip(groups) {
        let parts = [part(&who, 1_000_000 + number)];
        let asked = payout(number, &parts, 2000, &psbt(group, &parts, 2000));
        let asked = request(vec![statement.clone()], Task::Sign(asked));
        let (signed, _) = given(&scene.ask(&asked));
        let raw = bitcoin::consensus::encode::serialize_hex(&signed);
        let txid = daemon.call("sendrawtransaction", json!([raw])).await?;
        assert_eq!(txid, signed.compute_txid().to_string());
        daemon.generate(1).await?;
        let found = daemon.call("gettxout", json!([txid, 0])).await?;
        assert_eq!(found["confirmations"], 1);
    }
    let (mut one, mut two) = (holder(2, 51, ""), holder(2, 53, ""));
    let statement = one.credit(&[(&who, 10_000_000)]);
    let parts = [part(&who, 5_000_000)];
    let psbt = psbt_back_to(multisig.script(), &[shared], &parts, 2000);
    let asked = request(vec![statement], Task::Sign(payout(1, &parts, 2000, &psbt)));
    let (next, _) = passed_on(one.cosign(&asked));
    let (signed, _) = given(&answered(two.cosign(&next)));
    let predicted =
        ngsign::psbt::Checked::parse(&psbt.serialize(), one.signer.as_ref().unwrap().keyring())?;
    let size = u64::try_from(signed.vsize())?;
    assert!((predicted.vsize() - 2..=predicted.vsize()).contains(&size));
    let raw = bitcoin::consensus::encode::serialize_hex(&signed);
    daemon.call("sendrawtransaction", json!([raw])).await?;
    daemon.generate(1).await?;
    let txid = signed.compute_txid().to_string();
    let found = daemon.call("gettxout", json!([txid, 0])).await?;
    assert_eq!(found["confirmations"], 1);
    Ok(())
}
