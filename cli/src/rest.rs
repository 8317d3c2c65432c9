//! Questions to a pool's own REST API.

use std::{net::SocketAddr, time::Duration};

use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use serde_json::Value;
use thiserror::Error;

use crate::http::exchange;

/// The API runs on this machine: longer than this is as good as no answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum RestError {
    /// No connection, or it broke.
    #[error("the API at {address} does not answer: {reason}")]
    Unreachable {
        /// Where it should be.
        address: SocketAddr,
        /// Why.
        reason: String,
    },
    /// An answer that is not the one asked for.
    #[error("the API answered {path} with {status}: {detail}")]
    Refused {
        /// What was asked.
        path: String,
        /// HTTP status.
        status: u16,
        /// The problem's own words.
        detail: String,
    },
}

/// The API of one pool.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    address: SocketAddr,
}

impl Rest {
    /// The API that is served on an address; one served on all addresses is asked on loopback.
    pub fn new(mut address: SocketAddr) -> Self {
        if address.ip().is_unspecified() {
            let loopback = match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            };
            address.set_ip(loopback);
        }
        Self { address }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The JSON document of a path.
    pub async fn get(&self, path: &str) -> Result<Value, RestError> {
        let (status, body) =
            self.exchange(path)
                .await
                .map_err(|reason| RestError::Unreachable {
                    address: self.address,
                    reason,
                })?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status == 200 {
            return Ok(value);
        }
        let words = value.get("detail").or_else(|| value.get("title"));
        Err(RestError::Refused {
            path: path.to_owned(),
            status,
            detail: words
                .and_then(Value::as_str)
                .unwrap_or("no reason given")
                .to_owned(),
        })
    }

    async fn exchange(&self, path: &str) -> Result<(u16, Bytes), String> {
        let request = Request::get(path)
            .header(header::HOST, self.address.to_string())
            .header(header::ACCEPT, "application/json")
            .body(Full::default())
            .map_err(|error| error.to_string())?;
        exchange(self.address, request, TIMEOUT).await
    }
}
