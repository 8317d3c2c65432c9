//! The gRPC side.

use std::{pin::Pin, sync::Arc};

use futures::{Stream, StreamExt};
use ngpool_chain::{BlockHash, Txid};
use ngpool_rpc::{
    MESSAGE_LIMIT,
    v1::{
        self,
        coinserver_server::{Coinserver, CoinserverServer},
    },
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{Request, Response, Status};

use crate::{
    chain,
    node::{Node, NodeError},
    stream, submit,
};

/// Answers for one node.
#[derive(Debug)]
pub(crate) struct CoinserverService {
    node: Arc<Node>,
    submits: TaskTracker,
    shutdown: CancellationToken,
}

/// The service; `submits` tracks blocks that are under way to the daemon.
pub(crate) fn service(
    node: Arc<Node>,
    submits: TaskTracker,
    shutdown: CancellationToken,
) -> CoinserverServer<CoinserverService> {
    CoinserverServer::new(CoinserverService {
        node,
        submits,
        shutdown,
    })
    .max_decoding_message_size(MESSAGE_LIMIT)
    .max_encoding_message_size(MESSAGE_LIMIT)
}

impl CoinserverService {
    /// Runs a submission to its end even when the caller goes.
    async fn see_through(
        &self,
        submission: impl Future<Output = Result<v1::SubmitReply, NodeError>> + Send + 'static,
    ) -> Result<Response<v1::SubmitReply>, Status> {
        let reply = self
            .submits
            .spawn(submission)
            .await
            .map_err(|error| Status::internal(error.to_string()))?;
        reply.map(Response::new).map_err(|error| error.to_status())
    }
}

#[tonic::async_trait]
impl Coinserver for CoinserverService {
    type WatchTemplatesStream =
        Pin<Box<dyn Stream<Item = Result<v1::TemplateEvent, Status>> + Send>>;

    async fn watch_templates(
        &self,
        request: Request<v1::WatchTemplatesRequest>,
    ) -> Result<Response<Self::WatchTemplatesStream>, Status> {
        let client: String = request.into_inner().client.chars().take(80).collect();
        tracing::info!(node = self.node.name, client, "template stream opened");
        let events = stream::open(self.node.clone(), self.shutdown.clone());
        Ok(Response::new(ReceiverStream::new(events).boxed()))
    }

    async fn submit_solution(
        &self,
        request: Request<v1::SubmitSolutionRequest>,
    ) -> Result<Response<v1::SubmitReply>, Status> {
        let v1::SubmitSolutionRequest {
            template_id,
            header,
            coinbase,
            proof,
        } = request.into_inner();
        let node = self.node.clone();
        self.see_through(async move {
            submit::solution(node, &template_id, &header, &coinbase, &proof).await
        })
        .await
    }

    async fn submit_block(
        &self,
        request: Request<v1::SubmitBlockRequest>,
    ) -> Result<Response<v1::SubmitReply>, Status> {
        let block = request.into_inner().block;
        self.see_through(submit::block(self.node.clone(), block.to_vec()))
            .await
    }

    async fn chain_status(
        &self,
        _request: Request<v1::ChainStatusRequest>,
    ) -> Result<Response<v1::ChainStatusReply>, Status> {
        Ok(Response::new(chain::status(&self.node).await))
    }

    async fn block_state(
        &self,
        request: Request<v1::BlockStateRequest>,
    ) -> Result<Response<v1::BlockStateReply>, Status> {
        let v1::BlockStateRequest { hash, height } = request.into_inner();
        let hash = block_hash(&hash)?;
        answer(chain::block_state(&self.node, hash, height).await)
    }

    async fn block_at(
        &self,
        request: Request<v1::BlockAtRequest>,
    ) -> Result<Response<v1::BlockAtReply>, Status> {
        answer(chain::block_at(&self.node, request.into_inner().height).await)
    }

    async fn transaction_state(
        &self,
        request: Request<v1::TransactionStateRequest>,
    ) -> Result<Response<v1::TransactionStateReply>, Status> {
        let v1::TransactionStateRequest {
            txid,
            block_hash: block,
        } = request.into_inner();
        let txid = self::txid(&txid)?;
        let block = if block.is_empty() {
            None
        } else {
            Some(block_hash(&block)?)
        };
        answer(chain::transaction_state(&self.node, txid, block).await)
    }

    async fn unspent_outputs(
        &self,
        request: Request<v1::UnspentOutputsRequest>,
    ) -> Result<Response<v1::UnspentOutputsReply>, Status> {
        let asked = request.into_inner().outputs;
        if asked.len() > chain::OUTPUTS_AT_ONCE {
            return Err(Status::invalid_argument(format!(
                "{} outputs in one call, {} at most",
                asked.len(),
                chain::OUTPUTS_AT_ONCE
            )));
        }
        let outputs = asked
            .iter()
            .map(|outpoint| Ok((txid(&outpoint.txid)?, outpoint.vout)))
            .collect::<Result<Vec<_>, Status>>()?;
        answer(chain::unspent_outputs(&self.node, &outputs).await)
    }

    async fn broadcast(
        &self,
        request: Request<v1::BroadcastRequest>,
    ) -> Result<Response<v1::BroadcastReply>, Status> {
        answer(chain::broadcast(&self.node, &request.into_inner().raw).await)
    }

    async fn estimate_fee(
        &self,
        request: Request<v1::EstimateFeeRequest>,
    ) -> Result<Response<v1::EstimateFeeReply>, Status> {
        answer(chain::estimate_fee(&self.node, request.into_inner().blocks).await)
    }
}

fn block_hash(bytes: &[u8]) -> Result<BlockHash, Status> {
    BlockHash::from_slice(bytes)
        .ok_or_else(|| Status::invalid_argument("a block hash must have 32 bytes"))
}

fn txid(bytes: &[u8]) -> Result<Txid, Status> {
    Txid::from_slice(bytes).ok_or_else(|| Status::invalid_argument("a txid must have 32 bytes"))
}

fn answer<T>(result: Result<T, NodeError>) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|error| error.to_status())
}
