//! Makes kubelet bring changed files into pods at once: it looks at a pod's volumes when the pod
//! changes, and else only about once a minute.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
};
use serde_json::json;

use crate::{names::FIELD_MANAGER, view::View};

/// Annotation that changes.
const REFRESHED: &str = "ngpool.io/refreshed";
/// Kubelet may look before its own cache has the change: it is asked a second time.
const AGAIN: Duration = Duration::from_secs(2);

/// Pods that mount a ConfigMap or Secret.
pub fn pods_with(view: &View, kind: &str, name: &str) -> Vec<String> {
    view.pods
        .iter()
        .filter(|(_, pod)| mounts(pod, kind, name))
        .map(|(pod, _)| pod.clone())
        .collect()
}

fn mounts(pod: &Pod, kind: &str, name: &str) -> bool {
    if pod.metadata.deletion_timestamp.is_some() {
        return false;
    }
    let volumes = pod
        .spec
        .iter()
        .flat_map(|spec| spec.volumes.iter().flatten());
    volumes.into_iter().any(|volume| {
        let mounted = match kind {
            "ConfigMap" => volume.config_map.as_ref().map(|it| it.name.as_str()),
            "Secret" => volume
                .secret
                .as_ref()
                .and_then(|it| it.secret_name.as_deref()),
            _ => None,
        };
        mounted == Some(name)
    })
}

/// Touches pods now and once more. A pod that cannot be touched gets its files a minute later.
pub fn touch(client: &Client, namespace: &str, pods: Vec<String>) {
    let api: Api<Pod> = Api::namespaced(client.clone(), namespace);
    tokio::spawn(async move {
        for round in 0..2 {
            if round > 0 {
                tokio::time::sleep(AGAIN).await;
            }
            for pod in &pods {
                let stamp = format!("{}", k8s_openapi::jiff::Timestamp::now());
                let patch = json!({"metadata": {"annotations": {REFRESHED: stamp}}});
                let parameters = PatchParams {
                    field_manager: Some(FIELD_MANAGER.to_owned()),
                    ..PatchParams::default()
                };
                if let Err(error) = api.patch(pod, &parameters, &Patch::Merge(&patch)).await {
                    tracing::debug!(%error, pod, "a pod could not be touched");
                }
            }
        }
    });
}
