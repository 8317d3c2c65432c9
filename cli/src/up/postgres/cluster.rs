//! The cluster's files, and who owns them.

use std::{
    fs::File,
    io::Write,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::{
    fcntl::{FcntlArg, FdFlag, fcntl},
    unistd::{Gid, Uid, User, chown, geteuid},
};

use super::{
    DATABASE, PostgresError,
    locate::{self, Installation},
};
use crate::up::state_dir::{StateDir, private_dir};

/// Longest path of a unix socket, less `/.s.PGSQL.5432` and the end of the string.
const SOCKET_DIR_LIMIT: usize = 107 - 15;

/// A cluster that is ready to be served.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) installation: Installation,
    /// Whom the server runs as; absent when that is whoever runs this program.
    user: Option<(Uid, Gid)>,
    pub(super) data: PathBuf,
    pub(super) socket_dir: PathBuf,
    pub(super) log: PathBuf,
}

/// A command that works on the data directory, and the open directory it is handed.
pub(super) struct ClusterCommand {
    pub(super) command: Command,
    /// Keeps the directory open until the command was spawned.
    _data: OwnedFd,
}

impl Cluster {
    /// Finds the programs and says where everything goes, without changing anything.
    pub(super) fn plan(state: &StateDir) -> Result<Self, PostgresError> {
        let folder = state.join("postgres");
        let data = folder.join("data");
        let made_by = std::fs::read_to_string(data.join("PG_VERSION"))
            .ok()
            .and_then(|version| version.trim().parse().ok());
        let user = if geteuid().is_root() {
            Some(unprivileged_user()?)
        } else {
            None
        };
        Ok(Self {
            installation: locate::find(made_by)?,
            socket_dir: socket_dir(state, user.is_some()),
            user,
            log: folder.join("server.log"),
            data,
        })
    }

    /// Makes the folders, and the cluster unless it is there.
    pub(super) fn prepare(&self) -> Result<(), PostgresError> {
        if let Some(folder) = self.data.parent() {
            private_dir(folder).map_err(|source| PostgresError::Prepare {
                path: folder.to_owned(),
                source,
            })?;
        }
        self.own_dir(&self.socket_dir)?;
        if self.data.exists() {
            return self.own_dir(&self.data);
        }
        // Made beside its place and moved there when whole: a killed initdb leaves nothing that looks
        // like a cluster.
        let unfinished = self.data.with_file_name("data.new");
        let unprepared = |source| PostgresError::Prepare {
            path: unfinished.clone(),
            source,
        };
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished).map_err(unprepared)?;
        }
        self.own_dir(&unfinished)?;
        self.init(&unfinished)?;
        self.create_database(&unfinished)?;
        std::fs::rename(&unfinished, &self.data).map_err(unprepared)
    }

    fn init(&self, data: &Path) -> Result<(), PostgresError> {
        let program = &self.installation.initdb;
        let mut init = self.command(program, &[], data)?;
        init.command
            .args([
                "--username",
                DATABASE,
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
            ])
            .stdin(Stdio::null());
        let output = init
            .command
            .output()
            .map_err(|source| PostgresError::Start {
                program: program.clone(),
                source,
            })?;
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(PostgresError::Failed {
            program: program.clone(),
            words,
        })
    }

    /// Makes the database with the server program alone: there need be no client programs.
    fn create_database(&self, data: &Path) -> Result<(), PostgresError> {
        let program = &self.installation.postgres;
        let start = |source| PostgresError::Start {
            program: program.clone(),
            source,
        };
        let mut single = self.command(program, &["--single"], data)?;
        let mut child = single
            .command
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(format!("CREATE DATABASE {DATABASE};\n").as_bytes())
                .map_err(start)?;
        }
        let output = child.wait_with_output().map_err(start)?;
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        // Single-user mode ends with 0 also after a failed statement.
        if output.status.success() && !words.contains("ERROR") {
            return Ok(());
        }
        Err(PostgresError::Failed {
            program: program.clone(),
            words,
        })
    }

    /// The server on the cluster. Where `setpriv` (util-linux) is found, the kernel asks it for a fast
    /// shutdown (SIGINT) when this program dies without having stopped it.
    pub(super) fn server(&self) -> Result<ClusterCommand, PostgresError> {
        let postgres = &self.installation.postgres;
        let setpriv = Path::new("/usr/bin/setpriv");
        match postgres.to_str() {
            Some(postgres) if setpriv.is_file() => {
                self.command(setpriv, &["--pdeathsig", "INT", "--", postgres], &self.data)
            }
            _ => self.command(postgres, &[], &self.data),
        }
    }

    /// A command with a data directory as `-D`, run as the unprivileged user, in a process group of
    /// its own: Ctrl-C in the terminal is for us, and we stop the server last.
    fn command(
        &self,
        program: &Path,
        first: &[&str],
        data: &Path,
    ) -> Result<ClusterCommand, PostgresError> {
        let unprepared = |source| PostgresError::Prepare {
            path: data.to_owned(),
            source,
        };
        let mut command = Command::new(program);
        command.args(first).arg("-D");
        let open = OwnedFd::from(File::open(data).map_err(unprepared)?);
        if self.user.is_some() {
            fcntl(&open, FcntlArg::F_SETFD(FdFlag::empty()))
                .map_err(|errno| unprepared(errno.into()))?;
            command.arg(format!("/proc/self/fd/{}", open.as_raw_fd()));
        } else {
            command.arg(data);
        }
        self.run_as(&mut command);
        Ok(ClusterCommand {
            command,
            _data: open,
        })
    }

    fn run_as(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        if let Some((uid, gid)) = self.user {
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        // Where we are may be closed to that user.
        command
            .current_dir("/")
            .process_group(0)
            .env_remove("PGDATA");
    }

    /// Makes a folder that only the server's user can enter.
    fn own_dir(&self, path: &Path) -> Result<(), PostgresError> {
        let unprepared = |source| PostgresError::Prepare {
            path: path.to_owned(),
            source,
        };
        private_dir(path).map_err(unprepared)?;
        // In a folder that everybody can write, somebody else may have been first.
        let there = std::fs::symlink_metadata(path).map_err(unprepared)?;
        let ours = self.user.map_or(geteuid(), |(uid, _)| uid);
        if !there.is_dir() || (there.uid() != ours.as_raw() && there.uid() != geteuid().as_raw()) {
            let other = std::io::Error::other("it belongs to somebody else");
            return Err(unprepared(other));
        }
        if let Some((uid, gid)) = self.user {
            chown(path, Some(uid), Some(gid)).map_err(|errno| unprepared(errno.into()))?;
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(unprepared)
    }
}

fn unprivileged_user() -> Result<(Uid, Gid), PostgresError> {
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| User::from_name(name).ok().flatten())
        .map(|user| (user.uid, user.gid))
        .ok_or(PostgresError::NoUser)
}

/// Beside the data where the path is short enough and the server's user can reach it; else a folder
/// with a name of its own for each state directory.
fn socket_dir(state: &StateDir, other_user: bool) -> PathBuf {
    let beside = state.join("postgres/socket");
    if !other_user && beside.as_os_str().len() <= SOCKET_DIR_LIMIT {
        return beside;
    }
    let name = format!("ngpool-{}-{:08x}", geteuid(), checksum(state.path()));
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let parent = runtime
        // root's own is closed to the server's user.
        .filter(|folder| !other_user && folder.is_dir() && folder.as_os_str().len() < 50)
        .unwrap_or_else(|| PathBuf::from("/tmp"));
    parent.join(name)
}

/// FNV-1a: only to tell state directories of one machine apart.
fn checksum(path: &Path) -> u32 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_fits_however_deep_the_state_directory_is() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a".repeat(100)).join("b".repeat(100));
        let state = StateDir::prepare(&deep).unwrap();
        for other_user in [false, true] {
            let socket = socket_dir(&state, other_user);
            assert!(
                socket.as_os_str().len() <= SOCKET_DIR_LIMIT,
                "{}",
                socket.display()
            );
        }
        let another = StateDir::prepare(&folder.path().join("c".repeat(200))).unwrap();
        assert_ne!(socket_dir(&state, true), socket_dir(&another, true));
    }
}
