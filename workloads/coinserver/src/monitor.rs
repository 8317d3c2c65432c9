//! Looks at the daemon each second and says how it is.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use ngpool_rpc::v1::NodeState;
use ngpool_runtime::Program;
use serde_json::json;

use crate::{
    condition::{ChainView, Condition, Evidence, TemplateView, judge},
    daemon::Phase,
    metrics::state_name,
    node::{Facts, NetworkCheck, Node, Sign, parse_chain_work, parse_hash},
    rpc::{BlockchainInfo, NetworkInfo, RpcError},
};

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Looks that are asked for come at least this far apart.
const SHORTEST: Duration = Duration::from_millis(50);

/// A daemon that has not answered the simplest question for this long is silent. It may only be busy
/// writing to its disk, but then it neither makes templates nor takes blocks.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches the daemon.
pub(crate) async fn watch(node: Arc<Node>, program: Program) {
    let mut monitor = Monitor {
        node: node.clone(),
        program,
        has_answered: false,
        running_since: None,
        behind_since: None,
    };
    let mut phase = node.phase.subscribe();
    loop {
        monitor.look().await;
        tokio::time::sleep(SHORTEST).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = node.look.notified() => {}
            Ok(()) = phase.changed() => {}
        }
    }
}

struct Monitor {
    node: Arc<Node>,
    program: Program,
    has_answered: bool,
    running_since: Option<Instant>,
    behind_since: Option<Instant>,
}

impl Monitor {
    async fn look(&mut self) {
        let phase = self.node.phase.borrow().clone();
        self.note_start(&phase);
        let seen = match phase {
            // Whatever answers on the port is not the daemon that is meant.
            Phase::Waiting { .. } | Phase::Ended { .. } => {
                self.node.doubt_network();
                None
            }
            Phase::Running { .. } | Phase::External => Some(self.ask().await),
        };
        let chain = match &seen {
            Some(Ok(facts)) => Ok(ChainView {
                blocks: facts.height,
                headers: facts.headers,
            }),
            Some(Err(error)) => Err(error),
            // Not looked at by the judgement.
            None => Ok(ChainView {
                blocks: 0,
                headers: 0,
            }),
        };
        if let Ok(chain) = chain {
            let behind = chain.headers > chain.blocks;
            self.behind_since = behind.then(|| self.behind_since.unwrap_or_else(Instant::now));
        }
        let genesis = match self.node.network() {
            NetworkCheck::Unknown => None,
            NetworkCheck::Right => Some((self.node.genesis, self.node.genesis)),
            NetworkCheck::Wrong(found) => Some((found, self.node.genesis)),
        };
        let condition = judge(&Evidence {
            phase: &phase,
            has_answered: self.has_answered,
            chain,
            genesis,
            currency: &self.node.currency.code,
            template: self.node.template_view(),
            behind_since: self.behind_since,
            now: Instant::now(),
        });
        self.publish_facts(condition.state);
        self.publish(condition);
    }

    /// A process that was started anew has not answered yet.
    fn note_start(&mut self, phase: &Phase) {
        let since = match phase {
            Phase::Running { since } => Some(*since),
            _ => None,
        };
        if since != self.running_since {
            self.running_since = since;
            self.has_answered = false;
            self.node.doubt_network();
        }
    }

    async fn ask(&mut self) -> Result<Facts, RpcError> {
        let client = self.node.any_client();
        let limit = client.timeout().min(PATIENCE);
        let asked = tokio::try_join!(
            client.call_within::<BlockchainInfo>("getblockchaininfo", json!([]), limit),
            client.call_within::<NetworkInfo>("getnetworkinfo", json!([]), limit),
        );
        let (chain, network) = match asked {
            Ok(answers) => answers,
            Err(error) => {
                // What answers next may be another daemon.
                if error.is_passing() {
                    self.node.doubt_network();
                }
                return Err(error);
            }
        };
        self.has_answered = true;
        if self.node.network() != NetworkCheck::Right
            && self.node.check_network().await? == NetworkCheck::Right
        {
            // What was known of its templates was of an earlier daemon.
            self.node.set_template_view(TemplateView::None);
            self.node.wake.ask(Sign::Poll);
        }
        let facts = Facts {
            height: chain.blocks,
            headers: chain.headers,
            tip: parse_hash("getblockchaininfo", &chain.bestblockhash)?,
            chain_work: parse_chain_work("getblockchaininfo", &chain.chainwork)?,
            peers: network.connections,
            version: version(&network),
        };
        self.node.metrics.chain(facts.height, facts.peers);
        let before = std::mem::replace(
            &mut *self
                .node
                .facts
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
            facts.clone(),
        );
        // Whether it still gives templates is the daemon's to say.
        if before.peers > 0 && facts.peers == 0 {
            self.node.wake.ask(Sign::Refresh);
        }
        Ok(facts)
    }

    fn publish_facts(&self, state: NodeState) {
        let facts = self.node.facts();
        let health = &self.program.health;
        health.fact("state", state_name(state));
        health.fact("currency", &self.node.currency.code);
        if !facts.version.is_empty() {
            health.fact("height", facts.height);
            health.fact("headers", facts.headers);
            health.fact("tip", facts.tip);
            health.fact("peers", facts.peers);
            health.fact("daemon_version", &facts.version);
        }
        if let Some(newest) = self.node.book.newest() {
            let age = newest.received.elapsed();
            health.fact("template_age_s", age.as_secs());
            health.fact("template_height", newest.template.head.height.0);
            self.node.metrics.template_age(age);
        }
    }

    fn publish(&self, condition: Condition) {
        let before = self.node.condition.borrow().clone();
        if before == condition {
            return;
        }
        if condition.state == NodeState::Ready {
            self.program.health.ready();
        } else {
            self.program.health.unready(condition.reason.clone());
        }
        if before.state != condition.state {
            self.node.metrics.state(condition.state);
            let (node, state) = (&self.node.name, state_name(condition.state));
            match condition.state {
                NodeState::Ready | NodeState::Starting => {
                    tracing::info!(node, state, reason = condition.reason, "node state");
                }
                _ => tracing::warn!(node, state, reason = condition.reason, "node state"),
            }
        }
        self.node.condition.send_replace(condition);
    }
}

/// Such as `LitecoinCore:0.21.2.1`: a peer's name for the daemon, without its slashes.
fn version(network: &NetworkInfo) -> String {
    let name = network.subversion.trim_matches('/');
    if name.is_empty() {
        network.version.to_string()
    } else {
        name.chars().take(80).collect()
    }
}
