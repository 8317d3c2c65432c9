//! A StratumPort: `ngstratum` and how miners reach it.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment},
        core::v1::{
            EphemeralVolumeSource, PersistentVolumeClaimTemplate, PodSpec, Service, ServicePort,
            ServiceSpec, TopologySpreadConstraint, Volume,
        },
        policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec},
    },
    apimachinery::pkg::util::intstr::IntOrString,
};
use kube::core::{ApiResource, DynamicObject};
use ngpool_crds::{
    Kind,
    kinds::{GatewayRef, PodSettings, ServiceOptions, ServiceType, StratumPortSpec, TrafficPolicy},
};
use ngpool_settings::StratumSettings;
use serde_json::json;

use super::{
    Children, Setting,
    network_policy::{self, Arrow},
    pod,
};
use crate::names::Part;

/// Longest that a pod may take to ship its journal, seconds; normally it is gone much sooner.
const GRACE_S: i64 = 3_600;
/// Journal volume of a pod.
const JOURNAL: &str = "2Gi";
/// Where `ngpool_crds::Cluster` says that journals are.
const STATE_DIR: &str = "/var/lib/ngpool";

/// What a StratumPort becomes. `scaled_elsewhere` leaves the number of pods to an autoscaler.
pub fn build(
    setting: &Setting,
    document: &StratumSettings,
    spec: &StratumPortSpec,
    own: &PodSettings,
    scaled_elsewhere: bool,
) -> Children {
    let part = Part::of(Kind::StratumPort, &document.name);
    let mut mounts = pod::Mounts::with_document(part).tls(part);
    mounts.add("journal", STATE_DIR, journal(spec));
    let certificate = document
        .tls
        .as_ref()
        .and_then(|_| spec.tls.as_ref()?.secret_name.as_ref());
    let mounts = mounts.secrets(certificate.map(|name| &**name));
    let program = pod::Program {
        binary: "ngstratum",
        arguments: Vec::new(),
        ports: vec![("stratum", spec.port), ("grpc", pod::GRPC_PORT)],
        serves: true,
        resources: pod::resources("250m", "128Mi", "2Gi"),
    };
    let pod_spec = PodSpec {
        containers: vec![pod::container(&setting.images, program, &mounts)],
        volumes: Some(mounts.volumes),
        termination_grace_period_seconds: Some(GRACE_S),
        topology_spread_constraints: Some(vec![TopologySpreadConstraint {
            max_skew: 1,
            topology_key: "kubernetes.io/hostname".to_owned(),
            when_unsatisfiable: "ScheduleAnyway".to_owned(),
            label_selector: Some(part.selector()),
            ..TopologySpreadConstraint::default()
        }]),
        ..PodSpec::default()
    };
    let deployment = Deployment {
        metadata: setting.owner.metadata(part),
        spec: Some(DeploymentSpec {
            replicas: (!scaled_elsewhere).then_some(spec.replicas),
            selector: part.selector(),
            strategy: Some(one_more_then_one_less()),
            template: pod::template(setting, part, pod_spec, own, &[]),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    };
    let mut children = Children::default();
    children
        .config_map(pod::document(setting, part, document))
        .service(service(setting, part, spec))
        .deployment(deployment)
        .disruption_budget(disruption_budget(setting, part))
        .network_policy(network_policy::ingress(
            setting,
            part,
            &[Arrow::anybody(spec.port)],
        ));
    if let Some(gateway) = &spec.gateway {
        // A route leads to the Service, by the Service's own port.
        let port = spec.service.as_ref().and_then(|service| service.port);
        let (resource, route) = route(setting, part, gateway, port.unwrap_or(spec.port));
        children.other(resource, route);
    }
    children
}

/// A new pod is ready before an old one goes: there is always one to reconnect to.
pub(super) fn one_more_then_one_less() -> DeploymentStrategy {
    DeploymentStrategy {
        type_: Some("RollingUpdate".to_owned()),
        rolling_update: Some(RollingUpdateDeployment {
            max_surge: Some(IntOrString::Int(1)),
            max_unavailable: Some(IntOrString::Int(0)),
        }),
    }
}

pub(super) fn disruption_budget(setting: &Setting, part: Part<'_>) -> PodDisruptionBudget {
    PodDisruptionBudget {
        metadata: setting.owner.metadata(part),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(part.selector()),
            // A pod that is not ready serves nobody and may go.
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
            min_available: None,
        }),
        ..PodDisruptionBudget::default()
    }
}

/// Journals belong to a pod: a container that restarts finds its own, a new pod begins one.
fn journal(spec: &StratumPortSpec) -> Volume {
    let storage = spec
        .journal
        .as_ref()
        .and_then(|journal| journal.storage.as_ref());
    Volume {
        ephemeral: Some(EphemeralVolumeSource {
            volume_claim_template: Some(PersistentVolumeClaimTemplate {
                metadata: None,
                spec: pod::claim_spec(storage, JOURNAL),
            }),
        }),
        ..Volume::default()
    }
}

fn service(setting: &Setting, part: Part<'_>, spec: &StratumPortSpec) -> Service {
    let options = spec.service.clone().unwrap_or_default();
    expose(
        setting,
        part,
        &options,
        &ServicePort {
            name: Some("stratum".to_owned()),
            port: i32::from(options.port.unwrap_or(spec.port)),
            target_port: Some(IntOrString::String("stratum".to_owned())),
            ..ServicePort::default()
        },
    )
}

/// A Service by the words of a `service` block.
pub(super) fn expose(
    setting: &Setting,
    part: Part<'_>,
    options: &ServiceOptions,
    port: &ServicePort,
) -> Service {
    let outside = options
        .type_
        .is_some_and(|type_| type_ != ServiceType::ClusterIP);
    let mut metadata = setting.owner.metadata(part);
    if !options.annotations.is_empty() {
        metadata.annotations = Some(options.annotations.clone());
    }
    let policy = options
        .external_traffic_policy
        .unwrap_or(TrafficPolicy::Local);
    Service {
        metadata,
        spec: Some(ServiceSpec {
            type_: Some(service_type(options.type_).to_owned()),
            selector: Some(part.selector_labels()),
            ports: Some(vec![ServicePort {
                node_port: options.node_port.map(i32::from),
                ..port.clone()
            }]),
            load_balancer_class: options.load_balancer_class.clone(),
            load_balancer_source_ranges: (!options.source_ranges.is_empty())
                .then(|| options.source_ranges.clone()),
            external_traffic_policy: outside.then(|| {
                match policy {
                    TrafficPolicy::Cluster => "Cluster",
                    TrafficPolicy::Local => "Local",
                }
                .to_owned()
            }),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

const fn service_type(type_: Option<ServiceType>) -> &'static str {
    match type_ {
        None | Some(ServiceType::ClusterIP) => "ClusterIP",
        Some(ServiceType::NodePort) => "NodePort",
        Some(ServiceType::LoadBalancer) => "LoadBalancer",
    }
}

/// A route of the Gateway API, whose types are not part of Kubernetes.
fn route(
    setting: &Setting,
    part: Part<'_>,
    gateway: &GatewayRef,
    port: u16,
) -> (ApiResource, DynamicObject) {
    let resource = ApiResource {
        group: "gateway.networking.k8s.io".to_owned(),
        version: "v1alpha2".to_owned(),
        api_version: "gateway.networking.k8s.io/v1alpha2".to_owned(),
        kind: "TCPRoute".to_owned(),
        plural: "tcproutes".to_owned(),
    };
    let mut parent = BTreeMap::from([("name", gateway.name.to_string())]);
    if let Some(section) = &gateway.section_name {
        parent.insert("sectionName", section.to_string());
    }
    let mut object = DynamicObject::new(&part.child(), &resource).data(json!({
        "spec": {
            "parentRefs": [parent],
            "rules": [{"backendRefs": [{"name": part.child(), "port": port}]}],
        }
    }));
    object.metadata = setting.owner.metadata(part);
    (resource, object)
}
