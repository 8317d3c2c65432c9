//! A solved block on its way to every node.
//!
//! ```text
//!  share ─▶ Solution ─▶ block journal (one write) ─┬─▶ its node: template, header, coinbase
//!                                                   └─▶ every other node: the whole block
//! ```
//!
//! A merged-mined block goes as a whole to all nodes of its currency, because its proof is no part of
//! the template.
//!
//! Both go at once. What was not answered is sent again, also after a restart, until every node has
//! given a final answer. The journal reports to the ledger by itself.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_chain::{
    AuxProof, AuxProofError, Header, PowHash, assemble_proven_block, coinbase_txid,
};
use ngpool_rpc::{
    channel::with_deadline,
    v1::{
        SubmitBlockRequest, SubmitOutcome, SubmitReply, SubmitSolutionRequest,
        coinserver_client::CoinserverClient,
    },
};
use parking_lot::Mutex;
use thiserror::Error;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::Channel;

use crate::{
    aux::AuxWork,
    clock::Clock,
    journal::{BlockJournal, SolvedBlock},
    metrics::PortMetrics,
    port::Port,
    share::Candidate,
    templates::{Boards, Offer},
};

/// A node that checks a block of 4 MB takes seconds at worst.
const CALL: Duration = Duration::from_secs(30);
/// Wait between two attempts, doubled up to the last.
const RETRY: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(5)];
/// When one node has answered, the others are tried for this long.
const OTHERS: Duration = Duration::from_mins(10);
/// How long a body may be on its way.
const BODY: Duration = Duration::from_secs(30);

/// A share that solves a block.
#[derive(Debug)]
pub struct Solution {
    block: SolvedBlock,
    /// The template it is of.
    offer: Arc<Offer>,
}

/// Why a share that meets an aux chain's target solves no block of it.
#[derive(Debug, Error)]
pub enum AuxSolutionError {
    /// The job does not commit to the block.
    #[error("the job commits to no block of this chain")]
    NotCommitted,
    /// The chain would refuse the proof.
    #[error(transparent)]
    Proof(#[from] AuxProofError),
}

impl Solution {
    /// Puts together what is known at the moment of the solve.
    #[must_use]
    pub fn new(candidate: &Candidate, hash: PowHash, port: &Port) -> Self {
        let job = &candidate.job;
        let settings = port.settings.load();
        let coinbase = job
            .work
            .coinbase(candidate.extranonce1, candidate.extranonce2);
        let block = SolvedBlock {
            currency: settings.base.code.clone(),
            hash: candidate.header.hash(),
            height: job.work.height,
            previous_hash: job.work.previous,
            bits: job.work.bits,
            sharechain: settings.ledger.sharechain.clone(),
            port: settings.name.clone(),
            user: candidate.worker.user.to_string(),
            worker: candidate.worker.worker.to_string(),
            coinbase_txid: coinbase_txid(&coinbase),
            reward: job.work.value,
            // The pool's output is the first.
            coinbase_vout: 0,
            script: job.script.clone(),
            found_ms: port.clock.unix_ms(),
            pow_hash: hash.to_bytes(),
            node: job.base.node.to_string(),
            template_id: job.base.template_id.clone(),
            header: Bytes::copy_from_slice(&candidate.header.to_bytes()),
            coinbase: coinbase.into(),
            block: None,
            proof: Bytes::new(),
        };
        let offer = job.base.clone();
        Self { block, offer }
    }

    /// The same for a block of an aux chain, which the share's job commits to.
    pub fn aux(
        candidate: &Candidate,
        hash: PowHash,
        work: &AuxWork,
        port: &Port,
    ) -> Result<Self, AuxSolutionError> {
        let job = &candidate.job;
        let coinbase = job
            .work
            .coinbase(candidate.extranonce1, candidate.extranonce2);
        let tree = job.aux.tree().ok_or(AuxSolutionError::NotCommitted)?;
        let proof = AuxProof::new(
            candidate.header,
            coinbase.into(),
            job.work.branch.clone(),
            tree,
            work.block.chain_id,
        )
        .ok_or(AuxSolutionError::NotCommitted)?;
        let identity = work.block.hash();
        proof.check(&identity, work.block.chain_id)?;
        let settings = port.settings.load();
        let (own, head) = (&work.block, &work.offer.head);
        let block = SolvedBlock {
            currency: work.code.clone(),
            hash: identity,
            height: head.height,
            previous_hash: head.previous,
            bits: head.bits,
            sharechain: settings.ledger.sharechain.clone(),
            port: settings.name.clone(),
            user: candidate.worker.user.to_string(),
            worker: candidate.worker.worker.to_string(),
            coinbase_txid: coinbase_txid(&own.coinbase),
            reward: head.coinbase_value,
            // The pool's output is the first.
            coinbase_vout: 0,
            script: work.script.clone(),
            found_ms: port.clock.unix_ms(),
            pow_hash: hash.to_bytes(),
            node: work.offer.node.to_string(),
            template_id: work.offer.template_id.clone(),
            header: Bytes::copy_from_slice(&own.header.to_bytes()),
            coinbase: own.coinbase.clone(),
            block: None,
            proof: proof.to_bytes().into(),
        };
        let offer = work.offer.clone();
        Ok(Self { block, offer })
    }
}

/// The nodes blocks go to, by name, with the currency of each.
#[derive(Debug, Clone, Default)]
pub struct Destinations(Arc<Mutex<BTreeMap<String, Destination>>>);

/// The currency of a node, and how it is spoken to.
type Destination = (String, CoinserverClient<Channel>);

impl Destinations {
    /// A node takes blocks of a currency.
    pub fn add(&self, name: &str, currency: &str, client: CoinserverClient<Channel>) {
        self.0
            .lock()
            .insert(name.to_owned(), (currency.to_owned(), client));
    }

    /// A node is gone.
    pub fn remove(&self, name: &str) {
        self.0.lock().remove(name);
    }

    fn of(&self, currency: &str) -> Vec<(String, CoinserverClient<Channel>)> {
        self.0
            .lock()
            .iter()
            .filter(|(_, (of, _))| of == currency)
            .map(|(name, (_, client))| (name.clone(), client.clone()))
            .collect()
    }
}

/// Sends solved blocks; cheap to clone.
#[derive(Debug, Clone)]
pub struct Solver {
    /// What must outlive the process.
    pub journal: Arc<BlockJournal>,
    /// Where blocks go.
    pub destinations: Destinations,
    /// Which tips are our own.
    pub boards: Arc<Boards>,
    /// Counters.
    pub metrics: Arc<PortMetrics>,
    /// Time.
    pub clock: Clock,
    /// Deliveries under way.
    pub tasks: TaskTracker,
    /// Ends deliveries; what they did not finish is in the journal.
    pub stop: CancellationToken,
}

/// Why a node has not answered yet.
#[derive(Debug, Error)]
enum Unanswered {
    #[error("{0}")]
    Status(#[from] tonic::Status),
    #[error("it does not know the template any more and the whole block is not known")]
    NoBlock,
    #[error("its answer has no meaning")]
    Unspecified,
}

impl Solver {
    /// Journals a block and sends it off. Returns at once.
    pub fn solved(&self, solution: Solution) {
        let Solution { mut block, offer } = solution;
        // Where the body is here already, the journal gets the whole block later all the same: one
        // small write now, the large one off this thread.
        block.block = None;
        if let Err(error) = self.journal.append(&block) {
            tracing::error!(%error, "a solved block is not on disk; it is sent all the same");
        }
        tracing::info!(
            currency = block.currency,
            height = block.height.0,
            hash = %block.hash,
            user = block.user,
            worker = block.worker,
            "block solved"
        );
        self.metrics.blocks.inc();
        self.boards.of(&block.currency).own_block(block.hash);
        self.deliver(block, Some(offer));
    }

    /// Sends again what an earlier process did not finish.
    pub fn resume(&self) {
        for block in self.journal.unanswered() {
            tracing::info!(hash = %block.hash, "a block of an earlier process is sent again");
            self.boards.of(&block.currency).own_block(block.hash);
            self.deliver(block, None);
        }
    }

    fn deliver(&self, block: SolvedBlock, offer: Option<Arc<Offer>>) {
        let solver = self.clone();
        self.tasks.spawn(async move {
            let stop = solver.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                () = solver.deliver_to_all(block, offer) => {}
            }
        });
    }

    async fn deliver_to_all(&self, block: SolvedBlock, offer: Option<Arc<Offer>>) {
        let hash = block.hash;
        let whole = Whole::new(block.block.clone());
        let answered: Vec<String> = self
            .journal
            .block(hash)
            .map(|tracked| {
                tracked
                    .answers
                    .into_iter()
                    .map(|answer| answer.node)
                    .collect()
            })
            .unwrap_or_default();
        let nodes = self.destinations.of(&block.currency);
        let one_answered = CancellationToken::new();
        if !answered.is_empty() {
            one_answered.cancel();
        }
        let deliveries = nodes
            .into_iter()
            .filter(|(name, _)| !answered.contains(name))
            .map(|(name, client)| self.deliver_to(&block, &whole, &one_answered, name, client));
        let assembly = async {
            if let Some(offer) = offer {
                whole.set(self.assemble(&block, &offer).await);
            } else {
                whole.set(None);
            }
        };
        let (_, ()) = tokio::join!(futures::future::join_all(deliveries), assembly);
        if one_answered.is_cancelled()
            && let Err(error) = self.journal.finished(hash)
        {
            tracing::error!(%error, %hash, "a finished block is not noted on disk");
        }
    }

    /// The whole block, journalled.
    async fn assemble(&self, block: &SolvedBlock, offer: &Arc<Offer>) -> Option<Bytes> {
        let Ok(body) = tokio::time::timeout(BODY, offer.body.wait()).await else {
            tracing::error!(
                hash = %block.hash,
                node = &*offer.node,
                "the transactions of a solved block never came: only its own node can complete it"
            );
            return None;
        };
        let (header, coinbase) = (Header::from_slice(&block.header)?, block.coinbase.clone());
        let (offer, journal, hash) = (offer.clone(), self.journal.clone(), block.hash);
        let proof = block.proof.clone();
        // Megabytes are copied and written.
        let assembled = tokio::task::spawn_blocking(move || {
            let (head, body) = (&offer.head, &*body);
            let whole = assemble_proven_block(&header, &proof, &coinbase, head, body)?;
            let bytes = Bytes::from(whole);
            if let Err(error) = journal.complete(hash, bytes.clone()) {
                tracing::error!(%error, %hash, "a whole block is not on disk");
            }
            Ok::<_, ngpool_chain::BlockError>(bytes)
        })
        .await;
        match assembled {
            Ok(Ok(bytes)) => Some(bytes),
            Ok(Err(error)) => {
                tracing::error!(%error, hash = %block.hash, "a solved block cannot be put together");
                None
            }
            Err(error) => {
                tracing::error!(%error, hash = %block.hash, "putting a block together failed");
                None
            }
        }
    }

    /// Tries one node until it gives a final answer.
    async fn deliver_to(
        &self,
        block: &SolvedBlock,
        whole: &Whole,
        one_answered: &CancellationToken,
        name: String,
        mut client: CoinserverClient<Channel>,
    ) {
        let mut wait = RETRY[0];
        let mut left = OTHERS;
        loop {
            match submit(block, whole, &name, &mut client).await {
                Ok((outcome, reason)) => {
                    tracing::info!(
                        hash = %block.hash,
                        node = name,
                        outcome = label(outcome),
                        reason,
                        "block answered"
                    );
                    self.metrics.submission(label(outcome));
                    if let Err(error) = self.journal.answered(block.hash, &name, outcome, &reason) {
                        tracing::error!(%error, "a node's answer is not on disk");
                    }
                    one_answered.cancel();
                    return;
                }
                Err(Unanswered::NoBlock) => {
                    // It may know the block from its peers by now, but nothing more can be told it.
                    tracing::warn!(hash = %block.hash, node = name, "block cannot be given to a node");
                    return;
                }
                Err(error) => {
                    tracing::warn!(hash = %block.hash, node = name, %error, "block not answered yet");
                }
            }
            tokio::time::sleep(wait).await;
            if one_answered.is_cancelled() {
                left = left.saturating_sub(wait);
                if left.is_zero() {
                    tracing::warn!(hash = %block.hash, node = name, "block given up for a node");
                    return;
                }
            }
            wait = (wait * 2).min(RETRY[1]);
        }
    }
}

/// The whole block, while it is put together and after.
struct Whole(watch::Sender<Assembly>);

enum Assembly {
    UnderWay,
    Done(Bytes),
    Impossible,
}

impl Whole {
    fn new(known: Option<Bytes>) -> Self {
        Self(watch::Sender::new(
            known.map_or(Assembly::UnderWay, Assembly::Done),
        ))
    }

    /// The first value counts.
    fn set(&self, block: Option<Bytes>) {
        self.0.send_if_modified(|assembly| {
            let first = matches!(assembly, Assembly::UnderWay);
            if first {
                *assembly = block.map_or(Assembly::Impossible, Assembly::Done);
            }
            first
        });
    }

    async fn wait(&self) -> Option<Bytes> {
        let mut receiver = self.0.subscribe();
        let assembly = receiver
            .wait_for(|assembly| !matches!(assembly, Assembly::UnderWay))
            .await;
        // The sender is borrowed here, so it lives.
        match &*assembly.ok()? {
            Assembly::Done(block) => Some(block.clone()),
            Assembly::UnderWay | Assembly::Impossible => None,
        }
    }
}

async fn submit(
    block: &SolvedBlock,
    whole: &Whole,
    name: &str,
    client: &mut CoinserverClient<Channel>,
) -> Result<(SubmitOutcome, String), Unanswered> {
    let is_own = *name == block.node;
    if is_own && block.proof.is_empty() {
        let reply = submit_solution(block, client).await?;
        if reply.outcome() != SubmitOutcome::UnknownTemplate {
            return answer(reply);
        }
    }
    let Some(bytes) = whole.wait().await else {
        // Its own node knows the transactions, as long as it is the same process.
        if is_own && !block.proof.is_empty() {
            let reply = submit_solution(block, client).await?;
            if reply.outcome() != SubmitOutcome::UnknownTemplate {
                return answer(reply);
            }
        }
        return Err(Unanswered::NoBlock);
    };
    let request = SubmitBlockRequest { block: bytes };
    answer(
        client
            .submit_block(with_deadline(request, CALL))
            .await?
            .into_inner(),
    )
}

async fn submit_solution(
    block: &SolvedBlock,
    client: &mut CoinserverClient<Channel>,
) -> Result<SubmitReply, tonic::Status> {
    let request = SubmitSolutionRequest {
        template_id: block.template_id.clone(),
        header: block.header.clone(),
        coinbase: block.coinbase.clone(),
        proof: block.proof.clone(),
    };
    let reply = client.submit_solution(with_deadline(request, CALL)).await?;
    Ok(reply.into_inner())
}

fn answer(reply: SubmitReply) -> Result<(SubmitOutcome, String), Unanswered> {
    match reply.outcome() {
        SubmitOutcome::Unspecified | SubmitOutcome::UnknownTemplate => Err(Unanswered::Unspecified),
        outcome => Ok((outcome, reply.reason)),
    }
}

fn label(outcome: SubmitOutcome) -> &'static str {
    match outcome {
        SubmitOutcome::Accepted => "accepted",
        SubmitOutcome::Duplicate => "duplicate",
        SubmitOutcome::Inconclusive => "inconclusive",
        SubmitOutcome::Rejected => "rejected",
        SubmitOutcome::UnknownTemplate => "unknown template",
        SubmitOutcome::Unspecified => "unspecified",
    }
}
