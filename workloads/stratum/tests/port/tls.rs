//! TLS on the miners' port.

use std::{path::Path, sync::Arc};

use ngpool_runtime::{Program, document};
use ngpool_settings::{StratumTls, TlsFiles};
use ngpool_testkit::StratumClient;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, ServerName};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use crate::support::{ALGORITHM, Pool, until, user};

/// Writes a new certificate and returns it.
fn certify(directory: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["pool.test".to_owned()]).unwrap();
    std::fs::write(directory.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(directory.join("tls.crt"), made.cert.pem()).unwrap();
    made.cert.der().clone()
}

async fn login(pool: &Pool, trusted: &CertificateDer<'static>) -> anyhow::Result<StratumClient> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone())?;
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(pool.address).await?;
    let name = ServerName::try_from("pool.test")?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    let mut miner = StratumClient::over(stream, ALGORITHM);
    miner.login(&user(1), "x").await?;
    Ok(miner)
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_and_plain_text_share_a_port_and_certificates_are_read_again() {
    let directory = TempDir::new().unwrap();
    let first = certify(directory.path());
    let pool = Pool::with(|settings| {
        settings.tls = Some(StratumTls {
            certificate: directory.path().join("tls.crt"),
            key: directory.path().join("tls.key"),
        });
    })
    .await;
    let mut encrypted = login(&pool, &first).await.unwrap();
    let mut plain = pool.miner(&user(2)).await;
    for (miner, name) in [(&mut encrypted, user(1)), (&mut plain, user(2))] {
        let job = miner.job().await.unwrap();
        let share = miner.mine(&job).unwrap();
        assert!(miner.submit(&name, &share).await.unwrap().is_accepted());
    }
    let second = certify(directory.path());
    until("the new certificate is shown", || async {
        login(&pool, &second).await.is_ok()
    })
    .await;
    assert!(login(&pool, &first).await.is_err());
    // Who was connected stays.
    let job = encrypted.job().await.unwrap();
    let share = encrypted.mine(&job).unwrap();
    assert!(
        encrypted
            .submit(&user(1), &share)
            .await
            .unwrap()
            .is_accepted()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_certificate_a_handshake_is_no_message() {
    let directory = TempDir::new().unwrap();
    let certificate = certify(directory.path());
    let pool = Pool::start().await;
    assert!(login(&pool, &certificate).await.is_err());
    pool.miner(&user(1)).await;
}

#[tokio::test]
async fn certificates_for_other_programs_that_cannot_be_read_are_refused_and_not_ignored() {
    let pool = Pool::start().await;
    let mut settings = (**pool.settings.borrow()).clone();
    settings.listen.tls = Some(TlsFiles {
        certificate: "tls.crt".into(),
        key: "tls.key".into(),
        authorities: "ca.crt".into(),
    });
    let program = Program::new("ngstratum", "other", CancellationToken::new());
    let error = ngstratum::run(document::fixed(settings), program)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("cannot read ca.crt"), "{error}");
}
