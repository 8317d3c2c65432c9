//! `kubectl port-forward`, as people reach what is not exposed.

use std::{net::SocketAddr, process::Stdio};

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
};

use super::Pool;

/// An open way into the cluster.
#[derive(Debug)]
pub struct Forward {
    _kubectl: Child,
    /// Where it begins, on this machine.
    pub address: SocketAddr,
}

impl Forward {
    pub(super) async fn open(pool: &Pool, to: &str, port: &str) -> anyhow::Result<Self> {
        let mut kubectl = pool
            .session
            .tool("kubectl")
            .arg(format!("--namespace={}", pool.namespace))
            .args([
                "port-forward",
                "--address=127.0.0.1",
                to,
                &format!(":{port}"),
            ])
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start kubectl")?;
        let output = kubectl.stdout.take().context("kubectl has no output")?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            let begins = line.strip_prefix("Forwarding from ");
            if let Some((address, _)) = begins.and_then(|rest| rest.split_once(" -> ")) {
                let address = address.parse()?;
                // Whoever writes into a pipe that nobody reads is stopped.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self {
                    _kubectl: kubectl,
                    address,
                });
            }
        }
        bail!("kubectl port-forward to {to} ended")
    }
}
