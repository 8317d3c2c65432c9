//! The story: shares, a block found, immature, mature, credited, audited.

use std::{future::Future, time::Duration};

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
/// How often the pool and the node are asked.
const LOOK: Duration = Duration::from_millis(250);

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
        Self { began: Instant::now(), chapter: String::new() }
    }

    /// One line of the story.
    pub(super) fn tell(&self, line: impl AsRef<str>) {
        println!("[{:6.1} s] {}", self.began.elapsed().as_secs_f32(), line.as_ref());
    }

    /// A line that also says what is waited for from now on.
    pub(super) fn chapter(&mut self, line: impl Into<String>) {
        self.chapter = line.into();
        self.tell(&self.chapter);
    }

    /// What was waited for last.
    pub(super) fn reached(&self) -> &str {
        &self.chapter
    }

    /// The whole story.
    pub(super) async fn unfold(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.first_blocks(scene).await?;
        self.chapter(format!("two miners connect to {}", scene.stratum));
        let miners = Miners::start(scene);
        self.shares(&miners).await?;
        let hero = self.blocks(scene).await?;
        self.mweb(scene, &hero).await?;
        self.maturity(scene, &hero).await?;
        self.chapter(format!("block {} is mature: its parts are credited to the miners", hero.height));
        self.credited(scene).await?;
        let path = format!("blocks/{}/{}", scene.currency, hero.hash);
        let block = scene.get(&path).await?;
        let credits = scene.get(&format!("{path}/credits?limit=500")).await?;
        println!();
        for line in audit::lines(scene, &block, &credits)? {
            println!("{line}");
        }
        self.chapter("the miners pause while the books are compared with the chain");
        miners.stop().await?;
        self.drift(scene).await
    }

    /// A chain to begin with, and a wallet that can peg in.
    async fn first_blocks(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.chapter("the nodes start and find each other");
        until(async || Ok(scene.node.peers().await.ok().filter(|peers| *peers > 0))).await?;
        scene.node.make_wallet().await?;
        let height = scene.node.height().await?;
        self.chapter(format!("a wallet of the demo mines blocks up to height {START}"));
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

    /// Waits for a block in whose split both miners are.
    async fn blocks(&mut self, scene: &Scene) -> anyhow::Result<Hero> {
        self.chapter("waiting for a block that both have worked on");
        let mut told = Vec::new();
        loop {
            for block in list(&scene.get("blocks?limit=100").await?).iter().rev() {
                let hash = text(block, "hash").to_owned();
                let height = block.get("height").and_then(Value::as_u64).unwrap_or_default();
                if !told.contains(&hash) {
                    self.tell(format!(
                        "block {height} found by {}: {}",
                        scene.name(text(block, "finder")),
                        short(&hash)
                    ));
                    told.push(hash.clone());
                }
                if text(block, "state") != "accepted" {
                    continue;
                }
                let path = format!("blocks/{}/{hash}/credits?limit=500", scene.currency);
                let credits = scene.get(&path).await?;
                let payees: Vec<&str> =
                    list(&credits).iter().map(|credit| text(credit, "payee")).collect();
                if payees.contains(&scene.fast.as_str()) && payees.contains(&scene.slow.as_str()) {
                    self.tell(format!(
                        "block {height} is accepted and immature: its reward of {} {} is split",
                        coins(block.get("reward"), scene.decimals),
                        scene.currency
                    ));
                    return Ok(Hero { hash, height });
                }
            }
            self.peg_in_when_due(scene).await?;
            sleep(LOOK).await;
        }
    }

    /// Through the first block with an MWEB, mined by the pool.
    async fn mweb(&mut self, scene: &Scene, hero: &Hero) -> anyhow::Result<()> {
        self.chapter(format!("on to height {} where MWEB starts", BEFORE_MWEB + 1));
        let height = loop {
            self.peg_in_when_due(scene).await?;
            let blocks = scene.get("blocks?limit=100&state=accepted").await?;
            let heights = list(&blocks).iter().filter_map(|it| it.get("height")?.as_u64());
            let highest = heights.max().unwrap_or_default().max(hero.height);
            if highest > BEFORE_MWEB && scene.node.has_mweb().await? {
                break highest;
            }
            sleep(LOOK).await;
        };
        self.tell(format!("MWEB is active: the pool mined block {height} with its extension block"));
        Ok(())
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
                self.tell("height 431: the demo's wallet pegs in, for MWEB starts with the next block");
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
                "orphaned" | "rejected" => bail!("block {} is {}", hero.height, text(&block, "state")),
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
        let mut last = String::from("the books were not read");
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let books = scene.get(&format!("currencies/{}/books", scene.currency)).await?;
            let drift = books.get("drift").and_then(Value::as_u64).context("no drift is told")?;
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
            if drift > 0 {
                last = format!("books: drift {drift}: {}", books["discrepancies"]);
            } else {
                last = format!("the books hold {held} units, the chain {on_chain}");
            }
            if Instant::now() > deadline {
                bail!("{last}");
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Coins that the books hold: the `utxo` accounts, on which they are negative.
fn held(books: &Value) -> anyhow::Result<Amount> {
    let accounts = books.get("accounts").and_then(Value::as_object).context("no accounts")?;
    let utxo = accounts.iter().filter(|(name, _)| name.starts_with("utxo:"));
    let mut sum = Amount::ZERO;
    for (name, units) in utxo {
        let units = units.as_str().and_then(|units| units.parse().ok());
        let units = units.with_context(|| format!("account {name} has no balance"))?;
        sum = sum.checked_sub(Amount(units)).context("the books overflow")?;
    }
    Ok(sum)
}

/// Looks again and again until there is something.
async fn until<T, F>(look: impl Fn() -> F) -> anyhow::Result<T>
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

fn list(page: &Value) -> &[Value] {
    page.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
