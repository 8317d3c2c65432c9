//! What the API shows, as JSON.

mod account;
mod block;
mod miner;
mod payout;
mod pool;
mod reserve;
mod split;

use ngpool_chain::{Amount, Work};

pub(crate) use account::{AccountLineView, AccountView, HoldingsView, StandingView};
pub(crate) use block::{BlockDetailView, BlockView, CreditView, StatementView};
pub(crate) use miner::{BalanceView, EntryView, MinerCreditView, MinerView, WorkerView};
pub(crate) use payout::{
    PayeePayoutView, PayoutDetailView, PayoutPartView, PayoutView, SolvencyView, VersionBytesView,
};
pub(crate) use pool::{
    BooksView, CurrencyView, DiscrepancyView, NodeView, PoolView, PortView, RejectView,
    SeriesPointView, SeriesView, SharechainView,
};
pub(crate) use reserve::{PeriodCreditView, PeriodDetailView, PeriodView, ReserveView};
pub(crate) use split::{FORMAT as SPLIT_FORMAT, ProofView, SplitView};

/// Base units as a decimal string.
fn amount(amount: Amount) -> String {
    amount.0.to_string()
}

/// Expected hashes as a decimal string.
fn work(work: Work) -> String {
    work.to_string()
}

/// Hashes per second over a time, for people.
pub(crate) fn hash_rate(work: Work, seconds: u32) -> f64 {
    // 53 bits are enough for a figure on a page.
    #[allow(clippy::cast_precision_loss)]
    let hashes = work.0 as f64;
    hashes / f64::from(seconds.max(1))
}
