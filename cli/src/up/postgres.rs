//! A private PostgreSQL in the state directory, for a Pool that names no database.
//!
//! ```text
//!  locate ──▶ cluster (initdb once) ──▶ server (started, watched, started again, stopped)
//! ```
//!
//! It listens on a unix socket only, in a folder that nobody else can enter, so its roles need no
//! passwords. The server refuses to run as root, so there it runs as `postgres` or `nobody`. That
//! user often cannot enter the folders above the state directory; it is handed the open data
//! directory instead of its path (`/proc/self/fd/N`), which needs no right but on the directory.

mod cluster;
mod locate;
mod server;

use std::path::PathBuf;

use thiserror::Error;

pub(crate) use server::Postgres;

/// Name of the database and of its owner.
pub(crate) const DATABASE: &str = "ngpool";

/// Why there is no database.
#[derive(Debug, Error)]
pub enum PostgresError {
    /// Nothing found.
    #[error(
        "no PostgreSQL server found in PATH or /usr/lib/postgresql: install it \
         (Debian: apt install postgresql), or name a database in the Pool's spec.database.url"
    )]
    Missing,
    /// The cluster is of a version that is not there.
    #[error(
        "the database in the state directory was made by PostgreSQL {wanted}, but only {found:?} is \
         installed: install PostgreSQL {wanted} again, or move the data over with pg_upgrade"
    )]
    OtherVersion {
        /// Of the cluster.
        wanted: u32,
        /// Installed.
        found: Vec<u32>,
    },
    /// Started as root, and there is nobody to run it as.
    #[error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")]
    NoUser,
    /// A file or folder of it cannot be made.
    #[error("cannot prepare {path} for PostgreSQL: {source}")]
    Prepare {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A program of it cannot be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A program of it failed.
    #[error("{program} failed: {words}")]
    Failed {
        /// The program.
        program: PathBuf,
        /// What it said last.
        words: String,
    },
    /// The server ended before it was ready.
    #[error("PostgreSQL ended before it was ready ({status}); its last words, from {log}: {words}")]
    Ended {
        /// Exit status.
        status: String,
        /// Its log.
        log: PathBuf,
        /// Last lines of the log.
        words: String,
    },
    /// The server does not become ready.
    #[error("PostgreSQL was not ready within {seconds} s; see {log}")]
    Slow {
        /// How long it was given.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
    /// The user has seen enough.
    #[error("interrupted while PostgreSQL was started")]
    Interrupted,
    /// A server of an earlier run cannot be stopped.
    #[error("a PostgreSQL of an earlier run (pid {0}) does not stop")]
    Leftover(i32),
}
