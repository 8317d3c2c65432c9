//! A Kubernetes cluster of one node, made of processes.

mod configuration;
mod control_plane;
mod node;
mod pki;
mod programs;
mod volumes;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use kube::Client;
use tokio::time::timeout;

use crate::{
    images::{COREDNS, Image},
    sandbox::{self, NODE_ADDRESS},
    tools::Tools,
};
use control_plane::ControlPlane;
use node::Node;
use programs::Programs;

/// Name of the only node.
pub const NODE: &str = "ngpool";
/// Name of the storage class that is the default.
pub const STORAGE_CLASS: &str = "local";
/// The longest that a step of the start may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running cluster; it ends when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    tools: Tools,
    control_plane: ControlPlane,
    _node: Node,
    _volumes: volumes::Provisioner,
}

impl Cluster {
    /// Starts one in this process's namespaces, with `folder` for all that it writes.
    pub async fn start(folder: &Path, tools: &Tools, images: &[Image]) -> anyhow::Result<Self> {
        let began = Instant::now();
        sandbox::settle()?;
        fs::create_dir_all(folder.join("logs"))?;
        pki::make(&folder.join("pki"))?;
        configuration::write(folder)?;
        let programs = Programs::new(tools, folder);
        let mut node = Node::runtime(&programs, folder).await?;
        let (control_plane, loaded) = tokio::join!(
            ControlPlane::start(&programs, folder),
            node::load(&programs, folder, images)
        );
        let control_plane = control_plane?;
        loaded?;
        node.join(&programs, folder)?;
        let client = client(&kubeconfig(folder)).await?;
        let provisioner = volumes::Provisioner::start(client.clone(), folder.join("volumes"));
        let cluster = Self {
            folder: folder.to_owned(),
            tools: tools.clone(),
            control_plane,
            _node: node,
            _volumes: provisioner,
        };
        cluster
            .add_ons()
            .await
            .context("the add-ons are not ready")?;
        eprintln!("== cluster: {} s", began.elapsed().as_secs());
        Ok(cluster)
    }

    /// Administrator's access.
    pub fn kubeconfig(&self) -> PathBuf {
        kubeconfig(&self.folder)
    }

    /// Stops the API server, keeps it away for a while, and starts it again.
    pub async fn restart_api_server(&mut self, away: Duration) -> anyhow::Result<()> {
        self.stop_api_server().await;
        // The absence itself is what is wanted here.
        tokio::time::sleep(away).await;
        self.start_api_server().await
    }

    /// Stops the API server.
    pub async fn stop_api_server(&mut self) {
        self.control_plane.stop_api_server().await;
    }

    /// Starts it again and waits until it is ready.
    pub async fn start_api_server(&mut self) -> anyhow::Result<()> {
        let programs = Programs::new(&self.tools, &self.folder);
        self.control_plane
            .start_api_server(&programs, &self.folder)
            .await
    }

    async fn add_ons(&self) -> anyhow::Result<()> {
        let manifest = include_str!("../manifests/cluster.yaml")
            .replace("COREDNS_IMAGE", COREDNS)
            .replace("STORAGE_CLASS", STORAGE_CLASS);
        let path = self.folder.join("add-ons.yaml");
        fs::write(&path, manifest)?;
        let programs = Programs::new(&self.tools, &self.folder);
        let config = self.kubeconfig();
        let kubectl = |arguments: Vec<String>| {
            let mut all = vec![format!("--kubeconfig={}", config.display())];
            all.extend(arguments);
            programs.run("kubectl", all)
        };
        kubectl(vec![
            "apply".into(),
            "-f".into(),
            path.display().to_string(),
        ])
        .await?;
        let wait = |what: &str, condition: &str| {
            vec![
                "wait".to_owned(),
                format!("--for={condition}"),
                "--timeout=120s".to_owned(),
                "--namespace=kube-system".to_owned(),
                what.to_owned(),
            ]
        };
        // `wait` does not wait for what is not there yet.
        timeout(PATIENCE, async {
            while kubectl(vec!["get".into(), "node".into(), NODE.into()])
                .await
                .is_err()
            {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        })
        .await
        .context("the node does not register")?;
        kubectl(wait(&format!("node/{NODE}"), "condition=Ready")).await?;
        kubectl(wait("deployment/coredns", "condition=Available")).await?;
        Ok(())
    }
}

fn kubeconfig(folder: &Path) -> PathBuf {
    folder.join("pki/admin.kubeconfig")
}

/// Loads images into the cluster of a folder, under the names that they have.
pub async fn load(folder: &Path, tools: &Tools, images: &[Image]) -> anyhow::Result<()> {
    node::load(&Programs::new(tools, folder), folder, images).await
}

/// A client by a kubeconfig file.
pub async fn client(path: &Path) -> anyhow::Result<Client> {
    let config = kube::config::Kubeconfig::read_from(path)?;
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(config, &options).await?;
    Ok(Client::try_from(config)?)
}

/// Where the API server is, inside.
fn server() -> String {
    format!("https://{NODE_ADDRESS}:6443")
}
