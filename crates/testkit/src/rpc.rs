//! A small JSON-RPC client for the daemons of tests.

use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};

/// Above the 60 s of a long poll and of `generatetoaddress` on a loaded machine.
const TIMEOUT: Duration = Duration::from_mins(2);

/// The daemon's answer was an error of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonError {
    /// Such as −9.
    pub code: i64,
    /// The daemon's words.
    pub message: String,
}

impl std::fmt::Display for DaemonError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} (code {})", self.message, self.code)
    }
}

impl std::error::Error for DaemonError {}

/// One call. `credentials` is `user:password`; the result is the daemon's `result`.
///
/// An error of the daemon can be had back with `error.downcast_ref::<DaemonError>()`.
pub async fn call(
    url: &str,
    credentials: &str,
    method: &str,
    params: Value,
) -> anyhow::Result<Value> {
    let authorization = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(credentials.trim())
    );
    let body = json!({"jsonrpc": "1.0", "id": 1, "method": method, "params": params});
    let request = Request::post(url)
        .header(header::AUTHORIZATION, authorization)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body.to_string())))?;
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http();
    let exchange = async {
        let response = client.request(request).await?;
        let status = response.status();
        anyhow::Ok((status, response.into_body().collect().await?.to_bytes()))
    };
    let (status, text) = tokio::time::timeout(TIMEOUT, exchange)
        .await
        .with_context(|| format!("{method}: no answer in {TIMEOUT:?}"))?
        .with_context(|| format!("{method} at {url}"))?;
    let mut reply: Value =
        serde_json::from_slice(&text).with_context(|| format!("{method}: HTTP {status}"))?;
    let error = reply["error"].take();
    if !error.is_null() {
        return Err(anyhow::Error::new(DaemonError {
            code: error["code"].as_i64().unwrap_or_default(),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
        })
        .context(format!("the daemon refuses {method}")));
    }
    Ok(reply["result"].take())
}
