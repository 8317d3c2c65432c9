//! What can be known to be wrong before anything starts.

use std::{
    collections::BTreeMap,
    fmt,
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use ngpool_crds::{DatabaseChoice, Documents};

use super::{postgres::Postgres, state_dir::StateDir};

/// Everything that keeps the pool from starting.
#[derive(Debug)]
pub struct Obstacles(Vec<String>);

impl fmt::Display for Obstacles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pool cannot start:")?;
        for obstacle in &self.0 {
            write!(f, "\n  - {obstacle}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Obstacles {}

/// Looks at ports, binaries and the database's programs; starts and changes nothing.
pub(super) fn check(documents: &Documents, state: &StateDir) -> Result<(), Obstacles> {
    let mut obstacles = Vec::new();
    ports(documents, &mut obstacles);
    for coinserver in &documents.coinservers {
        if let Some(daemon) = &coinserver.daemon
            && let Err(reason) = find_binary(&daemon.binary)
        {
            obstacles.push(format!(
                "Coinserver/{} spec.daemon.binary: {reason}; install it, or give its path",
                coinserver.name
            ));
        }
    }
    if !matches!(documents.database, DatabaseChoice::Url { .. })
        && let Err(error) = Postgres::check(state)
    {
        obstacles.push(error.to_string());
    }
    if obstacles.is_empty() {
        Ok(())
    } else {
        Err(Obstacles(obstacles))
    }
}

/// The public ports: those inside are chosen among the free ones.
fn ports(documents: &Documents, obstacles: &mut Vec<String>) {
    let stratum = documents
        .stratum
        .iter()
        .map(|port| (port.bind, format!("StratumPort/{} spec.port", port.name)));
    let web = (documents.web.bind, "Pool/pool spec.web.port".to_owned());
    let mut seen: BTreeMap<SocketAddr, String> = BTreeMap::new();
    for (address, owner) in stratum.chain([web]) {
        if let Some(first) = seen.get(&address) {
            obstacles.push(format!("{owner}: port {} is also {first}", address.port()));
            continue;
        }
        if let Err(error) = TcpListener::bind(address) {
            obstacles.push(format!("{owner}: {}", refusal(address, &error)));
        }
        seen.insert(address, owner);
    }
}

fn refusal(address: SocketAddr, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "port {} is taken by another program; stop that one or choose another port",
            address.port()
        ),
        ErrorKind::PermissionDenied => format!(
            "port {} needs more rights than this user has; choose one above 1023",
            address.port()
        ),
        ErrorKind::AddrNotAvailable => {
            format!(
                "{} is no address of this machine; choose another with --listen",
                address.ip()
            )
        }
        _ => format!("cannot listen on {address}: {error}"),
    }
}

/// A path as it is, or a name looked up on PATH.
fn find_binary(binary: &str) -> Result<PathBuf, String> {
    use std::os::unix::fs::PermissionsExt;
    let is_program = |path: &Path| {
        path.metadata()
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if binary.contains('/') {
        let path = PathBuf::from(binary);
        return if is_program(&path) {
            Ok(path)
        } else {
            Err(format!("{binary} is not a program"))
        };
    }
    std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|folder| folder.join(binary))
        .find(|path| is_program(path))
        .ok_or_else(|| format!("{binary:?} is not found in PATH"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_is_found_by_name_and_by_path() {
        assert!(find_binary("sh").unwrap().is_absolute());
        assert_eq!(find_binary("/bin/sh"), Ok(PathBuf::from("/bin/sh")));
        assert_eq!(
            find_binary("no-such-daemon").unwrap_err(),
            "\"no-such-daemon\" is not found in PATH"
        );
        assert_eq!(
            find_binary("/etc/passwd").unwrap_err(),
            "/etc/passwd is not a program"
        );
    }

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let error = TcpListener::bind(address).unwrap_err();
        assert_eq!(
            refusal(address, &error),
            format!(
                "port {} is taken by another program; stop that one or choose another port",
                address.port()
            )
        );
    }
}
