//! A local port that leads into a pod: what `kubectl port-forward` does, except that it outlives the
//! pod. Each connection goes to whichever pod is ready then.

use std::{net::SocketAddr, time::Duration};

use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::ListParams};
use thiserror::Error;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::Connection;

/// How long a connection waits for a pod that can take it: a roll-out of the web side is shorter.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time between two looks for such a pod.
const LOOK: Duration = Duration::from_millis(500);

/// Why nothing can be forwarded.
#[derive(Debug, Error)]
pub enum ForwardError {
    /// The local port is taken.
    #[error("port {port} of this machine cannot be listened on: pass another with --port")]
    Listen {
        /// Which.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The pods cannot be listed.
    #[error("the pods of {what} cannot be listed")]
    List {
        /// Whose.
        what: &'static str,
        /// Why.
        source: Box<kube::Error>,
    },
    /// None is ready.
    #[error("no pod of {what} is ready: see `kubectl ngpool status`")]
    NoPod {
        /// Whose.
        what: &'static str,
    },
    /// The pod has no such port.
    #[error("pod {pod} has no port named `{port}`")]
    NoPort {
        /// Which pod.
        pod: String,
        /// The port.
        port: &'static str,
    },
    /// The API server refuses, for want of `create` on `pods/portforward` for instance.
    #[error("the API server does not forward to pod {pod}")]
    Refused {
        /// Which pod.
        pod: String,
        /// Why.
        source: Box<kube::Error>,
    },
}

/// Where a connection goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination {
    /// What it is, for messages.
    pub(super) what: &'static str,
    /// Label selector of its pods.
    pub(super) selector: &'static str,
    /// Name of the port.
    pub(super) port: &'static str,
}

/// The web side of a pool.
pub(super) const WEB: Destination = Destination {
    what: "the web side",
    selector: "app.kubernetes.io/component=pool-web,app.kubernetes.io/part-of=ngpool",
    port: "http",
};

/// A local port; closed when dropped.
#[derive(Debug)]
pub(super) struct Forward {
    pub(super) address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Forward {
    /// Listens on a port of loopback, 0 for any. An error now if no pod can take a connection now;
    /// later, connections wait for one.
    pub(super) async fn open(
        connection: &Connection,
        to: Destination,
        port: u16,
    ) -> Result<Self, ForwardError> {
        find(connection, to).await?;
        let failed = |source| ForwardError::Listen { port, source };
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let accepting = tokio::spawn(accept(listener, connection.clone(), to));
        Ok(Self { address, accepting })
    }
}

async fn accept(listener: TcpListener, connection: Connection, to: Destination) {
    // Aborted with the set when the forward is dropped.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(carry(stream, connection.clone(), to));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(mut local: TcpStream, connection: Connection, to: Destination) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut remote = loop {
        match dial(&connection, to).await {
            Ok(stream) => break stream,
            Err(error) if tokio::time::Instant::now() >= deadline => {
                tracing::warn!(error = %anyhow::Error::from(error), "a connection was given up");
                return;
            }
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    };
    // Either side may end a connection at any time.
    let _ended = copy_bidirectional(&mut local, &mut remote).await;
}

async fn dial(
    connection: &Connection,
    to: Destination,
) -> Result<impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + use<>, ForwardError> {
    let (pod, port) = find(connection, to).await?;
    let pods: Api<Pod> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let refused = |source| ForwardError::Refused {
        pod: pod.clone(),
        source: Box::new(source),
    };
    let mut forwarder = pods.portforward(&pod, &[port]).await.map_err(refused)?;
    forwarder
        .take_stream(port)
        .ok_or(ForwardError::NoPort { pod, port: to.port })
}

/// A ready pod and the number of its port.
async fn find(connection: &Connection, to: Destination) -> Result<(String, u16), ForwardError> {
    let pods: Api<Pod> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let selected = ListParams::default().labels(to.selector);
    let list = pods
        .list(&selected)
        .await
        .map_err(|source| ForwardError::List {
            what: to.what,
            source: Box::new(source),
        })?;
    let pod = list
        .items
        .into_iter()
        .find(is_ready)
        .ok_or(ForwardError::NoPod { what: to.what })?;
    let name = pod.metadata.name.clone().unwrap_or_default();
    let number = pod
        .spec
        .iter()
        .flat_map(|spec| &spec.containers)
        .flat_map(|container| container.ports.iter().flatten())
        .filter(|port| port.name.as_deref() == Some(to.port))
        .find_map(|port| u16::try_from(port.container_port).ok());
    match number {
        Some(number) => Ok((name, number)),
        None => Err(ForwardError::NoPort {
            pod: name,
            port: to.port,
        }),
    }
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|it| it.conditions.as_ref());
    pod.metadata.deletion_timestamp.is_none()
        && conditions.is_some_and(|all| {
            all.iter()
                .any(|one| one.type_ == "Ready" && one.status == "True")
        })
}
