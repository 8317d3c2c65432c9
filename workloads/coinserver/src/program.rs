//! The program as a whole: what is started, and in which order it ends.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bitcoin::hashes::{Hash, sha256};
use ngpool_rpc::{Security, security::SecurityError};
use ngpool_runtime::{Program, Settings, admin};
use ngpool_settings::CoinserverSettings;
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;

use crate::{
    daemon::{self, DaemonError},
    metrics::Metrics,
    monitor,
    node::{Node, NodeSettingsError},
    peers,
    service::service,
    source,
};

/// Blocks on their way to the daemon are waited for this long at shutdown.
const SUBMITS: Duration = Duration::from_secs(10);

/// Why the program cannot run.
#[derive(Debug, Error)]
pub enum RunError {
    /// An endpoint of ours is taken, or not ours to have.
    #[error("cannot listen on {address}")]
    Listen {
        /// From the settings.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The certificates that programs talk with cannot be used.
    #[error(transparent)]
    Security(#[from] SecurityError),
    /// The settings make no node.
    #[error(transparent)]
    Settings(#[from] NodeSettingsError),
    /// The daemon cannot be started at all.
    #[error("the daemon cannot be started")]
    Daemon(#[from] DaemonError),
    /// The gRPC server broke.
    #[error("the gRPC server ended")]
    Serve(#[from] tonic::transport::Error),
    /// A part that never ends has ended.
    #[error("a part of the program ended: {0}")]
    Part(String),
}

/// Runs until `program.shutdown`, then drains: streams end, blocks under way reach the daemon, and a
/// daemon of our own is stopped last.
pub async fn run(settings: Settings<CoinserverSettings>, program: Program) -> Result<(), RunError> {
    let current = settings.borrow().clone();
    let security = Security::start(current.listen.tls.as_ref(), &program)?;
    daemon::check(&current)?;
    let grpc = listen(current.listen.grpc).await?;
    let admin = listen(current.listen.admin).await?;
    let metrics = Metrics::registered(&program.metrics);
    let node = Arc::new(Node::new(settings.clone(), metrics.clone())?);
    note_document(&program, &current);

    let submits = TaskTracker::new();
    let stop_daemon = CancellationToken::new();
    let _stop_daemon_if_dropped = stop_daemon.clone().drop_guard();
    let supervisor = tokio::spawn(daemon::supervise(
        settings.clone(),
        node.phase.clone(),
        metrics,
        stop_daemon.clone(),
    ));

    let mut parts = JoinSet::new();
    parts.spawn(source::fetch(node.clone()));
    parts.spawn(source::long_poll(node.clone()));
    parts.spawn(source::poll(node.clone()));
    parts.spawn(source::listen(node.clone()));
    parts.spawn(monitor::watch(node.clone(), program.clone()));
    parts.spawn(peers::keep(node.clone()));
    parts.spawn(follow(node.clone(), program.clone()));
    let admin_program = program.clone();
    parts.spawn(async move {
        if let Err(error) = admin::serve_on(admin, admin_program).await {
            tracing::error!(%error, "the admin endpoint ended");
        }
        // It ends by itself at shutdown.
        std::future::pending::<()>().await;
    });

    tracing::info!(node = node.name, grpc = %current.listen.grpc, "ngcoinserver serves");
    let routes = Routes::new(service(node, submits.clone(), program.shutdown.clone()))
        .add_service(ngpool_rpc::status::service(program.clone()));
    let serving = ngpool_rpc::security::serve(grpc, routes, &security, program.shutdown.clone());
    let result = tokio::select! {
        result = serving => result.map_err(RunError::from),
        Some(part) = parts.join_next() => {
            let what = part.err().map_or_else(|| "it returned".to_owned(), |error| error.to_string());
            Err(RunError::Part(what))
        }
    };
    program.health.unready("stopping");
    submits.close();
    if tokio::time::timeout(SUBMITS, submits.wait()).await.is_err() {
        tracing::error!(
            count = submits.len(),
            "blocks were still on their way to the daemon"
        );
    }
    parts.shutdown().await;
    stop_daemon.cancel();
    if let Err(error) = supervisor.await {
        tracing::error!(%error, "the daemon's supervisor broke");
    }
    result
}

async fn listen(address: SocketAddr) -> Result<TcpListener, RunError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| RunError::Listen { address, source })
}

/// Applies what is applied in one place when the document changes.
async fn follow(node: Arc<Node>, program: Program) {
    let mut settings = node.settings.clone();
    let mut rpc = settings.borrow_and_update().rpc.clone();
    while settings.changed().await.is_ok() {
        let current = settings.borrow_and_update().clone();
        note_document(&program, &current);
        if current.currency.network != node.currency.network {
            tracing::error!(node = node.name, "a node's network never changes: ignored");
        }
        if current.rpc != rpc {
            match node.reconnect(&current) {
                Ok(()) => {
                    tracing::info!(node = node.name, "the daemon's RPC settings changed");
                    node.look.notify_one();
                }
                Err(error) => tracing::error!(node = node.name, %error, "the old RPC stays in use"),
            }
            rpc = current.rpc.clone();
        }
    }
    // The document will never change again.
    std::future::pending::<()>().await;
}

fn note_document(program: &Program, settings: &CoinserverSettings) {
    match serde_json::to_vec(settings) {
        Ok(text) => program
            .health
            .document(sha256::Hash::hash(&text).to_string()),
        Err(error) => tracing::warn!(%error, "the document cannot be told by its hash"),
    }
}
