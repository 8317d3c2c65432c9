//! `/healthz`, `/readyz` and `/metrics` of a program.

use std::net::SocketAddr;

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use tokio::net::TcpListener;

use crate::Program;

/// Serves until the program shuts down.
pub async fn serve(address: SocketAddr, program: Program) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    serve_on(listener, program).await
}

/// Serves on a socket that is bound already.
pub async fn serve_on(listener: TcpListener, program: Program) -> std::io::Result<()> {
    let shutdown = program.shutdown.clone();
    axum::serve(listener, router(&program))
        .with_graceful_shutdown(async move { shutdown.cancelled().await })
        .await
}

fn router(program: &Program) -> Router {
    let health = program.health.clone();
    let metrics = program.metrics.clone();
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route(
            "/readyz",
            get(move || async move {
                let report = health.report();
                if report.ready {
                    (StatusCode::OK, "ready\n".to_owned())
                } else {
                    (
                        StatusCode::SERVICE_UNAVAILABLE,
                        format!("{}\n", report.reason),
                    )
                }
            }),
        )
        .route(
            "/metrics",
            get(move || async move {
                match metrics.text() {
                    Ok(text) => (
                        [(
                            header::CONTENT_TYPE,
                            "application/openmetrics-text; version=1.0.0; charset=utf-8",
                        )],
                        text,
                    )
                        .into_response(),
                    Err(error) => {
                        (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response()
                    }
                }
            }),
        )
}
