//! An image as one archive in the layout of the Open Container Initiative.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Image,
    layer::{Made, forget_others, run},
};

/// What an image is made of.
pub(super) struct Contents<'a> {
    /// Its name with its tag.
    pub(super) name: &'a str,
    /// Another name of the same; empty for none.
    pub(super) also: &'a str,
    /// From the lowest up.
    pub(super) layers: Vec<Made>,
    /// User and group; empty for root.
    pub(super) user: &'a str,
    /// Where programs are looked for.
    pub(super) path: &'a str,
    /// Signal that asks it to end; empty for the usual one.
    pub(super) stop: &'a str,
    /// Program that always runs.
    pub(super) entrypoint: &'a [&'a str],
    /// Program, or its arguments, when nothing else is said.
    pub(super) command: &'a [&'a str],
}

impl Contents<'_> {
    /// Makes the archive, unless it is there.
    pub(super) fn make(&self, folder: &Path) -> anyhow::Result<Image> {
        let config = self.config().to_string();
        let layers: Vec<Value> = self
            .layers
            .iter()
            .map(|layer| {
                Ok(json!({
                    "mediaType": "application/vnd.oci.image.layer.v1.tar",
                    "digest": format!("sha256:{}", layer.digest),
                    "size": fs::metadata(&layer.tar)?.len(),
                }))
            })
            .collect::<anyhow::Result<_>>()?;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": format!("sha256:{}", sha256(&config)),
                "size": config.len(),
            },
            "layers": layers,
        })
        .to_string();
        let named = |name: &str| {
            json!({
                "mediaType": MANIFEST,
                "digest": format!("sha256:{}", sha256(&manifest)),
                "size": manifest.len(),
                "annotations": {
                    "io.containerd.image.name": name,
                    "org.opencontainers.image.ref.name": name,
                },
            })
        };
        let manifests: Vec<Value> = [self.name, self.also]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(named)
            .collect();
        let index = json!({"schemaVersion": 2, "manifests": manifests}).to_string();
        let file = self.name.replace(['/', ':'], "_");
        let archive = folder.join(format!("{file}-{}.tar", &sha256(&index)[..12]));
        if !archive.exists() {
            let stage = tempfile::tempdir_in(folder)?;
            let blobs = stage.path().join("blobs/sha256");
            fs::create_dir_all(&blobs)?;
            fs::write(
                stage.path().join("oci-layout"),
                r#"{"imageLayoutVersion":"1.0.0"}"#,
            )?;
            fs::write(stage.path().join("index.json"), &index)?;
            fs::write(blobs.join(sha256(&config)), &config)?;
            fs::write(blobs.join(sha256(&manifest)), &manifest)?;
            for layer in &self.layers {
                let blob = blobs.join(&layer.digest);
                if fs::hard_link(&layer.tar, &blob).is_err() {
                    fs::copy(&layer.tar, &blob)?;
                }
            }
            let unfinished = archive.with_extension("new");
            run(Command::new("tar")
                .args(["--create", "--hard-dereference", "--file"])
                .arg(&unfinished)
                .arg("--directory")
                .arg(stage.path())
                .args(["oci-layout", "index.json", "blobs"]))?;
            fs::rename(&unfinished, &archive)?;
            forget_others(folder, &file, &archive)?;
        }
        Ok(Image {
            name: self.name.to_owned(),
            archive,
        })
    }

    fn config(&self) -> Value {
        let differences: Vec<_> = self
            .layers
            .iter()
            .map(|layer| format!("sha256:{}", layer.digest))
            .collect();
        json!({
            "architecture": architecture(),
            "os": "linux",
            "config": {
                "User": self.user,
                "Env": [format!("PATH={}", self.path)],
                "Entrypoint": self.entrypoint,
                "Cmd": self.command,
                "StopSignal": if self.stop.is_empty() { "SIGTERM" } else { self.stop },
                "Labels": {
                    "org.opencontainers.image.title": self.name,
                    "org.opencontainers.image.source": env!("CARGO_PKG_REPOSITORY"),
                    "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
                },
            },
            "rootfs": {"type": "layers", "diff_ids": differences},
        })
    }
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The architecture's name as images have it.
const fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "amd64"
    }
}
