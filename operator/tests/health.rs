//! Programs asked for their status over real connections.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use ngpool_operator::health::{Credentials, Poller, Reports, Round, Target};
use ngpool_rpc::{
    Security,
    security::{self, Mutual},
    status,
};
use ngpool_runtime::Program;
use ngpool_settings::TlsFiles;
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType, string::Ia5String,
};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

const PATIENCE: Duration = Duration::from_secs(20);

/// An authority of one Pool.
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
        let issuer = Issuer::new(params, key);
        Self { pem, issuer }
    }

    /// Certificate and key of a program behind a Service.
    fn certify(&self, service: &str, uri: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![service.to_owned()]).unwrap();
        let name = Ia5String::try_from(uri).unwrap();
        params.subject_alt_names.push(SanType::URI(name));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    fn operator(&self) -> Credentials {
        let (certificate, key) = self.certify("operator", "ngpool://mine/ngpool-operator/pool");
        Credentials::of_pem(certificate.as_bytes(), key.as_bytes(), self.pem.as_bytes()).unwrap()
    }
}

struct Server {
    program: Program,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Server {
    fn target(&self, pod: &str, service: &str) -> Target {
        Target {
            pod: pod.to_owned(),
            address: self.address,
            server: service.to_owned(),
        }
    }
}

/// A ledger that answers `Status` behind a Service of this name.
async fn serve(authority: &Authority, service: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = authority.certify(service, "ngpool://mine/ngledger/main");
    let files = TlsFiles {
        certificate: folder.path().join("tls.crt"),
        key: folder.path().join("tls.key"),
        authorities: folder.path().join("ca.crt"),
    };
    std::fs::write(&files.certificate, certificate).unwrap();
    std::fs::write(&files.key, key).unwrap();
    std::fs::write(&files.authorities, &authority.pem).unwrap();
    let mutual = Arc::new(Mutual::load(files).unwrap());
    let stop = CancellationToken::new();
    let program = Program::new("ngledger", "main", stop.clone());
    program.health.bundle(mutual.bundle());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (routes, shutdown) = (Routes::new(status::service(program.clone())), stop.clone());
    tokio::spawn(async move {
        let security = Security::Mutual(mutual);
        security::serve(listener, routes, &security, shutdown)
            .await
            .unwrap();
    });
    Server {
        program,
        address,
        stop,
    }
}

fn round(authority: &Authority, targets: Vec<Target>) -> Round {
    Round {
        targets,
        credentials: Some(authority.operator()),
        hurry: false,
    }
}

#[tokio::test]
async fn each_pod_is_asked_by_its_address_and_told_apart() {
    let authority = Authority::new();
    let well = serve(&authority, "sharechain-main").await;
    let unwell = serve(&authority, "sharechain-main").await;
    well.program.health.ready();
    well.program.health.fact("followers", 2);
    unwell
        .program
        .health
        .unready("the database does not answer");
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = Target {
        pod: "c".to_owned(),
        address: gone.local_addr().unwrap(),
        server: "sharechain-main".to_owned(),
    };
    drop(gone);
    let targets = vec![
        well.target("a", "sharechain-main"),
        unwell.target("b", "sharechain-main"),
        nobody,
    ];

    let reports = Poller::default().once(round(&authority, targets)).await;

    assert!(reports["a"].ready && reports["a"].answered);
    assert_eq!(reports["a"].number("followers"), Some(2));
    assert_eq!(reports["a"].program, "ngledger");
    assert_eq!(reports["a"].bundle.len(), 64);
    assert_eq!(reports["b"].reason, "the database does not answer");
    assert!(reports["b"].answered && !reports["b"].ready);
    assert!(!reports["c"].answered);
    let refused = &reports["c"].reason;
    assert!(refused.contains("refused"), "{refused}");
}

#[tokio::test]
async fn a_pod_that_is_not_of_its_service_or_pool_is_not_believed() {
    let authority = Authority::new();
    let server = serve(&authority, "sharechain-other").await;
    let targets = vec![server.target("a", "sharechain-main")];
    let reports = Poller::default().once(round(&authority, targets)).await;
    let reason = &reports["a"].reason;
    assert!(
        !reports["a"].answered && reason.contains("sharechain-main"),
        "{reason}"
    );

    let stranger = Authority::new();
    let targets = vec![server.target("a", "sharechain-other")];
    let reports = Poller::default().once(round(&stranger, targets)).await;
    let reason = &reports["a"].reason;
    assert!(
        !reports["a"].answered && reason.contains("certificate"),
        "{reason}"
    );
}

#[tokio::test]
async fn without_a_certificate_nobody_is_asked() {
    let authority = Authority::new();
    let server = serve(&authority, "sharechain-main").await;
    let reports = Poller::default()
        .once(Round {
            targets: vec![server.target("a", "sharechain-main")],
            ..Round::default()
        })
        .await;
    assert_eq!(reports, Reports::new());
}

#[tokio::test]
async fn reports_are_told_when_they_are_news_and_after_the_pods_change() {
    let authority = Authority::new();
    let first = serve(&authority, "sharechain-main").await;
    let second = serve(&authority, "sharechain-main").await;
    first.program.health.ready();
    second.program.health.ready();
    let (asked, asking) = watch::channel(vec![first.target("a", "sharechain-main")]);
    let (tell, mut told) = watch::channel(Arc::<Reports>::default());
    let wake = Arc::new(tokio::sync::Notify::new());
    let stop = CancellationToken::new();
    let credentials = authority.operator();
    let source = move || Round {
        targets: asking.borrow().clone(),
        credentials: Some(credentials.clone()),
        hurry: false,
    };
    let watching =
        tokio::spawn(Poller::default().watch(source, Arc::clone(&wake), tell, stop.clone()));
    let mut until = async |what: &dyn Fn(&Reports) -> bool| {
        let reached = told.wait_for(|reports| what(reports));
        drop(
            tokio::time::timeout(PATIENCE, reached)
                .await
                .unwrap()
                .unwrap(),
        );
    };
    until(&|reports| reports.get("a").is_some_and(|a| a.ready)).await;

    first.program.health.unready("leaving");
    wake.notify_one();
    until(&|reports| reports["a"].reason == "leaving").await;

    asked.send_replace(vec![second.target("b", "sharechain-main")]);
    wake.notify_one();
    until(&|reports| reports.keys().eq(["b"]) && reports["b"].ready).await;

    stop.cancel();
    tokio::time::timeout(PATIENCE, watching)
        .await
        .unwrap()
        .unwrap();
}
