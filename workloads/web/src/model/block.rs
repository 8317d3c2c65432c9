//! Blocks, and the audit of a block's split.

use chrono::{DateTime, Utc};
use ngpool_store::{BlockDetail, BlockRow, CreditRow, Cut, NodeAnswer, PartRow, SignedStatement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{amount, work};
use crate::csv::{Cell, Row};

/// A found block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BlockView {
    /// Code of the currency.
    pub(crate) currency: String,
    /// Its hash.
    pub(crate) hash: String,
    /// Its height.
    height: u32,
    /// `reported`, `accepted` (immature), `mature`, `rejected` or `orphaned`.
    state: &'static str,
    /// Since when.
    state_at: DateTime<Utc>,
    /// Why it is rejected or orphaned.
    reason: String,
    /// Blocks from it to the tip, itself included.
    confirmations: u32,
    /// What its coinbase pays the pool, base units.
    reward: String,
    /// Expected hashes of a block at its difficulty.
    network_work: String,
    /// Compact target, hex.
    bits: String,
    /// Its proof-of-work hash.
    pow_hash: String,
    /// Hash of the block before it.
    previous_hash: String,
    /// Id of its coinbase transaction.
    coinbase_txid: String,
    /// Where it was found.
    sharechain: String,
    /// Through which port.
    port: String,
    /// Who found it.
    finder: String,
    /// With which worker.
    finder_worker: String,
    /// When it was found.
    pub(crate) found_at: DateTime<Utc>,
    /// When its split was frozen.
    accepted_at: Option<DateTime<Utc>>,
    /// When it was credited.
    matured_at: Option<DateTime<Utc>>,
}

impl Row for BlockView {
    const COLUMNS: &'static [&'static str] = &[
        "currency",
        "height",
        "hash",
        "state",
        "found_at",
        "sharechain",
        "finder",
        "finder_worker",
        "reward",
        "confirmations",
        "network_work",
        "coinbase_txid",
        "matured_at",
        "reason",
    ];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.currency),
            Cell::plain(Some(self.height)),
            Cell::plain(Some(&self.hash)),
            Cell::Text(self.state),
            Cell::time(self.found_at),
            Cell::Text(&self.sharechain),
            Cell::Text(&self.finder),
            Cell::Text(&self.finder_worker),
            Cell::plain(Some(&self.reward)),
            Cell::plain(Some(self.confirmations)),
            Cell::plain(Some(&self.network_work)),
            Cell::plain(Some(&self.coinbase_txid)),
            self.matured_at
                .map_or(Cell::Plain(String::new()), Cell::time),
            Cell::Text(&self.reason),
        ]
    }
}

impl From<&BlockRow> for BlockView {
    fn from(row: &BlockRow) -> Self {
        Self {
            currency: row.key.currency.clone(),
            hash: row.key.hash.to_string(),
            height: row.height.0,
            state: row.state.as_str(),
            state_at: row.state_at,
            reason: row.state_reason.clone(),
            confirmations: row.confirmations,
            reward: amount(row.reward),
            network_work: work(row.network_work),
            bits: format!("{:08x}", row.bits),
            pow_hash: row.pow_hash.to_string(),
            previous_hash: row.previous_hash.to_string(),
            coinbase_txid: row.coinbase_txid.to_string(),
            sharechain: row.sharechain.clone(),
            port: row.port.clone(),
            finder: row.finder.clone(),
            finder_worker: row.finder_worker.clone(),
            found_at: row.found_at,
            accepted_at: row.accepted_at,
            matured_at: row.matured_at,
        }
    }
}

/// A block with what nodes said of it and the audit of its split.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BlockDetailView {
    /// The block.
    #[serde(flatten)]
    block: BlockView,
    /// What the nodes answered when it was sent to them.
    answers: Vec<NodeAnswerView>,
    /// How its reward was divided; absent until the split is frozen.
    audit: Option<AuditView>,
}

impl From<&BlockDetail> for BlockDetailView {
    fn from(detail: &BlockDetail) -> Self {
        Self {
            block: BlockView::from(&detail.block),
            answers: detail.answers.iter().map(NodeAnswerView::from).collect(),
            audit: AuditView::new(detail),
        }
    }
}

/// What a node answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NodeAnswerView {
    /// Name of the node.
    node: String,
    /// `accepted`, `duplicate`, `inconclusive`, `rejected` or `unknown`.
    outcome: &'static str,
    /// The daemon's own word.
    reason: String,
}

impl From<&NodeAnswer> for NodeAnswerView {
    fn from(answer: &NodeAnswer) -> Self {
        use ngpool_rpc::v1::SubmitOutcome;
        Self {
            node: answer.node.clone(),
            outcome: match SubmitOutcome::try_from(answer.outcome) {
                Ok(SubmitOutcome::Accepted) => "accepted",
                Ok(SubmitOutcome::Duplicate) => "duplicate",
                Ok(SubmitOutcome::Inconclusive) => "inconclusive",
                Ok(SubmitOutcome::Rejected) => "rejected",
                _ => "unknown",
            },
            reason: answer.reason.clone(),
        }
    }
}

/// How a block's reward was divided, so that a miner can recompute his credit:
///
/// 1. `reward` is divided over `parts` by their `split_work`, largest remainder first;
/// 2. of each part, `reserve` is for work that the reserve bought:
///    `amount × window_bought / window_work`, rounded down;
/// 3. of what is left, `fee` is the pool's: `× fee_ppm / 1,000,000`, rounded down;
/// 4. of what is left then, the finder's `bonus` is taken off by the cut's terms;
/// 5. the rest is divided over the payees of the part by their work in its window (the block's
///    credits list each one's; `window_work - window_bought` in all): rounded down, then one unit
///    each to the largest remainders, equal ones by payee;
/// 6. of each payee's part and bonus his `donation` is taken off: `× donation_ppm / 1,000,000`,
///    rounded down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuditView {
    /// What was divided, base units.
    reward: String,
    /// Where each sharechain stood, and the terms that held.
    cuts: Vec<CutView>,
    /// One part a sharechain.
    parts: Vec<PartView>,
}

impl AuditView {
    fn new(detail: &BlockDetail) -> Option<Self> {
        if detail.parts.is_empty() {
            return None;
        }
        Some(Self {
            reward: amount(detail.block.reward),
            cuts: detail.cuts.iter().map(CutView::from).collect(),
            parts: detail.parts.iter().map(PartView::from).collect(),
        })
    }
}

/// Where a sharechain stood when the block was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CutView {
    /// The sharechain.
    sharechain: String,
    /// The last batch that counts.
    position: u64,
    /// Expected hashes of the block.
    network_work: String,
    /// The pool's fee, millionths.
    fee_ppm: u32,
    /// The payout method with its parameters.
    method: serde_json::Value,
    /// The finder's bonus, if there was one.
    bonus: Option<serde_json::Value>,
    /// The currency's split window, thousandths of the difficulty; absent in old cuts.
    split_window_milli: Option<u32>,
    /// Servers that did not ship in time; their work counts for later blocks.
    unanswered: Vec<String>,
    /// When the cut was made.
    at: DateTime<Utc>,
}

impl From<&Cut> for CutView {
    fn from(cut: &Cut) -> Self {
        Self {
            sharechain: cut.sharechain.clone(),
            position: cut.pos,
            network_work: work(cut.network_work),
            fee_ppm: cut.terms.fee_ppm,
            method: cut.terms.method.clone(),
            bonus: cut.terms.bonus.clone(),
            split_window_milli: cut.terms.split_window_milli,
            unanswered: cut.terms.unanswered.clone(),
            at: cut.cut_at,
        }
    }
}

/// A sharechain's part of a reward.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PartView {
    /// The sharechain.
    sharechain: String,
    /// Its work in the currency's split window.
    split_work: String,
    /// Length of the method's window.
    window_length: String,
    /// What of it was filled.
    window_work: String,
    /// What of that the reserve bought.
    window_bought: String,
    /// The oldest batch the window reaches.
    window_position: u64,
    /// Its part of the reward, fee included, base units.
    amount: String,
    /// What the reserve got for the work it bought, base units.
    reserve: String,
    /// The pool's fee, base units.
    fee: String,
    /// The finder's bonus, within his credit, base units.
    bonus: String,
    /// What payees gave to the pool, base units.
    donation: String,
    /// Units given to the largest remainders.
    rounding: String,
    /// Number of payees.
    payees: u64,
}

impl From<&PartRow> for PartView {
    fn from(part: &PartRow) -> Self {
        Self {
            sharechain: part.sharechain.clone(),
            split_work: work(part.split_work),
            window_length: work(part.window_length),
            window_work: work(part.window_work),
            window_bought: work(part.window_bought),
            window_position: part.window_pos,
            amount: amount(part.amount),
            reserve: amount(part.reserve),
            fee: amount(part.fee),
            bonus: amount(part.bonus),
            donation: amount(part.donation),
            rounding: amount(part.rounding),
            payees: part.payees,
        }
    }
}

/// A payee's part of a block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CreditView {
    /// The payee.
    pub(crate) payee: String,
    /// The sharechain.
    pub(crate) sharechain: String,
    /// His work in its window, expected hashes.
    work: String,
    /// What he is credited, base units.
    amount: String,
    /// The finder's bonus in it, before the donation, base units.
    bonus: String,
    /// What he gave to the pool, base units.
    donation: String,
    /// The share that he gives, millionths.
    donation_ppm: u32,
}

impl From<CreditRow> for CreditView {
    fn from(row: CreditRow) -> Self {
        Self {
            payee: row.payee,
            sharechain: row.sharechain,
            work: work(row.work),
            amount: amount(row.amount),
            bonus: amount(row.bonus),
            donation: amount(row.donation),
            donation_ppm: row.donation_ppm,
        }
    }
}

/// A signed statement of what a block credits on a sharechain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StatementView {
    /// The sharechain.
    sharechain: String,
    /// Its number in the chain of (currency, sharechain); they start at 1.
    number: u64,
    /// Digest of the statement before it, hex; zeros for the first.
    previous: String,
    /// SHA-256 of `body`, hex.
    digest: String,
    /// The bytes that were signed, hex.
    body: String,
    /// Ed25519 signature of the body, hex.
    signature: String,
    /// Ed25519 public key, hex.
    key: String,
    /// When it was signed.
    signed_at: DateTime<Utc>,
}

impl From<SignedStatement> for StatementView {
    fn from(statement: SignedStatement) -> Self {
        Self {
            sharechain: statement.sharechain,
            number: statement.seq,
            previous: hex::encode(statement.previous),
            digest: hex::encode(statement.digest),
            body: hex::encode(statement.body),
            signature: hex::encode(statement.signature),
            key: hex::encode(statement.key),
            signed_at: statement.signed_at,
        }
    }
}
