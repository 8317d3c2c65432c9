//! The pool, its currencies, sharechains, ports and nodes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::Algorithm;
use ngpool_settings::{
    CurrencySettings, PayoutMethod, PpsSettings, WebNode, WebPort, WebSharechain, Window,
};
use ngpool_store::{
    Discrepancy, JobStep, NodeStatus, PoolTotals, PortStatus, RejectRow, Resolution, SeriesPoint,
    SharechainStatus,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{hash_rate, work};

/// The pool in a few numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PoolView {
    /// Name of the pool.
    pub(crate) name: String,
    /// Open connections of miners.
    pub(crate) connections: u64,
    /// Connected workers.
    pub(crate) workers: u64,
    /// Connected users.
    pub(crate) users: u64,
    /// Seconds that `shares`, `rejected` and `hash_rate` look back.
    pub(crate) window_seconds: u32,
    /// Hashes per second.
    pub(crate) hash_rate: f64,
    /// Accepted shares.
    pub(crate) shares: u64,
    /// Rejected shares.
    pub(crate) rejected: u64,
    /// Blocks by state over all time.
    pub(crate) blocks: BTreeMap<String, u64>,
    /// Codes of the currencies.
    pub(crate) currencies: Vec<String>,
    /// Names of the sharechains.
    pub(crate) sharechains: Vec<String>,
    /// Names of the ports.
    pub(crate) ports: Vec<String>,
}

impl PoolView {
    pub(crate) fn new(
        settings: &ngpool_settings::WebSettings,
        totals: PoolTotals,
        window_seconds: u32,
    ) -> Self {
        Self {
            name: settings.pool.clone(),
            connections: totals.connections,
            workers: totals.workers,
            users: totals.users,
            window_seconds,
            hash_rate: hash_rate(totals.work, window_seconds),
            shares: totals.shares,
            rejected: totals.rejected,
            blocks: totals.blocks,
            currencies: settings.currencies.iter().map(|c| c.code.clone()).collect(),
            sharechains: settings
                .sharechains
                .iter()
                .map(|s| s.name.clone())
                .collect(),
            ports: settings.ports.iter().map(|p| p.name.clone()).collect(),
        }
    }
}

/// A currency of the pool.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CurrencyView {
    /// Code, such as `LTC`.
    pub(crate) code: String,
    /// Name of the object.
    pub(crate) name: String,
    /// Proof of work: `sha256d` or `scrypt`.
    pub(crate) algorithm: &'static str,
    /// Hash of block 0.
    pub(crate) genesis_hash: String,
    /// Confirmations after which a block's credit is the miner's.
    pub(crate) maturity: u32,
    /// Decimal places of a whole coin: amounts are in units of 10^-decimals.
    pub(crate) decimals: u8,
    /// Where the coinbases pay to.
    pub(crate) subsidy_address: String,
    /// The jobs that follow the chain and settle, and how their last runs went.
    pub(crate) steps: Vec<StepView>,
}

impl CurrencyView {
    pub(crate) fn new(settings: &CurrencySettings, steps: &[JobStep]) -> Self {
        Self {
            code: settings.code.clone(),
            name: settings.name.clone(),
            algorithm: algorithm(settings.network.algorithm),
            genesis_hash: settings.network.genesis_hash.to_string(),
            maturity: settings.maturity,
            decimals: settings.decimals,
            subsidy_address: settings.subsidy_address.clone(),
            steps: steps
                .iter()
                .filter(|step| step.currency == settings.code)
                .map(|step| StepView {
                    step: step.step.clone(),
                    last_run: step.last_run,
                    last_success: step.last_success,
                    failed: !step.error.is_empty(),
                })
                .collect(),
        }
    }
}

/// A step of a job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StepView {
    /// Its name.
    step: String,
    /// When it ran last.
    last_run: DateTime<Utc>,
    /// When it last succeeded.
    last_success: Option<DateTime<Utc>>,
    /// Whether the last run failed.
    failed: bool,
}

/// The books of a currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BooksView {
    /// Code of the currency.
    pub(crate) currency: String,
    /// Number of discrepancies: 0 when the books add up.
    pub(crate) drift: usize,
    /// What does not add up.
    pub(crate) discrepancies: Vec<DiscrepancyView>,
    /// Balance by account, base units as decimal strings; payees and blocks are summed. Coins held
    /// are negative on the `utxo` accounts.
    pub(crate) accounts: BTreeMap<String, String>,
}

/// Something in the books that does not add up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DiscrepancyView {
    /// Kind: transaction, balance, split or reward.
    what: String,
    /// Which one.
    name: String,
    /// By how much, base units.
    off_by: String,
}

impl From<Discrepancy> for DiscrepancyView {
    fn from(row: Discrepancy) -> Self {
        Self {
            what: row.what,
            name: row.name,
            off_by: row.off_by,
        }
    }
}

/// A sharechain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SharechainView {
    /// Its name.
    pub(crate) name: String,
    /// Proof of work of its ports.
    algorithm: &'static str,
    /// How a block's part is divided.
    method: MethodView,
    /// The pool's fee, millionths of a reward.
    fee_ppm: u32,
    /// Position of its newest batch.
    position: u64,
    /// Open connections.
    connections: u64,
    /// Connected workers.
    workers: u64,
    /// Seconds that the figures below look back.
    window_seconds: u32,
    /// Hashes per second.
    hash_rate: f64,
    /// Accepted shares.
    shares: u64,
    /// Rejected shares.
    rejected: u64,
}

impl SharechainView {
    pub(crate) fn new(
        settings: &WebSharechain,
        status: Option<&SharechainStatus>,
        window_seconds: u32,
    ) -> Self {
        Self {
            name: settings.name.clone(),
            algorithm: algorithm(settings.algorithm),
            method: MethodView::from(&settings.method),
            fee_ppm: settings.fee_ppm,
            position: status.map_or(0, |s| s.pos),
            connections: status.map_or(0, |s| s.connections),
            workers: status.map_or(0, |s| s.workers),
            window_seconds,
            hash_rate: status.map_or(0.0, |s| hash_rate(s.work, window_seconds)),
            shares: status.map_or(0, |s| s.shares),
            rejected: status.map_or(0, |s| s.rejected),
        }
    }
}

/// A payout method with its parameters.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "name", rename_all = "snake_case")]
pub(crate) enum MethodView {
    /// Pay per last N shares.
    Pplns {
        /// Length of the window.
        window: WindowView,
    },
    /// Proportional: by the work since the block before.
    Prop,
    /// The finder takes it.
    Solo,
    /// Pay per share: a reserve buys the work at the subsidy.
    Pps(BoughtView),
    /// Full pay per share: a reserve buys the work at the subsidy and the mean fees.
    Fpps(BoughtView),
}

/// How work is bought, and when it is not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BoughtView {
    /// Window of work that is not bought.
    window: WindowView,
    /// Seconds that are credited as one.
    period_seconds: u32,
    /// How likely it may be that the reserve is ever used up, millionths.
    ruin_ppm: u32,
    /// Part of blocks that is orphaned, millionths.
    orphan_ppm: u32,
    /// Part of the needed reserve at which work is no longer bought, millionths.
    low_mark_ppm: u32,
}

impl From<&PpsSettings> for BoughtView {
    fn from(settings: &PpsSettings) -> Self {
        Self {
            window: WindowView::from(&settings.window),
            period_seconds: settings.period_seconds,
            ruin_ppm: settings.ruin_ppm,
            orphan_ppm: settings.orphan_ppm,
            low_mark_ppm: settings.low_mark_ppm,
        }
    }
}

/// Length of a PPLNS window: one of the two.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WindowView {
    /// Multiple of the block's network work, in thousandths.
    difficulty_milli: Option<u32>,
    /// Expected hashes, a decimal string.
    work: Option<String>,
}

impl From<&Window> for WindowView {
    fn from(window: &Window) -> Self {
        match window {
            Window::DifficultyMilli(milli) => Self {
                difficulty_milli: Some(*milli),
                work: None,
            },
            Window::Work(work) => Self {
                difficulty_milli: None,
                work: Some(work.to_string()),
            },
        }
    }
}

impl From<&PayoutMethod> for MethodView {
    fn from(method: &PayoutMethod) -> Self {
        match method {
            PayoutMethod::Pplns { window } => Self::Pplns {
                window: WindowView::from(window),
            },
            PayoutMethod::Prop => Self::Prop,
            PayoutMethod::Solo => Self::Solo,
            PayoutMethod::Pps(settings) => Self::Pps(BoughtView::from(settings)),
            PayoutMethod::Fpps(settings) => Self::Fpps(BoughtView::from(settings)),
        }
    }
}

/// A stratum port.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PortView {
    /// Its name.
    pub(crate) name: String,
    /// What miners connect to.
    url: String,
    /// Code of the base currency.
    currency: String,
    /// Codes of the merged-mined currencies.
    aux: Vec<String>,
    /// Where its shares go.
    sharechain: String,
    /// Easiest difficulty.
    difficulty_min: f64,
    /// Hardest difficulty.
    difficulty_max: f64,
    /// Whether TLS is spoken on the same port.
    tls: bool,
    /// Servers that spoke lately.
    servers: u64,
    /// Open connections.
    connections: u64,
    /// Connected workers.
    workers: u64,
    /// When a server spoke last.
    seen_at: Option<DateTime<Utc>>,
    /// Seconds that the figures below look back.
    window_seconds: u32,
    /// Hashes per second.
    hash_rate: f64,
    /// Accepted shares.
    shares: u64,
    /// Rejected shares.
    rejected: u64,
}

impl PortView {
    pub(crate) fn new(
        settings: &WebPort,
        status: Option<&PortStatus>,
        window_seconds: u32,
    ) -> Self {
        Self {
            name: settings.name.clone(),
            url: settings.url.clone(),
            currency: settings.currency.clone(),
            aux: settings.aux.clone(),
            sharechain: settings.sharechain.clone(),
            difficulty_min: settings.difficulty.0,
            difficulty_max: settings.difficulty.1,
            tls: settings.tls,
            servers: status.map_or(0, |s| s.servers),
            connections: status.map_or(0, |s| s.connections),
            workers: status.map_or(0, |s| s.workers),
            seen_at: status.and_then(|s| s.seen_at),
            window_seconds,
            hash_rate: status.map_or(0.0, |s| hash_rate(s.work, window_seconds)),
            shares: status.map_or(0, |s| s.shares),
            rejected: status.map_or(0, |s| s.rejected),
        }
    }
}

/// A node of a currency, as the settle job last saw it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NodeView {
    /// Its name.
    name: String,
    /// Code of its currency.
    currency: String,
    /// Such as `ready` or `syncing`; `unknown` before it was asked.
    state: String,
    /// Why it is not ready.
    reason: String,
    /// Height of its best chain.
    height: Option<u32>,
    /// Hash of its tip.
    best_hash: Option<String>,
    /// Peers.
    peers: Option<u32>,
    /// What the daemon calls itself.
    daemon_version: String,
    /// When its newest template came.
    template_at: Option<DateTime<Utc>>,
    /// When it was asked.
    seen_at: Option<DateTime<Utc>>,
}

impl NodeView {
    pub(crate) fn new(settings: &WebNode, status: Option<&NodeStatus>) -> Self {
        Self {
            name: settings.name.clone(),
            currency: settings.currency.clone(),
            state: status.map_or_else(|| "unknown".to_owned(), |s| s.state.clone()),
            reason: status.map_or_else(String::new, |s| s.reason.clone()),
            height: status.map(|s| s.height.0),
            best_hash: status
                .and_then(|s| s.best_hash)
                .map(|hash| hash.to_string()),
            peers: status.map(|s| s.peers),
            daemon_version: status.map_or_else(String::new, |s| s.daemon_version.clone()),
            template_at: status.and_then(|s| s.template_at),
            seen_at: status.map(|s| s.seen_at),
        }
    }
}

/// Work over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SeriesView {
    /// Seconds of a step.
    pub(crate) step_seconds: u32,
    /// Start, included.
    pub(crate) from: DateTime<Utc>,
    /// End, left out.
    pub(crate) to: DateTime<Utc>,
    /// Steps that had shares, the oldest first.
    pub(crate) points: Vec<SeriesPointView>,
    /// Rejected shares of the whole time by reason, the most frequent first.
    pub(crate) rejects: Vec<RejectView>,
}

/// A step of a series.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SeriesPointView {
    /// Start of the step.
    at: DateTime<Utc>,
    /// Hashes per second.
    hash_rate: f64,
    /// Accepted shares.
    shares: u64,
    /// Their work, expected hashes.
    work: String,
    /// Rejected shares.
    rejected: u64,
}

impl SeriesPointView {
    pub(crate) fn new(point: &SeriesPoint, resolution: Resolution) -> Self {
        Self {
            at: point.at,
            hash_rate: hash_rate(point.work, resolution.seconds()),
            shares: point.shares,
            work: work(point.work),
            rejected: point.rejected,
        }
    }
}

/// Rejected shares of one reason.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RejectView {
    /// Such as `stale`.
    reason: String,
    /// How many.
    count: u64,
    /// The work they claimed, expected hashes.
    work: String,
}

impl From<RejectRow> for RejectView {
    fn from(row: RejectRow) -> Self {
        Self {
            reason: row.reason,
            count: row.count,
            work: work(row.work),
        }
    }
}

fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256d => "sha256d",
        Algorithm::Scrypt => "scrypt",
    }
}
