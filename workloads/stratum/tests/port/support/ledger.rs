//! A ledger that keeps what it is sent.

use std::{cmp::Ordering, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::Stream;
use ngpool_rpc::v1::{
    Batch, BatchContent, BlockReport, BlockReportReply, ClosedReply, ClosedReport, FollowRequest,
    HelloReply, HelloRequest, LedgerEvent, LedgerHeartbeat, LiveReport, LiveReportReply,
    ShipOutcome, ShipReply,
    ledger_event::Event,
    ledger_server::{Ledger, LedgerServer},
};
use parking_lot::Mutex;
use prost::Message;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

#[derive(Clone)]
pub(crate) struct FakeLedger {
    pub(crate) url: String,
    inner: Arc<Inner>,
    _stop: Arc<tokio_util::sync::DropGuard>,
}

#[derive(Default)]
struct Inner {
    batches: Mutex<Vec<BatchContent>>,
    next: Mutex<(u64, Bytes)>,
    blocks: Mutex<Vec<BlockReport>>,
    live: Mutex<Vec<LiveReport>>,
}

impl FakeLedger {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            next: Mutex::new((1, Bytes::from(vec![0; 32]))),
            ..Inner::default()
        });
        let stop = CancellationToken::new();
        let server = tonic::transport::Server::builder()
            .add_service(LedgerServer::new(Service(inner.clone())))
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(stop.clone().run_until_cancelled_owned(server));
        Self {
            url,
            inner,
            _stop: Arc::new(stop.drop_guard()),
        }
    }

    /// Shares booked for a user.
    pub(crate) fn shares(&self, user: &str) -> u64 {
        let batches = self.inner.batches.lock();
        batches
            .iter()
            .flat_map(|batch| &batch.slices)
            .filter(|slice| slice.user == user)
            .map(|slice| slice.shares)
            .sum()
    }

    /// Work booked for a user.
    pub(crate) fn work(&self, user: &str) -> u128 {
        let batches = self.inner.batches.lock();
        batches
            .iter()
            .flat_map(|batch| &batch.slices)
            .filter(|slice| slice.user == user)
            .map(|slice| u128::from_be_bytes(slice.work.as_ref().try_into().unwrap()))
            .sum()
    }

    /// Every set of currencies that work was booked for.
    pub(crate) fn currency_sets(&self) -> Vec<Vec<String>> {
        let batches = self.inner.batches.lock();
        let mut sets: Vec<Vec<String>> = batches
            .iter()
            .flat_map(|batch| {
                batch.slices.iter().map(|slice| {
                    let set = &batch.currency_sets[slice.currency_set as usize].currencies;
                    assert_eq!(slice.weights.len(), set.len());
                    set.clone()
                })
            })
            .collect();
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    /// Rejects counted for a reason.
    pub(crate) fn rejects(&self, reason: &str) -> u64 {
        let batches = self.inner.batches.lock();
        batches
            .iter()
            .flat_map(|batch| &batch.rejects)
            .filter(|reject| reject.reason == reason)
            .map(|reject| reject.count)
            .sum()
    }

    /// The last report of each block.
    pub(crate) fn blocks(&self) -> Vec<BlockReport> {
        self.inner.blocks.lock().clone()
    }

    /// Live reports so far.
    pub(crate) fn live(&self) -> Vec<LiveReport> {
        self.inner.live.lock().clone()
    }
}

struct Service(Arc<Inner>);

#[tonic::async_trait]
impl Ledger for Service {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<LedgerEvent, Status>> + Send + 'static>>;

    async fn hello(&self, _request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        let (next, digest) = self.0.next.lock().clone();
        Ok(Response::new(HelloReply { next, digest }))
    }

    async fn ship(&self, request: Request<Batch>) -> Result<Response<ShipReply>, Status> {
        let batch = request.into_inner();
        let mut next = self.0.next.lock();
        let outcome = match batch.number.cmp(&next.0) {
            Ordering::Less => ShipOutcome::Stored,
            Ordering::Equal => {
                let content = BatchContent::decode(batch.content).unwrap();
                self.0.batches.lock().push(content);
                *next = (batch.number + 1, batch.digest);
                ShipOutcome::Stored
            }
            Ordering::Greater => ShipOutcome::Wanted,
        };
        let reply = ShipReply {
            outcome: outcome.into(),
            next: next.0,
            reason: String::new(),
        };
        Ok(Response::new(reply))
    }

    async fn follow(
        &self,
        _request: Request<FollowRequest>,
    ) -> Result<Response<Self::FollowStream>, Status> {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let beat = || LedgerEvent {
                event: Some(Event::Heartbeat(LedgerHeartbeat {})),
            };
            while sender.send(Ok(beat())).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn closed(
        &self,
        _request: Request<ClosedReport>,
    ) -> Result<Response<ClosedReply>, Status> {
        Ok(Response::new(ClosedReply {}))
    }

    async fn report_block(
        &self,
        request: Request<BlockReport>,
    ) -> Result<Response<BlockReportReply>, Status> {
        let report = request.into_inner();
        let mut blocks = self.0.blocks.lock();
        blocks.retain(|known| known.hash != report.hash);
        blocks.push(report);
        Ok(Response::new(BlockReportReply {}))
    }

    async fn report_live(
        &self,
        request: Request<LiveReport>,
    ) -> Result<Response<LiveReportReply>, Status> {
        self.0.live.lock().push(request.into_inner());
        Ok(Response::new(LiveReportReply {}))
    }
}
