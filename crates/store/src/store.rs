//! The connection to the database, and the currencies its books are bound to.

use std::{str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{StoreError, numeric::to_block_hash};

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

/// The database, as the role of the URL. Cheap to clone; every clone shares the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
}

impl Store {
    /// Opens the database of a URL. Connections are made when they are needed, so this succeeds
    /// while the database is away; [`ping`](Self::ping) tells.
    pub fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let connect = PgConnectOptions::from_str(url.trim())
            .map_err(StoreError::Url)?
            .application_name(&options.program);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.patience)
            .connect_lazy_with(connect);
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
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
        sqlx::query(
            "INSERT INTO currency (code, genesis, adopted_at) VALUES ($1, $2, $3)
             ON CONFLICT (code) DO NOTHING",
        )
        .bind(code)
        .bind(genesis.as_bytes().as_slice())
        .bind(at)
        .execute(&self.pool)
        .await?;
        let books: Vec<u8> = sqlx::query_scalar("SELECT genesis FROM currency WHERE code = $1")
            .bind(code)
            .fetch_one(&self.pool)
            .await?;
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
