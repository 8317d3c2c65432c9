//! Mutual TLS over real connections: who gets in, who may call what, and new certificates while
//! programs run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::{path::Path, sync::Arc, time::Duration};

use ngpool_rpc::{
    Security, channel,
    security::{self, Mutual, SecurityError},
    status,
    v1::{
        ChainStatusRequest, StatusRequest, coinserver_client::CoinserverClient,
        status_client::StatusClient,
    },
};
use ngpool_runtime::Program;
use ngpool_settings::TlsFiles;
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType, string::Ia5String,
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{Code, service::Routes};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    /// Certificate and key of a program, into a folder, with the authorities it trusts.
    fn certify(&self, folder: &Path, program: &str, trusted: &[&Self]) -> TlsFiles {
        self.certify_as(
            folder,
            &[&format!("ngpool://pools/{program}/main")],
            trusted,
        )
    }

    fn certify_as(&self, folder: &Path, names: &[&str], trusted: &[&Self]) -> TlsFiles {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        for name in names {
            let name = Ia5String::try_from(*name).unwrap();
            params.subject_alt_names.push(SanType::URI(name));
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = TlsFiles {
            certificate: folder.join("tls.crt"),
            key: folder.join("tls.key"),
            authorities: folder.join("ca.crt"),
        };
        let bundle: String = trusted
            .iter()
            .map(|authority| authority.pem.as_str())
            .collect();
        std::fs::write(&files.certificate, certificate.pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        std::fs::write(&files.authorities, bundle).unwrap();
        files
    }
}

struct Server {
    url: String,
    mutual: Arc<Mutual>,
    stop: CancellationToken,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A program that answers `Status`.
async fn server(files: TlsFiles) -> Server {
    let mutual = Arc::new(Mutual::load(files).unwrap());
    let stop = CancellationToken::new();
    let program = Program::new("ngledger", "main", stop.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let security = Security::Mutual(Arc::clone(&mutual));
    let shutdown = stop.clone();
    tokio::spawn(async move {
        let routes = Routes::new(status::service(program));
        security::serve(listener, routes, &security, shutdown)
            .await
            .unwrap();
    });
    Server {
        url: format!("https://localhost:{port}"),
        mutual,
        stop,
    }
}

fn with(files: TlsFiles) -> Security {
    Security::Mutual(Arc::new(Mutual::load(files).unwrap()))
}

async fn ask(url: &str, security: &Security) -> Result<String, tonic::Status> {
    let channel = channel::connect(url, security).unwrap();
    let request = channel::with_deadline(StatusRequest {}, Duration::from_secs(10));
    let reply = StatusClient::new(channel).get(request).await?;
    Ok(reply.into_inner().program)
}

#[tokio::test]
async fn programs_of_the_pool_talk_and_strangers_do_not_get_in() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let folders: Vec<TempDir> = (0..4).map(|_| TempDir::new().unwrap()).collect();
    let server = server(authority.certify(folders[0].path(), "ngledger", &[&authority])).await;

    let known = with(authority.certify(folders[1].path(), "ngstratum", &[&authority]));
    assert_eq!(ask(&server.url, &known).await.unwrap(), "ngledger");

    // Signed by another, though it trusts the right one.
    let foreign = with(stranger.certify(folders[2].path(), "ngstratum", &[&authority]));
    ask(&server.url, &foreign).await.unwrap_err();
    // Trusts another.
    let misled = with(authority.certify(folders[3].path(), "ngstratum", &[&stranger]));
    ask(&server.url, &misled).await.unwrap_err();
    // In plain text.
    let plain = server.url.replace("https", "http");
    ask(&plain, &Security::Plain).await.unwrap_err();
}

#[tokio::test]
async fn a_program_of_another_pool_does_not_get_in() {
    let authority = Authority::new();
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = server(authority.certify(here.path(), "ngledger", &[&authority])).await;
    let name = ["ngpool://other/ngstratum/main"];
    let other = with(authority.certify_as(there.path(), &name, &[&authority]));
    ask(&server.url, &other).await.unwrap_err();
}

#[tokio::test]
async fn a_call_is_refused_to_a_program_that_may_not_make_it() {
    let authority = Authority::new();
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = server(authority.certify(here.path(), "ngledger", &[&authority])).await;
    let web = with(authority.certify(there.path(), "ngweb", &[&authority]));
    let channel = channel::connect(&server.url, &web).unwrap();
    let refused = CoinserverClient::new(channel)
        .chain_status(ChainStatusRequest {})
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(
        refused.message(),
        "ngpool://pools/ngweb/main may not call /ngpool.v1.Coinserver/ChainStatus"
    );
    // What it may call, it can.
    assert_eq!(ask(&server.url, &web).await.unwrap(), "ngledger");
}

/// The order of a rotation: the new authority into all bundles, new leaves, the old authority out.
#[tokio::test]
async fn authorities_are_rotated_while_programs_run() {
    let (old, new) = (Authority::new(), Authority::new());
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = server(old.certify(here.path(), "ngledger", &[&old])).await;
    let first_bundle = server.mutual.bundle();
    let files = old.certify(there.path(), "ngstratum", &[&old]);
    let mutual = Arc::new(Mutual::load(files).unwrap());
    let client = Security::Mutual(Arc::clone(&mutual));

    // A connection that stands goes on through all of it.
    let standing = channel::connect(&server.url, &client).unwrap();
    let mut standing = StatusClient::new(standing);
    standing.get(StatusRequest {}).await.unwrap();

    for (authority, trusted) in [
        (&old, vec![&old, &new]),
        (&new, vec![&old, &new]),
        (&new, vec![&new]),
    ] {
        authority.certify(here.path(), "ngledger", &trusted);
        assert!(server.mutual.refresh().unwrap());
        assert_eq!(ask(&server.url, &client).await.unwrap(), "ngledger");
        authority.certify(there.path(), "ngstratum", &trusted);
        assert!(mutual.refresh().unwrap());
        assert!(!mutual.refresh().unwrap());
        assert_eq!(ask(&server.url, &client).await.unwrap(), "ngledger");
        standing.get(StatusRequest {}).await.unwrap();
    }
    assert_ne!(server.mutual.bundle(), first_bundle);
    assert_eq!(server.mutual.bundle(), mutual.bundle());
}

#[tokio::test]
async fn files_that_cannot_be_used_change_nothing() {
    let authority = Authority::new();
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let files = authority.certify(here.path(), "ngledger", &[&authority]);
    let server = server(files.clone()).await;
    let client = with(authority.certify(there.path(), "ngstratum", &[&authority]));

    std::fs::write(&files.certificate, "no certificate").unwrap();
    let error = server.mutual.refresh().unwrap_err();
    assert!(matches!(error, SecurityError::Pem { .. }), "{error}");
    assert_eq!(ask(&server.url, &client).await.unwrap(), "ngledger");

    // A certificate that names no program would be refused by everybody.
    authority.certify_as(here.path(), &[], &[&authority]);
    let error = server.mutual.refresh().unwrap_err();
    assert!(matches!(error, SecurityError::Name { .. }), "{error}");
    // Neither would one that names two.
    let two = [
        "ngpool://pools/ngledger/main",
        "ngpool://pools/ngpayout/ltc",
    ];
    authority.certify_as(here.path(), &two, &[&authority]);
    let error = server.mutual.refresh().unwrap_err();
    assert!(matches!(error, SecurityError::Name { .. }), "{error}");
    assert_eq!(ask(&server.url, &client).await.unwrap(), "ngledger");
}

#[test]
fn an_address_says_whether_it_is_secure() {
    let error = channel::connect("https://localhost:1", &Security::Plain).unwrap_err();
    assert_eq!(
        error.to_string(),
        "peer address \"https://localhost:1\" must begin with http://"
    );
}
