//! A channel to one pod: by its address, checked against the name of its Service.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Secret;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tonic::{
    codegen::http::Uri,
    transport::{Channel, Endpoint},
};
use tower::service_fn;

/// Time a connection may take, its handshake included.
pub(super) const CONNECT: Duration = Duration::from_secs(2);

/// Why certificates cannot be used.
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// A key of the Secret is not there.
    #[error("the Secret has no key {0:?}")]
    Missing(&'static str),
    /// Not PEM of what it should be.
    #[error("{0:?} is not PEM of what it should be")]
    Pem(&'static str),
    /// They do not fit together.
    #[error("certificate, key and authorities cannot be used")]
    Rejected(#[from] rustls::Error),
}

/// The operator's certificate in one namespace, and the authorities of the Pool there.
#[derive(Clone)]
pub struct Credentials {
    digest: [u8; 32],
    client: Arc<ClientConfig>,
}

impl fmt::Debug for Credentials {
    /// Keys are never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Credentials {}

impl Credentials {
    /// Of a Secret with the keys `tls.crt`, `tls.key` and `ca.crt`.
    pub fn of_secret(secret: &Secret) -> Result<Self, CredentialsError> {
        let key = |key: &'static str| {
            secret
                .data
                .as_ref()
                .and_then(|data| data.get(key))
                .map(|bytes| bytes.0.as_slice())
                .ok_or(CredentialsError::Missing(key))
        };
        Self::of_pem(key("tls.crt")?, key("tls.key")?, key("ca.crt")?)
    }

    /// Of PEM texts.
    pub fn of_pem(
        certificate: &[u8],
        key: &[u8],
        authorities: &[u8],
    ) -> Result<Self, CredentialsError> {
        let mut roots = RootCertStore::empty();
        for authority in certificates(authorities, "ca.crt")? {
            roots.add(authority)?;
        }
        let private =
            PrivateKeyDer::from_pem_slice(key).map_err(|_| CredentialsError::Pem("tls.key"))?;
        let mut client =
            ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots)
                .with_client_auth_cert(certificates(certificate, "tls.crt")?, private)?;
        client.alpn_protocols = vec![b"h2".to_vec()];
        // A resumed session would outlive the authority that it was checked against.
        client.resumption = rustls::client::Resumption::disabled();
        let mut hash = Sha256::new();
        for text in [certificate, key, authorities] {
            // A length in memory fits.
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        Ok(Self {
            digest: hash.finalize().into(),
            client: Arc::new(client),
        })
    }
}

fn certificates(
    text: &[u8],
    key: &'static str,
) -> Result<Vec<CertificateDer<'static>>, CredentialsError> {
    CertificateDer::pem_slice_iter(text)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or(CredentialsError::Pem(key))
}

/// A channel that connects when first used and again after a loss.
pub(super) fn channel(
    address: SocketAddr,
    server: &str,
    credentials: &Credentials,
) -> Result<Channel, tonic::transport::Error> {
    let client = Arc::clone(&credentials.client);
    let server = server.to_owned();
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true);
    Ok(
        endpoint.connect_with_connector_lazy(service_fn(move |_: Uri| {
            connect(address, server.clone(), Arc::clone(&client))
        })),
    )
}

async fn connect(
    address: SocketAddr,
    server: String,
    client: Arc<ClientConfig>,
) -> std::io::Result<TokioIo<TlsStream<TcpStream>>> {
    let name = ServerName::try_from(server).map_err(std::io::Error::other)?;
    let connect = async {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(client).connect(name, stream).await
    };
    let stream = tokio::time::timeout(CONNECT, connect)
        .await
        .map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    Ok(TokioIo::new(stream))
}
