//! `ngpool up`: a whole pool on this machine.
//!
//! ```text
//!  files ──Planner──▶ documents ──Fleet──▶ ngcoinserver, ngledger, ngweb, settle, ngstratum
//!    ▲                    ▲                     (kept running, each on its newest document)
//!    └─ Changes ──────────┘      Postgres (kept running, started first, stopped last)
//! ```

mod backoff;
mod command;
mod files;
mod fleet;
mod group;
mod plan;
mod postgres;
mod preflight;
mod prepare;
mod settle;
mod sources;
mod state_dir;
mod status_file;
mod unit;

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use ngpool_crds::{DatabaseChoice, Documents, PortTableError, Problems};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

pub use command::UpCommand;
pub(crate) use command::run;
pub use postgres::PostgresError;
pub use preflight::Obstacles;
pub use state_dir::{DEFAULT as DEFAULT_STATE_DIR, Lock, StateDir, StateDirError};
pub use status_file::{ProgramAddress, StatusFile, StatusFileError};
pub(crate) use unit::chain;

use crate::rest::Rest;
use files::Database;
use fleet::Fleet;
use plan::{Planner, log_problems};
use postgres::Postgres;
use sources::Changes;

/// How often the files are looked at; a change is taken at the second look that sees it.
const LOOK: Duration = Duration::from_millis(500);

/// What to run, and where.
#[derive(Debug, Clone)]
pub struct UpOptions {
    /// YAML files, or folders of them.
    pub paths: Vec<PathBuf>,
    /// Where everything is kept.
    pub state_dir: PathBuf,
    /// Address on which miners and API clients are served.
    pub listen: IpAddr,
}

/// Why a pool does not run.
#[derive(Debug, Error)]
pub enum UpError {
    /// The files are not right.
    #[error("the files cannot be used:\n{0}")]
    Problems(#[from] Problems),
    /// The state directory is not usable, or in use.
    #[error(transparent)]
    StateDir(#[from] StateDirError),
    /// Something that the pool needs is not there.
    #[error(transparent)]
    Obstacles(#[from] Obstacles),
    /// No port is left for a program.
    #[error(transparent)]
    Ports(#[from] PortTableError),
    /// A file of the state directory.
    #[error("cannot use {path}: {source}")]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The private database does not run.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The user has seen enough before it ran.
    #[error("interrupted")]
    Interrupted,
    /// The database the Pool names.
    #[error("the Pool's database cannot be used: {0}")]
    Database(String),
}

/// A running pool.
pub struct Pool {
    state: StateDir,
    planner: Planner,
    changes: Changes,
    documents: Arc<Documents>,
    fleet: Fleet,
    postgres: Option<Postgres>,
    /// Last, so that the directory is free only when nothing runs any more.
    _lock: Lock,
}

impl Pool {
    /// Checks everything that can be checked, then starts the pool's database and programs. They may
    /// not be ready yet. Interrupted, it leaves nothing running.
    pub async fn start(options: UpOptions, interrupt: &CancellationToken) -> Result<Self, UpError> {
        let state = StateDir::prepare(&options.state_dir)?;
        let lock = state.lock()?;
        let changes = Changes::since_now(options.paths.clone());
        let mut planner = Planner::new(state.clone(), options.listen, options.paths)?;
        let documents = planner.plan()?;
        log_problems(&documents.warnings);
        preflight::check(&documents, &state)?;
        files::write_secrets(&documents)?;
        files::write_signer_token(&state, &documents)?;
        let postgres = match documents.database {
            DatabaseChoice::Url { .. } => None,
            _ => match Postgres::start(&state, interrupt).await {
                Err(PostgresError::Interrupted) => return Err(UpError::Interrupted),
                started => Some(started?),
            },
        };
        let migrated = tokio::select! {
            // A migration that is cut off is rolled back whole.
            () = interrupt.cancelled() => Err(UpError::Interrupted),
            migrated = migrate(&state, &documents, postgres.as_ref()) => migrated,
        };
        if let Err(error) = migrated {
            if let Some(postgres) = postgres {
                postgres.stop().await;
            }
            return Err(error);
        }
        let mut pool = Self {
            state,
            planner,
            changes,
            documents: Arc::new(documents.clone()),
            fleet: Fleet::new(),
            postgres,
            _lock: lock,
        };
        pool.apply(documents)?;
        Ok(pool)
    }

    /// The documents in force.
    pub fn documents(&self) -> Arc<Documents> {
        Arc::clone(&self.documents)
    }

    /// The pool's own API.
    pub fn rest(&self) -> Rest {
        Rest::new(self.documents.web.bind)
    }

    /// Where it keeps everything.
    pub fn state_dir(&self) -> &StateDir {
        &self.state
    }

    /// Follows the files until `shutdown`.
    pub async fn follow(&mut self, shutdown: &CancellationToken) {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            if self.changes.look() {
                self.reload();
            }
        }
    }

    /// Reads the files again. What is wrong is reported, and everything stays as it was.
    fn reload(&mut self) {
        let applied = self.planner.plan().and_then(|documents| {
            log_problems(&documents.warnings);
            files::write_secrets(&documents)?;
            files::write_signer_token(&self.state, &documents)?;
            if documents.database != self.documents.database {
                tracing::warn!("another database is used only after a restart");
            }
            self.apply(documents)
        });
        match applied {
            Ok(()) => tracing::info!("the changed files are in force"),
            Err(UpError::Problems(problems)) => {
                log_problems(&problems);
                tracing::error!("the changed files are refused: the old ones stay in force");
            }
            Err(error) => {
                tracing::error!(%error, "the changed files are not applied");
            }
        }
    }

    fn apply(&mut self, documents: Documents) -> Result<(), UpError> {
        status_file::write_documents(&self.state, &documents)?;
        StatusFile::of(&documents).write(&self.state)?;
        self.documents = Arc::new(documents.clone());
        self.fleet.apply(documents);
        Ok(())
    }

    /// Drains and stops everything; once `hurry` comes, without waiting for miners.
    pub async fn shut_down(self, hurry: &CancellationToken) {
        self.fleet.shut_down(hurry).await;
        if let Some(postgres) = self.postgres {
            postgres.stop().await;
        }
        StatusFile::remove(&self.state);
    }
}

async fn migrate(
    state: &StateDir,
    documents: &Documents,
    postgres: Option<&Postgres>,
) -> Result<(), UpError> {
    let database = match postgres {
        Some(server) => Database::bundled(state, server)?,
        None => Database::elsewhere(state, &documents.database)?,
    };
    ngpool_store::migrate(&database.owner_url, &database.logins)
        .await
        .map_err(|error| UpError::Database(unit::chain(&error)))?;
    tracing::info!("the database is up to date");
    Ok(())
}
