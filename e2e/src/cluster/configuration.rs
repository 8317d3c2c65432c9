//! Configuration files of the programs that take more than flags.

use std::{fs, path::Path};

use serde_json::json;

use super::NODE;
use crate::{images::PAUSE, tools::CNI_PLUGINS};

/// The cgroup that all pods of a cluster are below: a kubelet ends what it finds in its own and does
/// not know, so two clusters on one machine must not share one.
pub(super) fn cgroup(folder: &Path) -> String {
    let name = folder.file_name().and_then(|name| name.to_str());
    format!("/ngpool-{}", name.unwrap_or("cluster"))
}

pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder.join("cni"))?;
    fs::write(folder.join("containerd.toml"), containerd(folder))?;
    fs::write(
        folder.join("cni/10-bridge.conflist"),
        cni(folder).to_string(),
    )?;
    fs::write(folder.join("kubelet.json"), kubelet(folder).to_string())?;
    fs::write(folder.join("kube-proxy.json"), proxy(folder).to_string())?;
    Ok(())
}

fn containerd(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"version = 2
root = "{folder}/containerd"
state = "{folder}/containerd-state"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  # Without CAP_SYS_RESOURCE no container would start.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{CNI_PLUGINS}"
    conf_dir = "{folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
"#
    )
}

fn cni(folder: &Path) -> serde_json::Value {
    json!({
        "cniVersion": "0.4.0",
        "name": "bridge",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "cni0",
                "isGateway": true,
                "ipMasq": true,
                "hairpinMode": true,
                "ipam": {
                    "type": "host-local",
                    "subnet": "10.244.0.0/24",
                    "routes": [{"dst": "0.0.0.0/0"}],
                    "dataDir": folder.join("cni-addresses"),
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": true}},
        ],
    })
}

fn kubelet(folder: &Path) -> serde_json::Value {
    json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": false},
            "webhook": {"enabled": true},
            "x509": {"clientCAFile": folder.join("pki/ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": folder.join("pki/kubelet-server.crt"),
        "tlsPrivateKeyFile": folder.join("pki/kubelet-server.key"),
        "containerRuntimeEndpoint": format!("unix://{}/containerd.sock", folder.display()),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": cgroup(folder),
        // The machine decides, not the test.
        "failCgroupV1": false,
        "failSwapOn": false,
        "enforceNodeAllocatable": [],
        "evictionHard": {
            "memory.available": "0%",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
            "imagefs.inodesFree": "0%",
        },
        // Images come from archives: one that is collected does not come back.
        "imageGCHighThresholdPercent": 100,
        "oomScoreAdj": 0,
        "registerWithTaints": [],
        "clusterDNS": ["10.96.0.10"],
        "clusterDomain": "cluster.local",
        "podLogsDir": folder.join("pod-logs"),
        "volumePluginDir": folder.join("volume-plugins"),
        "maxPods": 240,
        "serializeImagePulls": false,
        // Many short pods on a small machine.
        "syncFrequency": "30s",
        "registryPullQPS": 0,
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
    })
}

fn proxy(folder: &Path) -> serde_json::Value {
    json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "hostnameOverride": NODE,
        "clientConnection": {"kubeconfig": folder.join("pki/proxy.kubeconfig")},
        "clusterCIDR": "10.244.0.0/16",
        "oomScoreAdj": 0,
        "conntrack": {"maxPerCore": 0},
        "iptables": {"minSyncPeriod": "100ms", "syncPeriod": "30s"},
    })
}
