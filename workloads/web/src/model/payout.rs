//! Payouts: what the signer was asked, what was sent, and what each payee got.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use ngpool_chain::{BlockHash, Height};
use ngpool_store::{
    AnchorSight, PayeePayout, PayoutPart, PayoutRow, PayoutStop, PayoutSummary, PayoutVersion,
    Solvency,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::amount;
use crate::csv::{Cell, Row};

/// A payout in one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PayoutView {
    /// Its number, from 1 without a gap.
    pub(crate) number: u64,
    /// `payees`, `child` (pays for a stuck one) or `consolidation`.
    kind: &'static str,
    /// `prepared`, `signed`, `broadcast`, `confirmed` or `void`.
    state: &'static str,
    /// Since when.
    state_at: DateTime<Utc>,
    /// Why it is there, or why it stays; may be empty.
    reason: String,
    /// When it was prepared.
    created_at: DateTime<Utc>,
    /// For a child: the payout that it pays for.
    parent: Option<u64>,
    /// How many payees.
    payees: u64,
    /// Sum of their amounts, base units.
    amount: String,
    /// Fee of the version that confirmed, else of the newest, base units.
    fee: Option<String>,
    /// The txid on the chain, else that of the newest signed version.
    txid: Option<String>,
    /// Height at which it confirmed.
    height: Option<u32>,
}

impl Row for PayoutView {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "kind",
        "state",
        "state_at",
        "created_at",
        "parent",
        "payees",
        "amount",
        "fee",
        "txid",
        "height",
        "reason",
    ];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::plain(Some(self.number)),
            Cell::Text(self.kind),
            Cell::Text(self.state),
            Cell::time(self.state_at),
            Cell::time(self.created_at),
            Cell::plain(self.parent),
            Cell::plain(Some(self.payees)),
            Cell::plain(Some(&self.amount)),
            Cell::plain(self.fee.as_ref()),
            Cell::plain(self.txid.as_ref()),
            Cell::plain(self.height),
            Cell::Text(&self.reason),
        ]
    }
}

impl From<PayoutSummary> for PayoutView {
    fn from(row: PayoutSummary) -> Self {
        Self {
            number: row.number,
            kind: row.kind.as_str(),
            state: row.state.as_str(),
            state_at: row.state_at,
            reason: row.reason,
            created_at: row.created_at,
            parent: row.parent,
            payees: row.payees,
            amount: amount(row.amount),
            fee: row.fee.map(amount),
            txid: row.txid.map(|txid| txid.to_string()),
            height: row.height.map(|height| height.0),
        }
    }
}

/// A payout with its versions. Every version spends `anchor`, so at most one can confirm.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PayoutDetailView {
    /// Code of the currency.
    currency: String,
    /// Its number.
    number: u64,
    /// `payees`, `child` or `consolidation`.
    kind: &'static str,
    /// `prepared`, `signed`, `broadcast`, `confirmed` or `void`.
    state: &'static str,
    /// Since when.
    state_at: DateTime<Utc>,
    /// Why it is there, or why it stays; may be empty.
    reason: String,
    /// When it was prepared.
    created_at: DateTime<Utc>,
    /// The coin that every version spends, `txid:index`.
    anchor: Option<String>,
    /// For a child: the payout that it pays for.
    parent: Option<u64>,
    /// How many payees; a list of its own.
    payees: usize,
    /// Sum of their amounts, base units.
    amount: String,
    /// The versions, from 1.
    versions: Vec<VersionView>,
    /// The transaction of the best chain that spends the anchor; its txid may differ from a version's,
    /// because a third party can change it.
    on_chain: Option<OnChainView>,
    /// The version that confirmed, deep enough to count.
    confirmed_version: Option<u32>,
}

/// A transaction in a block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OnChainView {
    /// Its txid.
    txid: String,
    /// Height of its block.
    height: u32,
    /// The block.
    block: String,
    /// Blocks from it to the tip, itself included.
    confirmations: u32,
}

impl PayoutDetailView {
    pub(crate) fn new(
        row: &PayoutRow,
        sight: Option<&AnchorSight>,
        tip: Option<(Height, BlockHash)>,
    ) -> Self {
        let seen = match (sight, &row.confirmed) {
            (Some(AnchorSight::Spent { by, height, block }), _) => Some((by.txid, *height, *block)),
            (_, Some(confirmed)) => Some((confirmed.txid, confirmed.height, confirmed.block)),
            _ => None,
        };
        Self {
            currency: row.currency.clone(),
            number: row.number,
            kind: row.kind.as_str(),
            state: row.state.as_str(),
            state_at: row.state_at,
            reason: row.reason.clone(),
            created_at: row.created_at,
            anchor: row.anchor.map(|anchor| anchor.to_string()),
            parent: row.parent,
            payees: row.parts.len(),
            amount: row
                .parts
                .iter()
                .map(|part| i128::from(part.amount.0))
                .sum::<i128>()
                .to_string(),
            versions: row.versions.iter().map(VersionView::from).collect(),
            on_chain: seen.map(|(txid, height, block)| OnChainView {
                txid: txid.to_string(),
                height: height.0,
                block: block.to_string(),
                confirmations: tip.map_or(0, |(tip, _)| (tip.0 + 1).saturating_sub(height.0)),
            }),
            confirmed_version: row.confirmed.map(|confirmed| confirmed.version),
        }
    }
}

/// A version of a payout, without its bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VersionView {
    /// From 1.
    version: u32,
    /// Inputs less outputs, base units.
    fee: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Txid of the signed transaction.
    txid: Option<String>,
    /// When the signed transaction was stored.
    signed_at: Option<DateTime<Utc>>,
    /// When it was sent first.
    broadcast_at: Option<DateTime<Utc>>,
    /// What the nodes said when it was sent last.
    answer: String,
    /// The coins it spends.
    inputs: Vec<CoinView>,
    /// Its outputs to the pool.
    change: Vec<ChangeView>,
}

/// A coin that is spent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoinView {
    /// `txid:index`.
    outpoint: String,
    /// Base units.
    amount: String,
}

/// An output that comes back to the pool.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// Index in the transaction.
    vout: u32,
    /// Base units.
    amount: String,
    /// Its script, hex.
    script: String,
}

impl From<&PayoutVersion> for VersionView {
    fn from(row: &PayoutVersion) -> Self {
        Self {
            version: row.version,
            fee: amount(row.fee),
            created_at: row.created_at,
            txid: row.signed.as_ref().map(|signed| signed.txid.to_string()),
            signed_at: row.signed.as_ref().map(|signed| signed.at),
            broadcast_at: row.broadcast_at,
            answer: row.answer.clone(),
            inputs: row
                .inputs
                .iter()
                .map(|input| CoinView {
                    outpoint: input.outpoint.to_string(),
                    amount: amount(input.amount),
                })
                .collect(),
            change: row
                .change
                .iter()
                .map(|change| ChangeView {
                    vout: change.vout,
                    amount: amount(change.amount),
                    script: hex::encode(&change.script),
                })
                .collect(),
        }
    }
}

/// The bytes of a version: what the signer was given, and what it gave back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VersionBytesView {
    /// PSBT (BIP 174), base64; absent for one that came out of the signer's journal.
    psbt: Option<String>,
    /// The transaction without signatures, hex.
    unsigned: String,
    /// The signed transaction, hex: the only bytes that are ever sent.
    transaction: Option<String>,
}

impl From<&PayoutVersion> for VersionBytesView {
    fn from(row: &PayoutVersion) -> Self {
        Self {
            psbt: row.psbt.as_ref().map(|psbt| BASE64_STANDARD.encode(psbt)),
            unsigned: hex::encode(&row.unsigned),
            transaction: row.signed.as_ref().map(|signed| hex::encode(&signed.bytes)),
        }
    }
}

/// What one payee gets of a payout.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PayoutPartView {
    /// The payee; `pool:fee` is the pool's own.
    payee: String,
    /// Script of his output, hex.
    script: String,
    /// Its value, base units.
    amount: String,
    /// His part of the fee, where payees pay it, base units.
    fee_share: String,
}

impl Row for PayoutPartView {
    const COLUMNS: &'static [&'static str] = &["payee", "amount", "fee_share", "script"];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.payee),
            Cell::plain(Some(&self.amount)),
            Cell::plain(Some(&self.fee_share)),
            Cell::plain(Some(&self.script)),
        ]
    }
}

impl From<PayoutPart> for PayoutPartView {
    fn from(part: PayoutPart) -> Self {
        Self {
            payee: part.payee,
            script: hex::encode(part.script),
            amount: amount(part.amount),
            fee_share: amount(part.fee_share),
        }
    }
}

/// A miner's part of a payout.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PayeePayoutView {
    /// Number of the payout.
    number: u64,
    /// `prepared`, `signed`, `broadcast`, `confirmed` or `void`.
    state: &'static str,
    /// Since when.
    state_at: DateTime<Utc>,
    /// When it was prepared.
    created_at: DateTime<Utc>,
    /// Value of his output, base units.
    amount: String,
    /// His part of the fee, where payees pay it, base units.
    fee_share: String,
    /// Script of his output, hex.
    script: String,
    /// The txid on the chain, else that of the newest signed version.
    txid: Option<String>,
    /// Height at which it confirmed.
    height: Option<u32>,
}

impl Row for PayeePayoutView {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "state",
        "state_at",
        "created_at",
        "amount",
        "fee_share",
        "txid",
        "height",
        "script",
    ];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::plain(Some(self.number)),
            Cell::Text(self.state),
            Cell::time(self.state_at),
            Cell::time(self.created_at),
            Cell::plain(Some(&self.amount)),
            Cell::plain(Some(&self.fee_share)),
            Cell::plain(self.txid.as_ref()),
            Cell::plain(self.height),
            Cell::plain(Some(&self.script)),
        ]
    }
}

impl From<PayeePayout> for PayeePayoutView {
    fn from(row: PayeePayout) -> Self {
        Self {
            number: row.number,
            state: row.state.as_str(),
            state_at: row.state_at,
            created_at: row.created_at,
            amount: amount(row.amount),
            fee_share: amount(row.fee_share),
            script: hex::encode(row.script),
            txid: row.txid.map(|txid| txid.to_string()),
            height: row.height.map(|height| height.0),
        }
    }
}

/// Whether the pool has what it owes, as the last audit found it. Amounts are base units;
/// `on_chain = booked + in_transit + drift` and
/// `booked = immature + payees + held + in_flight + pool`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SolvencyView {
    /// Code of the currency.
    currency: String,
    /// The last audit; absent before the first.
    audit: Option<AuditResultView>,
    /// What stops payouts; absent when nothing does.
    stop: Option<StopView>,
}

/// What an audit found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuditResultView {
    /// When.
    at: DateTime<Utc>,
    /// `clean`, `drift` (coins are missing) or `doubtful` (it could not be told).
    verdict: &'static str,
    /// Why it is not clean; empty when it is.
    reason: String,
    /// Height of the tip.
    height: u32,
    /// The tip.
    tip: String,
    /// Unspent outputs of the pool.
    outputs: u64,
    /// Their sum.
    on_chain: String,
    /// What the books hold.
    booked: String,
    /// What the chain has or lacks for a reason that passes by itself.
    in_transit: String,
    /// What is missing (negative), or there and unexplained.
    drift: String,
    /// Rewards of blocks that are not mature.
    immature: String,
    /// What payees can be paid.
    payees: String,
    /// What is theirs and held back.
    held: String,
    /// What payouts carry.
    in_flight: String,
    /// The pool's own.
    pool: String,
    /// Losses to reorganisations that the pool's own money does not cover.
    uncovered: String,
    /// The pool's accounts by name.
    pool_accounts: std::collections::BTreeMap<String, String>,
    /// Outputs in transit or missing, each with its reason.
    items: serde_json::Value,
}

/// Why payouts are stopped.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StopView {
    /// `audit` or `operator`.
    by: &'static str,
    /// Why.
    reason: String,
    /// Since when.
    since: DateTime<Utc>,
}

impl SolvencyView {
    pub(crate) fn new(currency: String, audit: Option<Solvency>, stop: Option<PayoutStop>) -> Self {
        Self {
            currency,
            audit: audit.map(AuditResultView::from),
            stop: stop.map(|stop| StopView {
                by: stop.by.as_str(),
                reason: stop.reason,
                since: stop.since,
            }),
        }
    }
}

impl From<Solvency> for AuditResultView {
    fn from(audit: Solvency) -> Self {
        Self {
            at: audit.at,
            verdict: audit.verdict.as_str(),
            reason: audit.reason,
            height: audit.tip.0.0,
            tip: audit.tip.1.to_string(),
            outputs: audit.outputs,
            on_chain: amount(audit.on_chain),
            booked: amount(audit.booked),
            in_transit: amount(audit.in_transit),
            drift: amount(audit.drift),
            immature: amount(audit.immature),
            payees: amount(audit.payees),
            held: amount(audit.held),
            in_flight: amount(audit.in_flight),
            pool: amount(audit.pool),
            uncovered: amount(audit.uncovered),
            pool_accounts: audit
                .pool_accounts
                .into_iter()
                .map(|(account, sum)| (account, amount(sum)))
                .collect(),
            items: audit.items,
        }
    }
}
