//! Where a daemon's program is.

use std::{
    ffi::OsStr,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Searched after `PATH`: services often run with a short one.
const FURTHER_FOLDERS: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/opt/bin"];

/// Why there is no program to start.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BinaryError {
    /// Not in any folder.
    #[error("there is no {name} in PATH: install it, or give its full path")]
    Missing {
        /// As configured.
        name: String,
    },
    /// There, but not a program.
    #[error("{path} cannot be executed")]
    NotExecutable {
        /// As configured.
        path: PathBuf,
    },
}

/// Finds a program by name or path.
///
/// Debian's `/usr/bin/litecoind` is a script that writes into the home directory and starts
/// `/usr/lib/litecoin/litecoind`; for such a script the program itself is taken.
pub fn find(name: &str) -> Result<PathBuf, BinaryError> {
    let path = if name.contains('/') {
        PathBuf::from(name)
    } else {
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths)
            .chain(FURTHER_FOLDERS.map(PathBuf::from))
            .map(|folder| folder.join(name))
            .find(|path| is_executable(path))
            .ok_or_else(|| BinaryError::Missing {
                name: name.to_owned(),
            })?
    };
    if !is_executable(&path) {
        return Err(BinaryError::NotExecutable { path });
    }
    Ok(behind_wrapper(&path).unwrap_or(path))
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// For `/usr/bin/NAMEd`, when it is a script: `/usr/lib/NAME/NAMEd`, when that exists.
fn behind_wrapper(path: &Path) -> Option<PathBuf> {
    let mut start = [0; 2];
    std::fs::File::open(path)
        .ok()?
        .read_exact(&mut start)
        .ok()?;
    if &start != b"#!" {
        return None;
    }
    let name = path.file_name().and_then(OsStr::to_str)?;
    let program = Path::new("/usr/lib")
        .join(name.strip_suffix('d')?)
        .join(name);
    is_executable(&program).then_some(program)
}

#[cfg(test)]
mod tests {
    use super::{BinaryError, find};

    #[test]
    fn a_missing_program_is_named() {
        let error = find("no-such-coind").unwrap_err();
        assert_eq!(
            error,
            BinaryError::Missing {
                name: "no-such-coind".to_owned()
            }
        );
        assert!(error.to_string().contains("no-such-coind"));
    }

    #[test]
    fn a_file_that_is_no_program_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = find(file.path().to_str().unwrap()).unwrap_err();
        assert!(matches!(error, BinaryError::NotExecutable { .. }));
    }

    #[test]
    fn programs_are_found_by_name() {
        assert!(find("sh").unwrap().is_absolute());
    }
}
