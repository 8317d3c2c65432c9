//! A database per test, and what fills it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_accounting::{
    BlockSplit, BlockToSplit, Bonus, ChainWindow, FeePpm, Finder, Method, Window,
};
use ngpool_chain::{Amount, BlockHash, Height, PowHash, Txid, Work};
use ngpool_store::{
    Batch, BatchContents, BlockKey, BlockReport, CurrencySet, CurrencyWeight, CutTerms, Logins,
    NodeAnswer, Outcome, ProducerId, RejectCount, Slice, Store, StoreOptions, WindowAudit, migrate,
};
use ngpool_testkit::Database;

pub(crate) const CHAIN: &str = "main";
/// Compact target with 2^32 expected hashes, rounded: any will do.
pub(crate) const BITS: u32 = 0x1d00_ffff;

/// The same database as each role sees it.
pub(crate) struct Pool {
    pub(crate) database: Database,
    pub(crate) ledger: Store,
    pub(crate) payout: Store,
    pub(crate) web: Store,
}

impl Pool {
    /// A migrated database with currency LTC and sharechain `main`.
    pub(crate) async fn fresh() -> Self {
        let database = Database::create().await.unwrap();
        migrate(&database.owner_url(), &Logins::without_passwords())
            .await
            .unwrap();
        let open =
            |role: &str| Store::open(&database.url_of(role), &StoreOptions::default()).unwrap();
        let (ledger, payout, web) = (open("ledger"), open("payout"), open("web"));
        ledger
            .adopt_currency("LTC", genesis(), start())
            .await
            .unwrap();
        ledger.open_sharechain(CHAIN, start()).await.unwrap();
        Self {
            database,
            ledger,
            payout,
            web,
        }
    }

    /// A connection as a role, for SQL that no method has.
    pub(crate) async fn connect(&self, role: &str) -> sqlx::PgConnection {
        use sqlx::Connection;
        sqlx::PgConnection::connect(&self.database.url_of(role))
            .await
            .unwrap()
    }

    /// Stores a batch that must be new.
    pub(crate) async fn store(&self, journal: &mut Journal, slices: Vec<Slice>) -> u64 {
        self.store_at(journal, slices, start()).await
    }

    pub(crate) async fn store_at(
        &self,
        journal: &mut Journal,
        slices: Vec<Slice>,
        at: DateTime<Utc>,
    ) -> u64 {
        let batch = journal.batch_at(slices, Vec::new(), at);
        match self
            .ledger
            .store_batch(&journal.chain, &batch, at)
            .await
            .unwrap()
            .outcome
        {
            Outcome::Stored { pos } => pos,
            other => panic!("{other:?}"),
        }
    }

    /// Reports a block and cuts the chain for it.
    pub(crate) async fn report_and_cut(&self, report: &BlockReport) {
        self.ledger
            .report_block(report, report.found_at)
            .await
            .unwrap();
        self.ledger
            .store_cut(&report.key, CHAIN, &terms(), report.found_at)
            .await
            .unwrap();
    }

    /// The split of a block as the settle job computes it.
    pub(crate) async fn split(&self, report: &BlockReport) -> (BlockSplit, Vec<WindowAudit>) {
        let cuts = self.payout.cuts(&report.key).await.unwrap();
        let cut = cuts.iter().find(|cut| cut.sharechain == CHAIN).unwrap();
        let method = Method::Pplns {
            window: Window::Work(WINDOW),
        };
        let length = Work(method.window_length(cut.network_work.0));
        let window = self
            .payout
            .work_in_window(CHAIN, "LTC", cut.pos, length)
            .await
            .unwrap();
        let split = BlockToSplit {
            reward: u64::try_from(cut.reward.0).unwrap(),
            finder: Finder {
                sharechain: CHAIN.to_owned(),
                payee: report.user.as_str().into(),
            },
            chains: vec![ChainWindow {
                sharechain: CHAIN.to_owned(),
                method,
                fee: FeePpm::new(cut.terms.fee_ppm).unwrap(),
                bonus: Bonus::None,
                split_work: window.total.0,
                window: window
                    .users
                    .iter()
                    .map(|(user, work)| (user.as_str().into(), work.0))
                    .collect(),
                bought: 0,
                is_buying: false,
            }],
            donations: BTreeMap::new(),
        };
        let audit = WindowAudit {
            sharechain: CHAIN.to_owned(),
            length,
            work: window.total,
            bought: window.bought,
            oldest_pos: window.oldest_pos,
        };
        (split.split().unwrap(), vec![audit])
    }
}

/// Length of the window of [`Pool::split`].
pub(crate) const WINDOW: u128 = 10_000;

pub(crate) fn terms() -> CutTerms {
    CutTerms {
        method: serde_json::json!({ "pplns": { "window": { "work": 10_000 } } }),
        fee_ppm: 10_000,
        ..CutTerms::default()
    }
}

pub(crate) fn genesis() -> BlockHash {
    BlockHash::from_bytes([7; 32])
}

/// The moment at which tests begin.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// A report of block `n`, found by a user.
pub(crate) fn block(n: u32, user: &str) -> BlockReport {
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&n.to_be_bytes());
    let coinbase: [u8; 32] = hash.map(|byte| byte ^ 0xff);
    BlockReport {
        key: BlockKey {
            currency: "LTC".to_owned(),
            hash: BlockHash::from_bytes(hash),
        },
        height: Height(n),
        previous_hash: BlockHash::from_bytes([1; 32]),
        bits: BITS,
        pow_hash: PowHash::from_bytes([2; 32]),
        sharechain: CHAIN.to_owned(),
        port: "p".to_owned(),
        user: user.to_owned(),
        worker: "rig".to_owned(),
        coinbase_txid: Txid::from_bytes(coinbase),
        coinbase_vout: 0,
        script: vec![0x51],
        reward: Amount(1_250_000_007),
        found_at: after(i64::from(n)),
        answers: vec![answer("node-a", 1)],
        is_final: false,
    }
}

pub(crate) fn answer(node: &str, outcome: i32) -> NodeAnswer {
    NodeAnswer {
        node: node.to_owned(),
        outcome,
        reason: String::new(),
    }
}

pub(crate) fn slice(user: &str, work: u128) -> Slice {
    slice_of(user, "", 0, work)
}

/// Sets of currencies of a [`Journal`]'s batches: 0 LTC, 1 LTC and DOGE, 2 DOGE.
pub(crate) fn slice_of(user: &str, worker: &str, set: usize, work: u128) -> Slice {
    Slice {
        user: user.to_owned(),
        worker: worker.to_owned(),
        set,
        work: Work(work),
        shares: 1,
        weights: vec![
            CurrencyWeight {
                expected_blocks: work,
                value: work
            };
            if set == 1 { 2 } else { 1 }
        ],
    }
}

/// A stratum server's journal.
#[derive(Clone)]
pub(crate) struct Journal {
    pub(crate) producer: ProducerId,
    pub(crate) number: u64,
    pub(crate) digest: [u8; 32],
    pub(crate) chain: String,
}

impl Journal {
    pub(crate) fn new(id: u8) -> Self {
        Self {
            producer: ProducerId([id; 16]),
            number: 1,
            digest: [0; 32],
            chain: CHAIN.to_owned(),
        }
    }

    pub(crate) fn on(id: u8, chain: &str) -> Self {
        Self {
            chain: chain.to_owned(),
            ..Self::new(id)
        }
    }

    pub(crate) fn batch(&mut self, slices: Vec<Slice>) -> Batch {
        self.batch_at(slices, Vec::new(), start())
    }

    pub(crate) fn batch_at(
        &mut self,
        slices: Vec<Slice>,
        rejects: Vec<RejectCount>,
        closed_at: DateTime<Utc>,
    ) -> Batch {
        let contents = BatchContents {
            port: "p".to_owned(),
            closed_at,
            sets: vec![
                CurrencySet::new(["LTC"]).unwrap(),
                CurrencySet::new(["LTC", "DOGE"]).unwrap(),
                CurrencySet::new(["DOGE"]).unwrap(),
            ],
            slices,
            rejects,
        };
        let content = contents.encode();
        let digest = Batch::digest_of(&self.digest, self.number, &content);
        let batch =
            Batch::verify(self.producer, self.number, self.digest, digest, content).unwrap();
        self.number += 1;
        self.digest = digest;
        batch
    }
}
