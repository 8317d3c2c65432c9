//! What has to be there before a cluster starts: it needs the network, which is not there inside.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::{
    images::{self, Image},
    place,
    tools::Tools,
};

/// Tools, images and our own programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Prepared {
    /// Programs of a cluster.
    pub tools: Tools,
    /// Images to load.
    pub images: Vec<Image>,
    /// Folder of our own programs as they were built, such as `ngpool` and `ngsign`.
    pub programs: PathBuf,
}

/// Builds whatever is missing.
pub fn all() -> anyhow::Result<Prepared> {
    let tools = Tools::obtain()?;
    let programs = programs()?;
    let images = images::make(&tools, &programs)?;
    Ok(Prepared {
        tools,
        images,
        programs,
    })
}

impl Prepared {
    /// Leaves word for the process inside.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        fs::write(folder.join("prepared.json"), serde_json::to_string(self)?)?;
        Ok(())
    }

    /// What was left.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("prepared.json");
        let text =
            fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// With a test among the targets: the libraries are then built as they are for all tests, once.
const BUILD: [&str; 8] = [
    "build",
    "--locked",
    "--workspace",
    "--bins",
    "--test",
    "cluster",
    "--features",
    "ngpool-e2e/cluster",
];

/// Our programs: `NGPOOL_E2E_PROGRAMS` names a folder with them, else they are built.
fn programs() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("NGPOOL_E2E_PROGRAMS") {
        return Ok(named.into());
    }
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(BUILD)
        .current_dir(place::checkout())
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("our programs do not build");
    }
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| place::checkout().join("target"), PathBuf::from);
    Ok(target.join("debug"))
}
