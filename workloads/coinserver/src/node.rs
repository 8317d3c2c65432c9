//! One node as the parts of this program share it.
//!
//! ```text
//!  daemon::supervise ─ phase ─▶ monitor ─ condition ─▶ WatchTemplates, Status
//!  source ─ templates ─▶ book ─────────────────────▶ WatchTemplates, SubmitSolution
//!     ▲ wake: a new tip was heard of
//!  zmq, poll, submit, monitor
//! ```

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use arc_swap::ArcSwap;
use ngpool_chain::BlockHash;
use ngpool_runtime::Settings;
use ngpool_settings::{CoinserverSettings, CurrencySettings};
use serde_json::json;
use thiserror::Error;
use tokio::sync::{Notify, watch};

use crate::{
    book::TemplateBook,
    condition::{Condition, TemplateView},
    daemon::Phase,
    metrics::Metrics,
    rpc::{DaemonClient, RpcError, RpcUrlError, plain},
};

/// Shared by every task of this program.
#[derive(Debug)]
pub(crate) struct Node {
    /// Name of the Coinserver.
    pub name: String,
    /// Its currency: never changes.
    pub currency: CurrencySettings,
    /// Hash of block 0 of that currency.
    pub genesis: BlockHash,
    /// The document in force.
    pub settings: Settings<CoinserverSettings>,
    /// Templates offered.
    pub book: TemplateBook,
    /// How the node is.
    pub condition: watch::Sender<Condition>,
    /// Where the daemon's process is.
    pub phase: watch::Sender<Phase>,
    /// Asks for a new template.
    pub wake: Wake,
    /// Asks for a look at the daemon.
    pub look: Notify,
    /// What was seen last.
    pub facts: Mutex<Facts>,
    /// What is counted.
    pub metrics: Metrics,
    client: ArcSwap<DaemonClient>,
    reconnected: watch::Sender<()>,
    network: Mutex<NetworkCheck>,
    template: Mutex<TemplateView>,
}

/// What the daemon said of itself when it last answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Height of the tip.
    pub height: u32,
    /// Height of the best header.
    pub headers: u32,
    /// Hash of the tip.
    pub tip: BlockHash,
    /// Total work, 32 bytes big-endian.
    pub chain_work: [u8; 32],
    /// Number of peers.
    pub peers: u32,
    /// The daemon's name and version.
    pub version: String,
}

/// Whether the daemon is one of the right network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetworkCheck {
    /// Not known, or the daemon may be another since.
    Unknown,
    /// Block 0 is the network's.
    Right,
    /// Block 0 is another.
    Wrong(BlockHash),
}

/// Why the daemon could not be asked, or gave no answer.
#[derive(Debug, Error)]
pub(crate) enum NodeError {
    /// The call failed.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The daemon runs another network.
    #[error("the daemon's chain starts with block {found}, not with {wanted}")]
    OtherNetwork {
        /// Its block 0.
        found: BlockHash,
        /// That of the currency.
        wanted: BlockHash,
    },
}

impl NodeError {
    /// As an answer to who asked.
    pub(crate) fn to_status(&self) -> tonic::Status {
        match self {
            Self::Rpc(error) if error.is_passing() => tonic::Status::unavailable(self.to_string()),
            Self::Rpc(_) => tonic::Status::internal(self.to_string()),
            Self::OtherNetwork { .. } => tonic::Status::failed_precondition(self.to_string()),
        }
    }
}

/// Why settings do not make a node.
#[derive(Debug, Error)]
pub enum NodeSettingsError {
    /// The daemon's URL.
    #[error(transparent)]
    Url(#[from] RpcUrlError),
}

impl Node {
    /// A node of which nothing is known.
    pub(crate) fn new(
        settings: Settings<CoinserverSettings>,
        metrics: Metrics,
    ) -> Result<Self, NodeSettingsError> {
        let current = settings.borrow().clone();
        let condition = Condition::starting();
        metrics.state(condition.state);
        let phase = match &current.daemon {
            Some(_) => Phase::Waiting {
                reason: "the daemon is being started".to_owned(),
            },
            None => Phase::External,
        };
        Ok(Self {
            name: current.name.clone(),
            currency: current.currency.clone(),
            genesis: current.currency.network.genesis_hash,
            book: TemplateBook::new(),
            condition: watch::Sender::new(condition),
            phase: watch::Sender::new(phase),
            wake: Wake::default(),
            look: Notify::new(),
            facts: Mutex::default(),
            client: ArcSwap::from_pointee(DaemonClient::new(&current.rpc, metrics.clone())?),
            reconnected: watch::Sender::new(()),
            network: Mutex::new(NetworkCheck::Unknown),
            template: Mutex::new(TemplateView::None),
            metrics,
            settings,
        })
    }

    /// The daemon's RPC, whichever network it runs.
    pub(crate) fn any_client(&self) -> Arc<DaemonClient> {
        self.client.load_full()
    }

    /// The daemon's RPC, after it has shown that it is one of the right network.
    pub(crate) async fn client(&self) -> Result<Arc<DaemonClient>, NodeError> {
        let wrong = |found| NodeError::OtherNetwork {
            found,
            wanted: self.genesis,
        };
        match self.network() {
            NetworkCheck::Right => Ok(self.any_client()),
            NetworkCheck::Wrong(found) => Err(wrong(found)),
            NetworkCheck::Unknown => match self.check_network().await? {
                NetworkCheck::Wrong(found) => Err(wrong(found)),
                _ => Ok(self.any_client()),
            },
        }
    }

    /// Talks to another address from now on.
    pub(crate) fn reconnect(&self, settings: &CoinserverSettings) -> Result<(), RpcUrlError> {
        let client = DaemonClient::new(&settings.rpc, self.metrics.clone())?;
        self.client.store(Arc::new(client));
        self.doubt_network();
        self.reconnected.send_replace(());
        Ok(())
    }

    /// Tells when another address is talked to.
    pub(crate) fn reconnections(&self) -> watch::Receiver<()> {
        self.reconnected.subscribe()
    }

    /// Whether the daemon is one of the right network, as far as is known.
    pub(crate) fn network(&self) -> NetworkCheck {
        *self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets which network the daemon runs: it may be another daemon now.
    pub(crate) fn doubt_network(&self) {
        *self.network.lock().unwrap_or_else(PoisonError::into_inner) = NetworkCheck::Unknown;
    }

    /// Asks the daemon for its block 0.
    pub(crate) async fn check_network(&self) -> Result<NetworkCheck, RpcError> {
        let client = self.any_client();
        let text: String = client.call("getblockhash", json!([0])).await?;
        let found = parse_hash("getblockhash", &text)?;
        let check = if found == self.genesis {
            NetworkCheck::Right
        } else {
            NetworkCheck::Wrong(found)
        };
        // Unless the address changed meanwhile.
        if Arc::ptr_eq(&client, &self.any_client()) {
            *self.network.lock().unwrap_or_else(PoisonError::into_inner) = check;
        }
        Ok(check)
    }

    /// What asking for a template gave last.
    pub(crate) fn template_view(&self) -> TemplateView {
        self.template
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes what asking for a template gave; a change is looked at.
    pub(crate) fn set_template_view(&self, view: TemplateView) {
        let mut kept = self.template.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept != view {
            *kept = view;
            self.look.notify_one();
        }
    }

    /// What was seen last.
    pub(crate) fn facts(&self) -> Facts {
        self.facts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Reads a hash the daemon wrote.
pub(crate) fn parse_hash(method: &'static str, text: &str) -> Result<BlockHash, RpcError> {
    text.parse()
        .map_err(|error: ngpool_chain::HashError| RpcError::Unexpected {
            method,
            reason: plain(&error.to_string()),
        })
}

/// Reads a number of up to 256 bits the daemon wrote in hex; 32 bytes big-endian.
pub(crate) fn parse_chain_work(method: &'static str, text: &str) -> Result<[u8; 32], RpcError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(format!("{text:0>64}"), &mut bytes).map_err(|error| {
        RpcError::Unexpected {
            method,
            reason: format!("chain work is not hex: {error}"),
        }
    })?;
    Ok(bytes)
}

/// What made somebody ask for a new template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The daemon's publisher told of a block.
    Zmq,
    /// A long poll was answered.
    LongPoll,
    /// The tip was another when it was looked at.
    Poll,
    /// The daemon took a block of ours.
    Submit,
    /// The template is old, or there is none.
    Refresh,
}

impl Sign {
    /// For metrics and logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zmq => "zmq",
            Self::LongPoll => "long-poll",
            Self::Poll => "poll",
            Self::Submit => "submit",
            Self::Refresh => "refresh",
        }
    }
}

/// Requests for a new template; those that come together are one.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    pending: Mutex<Option<(Sign, Instant)>>,
    notify: Notify,
}

impl Wake {
    /// Asks for a new template.
    pub(crate) fn ask(&self, sign: Sign) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        // The first sign says how long it took; a refresh is none of a new tip.
        if pending.is_none_or(|(earlier, _)| earlier == Sign::Refresh) {
            *pending = Some((sign, Instant::now()));
        }
        self.notify.notify_one();
    }

    /// Waits for a request: what asked, and when. May be dropped while it waits.
    pub(crate) async fn next(&self) -> (Sign, Instant) {
        loop {
            let pending = self
                .pending
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if let Some(pending) = pending {
                return pending;
            }
            self.notify.notified().await;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use ngpool_chain::Network;
    use ngpool_settings::{CoinserverSettings, CurrencySettings, DaemonRpc, Listen};

    use super::{Node, Sign, Wake, parse_chain_work};
    use crate::metrics::Metrics;

    /// A node whose daemon nobody will ask.
    pub(crate) fn node() -> Node {
        let nowhere = ([127, 0, 0, 1], 1).into();
        let settings = CoinserverSettings {
            name: "node-a".to_owned(),
            currency: CurrencySettings {
                name: "litecoin".to_owned(),
                code: "RLTC".to_owned(),
                network: Network::preset("litecoin-regtest").unwrap(),
                subsidy_address: String::new(),
                maturity: 100,
                settle_depth: 6,
                coinbase_tag: String::new(),
                block_odds: 1,
                split_window_milli: 2_000,
                decimals: 8,
            },
            listen: Listen {
                grpc: nowhere,
                admin: nowhere,
                tls: None,
            },
            rpc: DaemonRpc {
                url: "http://127.0.0.1:1".to_owned(),
                credentials_file: "/nowhere".into(),
                timeout_s: 1,
            },
            zmq_hashblock: None,
            daemon: None,
            poll_ms: 1_000,
            refresh_ms: 30_000,
        };
        Node::new(
            ngpool_runtime::document::fixed(settings),
            Metrics::default(),
        )
        .unwrap()
    }

    #[tokio::test]
    async fn requests_that_come_together_are_one_with_the_first_sign_of_a_tip() {
        let wake = Wake::default();
        wake.ask(Sign::Refresh);
        wake.ask(Sign::Zmq);
        wake.ask(Sign::Poll);
        assert_eq!(wake.next().await.0, Sign::Zmq);
        let next = wake.next();
        let nothing = tokio::time::timeout(std::time::Duration::from_millis(10), next).await;
        assert!(nothing.is_err());
    }

    #[test]
    fn chain_work_is_read_from_any_length_up_to_256_bits() {
        let mut two = [0; 32];
        two[31] = 2;
        assert_eq!(parse_chain_work("x", "02").unwrap(), two);
        assert_eq!(parse_chain_work("x", &format!("{:0>64}", 2)).unwrap(), two);
        assert!(parse_chain_work("x", &"0".repeat(66)).is_err());
        assert!(parse_chain_work("x", "zz").is_err());
    }
}
