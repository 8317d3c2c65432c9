//! The PostgreSQL that the system has.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::PostgresError;

/// The programs of one PostgreSQL installation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Installation {
    /// Such as 15. First, so that the order of installations is by version.
    pub(super) major: u32,
    pub(super) initdb: PathBuf,
    pub(super) postgres: PathBuf,
}

/// Finds the newest installation, or the one of a major version.
pub(super) fn find(major: Option<u32>) -> Result<Installation, PostgresError> {
    let mut found: Vec<Installation> = folders()
        .iter()
        .filter_map(|folder| Installation::in_folder(folder))
        .collect();
    found.sort();
    found.dedup();
    let Some(wanted) = major else {
        return found.pop().ok_or(PostgresError::Missing);
    };
    let versions: Vec<u32> = found
        .iter()
        .map(|installation| installation.major)
        .collect();
    found
        .into_iter()
        .find(|installation| installation.major == wanted)
        .ok_or(PostgresError::OtherVersion {
            wanted,
            found: versions,
        })
}

impl Installation {
    fn in_folder(folder: &Path) -> Option<Self> {
        let initdb = folder.join("initdb");
        let postgres = folder.join("postgres");
        if !initdb.is_file() {
            return None;
        }
        let output = Command::new(&postgres).arg("--version").output().ok()?;
        let major = parse_major(&String::from_utf8(output.stdout).ok()?)?;
        Some(Self {
            major,
            initdb,
            postgres,
        })
    }
}

/// Reads `postgres (PostgreSQL) 15.20 (Debian …)`.
fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    number
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// PATH first, then where distributions hide the server's programs.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    // Debian and Ubuntu; Fedora, Rocky and SUSE.
    for (parent, inner) in [
        ("/usr/lib/postgresql", "bin"),
        ("/usr", "bin"),
        ("/opt/homebrew/opt", "bin"),
    ] {
        let Ok(entries) = std::fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let versioned = name.starts_with("pgsql-") || name.starts_with("postgresql@");
            if parent == "/usr/lib/postgresql" || versioned {
                folders.push(entry.path().join(inner));
            }
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(
            parse_major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_major("nonsense"), None);
    }

    #[test]
    fn a_version_that_is_not_installed_is_named() {
        let message = find(Some(7)).unwrap_err().to_string();
        assert!(message.contains("PostgreSQL 7"), "{message}");
    }
}
