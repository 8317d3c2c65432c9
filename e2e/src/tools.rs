//! The programs of a cluster: built by `scripts/cluster-tools`, once per version.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::place;

/// Programs that Debian packages, beside those built here.
const SYSTEM: [(&str, &str); 9] = [
    ("containerd", "containerd"),
    ("ctr", "containerd"),
    ("runc", "runc"),
    ("mmdebstrap", "mmdebstrap"),
    ("busybox", "busybox-static"),
    ("iptables", "iptables"),
    ("conntrack", "conntrack"),
    ("ip", "iproute2"),
    ("mount", "mount"),
];
/// Programs built here: those that a cluster and its tests run.
const BUILT: [&str; 8] = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
    "coredns",
];
/// Where Debian puts the plugins of the Container Network Interface.
pub const CNI_PLUGINS: &str = "/usr/lib/cni";

/// A folder with every program of a cluster.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tools(PathBuf);

impl Tools {
    /// Builds what is missing: minutes the first time.
    pub fn obtain() -> anyhow::Result<Self> {
        let missing: Vec<_> = SYSTEM
            .iter()
            .filter(|(program, _)| find(program).is_none())
            .map(|(_, package)| *package)
            .chain(
                (!Path::new(CNI_PLUGINS).join("bridge").exists())
                    .then_some("containernetworking-plugins"),
            )
            .collect();
        if !missing.is_empty() {
            bail!("missing here: apt-get install {}", missing.join(" "));
        }
        let script = place::checkout().join("scripts/cluster-tools");
        let output = Command::new(&script)
            .args(BUILT)
            .env("NGPOOL_CACHE", place::cache()?)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot run {}", script.display()))?;
        if !output.status.success() {
            bail!("{} failed", script.display());
        }
        let folder = String::from_utf8(output.stdout)?;
        Ok(Self(folder.trim().into()))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The folder of an earlier [`Tools::obtain`].
    pub const fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The path of one, such as `kubectl`.
    pub fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }
}

fn find(program: &str) -> Option<PathBuf> {
    // Administrators' programs are not on everybody's path.
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
