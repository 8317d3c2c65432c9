//! A Sharechain: one `ngledger`.

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy},
        core::v1::{PodSpec, Toleration},
    },
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};
use ngpool_crds::{Kind, kinds::PodSettings};
use ngpool_settings::LedgerSettings;

use super::{Children, Setting, network_policy, pod};
use crate::names::Part;

/// Seconds after which the pod of a lost node is given up: shares wait in their journals meanwhile.
const LOST_NODE_S: i64 = 30;

/// What a Sharechain becomes.
pub fn build(setting: &Setting, document: &LedgerSettings, own: &PodSettings) -> Children {
    let part = Part::of(Kind::Sharechain, &document.sharechain);
    let mounts = pod::Mounts::with_document(part)
        .tls(part)
        .database("ledger");
    let program = pod::Program {
        binary: "ngledger",
        arguments: Vec::new(),
        ports: vec![("grpc", pod::GRPC_PORT)],
        serves: true,
        resources: pod::resources("100m", "128Mi", "1Gi"),
    };
    let spec = PodSpec {
        containers: vec![pod::container(&setting.images, program, &mounts)],
        volumes: Some(mounts.volumes),
        tolerations: Some(lost_node()),
        termination_grace_period_seconds: Some(60),
        ..PodSpec::default()
    };
    let deployment = Deployment {
        metadata: setting.owner.metadata(part),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: part.selector(),
            // One is enough and two are harmless: the database takes each batch once.
            strategy: Some(recreate()),
            template: pod::template(setting, part, spec, own, &[]),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    };
    let mut children = Children::default();
    children
        .config_map(pod::document(setting, part, document))
        .service(pod::grpc_service(setting, part, false))
        .deployment(deployment)
        .network_policy(network_policy::ingress(
            setting,
            part,
            &[network_policy::Arrow::from_components(
                &["stratumport"],
                pod::GRPC_PORT,
            )],
        ));
    children
}

/// The pod before is gone before the next begins.
pub(super) fn recreate() -> DeploymentStrategy {
    DeploymentStrategy {
        type_: Some("Recreate".to_owned()),
        rolling_update: None,
    }
}

pub(super) fn lost_node() -> Vec<Toleration> {
    [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    .into_iter()
    .map(|key| Toleration {
        key: Some(key.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoExecute".to_owned()),
        toleration_seconds: Some(LOST_NODE_S),
        value: None,
    })
    .collect()
}

/// A selector of all pods of a kind.
pub(super) fn pods_of(component: &str) -> LabelSelector {
    LabelSelector {
        match_labels: Some(
            [
                ("app.kubernetes.io/component", component),
                ("app.kubernetes.io/part-of", "ngpool"),
            ]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        ),
        match_expressions: None,
    }
}
