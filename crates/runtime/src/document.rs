//! A program's document and the changes to it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The document in force; the latest is all that counts.
pub type Settings<T> = watch::Receiver<Arc<T>>;

/// Why a document cannot be used.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The file cannot be read.
    #[error("cannot read the document {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is not the document expected.
    #[error("the document {path} is not valid")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// Settings that never change, for tests and for a caller that has them at hand.
pub fn fixed<T>(document: T) -> Settings<T> {
    watch::channel(Arc::new(document)).1
}

/// Reads a document once.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, DocumentError> {
    parse(path, &read_text(path)?)
}

/// Reads a document and follows the file: a changed text that parses replaces the settings, one that
/// does not is logged and the old stays in force.
///
/// The file is looked at twice a second: a mounted ConfigMap changes by a swap of symbolic links,
/// which file notification sees differently on every file system.
pub fn watch<T>(path: PathBuf, shutdown: CancellationToken) -> Result<Settings<T>, DocumentError>
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    let mut text = read_text(&path)?;
    let (sender, receiver) = watch::channel(Arc::new(parse(&path, &text)?));
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_millis(500));
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = tick.tick() => {}
            }
            let Ok(new) = read_text(&path) else { continue };
            if new == text {
                continue;
            }
            text = new;
            match parse(&path, &text) {
                Ok(document) => {
                    tracing::info!(path = %path.display(), "document changed");
                    if sender.send(Arc::new(document)).is_err() {
                        return;
                    }
                }
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(%error, cause, "document refused, the old one stays in force");
                }
            }
        }
    });
    Ok(receiver)
}

fn read_text(path: &Path) -> Result<String, DocumentError> {
    std::fs::read_to_string(path).map_err(|source| DocumentError::Read {
        path: path.to_owned(),
        source,
    })
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, DocumentError> {
    serde_json::from_str(text).map_err(|source| DocumentError::Parse {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// What kubelet makes of a mounted ConfigMap: the file is a link into `..data`, itself a link to
    /// a folder with the time in its name, and a change swaps that link by a rename.
    fn publish(mount: &Path, version: &str, text: &str) {
        let folder = mount.join(format!("..{version}"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("document.json"), text).unwrap();
        let next = mount.join("..data_tmp");
        symlink(format!("..{version}"), &next).unwrap();
        std::fs::rename(&next, mount.join("..data")).unwrap();
    }

    async fn changed(settings: &mut Settings<Vec<u32>>) -> Vec<u32> {
        let patience = Duration::from_secs(30);
        tokio::time::timeout(patience, settings.changed())
            .await
            .unwrap()
            .unwrap();
        settings.borrow_and_update().to_vec()
    }

    #[tokio::test]
    async fn a_mounted_document_is_followed_through_swaps_and_a_wrong_one_is_refused() {
        let mount = tempfile::tempdir().unwrap();
        publish(mount.path(), "1", "[1]");
        let path = mount.path().join("document.json");
        symlink("..data/document.json", &path).unwrap();
        let stop = CancellationToken::new();
        let mut settings = watch::<Vec<u32>>(path, stop.clone()).unwrap();
        assert_eq!(**settings.borrow_and_update(), [1]);
        publish(mount.path(), "2", "[2]");
        assert_eq!(changed(&mut settings).await, [2]);
        // Whether the wrong one was looked at or not, what is in force next is the right one.
        publish(mount.path(), "3", "none");
        publish(mount.path(), "4", "[4]");
        assert_eq!(changed(&mut settings).await, [4]);
        stop.cancel();
    }
}
