//! Throwaway PostgreSQL from the system's own binaries.
//!
//! A cluster is a directory under the system's temporary one, reached by a unix socket in it. A small
//! shell stands between us and the server and holds one end of a pipe: when the pipe closes, because
//! the cluster was dropped or because the test was killed, it ends the server and removes the
//! directory. [`Database::create`] gives each test a database of its own on one cluster that all tests
//! of the process share; a test that stops the server takes a [`Postgres`] for itself.

use std::{
    env, fs,
    io::Write,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use nix::unistd::{Gid, Uid, User, chown};
use tokio::{sync::OnceCell, time::Instant};

/// Names the folder of `initdb` and `postgres` when it is none of the usual ones.
const BIN_VARIABLE: &str = "NGPOOL_POSTGRES_BIN";
/// How long a server may take to answer; a loaded machine needs some seconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// The user that owns the cluster inside the database.
const SUPERUSER: &str = "postgres";

/// `$1` postgres, `$2` data directory, `$3` log, `$4` directory to remove at the end.
const WATCHDOG: &str = r#"
"$1" -D "$2" >>"$3" 2>&1 </dev/null &
server=$!
if read -r word; then
    kill -INT "$server"; wait "$server"
else
    kill -QUIT "$server"; wait "$server"; rm -rf "$4"
fi
"#;

/// A PostgreSQL server with data of its own. Ended and removed on drop.
#[derive(Debug)]
pub struct Postgres {
    directory: PathBuf,
    binaries: PathBuf,
    user: Option<(Uid, Gid)>,
    watchdog: Option<Child>,
}

/// A database of its own for one test.
#[derive(Debug, Clone)]
pub struct Database {
    socket: PathBuf,
    name: String,
}

static SHARED: OnceCell<Postgres> = OnceCell::const_new();
static NUMBER: AtomicU64 = AtomicU64::new(1);

impl Database {
    /// A new, empty database on the cluster that the tests of this process share.
    pub async fn create() -> anyhow::Result<Self> {
        SHARED
            .get_or_try_init(Postgres::start)
            .await?
            .create_database()
            .await
    }

    /// URL of the superuser, who owns the database.
    pub fn owner_url(&self) -> String {
        self.url_of(SUPERUSER)
    }

    /// URL of a role that can log in; nobody needs a password here.
    pub fn url_of(&self, role: &str) -> String {
        format!(
            "postgres://{role}@localhost/{}?host={}",
            self.name,
            self.socket.display()
        )
    }

    /// Name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server's socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.socket.join(".s.PGSQL.5432")
    }

    /// Another database of the same server.
    pub(crate) fn called(&self, name: &str) -> Self {
        Self {
            socket: self.socket.clone(),
            name: name.to_owned(),
        }
    }

    /// A name on the same server that nobody has yet.
    pub(crate) fn sibling(&self) -> Self {
        self.called(&next_name())
    }
}

impl Postgres {
    /// Makes a cluster and starts its server.
    pub async fn start() -> anyhow::Result<Self> {
        let (binaries, user) = (find_binaries()?, unprivileged()?);
        // `sun_path` has room for 107 bytes: a short name, directly under the temporary directory.
        let directory = tempfile::Builder::new()
            .prefix("ngpool-pg-")
            .tempdir()?
            .keep();
        let mut postgres = Self {
            directory,
            binaries,
            user,
            watchdog: None,
        };
        if let Some((uid, gid)) = user {
            chown(&postgres.directory, Some(uid), Some(gid))?;
        }
        fs::set_permissions(&postgres.directory, fs::Permissions::from_mode(0o700))?;
        postgres.initialise().await?;
        postgres.resume().await?;
        Ok(postgres)
    }

    /// Starts the server again after [`stop`](Self::stop), with the data it had.
    pub async fn resume(&mut self) -> anyhow::Result<()> {
        ensure!(self.watchdog.is_none(), "the server runs already");
        let mut command = Command::new("sh");
        command
            .args(["-c", WATCHDOG, "watchdog"])
            .args([self.binaries.join("postgres"), self.data(), self.log()])
            .arg(&self.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A key at the terminal is for us; the pipe tells the server.
            .process_group(0);
        self.as_user(&mut command);
        self.watchdog = Some(command.spawn().context("cannot start sh")?);
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = self.execute("postgres", "SELECT 1").await {
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                bail!("PostgreSQL does not answer: {error}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Stops the server, as an administrator would: clients are disconnected, the data stays.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut watchdog) = self.watchdog.take() else {
            return Ok(());
        };
        if let Some(mut pipe) = watchdog.stdin.take() {
            pipe.write_all(b"stop\n")?;
        }
        let status = tokio::task::spawn_blocking(move || watchdog.wait()).await??;
        tracing::debug!(%status, "postgres stopped");
        Ok(())
    }

    /// A new, empty database.
    pub async fn create_database(&self) -> anyhow::Result<Database> {
        let name = next_name();
        self.execute("postgres", &format!("CREATE DATABASE {name}"))
            .await?;
        Ok(Database {
            socket: self.directory.clone(),
            name,
        })
    }

    async fn initialise(&self) -> anyhow::Result<()> {
        let mut command = Command::new(self.binaries.join("initdb"));
        command
            .args([
                "--username",
                SUPERUSER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
            ])
            .args(["--locale", "C.UTF-8", "--no-sync", "--pgdata"])
            .arg(self.data());
        self.run(command).await.context("initdb failed")?;
        // A test's data does not outlive it: nothing waits for a disk. What is kept in order by
        // commits stays in order.
        let settings = format!(
            "fsync = off\nfull_page_writes = off\nlisten_addresses = ''\n\
             unix_socket_directories = '{}'\nmax_connections = 300\nshared_buffers = 64MB\n\
             dynamic_shared_memory_type = mmap\ntimezone = 'UTC'\n",
            self.directory.display()
        );
        let file = self.data().join("postgresql.conf");
        let mut file = fs::OpenOptions::new().append(true).open(file)?;
        file.write_all(settings.as_bytes())?;
        Ok(())
    }

    async fn execute(&self, database: &str, sql: &str) -> anyhow::Result<()> {
        let beside = self.binaries.join("psql");
        let mut command = Command::new(if beside.exists() {
            beside
        } else {
            PathBuf::from("psql")
        });
        command
            .args([
                "--no-psqlrc",
                "--quiet",
                "--username",
                SUPERUSER,
                "--dbname",
                database,
            ])
            .args(["--set", "ON_ERROR_STOP=1", "--command", sql, "--host"])
            .arg(&self.directory);
        self.run(command).await
    }

    async fn run(&self, mut command: Command) -> anyhow::Result<()> {
        self.as_user(&mut command);
        command.stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    /// The server refuses to run as root, and none of its tools may read where we are.
    fn as_user(&self, command: &mut Command) {
        command.current_dir(&self.directory);
        if let Some((uid, gid)) = self.user {
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        match self.watchdog.take() {
            Some(mut watchdog) => {
                // Closing the pipe is the word to end and to clean up.
                drop(watchdog.stdin.take());
                let _nothing_to_do_about_it = watchdog.wait();
            }
            None => {
                let _nothing_to_do_about_it = fs::remove_dir_all(&self.directory);
            }
        }
    }
}

fn next_name() -> String {
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Whom to become: nobody special when we are not root.
fn unprivileged() -> anyhow::Result<Option<(Uid, Gid)>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some((user.uid, user.gid)));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

/// The folder with `initdb` and `postgres`: as told, else on the path, else the newest of Debian's.
pub(crate) fn find_binaries() -> anyhow::Result<PathBuf> {
    let complete =
        |folder: &Path| folder.join("initdb").exists() && folder.join("postgres").exists();
    if let Some(told) = env::var_os(BIN_VARIABLE) {
        let told = PathBuf::from(told);
        ensure!(
            complete(&told),
            "{BIN_VARIABLE}={} has no initdb and postgres",
            told.display()
        );
        return Ok(told);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).find(|folder| complete(folder));
    let version = |folder: &Path| -> u32 {
        let name = folder
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        name.and_then(|name| name.parse().ok()).unwrap_or_default()
    };
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| complete(folder))
        .max_by_key(|folder| version(folder));
    on_path.or(debian).with_context(|| {
        format!("no PostgreSQL server found: install it (postgresql) or set {BIN_VARIABLE}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stopped_server_comes_back_with_its_data_and_leaves_nothing_behind() {
        let mut postgres = Postgres::start().await.unwrap();
        let database = postgres.create_database().await.unwrap();
        postgres
            .execute(database.name(), "CREATE TABLE kept (n int)")
            .await
            .unwrap();
        postgres.stop().await.unwrap();
        assert!(postgres.execute(database.name(), "SELECT 1").await.is_err());
        postgres.resume().await.unwrap();
        postgres
            .execute(database.name(), "INSERT INTO kept VALUES (1)")
            .await
            .unwrap();
        let directory = postgres.directory.clone();
        drop(postgres);
        assert!(!directory.exists());
    }
}
