//! What disturbs the whole cluster, on one pool, while it is mined on: last, and alone.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, ensure};
use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, Pod},
    apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, ListParams},
};
use ngpool_e2e::{
    harness::Suite,
    pool::{Layout, MinerOptions, Pool, READY, SOON},
    session::OPERATOR,
    tests,
    wait::{throughout, until_true},
};
use serde_json::json;

/// How long the API server is away.
const AWAY: Duration = Duration::from_secs(15);
/// Old and new authority beside each other, new leaves, and the old one taken away.
const ROTATION: Duration = Duration::from_mins(3);

pub(crate) fn suite() -> Suite {
    Suite {
        name: "last",
        alone: true,
        story: false,
        begin: |session, name| {
            Box::pin(async move { Pool::ready(&session, name, Layout::plain()?).await })
        },
        tests: tests![
            miners_mine_while_the_operator_is_replaced,
            miners_mine_while_the_api_is_away,
            the_authority_is_replaced_and_no_connection_drops,
            an_uninstalled_operator_leaves_a_pool_that_mines,
            objects_made_again_find_their_volumes_and_books,
            a_namespace_goes_with_all_that_is_in_it,
        ],
    }
}

async fn miners_mine_while_the_operator_is_replaced(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    let pods: Api<Pod> = Api::namespaced(pool.session.client.clone(), OPERATOR);
    let labels = ListParams::default().labels("app.kubernetes.io/component=operator");
    for pod in pods.list(&labels).await? {
        pods.delete(&pod.name_any(), &DeleteParams::default())
            .await?;
    }
    // A change is carried out by the new one.
    pool.patch("Sharechain", "main", json!({"spec": {"fee": "2%"}}))
        .await?;
    pool.wait_condition("Sharechain", "main", "Ready", "True", READY)
        .await?;
    miner.shares(5, SOON).await?;
    let mined = miner.stop().await?;
    ensure!(
        mined.connections == 1,
        "the miner had to connect again: {mined:?}"
    );
    Ok(())
}

async fn miners_mine_while_the_api_is_away(pool: &Pool) -> anyhow::Result<()> {
    ensure!(
        pool.session.is_own(),
        "only a cluster of our own can lose its API server"
    );
    let miner = pool.mine(MinerOptions::new()?).await?;
    let port = pool.pods("app.kubernetes.io/component=stratumport").await?;
    let statuses = port
        .first()
        .and_then(|pod| pod.status.clone()?.container_statuses);
    let container = statuses
        .and_then(|statuses| statuses.first()?.container_id.clone())
        .context("the port has no container")?;
    let mut guard = pool.session.cluster().await;
    let cluster = guard.as_mut().context("the cluster is gone")?;
    cluster.stop_api_server().await;
    let worked = async {
        miner.shares(5, SOON).await?;
        // A server that starts now has only its mounted files.
        pool.session.kill_container(&container).await?;
        miner.shares(5, SOON).await?;
        throughout(AWAY, async || Ok(())).await
    }
    .await;
    cluster.start_api_server().await?;
    drop(guard);
    worked?;
    pool.wait_ready(READY).await?;
    miner.shares(5, SOON).await?;
    miner.stop().await?;
    Ok(())
}

async fn the_authority_is_replaced_and_no_connection_drops(pool: &Pool) -> anyhow::Result<()> {
    let miner = pool.mine(MinerOptions::new()?).await?;
    let before = bundle(pool).await?;
    let stay = staying(pool).await?;
    pool.patch(
        "Pool",
        "pool",
        json!({"metadata": {"annotations": {"ngpool.io/rotate": "by the test"}}}),
    )
    .await?;
    until_true(
        "one authority, and another than before",
        ROTATION,
        async || {
            let now = bundle(pool).await?;
            let authorities = now.matches("BEGIN CERTIFICATE").count();
            ensure!(authorities == 1, "{authorities} authorities are trusted");
            Ok(now != before)
        },
    )
    .await?;
    miner.shares(10, SOON).await?;
    let mined = miner.stop().await?;
    ensure!(
        mined.connections == 1,
        "the miner had to connect again: {mined:?}"
    );
    ensure!(
        stay == self::staying(pool).await?,
        "pods were replaced or started again: before, they were {stay:?}"
    );
    pool.wait_ready(READY).await
}

async fn an_uninstalled_operator_leaves_a_pool_that_mines(pool: &Pool) -> anyhow::Result<()> {
    let session = &pool.session;
    session
        .run(
            "helm3",
            ["uninstall", "ngpool", "--namespace", OPERATOR, "--wait"],
        )
        .await?;
    let definitions: Api<CustomResourceDefinition> = Api::all(session.client.clone());
    let left = definitions.list(&ListParams::default()).await?;
    let left = left
        .iter()
        .filter(|it| it.spec.group == "ngpool.io")
        .count();
    ensure!(left == 5, "{left} of the five kinds are left");
    let miner = pool.mine(MinerOptions::new()?).await?;
    miner.shares(5, SOON).await?;
    miner.stop().await?;
    // Installed again by the other Helm, it takes the pool over as it is.
    let before = pods(pool).await?;
    session.install("helm4").await?;
    pool.patch("Sharechain", "main", json!({"spec": {"fee": "1%"}}))
        .await?;
    pool.wait_ready(READY).await?;
    ensure!(
        before == pods(pool).await?,
        "pods were replaced by a new installation"
    );
    Ok(())
}

async fn objects_made_again_find_their_volumes_and_books(pool: &Pool) -> anyhow::Result<()> {
    let claims = claims(pool).await?;
    let height = pool.height("litecoin-a").await?;
    let key = pool
        .secret("currency-litecoin-statement-key", "key.pem")
        .await?;
    let batches = batches(pool).await?;
    ensure!(batches > 0, "nothing was mined before");
    delete_objects(pool).await?;
    pool.apply(Layout::plain()?.objects()).await?;
    pool.wait_ready(READY).await?;
    ensure!(claims == self::claims(pool).await?, "volumes are others");
    ensure!(
        key == pool
            .secret("currency-litecoin-statement-key", "key.pem")
            .await?,
        "statements are signed by another key"
    );
    ensure!(
        pool.height("litecoin-a").await? >= height,
        "the chain began anew"
    );
    ensure!(
        self::batches(pool).await? >= batches,
        "the books began anew"
    );
    let miner = pool.mine(MinerOptions::new()?).await?;
    miner.shares(5, SOON).await?;
    let mined = miner.stop().await?;
    pool.wait_booked(&mined).await
}

async fn a_namespace_goes_with_all_that_is_in_it(pool: &Pool) -> anyhow::Result<()> {
    // Without an operator that could help.
    pool.session
        .run(
            "helm4",
            ["uninstall", "ngpool", "--namespace", OPERATOR, "--wait"],
        )
        .await?;
    // A namespace with pods in it is looked at again after half of their longest grace, which is half
    // an hour for a port: the objects go first.
    delete_objects(pool).await?;
    pool.remove_whole().await
}

/// Deletes all objects and waits until their pods are gone.
async fn delete_objects(pool: &Pool) -> anyhow::Result<()> {
    for (kind, name) in [
        ("StratumPort", "main"),
        ("Sharechain", "main"),
        ("Coinserver", "litecoin-a"),
        ("Coinserver", "litecoin-b"),
        ("Currency", "litecoin"),
        ("Pool", "pool"),
    ] {
        pool.delete(kind, name).await?;
    }
    until_true("all pods to be gone", READY, async || {
        let left = pool.pods("").await?;
        let left: Vec<_> = left.iter().map(ResourceExt::name_any).collect();
        ensure!(left.is_empty(), "there are {left:?}");
        Ok(true)
    })
    .await
}

/// Batches of shares in the books.
async fn batches(pool: &Pool) -> anyhow::Result<u64> {
    Ok(pool
        .sql("SELECT count(*) FROM share_batch")
        .await?
        .parse()?)
}

/// Ids of the volume claims that outlive their objects.
async fn claims(pool: &Pool) -> anyhow::Result<Vec<Option<String>>> {
    let claims = pool.api::<PersistentVolumeClaim>();
    let mut ids = Vec::new();
    for name in [
        "coinserver-litecoin-a",
        "coinserver-litecoin-b",
        "data-pool-database-0",
    ] {
        let claim = claims
            .get(name)
            .await
            .with_context(|| format!("{name} is gone"))?;
        ids.push(claim.uid());
    }
    Ok(ids)
}

/// Pods that stay, each with the number of its containers' restarts.
async fn staying(pool: &Pool) -> anyhow::Result<BTreeMap<String, i32>> {
    let pods = pool.pods("app.kubernetes.io/part-of=ngpool").await?;
    Ok(pods
        .iter()
        .filter(|pod| !pod.labels().contains_key("batch.kubernetes.io/job-name"))
        .map(|pod| {
            let status = pod.status.as_ref();
            let containers = status.and_then(|status| status.container_statuses.as_ref());
            let restarts = containers.into_iter().flatten().map(|it| it.restart_count);
            (pod.name_any(), restarts.sum())
        })
        .collect())
}

async fn bundle(pool: &Pool) -> anyhow::Result<String> {
    pool.secret("stratumport-main-tls", "ca.crt").await
}

/// Names of the pods that stay.
async fn pods(pool: &Pool) -> anyhow::Result<Vec<String>> {
    let pods = pool.pods("app.kubernetes.io/part-of=ngpool").await?;
    let stay = pods
        .iter()
        .filter(|pod| !pod.labels().contains_key("batch.kubernetes.io/job-name"));
    Ok(stay.map(ResourceExt::name_any).collect())
}
