//! Migrated databases, and a PostgreSQL that one test has to itself.

use std::process::Command;

use anyhow::ensure;
use ngpool_store::{Logins, migrate};
use ngpool_testkit::{Postgres, postgres};
use tokio::sync::Mutex;

/// A PostgreSQL that can be stopped and started again.
pub(crate) struct Cluster(Mutex<Postgres>);

/// A migrated database.
pub(crate) struct Database {
    name: String,
    pub(crate) owner_url: String,
    pub(crate) ledger_url: String,
}

impl Cluster {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Ok(Self(Mutex::new(Postgres::start().await?)))
    }

    /// For measurements: with PostgreSQL's usual settings where testing changes them.
    pub(crate) async fn durable() -> anyhow::Result<Self> {
        let cluster = Self::start().await?;
        let database = cluster.0.lock().await.create_database().await?;
        for setting in ["fsync", "full_page_writes"] {
            sql(
                &database.owner_url(),
                &format!("ALTER SYSTEM SET {setting} = on"),
            )?;
        }
        sql(
            &database.owner_url(),
            "ALTER SYSTEM SET shared_buffers = '128MB'",
        )?;
        cluster.stop().await?;
        cluster.resume().await?;
        Ok(cluster)
    }

    pub(crate) async fn stop(&self) -> anyhow::Result<()> {
        self.0.lock().await.stop().await
    }

    pub(crate) async fn resume(&self) -> anyhow::Result<()> {
        self.0.lock().await.resume().await
    }

    pub(crate) async fn database(&self) -> anyhow::Result<Database> {
        migrated(&self.0.lock().await.create_database().await?).await
    }
}

impl Database {
    /// A copy, such as a backup; nobody may be connected to the original.
    pub(crate) fn copy(&self) -> anyhow::Result<Self> {
        let name = format!("{}_copy", self.name);
        let own = format!("/{}?", self.name);
        let renamed = |url: &str, name: &str| url.replace(&own, &format!("/{name}?"));
        let copy = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        sql(&renamed(&self.owner_url, "postgres"), &copy)?;
        Ok(Self {
            owner_url: renamed(&self.owner_url, &name),
            ledger_url: renamed(&self.ledger_url, &name),
            name,
        })
    }
}

/// A database on the cluster that the tests of a process share.
pub(crate) async fn shared_database() -> Database {
    migrated(&postgres::Database::create().await.unwrap())
        .await
        .unwrap()
}

/// A database without a schema, on the shared cluster.
pub(crate) async fn empty_database() -> Database {
    described(&postgres::Database::create().await.unwrap())
}

async fn migrated(database: &postgres::Database) -> anyhow::Result<Database> {
    migrate(&database.owner_url(), &Logins::without_passwords()).await?;
    Ok(described(database))
}

fn described(database: &postgres::Database) -> Database {
    Database {
        name: database.name().to_owned(),
        owner_url: database.owner_url(),
        ledger_url: database.url_of("ledger"),
    }
}

pub(crate) fn sql(url: &str, statement: &str) -> anyhow::Result<()> {
    let done = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--dbname",
            url,
            "--command",
            statement,
        ])
        .output()?;
    ensure!(
        done.status.success(),
        "{statement}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}
