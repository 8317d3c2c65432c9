//! Where things are: the checkout, the cache beside it, and what a running cluster leaves there.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// The checkout that this was built from.
pub fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// What is made once and outlives the checkout: `NGPOOL_CACHE`, or the user's cache folder.
pub fn cache() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("NGPOOL_CACHE") {
        return Ok(named.into());
    }
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = base
        .or_else(home)
        .context("neither HOME nor NGPOOL_CACHE says where the cache is")?;
    Ok(base.join("ngpool"))
}

/// The folder of a cluster by name: data, logs and its kubeconfig.
pub fn cluster(name: &str) -> anyhow::Result<PathBuf> {
    Ok(cache()?.join("run").join(name))
}

/// The same folder, emptied; refuses while a cluster of that name runs.
pub fn fresh(name: &str) -> anyhow::Result<PathBuf> {
    let folder = cluster(name)?;
    if let Some(pid) = running(name)? {
        anyhow::bail!("a cluster called {name} is running (process {pid}); choose another --name");
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The first process of a cluster that runs, as seen from outside.
pub fn running(name: &str) -> anyhow::Result<Option<i32>> {
    let Ok(pid) = std::fs::read_to_string(cluster(name)?.join("pid")) else {
        return Ok(None);
    };
    let pid: i32 = pid.trim().parse().context("the file `pid` is no number")?;
    // The number may belong to somebody else by now.
    let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    Ok(command
        .contains("e2e")
        .then_some(pid)
        .or_else(|| command.contains("/cluster-").then_some(pid)))
}

/// Removes what a cluster that has ended kept, gigabytes; its logs and what tests wrote stay.
pub fn tidy(name: &str) -> anyhow::Result<()> {
    let folder = cluster(name)?;
    for data in [
        "containerd",
        "containerd-state",
        "etcd",
        "kubelet",
        "pod-logs",
        "volumes",
    ] {
        let _absent_already = std::fs::remove_dir_all(folder.join(data));
    }
    Ok(())
}
