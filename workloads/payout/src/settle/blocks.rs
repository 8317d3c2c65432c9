//! The life of our blocks: what the nodes say becomes a step in the books.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_accounting::{Payee, restate};
use ngpool_chain::{BlockHash, Height};
use ngpool_rpc::v1::SubmitOutcome;
use ngpool_store::{BlockState, OpenBlock, StoreError};

use super::{
    Change, Pass, SettleReport, StepError, follow,
    judge::{Rules, Sight, Verdict, judge},
    split::split,
    taken,
};

/// Blocks under the tip down to which settled blocks are looked at again: as far as the follower
/// remembers the chain, deeper than any reorganisation that a node survives.
const WATCHED: u32 = 2_000;

pub(super) async fn settle(
    pass: &Pass<'_>,
    report: &mut SettleReport,
    is_followed: bool,
) -> Result<(), StepError> {
    let tip = pass.best()?.tip()?;
    let down_to = Height(tip.0.0.saturating_sub(WATCHED));
    let blocks = pass.store.open_blocks(pass.code(), down_to).await?;
    // Before anything is accepted, so that no coin is held twice.
    for output in pass.store.take_back_deposits(pass.code(), pass.at).await? {
        tracing::info!(
            currency = pass.code(),
            txid = %output.txid,
            "deposit is the coinbase of a block reported late: taken back"
        );
    }
    // Where every node is on the chain that was followed, that chain tells of the settled blocks.
    let mut followed = BTreeMap::new();
    if is_followed
        && pass
            .nodes
            .answering()
            .all(|node| node.tip().is_ok_and(|at| at == tip))
    {
        followed = pass.store.followed_hashes(pass.code()).await?;
        if followed.last_key_value() != Some((&tip.0, &tip.1)) {
            followed.clear();
        }
    }
    let (settled, blocks): (Vec<_>, Vec<_>) = blocks
        .into_iter()
        .partition(|block| is_settled(block, &followed));
    let asked: Vec<_> = blocks
        .iter()
        .map(|block| (block.key.hash, block.height.0))
        .collect();
    let sights = pass.nodes.sights(&asked).await;

    let settler = Settler {
        pass,
        scripts: follow::our_scripts(pass).await?,
        ahead: taken::ahead(pass)
            .await?
            .into_iter()
            .map(|(_, text)| text)
            .collect(),
    };
    let mut failures = Vec::new();
    let mut confirmations: Vec<_> = settled
        .iter()
        .filter(|block| block.state == BlockState::Mature)
        .map(|block| {
            (
                block.key.hash,
                tip.0.0.saturating_sub(block.height.0).saturating_add(1),
            )
        })
        .collect();
    for block in &blocks {
        let sights = sights.get(&block.key.hash).map_or(&[][..], Vec::as_slice);
        let verdict = judge(sights, settler.rules());
        let counted = match &verdict {
            Verdict::Ours { confirmations, .. } => *confirmations,
            _ => 0,
        };
        confirmations.push((block.key.hash, counted));
        match settler.advance(block, &verdict, sights, report).await {
            Ok(()) => {}
            Err(error @ StepError::Store(StoreError::Away(_))) => return Err(error),
            Err(error) => failures.push(super::with_sources(&error)),
        }
    }
    pass.store
        .set_confirmations_of(pass.code(), &confirmations)
        .await?;
    super::together(failures)
}

/// Whether the followed chain shows already that nothing changed: then no node is asked.
fn is_settled(block: &OpenBlock, followed: &BTreeMap<Height, BlockHash>) -> bool {
    let Some(at_height) = followed.get(&block.height) else {
        return false;
    };
    match block.state {
        BlockState::Mature => *at_height == block.key.hash,
        BlockState::Orphaned | BlockState::Rejected => *at_height != block.key.hash,
        BlockState::Reported | BlockState::Accepted => false,
    }
}

struct Settler<'a> {
    pass: &'a Pass<'a>,
    scripts: BTreeSet<Vec<u8>>,
    /// Why nothing is split now: statements of a signer are missing that may say how.
    ahead: Vec<String>,
}

impl Settler<'_> {
    fn rules(&self) -> Rules {
        let currency = &self.pass.settings.currency;
        Rules {
            maturity: currency.maturity,
            settle_depth: currency.settle_depth,
            nodes: self.pass.settings.coinservers.len(),
        }
    }

    /// Does every step that the verdict allows: a block found while nobody looked may be mature at
    /// once.
    async fn advance(
        &self,
        block: &OpenBlock,
        verdict: &Verdict,
        sights: &[Sight],
        report: &mut SettleReport,
    ) -> Result<(), StepError> {
        let mut state = block.state;
        match verdict {
            Verdict::Ours {
                confirmations,
                disputed_by,
            } => {
                if matches!(
                    state,
                    BlockState::Reported | BlockState::Rejected | BlockState::Orphaned
                ) {
                    let Some(next) = self.take(block, sights, report).await? else {
                        return Ok(());
                    };
                    self.changed(block, &mut state, next, "", report);
                }
                if state != BlockState::Accepted || *confirmations < self.rules().maturity {
                    return Ok(());
                }
                if !disputed_by.is_empty() {
                    let reason = format!("{} has another block there", disputed_by.join(" and "));
                    return self.wait(block, state, reason, report).await;
                }
                if self
                    .pass
                    .store
                    .mature_block(&block.key, self.pass.at)
                    .await?
                {
                    self.changed(block, &mut state, BlockState::Mature, "", report);
                }
            }
            Verdict::Other => {
                if matches!(state, BlockState::Orphaned | BlockState::Rejected) {
                    return Ok(());
                }
                let reason = "another block is at its height";
                if self
                    .pass
                    .store
                    .orphan_block(&block.key, reason, self.pass.at)
                    .await?
                {
                    self.changed(block, &mut state, BlockState::Orphaned, reason, report);
                }
            }
            Verdict::Unclear { reason, unknown } => {
                let refused = refusal(block).filter(|_| *unknown && state == BlockState::Reported);
                if let Some(words) = refused {
                    if self
                        .pass
                        .store
                        .reject_block(&block.key, &words, self.pass.at)
                        .await?
                    {
                        self.changed(block, &mut state, BlockState::Rejected, &words, report);
                    }
                } else if matches!(state, BlockState::Reported | BlockState::Accepted) {
                    self.wait(block, state, reason.clone(), report).await?;
                }
            }
        }
        Ok(())
    }

    /// Takes a block that is on a best chain into the books: accepts or restores it. None while it
    /// has to wait, or when another run did it.
    async fn take(
        &self,
        block: &OpenBlock,
        sights: &[Sight],
        report: &mut SettleReport,
    ) -> Result<Option<BlockState>, StepError> {
        let (store, at) = (self.pass.store, self.pass.at);
        if block.was_accepted {
            let restored = store.restore_block(&block.key, at).await?;
            let to = if block.was_mature {
                BlockState::Mature
            } else {
                BlockState::Accepted
            };
            return Ok(restored.then_some(to));
        }
        let missing = store
            .missing_cuts(&block.key, &self.pass.settings.sharechains)
            .await?;
        if !missing.is_empty() {
            let reason = format!("waits for the cut of {}", missing.join(", "));
            self.wait(block, block.state, reason, report).await?;
            return Ok(None);
        }
        if let Some(why) = self.ahead.first() {
            self.wait(block, block.state, why.clone(), report).await?;
            return Ok(None);
        }
        self.check_coinbase(block, sights).await?;
        let cuts = store.cuts(&block.key).await?;
        let (mut split, windows) = split(store, &self.pass.settings.currency, block, &cuts).await?;
        let stated = store.taken_of_block(&block.key).await?;
        if !stated.is_empty() {
            let stated = stated.iter().map(taken::read);
            let stated = stated.collect::<Result<Vec<_>, _>>()?;
            let finder = Payee::new(block.finder.clone());
            split = restate(split, &stated, &finder).map_err(|error| StepError::Split {
                block: block.key.hash,
                what: error.to_string(),
            })?;
        }
        let accepted = store.accept_block(&block.key, &split, &windows, at).await?;
        Ok(accepted.then_some(BlockState::Accepted))
    }

    /// The reward is what the coinbase on the chain pays to a script of ours, whatever was reported.
    async fn check_coinbase(&self, block: &OpenBlock, sights: &[Sight]) -> Result<(), StepError> {
        let wrong = |what: String| StepError::Coinbase {
            block: block.key.hash,
            what,
        };
        let has_it = |name: &str| {
            sights
                .iter()
                .any(|sight| sight.node == name && sight.confirmations.is_some())
        };
        let node = self.pass.nodes.answering().find(|node| has_it(&node.name));
        let node = node.ok_or_else(|| wrong("no node has it any more".into()))?;
        let on_chain = node.block_at(block.height.0).await?;
        let on_chain = on_chain.filter(|found| found.hash == block.key.hash.as_bytes().as_slice());
        let on_chain = on_chain.ok_or_else(|| wrong("it left the chain of its node".into()))?;
        let coinbase = on_chain
            .transactions
            .first()
            .filter(|coinbase| coinbase.txid == block.coinbase_txid.as_bytes().as_slice())
            .ok_or_else(|| wrong(format!("its coinbase is not {}", block.coinbase_txid)))?;
        if !self.scripts.contains(&block.script) {
            let script = hex::encode(&block.script);
            return Err(wrong(format!(
                "it pays script {script}, which was never ours"
            )));
        }
        let paid = coinbase
            .outputs
            .iter()
            .filter(|output| output.script == block.script)
            .try_fold(0_i64, |sum, output| sum.checked_add(output.amount));
        if paid == Some(block.reward.0) {
            Ok(())
        } else {
            let paid = paid.map_or("too much".into(), |paid| paid.to_string());
            Err(wrong(format!(
                "it pays us {paid}, reported were {}",
                block.reward
            )))
        }
    }

    async fn wait(
        &self,
        block: &OpenBlock,
        state: BlockState,
        reason: String,
        report: &mut SettleReport,
    ) -> Result<(), StepError> {
        self.pass
            .store
            .explain_block(&block.key, state, &reason)
            .await?;
        tracing::debug!(block = %block.key.hash, %state, reason, "block waits");
        report.waiting.push(format!(
            "block {} at height {}: {reason}",
            block.key.hash, block.height
        ));
        Ok(())
    }

    fn changed(
        &self,
        block: &OpenBlock,
        state: &mut BlockState,
        to: BlockState,
        reason: &str,
        report: &mut SettleReport,
    ) {
        let from = std::mem::replace(state, to);
        let currency = &self.pass.settings.currency;
        let reward = block.reward.to_decimal(currency.decimals);
        if from == BlockState::Mature {
            tracing::error!(
                currency = currency.code, block = %block.key.hash, height = %block.height, reward,
                "a credited block left the chain: its reward is booked to orphan_loss, the payees keep theirs"
            );
        }
        tracing::info!(
            currency = currency.code, block = %block.key.hash, height = %block.height, reward, %from, %to,
            reason, "block changed"
        );
        report.changes.push(Change {
            block: block.key.hash,
            from,
            to,
        });
    }
}

/// What the nodes said, when every one of them refused the block for good.
fn refusal(block: &OpenBlock) -> Option<String> {
    let refused = |outcome: i32| outcome == SubmitOutcome::Rejected as i32;
    let all = block.is_final
        && !block.answers.is_empty()
        && block.answers.iter().all(|answer| refused(answer.outcome));
    all.then(|| {
        let words = block
            .answers
            .iter()
            .map(|a| format!("{}: {}", a.node, a.reason));
        words.collect::<Vec<_>>().join("; ")
    })
}
