//! One pass over a currency: nodes, follow, blocks, statements, payouts, audit.
//!
//! The steps stand alone. Each commits what it found before the next begins, records its end in the
//! database, and one that fails stops no other.

mod blocks;
mod follow;
pub mod judge;
pub mod key;
pub mod nodes;
mod pps;
mod split;
mod statements;
mod status;
mod taken;

use std::error::Error;

use chrono::{DateTime, Utc};
use ngpool_chain::{AddressError, BlockHash};
use ngpool_settings::PayoutSettings;
use ngpool_store::{BlockState, Store, StoreError};
use thiserror::Error;

use crate::{RunError, payout};
use nodes::{NodeError, Nodes};

pub(crate) use follow::{follow as follow_step, our_scripts};
pub use pps::Purchase;
pub use statements::{published_period, published_split};

/// Why a step did not do its work.
#[derive(Debug, Error)]
pub enum StepError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// No node can be asked.
    #[error("no node of the currency answers: {0}")]
    NoNode(String),
    /// The subsidy address is not one of the currency.
    #[error("subsidy address {address:?}")]
    SubsidyAddress {
        /// As configured.
        address: String,
        /// Why.
        source: AddressError,
    },
    /// The chain was reorganised below all that is remembered.
    #[error(
        "the chain was reorganised below height {0}, deeper than what was followed is remembered: \
         compare the node with others before anything is paid"
    )]
    TooDeep(u32),
    /// Statement key.
    #[error(transparent)]
    Key(#[from] key::KeyError),
    /// A block's coinbase is not what was reported.
    #[error("block {block} is not credited: {what}")]
    Coinbase {
        /// The block.
        block: BlockHash,
        /// What is wrong.
        what: String,
    },
    /// A block cannot be split.
    #[error("block {block} cannot be split: {what}")]
    Split {
        /// The block.
        block: BlockHash,
        /// What is wrong.
        what: String,
    },
    /// Work cannot be bought, or an open period not be closed.
    #[error("work is not bought: {0}")]
    Purchases(String),
    /// It is not known what a block creates.
    #[error(
        "the subsidy of a block of {0} is not known: pay per share needs a currency with a preset, \
         other methods do not"
    )]
    Subsidy(String),
    /// An open period has terms that nothing here can read.
    #[error("the open period of sharechain {0} has terms unknown here: {1}")]
    Terms(String, String),
    /// Work is worth more than there are coins.
    #[error("the work of {1} on sharechain {0} is worth more than any amount: compare its batches")]
    TooMuch(String, String),
    /// Several blocks or payouts failed, each for its reason.
    #[error("{0}")]
    Several(String),
    /// Stored bytes of a payout.
    #[error(transparent)]
    Payout(#[from] crate::payout::recognise::RecogniseError),
    /// A stuck payout gets no replacement.
    #[error(transparent)]
    Replace(#[from] crate::payout::replace::ReplaceError),
    /// A statement's chain moves on faster than this run can add to it.
    #[error("other runs sign statements of {0} at the same time: the next run goes on")]
    StatementsBusy(String),
    /// A frozen split is not there or makes no sense.
    #[error("the frozen split of {subject} on {sharechain} {what}")]
    Frozen {
        /// The block or period.
        subject: String,
        /// The sharechain.
        sharechain: String,
        /// What is wrong.
        what: &'static str,
    },
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// `nodes`, `follow`, `blocks` or `statements`.
    pub step: &'static str,
    /// Why it failed; none when it succeeded.
    pub error: Option<String>,
}

/// A block that changed its state in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The block.
    pub block: BlockHash,
    /// Its state before.
    pub from: BlockState,
    /// Its state now.
    pub to: BlockState,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettleReport {
    /// The steps in their order.
    pub steps: Vec<StepReport>,
    /// Blocks that changed their state.
    pub changes: Vec<Change>,
    /// Blocks and payouts that wait for something, and what for.
    pub waiting: Vec<String>,
    /// Payouts that something happened to, and what.
    pub payouts: Vec<(u64, String)>,
    /// Blocks of the chain that were followed.
    pub followed: usize,
    /// What the reserves of bought work did.
    pub purchases: Vec<Purchase>,
    /// Statements that were signed.
    pub statements: usize,
    /// What the audit found; none before any block was followed, or when it failed.
    pub audit: Option<crate::audit::AuditReport>,
}

impl SettleReport {
    /// Something happened to a payout.
    pub(crate) fn payout(&mut self, pass: &Pass<'_>, number: u64, what: String) {
        tracing::info!(currency = pass.code(), number, what, "payout changed");
        self.payouts.push((number, what));
    }

    /// One line for each step that failed; none when all is well.
    pub fn failures(&self) -> Vec<String> {
        let failed = self
            .steps
            .iter()
            .filter_map(|step| Some((step.step, step.error.as_ref()?)));
        failed
            .map(|(step, error)| format!("step {step} failed: {error}"))
            .collect()
    }
}

/// What every step works with.
pub(crate) struct Pass<'a> {
    pub(crate) store: &'a Store,
    pub(crate) settings: &'a PayoutSettings,
    pub(crate) nodes: Nodes,
    pub(crate) at: DateTime<Utc>,
}

impl<'a> Pass<'a> {
    /// A pass as of a time, once every node was asked how it is. Binds the currency's books to its chain.
    pub(crate) async fn begin(
        store: &'a Store,
        settings: &'a PayoutSettings,
        at: DateTime<Utc>,
    ) -> Result<Self, RunError> {
        let currency = &settings.currency;
        store
            .adopt_currency(&currency.code, currency.network.genesis_hash, at)
            .await?;
        Ok(Self {
            store,
            settings,
            nodes: Nodes::look(settings).await,
            at,
        })
    }

    pub(crate) fn code(&self) -> &str {
        &self.settings.currency.code
    }

    /// The node with the most work.
    pub(crate) fn best(&self) -> Result<&nodes::Node, StepError> {
        self.nodes
            .best()
            .ok_or_else(|| StepError::NoNode(self.nodes.complaints()))
    }
}

/// One pass with everything given: the database, and the time that it writes.
pub async fn run(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<SettleReport, RunError> {
    // All steps in one: larger than a caller's stack should carry.
    Box::pin(every_step(store, settings, at)).await
}

async fn every_step(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<SettleReport, RunError> {
    let pass = Pass::begin(store, settings, at).await?;
    let mut report = SettleReport::default();

    let outcome = status::record(&pass).await;
    record_end(&pass, &mut report, "nodes", outcome).await;

    let outcome = follow::follow(&pass, &mut report).await;
    let is_current = outcome.is_ok();
    record_end(&pass, &mut report, "follow", outcome).await;

    // Before the blocks: a coin that a lost block made may have been spent by a lost payout.
    let undone = payout::confirm::undo(&pass, &mut report).await;

    credit(&pass, &mut report, is_current).await;

    let signed = payout::inbox::signed(&pass, &mut report).await;
    let again = payout::inbox::prepare_again(&pass, &mut report).await;
    record_end(&pass, &mut report, "signed", signed.and(again)).await;

    let confirmed = payout::confirm::confirm(&pass, &mut report).await;
    record_end(&pass, &mut report, "confirm", undone.and(confirmed)).await;

    let outcome = payout::broadcast::broadcast(&pass, &mut report).await;
    record_end(&pass, &mut report, "broadcast", outcome).await;

    let outcome = payout::replace::replace(&pass, &mut report).await;
    record_end(&pass, &mut report, "replace", outcome).await;

    let outcome = crate::audit::audit(store, settings, &pass.nodes, at).await;
    let outcome = outcome.map(|audit| report.audit = audit);
    record_end(&pass, &mut report, "audit", outcome).await;
    Ok(report)
}

/// Credits blocks and bought work, and signs what was credited.
pub(crate) async fn credit(pass: &Pass<'_>, report: &mut SettleReport, is_current: bool) {
    let outcome = blocks::settle(pass, report, is_current).await;
    record_end(pass, report, "blocks", outcome).await;

    let outcome = pps::buy(pass, report).await;
    record_end(pass, report, "pps", outcome).await;

    let outcome = statements::sign(pass, report).await;
    record_end(pass, report, "statements", outcome).await;
}

pub(crate) async fn record_end(
    pass: &Pass<'_>,
    report: &mut SettleReport,
    step: &'static str,
    outcome: Result<(), StepError>,
) {
    let error = outcome.err().map(|error| with_sources(&error));
    let text = error.as_deref().unwrap_or_default();
    if let Err(problem) = pass
        .store
        .record_step(pass.code(), step, text, pass.at)
        .await
    {
        tracing::warn!(step, %problem, "how the step ended is not recorded");
    }
    report.steps.push(StepReport { step, error });
}

/// Failures told one by one; the rest as a number.
const TOLD: usize = 5;

/// Several failures as one; nothing when there are none.
pub(crate) fn together(mut failures: Vec<String>) -> Result<(), StepError> {
    if failures.is_empty() {
        return Ok(());
    }
    let more = failures.len().saturating_sub(TOLD);
    failures.truncate(TOLD);
    if more > 0 {
        failures.push(format!("and {more} more"));
    }
    Err(StepError::Several(failures.join("; ")))
}

/// An error with everything that caused it, in one line.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Transparent errors say what their source says.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
