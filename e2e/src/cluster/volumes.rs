//! A provisioner of `local` volumes: folders of the node that the kubelet gives to a pod's group, as
//! it never does with `hostPath`.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Context;
use futures::{StreamExt, stream};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use kube::{
    Api, Client, ResourceExt,
    api::{DeleteParams, PostParams},
    runtime::{WatchStreamExt, watcher},
};
use serde_json::json;
use tokio::task::JoinHandle;

use super::{NODE, STORAGE_CLASS};

/// Serves claims of the default class until it is dropped.
#[derive(Debug)]
pub(super) struct Provisioner(JoinHandle<()>);

impl Drop for Provisioner {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Provisioner {
    pub(super) fn start(client: Client, folder: PathBuf) -> Self {
        Self(tokio::spawn(async move {
            let claims: Api<PersistentVolumeClaim> = Api::all(client.clone());
            let volumes: Api<PersistentVolume> = Api::all(client.clone());
            let new = watcher(claims, watcher::Config::default())
                .default_backoff()
                .applied_objects()
                .map(|claim| claim.map(|it| Seen::Claim(Box::new(it))));
            let old = watcher(volumes.clone(), watcher::Config::default())
                .default_backoff()
                .applied_objects()
                .map(|volume| volume.map(|it| Seen::Volume(Box::new(it))));
            let mut seen = stream::select(new.boxed(), old.boxed());
            while let Some(next) = seen.next().await {
                let done = match next {
                    Ok(Seen::Claim(claim)) => provide(&volumes, &folder, &claim).await,
                    Ok(Seen::Volume(volume)) => remove(&volumes, &folder, &volume).await,
                    // The API server is away: the watch comes back by itself.
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        Ok(())
                    }
                };
                if let Err(error) = done {
                    eprintln!("volumes: {error:#}");
                }
            }
        }))
    }
}

enum Seen {
    Claim(Box<PersistentVolumeClaim>),
    Volume(Box<PersistentVolume>),
}

async fn provide(
    volumes: &Api<PersistentVolume>,
    folder: &std::path::Path,
    claim: &PersistentVolumeClaim,
) -> anyhow::Result<()> {
    let spec = claim.spec.clone().unwrap_or_default();
    let ours = spec.storage_class_name.as_deref() == Some(STORAGE_CLASS);
    if !ours || spec.volume_name.is_some() || claim.metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    let uid = claim.uid().context("a claim without an id")?;
    let name = format!("local-{uid}");
    let path = folder.join(&name);
    fs::create_dir_all(&path)?;
    let requests = spec.resources.and_then(|resources| resources.requests);
    let volume: PersistentVolume = serde_json::from_value(json!({
        "metadata": {"name": name},
        "spec": {
            "capacity": requests,
            "accessModes": spec.access_modes,
            "storageClassName": STORAGE_CLASS,
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": claim.namespace(),
                "name": claim.name_any(),
                "uid": uid,
            },
            "local": {"path": path},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
                {"key": "kubernetes.io/hostname", "operator": "In", "values": [NODE]},
            ]}]}},
        },
    }))?;
    match volumes.create(&PostParams::default(), &volume).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn remove(
    volumes: &Api<PersistentVolume>,
    folder: &std::path::Path,
    volume: &PersistentVolume,
) -> anyhow::Result<()> {
    let phase = volume
        .status
        .as_ref()
        .and_then(|status| status.phase.as_deref());
    // Nobody else deletes volumes of a class without a provisioner of Kubernetes': they then fail.
    if !matches!(phase, Some("Released" | "Failed")) {
        return Ok(());
    }
    let name = volume.name_any();
    match volumes.delete(&name, &DeleteParams::default()).await {
        Ok(_) => {}
        Err(kube::Error::Api(status)) if status.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    let _gone_already = fs::remove_dir_all(folder.join(name));
    Ok(())
}
