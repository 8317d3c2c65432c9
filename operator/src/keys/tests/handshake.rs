//! The programs' own side of it takes what the operator makes, over real connections.

use std::{net::SocketAddr, path::Path, sync::Arc, time::SystemTime};

use ngpool_rpc::{
    Security,
    security::{self, Mutual},
    status,
};
use ngpool_runtime::Program;
use ngpool_settings::TlsFiles;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use super::{Data, OPERATOR_SECRET, Phase, World};
use crate::health::{Credentials, Poller, Report, Round, Target};

/// A ledger with its files.
struct Ledger {
    folder: TempDir,
    mutual: Arc<Mutual>,
    program: Program,
    address: SocketAddr,
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.program.shutdown.cancel();
    }
}

fn mount(folder: &Path, data: &Data) -> TlsFiles {
    for (key, value) in data {
        std::fs::write(folder.join(key), value).unwrap();
    }
    TlsFiles {
        certificate: folder.join("tls.crt"),
        key: folder.join("tls.key"),
        authorities: folder.join("ca.crt"),
    }
}

impl Ledger {
    async fn start(world: &World) -> Self {
        let folder = TempDir::new().unwrap();
        let files = mount(folder.path(), &world.secret("sharechain-main-tls"));
        let mutual = Arc::new(Mutual::load(files).unwrap());
        let program = Program::new("ngledger", "main", CancellationToken::new());
        program.health.bundle(mutual.bundle());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let security = Security::Mutual(Arc::clone(&mutual));
        let (routes, stop) = (
            Routes::new(status::service(program.clone())),
            program.shutdown.clone(),
        );
        tokio::spawn(async move {
            security::serve(listener, routes, &security, stop)
                .await
                .unwrap();
        });
        Self {
            folder,
            mutual,
            program,
            address,
        }
    }

    fn read(&self, world: &World) {
        mount(self.folder.path(), &world.secret("sharechain-main-tls"));
        assert!(self.mutual.refresh().unwrap());
        self.program.health.bundle(self.mutual.bundle());
    }

    /// What it says to the operator.
    async fn asked(&self, world: &World) -> Report {
        let own = &world.view.secrets[OPERATOR_SECRET];
        let round = Round {
            targets: vec![Target {
                pod: "main".to_owned(),
                address: self.address,
                server: "sharechain-main".to_owned(),
            }],
            credentials: Some(Credentials::of_secret(own).unwrap()),
            hurry: false,
        };
        let reports = Poller::default().once(round).await;
        reports["main"].clone()
    }
}

#[tokio::test]
async fn programs_take_the_certificates_and_answer_the_operator_through_a_whole_rotation() {
    let mut world = World::at(SystemTime::now());
    let ledger = Ledger::start(&world).await;
    let identity = ledger.mutual.identity().to_string();
    assert_eq!(identity, "ngpool://pools/ngledger/main");
    let report = ledger.asked(&world).await;
    assert!(report.answered, "{report:?}");
    assert_eq!(report.bundle, world.authority().bundle_hash());

    world.ask_for_rotation("now");
    for phase in [Phase::Spreading, Phase::Replacing, Phase::Stable] {
        world.settle();
        assert_eq!(world.authority().phase, phase);
        // The operator has what is new, and the ledger not yet.
        let report = ledger.asked(&world).await;
        assert!(report.answered, "{phase:?}: {report:?}");
        ledger.read(&world);
        let report = ledger.asked(&world).await;
        assert!(report.answered, "{phase:?}: {report:?}");
        assert_eq!(report.bundle, world.authority().bundle_hash());
        world.refresh_all();
    }
}
