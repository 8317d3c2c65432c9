//! Parsers that are private, for the fuzz targets: requests up to the first query of the database.

use axum::{
    Json, Router,
    body::Body,
    http::{Request, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use ngpool_store::BlockCursor;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

use crate::{
    extract::{Path, Query},
    page::{self, PageQuery},
    problem::Problem,
    routes::{
        BlockPosition,
        account::LinePosition,
        block_key,
        blocks::BlockQuery,
        miners::EntryPosition,
        series::{SeriesQuery, WorkerQuery},
    },
};

/// Reads what any route reads of a path and query, and returns the HTTP status it would answer:
/// 200 where the books would be asked. None for a text that is no URI.
pub async fn request(uri: &str) -> Option<u16> {
    let uri: Uri = uri.parse().ok()?;
    let request = Request::get(uri).body(Body::empty()).ok()?;
    let routes = Router::<()>::new()
        .route("/blocks", get(blocks))
        .route("/blocks/{currency}/{hash}", get(block))
        .route("/miners/{user}/hash-rate", get(series))
        .route("/miners/{user}/{list}", get(lists));
    match routes.oneshot(request).await {
        Ok(response) => Some(response.status().as_u16()),
        Err(never) => match never {},
    }
}

/// Reads a cursor as each list does and writes what was read again. Returns the texts that would
/// reach the database.
pub fn cursor(cursor: &str) -> Vec<String> {
    let query = PageQuery {
        limit: None,
        cursor: Some(cursor.to_owned()),
    };
    let mut texts = Vec::new();
    if let Some(position) = read::<BlockPosition>(&query) {
        let BlockCursor { found_at, key } = position.into();
        bounded(found_at);
        texts.push(key.currency);
    }
    if let Some(EntryPosition(at, _)) = read(&query) {
        bounded(at);
    }
    if let Some(LinePosition(to, at, _, _)) = read(&query) {
        bounded(to);
        bounded(at);
    }
    if let Some(name) = read::<String>(&query) {
        texts.push(name);
    }
    if let Some((payee, sharechain)) = read::<(String, String)>(&query) {
        texts.extend([payee, sharechain]);
    }
    texts
}

fn read<T: Serialize + for<'a> Deserialize<'a>>(query: &PageQuery) -> Option<T> {
    let key: T = query.after().ok()??;
    let again = PageQuery {
        limit: None,
        cursor: Some(page::encode(&key)),
    };
    let reread = again.after::<T>();
    assert!(matches!(reread, Ok(Some(_))), "a cursor of ours is refused");
    Some(key)
}

/// PostgreSQL has times from 4713 BC.
fn bounded(at: DateTime<Utc>) {
    assert!(at.timestamp() >= 0, "{at} reaches the database");
}

async fn blocks(
    Query(filter): Query<BlockQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page.limit()?;
    page.after::<BlockPosition>()?;
    let filter = filter.filter()?;
    Ok((StatusCode::OK, Json((limit, filter.currency))).into_response())
}

async fn block(
    Path((currency, hash)): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let key = block_key(&currency, &hash)?;
    page.after::<(String, String)>()?;
    Ok(Json(key.currency).into_response())
}

async fn series(
    Path(user): Path<String>,
    Query(worker): Query<WorkerQuery>,
    Query(query): Query<SeriesQuery>,
) -> Result<Response, Problem> {
    let steps = query.steps(Utc::now())?;
    assert!((1..=1_441).contains(&steps), "a series of {steps} steps");
    Ok(Json((user, worker.worker, steps)).into_response())
}

async fn lists(
    Path((user, _list)): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page.limit()?;
    page.after::<EntryPosition>()?;
    Ok(Json((user, limit)).into_response())
}
