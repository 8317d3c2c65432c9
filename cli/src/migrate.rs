//! `ngpool migrate`: brings a pool's database up to date and makes the roles that its programs log in
//! by. In a cluster a Job runs it, and the operator learns from its report where the database is
//! without ever seeing the owner's URL.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use ngpool_settings::{DatabaseAddress, DatabaseUrlError, MigrationReport};
use ngpool_store::{Login, Logins, StoreError};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::time::Instant;

use crate::up::chain;

/// Pause between two attempts to reach the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Kubelet keeps so much of what a container reports, in bytes.
const REPORT: usize = 4096;
/// Name of the database whose roles have no suffix.
const DATABASE: &str = "ngpool";
/// PostgreSQL cuts longer names off, in bytes.
const IDENTIFIER: usize = 63;

/// Bring a database up to date and make the roles that programs log in by. Safe to run at any time,
/// twice at once too.
#[derive(Debug, Args)]
pub struct MigrateCommand {
    /// File with the PostgreSQL URL of a role that owns the database and may create roles.
    #[arg(long)]
    pub owner_url_file: PathBuf,
    /// Folder with the passwords of the roles: ledger/password, payout/password, web/password.
    #[arg(long)]
    pub logins: PathBuf,
    /// File that is told the schema's version, where the database is, and the roles' names, as JSON;
    /// or why it failed.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Seconds to wait for a database that does not answer yet.
    #[arg(long, default_value_t = 300)]
    pub wait: u64,
}

/// Why a database is not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A password that is none.
    #[error("{0} holds no password")]
    Empty(PathBuf),
    /// The owner's URL is not one.
    #[error("{path}: {source}")]
    Url {
        /// The file.
        path: PathBuf,
        /// Why.
        source: DatabaseUrlError,
    },
    /// The database did not come.
    #[error("the database at {host}:{port} did not answer within {seconds} s")]
    Away {
        /// Its host.
        host: String,
        /// Its port.
        port: u16,
        /// How long was waited.
        seconds: u64,
        /// What it was last.
        source: Box<StoreError>,
    },
    /// The database refused, or is newer than this program.
    #[error(transparent)]
    Store(Box<StoreError>),
    /// The report has no room.
    #[error(
        "the report is longer than {REPORT} bytes: put fewer certificates into sslrootcert, best only \
         the one authority that the server's certificate is of"
    )]
    Long,
    /// The report cannot be written.
    #[error("cannot write the report to {path}")]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Migrates, and reports how it went.
pub async fn run(command: &MigrateCommand) -> Result<MigrationReport, MigrateError> {
    let migrated = migrate(command).await;
    let Some(path) = &command.report else {
        return migrated;
    };
    let told = match &migrated {
        Ok(report) => serde_json::to_string(report).unwrap_or_default(),
        Err(error) => chain(error),
    };
    let written = write(path, &told).map_err(|source| MigrateError::Report {
        path: path.clone(),
        source,
    });
    // Why it failed is of more use than why that could not be written down.
    let report = migrated?;
    written.map(|()| report)
}

async fn migrate(command: &MigrateCommand) -> Result<MigrationReport, MigrateError> {
    let owner_url = read(&command.owner_url_file)?;
    let mut address = DatabaseAddress::of_url(&owner_url).map_err(|source| MigrateError::Url {
        path: command.owner_url_file.clone(),
        source,
    })?;
    include_authority(&mut address)?;
    let logins = logins(&command.logins, &address.database)?;
    let report = MigrationReport {
        schema: ngpool_store::known_schema(),
        logins: names(&logins),
        address,
    };
    // Before anything is changed.
    let length = serde_json::to_vec(&report).map_or(0, |text| text.len());
    if length > REPORT {
        return Err(MigrateError::Long);
    }
    let deadline = Instant::now() + Duration::from_secs(command.wait);
    loop {
        let error = match ngpool_store::migrate(&owner_url, &logins).await {
            Ok(()) => break,
            Err(error) => error,
        };
        if !error.is_temporary() {
            return Err(MigrateError::Store(Box::new(error)));
        }
        if Instant::now() + PAUSE > deadline {
            return Err(MigrateError::Away {
                host: report.address.host,
                port: report.address.port,
                seconds: command.wait,
                source: Box::new(error),
            });
        }
        tracing::info!(reason = chain(&error), "the database is waited for");
        tokio::time::sleep(PAUSE).await;
    }
    tracing::info!(schema = report.schema, "the database is up to date");
    Ok(report)
}

/// A file of this program is not there for the others: they get what is in it.
fn include_authority(address: &mut DatabaseAddress) -> Result<(), MigrateError> {
    if let Some(authority) = address.options.get_mut("sslrootcert")
        && !authority.trim_start().starts_with("-----BEGIN")
    {
        *authority = read(Path::new(authority.as_str()))?;
    }
    Ok(())
}

fn logins(folder: &Path, database: &str) -> Result<Logins, MigrateError> {
    let login = |role: &str| {
        let path = folder.join(role).join("password");
        let password = read(&path)?;
        if password.is_empty() {
            return Err(MigrateError::Empty(path));
        }
        Ok(Some(Login {
            name: login_name(role, database),
            password: Some(password),
        }))
    };
    Ok(Logins {
        ledger: login("ledger")?,
        payout: login("payout")?,
        web: login("web")?,
    })
}

/// Roles are shared by all databases of a server, so that two pools on one need names of their own.
fn login_name(role: &str, database: &str) -> String {
    if database == DATABASE {
        return role.to_owned();
    }
    let name = format!("{role}_{database}");
    if name.len() <= IDENTIFIER {
        return name;
    }
    let digest = hex::encode(Sha256::digest(database));
    format!("{role}_{}", digest.get(..32).unwrap_or(&digest))
}

fn names(logins: &Logins) -> BTreeMap<String, String> {
    [
        ("ledger", &logins.ledger),
        ("payout", &logins.payout),
        ("web", &logins.web),
    ]
    .into_iter()
    .filter_map(|(role, login)| Some((role.to_owned(), login.as_ref()?.name.clone())))
    .collect()
}

fn read(path: &Path) -> Result<String, MigrateError> {
    let text = fs::read_to_string(path).map_err(|source| MigrateError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(text.trim().to_owned())
}

/// In place: kubelet has mounted this very file.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut end = text.len().min(REPORT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).open(path)?;
    file.write_all(text.get(..end).unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use ngpool_store::{Store, StoreOptions};
    use ngpool_testkit::Database;
    use tempfile::TempDir;

    use super::*;

    struct Place {
        folder: TempDir,
        command: MigrateCommand,
    }

    impl Place {
        fn new(owner_url: &str) -> Self {
            let folder = TempDir::new().unwrap();
            let place = Self {
                command: MigrateCommand {
                    owner_url_file: folder.path().join("url"),
                    logins: folder.path().join("logins"),
                    report: Some(folder.path().join("report")),
                    wait: 0,
                },
                folder,
            };
            fs::write(&place.command.owner_url_file, format!("{owner_url}\n")).unwrap();
            place.passwords("it's % \u{e4}/:@");
            place
        }

        fn passwords(&self, password: &str) {
            for role in ["ledger", "payout", "web"] {
                let folder = self.command.logins.join(role);
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("password"), format!("{password}{role}")).unwrap();
            }
        }

        fn report(&self) -> String {
            fs::read_to_string(self.folder.path().join("report")).unwrap()
        }
    }

    #[tokio::test]
    async fn the_report_and_a_password_are_enough_to_log_in() {
        let database = Database::create().await.unwrap();
        let place = Place::new(&database.owner_url());
        let (one, other) = tokio::join!(run(&place.command), run(&place.command));
        assert_eq!(one.unwrap(), other.unwrap());
        run(&place.command).await.unwrap();

        let text = place.report();
        assert!(
            !text.contains("postgres"),
            "whose URL it was is not told: {text}"
        );
        let report: MigrationReport = serde_json::from_str(&text).unwrap();
        assert_eq!(report.schema, ngpool_store::known_schema());
        for (role, password) in [
            ("ledger", "it's % \u{e4}/:@ledger"),
            ("web", "it's % \u{e4}/:@web"),
        ] {
            let url = report.address.url(&report.logins[role], Some(password));
            let store = Store::open(&url, &StoreOptions::default()).unwrap();
            store.currencies().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_database_that_does_not_come_is_waited_for_and_named() {
        let free = ngpool_testkit::FreePort::reserve().unwrap();
        let port = free.number();
        let place = Place::new(&format!("postgres://o:secret@127.0.0.1:{port}/pool"));
        let error = run(&place.command).await.unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the database at 127.0.0.1:{port} did not answer within 0 s")
        );
        assert!(place.report().starts_with(&error), "{}", place.report());
        assert!(!place.report().contains("secret"));
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let place = Place::new("postgres://o:secret@h/pool");
        let password = place.command.logins.join("web/password");
        fs::write(&password, "\n").unwrap();
        let error = run(&place.command).await.unwrap_err().to_string();
        assert_eq!(error, format!("{} holds no password", password.display()));
        fs::remove_file(&password).unwrap();
        let error = run(&place.command).await.unwrap_err().to_string();
        assert_eq!(error, format!("cannot read {}", password.display()));
        fs::write(&place.command.owner_url_file, "h/pool").unwrap();
        let error = run(&place.command).await.unwrap_err().to_string();
        assert!(
            error.ends_with("is not like postgres://owner:password@host/name"),
            "{error}"
        );
    }

    #[test]
    fn logins_of_two_databases_never_meet() {
        assert_eq!(login_name("web", "ngpool"), "web");
        assert_eq!(login_name("web", "other"), "web_other");
        let long = "x".repeat(63);
        assert!(login_name("payout", &long).len() <= IDENTIFIER);
        assert_ne!(login_name("web", &long), login_name("web", &long[1..]));
    }

    #[test]
    fn an_authority_in_a_file_goes_with_the_address() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("ca.crt");
        fs::write(
            &path,
            "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        let url = format!(
            "postgres://o@h/d?sslmode=verify-full&sslrootcert={}",
            path.display()
        );
        let mut address = DatabaseAddress::of_url(&url).unwrap();
        include_authority(&mut address).unwrap();
        assert!(address.options["sslrootcert"].starts_with("-----BEGIN CERTIFICATE-----\n"));
        assert!(
            address
                .url("me", None)
                .contains("sslrootcert=-----BEGIN%20CERTIFICATE-----%0A")
        );
    }
}
