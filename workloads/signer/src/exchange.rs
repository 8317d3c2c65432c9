//! Talking to the pool: two requests over HTTP, asked by the signer. Nobody can call it.
//!
//! The token opens nothing else at the pool, and the pool's certificate is verified, by the public
//! authorities or by those of a file. Without TLS the pool must be on this machine.

use std::{
    fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Uri, body::Bytes, header};
use hyper_util::rt::TokioIo;
use ngpool_signing::request::{
    MAX_REQUEST, Poll, Request, RequestError, Response, request_path, response_path,
};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// A request of 64 MiB over a slow line takes minutes, silence does not.
const PATIENCE: Duration = Duration::from_mins(5);
const CONNECT_PATIENCE: Duration = Duration::from_secs(15);

/// The pool's address, with everything that a request to it needs.
pub struct Pool {
    host: String,
    port: u16,
    /// Path before ours, without a slash at its end.
    prefix: String,
    token: header::HeaderValue,
    tls: Option<TlsConnector>,
}

/// How to reach the pool and whom to believe.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// `https://HOST[:PORT][/PATH]`.
    pub url: String,
    /// File whose first line is the token.
    pub token_file: PathBuf,
    /// File with the authorities that may have signed the pool's certificate, instead of the
    /// public ones.
    pub ca_file: Option<PathBuf>,
    /// Plain HTTP to another machine.
    pub allow_http: bool,
}

/// Why the pool cannot be asked.
#[derive(Debug, Error)]
pub enum ExchangeError {
    /// Not an address of a pool.
    #[error(
        "{0:?} is not the address of a pool: give https://HOST, with :PORT and /PATH if need be"
    )]
    Url(String),
    /// Whoever is on the way could read the token and change what is answered.
    #[error(
        "{0} is on another machine and the line is not encrypted: use https://, or --allow-http where something else encrypts it"
    )]
    Plain(String),
    /// The token cannot be read.
    #[error("cannot read the token in {path}")]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The first line is no token.
    #[error("the first line of {0} is not a token: one word of visible letters")]
    Token(PathBuf),
    /// The authorities cannot be used.
    #[error("the certificates in {path} cannot be used: {reason}")]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// TLS cannot be set up at all.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
    /// Nobody answers, or not in time, or with another certificate.
    #[error("the pool at {host} cannot be reached: {reason}")]
    Unreachable {
        /// The pool's host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The token is not the pool's.
    #[error("the pool does not take the token: put its own into the token file")]
    Unauthorised,
    /// The pool has no such currency, or no signer's endpoints.
    #[error("the pool knows no signer of {0}: is the address right, and the currency's code?")]
    Unknown(String),
    /// Any other answer than those agreed on.
    #[error("the pool answers {status}{}", detail.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Status {
        /// HTTP status.
        status: u16,
        /// What it says about it.
        detail: Option<String>,
    },
    /// What came is not what was asked for.
    #[error("the pool's answer cannot be used")]
    Answer(#[from] RequestError),
}

impl Pool {
    /// Reads the options; nothing is sent.
    pub fn new(options: &PoolOptions) -> Result<Self, ExchangeError> {
        let bad = || ExchangeError::Url(options.url.clone());
        let uri: Uri = options.url.parse().map_err(|_| bad())?;
        let authority = uri.authority().ok_or_else(bad)?;
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(bad());
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let (is_tls, usual_port) = match uri.scheme_str() {
            Some("https") => (true, 443),
            Some("http") => (false, 80),
            _ => return Err(bad()),
        };
        let is_here = host == "localhost"
            || host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        if !is_tls && !is_here && !options.allow_http {
            return Err(ExchangeError::Plain(host));
        }
        let tls = if is_tls {
            Some(TlsConnector::from(Arc::new(tls(options
                .ca_file
                .as_deref())?)))
        } else {
            None
        };
        Ok(Self {
            port: authority.port_u16().unwrap_or(usual_port),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            token: read_token(&options.token_file)?,
            host,
            tls,
        })
    }

    /// Asks for what there is to do; none when there is nothing.
    pub async fn poll(&self, poll: &Poll) -> Result<Option<Request>, ExchangeError> {
        let currency = &poll.currency;
        let (status, body) = self.post(&request_path(currency), poll).await?;
        match status {
            204 => Ok(None),
            200 => Ok(Some(Request::parse(&body)?)),
            _ => Err(refused(status, currency, &body)),
        }
    }

    /// Hands an answer over.
    pub async fn answer(&self, response: &Response) -> Result<(), ExchangeError> {
        let currency = &response.currency;
        let (status, body) = self.post(&response_path(currency), response).await?;
        match status {
            200 | 204 => Ok(()),
            _ => Err(refused(status, currency, &body)),
        }
    }

    async fn post(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<(u16, Bytes), ExchangeError> {
        let unreachable = |reason: String| ExchangeError::Unreachable {
            host: self.host.clone(),
            reason,
        };
        let body = serde_json::to_vec(document).map_err(|error| unreachable(error.to_string()))?;
        let host = if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        };
        let request = hyper::Request::post(format!("{}{path}", self.prefix))
            .header(header::HOST, host)
            .header(header::AUTHORIZATION, self.token.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| unreachable(error.to_string()))?;
        let exchange = async {
            let stream = self.connect().await?;
            exchange(stream, request).await
        };
        timeout(PATIENCE, exchange)
            .await
            .unwrap_or_else(|_| Err(format!("nothing heard for {} s", PATIENCE.as_secs())))
            .map_err(unreachable)
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, String> {
        let connect = async {
            let tcp = TcpStream::connect((self.host.as_str(), self.port))
                .await
                .map_err(|error| error.to_string())?;
            let Some(tls) = &self.tls else {
                return Ok(Box::new(tcp) as Box<dyn Stream>);
            };
            let name =
                ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
            let session = tls
                .connect(name, tcp)
                .await
                .map_err(|error| error.to_string())?;
            Ok(Box::new(session) as Box<dyn Stream>)
        };
        timeout(CONNECT_PATIENCE, connect)
            .await
            .unwrap_or_else(|_| Err(format!("no connection in {} s", CONNECT_PATIENCE.as_secs())))
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn exchange(
    stream: Box<dyn Stream>,
    request: hyper::Request<Full<Bytes>>,
) -> Result<(u16, Bytes), String> {
    let said = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(said)?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(said)?;
        let status = response.status().as_u16();
        // One byte more than is taken, so that what is too long is told as such.
        let most = usize::try_from(MAX_REQUEST + 1).map_err(|error| error.to_string())?;
        let body = Limited::new(response.into_body(), most)
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    };
    tokio::pin!(answer);
    tokio::select! {
        answered = &mut answer => answered,
        // The connection ends first when the pool closes it right behind its answer.
        ended = connection => match ended {
            Ok(()) => answer.await,
            Err(error) => Err(error.to_string()),
        },
    }
}

fn refused(status: u16, currency: &str, body: &[u8]) -> ExchangeError {
    #[derive(Deserialize)]
    struct Problem {
        detail: Option<String>,
        title: Option<String>,
    }
    match status {
        401 | 403 => ExchangeError::Unauthorised,
        404 => ExchangeError::Unknown(currency.to_owned()),
        _ => ExchangeError::Status {
            status,
            detail: serde_json::from_slice::<Problem>(body)
                .ok()
                .and_then(|problem| problem.detail.or(problem.title))
                .map(|text| text.chars().filter(|c| !c.is_control()).take(300).collect()),
        },
    }
}

fn read_token(path: &Path) -> Result<header::HeaderValue, ExchangeError> {
    let text = fs::read_to_string(path).map_err(|source| ExchangeError::TokenFile {
        path: path.to_owned(),
        source,
    })?;
    let text = zeroize::Zeroizing::new(text);
    let token = text.lines().next().unwrap_or_default().trim();
    let bad = || ExchangeError::Token(path.to_owned());
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad());
    }
    let mut value = header::HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| bad())?;
    value.set_sensitive(true);
    Ok(value)
}

fn tls(ca_file: Option<&Path>) -> Result<ClientConfig, ExchangeError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ExchangeError::Setup)?;
    let Some(path) = ca_file else {
        let public: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        return Ok(builder.with_root_certificates(public).with_no_client_auth());
    };
    let refused = |reason: String| ExchangeError::Authorities {
        path: path.to_owned(),
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
        return Err(refused("there is none in it".to_owned()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
