//! The routes with what is around them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use ngpool_runtime::Settings;
use ngpool_settings::WebSettings;
use ngpool_store::{Store, StoreError};
use tokio::sync::Semaphore;
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    set_header::SetResponseHeaderLayer,
};

use crate::{
    books::BooksCache,
    client, etag,
    metrics::Requests,
    openapi,
    problem::Problem,
    rate_limit::{self, Limiter},
    routes, signer,
};

/// Longest time an answer may take: every query is bounded far below it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) store: Store,
    pub(crate) settings: Settings<WebSettings>,
    pub(crate) books: BooksCache,
    /// Proofs that are made at once.
    pub(crate) proofs: Arc<Semaphore>,
}

impl Api {
    pub(crate) fn settings(&self) -> Arc<WebSettings> {
        Arc::clone(&self.settings.borrow())
    }
}

/// A failed query: the cause goes to the log, the client learns that the books cannot be read.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "a query failed");
        } else {
            tracing::error!(%error, "a query failed");
        }
        Self::unavailable()
    }
}

/// The rate limits: one for everybody, and one for signers.
#[derive(Debug, Clone)]
pub(crate) struct Limiters {
    pub(crate) public: Limiter,
    pub(crate) signer: Limiter,
}

pub(crate) fn router(api: Api, limiters: Limiters, requests: Requests) -> Router {
    let origins = api.settings.clone();
    let proxies = api.settings.clone();
    let cors = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, header::LINK, header::RETRY_AFTER])
        .max_age(Duration::from_hours(1))
        .allow_origin(AllowOrigin::predicate(move |origin: &HeaderValue, _| {
            origins
                .borrow()
                .allowed_origins
                .iter()
                .any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes())
        }));
    let signer = signer::router(api.clone(), limiters.signer);
    Router::new()
        .nest(
            "/api/v1",
            routes::router().route("/openapi.json", get(openapi::serve)),
        )
        .fallback(unknown_path)
        .method_not_allowed_fallback(|| async {
            Problem::method_not_allowed("this API is read with GET")
        })
        .with_state(api)
        .layer(middleware::from_fn(etag::tag))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn_with_state(
            limiters.public,
            rate_limit::limit,
        ))
        // No browser has business there: what follows allows none to send the token.
        .merge(signer)
        .layer(middleware::from_fn_with_state(proxies, client::identify))
        .layer(cors)
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(middleware::from_fn_with_state(requests, count))
}

async fn unknown_path(request: Request) -> Response {
    Problem::not_found("path", request.uri().path()).into_response()
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable().into_response(),
    }
}

async fn count(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    requests.answered(response.status());
    response
}
