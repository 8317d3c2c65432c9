//! What an operator does to a pool that is mined on: no change costs a miner more than a reconnection.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, ensure};
use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{PersistentVolumeClaim, Pod},
};
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, Patch, PatchParams},
};
use ngpool_chain::Algorithm;
use ngpool_e2e::{
    harness::Suite,
    pool::{Layout, Mined, Miner, MinerOptions, Pool, READY, SOON, is_ready},
    tests,
    wait::{until, until_true},
};
use ngpool_testkit::StratumClient;
use serde_json::json;

/// Every server's own bytes stand at the end of the first half of its coinbases.
const PREFIX: usize = 8;
/// The longest that a server may take to go: its miners are asked to reconnect over a part of it.
const DRAIN: Duration = Duration::from_mins(4);

pub(crate) fn suite() -> Suite {
    Suite {
        name: "live",
        alone: false,
        story: false,
        begin: |session, name| {
            Box::pin(async move {
                // Half an hour, and half a minute before, is for miners of a real pool.
                let drain = json!({"spec": {"drain": {"acceptFor": "2s", "spread": "20s"}}});
                let layout = Layout::litecoin()?.with("StratumPort", "main", drain)?;
                Pool::ready(&session, name, layout).await
            })
        },
        tests: tests![
            a_change_of_vardiff_reaches_miners_and_drops_nobody,
            nodes_come_and_go_while_miners_work,
            a_port_scales_to_three_and_back_and_no_two_servers_build_the_same_coinbase,
            a_port_rolls_under_load_and_no_share_is_lost,
            every_pod_may_die_and_miners_go_on,
        ],
    }
}

async fn a_change_of_vardiff_reaches_miners_and_drops_nobody(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    miner.shares(3, SOON).await?;
    let before = pool.dynamic("StratumPort").get("main").await?;
    let before = before.data.pointer("/spec/vardiff/start").cloned();
    let least = 4.0 * miner.mined().difficulty;
    let servers = running(pool, "stratumport").await?;
    pool.patch(
        "StratumPort",
        "main",
        json!({"spec": {"vardiff": {"min": least, "start": least}}}),
    )
    .await?;
    until_true(format!("a difficulty of {least}"), SOON, async || {
        let mined = miner.mined();
        ensure!(mined.difficulty >= least, "it is {}", mined.difficulty);
        Ok(true)
    })
    .await?;
    pool.patch(
        "StratumPort",
        "main",
        json!({"spec": {"vardiff": {"min": null, "start": before}}}),
    )
    .await?;
    let mined = miner.stop().await?;
    ensure!(
        mined.connections == 1,
        "the miner had to connect again: {mined:?}"
    );
    ensure!(
        servers == running(pool, "stratumport").await?,
        "a server was replaced"
    );
    pool.wait_condition("StratumPort", "main", "Ready", "True", SOON)
        .await?;
    Ok(())
}

async fn nodes_come_and_go_while_miners_work(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    let before = bystanders(pool).await?;
    let third = Layout::litecoin()?.copy("Coinserver", "litecoin-a", "litecoin-c")?;
    pool.apply(&[third.object("Coinserver", "litecoin-c")?.clone()])
        .await?;
    pool.wait_condition("Coinserver", "litecoin-c", "Ready", "True", READY)
        .await?;
    // The first of two that is asked for templates goes; a single node would have no peers.
    let claim = claim(pool, "litecoin-a").await?;
    let height = self::height(pool, "litecoin-a").await?;
    pool.delete("Coinserver", "litecoin-a").await?;
    until_true("the first node to be gone", READY, async || {
        let pods = pool.pods("app.kubernetes.io/instance=litecoin-a").await?;
        Ok(pods.is_empty())
    })
    .await?;
    for node in ["litecoin-b", "litecoin-c"] {
        let height = self::height(pool, node).await?;
        until_true(format!("a block of the pool on {node}"), SOON, async || {
            let now = pool.height(node).await?;
            ensure!(now > height, "it is at {now}, as at the beginning");
            Ok(true)
        })
        .await?;
    }
    // A node that comes back finds its volume, and with it its chain.
    let nodes = Layout::litecoin()?;
    pool.apply(&[nodes.object("Coinserver", "litecoin-a")?.clone()])
        .await?;
    pool.wait_condition("Coinserver", "litecoin-a", "Ready", "True", READY)
        .await?;
    ensure!(
        claim == self::claim(pool, "litecoin-a").await?,
        "the node got another volume"
    );
    ensure!(
        self::height(pool, "litecoin-a").await? >= height,
        "the node began its chain anew"
    );
    let mined = miner.stop().await?;
    ensure!(
        mined.connections == 1,
        "the miner had to connect again: {mined:?}"
    );
    let after = bystanders(pool).await?;
    ensure!(
        before == after,
        "pods were replaced: {before:?} became {after:?}"
    );
    pool.delete("Coinserver", "litecoin-c").await
}

async fn a_port_scales_to_three_and_back_and_no_two_servers_build_the_same_coinbase(
    pool: &Pool,
) -> anyhow::Result<()> {
    // By the subresource that autoscalers use.
    let scale = |replicas: u32| {
        let change = json!({"spec": {"replicas": replicas}});
        async move {
            let ports = pool.dynamic("StratumPort");
            ports
                .patch_scale("main", &PatchParams::default(), &Patch::Merge(change))
                .await
        }
    };
    scale(3).await?;
    let servers = pool.wait_pods("stratumport", 3, READY).await?;
    let mut prefixes = BTreeSet::new();
    for server in &servers {
        let way = pool.forward(&format!("pod/{server}"), "stratum").await?;
        let mut client = StratumClient::connect(way.address, Algorithm::Scrypt).await?;
        let user = MinerOptions::new()?.user;
        let job = client.login(&user, "x").await?;
        let start = job.coinbase1.len().checked_sub(PREFIX);
        let start = start.context("a coinbase of a few bytes")?;
        prefixes.insert(job.coinbase1[start..].to_vec());
    }
    ensure!(prefixes.len() == 3, "servers share a prefix: {prefixes:?}");
    let mut miners = Vec::new();
    for _ in 0..3 {
        miners.push(
            pool.mine(MinerOptions {
                limit: 150,
                ..MinerOptions::new()?
            })
            .await?,
        );
    }
    for miner in &miners {
        miner.shares(3, SOON).await?;
    }
    scale(1).await?;
    until_true("one server alone", DRAIN, async || {
        let now = running(pool, "stratumport").await?;
        ensure!(now.len() == 1, "there are {now:?}");
        Ok(true)
    })
    .await?;
    for miner in &miners {
        miner.shares(3, SOON).await?;
    }
    let mined = stop_all(miners).await?;
    pool.wait_booked(&mined).await
}

async fn a_port_rolls_under_load_and_no_share_is_lost(pool: &Pool) -> anyhow::Result<()> {
    let mut miners = Vec::new();
    for _ in 0..3 {
        miners.push(
            pool.mine(MinerOptions {
                limit: 150,
                ..MinerOptions::new()?
            })
            .await?,
        );
    }
    let before = running(pool, "stratumport").await?;
    // As `kubectl rollout restart` does, which the operator leaves alone.
    let deployments: Api<Deployment> = pool.api();
    deployments.restart("stratumport-main").await?;
    until_true("another server alone", DRAIN, async || {
        let now = running(pool, "stratumport").await?;
        ensure!(
            now.len() == 1 && now.is_disjoint(&before),
            "there are {now:?}"
        );
        Ok(true)
    })
    .await?;
    for miner in &miners {
        miner.shares(5, SOON).await?;
    }
    let mined = stop_all(miners).await?;
    mined.ensure_taken()?;
    pool.wait_booked(&mined).await
}

async fn every_pod_may_die_and_miners_go_on(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    let pods = pool
        .pods("app.kubernetes.io/managed-by=ngpool-operator")
        .await?;
    // A job's pod ends by itself, and is not started again: the next run is the retry.
    let pods = pods
        .iter()
        .filter(|pod| !pod.labels().contains_key("batch.kubernetes.io/job-name"));
    for pod in pods {
        kill(pool, pod).await?;
        let component = pod.labels().get("app.kubernetes.io/component").cloned();
        let component = component.context("a pod without a component")?;
        let instance = pod
            .labels()
            .get("app.kubernetes.io/instance")
            .cloned()
            .unwrap_or_default();
        until_true(format!("{component} {instance} again"), READY, async || {
            let labels = format!(
                "app.kubernetes.io/component={component},app.kubernetes.io/instance={instance}"
            );
            let now = pool.pods(&labels).await?;
            Ok(now.iter().any(is_ready))
        })
        .await?;
        miner
            .shares(3, SOON)
            .await
            .with_context(|| format!("after {component} died"))?;
    }
    let mined = miner.stop().await?;
    pool.wait_booked(&mined).await?;
    pool.wait_ready(READY).await
}

/// Kills every container at once where the cluster is ours, else the pod without grace.
async fn kill(pool: &Pool, pod: &Pod) -> anyhow::Result<()> {
    if pool.session.is_own() {
        let statuses = pod
            .status
            .as_ref()
            .and_then(|status| status.container_statuses.clone());
        for container in statuses.unwrap_or_default() {
            if let Some(id) = container.container_id {
                pool.session.kill_container(&id).await?;
            }
        }
        // The kubelet notices a moment later; until then the pod still counts as ready.
        let name = pod.name_any();
        let restarts = restarts(pod);
        until_true(format!("{name} to be started again"), SOON, async || {
            Ok(self::restarts(&pool.api::<Pod>().get(&name).await?) > restarts)
        })
        .await
    } else {
        let name = pod.name_any();
        pool.api::<Pod>()
            .delete(&name, &DeleteParams::default().grace_period(0))
            .await?;
        Ok(())
    }
}

fn restarts(pod: &Pod) -> i32 {
    let statuses = pod
        .status
        .as_ref()
        .and_then(|status| status.container_statuses.as_ref());
    statuses
        .into_iter()
        .flatten()
        .map(|status| status.restart_count)
        .sum()
}

/// Pods that have no reason to be replaced when another node comes or goes.
async fn bystanders(pool: &Pool) -> anyhow::Result<BTreeSet<(String, i32)>> {
    let mut all = BTreeSet::new();
    for component in ["coinserver", "sharechain", "stratumport", "pool-web"] {
        all.extend(running(pool, component).await?);
    }
    all.retain(|(name, _)| {
        !name.starts_with("coinserver-litecoin-a") && !name.starts_with("coinserver-litecoin-c")
    });
    Ok(all)
}

/// Height of a node that may be starting.
async fn height(pool: &Pool, node: &str) -> anyhow::Result<u64> {
    until(format!("an answer of {node}"), READY, async || {
        pool.height(node).await.map(Some)
    })
    .await
}

/// The id of a node's volume claim.
async fn claim(pool: &Pool, node: &str) -> anyhow::Result<Option<String>> {
    let claims = pool.api::<PersistentVolumeClaim>();
    Ok(claims.get(&format!("coinserver-{node}")).await?.uid())
}

/// Names of a component's pods with the number of their containers' restarts.
async fn running(pool: &Pool, component: &str) -> anyhow::Result<BTreeSet<(String, i32)>> {
    let pods = pool
        .pods(&format!("app.kubernetes.io/component={component}"))
        .await?;
    Ok(pods
        .iter()
        .map(|pod| (pod.name_any(), restarts(pod)))
        .collect())
}

async fn stop_all(miners: Vec<Miner>) -> anyhow::Result<Mined> {
    let mut all = Mined::default();
    for miner in miners {
        let mined = miner.stop().await?;
        all.accepted += mined.accepted;
        all.rejected += mined.rejected;
        all.unanswered += mined.unanswered;
        all.addresses.extend(mined.addresses);
    }
    Ok(all)
}
