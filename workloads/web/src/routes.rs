//! Handlers, one file a subject.

pub(crate) mod account;
pub(crate) mod blocks;
pub(crate) mod miners;
pub(crate) mod payouts;
pub(crate) mod pool;
pub(crate) mod reserve;
pub(crate) mod series;

use axum::{Router, routing::get};
use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use ngpool_store::{BlockCursor, BlockKey};
use serde::{Deserialize, Serialize};

use crate::{api::Api, page, problem::Problem};

pub(crate) fn router() -> Router<Api> {
    Router::new()
        .route("/pool", get(pool::pool))
        .route("/pool/hash-rate", get(series::pool))
        .route("/currencies", get(pool::currencies))
        .route("/currencies/{code}", get(pool::currency))
        .route("/currencies/{code}/books", get(pool::books))
        .route("/currencies/{code}/solvency", get(payouts::solvency))
        .route("/currencies/{code}/reserve", get(reserve::reserve))
        .route("/currencies/{code}/payouts", get(payouts::list))
        .route("/currencies/{code}/payouts/{number}", get(payouts::one))
        .route(
            "/currencies/{code}/payouts/{number}/payees",
            get(payouts::payees),
        )
        .route(
            "/currencies/{code}/payouts/{number}/versions/{version}",
            get(payouts::version),
        )
        .route("/sharechains", get(pool::sharechains))
        .route("/sharechains/{name}", get(pool::sharechain))
        .route("/sharechains/{name}/hash-rate", get(series::sharechain))
        .route("/sharechains/{name}/statements", get(blocks::chain))
        .route("/sharechains/{name}/periods", get(reserve::periods))
        .route(
            "/sharechains/{name}/periods/{currency}/{number}",
            get(reserve::period),
        )
        .route(
            "/sharechains/{name}/periods/{currency}/{number}/credits",
            get(reserve::credits),
        )
        .route("/ports", get(pool::ports))
        .route("/ports/{name}", get(pool::port))
        .route("/ports/{name}/hash-rate", get(series::port))
        .route("/nodes", get(pool::nodes))
        .route("/blocks", get(blocks::list))
        .route("/blocks/{currency}/{hash}", get(blocks::one))
        .route("/blocks/{currency}/{hash}/credits", get(blocks::credits))
        .route(
            "/blocks/{currency}/{hash}/statements",
            get(blocks::statements),
        )
        .route("/blocks/{currency}/{hash}/split", get(blocks::split))
        .route(
            "/blocks/{currency}/{hash}/proofs/{payee}",
            get(blocks::proofs),
        )
        .route("/miners/{user}", get(miners::miner))
        .route("/miners/{user}/statement", get(account::statement))
        .route("/miners/{user}/payouts", get(account::payouts))
        .route("/miners/{user}/standing", get(account::standing))
        .route("/miners/{user}/workers", get(miners::workers))
        .route("/miners/{user}/credits", get(miners::credits))
        .route("/miners/{user}/entries", get(miners::entries))
        .route("/miners/{user}/hash-rate", get(series::miner))
}

/// The cursor of lists of blocks, in its portable form.
#[derive(Serialize, Deserialize)]
pub(crate) struct BlockPosition(
    #[serde(deserialize_with = "page::time")] DateTime<Utc>,
    String,
    BlockHash,
);

impl From<BlockPosition> for BlockCursor {
    fn from(BlockPosition(found_at, currency, hash): BlockPosition) -> Self {
        Self {
            found_at,
            key: BlockKey { currency, hash },
        }
    }
}

pub(crate) fn block_key(currency: &str, hash: &str) -> Result<BlockKey, Problem> {
    let parsed = hash
        .parse()
        .map_err(|_| Problem::bad_parameter("hash", "must be 64 hex digits"))?;
    Ok(BlockKey {
        currency: currency.to_owned(),
        hash: parsed,
    })
}
