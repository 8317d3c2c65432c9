//! A pool's files for tests: two nodes that peer, one sharechain, one port.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use ngpool_chain::{Network, PrivateKey};
use ngpool_testkit::FreePort;
use tempfile::TempDir;

/// The folder with the files, and the state directory beside it.
pub(crate) struct Pool {
    folder: TempDir,
    pub(crate) stratum: FreePort,
    pub(crate) web: FreePort,
    /// Where block rewards go.
    pub(crate) subsidy_address: String,
}

/// Scrypt difficulty of every share: 65 hashes.
pub(crate) const DIFFICULTY: f64 = 0.001;

impl Pool {
    pub(crate) fn new() -> Self {
        let pool = Self {
            folder: tempfile::Builder::new()
                .prefix("ngpool-up-")
                .tempdir()
                .unwrap(),
            stratum: FreePort::reserve().unwrap(),
            web: FreePort::reserve().unwrap(),
            subsidy_address: address(7),
        };
        std::fs::create_dir(pool.files()).unwrap();
        pool.write("pool.yaml", &pool.pool());
        pool.write("currency.yaml", &pool.currency(60));
        pool.write(
            "nodes.yaml",
            &format!("{}---\n{}", coinserver("a"), coinserver("b")),
        );
        pool.write("chain.yaml", &sharechain());
        pool.write(
            "port.yaml",
            &stratum_port("main", self::number(&pool.stratum), DIFFICULTY),
        );
        pool
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.folder.path().join("pool")
    }

    pub(crate) fn state_dir(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.files().join(name), text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.files().join(name)).unwrap();
    }

    pub(crate) fn stratum_url(&self) -> String {
        format!(
            "stratum+tcp://{}:{}",
            Ipv4Addr::LOCALHOST,
            self.stratum.number()
        )
    }

    fn pool(&self) -> String {
        format!(
            "apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: pool
spec:
  title: Pool of a test
  database:
    bundled: {{}}
  web:
    port: {}
    rateLimit:
      perSecond: 10000
      burst: 10000
",
            self.web.number()
        )
    }

    /// One share of `odds` is a block.
    pub(crate) fn currency(&self, odds: u32) -> String {
        format!(
            "apiVersion: ngpool.io/v1alpha1
kind: Currency
metadata:
  name: ltc
spec:
  code: LTC
  preset: litecoin-regtest
  subsidyAddress: {}
  blockOdds: {odds}
  settleInterval: 1s
",
            self.subsidy_address
        )
    }
}

fn number(port: &FreePort) -> u16 {
    port.number()
}

/// An address of the test's own, different for each number.
pub(crate) fn address(number: u8) -> String {
    let network = Network::preset("litecoin-regtest").unwrap();
    PrivateKey::from_bytes(&[number; 32])
        .unwrap()
        .p2wpkh(&network)
        .unwrap()
        .as_str()
        .to_owned()
}

pub(crate) fn coinserver(name: &str) -> String {
    format!(
        "apiVersion: ngpool.io/v1alpha1
kind: Coinserver
metadata:
  name: {name}
spec:
  currency: ltc
  daemon: {{}}
  pollInterval: 500ms
"
    )
}

fn sharechain() -> String {
    "apiVersion: ngpool.io/v1alpha1
kind: Sharechain
metadata:
  name: main
spec:
  algorithm: scrypt
  fee: 1%
  cutWait: 2s
  method:
    pplns:
      window:
        work: 100000
"
    .to_owned()
}

/// A port on which every share has the same difficulty.
pub(crate) fn stratum_port(name: &str, port: u16, difficulty: f64) -> String {
    format!(
        "apiVersion: ngpool.io/v1alpha1
kind: StratumPort
metadata:
  name: {name}
spec:
  port: {port}
  currency: ltc
  sharechain: main
  vardiff:
    start: {difficulty}
    min: {difficulty}
    max: {difficulty}
  drain:
    spread: 1s
"
    )
}
