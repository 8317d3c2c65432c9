//! A daemon's configuration file, made of its part of the document.

use std::{fmt::Write, path::Path};

use thiserror::Error;

use crate::DaemonProcess;

/// Options that the pool sets itself: one given by hand would undo that, or break what finds the daemon.
pub const RESERVED_OPTIONS: [&str; 21] = [
    "addnode",
    "chain",
    "conf",
    "daemon",
    "daemonwait",
    "datadir",
    "includeconf",
    "pid",
    "port",
    "regtest",
    "rpcauth",
    "rpcbind",
    "rpccookiefile",
    "rpcpassword",
    "rpcport",
    "rpcuser",
    "server",
    "signet",
    "testnet",
    "testnet4",
    "zmqpubhashblock",
];

/// Lines written unless the options say otherwise.
const DEFAULTS: [(&str, &str); 2] = [
    // The daemon writes debug.log by itself; what it prints is kept for its last words.
    ("printtoconsole", "0"),
    // A long poll holds a thread; the default of 4 leaves few for the rest.
    ("rpcthreads", "8"),
];

/// Why a configuration cannot be written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigurationError {
    /// Not one of the daemons' chains.
    #[error("the daemon's chain {0:?} is none of main, test, testnet4, signet, regtest")]
    Chain(String),
    /// An option of ours.
    #[error("the daemon option {0:?} is set by the pool and cannot be given")]
    Reserved(String),
    /// Would end up as another option or as none.
    #[error("the daemon option {name:?} cannot be written: {reason}")]
    Option {
        /// Name of the option.
        name: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A peer that is none.
    #[error("the daemon's peer {0:?} is not host:port")]
    Peer(String),
}

/// How a daemon knows who may call it.
#[derive(Debug, Clone, Copy)]
pub enum Credentials<'a> {
    /// Value of `rpcauth`: `user:salt$hash`. It holds no password.
    Rpcauth(&'a str),
    /// A file with the line `rpcauth=…`, for a configuration that others may read.
    Include(&'a Path),
}

impl DaemonProcess {
    /// Whether a configuration can be written.
    pub fn check(&self) -> Result<(), ConfigurationError> {
        check(self)
    }

    /// The text of the configuration file: no password is in it.
    pub fn configuration(
        &self,
        credentials: Credentials<'_>,
        zmq_hashblock: Option<&str>,
    ) -> Result<String, ConfigurationError> {
        text(self, credentials, zmq_hashblock)
    }
}

fn check(daemon: &DaemonProcess) -> Result<(), ConfigurationError> {
    chain_switch(&daemon.chain)?;
    for (name, value) in &daemon.options {
        let wrong = |reason| ConfigurationError::Option {
            name: name.clone(),
            reason,
        };
        if RESERVED_OPTIONS.contains(&name.as_str()) {
            return Err(ConfigurationError::Reserved(name.clone()));
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(wrong("its name must be letters and digits"));
        }
        if value.contains(|letter: char| letter.is_control() || letter == '#') {
            return Err(wrong("its value must be one line without #"));
        }
    }
    for peer in &daemon.add_nodes {
        let host_and_port = peer.rsplit_once(':').filter(|(host, port)| {
            !host.is_empty() && port.parse::<u16>().is_ok() && peer.chars().all(is_peer_letter)
        });
        if host_and_port.is_none() {
            return Err(ConfigurationError::Peer(peer.clone()));
        }
    }
    Ok(())
}

fn text(
    daemon: &DaemonProcess,
    credentials: Credentials<'_>,
    zmq_hashblock: Option<&str>,
) -> Result<String, ConfigurationError> {
    check(daemon)?;
    let mut text = String::from("# Written by the pool: changes are lost.\n");
    let mut line = |name: &str, value: &str| {
        let _never_fails = writeln!(text, "{name}={value}");
    };
    line("server", "1");
    match credentials {
        Credentials::Rpcauth(value) => line("rpcauth", value),
        Credentials::Include(file) => line("includeconf", &file.to_string_lossy()),
    }
    if let Some(switch) = chain_switch(&daemon.chain)? {
        line(switch, "1");
        // Many options count for other chains than main only in the chain's section.
        let _never_fails = writeln!(text, "[{}]", daemon.chain);
    }
    let mut line = |name: &str, value: &str| {
        let _never_fails = writeln!(text, "{name}={value}");
    };
    for (name, value) in DEFAULTS {
        if !daemon.options.contains_key(name) {
            line(name, value);
        }
    }
    if let Some(address) = zmq_hashblock {
        line("zmqpubhashblock", address);
    }
    for peer in &daemon.add_nodes {
        line("addnode", peer);
    }
    for (name, value) in &daemon.options {
        line(name, value);
    }
    Ok(text)
}

fn chain_switch(chain: &str) -> Result<Option<&'static str>, ConfigurationError> {
    match chain {
        "main" => Ok(None),
        "test" => Ok(Some("testnet")),
        "testnet4" => Ok(Some("testnet4")),
        "regtest" => Ok(Some("regtest")),
        "signet" => Ok(Some("signet")),
        other => Err(ConfigurationError::Chain(other.to_owned())),
    }
}

fn is_peer_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-._:[]".contains(letter)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ngpool_chain::Preset;

    use super::{ConfigurationError, Credentials, check, text};
    use crate::DaemonProcess;

    const AUTH: Credentials<'_> = Credentials::Rpcauth("ngpool:salt$hash");

    fn daemon(options: &[(&str, &str)]) -> DaemonProcess {
        DaemonProcess {
            binary: "litecoind".to_owned(),
            data_dir: "/nowhere".into(),
            chain: "regtest".to_owned(),
            p2p_port: 19_444,
            rpc_port: 19_443,
            add_nodes: vec!["node-b.pool:19444".to_owned(), "[::1]:19444".to_owned()],
            options: options
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            stop_grace_s: 60,
        }
    }

    #[test]
    fn options_stand_in_the_section_of_their_chain() {
        let text = text(
            &daemon(&[("txindex", "1"), ("rpcthreads", "2")]),
            AUTH,
            None,
        )
        .unwrap();
        let (top, section) = text.split_once("[regtest]\n").unwrap();
        assert!(top.contains("regtest=1\n"));
        assert!(top.contains("rpcauth=ngpool:salt$hash\n"));
        assert_eq!(
            section,
            "printtoconsole=0\naddnode=node-b.pool:19444\naddnode=[::1]:19444\nrpcthreads=2\ntxindex=1\n"
        );
    }

    #[test]
    fn every_known_chain_can_be_run() {
        for preset in Preset::all() {
            let mut daemon = daemon(&[]);
            preset.daemon_chain.clone_into(&mut daemon.chain);
            let text = text(&daemon, AUTH, None)
                .unwrap_or_else(|error| panic!("{}: {error}", preset.name));
            match preset.daemon_option {
                Some(option) => assert!(
                    text.contains(&format!("\n{option}\n[{}]\n", preset.daemon_chain)),
                    "{}: {text}",
                    preset.name
                ),
                None => assert!(!text.contains("\n["), "{}: {text}", preset.name),
            }
        }
    }

    #[test]
    fn options_that_would_break_out_are_refused() {
        let reserved = check(&daemon(&[("rpcpassword", "x")])).unwrap_err();
        assert_eq!(
            reserved,
            ConfigurationError::Reserved("rpcpassword".to_owned())
        );
        for (name, value) in [
            ("a=b", "1"),
            ("", "1"),
            ("a", "1\nrpcuser=x"),
            ("a", "1 # 2"),
        ] {
            assert!(matches!(
                check(&daemon(&[(name, value)])),
                Err(ConfigurationError::Option { .. })
            ));
        }
        let mut other = daemon(&[]);
        other.add_nodes = vec!["node\nrpcuser=x:1".to_owned()];
        assert!(matches!(check(&other), Err(ConfigurationError::Peer(_))));
        other = daemon(&[]);
        other.chain = "moon".to_owned();
        assert_eq!(
            check(&other),
            Err(ConfigurationError::Chain("moon".to_owned()))
        );
    }
}
