//! The end of the story: prepared, signed outside, broadcast, confirmed, audited.

use std::time::Duration;

use anyhow::{Context, bail};
use ngpool_chain::Amount;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{
    scene::Scene,
    signer::{PoolFacts, Signer},
    story::{LOOK, Story, list, text, until},
};
use crate::overview::{coins, short};

/// Time between two looks at something that takes runs of the settle job.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest wait for coins that can be spent.
const PATIENCE: Duration = Duration::from_mins(1);

impl Story {
    /// Pays the miners what they were credited.
    pub(super) async fn payday(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.chapter("a signer is started: it has the key, and asks the pool for work");
        let token_file = scene
            .signer_token_file
            .as_deref()
            .context("the pool has no token for signers")?;
        let facts = PoolFacts {
            url: format!("http://{}", scene.rest.address()),
            token_file,
            payout: &scene.payout,
        };
        let mut signer = Signer::start(&scene.signer_folder, &facts).await?;
        if let Some(pid) = signer.pid() {
            self.tell(format!("ngsign runs, pid {pid}"));
        }
        // A last block that lost to its sibling is known to be an orphan only this deep.
        let depth = u64::from(scene.settle_depth) + 1;
        scene.node.mine(depth).await?;
        self.chapter("a payout is prepared, as the schedule would do it later");
        let number = prepare(scene).await?;
        self.reached(scene, &mut signer, number, "signed").await?;
        let payout = self
            .reached(scene, &mut signer, number, "broadcast")
            .await?;
        self.tell(format!(
            "transaction {} waits for a block",
            short(text(&payout, "txid"))
        ));
        self.chapter(format!("time passes: {depth} more blocks are found"));
        scene.node.mine(depth).await?;
        let payout = self
            .reached(scene, &mut signer, number, "confirmed")
            .await?;
        println!();
        println!(
            "payout {number}: transaction {} at height {}",
            text(&payout, "txid"),
            payout.get("height").and_then(Value::as_u64).unwrap_or(0)
        );
        let path = format!(
            "currencies/{}/payouts/{number}/payees?limit=500",
            scene.currency
        );
        for part in list(&scene.get(&path).await?) {
            let payee = text(part, "payee");
            println!(
                "  {:<6} {:>16} {}  {payee}",
                scene.name(payee),
                coins(part.get("amount"), scene.decimals),
                scene.currency
            );
            let amount: i64 = text(part, "amount").parse().context("an amount")?;
            let on_chain = Amount::from_decimal(&scene.node.unspent(payee).await?, scene.decimals)?;
            if on_chain != Amount(amount) {
                bail!("{payee} has {on_chain} units on the chain, and was paid {amount}");
            }
        }
        println!(
            "  fee    {:>16} {}",
            coins(payout.get("fee"), scene.decimals),
            scene.currency
        );
        println!();
        Ok(())
    }

    /// Waits until the payout has come to a state, or further.
    async fn reached(
        &mut self,
        scene: &Scene,
        signer: &mut Signer,
        number: u64,
        wanted: &str,
    ) -> anyhow::Result<Value> {
        const STATES: [&str; 4] = ["prepared", "signed", "broadcast", "confirmed"];
        let place = |state: &str| STATES.iter().position(|known| *known == state);
        loop {
            signer.check()?;
            let page = scene
                .get(&format!("currencies/{}/payouts", scene.currency))
                .await?;
            let payout = list(&page)
                .iter()
                .find(|it| it.get("number").and_then(Value::as_u64) == Some(number));
            if let Some(payout) = payout {
                let state = text(payout, "state");
                if state == "void" {
                    bail!("payout {number} is void: {}", text(payout, "reason"));
                }
                if place(state) >= place(wanted) {
                    self.chapter(format!("payout {number} is {wanted}"));
                    return Ok(payout.clone());
                }
            }
            self.waits_for(format!(
                "payout {number} to be {wanted}; the signer said last: {}",
                signer.last_words()
            ));
            sleep(LOOK).await;
        }
    }

    /// The chain holds what the books hold, output by output.
    pub(super) async fn audited(&mut self, scene: &Scene) -> anyhow::Result<()> {
        let since = chrono::Utc::now();
        let audit = until(async || {
            let solvency = scene
                .get(&format!("currencies/{}/solvency", scene.currency))
                .await?;
            let audit = solvency.get("audit").cloned().unwrap_or_default();
            let at = text(&audit, "at").parse::<chrono::DateTime<chrono::Utc>>();
            Ok(
                (at.is_ok_and(|at| at > since) && text(&audit, "verdict") != "doubtful")
                    .then_some(audit),
            )
        })
        .await?;
        let drift = text(&audit, "drift");
        if drift != "0" {
            bail!("audit: drift {drift}: {}", text(&audit, "reason"));
        }
        self.tell(format!(
            "audit: drift 0 ({} outputs worth {} {} on the chain, each in the books)",
            audit.get("outputs").and_then(Value::as_u64).unwrap_or(0),
            coins(audit.get("on_chain"), scene.decimals),
            scene.currency
        ));
        Ok(())
    }
}

/// Runs `ngpayout prepare` until there is a payout.
async fn prepare(scene: &Scene) -> anyhow::Result<u64> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let report = ngpayout::run_prepare_once(&scene.payout).await?;
        if let Some(payout) = report.prepared {
            return Ok(payout.number);
        }
        if let Some(error) = report.failures().first() {
            bail!("{error}");
        }
        if Instant::now() > deadline {
            bail!(
                "no payout is made: {:?}, left out {:?}",
                report.waiting,
                report.left_out
            );
        }
        sleep(PAUSE).await;
    }
}
