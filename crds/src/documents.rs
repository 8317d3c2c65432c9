//! What comes out of resolving.

use std::{fmt, path::PathBuf, time::Duration};

use ngpool_settings::{
    CoinserverSettings, DaemonProcess, LedgerSettings, PayoutSettings, StratumSettings, WebSettings,
};
use serde::Serialize;

use crate::{kinds::Storage, problem::Problems};

/// One finished document for each program of a pool, by object name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Documents {
    /// One a Coinserver.
    pub coinservers: Vec<CoinserverSettings>,
    /// One a StratumPort that has replicas.
    pub stratum: Vec<StratumSettings>,
    /// One a Sharechain.
    pub ledgers: Vec<LedgerSettings>,
    /// One a Currency.
    pub payouts: Vec<PayoutJob>,
    /// The one web side.
    pub web: WebSettings,
    /// Where the books are kept.
    pub database: DatabaseChoice,
    /// Files the documents name whose contents are Secrets of the objects; whoever runs the programs
    /// writes them first, readable by nobody else.
    pub secret_files: Vec<SecretFile>,
    /// What is allowed but probably not meant.
    #[serde(skip)]
    pub warnings: Problems,
}

/// A daemon that runs in a container of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaemonPod {
    /// What to run, and its configuration.
    pub process: DaemonProcess,
    /// Where it publishes new blocks, if it can.
    pub zmq_hashblock: Option<String>,
    /// Image to run, where the object names one.
    pub image: Option<String>,
    /// Its volume, where the object says.
    pub storage: Option<Storage>,
    /// Size of its volume otherwise.
    pub built_in_size: String,
}

/// The jobs of a currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PayoutJob {
    /// The document of every run.
    pub settings: PayoutSettings,
    /// Time between two runs of `settle`.
    pub settle_every: Duration,
    /// When payouts are prepared.
    pub payout: PayoutSchedule,
    /// Whether the Currency is paused, so that nothing runs.
    pub paused: bool,
}

/// When a currency's payouts are prepared; what they are is the settings' policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PayoutSchedule {
    /// Five cron fields.
    pub schedule: String,
    /// Time zone of the schedule.
    pub time_zone: String,
}

/// Where the books are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseChoice {
    /// A PostgreSQL that runs elsewhere.
    Url {
        /// File with the URL of the role that owns the database.
        owner_url_file: PathBuf,
    },
    /// A PostgreSQL that comes with the pool: private to the state directory on one machine, a
    /// StatefulSet in a cluster.
    Bundled,
    /// A cluster of the CloudNativePG operator. On one machine, where there is none, it is resolved
    /// to [`Bundled`](Self::Bundled) with a warning.
    CloudNativePg {
        /// Name of its Cluster object.
        cluster: String,
    },
}

/// A file whose content is a key of a Secret.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SecretFile {
    /// Where the documents expect it.
    pub path: PathBuf,
    /// Name of the Secret.
    pub secret: String,
    /// Key in the Secret.
    pub key: String,
    /// What to write; never printed.
    #[serde(skip)]
    pub content: Vec<u8>,
}

impl fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretFile")
            .field("path", &self.path)
            .field("secret", &self.secret)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
