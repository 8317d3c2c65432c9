//! A coinserver that offers what a test tells it to and remembers what it was sent.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::Stream;
use ngpool_chain::{Header, merkle};
use ngpool_rpc::v1::{
    self, BlockAtReply, BlockAtRequest, BlockStateReply, BlockStateRequest, BroadcastReply,
    BroadcastRequest, ChainStatusReply, ChainStatusRequest, EstimateFeeReply, EstimateFeeRequest,
    NodeHealth, NodeState, SubmitBlockRequest, SubmitOutcome, SubmitReply, SubmitSolutionRequest,
    TemplateBody, TemplateEvent, TemplateHead, TransactionStateReply, TransactionStateRequest,
    WatchTemplatesRequest,
    coinserver_server::{Coinserver, CoinserverServer},
    template_event::Event,
};
use ngpool_settings::CoinserverPeer;
use parking_lot::Mutex;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

/// A template to offer.
#[derive(Debug, Clone)]
pub(crate) struct Tip {
    /// Fills the previous hash.
    pub(crate) previous: [u8; 32],
    pub(crate) height: u32,
    pub(crate) work: u8,
    /// Fees in it, so that two templates of a tip differ.
    pub(crate) value: i64,
    pub(crate) time: u32,
    pub(crate) bits: u32,
    pub(crate) version: u32,
    pub(crate) transactions: Vec<Vec<u8>>,
}

impl Tip {
    /// Tip number n at height n + 100 with chain work n.
    pub(crate) fn number(number: u8) -> Self {
        Self {
            previous: [number; 32],
            height: u32::from(number) + 100,
            work: number,
            value: 5_000_000_000,
            time: now(),
            bits: 0x207f_ffff,
            version: 0x2000_0000,
            transactions: vec![b"one transaction".to_vec(), b"and another".to_vec()],
        }
    }

    pub(crate) fn work(self, work: u8) -> Self {
        Self { work, ..self }
    }

    /// As an aux chain of an id has it.
    pub(crate) fn of_chain(self, id: u16) -> Self {
        Self {
            version: u32::from(id) << 16 | 4,
            ..self
        }
    }

    pub(crate) fn value(self, value: i64) -> Self {
        Self { value, ..self }
    }
}

/// Seconds since the epoch.
pub(crate) fn now() -> u32 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    u32::try_from(since.as_secs()).unwrap()
}

/// What a node was sent.
#[derive(Debug, Clone)]
pub(crate) enum Sent {
    Solution(SubmitSolutionRequest),
    Block(Bytes),
}

impl Sent {
    pub(crate) fn header(&self) -> Header {
        match self {
            Self::Solution(solution) => Header::from_slice(&solution.header).unwrap(),
            Self::Block(block) => Header::from_slice(&block[..80]).unwrap(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct FakeNode {
    pub(crate) name: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) url: String,
    inner: Arc<Inner>,
    stop: CancellationToken,
}

struct Inner {
    streams: Mutex<Vec<mpsc::Sender<Result<TemplateEvent, Status>>>>,
    newest: Mutex<Option<(TemplateHead, TemplateBody)>>,
    health: Mutex<NodeHealth>,
    silent: AtomicBool,
    counter: AtomicU64,
    sent: Mutex<Vec<Sent>>,
    outcome: Mutex<Result<SubmitOutcome, Status>>,
    hold_bodies: AtomicBool,
}

impl FakeNode {
    pub(crate) async fn start(name: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(name, listener)
    }

    /// A node of an aux chain.
    pub(crate) async fn of(currency: &'static str, name: &'static str) -> Self {
        Self {
            currency,
            ..Self::start(name).await
        }
    }

    pub(crate) fn start_on(name: &'static str, listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            streams: Mutex::default(),
            newest: Mutex::default(),
            health: Mutex::new(NodeHealth {
                state: NodeState::Ready.into(),
                reason: String::new(),
            }),
            silent: AtomicBool::new(false),
            counter: AtomicU64::new(0),
            sent: Mutex::default(),
            outcome: Mutex::new(Ok(SubmitOutcome::Accepted)),
            hold_bodies: AtomicBool::new(false),
        });
        let stop = CancellationToken::new();
        let server = tonic::transport::Server::builder()
            .add_service(
                CoinserverServer::new(Service(inner.clone()))
                    .max_decoding_message_size(ngpool_rpc::MESSAGE_LIMIT),
            )
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(stop.clone().run_until_cancelled_owned(server));
        let beating = inner.clone();
        tokio::spawn(stop.clone().run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(300)).await;
                beating.send(&Event::Heartbeat(v1::Heartbeat {}));
            }
        }));
        Self {
            name,
            currency: "BASE",
            url,
            inner,
            stop,
        }
    }

    pub(crate) fn peer(&self) -> CoinserverPeer {
        CoinserverPeer {
            name: self.name.into(),
            currency: self.currency.into(),
            url: self.url.clone(),
        }
    }

    /// Offers a template to everybody, now and later.
    pub(crate) fn offer(&self, tip: Tip) {
        let number = self.inner.counter.fetch_add(1, Ordering::Relaxed);
        let template_id = Bytes::from(format!("{}-{number}", self.name));
        let mut chain_work = [0; 32];
        chain_work[31] = tip.work;
        let ids: Vec<[u8; 32]> = tip
            .transactions
            .iter()
            .map(|data| ngpool_chain::sha256d(data))
            .collect();
        let transactions: Vec<v1::TemplateTransaction> = ids
            .iter()
            .zip(tip.transactions)
            .map(|(id, data)| v1::TemplateTransaction {
                txid: Bytes::copy_from_slice(id),
                data: Some(data.into()),
            })
            .collect();
        let branch = merkle::coinbase_branch(&ids);
        let head = TemplateHead {
            template_id: template_id.clone(),
            previous_hash: Bytes::copy_from_slice(&tip.previous),
            height: tip.height,
            version: tip.version,
            bits: tip.bits,
            min_time: tip.time - 60,
            current_time: tip.time,
            coinbase_value: tip.value,
            merkle_branch: branch
                .iter()
                .map(|node| Bytes::copy_from_slice(node))
                .collect(),
            witness_commitment: Bytes::new(),
            chain_work: Bytes::copy_from_slice(&chain_work),
            has_mweb: false,
            transaction_count: u32::try_from(ids.len()).unwrap(),
            received_ms: 0,
            aux_chain_id: None,
            currency: self.currency.into(),
        };
        let body = TemplateBody {
            template_id,
            transactions,
            mweb: Bytes::new(),
        };
        *self.inner.newest.lock() = Some((head.clone(), body.clone()));
        self.inner.send(&Event::Head(head));
        if !self.inner.hold_bodies.load(Ordering::Relaxed) {
            self.inner.send(&Event::Body(body));
        }
    }

    /// Whether bodies are kept back.
    pub(crate) fn hold_bodies(&self, hold: bool) {
        self.inner.hold_bodies.store(hold, Ordering::Relaxed);
        if !hold && let Some((_, body)) = self.inner.newest.lock().clone() {
            self.inner.send(&Event::Body(body));
        }
    }

    /// Says how the node is.
    pub(crate) fn health(&self, state: NodeState, reason: &str) {
        let health = NodeHealth {
            state: state.into(),
            reason: reason.into(),
        };
        *self.inner.health.lock() = health.clone();
        self.inner.send(&Event::Health(health));
    }

    /// Whether nothing is said any more though streams stay open.
    pub(crate) fn silent(&self, silent: bool) {
        self.inner.silent.store(silent, Ordering::Relaxed);
    }

    /// What later submissions are answered.
    pub(crate) fn answers(&self, outcome: Result<SubmitOutcome, Status>) {
        *self.inner.outcome.lock() = outcome;
    }

    /// Everything that was submitted.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.inner.sent.lock().clone()
    }

    /// Ends it, as if it was killed.
    pub(crate) fn kill(&self) {
        self.stop.cancel();
        self.inner.streams.lock().clear();
    }
}

impl Inner {
    fn send(&self, event: &Event) {
        if self.silent.load(Ordering::Relaxed) {
            return;
        }
        self.streams.lock().retain(|stream| {
            stream
                .try_send(Ok(TemplateEvent {
                    event: Some(event.clone()),
                }))
                .is_ok()
        });
    }

    fn answer(&self, sent: Sent) -> Result<Response<SubmitReply>, Status> {
        self.sent.lock().push(sent);
        let outcome = self.outcome.lock().clone()?;
        Ok(Response::new(SubmitReply {
            outcome: outcome.into(),
            reason: String::new(),
        }))
    }
}

struct Service(Arc<Inner>);

#[tonic::async_trait]
impl Coinserver for Service {
    type WatchTemplatesStream =
        Pin<Box<dyn Stream<Item = Result<TemplateEvent, Status>> + Send + 'static>>;

    async fn watch_templates(
        &self,
        _request: Request<WatchTemplatesRequest>,
    ) -> Result<Response<Self::WatchTemplatesStream>, Status> {
        let (sender, receiver) = mpsc::channel(1_000);
        let mut events = vec![Event::Health(self.0.health.lock().clone())];
        // Taken first: an offer made meanwhile goes to the new stream by itself.
        let mut streams = self.0.streams.lock();
        if let Some((head, body)) = self.0.newest.lock().clone() {
            events.push(Event::Head(head));
            if !self.0.hold_bodies.load(Ordering::Relaxed) {
                events.push(Event::Body(body));
            }
        }
        for event in events {
            let _room = sender.try_send(Ok(TemplateEvent { event: Some(event) }));
        }
        streams.push(sender);
        drop(streams);
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn submit_solution(
        &self,
        request: Request<SubmitSolutionRequest>,
    ) -> Result<Response<SubmitReply>, Status> {
        self.0.answer(Sent::Solution(request.into_inner()))
    }

    async fn submit_block(
        &self,
        request: Request<SubmitBlockRequest>,
    ) -> Result<Response<SubmitReply>, Status> {
        self.0.answer(Sent::Block(request.into_inner().block))
    }

    async fn chain_status(
        &self,
        _request: Request<ChainStatusRequest>,
    ) -> Result<Response<ChainStatusReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn block_state(
        &self,
        _request: Request<BlockStateRequest>,
    ) -> Result<Response<BlockStateReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn block_at(
        &self,
        _request: Request<BlockAtRequest>,
    ) -> Result<Response<BlockAtReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn transaction_state(
        &self,
        _request: Request<TransactionStateRequest>,
    ) -> Result<Response<TransactionStateReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn unspent_outputs(
        &self,
        _request: Request<v1::UnspentOutputsRequest>,
    ) -> Result<Response<v1::UnspentOutputsReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn broadcast(
        &self,
        _request: Request<BroadcastRequest>,
    ) -> Result<Response<BroadcastReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn estimate_fee(
        &self,
        _request: Request<EstimateFeeRequest>,
    ) -> Result<Response<EstimateFeeReply>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }
}
