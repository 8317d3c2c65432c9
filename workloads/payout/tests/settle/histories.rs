//! Random histories against the model: after every event everything must hold.
//!
//! `NGPOOL_HISTORIES` sets how many seeds are run (16), `NGPOOL_HISTORY_EVENTS` how many events each
//! has (70), `NGPOOL_HISTORY_SEED` the first seed (1).

use std::collections::BTreeSet;

use ngpool_chain::{BlockHash, Txid};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_settings::CutBonus;
use ngpool_store::BlockState;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use tokio::task::{JoinSet, LocalSet};

use crate::{
    model::{Model, ModelBlock, unspent_outputs},
    pool::{MATURITY, Pool, pplns, pps, prop, solo},
    world::transaction,
};

/// What the histories must have been through to mean anything.
const REACHED: [(&str, &str); 14] = [
    ("reported", "accepted"),
    ("reported", "mature"),
    ("reported", "orphaned"),
    ("reported", "rejected"),
    ("accepted", "mature"),
    ("accepted", "orphaned"),
    ("orphaned", "accepted"),
    ("mature", "orphaned"),
    ("orphaned", "mature"),
    ("deposit", "gone"),
    ("deposit", "reported late"),
    ("reserve", "buys"),
    ("reserve", "period"),
    ("reserve", "falls back"),
];

/// What the operator of a history has to put into the reserve, and how much at once.
const CAPITAL: i64 = 60_000_000_000;
const FUNDING: i64 = 3_700_000_000;

const USERS: &[&str] = &["alice", "bob", "carol", "dave"];

#[tokio::test]
async fn random_histories_end_in_the_books_of_the_model() {
    LocalSet::new().run_until(histories()).await;
}

async fn histories() {
    let (from, count) = (
        number("NGPOOL_HISTORY_SEED", 1),
        number("NGPOOL_HISTORIES", 16),
    );
    let mut running = JoinSet::new();
    let mut seen = BTreeSet::new();
    for seed in from..from + count {
        running.spawn_local(History::run(seed));
        // A few at once: each waits for the database most of its time.
        if running.len() == 4 {
            seen.extend(running.join_next().await.unwrap().unwrap());
        }
    }
    while let Some(history) = running.join_next().await {
        seen.extend(history.unwrap());
    }
    if count >= 16 {
        for (from, to) in REACHED {
            assert!(
                seen.contains(&(from, to)),
                "no history went from {from} to {to}: {seen:?}"
            );
        }
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

type Seen = BTreeSet<(&'static str, &'static str)>;

struct History {
    random: StdRng,
    pool: Pool,
    model: Model,
    nodes: &'static [&'static str],
    tips: Vec<BlockHash>,
    uncut: Vec<(BlockHash, &'static str)>,
    log: Log,
}

/// Told when the test fails.
struct Log(u64, Vec<String>);

impl Drop for Log {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("history of seed {}:\n{}", self.0, self.1.join("\n"));
        }
    }
}

impl History {
    async fn run(seed: u64) -> Seen {
        let mut random = StdRng::seed_from_u64(seed);
        let nodes = *[&["a", "b"][..], &["a"], &["a", "b", "c"]]
            .choose(&mut random)
            .unwrap();
        let chains = *[
            &[0][..],
            &[1, 2],
            &[0, 3],
            &[0, 1, 2],
            &[3],
            &[4],
            &[4, 0],
            &[1, 4, 2],
            &[0, 2, 3, 4],
        ]
        .choose(&mut random)
        .unwrap();
        let all = [
            pplns("main", 12_345).with_bonus(CutBonus::SharePpm(33_333)),
            pplns("second", 0),
            solo("solo", 500_000),
            prop("prop", 7_001).with_bonus(CutBonus::Fixed(777)),
            pps("pps", 500_000),
        ];
        let chains: Vec<_> = chains
            .iter()
            .map(|chain: &usize| all[*chain].clone())
            .collect();
        let pool = Pool::start(nodes, &chains).await;
        let model = Model::new(&pool);
        let log = Log(seed, vec![format!("nodes {nodes:?}")]);
        let mut history = Self {
            random,
            pool,
            model,
            nodes,
            tips: vec![],
            uncut: vec![],
            log,
        };
        history.pool.settle().await;
        history.model.settle(&history.pool.world);
        history.deposit().await;
        for _ in 0..number("NGPOOL_HISTORY_EVENTS", 70) {
            history.event().await;
            history.model.check(&history.pool).await;
        }
        // At last everybody agrees, and everything found on that chain is paid.
        history.pool.world.set_down(nodes[0], false);
        let tip = history.pool.world.extend(nodes[0], 30);
        for node in nodes {
            history.pool.world.set_down(node, false);
        }
        history.pool.world.agree(tip);
        history.pool.settle().await;
        history.model.settle(&history.pool.world);
        history.model.buy(&history.pool).await;
        history.model.check(&history.pool).await;
        std::mem::take(&mut history.model.seen)
    }

    fn say(&mut self, text: String) {
        self.log.1.push(text);
    }

    async fn event(&mut self) {
        let node = *self.nodes.choose(&mut self.random).unwrap();
        let world = self.pool.world.clone();
        self.tips.push(world.tip(node));
        match self.random.random_range(0..100) {
            0..14 => self.shares().await,
            14..16 => self.donate().await,
            16..30 => self.find(node).await,
            30..32 => self.fund().await,
            32..36 => self.late_cut().await,
            36..44 => {
                let blocks = self.random.random_range(1..5);
                world.extend(node, blocks);
                self.say(format!("{node} extends by {blocks}"));
            }
            44..50 => {
                let from = *self.nodes.choose(&mut self.random).unwrap();
                world.set_tip(node, world.tip(from));
                self.say(format!("{node} follows {from}"));
            }
            50..54 => {
                let chain = world.chain(node);
                let back = self.random.random_range(0..chain.len().min(14));
                world.set_tip(node, chain[chain.len() - 1 - back]);
                let blocks = back as u32 + self.random.random_range(0..4);
                world.extend(node, blocks);
                self.say(format!("{node} goes back {back} and forward {blocks}"));
            }
            54..57 => {
                let tip = *self.tips.choose(&mut self.random).unwrap();
                world.set_tip(node, tip);
                self.say(format!("{node} returns to {tip}"));
            }
            57..62 => self.stranger(node),
            62..68 => self.turn_back(),
            68..73 => {
                let blocks = self.random.random_range(1..8);
                world.agree(world.extend(node, blocks));
                self.say(format!(
                    "everybody follows {node}, which extends by {blocks}"
                ));
            }
            73..77 => {
                let down = !world.is_down(node);
                world.set_down(node, down);
                self.say(format!("{node} down: {down}"));
            }
            _ => self.settle().await,
        }
    }

    /// Coins for the reserve, deeper than any reorganisation of the history.
    async fn deposit(&mut self) {
        if !self.is_buying() {
            return;
        }
        let world = self.pool.world.clone();
        let script = self.pool.script();
        let paid = transaction(Txid::from_bytes([0xdd; 32]), &[], &[(CAPITAL, &script)]);
        let node = self.nodes[0];
        let block = world.block(world.tip(node), &[(50, b"somebody")], vec![paid]);
        world.set_tip(node, block);
        world.agree(world.extend(node, 40));
        self.pool.settle().await;
        self.model.settle(&world);
        self.fund().await;
    }

    fn is_buying(&self) -> bool {
        self.pool.chains.iter().any(|chain| chain.name == "pps")
    }

    async fn fund(&mut self) {
        if self.is_buying() && self.model.reserve.funded < CAPITAL {
            self.say(format!("{FUNDING} go into the reserve"));
            self.pool.fund(FUNDING).await;
            self.model.reserve.funded += FUNDING;
        }
    }

    async fn donate(&mut self) {
        let user = *USERS.choose(&mut self.random).unwrap();
        let ppm = *[0, 1, 250_000, 1_000_000].choose(&mut self.random).unwrap();
        self.say(format!("{user} gives {ppm} millionths"));
        self.pool.donate(user, ppm).await;
        self.model.donate(user, ppm);
    }

    /// Every node goes where a block of ours is, whatever became of it.
    fn turn_back(&mut self) {
        // An orphan rather than another.
        let orphan = |block: &&ModelBlock| block.state == BlockState::Orphaned;
        let orphans: Vec<_> = self.model.blocks.iter().filter(orphan).collect();
        let all: Vec<_> = self.model.blocks.iter().collect();
        let from = if orphans.is_empty() { all } else { orphans };
        let Some(block) = from.choose(&mut self.random) else {
            return;
        };
        let (block, mut tip) = (block.hash, block.hash);
        let blocks = self.random.random_range(0..6);
        for _ in 0..blocks {
            tip = self.pool.world.block(tip, &[(50, b"somebody")], vec![]);
        }
        self.pool.world.agree(tip);
        self.say(format!("everybody goes to {block} and {blocks} further"));
    }

    async fn shares(&mut self) {
        let chain = self.pool.chains.choose(&mut self.random).unwrap().name;
        let works: Vec<(String, u128)> = (0..self.random.random_range(1..5))
            .map(|_| {
                let user = USERS.choose(&mut self.random).unwrap();
                ((*user).to_owned(), self.random.random_range(1..400))
            })
            .collect();
        self.say(format!("shares on {chain}: {works:?}"));
        self.pool.shares(chain, &works).await;
        self.model.shares(chain, &works);
    }

    async fn find(&mut self, node: &str) {
        let world = self.pool.world.clone();
        let chain = self.pool.chains.choose(&mut self.random).unwrap().name;
        let finder = *USERS.choose(&mut self.random).unwrap();
        let most = if self.is_buying() {
            200_000_000
        } else {
            1_000_000
        };
        let reward = self.random.random_range(0..most);
        let script = self.pool.script();
        let block = world.block(world.tip(node), &[(reward, &script)], vec![]);
        let fate = self.random.random_range(0..10);
        let refused = fate == 0;
        let outcome = if refused {
            SubmitOutcome::Rejected
        } else {
            SubmitOutcome::Accepted
        };
        let answers: Vec<_> = self
            .nodes
            .iter()
            .map(|node| (*node, outcome, "words"))
            .collect();
        self.say(format!(
            "{finder} finds {block} on {chain} via {node}, fate {fate}, {reward}"
        ));
        let late = self.random.random_bool(0.2);
        match fate {
            0 | 1 => {}
            2 => world.teach(node, block),
            _ => world.set_tip(node, block),
        }
        if late && !refused {
            // The chain goes on before the pool hears of its block.
            let blocks = *[2, MATURITY + 1].choose(&mut self.random).unwrap();
            world.extend(node, blocks);
            self.settle().await;
        }
        self.pool
            .report(block, (chain, finder, reward), &answers)
            .await;
        self.model
            .report(&world, block, (chain, finder, reward), refused);
        for chain in self.pool.chains.clone() {
            if self.random.random_bool(0.8) {
                self.pool.cut(block, chain.name).await;
                self.model.cut(block, chain.name);
            } else {
                self.uncut.push((block, chain.name));
            }
        }
    }

    async fn late_cut(&mut self) {
        if let Some((block, chain)) = self.uncut.pop() {
            self.say(format!("{chain} is cut for {block}"));
            self.pool.cut(block, chain).await;
            self.model.cut(block, chain);
        }
    }

    /// Somebody pays us, or spends what is ours.
    fn stranger(&mut self, node: &str) {
        let world = self.pool.world.clone();
        let script = self.pool.script();
        let txid = Txid::from_bytes(self.random.random());
        let unspent = unspent_outputs(&world, &world.chain(node), &script);
        let unspent: Vec<_> = unspent.into_iter().collect();
        let spends: Vec<_> = unspent
            .choose(&mut self.random)
            .filter(|_| self.random.random_bool(0.5))
            .map(|(txid, vout, _)| (*txid, *vout))
            .into_iter()
            .collect();
        let amount = self.random.random_range(0..5_000);
        let outputs: &[(i64, &[u8])] = &[(3, b"elsewhere"), (amount, &script)];
        let paid = transaction(txid, &spends, outputs);
        let block = world.block(world.tip(node), &[(50, b"somebody")], vec![paid]);
        world.set_tip(node, block);
        self.say(format!(
            "{node}: {txid} pays us {amount} and spends {spends:?}"
        ));
    }

    async fn settle(&mut self) {
        let kind = self.random.random_range(0..6);
        self.say(format!("settle {kind}"));
        match kind {
            0 if self.nodes.iter().any(|node| !self.pool.world.is_down(node)) => {
                self.pool.settle_twice_at_once().await;
            }
            1 | 2 => {
                let after = self.random.random_range(1..120);
                self.pool.settle_killed(after).await;
            }
            3 => {
                self.pool.settle_with_failures().await;
            }
            _ => {}
        }
        let report = self.pool.settle_with_failures().await;
        let nobody = self.nodes.iter().all(|node| self.pool.world.is_down(node));
        assert_eq!(
            report.failures().is_empty(),
            !nobody,
            "{:?}",
            report.failures()
        );
        self.model.settle(&self.pool.world);
        self.model.buy(&self.pool).await;
    }
}
