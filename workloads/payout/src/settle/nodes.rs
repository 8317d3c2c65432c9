//! The coinservers of the currency: who answers, and what each says.

use std::{collections::BTreeMap, future::Future, time::Duration};

use futures::{StreamExt, future::join_all, stream};
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_rpc::{
    MESSAGE_LIMIT, Security, channel,
    v1::{
        BlockAtReply, BlockAtRequest, BlockStateRequest, BroadcastReply, BroadcastRequest,
        ChainStatusReply, ChainStatusRequest, EstimateFeeRequest, Outpoint, TransactionStateReply,
        TransactionStateRequest, UnspentOutputsReply, UnspentOutputsRequest,
        coinserver_client::CoinserverClient,
    },
};
use ngpool_settings::{CurrencySettings, PayoutSettings};
use thiserror::Error;
use tonic::transport::Channel;

use super::judge::Sight;

/// A node that is busy connecting blocks answers late; a dead one must not hold up the run.
const DEADLINE: Duration = Duration::from_secs(15);

/// Questions at once to one node: enough to hide the round trips, few beside its RPC queue of 16.
const AT_ONCE: usize = 8;

/// Why a node does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NodeError {
    /// It cannot be reached, or gave an error.
    #[error("{node}: {reason}")]
    Failed {
        /// Its name.
        node: String,
        /// As gRPC or the daemon say it.
        reason: String,
    },
    /// It serves another chain.
    #[error("{node} serves {what}, not this currency: check its Coinserver object")]
    WrongChain {
        /// Its name.
        node: String,
        /// What it says it serves.
        what: String,
    },
    /// It said something that cannot be.
    #[error("{node} gave an answer that makes no sense: {what}")]
    Nonsense {
        /// Its name.
        node: String,
        /// What is wrong.
        what: &'static str,
    },
}

/// One node and what it said at the start of the run.
#[derive(Debug, Clone)]
pub struct Node {
    /// Name of the Coinserver object.
    pub name: String,
    /// Its chain, or why it does not count.
    pub status: Result<ChainStatusReply, NodeError>,
    client: CoinserverClient<Channel>,
}

/// All nodes of the currency.
#[derive(Debug, Clone)]
pub struct Nodes(Vec<Node>);

impl Nodes {
    /// Asks every node about its chain. A node of another currency or chain does not count.
    pub async fn look(settings: &PayoutSettings) -> Self {
        let security = match Security::once(settings.tls.as_ref()) {
            Ok(security) => security,
            Err(error) => {
                tracing::error!(%error, "no node can be asked");
                return Self(Vec::new());
            }
        };
        let looks = settings.coinservers.iter().map(async |peer| {
            let channel = match channel::connect(&peer.url, &security) {
                Ok(channel) => channel,
                Err(error) => {
                    let reason = error.to_string();
                    tracing::warn!(node = peer.name, reason, "node cannot be asked");
                    return None;
                }
            };
            let client = CoinserverClient::new(channel).max_decoding_message_size(MESSAGE_LIMIT);
            let mut node = Node {
                name: peer.name.clone(),
                client,
                status: Ok(ChainStatusReply::default()),
            };
            node.status = node.chain_status(&settings.currency).await;
            Some(node)
        });
        Self(join_all(looks).await.into_iter().flatten().collect())
    }

    /// Every node, whether it answers or not.
    pub fn all(&self) -> &[Node] {
        &self.0
    }

    /// Those that answer and serve the right chain.
    pub fn answering(&self) -> impl Iterator<Item = &Node> {
        self.0.iter().filter(|node| node.status.is_ok())
    }

    /// The node whose chain has the most work; the first named among equals.
    pub fn best(&self) -> Option<&Node> {
        self.answering().reduce(|best, node| {
            let work = |node: &Node| node.status.as_ref().map(|s| s.chain_work.clone()).ok();
            if work(node) > work(best) { node } else { best }
        })
    }

    /// Why nodes do not count, one text; empty when all do.
    pub fn complaints(&self) -> String {
        let failed = self.0.iter().filter_map(|node| node.status.as_ref().err());
        failed
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// What the nodes say of blocks. A node that fails on one question says nothing of that block.
    pub async fn sights(&self, blocks: &[(BlockHash, u32)]) -> BTreeMap<BlockHash, Vec<Sight>> {
        let by_node = join_all(self.answering().map(|node| node.sights(blocks))).await;
        let mut sights: BTreeMap<BlockHash, Vec<Sight>> = BTreeMap::new();
        for (hash, sight) in by_node.into_iter().flatten() {
            sights.entry(hash).or_default().push(sight);
        }
        sights
    }
}

impl Node {
    async fn chain_status(
        &self,
        currency: &CurrencySettings,
    ) -> Result<ChainStatusReply, NodeError> {
        let mut client = self.client.clone();
        let request = channel::with_deadline(ChainStatusRequest {}, DEADLINE);
        let status = self.bounded(client.chain_status(request)).await?;
        let genesis = BlockHash::from_slice(&status.genesis_hash)
            .ok_or(self.nonsense("a genesis hash that is no hash"))?;
        if status.currency != currency.code {
            return Err(self.wrong_chain(format!("currency {}", status.currency)));
        }
        if genesis != currency.network.genesis_hash {
            return Err(self.wrong_chain(format!("a chain with genesis {genesis}")));
        }
        Ok(status)
    }

    async fn sights(&self, blocks: &[(BlockHash, u32)]) -> Vec<(BlockHash, Sight)> {
        // Owned items: a closure over borrowed ones makes a future that cannot be spawned.
        stream::iter(blocks.to_vec())
            .map(|(hash, height)| self.try_sight(hash, height))
            .buffer_unordered(AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }

    async fn try_sight(&self, hash: BlockHash, height: u32) -> Option<(BlockHash, Sight)> {
        match self.sight(hash, height).await {
            Ok(sight) => Some((hash, sight)),
            Err(error) => {
                tracing::debug!(%error, %hash, "no answer about a block");
                None
            }
        }
    }

    async fn sight(&self, hash: BlockHash, height: u32) -> Result<Sight, NodeError> {
        let mut client = self.client.clone();
        let request = BlockStateRequest {
            hash: hash.to_bytes().to_vec().into(),
            height,
        };
        let request = channel::with_deadline(request, DEADLINE);
        let state = self.bounded(client.block_state(request)).await?;
        let at_height = if state.hash_at_height.is_empty() {
            None
        } else {
            let hash = BlockHash::from_slice(&state.hash_at_height);
            Some(hash.ok_or(self.nonsense("a block hash that is no hash"))?)
        };
        // The hash at the height decides: it is of one look at one chain.
        let ours = at_height == Some(hash);
        let above = state.tip_height.checked_sub(height);
        Ok(Sight {
            node: self.name.clone(),
            known: state.known || ours,
            confirmations: above.filter(|_| ours).map(|above| above.saturating_add(1)),
            other: above.filter(|_| at_height.is_some() && !ours),
        })
    }

    /// Its tip, as it said at the start of the run.
    pub fn tip(&self) -> Result<(Height, BlockHash), NodeError> {
        let status = self.status.as_ref().map_err(Clone::clone)?;
        let hash = BlockHash::from_slice(&status.best_hash)
            .ok_or(self.nonsense("a best hash that is no hash"))?;
        Ok((Height(status.height), hash))
    }

    /// Whether a block is on its best chain.
    pub async fn has(&self, hash: BlockHash, height: Height) -> Result<bool, NodeError> {
        Ok(self.sight(hash, height.0).await?.confirmations.is_some())
    }

    /// The block of its best chain at a height; none when the chain is shorter.
    pub async fn block_at(&self, height: u32) -> Result<Option<BlockAtReply>, NodeError> {
        let mut client = self.client.clone();
        let request = channel::with_deadline(BlockAtRequest { height }, DEADLINE);
        let block = self.bounded(client.block_at(request)).await?;
        Ok((!block.hash.is_empty()).then_some(block))
    }

    /// Which of these outputs are unspent at its tip; at most 1,000 of them.
    pub async fn unspent_outputs(
        &self,
        outputs: Vec<Outpoint>,
    ) -> Result<UnspentOutputsReply, NodeError> {
        let mut client = self.client.clone();
        let request = channel::with_deadline(UnspentOutputsRequest { outputs }, DEADLINE);
        self.bounded(client.unspent_outputs(request)).await
    }

    /// Where a transaction is, and its bytes. Without an index the daemon finds it only in its mempool
    /// or in the block that is named.
    pub async fn transaction(
        &self,
        txid: Txid,
        block: Option<BlockHash>,
    ) -> Result<TransactionStateReply, NodeError> {
        let mut client = self.client.clone();
        let request = TransactionStateRequest {
            txid: txid.to_bytes().to_vec().into(),
            block_hash: block
                .map(|block| block.to_bytes().to_vec().into())
                .unwrap_or_default(),
        };
        let request = channel::with_deadline(request, DEADLINE);
        self.bounded(client.transaction_state(request)).await
    }

    /// Gives a transaction to the network, or says why the daemon would not.
    pub async fn broadcast(&self, raw: &[u8]) -> Result<BroadcastReply, NodeError> {
        let mut client = self.client.clone();
        let request = BroadcastRequest {
            raw: raw.to_vec().into(),
        };
        let request = channel::with_deadline(request, DEADLINE);
        self.bounded(client.broadcast(request)).await
    }

    /// What a transaction should pay by 1,000 virtual bytes to be in a block within so many; none
    /// when the daemon has no estimate.
    pub async fn estimate_fee(&self, blocks: u32) -> Result<Option<Amount>, NodeError> {
        let mut client = self.client.clone();
        let request = channel::with_deadline(EstimateFeeRequest { blocks }, DEADLINE);
        let reply = self.bounded(client.estimate_fee(request)).await?;
        Ok(reply.per_kvb.map(Amount))
    }

    /// An answer with a limit of our own too: a deadline on the wire does not bound the connecting.
    async fn bounded<T>(
        &self,
        call: impl Future<Output = Result<tonic::Response<T>, tonic::Status>>,
    ) -> Result<T, NodeError> {
        match tokio::time::timeout(DEADLINE, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(self.failed(status.message())),
            Err(_) => Err(self.failed(&format!("no answer in {DEADLINE:?}"))),
        }
    }

    fn failed(&self, reason: &str) -> NodeError {
        NodeError::Failed {
            node: self.name.clone(),
            reason: reason.to_owned(),
        }
    }

    fn wrong_chain(&self, what: String) -> NodeError {
        NodeError::WrongChain {
            node: self.name.clone(),
            what,
        }
    }

    /// An answer that cannot be.
    pub(crate) fn nonsense(&self, what: &'static str) -> NodeError {
        NodeError::Nonsense {
            node: self.name.clone(),
            what,
        }
    }
}
