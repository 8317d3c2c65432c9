//! One run of the tests: the cluster, access to it, and the operator installed in it.

use std::{
    env,
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, bail};
use k8s_openapi::api::core::v1::{Node, Service};
use kube::{Api, Client};
use tokio::{process::Command, sync::Mutex};

use crate::{
    cluster::{self, Cluster},
    images, place,
    prepare::Prepared,
};

/// Namespace and release of the operator.
pub const OPERATOR: &str = "ngpool-system";
/// The longest that the operator may take to be there.
const PATIENCE: Duration = Duration::from_mins(2);

/// What all tests share.
pub struct Session {
    /// Administrator's access.
    pub client: Client,
    kubeconfig: PathBuf,
    prepared: Prepared,
    cluster: Mutex<Option<Cluster>>,
    own: bool,
    folder: PathBuf,
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("kubeconfig", &self.kubeconfig)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Starts a cluster in the namespaces of this process.
    pub async fn own(folder: PathBuf) -> anyhow::Result<Self> {
        let prepared = Prepared::load(&folder)?;
        let cluster = Cluster::start(&folder, &prepared.tools, &prepared.images).await?;
        let kubeconfig = cluster.kubeconfig();
        let client = cluster::client(&kubeconfig).await?;
        Ok(Self {
            client,
            kubeconfig,
            prepared,
            cluster: Mutex::new(Some(cluster)),
            own: true,
            folder,
        })
    }

    /// Uses the cluster of a kubeconfig; the images are there already.
    pub async fn given(
        kubeconfig: PathBuf,
        prepared: Prepared,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            client: cluster::client(&kubeconfig).await?,
            kubeconfig,
            prepared,
            cluster: Mutex::new(None),
            own: false,
            folder,
        })
    }

    /// Whether the cluster is ours, so that its programs may be stopped.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// Our cluster, for who stops parts of it.
    pub async fn cluster(&self) -> tokio::sync::MutexGuard<'_, Option<Cluster>> {
        self.cluster.lock().await
    }

    /// A program of ours as it was built.
    pub fn program(&self, name: &str) -> PathBuf {
        self.prepared.programs.join(name)
    }

    /// A folder for what a test writes.
    pub fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join("tests").join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A program of the cluster's tools, with access to it.
    pub fn tool(&self, program: &str) -> Command {
        let mut command = Command::new(self.prepared.tools.path(program));
        command
            .env("KUBECONFIG", &self.kubeconfig)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs `kubectl` to its end; gives what it wrote.
    pub async fn kubectl<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> anyhow::Result<String> {
        self.run("kubectl", arguments).await
    }

    /// Runs one of the tools to its end; gives what it wrote.
    pub async fn run<A: AsRef<OsStr>>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> anyhow::Result<String> {
        let mut command = self.tool(program);
        command.args(arguments);
        let output = command
            .output()
            .await
            .with_context(|| format!("cannot run {program}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{:?}: {}", command.as_std(), said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Kills a container as a machine without memory would: it is started again with its volumes. Only
    /// in a cluster of our own.
    pub async fn kill_container(&self, id: &str) -> anyhow::Result<()> {
        let id = id.rsplit('/').next().unwrap_or(id);
        let socket = self.folder.join("containerd.sock");
        let mut command = Command::new("ctr");
        command.arg("--address").arg(socket).args([
            "--namespace",
            "k8s.io",
            "tasks",
            "kill",
            "--signal",
            "SIGKILL",
            id,
        ]);
        let output = command.output().await.context("cannot run ctr")?;
        let said = String::from_utf8_lossy(&output.stderr);
        // One that ended by itself just before is as good as killed.
        if !output.status.success() && !said.contains("not found") {
            bail!("ctr: {}", said.trim());
        }
        Ok(())
    }

    /// Installs the chart as a user does.
    pub async fn install(&self, helm: &str) -> anyhow::Result<()> {
        let chart = place::checkout().join("charts/ngpool");
        let mut words = vec![
            "upgrade".to_owned(),
            "--install".to_owned(),
            "ngpool".to_owned(),
            chart.display().to_string(),
            format!("--namespace={OPERATOR}"),
            "--create-namespace".to_owned(),
            "--wait".to_owned(),
            format!("--timeout={}s", PATIENCE.as_secs()),
        ];
        words.extend(image_values());
        self.run(helm, words).await?;
        Ok(())
    }

    /// How the operator is, for people.
    pub async fn operator(&self) -> String {
        let namespace = format!("--namespace={OPERATOR}");
        let mut text = String::new();
        for words in [
            &["get", "pods,events"][..],
            &["logs", "deployment/ngpool-operator", "--tail=30"],
        ] {
            let said = self
                .kubectl(words.iter().chain([&namespace.as_str()]))
                .await;
            text.push_str(&said.unwrap_or_else(|error| format!("{error:#}\n")));
        }
        text
    }

    /// Where a Service is reached from here.
    pub async fn reach(
        &self,
        namespace: &str,
        service: &str,
        port: &str,
    ) -> anyhow::Result<String> {
        let services: Api<Service> = Api::namespaced(self.client.clone(), namespace);
        let spec = services.get(service).await?.spec.unwrap_or_default();
        let ports = spec.ports.unwrap_or_default();
        let port = ports
            .iter()
            .find(|it| it.name.as_deref() == Some(port))
            .with_context(|| format!("service {service} has no port {port}"))?;
        if self.own {
            // kube-proxy's rules hold in the namespace of this process too.
            let address = spec.cluster_ip.context("a Service without an address")?;
            return Ok(format!("{address}:{}", port.port));
        }
        let node_port = port
            .node_port
            .with_context(|| format!("service {service} has no node port"))?;
        let nodes: Api<Node> = Api::all(self.client.clone());
        let nodes = nodes.list(&kube::api::ListParams::default()).await?;
        let address = nodes
            .iter()
            .filter_map(|node| node.status.as_ref()?.addresses.as_ref())
            .flatten()
            .find(|address| address.type_ == "InternalIP")
            .context("no node has an address")?;
        Ok(format!("{}:{node_port}", address.address))
    }
}

/// Values that make the chart use the images made here.
pub fn image_values() -> Vec<String> {
    let (repository, tag) = images::PROGRAMS
        .rsplit_once(':')
        .unwrap_or((images::PROGRAMS, images::TAG));
    [
        format!("image.repository={repository}"),
        format!("image.tag={tag}"),
        format!("nodes={}", images::NODES),
        format!("postgresImage={}", images::POSTGRES),
    ]
    .into_iter()
    .flat_map(|value| ["--set".to_owned(), value])
    .collect()
}

/// The kubeconfig that the user names.
pub fn named_kubeconfig() -> Option<PathBuf> {
    env::var_os("KUBECONFIG")
        .filter(|named| !named.is_empty())
        .map(|named| Path::new(&named).to_owned())
}
