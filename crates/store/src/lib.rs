//! The only code that speaks SQL: books, shares, blocks, statistics.
//!
//! ```text
//!  ngledger ──▶ store_batches ──▶ share_batch (position = order of commits)
//!           ──▶ report_block ───▶ block ──NOTIFY──▶ every ledger ──▶ store_cut
//!           ──▶ seal, count_statistics, keep_shares, maintain
//!  ngpayout ──▶ work_in_window (batches up to the cut) ──▶ accept_block ──▶ mature_block / orphan_block
//!                                                             └── post(): the books
//!  ngweb    ──▶ read queries, paged by key
//! ```
//!
//! [`migrate`] makes the schema and the roles; a [`Store`] works as one of them and can do what that
//! role may. Times are given by the caller, so that tests decide what time it is.

mod blocks;
mod books;
mod cuts;
mod donations;
mod error;
mod follow;
#[doc(hidden)]
pub mod fuzzing;
mod live;
mod lives;
mod migrate;
mod numeric;
mod operator;
mod payouts;
mod pps;
mod read;
mod settle;
mod shares;
mod solvency;
mod statements;
mod statistics;
mod store;
mod watch;

pub use blocks::{BlockKey, BlockReport, BlockState, NodeAnswer};
pub use books::{Account, Discrepancy, Entry, Transaction, TransactionId};
pub use cuts::{Cut, CutTerms, UncutBlock};
pub use donations::Donation;
pub use error::StoreError;
pub use follow::{ChainOutput, FollowedBlock, OutputRow, Spend};
pub use live::{LivePort, LiveWorker, NodeStatus};
pub use lives::{OpenBlock, WindowAudit};
pub use migrate::{Login, Logins, known_schema, migrate};
pub use operator::{Deficit, FeeDraws, OperatorRefusal};
pub use payouts::{
    AnchorSight, ChainSpender, Confirmation, ImportedPayout, ImportedVersion, NewPayout,
    NewVersion, OpenRequest, OpenTask, Outpoint, POOL_FEE, Payable, PayeeRefusal, PayeeSetting,
    PayoutChange, PayoutInput, PayoutKind, PayoutPart, PayoutRefusal, PayoutRow, PayoutState,
    PayoutSummary, PayoutVersion, PreparedPayout, SignedTransaction, SignerMessage, SignerSeen,
    SpendableCoin, VoidCause,
};
pub use pps::{
    BoughtWork, CarriedUnits, PeriodClose, PeriodCredit, PeriodOutcome, PpsChainRow, PpsCreditRow,
    PpsHead, PpsPeriod, PpsPeriodRow, PpsSwitch, ReserveState, SwitchCause,
};
pub use read::*;
pub use settle::FrozenPart;
pub use shares::{
    Batch, BatchContents, BatchError, CurrencySet, CurrencyWeight, Outcome, ProducerId,
    ProducerState, Receipt, RejectCount, Retention, Sealed, Slice, UserWorth, WindowQuery,
    WindowWork,
};
pub use solvency::{
    Alarm, AlarmCount, AlarmKind, AuditCoin, AuditView, Balances, CoinOrigin, PayoutStop, Solvency,
    SolvencyVerdict, StoppedBy, UnseenCoinbase,
};
pub use statements::{SignedStatement, StatementSubject, StatementsAhead, TakenStatement};
pub use statistics::StatisticsLimits;
pub use store::{Durability, Store, StoreOptions};
pub use watch::BlockWatch;
