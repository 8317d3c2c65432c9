//! Coins on the chain against coins in the books, output by output. Pure.
//!
//! ```text
//!  followed chain ─┐
//!  nodes ──────────┼─▶ each output: does the chain have it? do the books? ─▶ same
//!  books ──────────┘                                                     ├─▶ in transit, and why
//!                                                                        └─▶ missing, and why
//! ```
//!
//! In transit is what passes by itself: the next runs book it. Missing is what no step of ours
//! explains. Coins that are there and that nobody expected stop nothing: anyone can send them.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_chain::{BlockHash, Height, Txid};
use ngpool_store::{
    Account, AuditCoin, AuditView, Balances, BlockState, CoinOrigin, SolvencyVerdict,
};

/// Blocks above the settle depth after which a payout's spend is no longer explained by waiting: the
/// step before the audit confirms at the settle depth.
const CONFIRM_MARGIN: u32 = 6;

/// Reasons told one by one in the verdict's text; the rest as a number.
const TOLD: usize = 3;

/// Name of an output.
pub type Coin = (Txid, u32);

/// Value and script of an output.
pub type Worth = (i64, Vec<u8>);

/// What one node says of the outputs it was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeView {
    /// It was at the followed tip, before and after.
    Same {
        /// Its name.
        node: String,
        /// Value and script of those that are unspent.
        unspent: BTreeMap<Coin, Worth>,
    },
    /// Its tip is a block of the followed chain: it only lags.
    Behind {
        /// Its name.
        node: String,
    },
    /// Its tip is not on the followed chain.
    Elsewhere {
        /// Its name.
        node: String,
        /// Height and hash of its tip.
        tip: (Height, BlockHash),
    },
    /// Its tip changed while it was asked, or is above what was followed.
    Moved {
        /// Its name.
        node: String,
    },
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Sights<'a> {
    /// Books and followed chain.
    pub view: &'a AuditView,
    /// What the nodes say.
    pub nodes: &'a [NodeView],
    /// Blocks on a payout's transaction that confirm it.
    pub settle_depth: u32,
}

/// An output that chain and books see differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The output.
    pub coin: Coin,
    /// What the chain has more than the books; negative for what it has less.
    pub amount: i64,
    /// Whether it is missing; otherwise it is in transit.
    pub missing: bool,
    /// Why, for a person.
    pub reason: String,
}

/// What came of it. Amounts are base units; `on_chain` = `booked` + `in_transit` + `drift`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// What it concludes.
    pub verdict: SolvencyVerdict,
    /// Why it is not clean; empty when it is.
    pub reason: String,
    /// Outputs of ours that are unspent.
    pub outputs: u64,
    /// Their sum.
    pub on_chain: i64,
    /// What the books hold.
    pub booked: i64,
    /// What passes by itself.
    pub in_transit: i64,
    /// What is missing, negative.
    pub drift: i64,
    /// Losses to reorganisations that the pool's own money does not cover.
    pub uncovered: i64,
    /// Every output that is not the same.
    pub items: Vec<Item>,
}

/// The outputs that nodes are asked about: those that the chain has or the books hold.
pub fn asked(view: &AuditView) -> Vec<Coin> {
    view.coins
        .iter()
        .filter(|coin| !coin.is_twin && (followed_has(coin) || books_have(coin) != 0))
        .map(name)
        .collect()
}

/// What all accounts but those of coins hold together: the coins, when the books add up.
fn owed(balances: &Balances) -> i64 {
    let others = [
        balances.immature,
        balances.payees,
        balances.held,
        balances.in_flight,
    ];
    let all = others.iter().chain(balances.pool.values());
    all.fold(0_i64, |sum, amount| sum.saturating_add(*amount))
}

/// Compares. The same sights give the same findings.
pub fn compare(sights: Sights<'_>) -> Findings {
    let Some((tip, _)) = sights.view.tip else {
        return nothing_followed(sights.view);
    };
    let mut doubts = node_doubts(sights.nodes);
    let mut items = Vec::new();
    let (mut outputs, mut on_chain, mut in_books) = (0_u64, 0_i64, 0_i64);
    for coin in &sights.view.coins {
        let word = if coin.is_twin {
            None
        } else {
            common_word(coin, sights.nodes, &mut doubts)
        };
        let chain = match word {
            Some(Word::Unspent { amount }) => Some(amount),
            Some(Word::Gone) => None,
            // Nodes disagree, or none was asked: the followed chain is what there is.
            None => followed_has(coin).then_some(coin.output.amount.0),
        };
        let booked = books_have(coin);
        outputs += u64::from(chain.is_some());
        on_chain = on_chain.saturating_add(chain.unwrap_or(0));
        let held = coin.output.amount.0.saturating_mul(booked);
        in_books = in_books.saturating_add(held);
        let off = chain.unwrap_or(0).saturating_sub(held);
        if chain.is_some() && !followed_has(coin) {
            let (txid, vout) = name(coin);
            doubts.insert(format!(
                "the nodes have {txid}:{vout}, the followed chain does not"
            ));
        }
        if chain.is_none() && followed_has(coin) && booked == 0 {
            let (txid, vout) = name(coin);
            doubts.insert(format!(
                "the followed chain has {txid}:{vout}, the nodes do not"
            ));
        }
        if off != 0 {
            let (missing, reason) = judge(coin, chain, booked, tip, &sights);
            items.push(Item {
                coin: name(coin),
                amount: off,
                missing,
                reason,
            });
        }
    }
    let booked = sights.view.balances.coins;
    let in_transit = items
        .iter()
        .filter(|item| !item.missing)
        .fold(0_i64, |sum, item| sum.saturating_add(item.amount));
    let drift = on_chain.saturating_sub(booked).saturating_sub(in_transit);
    let uncovered = uncovered(sights.view);
    let mut wrong: Vec<String> = items
        .iter()
        .filter(|item| item.missing)
        .map(|item| {
            let (txid, vout) = item.coin;
            format!("{} at {txid}:{vout}: {}", item.amount, item.reason)
        })
        .collect();
    if in_books != booked {
        wrong.push(format!(
            "the utxo accounts hold {booked}, the outputs they stand for are worth {in_books}"
        ));
    }
    let owed = owed(&sights.view.balances);
    if owed != booked {
        wrong.push(format!(
            "the utxo accounts hold {booked}, the other accounts together {owed}"
        ));
    }
    if uncovered > 0 {
        wrong.push(format!(
            "{uncovered} of the rewards lost to reorganisations are not covered by the pool's own money"
        ));
    }
    let (verdict, reason) = if !doubts.is_empty() {
        let doubts: Vec<_> = doubts.into_iter().collect();
        (SolvencyVerdict::Doubtful, told(doubts))
    } else if wrong.is_empty() {
        (SolvencyVerdict::Clean, String::new())
    } else {
        (SolvencyVerdict::Drift, told(wrong))
    };
    Findings {
        verdict,
        reason,
        outputs,
        on_chain,
        booked,
        in_transit,
        drift,
        uncovered,
        items,
    }
}

/// Before the first block was followed there is nothing on the chain to compare with.
fn nothing_followed(view: &AuditView) -> Findings {
    Findings {
        verdict: SolvencyVerdict::Doubtful,
        reason: "no block was followed yet".into(),
        outputs: 0,
        on_chain: 0,
        booked: view.balances.coins,
        in_transit: view.balances.coins.saturating_neg(),
        drift: 0,
        uncovered: 0,
        items: Vec::new(),
    }
}

fn name(coin: &AuditCoin) -> Coin {
    (coin.output.txid, coin.output.vout)
}

fn followed_has(coin: &AuditCoin) -> bool {
    coin.created.is_some() && coin.spent.is_none()
}

/// How often the books hold an output: once, or not; −1 for one that a confirmed payout spends and
/// whose own payout is not confirmed.
fn books_have(coin: &AuditCoin) -> i64 {
    i64::from(coin.came) - i64::from(coin.gone.is_some())
}

enum Word {
    Unspent { amount: i64 },
    Gone,
}

/// What the nodes at the tip say of an output, when they say the same.
fn common_word(
    coin: &AuditCoin,
    nodes: &[NodeView],
    doubts: &mut BTreeSet<String>,
) -> Option<Word> {
    if !followed_has(coin) && books_have(coin) == 0 {
        return Some(Word::Gone);
    }
    let key = name(coin);
    let mut first: Option<(&str, Option<&Worth>)> = None;
    for view in nodes {
        let NodeView::Same { node, unspent } = view else {
            continue;
        };
        let says = unspent.get(&key);
        match first {
            None => first = Some((node, says)),
            Some((other, before)) if before != says => {
                let (txid, vout) = key;
                doubts.insert(format!("{other} and {node} disagree about {txid}:{vout}"));
                return None;
            }
            Some(_) => {}
        }
    }
    let (node, says) = first?;
    Some(match says {
        None => Word::Gone,
        Some((amount, script)) => {
            if *amount != coin.output.amount.0 || *script != coin.output.script {
                let (txid, vout) = key;
                doubts.insert(format!(
                    "{node} has {txid}:{vout} with another value or script than was followed"
                ));
            }
            Word::Unspent { amount: *amount }
        }
    })
}

fn node_doubts(nodes: &[NodeView]) -> BTreeSet<String> {
    let mut doubts = BTreeSet::new();
    let mut is_seen = false;
    for view in nodes {
        match view {
            NodeView::Same { .. } => is_seen = true,
            NodeView::Behind { .. } => {}
            NodeView::Elsewhere {
                node,
                tip: (height, hash),
            } => {
                doubts.insert(format!(
                    "{node} is on another chain, with block {hash} at height {height}"
                ));
            }
            NodeView::Moved { node } => {
                doubts.insert(format!("the chain of {node} moved while it was looked at"));
            }
        }
    }
    if !is_seen && doubts.is_empty() {
        doubts.insert("no node is at the followed tip".into());
    }
    doubts
}

/// Why chain and books differ on an output, and whether coins are missing.
fn judge(
    coin: &AuditCoin,
    chain: Option<i64>,
    booked: i64,
    tip: Height,
    sights: &Sights<'_>,
) -> (bool, String) {
    if chain.is_some() {
        return (false, surplus(coin, booked, tip, sights));
    }
    if let Some(payout) = coin.gone.filter(|_| booked < 0) {
        let reason = format!("payout {payout} is confirmed, the one before it is not yet");
        return (false, reason);
    }
    if let Some((height, _, by)) = coin.spent {
        let deep = tip.0.saturating_sub(height.0).saturating_add(1);
        return match sights.view.payouts.get(&by) {
            Some(payout) if deep <= sights.settle_depth.saturating_add(CONFIRM_MARGIN) => {
                let depth = sights.settle_depth;
                let reason = format!("spent by payout {payout}, {deep} deep of {depth}");
                (false, reason)
            }
            Some(payout) => {
                let reason =
                    format!("spent by payout {payout}, {deep} deep and not confirmed in the books");
                (true, reason)
            }
            None => (
                true,
                format!("spent by {by}, which is no version of a payout of ours"),
            ),
        };
    }
    if coin.created.is_some() {
        let reason = "the nodes do not have it, though the followed chain does".to_owned();
        return (true, reason);
    }
    match coin.origin {
        CoinOrigin::Block {
            state: BlockState::Mature,
            height,
            ..
        } => (
            true,
            format!("the block at height {height} was credited and is not on the chain any more"),
        ),
        CoinOrigin::Block { height, .. } => (
            false,
            format!("the block at height {height} is not on the followed chain: reorganisation"),
        ),
        CoinOrigin::Change { payout } => (
            false,
            format!("payout {payout} was reorganised out and is sent again"),
        ),
        CoinOrigin::Other { .. } => (
            true,
            "a deposit that was booked is not on the chain any more".to_owned(),
        ),
    }
}

/// Why the chain has an output that the books do not hold.
fn surplus(coin: &AuditCoin, booked: i64, tip: Height, sights: &Sights<'_>) -> String {
    if let Some(payout) = coin.gone {
        return match booked {
            0 => format!("payout {payout} was reorganised out and is sent again"),
            _ => format!("payout {payout} is confirmed, the one before it is not yet"),
        };
    }
    if coin.came {
        return "worth more on the chain than in the books".to_owned();
    }
    let deep = coin
        .created
        .map_or(0, |(height, _)| tip.0.saturating_sub(height.0) + 1);
    match coin.origin {
        CoinOrigin::Block {
            rewarded: false, ..
        } => "output of our own coinbase beside the reward".to_owned(),
        CoinOrigin::Block { state, height, .. } => {
            format!("coinbase of the block at height {height}, which is {state} in the books")
        }
        CoinOrigin::Change { payout } => format!("change of payout {payout}"),
        CoinOrigin::Other { .. } => match sights.view.payouts.get(&coin.output.txid) {
            Some(payout) => {
                let depth = sights.settle_depth;
                format!("change of payout {payout}, {deep} deep of {depth}")
            }
            None if coin.output.coinbase => {
                format!("coinbase of a block that was not reported, {deep} deep")
            }
            None => format!("deposit not booked yet, {deep} deep"),
        },
    }
}

/// Losses that the pool's own accounts do not cover. A reserve below zero is lent by its method's
/// ruin bound, and fees of our transactions are paid back: neither is a loss. What strangers sent
/// covers nothing, because it may be asked back.
fn uncovered(view: &AuditView) -> i64 {
    let balance = |account: &Account| view.balances.pool.get(account).copied().unwrap_or(0);
    let lost = balance(&Account::OrphanLoss);
    if lost >= 0 {
        return 0;
    }
    [
        Account::Fee,
        Account::Donation,
        Account::Bonus,
        Account::PpsReserve,
        Account::Capital,
    ]
    .iter()
    .map(|account| balance(account).max(0))
    .fold(lost, i64::saturating_add)
    .min(0)
    .saturating_neg()
}

fn told(mut reasons: Vec<String>) -> String {
    let more = reasons.len().saturating_sub(TOLD);
    reasons.truncate(TOLD);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons.join("; ")
}

#[cfg(test)]
mod tests;
