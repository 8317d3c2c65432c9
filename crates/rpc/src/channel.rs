//! Channels to other programs.

use std::time::Duration;

use thiserror::Error;
use tonic::transport::{Channel, Endpoint};

/// A peer's URL that cannot be used.
#[derive(Debug, Error)]
#[error("peer address {url:?} is not a URL such as http://127.0.0.1:4001")]
pub struct PeerUrlError {
    /// As configured.
    pub url: String,
    /// Why.
    pub source: tonic::transport::Error,
}

/// A channel that connects when first used and again after a loss.
pub fn connect(url: &str) -> Result<Channel, PeerUrlError> {
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(|source| PeerUrlError {
        url: url.to_owned(),
        source,
    })?;
    Ok(endpoint
        .connect_timeout(Duration::from_secs(2))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .initial_stream_window_size(Some(4 * 1024 * 1024))
        .initial_connection_window_size(Some(8 * 1024 * 1024))
        .connect_lazy())
}

/// Gives a unary call a deadline.
pub fn with_deadline<T>(message: T, deadline: Duration) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(deadline);
    request
}
