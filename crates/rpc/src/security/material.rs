//! Certificates, keys and authorities as rustls wants them, read again when their files change.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use ngpool_settings::TlsFiles;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, crypto::aws_lc_rs, server::WebPkiClientVerifier,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::identity::{Identity, IdentityError};

/// gRPC is HTTP/2.
const ALPN: &[u8] = b"h2";

/// Why certificates cannot be used.
#[derive(Debug, Error)]
pub enum SecurityError {
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not PEM of what it should be.
    #[error("{path} is not a PEM file of {what}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// They do not fit together, or their kind is not known.
    #[error("certificate, key and authorities cannot be used")]
    Rejected(#[from] rustls::Error),
    /// The authorities cannot check anybody.
    #[error("the authorities in {path} cannot be used: {text}")]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why.
        text: String,
    },
    /// A program without a name would be refused by everybody.
    #[error("the certificate in {path} names no program")]
    Name {
        /// The file.
        path: PathBuf,
        /// Why.
        source: IdentityError,
    },
}

/// What is in force.
struct Force {
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
    bundle: String,
    identity: Identity,
}

/// One program's certificates and the authorities it trusts.
pub struct Mutual {
    files: TlsFiles,
    force: ArcSwap<Force>,
    /// Digest of what the files held when they were read; one reader at a time.
    seen: Mutex<[u8; 32]>,
}

impl fmt::Debug for Mutual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutual")
            .field("files", &self.files)
            .field("identity", &self.identity())
            .finish_non_exhaustive()
    }
}

/// The three files as they are now.
struct Texts {
    certificate: Vec<u8>,
    key: Vec<u8>,
    authorities: Vec<u8>,
}

impl Texts {
    fn read(files: &TlsFiles) -> Result<Self, SecurityError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|source| SecurityError::Read {
                path: path.to_owned(),
                source,
            })
        };
        // The authorities first: kubelet may swap the files meanwhile, and a program that says that it
        // trusts the new ones must have its new certificate too.
        let authorities = read(&files.authorities)?;
        Ok(Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?,
            authorities,
        })
    }

    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for text in [&self.certificate, &self.key, &self.authorities] {
            // A length in memory fits.
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

impl Mutual {
    /// Reads the files.
    pub fn load(files: TlsFiles) -> Result<Self, SecurityError> {
        let texts = Texts::read(&files)?;
        let force = force(&files, &texts)?;
        Ok(Self {
            files,
            force: ArcSwap::from_pointee(force),
            seen: Mutex::new(texts.digest()),
        })
    }

    /// Reads the files again and takes them into force if they changed. Connections that stand are
    /// not touched. With an error, what was read before stays.
    pub fn refresh(&self) -> Result<bool, SecurityError> {
        let texts = Texts::read(&self.files)?;
        let digest = texts.digest();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == digest {
            return Ok(false);
        }
        self.force.store(Arc::new(force(&self.files, &texts)?));
        *seen = digest;
        Ok(true)
    }

    /// SHA-256 of the authorities in force, in hexadecimal.
    pub fn bundle(&self) -> String {
        self.force.load().bundle.clone()
    }

    /// Who this program is to others.
    pub fn identity(&self) -> Identity {
        self.force.load().identity.clone()
    }

    pub(super) fn server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.force.load().server)
    }

    pub(crate) fn client(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.force.load().client)
    }
}

fn force(files: &TlsFiles, texts: &Texts) -> Result<Force, SecurityError> {
    let chain = certificates(&files.certificate, &texts.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&texts.key).map_err(|_| SecurityError::Pem {
        path: files.key.clone(),
        what: "a private key",
    })?;
    let mut roots = RootCertStore::empty();
    for authority in certificates(&files.authorities, &texts.authorities)? {
        roots.add(authority)?;
    }
    let roots = Arc::new(roots);
    let identity = chain
        .first()
        .map_or(Err(IdentityError::Certificate), |leaf| {
            Identity::of_certificate(leaf)
        })
        .map_err(|source| SecurityError::Name {
            path: files.certificate.clone(),
            source,
        })?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .build()
            .map_err(|error| SecurityError::Authorities {
                path: files.authorities.clone(),
                text: error.to_string(),
            })?;
    let mut server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain.clone(), key.clone_key())?;
    server.alpn_protocols = vec![ALPN.to_vec()];
    // A resumed session would outlive the authority that it was checked against.
    server.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    server.send_tls13_tickets = 0;
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)?;
    client.alpn_protocols = vec![ALPN.to_vec()];
    client.resumption = rustls::client::Resumption::disabled();
    Ok(Force {
        server: Arc::new(server),
        client: Arc::new(client),
        bundle: hex::encode(Sha256::digest(&texts.authorities)),
        identity,
    })
}

fn certificates(path: &Path, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, SecurityError> {
    CertificateDer::pem_slice_iter(text)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| SecurityError::Pem {
            path: path.to_owned(),
            what: "certificates",
        })
}
