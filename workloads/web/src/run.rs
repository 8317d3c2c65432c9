//! The program: its listeners, its database, and changes to its document.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use ngpool_rpc::{Security, security::SecurityError, status};
use ngpool_runtime::{Program, Settings, admin};
use ngpool_settings::WebSettings;
use ngpool_store::{Store, StoreError, StoreOptions};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use crate::{
    api::{Api, Limiters, router},
    books::BooksCache,
    metrics::{Jobs, Requests},
    rate_limit::Limiter,
    server, signer,
};

/// Time between two looks at the database for readiness, and at the file with its URL.
const DATABASE_CHECK: Duration = Duration::from_secs(2);

/// Time between two looks at what the jobs found out: they run every minute, scrapes come every 15 s.
const JOBS_CHECK: Duration = Duration::from_secs(10);

/// Proofs that are made at once: each holds a whole split.
const PROOFS: usize = 2;

/// Why the program cannot run.
#[derive(Debug, Error)]
pub enum RunError {
    /// An address is taken or not ours.
    #[error("cannot listen on {address} ({purpose}): {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What for.
        purpose: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The file with the database URL cannot be read.
    #[error("cannot read the database URL from {path}: {source}")]
    DatabaseUrl {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database URL is not one.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The certificates that programs talk with cannot be used.
    #[error(transparent)]
    Security(#[from] SecurityError),
}

/// Serves the API until the shutdown.
pub async fn run(mut settings: Settings<WebSettings>, program: Program) -> Result<(), RunError> {
    let now = settings.borrow_and_update().clone();
    let security = Security::start(now.listen.tls.as_ref(), &program)?;
    let public = listen(now.bind, "the API").await?;
    let grpc = listen(now.listen.grpc, "gRPC").await?;
    let health = listen(now.listen.admin, "health and metrics").await?;
    let url = std::fs::read_to_string(&now.database_url_file).map_err(|source| {
        RunError::DatabaseUrl {
            path: now.database_url_file.clone(),
            source,
        }
    })?;
    let store = Store::open(
        &url,
        &StoreOptions {
            program: program.kind.to_owned(),
            ..StoreOptions::default()
        },
    )?;

    let limiters = Limiters {
        public: Limiter::new(&now.rate_limit),
        signer: Limiter::new(&signer::RATE),
    };
    let api = Api {
        store: store.clone(),
        settings: settings.clone(),
        books: BooksCache::default(),
        proofs: Arc::new(Semaphore::new(PROOFS)),
    };
    let router = router(api, limiters.clone(), Requests::register(&program.metrics));

    let jobs = Jobs::register(&program.metrics);
    let tasks = TaskTracker::new();
    tasks.spawn(server::serve(public, router, program.shutdown.clone()));
    tasks.spawn(admin::serve_on(health, program.clone()));
    let stop = program.shutdown.clone();
    let own_status = status::service(program.clone());
    tasks.spawn(async move {
        let routes = Routes::new(own_status);
        ngpool_rpc::security::serve(grpc, routes, &security, stop).await
    });
    tasks.close();

    tell_document(&program, &now);
    tracing::info!(address = %now.bind, "the API is served");
    let mut check = tokio::time::interval(DATABASE_CHECK);
    let mut refresh = tokio::time::interval(JOBS_CHECK);
    loop {
        tokio::select! {
            () = program.shutdown.cancelled() => break,
            changed = settings.changed() => {
                if changed.is_err() {
                    // Whoever made the document is gone; what it said last stays in force.
                    program.shutdown.cancelled().await;
                    break;
                }
                let new = settings.borrow_and_update().clone();
                tell_document(&program, &new);
                limiters.public.change(&new.rate_limit);
            }
            _ = refresh.tick() => {
                if let Err(error) = jobs.refresh(&store).await {
                    tracing::warn!(%error, "what the jobs found out is not exported");
                }
            }
            _ = check.tick() => {
                limiters.public.forget_idle();
                limiters.signer.forget_idle();
                let url = settings.borrow().database_url_file.clone();
                store.renew_from(&url).await;
                match store.check_schema().await {
                    Ok(()) => program.health.ready(),
                    Err(error) => program.health.unready(error.to_string()),
                }
            }
        }
    }
    tasks.wait().await;
    store.close().await;
    Ok(())
}

/// Says which document is in force.
fn tell_document(program: &Program, document: &WebSettings) {
    match serde_json::to_vec(document) {
        Ok(text) => program.health.document(hex::encode(Sha256::digest(text))),
        Err(error) => tracing::error!(%error, "the document in force cannot be told"),
    }
}

async fn listen(address: SocketAddr, purpose: &'static str) -> Result<TcpListener, RunError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| RunError::Listen {
            address,
            purpose,
            source,
        })
}
