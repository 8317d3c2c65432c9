//! What we hold against what we owe, at one tip, output by output; and what a person should look at.
//!
//! ```text
//!  database ─ books, followed chain ─┐
//!  nodes ──── unspent outputs ───────┼─▶ compare ─▶ clean     lifts the audit's stop
//!                                    │          ├─▶ drift     stops payouts, with the reason
//!                                    │          └─▶ doubtful  says so, changes nothing
//!  nodes ──── our coinbases ─────────┴─▶ alarms: somebody else is paid, a script no signer knows
//! ```
//!
//! An audit reads, writes its row, and moves no money. It may be killed anywhere, repeated, and run
//! twice at once.

mod alarms;
mod compare;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_rpc::v1::{Outpoint, UnspentOutputsReply};
use ngpool_settings::{CurrencySettings, PayoutSettings};
use ngpool_store::{AuditView, Solvency, SolvencyVerdict, StoppedBy, Store};
use serde_json::json;

pub use compare::{Coin, Findings, Item, NodeView, Sights, Worth, asked, compare};

use crate::{
    AuditRunError,
    settle::{
        Pass, SettleReport, StepError, follow_step,
        nodes::{Node, NodeError, Nodes},
    },
};

/// Outputs that a node is asked about in one call.
const AT_ONCE: usize = 1_000;

/// Items that are stored with an audit: a pool has tens; more are counted in the sums all the same.
const ITEMS_KEPT: usize = 1_000;

/// How often the books are added up anew, which reads every entry; when they did not add up, every time.
const BOOKS_EVERY: TimeDelta = TimeDelta::hours(1);

/// Discrepancies told one by one.
const BOOKS_TOLD: usize = 3;

/// What an audit found and what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// As it was stored.
    pub solvency: Solvency,
    /// Why payouts are stopped after it, by whomever; none when they are not.
    pub stop: Option<String>,
    /// Alarms that nobody has looked at, in words.
    pub alarms: Vec<String>,
}

/// One audit with everything given. None before any block was followed.
pub async fn audit(
    store: &Store,
    settings: &PayoutSettings,
    nodes: &Nodes,
    at: DateTime<Utc>,
) -> Result<Option<AuditReport>, StepError> {
    let currency = &settings.currency;
    let view = store.audit_view(&currency.code).await?;
    let Some(tip) = view.tip else {
        return Ok(None);
    };
    let before = store.payout_stop(&currency.code).await?;
    let sights = look(store, currency, nodes, &view, tip).await?;
    let books = books(store, &currency.code, at).await?;
    let mut findings = compare(Sights {
        view: &view,
        nodes: &sights,
        settle_depth: currency.settle_depth,
    });
    if let Some(wrong) = books {
        findings.verdict = SolvencyVerdict::Drift;
        findings.reason = match &findings.reason[..] {
            "" => wrong,
            reason => format!("{wrong}; {reason}"),
        };
    }
    let solvency = row(currency, &view, tip, &findings, at);
    store.record_solvency(&solvency).await?;
    // After what stops payouts: a node that fails here hides nothing of it.
    let alarms = alarms::look(store, settings, nodes, at).await?;
    let stop = store.payout_stop(&currency.code).await?;
    let is_audits = |by| by == StoppedBy::Audit;
    match (&before, &stop) {
        (None, Some(stop)) if is_audits(stop.by) => tracing::error!(
            currency = currency.code,
            reason = stop.reason,
            "payouts are stopped: coins are missing (docs/runbooks/solvency.md)"
        ),
        (Some(stop), None) if is_audits(stop.by) => {
            tracing::info!(
                currency = currency.code,
                "payouts go on: the audit is clean"
            );
        }
        _ => {}
    }
    if solvency.verdict == SolvencyVerdict::Doubtful {
        tracing::warn!(
            currency = currency.code,
            reason = solvency.reason,
            "the audit is in doubt"
        );
    }
    Ok(Some(AuditReport {
        solvency,
        stop: stop.map(|stop| stop.reason),
        alarms,
    }))
}

/// Whether the books add up by themselves, whatever is on the chain: in words what does not.
async fn books(
    store: &Store,
    currency: &str,
    at: DateTime<Utc>,
) -> Result<Option<String>, StepError> {
    let last = store.last_step(currency, "books").await?;
    let is_fresh =
        |(run, error): (DateTime<Utc>, String)| error.is_empty() && at - run < BOOKS_EVERY;
    if last.is_some_and(is_fresh) {
        return Ok(None);
    }
    let wrong = store.books_check(currency).await?;
    let mut told: Vec<_> = wrong
        .iter()
        .take(BOOKS_TOLD)
        .map(|wrong| format!("{} {} is off by {}", wrong.what, wrong.name, wrong.off_by))
        .collect();
    if wrong.len() > BOOKS_TOLD {
        told.push(format!("and {} more", wrong.len() - BOOKS_TOLD));
    }
    let text = (!told.is_empty())
        .then(|| format!("the books do not add up by themselves: {}", told.join(", ")));
    let error = text.as_deref().unwrap_or_default();
    store.record_step(currency, "books", error, at).await?;
    Ok(text)
}

/// Follows the chain to its tip, then audits: how it is called by hand.
pub(crate) async fn by_hand(
    store: &Store,
    settings: &PayoutSettings,
    at: DateTime<Utc>,
) -> Result<Option<AuditReport>, AuditRunError> {
    let pass = Pass::begin(store, settings, at).await?;
    follow_step(&pass, &mut SettleReport::default()).await?;
    Ok(audit(store, settings, &pass.nodes, at).await?)
}

/// What every node that answers says of the outputs.
async fn look(
    store: &Store,
    currency: &CurrencySettings,
    nodes: &Nodes,
    view: &AuditView,
    tip: (Height, BlockHash),
) -> Result<Vec<NodeView>, StepError> {
    let coins = asked(view);
    let answers = join_all(nodes.answering().map(|node| ask(node, &coins))).await;
    let mut views = Vec::new();
    for (node, answer) in nodes.answering().zip(answers) {
        match answer {
            Ok(Answer::Moved) => views.push(NodeView::Moved {
                node: node.name.clone(),
            }),
            Ok(Answer::At(at, unspent)) => {
                views.push(place(store, currency, node, at, tip, unspent).await?);
            }
            // A node that fails says nothing; the others are enough.
            Err(error) => {
                tracing::warn!(currency = currency.code, %error, "a node is left out of the audit");
            }
        }
    }
    Ok(views)
}

type Unspent = BTreeMap<Coin, Worth>;

enum Answer {
    At((Height, BlockHash), Unspent),
    Moved,
}

/// Asks in as many calls as it takes; the tip must be the same before the first and after the last.
async fn ask(node: &Node, coins: &[Coin]) -> Result<Answer, NodeError> {
    let mut unspent = Unspent::new();
    let mut at = None;
    let mut rest = coins;
    // Once at least: the tip is of interest where there is no output.
    loop {
        let (now, later) = rest.split_at(rest.len().min(AT_ONCE));
        let outputs = now.iter().map(|(txid, vout)| Outpoint {
            txid: txid.as_bytes().to_vec().into(),
            vout: *vout,
        });
        let reply = node.unspent_outputs(outputs.collect()).await?;
        let Some(tip) = tip_of(node, &reply)? else {
            return Ok(Answer::Moved);
        };
        if at.is_some_and(|before| before != tip) {
            return Ok(Answer::Moved);
        }
        at = Some(tip);
        for output in reply.outputs {
            let txid = Txid::from_slice(&output.txid)
                .ok_or(node.nonsense("a transaction id that is no hash"))?;
            let value = (output.amount, output.script.to_vec());
            unspent.insert((txid, output.vout), value);
        }
        rest = later;
        if rest.is_empty() {
            return Ok(Answer::At(tip, unspent));
        }
    }
}

fn tip_of(
    node: &Node,
    reply: &UnspentOutputsReply,
) -> Result<Option<(Height, BlockHash)>, NodeError> {
    let hash =
        |bytes: &[u8]| BlockHash::from_slice(bytes).ok_or(node.nonsense("a tip that is no hash"));
    let (before, after) = (hash(&reply.tip_before)?, hash(&reply.tip_after)?);
    Ok((before == after).then_some((Height(reply.tip_height), before)))
}

/// Where a node stands beside the followed tip.
async fn place(
    store: &Store,
    currency: &CurrencySettings,
    node: &Node,
    at: (Height, BlockHash),
    tip: (Height, BlockHash),
    unspent: Unspent,
) -> Result<NodeView, StepError> {
    let name = node.name.clone();
    if at == tip {
        return Ok(NodeView::Same {
            node: name,
            unspent,
        });
    }
    if at.0 < tip.0 && store.followed_at(&currency.code, at.0).await? == Some(at.1) {
        return Ok(NodeView::Behind { node: name });
    }
    // Above the followed tip and on top of it: a block came in between.
    match node.has(tip.1, tip.0).await {
        Ok(true) if at.0 > tip.0 => Ok(NodeView::Moved { node: name }),
        Ok(_) => Ok(NodeView::Elsewhere {
            node: name,
            tip: at,
        }),
        Err(_) => Ok(NodeView::Moved { node: name }),
    }
}

fn row(
    currency: &CurrencySettings,
    view: &AuditView,
    tip: (Height, BlockHash),
    findings: &Findings,
    at: DateTime<Utc>,
) -> Solvency {
    let balances = &view.balances;
    // What is left of the coins: the sum of the pool's accounts, when the books add up. When they do
    // not, the row must be written all the same.
    let others = [
        balances.immature,
        balances.payees,
        balances.held,
        balances.in_flight,
    ];
    let pool = others
        .iter()
        .fold(findings.booked, |left, amount| left.saturating_sub(*amount));
    let items: Vec<_> = findings
        .items
        .iter()
        // What is missing comes first, so that it is kept.
        .filter(|item| item.missing)
        .chain(findings.items.iter().filter(|item| !item.missing))
        .take(ITEMS_KEPT)
        .map(|item| {
            json!({
                "txid": item.coin.0,
                "vout": item.coin.1,
                "amount": item.amount,
                "missing": item.missing,
                "reason": item.reason,
            })
        })
        .collect();
    Solvency {
        currency: currency.code.clone(),
        at,
        verdict: findings.verdict,
        reason: findings.reason.clone(),
        tip,
        outputs: findings.outputs,
        on_chain: Amount(findings.on_chain),
        booked: Amount(findings.booked),
        in_transit: Amount(findings.in_transit),
        drift: Amount(findings.drift),
        immature: Amount(balances.immature),
        payees: Amount(balances.payees),
        held: Amount(balances.held),
        in_flight: Amount(balances.in_flight),
        pool: Amount(pool),
        uncovered: Amount(findings.uncovered),
        pool_accounts: balances
            .pool
            .iter()
            .map(|(account, amount)| (account.to_string(), Amount(*amount)))
            .collect(),
        items: items.into(),
    }
}
