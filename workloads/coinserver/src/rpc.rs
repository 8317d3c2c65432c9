//! JSON-RPC of the coin daemon.
//!
//! ```text
//!  call(method, params) ──▶ credentials (read again after a 401) ──▶ HTTP/1.1, time-out, size limit
//!                                                                          │
//!  T  ◀── result                    RpcError, in the daemon's own words ◀──┘
//! ```

mod credentials;
mod error;
mod reply;

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use ngpool_settings::DaemonRpc;
use serde::de::DeserializeOwned;
use serde_json::{Value, json, value::RawValue};

use crate::metrics::Metrics;
use credentials::Credentials;

pub use error::RpcUrlError;
pub(crate) use error::{RpcError, code};
pub(crate) use reply::{BlockHeader, BlockchainInfo, NetworkInfo};
pub(crate) use reply::{parse as parse_reply, plain};

/// Largest answer read: `getblock` with every transaction of a 4 MB block is about 30 MB of text.
const REPLY_LIMIT: usize = 64 * 1024 * 1024;

/// Answers above this many bytes are parsed off the reactor: they take milliseconds.
const PARSE_ELSEWHERE: usize = 128 * 1024;

/// A daemon on this machine or next to it answers a connect at once or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are closed before the daemon does it (its `rpcservertimeout` is 30 s).
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// First TCP keep-alive on an idle connection, such as one that waits for a long poll.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// One daemon's RPC; shared by everything that talks to it.
pub(crate) struct DaemonClient {
    http: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
    credentials: Credentials,
    timeout: Duration,
    metrics: Metrics,
}

impl std::fmt::Debug for DaemonClient {
    // By hand: the credentials stay out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DaemonClient")
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}

impl DaemonClient {
    /// A client; nothing is connected or read yet.
    pub(crate) fn new(settings: &DaemonRpc, metrics: Metrics) -> Result<Self, RpcUrlError> {
        let uri = parse_url(&settings.url)?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        connector.set_keepalive(Some(KEEP_ALIVE));
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Ok(Self {
            http,
            uri,
            credentials: Credentials::new(settings.credentials_file.clone()),
            timeout: Duration::from_secs(settings.timeout_s),
            metrics,
        })
    }

    /// How long a usual call may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A call within the usual time.
    pub(crate) async fn call<T>(&self, method: &'static str, params: Value) -> Result<T, RpcError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.call_within(method, params, self.timeout).await
    }

    /// A call within a time of its own.
    pub(crate) async fn call_within<T>(
        &self,
        method: &'static str,
        params: Value,
        limit: Duration,
    ) -> Result<T, RpcError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let answer = tokio::time::timeout(limit, self.exchange(method, params)).await;
        let answer = answer.unwrap_or_else(|_elapsed| {
            let url = self.uri.to_string();
            Err(RpcError::Timeout {
                method,
                url,
                seconds: limit.as_secs_f32(),
            })
        });
        self.finish(method, answer).await
    }

    /// A call that is answered whenever the daemon has something to say.
    ///
    /// No time limit on purpose: the daemon does not notice a client that went, so every long poll
    /// given up holds one of its few threads until the next block. TCP keep-alive ends a dead one.
    pub(crate) async fn long_poll<T>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<T, RpcError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let answer = self.exchange(method, params).await;
        self.finish(method, answer).await
    }

    /// Calls that the daemon answers in one request and in their order, within the usual time. One
    /// that fails fails all. `name` stands for them in errors and metrics.
    pub(crate) async fn batch(
        &self,
        name: &'static str,
        calls: &[(&'static str, Value)],
    ) -> Result<Vec<Box<RawValue>>, RpcError> {
        let body: Vec<Value> = calls
            .iter()
            .enumerate()
            .map(|(id, (method, params))| {
                json!({"jsonrpc": "1.0", "id": id, "method": method, "params": params})
            })
            .collect();
        let body = Bytes::from(Value::from(body).to_string());
        let answer = tokio::time::timeout(self.timeout, self.exchange_body(name, body)).await;
        let answer = answer.unwrap_or_else(|_elapsed| {
            Err(RpcError::Timeout {
                method: name,
                url: self.uri.to_string(),
                seconds: self.timeout.as_secs_f32(),
            })
        });
        let result = match answer {
            Ok((status, body)) => reply::decode_batch(name, status, body, calls.len()).await,
            Err(error) => Err(error),
        };
        self.metrics.rpc_call(name, result.as_ref().err());
        result
    }

    async fn finish<T>(
        &self,
        method: &'static str,
        answer: Result<(StatusCode, Bytes), RpcError>,
    ) -> Result<T, RpcError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let result = match answer {
            Ok((status, body)) => reply::decode(method, status, body).await,
            Err(error) => Err(error),
        };
        self.metrics.rpc_call(method, result.as_ref().err());
        result
    }

    async fn exchange(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<(StatusCode, Bytes), RpcError> {
        let body =
            json!({"jsonrpc": "1.0", "id": "ngcoinserver", "method": method, "params": params});
        self.exchange_body(method, Bytes::from(body.to_string()))
            .await
    }

    async fn exchange_body(
        &self,
        method: &'static str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), RpcError> {
        let authorization = self.credentials.current().await?;
        let (status, answer) = self.send(method, body.clone(), &authorization).await?;
        if status != StatusCode::UNAUTHORIZED {
            return Ok((status, answer));
        }
        // A daemon that was started again has written a new cookie.
        match self.credentials.renewed(&authorization).await? {
            Some(renewed) => {
                let (status, answer) = self.send(method, body, &renewed).await?;
                if status == StatusCode::UNAUTHORIZED {
                    return Err(self.unauthorized());
                }
                Ok((status, answer))
            }
            None => Err(self.unauthorized()),
        }
    }

    async fn send(
        &self,
        method: &'static str,
        body: Bytes,
        authorization: &credentials::Authorization,
    ) -> Result<(StatusCode, Bytes), RpcError> {
        let request = Request::post(self.uri.clone())
            .header(header::AUTHORIZATION, authorization.header())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|source| self.interrupted(method, &source))?;
        let response = self.http.request(request).await.map_err(|source| {
            if source.is_connect() {
                RpcError::Unreachable {
                    url: self.uri.to_string(),
                    reason: error::root_cause(&source),
                }
            } else {
                self.interrupted(method, &source)
            }
        })?;
        let status = response.status();
        match Limited::new(response.into_body(), REPLY_LIMIT)
            .collect()
            .await
        {
            Ok(body) => Ok((status, body.to_bytes())),
            Err(source) if source.is::<LengthLimitError>() => Err(RpcError::TooLarge {
                method,
                limit: REPLY_LIMIT,
            }),
            Err(source) => Err(self.interrupted(method, source.as_ref())),
        }
    }

    fn interrupted(&self, method: &'static str, source: &dyn std::error::Error) -> RpcError {
        RpcError::Interrupted {
            method,
            url: self.uri.to_string(),
            reason: error::root_cause(source),
        }
    }

    fn unauthorized(&self) -> RpcError {
        RpcError::Unauthorized {
            url: self.uri.to_string(),
            credentials_file: self.credentials.path().to_owned(),
        }
    }
}

fn parse_url(url: &str) -> Result<Uri, RpcUrlError> {
    let refused = |reason: &str| RpcUrlError {
        reason: reason.to_owned(),
    };
    let uri: Uri = url.parse().map_err(|_invalid| refused("it is not a URL"))?;
    if uri.scheme_str() != Some("http") {
        return Err(refused("it must start with http://"));
    }
    let authority = uri.authority().ok_or_else(|| refused("it names no host"))?;
    if authority.as_str().contains('@') {
        return Err(refused(
            "user and password belong into the credentials file",
        ));
    }
    if authority.port_u16().is_none() {
        return Err(refused("it names no port"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::parse_url;

    #[test]
    fn urls_that_cannot_work_are_refused_with_the_reason() {
        for (url, reason) in [
            ("127.0.0.1:19443", "must start with http://"),
            ("https://127.0.0.1:19443", "must start with http://"),
            ("http://127.0.0.1", "no port"),
            ("http://user:secret@127.0.0.1:19443", "credentials file"),
            ("http://", "not a URL"),
        ] {
            let text = parse_url(url).unwrap_err().to_string();
            assert!(text.contains(reason), "{url}: {text}");
            assert!(!text.contains("secret"), "{text}");
        }
        parse_url("http://127.0.0.1:19443").unwrap();
        parse_url("http://node.example:19443/wallet/pool").unwrap();
    }
}
