//! Makes shares durable exactly once, and keeps live statistics: one ledger per sharechain.
//!
//! ```text
//!  ngstratum ──Hello, Ship──▶ service ──▶ ingest ──one transaction for all that wait──▶ PostgreSQL
//!            ◀──Follow──────── followers ◀── cuts ◀──NOTIFY, and a look each second──────┘  │
//!            ──ReportBlock──▶ service ─────────────────────────────────────────────────────▶│
//!            ──ReportLive───▶ live ────────────────────────────────────────────────────────▶│
//!                             keeper: seals chunks, counts statistics, makes and drops ────▶┘
//!                                     partitions
//! ```
//!
//! Two ledgers of one sharechain at once are harmless: the database decides what is stored, and the
//! first cut of a block stays. While PostgreSQL is away, `Ship` answers UNAVAILABLE and servers keep
//! their shares in their journals.

mod convert;
mod cuts;
mod document;
mod error;
mod followers;
#[doc(hidden)]
pub mod fuzzing;
mod ingest;
mod keeper;
mod ledger;
mod live;
mod metrics;
mod opening;
mod service;

pub use error::RunError;

use std::sync::Arc;

use ngpool_rpc::{MESSAGE_LIMIT, Security, status, v1::ledger_server::LedgerServer};
use ngpool_runtime::{Program, Settings, admin};
use ngpool_settings::LedgerSettings;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

/// Runs a ledger until the program shuts down.
///
/// Listeners are bound and the database's address is read before anything else; a database that does
/// not answer is waited for.
pub async fn run(settings: Settings<LedgerSettings>, program: Program) -> Result<(), RunError> {
    let document = Arc::clone(&settings.borrow());
    let security = Security::start(document.listen.tls.as_ref(), &program)?;
    let bind = |address| async move {
        TcpListener::bind(address)
            .await
            .map_err(|source| RunError::Bind { address, source })
    };
    let grpc = bind(document.listen.grpc).await?;
    let administration = bind(document.listen.admin).await?;
    let ledger = ledger::Ledger::start(settings.clone(), &program)?;

    let tasks = TaskTracker::new();
    let (health, stop) = (program.health.clone(), program.shutdown.clone());
    tasks.spawn(document::follow(settings, health, stop));
    tasks.spawn(opening::run(Arc::clone(&ledger), program.clone()));
    tasks.spawn(cuts::run(Arc::clone(&ledger), program.shutdown.clone()));
    tasks.spawn(keeper::run(Arc::clone(&ledger), program.shutdown.clone()));
    let stopped = program.shutdown.clone();
    let own_admin = program.clone();
    tasks.spawn(async move {
        if let Err(error) = admin::serve_on(administration, own_admin).await {
            tracing::error!(%error, "health and metrics are served no more");
        }
    });
    let service = LedgerServer::new(service::LedgerService::new(
        Arc::clone(&ledger),
        program.shutdown.clone(),
    ))
    .max_decoding_message_size(MESSAGE_LIMIT)
    .max_encoding_message_size(MESSAGE_LIMIT);
    let routes = Routes::new(service).add_service(status::service(program.clone()));
    let served = ngpool_rpc::security::serve(grpc, routes, &security, stopped).await;
    program.shutdown.cancel();
    tasks.close();
    tasks.wait().await;
    ledger.close().await;
    served.map_err(RunError::Serve)
}
