//! What all pods have in common: a place for their document, no token, no privilege.

use std::collections::BTreeMap;

use k8s_openapi::{
    DeepMerge,
    api::core::v1::{
        Capabilities, ConfigMap, ConfigMapVolumeSource, Container, ContainerPort,
        EmptyDirVolumeSource, EnvVar, HTTPGetAction, KeyToPath, LocalObjectReference,
        PersistentVolumeClaim, PersistentVolumeClaimSpec, PodSecurityContext, PodSpec,
        PodTemplateSpec, Probe, ResourceRequirements, SeccompProfile, SecretVolumeSource,
        SecurityContext, Service, ServicePort, ServiceSpec, TypedObjectReference, Volume,
        VolumeMount, VolumeResourceRequirements,
    },
    apimachinery::pkg::{
        api::resource::Quantity, apis::meta::v1::ObjectMeta, util::intstr::IntOrString,
    },
};
use ngpool_crds::kinds::{ImagePullPolicy, PodSettings, Storage};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Images, Setting};
use crate::names::Part;

/// Key of a document in its ConfigMap.
pub const DOCUMENT_KEY: &str = "document.json";
/// Where everything is mounted; `ngpool_crds::Cluster` says the same to the programs.
const MOUNTS: &str = "/etc/ngpool";
/// User and group of every program: nobody's on any node.
const USER: i64 = 65_532;
/// Port of gRPC in every pod.
pub(super) const GRPC_PORT: u16 = 4000;
/// Port of health and metrics in every pod.
pub(super) const ADMIN_PORT: u16 = 9000;
/// Annotation whose change makes pods roll.
const ROLL: &str = "ngpool.io/roll";

/// Volumes of a pod and where its main container sees them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mounts {
    /// The volumes.
    pub volumes: Vec<Volume>,
    /// Their places.
    pub mounts: Vec<VolumeMount>,
}

impl Mounts {
    /// The document of the program and a place for temporary files.
    pub(super) fn with_document(part: Part<'_>) -> Self {
        let mut mounts = Self::default();
        mounts.add(
            "document",
            &format!("{MOUNTS}/document"),
            Volume {
                config_map: Some(ConfigMapVolumeSource {
                    name: part.own("document"),
                    ..ConfigMapVolumeSource::default()
                }),
                ..Volume::default()
            },
        );
        mounts.add("tmp", "/tmp", empty_dir("64Mi"));
        mounts
    }

    /// Certificates of the gRPC side.
    pub(super) fn tls(mut self, part: Part<'_>) -> Self {
        self.secret("tls", &format!("{MOUNTS}/tls"), part.own("tls"));
        self
    }

    /// The database URL of a role.
    pub(super) fn database(mut self, role: &str) -> Self {
        let secret = format!("pool-database-{role}");
        self.secret("database", &format!("{MOUNTS}/database"), secret);
        self
    }

    /// Secrets that the documents name, each under its own name.
    pub(super) fn secrets<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        for (place, name) in names.into_iter().enumerate() {
            let volume = format!("secret-{place}");
            self.secret(
                &volume,
                &format!("{MOUNTS}/secrets/{name}"),
                name.to_owned(),
            );
        }
        self
    }

    pub(super) fn secret(&mut self, volume: &str, path: &str, secret: String) {
        let source = Volume {
            secret: Some(SecretVolumeSource {
                secret_name: Some(secret),
                // Readable by the group that fsGroup sets, by nobody else.
                default_mode: Some(0o440),
                ..SecretVolumeSource::default()
            }),
            ..Volume::default()
        };
        self.add(volume, path, source);
    }

    pub(super) fn add(&mut self, name: &str, path: &str, volume: Volume) {
        let is_file = volume.config_map.is_some() || volume.secret.is_some();
        self.volumes.push(Volume {
            name: name.to_owned(),
            ..volume
        });
        self.mounts.push(VolumeMount {
            name: name.to_owned(),
            mount_path: path.to_owned(),
            read_only: is_file.then_some(true),
            ..VolumeMount::default()
        });
    }
}

/// A volume that lives as long as its pod.
pub(super) fn empty_dir(limit: &str) -> Volume {
    Volume {
        empty_dir: Some(EmptyDirVolumeSource {
            size_limit: Some(Quantity(limit.to_owned())),
            ..EmptyDirVolumeSource::default()
        }),
        ..Volume::default()
    }
}

/// One key of a ConfigMap or Secret as a file.
pub(super) fn item(key: &str) -> Vec<KeyToPath> {
    vec![KeyToPath {
        key: key.to_owned(),
        path: key.to_owned(),
        mode: None,
    }]
}

/// The document of a program as a ConfigMap.
pub(super) fn document<D: Serialize>(setting: &Setting, part: Part<'_>, document: &D) -> ConfigMap {
    let text = document_text(document);
    ConfigMap {
        metadata: setting.owner.metadata_named(part, part.own("document")),
        data: Some(BTreeMap::from([(DOCUMENT_KEY.to_owned(), text)])),
        ..ConfigMap::default()
    }
}

/// Documents are made of structs with text keys: they always are JSON.
fn document_text<D: Serialize>(document: &D) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

/// A program of ours in its pod.
pub(super) struct Program<'a> {
    /// Its binary, such as `ngledger`.
    pub(super) binary: &'a str,
    /// Arguments after `--document`.
    pub(super) arguments: Vec<String>,
    /// Ports beside those of health and metrics.
    pub(super) ports: Vec<(&'a str, u16)>,
    /// Whether it serves health: jobs do not.
    pub(super) serves: bool,
    /// What it gets when nothing else is said.
    pub(super) resources: ResourceRequirements,
}

/// The container of a program.
pub(super) fn container(images: &Images, program: Program<'_>, mounts: &Mounts) -> Container {
    let mut arguments = vec![
        "--document".to_owned(),
        format!("{MOUNTS}/document/{DOCUMENT_KEY}"),
    ];
    arguments.splice(0..0, program.arguments);
    let mut ports: Vec<ContainerPort> = program
        .ports
        .iter()
        .map(|(name, port)| container_port(name, *port))
        .collect();
    if program.serves {
        ports.push(container_port("admin", ADMIN_PORT));
    }
    Container {
        name: program.binary.to_owned(),
        image: Some(images.programs.clone()),
        image_pull_policy: Some(pull_policy(images.pull_policy).to_owned()),
        command: Some(vec![program.binary.to_owned()]),
        args: Some(arguments),
        ports: (!ports.is_empty()).then_some(ports),
        resources: Some(program.resources),
        security_context: Some(container_security()),
        volume_mounts: Some(mounts.mounts.clone()),
        // Never a health of others: a program that waits for its database is not restarted.
        liveness_probe: program.serves.then(|| probe("/healthz", 10, 6)),
        readiness_probe: program.serves.then(|| probe("/readyz", 2, 2)),
        startup_probe: program.serves.then(|| probe("/healthz", 1, 60)),
        ..Container::default()
    }
}

pub(super) fn container_port(name: &str, port: u16) -> ContainerPort {
    ContainerPort {
        name: Some(name.to_owned()),
        container_port: i32::from(port),
        ..ContainerPort::default()
    }
}

fn probe(path: &str, period: i32, failures: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.to_owned()),
            port: IntOrString::String("admin".to_owned()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(period),
        failure_threshold: Some(failures),
        timeout_seconds: Some(3),
        ..Probe::default()
    }
}

/// What the Pod Security standard `restricted` asks of a container, and a root that is read only.
pub(super) fn container_security() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            drop: Some(vec!["ALL".to_owned()]),
            add: None,
        }),
        read_only_root_filesystem: Some(true),
        ..SecurityContext::default()
    }
}

pub(super) const fn pull_policy(policy: ImagePullPolicy) -> &'static str {
    match policy {
        ImagePullPolicy::Always => "Always",
        ImagePullPolicy::IfNotPresent => "IfNotPresent",
        ImagePullPolicy::Never => "Never",
    }
}

/// Requests and a limit of memory. No limit of processor time: it would only make a busy pool slow.
pub(super) fn resources(cpu: &str, memory: &str, memory_limit: &str) -> ResourceRequirements {
    let quantity = |text: &str| Quantity(text.to_owned());
    ResourceRequirements {
        requests: Some(BTreeMap::from([
            ("cpu".to_owned(), quantity(cpu)),
            ("memory".to_owned(), quantity(memory)),
        ])),
        limits: Some(BTreeMap::from([(
            "memory".to_owned(),
            quantity(memory_limit),
        )])),
        claims: None,
    }
}

/// A pod's template, and the object's own `pod` block merged over it last.
pub(super) fn template(
    setting: &Setting,
    part: Part<'_>,
    mut spec: PodSpec,
    pod: &PodSettings,
    roll: &[&[u8]],
) -> PodTemplateSpec {
    if let (Some(own), Some(main)) = (&pod.resources, spec.containers.first_mut()) {
        main.resources = Some(own.clone());
    }
    spec.automount_service_account_token = Some(false);
    spec.enable_service_links = Some(false);
    spec.security_context.merge_from(Some(PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(USER),
        run_as_group: Some(USER),
        fs_group: Some(USER),
        // A volume of a large chain would else be walked through at every start.
        fs_group_change_policy: Some("OnRootMismatch".to_owned()),
        seccomp_profile: Some(SeccompProfile {
            type_: "RuntimeDefault".to_owned(),
            localhost_profile: None,
        }),
        ..PodSecurityContext::default()
    }));
    let pull: Vec<_> = setting
        .images
        .pull_secrets
        .iter()
        .map(|name| LocalObjectReference { name: name.clone() })
        .collect();
    if !pull.is_empty() {
        spec.image_pull_secrets = Some(pull);
    }
    let mut annotations = BTreeMap::new();
    if !roll.is_empty() {
        annotations.insert(ROLL.to_owned(), digest(roll));
    }
    let mut template = PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(part.labels(&setting.owner.version)),
            annotations: (!annotations.is_empty()).then_some(annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(spec),
    };
    // The API server refuses a template that is none, with words of its own.
    let own = pod
        .template
        .clone()
        .and_then(|own| serde_json::from_value::<PodTemplateSpec>(own).ok());
    if let Some(own) = own {
        template.merge_from(own);
    }
    template
}

/// A short digest of what must make pods roll when it changes.
fn digest(of: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in of {
        // A length in memory fits.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())[..32].to_owned()
}

/// A Service of one program for the pool's own programs.
pub(super) fn grpc_service(setting: &Setting, part: Part<'_>, not_ready_too: bool) -> Service {
    Service {
        metadata: setting.owner.metadata(part),
        spec: Some(ServiceSpec {
            selector: Some(part.selector_labels()),
            ports: Some(vec![ServicePort {
                name: Some("grpc".to_owned()),
                port: i32::from(GRPC_PORT),
                target_port: Some(IntOrString::String("grpc".to_owned())),
                app_protocol: Some("kubernetes.io/h2c".to_owned()),
                ..ServicePort::default()
            }]),
            // A node that syncs must be able to say so.
            publish_not_ready_addresses: not_ready_too.then_some(true),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

/// A claim by the words of a `storage` block.
pub(super) fn claim_spec(storage: Option<&Storage>, built_in: &str) -> PersistentVolumeClaimSpec {
    let size = storage.map_or_else(|| built_in.to_owned(), |storage| storage.size.to_string());
    PersistentVolumeClaimSpec {
        access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
        resources: Some(VolumeResourceRequirements {
            requests: Some(BTreeMap::from([("storage".to_owned(), Quantity(size))])),
            limits: None,
        }),
        storage_class_name: storage
            .and_then(|storage| storage.storage_class_name.as_ref())
            .map(ToString::to_string),
        data_source_ref: storage
            .and_then(|storage| storage.data_source_ref.as_ref())
            .map(|source| TypedObjectReference {
                api_group: source.api_group.as_ref().map(ToString::to_string),
                kind: source.kind.clone(),
                name: source.name.to_string(),
                // Never another namespace.
                namespace: None,
            }),
        ..PersistentVolumeClaimSpec::default()
    }
}

/// A claim that stays when its object goes.
pub(super) fn claim(
    setting: &Setting,
    part: Part<'_>,
    storage: Option<&Storage>,
    built_in: &str,
) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: setting.owner.lasting().metadata(part),
        spec: Some(claim_spec(storage, built_in)),
        ..PersistentVolumeClaim::default()
    }
}

/// An environment variable.
pub(super) fn variable(name: &str, value: &str) -> EnvVar {
    EnvVar {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        value_from: None,
    }
}
