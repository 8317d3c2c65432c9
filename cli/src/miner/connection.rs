//! A line-by-line connection to a pool, plain or TLS.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

use super::{PoolUrl, protocol::LINE_LIMIT};

/// A pool that does not answer the handshake within this is taken for dead.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whom to trust on a TLS port.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TlsTrust {
    /// The usual public authorities.
    #[default]
    Public,
    /// The certificates of a PEM file.
    File(PathBuf),
    /// Anyone: encrypted, but not protected from somebody in between.
    Anyone,
}

/// Why there is no connection.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// No TCP connection.
    #[error("cannot connect to {url}: {source}")]
    Tcp {
        /// The pool.
        url: PoolUrl,
        /// Why.
        source: std::io::Error,
    },
    /// No answer within ten seconds.
    #[error("no answer from {0} within {seconds} s", seconds = CONNECT_TIMEOUT.as_secs())]
    Timeout(PoolUrl),
    /// No TLS session.
    #[error("no TLS session with {url}: {source}; --tls-ca FILE trusts a pool's own certificate")]
    Tls {
        /// The pool.
        url: PoolUrl,
        /// Why.
        source: std::io::Error,
    },
    /// The file of trusted certificates cannot be used.
    #[error("cannot use the certificates of {path}: {reason}")]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The host cannot be the name in a certificate.
    #[error("{0:?} cannot be the name in a certificate")]
    Name(String),
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// Why a connection ended.
#[derive(Debug, Error)]
pub(super) enum LineError {
    /// The other side closed it.
    #[error("the pool closed the connection")]
    Closed,
    /// It broke.
    #[error("connection lost: {0}")]
    Io(#[from] std::io::Error),
    /// No pool sends such lines.
    #[error("the pool sent a line longer than {LINE_LIMIT} bytes")]
    TooLong,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An open connection.
pub(super) struct Connection(Framed<Box<dyn Stream>, LinesCodec>);

impl Connection {
    /// Connects within ten seconds.
    pub(super) async fn open(url: &PoolUrl, trust: &TlsTrust) -> Result<Self, ConnectError> {
        match timeout(CONNECT_TIMEOUT, open(url, trust)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ConnectError::Timeout(url.clone())),
        }
    }

    /// Over a stream that is open already.
    pub(super) fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        let codec = LinesCodec::new_with_max_length(LINE_LIMIT);
        Self(Framed::new(Box::new(stream), codec))
    }

    /// The next line. Cancelling it loses nothing.
    pub(super) async fn receive(&mut self) -> Result<String, LineError> {
        match self.0.next().await {
            None => Err(LineError::Closed),
            Some(Ok(line)) => Ok(line),
            Some(Err(LinesCodecError::MaxLineLengthExceeded)) => Err(LineError::TooLong),
            Some(Err(LinesCodecError::Io(error))) => Err(LineError::Io(error)),
        }
    }

    /// Sends one line.
    pub(super) async fn send(&mut self, line: String) -> Result<(), LineError> {
        self.0.send(line).await.map_err(|error| match error {
            LinesCodecError::MaxLineLengthExceeded => LineError::TooLong,
            LinesCodecError::Io(error) => LineError::Io(error),
        })
    }
}

async fn open(url: &PoolUrl, trust: &TlsTrust) -> Result<Connection, ConnectError> {
    let tcp = async {
        let stream = TcpStream::connect((url.host.as_str(), url.port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    let tcp = tcp.await.map_err(|source| ConnectError::Tcp {
        url: url.clone(),
        source,
    })?;
    let stream: Box<dyn Stream> = if url.tls {
        let name = ServerName::try_from(url.host.clone())
            .map_err(|_| ConnectError::Name(url.host.clone()))?;
        let session = TlsConnector::from(Arc::new(tls_config(trust)?))
            .connect(name, tcp)
            .await
            .map_err(|source| ConnectError::Tls {
                url: url.clone(),
                source,
            })?;
        Box::new(session)
    } else {
        Box::new(tcp)
    };
    Ok(Connection(Framed::new(
        stream,
        LinesCodec::new_with_max_length(LINE_LIMIT),
    )))
}

fn tls_config(trust: &TlsTrust) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(ConnectError::Setup)?;
    let roots = match trust {
        TlsTrust::Anyone => {
            return Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unverified(provider)))
                .with_no_client_auth());
        }
        TlsTrust::Public => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
        TlsTrust::File(path) => {
            let refused = |reason: String| ConnectError::Authorities {
                path: path.clone(),
                reason,
            };
            let mut roots = RootCertStore::empty();
            let certificates =
                CertificateDer::pem_file_iter(path).map_err(|error| refused(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| refused(error.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|error| refused(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(refused("it holds none".to_owned()));
            }
            roots
        }
    };
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Takes any certificate, because the user asked for it; signatures are checked all the same.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
