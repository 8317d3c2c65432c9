//! The Pool: the web side, the migration that everything waits for, and the bundled database.

use k8s_openapi::{
    api::{
        apps::v1::{
            Deployment, DeploymentSpec, StatefulSet,
            StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec,
        },
        batch::v1::{Job, JobSpec},
        core::v1::{
            Container, ExecAction, Lifecycle, LifecycleHandler, PersistentVolumeClaim,
            PodSecurityContext, PodSpec, Probe, Service, ServicePort, ServiceSpec, VolumeMount,
        },
    },
    apimachinery::pkg::{apis::meta::v1::ObjectMeta, util::intstr::IntOrString},
};
use ngpool_crds::{
    Kind,
    kinds::{POOL_NAME, PodSettings, Storage, Web},
};
use ngpool_settings::WebSettings;
use sha2::{Digest, Sha256};

use super::{
    Children, Setting,
    network_policy::{self, Arrow},
    pod,
    stratum_port::{disruption_budget, expose, one_more_then_one_less},
};
use crate::names::Part;

/// The Pool's own part.
const POOL: Part<'static> = Part::of(Kind::Pool, POOL_NAME);
/// Roles whose passwords the operator makes, one Secret each.
pub const ROLES: [&str; 3] = ["ledger", "payout", "web"];
/// Key of a role's password in its Secret; the URL is under the role's name.
pub const PASSWORD_KEY: &str = "password";
/// Key of the owner's URL in the Secret of the bundled database.
pub const OWNER_URL_KEY: &str = "url";
/// User of the PostgreSQL images of Docker's library and of Debian's package.
const POSTGRES_USER: i64 = 999;
const POSTGRES_PORT: u16 = 5432;
const POSTGRES_STORAGE: &str = "10Gi";

/// The web side.
pub fn web(setting: &Setting, document: &WebSettings, web: &Web, own: &PodSettings) -> Children {
    let part = POOL.part("web");
    let mut mounts = pod::Mounts::with_document(part).tls(part).database("web");
    match &web.signer_token_secret {
        Some(secret) => mounts = mounts.secrets([&*secret.name]),
        None => mounts.secret(
            "signer-token",
            "/etc/ngpool/signer-token",
            POOL.part("signer-token").child(),
        ),
    }
    let port = document.bind.port();
    let program = pod::Program {
        binary: "ngweb",
        arguments: Vec::new(),
        ports: vec![("http", port), ("grpc", pod::GRPC_PORT)],
        serves: true,
        resources: pod::resources("50m", "64Mi", "512Mi"),
    };
    let spec = PodSpec {
        containers: vec![pod::container(&setting.images, program, &mounts)],
        volumes: Some(mounts.volumes),
        ..PodSpec::default()
    };
    let deployment = Deployment {
        metadata: setting.owner.metadata(part),
        spec: Some(DeploymentSpec {
            replicas: Some(web.replicas.unwrap_or(1)),
            selector: part.selector(),
            strategy: Some(one_more_then_one_less()),
            template: pod::template(setting, part, spec, own, &[]),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    };
    let options = web.service.clone().unwrap_or_default();
    let http = ServicePort {
        name: Some("http".to_owned()),
        port: i32::from(options.port.unwrap_or(port)),
        target_port: Some(IntOrString::String("http".to_owned())),
        app_protocol: Some("http".to_owned()),
        ..ServicePort::default()
    };
    let mut children = Children::default();
    children
        .config_map(pod::document(setting, part, document))
        .service(expose(setting, part, &options, &http))
        .deployment(deployment)
        .disruption_budget(disruption_budget(setting, part))
        .network_policy(network_policy::ingress(
            setting,
            part,
            &[Arrow::anybody(port)],
        ))
        // The migration calls the database and is not called.
        .network_policy(network_policy::only(setting, POOL.part("migrate"), &[]));
    children
}

/// Where the URL of the role that owns the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerUrl {
    /// The Secret.
    pub secret: String,
    /// The key.
    pub key: String,
}

/// The Job that brings the schema up to date and makes the logins. It alone sees the owner's URL. Its
/// name says what it does: another version, another database or other passwords are another Job.
/// `logins` is a digest of the passwords.
pub fn migration(setting: &Setting, owner_url: &OwnerUrl, logins: &str) -> Job {
    let part = POOL.part("migrate");
    let mut hash = Sha256::new();
    for word in [
        setting.images.programs.as_str(),
        &setting.owner.version,
        &owner_url.secret,
        &owner_url.key,
        logins,
    ] {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word);
    }
    let digest = hex::encode(hash.finalize());
    let name = format!("{}-{}", part.child(), digest.get(..10).unwrap_or(&digest));
    let mut mounts = pod::Mounts::default();
    mounts.add("tmp", "/tmp", pod::empty_dir("16Mi"));
    mounts.secret("owner", "/etc/ngpool/owner", owner_url.secret.clone());
    for role in ROLES {
        let secret = role_secret(role);
        mounts.secret(role, &format!("/etc/ngpool/logins/{role}"), secret);
    }
    let container = Container {
        name: "migrate".to_owned(),
        image: Some(setting.images.programs.clone()),
        image_pull_policy: Some(pod::pull_policy(setting.images.pull_policy).to_owned()),
        command: Some(vec!["ngpool".to_owned()]),
        args: Some(vec![
            "migrate".to_owned(),
            "--owner-url-file".to_owned(),
            format!("/etc/ngpool/owner/{}", owner_url.key),
            "--logins".to_owned(),
            "/etc/ngpool/logins".to_owned(),
            // The address of the database, without user and password: the operator may not read the
            // owner's Secret and must know where the programs' URLs lead.
            "--report".to_owned(),
            "/dev/termination-log".to_owned(),
        ]),
        resources: Some(pod::resources("50m", "64Mi", "256Mi")),
        security_context: Some(pod::container_security()),
        volume_mounts: Some(mounts.mounts.clone()),
        ..Container::default()
    };
    let spec = PodSpec {
        containers: vec![container],
        volumes: Some(mounts.volumes),
        restart_policy: Some("OnFailure".to_owned()),
        ..PodSpec::default()
    };
    Job {
        metadata: setting.owner.metadata_named(part, name),
        spec: Some(JobSpec {
            // A database that is not there yet comes: the Job goes on trying, with back-off.
            backoff_limit: Some(1_000),
            template: pod::template(setting, part, spec, &PodSettings::default(), &[]),
            ..JobSpec::default()
        }),
        ..Job::default()
    }
}

/// One PostgreSQL in the Pool's namespace, for trial. Its volume stays when the Pool goes.
pub fn bundled(setting: &Setting, storage: Option<&Storage>) -> Children {
    let part = POOL.part("database");
    let mut mounts = pod::Mounts::default();
    mounts.add("run", "/var/run/postgresql", pod::empty_dir("16Mi"));
    mounts.add("tmp", "/tmp", pod::empty_dir("64Mi"));
    mounts.secret(
        "owner",
        "/etc/ngpool/owner",
        POOL.part("database-owner").child(),
    );
    let mut volume_mounts = mounts.mounts.clone();
    volume_mounts.push(VolumeMount {
        name: "data".to_owned(),
        mount_path: "/var/lib/postgresql/data".to_owned(),
        ..VolumeMount::default()
    });
    let ready = |failures| Probe {
        exec: Some(ExecAction {
            command: Some(
                ["pg_isready", "--host", "127.0.0.1", "--username", "ngpool"]
                    .map(ToOwned::to_owned)
                    .to_vec(),
            ),
        }),
        period_seconds: Some(5),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..Probe::default()
    };
    let container = Container {
        name: "postgres".to_owned(),
        image: Some(setting.images.postgres.clone()),
        image_pull_policy: Some(pod::pull_policy(setting.images.pull_policy).to_owned()),
        env: Some(vec![
            pod::variable("POSTGRES_USER", "ngpool"),
            pod::variable("POSTGRES_DB", "ngpool"),
            pod::variable("POSTGRES_PASSWORD_FILE", "/etc/ngpool/owner/password"),
            pod::variable("PGDATA", "/var/lib/postgresql/data/pgdata"),
        ]),
        ports: Some(vec![pod::container_port("postgres", POSTGRES_PORT)]),
        resources: Some(pod::resources("100m", "256Mi", "2Gi")),
        security_context: Some(pod::container_security()),
        volume_mounts: Some(volume_mounts),
        readiness_probe: Some(ready(3)),
        startup_probe: Some(ready(60)),
        // On SIGTERM, PostgreSQL waits until everybody has gone by himself; on SIGINT it ends what is
        // under way and stops. Not every image says so itself.
        lifecycle: Some(Lifecycle {
            pre_stop: Some(LifecycleHandler {
                exec: Some(ExecAction {
                    command: Some(["sh", "-c", "kill -INT 1"].map(ToOwned::to_owned).to_vec()),
                }),
                ..LifecycleHandler::default()
            }),
            ..Lifecycle::default()
        }),
        ..Container::default()
    };
    let spec = PodSpec {
        containers: vec![container],
        volumes: Some(mounts.volumes),
        security_context: Some(PodSecurityContext {
            run_as_user: Some(POSTGRES_USER),
            run_as_group: Some(POSTGRES_USER),
            fs_group: Some(POSTGRES_USER),
            ..PodSecurityContext::default()
        }),
        termination_grace_period_seconds: Some(120),
        ..PodSpec::default()
    };
    let mut template = pod::template(setting, part, spec, &PodSettings::default(), &[]);
    if let Some(security) = template
        .spec
        .as_mut()
        .and_then(|it| it.security_context.as_mut())
    {
        security.run_as_user = Some(POSTGRES_USER);
        security.run_as_group = Some(POSTGRES_USER);
        security.fs_group = Some(POSTGRES_USER);
    }
    let stateful_set = StatefulSet {
        metadata: setting.owner.metadata(part),
        spec: Some(StatefulSetSpec {
            replicas: Some(1),
            service_name: Some(part.child()),
            selector: part.selector(),
            template,
            persistent_volume_claim_retention_policy: Some(
                StatefulSetPersistentVolumeClaimRetentionPolicy {
                    when_deleted: Some("Retain".to_owned()),
                    when_scaled: Some("Retain".to_owned()),
                },
            ),
            volume_claim_templates: Some(vec![PersistentVolumeClaim {
                metadata: ObjectMeta {
                    name: Some("data".to_owned()),
                    ..ObjectMeta::default()
                },
                spec: Some(pod::claim_spec(storage, POSTGRES_STORAGE)),
                ..PersistentVolumeClaim::default()
            }]),
            ..StatefulSetSpec::default()
        }),
        ..StatefulSet::default()
    };
    let service = Service {
        metadata: setting.owner.metadata(part),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            selector: Some(part.selector_labels()),
            ports: Some(vec![ServicePort {
                name: Some("postgres".to_owned()),
                port: i32::from(POSTGRES_PORT),
                target_port: Some(IntOrString::String("postgres".to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    };
    let users = [
        "sharechain",
        "pool-web",
        "pool-migrate",
        "currency-settle",
        "currency-payout",
    ];
    let mut children = Children::default();
    children
        .service(service)
        .stateful_set(stateful_set)
        .network_policy(network_policy::only(
            setting,
            part,
            &[Arrow::from_components(&users, POSTGRES_PORT)],
        ));
    children
}

/// The Secret of a role that logs in to the database.
pub fn role_secret(role: &str) -> String {
    POOL.part("database").own(role)
}
