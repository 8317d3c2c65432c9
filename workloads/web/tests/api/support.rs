//! A pool with one mature and one immature block in a real database, and the API in front of it.

use std::net::SocketAddr;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, StatusCode, body::Bytes, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ngpool_accounting::{BlockToSplit, Bonus, ChainWindow, FeePpm, Finder, Method, Payee};
use ngpool_chain::{Address, Algorithm, Amount, BlockHash, Height, Network, PowHash, Txid, Work};
use ngpool_rpc::v1::{BatchContent, CurrencySet, CurrencyWeight, RejectCount, Slice};
use ngpool_runtime::{Program, Settings};
use ngpool_settings::{
    CurrencySettings, Listen, PayoutMethod, PayoutPolicy, RateLimit, WebNode, WebPort, WebSettings,
    WebSharechain, Window,
};
use ngpool_store::{
    Batch, BlockKey, BlockReport, CutTerms, LivePort, LiveWorker, Logins, NewPayout, NewVersion,
    NodeAnswer, Outcome, Outpoint, PayoutChange, PayoutInput, PayoutKind, PayoutPart, ProducerId,
    StatisticsLimits, Store, StoreOptions, WindowAudit, migrate,
};
use ngpool_testkit::{Database, FreePort};
use prost::Message;
use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) const ALICE: &str = "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx";
pub(crate) const BOB: &str = "mkHS9ne12qx9pS9VojpwU5xtRd4T7X7ZUt";
pub(crate) const REWARD: i64 = 2_500_000_001;
pub(crate) const FEE_PPM: u32 = 10_000;

pub(crate) struct World {
    pub(crate) api: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) settings: watch::Sender<std::sync::Arc<WebSettings>>,
    pub(crate) mature: BlockHash,
    pub(crate) immature: BlockHash,
    pub(crate) database: Database,
    shutdown: CancellationToken,
    running: Option<JoinHandle<Result<(), ngweb::RunError>>>,
    files: tempfile::TempDir,
    _ports: [FreePort; 3],
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

impl World {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Self::start_with(RateLimit {
            per_second: 10_000,
            burst: 10_000,
        })
        .await
    }

    pub(crate) async fn start_with(rate_limit: RateLimit) -> anyhow::Result<Self> {
        let database = Database::create().await?;
        migrate(&database.owner_url(), &Logins::without_passwords()).await?;
        let (mature, immature) = fill(&database).await?;
        let files = tempfile::tempdir()?;
        let url_file = files.path().join("url");
        std::fs::write(&url_file, database.url_of("web"))?;
        let ports = [
            FreePort::reserve()?,
            FreePort::reserve()?,
            FreePort::reserve()?,
        ];
        let [api, grpc, admin] = [0, 1, 2].map(|n: usize| ports[n].address());
        let (sender, settings): (_, Settings<WebSettings>) =
            watch::channel(std::sync::Arc::new(WebSettings {
                pool: "test pool".into(),
                bind: api,
                listen: Listen {
                    grpc,
                    admin,
                    tls: None,
                },
                database_url_file: url_file,
                currencies: vec![currency()],
                sharechains: vec![WebSharechain {
                    name: "main".into(),
                    algorithm: Algorithm::Scrypt,
                    method: PayoutMethod::Pplns {
                        window: Window::Work(1_000),
                    },
                    fee_ppm: FEE_PPM,
                }],
                ports: vec![WebPort {
                    name: "ltc".into(),
                    url: "stratum+tcp://127.0.0.1:3333".into(),
                    currency: "LTC".into(),
                    aux: vec![],
                    sharechain: "main".into(),
                    difficulty: (0.001, 1_000.0),
                    tls: false,
                }],
                nodes: vec![WebNode {
                    name: "one".into(),
                    currency: "LTC".into(),
                }],
                rate_limit,
                allowed_origins: vec!["https://pool.example".into()],
                trusted_proxies: vec![],
                payouts: [("LTC".to_owned(), PayoutPolicy::default())].into(),
                signer_token_file: None,
            }));
        let shutdown = CancellationToken::new();
        let program = Program::new("ngweb", "web", shutdown.clone());
        let health = program.health.clone();
        let running = tokio::spawn(ngweb::run(settings, program));
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
        while !health.report().ready {
            anyhow::ensure!(tokio::time::Instant::now() < deadline, "never ready");
            anyhow::ensure!(!running.is_finished(), "ended: {:?}", running.await);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        Ok(Self {
            api,
            admin,
            settings: sender,
            mature,
            immature,
            shutdown,
            running: Some(running),
            files,
            database,
            _ports: ports,
        })
    }

    /// Puts a token where signers' are looked for.
    pub(crate) fn set_signer_token(&self, token: &str) -> anyhow::Result<()> {
        let file = self.files.path().join("signer-token");
        std::fs::write(&file, format!("{token}\n"))?;
        let mut settings = (**self.settings.borrow()).clone();
        settings.signer_token_file = Some(file);
        self.settings.send_replace(settings.into());
        Ok(())
    }

    /// The store as the payout job has it.
    pub(crate) fn payout_store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(
            &self.database.url_of("payout"),
            &StoreOptions::default(),
        )?)
    }

    /// One more mature block, the `number`th; numbers start at 3.
    pub(crate) async fn mature_another(&self, number: u8) -> anyhow::Result<BlockHash> {
        let ledger = Store::open(&self.database.url_of("ledger"), &StoreOptions::default())?;
        let payout = self.payout_store()?;
        let now = Utc::now();
        let hash = report(&ledger, number, now).await?;
        accept(&ledger, &payout, hash, now).await?;
        payout.mature_block(&key(hash), now).await?;
        Ok(hash)
    }

    /// Prepares a payout to both miners from the mature block's coinbase. Returns its number.
    pub(crate) async fn prepare_payout(&self) -> anyhow::Result<u64> {
        let store = self.payout_store()?;
        let outpoint = Outpoint {
            txid: Txid::from_bytes([1; 32]),
            vout: 0,
        };
        let part = |payee: &str, amount: i64, fee_share: i64| {
            let network = &currency().network;
            anyhow::Ok(PayoutPart {
                payee: payee.into(),
                script: Address::parse(payee, network)?.script().to_vec(),
                amount: Amount(amount),
                fee_share: Amount(fee_share),
            })
        };
        let payout = NewPayout {
            currency: "LTC".into(),
            kind: PayoutKind::Payees,
            parent: None,
            anchor: outpoint,
            parts: vec![
                part(ALICE, 1_000_000_000, 600)?,
                part(BOB, 500_000_000, 400)?,
            ],
            version: NewVersion {
                fee: Amount(1_000),
                psbt: Some(b"psbt\xff of version 1".to_vec()),
                unsigned: b"unsigned".to_vec(),
                inputs: vec![PayoutInput {
                    outpoint,
                    amount: Amount(REWARD),
                    script: vec![0x51],
                }],
                change: vec![PayoutChange {
                    vout: 2,
                    amount: Amount(REWARD - 1_500_001_000),
                    script: vec![0x51],
                }],
            },
        };
        Ok(store.prepare_payout(&payout, Utc::now()).await?.number)
    }

    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.request(Request::get(format!("http://{}{path}", self.api)).body(Empty::new())?)
            .await
    }

    pub(crate) async fn request(&self, request: Request<Empty<Bytes>>) -> anyhow::Result<Answer> {
        let client: Client<HttpConnector, Empty<Bytes>> =
            Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    /// The JSON of a path that must answer 200.
    pub(crate) async fn json(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.get(path).await?;
        anyhow::ensure!(
            answer.status == StatusCode::OK,
            "{path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        anyhow::ensure!(answer.headers.contains_key(header::ETAG), "{path}: no ETag");
        Ok(answer.json())
    }

    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        self.running.take().context("running")?.await??;
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn currency() -> CurrencySettings {
    CurrencySettings {
        name: "litecoin".into(),
        code: "LTC".into(),
        network: Network::preset("litecoin-regtest").unwrap(),
        subsidy_address: ALICE.into(),
        maturity: 101,
        settle_depth: 3,
        coinbase_tag: "/test/".into(),
        block_odds: 1,
        split_window_milli: 2_000,
        decimals: 8,
    }
}

/// Ships two batches, reports two blocks, accepts both and matures the first.
async fn fill(database: &Database) -> anyhow::Result<(BlockHash, BlockHash)> {
    let open = |role: &str| Store::open(&database.url_of(role), &StoreOptions::default());
    let ledger = open("ledger")?;
    let payout = open("payout")?;
    let now = Utc::now();
    let genesis = currency().network.genesis_hash;
    ledger.adopt_currency("LTC", genesis, now).await?;
    ledger.open_sharechain("main", now).await?;
    let producer = ProducerId([7; 16]);
    let mut previous = [0; 32];
    for (number, works) in [(1, [600_u128, 300]), (2, [0, 100])] {
        let batch = batch(producer, number, previous, works, now)?;
        previous = batch_digest(number, previous, works, now);
        let receipt = ledger.store_batch("main", &batch, now).await?;
        anyhow::ensure!(
            matches!(receipt.outcome, Outcome::Stored { .. }),
            "{receipt:?}"
        );
    }
    let limits = StatisticsLimits {
        workers_per_user: 1_000,
    };
    while ledger.count_statistics("main", &limits).await? > 0 {}
    let port = LivePort {
        producer,
        sharechain: "main".into(),
        port: "ltc".into(),
        connections: 2,
        seen_at: now,
    };
    let live = |user: &str, worker: &str| LiveWorker {
        user: user.into(),
        worker: worker.into(),
        connections: 1,
        difficulty: 0.5,
        hash_rate: 42.0,
        last_share: Some(now),
        user_agent: "test".into(),
    };
    ledger
        .report_live(&port, 1, &[live(ALICE, "rig"), live(BOB, "")], true)
        .await?;

    let mature = report(&ledger, 1, now - TimeDelta::seconds(60)).await?;
    let immature = report(&ledger, 2, now).await?;
    for hash in [mature, immature] {
        accept(&ledger, &payout, hash, now).await?;
    }
    payout.mature_block(&key(mature), now).await?;
    Ok((mature, immature))
}

fn key(hash: BlockHash) -> BlockKey {
    BlockKey {
        currency: "LTC".into(),
        hash,
    }
}

/// Cuts a block and freezes its split.
async fn accept(
    ledger: &Store,
    payout: &Store,
    hash: BlockHash,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let key = BlockKey {
        currency: "LTC".into(),
        hash,
    };
    let terms = CutTerms {
        method: serde_json::json!({"pplns": {"window": {"work": 1000}}}),
        fee_ppm: FEE_PPM,
        bonus: None,
        split_window_milli: Some(2_000),
        unanswered: vec![],
    };
    ledger.store_cut(&key, "main", &terms, now).await?;
    let window = [(ALICE, 600), (BOB, 400)].map(|(user, work)| (Payee::from(user), work));
    let split = BlockToSplit {
        reward: u64::try_from(REWARD)?,
        finder: Finder {
            sharechain: "main".into(),
            payee: ALICE.into(),
        },
        chains: vec![ChainWindow {
            sharechain: "main".into(),
            method: Method::Pplns {
                window: ngpool_accounting::Window::Work(1_000),
            },
            fee: FeePpm::new(FEE_PPM)?,
            bonus: Bonus::default(),
            split_work: 1_000,
            window: window.into(),
            bought: 0,
            is_buying: false,
        }],
        donations: std::collections::BTreeMap::new(),
    }
    .split()?;
    let audit = WindowAudit {
        sharechain: "main".into(),
        length: Work(1_000),
        work: Work(1_000),
        bought: Work(0),
        oldest_pos: 1,
    };
    payout.accept_block(&key, &split, &[audit], now).await?;
    Ok(())
}

fn content(works: [u128; 2], now: DateTime<Utc>) -> Vec<u8> {
    let slice = |user: &str, worker: &str, work: u128| Slice {
        user: user.into(),
        worker: worker.into(),
        currency_set: 0,
        work: work.to_be_bytes().to_vec().into(),
        shares: 3,
        weights: vec![CurrencyWeight {
            expected_blocks: vec![0; 16].into(),
            value: vec![0; 16].into(),
        }],
    };
    BatchContent {
        port: "ltc".into(),
        slices: [slice(ALICE, "rig", works[0]), slice(BOB, "", works[1])]
            .into_iter()
            .filter(|slice| slice.work.iter().any(|byte| *byte != 0))
            .collect(),
        rejects: vec![RejectCount {
            user: ALICE.into(),
            worker: "rig".into(),
            reason: "stale".into(),
            count: 2,
            work: 10_u128.to_be_bytes().to_vec().into(),
        }],
        closed_ms: u64::try_from(now.timestamp_millis()).unwrap(),
        currency_sets: vec![CurrencySet {
            currencies: vec!["LTC".into()],
        }],
    }
    .encode_to_vec()
}

fn batch_digest(number: u64, previous: [u8; 32], works: [u128; 2], now: DateTime<Utc>) -> [u8; 32] {
    Batch::digest_of(&previous, number, &content(works, now))
}

fn batch(
    producer: ProducerId,
    number: u64,
    previous: [u8; 32],
    works: [u128; 2],
    now: DateTime<Utc>,
) -> anyhow::Result<Batch> {
    let digest = batch_digest(number, previous, works, now);
    Ok(Batch::verify(
        producer,
        number,
        previous,
        digest,
        content(works, now),
    )?)
}

async fn report(store: &Store, number: u8, found_at: DateTime<Utc>) -> anyhow::Result<BlockHash> {
    let hash = BlockHash::from_bytes([number; 32]);
    let report = BlockReport {
        key: BlockKey {
            currency: "LTC".into(),
            hash,
        },
        height: Height(u32::from(number)),
        previous_hash: BlockHash::from_bytes([number - 1; 32]),
        bits: 0x207f_ffff,
        pow_hash: PowHash::from_bytes([number; 32]),
        sharechain: "main".into(),
        port: "ltc".into(),
        user: ALICE.into(),
        worker: "rig".into(),
        coinbase_txid: Txid::from_bytes([number; 32]),
        coinbase_vout: 0,
        script: vec![0x51],
        reward: Amount(REWARD),
        found_at,
        answers: vec![NodeAnswer {
            node: "one".into(),
            outcome: 1,
            reason: String::new(),
        }],
        is_final: true,
    };
    store.report_block(&report, found_at).await?;
    Ok(hash)
}
