//! What `kubectl ngpool` tells of a pool that is mined on.

use anyhow::{Context, ensure};
use ngpool_e2e::pool::Pool;
use serde_json::Value;

/// What the plugin writes, and whether its exit code says that all is well.
async fn plugin<const N: usize>(pool: &Pool, words: [&str; N]) -> anyhow::Result<(bool, String)> {
    let program = pool.session.program("ngpool");
    let program = program.to_str().context("a folder that is not text")?;
    // A path that is whole stays what it is: this one is none of the cluster's tools.
    let output = pool
        .session
        .tool(program)
        .args(words)
        .args(["--namespace", &pool.namespace])
        .output()
        .await?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok((output.status.success(), text))
}

/// The object of a tree with this name.
fn find<'a>(items: &'a Value, object: &str) -> Option<&'a Value> {
    items.as_array()?.iter().find_map(|item| {
        if item["object"] == object {
            return Some(item);
        }
        find(&item["items"], object)
    })
}

/// `status` is a tree with live figures; `payouts`, `config` and `logs` answer.
pub(crate) async fn the_plugin_tells_a_pool_as_it_is(pool: &Pool) -> anyhow::Result<()> {
    let (_, text) = plugin(pool, ["status", "-o", "json"]).await?;
    let answer: Value = serde_json::from_str(&text).with_context(|| text.clone())?;
    ensure!(answer["live"] == true, "without live figures: {text}");
    let port = find(&answer["items"], "StratumPort/main").with_context(|| text.clone())?;
    ensure!(port["state"] == "ready", "{text}");
    let details = port["details"].to_string();
    ensure!(details.contains("connection"), "{details}");

    let (_, text) = plugin(pool, ["payouts"]).await?;
    ensure!(text.contains("CURRENCY") && text.contains("RLTC"), "{text}");
    let (done, text) = plugin(pool, ["config", "sp/main"]).await?;
    ensure!(
        done && text.contains("spec.vardiff.sharesPerMinute"),
        "{text}"
    );
    let (done, text) = plugin(pool, ["logs", "shc/main", "--tail", "5"]).await?;
    ensure!(done && text.contains("/ngledger] "), "{text}");
    Ok(())
}
