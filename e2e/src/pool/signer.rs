//! `ngsign`, outside the cluster: it reaches the pool by a port-forward and knows nothing else of it.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
};

use anyhow::{Context, ensure};
use ed25519_dalek::{SigningKey, pkcs8::DecodePrivateKey};
use k8s_openapi::api::core::v1::Secret;
use tokio::process::{Child, Command};

use super::{Forward, Pool};

/// The key of the example's subsidy address, which is written there for everybody to read.
const KEY: &str = "cNkcbiHNpiqVixGWxZQs5HJg4a9frhdQT1z8x5X2fy88RsnUGxAu";

/// A running signer and its way into the cluster; both end when this is dropped.
#[derive(Debug)]
pub struct Signer {
    process: Child,
    log: PathBuf,
    _forward: Forward,
}

impl Pool {
    /// Gives a signer its key, a policy and the pool's token, and lets it watch.
    pub async fn start_signer(&self) -> anyhow::Result<Signer> {
        let folder = self.session.folder(&format!("{}-signer", self.namespace))?;
        let file = |name: &str| folder.join(name);
        fs::write(file("passphrase"), "of a test")?;
        fs::write(file("key.wif"), KEY)?;
        fs::write(file("policy.yaml"), policy(&self.statement_key().await?))?;
        fs::write(
            file("token"),
            self.secret("pool-signer-token", "token").await?,
        )?;
        let forward = self.forward("service/pool-web", "http").await?;
        let program = self.session.program("ngsign");
        let keys = |command: &mut Command| {
            command
                .arg("--keystore")
                .arg(file("keys.age"))
                .arg("--passphrase-file")
                .arg(file("passphrase"))
                .stdin(Stdio::null())
                .kill_on_drop(true);
        };
        let mut import = Command::new(&program);
        import.args([
            "import",
            "--network",
            "litecoin-regtest",
            "--kind",
            "p2wpkh",
        ]);
        import.args(["--currency", "RLTC"]);
        keys(&mut import);
        let output = import.arg(file("key.wif")).output().await?;
        ensure!(
            output.status.success(),
            "ngsign import: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let log = file("log");
        let out = File::create(&log)?;
        let mut watch = Command::new(&program);
        watch.args([
            "watch",
            "--interval",
            "1",
            "--pool",
            &format!("http://{}", forward.address),
        ]);
        keys(&mut watch);
        let process = watch
            .arg("--token-file")
            .arg(file("token"))
            .arg("--policy")
            .arg(file("policy.yaml"))
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .context("cannot start ngsign")?;
        Ok(Signer {
            process,
            log,
            _forward: forward,
        })
    }

    /// A Secret's text, as an administrator reads it.
    pub async fn secret(&self, name: &str, key: &str) -> anyhow::Result<String> {
        let data = self
            .api::<Secret>()
            .get(name)
            .await?
            .data
            .unwrap_or_default();
        let bytes = data
            .get(key)
            .with_context(|| format!("Secret {name} has no {key}"))?;
        Ok(String::from_utf8(bytes.0.clone())?)
    }

    /// The public half of the key that signs statements, as an operator tells it to the signer.
    async fn statement_key(&self) -> anyhow::Result<String> {
        let pem = self
            .secret("currency-litecoin-statement-key", "key.pem")
            .await?;
        let key = SigningKey::from_pkcs8_pem(&pem)?;
        Ok(hex::encode(key.verifying_key().to_bytes()))
    }
}

impl Signer {
    /// An error when it has ended.
    pub fn check(&mut self) -> anyhow::Result<()> {
        let ended = self.process.try_wait()?;
        ensure!(ended.is_none(), "ngsign ended: {}", self.log());
        Ok(())
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// Limits that no test reaches; docs/signer-policy.yaml explains each.
fn policy(statement_key: &str) -> String {
    format!(
        "format: 1
currency: RLTC
statementKeys: [{statement_key}]
limits: {{payout: 100000000000000, day: 100000000000000, payeeDay: 100000000000000}}
fee: {{transaction: 10000000, day: 100000000, rate: 1000}}
newScripts: {{hours: 0, limit: 0}}
maxChangeOutputs: 4
maxBlockReward: 10000000000
maxPpsAhead: 0
poolFeeAddresses: []
"
    )
}
