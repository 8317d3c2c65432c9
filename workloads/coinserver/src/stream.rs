//! One client's stream of templates.
//!
//! Whatever is newest goes out when the client can take it: health, then a head, then the bodies that
//! are owed, then a heartbeat. So a slow client skips heads, but never waits for the body of an old one
//! before it hears of a new tip.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use ngpool_chain::Txid;
use ngpool_rpc::{
    HEARTBEAT,
    v1::{self, TemplateEvent, template_event::Event},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Interval, MissedTickBehavior, interval},
};
use tonic::Status;

use crate::{book::Offered, condition::Condition, node::Node};

/// Events made ahead of what the client has taken: with one, what waits is never old.
const AHEAD: usize = 1;

/// Opens a stream; it ends when the client goes or `shutdown` does.
pub(crate) fn open(
    node: Arc<Node>,
    shutdown: tokio_util::sync::CancellationToken,
) -> mpsc::Receiver<Result<TemplateEvent, Status>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        node.metrics.watcher_came();
        shutdown.run_until_cancelled(feed(&node, &sender)).await;
        node.metrics.watcher_went();
    });
    receiver
}

async fn feed(node: &Node, sender: &mpsc::Sender<Result<TemplateEvent, Status>>) {
    let mut feed = Feed::new(node);
    loop {
        // First the room, then the choice: so the choice is the newest there is.
        let Ok(permit) = sender.reserve().await else {
            return;
        };
        let event = tokio::select! {
            event = feed.next() => event,
            () = sender.closed() => return,
        };
        permit.send(Ok(TemplateEvent { event: Some(event) }));
    }
}

struct Feed<'a> {
    node: &'a Node,
    condition: watch::Receiver<Condition>,
    newest: watch::Receiver<Option<Arc<Offered>>>,
    heartbeat: Interval,
    /// Heads delivered whose bodies are not.
    owed: VecDeque<Arc<Offered>>,
    /// Transactions of the last body delivered.
    before: HashSet<Txid>,
}

impl<'a> Feed<'a> {
    fn new(node: &'a Node) -> Self {
        let mut condition = node.condition.subscribe();
        let mut newest = node.book.watch();
        // What holds now is sent first.
        condition.mark_changed();
        newest.mark_changed();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            node,
            condition,
            newest,
            heartbeat,
            owed: VecDeque::new(),
            before: HashSet::new(),
        }
    }

    async fn next(&mut self) -> Event {
        loop {
            tokio::select! {
                biased;
                Ok(()) = self.condition.changed() => {
                    return Event::Health(self.condition.borrow_and_update().to_message());
                }
                Ok(()) = self.newest.changed() => {
                    let newest = self.newest.borrow_and_update().clone();
                    if let Some(offered) = newest {
                        let head = head(self.node, &offered);
                        self.owed.push_back(offered);
                        return Event::Head(head);
                    }
                }
                () = std::future::ready(()), if !self.owed.is_empty() => {
                    if let Some(offered) = self.owed.pop_front() {
                        return Event::Body(self.body(&offered));
                    }
                }
                _ = self.heartbeat.tick() => return Event::Heartbeat(v1::Heartbeat {}),
            }
        }
    }

    fn body(&mut self, offered: &Offered) -> v1::TemplateBody {
        let body = &offered.template.body;
        let transactions = body
            .transactions
            .iter()
            .map(|one| v1::TemplateTransaction {
                txid: one.txid.as_bytes().to_vec().into(),
                data: (!self.before.contains(&one.txid)).then(|| one.data.clone()),
            })
            .collect();
        self.before = body.transactions.iter().map(|one| one.txid).collect();
        v1::TemplateBody {
            template_id: offered.id.clone(),
            transactions,
            mweb: body.mweb.clone().unwrap_or_default(),
        }
    }
}

fn head(node: &Node, offered: &Offered) -> v1::TemplateHead {
    let head = &offered.template.head;
    v1::TemplateHead {
        template_id: offered.id.clone(),
        previous_hash: head.previous.as_bytes().to_vec().into(),
        height: head.height.0,
        version: head.version,
        bits: head.bits,
        min_time: head.min_time,
        current_time: head.cur_time,
        coinbase_value: head.coinbase_value.0,
        merkle_branch: head
            .merkle_branch
            .iter()
            .map(|node| node.to_vec().into())
            .collect(),
        witness_commitment: head.witness_commitment.clone().unwrap_or_default(),
        chain_work: offered.chain_work.to_vec().into(),
        has_mweb: head.has_mweb,
        transaction_count: head.transaction_count,
        received_ms: offered.received_ms,
        aux_chain_id: node.currency.network.aux_chain_id.map(u32::from),
        currency: node.currency.code.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use ngpool_rpc::v1::template_event::Event;

    use super::Feed;
    use crate::{
        book::{Fetched, tests::template},
        node::tests::node,
    };

    fn fetched(tip: u8, transactions: &[u8]) -> Fetched {
        let now = Instant::now();
        Fetched {
            template: template(tip, transactions),
            chain_work: [0; 32],
            long_poll: None,
            asked: now,
            received: now,
        }
    }

    #[tokio::test]
    async fn heads_skip_to_the_newest_and_every_head_that_went_has_its_body() {
        let node = node();
        node.book.enter(fetched(1, &[1, 2]));
        let mut feed = Feed::new(&node);
        assert!(matches!(feed.next().await, Event::Health(_)));
        let Event::Head(first) = feed.next().await else {
            panic!("no head")
        };
        // Two more while the client reads the first.
        node.book.enter(fetched(2, &[2, 3]));
        node.book.enter(fetched(3, &[3, 1]));
        let Event::Head(third) = feed.next().await else {
            panic!("no head")
        };
        assert_eq!(third.previous_hash, [3; 32][..]);
        let mut sent = Vec::new();
        for head in [first, third] {
            let Event::Body(body) = feed.next().await else {
                panic!("no body")
            };
            assert_eq!(body.template_id, head.template_id);
            let ids = body
                .transactions
                .iter()
                .map(|one| (one.txid[0], one.data.is_some()));
            sent.extend(ids);
        }
        assert_eq!(sent, [(1, true), (2, true), (3, true), (1, false)]);
        assert!(matches!(feed.next().await, Event::Heartbeat(_)));
    }
}
