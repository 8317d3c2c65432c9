//! Random histories with payouts: blocks, reorganisations, prepare, a real signer whose messages are
//! lost and repeated, transactions that confirm, are altered and leave the chain again, kills.
//!
//! After every event the books are sound and every payee has, in balance and payouts together,
//! exactly what he was ever credited; and the chain never pays him more. `NGPOOL_PAYOUT_EVENTS` sets
//! how many events there are in all, `NGPOOL_HISTORY_SEED` the first seed. A history that fails is
//! told with as few events as still fail.

use std::collections::{BTreeMap, BTreeSet};

use bitcoin::{Transaction, consensus::encode::deserialize, hashes::Hash};
use ngpayout::prepare::run_prepare;
use ngpool_chain::{BlockHash, Txid};
use ngpool_rpc::v1::ChainTransaction;
use ngpool_settings::{CurrencySettings, FeeRate};
use ngpool_signing::request::Response;
use ngpool_store::{Account, BlockState, PayoutState};
use ngsign::keyring::Kind;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::task::{JoinSet, LocalSet};

use crate::{
    pool::{DEPTH, MATURITY, Pool, currency, open, solo},
    signing::{Signing, deliver, own_address, payee, script_of},
    world::{CODE, World, made_of_nothing, transaction},
};

/// Events of one history: enough for some payouts to live through everything, few to shrink.
const EVENTS: usize = 250;
const AT_ONCE: usize = 4;
/// Shorter histories that are tried when one fails.
const TRIES: usize = 40;

/// What may happen; the number chooses among what there is then.
#[derive(Debug, Clone, Copy)]
enum Event {
    Find(u32),
    Extend(u32),
    GoBack(u32),
    Settle,
    SettleTwiceAtOnce,
    SettleKilled(u32),
    Prepare,
    PrepareKilled(u32),
    Sign,
    SignAndLose,
    Repeat(u32),
    Mine(u32),
    MineAltered(u32),
    AskVoid,
    Deposit(u32),
}

fn history(seed: u64) -> Vec<Event> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut events = Vec::new();
    while events.len() < EVENTS {
        let number = random.random_range(0..1_000);
        events.push(match random.random_range(0..100) {
            0..8 => Event::Find(number),
            8..22 => Event::Extend(number),
            22..27 => Event::GoBack(number),
            27..44 => Event::Settle,
            44..46 => Event::SettleTwiceAtOnce,
            46..52 => Event::SettleKilled(number),
            52..62 => Event::Prepare,
            62..65 => Event::PrepareKilled(number),
            65..75 => Event::Sign,
            75..78 => Event::SignAndLose,
            78..82 => Event::Repeat(number),
            82..92 => Event::Mine(number),
            92..95 => Event::MineAltered(number),
            95..97 => Event::AskVoid,
            _ => Event::Deposit(number),
        });
    }
    events
}

#[tokio::test]
async fn random_histories_pay_nobody_twice_and_lose_nothing() {
    let number = |variable: &str, default: u64| {
        std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
    };
    let seed = number("NGPOOL_HISTORY_SEED", 1);
    let count = number("NGPOOL_PAYOUT_EVENTS", 10_000).div_ceil(EVENTS as u64);
    LocalSet::new()
        .run_until(histories(seed..seed + count))
        .await;
}

/// Found by a history: both payouts are the same transaction.
#[tokio::test]
async fn a_payout_that_takes_the_coin_of_a_void_one_confirms_as_itself() {
    use Event::{AskVoid, Deposit, Extend, Prepare, Settle, Sign};
    let found = [
        Deposit(510),
        Extend(971),
        Settle,
        Prepare,
        AskVoid,
        Sign,
        Settle,
        Prepare,
    ];
    let seen = LocalSet::new().run_until(told(&found)).await.unwrap();
    assert!(
        seen.contains("void") && seen.contains("confirmed"),
        "{seen:?}"
    );
}

async fn histories(seeds: std::ops::Range<u64>) {
    let (whole, mut running, mut seen) = (seeds.clone().count() >= 20, JoinSet::new(), Seen::new());
    for seed in seeds {
        running.spawn_local(tried(seed));
        if running.len() == AT_ONCE {
            seen.extend(running.join_next().await.unwrap().unwrap());
        }
    }
    while let Some(history) = running.join_next().await {
        seen.extend(history.unwrap());
    }
    let reached = [
        "confirmed",
        "void",
        "confirmed again",
        "altered",
        "late orphan",
    ];
    for what in reached.iter().filter(|_| whole) {
        assert!(seen.contains(what), "no history reached {what}: {seen:?}");
    }
}

type Seen = BTreeSet<&'static str>;

/// A history; one that fails is tried again with fewer events, until none can be left out.
async fn tried(seed: u64) -> Seen {
    let mut events = history(seed);
    match told(&events).await {
        Ok(seen) => return seen,
        Err(error) => eprintln!("the history of seed {seed} fails: {error}"),
    }
    let (mut tries, mut size) = (0, events.len() / 2);
    let mut last = String::new();
    while size > 0 && tries < TRIES {
        let mut from = 0;
        while from < events.len() && tries < TRIES {
            let mut fewer = events.clone();
            fewer.drain(from..(from + size).min(events.len()));
            tries += 1;
            match told(&fewer).await {
                Ok(_) => from += size,
                Err(error) => (events, last) = (fewer, error),
            }
        }
        size /= 2;
    }
    panic!("seed {seed} fails with {events:?}: {last}");
}

async fn told(events: &[Event]) -> Result<Seen, String> {
    let events = events.to_vec();
    let story = tokio::task::spawn_local(async move {
        let mut history = History::begin().await;
        for (place, event) in events.iter().enumerate() {
            history.place = (place, *event);
            history.happen(*event).await;
            history.check().await;
        }
        history.end().await;
        history.seen
    });
    story.await.map_err(|error| match error.try_into_panic() {
        Ok(reason) => words(&*reason),
        Err(error) => error.to_string(),
    })
}

fn words(reason: &(dyn std::any::Any + Send)) -> String {
    let text = reason.downcast_ref::<String>().cloned();
    let text = text.or_else(|| reason.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "a panic without words".to_owned())
}

struct History {
    pool: Pool,
    signing: Signing,
    /// Blocks of ours: finder and reward, and whether it was ever credited.
    blocks: BTreeMap<BlockHash, (String, i64, bool)>,
    /// What the signer said so far.
    responses: Vec<Response>,
    were_confirmed: BTreeSet<u64>,
    deposits: u64,
    place: (usize, Event),
    seen: Seen,
}

fn users() -> [String; 3] {
    [20, 21, 22].map(payee)
}

impl History {
    async fn begin() -> Self {
        // Any kind would do.
        let currency = CurrencySettings {
            subsidy_address: own_address(Kind::P2tr),
            ..currency()
        };
        let (world, served) = World::start(&["a"]).await;
        let peers = served
            .into_iter()
            .map(|(name, address)| ngpool_settings::CoinserverPeer {
                name,
                currency: CODE.into(),
                url: format!("http://{address}"),
            });
        let peers = peers.collect();
        let mut pool = Pool::with_nodes(world, peers, currency, &[solo("main", 0)]).await;
        pool.settings.policy.fee.rate = FeeRate::Fixed { per_kvb: 1_000 };
        pool.settings.policy.minimum = ngpool_chain::Amount(10_000);
        let mut blocks = BTreeMap::new();
        let user = users()[0].clone();
        let block = pool.find("a", "main", &user, 2_000_000).await;
        pool.world.extend("a", MATURITY);
        pool.settle().await;
        blocks.insert(block, (user, 2_000_000, true));
        let signing = Signing::new(&pool, Kind::P2tr).await;
        Self {
            pool,
            signing,
            blocks,
            responses: vec![],
            were_confirmed: BTreeSet::new(),
            deposits: 0,
            place: (0, Event::Settle),
            seen: Seen::new(),
        }
    }

    async fn happen(&mut self, event: Event) {
        let world = self.pool.world.clone();
        match event {
            Event::Find(number) => {
                let user = users()[number as usize % 3].clone();
                let reward = 1_000_000 + i64::from(number) * 1_001;
                let block = self.pool.find("a", "main", &user, reward).await;
                self.blocks.insert(block, (user, reward, false));
            }
            Event::Extend(number) => {
                world.extend("a", 1 + number % 6);
            }
            Event::GoBack(number) => {
                let chain = world.chain("a");
                // Never below the block that the signer's statements begin with.
                let back = (number as usize % 14).min(chain.len() - 2 - MATURITY as usize);
                world.set_tip("a", chain[chain.len() - 1 - back]);
                world.extend("a", back as u32 + 1);
            }
            Event::Settle => self.settle().await,
            Event::SettleTwiceAtOnce => {
                self.pool.settle_twice_at_once().await;
                self.settle().await;
            }
            Event::SettleKilled(number) => {
                self.pool.settle_killed(1 + number as usize % 150).await;
                self.settle().await;
            }
            Event::Prepare => self.prepare(None).await,
            Event::PrepareKilled(number) => self.prepare(Some(1 + number as usize % 40)).await,
            Event::Sign => {
                if let Some(response) = self.signing.answer(&self.pool).await {
                    deliver(&self.pool, &response).await;
                    self.responses.push(response);
                }
            }
            Event::SignAndLose => {
                self.responses.extend(self.signing.answer(&self.pool).await);
            }
            Event::Repeat(number) => {
                if !self.responses.is_empty() {
                    let at = number as usize % self.responses.len();
                    deliver(&self.pool, &self.responses[at]).await;
                }
            }
            Event::Mine(number) => self.mine(number, false),
            Event::MineAltered(number) => self.mine(number, true),
            Event::AskVoid => {
                let prepared = self
                    .pool
                    .payout
                    .payouts(CODE, &[PayoutState::Prepared])
                    .await;
                if let Some(payout) = prepared.unwrap().first() {
                    let at = self.pool.tick();
                    let asked = self.pool.payout.ask_void(CODE, payout.number, "asked", at);
                    asked.await.unwrap();
                }
            }
            Event::Deposit(number) => {
                self.deposits += 1;
                let seed = [b"deposit".as_slice(), &self.deposits.to_be_bytes()].concat();
                let script = self.pool.script();
                let amount = 1 + i64::from(number);
                let outputs: [(i64, &[u8]); 1] = [(amount, &script)];
                let txid = world.keep(&made_of_nothing(&seed, &outputs));
                let gift = transaction(txid, &[], &outputs);
                self.block_with(vec![gift]);
            }
        }
    }

    async fn prepare(&mut self, killed_after: Option<usize>) {
        let at = self.pool.tick();
        let Some(mut left) = killed_after else {
            let report = run_prepare(&self.pool.payout, &self.pool.settings, at).await;
            assert_eq!(report.unwrap().error, None);
            return;
        };
        let store = open(&self.pool.database.url_of("payout"));
        let mut run = std::pin::pin!(run_prepare(&store, &self.pool.settings, at));
        std::future::poll_fn(|context| {
            left -= 1;
            if left == 0 || run.as_mut().poll(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            std::task::Poll::Pending
        })
        .await;
    }

    /// A block with what was sent and fits on the chain; altered: under another txid, as a third
    /// party can make it.
    fn mine(&mut self, number: u32, altered: bool) {
        let world = self.pool.world.clone();
        let (mut unspent, mut included) = (self.unspent(), vec![]);
        for (place, raw) in world.sent().into_iter().enumerate() {
            // Any part of them.
            if number >> (place % 9) & 1 == 1 {
                continue;
            }
            let mut whole: Transaction = deserialize(&raw).unwrap();
            let spends: Vec<_> = whole
                .input
                .iter()
                .map(|input| {
                    let txid = Txid::from_bytes(input.previous_output.txid.to_byte_array());
                    (txid, input.previous_output.vout)
                })
                .collect();
            if !spends.iter().all(|spent| unspent.contains(spent)) {
                continue;
            }
            if altered {
                // Where this world stands for a changed signature: the id is another.
                whole.input[0].script_sig = vec![0x51].into();
                self.seen.insert("altered");
            }
            let txid = world.keep(&whole);
            for spent in &spends {
                unspent.remove(spent);
            }
            let outputs: Vec<(i64, &[u8])> = whole
                .output
                .iter()
                .map(|out| (out.value.to_sat() as i64, out.script_pubkey.as_bytes()))
                .collect();
            included.push(transaction(txid, &spends, &outputs));
        }
        self.block_with(included);
    }

    fn block_with(&self, transactions: Vec<ChainTransaction>) {
        let world = &self.pool.world;
        let block = world.block(world.tip("a"), &[(50, b"somebody")], transactions);
        world.set_tip("a", block);
    }

    /// Every output of the chain that it does not spend.
    fn unspent(&self) -> BTreeSet<(Txid, u32)> {
        let world = &self.pool.world;
        let mut unspent = BTreeSet::new();
        for block in world.chain("a") {
            for transaction in world.transactions(block) {
                for spent in &transaction.spends {
                    unspent.remove(&(Txid::from_slice(&spent.txid).unwrap(), spent.vout));
                }
                let txid = Txid::from_slice(&transaction.txid).unwrap();
                unspent.extend(transaction.outputs.iter().map(|output| (txid, output.vout)));
            }
        }
        unspent
    }

    async fn settle(&mut self) {
        let report = self.pool.settle_with_failures().await;
        assert_eq!(report.failures(), Vec::<String>::new(), "{:?}", self.place);
        for (block, (_, _, credited)) in &mut self.blocks {
            *credited |= self.pool.state(*block).await == BlockState::Mature;
        }
        // Coins on the chain are the coins of the books, output by output. A reward that was lost
        // after its credit stops payouts all the same, until the pool covers it.
        if let Some(audit) = report.audit {
            let solvency = audit.solvency;
            assert_eq!(solvency.drift.0, 0, "{:?}: {solvency:?}", self.place);
        }
    }

    async fn check(&mut self) {
        self.pool.assert_no_drift().await;
        let payouts = self
            .pool
            .payout
            .payouts(CODE, &PayoutState::ALL)
            .await
            .unwrap();
        let balances = self.pool.payout.account_balances(CODE).await.unwrap();
        assert_eq!(balances.values().map(|amount| amount.0).sum::<i64>(), 0);
        let on_chain = self.paid_on_chain();
        for user in users() {
            let credited: i64 = self
                .blocks
                .values()
                .filter(|(name, _, is)| *is && *name == user)
                .map(|(_, reward, _)| reward)
                .sum();
            let taken: i64 = payouts
                .iter()
                .filter(|payout| payout.state != PayoutState::Void)
                .flat_map(|payout| &payout.parts)
                .filter(|part| part.payee == user)
                .map(|part| part.amount.0 + part.fee_share.0)
                .sum();
            let balance = balances
                .get(&Account::Payee(user.clone()))
                .map_or(0, |it| it.0);
            assert_eq!(balance + taken, credited, "{user} after {:?}", self.place);
            let paid = on_chain.get(&script_of(&user)).copied().unwrap_or_default();
            assert!(
                paid <= credited,
                "{user} has {paid} of {credited} after {:?}",
                self.place
            );
        }
        for payout in &payouts {
            match payout.state {
                PayoutState::Confirmed => {
                    self.seen.insert("confirmed");
                    self.were_confirmed.insert(payout.number);
                }
                PayoutState::Void => {
                    self.seen.insert("void");
                }
                _ if self.were_confirmed.contains(&payout.number) => {
                    self.seen.insert("confirmed again");
                }
                _ => {}
            }
        }
        if balances.contains_key(&Account::OrphanLoss) {
            self.seen.insert("late orphan");
        }
    }

    /// What the chain pays by script, coinbases aside.
    fn paid_on_chain(&self) -> BTreeMap<Vec<u8>, i64> {
        let mut paid = BTreeMap::new();
        for block in self.pool.world.chain("a") {
            for transaction in self.pool.world.transactions(block).iter().skip(1) {
                for output in &transaction.outputs {
                    *paid.entry(output.script.to_vec()).or_insert(0) += output.amount;
                }
            }
        }
        paid
    }

    /// In the end everything that was signed gets into blocks, and nothing changes any more.
    async fn end(&mut self) {
        for _ in 0..3 {
            self.happen(Event::Sign).await;
            self.settle().await;
            self.mine(0, false);
            self.pool.world.extend("a", DEPTH + 1);
            self.settle().await;
            self.check().await;
        }
        let before = self
            .pool
            .database
            .contents(&[
                "solvency",
                "signer_message",
                "signer_seen",
                "payout_version.answer",
            ])
            .await
            .unwrap();
        for response in self.responses.clone() {
            deliver(&self.pool, &response).await;
        }
        self.settle().await;
        let after = self
            .pool
            .database
            .contents(&[
                "solvency",
                "signer_message",
                "signer_seen",
                "payout_version.answer",
            ])
            .await
            .unwrap();
        let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        assert!(new.is_empty(), "repeated messages changed {new:#?}");
    }
}
