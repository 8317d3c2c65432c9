//! Namespaces of our own: network, mounts and processes.
//!
//! The program starts itself again inside. Outside it waits, passes on signals and gives the exit
//! code. When the first process inside ends, the kernel ends all others, and with them every mount,
//! bridge and rule.

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Context, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

/// Set inside, so that the program knows where it is: the name of the cluster.
const INSIDE: &str = "NGPOOL_E2E_INSIDE";
/// Programs that keep state of their own in fixed places: each cluster sees an empty one.
const PRIVATE: [&str; 4] = [
    "/run/containerd",
    "/run/netns",
    "/var/lib/cni",
    "/var/log/containers",
];
/// Address of the node, inside.
pub const NODE_ADDRESS: &str = "10.200.0.1";

/// The name of the cluster that this process is inside of.
pub fn inside() -> Option<String> {
    env::var(INSIDE).ok()
}

/// Says why there can be no namespaces here.
pub fn check() -> anyhow::Result<()> {
    if !geteuid().is_root() {
        bail!("a cluster of our own needs root (namespaces, mounts, cgroups)");
    }
    let status = Command::new("unshare")
        .args([
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "true",
        ])
        .status()
        .context("cannot run unshare (util-linux)")?;
    if !status.success() {
        bail!("unshare may not make namespaces here");
    }
    Ok(())
}

/// Runs this program again inside a cluster of a name, with the arguments given; waits for its end.
/// `pid_file` gets the process id, as seen from outside, of the first process inside.
pub fn run(name: &str, arguments: &[String], pid_file: &Path) -> anyhow::Result<ExitCode> {
    for folder in PRIVATE {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {folder}"))?;
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(watch_over(name, arguments, pid_file))
}

async fn watch_over(name: &str, arguments: &[String], pid_file: &Path) -> anyhow::Result<ExitCode> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut child = tokio::process::Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "--", "unshare"])
        .args(["--net", "--mount", "--pid", "--fork", "--mount-proc"])
        .args(["--kill-child", "--propagation", "private"])
        .arg(program()?)
        .args(arguments)
        .env(INSIDE, name)
        .spawn()
        .context("cannot run setpriv and unshare")?;
    let unshare = child.id().context("unshare ended at once")?;
    let first = loop {
        if let Some(pid) = only_child(unshare)? {
            break Pid::from_raw(pid);
        }
        if let Some(status) = child.try_wait()? {
            bail!("unshare ended: {status}");
        }
        // Nothing tells of a grandchild.
        sleep(Duration::from_millis(5)).await;
    };
    fs::write(pid_file, first.to_string())?;
    let status = loop {
        // The signals that would end this process end the first one inside, which cleans up.
        tokio::select! {
            status = child.wait() => break status?,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        let _gone_already = kill(first, Signal::SIGTERM);
    };
    let _absent_already = fs::remove_file(pid_file);
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// This program's file; one that was built anew meanwhile is at the same place.
fn program() -> anyhow::Result<PathBuf> {
    let path = env::current_exe()?;
    let text = path.to_string_lossy();
    Ok(text
        .strip_suffix(" (deleted)")
        .map_or_else(|| path.clone(), PathBuf::from))
}

fn only_child(of: u32) -> anyhow::Result<Option<i32>> {
    match fs::read_to_string(format!("/proc/{of}/task/{of}/children")) {
        Ok(children) => Ok(children
            .split_whitespace()
            .next()
            .map(str::parse)
            .transpose()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes the inside habitable: loopback, an address for the node, private folders.
pub fn settle() -> anyhow::Result<()> {
    for folder in PRIVATE {
        execute("mount", &["-t", "tmpfs", "tmpfs", folder])?;
    }
    execute("ip", &["link", "set", "lo", "up"])?;
    // There is no dummy device everywhere: one end of a pair is the node's, the other the way out.
    execute(
        "ip",
        &[
            "link", "add", "node0", "type", "veth", "peer", "name", "node1",
        ],
    )?;
    execute(
        "ip",
        &[
            "address",
            "add",
            &format!("{NODE_ADDRESS}/24"),
            "dev",
            "node0",
        ],
    )?;
    execute("ip", &["link", "set", "node0", "up"])?;
    execute("ip", &["link", "set", "node1", "up"])?;
    execute("ip", &["route", "add", "default", "via", "10.200.0.254"])?;
    fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("cannot turn on forwarding")?;
    Ok(())
}

/// Runs a program to its end; what it said is in the error.
pub fn execute(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!(
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}
