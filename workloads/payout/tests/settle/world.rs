//! Chains as a script wants them: nodes with views of their own, each a gRPC service.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
};

use bitcoin::{
    Amount, ScriptBuf, Transaction, TxIn, TxOut, absolute::LockTime, consensus::encode::serialize,
    hashes::Hash, transaction::Version,
};
use futures::Stream;
use ngpool_chain::{BlockHash, Network, Txid, sha256d};
use ngpool_rpc::v1::{
    BlockAtReply, BlockAtRequest, BlockStateReply, BlockStateRequest, BroadcastReply,
    BroadcastRequest, ChainOutput, ChainStatusReply, ChainStatusRequest, ChainTransaction,
    EstimateFeeReply, EstimateFeeRequest, NodeHealth, NodeState, Outpoint, SubmitBlockRequest,
    SubmitReply, SubmitSolutionRequest, TemplateEvent, TransactionStateReply,
    TransactionStateRequest, UnspentOutput, UnspentOutputsReply, UnspentOutputsRequest,
    WatchTemplatesRequest,
    coinserver_server::{Coinserver, CoinserverServer},
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// Code of the fake currency.
pub const CODE: &str = "LTC";

/// What a script sees: blocks, and nodes that know some of them.
#[derive(Clone)]
pub struct World(Arc<Mutex<Chains>>);

struct Chains {
    genesis: BlockHash,
    blocks: BTreeMap<BlockHash, Block>,
    nodes: BTreeMap<String, View>,
    made: u64,
    calls: u64,
    /// Transactions that were sent, as bytes.
    sent: BTreeSet<Vec<u8>>,
    /// Whole transactions.
    whole: BTreeMap<Txid, Vec<u8>>,
}

impl Chains {
    fn keep(&mut self, whole: &Transaction) -> Txid {
        let txid = Txid::from_bytes(whole.compute_txid().to_byte_array());
        self.whole.insert(txid, serialize(whole));
        txid
    }
}

#[derive(Clone)]
struct Block {
    previous: BlockHash,
    height: u32,
    transactions: Vec<ChainTransaction>,
}

struct View {
    /// Best chain by height.
    chain: Vec<BlockHash>,
    knows: BTreeSet<BlockHash>,
    down: bool,
    hides_coins: bool,
}

impl World {
    /// Nodes with those names on block 0, and where each is served.
    pub async fn start(names: &[&str]) -> (Self, Vec<(String, SocketAddr)>) {
        let genesis = Network::preset("litecoin-regtest").unwrap().genesis_hash;
        let block = Block {
            previous: BlockHash::default(),
            height: 0,
            transactions: vec![],
        };
        let view = || View {
            chain: vec![genesis],
            knows: BTreeSet::from([genesis]),
            down: false,
            hides_coins: false,
        };
        let world = Self(Arc::new(Mutex::new(Chains {
            genesis,
            blocks: BTreeMap::from([(genesis, block)]),
            nodes: names
                .iter()
                .map(|name| ((*name).to_owned(), view()))
                .collect(),
            made: 0,
            calls: 0,
            sent: BTreeSet::new(),
            whole: BTreeMap::new(),
        })));
        let mut served = Vec::new();
        for name in names {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            served.push(((*name).to_owned(), listener.local_addr().unwrap()));
            let service = FakeNode {
                name: (*name).to_owned(),
                world: world.clone(),
            };
            let server = tonic::transport::Server::builder()
                .add_service(CoinserverServer::new(service))
                .serve_with_incoming(TcpListenerStream::new(listener));
            tokio::spawn(server);
        }
        (world, served)
    }

    /// A block nobody has yet. Its first transaction is the coinbase, with an output per
    /// (amount, script).
    pub fn block(
        &self,
        parent: BlockHash,
        coinbase: &[(i64, &[u8])],
        others: Vec<ChainTransaction>,
    ) -> BlockHash {
        let mut chains = self.lock();
        chains.made += 1;
        let seed = chains.made.to_be_bytes();
        let hash = BlockHash::from_bytes(sha256d(&[b"block".as_slice(), &seed].concat()));
        let whole = made_of_nothing(&seed, coinbase);
        let txid = chains.keep(&whole);
        let mut transactions = vec![transaction(txid, &[], coinbase)];
        transactions.extend(others);
        let height = chains.blocks[&parent].height + 1;
        chains.blocks.insert(
            hash,
            Block {
                previous: parent,
                height,
                transactions,
            },
        );
        hash
    }

    /// Keeps a whole transaction, for nodes that are asked for it. Its id.
    pub fn keep(&self, whole: &Transaction) -> Txid {
        self.lock().keep(whole)
    }

    /// Makes a block the tip of a node, which then knows the whole chain below it.
    pub fn set_tip(&self, node: &str, tip: BlockHash) {
        let mut chains = self.lock();
        let mut chain = Vec::new();
        let mut at = tip;
        loop {
            chain.push(at);
            if at == chains.genesis {
                break;
            }
            at = chains.blocks[&at].previous;
        }
        chain.reverse();
        let view = chains.nodes.get_mut(node).unwrap();
        view.knows.extend(chain.iter().copied());
        view.chain = chain;
    }

    /// Lets a node know a block without following it.
    pub fn teach(&self, node: &str, block: BlockHash) {
        self.lock().nodes.get_mut(node).unwrap().knows.insert(block);
    }

    /// Puts empty blocks on a node's tip; the new tip.
    pub fn extend(&self, node: &str, blocks: u32) -> BlockHash {
        let mut tip = self.tip(node);
        for _ in 0..blocks {
            tip = self.block(tip, &[(50, b"somebody")], vec![]);
        }
        self.set_tip(node, tip);
        tip
    }

    /// The same tip for every node.
    pub fn agree(&self, tip: BlockHash) {
        let names: Vec<String> = self.lock().nodes.keys().cloned().collect();
        for node in &names {
            self.set_tip(node, tip);
        }
    }

    pub fn tip(&self, node: &str) -> BlockHash {
        *self.lock().nodes[node].chain.last().unwrap()
    }

    pub fn height_of(&self, block: BlockHash) -> u32 {
        self.lock().blocks[&block].height
    }

    pub fn previous_of(&self, block: BlockHash) -> BlockHash {
        self.lock().blocks[&block].previous
    }

    /// A block's coinbase.
    pub fn coinbase_of(&self, block: BlockHash) -> Txid {
        Txid::from_slice(&self.lock().blocks[&block].transactions[0].txid).unwrap()
    }

    /// The block of a node's best chain at a height.
    pub fn at(&self, node: &str, height: u32) -> Option<BlockHash> {
        self.lock().nodes[node].chain.get(height as usize).copied()
    }

    /// A node's best chain by height.
    pub fn chain(&self, node: &str) -> Vec<BlockHash> {
        self.lock().nodes[node].chain.clone()
    }

    pub fn transactions(&self, block: BlockHash) -> Vec<ChainTransaction> {
        self.lock().blocks[&block].transactions.clone()
    }

    pub fn knows(&self, node: &str, block: BlockHash) -> bool {
        self.lock().nodes[node].knows.contains(&block)
    }

    pub fn is_down(&self, node: &str) -> bool {
        self.lock().nodes[node].down
    }

    pub fn set_down(&self, node: &str, down: bool) {
        self.lock().nodes.get_mut(node).unwrap().down = down;
    }

    /// Lets a node say that every output is spent.
    pub fn hide_coins(&self, node: &str, hides: bool) {
        self.lock().nodes.get_mut(node).unwrap().hides_coins = hides;
    }

    /// Every transaction that was sent to a node, as bytes.
    pub fn sent(&self) -> BTreeSet<Vec<u8>> {
        self.lock().sent.clone()
    }

    /// Questions answered so far.
    pub fn calls(&self) -> u64 {
        self.lock().calls
    }

    fn lock(&self) -> MutexGuard<'_, Chains> {
        self.0.lock().unwrap()
    }
}

/// A whole transaction that spends no coin of this world: a coinbase, or a stranger's.
pub fn made_of_nothing(seed: &[u8], outputs: &[(i64, &[u8])]) -> Transaction {
    let outputs = outputs.iter().map(|(amount, script)| TxOut {
        value: Amount::from_sat(u64::try_from(*amount).unwrap()),
        script_pubkey: ScriptBuf::from_bytes(script.to_vec()),
    });
    Transaction {
        version: Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            script_sig: ScriptBuf::from_bytes(seed.to_vec()),
            ..TxIn::default()
        }],
        output: outputs.collect(),
    }
}

/// A transaction as a coinserver tells it.
pub fn transaction(
    txid: Txid,
    spends: &[(Txid, u32)],
    outputs: &[(i64, &[u8])],
) -> ChainTransaction {
    ChainTransaction {
        txid: bytes(txid.as_bytes()),
        spends: spends
            .iter()
            .map(|(txid, vout)| Outpoint {
                txid: bytes(txid.as_bytes()),
                vout: *vout,
            })
            .collect(),
        outputs: outputs
            .iter()
            .zip(0..)
            .map(|((amount, script), vout)| ChainOutput {
                vout,
                amount: *amount,
                script: script.to_vec().into(),
            })
            .collect(),
    }
}

fn bytes(slice: &[u8]) -> tonic::codegen::Bytes {
    slice.to_vec().into()
}

struct FakeNode {
    name: String,
    world: World,
}

impl FakeNode {
    fn answer<T>(&self, answer: impl FnOnce(&Chains, &View) -> T) -> Result<Response<T>, Status> {
        let mut chains = self.world.lock();
        chains.calls += 1;
        let view = &chains.nodes[&self.name];
        if view.down {
            return Err(Status::unavailable("the node is down"));
        }
        Ok(Response::new(answer(&chains, view)))
    }
}

#[tonic::async_trait]
impl Coinserver for FakeNode {
    type WatchTemplatesStream =
        Pin<Box<dyn Stream<Item = Result<TemplateEvent, Status>> + Send + 'static>>;

    async fn chain_status(
        &self,
        _request: Request<ChainStatusRequest>,
    ) -> Result<Response<ChainStatusReply>, Status> {
        self.answer(|chains, view| {
            let height = view.chain.len() as u32 - 1;
            let mut chain_work = vec![0; 32];
            chain_work[28..].copy_from_slice(&height.to_be_bytes());
            ChainStatusReply {
                currency: CODE.into(),
                height,
                headers: height,
                best_hash: bytes(view.chain.last().unwrap().as_bytes()),
                chain_work: chain_work.into(),
                peers: 1,
                health: Some(NodeHealth {
                    state: NodeState::Ready.into(),
                    reason: String::new(),
                }),
                daemon_version: "fake".into(),
                genesis_hash: bytes(chains.genesis.as_bytes()),
                template_ms: 0,
                bits: 0x207f_ffff,
            }
        })
    }

    async fn block_state(
        &self,
        request: Request<BlockStateRequest>,
    ) -> Result<Response<BlockStateReply>, Status> {
        let request = request.into_inner();
        let hash = BlockHash::from_slice(&request.hash).unwrap();
        self.answer(|_, view| {
            let at_height = view.chain.get(request.height as usize);
            let ours = at_height == Some(&hash);
            let tip_height = view.chain.len() as u32 - 1;
            BlockStateReply {
                known: view.knows.contains(&hash),
                on_best_chain: ours,
                confirmations: if ours {
                    tip_height - request.height + 1
                } else {
                    0
                },
                hash_at_height: at_height
                    .map(|hash| bytes(hash.as_bytes()))
                    .unwrap_or_default(),
                tip_height,
                tip_hash: bytes(view.chain.last().unwrap().as_bytes()),
            }
        })
    }

    async fn block_at(
        &self,
        request: Request<BlockAtRequest>,
    ) -> Result<Response<BlockAtReply>, Status> {
        let height = request.into_inner().height;
        self.answer(|chains, view| {
            let tip_height = view.chain.len() as u32 - 1;
            let Some(hash) = view.chain.get(height as usize) else {
                return BlockAtReply {
                    tip_height,
                    ..Default::default()
                };
            };
            let block = &chains.blocks[hash];
            BlockAtReply {
                hash: bytes(hash.as_bytes()),
                previous_hash: bytes(block.previous.as_bytes()),
                time: 1_700_000_000 + height,
                transactions: block.transactions.clone(),
                tip_height,
                bits: 0x207f_ffff,
            }
        })
    }

    async fn watch_templates(
        &self,
        _request: Request<WatchTemplatesRequest>,
    ) -> Result<Response<Self::WatchTemplatesStream>, Status> {
        Err(Status::unimplemented("no settle job asks for it"))
    }

    async fn submit_solution(
        &self,
        _request: Request<SubmitSolutionRequest>,
    ) -> Result<Response<SubmitReply>, Status> {
        Err(Status::unimplemented("no settle job asks for it"))
    }

    async fn submit_block(
        &self,
        _request: Request<SubmitBlockRequest>,
    ) -> Result<Response<SubmitReply>, Status> {
        Err(Status::unimplemented("no settle job asks for it"))
    }

    async fn transaction_state(
        &self,
        request: Request<TransactionStateRequest>,
    ) -> Result<Response<TransactionStateReply>, Status> {
        let txid = Txid::from_slice(&request.into_inner().txid).unwrap();
        self.answer(|chains, _| TransactionStateReply {
            raw: chains.whole.get(&txid).cloned().unwrap_or_default().into(),
            ..TransactionStateReply::default()
        })
    }

    async fn unspent_outputs(
        &self,
        request: Request<UnspentOutputsRequest>,
    ) -> Result<Response<UnspentOutputsReply>, Status> {
        let asked = request.into_inner().outputs;
        self.answer(|chains, view| {
            let mut unspent = BTreeMap::new();
            for (height, hash) in view.chain.iter().enumerate() {
                for (place, transaction) in chains.blocks[hash].transactions.iter().enumerate() {
                    for spent in &transaction.spends {
                        unspent.remove(&(spent.txid.clone(), spent.vout));
                    }
                    for output in &transaction.outputs {
                        let outpoint = (transaction.txid.clone(), output.vout);
                        unspent.insert(outpoint, (output, height, place == 0));
                    }
                }
            }
            if view.hides_coins {
                unspent.clear();
            }
            let outputs = asked.iter().filter_map(|outpoint| {
                let key = (outpoint.txid.clone(), outpoint.vout);
                let (output, height, coinbase) = unspent.get(&key)?;
                Some(UnspentOutput {
                    txid: outpoint.txid.clone(),
                    vout: outpoint.vout,
                    amount: output.amount,
                    script: output.script.clone(),
                    coinbase: *coinbase,
                    confirmations: (view.chain.len() - height) as u32,
                    spent_in_mempool: false,
                })
            });
            let tip = bytes(view.chain.last().unwrap().as_bytes());
            UnspentOutputsReply {
                tip_before: tip.clone(),
                tip_after: tip,
                tip_height: view.chain.len() as u32 - 1,
                outputs: outputs.collect(),
            }
        })
    }

    async fn broadcast(
        &self,
        request: Request<BroadcastRequest>,
    ) -> Result<Response<BroadcastReply>, Status> {
        let raw = request.into_inner().raw;
        let reply = self.answer(|_, _| BroadcastReply {
            known: true,
            ..BroadcastReply::default()
        })?;
        self.world.lock().sent.insert(raw.to_vec());
        Ok(reply)
    }

    async fn estimate_fee(
        &self,
        _request: Request<EstimateFeeRequest>,
    ) -> Result<Response<EstimateFeeReply>, Status> {
        Err(Status::unimplemented("no settle job asks for it"))
    }
}
