//! The node: containerd with the images, the kubelet and the proxy.

use std::{fs, path::Path, time::Duration};

use anyhow::Context;
use ngpool_testkit::Process;
use tokio::time::timeout;

use super::{NODE, PATIENCE, configuration::cgroup, programs::Programs};
use crate::{images::Image, sandbox::NODE_ADDRESS};

/// The node's processes.
#[derive(Debug)]
pub(super) struct Node {
    _containerd: Process,
    others: Vec<Process>,
}

impl Node {
    /// Starts containerd.
    pub(super) async fn runtime(programs: &Programs, folder: &Path) -> anyhow::Result<Self> {
        let containerd = programs.start(
            "containerd",
            [format!(
                "--config={}",
                folder.join("containerd.toml").display()
            )],
        )?;
        let answers = async {
            while ctr(programs, folder, &["version"]).await.is_err() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(PATIENCE, answers).await.with_context(|| {
            format!(
                "containerd does not answer: {}",
                programs.tail("containerd")
            )
        })?;
        Ok(Self {
            _containerd: containerd,
            others: Vec::new(),
        })
    }

    /// Starts the kubelet and the proxy.
    pub(super) fn join(&mut self, programs: &Programs, folder: &Path) -> anyhow::Result<()> {
        make_cgroup(&cgroup(folder))?;
        self.others.push(programs.start(
            "kubelet",
            [
                format!("--config={}", folder.join("kubelet.json").display()),
                format!(
                    "--kubeconfig={}",
                    folder.join("pki/kubelet.kubeconfig").display()
                ),
                format!("--root-dir={}", folder.join("kubelet").display()),
                format!("--hostname-override={NODE}"),
                format!("--node-ip={NODE_ADDRESS}"),
            ],
        )?);
        self.others.push(programs.start(
            "kube-proxy",
            [format!(
                "--config={}",
                folder.join("kube-proxy.json").display()
            )],
        )?);
        Ok(())
    }
}

/// Imports images.
pub(super) async fn load(
    programs: &Programs,
    folder: &Path,
    images: &[Image],
) -> anyhow::Result<()> {
    for image in images {
        let archive = image.archive.display().to_string();
        ctr(programs, folder, &["images", "import", &archive])
            .await
            .with_context(|| format!("cannot load {}", image.name))?;
    }
    Ok(())
}

async fn ctr(programs: &Programs, folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let socket = folder.join("containerd.sock").display().to_string();
    let all = ["--address", &socket, "--namespace", "k8s.io"];
    let all = all.iter().chain(arguments).map(|&word| word.to_owned());
    programs.run("ctr", all).await
}

/// A cgroup in every hierarchy. Those of version 1 begin without processors and memory nodes.
fn make_cgroup(name: &str) -> anyhow::Result<()> {
    let root = Path::new("/sys/fs/cgroup");
    if root.join("cgroup.controllers").exists() {
        fs::create_dir_all(root.join(&name[1..]))?;
        return Ok(());
    }
    for hierarchy in fs::read_dir(root)? {
        let hierarchy = hierarchy?.path();
        let ours = hierarchy.join(&name[1..]);
        fs::create_dir_all(&ours)
            .with_context(|| format!("cannot make the cgroup {}", ours.display()))?;
        for file in ["cpuset.cpus", "cpuset.mems"] {
            if let Ok(value) = fs::read_to_string(hierarchy.join(file)) {
                fs::write(ours.join(file), value)?;
            }
        }
    }
    Ok(())
}
