//! The coinservers of the document: followed while they are in it.

use std::{collections::BTreeMap, sync::Arc};

use ngpool_rpc::Security;
use ngpool_settings::{CoinserverPeer, StratumSettings};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    solve::Destinations,
    templates::{Boards, node},
};

/// Starts and stops following as the document says.
pub struct Nodes {
    boards: Arc<Boards>,
    destinations: Destinations,
    clock: Clock,
    security: Security,
    running: BTreeMap<String, Running>,
}

struct Running {
    peer: CoinserverPeer,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Nodes {
    /// Follows nobody yet.
    #[must_use]
    pub fn new(
        boards: Arc<Boards>,
        destinations: Destinations,
        clock: Clock,
        security: Security,
    ) -> Self {
        Self {
            boards,
            destinations,
            clock,
            security,
            running: BTreeMap::new(),
        }
    }

    /// Follows exactly the coinservers of a document, those of the base currency and of what is merged
    /// mined with it.
    pub fn apply(&mut self, settings: &StratumSettings) {
        let mined = |code: &str| {
            std::iter::once(&settings.base)
                .chain(&settings.aux)
                .any(|currency| currency.code == code)
        };
        let wanted: BTreeMap<&str, &CoinserverPeer> = settings
            .coinservers
            .iter()
            .filter(|peer| mined(&peer.currency))
            .map(|peer| (peer.name.as_str(), peer))
            .collect();
        let gone: Vec<String> = self
            .running
            .iter()
            .filter(|(name, running)| wanted.get(name.as_str()) != Some(&&running.peer))
            .map(|(name, _)| name.clone())
            .collect();
        let mut ending = BTreeMap::new();
        for name in gone {
            if let Some(running) = self.running.remove(&name) {
                tracing::info!(node = name, "node removed");
                running.stop.cancel();
                self.destinations.remove(&name);
                ending.insert(name, running.task);
            }
        }
        for (name, peer) in wanted {
            if !self.running.contains_key(name) {
                let before = ending.remove(name);
                self.start(peer.clone(), before);
            }
        }
    }

    fn start(&mut self, peer: CoinserverPeer, before: Option<JoinHandle<()>>) {
        let client = match node::connect(&peer, &self.security) {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(node = peer.name, %error, "node cannot be used");
                return;
            }
        };
        tracing::info!(node = peer.name, url = peer.url, "node added");
        self.destinations
            .add(&peer.name, &peer.currency, client.clone());
        let stop = CancellationToken::new();
        let (board, clock) = (self.boards.of(&peer.currency), self.clock.clone());
        let (followed, stopped) = (peer.clone(), stop.clone());
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                // It takes its node off the board last.
                let _ended = before.await;
            }
            node::follow(followed, client, board, clock, stopped).await;
        });
        self.running
            .insert(peer.name.clone(), Running { peer, stop, task });
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for running in self.running.values() {
            running.stop.cancel();
        }
    }
}
