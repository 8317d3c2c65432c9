//! A daemon that the coinserver owns.

use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use ngcoinserver::daemon::wait_until_free;
use ngpool_rpc::v1::NodeState;
use ngpool_settings::{CoinserverSettings, DaemonProcess, DaemonRpc};
use ngpool_testkit::{FreePort, Process, daemon::binary, process, rpc};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{Coinserver, eventually, settings};

/// Where a node lives, and the ports it has.
struct Home {
    directory: TempDir,
    p2p: FreePort,
    rpc: FreePort,
}

impl Home {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            p2p: FreePort::reserve().unwrap(),
            rpc: FreePort::reserve().unwrap(),
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn credentials(&self) -> PathBuf {
        self.directory.path().join("secrets/rpc")
    }

    fn settings(&self, peers: &[&Self]) -> CoinserverSettings {
        let mut settings = settings(DaemonRpc {
            url: self.rpc.url(),
            credentials_file: self.credentials(),
            timeout_s: 10,
        });
        let options = [("listenonion", "0"), ("dnsseed", "0"), ("dbcache", "16")];
        settings.daemon = Some(DaemonProcess {
            binary: binary().unwrap().to_str().unwrap().to_owned(),
            data_dir: self.data_dir(),
            chain: "regtest".to_owned(),
            p2p_port: self.p2p.number(),
            rpc_port: self.rpc.number(),
            add_nodes: peers
                .iter()
                .map(|peer| peer.p2p.address().to_string())
                .collect(),
            options: BTreeMap::from(
                options.map(|(name, value)| (name.to_owned(), value.to_owned())),
            ),
            stop_grace_s: 60,
        });
        settings
    }

    async fn call(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let credentials = std::fs::read_to_string(self.credentials())?;
        rpc::call(&self.rpc.url(), &credentials, method, params).await
    }

    async fn generate(&self) -> String {
        let hashes = self
            .call("generatetodescriptor", json!([1, "raw(51)"]))
            .await
            .unwrap();
        hashes[0].as_str().unwrap().to_owned()
    }

    /// The daemon's pid, by its command line.
    fn pid(&self) -> Option<i32> {
        let needle = format!("-datadir={}", self.data_dir().display());
        std::fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .find_map(|entry| {
                let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
                let line = std::fs::read(entry.path().join("cmdline")).ok()?;
                // Not `setpriv`, which becomes the daemon a moment later.
                let ours = line
                    .split(|byte| *byte == 0)
                    .any(|one| one == needle.as_bytes());
                (ours && !line.starts_with(b"/usr/bin/setpriv")).then_some(pid)
            })
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn two_owned_nodes_find_each_other_and_mine() {
    let (one, other) = (Home::new(), Home::new());
    let first = Coinserver::start(one.settings(&[&other])).await;
    let second = Coinserver::start(other.settings(&[&one])).await;
    let mut watch = first.watch().await;
    // Connected, but both at block 0.
    watch.state(NodeState::Syncing).await;
    let tip = other.generate().await;
    watch.state(NodeState::Ready).await;
    watch.head_on(&tip).await;

    // The password is in one file, which only its owner can read.
    let credentials = std::fs::read_to_string(one.credentials()).unwrap();
    let password = credentials.trim().split_once(':').unwrap().1;
    assert_eq!(mode(&one.credentials()), 0o600);
    assert_eq!(mode(&one.data_dir()), 0o700);
    let config = one
        .data_dir()
        .canonicalize()
        .unwrap()
        .join("ngcoinserver.conf");
    assert_eq!(mode(&config), 0o600);
    assert!(!std::fs::read_to_string(&config).unwrap().contains(password));
    let pid = one.pid().unwrap();
    let command_line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    assert!(!String::from_utf8_lossy(&command_line).contains(password));

    first.stop().await.unwrap();
    second.stop().await.unwrap();
    assert_eq!(
        (one.pid(), other.pid()),
        (None, None),
        "no daemon is left behind"
    );
    let log = std::fs::read_to_string(one.data_dir().join("regtest/debug.log")).unwrap();
    assert!(
        log.trim_end().ends_with("Shutdown: done"),
        "it was stopped in an orderly way"
    );
}

#[tokio::test]
async fn a_daemon_that_dies_is_started_again() {
    let (one, other) = (Home::new(), Home::new());
    let first = Coinserver::start(one.settings(&[&other])).await;
    let second = Coinserver::start(other.settings(&[])).await;
    let mut watch = first.watch().await;
    watch.state(NodeState::Syncing).await;
    other.generate().await;
    watch.state(NodeState::Ready).await;
    let pid = one.pid().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    let reason = watch.state(NodeState::Stopped).await;
    assert!(reason.contains("SIGKILL"), "{reason}");
    watch.state(NodeState::Ready).await;
    assert_ne!(one.pid().unwrap(), pid);
    let tip = other.generate().await;
    watch.head_on(&tip).await;
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

/// Starts the daemon on a node's data, as its coinserver would with `config`.
fn start_by_hand(home: &Home, config: &Path) -> Process {
    let data_dir = home.data_dir().canonicalize().unwrap();
    let mut command = process::command(binary().unwrap());
    command
        .arg(format!("-conf={}", config.display()))
        .arg(format!("-datadir={}", data_dir.display()))
        .arg(format!("-port={}", home.p2p.number()))
        .arg(format!("-rpcport={}", home.rpc.number()));
    Process::start(command).unwrap()
}

#[tokio::test]
async fn a_daemon_left_behind_is_stopped_before_its_successor_starts() {
    let home = Home::new();
    let first = Coinserver::start(home.settings(&[])).await;
    first.watch().await.state(NodeState::NoPeers).await;
    first.stop().await.unwrap();
    let credentials = std::fs::read_to_string(home.credentials()).unwrap();
    let config = home
        .data_dir()
        .canonicalize()
        .unwrap()
        .join("ngcoinserver.conf");
    let left_behind = start_by_hand(&home, &config);
    eventually("it to answer", async || {
        home.call("getblockcount", json!([])).await.is_ok()
    })
    .await;

    let second = Coinserver::start(home.settings(&[])).await;
    second.watch().await.state(NodeState::NoPeers).await;
    assert!(
        left_behind.wait().await.unwrap().success(),
        "it was asked, not killed"
    );
    assert!(home.pid().is_some());
    assert_eq!(
        std::fs::read_to_string(home.credentials()).unwrap(),
        credentials
    );
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_data_directory_in_use_by_somebody_else_is_waited_for() {
    let home = Home::new();
    let first = Coinserver::start(home.settings(&[])).await;
    first.watch().await.state(NodeState::NoPeers).await;
    first.stop().await.unwrap();
    let data_dir = home.data_dir().canonicalize().unwrap();
    let other_config = data_dir.join("other.conf");
    std::fs::copy(data_dir.join("ngcoinserver.conf"), &other_config).unwrap();
    let somebody = start_by_hand(&home, &other_config);
    eventually("it to answer", async || {
        home.call("getblockcount", json!([])).await.is_ok()
    })
    .await;

    let second = Coinserver::start(home.settings(&[])).await;
    let mut watch = second.watch().await;
    let words = format!("waiting for process {}", somebody.pid());
    watch
        .until(&words, |watch| {
            watch
                .health
                .as_ref()
                .is_some_and(|health| health.reason.contains(&words))
        })
        .await;
    assert!(somebody.is_running(), "it is nobody's to stop");
    somebody.signal(Signal::SIGTERM).unwrap();
    watch.state(NodeState::NoPeers).await;
    second.stop().await.unwrap();
}

/// What the init container of a node's pod does: its predecessor may still be ending.
#[tokio::test]
async fn a_successor_waits_until_the_data_directory_is_free() {
    let home = Home::new();
    let stop = CancellationToken::new();
    // A new volume is empty: the directory is made, and nobody uses it.
    wait_until_free(&home.data_dir(), "regtest", &stop)
        .await
        .unwrap();
    assert!(home.data_dir().is_dir());

    let first = Coinserver::start(home.settings(&[])).await;
    first.watch().await.state(NodeState::NoPeers).await;
    let data_dir = home.data_dir();
    let waiting = stop.clone();
    let wait = tokio::spawn(async move { wait_until_free(&data_dir, "regtest", &waiting).await });
    // It looks again and again: while the daemon answers, it has not ended.
    for _ in 0..3 {
        home.call("getblockcount", json!([])).await.unwrap();
        assert!(!wait.is_finished());
    }
    first.stop().await.unwrap();
    wait.await.unwrap().unwrap();
    assert_eq!(home.pid(), None);
}

#[tokio::test]
async fn peers_and_options_change_while_it_runs() {
    let (one, other) = (Home::new(), Home::new());
    let first = Coinserver::start(one.settings(&[])).await;
    let second = Coinserver::start(other.settings(&[])).await;
    let mut watch = first.watch().await;
    watch.state(NodeState::NoPeers).await;
    second.watch().await.state(NodeState::NoPeers).await;
    let pid = one.pid().unwrap();
    let peer = other.p2p.address().to_string();
    first.change(|settings| settings.daemon.as_mut().unwrap().add_nodes.push(peer));
    watch.state(NodeState::Syncing).await;
    assert_eq!(one.pid(), Some(pid), "a peer needs no restart");
    first.change(|settings| settings.daemon.as_mut().unwrap().add_nodes.clear());
    watch.state(NodeState::NoPeers).await;

    first.change(|settings| {
        let daemon = settings.daemon.as_mut().unwrap();
        daemon
            .options
            .insert("uacomment".to_owned(), "changed".to_owned());
    });
    eventually("a restart", async || {
        one.pid().is_some_and(|new| new != pid)
    })
    .await;
    watch.state(NodeState::NoPeers).await;
    eventually("the new option", async || {
        let info = one.call("getnetworkinfo", json!([])).await;
        info.is_ok_and(|info| info["subversion"].as_str().unwrap().contains("changed"))
    })
    .await;
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_daemon_that_cannot_start_says_why() {
    let home = Home::new();
    let mut settings = home.settings(&[]);
    // Known to the daemon, but impossible.
    settings
        .daemon
        .as_mut()
        .unwrap()
        .options
        .insert("bind".to_owned(), "nowhere".to_owned());
    let server = Coinserver::start(settings).await;
    let reason = server.watch().await.state(NodeState::Stopped).await;
    assert!(reason.contains("nowhere"), "{reason}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_missing_binary_is_an_error_before_anything_starts() {
    let home = Home::new();
    let mut settings = home.settings(&[]);
    settings.daemon.as_mut().unwrap().binary = "no-such-coind".to_owned();
    let program = ngpool_runtime::Program::new(
        "ngcoinserver",
        "node-a",
        tokio_util::sync::CancellationToken::new(),
    );
    let error = ngcoinserver::run(ngpool_runtime::document::fixed(settings), program)
        .await
        .unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("no-such-coind"), "{cause}");
    assert!(!home.data_dir().exists());
}

#[tokio::test]
async fn the_program_stops_its_daemon_when_asked_and_when_it_is_killed() {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let home = Home::new();
        let ports = [FreePort::reserve().unwrap(), FreePort::reserve().unwrap()];
        let mut settings = home.settings(&[]);
        settings.listen.grpc = ports[0].address();
        settings.listen.admin = ports[1].address();
        let document = home.directory.path().join("document.json");
        std::fs::write(&document, serde_json::to_vec(&settings).unwrap()).unwrap();
        let mut command = process::command(env!("CARGO_BIN_EXE_ngcoinserver"));
        command
            .arg("--document")
            .arg(&document)
            .args(["--log-format", "text"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let program = Process::start(command).unwrap();
        eventually("its daemon", async || {
            home.call("getblockcount", json!([])).await.is_ok()
        })
        .await;
        program.signal(signal).unwrap();
        let status = program.wait().await.unwrap();
        assert_eq!(status.success(), signal == Signal::SIGTERM, "{status}");
        eventually("the daemon's end", async || home.pid().is_none()).await;
        let log = std::fs::read_to_string(home.data_dir().join("regtest/debug.log")).unwrap();
        assert!(
            log.trim_end().ends_with("Shutdown: done"),
            "stopped in an orderly way"
        );
    }
}
