//! Path and query parameters whose refusals are problem documents.

use axum::{
    extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Parameters of the path.
pub(crate) struct Path<T>(pub(crate) T);

/// Parameters of the query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        no_nul(parts)?;
        AxumPath::from_request_parts(parts, state)
            .await
            .map(|AxumPath(value)| Self(value))
            .map_err(|refused| Problem::bad_parameter("path", refused.body_text()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        no_nul(parts)?;
        AxumQuery::from_request_parts(parts, state)
            .await
            .map(|AxumQuery(value)| Self(value))
            .map_err(|refused| Problem::bad_parameter("query", refused.body_text()))
    }
}

/// A NUL is in no name, and the database takes none in a text.
fn no_nul(parts: &Parts) -> Result<(), Problem> {
    if parts.uri.to_string().contains("%00") {
        return Err(Problem::bad_parameter(
            "path or query",
            "must not hold a NUL",
        ));
    }
    Ok(())
}
