//! A chain of our own blocks on a real node: every block from height 1 past MWEB activation.

#![allow(clippy::expect_used)] // A test fails by panicking.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use ngpool_chain::{
    Address, AddressError, Algorithm, BlockHash, CoinbaseSpec, Header, Job, Network, PrivateKey,
    ProcessTag, Template, TemplateBody, assemble_block,
};
use ngpool_testkit::{Daemon, DaemonOptions, rpc::DaemonError};
use serde_json::{Value, json};

/// MWEB is active from this block on, and it needs a peg-in.
const ACTIVATION: u32 = 432;
/// A coinbase can be spent from 101 confirmations on; from here on the wallet has coins.
const WALLET_PAYS_FROM: u32 = 120;
const END: u32 = 445;

/// Two connected nodes that give templates on top of the genesis block.
async fn nodes() -> anyhow::Result<(Daemon, Daemon)> {
    // Block 0 is from 2011: without this both take themselves for nodes in initial download.
    let options = || {
        let mut options = DaemonOptions::default();
        options.arguments.push("-maxtipage=9999999999".to_owned());
        options
    };
    let (miner, peer) =
        tokio::try_join!(Daemon::start_with(options()), Daemon::start_with(options()))?;
    miner.connect(&peer).await?;
    Ok((miner, peer))
}

fn network() -> anyhow::Result<Network> {
    Network::preset("litecoin-regtest").context("litecoin-regtest is a preset")
}

async fn template(node: &Daemon) -> anyhow::Result<Template> {
    let network = network()?;
    let request = json!([{"rules": network.template_rules}]);
    let answer = node.call("getblocktemplate", request).await?;
    Ok(Template::from_gbt(&answer, &network)?)
}

struct Solved {
    header: Header,
    coinbase: Vec<u8>,
}

/// Finds a header that meets the chain's target (every second one does on regtest).
fn solve(template: &Template, script: &Bytes) -> anyhow::Result<Solved> {
    let process = ProcessTag::new(*b"\x01regtest").context("no marker")?;
    let tag = Bytes::from_static(b"/ngpool/");
    let spec = CoinbaseSpec::of(&template.head, script.clone(), process, tag);
    let job = Job::new(&template.head, &spec)?;
    // Other extranonces and rolled bits at every height.
    let en1 = template.head.height.0.to_be_bytes();
    let en2 = [template.head.height.0.to_le_bytes()[0]; 8];
    let rolled = (template.head.height.0 << 13) & 0x1fff_e000;
    let version = job
        .rolled_version(rolled, 0x1fff_e000)
        .context("bits of the mask")?;
    for nonce in 0..10_000 {
        let header = job.header(en1, en2, version, job.time, nonce);
        if job.target.is_met_by(&header.pow_hash(Algorithm::Scrypt)) {
            return Ok(Solved {
                header,
                coinbase: job.coinbase(en1, en2),
            });
        }
    }
    bail!("no nonce of 10,000 meets {}", job.target)
}

async fn submit(node: &Daemon, block: &[u8]) -> anyhow::Result<Value> {
    node.call("submitblock", json!([hex::encode(block)])).await
}

/// Builds the next block with our code and has the node accept it.
async fn mine(node: &Daemon, script: &Bytes) -> anyhow::Result<(Template, BlockHash)> {
    let template = template(node).await?;
    let Solved { header, coinbase } = solve(&template, script)?;
    let block = assemble_block(&header, &coinbase, &template.head, &template.body)?;
    let answer = submit(node, &block).await?;
    ensure!(
        answer.is_null(),
        "block {} is refused: {answer}",
        template.head.height
    );
    Ok((template, header.hash()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_our_blocks_is_accepted_past_mweb_activation() -> anyhow::Result<()> {
    let (node, peer) = nodes().await?;
    node.create_wallet().await?;
    let address = node.new_address("bech32").await?;
    let script = Address::parse(&address, &network()?)?.script().clone();
    let stealth = node.new_address("mweb").await?;
    let (mut with_payments, mut with_mweb) = (0, 0);
    for height in 1..=END {
        if height == ACTIVATION || height == ACTIVATION + 4 {
            node.call("sendtoaddress", json!([stealth, 1])).await?;
        } else if height > WALLET_PAYS_FROM && height % 5 == 0 {
            let kind = ["legacy", "p2sh-segwit", "bech32"][height as usize % 3];
            for _payment in 0..height % 4 {
                let to = node.new_address(kind).await?;
                node.call("sendtoaddress", json!([to, 0.5])).await?;
            }
        }
        let (template, hash) = mine(&node, &script).await?;
        ensure!(template.head.height.0 == height);
        ensure!(node.best_hash().await? == hash.to_string());
        ensure!(
            template.head.has_mweb == (height >= ACTIVATION),
            "MWEB at height {height}"
        );
        let hogex = u32::from(template.head.has_mweb);
        with_payments += u32::from(template.head.transaction_count > hogex);
        with_mweb += hogex;
        if height == ACTIVATION {
            ensure!(
                template.head.transaction_count == 2,
                "the peg-in and the HogEx"
            );
        }
    }
    ensure!(with_payments > 40 && with_mweb == END - ACTIVATION + 1);

    // What the node read from the last block is what was meant.
    let hash = node.best_hash().await?;
    let block = node.call("getblock", json!([hash, 2])).await?;
    ensure!(block["height"] == END && block["mweb"].is_object());
    let coinbase = &block["tx"][0];
    ensure!(coinbase["locktime"] == END - 1);
    ensure!(coinbase["vout"][0]["scriptPubKey"]["hex"] == hex::encode(&script));
    peer.wait_same_tip(&node).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_and_a_block_without_its_mweb_are_told_apart() -> anyhow::Result<()> {
    let (node, _peer) = nodes().await?;
    node.activate_mweb().await?;
    let script = Bytes::from_static(&[0x51]);
    let template = template(&node).await?;
    let Solved { header, coinbase } = solve(&template, &script)?;

    let mut stripped = template.clone();
    stripped.head.has_mweb = false;
    stripped.body = TemplateBody {
        mweb: None,
        ..stripped.body
    };
    let block = assemble_block(&header, &coinbase, &stripped.head, &stripped.body)?;
    let error = submit(&node, &block)
        .await
        .expect_err("a block cut short is refused");
    let code = error.downcast_ref::<DaemonError>().map(|error| error.code);
    ensure!(code == Some(-22), "{error:#}");

    let block = assemble_block(&header, &coinbase, &template.head, &template.body)?;
    ensure!(submit(&node, &block).await?.is_null());
    ensure!(submit(&node, &block).await? == "duplicate");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_keys_are_what_the_node_says() -> anyhow::Result<()> {
    let node = Daemon::start().await?;
    node.create_wallet().await?;
    let network = network()?;
    for kind in ["legacy", "p2sh-segwit", "bech32"] {
        let text = node.new_address(kind).await?;
        let address = Address::parse(&text, &network)?;
        let info = node.call("getaddressinfo", json!([text])).await?;
        ensure!(
            info["scriptPubKey"] == hex::encode(address.script()),
            "{text}"
        );
        ensure!(address.as_str() == text);
    }
    let stealth = node.new_address("mweb").await?;
    let refusal = Address::parse(&stealth, &network);
    ensure!(
        matches!(refusal, Err(AddressError::Stealth(_))),
        "{refusal:?}"
    );

    let key = PrivateKey::from_bytes(&[0x42; 32])?;
    node.call("importprivkey", json!([key.to_wif(&network), "", false]))
        .await?;
    for address in [Some(key.p2pkh(&network)), key.p2wpkh(&network)]
        .into_iter()
        .flatten()
    {
        let info = node
            .call("getaddressinfo", json!([address.as_str()]))
            .await?;
        ensure!(
            info["ismine"] == true && info["solvable"] == true,
            "{address}: {info}"
        );
    }
    Ok(())
}
