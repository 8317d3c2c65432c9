//! A throwaway PostgreSQL, a running ledger, and batches to give it.

#![allow(dead_code, reason = "each test binary uses its part")]

mod cluster;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use bytes::Bytes;
#[allow(unused_imports, reason = "each test binary uses its part")]
pub(crate) use cluster::{Cluster, empty_database, shared_database, sql};
use ngpool_chain::{BlockHash, Network, Work};
use ngpool_rpc::v1::{
    self, BatchContent, BlockReport, CurrencySet, CurrencyWeight, Slice,
    ledger_client::LedgerClient,
};
use ngpool_runtime::Program;
use ngpool_settings::{CurrencySettings, LedgerSettings, Listen, PayoutMethod, Window};
use ngpool_store::{Store, StoreOptions};
use ngpool_testkit::FreePort;
use prost::Message;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

/// Longest wait for anything.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The sharechain of all tests here.
pub(crate) const SHARECHAIN: &str = "main";

/// Waits until `condition` holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A running ledger.
pub(crate) struct RunningLedger {
    pub(crate) url: String,
    pub(crate) program: Program,
    settings: watch::Sender<Arc<LedgerSettings>>,
    task: tokio::task::JoinHandle<Result<(), ngledger::RunError>>,
    _ports: [FreePort; 2],
    directory: tempfile::TempDir,
}

impl RunningLedger {
    /// Starts one on a database; it may not be ready yet.
    pub(crate) fn start(database_url: &str, change: impl FnOnce(&mut LedgerSettings)) -> Self {
        let ports = [FreePort::reserve().unwrap(), FreePort::reserve().unwrap()];
        let directory = tempfile::tempdir().unwrap();
        let url_file = directory.path().join("url");
        std::fs::write(&url_file, database_url).unwrap();
        let mut settings = settings(&url_file, &ports);
        change(&mut settings);
        let program = Program::new("ngledger", SHARECHAIN, CancellationToken::new());
        let (sender, settings) = watch::channel(Arc::new(settings));
        let task = tokio::spawn(ngledger::run(settings, program.clone()));
        Self {
            url: ports[0].url(),
            program,
            settings: sender,
            task,
            _ports: ports,
            directory,
        }
    }

    /// Another text in the file of its database's URL.
    pub(crate) fn write_url(&self, url: &str) {
        std::fs::write(self.directory.path().join("url"), url).unwrap();
    }

    /// Changes its document.
    pub(crate) fn change(&self, change: impl FnOnce(&mut LedgerSettings)) {
        self.settings
            .send_modify(|settings| change(Arc::make_mut(settings)));
    }

    /// Starts one and waits until it is ready.
    pub(crate) async fn ready(
        database_url: &str,
        change: impl FnOnce(&mut LedgerSettings),
    ) -> Self {
        let ledger = Self::start(database_url, change);
        ledger.until_ready().await;
        ledger
    }

    pub(crate) async fn until_ready(&self) {
        until("the ledger is ready", || async {
            self.program.health.report().ready
        })
        .await;
    }

    pub(crate) async fn client(&self) -> LedgerClient<Channel> {
        LedgerClient::connect(self.url.clone()).await.unwrap()
    }

    pub(crate) async fn stop(self) {
        self.program.shutdown.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// Ends it as a killed process would: nothing is finished.
    pub(crate) fn abort(self) {
        self.task.abort();
        self.program.shutdown.cancel();
    }
}

fn settings(url_file: &Path, ports: &[FreePort; 2]) -> LedgerSettings {
    LedgerSettings {
        sharechain: SHARECHAIN.to_owned(),
        listen: Listen {
            grpc: ports[0].address(),
            admin: ports[1].address(),
            tls: None,
        },
        database_url_file: url_file.to_owned(),
        currencies: vec![currency()],
        method: PayoutMethod::Pplns {
            window: Window::DifficultyMilli(2_000),
        },
        fee_ppm: 10_000,
        bonus: None,
        cut_wait_ms: 5_000,
        minute_days: 7,
        hour_days: 365,
        live_workers: 1_000,
        workers_per_user: 1_000,
    }
}

pub(crate) fn currency() -> CurrencySettings {
    CurrencySettings {
        name: "litecoin".to_owned(),
        code: "LTC".to_owned(),
        network: Network::preset("litecoin-regtest").unwrap(),
        subsidy_address: String::new(),
        maturity: 100,
        settle_depth: 6,
        coinbase_tag: "/test/".to_owned(),
        block_odds: 1,
        split_window_milli: 2_000,
        decimals: 8,
    }
}

/// A journal as a ledger sees it.
pub(crate) struct Producer {
    pub(crate) id: [u8; 16],
    pub(crate) number: u64,
    pub(crate) digest: [u8; 32],
}

impl Producer {
    pub(crate) fn new() -> Self {
        Self {
            id: rand::random(),
            number: 0,
            digest: [0; 32],
        }
    }

    /// The next batch, of one slice for each user.
    pub(crate) fn next(&mut self, users: &[(&str, u128)]) -> v1::Batch {
        let content = content(users);
        let previous = self.digest;
        self.number += 1;
        self.digest = Sha256::new()
            .chain_update(previous)
            .chain_update(self.number.to_be_bytes())
            .chain_update(&content)
            .finalize()
            .into();
        v1::Batch {
            producer: Bytes::copy_from_slice(&self.id),
            number: self.number,
            previous_digest: Bytes::copy_from_slice(&previous),
            content: content.into(),
            digest: Bytes::copy_from_slice(&self.digest),
        }
    }
}

pub(crate) fn content(users: &[(&str, u128)]) -> Vec<u8> {
    let bytes = |number: u128| Bytes::copy_from_slice(&number.to_be_bytes());
    BatchContent {
        port: "public".to_owned(),
        slices: users
            .iter()
            .map(|(user, work)| Slice {
                user: (*user).to_owned(),
                worker: "rig".to_owned(),
                currency_set: 0,
                work: bytes(*work),
                shares: 1,
                // A network work of 1,000.
                weights: vec![CurrencyWeight {
                    expected_blocks: bytes((*work << 64) / 1_000),
                    value: bytes((*work << 32) * 5_000 / 1_000),
                }],
            })
            .collect(),
        rejects: Vec::new(),
        closed_ms: now_ms(),
        currency_sets: vec![CurrencySet {
            currencies: vec!["LTC".to_owned()],
        }],
    }
    .encode_to_vec()
}

pub(crate) fn now_ms() -> u64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap()
}

pub(crate) fn block_report(number: u8) -> BlockReport {
    BlockReport {
        currency: "LTC".to_owned(),
        hash: Bytes::from(vec![number; 32]),
        height: u32::from(number),
        previous_hash: Bytes::from(vec![1; 32]),
        bits: 0x207f_ffff,
        sharechain: SHARECHAIN.to_owned(),
        port: "public".to_owned(),
        user: "alice".to_owned(),
        worker: "rig".to_owned(),
        coinbase_txid: Bytes::from(vec![2; 32]),
        reward: 5_000_000_000,
        coinbase_vout: 0,
        script: Bytes::from(vec![0, 20]),
        found_ms: now_ms(),
        answers: Vec::new(),
        pow_hash: Bytes::from(vec![3; 32]),
        r#final: false,
    }
}

pub(crate) fn block_hash(number: u8) -> BlockHash {
    BlockHash::from_bytes([number; 32])
}

/// A view on the books.
pub(crate) fn store(url: &str) -> Store {
    Store::open(url, &StoreOptions::default()).unwrap()
}

/// Work per user, all of it.
pub(crate) async fn booked(store: &Store) -> anyhow::Result<Vec<(String, u128)>> {
    let head = store.head(SHARECHAIN).await.context("no head")?;
    booked_up_to(store, head).await
}

/// Work per user up to a position.
pub(crate) async fn booked_up_to(store: &Store, pos: u64) -> anyhow::Result<Vec<(String, u128)>> {
    let window = store
        .work_in_window(SHARECHAIN, "LTC", pos, Work(u128::MAX))
        .await?;
    Ok(window
        .users
        .into_iter()
        .map(|(user, work)| (user, work.0))
        .collect())
}
