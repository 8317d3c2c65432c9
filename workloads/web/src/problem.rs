//! Errors as RFC 9457 problem documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An error answer, `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of problem, a stable name such as `about:blank#unknown-block`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The kind in words.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong with this request, and what would be right.
    pub(crate) detail: String,
}

/// Characters of a detail that quotes the client.
const MAX_DETAIL: usize = 400;

impl Problem {
    /// 400: a parameter that cannot be understood.
    pub(crate) fn bad_parameter(name: &str, detail: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-parameter",
            "A parameter is not valid",
            format!("{name}: {detail}"),
        )
    }

    /// 400: a body that is not the document it should be.
    pub(crate) fn bad_document(detail: impl std::fmt::Display) -> Self {
        // A stranger's text in an answer stays short.
        let detail = detail
            .to_string()
            .chars()
            .take(MAX_DETAIL)
            .collect::<String>();
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-document",
            "The body is not such a document",
            detail,
        )
    }

    /// 401: not the signer's token. What was shown is not told again.
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The signer's token is needed",
            "send `Authorization: Bearer TOKEN` with the token of this pool's signers",
        )
    }

    /// 409: a document about something else than the path.
    pub(crate) fn conflict(detail: impl std::fmt::Display) -> Self {
        let detail = detail
            .to_string()
            .chars()
            .take(MAX_DETAIL)
            .collect::<String>();
        Self::new(
            StatusCode::CONFLICT,
            "conflict",
            "The document belongs elsewhere",
            detail,
        )
    }

    /// 413: a body that is longer than is read.
    pub(crate) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large",
            "a poll has at most 64 KiB, a response at most 16 MiB",
        )
    }

    /// 404: a thing that is not there.
    pub(crate) fn not_found(what: &str, name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such thing here",
            format!("no {what} {name:?}"),
        )
    }

    /// 405: the path exists, the method does not.
    pub(crate) fn method_not_allowed(way_out: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "The method is not allowed",
            way_out,
        )
    }

    /// 429: more requests than the client may make.
    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many requests",
            format!("try again in {seconds} s"),
        )
    }

    /// 503: signers cannot be let in now.
    pub(crate) fn signer_unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Signers cannot be served now",
            "the reason is in the log of the web program",
        )
    }

    /// 503: the payout job has not dealt with what signers sent.
    pub(crate) fn inbox_full() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "inbox-full",
            "Too many answers of signers are waiting",
            "the payout job must deal with them first; send this one again later",
        )
    }

    /// 503: the database does not answer. The cause is for the log, never for the client.
    pub(crate) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The books cannot be read now",
            "the database does not answer; try again",
        )
    }

    fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("about:blank#{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
