//! Follows the best chain block by block, both ways.
//!
//! From the newest block that was followed: back to the last one that is still on the chain, then
//! forward to the tip. On the way it records who created and who spent each output of ours. Outputs
//! that nobody expected are booked to `unallocated` once they are settled, so that a stranger's
//! deposit is seen and stops nothing.

use std::collections::{BTreeSet, HashSet};

use chrono::DateTime;
use futures::{StreamExt, TryStreamExt, stream};
use ngpool_chain::{Address, BlockHash, Height, Txid};
use ngpool_rpc::v1::{BlockAtReply, ChainTransaction};
use ngpool_store::{ChainOutput, ChainSpender, FollowedBlock, Outpoint, Spend, StoreError};

use super::{
    Pass, SettleReport, StepError,
    nodes::{Node, NodeError},
};

/// Blocks fetched at once: hides the round trips, and the node's RPC queue (16) is not filled.
const AT_ONCE: usize = 8;

/// Blocks committed together, and inputs in them: a commit takes milliseconds, a block of a large
/// chain has thousands of inputs, and what is not committed is fetched again after a kill.
const BATCH_BLOCKS: usize = 256;
const BATCH_SPENDS: usize = 50_000;

/// How often another run or a reorganisation may get in between before the next run goes on.
const ATTEMPTS: usize = 100;

/// The scripts that pay us.
pub(crate) async fn our_scripts(pass: &Pass<'_>) -> Result<BTreeSet<Vec<u8>>, StepError> {
    let currency = &pass.settings.currency;
    let mut scripts: BTreeSet<_> = pass
        .store
        .known_scripts(&currency.code)
        .await?
        .into_iter()
        .collect();
    let change = &pass.settings.policy.change;
    for address in std::iter::once(&currency.subsidy_address).chain(change) {
        let parsed = Address::parse(address, &currency.network).map_err(|source| {
            StepError::SubsidyAddress {
                address: address.clone(),
                source,
            }
        })?;
        scripts.insert(parsed.script().to_vec());
    }
    Ok(scripts)
}

pub(crate) async fn follow(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let node = pass.best()?;
    let scripts = our_scripts(pass).await?;
    for _ in 0..ATTEMPTS {
        let next = match ancestor(pass, node).await? {
            Position::Behind => break,
            Position::Start(height) => height,
            Position::After(height) => height.next(),
        };
        // Only of these is it kept who spends them: a payout is recognised by its whole transaction.
        let mut coins = coins(pass).await?;
        let blocks = fetch(node, next, &scripts, &mut coins).await?;
        if blocks.is_empty() {
            break;
        }
        match pass.store.connect_blocks(pass.code(), &blocks).await {
            Ok(new) => report.followed += new,
            // Another run got in between: look again where it stands.
            Err(StoreError::NotContinuous { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    deposits(pass).await
}

enum Position {
    /// The node is behind what was followed, on the same chain: nothing to do.
    Behind,
    /// Nothing was followed yet: begin here.
    Start(Height),
    /// Goes on after this one.
    After(Height),
}

/// Walks back to the newest followed block that is on the node's best chain.
async fn ancestor(pass: &Pass<'_>, node: &Node) -> Result<Position, StepError> {
    let tip = node.tip()?;
    let mut followed = pass.store.followed_tip(pass.code()).await?;
    if followed.is_none() {
        return start(pass, tip.0).await;
    }
    let mut lowest = Height(0);
    while let Some((height, hash)) = followed {
        if height > tip.0 && pass.store.followed_at(pass.code(), tip.0).await? == Some(tip.1) {
            return Ok(Position::Behind);
        }
        if node.has(hash, height).await? {
            return Ok(Position::After(height));
        }
        tracing::info!(currency = pass.code(), %height, %hash, "block left the best chain");
        lowest = height;
        followed = pass
            .store
            .disconnect_block(pass.code(), hash, pass.at)
            .await?;
    }
    Err(StepError::TooDeep(lowest.0))
}

/// Before the first block of ours, deep enough that a reorganisation does not reach below.
async fn start(pass: &Pass<'_>, tip: Height) -> Result<Position, StepError> {
    let lowest = pass
        .store
        .lowest_block(pass.code())
        .await?
        .unwrap_or(tip)
        .min(tip);
    let margin = pass
        .settings
        .currency
        .maturity
        .max(pass.settings.currency.settle_depth);
    Ok(Position::Start(Height(lowest.0.saturating_sub(margin))))
}

/// The outputs of ours that the next blocks may spend.
async fn coins(pass: &Pass<'_>) -> Result<HashSet<Outpoint>, StepError> {
    let unspent = pass.store.unspent_outputs(pass.code()).await?;
    let outpoints = unspent.into_iter().map(|row| Outpoint {
        txid: row.output.txid,
        vout: row.output.vout,
    });
    Ok(outpoints.collect())
}

/// The next blocks of the node's best chain, as many as are committed together.
async fn fetch(
    node: &Node,
    from: Height,
    scripts: &BTreeSet<Vec<u8>>,
    coins: &mut HashSet<Outpoint>,
) -> Result<Vec<FollowedBlock>, StepError> {
    let heights = (from.0..=u32::MAX).take(BATCH_BLOCKS);
    let mut replies = stream::iter(heights)
        .map(async |height| Ok::<_, NodeError>((height, node.block_at(height).await?)))
        .buffered(AT_ONCE);
    let mut blocks: Vec<FollowedBlock> = Vec::new();
    let mut spends = 0;
    while let Some((height, Some(reply))) = replies.try_next().await? {
        let block = read_block(node, height, &reply, scripts, coins)?;
        // The chain may change between two answers: what does not fit together is asked again.
        if blocks
            .last()
            .is_some_and(|last| last.hash != block.previous_hash)
        {
            break;
        }
        spends += block.spends.len();
        blocks.push(block);
        if spends >= BATCH_SPENDS {
            break;
        }
    }
    Ok(blocks)
}

fn read_block(
    node: &Node,
    height: u32,
    reply: &BlockAtReply,
    scripts: &BTreeSet<Vec<u8>>,
    coins: &mut HashSet<Outpoint>,
) -> Result<FollowedBlock, NodeError> {
    let hash = |bytes: &[u8]| {
        BlockHash::from_slice(bytes).ok_or(node.nonsense("a block hash that is no hash"))
    };
    let mut block = FollowedBlock {
        height: Height(height),
        hash: hash(&reply.hash)?,
        // Block 0 has none before it.
        previous_hash: if height == 0 {
            BlockHash::default()
        } else {
            hash(&reply.previous_hash)?
        },
        time: DateTime::from_timestamp(i64::from(reply.time), 0).unwrap_or_default(),
        coinbase_value: ngpool_chain::Amount(reply.transactions.first().map_or(0, value)),
        outputs: Vec::new(),
        spends: Vec::new(),
        spenders: Vec::new(),
    };
    for (place, transaction) in reply.transactions.iter().enumerate() {
        let txid = txid(node, &transaction.txid)?;
        for output in outputs(transaction, txid, place == 0, scripts) {
            coins.insert(Outpoint {
                txid,
                vout: output.vout,
            });
            block.outputs.push(output);
        }
        // A coinbase spends nothing.
        if place == 0 {
            continue;
        }
        let inputs = transaction
            .spends
            .iter()
            .map(|spent| {
                Ok(Outpoint {
                    txid: self::txid(node, &spent.txid)?,
                    vout: spent.vout,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        block.spends.extend(inputs.iter().map(|input| Spend {
            txid: input.txid,
            vout: input.vout,
            by: txid,
        }));
        if inputs.iter().any(|input| coins.contains(input)) {
            block.spenders.push(ChainSpender {
                txid,
                inputs,
                outputs: transaction
                    .outputs
                    .iter()
                    .map(|output| (ngpool_chain::Amount(output.amount), output.script.to_vec()))
                    .collect(),
            });
        }
    }
    Ok(block)
}

fn outputs<'a>(
    transaction: &'a ChainTransaction,
    txid: Txid,
    coinbase: bool,
    scripts: &'a BTreeSet<Vec<u8>>,
) -> impl Iterator<Item = ChainOutput> + 'a {
    let ours = transaction
        .outputs
        .iter()
        .filter(|output| scripts.contains(output.script.as_ref()));
    ours.map(move |output| ChainOutput {
        txid,
        vout: output.vout,
        amount: ngpool_chain::Amount(output.amount),
        script: output.script.to_vec(),
        coinbase,
    })
}

/// What a transaction pays in all. A node that says more than there are coins is not believed more.
fn value(transaction: &ChainTransaction) -> i64 {
    let outputs = transaction.outputs.iter();
    outputs.fold(0, |sum: i64, output| {
        sum.saturating_add(output.amount.max(0))
    })
}

fn txid(node: &Node, bytes: &[u8]) -> Result<Txid, NodeError> {
    Txid::from_slice(bytes).ok_or(node.nonsense("a transaction id that is no hash"))
}

/// Books outputs nobody expected: others' when they are settled, a coinbase's when it is mature, for
/// the report of a block of ours may come late.
async fn deposits(pass: &Pass<'_>) -> Result<(), StepError> {
    let Some((tip, _)) = pass.store.followed_tip(pass.code()).await? else {
        return Ok(());
    };
    let currency = &pass.settings.currency;
    for (depth, coinbase) in [(currency.settle_depth, false), (currency.maturity, true)] {
        let Some(height) = tip.0.checked_sub(depth) else {
            continue;
        };
        let expected = |output: &ChainOutput| output.coinbase != coinbase;
        let booked = pass
            .store
            .book_deposits(pass.code(), Height(height), expected, pass.at)
            .await?;
        for output in booked {
            let ChainOutput {
                txid, vout, amount, ..
            } = output;
            tracing::warn!(
                currency = pass.code(),
                %txid,
                vout,
                amount = amount.to_decimal(currency.decimals),
                "deposit nobody expected, booked to unallocated"
            );
        }
    }
    Ok(())
}
