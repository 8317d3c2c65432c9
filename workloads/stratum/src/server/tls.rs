//! TLS on the miners' port: certificates that are read again when their files change.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwapOption;
use ngpool_settings::StratumTls;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

/// First byte of a TLS handshake; no stratum message starts with it.
pub const HANDSHAKE: u8 = 0x16;

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not PEM of what it should be.
    #[error("{path} is not a PEM file of a {what}")]
    Pem {
        /// The file.
        path: String,
        /// What it should hold.
        what: &'static str,
    },
    /// Certificate and key do not fit, or their kind is not known.
    #[error("certificate and key cannot be used: {0}")]
    Rejected(#[from] rustls::Error),
}

/// The certificate in force; without one, handshakes fail and plain connections go on.
#[derive(Default)]
pub struct Certificates {
    key: ArcSwapOption<CertifiedKey>,
    /// What the files held when they were read.
    seen: parking_lot::Mutex<Option<(Vec<u8>, Vec<u8>)>>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The seen files hold the private key.
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Certificates {
    /// Reads the files and takes them into force if they have changed. With an error the old
    /// certificate stays. Returns whether it changed.
    pub fn refresh(&self, files: Option<&StratumTls>) -> Result<bool, TlsError> {
        let Some(files) = files else {
            *self.seen.lock() = None;
            return Ok(self.key.swap(None).is_some());
        };
        let read = |path: &std::path::Path| {
            std::fs::read(path).map_err(|source| TlsError::Read {
                path: path.display().to_string(),
                source,
            })
        };
        let texts = (read(&files.certificate)?, read(&files.key)?);
        let mut seen = self.seen.lock();
        if seen.as_ref() == Some(&texts) {
            return Ok(false);
        }
        let key = certified_key(files, &texts.0, &texts.1)?;
        self.key.store(Some(Arc::new(key)));
        *seen = Some(texts);
        Ok(true)
    }
}

fn certified_key(
    files: &StratumTls,
    certificate: &[u8],
    key: &[u8],
) -> Result<CertifiedKey, TlsError> {
    let pem = |path: &std::path::Path, what| TlsError::Pem {
        path: path.display().to_string(),
        what,
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|chain: &Vec<_>| !chain.is_empty())
        .ok_or_else(|| pem(&files.certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| pem(&files.key, "private key"))?;
    Ok(CertifiedKey::from_der(
        chain,
        key,
        &aws_lc_rs::default_provider(),
    )?)
}

#[derive(Debug)]
struct Resolver(Arc<Certificates>);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.key.load_full()
    }
}

/// An acceptor that always shows the certificate in force.
pub fn acceptor(certificates: Arc<Certificates>) -> Result<TlsAcceptor, TlsError> {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Resolver(certificates)));
    Ok(TlsAcceptor::from(Arc::new(config)))
}
