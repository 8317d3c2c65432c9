//! A cluster: programs behind Services, files mounted.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use ngpool_settings::{Listen, TlsFiles};

use super::{DaemonPlace, DatabaseRole, DrainDefaults, Environment, Program};

/// Port of gRPC in every pod.
const GRPC: u16 = 4000;
/// Port of `/healthz`, `/readyz` and `/metrics` in every pod.
const ADMIN: u16 = 9000;
/// Port of a daemon's ZMQ publisher, on the pod's loopback.
const ZMQ: u16 = 28332;
/// Where everything is mounted.
const MOUNTS: &str = "/etc/ngpool";

const ANY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A namespace of a cluster. Programs are reached by the names of their Services, which the search
/// domain of every pod completes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cluster;

impl Cluster {
    fn service(program: Program<'_>) -> String {
        match program {
            Program::Coinserver(name) => format!("coinserver-{name}"),
            Program::Stratum(name) => format!("stratumport-{name}"),
            Program::Ledger(name) => format!("sharechain-{name}"),
            Program::Web => "pool-web".to_owned(),
        }
    }
}

impl Environment for Cluster {
    fn listen(&self, _: Program<'_>) -> Listen {
        Listen {
            grpc: SocketAddr::new(ANY, GRPC),
            admin: SocketAddr::new(ANY, ADMIN),
            tls: self.tls(),
        }
    }

    fn tls(&self) -> Option<TlsFiles> {
        let tls = Path::new(MOUNTS).join("tls");
        Some(TlsFiles {
            certificate: tls.join("tls.crt"),
            key: tls.join("tls.key"),
            authorities: tls.join("ca.crt"),
        })
    }

    fn url(&self, program: Program<'_>) -> String {
        format!("https://{}:{GRPC}", Self::service(program))
    }

    fn miners(&self, _: &str, port: u16) -> SocketAddr {
        SocketAddr::new(ANY, port)
    }

    fn miners_host(&self, name: &str) -> String {
        Self::service(Program::Stratum(name))
    }

    fn web(&self, port: u16) -> SocketAddr {
        SocketAddr::new(ANY, port)
    }

    fn state_dir(&self, _: &str) -> PathBuf {
        PathBuf::from("/var/lib/ngpool")
    }

    fn daemon(&self, _: &str, rpc_port: u16, p2p_port: u16) -> DaemonPlace {
        DaemonPlace {
            rpc: SocketAddr::new(LOOPBACK, rpc_port),
            p2p_port,
            zmq: SocketAddr::new(LOOPBACK, ZMQ),
            credentials_file: Path::new(MOUNTS).join("rpc/credentials"),
            data_dir: PathBuf::from("/var/lib/ngpool/chain"),
        }
    }

    fn daemon_peer(&self, name: &str, p2p_port: u16) -> String {
        format!("{}:{p2p_port}", Self::service(Program::Coinserver(name)))
    }

    fn database_url_file(&self, role: DatabaseRole) -> PathBuf {
        Path::new(MOUNTS).join("database").join(role.name())
    }

    fn statement_key_file(&self, _: &str) -> PathBuf {
        Path::new(MOUNTS).join("statement-key/key.pem")
    }

    fn signer_token_file(&self) -> PathBuf {
        Path::new(MOUNTS).join("signer-token/token")
    }

    fn secret_file(&self, secret: &str, key: &str) -> PathBuf {
        Path::new(MOUNTS).join("secrets").join(secret).join(key)
    }

    fn one_machine(&self) -> bool {
        false
    }

    fn drain(&self) -> DrainDefaults {
        DrainDefaults {
            accept_for_s: 30,
            spread_s: 1800,
        }
    }
}
