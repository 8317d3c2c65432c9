//! A solved block with the nodes' answers, as it is reported and as it is written.

use bytes::Bytes;
use ngpool_chain::{Amount, BlockHash, Header, Height, Txid};
use ngpool_rpc::v1::{self, SubmitOutcome};
use prost::Message;

use super::frame::Cursor;

/// A solved block: what a node needs to take it, and what the ledger needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolvedBlock {
    /// Code of the currency.
    pub currency: String,
    /// Its identity.
    pub hash: BlockHash,
    /// Its height.
    pub height: Height,
    /// The block it stands on.
    pub previous_hash: BlockHash,
    /// Compact target of its header.
    pub bits: u32,
    /// Name of the sharechain its share went to.
    pub sharechain: String,
    /// Name of the port it was found on.
    pub port: String,
    /// Who found it.
    pub user: String,
    /// With which worker; may be empty.
    pub worker: String,
    /// Transaction id of its coinbase.
    pub coinbase_txid: Txid,
    /// Sum of the coinbase's outputs to our own script.
    pub reward: Amount,
    /// Index of our output.
    pub coinbase_vout: u32,
    /// Our own script.
    pub script: Bytes,
    /// When it was solved, milliseconds since the epoch.
    pub found_ms: u64,
    /// The proof-of-work hash, internal order.
    pub pow_hash: [u8; 32],
    /// Coinserver that made the template.
    pub node: String,
    /// The template, as that coinserver names it.
    pub template_id: Bytes,
    /// 80 bytes.
    pub header: Bytes,
    /// The coinbase transaction without witness.
    pub coinbase: Bytes,
    /// The whole block; absent until the template's transactions have arrived.
    pub block: Option<Bytes>,
    /// What follows the header of a merged-mined block; empty for a block with its own proof of work.
    pub proof: Bytes,
}

/// What a node said to a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeOutcome {
    /// Name of the coinserver.
    pub node: String,
    /// Its answer.
    pub outcome: SubmitOutcome,
    /// The daemon's own word.
    pub reason: String,
}

/// A block with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedBlock {
    /// The block; its bytes are dropped once every node has answered.
    pub block: SolvedBlock,
    /// The last answer of each node.
    pub answers: Vec<NodeOutcome>,
    /// Whether no further answer is expected.
    pub finished: bool,
}

impl TrackedBlock {
    pub(super) fn take_answer(&mut self, answer: v1::NodeAnswer) {
        let outcome = SubmitOutcome::try_from(answer.outcome).unwrap_or_default();
        self.answers.retain(|known| known.node != answer.node);
        self.answers.push(NodeOutcome {
            node: answer.node,
            outcome,
            reason: answer.reason,
        });
    }

    pub(super) fn finish(&mut self) {
        self.finished = true;
        // Megabytes nobody needs any more; the file keeps them.
        self.block.block = None;
    }

    pub(super) fn report(&self) -> v1::BlockReport {
        let answers = self.answers.iter().map(|answer| v1::NodeAnswer {
            node: answer.node.clone(),
            outcome: answer.outcome.into(),
            reason: answer.reason.clone(),
        });
        v1::BlockReport {
            answers: answers.collect(),
            r#final: self.finished,
            ..self.block.report()
        }
    }
}

impl SolvedBlock {
    /// What the ledger is told, without answers.
    pub(super) fn report(&self) -> v1::BlockReport {
        v1::BlockReport {
            currency: self.currency.clone(),
            hash: Bytes::copy_from_slice(self.hash.as_bytes()),
            height: self.height.0,
            previous_hash: Bytes::copy_from_slice(self.previous_hash.as_bytes()),
            bits: self.bits,
            sharechain: self.sharechain.clone(),
            port: self.port.clone(),
            user: self.user.clone(),
            worker: self.worker.clone(),
            coinbase_txid: Bytes::copy_from_slice(self.coinbase_txid.as_bytes()),
            reward: self.reward.0,
            coinbase_vout: self.coinbase_vout,
            script: self.script.clone(),
            found_ms: self.found_ms,
            answers: Vec::new(),
            pow_hash: Bytes::copy_from_slice(&self.pow_hash),
            r#final: false,
        }
    }

    fn from_report(report: v1::BlockReport) -> Option<Self> {
        Some(Self {
            hash: BlockHash::from_slice(&report.hash)?,
            previous_hash: BlockHash::from_slice(&report.previous_hash)?,
            coinbase_txid: Txid::from_slice(&report.coinbase_txid)?,
            pow_hash: report.pow_hash.as_ref().try_into().ok()?,
            currency: report.currency,
            height: Height(report.height),
            bits: report.bits,
            sharechain: report.sharechain,
            port: report.port,
            user: report.user,
            worker: report.worker,
            reward: Amount(report.reward),
            coinbase_vout: report.coinbase_vout,
            script: report.script,
            found_ms: report.found_ms,
            node: String::new(),
            template_id: Bytes::new(),
            header: Bytes::new(),
            coinbase: Bytes::new(),
            block: None,
            proof: Bytes::new(),
        })
    }
}

pub(super) fn push_solved(payload: &mut Vec<u8>, block: &SolvedBlock) {
    let report = block.report().encode_to_vec();
    let header_and_proof = [&block.header[..], &block.proof].concat();
    for part in [
        &report[..],
        block.node.as_bytes(),
        &block.template_id,
        &header_and_proof,
    ] {
        // Each is at most some kilobytes.
        payload.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        payload.extend_from_slice(part);
    }
    payload.extend_from_slice(&block.coinbase);
}

pub(super) fn read_solved(payload: &[u8]) -> Option<SolvedBlock> {
    let mut cursor = Cursor(payload);
    let mut part = || {
        let length = usize::try_from(cursor.u32()?).ok()?;
        cursor.take(length)
    };
    let report = v1::BlockReport::decode(part()?).ok()?;
    let node = std::str::from_utf8(part()?).ok()?.to_owned();
    let template_id = Bytes::copy_from_slice(part()?);
    let mut header = Bytes::copy_from_slice(part()?);
    let proof = header.split_off(header.len().min(Header::LENGTH));
    let coinbase = Bytes::copy_from_slice(cursor.0);
    Some(SolvedBlock {
        node,
        template_id,
        header,
        coinbase,
        proof,
        ..SolvedBlock::from_report(report)?
    })
}
