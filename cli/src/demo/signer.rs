//! The signer of the demo: `ngsign`, a process of its own that knows the pool by its address, a token
//! and the key of its statements, as it would on another machine.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, ensure};
use ngpool_settings::PayoutSettings;
use tokio::process::{Child, Command};

/// The key of the example's subsidy address, written beside it for everybody to read.
const KEY: &str = "cNkcbiHNpiqVixGWxZQs5HJg4a9frhdQT1z8x5X2fy88RsnUGxAu";

/// Seconds between two questions to the pool.
const INTERVAL: &str = "1";

/// A running signer, ended when it is dropped.
#[derive(Debug)]
pub(super) struct Signer {
    process: Child,
    log: PathBuf,
}

/// What the signer has to be told of the pool.
#[derive(Debug, Clone)]
pub(super) struct PoolFacts<'a> {
    /// Where the API is.
    pub(super) url: String,
    /// File with the token for signers.
    pub(super) token_file: &'a Path,
    /// The document of the payout job.
    pub(super) payout: &'a PayoutSettings,
}

impl Signer {
    /// Makes the keystore and a policy in a folder, and lets the signer watch the pool.
    pub(super) async fn start(folder: &Path, pool: &PoolFacts<'_>) -> anyhow::Result<Self> {
        let program = program()?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let file = |name: &str| folder.join(name);
        let write = |name: &str, text: &str| {
            fs::write(file(name), text).with_context(|| format!("cannot write {name}"))
        };
        let passphrase: [u8; 16] = rand::random();
        write("passphrase", &hex::encode(passphrase))?;
        write("key.wif", KEY)?;
        let statements = ngpayout::settle::key::load_or_create(&pool.payout.statement_key_file)?;
        let statement_key = hex::encode(statements.verifying_key().to_bytes());
        let currency = &pool.payout.currency.code;
        write("policy.yaml", &policy(currency, &statement_key))?;

        let keystore = file("keys.age");
        let mut import = Command::new(&program);
        import
            .args([
                "import",
                "--network",
                "litecoin-regtest",
                "--kind",
                "p2wpkh",
            ])
            .args(["--currency", currency])
            .arg("--keystore")
            .arg(&keystore)
            .arg("--passphrase-file")
            .arg(file("passphrase"))
            .arg(file("key.wif"));
        let output = import.output().await.context("cannot start ngsign")?;
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        ensure!(output.status.success(), "ngsign import failed: {words}");
        ensure!(
            words.contains(&pool.payout.currency.subsidy_address),
            "the demo has the key of the example only, and the Currency's rewards go to {}",
            pool.payout.currency.subsidy_address
        );

        let log = file("log");
        let out = File::create(&log)?;
        let process = Command::new(&program)
            .args(["watch", "--interval", INTERVAL, "--pool", &pool.url])
            .arg("--token-file")
            .arg(pool.token_file)
            .arg("--keystore")
            .arg(&keystore)
            .arg("--passphrase-file")
            .arg(file("passphrase"))
            .arg("--policy")
            .arg(file("policy.yaml"))
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start ngsign")?;
        Ok(Self { process, log })
    }

    /// Its process id, while it runs.
    pub(super) fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// An error when it has ended.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        let ended = self.process.try_wait()?;
        ensure!(
            ended.is_none(),
            "ngsign ended: {}",
            fs::read_to_string(&self.log).unwrap_or_default()
        );
        Ok(())
    }

    /// What it said last.
    pub(super) fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().last().unwrap_or("nothing").to_owned()
    }
}

/// The signer's program: beside this one, where a build and an installation put it.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("this program is not a file")?;
    let beside = own.with_file_name("ngsign");
    ensure!(
        beside.is_file(),
        "the demo needs the signer, and {} is not there: cargo build --package ngsign",
        beside.display()
    );
    Ok(beside)
}

/// Limits that no demo reaches; docs/signer-policy.yaml explains each.
fn policy(currency: &str, statement_key: &str) -> String {
    format!(
        "format: 1
currency: {currency}
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
