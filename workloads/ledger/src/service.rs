//! The gRPC service.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use chrono::Utc;
use futures::Stream;
use ngpool_rpc::{
    HEARTBEAT,
    v1::{
        Batch, BlockReport, BlockReportReply, ClosedReply, ClosedReport, FollowRequest, HelloReply,
        HelloRequest, LedgerEvent, LedgerHeartbeat, LiveReport, LiveReportReply, ShipOutcome,
        ShipReply, ledger_event::Event, ledger_server::Ledger as LedgerRpc,
    },
};
use ngpool_store::{Outcome, StoreError};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Request, Response, Status};

use crate::{
    convert,
    followers::Following,
    ingest::IngestError,
    ledger::{Books, Ledger},
    live::LiveWriter,
    metrics::LedgerMetrics,
};

/// A query that takes longer says that the database is away.
const PATIENCE: Duration = Duration::from_secs(4);

/// Answers stratum servers.
pub(crate) struct LedgerService {
    ledger: Arc<Ledger>,
    live: LiveWriter,
    stop: CancellationToken,
}

impl LedgerService {
    pub(crate) fn new(ledger: Arc<Ledger>, stop: CancellationToken) -> Self {
        let live = LiveWriter::new(Arc::clone(&ledger));
        Self { ledger, live, stop }
    }

    /// Nothing is taken before the books are known to be the right ones.
    fn open(&self) -> Result<(), Status> {
        match &*self.ledger.books.borrow() {
            Books::Open => Ok(()),
            Books::Closed(reason) => Err(Status::unavailable(reason.clone())),
            Books::Refused(reason) => Err(Status::failed_precondition(reason.clone())),
        }
    }
}

#[tonic::async_trait]
impl LedgerRpc for LedgerService {
    type FollowStream = FollowStream;

    async fn hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        self.open()?;
        let request = request.into_inner();
        let producer = convert::producer(&request.producer)?;
        let state = within(self.ledger.store.producer(producer)).await?;
        self.ledger
            .followers
            .shipped(producer, &convert::text(&request.port), state.next - 1);
        tracing::info!(port = request.port, %producer, next = state.next, "a server connects");
        Ok(Response::new(HelloReply {
            next: state.next,
            digest: Bytes::copy_from_slice(&state.digest),
        }))
    }

    async fn ship(&self, request: Request<Batch>) -> Result<Response<ShipReply>, Status> {
        self.open()?;
        let batch = convert::batch(request.into_inner())?;
        self.ledger.note_network_work(batch.contents());
        let receipt = self
            .ledger
            .ingest
            .store(batch)
            .await
            .map_err(|error| match error {
                IngestError::Away(reason) => Status::unavailable(reason),
                IngestError::Refused(reason) => Status::internal(reason),
            })?;
        let (outcome, reason) = match receipt.outcome {
            Outcome::Stored { .. } | Outcome::Repeat => (ShipOutcome::Stored, String::new()),
            Outcome::Wanted => (ShipOutcome::Wanted, String::new()),
            Outcome::Conflict { reason } => (ShipOutcome::Conflict, reason),
        };
        Ok(Response::new(ShipReply {
            outcome: outcome.into(),
            next: receipt.next,
            reason,
        }))
    }

    async fn follow(
        &self,
        request: Request<FollowRequest>,
    ) -> Result<Response<Self::FollowStream>, Status> {
        let request = request.into_inner();
        let producer = convert::producer(&request.producer)?;
        let following = self
            .ledger
            .followers
            .join(producer, convert::text(&request.port));
        Ok(Response::new(FollowStream::new(
            following,
            self.ledger.metrics.clone(),
            self.stop.clone(),
        )))
    }

    async fn closed(
        &self,
        request: Request<ClosedReport>,
    ) -> Result<Response<ClosedReply>, Status> {
        let request = request.into_inner();
        let producer = convert::producer(&request.producer)?;
        let block = convert::block_key(request.currency, &request.block_hash)?;
        self.ledger
            .followers
            .closed(producer, &block, request.number);
        Ok(Response::new(ClosedReply {}))
    }

    async fn report_block(
        &self,
        request: Request<BlockReport>,
    ) -> Result<Response<BlockReportReply>, Status> {
        self.open()?;
        let report = convert::block_report(request.into_inner())?;
        let currency = &report.key.currency;
        let document = self.ledger.document();
        if !document
            .currencies
            .iter()
            .any(|known| known.code == *currency)
        {
            return Err(Status::failed_precondition(format!(
                "sharechain {} has no currency {currency:?} in its document (yet)",
                self.ledger.sharechain
            )));
        }
        let is_new = within(self.ledger.store.report_block(&report, Utc::now())).await?;
        if is_new {
            tracing::info!(
                currency,
                hash = %report.key.hash,
                height = report.height.0,
                user = report.user,
                "a block is reported"
            );
        }
        Ok(Response::new(BlockReportReply {}))
    }

    async fn report_live(
        &self,
        request: Request<LiveReport>,
    ) -> Result<Response<LiveReportReply>, Status> {
        self.open()?;
        self.live.take(request.into_inner()).await?;
        Ok(Response::new(LiveReportReply {}))
    }
}

/// A query with its deadline; failures told apart by whether it is worth asking again.
pub(crate) async fn within<T>(
    query: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, Status> {
    match tokio::time::timeout(PATIENCE, query).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) if error.is_temporary() => Err(Status::unavailable(error.to_string())),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database refuses");
            Err(Status::internal(error.to_string()))
        }
        Err(_) => Err(Status::unavailable("the database does not answer in time")),
    }
}

/// Requests to close and ship, with heartbeats between them, until the ledger stops.
pub(crate) struct FollowStream {
    following: Following,
    heartbeat: tokio::time::Interval,
    metrics: LedgerMetrics,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl FollowStream {
    fn new(following: Following, metrics: LedgerMetrics, stop: CancellationToken) -> Self {
        metrics.followers.inc();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Self {
            following,
            heartbeat,
            metrics,
            stop: Box::pin(stop.cancelled_owned()),
        }
    }
}

impl Drop for FollowStream {
    fn drop(&mut self) {
        self.metrics.followers.dec();
    }
}

impl Stream for FollowStream {
    type Item = Result<LedgerEvent, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stop.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        match self.following.events.poll_recv(context) {
            Poll::Ready(Some(event)) => return Poll::Ready(Some(Ok(event))),
            // Dropped for not reading.
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {}
        }
        match self.heartbeat.poll_tick(context) {
            Poll::Ready(_) => Poll::Ready(Some(Ok(LedgerEvent {
                event: Some(Event::Heartbeat(LedgerHeartbeat {})),
            }))),
            Poll::Pending => Poll::Pending,
        }
    }
}
