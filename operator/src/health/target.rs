//! Which pods are asked, and where.

use std::net::{IpAddr, SocketAddr};

use k8s_openapi::api::core::v1::Pod;

/// Name of the container port that gRPC is served on.
const PORT_NAME: &str = "grpc";

/// A pod whose program can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Name of the pod.
    pub pod: String,
    /// Where its gRPC side listens.
    pub address: SocketAddr,
    /// Name of its Service, which its certificate holds.
    pub server: String,
}

impl Target {
    /// A pod that has an address and a port for gRPC; nothing for one that is gone, not placed yet,
    /// or runs something else. `server` is the name of its Service.
    pub fn of(pod: &Pod, server: impl Into<String>) -> Option<Self> {
        let status = pod.status.as_ref()?;
        if matches!(status.phase.as_deref(), Some("Succeeded" | "Failed")) {
            return None;
        }
        let ip: IpAddr = status.pod_ip.as_ref()?.parse().ok()?;
        let ports = pod
            .spec
            .iter()
            .flat_map(|spec| &spec.containers)
            .flat_map(|container| container.ports.iter().flatten());
        let port = ports
            .filter(|port| port.name.as_deref() == Some(PORT_NAME))
            .find_map(|port| u16::try_from(port.container_port).ok())?;
        Some(Self {
            pod: pod.metadata.name.clone()?,
            address: SocketAddr::new(ip, port),
            server: server.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(status: &serde_json::Value, port: &str) -> Pod {
        serde_json::from_value(json!({
            "metadata": {"name": "sharechain-main-0"},
            "spec": {"containers": [{
                "name": "ngledger",
                "ports": [{"name": port, "containerPort": 4000}],
            }]},
            "status": status,
        }))
        .unwrap()
    }

    #[test]
    fn a_pod_with_an_address_and_a_grpc_port_is_asked() {
        let running = pod(&json!({"podIP": "10.1.2.3", "phase": "Running"}), "grpc");
        let target = Target::of(&running, "sharechain-main").unwrap();
        assert_eq!(target.address, "10.1.2.3:4000".parse().unwrap());
        assert_eq!(target.server, "sharechain-main");
        assert_eq!(target.pod, "sharechain-main-0");
    }

    #[test]
    fn a_pod_without_address_or_port_and_one_that_ended_are_not_asked() {
        for (status, port) in [
            (json!({"phase": "Pending"}), "grpc"),
            (json!({"podIP": "10.1.2.3", "phase": "Failed"}), "grpc"),
            (json!({"podIP": "10.1.2.3", "phase": "Running"}), "postgres"),
        ] {
            assert_eq!(Target::of(&pod(&status, port), "x"), None, "{status}");
        }
    }
}
