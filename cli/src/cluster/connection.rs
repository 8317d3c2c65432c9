//! From a kubeconfig to a client.

use std::path::PathBuf;

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use thiserror::Error;

use super::ConnectionArgs;

/// Why there is no client.
#[derive(Debug, Error)]
pub enum ConnectionError {
    /// The kubeconfig cannot be used.
    #[error("the kubeconfig {path} cannot be used")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: kube::config::KubeconfigError,
    },
    /// There is no kubeconfig, or it has no such context.
    #[error("no cluster is configured: set KUBECONFIG, or pass --kubeconfig and --context")]
    Kubeconfig(#[source] kube::config::KubeconfigError),
    /// Neither a kubeconfig nor a cluster around this process.
    #[error("no cluster is configured: set KUBECONFIG, or pass --kubeconfig and --context")]
    Infer(#[source] kube::config::InferConfigError),
    /// The client cannot be made.
    #[error("no client can be made of the kubeconfig")]
    Client(#[source] kube::Error),
}

/// A client and the namespace that is asked.
#[derive(Clone)]
pub struct Connection {
    /// The client.
    pub client: Client,
    /// The namespace.
    pub namespace: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// As the options say; inside a pod without a kubeconfig, by its service account.
    pub async fn open(arguments: &ConnectionArgs) -> Result<Self, ConnectionError> {
        let options = KubeConfigOptions {
            context: arguments.context.clone(),
            ..KubeConfigOptions::default()
        };
        let config = match (&arguments.kubeconfig, &arguments.context) {
            (Some(path), _) => {
                let wrong = |source| ConnectionError::File {
                    path: path.clone(),
                    source,
                };
                let file = Kubeconfig::read_from(path).map_err(wrong)?;
                Config::from_custom_kubeconfig(file, &options)
                    .await
                    .map_err(wrong)?
            }
            (None, Some(_)) => Config::from_kubeconfig(&options)
                .await
                .map_err(ConnectionError::Kubeconfig)?,
            (None, None) => Config::infer().await.map_err(ConnectionError::Infer)?,
        };
        let namespace = arguments
            .namespace
            .clone()
            .unwrap_or_else(|| config.default_namespace.clone());
        Ok(Self {
            client: Client::try_from(config).map_err(ConnectionError::Client)?,
            namespace,
        })
    }
}
