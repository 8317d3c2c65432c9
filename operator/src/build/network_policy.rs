//! Who may connect to whom: the arrows of `ARCHITECTURE.md`, one policy a workload.
//!
//! Only ingress is restricted. What nobody may connect to has a policy without a rule.

use k8s_openapi::{
    api::networking::v1::{
        NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort,
        NetworkPolicySpec,
    },
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{Setting, pod, sharechain::pods_of};
use crate::names::Part;

/// From some components, or from anywhere, to a port.
pub(super) struct Arrow {
    from: Option<Vec<String>>,
    port: u16,
}

impl Arrow {
    /// From some components to a port.
    pub(super) fn from_components(components: &[&str], port: u16) -> Self {
        Self {
            from: Some(components.iter().map(|name| (*name).to_owned()).collect()),
            port,
        }
    }

    /// From anywhere: miners, other nodes of a chain, browsers.
    pub(super) const fn anybody(port: u16) -> Self {
        Self { from: None, port }
    }
}

/// The policy of a program that serves. Health and metrics are open to the whole cluster: they hold
/// nothing secret, and who scrapes them runs in a namespace that is not known here. The operator asks
/// every program for its status from its own namespace.
pub(super) fn ingress(setting: &Setting, part: Part<'_>, arrows: &[Arrow]) -> NetworkPolicy {
    let mut rules: Vec<_> = arrows.iter().map(rule).collect();
    rules.push(NetworkPolicyIngressRule {
        from: Some(vec![NetworkPolicyPeer {
            namespace_selector: Some(
                k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector::default(),
            ),
            ..NetworkPolicyPeer::default()
        }]),
        ports: Some(vec![port(pod::ADMIN_PORT)]),
    });
    rules.push(NetworkPolicyIngressRule {
        from: Some(vec![NetworkPolicyPeer {
            namespace_selector: Some(
                k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector::default(),
            ),
            pod_selector: Some(pods_of("operator")),
            ..NetworkPolicyPeer::default()
        }]),
        ports: Some(vec![port(pod::GRPC_PORT)]),
    });
    policy(setting, part, rules)
}

/// The policy of what is no program of ours, or serves nobody: these arrows and nothing else.
pub(super) fn only(setting: &Setting, part: Part<'_>, arrows: &[Arrow]) -> NetworkPolicy {
    policy(setting, part, arrows.iter().map(rule).collect())
}

fn policy(
    setting: &Setting,
    part: Part<'_>,
    rules: Vec<NetworkPolicyIngressRule>,
) -> NetworkPolicy {
    NetworkPolicy {
        metadata: setting.owner.metadata(part),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(part.selector()),
            policy_types: Some(vec!["Ingress".to_owned()]),
            // The API server leaves an empty list away, and would be told again at every start.
            ingress: (!rules.is_empty()).then_some(rules),
            egress: None,
        }),
    }
}

fn rule(arrow: &Arrow) -> NetworkPolicyIngressRule {
    let peers = |components: &Vec<String>| {
        components
            .iter()
            .map(|component| NetworkPolicyPeer {
                pod_selector: Some(pods_of(component)),
                ..NetworkPolicyPeer::default()
            })
            .collect()
    };
    NetworkPolicyIngressRule {
        from: arrow.from.as_ref().map(peers),
        ports: Some(vec![port(arrow.port)]),
    }
}

fn port(number: u16) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(number))),
        protocol: Some("TCP".to_owned()),
        end_port: None,
    }
}
