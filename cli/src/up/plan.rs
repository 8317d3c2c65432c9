//! From files to documents for this machine.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
};

use ngpool_crds::{Documents, LocalMachine, PortTable, Problems, load, resolve};

use super::{
    UpError,
    state_dir::{StateDir, write_atomically},
};

/// Loopback ports start here; see [`PortTable`].
const FIRST_PORT: u16 = 24_000;
/// How far apart two pools on one machine may start.
const SPREAD: u16 = 7_000;

/// Turns files into documents, again and again, with ports that stay.
#[derive(Debug)]
pub(super) struct Planner {
    state: StateDir,
    address: IpAddr,
    paths: Vec<PathBuf>,
    ports: PortTable,
}

impl Planner {
    /// Remembers the ports of an earlier run, less those that something else has taken since.
    pub(super) fn new(
        state: StateDir,
        address: IpAddr,
        paths: Vec<PathBuf>,
    ) -> Result<Self, UpError> {
        let path = state.join("ports.json");
        let ports = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => PortTable::default(),
            Err(source) => return Err(UpError::State { path, source }),
            Ok(text) => remembered(&text).map_err(|source| UpError::State {
                path,
                source: source.into(),
            })?,
        };
        Ok(Self {
            state,
            address,
            paths,
            ports,
        })
    }

    /// Reads the files and resolves them. On failure everything stays as it was.
    pub(super) fn plan(&mut self) -> Result<Documents, UpError> {
        let objects = load(&self.paths)?;
        let mut ports = self.ports.clone();
        // Two pools on one machine look for ports in different places, so that one that is just
        // starting does not take what the other has just found free.
        let start = FIRST_PORT + spread(&self.state) % SPREAD;
        if ports
            .clone()
            .complete(&objects, |port| port >= start && is_free(port))
            .is_ok()
        {
            ports.complete(&objects, |port| port >= start && is_free(port))?;
        } else {
            ports.complete(&objects, is_free)?;
        }
        let mut machine = LocalMachine::new(self.state.path(), ports.clone());
        machine.address = self.address;
        let documents = resolve(&objects, &machine)?;
        if ports != self.ports {
            let path = self.state.join("ports.json");
            serde_json::to_string_pretty(&ports)
                .map_err(std::io::Error::from)
                .and_then(|text| write_atomically(&path, &text))
                .map_err(|source| UpError::State { path, source })?;
            self.ports = ports;
        }
        Ok(documents)
    }
}

fn remembered(text: &str) -> serde_json::Result<PortTable> {
    let mut ports: BTreeMap<String, u16> = serde_json::from_str(text)?;
    ports.retain(|_, port| is_free(*port));
    serde_json::from_value(serde_json::to_value(ports)?)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_ok()
}

/// Spreads state directories evenly and always the same way.
fn spread(state: &StateDir) -> u16 {
    let path = state.path().as_os_str().as_encoded_bytes();
    path.iter().fold(0_u16, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u16::from(*byte))
    })
}

/// What is wrong with the files, for a log line each.
pub(super) fn log_problems(problems: &Problems) {
    for problem in problems {
        match problem.severity {
            ngpool_crds::Severity::Error => tracing::error!("{problem}"),
            ngpool_crds::Severity::Warning => tracing::warn!("{problem}"),
        }
    }
}
