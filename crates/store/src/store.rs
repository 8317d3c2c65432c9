//! The connection to the database, and the currencies its books are bound to.

use std::{
    path::Path,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use sqlx::{
    PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    StoreError,
    error::code,
    migrate::known_schema,
    numeric::{to_block_hash, to_u64},
};

/// How a program connects.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Connections at most.
    pub connections: u32,
    /// How long a call waits for a connection before it says that the database is away.
    pub patience: Duration,
    /// Name shown by the database for these connections.
    pub program: String,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            patience: Duration::from_secs(5),
            program: "ngpool".to_owned(),
        }
    }
}

/// What the server promises of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durability {
    /// Whether it waits for its disk.
    pub fsync: bool,
    /// Servers that copy it.
    pub standbys: u64,
    /// Whether it waits for some of them.
    pub synchronous: bool,
}

/// The database, as the role of the URL. Cheap to clone; every clone shares the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
    program: Arc<str>,
    renewed: Arc<Mutex<Renewed>>,
}

/// The URL in force, and since when. It is never shown: it holds a password.
struct Renewed {
    url: String,
    since: Instant,
    /// Why the file of the URL could not be used last, told once.
    complaint: Option<String>,
}

impl std::fmt::Debug for Renewed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewed").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database of a URL. Connections are made when they are needed, so this succeeds
    /// while the database is away; [`ping`](Self::ping) tells.
    pub fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let connect = connect_options(url)?.application_name(&options.program);
        let renewed = Arc::new(Mutex::new(Renewed {
            url: url.trim().to_owned(),
            since: Instant::now(),
            complaint: None,
        }));
        let known = renewed.clone();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.patience)
            .after_connect(|connection, _| Box::pin(commits_last(connection)))
            .before_acquire(move |_, connection| {
                let since = known.lock().unwrap_or_else(PoisonError::into_inner).since;
                // One of an earlier URL is closed, and another made.
                let current = connection.age <= since.elapsed();
                Box::pin(async move { Ok(current) })
            })
            .connect_lazy_with(connect);
        Ok(Self {
            pool,
            program: options.program.as_str().into(),
            renewed,
        })
    }

    /// Goes on with another URL, such as one with a new password: connections of the old one are
    /// used to the end of what they do, and then replaced. Says whether it is another.
    pub fn renew(&self, url: &str) -> Result<bool, StoreError> {
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        if renewed.url == url.trim() {
            return Ok(false);
        }
        let connect = connect_options(url)?.application_name(&self.program);
        self.pool.set_connect_options(connect);
        url.trim().clone_into(&mut renewed.url);
        renewed.since = Instant::now();
        Ok(true)
    }

    /// [`renew`](Self::renew) by the URL that a file holds now. Call it every second or two: kubelet
    /// changes the file when a password was changed. What cannot be used is logged, once, and the
    /// URL in force stays.
    pub async fn renew_from(&self, path: &Path) {
        let renewed = match tokio::fs::read_to_string(path).await {
            Ok(url) => self.renew(&url).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let complaint = match renewed {
            Ok(other) => {
                if other {
                    tracing::info!(path = %path.display(), "database URL renewed");
                }
                None
            }
            Err(complaint) => Some(complaint),
        };
        let mut told = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &complaint
            && told.complaint != complaint
        {
            tracing::error!(path = %path.display(), error, "the database URL of before stays in force");
        }
        told.complaint = complaint;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Whether the database answers with a schema as new as this program needs, or newer: what comes
    /// later only adds.
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        let needed = known_schema();
        let asked = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(&self.pool)
            .await;
        let found: Option<i64> = match asked {
            Ok(found) => found,
            Err(error) => match code(&error).as_deref() {
                // No table, or one that is only its owner's to read: both are from before.
                Some("42P01" | "42501") => None,
                _ => return Err(error.into()),
            },
        };
        if found.is_some_and(|found| found >= needed) {
            Ok(())
        } else {
            Err(StoreError::OlderSchema { found, needed })
        }
    }

    /// What the server promises of a commit.
    pub async fn durability(&self) -> Result<Durability, StoreError> {
        let row = sqlx::query(
            "SELECT current_setting('fsync') = 'on' AS fsync,
                    current_setting('synchronous_standby_names') <> '' AS synchronous,
                    (SELECT count(*) FROM pg_stat_replication) AS standbys",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Durability {
            fsync: row.try_get("fsync")?,
            standbys: to_u64(row.try_get("standbys")?, "a count")?,
            synchronous: row.try_get("synchronous")?,
        })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Binds a currency's books to its chain, or checks that they are bound to it. Every program
    /// calls this before it touches them.
    pub async fn adopt_currency(
        &self,
        code: &str,
        genesis: BlockHash,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let bound = async || -> Result<Option<Vec<u8>>, StoreError> {
            Ok(
                sqlx::query_scalar("SELECT genesis FROM currency WHERE code = $1")
                    .bind(code)
                    .fetch_optional(&self.pool)
                    .await?,
            )
        };
        let mut books = bound().await?;
        if books.is_none() {
            sqlx::query(
                "INSERT INTO currency (code, genesis, adopted_at) VALUES ($1, $2, $3)
                 ON CONFLICT (code) DO NOTHING",
            )
            .bind(code)
            .bind(genesis.as_bytes().as_slice())
            .bind(at)
            .execute(&self.pool)
            .await?;
            books = bound().await?;
        }
        let books = books.ok_or_else(|| StoreError::Damaged(format!("no currency {code}")))?;
        let books = to_block_hash(&books)?;
        if books != genesis {
            return Err(StoreError::OtherGenesis {
                currency: code.to_owned(),
                books,
                given: genesis,
            });
        }
        Ok(())
    }
}

/// Acknowledged means committed: a server that is set to answer before its commit is on disk, or on
/// its synchronous standby, answers us after it all the same.
async fn commits_last(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') IN ('off', 'local')",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Reads a URL. The library takes any scheme.
pub(crate) fn connect_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    let url = url.trim();
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(StoreError::Url(sqlx::Error::Configuration(
            "it has another scheme".into(),
        )));
    }
    PgConnectOptions::from_str(url).map_err(StoreError::Url)
}
