//! A pool with a database of its own and scripted nodes: shares in, blocks reported, settle runs.

use std::{collections::BTreeMap, pin::pin, task::Poll};

use chrono::{DateTime, TimeDelta, Utc};
use ngpayout::{SettleReport, settle};
use ngpool_chain::{Address, Amount, BlockHash, Height, Network, PowHash, Txid, Work};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_settings::{
    CoinserverPeer, CurrencySettings, CutBonus, PayoutMethod, PayoutPolicy, PayoutSettings,
    PpsChain, PpsSettings, Window,
};
use ngpool_store::{
    Account, Batch, BatchContents, BlockKey, BlockReport, BlockState, CurrencySet, CurrencyWeight,
    CutTerms, Entry, Logins, NodeAnswer, ProducerId, Slice, Store, StoreOptions, Transaction,
    TransactionId, migrate,
};
use ngpool_testkit::Database;
use tempfile::TempDir;

use crate::world::{CODE, World};

pub const MATURITY: u32 = 8;
pub const DEPTH: u32 = 3;
/// Length of every window of the tests, in work.
pub const WINDOW: u64 = 1_000;

/// A sharechain of a test pool.
#[derive(Clone)]
pub struct Chain {
    pub name: &'static str,
    pub method: PayoutMethod,
    pub fee_ppm: u32,
    pub bonus: Option<CutBonus>,
}

/// Base units that a unit of work is worth, and 2^32ths of one; the tests' blocks are found by a
/// thousand of work.
pub const WORTH: (u128, u128) = (3_000_000, 123_456_789);

impl Chain {
    pub fn with_bonus(self, bonus: CutBonus) -> Self {
        Self {
            bonus: Some(bonus),
            ..self
        }
    }

    /// As the payout job's document has it, when its work is bought.
    fn bought(&self) -> Option<PpsChain> {
        let (with_fees, settings) = match self.method {
            PayoutMethod::Pps(settings) => (false, settings),
            PayoutMethod::Fpps(settings) => (true, settings),
            _ => return None,
        };
        Some(PpsChain {
            sharechain: self.name.to_owned(),
            with_fees,
            fee_ppm: self.fee_ppm,
            settings,
        })
    }
}

pub fn prop(name: &'static str, fee_ppm: u32) -> Chain {
    Chain {
        method: PayoutMethod::Prop,
        ..pplns(name, fee_ppm)
    }
}

/// How work is bought in tests: a period ends with every run.
pub const BUYING: PpsSettings = PpsSettings {
    window: Window::Work(WINDOW),
    period_seconds: 0,
    ruin_ppm: 500_000,
    orphan_ppm: 10_000,
    low_mark_ppm: 250_000,
};

pub fn pps(name: &'static str, fee_ppm: u32) -> Chain {
    Chain {
        method: PayoutMethod::Pps(BUYING),
        ..pplns(name, fee_ppm)
    }
}

pub fn pplns(name: &'static str, fee_ppm: u32) -> Chain {
    Chain {
        name,
        method: PayoutMethod::Pplns {
            window: Window::Work(WINDOW),
        },
        fee_ppm,
        bonus: None,
    }
}

pub fn solo(name: &'static str, fee_ppm: u32) -> Chain {
    Chain {
        name,
        method: PayoutMethod::Solo,
        fee_ppm,
        bonus: None,
    }
}

pub struct Pool {
    pub world: World,
    pub settings: PayoutSettings,
    pub chains: Vec<Chain>,
    /// As the ledger's role.
    pub ledger: Store,
    /// As the payout job's role.
    pub payout: Store,
    payout_url: String,
    now: DateTime<Utc>,
    producers: BTreeMap<String, (u64, [u8; 32])>,
    pub database: Database,
    _directory: TempDir,
}

impl Pool {
    pub async fn start(nodes: &[&str], chains: &[Chain]) -> Self {
        let (world, served) = World::start(nodes).await;
        let peers = served
            .into_iter()
            .map(|(name, address)| CoinserverPeer {
                name,
                currency: CODE.into(),
                url: format!("http://{address}"),
            })
            .collect();
        Self::with_nodes(world, peers, currency(), chains).await
    }

    pub async fn with_nodes(
        world: World,
        coinservers: Vec<CoinserverPeer>,
        currency: CurrencySettings,
        chains: &[Chain],
    ) -> Self {
        let database = Database::create().await.unwrap();
        migrate(&database.owner_url(), &Logins::without_passwords())
            .await
            .unwrap();
        let directory = tempfile::tempdir().unwrap();
        let payout_url = database.url_of("payout");
        let database_url_file = directory.path().join("database-url");
        std::fs::write(&database_url_file, &payout_url).unwrap();
        let ledger = open(&database.url_of("ledger"));
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let genesis = currency.network.genesis_hash;
        ledger.adopt_currency(CODE, genesis, now).await.unwrap();
        for chain in chains {
            ledger.open_sharechain(chain.name, now).await.unwrap();
        }
        Self {
            world,
            settings: PayoutSettings {
                currency,
                coinservers,
                database_url_file,
                statement_key_file: directory.path().join("statement.pem"),
                sharechains: chains.iter().map(|chain| chain.name.to_owned()).collect(),
                pps: chains.iter().filter_map(Chain::bought).collect(),
                policy: PayoutPolicy::default(),
                tls: None,
            },
            chains: chains.to_vec(),
            ledger,
            payout: open(&payout_url),
            payout_url,
            now,
            producers: BTreeMap::new(),
            database,
            _directory: directory,
        }
    }

    /// A second later than the last.
    pub fn tick(&mut self) -> DateTime<Utc> {
        self.now += TimeDelta::seconds(1);
        self.now
    }

    /// Script of the subsidy address.
    pub fn script(&self) -> Vec<u8> {
        let currency = &self.settings.currency;
        Address::parse(&currency.subsidy_address, &currency.network)
            .unwrap()
            .script()
            .to_vec()
    }

    /// Ships a batch of work, in the order given.
    pub async fn shares(&mut self, chain: &str, works: &[(String, u128)]) {
        let at = self.tick();
        let (number, previous) = *self
            .producers
            .entry(chain.to_owned())
            .or_insert((1, [0; 32]));
        let weight = |work: u128| CurrencyWeight {
            expected_blocks: (work << 64) / 1_000,
            value: work * ((WORTH.0 << 32) + WORTH.1),
        };
        let contents = BatchContents {
            port: "port".into(),
            closed_at: at,
            sets: vec![CurrencySet::new([CODE]).unwrap()],
            slices: works
                .iter()
                .map(|(user, work)| Slice {
                    user: user.clone(),
                    worker: String::new(),
                    set: 0,
                    work: Work(*work),
                    shares: 1,
                    weights: vec![weight(*work)],
                })
                .collect(),
            rejects: vec![],
        };
        let content = contents.encode();
        let digest = Batch::digest_of(&previous, number, &content);
        let mut id = [0; 16];
        id[..chain.len()].copy_from_slice(chain.as_bytes());
        let batch = Batch::verify(ProducerId(id), number, previous, digest, content).unwrap();
        self.ledger.store_batch(chain, &batch, at).await.unwrap();
        self.producers
            .insert(chain.to_owned(), (number + 1, digest));
    }

    /// Reports a block as a server would; the nodes' answers are (node, outcome, words).
    pub async fn report(
        &mut self,
        block: BlockHash,
        (chain, finder, reward): (&str, &str, i64),
        answers: &[(&str, SubmitOutcome, &str)],
    ) {
        let (height, previous_hash) = (self.world.height_of(block), self.world.previous_of(block));
        let coinbase_txid = self.world.coinbase_of(block);
        let at = self.tick();
        let report = report_of(
            key(block),
            (Height(height), previous_hash),
            coinbase_txid,
            (self.script(), reward),
            (chain, finder),
            at,
            answers,
        );
        self.ledger.report_block(&report, at).await.unwrap();
    }

    /// Stores the cut of a sharechain for a block.
    pub async fn cut(&mut self, block: BlockHash, chain: &str) {
        let at = self.tick();
        let chain = self
            .chains
            .iter()
            .find(|known| known.name == chain)
            .unwrap();
        let terms = CutTerms {
            method: serde_json::to_value(&chain.method).unwrap(),
            fee_ppm: chain.fee_ppm,
            bonus: chain
                .bonus
                .map(|bonus| serde_json::to_value(bonus).unwrap()),
            split_window_milli: Some(self.settings.currency.split_window_milli),
            ..CutTerms::default()
        };
        self.ledger
            .store_cut(&key(block), chain.name, &terms, at)
            .await
            .unwrap();
    }

    /// Stores the cuts of all sharechains for a block.
    pub async fn cut_all(&mut self, block: BlockHash) {
        for chain in self.chains.clone() {
            self.cut(block, chain.name).await;
        }
    }

    /// A block of ours on a node's tip, reported and cut; the node has it on top.
    pub async fn find(&mut self, node: &str, chain: &str, finder: &str, reward: i64) -> BlockHash {
        let parent = self.world.tip(node);
        let block = self
            .world
            .block(parent, &[(reward, &self.script())], vec![]);
        self.report(
            block,
            (chain, finder, reward),
            &[(node, SubmitOutcome::Accepted, "")],
        )
        .await;
        self.cut_all(block).await;
        self.world.set_tip(node, block);
        block
    }

    /// One run, which must succeed in every step.
    pub async fn settle(&mut self) -> SettleReport {
        let report = self.settle_with_failures().await;
        assert_eq!(report.failures(), Vec::<String>::new());
        report
    }

    pub async fn settle_with_failures(&mut self) -> SettleReport {
        let at = self.tick();
        settle::run(&self.payout, &self.settings, at).await.unwrap()
    }

    /// Two runs at the same time.
    pub async fn settle_twice_at_once(&mut self) {
        let (at, later) = (self.tick(), self.tick());
        let second = open(&self.payout_url);
        let (one, two) = tokio::join!(
            settle::run(&self.payout, &self.settings, at),
            settle::run(&second, &self.settings, later),
        );
        for report in [one, two] {
            assert_eq!(report.unwrap().failures(), Vec::<String>::new());
        }
    }

    /// A run that is killed when it has waited for something so often. Says whether it came to its
    /// end before.
    pub async fn settle_killed(&mut self, after: usize) -> bool {
        let at = self.tick();
        // Its own connections die with it.
        let store = open(&self.payout_url);
        let mut run = pin!(settle::run(&store, &self.settings, at));
        let mut left = after;
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            run.as_mut()
                .poll(context)
                .map(|report| report.unwrap().failures().is_empty())
        })
        .await
    }

    /// Sets what a payee gives of his credits, in millionths.
    pub async fn donate(&mut self, payee: &str, ppm: u32) {
        let at = self.tick();
        self.payout
            .set_donation(CODE, payee, ppm, at)
            .await
            .unwrap();
    }

    /// The operator puts coins that came in by themselves into the reserve, by way of his capital.
    pub async fn fund(&mut self, amount: i64) {
        let at = self.tick();
        let reference = at.to_rfc3339();
        let capital = Transaction {
            currency: CODE.into(),
            id: TransactionId::derive(CODE, "capital", &[reference.as_bytes()]),
            kind: "capital".into(),
            cause: serde_json::json!({}),
            at,
            entries: vec![
                Entry {
                    account: Account::Unallocated,
                    amount: Amount(-amount),
                },
                Entry {
                    account: Account::Capital,
                    amount: Amount(amount),
                },
            ],
        };
        assert!(self.payout.post(&capital).await.unwrap());
        for new in [true, false] {
            let funded = self
                .payout
                .fund_reserve(CODE, Amount(amount), &reference, at);
            assert_eq!(funded.await.unwrap(), new, "the same again is the same");
        }
    }

    pub async fn state(&self, block: BlockHash) -> BlockState {
        self.payout.block_state(&key(block)).await.unwrap().unwrap()
    }

    /// What an account holds.
    pub async fn balance(&self, account: Account) -> i64 {
        let balances = self.payout.account_balances(CODE).await.unwrap();
        balances.get(&account).map_or(0, |amount| amount.0)
    }

    pub async fn assert_no_drift(&self) {
        assert_eq!(self.payout.books_check(CODE).await.unwrap(), vec![]);
    }
}

pub fn key(block: BlockHash) -> BlockKey {
    BlockKey {
        currency: CODE.into(),
        hash: block,
    }
}

pub fn open(url: &str) -> Store {
    Store::open(url, &StoreOptions::default()).unwrap()
}

pub fn currency() -> CurrencySettings {
    let network = Network::preset("litecoin-regtest").unwrap();
    CurrencySettings {
        name: "litecoin".into(),
        code: CODE.into(),
        subsidy_address: Address::p2wpkh([7; 20], &network)
            .unwrap()
            .as_str()
            .to_owned(),
        network,
        maturity: MATURITY,
        settle_depth: DEPTH,
        coinbase_tag: "/test/".into(),
        block_odds: 1,
        // Network work is 2 here: a split window as long as the others.
        split_window_milli: u32::try_from(WINDOW).unwrap() * 500,
        decimals: 8,
    }
}

pub fn report_of(
    key: BlockKey,
    (height, previous_hash): (Height, BlockHash),
    coinbase_txid: Txid,
    (script, reward): (Vec<u8>, i64),
    (chain, finder): (&str, &str),
    found_at: DateTime<Utc>,
    answers: &[(&str, SubmitOutcome, &str)],
) -> BlockReport {
    BlockReport {
        key,
        height,
        previous_hash,
        bits: 0x207f_ffff,
        pow_hash: PowHash::from_bytes([1; 32]),
        sharechain: chain.into(),
        port: "port".into(),
        user: finder.into(),
        worker: String::new(),
        coinbase_txid,
        coinbase_vout: 0,
        script,
        reward: Amount(reward),
        found_at,
        answers: answers
            .iter()
            .map(|(node, outcome, reason)| NodeAnswer {
                node: (*node).into(),
                outcome: (*outcome).into(),
                reason: (*reason).into(),
            })
            .collect(),
        is_final: true,
    }
}
