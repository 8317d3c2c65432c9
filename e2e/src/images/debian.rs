//! A layer that is a small Debian with some packages.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::layer::{Made, forget_others};

const SUITE: &str = "bookworm";
/// What nobody reads in a container; licences stay.
const LEFT_OUT: [&str; 5] = [
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",
];
/// The user of Docker's own image of PostgreSQL, and no cluster at installation.
pub(super) const POSTGRES_USER: &str = r#"mkdir -p "$1/etc/postgresql-common" &&
echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf" &&
echo "postgres:x:999:" >> "$1/etc/group" &&
echo "postgres:x:999:999::/var/lib/postgresql:/bin/sh" >> "$1/etc/passwd""#;

/// A system.
pub(super) struct System<'a> {
    /// For the name of its file.
    pub(super) name: &'a str,
    /// Packages beside the essential ones.
    pub(super) packages: &'a [&'a str],
    /// Shell commands before they are installed; `$1` is the root.
    pub(super) hook: &'a str,
}

impl System<'_> {
    /// Makes it with mmdebstrap, unless it is there.
    pub(super) fn make(&self, folder: &Path) -> anyhow::Result<Made> {
        let mut recipe = Sha256::new();
        recipe.update(format!(
            "{SUITE} {:?} {:?} {LEFT_OUT:?}",
            self.packages, self.hook
        ));
        let recipe = hex::encode(recipe.finalize());
        let tar = folder.join(format!("{}-{}.tar", self.name, &recipe[..12]));
        if !tar.exists() {
            let began = Instant::now();
            let unfinished = tar.with_extension("new");
            let mut command = Command::new("mmdebstrap");
            command
                .args(["--quiet", "--variant=minbase", "--format=tar"])
                .args(LEFT_OUT.map(|option| format!("--dpkgopt={option}")))
                .arg(format!("--include={}", self.packages.join(",")));
            if !self.hook.is_empty() {
                command.arg(format!("--essential-hook={}", self.hook));
            }
            let output = command
                .arg(SUITE)
                .arg(&unfinished)
                .output()
                .context("cannot run mmdebstrap")?;
            if !output.status.success() {
                bail!(
                    "mmdebstrap {}: {}",
                    self.name,
                    String::from_utf8_lossy(&output.stderr)
                );
            }
            std::fs::rename(&unfinished, &tar)?;
            forget_others(folder, self.name, &tar)?;
            eprintln!(
                "== {} of {SUITE}: {} s",
                self.name,
                began.elapsed().as_secs()
            );
        }
        Made::of(tar)
    }
}
