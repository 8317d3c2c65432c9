//! What the nodes offer, and which offer is worked on.
//!
//! ```text
//!  coinserver A ──watch──▶ node::follow ──┐
//!  coinserver B ──watch──▶ node::follow ──┴─▶ Board ──best()──▶ jobs
//! ```
//!
//! There is a board for each currency: the base and what is merged mined with it.
//!
//! The best tip has the highest chain work; between equals our own block comes first, then the tip
//! seen first. On one tip the node that is worked on keeps its place as long as it is well.

pub mod node;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use ngpool_chain::{BlockHash, TemplateBody, TemplateHead};
use ngpool_rpc::SILENCE;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::clock::Moment;

/// Tips and own blocks remembered for the choice between equal tips.
const REMEMBERED: usize = 64;

/// A template of one node.
#[derive(Debug)]
pub struct Offer {
    /// Name of the coinserver.
    pub node: Arc<str>,
    /// How the coinserver names the template.
    pub template_id: Bytes,
    /// What mining needs.
    pub head: TemplateHead,
    /// Work of the chain up to the tip, 32 bytes big-endian.
    pub chain_work: [u8; 32],
    /// When the coinserver had it, milliseconds since the epoch.
    pub received_ms: u64,
    /// Transactions; they follow the head.
    pub body: BodySlot,
}

/// The body of an offer, filled once.
#[derive(Debug, Default)]
pub struct BodySlot {
    body: OnceLock<Arc<TemplateBody>>,
    filled: Notify,
}

impl BodySlot {
    /// Fills it; a second body is ignored.
    pub fn fill(&self, body: TemplateBody) {
        let _first_counts = self.body.set(Arc::new(body));
        self.filled.notify_waiters();
    }

    /// The body, if it has come.
    #[must_use]
    pub fn get(&self) -> Option<&Arc<TemplateBody>> {
        self.body.get()
    }

    /// Waits for the body; put a limit around it.
    pub async fn wait(&self) -> Arc<TemplateBody> {
        loop {
            let filled = self.filled.notified();
            if let Some(body) = self.body.get() {
                return body.clone();
            }
            filled.await;
        }
    }
}

/// How a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// No stream to its coinserver.
    Unreachable(String),
    /// Its coinserver says that it is not ready.
    Unwell(String),
    /// Ready.
    Well,
}

#[derive(Debug)]
struct Node {
    condition: Condition,
    heard: Moment,
    offer: Option<Arc<Offer>>,
}

/// What every node of one currency offers now.
#[derive(Debug, Default)]
pub struct Board {
    state: Mutex<State>,
    changed: Arc<Notify>,
}

/// The boards of a port by currency; a change of any is told in one place.
#[derive(Debug, Default)]
pub struct Boards {
    boards: Mutex<BTreeMap<String, Arc<Board>>>,
    changed: Arc<Notify>,
}

impl Boards {
    /// The board of a currency.
    #[must_use]
    pub fn of(&self, currency: &str) -> Arc<Board> {
        let mut boards = self.boards.lock();
        if let Some(board) = boards.get(currency) {
            return board.clone();
        }
        let board = Arc::new(Board {
            state: Mutex::default(),
            changed: self.changed.clone(),
        });
        boards.insert(currency.to_owned(), board.clone());
        board
    }

    /// Returns when something has changed on any of them since the last call.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<Arc<str>, Node>,
    /// Tips in the order in which they were first seen.
    first_seen: HashMap<BlockHash, u64>,
    seen_order: VecDeque<BlockHash>,
    sequence: u64,
    own: VecDeque<BlockHash>,
}

/// One node's state for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeReport {
    /// Name of the coinserver.
    pub name: Arc<str>,
    /// `ready`, or why it is left out.
    pub state: String,
    /// Whether its offers are used.
    pub usable: bool,
    /// Height of the block it offers work for.
    pub height: Option<u32>,
}

impl Board {
    /// A node that is to be listened to.
    pub fn add(&self, name: &Arc<str>, now: Moment) {
        self.state.lock().nodes.insert(
            name.clone(),
            Node {
                condition: Condition::Unreachable("not connected yet".to_owned()),
                heard: now,
                offer: None,
            },
        );
    }

    /// A node that is listened to no longer.
    pub fn remove(&self, name: &str) {
        self.state.lock().nodes.remove(name);
        self.changed.notify_one();
    }

    /// A message of any kind came from a node.
    pub fn heard(&self, name: &str, now: Moment) {
        if let Some(node) = self.state.lock().nodes.get_mut(name) {
            node.heard = now;
        }
    }

    /// A node's condition was told.
    pub fn condition(&self, name: &str, condition: Condition, now: Moment) {
        let mut state = self.state.lock();
        let Some(node) = state.nodes.get_mut(name) else {
            return;
        };
        node.heard = now;
        if node.condition != condition {
            match &condition {
                Condition::Well => tracing::info!(node = name, "node ready"),
                Condition::Unwell(reason) | Condition::Unreachable(reason) => {
                    tracing::warn!(node = name, reason, "node left out");
                }
            }
            if matches!(condition, Condition::Unreachable(_)) {
                // Its templates died with the coinserver or will be sent again.
                node.offer = None;
            }
            node.condition = condition;
            drop(state);
            self.changed.notify_one();
        }
    }

    /// A node offers a template.
    pub fn offer(&self, offer: Arc<Offer>, now: Moment) {
        let mut state = self.state.lock();
        state.see(offer.head.previous);
        let Some(node) = state.nodes.get_mut(&offer.node) else {
            return;
        };
        node.heard = now;
        node.offer = Some(offer);
        drop(state);
        self.changed.notify_one();
    }

    /// A block of ours, to be preferred between equal tips.
    pub fn own_block(&self, hash: BlockHash) {
        let mut state = self.state.lock();
        if state.own.len() == REMEMBERED {
            state.own.pop_front();
        }
        state.own.push_back(hash);
    }

    /// The offer to work on, given the one worked on now.
    #[must_use]
    pub fn best(&self, current: Option<&Arc<Offer>>, now: Moment) -> Option<Arc<Offer>> {
        let state = self.state.lock();
        state
            .nodes
            .values()
            .filter(|node| node.is_usable(now))
            .filter_map(|node| node.offer.as_ref())
            .max_by_key(|offer| {
                let previous = offer.head.previous;
                let seen = state.first_seen.get(&previous).copied().unwrap_or(u64::MAX);
                (
                    offer.chain_work,
                    state.own.contains(&previous),
                    std::cmp::Reverse(seen),
                    current.is_some_and(|current| current.node == offer.node),
                )
            })
            .cloned()
    }

    /// How each node is.
    #[must_use]
    pub fn report(&self, now: Moment) -> Vec<NodeReport> {
        let state = self.state.lock();
        let best = state
            .nodes
            .values()
            .filter(|node| node.is_usable(now))
            .filter_map(|node| node.offer.as_ref().map(|offer| offer.chain_work))
            .max();
        state
            .nodes
            .iter()
            .map(|(name, node)| NodeReport {
                name: name.clone(),
                state: node.describe(now, best),
                usable: node.is_usable(now),
                height: node.offer.as_ref().map(|offer| offer.head.height.0),
            })
            .collect()
    }
}

impl State {
    fn see(&mut self, tip: BlockHash) {
        if self.first_seen.contains_key(&tip) {
            return;
        }
        if self.seen_order.len() == REMEMBERED
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.first_seen.remove(&oldest);
        }
        self.first_seen.insert(tip, self.sequence);
        self.seen_order.push_back(tip);
        self.sequence += 1;
    }
}

impl Node {
    fn is_silent(&self, now: Moment) -> bool {
        u128::from(now.since(self.heard)) >= SILENCE.as_millis()
    }

    fn is_usable(&self, now: Moment) -> bool {
        self.condition == Condition::Well && !self.is_silent(now)
    }

    fn describe(&self, now: Moment, best: Option<[u8; 32]>) -> String {
        match &self.condition {
            Condition::Unreachable(reason) => format!("unreachable: {reason}"),
            _ if self.is_silent(now) => "silent".to_owned(),
            Condition::Unwell(reason) => reason.clone(),
            Condition::Well => match &self.offer {
                None => "ready, no template yet".to_owned(),
                Some(offer) if Some(offer.chain_work) < best => "behind its peers".to_owned(),
                Some(_) => "ready".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use ngpool_chain::{Amount, Height};

    use super::*;

    fn offer(node: &str, tip: u8, work: u8) -> Arc<Offer> {
        let mut chain_work = [0; 32];
        chain_work[31] = work;
        Arc::new(Offer {
            node: node.into(),
            template_id: Bytes::from_static(b"t"),
            head: TemplateHead {
                previous: BlockHash::from_bytes([tip; 32]),
                height: Height(10),
                version: 0x2000_0000,
                bits: 0x207f_ffff,
                min_time: 1,
                cur_time: 2,
                coinbase_value: Amount(50),
                merkle_branch: Vec::new(),
                witness_commitment: None,
                transaction_count: 0,
                has_mweb: false,
            },
            chain_work,
            received_ms: 0,
            body: BodySlot::default(),
        })
    }

    fn board(nodes: &[&str]) -> Board {
        let board = Board::default();
        for name in nodes {
            board.add(&Arc::from(*name), Moment(0));
            board.condition(name, Condition::Well, Moment(0));
        }
        board
    }

    fn best(board: &Board, current: Option<&Arc<Offer>>, now: u64) -> Option<(String, u8)> {
        board
            .best(current, Moment(now))
            .map(|offer| (offer.node.to_string(), offer.head.previous.to_bytes()[0]))
    }

    #[test]
    fn the_highest_chain_work_wins() {
        let board = board(&["a", "b"]);
        board.offer(offer("a", 1, 5), Moment(0));
        board.offer(offer("b", 2, 6), Moment(0));
        assert_eq!(best(&board, None, 0), Some(("b".into(), 2)));
        assert_eq!(board.report(Moment(0))[0].state, "behind its peers");
    }

    #[test]
    fn between_equal_tips_our_own_block_wins_and_then_the_first_seen() {
        let board = board(&["a", "b", "c"]);
        board.offer(offer("b", 2, 5), Moment(0));
        board.offer(offer("a", 1, 5), Moment(0));
        assert_eq!(best(&board, None, 0), Some(("b".into(), 2)));
        board.own_block(BlockHash::from_bytes([1; 32]));
        assert_eq!(best(&board, None, 0), Some(("a".into(), 1)));
    }

    #[test]
    fn on_one_tip_the_node_worked_on_keeps_its_place() {
        let board = board(&["a", "b"]);
        board.offer(offer("a", 1, 5), Moment(0));
        board.offer(offer("b", 1, 5), Moment(0));
        for name in ["a", "b"] {
            let current = offer(name, 1, 5);
            assert_eq!(best(&board, Some(&current), 0), Some((name.into(), 1)));
        }
    }

    #[test]
    fn silent_unwell_and_unreachable_nodes_are_left_out_with_the_reason() {
        let board = board(&["a", "b", "c"]);
        for name in ["a", "b", "c"] {
            board.offer(offer(name, 1, 5), Moment(0));
        }
        board.condition("b", Condition::Unwell("syncing".into()), Moment(0));
        board.condition("c", Condition::Unreachable("refused".into()), Moment(0));
        assert_eq!(best(&board, None, 1_499), Some(("a".into(), 1)));
        assert_eq!(best(&board, None, 1_500), None);
        board.heard("a", Moment(1_400));
        board.heard("b", Moment(1_400));
        assert_eq!(best(&board, None, 1_500), Some(("a".into(), 1)));
        let states: Vec<String> = board
            .report(Moment(1_500))
            .into_iter()
            .map(|node| node.state)
            .collect();
        assert_eq!(states, ["ready", "syncing", "unreachable: refused"]);
    }

    #[tokio::test]
    async fn a_body_can_be_waited_for() {
        let offer = offer("a", 1, 5);
        let waiting = tokio::spawn({
            let offer = offer.clone();
            async move { offer.body.wait().await }
        });
        tokio::task::yield_now().await;
        offer.body.fill(TemplateBody::default());
        assert_eq!(*waiting.await.unwrap(), TemplateBody::default());
        assert!(offer.body.get().is_some());
    }
}
