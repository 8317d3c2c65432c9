//! The connection to the database, and the currencies its books are bound to.

use std::{str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use sqlx::{
    PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    StoreError,
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
}

impl Store {
    /// Opens the database of a URL. Connections are made when they are needed, so this succeeds
    /// while the database is away; [`ping`](Self::ping) tells.
    pub fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let connect = connect_options(url)?.application_name(&options.program);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.patience)
            .after_connect(|connection, _| Box::pin(commits_last(connection)))
            .connect_lazy_with(connect);
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
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
