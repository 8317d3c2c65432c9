//! The nodes of a pool, as a test uses them: time that passes, and what the chain says.

use anyhow::{Context, ensure};
use k8s_openapi::api::core::v1::Secret;
use serde_json::Value;

use super::{Pool, miner::new_address};

impl Pool {
    /// Calls a node's RPC from within its pod.
    pub async fn node(&self, coinserver: &str, call: &[&str]) -> anyhow::Result<Value> {
        let secret = self
            .api::<Secret>()
            .get(&format!("coinserver-{coinserver}-rpc"))
            .await?;
        let data = secret.data.unwrap_or_default();
        let credentials = data
            .get("credentials")
            .map(|bytes| String::from_utf8_lossy(&bytes.0).into_owned())
            .context("the node's Secret has no credentials")?;
        let (user, password) = credentials
            .trim()
            .split_once(':')
            .context("credentials are not user:password")?;
        let namespace = format!("--namespace={}", self.namespace);
        let deployment = format!("deployment/coinserver-{coinserver}");
        let (user, password) = (
            format!("-rpcuser={user}"),
            format!("-rpcpassword={password}"),
        );
        let words = [
            namespace.as_str(),
            "exec",
            &deployment,
            "--container=daemon",
            "--",
            "litecoin-cli",
            "-regtest",
            "-datadir=/tmp",
            &user,
            &password,
        ];
        let text = self.session.kubectl(words.iter().chain(call)).await?;
        // The program writes texts without quotes.
        Ok(serde_json::from_str(text.trim()).unwrap_or_else(|_| text.trim().into()))
    }

    /// Lets a node find blocks for nobody.
    pub async fn pass_time(&self, coinserver: &str, blocks: u32) -> anyhow::Result<()> {
        let address = new_address()?;
        let found = self
            .node(
                coinserver,
                &["generatetoaddress", &blocks.to_string(), &address],
            )
            .await?;
        let found = found.as_array().map_or(0, Vec::len);
        ensure!(
            found == blocks as usize,
            "the node found {found} of {blocks} blocks"
        );
        Ok(())
    }

    /// Height of a node's best chain.
    pub async fn height(&self, coinserver: &str) -> anyhow::Result<u64> {
        self.node(coinserver, &["getblockcount"])
            .await?
            .as_u64()
            .context("a height is a number")
    }
}
