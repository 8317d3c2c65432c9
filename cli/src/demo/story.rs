//! The story: shares, a block found, immature, mature, credited, audited, paid.

use std::{collections::HashSet, future::Future, time::Duration};

use anyhow::{Context, bail};
use ngpool_chain::Amount;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{audit, miners::Miners, node::NodeError, scene::Scene};
use crate::overview::{coins, short};

/// Blocks the demo's wallet mines first: the pool's own then lead through MWEB's start.
const START: u64 = 420;
/// The last height before MWEB; the next block needs a peg-in.
const BEFORE_MWEB: u64 = 431;
/// Found blocks that get a line of their own.
const TOLD: usize = 6;
/// Time between two lines about shares.
const SUMMARY: Duration = Duration::from_secs(3);
/// How long the miners work before the block that the story is about, so that its split shows
/// their speeds and not their luck.
const WARM_UP: Duration = Duration::from_secs(20);
/// How often the pool and the node are asked.
pub(super) const LOOK: Duration = Duration::from_millis(250);

/// Tells what happens, with the time since the beginning.
#[derive(Debug)]
pub(super) struct Story {
    began: Instant,
    chapter: String,
}

/// The block the story is about.
#[derive(Debug, Clone)]
struct Hero {
    hash: String,
    height: u64,
}

impl Story {
    pub(super) fn begin() -> Self {
        Self {
            began: Instant::now(),
            chapter: String::new(),
        }
    }

    /// One line of the story.
    pub(super) fn tell(&self, line: impl AsRef<str>) {
        println!(
            "[{:6.1} s] {}",
            self.began.elapsed().as_secs_f32(),
            line.as_ref()
        );
    }

    /// A line that also says what is waited for from now on.
    pub(super) fn chapter(&mut self, line: impl Into<String>) {
        self.chapter = line.into();
        self.tell(&self.chapter);
    }

    /// What is waited for, without a line of its own.
    pub(super) fn waits_for(&mut self, what: String) {
        self.chapter = what;
    }

    /// What was waited for last.
    pub(super) fn stopped_at(&self) -> &str {
        &self.chapter
    }

    /// The whole story.
    pub(super) async fn unfold(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.first_blocks(scene).await?;
        self.chapter(format!("two miners connect to {}", scene.stratum));
        let miners = Miners::start(scene);
        self.shares(&miners).await?;
        let hero = self.blocks(scene, &miners).await?;
        self.maturity(scene, &hero).await?;
        self.chapter(format!(
            "block {} is mature: its parts are credited",
            hero.height
        ));
        self.credited(scene).await?;
        let path = format!("blocks/{}/{}", scene.currency, hero.hash);
        let block = scene.get(&path).await?;
        let credits = scene.get(&format!("{path}/credits?limit=500")).await?;
        println!();
        for line in audit::lines(scene, &block, &credits)? {
            println!("{line}");
        }
        println!();
        self.chapter("the miners pause while they are paid");
        miners.stop().await?;
        self.payday(scene).await?;
        self.chapter("the books are compared with the chain");
        self.drift(scene).await?;
        self.audited(scene).await
    }

    /// A chain to begin with, and a wallet that can peg in.
    async fn first_blocks(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.chapter("the nodes start and find each other");
        until(async || Ok(scene.node.peers().await.ok().filter(|peers| *peers > 0))).await?;
        scene.node.make_wallet().await?;
        let height = scene.node.height().await?;
        self.chapter(format!(
            "a wallet of the demo mines blocks up to height {START}"
        ));
        scene.node.mine(START.saturating_sub(height)).await?;
        until(async || {
            let pool = scene.get("pool").await;
            Ok(pool.ok())
        })
        .await?;
        Ok(())
    }

    async fn shares(&mut self, miners: &Miners) -> anyhow::Result<()> {
        self.chapter("waiting for the first shares of both");
        until(async || {
            let (fast, slow) = (miners.fast.status(), miners.slow.status());
            Ok((fast.accepted > 0 && slow.accepted > 0).then_some(()))
        })
        .await?;
        let (fast, slow) = (miners.fast.status(), miners.slow.status());
        self.tell(format!(
            "shares: fast {} accepted at difficulty {}, slow {} at {}",
            fast.accepted, fast.difficulty, slow.accepted, slow.difficulty
        ));
        Ok(())
    }

    /// Mines through the first block with an MWEB, and picks a block that both miners have worked on
    /// for a while.
    async fn blocks(&mut self, scene: &Scene, miners: &Miners) -> anyhow::Result<Hero> {
        self.chapter(format!(
            "mining on to height {}, where MWEB starts",
            BEFORE_MWEB + 1
        ));
        let began = Instant::now();
        let mut told = HashSet::new();
        let mut next_sum = began + SUMMARY;
        let mut mweb = false;
        loop {
            self.peg_in_when_due(scene).await?;
            let page = scene.get("blocks?limit=200").await?;
            let blocks = list(&page);
            for block in blocks.iter().rev() {
                let hash = text(block, "hash");
                if told.insert(hash.to_owned()) && told.len() <= TOLD {
                    self.tell(format!(
                        "block {} found by {}: {}",
                        height(block),
                        scene.name(text(block, "finder")),
                        short(hash)
                    ));
                }
            }
            if Instant::now() >= next_sum {
                next_sum += SUMMARY;
                self.tell(format!(
                    "shares: fast {}, slow {}; blocks found: {}; the chain is at {}",
                    miners.fast.status().accepted,
                    miners.slow.status().accepted,
                    scene.get("pool").await?.get("blocks").map_or(0, total),
                    scene.node.height().await?
                ));
            }
            let accepted = || {
                blocks
                    .iter()
                    .filter(|block| text(block, "state") == "accepted")
            };
            let highest = accepted().map(height).max().unwrap_or_default();
            if !mweb && highest > BEFORE_MWEB && scene.node.has_mweb().await? {
                mweb = true;
                self.tell(format!(
                    "MWEB is active: the pool's block {highest} carries its extension"
                ));
            }
            if mweb && began.elapsed() >= WARM_UP {
                for block in accepted() {
                    if let Some(hero) = self.hero(scene, block).await? {
                        return Ok(hero);
                    }
                }
            }
            sleep(LOOK).await;
        }
    }

    /// The block, if both miners are in its split.
    async fn hero(&self, scene: &Scene, block: &Value) -> anyhow::Result<Option<Hero>> {
        let hash = text(block, "hash").to_owned();
        let path = format!("blocks/{}/{hash}/credits?limit=500", scene.currency);
        let credits = scene.get(&path).await?;
        let has = |address: &str| list(&credits).iter().any(|it| text(it, "payee") == address);
        if !has(&scene.fast) || !has(&scene.slow) {
            return Ok(None);
        }
        let height = height(block);
        self.tell(format!(
            "block {height} is accepted and immature: its reward of {} {} is split",
            coins(block.get("reward"), scene.decimals),
            scene.currency
        ));
        Ok(Some(Hero { hash, height }))
    }

    /// The first block with an MWEB is valid only with a peg-in, which on a real network somebody
    /// always sends.
    async fn peg_in_when_due(&mut self, scene: &Scene) -> anyhow::Result<()> {
        if scene.node.height().await? != BEFORE_MWEB || scene.node.has_transactions().await? {
            return Ok(());
        }
        let address = scene.node.address(Some("mweb")).await?;
        match scene.node.pay(&address).await {
            Ok(()) => {
                self.tell(
                    "height 431: the demo's wallet pegs in, for MWEB starts with the next block",
                );
                Ok(())
            }
            // The block before was orphaned by its sibling just now: the next look decides again.
            Err(NodeError::Refused { .. }) if scene.node.height().await? != BEFORE_MWEB => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn maturity(&mut self, scene: &Scene, hero: &Hero) -> anyhow::Result<()> {
        let due = hero.height + u64::from(scene.maturity);
        let missing = due.saturating_sub(scene.node.height().await?);
        self.chapter(format!(
            "time passes: other miners (node {}) find {missing} blocks",
            scene.node_name
        ));
        scene.node.mine(missing).await?;
        let path = format!("blocks/{}/{}", scene.currency, hero.hash);
        until(async || {
            let block = scene.get(&path).await?;
            match text(&block, "state") {
                "mature" => Ok(Some(())),
                "orphaned" | "rejected" => {
                    bail!("block {} is {}", hero.height, text(&block, "state"))
                }
                _ => Ok(None),
            }
        })
        .await
    }

    async fn credited(&mut self, scene: &Scene) -> anyhow::Result<()> {
        for address in [&scene.fast, &scene.slow] {
            let balance = until(async || {
                let miner = scene.get(&format!("miners/{address}")).await?;
                let balance = miner.pointer("/balances/0/balance").cloned();
                Ok(balance.filter(|balance| balance.as_str().is_some_and(|units| units != "0")))
            })
            .await?;
            self.tell(format!(
                "{} has a balance of {} {}",
                scene.name(address),
                coins(Some(&balance), scene.decimals),
                scene.currency
            ));
        }
        Ok(())
    }

    /// The books have no discrepancy, and hold what the chain holds for the pool, to the unit.
    async fn drift(&mut self, scene: &Scene) -> anyhow::Result<()> {
        // Deep enough that a block which lost to its sibling is known to be an orphan.
        scene.node.mine(6).await?;
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let books = scene
                .get(&format!("currencies/{}/books", scene.currency))
                .await?;
            let drift = books
                .get("drift")
                .and_then(Value::as_u64)
                .context("no drift is told")?;
            let held = held(&books)?;
            let on_chain = Amount::from_decimal(
                &scene.node.unspent(&scene.subsidy_address).await?,
                scene.decimals,
            )?;
            if drift == 0 && held == on_chain {
                self.tell(format!(
                    "books: drift 0 ({} {} on the chain, as much in the books)",
                    on_chain.to_decimal(scene.decimals),
                    scene.currency
                ));
                return Ok(());
            }
            if Instant::now() > deadline {
                let discrepancies = books.get("discrepancies").unwrap_or(&Value::Null);
                bail!(
                    "books: drift {drift} {discrepancies}; they hold {held} units, the chain {on_chain}"
                );
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Coins that the books hold: the `utxo` accounts, on which they are negative.
fn held(books: &Value) -> anyhow::Result<Amount> {
    let accounts = books
        .get("accounts")
        .and_then(Value::as_object)
        .context("no accounts")?;
    let utxo = accounts
        .iter()
        .filter(|(name, _)| name.starts_with("utxo:"));
    let mut sum = Amount::ZERO;
    for (name, units) in utxo {
        let units = units.as_str().and_then(|units| units.parse().ok());
        let units = units.with_context(|| format!("account {name} has no balance"))?;
        sum = sum
            .checked_sub(Amount(units))
            .context("the books overflow")?;
    }
    Ok(sum)
}

/// Looks again and again until there is something.
pub(super) async fn until<T, F>(look: impl Fn() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        sleep(LOOK).await;
    }
}

/// Blocks of every state.
fn total(blocks: &Value) -> u64 {
    blocks
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, count)| count.as_u64())
        .sum()
}

fn height(block: &Value) -> u64 {
    block
        .get("height")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

pub(super) fn list(page: &Value) -> &[Value] {
    page.get("items")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
