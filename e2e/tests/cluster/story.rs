//! From miners to money: the example, mined on, credited and paid.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, bail, ensure};
use kube::ResourceExt;
use ngpool_e2e::{
    harness::Suite,
    pool::{Layout, MinerOptions, Pool, SOON},
    tests,
    wait::until,
};
use serde_json::Value;

/// Two runs of a CronJob of every minute, on a busy machine.
const TWO_RUNS: Duration = Duration::from_mins(3);
/// The example's currency.
const CODE: &str = "RLTC";

pub(crate) fn suite() -> Suite {
    Suite {
        name: "story",
        alone: false,
        story: true,
        begin: |session, name| {
            Box::pin(async move { Pool::ready(&session, name, Layout::litecoin()?).await })
        },
        tests: tests![
            miners_mine_through_the_service,
            the_cron_job_credits_a_block,
            a_payout_is_signed_outside_the_cluster,
            no_pod_has_a_token,
            crate::plugin::the_plugin_tells_a_pool_as_it_is,
        ],
    }
}

async fn miners_mine_through_the_service(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    miner.shares(20, SOON).await?;
    let mined = miner.stop().await?;
    mined.ensure_taken()?;
    pool.wait_booked(&mined).await?;
    // Reported by the port through the ledger into the books.
    until("a block in the books", SOON, async || {
        let blocks = pool.rest("blocks?limit=1").await?;
        Ok(items(&blocks).first().cloned())
    })
    .await?;
    Ok(())
}

async fn the_cron_job_credits_a_block(pool: &Pool) -> anyhow::Result<()> {
    let block = until("an accepted block", TWO_RUNS, async || {
        let blocks = pool.rest("blocks?limit=100").await?;
        let accepted = items(&blocks).iter().find(|it| it["state"] == "accepted");
        Ok(accepted.cloned())
    })
    .await?;
    pool.pass_time("litecoin-a", 110).await?;
    let hash = block["hash"].as_str().context("a block has a hash")?;
    let finder = block["finder"].as_str().context("a block has a finder")?;
    until("a mature block", TWO_RUNS, async || {
        let block = pool.rest(&format!("blocks/{CODE}/{hash}")).await?;
        ensure!(block["state"] == "mature", "it is {}", block["state"]);
        Ok(Some(()))
    })
    .await?;
    let miner = pool.rest(&format!("miners/{finder}")).await?;
    ensure!(balance(&miner) > 0, "the finder has no balance: {miner}");
    Ok(())
}

async fn a_payout_is_signed_outside_the_cluster(pool: &Pool) -> anyhow::Result<()> {
    let mut signer = pool.start_signer().await?;
    let mut tries = 0;
    let prepared = until("a payout", TWO_RUNS, async || {
        tries += 1;
        pool.run_now(
            "currency-litecoin-payout",
            &format!("prepare-by-hand-{tries}"),
        )
        .await?;
        Ok(items(&payouts(pool).await?).first().cloned())
    })
    .await?;
    let number = prepared["number"]
        .as_u64()
        .context("a payout has a number")?;
    reached(pool, number, "signed", || {
        signer.check().map(|()| signer.log())
    })
    .await?;
    reached(pool, number, "broadcast", || Ok(signer.log())).await?;
    pool.pass_time("litecoin-b", 8).await?;
    reached(pool, number, "confirmed", || Ok(signer.log())).await?;
    let payees = pool
        .rest(&format!(
            "currencies/{CODE}/payouts/{number}/payees?limit=100"
        ))
        .await?;
    let payees = items(&payees);
    ensure!(!payees.is_empty(), "a payout without payees");
    for payee in payees {
        let address = payee["payee"].as_str().context("a payee is an address")?;
        let amount = payee["amount"].as_str().context("an amount is text")?;
        let unspent = format!("[\"addr({address})\"]");
        let found = pool
            .node("litecoin-a", &["scantxoutset", "start", &unspent])
            .await?;
        let on_chain = units(&found["total_amount"])?;
        ensure!(
            on_chain == amount.parse::<u64>()?,
            "{address} was paid {amount} units and has {on_chain} on the chain"
        );
    }
    Ok(())
}

/// Of all pods that there ever are: those of the jobs are still listed.
async fn no_pod_has_a_token(pool: &Pool) -> anyhow::Result<()> {
    let pods = pool.pods("").await?;
    let components: BTreeSet<_> = pods
        .iter()
        .filter_map(|pod| pod.labels().get("app.kubernetes.io/component"))
        .map(String::as_str)
        .collect();
    for component in [
        "coinserver",
        "currency-payout",
        "currency-settle",
        "pool-database",
        "pool-migrate",
        "pool-web",
        "sharechain",
        "stratumport",
    ] {
        ensure!(
            components.contains(component),
            "no pod of {component} to look at: {components:?}"
        );
    }
    for pod in &pods {
        let name = pod.name_any();
        let spec = pod.spec.as_ref().context("a pod without a spec")?;
        ensure!(
            spec.automount_service_account_token == Some(false),
            "{name} would get a token"
        );
        let volumes = spec.volumes.iter().flatten();
        let sources = volumes.filter_map(|volume| volume.projected.as_ref()?.sources.as_ref());
        let tokens = sources
            .flatten()
            .filter(|source| source.service_account_token.is_some());
        ensure!(tokens.count() == 0, "{name} has a token");
    }
    Ok(())
}

/// Waits until a payout has come to a state, or further.
async fn reached(
    pool: &Pool,
    number: u64,
    wanted: &str,
    mut signer: impl FnMut() -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    const STATES: [&str; 4] = ["prepared", "signed", "broadcast", "confirmed"];
    let place = |state: &str| STATES.iter().position(|known| *known == state);
    until(
        format!("payout {number} to be {wanted}"),
        TWO_RUNS,
        async || {
            let words = signer()?;
            let all = payouts(pool).await?;
            let payout = items(&all).iter().find(|it| it["number"] == number);
            let payout = payout.context("the payout is gone")?;
            let state = payout["state"].as_str().unwrap_or_default();
            if place(state) < place(wanted) {
                let last = words.lines().last().unwrap_or_default().to_owned();
                bail!(
                    "it is {state}: {}; the signer said last: {last}",
                    payout["reason"]
                );
            }
            Ok(Some(()))
        },
    )
    .await
}

async fn payouts(pool: &Pool) -> anyhow::Result<Value> {
    pool.rest(&format!("currencies/{CODE}/payouts")).await
}

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map_or(&[], Vec::as_slice)
}

fn balance(miner: &Value) -> u64 {
    let text = miner.pointer("/balances/0/balance").and_then(Value::as_str);
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Coins as a daemon writes them, in units of a hundred millionth.
fn units(coins: &Value) -> anyhow::Result<u64> {
    let text = coins.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    ensure!(part.len() <= 8, "{text} coins have too many digits");
    Ok(format!("{whole}{part:0<8}").parse()?)
}
