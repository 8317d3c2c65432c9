//! What the story plays with: the pool's API, a node, and two miners' addresses.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use ngpool_chain::{Network, PrivateKey};
use ngpool_crds::Documents;
use ngpool_settings::PayoutSettings;
use serde_json::Value;

use super::node::Node;
use crate::{miner::PoolUrl, rest::Rest};

/// Everything the story needs to know of the pool.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) rest: Rest,
    pub(super) node: Node,
    /// Name of the node that is asked.
    pub(super) node_name: String,
    /// Where miners connect.
    pub(super) stratum: PoolUrl,
    /// Code of the currency.
    pub(super) currency: String,
    pub(super) decimals: u8,
    /// Confirmations after which a block is credited.
    pub(super) maturity: u32,
    /// Confirmations after which a payout is settled.
    pub(super) settle_depth: u32,
    /// Where rewards go.
    pub(super) subsidy_address: String,
    /// The document of the payout job.
    pub(super) payout: PayoutSettings,
    /// File with the token for signers.
    pub(super) signer_token_file: Option<PathBuf>,
    /// Where the signer keeps its files.
    pub(super) signer_folder: PathBuf,
    /// Address of the faster miner.
    pub(super) fast: String,
    /// Address of the slower one.
    pub(super) slow: String,
}

impl Scene {
    /// `signer_folder` is where the signer may keep its files.
    pub(super) fn new(
        documents: &Documents,
        rest: Rest,
        signer_folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let coinserver = documents
            .coinservers
            .first()
            .context("the pool has no Coinserver")?;
        ensure!(
            documents.coinservers.len() > 1 && coinserver.daemon.is_some(),
            "the demo needs two Coinservers with daemons of their own, which peer with each other"
        );
        let port = documents
            .stratum
            .first()
            .context("the pool has no StratumPort")?;
        let currency = &port.base;
        ensure!(
            currency.network.regtest && currency.network.has_mweb(),
            "the demo needs a Litecoin regtest chain"
        );
        let payout = documents
            .payouts
            .iter()
            .find(|job| job.settings.currency.code == currency.code)
            .context("the Currency has no payout job")?;
        Ok(Self {
            settle_depth: currency.settle_depth,
            payout: payout.settings.clone(),
            signer_token_file: documents.web.signer_token_file.clone(),
            signer_folder,
            rest,
            node: Node::new(&coinserver.rpc)?,
            node_name: coinserver.name.clone(),
            stratum: format!("stratum+tcp://127.0.0.1:{}", port.bind.port()).parse()?,
            currency: currency.code.clone(),
            decimals: currency.decimals,
            maturity: currency.maturity,
            subsidy_address: currency.subsidy_address.clone(),
            fast: new_address(&currency.network)?,
            slow: new_address(&currency.network)?,
        })
    }

    /// A miner's name in the story.
    pub(super) fn name<'a>(&self, address: &'a str) -> &'a str {
        if address == self.fast {
            "fast"
        } else if address == self.slow {
            "slow"
        } else {
            address
        }
    }

    /// The pool's answer at a path below the currency's or the whole API.
    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(self.rest.get(&format!("/api/v1/{path}")).await?)
    }
}

/// An address whose key nobody keeps: coins of a demo are worth nothing.
fn new_address(network: &Network) -> anyhow::Result<String> {
    let key = PrivateKey::from_bytes(&rand::random())?;
    let address = key.p2wpkh(network).unwrap_or_else(|| key.p2pkh(network));
    Ok(address.as_str().to_owned())
}
