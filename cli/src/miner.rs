//! A CPU miner for sha256d and scrypt that speaks stratum v1, to try any pool.
//!
//! ```text
//!  Miner::start ──▶ driver (reconnects) ──▶ session (one connection) ──job──▶ hashing threads
//!        ▲                                        ▲                                │
//!        └──── status() ◀──── Counters ◀──────────┴─────────────── shares ◀────────┘
//! ```

mod command;
mod connection;
mod counters;
mod driver;
#[doc(hidden)]
pub mod fuzzing;
mod hashing;
mod protocol;
mod session;
mod url;
mod work;

use std::num::NonZeroUsize;

use ngpool_chain::Algorithm;
use thiserror::Error;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use command::{MinerCommand, run};
pub use connection::{ConnectError, TlsTrust};
pub use counters::{Counters, MinerStatus};
pub use url::{PoolUrl, PoolUrlError};
pub use work::{Notify, NotifyError, Space, Spaces, Work, detect_algorithm};

/// What to mine, where and as whom.
#[derive(Debug, Clone)]
pub struct MinerOptions {
    /// The pool.
    pub url: PoolUrl,
    /// Such as `address.worker`.
    pub user: String,
    /// Such as `x` or `d=0.001`.
    pub password: String,
    /// Hashing threads.
    pub threads: NonZeroUsize,
    /// Hashes a second made at most, by all threads together.
    pub limit: Option<f64>,
    /// Proof of work; told from the first job where absent.
    pub algorithm: Option<Algorithm>,
    /// Whom to trust on a TLS port.
    pub trust: TlsTrust,
    /// Connections that may fail one after the other; no end where absent.
    pub retries: Option<u32>,
}

impl MinerOptions {
    /// One thread at full speed, password `x`, public certificates, no end of retries.
    pub fn new(url: PoolUrl, user: impl Into<String>) -> Self {
        Self {
            url,
            user: user.into(),
            password: "x".to_owned(),
            threads: NonZeroUsize::MIN,
            limit: None,
            algorithm: None,
            trust: TlsTrust::default(),
            retries: None,
        }
    }
}

/// Why a miner ended by itself.
#[derive(Debug, Error)]
pub enum MinerError {
    /// The pool does not take the user.
    #[error("the pool refused the user {user:?}: {reason}")]
    Unauthorized {
        /// As configured.
        user: String,
        /// The pool's words.
        reason: String,
    },
    /// The job fits both algorithms.
    #[error(
        "the job does not tell the algorithm (a test network?): pass --algorithm sha256d or scrypt"
    )]
    Algorithm,
    /// The last of the allowed connections failed.
    #[error("gave up after {attempts} connections: {reason}")]
    Retries {
        /// Connections that failed one after the other.
        attempts: u32,
        /// Why the last one did.
        reason: String,
    },
    /// The system has no more threads.
    #[error("cannot start a hashing thread")]
    Threads(#[source] std::io::Error),
    /// The driver of the miner ended in a way it must not.
    #[error("the miner broke down")]
    Broken(#[source] tokio::task::JoinError),
}

/// A running miner; dropping it stops it.
#[derive(Debug)]
pub struct Miner {
    counters: Counters,
    cancel: CancellationToken,
    task: JoinHandle<Result<(), MinerError>>,
}

impl Miner {
    /// Starts mining within a tokio runtime.
    pub fn start(options: MinerOptions) -> Self {
        let counters = Counters::default();
        let cancel = CancellationToken::new();
        let task = tokio::spawn(driver::run(options, counters.clone(), cancel.clone()));
        Self {
            counters,
            cancel,
            task,
        }
    }

    /// What it has done so far.
    pub fn status(&self) -> MinerStatus {
        self.counters.status()
    }

    /// Its counters, to be read after it is gone too.
    pub fn counters(&self) -> Counters {
        self.counters.clone()
    }

    /// Waits until it ends by itself. Cancelling the wait does not stop it.
    pub async fn ended(&mut self) -> Result<(), MinerError> {
        (&mut self.task).await.map_err(MinerError::Broken)?
    }

    /// Stops it and waits until its threads are gone.
    pub async fn stop(mut self) -> Result<MinerStatus, MinerError> {
        self.cancel.cancel();
        self.ended().await?;
        Ok(self.status())
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}
