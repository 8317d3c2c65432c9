//! Where the programs of a running pool answer, for `ngpool status`.

use std::{net::SocketAddr, path::PathBuf};

use ngpool_crds::Documents;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    UpError,
    state_dir::{StateDir, write_atomically},
};

const FILE: &str = "status.json";

/// The running pool: rewritten whenever its documents change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusFile {
    /// Process id of `ngpool up`.
    pub pid: u32,
    /// Name of the pool, for people.
    pub pool: String,
    /// Where the API is served.
    pub api: SocketAddr,
    /// Its programs.
    pub programs: Vec<ProgramAddress>,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramAddress {
    /// Such as `ngstratum`.
    pub kind: String,
    /// Name of the object it serves.
    pub name: String,
    /// Code of its currency, where it serves one.
    pub currency: Option<String>,
    /// Where it answers `Status`.
    pub grpc: SocketAddr,
}

/// Why nothing is known of a running pool.
#[derive(Debug, Error)]
pub enum StatusFileError {
    /// Nothing runs.
    #[error(
        "no pool runs in the state directory {0}; start one with `ngpool up`, or name another directory with --state-dir"
    )]
    NotRunning(PathBuf),
    /// The file is not what this version writes.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl StatusFile {
    pub(super) fn of(documents: &Documents) -> Self {
        let coinservers = documents.coinservers.iter().map(|it| {
            (
                "ngcoinserver",
                it.name.as_str(),
                Some(it.currency.code.as_str()),
                it.listen.grpc,
            )
        });
        let ledgers = documents
            .ledgers
            .iter()
            .map(|it| ("ngledger", it.sharechain.as_str(), None, it.listen.grpc));
        let ports = documents.stratum.iter().map(|it| {
            (
                "ngstratum",
                it.name.as_str(),
                Some(it.base.code.as_str()),
                it.listen.grpc,
            )
        });
        let web = ("ngweb", "web", None, documents.web.listen.grpc);
        let programs = coinservers.chain(ledgers).chain(ports).chain([web]);
        Self {
            pid: std::process::id(),
            pool: documents.web.pool.clone(),
            api: documents.web.bind,
            programs: programs
                .map(|(kind, name, currency, grpc)| ProgramAddress {
                    kind: kind.to_owned(),
                    name: name.to_owned(),
                    currency: currency.map(str::to_owned),
                    grpc,
                })
                .collect(),
        }
    }

    pub(super) fn write(&self, state: &StateDir) -> Result<(), UpError> {
        write_json(state.join(FILE), self)
    }

    /// The pool that runs in a state directory.
    pub fn read(state: &StateDir) -> Result<Self, StatusFileError> {
        if state.holder().is_none() {
            return Err(StatusFileError::NotRunning(state.path().to_owned()));
        }
        let path = state.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            // It is starting.
            std::io::ErrorKind::NotFound => StatusFileError::NotRunning(state.path().to_owned()),
            _ => StatusFileError::Unreadable {
                path: path.clone(),
                source,
            },
        })?;
        serde_json::from_str(&text).map_err(|source| StatusFileError::Unreadable {
            path,
            source: source.into(),
        })
    }

    pub(super) fn remove(state: &StateDir) {
        // The next start writes another; until then the lock says that nothing runs.
        let _gone_already = std::fs::remove_file(state.join(FILE));
    }
}

/// Leaves each document in the state directory, for a person who wonders what a program runs on.
pub(super) fn write_documents(state: &StateDir, documents: &Documents) -> Result<(), UpError> {
    let path = |program: &str, name: &str| state.join(format!("documents/{program}-{name}.json"));
    for document in &documents.coinservers {
        write_json(path("ngcoinserver", &document.name), document)?;
    }
    for document in &documents.ledgers {
        write_json(path("ngledger", &document.sharechain), document)?;
    }
    for document in &documents.stratum {
        write_json(path("ngstratum", &document.name), document)?;
    }
    for job in &documents.payouts {
        write_json(path("ngpayout", &job.settings.currency.name), &job.settings)?;
    }
    write_json(path("ngweb", "web"), &documents.web)
}

fn write_json(path: PathBuf, value: &impl Serialize) -> Result<(), UpError> {
    serde_json::to_string_pretty(value)
        .map_err(std::io::Error::from)
        .and_then(|text| write_atomically(&path, &text))
        .map_err(|source| UpError::State { path, source })
}
