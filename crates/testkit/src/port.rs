//! Loopback ports that no other test has.

use std::{
    fs::{File, OpenOptions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
};

use anyhow::{Context, bail};

/// Below the range the kernel draws from for outgoing connections (32768 and up), so that none of
/// those can take a port between its reservation and its use.
const RANGE: Range<u16> = 10_000..32_000;

/// A TCP port of this machine, reserved as long as the value lives.
///
/// The reservation is a lock on a file, so it holds against other processes' tests too and ends
/// with this process whatever ends it. Nothing listens on the port meanwhile.
#[derive(Debug)]
pub struct FreePort {
    number: u16,
    _lock: File,
}

impl FreePort {
    /// Reserves a port.
    pub fn reserve() -> anyhow::Result<Self> {
        let directory =
            std::env::temp_dir().join(format!("ngpool-test-ports-{}", nix::unistd::getuid()));
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        for _attempt in 0..1_000 {
            let number = rand::random_range(RANGE);
            let lock = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(directory.join(number.to_string()))?;
            if lock.try_lock().is_err() {
                continue;
            }
            if TcpListener::bind((Ipv4Addr::UNSPECIFIED, number)).is_ok() {
                return Ok(Self {
                    number,
                    _lock: lock,
                });
            }
        }
        bail!("no free port between {} and {}", RANGE.start, RANGE.end)
    }

    /// The port's number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// The port on 127.0.0.1.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.number).into()
    }

    /// The port on 127.0.0.1 as an `http` URL without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }
}
