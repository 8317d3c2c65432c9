//! The endpoints for signers: a signer asks what there is to sign, and says what came of it.
//!
//! ```text
//!  ngsign ──poll──▶ /signer/v1/{currency}/request ──▶ statements after its position, an open task
//!  ngsign ──────▶ /signer/v1/{currency}/response ──▶ inbox (append only) ──▶ ngpayout
//! ```
//!
//! Everything here needs the pool's signer token, and the token opens nothing else. What comes in is
//! put into an inbox as it came: this program decides nothing about payouts and cannot touch them.

mod exchange;
mod token;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use ngpool_settings::RateLimit;
use ngpool_signing::request::{MAX_POLL, MAX_RESPONSE};
use tokio::sync::Semaphore;

pub(crate) use exchange::{__path_request, __path_response};

use crate::{
    api::Api,
    problem::Problem,
    rate_limit::{self, Limiter},
};

/// Requests of one address: a signer polls every few seconds. Attempts with a wrong token count too.
pub(crate) const RATE: RateLimit = RateLimit {
    per_second: 5,
    burst: 30,
};

/// Exchanges at once. Each may hold a response or an answer of some 16 MiB.
const AT_ONCE: usize = 4;

/// Longest time an exchange may take, its transfer included.
const EXCHANGE_TIMEOUT: Duration = Duration::from_mins(2);

/// What the handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    api: Api,
    places: Arc<Semaphore>,
}

pub(crate) fn router(api: Api, limiter: Limiter) -> Router {
    let desk = Desk {
        api,
        places: Arc::new(Semaphore::new(AT_ONCE)),
    };
    let limit = |bytes: u64| DefaultBodyLimit::max(usize::try_from(bytes).unwrap_or(usize::MAX));
    Router::new()
        .route(
            "/signer/v1/{currency}/request",
            post(exchange::request).layer(limit(MAX_POLL)),
        )
        .route(
            "/signer/v1/{currency}/response",
            post(exchange::response).layer(limit(MAX_RESPONSE)),
        )
        .method_not_allowed_fallback(|| async {
            Problem::method_not_allowed("signers ask and answer with POST")
        })
        .layer(middleware::from_fn_with_state(desk.clone(), admit))
        .layer(middleware::from_fn_with_state(limiter, rate_limit::limit))
        .with_state(desk)
}

/// Lets a request in that shows the token, when there is a place, for a bounded time.
async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let Some(file) = desk.api.settings().signer_token_file.clone() else {
        return Problem::not_found("path", request.uri().path()).into_response();
    };
    let token = match token::Token::read(&file).await {
        Ok(token) => token,
        Err(error) => {
            tracing::error!(%error, "signers cannot be let in");
            return Problem::signer_unavailable().into_response();
        }
    };
    if !token.is_shown(request.headers()) {
        let mut refused = Problem::unauthorized().into_response();
        refused.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"signer\""),
        );
        return refused;
    }
    drop(token);
    // Nothing after this needs it, so nothing after this can tell it.
    request.headers_mut().remove(header::AUTHORIZATION);
    let Ok(_place) = desk.places.try_acquire() else {
        return Problem::too_many_requests(1).into_response();
    };
    let answered = tokio::time::timeout(EXCHANGE_TIMEOUT, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Problem::signer_unavailable().into_response());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
