//! Channels to other programs.

use std::{sync::Arc, time::Duration};

use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::{
    codegen::http::Uri,
    transport::{Channel, Endpoint},
};
use tower::service_fn;

use crate::security::{Mutual, Security};

/// Time a connection may take, its handshake included.
const CONNECT: Duration = Duration::from_secs(2);

/// A peer's URL that cannot be used.
#[derive(Debug, Error)]
pub enum PeerUrlError {
    /// Not a URL.
    #[error("peer address {url:?} is not a URL such as http://127.0.0.1:4001")]
    Form {
        /// As configured.
        url: String,
        /// Why.
        source: tonic::transport::Error,
    },
    /// Plain text where there are certificates, or the other way round.
    #[error("peer address {url:?} must begin with {scheme}://")]
    Scheme {
        /// As configured.
        url: String,
        /// What is right.
        scheme: &'static str,
    },
}

/// A channel that connects when first used and again after a loss. With certificates the peer must
/// be what its Service is called, and whatever certificate is in force is shown at each connection.
pub fn connect(url: &str, security: &Security) -> Result<Channel, PeerUrlError> {
    let (scheme, rest) = match security {
        Security::Plain => ("http", url.strip_prefix("http://")),
        Security::Mutual(_) => ("https", url.strip_prefix("https://")),
    };
    let rest = rest.ok_or_else(|| PeerUrlError::Scheme {
        url: url.to_owned(),
        scheme,
    })?;
    // tonic would look for TLS of its own behind an https URL; ours is in the connector.
    let endpoint = Endpoint::from_shared(format!("http://{rest}"))
        .map_err(|source| PeerUrlError::Form {
            url: url.to_owned(),
            source,
        })?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .initial_stream_window_size(Some(4 * 1024 * 1024))
        .initial_connection_window_size(Some(8 * 1024 * 1024));
    Ok(match security {
        Security::Plain => endpoint.connect_lazy(),
        Security::Mutual(mutual) => {
            let mutual = Arc::clone(mutual);
            endpoint.connect_with_connector_lazy(service_fn(move |peer: Uri| {
                connect_to(peer, Arc::clone(&mutual))
            }))
        }
    })
}

async fn connect_to(
    peer: Uri,
    mutual: Arc<Mutual>,
) -> std::io::Result<TokioIo<tokio_rustls::client::TlsStream<TcpStream>>> {
    let host = peer.host().unwrap_or_default().to_owned();
    let name = ServerName::try_from(host.clone()).map_err(std::io::Error::other)?;
    let connect = async {
        let stream = TcpStream::connect((host.as_str(), peer.port_u16().unwrap_or(443))).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(mutual.client())
            .connect(name, stream)
            .await
    };
    let stream = tokio::time::timeout(CONNECT, connect)
        .await
        .map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    Ok(TokioIo::new(stream))
}

/// Gives a unary call a deadline.
pub fn with_deadline<T>(message: T, deadline: Duration) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(deadline);
    request
}
