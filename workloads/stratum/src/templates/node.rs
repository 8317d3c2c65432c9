//! One coinserver: its templates followed, its client for blocks.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use ngpool_chain::{
    Amount, BlockHash, Height, TemplateBody, TemplateHead, TemplateTransaction, Txid,
};
use ngpool_rpc::{
    MESSAGE_LIMIT, Security, channel,
    v1::{self, WatchTemplatesRequest, coinserver_client::CoinserverClient, template_event::Event},
};
use ngpool_settings::CoinserverPeer;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::{Board, BodySlot, Condition, Offer};
use crate::clock::Clock;

/// A stream without a message for this long is given up and opened again: more than three heartbeats,
/// so that a node that is only silent keeps its stream.
const STALLED: Duration = Duration::from_secs(5);
/// Wait between two attempts to connect, doubled up to the last.
const RETRY: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];
/// Bodies whose transactions are kept, so that a later body may refer to them.
const BODIES: usize = 8;
/// Heads whose body is still expected.
const HEADS: usize = 64;

/// Why a message of a coinserver cannot be used.
#[derive(Debug, Error)]
enum NodeError {
    #[error("{0}")]
    Status(#[from] tonic::Status),
    #[error("it ended the stream")]
    Ended,
    #[error("it said nothing for {} s", STALLED.as_secs())]
    Stalled,
    #[error("its template's {0} is not valid")]
    Field(&'static str),
    #[error("a template refers to a transaction that was not sent")]
    MissingTransaction,
}

/// A client for a coinserver that takes whole blocks.
pub fn client(channel: Channel) -> CoinserverClient<Channel> {
    CoinserverClient::new(channel)
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT)
}

/// Opens the channel of a peer.
pub fn connect(
    peer: &CoinserverPeer,
    security: &Security,
) -> Result<CoinserverClient<Channel>, channel::PeerUrlError> {
    channel::connect(&peer.url, security).map(client)
}

/// Follows a coinserver's templates onto a board until it is told to stop.
pub async fn follow(
    peer: CoinserverPeer,
    mut client: CoinserverClient<Channel>,
    board: Arc<Board>,
    clock: Clock,
    stop: CancellationToken,
) {
    let name: Arc<str> = peer.name.as_str().into();
    board.add(&name, clock.now());
    let mut wait = RETRY[0];
    loop {
        let mut stream = Stream::new(&name, &peer.currency, &board, &clock);
        let ended = tokio::select! {
            () = stop.cancelled() => break,
            ended = stream.run(&mut client) => ended,
        };
        if stream.had_head {
            wait = RETRY[0];
        }
        let reason = match &ended {
            Ok(()) => NodeError::Ended.to_string(),
            Err(NodeError::Status(status)) => status.message().to_owned(),
            Err(error) => error.to_string(),
        };
        board.condition(&name, Condition::Unreachable(reason), clock.now());
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
        wait = (wait * 2).min(RETRY[1]);
    }
    board.remove(&name);
}

/// Takes messages as from the stream of a node of that name, up to the first that cannot be used; for
/// the fuzz targets.
#[doc(hidden)]
pub fn take_messages(
    name: &Arc<str>,
    currency: &str,
    messages: impl IntoIterator<Item = v1::TemplateEvent>,
    board: &Board,
    clock: &Clock,
) {
    board.add(name, clock.now());
    let mut stream = Stream::new(name, currency, board, clock);
    for message in messages {
        if stream.take(message).is_err() {
            return;
        }
    }
}

/// What one stream has sent so far.
struct Stream<'a> {
    name: &'a Arc<str>,
    currency: &'a str,
    board: &'a Board,
    clock: &'a Clock,
    had_head: bool,
    /// Whether the node has told its health on this stream.
    had_health: bool,
    waiting: VecDeque<Arc<Offer>>,
    transactions: Transactions,
}

impl<'a> Stream<'a> {
    fn new(name: &'a Arc<str>, currency: &'a str, board: &'a Board, clock: &'a Clock) -> Self {
        Self {
            name,
            currency,
            board,
            clock,
            had_head: false,
            had_health: false,
            waiting: VecDeque::new(),
            transactions: Transactions::default(),
        }
    }

    async fn run(&mut self, client: &mut CoinserverClient<Channel>) -> Result<(), NodeError> {
        let request = WatchTemplatesRequest {
            client: format!("ngstratum {}", self.name),
        };
        let mut stream = tokio::time::timeout(STALLED, client.watch_templates(request))
            .await
            .map_err(|_| NodeError::Stalled)??
            .into_inner();
        loop {
            let message = tokio::time::timeout(STALLED, stream.message())
                .await
                .map_err(|_| NodeError::Stalled)??
                .ok_or(NodeError::Ended)?;
            self.take(message)?;
        }
    }

    fn take(&mut self, message: v1::TemplateEvent) -> Result<(), NodeError> {
        match message.event {
            Some(Event::Head(head)) => self.head(head)?,
            Some(Event::Body(body)) => self.body(body)?,
            Some(Event::Health(health)) => self.health(health),
            Some(Event::Heartbeat(_)) | None => self.board.heard(self.name, self.clock.now()),
        }
        Ok(())
    }

    fn head(&mut self, head: v1::TemplateHead) -> Result<(), NodeError> {
        if head.currency != self.currency {
            let reason = format!("it serves {} instead of {}", head.currency, self.currency);
            self.board
                .condition(self.name, Condition::Unwell(reason), self.clock.now());
            return Ok(());
        }
        let offer = Arc::new(read_head(self.name, head)?);
        if self.waiting.len() == HEADS {
            self.waiting.pop_front();
        }
        self.waiting.push_back(offer.clone());
        self.had_head = true;
        self.board.offer(offer, self.clock.now());
        if !self.had_health {
            self.had_health = true;
            self.board
                .condition(self.name, Condition::Well, self.clock.now());
        }
        Ok(())
    }

    fn body(&mut self, body: v1::TemplateBody) -> Result<(), NodeError> {
        self.board.heard(self.name, self.clock.now());
        let Some(place) = self
            .waiting
            .iter()
            .position(|offer| offer.template_id == body.template_id)
        else {
            return Ok(());
        };
        let read = self.transactions.read(body.transactions)?;
        if let Some(offer) = self.waiting.remove(place) {
            let mweb = offer.head.has_mweb.then_some(body.mweb);
            offer.body.fill(TemplateBody {
                transactions: read,
                mweb,
            });
        }
        Ok(())
    }

    fn health(&mut self, health: v1::NodeHealth) {
        self.had_health = true;
        let condition = if health.state() == v1::NodeState::Ready {
            Condition::Well
        } else if health.reason.is_empty() {
            Condition::Unwell(health.state().as_str_name().to_owned())
        } else {
            Condition::Unwell(health.reason)
        };
        self.board.condition(self.name, condition, self.clock.now());
    }
}

/// Transactions sent before on a stream, by id.
#[derive(Default)]
struct Transactions {
    known: HashMap<Txid, (Bytes, usize)>,
    bodies: usize,
}

impl Transactions {
    fn read(
        &mut self,
        transactions: Vec<v1::TemplateTransaction>,
    ) -> Result<Vec<TemplateTransaction>, NodeError> {
        self.bodies += 1;
        let body = self.bodies;
        let read = transactions
            .into_iter()
            .map(|transaction| {
                let txid = Txid::from_slice(&transaction.txid)
                    .ok_or(NodeError::Field("transaction id"))?;
                if let Some(data) = transaction.data {
                    self.known.insert(txid, (data, body));
                }
                let (data, used) = self
                    .known
                    .get_mut(&txid)
                    .ok_or(NodeError::MissingTransaction)?;
                *used = body;
                let data = data.clone();
                Ok(TemplateTransaction { txid, data })
            })
            .collect();
        if body.is_multiple_of(BODIES) {
            self.known.retain(|_, (_, used)| body - *used < BODIES);
        }
        read
    }
}

fn read_head(node: &Arc<str>, head: v1::TemplateHead) -> Result<Offer, NodeError> {
    let hash = |bytes: &Bytes| -> Option<[u8; 32]> { bytes.as_ref().try_into().ok() };
    let merkle_branch = head
        .merkle_branch
        .iter()
        .map(hash)
        .collect::<Option<Vec<_>>>()
        .ok_or(NodeError::Field("merkle branch"))?;
    Ok(Offer {
        node: node.clone(),
        head: TemplateHead {
            previous: BlockHash::from_slice(&head.previous_hash)
                .ok_or(NodeError::Field("previous hash"))?,
            height: Height(head.height),
            version: head.version,
            bits: head.bits,
            min_time: head.min_time,
            cur_time: head.current_time,
            coinbase_value: Amount(head.coinbase_value),
            merkle_branch,
            witness_commitment: Some(head.witness_commitment).filter(|script| !script.is_empty()),
            transaction_count: head.transaction_count,
            has_mweb: head.has_mweb,
        },
        chain_work: hash(&head.chain_work).ok_or(NodeError::Field("chain work"))?,
        received_ms: head.received_ms,
        template_id: head.template_id,
        body: BodySlot::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(id: u8, data: Option<&'static [u8]>) -> v1::TemplateTransaction {
        v1::TemplateTransaction {
            txid: Bytes::from(vec![id; 32]),
            data: data.map(Bytes::from_static),
        }
    }

    #[test]
    fn a_transaction_sent_before_is_found_again() {
        let mut transactions = Transactions::default();
        transactions
            .read(vec![sent(1, Some(b"one")), sent(2, Some(b"two"))])
            .unwrap();
        let read = transactions
            .read(vec![sent(2, None), sent(3, Some(b"three"))])
            .unwrap();
        assert_eq!(
            read.iter().map(|one| &one.data[..]).collect::<Vec<_>>(),
            [&b"two"[..], b"three"]
        );
        assert!(matches!(
            transactions.read(vec![sent(9, None)]),
            Err(NodeError::MissingTransaction)
        ));
    }

    #[test]
    fn transactions_not_used_for_long_are_dropped_and_used_ones_stay() {
        let mut transactions = Transactions::default();
        transactions
            .read(vec![sent(1, Some(b"one")), sent(2, Some(b"two"))])
            .unwrap();
        for _ in 0..3 * BODIES {
            transactions.read(vec![sent(1, None)]).unwrap();
        }
        assert_eq!(transactions.known.len(), 1);
    }
}
