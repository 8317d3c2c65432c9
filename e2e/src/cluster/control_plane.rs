//! etcd, the API server, the controllers and the scheduler.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use ngpool_testkit::Process;
use nix::sys::signal::Signal;
use tokio::time::timeout;

use super::{PATIENCE, programs::Programs};
use crate::sandbox::NODE_ADDRESS;

/// The control plane's processes.
#[derive(Debug)]
pub(super) struct ControlPlane {
    _etcd: Process,
    api_server: Option<Process>,
    _others: [Process; 2],
}

impl ControlPlane {
    pub(super) async fn start(programs: &Programs, folder: &Path) -> anyhow::Result<Self> {
        let etcd = programs.start(
            "etcd",
            [
                format!("--data-dir={}", folder.join("etcd").display()),
                "--listen-client-urls=http://127.0.0.1:2379".to_owned(),
                "--advertise-client-urls=http://127.0.0.1:2379".to_owned(),
                "--listen-peer-urls=http://127.0.0.1:2380".to_owned(),
                // It never outlives the machine.
                "--unsafe-no-fsync".to_owned(),
            ],
        )?;
        let api_server = api_server(programs, folder)?;
        let pki = |name: &str| folder.join("pki").join(name).display().to_string();
        let controllers = programs.start(
            "kube-controller-manager",
            [
                format!("--kubeconfig={}", pki("controller-manager.kubeconfig")),
                format!("--service-account-private-key-file={}", pki("accounts.key")),
                format!("--root-ca-file={}", pki("ca.crt")),
                format!("--cluster-signing-cert-file={}", pki("ca.crt")),
                format!("--cluster-signing-key-file={}", pki("ca.key")),
                "--use-service-account-credentials".to_owned(),
                "--allocate-node-cidrs".to_owned(),
                "--cluster-cidr=10.244.0.0/16".to_owned(),
                "--leader-elect=false".to_owned(),
            ],
        )?;
        let scheduler = programs.start(
            "kube-scheduler",
            [
                format!("--kubeconfig={}", pki("scheduler.kubeconfig")),
                "--leader-elect=false".to_owned(),
            ],
        )?;
        let this = Self {
            _etcd: etcd,
            api_server: Some(api_server),
            _others: [controllers, scheduler],
        };
        this.ready(programs, folder).await?;
        Ok(this)
    }

    pub(super) async fn stop_api_server(&mut self) {
        if let Some(server) = self.api_server.take() {
            let _gone_already = server.signal(Signal::SIGKILL);
            server.wait().await;
        }
    }

    pub(super) async fn start_api_server(
        &mut self,
        programs: &Programs,
        folder: &Path,
    ) -> anyhow::Result<()> {
        self.api_server = Some(api_server(programs, folder)?);
        self.ready(programs, folder).await
    }

    async fn ready(&self, programs: &Programs, folder: &Path) -> anyhow::Result<()> {
        let config = super::kubeconfig(folder);
        let ready = async {
            loop {
                let alive = self.api_server.as_ref().is_some_and(Process::is_running);
                if !alive {
                    bail!("the API server ended: {}", programs.tail("kube-apiserver"));
                }
                let arguments = [
                    format!("--kubeconfig={}", config.display()),
                    "get".to_owned(),
                    "--raw=/readyz".to_owned(),
                ];
                if programs.run("kubectl", arguments).await.is_ok() {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(PATIENCE, ready).await.with_context(|| {
            format!(
                "the API server is not ready: {}",
                programs.tail("kube-apiserver")
            )
        })?
    }
}

fn api_server(programs: &Programs, folder: &Path) -> anyhow::Result<Process> {
    let pki = |name: &str| folder.join("pki").join(name).display().to_string();
    programs.start(
        "kube-apiserver",
        [
            "--etcd-servers=http://127.0.0.1:2379".to_owned(),
            "--secure-port=6443".to_owned(),
            format!("--advertise-address={NODE_ADDRESS}"),
            format!("--tls-cert-file={}", pki("api-server.crt")),
            format!("--tls-private-key-file={}", pki("api-server.key")),
            format!("--client-ca-file={}", pki("ca.crt")),
            format!("--service-account-key-file={}", pki("accounts.pub")),
            format!("--service-account-signing-key-file={}", pki("accounts.key")),
            "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
            "--authorization-mode=Node,RBAC".to_owned(),
            "--enable-admission-plugins=NodeRestriction".to_owned(),
            "--allow-privileged".to_owned(),
            "--service-cluster-ip-range=10.96.0.0/16".to_owned(),
            format!(
                "--requestheader-client-ca-file={}",
                pki("front-proxy-ca.crt")
            ),
            "--requestheader-allowed-names=front-proxy-client".to_owned(),
            "--requestheader-username-headers=X-Remote-User".to_owned(),
            "--requestheader-group-headers=X-Remote-Group".to_owned(),
            "--requestheader-extra-headers-prefix=X-Remote-Extra-".to_owned(),
            format!("--proxy-client-cert-file={}", pki("front-proxy-client.crt")),
            format!("--proxy-client-key-file={}", pki("front-proxy-client.key")),
            format!(
                "--kubelet-client-certificate={}",
                pki("api-server-kubelet.crt")
            ),
            format!("--kubelet-client-key={}", pki("api-server-kubelet.key")),
            "--kubelet-preferred-address-types=InternalIP".to_owned(),
        ],
    )
}
