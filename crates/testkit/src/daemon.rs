//! Throwaway regtest nodes of Litecoin and Bitcoin.
//!
//! ```text
//!  Daemon::start() ──▶ setpriv ──▶ litecoind -regtest -datadir=<temporary>
//!  Daemon::pair()  ──▶ two of them, connected: getblocktemplate works on both
//!  Daemon::knots() ──▶ the same with Bitcoin Knots, from where scripts/install-knots puts it
//! ```

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{FreePort, Process, process, rpc};

/// Debian's `/usr/bin/litecoind` is a script that writes into the home directory; this is the
/// program itself.
const DEBIAN_BINARY: &str = "/usr/lib/litecoin/litecoind";

/// Names a `bitcoind` for tests, where `scripts/install-knots` has no mirror to ask.
const KNOTS_VARIABLE: &str = "NGPOOL_TEST_BITCOIND";

/// Coinbase outputs go to anybody (`OP_TRUE`) where the test does not say otherwise.
const ANYBODY: &str = "raw(51)";

/// Longest wait for a condition of a node. Generous: nothing waits that long unless something is
/// wrong, and machines that run tests are loaded.
const PATIENCE: Duration = Duration::from_secs(90);

/// The program of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DaemonProgram {
    /// Of the system's own package.
    Litecoind,
    /// Of `scripts/install-knots`.
    BitcoinKnots,
}

/// How a node of a test differs from the usual one.
#[derive(Debug, Clone, Default)]
pub struct DaemonOptions {
    /// Further arguments, such as `-maxtipage=…`.
    pub arguments: Vec<String>,
}

/// A node in a temporary directory with its own ports, killed and removed on drop.
#[derive(Debug)]
pub struct Daemon {
    // Dropped in this order: the process before its directory and ports.
    process: Option<Process>,
    directory: TempDir,
    p2p: FreePort,
    rpc: FreePort,
    program: DaemonProgram,
    options: DaemonOptions,
}

/// Where the daemon's program is.
pub fn binary() -> anyhow::Result<PathBuf> {
    let debian = Path::new(DEBIAN_BINARY);
    if debian.is_file() {
        return Ok(debian.to_owned());
    }
    std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|folder| folder.join("litecoind"))
        .find(|path| path.is_file())
        .context("litecoind is not installed: apt-get install litecoind")
}

/// Where Bitcoin Knots is.
pub fn knots_binary() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os(KNOTS_VARIABLE) {
        return Ok(path.into());
    }
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = folder("NGPOOL_CACHE")
        .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("ngpool")))
        .or_else(|| Some(folder("HOME")?.join(".cache/ngpool")))
        .context("no HOME: there is no cache")?;
    let binary = cache.join("knots/current/bitcoind");
    ensure!(
        binary.is_file(),
        "Bitcoin Knots is not at {}: run scripts/install-knots, or name a bitcoind 28 or newer by \
         {KNOTS_VARIABLE}",
        binary.display()
    );
    Ok(binary)
}

impl DaemonProgram {
    fn binary(self) -> anyhow::Result<PathBuf> {
        match self {
            Self::Litecoind => binary(),
            Self::BitcoinKnots => knots_binary(),
        }
    }
}

impl Daemon {
    /// Starts Bitcoin Knots and waits until it answers. Its chain is the genesis block. It gives
    /// templates without a peer, publishes by ZMQ when asked to, and replaces transactions by fee; its
    /// wallets have descriptors and no `dumpprivkey`.
    pub async fn knots(options: DaemonOptions) -> anyhow::Result<Self> {
        Self::launch(DaemonProgram::BitcoinKnots, options).await
    }

    /// Starts a node and waits until it answers. Its chain is the genesis block.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(DaemonOptions::default()).await
    }

    /// Starts a node with options.
    pub async fn start_with(options: DaemonOptions) -> anyhow::Result<Self> {
        Self::launch(DaemonProgram::Litecoind, options).await
    }

    async fn launch(program: DaemonProgram, options: DaemonOptions) -> anyhow::Result<Self> {
        let mut daemon = Self {
            program,
            process: None,
            directory: tempfile::Builder::new().prefix("ngpool-node-").tempdir()?,
            p2p: FreePort::reserve()?,
            rpc: FreePort::reserve()?,
            options,
        };
        daemon.run().await?;
        Ok(daemon)
    }

    /// A node of its own that begins with the data of this one, which must not run.
    pub async fn copy(&self) -> anyhow::Result<Self> {
        ensure!(
            !self.is_running(),
            "a node's data is copied while it does not run"
        );
        let mut daemon = Self {
            program: self.program,
            process: None,
            directory: tempfile::Builder::new().prefix("ngpool-node-").tempdir()?,
            p2p: FreePort::reserve()?,
            rpc: FreePort::reserve()?,
            options: self.options.clone(),
        };
        let from = self.directory.path().join(".");
        let copied = tokio::process::Command::new("cp")
            .args(["--recursive", "--reflink=auto", "--sparse=always"])
            .args([from.as_path(), daemon.directory.path()])
            .status()
            .await?;
        ensure!(copied.success(), "the node's data cannot be copied");
        daemon.run().await?;
        Ok(daemon)
    }

    /// Two connected nodes with one block: `getblocktemplate` works on both.
    pub async fn pair() -> anyhow::Result<(Self, Self)> {
        let (first, second) = tokio::try_join!(Self::start(), Self::start())?;
        first.connect(&second).await?;
        first.generate(1).await?;
        first.wait_same_tip(&second).await?;
        // A node that has received a block leaves initial download a moment after its tip moves.
        for node in [&first, &second] {
            node.wait_for("templates", async || {
                node.call("getblocktemplate", json!([{"rules": ["mweb", "segwit"]}]))
                    .await
                    .is_ok()
            })
            .await?;
        }
        Ok((first, second))
    }

    /// Starts the program again after [`stop`](Self::stop) or [`kill`](Self::kill), on the same data
    /// and ports, and waits until it answers.
    pub async fn run(&mut self) -> anyhow::Result<()> {
        ensure!(!self.is_running(), "the node runs already");
        // Of the run before: it would be taken for the new one's.
        let _none = std::fs::remove_file(self.credentials_file());
        let output = File::create(self.directory.path().join("output.log"))?;
        let mut command = process::command(self.program.binary()?);
        command
            .arg("-regtest")
            .arg(format!("-datadir={}", self.directory.path().display()))
            .arg(format!("-port={}", self.p2p.number()))
            .arg(format!("-bind=127.0.0.1:{}", self.p2p.number()))
            .arg(format!("-rpcport={}", self.rpc.number()))
            .args([
                "-server=1",
                "-listen=1",
                "-listenonion=0",
                "-dnsseed=0",
                "-discover=0",
            ])
            .args(["-fallbackfee=0.0002", "-printtoconsole=0"])
            // Small, and quick to answer and to stop.
            .args([
                "-dbcache=16",
                "-rpcthreads=8",
                "-rpcworkqueue=64",
                "-shrinkdebugfile=0",
            ])
            .args(&self.options.arguments)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        self.process = Some(Process::start(command)?);
        self.wait_for("its RPC", async || {
            self.call("getblockcount", json!([])).await.is_ok()
        })
        .await
    }

    /// Whether the program runs.
    pub fn is_running(&self) -> bool {
        self.process.as_ref().is_some_and(Process::is_running)
    }

    /// The program's process id, while it runs.
    pub fn pid(&self) -> Option<i32> {
        self.process
            .as_ref()
            .filter(|process| process.is_running())
            .map(Process::pid)
    }

    /// Ends the program by SIGTERM and waits for its end.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.end(Signal::SIGTERM).await
    }

    /// Ends the program by SIGKILL and waits for its end.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.end(Signal::SIGKILL).await
    }

    /// Stops the program where it is (SIGSTOP): it holds its connections and answers nothing.
    pub fn freeze(&self) -> anyhow::Result<()> {
        self.process
            .as_ref()
            .context("the node does not run")?
            .signal(Signal::SIGSTOP)
    }

    /// Lets a frozen program go on.
    pub fn thaw(&self) -> anyhow::Result<()> {
        self.process
            .as_ref()
            .context("the node does not run")?
            .signal(Signal::SIGCONT)
    }

    /// Where its JSON-RPC answers.
    pub fn rpc_url(&self) -> String {
        self.rpc.url()
    }

    /// File with `user:password` for the RPC. The node writes a new one at every start.
    pub fn credentials_file(&self) -> PathBuf {
        self.directory.path().join("regtest/.cookie")
    }

    /// Where other nodes reach it, `host:port`.
    pub fn p2p_address(&self) -> String {
        self.p2p.address().to_string()
    }

    /// Its data directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A JSON-RPC call; see [`rpc::call`] for errors.
    pub async fn call(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let credentials = std::fs::read_to_string(self.credentials_file())
            .context("the node has written no credentials")?;
        rpc::call(&self.rpc_url(), &credentials, method, params).await
    }

    /// Mines blocks whose reward anybody can spend; their hashes, as displayed.
    pub async fn generate(&self, blocks: u32) -> anyhow::Result<Vec<String>> {
        let hashes = self
            .call("generatetodescriptor", json!([blocks, ANYBODY]))
            .await?;
        Ok(serde_json::from_value(hashes)?)
    }

    /// Mines blocks to an address; their hashes, as displayed.
    pub async fn generate_to(&self, blocks: u32, address: &str) -> anyhow::Result<Vec<String>> {
        let hashes = self
            .call("generatetoaddress", json!([blocks, address]))
            .await?;
        Ok(serde_json::from_value(hashes)?)
    }

    /// Makes the node's wallet: none exists at first.
    pub async fn create_wallet(&self) -> anyhow::Result<()> {
        self.call("createwallet", json!(["test"])).await.map(drop)
    }

    /// A new address of the wallet; `kind` is `legacy`, `p2sh-segwit`, `bech32` or `mweb`.
    pub async fn new_address(&self, kind: &str) -> anyhow::Result<String> {
        let address = self.call("getnewaddress", json!(["", kind])).await?;
        address
            .as_str()
            .map(str::to_owned)
            .context("getnewaddress gave no text")
    }

    /// From the genesis block (or a few after it) to height 433 with MWEB active: makes the wallet,
    /// mines to it, pegs in at 432 as the network demands. The wallet is left with mature coins.
    pub async fn activate_mweb(&self) -> anyhow::Result<()> {
        self.create_wallet().await?;
        let address = self.new_address("bech32").await?;
        let height = self.height().await?;
        ensure!(
            height <= 300,
            "too high to activate MWEB: the wallet would have no coins"
        );
        self.generate_to(431 - height, &address).await?;
        let stealth = self.new_address("mweb").await?;
        self.call("sendtoaddress", json!([stealth, 1])).await?;
        self.generate_to(2, &address).await.map(drop)
    }

    /// Height of the tip.
    pub async fn height(&self) -> anyhow::Result<u32> {
        let height = self.call("getblockcount", json!([])).await?;
        Ok(serde_json::from_value(height)?)
    }

    /// Hash of the tip, as displayed.
    pub async fn best_hash(&self) -> anyhow::Result<String> {
        let hash = self.call("getbestblockhash", json!([])).await?;
        Ok(serde_json::from_value(hash)?)
    }

    /// Connects to another node and waits until both count the connection.
    pub async fn connect(&self, other: &Self) -> anyhow::Result<()> {
        for command in ["add", "onetry"] {
            // `add` alone is tried again only a minute after another added node could not be reached.
            match self
                .call("addnode", json!([other.p2p_address(), command]))
                .await
            {
                Err(error) if is_already_added(&error) => {}
                other => drop(other?),
            }
        }
        self.wait_for("its peer", async || {
            self.peers().await.is_ok_and(|peers| peers > 0)
                && other.peers().await.is_ok_and(|peers| peers > 0)
        })
        .await
    }

    /// Number of connections to other nodes that have finished their handshake.
    pub async fn peers(&self) -> anyhow::Result<usize> {
        let peers = self.call("getpeerinfo", json!([])).await?;
        let peers = peers.as_array().context("getpeerinfo gave no list")?;
        Ok(peers
            .iter()
            .filter(|peer| peer["version"].as_u64().unwrap_or(0) > 0)
            .count())
    }

    /// Cuts the node off from its peers, or lets it connect again (which takes it some seconds).
    pub async fn set_network_active(&self, active: bool) -> anyhow::Result<()> {
        self.call("setnetworkactive", json!([active]))
            .await
            .map(drop)
    }

    /// Waits until both nodes have the same tip.
    pub async fn wait_same_tip(&self, other: &Self) -> anyhow::Result<()> {
        self.wait_for("the tip of its peer", async || {
            matches!((self.best_hash().await, other.best_hash().await), (Ok(a), Ok(b)) if a == b)
        })
        .await
    }

    /// Waits until `condition` holds.
    pub async fn wait_for(
        &self,
        what: &str,
        mut condition: impl AsyncFnMut() -> bool,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if condition().await {
                return Ok(());
            }
            if !self.is_running() {
                bail!(
                    "the node ended while it was awaited ({what}):\n{}",
                    self.last_words()
                );
            }
            if Instant::now() > deadline {
                bail!(
                    "the node is still without {what} after {PATIENCE:?}:\n{}",
                    self.last_words()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(&mut self, signal: Signal) -> anyhow::Result<()> {
        let process = self.process.take().context("the node does not run")?;
        process.signal(signal)?;
        tokio::time::timeout(PATIENCE, process.wait())
            .await
            .with_context(|| format!("the node did not end on {signal}"))?;
        Ok(())
    }

    /// End of what it printed and logged.
    fn last_words(&self) -> String {
        ["output.log", "regtest/debug.log"]
            .iter()
            .filter_map(|file| std::fs::read_to_string(self.directory.path().join(file)).ok())
            .flat_map(|text| {
                let lines: Vec<_> = text.lines().map(str::to_owned).collect();
                lines.into_iter().rev().take(15).rev().collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn is_already_added(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<rpc::DaemonError>()
        .is_some_and(|error| error.code == -23)
}
