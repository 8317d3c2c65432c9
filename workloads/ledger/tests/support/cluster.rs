//! A PostgreSQL of its own, in a temporary directory, on loopback.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context, ensure};
use ngpool_store::{Logins, Store, StoreOptions, migrate};
use ngpool_testkit::{FreePort, Process, process};
use nix::{
    sys::signal::Signal,
    unistd::{Uid, User, chown},
};

use super::until;

/// A PostgreSQL that can be stopped, killed and started again.
pub(crate) struct Cluster {
    directory: tempfile::TempDir,
    port: FreePort,
    programs: PathBuf,
    process: Mutex<Option<Process>>,
    databases: AtomicU32,
    durable: bool,
}

/// A migrated database.
pub(crate) struct Database {
    pub(crate) owner_url: String,
    pub(crate) ledger_url: String,
}

impl Cluster {
    /// For tests: a crash of the machine would lose it, one of the server does not.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Self::make(false).await
    }

    /// For measurements: with PostgreSQL's usual settings.
    pub(crate) async fn durable() -> anyhow::Result<Self> {
        Self::make(true).await
    }

    async fn make(durable: bool) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        // The server's user has to enter it.
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755))?;
        let data = directory.path().join("data");
        std::fs::create_dir(&data)?;
        if let Some(user) = server_user()? {
            chown(&data, Some(user.uid), Some(user.gid))?;
        }
        let programs = programs()?;
        let made = server_command(&programs.join("initdb"))?
            .args(["--no-sync", "--auth=trust", "--username=owner", "--encoding=UTF8", "--pgdata"])
            .arg(&data)
            .current_dir(&data)
            .output()?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let cluster = Self {
            directory,
            port: FreePort::reserve()?,
            programs,
            process: Mutex::new(None),
            databases: AtomicU32::new(0),
            durable,
        };
        cluster.resume().await?;
        Ok(cluster)
    }

    /// Starts the server, after `stop` or `kill`.
    pub(crate) async fn resume(&self) -> anyhow::Result<()> {
        let data = self.directory.path().join("data");
        let mut command = server_command(&self.programs.join("postgres"))?;
        command
            .arg("-D")
            .arg(&data)
            .args(["-p", &self.port.number().to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-c", if self.durable { "fsync=on" } else { "fsync=off" }])
            .args(["-c", "max_connections=300"])
            .current_dir(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        *self.process.lock().unwrap() = Some(Process::start(command)?);
        let store = Store::open(&self.url("postgres", "owner"), &StoreOptions::default())?;
        until("PostgreSQL answers", || async { store.ping().await.is_ok() }).await;
        store.close().await;
        Ok(())
    }

    /// Stops the server: every connection is ended.
    pub(crate) async fn stop(&self) {
        self.end(Signal::SIGINT).await;
    }

    /// Kills the server, all its processes with it.
    pub(crate) async fn kill(&self) {
        self.end(Signal::SIGQUIT).await;
    }

    async fn end(&self, signal: Signal) {
        let process = self.process.lock().unwrap().take();
        if let Some(process) = process {
            process.signal(signal).unwrap();
            process.wait().await;
        }
    }

    /// A fresh, migrated database.
    pub(crate) async fn database(&self) -> anyhow::Result<Database> {
        let database = self.empty_database()?;
        migrate(&database.owner_url, &Logins::without_passwords()).await?;
        Ok(database)
    }

    /// A database without a schema; no logins but the owner are sure to exist.
    pub(crate) fn empty_database(&self) -> anyhow::Result<Database> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.named(&name))
    }

    /// A copy of a database nobody is connected to, such as a backup.
    pub(crate) fn copy(&self, database: &Database) -> anyhow::Result<Database> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test{number}");
        let from = database.owner_url.rsplit('/').next().context("no name in the URL")?;
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {from}"))?;
        Ok(self.named(&name))
    }

    fn named(&self, name: &str) -> Database {
        Database { owner_url: self.url(name, "owner"), ledger_url: self.url(name, "ledger") }
    }

    fn url(&self, database: &str, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port.number())
    }

    fn sql(&self, database: &str, statement: &str) -> anyhow::Result<()> {
        let done = Command::new(self.programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--dbname", &self.url(database, "owner")])
            .args(["--command", statement])
            .output()?;
        ensure!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }
}

/// The server refuses to run as root.
fn server_user() -> anyhow::Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let user = match User::from_name("postgres")? {
        Some(user) => Some(user),
        None => User::from_name("nobody")?,
    };
    user.map(Some).context("no user to run PostgreSQL as")
}

fn server_command(program: &Path) -> anyhow::Result<Command> {
    Ok(match server_user()? {
        None => process::command(program),
        Some(user) => {
            let mut command = process::command("setpriv");
            command
                .arg(format!("--reuid={}", user.uid))
                .arg(format!("--regid={}", user.gid))
                // A change of user clears the death signal: asked for again behind it.
                .args(["--clear-groups", "--pdeathsig", "KILL", "--"])
                .arg(program);
            command
        }
    })
}

fn programs() -> anyhow::Result<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .context("no PostgreSQL under /usr/lib/postgresql: install postgresql")?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().context("no PostgreSQL under /usr/lib/postgresql: install postgresql")
}
