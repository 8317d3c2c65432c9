//! Files that documents name: Secrets of the objects, and how each role finds the database.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ngpool_crds::{DatabaseChoice, DatabaseRole, Documents, Environment, LocalMachine, PortTable};
use ngpool_settings::DatabaseAddress;
use ngpool_store::{Login, Logins};
use rand::{TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};

use super::{
    UpError,
    postgres::{DATABASE, Postgres},
    state_dir::{StateDir, private_dir, write_atomically},
};

/// Writes what the documents expect of Secrets; a file that is right already stays untouched.
pub(super) fn write_secrets(documents: &Documents) -> Result<(), UpError> {
    for file in &documents.secret_files {
        let write = || {
            if fs::read(&file.path).is_ok_and(|content| content == file.content) {
                return Ok(());
            }
            if let Some(folder) = file.path.parent() {
                private_dir(folder)?;
            }
            write_private(&file.path, &file.content)
        };
        write().map_err(|source| UpError::State {
            path: file.path.clone(),
            source,
        })?;
    }
    Ok(())
}

/// Makes the token of signers, unless it is there or a Secret holds it. Nobody else may read it: it is
/// copied by hand to where the signer runs.
pub(super) fn write_signer_token(state: &StateDir, documents: &Documents) -> Result<(), UpError> {
    let path = LocalMachine::new(state.path(), PortTable::default()).signer_token_file();
    if documents.web.signer_token_file.as_ref() != Some(&path) || path.exists() {
        return Ok(());
    }
    let write = || {
        if let Some(folder) = path.parent() {
            private_dir(folder)?;
        }
        write_atomically(&path, &format!("{}\n", random_hex::<32>()?))
    };
    write().map_err(|source| UpError::State {
        path: path.clone(),
        source,
    })
}

fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let mut options = fs::OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)?
        .write_all(content)?;
    fs::rename(temporary, path)
}

/// How the roles log in to the database.
#[derive(Debug)]
pub(super) struct Database {
    /// URL of the owner, for the migrations.
    pub(super) owner_url: String,
    /// The roles to make.
    pub(super) logins: Logins,
}

impl Database {
    /// The private database: whoever can enter its folder may log in.
    pub(super) fn bundled(state: &StateDir, server: &Postgres) -> Result<Self, UpError> {
        let logins = Logins::without_passwords();
        let roles = [
            (DatabaseRole::Ledger, &logins.ledger),
            (DatabaseRole::Payout, &logins.payout),
            (DatabaseRole::Web, &logins.web),
        ];
        for (role, login) in roles {
            if let Some(login) = login {
                write_url(state, role, &server.url(&login.name))?;
            }
        }
        Ok(Self {
            owner_url: server.url(DATABASE),
            logins,
        })
    }

    /// A database that runs elsewhere: logins of this pool's own, with passwords made here.
    pub(super) fn elsewhere(state: &StateDir, choice: &DatabaseChoice) -> Result<Self, UpError> {
        let DatabaseChoice::Url { owner_url_file } = choice else {
            return Err(UpError::Database("no URL is given".to_owned()));
        };
        let owner_url = fs::read_to_string(owner_url_file).map_err(|source| UpError::State {
            path: owner_url_file.clone(),
            source,
        })?;
        let owner_url = owner_url.trim().to_owned();
        let address = DatabaseAddress::of_url(&owner_url)
            .map_err(|error| UpError::Database(error.to_string()))?;
        let stored = StoredLogins::load_or_make(state)?;
        let login = |role: DatabaseRole, password: &str| -> Result<Option<Login>, UpError> {
            let name = format!("ngpool_{}_{}", role.name(), stored.suffix);
            write_url(state, role, &address.url(&name, Some(password)))?;
            Ok(Some(Login {
                name,
                password: Some(password.to_owned()),
            }))
        };
        let logins = Logins {
            ledger: login(DatabaseRole::Ledger, &stored.ledger)?,
            payout: login(DatabaseRole::Payout, &stored.payout)?,
            web: login(DatabaseRole::Web, &stored.web)?,
        };
        Ok(Self { owner_url, logins })
    }
}

/// Logins are shared by all databases of a server, so each pool's have a name of their own.
#[derive(Serialize, Deserialize)]
struct StoredLogins {
    suffix: String,
    ledger: String,
    payout: String,
    web: String,
}

impl StoredLogins {
    fn load_or_make(state: &StateDir) -> Result<Self, UpError> {
        let path = state.join("database/logins.json");
        let failed = |source| UpError::State {
            path: path.clone(),
            source,
        };
        match fs::read_to_string(&path) {
            Ok(text) => return serde_json::from_str(&text).map_err(|error| failed(error.into())),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            Err(_) => {}
        }
        let made = Self {
            suffix: random_hex::<4>().map_err(failed)?,
            ledger: random_hex::<32>().map_err(failed)?,
            payout: random_hex::<32>().map_err(failed)?,
            web: random_hex::<32>().map_err(failed)?,
        };
        private_dir(&state.join("database")).map_err(failed)?;
        let text = serde_json::to_string(&made).map_err(|error| failed(error.into()))?;
        write_atomically(&path, &text).map_err(failed)?;
        Ok(made)
    }
}

fn random_hex<const BYTES: usize>() -> std::io::Result<String> {
    let mut bytes = [0; BYTES];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(std::io::Error::other)?;
    Ok(hex::encode(bytes))
}

fn write_url(state: &StateDir, role: DatabaseRole, url: &str) -> Result<(), UpError> {
    // The one place that says where a role's file is.
    let path = LocalMachine::new(state.path(), PortTable::default()).database_url_file(role);
    let write = || {
        if let Some(folder) = path.parent() {
            private_dir(folder)?;
        }
        write_atomically(&path, &format!("{url}\n"))
    };
    write().map_err(|source| UpError::State {
        path: path.clone(),
        source,
    })
}
