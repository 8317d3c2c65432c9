//! What is wrong with an object is said in its status, and is gone when it is put right.

use anyhow::ensure;
use ngpool_e2e::{
    harness::Suite,
    pool::{Layout, Pool, SOON},
    tests,
    wait::until,
};
use serde_json::{Value, json};

pub(crate) fn suite() -> Suite {
    Suite {
        name: "broken",
        alone: false,
        story: false,
        begin: |session, name| {
            Box::pin(async move {
                // Without a database nothing starts that would take the machine's time.
                let layout = Layout::litecoin()?
                    .with(
                        "Pool",
                        "pool",
                        json!({"spec": {"database": {
                            "bundled": null,
                            "urlSecret": {"name": "not-there", "key": "url"},
                        }}}),
                    )?
                    .without("Coinserver", "litecoin-a")
                    .without("Coinserver", "litecoin-b");
                let pool = Pool::empty(&session, name).await?;
                pool.apply(layout.objects()).await?;
                Ok(pool)
            })
        },
        tests: tests![
            a_port_names_what_it_misses,
            a_node_names_its_missing_currency,
            a_sharechain_of_another_algorithm_is_refused,
            a_pool_names_the_secret_that_is_missing,
            a_port_names_a_certificate_that_is_missing,
        ],
    }
}

async fn a_port_names_what_it_misses(pool: &Pool) -> anyhow::Result<()> {
    for (field, right) in [("currency", "litecoin"), ("sharechain", "main")] {
        let port = json!({
            "apiVersion": "ngpool.io/v1alpha1",
            "kind": "StratumPort",
            "metadata": {"name": format!("no-{field}")},
            "spec": {"port": 3400, "currency": "litecoin", "sharechain": "main"},
        });
        let mut broken = port.clone();
        broken["spec"][field] = "nobody".into();
        says_and_is_put_right(pool, &broken, "nobody", json!({"spec": {field: right}})).await?;
    }
    Ok(())
}

async fn a_node_names_its_missing_currency(pool: &Pool) -> anyhow::Result<()> {
    let node = json!({
        "apiVersion": "ngpool.io/v1alpha1",
        "kind": "Coinserver",
        "metadata": {"name": "lost"},
        "spec": {"currency": "nobody", "paused": true, "daemon": {}},
    });
    broken(pool, &node, "nobody").await?;
    pool.delete("Coinserver", "lost").await
}

async fn a_sharechain_of_another_algorithm_is_refused(pool: &Pool) -> anyhow::Result<()> {
    let chain = json!({
        "apiVersion": "ngpool.io/v1alpha1",
        "kind": "Sharechain",
        "metadata": {"name": "sha"},
        "spec": {"algorithm": "sha256d", "method": {"pplns": {"window": {"factor": 2}}}},
    });
    pool.apply(&[chain]).await?;
    let port = json!({
        "apiVersion": "ngpool.io/v1alpha1",
        "kind": "StratumPort",
        "metadata": {"name": "mixed"},
        "spec": {"port": 3401, "currency": "litecoin", "sharechain": "sha"},
    });
    pool.apply(&[port]).await?;
    // Both are there; they do not fit each other.
    let ready = pool
        .wait_condition("StratumPort", "mixed", "Ready", "False", SOON)
        .await?;
    ensure!(
        ready.message.contains("sha256d") && ready.message.contains("scrypt"),
        "it says {:?}: {:?}",
        ready.reason,
        ready.message
    );
    pool.patch(
        "StratumPort",
        "mixed",
        json!({"spec": {"sharechain": "main"}}),
    )
    .await?;
    let ready = until("another reason than the algorithm", SOON, async || {
        let ready = pool.condition("StratumPort", "mixed", "Ready").await?;
        Ok(ready.filter(|ready| !ready.message.contains("sha256d")))
    })
    .await?;
    ensure!(
        ready.reason != "InvalidSpec",
        "it still says {:?}",
        ready.message
    );
    pool.delete("StratumPort", "mixed").await?;
    pool.delete("Sharechain", "sha").await
}

async fn a_pool_names_the_secret_that_is_missing(pool: &Pool) -> anyhow::Result<()> {
    let condition = pool
        .wait_condition("Pool", "pool", "ReferencesResolved", "False", SOON)
        .await?;
    ensure!(
        condition.message.contains("not-there"),
        "it says {:?}: {:?}",
        condition.reason,
        condition.message
    );
    Ok(())
}

async fn a_port_names_a_certificate_that_is_missing(pool: &Pool) -> anyhow::Result<()> {
    let port = json!({
        "apiVersion": "ngpool.io/v1alpha1",
        "kind": "StratumPort",
        "metadata": {"name": "tls"},
        "spec": {
            "port": 3402,
            "currency": "litecoin",
            "sharechain": "main",
            "tls": {"secretName": "no-certificate"},
        },
    });
    says_and_is_put_right(
        pool,
        &port,
        "no-certificate",
        json!({"spec": {"tls": null}}),
    )
    .await
}

/// The object says what it misses; after the change nothing is missing, and it is deleted.
async fn says_and_is_put_right(
    pool: &Pool,
    object: &Value,
    named: &str,
    change: Value,
) -> anyhow::Result<()> {
    broken(pool, object, named).await?;
    let (kind, name) = (text(&object["kind"]), text(&object["metadata"]["name"]));
    pool.patch(kind, name, change).await?;
    pool.wait_condition(kind, name, "ReferencesResolved", "True", SOON)
        .await?;
    pool.delete(kind, name).await
}

async fn broken(pool: &Pool, object: &Value, named: &str) -> anyhow::Result<()> {
    let (kind, name) = (text(&object["kind"]), text(&object["metadata"]["name"]));
    pool.apply(std::slice::from_ref(object)).await?;
    let condition = pool
        .wait_condition(kind, name, "ReferencesResolved", "False", SOON)
        .await?;
    ensure!(
        condition.message.contains(named) && !condition.reason.is_empty(),
        "{kind} {name} says {:?}: {:?}",
        condition.reason,
        condition.message
    );
    let ready = pool
        .wait_condition(kind, name, "Ready", "False", SOON)
        .await?;
    ensure!(
        ready.message.contains(named),
        "{kind} {name} is not ready by reason of {:?}",
        ready.message
    );
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
