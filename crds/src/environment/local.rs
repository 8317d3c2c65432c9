//! One machine: loopback ports and a state directory.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use ngpool_settings::{Listen, TlsFiles};
use serde::{Deserialize, Serialize};

use super::{DaemonPlace, DatabaseRole, DrainDefaults, Environment, Program};
use crate::objects::Objects;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Ports the table hands out: above the usual services, below what kernels give to outgoing
/// connections (from 32768 on).
const FIRST_PORT: u16 = 24_000;
const LAST_PORT: u16 = 31_999;

/// Which loopback port each program and daemon has; kept in a file, so that a restart finds the same
/// ones and nothing that runs has to learn another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PortTable(BTreeMap<String, u16>);

/// No loopback port is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no loopback port from {FIRST_PORT} to {LAST_PORT} is free; stop what uses them")]
pub struct PortTableError;

impl PortTable {
    /// Gives a port to everything of `objects` that has none yet, and forgets what is gone. A port
    /// that is new must be free by `is_free`; one that was given before is kept, because it may be
    /// our own program that listens on it.
    pub fn complete(
        &mut self,
        objects: &Objects,
        mut is_free: impl FnMut(u16) -> bool,
    ) -> Result<(), PortTableError> {
        let wanted = keys(objects);
        self.0.retain(|key, _| wanted.contains(key));
        let mut taken: BTreeSet<u16> = self.0.values().copied().collect();
        // The miners' and the API's own ports are chosen by people.
        taken.extend(objects.stratum_ports.values().map(|port| port.spec.port));
        taken.extend(
            objects
                .pool
                .iter()
                .filter_map(|pool| pool.spec.web.as_ref()?.port),
        );
        let mut candidates = FIRST_PORT..=LAST_PORT;
        for key in wanted {
            if self.0.contains_key(&key) {
                continue;
            }
            let port = candidates
                .find(|port| !taken.contains(port) && is_free(*port))
                .ok_or(PortTableError)?;
            self.0.insert(key, port);
        }
        Ok(())
    }

    /// Everything that has a port, as `program/name/purpose`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u16)> {
        self.0.iter().map(|(key, port)| (key.as_str(), *port))
    }

    /// 0 for what is not in the table: a listener takes any free port then, and a client reports an
    /// address it cannot connect to. It does not happen after [`complete`](Self::complete).
    fn port(&self, key: &str) -> u16 {
        self.0.get(key).copied().unwrap_or(0)
    }
}

fn key(program: Program<'_>, purpose: &str) -> String {
    match program {
        Program::Coinserver(name) => format!("coinserver/{name}/{purpose}"),
        Program::Stratum(name) => format!("stratum/{name}/{purpose}"),
        Program::Ledger(name) => format!("ledger/{name}/{purpose}"),
        Program::Web => format!("web/{purpose}"),
    }
}

fn keys(objects: &Objects) -> BTreeSet<String> {
    let coinservers = objects
        .coinservers
        .keys()
        .map(|name| Program::Coinserver(name));
    let stratum = objects
        .stratum_ports
        .keys()
        .map(|name| Program::Stratum(name));
    let ledgers = objects.sharechains.keys().map(|name| Program::Ledger(name));
    let own = coinservers
        .chain(stratum)
        .chain(ledgers)
        .chain([Program::Web])
        .flat_map(|program| ["grpc", "admin"].map(|purpose| key(program, purpose)));
    let daemons = objects
        .coinservers
        .iter()
        .filter(|(_, coinserver)| coinserver.spec.daemon.is_some())
        .flat_map(|(name, _)| {
            ["rpc", "p2p", "zmq"].map(|purpose| key(Program::Coinserver(name), purpose))
        });
    own.chain(daemons).collect()
}

/// One machine: every program in one process tree, on loopback, with one state directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalMachine {
    /// Where everything is kept.
    pub state_dir: PathBuf,
    /// Address that miners and API clients connect to.
    pub address: IpAddr,
    /// Ports of the programs.
    pub ports: PortTable,
}

impl LocalMachine {
    /// A machine that serves everybody who can reach it, with ports already given.
    pub fn new(state_dir: impl Into<PathBuf>, ports: PortTable) -> Self {
        Self {
            state_dir: state_dir.into(),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            ports,
        }
    }

    /// A machine made up to see whether objects resolve; nothing is looked at.
    pub fn for_checking(objects: &Objects) -> Self {
        let mut ports = PortTable::default();
        // Thousands of objects are needed to run out of ports; those beyond get port 0.
        let _ = ports.complete(objects, |_| true);
        Self::new("state", ports)
    }

    fn path(&self, parts: &[&str]) -> PathBuf {
        parts
            .iter()
            .fold(self.state_dir.clone(), |path, part| path.join(part))
    }

    fn loopback(&self, program: Program<'_>, purpose: &str) -> SocketAddr {
        SocketAddr::new(LOOPBACK, self.ports.port(&key(program, purpose)))
    }

    /// Where a Secret's files are.
    pub fn secrets_dir(&self) -> PathBuf {
        self.path(&["secrets"])
    }

    /// State directory as a path.
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }
}

impl Environment for LocalMachine {
    fn listen(&self, program: Program<'_>) -> Listen {
        Listen {
            grpc: self.loopback(program, "grpc"),
            admin: self.loopback(program, "admin"),
            tls: None,
        }
    }

    /// Programs talk over loopback.
    fn tls(&self) -> Option<TlsFiles> {
        None
    }

    fn url(&self, program: Program<'_>) -> String {
        format!("http://{}", self.loopback(program, "grpc"))
    }

    fn miners(&self, _: &str, port: u16) -> SocketAddr {
        SocketAddr::new(self.address, port)
    }

    fn miners_host(&self, _: &str) -> String {
        if self.address.is_unspecified() {
            "127.0.0.1".to_owned()
        } else {
            self.address.to_string()
        }
    }

    fn web(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.address, port)
    }

    fn state_dir(&self, name: &str) -> PathBuf {
        self.path(&["stratum", name])
    }

    fn daemon(&self, name: &str, _: u16, _: u16) -> DaemonPlace {
        let program = Program::Coinserver(name);
        DaemonPlace {
            rpc: self.loopback(program, "rpc"),
            p2p_port: self.loopback(program, "p2p").port(),
            zmq: self.loopback(program, "zmq"),
            credentials_file: self.path(&["coinserver", name, "rpc-credentials"]),
            data_dir: self.path(&["coinserver", name, "data"]),
        }
    }

    fn daemon_peer(&self, name: &str, _: u16) -> String {
        self.loopback(Program::Coinserver(name), "p2p").to_string()
    }

    fn database_url_file(&self, role: DatabaseRole) -> PathBuf {
        self.path(&["database", role.name()])
    }

    fn statement_key_file(&self, currency: &str) -> PathBuf {
        self.path(&["payout", currency, "statement-key.pem"])
    }

    fn signer_token_file(&self) -> PathBuf {
        self.path(&["web", "signer-token"])
    }

    fn secret_file(&self, secret: &str, key: &str) -> PathBuf {
        self.path(&["secrets", secret, key])
    }

    fn one_machine(&self) -> bool {
        true
    }

    fn drain(&self) -> DrainDefaults {
        DrainDefaults {
            accept_for_s: 0,
            spread_s: 5,
        }
    }
}
