//! A Coinserver: a daemon with `ngcoinserver` beside it, or `ngcoinserver` alone for one that runs
//! elsewhere.

use std::{collections::BTreeMap, path::Path};

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec},
        core::v1::{
            Affinity, ConfigMap, ConfigMapVolumeSource, Container,
            PersistentVolumeClaimVolumeSource, PodAffinityTerm, PodAntiAffinity, PodSpec,
            ResourceRequirements, Service, ServicePort, Volume, VolumeMount,
            WeightedPodAffinityTerm,
        },
    },
    apimachinery::pkg::util::intstr::IntOrString,
};
use ngpool_crds::{DaemonPod, Kind, kinds::PodSettings};
use ngpool_settings::{CoinserverSettings, ConfigurationError, Credentials};

use super::{
    Children, Setting,
    currency::{CURRENCY_LABEL, nodes_selector},
    network_policy::{self, Arrow},
    pod,
    sharechain::recreate,
};
use crate::names::Part;

/// Key of the daemon's configuration in its ConfigMap.
const CONFIGURATION: &str = "daemon.conf";
/// Where the daemon sees its configuration and who may call it.
const DAEMON_DIR: &str = "/etc/ngpool/daemon";
const RPC_DIR: &str = "/etc/ngpool/rpc";
/// Where a Coinserver's volume is mounted; the chain lies in a folder of it.
const VOLUME: &str = "/var/lib/ngpool";
/// Key of the line `rpcauth=…` in a Coinserver's RPC Secret; `credentials` is the other.
pub const RPCAUTH_KEY: &str = "rpcauth.conf";
/// Key of `user:password` there.
pub const CREDENTIALS_KEY: &str = "credentials";

/// What is needed of a Coinserver.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// Its document.
    pub document: &'a CoinserverSettings,
    /// Name of its Currency object.
    pub currency: &'a str,
    /// Its daemon, unless that runs elsewhere.
    pub daemon: Option<&'a DaemonPod>,
    /// Secret with the credentials of a daemon that runs elsewhere.
    pub external_secret: Option<&'a str>,
    /// What is said of its pod.
    pub own: &'a PodSettings,
}

/// What a Coinserver becomes.
pub fn build(setting: &Setting, node: Node<'_>) -> Result<Children, ConfigurationError> {
    let part = Part::of(Kind::Coinserver, &node.document.name);
    let mut mounts = pod::Mounts::with_document(part).tls(part);
    if node.daemon.is_some() {
        mounts.secret("rpc", RPC_DIR, part.own("rpc"));
    }
    let mut mounts = mounts.secrets(node.external_secret);
    let sidecar = pod::Program {
        binary: "ngcoinserver",
        arguments: Vec::new(),
        ports: vec![("grpc", pod::GRPC_PORT)],
        serves: true,
        resources: pod::resources("50m", "64Mi", "512Mi"),
    };
    let program = pod::container(&setting.images, sidecar, &mounts);
    let mut children = Children::default();
    children.config_map(pod::document(setting, part, node.document));
    let mut arrows = vec![Arrow::from_components(
        &["stratumport", "currency-settle", "currency-payout"],
        pod::GRPC_PORT,
    )];
    let mut service = pod::grpc_service(setting, part, true);
    let mut spec = PodSpec {
        containers: vec![program.clone()],
        ..PodSpec::default()
    };
    let mut roll: Vec<Vec<u8>> = Vec::new();
    if let Some(daemon) = node.daemon {
        let credentials = Path::new(RPC_DIR).join(RPCAUTH_KEY);
        let text = daemon.process.configuration(
            Credentials::Include(&credentials),
            daemon.zmq_hashblock.as_deref(),
        )?;
        add_volumes(&mut mounts, part);
        // The daemon comes first: a `pod` block's resources are for what needs them.
        spec.containers = vec![daemon_container(setting, daemon), program];
        spec.init_containers = Some(vec![wait_for_lock(setting, daemon)]);
        spec.affinity = Some(apart(node.currency));
        // The daemon has its time, and who asks it a little more.
        spec.termination_grace_period_seconds = i64::try_from(daemon.process.stop_grace_s)
            .ok()
            .map(|grace| grace + 15);
        arrows.push(Arrow::anybody(daemon.process.p2p_port));
        add_port(&mut service, "p2p", daemon.process.p2p_port);
        children
            .claim(pod::claim(
                setting,
                part,
                daemon.storage.as_ref(),
                &daemon.built_in_size,
            ))
            .config_map(ConfigMap {
                metadata: setting.owner.metadata_named(part, part.own("daemon")),
                data: Some(BTreeMap::from([(CONFIGURATION.to_owned(), text.clone())])),
                ..ConfigMap::default()
            });
        // Peers come and go: a new one calls those that are there, and nobody restarts for it.
        let lasting: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("addnode="))
            .collect();
        roll.push(lasting.join("\n").into_bytes());
    }
    spec.volumes = Some(mounts.volumes);
    let roll: Vec<&[u8]> = roll.iter().map(Vec::as_slice).collect();
    let mut template = pod::template(setting, part, spec, node.own, &roll);
    if let Some(labels) = template.metadata.as_mut().and_then(|it| it.labels.as_mut()) {
        labels.insert(CURRENCY_LABEL.to_owned(), node.currency.to_owned());
    }
    let deployment = Deployment {
        metadata: setting.owner.metadata(part),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: part.selector(),
            strategy: Some(recreate()),
            template,
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    };
    children
        .service(service)
        .deployment(deployment)
        .network_policy(network_policy::ingress(setting, part, &arrows));
    Ok(children)
}

fn add_port(service: &mut Service, name: &str, port: u16) {
    let ports = service.spec.as_mut().and_then(|spec| spec.ports.as_mut());
    if let Some(ports) = ports {
        ports.push(ServicePort {
            name: Some(name.to_owned()),
            port: i32::from(port),
            target_port: Some(IntOrString::String(name.to_owned())),
            ..ServicePort::default()
        });
    }
}

/// Volumes that only the daemon mounts.
fn add_volumes(mounts: &mut pod::Mounts, part: Part<'_>) {
    mounts.volumes.push(Volume {
        name: "daemon".to_owned(),
        config_map: Some(ConfigMapVolumeSource {
            name: part.own("daemon"),
            items: Some(pod::item(CONFIGURATION)),
            ..ConfigMapVolumeSource::default()
        }),
        ..Volume::default()
    });
    mounts.volumes.push(Volume {
        name: "chain".to_owned(),
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: part.child(),
            read_only: None,
        }),
        ..Volume::default()
    });
}

fn mount(name: &str, path: &str, read_only: bool) -> VolumeMount {
    VolumeMount {
        name: name.to_owned(),
        mount_path: path.to_owned(),
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    }
}

/// No liveness probe: a daemon that syncs answers late for days, and one that is killed replays.
fn daemon_container(setting: &Setting, daemon: &DaemonPod) -> Container {
    let process = &daemon.process;
    let image = daemon.image.clone().unwrap_or_else(|| {
        format!(
            "{}/{}:{}",
            setting.images.nodes, process.binary, setting.owner.version
        )
    });
    Container {
        name: "daemon".to_owned(),
        image: Some(image),
        image_pull_policy: Some(pod::pull_policy(setting.images.pull_policy).to_owned()),
        command: Some(vec![process.binary.clone()]),
        args: Some(vec![
            format!("-conf={DAEMON_DIR}/{CONFIGURATION}"),
            format!("-datadir={}", process.data_dir.display()),
            format!("-port={}", process.p2p_port),
            format!("-rpcport={}", process.rpc_port),
            // `kubectl logs` is where people look, and the volume is for the chain.
            "-printtoconsole=1".to_owned(),
            "-nodebuglogfile".to_owned(),
        ]),
        ports: Some(vec![pod::container_port("p2p", process.p2p_port)]),
        resources: Some(daemon_resources(&process.chain)),
        security_context: Some(pod::container_security()),
        volume_mounts: Some(vec![
            mount("daemon", DAEMON_DIR, true),
            mount("rpc", RPC_DIR, true),
            mount("chain", VOLUME, false),
            mount("tmp", "/tmp", false),
        ]),
        ..Container::default()
    }
}

/// What a daemon gets when nothing else is said. A private chain is some hundred small blocks, and several
/// pools on one have to fit a laptop.
fn daemon_resources(chain: &str) -> ResourceRequirements {
    if chain == "regtest" {
        pod::resources("50m", "128Mi", "2Gi")
    } else {
        pod::resources("500m", "1Gi", "8Gi")
    }
}

/// A deleted pod runs beside its successor while it ends: the data directory has one user at a time.
/// It also makes the directory, which the daemon wants to find.
fn wait_for_lock(setting: &Setting, daemon: &DaemonPod) -> Container {
    Container {
        name: "wait-for-lock".to_owned(),
        image: Some(setting.images.programs.clone()),
        image_pull_policy: Some(pod::pull_policy(setting.images.pull_policy).to_owned()),
        command: Some(vec!["ngcoinserver".to_owned()]),
        args: Some(vec![
            "wait-for-lock".to_owned(),
            "--data-dir".to_owned(),
            daemon.process.data_dir.display().to_string(),
            "--chain".to_owned(),
            daemon.process.chain.clone(),
        ]),
        resources: Some(pod::resources("10m", "16Mi", "64Mi")),
        security_context: Some(pod::container_security()),
        volume_mounts: Some(vec![mount("chain", VOLUME, false)]),
        ..Container::default()
    }
}

/// Nodes of one currency on machines of their own where there are enough.
fn apart(currency: &str) -> Affinity {
    Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![
                WeightedPodAffinityTerm {
                    weight: 100,
                    pod_affinity_term: PodAffinityTerm {
                        label_selector: Some(nodes_selector(currency)),
                        topology_key: "kubernetes.io/hostname".to_owned(),
                        ..PodAffinityTerm::default()
                    },
                },
            ]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    }
}
