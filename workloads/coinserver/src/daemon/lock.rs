//! Who holds a daemon's data directory.
//!
//! The daemons lock `.lock` in the directory of their chain (a POSIX record lock), so the kernel
//! knows the holder. A pid file only says who once was.

use std::{
    fs::OpenOptions,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use nix::{
    fcntl::{FcntlArg, fcntl},
    libc,
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// The process that holds the data directory for a chain.
pub(super) fn holder(data_dir: &Path, chain: &str) -> Option<i32> {
    lock_files(data_dir, chain)
        .iter()
        .find_map(|path| holder_of(path))
}

/// Whether a process was started with this configuration file, which only this program's daemon is.
pub(super) fn runs_with(pid: i32, config: &Path) -> bool {
    let Ok(command_line) = std::fs::read(format!("/proc/{pid}/cmdline")) else {
        return false;
    };
    let mut argument = b"-conf=".to_vec();
    argument.extend_from_slice(config.as_os_str().as_bytes());
    command_line
        .split(|byte| *byte == 0)
        .any(|one| one == argument)
}

/// Asks a process to stop; it may be gone by now.
pub(super) fn ask_to_stop(pid: i32) {
    let _gone_already = kill(Pid::from_raw(pid), Signal::SIGTERM);
}

fn lock_files(data_dir: &Path, chain: &str) -> Vec<PathBuf> {
    match chain {
        "main" => vec![data_dir.join(".lock")],
        // `testnet3`, `testnet4`: numbered by chain and time.
        "test" => std::fs::read_dir(data_dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().as_bytes().starts_with(b"testnet"))
            .map(|entry| entry.path().join(".lock"))
            .collect(),
        other => vec![data_dir.join(other).join(".lock")],
    }
}

fn holder_of(path: &Path) -> Option<i32> {
    let file = OpenOptions::new().read(true).write(true).open(path).ok()?;
    let mut lock = libc::flock {
        // The constants are small; the fields are as C has them.
        l_type: i16::try_from(libc::F_WRLCK).ok()?,
        l_whence: i16::try_from(libc::SEEK_SET).ok()?,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_GETLK(&mut lock)).ok()?;
    (i32::from(lock.l_type) != libc::F_UNLCK).then_some(lock.l_pid)
}
