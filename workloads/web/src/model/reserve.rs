//! Reserves, and the periods of work that they bought.

use chrono::{DateTime, Utc};
use ngpool_store::{PpsChainRow, PpsCreditRow, PpsPeriodRow, ReserveState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{StatementView, amount, work};

/// The reserve that buys work of a currency (PPS, FPPS).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReserveView {
    /// Code of the currency.
    pub(crate) currency: String,
    /// What it holds, base units.
    held: String,
    /// What blocks that are not mature yet will bring, base units.
    coming: String,
    /// The sharechains whose work it buys or bought.
    chains: Vec<BoughtChainView>,
}

/// A sharechain that is paid per share, or was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BoughtChainView {
    /// The sharechain.
    sharechain: String,
    /// Whether its work is bought now; else it is paid by its window.
    buys: bool,
    /// Why, in words.
    reason: String,
    /// Since when.
    since: DateTime<Utc>,
    /// From which position of the sharechain on.
    from_position: u64,
    /// What the reserve held then, base units.
    held: String,
    /// What it needed then, base units; absent when no reserve was enough.
    needed: Option<String>,
    /// Number of the newest period; 0 before the first.
    periods: u64,
    /// Up to which position its work is paid.
    paid_to: u64,
}

/// A period of bought work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PeriodView {
    /// Its number on the sharechain, from 1 without a gap.
    number: u64,
    /// The work after this position of the sharechain…
    after: u64,
    /// …up to this one.
    to: u64,
    /// When it began.
    opened_at: DateTime<Utc>,
    /// When it was credited.
    closed_at: DateTime<Utc>,
    /// What an expected block was bought for: the subsidy, base units.
    subsidy: String,
    /// And so much of fees, base units; 0 for PPS.
    fees: String,
    /// The pool's fee, millionths.
    fee_ppm: u32,
    /// Work of everybody, expected hashes.
    work: String,
    /// What left the reserve, base units.
    amount: String,
    /// Of it, what payees gave to the pool.
    donation: String,
    /// Of it, what the operator took to the pool's fees.
    fee: String,
}

/// A payee's line of a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PeriodCreditView {
    /// The payee.
    payee: String,
    /// His work, expected hashes.
    work: String,
    /// Expected blocks, scaled by 2^64.
    expected: String,
    /// Their value by his shares' own jobs: base units scaled by 2^32.
    value: String,
    /// What he is credited, base units.
    amount: String,
    /// What he gives to the pool, base units.
    donation: String,
    /// Fractions of a unit that he carried from his period before, scaled by 2^32: of credits and of
    /// donations.
    carried_before: [u32; 2],
    /// What he carries to his next period, in the same form.
    carried_after: [u32; 2],
}

/// All that is needed to check a period; `ngpool verify-split` reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PeriodDetailView {
    /// 1.
    pub(crate) format: u32,
    /// Hash of the chain's block 0, which the statement names.
    pub(crate) genesis_hash: String,
    /// Code of the currency.
    pub(crate) currency: String,
    /// The sharechain.
    pub(crate) sharechain: String,
    /// The period.
    pub(crate) period: PeriodView,
    /// What payees were credited, by payee; the first 5,000.
    pub(crate) credits: Vec<PeriodCreditView>,
    /// Where there are more: the cursor of the next page of the period's list of credits.
    pub(crate) next: Option<String>,
    /// The signed statement.
    pub(crate) statement: Option<StatementView>,
    /// The one before it in its chain; none for the first.
    pub(crate) previous: Option<StatementView>,
}

impl ReserveView {
    pub(crate) fn new(currency: String, state: ReserveState, chains: Vec<PpsChainRow>) -> Self {
        Self {
            currency,
            held: amount(state.held),
            coming: amount(state.coming),
            chains: chains.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<PpsChainRow> for BoughtChainView {
    fn from(row: PpsChainRow) -> Self {
        let switch = row.switch;
        Self {
            sharechain: row.sharechain,
            buys: switch.buys,
            reason: switch.reason,
            since: switch.at,
            from_position: switch.from_pos,
            held: amount(switch.reserve.held),
            needed: switch.needed.map(amount),
            periods: row.period,
            paid_to: row.pos,
        }
    }
}

impl From<PpsPeriodRow> for PeriodView {
    fn from(row: PpsPeriodRow) -> Self {
        Self {
            number: row.number,
            after: row.after,
            to: row.to,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            subsidy: amount(row.subsidy),
            fees: amount(row.fees),
            fee_ppm: row.fee_ppm,
            work: work(row.work),
            amount: amount(row.amount),
            donation: amount(row.donation),
            fee: amount(row.fee),
        }
    }
}

impl From<PpsCreditRow> for PeriodCreditView {
    fn from(row: PpsCreditRow) -> Self {
        Self {
            payee: row.payee,
            work: work(row.work),
            expected: row.expected.to_string(),
            value: row.value.to_string(),
            amount: amount(row.amount),
            donation: amount(row.donation),
            carried_before: [row.before.credit, row.before.donation],
            carried_after: [row.after.credit, row.after.donation],
        }
    }
}
