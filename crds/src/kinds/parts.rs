//! Parts that several kinds use.

use std::collections::BTreeMap;

use kube::KubeSchema;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::units::{ByteSize, ForeignName, MIB, TIB};

/// One key of a Secret in the object's namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretKey {
    /// Name of the Secret.
    pub name: ForeignName,
    /// Key in the Secret.
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[-._a-zA-Z0-9]+$"))]
    pub key: String,
}

/// A ConfigMap in the object's namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfigMapName {
    /// Name of the ConfigMap.
    pub name: ForeignName,
}

/// A volume and how to make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// Size of the volume, such as `200Gi`. It can grow where the storage class allows it.
    pub size: ByteSize<{ 64 * MIB }, { 256 * TIB }>,
    /// Storage class. Built-in: the cluster's default class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<ForeignName>,
    /// What the volume starts with: a VolumeSnapshot, so that a node need not sync from nothing, or
    /// another claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_source_ref: Option<DataSourceRef>,
}

/// Where a new volume's data comes from, in the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataSourceRef {
    /// API group of the source, such as `snapshot.storage.k8s.io`; absent for a
    /// PersistentVolumeClaim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_group: Option<ForeignName>,
    /// Kind of the source.
    #[schemars(length(min = 1, max = 63))]
    pub kind: String,
    /// Name of the source.
    pub name: ForeignName,
}

/// How a Service is exposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.nodePort) || (has(self.type) && self.type != 'ClusterIP')")
        .message("nodePort needs type NodePort or LoadBalancer")
        .field_path(".nodePort"),
    validation = Rule::new(
        "!has(self.loadBalancerClass) || (has(self.type) && self.type == 'LoadBalancer')"
    )
    .message("loadBalancerClass needs type LoadBalancer")
    .field_path(".loadBalancerClass"),
    validation = Rule::new(
        "!has(self.externalTrafficPolicy) || (has(self.type) && self.type != 'ClusterIP')"
    )
    .message("externalTrafficPolicy needs type NodePort or LoadBalancer")
    .field_path(".externalTrafficPolicy")
)]
pub struct ServiceOptions {
    /// Type of the Service. Built-in: `ClusterIP`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<ServiceType>,
    /// Port of the Service, where it differs from the object's own port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Port on every node; the cluster chooses one if absent. Clusters usually allow 30000–32767.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub node_port: Option<u16>,
    /// Which load balancer implementation serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub load_balancer_class: Option<String>,
    /// Annotations of the Service; cloud load balancers are configured by them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "annotations_schema")]
    pub annotations: BTreeMap<String, String>,
    /// Addresses that may connect through the load balancer, as CIDR ranges. Built-in: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(max = 64)))]
    pub source_ranges: Vec<String>,
    /// `Local` keeps miners' addresses, which bans and limits need; `Cluster` does not, so use the
    /// PROXY protocol with it. Built-in: `Local`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_traffic_policy: Option<TrafficPolicy>,
}

fn annotations_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": 32,
        "additionalProperties": {"type": "string", "maxLength": 4096},
    })
}

/// Types of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ServiceType {
    /// Reached inside the cluster only.
    ClusterIP,
    /// Reached on a port of every node.
    NodePort,
    /// Reached through a load balancer.
    LoadBalancer,
}

/// How a Service treats traffic from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TrafficPolicy {
    /// Any node answers; the client's address is lost.
    Cluster,
    /// Only nodes with a pod answer; the client's address stays.
    Local,
}

/// A listener of a Gateway in the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GatewayRef {
    /// Name of the Gateway.
    pub name: ForeignName,
    /// Listener of the Gateway. Built-in: every listener with the right port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_name: Option<ForeignName>,
}

/// When images are pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ImagePullPolicy {
    /// At every start.
    Always,
    /// When the node does not have it.
    IfNotPresent,
    /// Never: it must be there.
    Never,
}
