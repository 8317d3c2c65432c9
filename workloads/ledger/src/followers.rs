//! The servers that follow this ledger, and who has answered a request to close and ship.
//!
//! A server answers with the number of the batch it closed after the request came, and has shipped
//! when that batch is stored. Expected are those that follow, and those that shipped within the last
//! seconds and may be connecting again.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use ngpool_rpc::v1::{CloseAndShip, LedgerEvent, ledger_event::Event};
use ngpool_store::{BlockKey, ProducerId};
use parking_lot::Mutex;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

/// Requests that wait for a slow reader; blocks are rare. One that reads none of them is dropped and
/// connects again.
const QUEUE: usize = 256;

/// A server that shipped so recently is expected to answer.
const RECENT: Duration = Duration::from_secs(10);

/// Servers connect again within 2 seconds: a ledger that is older knows who follows.
const SETTLED: Duration = Duration::from_secs(3);

/// Producers remembered at most. Each server has one; journals that are moved away add some.
const PRODUCERS: usize = 10_000;

/// Shared by the service and the cuts.
#[derive(Debug)]
pub(crate) struct Followers {
    inner: Mutex<Inner>,
    started: Instant,
}

#[derive(Debug, Default)]
struct Inner {
    next_id: u64,
    followers: BTreeMap<u64, Follower>,
    producers: HashMap<ProducerId, Shipped>,
    requests: HashMap<BlockKey, Request>,
}

#[derive(Debug)]
struct Follower {
    producer: ProducerId,
    port: String,
    events: mpsc::Sender<LedgerEvent>,
}

#[derive(Debug)]
struct Shipped {
    port: String,
    number: u64,
    at: Instant,
}

#[derive(Debug)]
struct Request {
    expected: HashMap<ProducerId, Expected>,
    /// Changes when an answer or a batch came.
    progress: watch::Sender<()>,
}

#[derive(Debug)]
struct Expected {
    port: String,
    /// The batch that answers; absent until the server said so.
    number: Option<u64>,
}

/// One server's stream; dropping it ends the following.
#[derive(Debug)]
pub(crate) struct Following {
    followers: Arc<Followers>,
    id: u64,
    /// Requests to close and ship.
    pub(crate) events: mpsc::Receiver<LedgerEvent>,
}

impl Followers {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::default(),
            started: Instant::now(),
        })
    }

    /// A server begins to follow. It is asked at once for every cut that waits.
    pub(crate) fn join(self: &Arc<Self>, producer: ProducerId, port: String) -> Following {
        let (sender, events) = mpsc::channel(QUEUE);
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        for (block, request) in &mut inner.requests {
            request
                .expected
                .entry(producer)
                .or_insert_with(|| Expected {
                    port: port.clone(),
                    number: None,
                });
            let _full = sender.try_send(event(block));
        }
        inner.next_id += 1;
        let id = inner.next_id;
        inner.followers.insert(
            id,
            Follower {
                producer,
                port,
                events: sender,
            },
        );
        Following {
            followers: Arc::clone(self),
            id,
            events,
        }
    }

    /// How many follow.
    pub(crate) fn count(&self) -> usize {
        self.inner.lock().followers.len()
    }

    /// Everything of a producer up to `number` is stored.
    pub(crate) fn shipped(&self, producer: ProducerId, port: &str, number: u64) {
        let mut inner = self.inner.lock();
        let at = Instant::now();
        if inner.producers.len() >= PRODUCERS && !inner.producers.contains_key(&producer) {
            inner
                .producers
                .retain(|_, shipped| at - shipped.at < RECENT);
        }
        inner.producers.insert(
            producer,
            Shipped {
                port: port.to_owned(),
                number,
                at,
            },
        );
        for request in inner.requests.values() {
            if request.expected.contains_key(&producer) {
                request.progress.send_replace(());
            }
        }
    }

    /// A server names the batch it closed for a block.
    pub(crate) fn closed(&self, producer: ProducerId, block: &BlockKey, number: u64) {
        let mut inner = self.inner.lock();
        if let Some(request) = inner.requests.get_mut(block) {
            if let Some(expected) = request.expected.get_mut(&producer) {
                expected.number = Some(number);
            }
            request.progress.send_replace(());
        }
    }

    /// Asks every server to close and ship for a block, and waits until each has, or `patience` is
    /// over. Returns the ports that did not, with their journals.
    ///
    /// Without anybody to ask the whole time is waited: a ledger that has just started, or the one of
    /// two that nobody is connected to, does not know whom to expect.
    pub(crate) async fn close_and_ship(&self, block: &BlockKey, patience: Duration) -> Vec<String> {
        let deadline = Instant::now() + patience;
        let mut progress = self.ask(block);
        let known_after = self.started + SETTLED.min(patience);
        loop {
            let done = self.all_shipped(block) && Instant::now() >= known_after;
            if done || Instant::now() >= deadline {
                break;
            }
            let wake = if Instant::now() < known_after {
                known_after.min(deadline)
            } else {
                deadline
            };
            let _elapsed = tokio::time::timeout_at(wake, progress.changed()).await;
        }
        self.end(block)
    }

    fn ask(&self, block: &BlockKey) -> watch::Receiver<()> {
        let mut inner = self.inner.lock();
        let now = Instant::now();
        let mut expected: HashMap<ProducerId, Expected> = inner
            .producers
            .iter()
            .filter(|(_, shipped)| now - shipped.at < RECENT)
            .map(|(producer, shipped)| {
                (
                    *producer,
                    Expected {
                        port: shipped.port.clone(),
                        number: None,
                    },
                )
            })
            .collect();
        inner.followers.retain(|_, follower| {
            expected.insert(
                follower.producer,
                Expected {
                    port: follower.port.clone(),
                    number: None,
                },
            );
            follower.events.try_send(event(block)).is_ok()
        });
        let (progress, changes) = watch::channel(());
        inner
            .requests
            .insert(block.clone(), Request { expected, progress });
        changes
    }

    fn all_shipped(&self, block: &BlockKey) -> bool {
        let inner = self.inner.lock();
        let Some(request) = inner.requests.get(block) else {
            return true;
        };
        !request.expected.is_empty()
            && request
                .expected
                .iter()
                .all(|(producer, expected)| has_shipped(&inner, *producer, expected))
    }

    fn end(&self, block: &BlockKey) -> Vec<String> {
        let mut inner = self.inner.lock();
        let Some(request) = inner.requests.remove(block) else {
            return Vec::new();
        };
        let mut missing: Vec<String> = request
            .expected
            .iter()
            .filter(|(producer, expected)| !has_shipped(&inner, **producer, expected))
            .map(|(producer, expected)| format!("{} {producer}", expected.port))
            .collect();
        missing.sort_unstable();
        missing
    }
}

fn has_shipped(inner: &Inner, producer: ProducerId, expected: &Expected) -> bool {
    let stored = inner
        .producers
        .get(&producer)
        .map_or(0, |shipped| shipped.number);
    expected.number.is_some_and(|number| number <= stored)
}

fn event(block: &BlockKey) -> LedgerEvent {
    LedgerEvent {
        event: Some(Event::CloseAndShip(CloseAndShip {
            currency: block.currency.clone(),
            block_hash: Bytes::copy_from_slice(block.hash.as_bytes()),
        })),
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.followers.inner.lock().followers.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use ngpool_chain::BlockHash;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn block() -> BlockKey {
        BlockKey {
            currency: "LTC".to_owned(),
            hash: BlockHash::from_bytes([3; 32]),
        }
    }

    fn asked(following: &mut Following) -> bool {
        following.events.try_recv().is_ok()
    }

    async fn settled() -> Arc<Followers> {
        let followers = Followers::new();
        tokio::time::advance(PATIENCE).await;
        followers
    }

    #[tokio::test(start_paused = true)]
    async fn a_cut_waits_for_the_batch_each_server_named_and_no_longer() {
        let followers = settled().await;
        let (one, two) = (ProducerId([1; 16]), ProducerId([2; 16]));
        let mut first = followers.join(one, "a".to_owned());
        let mut second = followers.join(two, "b".to_owned());
        let waiting = tokio::spawn({
            let followers = Arc::clone(&followers);
            async move {
                let before = Instant::now();
                (
                    followers.close_and_ship(&block(), PATIENCE).await,
                    before.elapsed(),
                )
            }
        });
        tokio::time::advance(Duration::from_millis(10)).await;
        assert!(asked(&mut first) && asked(&mut second));
        followers.shipped(one, "a", 7);
        followers.shipped(two, "b", 9);
        followers.closed(one, &block(), 7);
        followers.closed(two, &block(), 10);
        tokio::time::advance(Duration::from_millis(10)).await;
        assert!(
            !waiting.is_finished(),
            "batch 10 of the second is not stored yet"
        );
        followers.shipped(two, "b", 10);
        let (missing, time) = waiting.await.unwrap();
        assert!(missing.is_empty());
        assert!(time < PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_answer_in_time_is_named() {
        let followers = settled().await;
        let _first = followers.join(ProducerId([1; 16]), "a".to_owned());
        followers.shipped(ProducerId([2; 16]), "b", 4);
        let missing = followers.close_and_ship(&block(), PATIENCE).await;
        assert_eq!(
            missing,
            [
                format!("a {}", ProducerId([1; 16])),
                format!("b {}", ProducerId([2; 16])),
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_joins_while_a_cut_waits_is_asked_too() {
        let followers = Followers::new();
        let waiting = tokio::spawn({
            let followers = Arc::clone(&followers);
            async move { followers.close_and_ship(&block(), PATIENCE).await }
        });
        tokio::time::advance(Duration::from_millis(10)).await;
        let mut late = followers.join(ProducerId([1; 16]), "a".to_owned());
        assert!(asked(&mut late));
        followers.closed(ProducerId([1; 16]), &block(), 1);
        followers.shipped(ProducerId([1; 16]), "a", 1);
        assert!(waiting.await.unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn with_nobody_to_ask_the_whole_time_is_waited() {
        let followers = settled().await;
        let before = Instant::now();
        assert!(
            followers
                .close_and_ship(&block(), PATIENCE)
                .await
                .is_empty()
        );
        assert!(before.elapsed() >= PATIENCE);
    }
}
