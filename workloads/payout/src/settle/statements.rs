//! Signs what was credited: one chain of statements per currency and sharechain.
//!
//! A statement is made when a block matures, so the statements sum to what the payees were ever
//! credited: a signer that follows them knows the bound of what may be paid. The encoding is
//! [`StatementBody`]'s.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use ngpool_accounting::{Leaf, Payee, StatementBody, StatementEntry, SumTree};
use ngpool_chain::{Address, BlockHash};
use ngpool_store::{BlockKey, FrozenPart, SignedStatement, StoreError};

use super::{Pass, SettleReport, StepError, key};

/// Two runs at once sign the same parts: the one that comes second looks again.
const ATTEMPTS: usize = 5;

/// The published split behind a frozen part: what the root in its statement is of. Payees named by
/// an address are public, as their payouts are.
///
/// None when an amount in it is negative, which the database never holds.
pub fn published_split(part: &FrozenPart) -> Option<SumTree> {
    let leaves = part.credits.iter().map(|(payee, work, amount)| {
        let amount = u64::try_from(amount.0).ok()?;
        Some(Leaf::public(&Payee::new(payee.as_str()), *work, amount))
    });
    leaves.collect::<Option<Vec<_>>>().map(SumTree::new)
}

pub(super) async fn sign(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let key = key::load_or_create(&pass.settings.statement_key_file)?;
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let parts = pass.store.unstated_parts(pass.code()).await?;
        if parts.is_empty() {
            return Ok(());
        }
        let mut raced = None;
        for (block, sharechain) in parts {
            match append(pass, &key, block, &sharechain).await {
                Ok(new) => report.statements += usize::from(new),
                Err(StepError::Store(
                    error @ (StoreError::StatementChain { .. } | StoreError::Refused(_)),
                )) => {
                    raced = Some((sharechain, error));
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        match raced {
            Some(race) => last = Some(race),
            None => return Ok(()),
        }
    }
    match last {
        Some((_, error @ StoreError::Refused(_))) => Err(error.into()),
        Some((sharechain, _)) => Err(StepError::StatementsBusy(sharechain)),
        None => Ok(()),
    }
}

async fn append(
    pass: &Pass<'_>,
    key: &SigningKey,
    block: BlockHash,
    sharechain: &str,
) -> Result<bool, StepError> {
    let last = pass.store.last_statement(pass.code(), sharechain).await?;
    let (number, previous) = last.map_or((1, [0; 32]), |last| (last.seq + 1, last.digest));
    let block_key = BlockKey {
        currency: pass.code().to_owned(),
        hash: block,
    };
    let frozen = |what| StepError::Frozen {
        block,
        sharechain: sharechain.to_owned(),
        what,
    };
    let part = pass
        .store
        .frozen_part(&block_key, sharechain)
        .await?
        .ok_or_else(|| frozen("is not there"))?;
    let body = body(pass, block, sharechain, &part, number, previous)
        .ok_or_else(|| frozen("holds a negative amount"))?;
    if !body.adds_up() {
        return Err(frozen("does not add up"));
    }
    let bytes = body.encode();
    let statement = SignedStatement {
        currency: pass.code().to_owned(),
        sharechain: sharechain.to_owned(),
        seq: number,
        previous,
        digest: body.digest(),
        signature: key.sign(&bytes).to_bytes(),
        key: key.verifying_key().to_bytes(),
        body: bytes,
        block,
        signed_at: pass.at,
    };
    Ok(pass.store.append_statement(&statement).await?)
}

fn body(
    pass: &Pass<'_>,
    block: BlockHash,
    sharechain: &str,
    part: &FrozenPart,
    number: u64,
    previous: [u8; 32],
) -> Option<StatementBody> {
    let network = &pass.settings.currency.network;
    let mut entries = BTreeMap::new();
    for (payee, _, amount) in part.credits.iter().filter(|(_, _, amount)| amount.0 != 0) {
        // A payee of another kind than an address of this currency has no script yet.
        let script = Address::parse(payee, network).map(|address| address.script().to_vec());
        let entry = StatementEntry {
            script: script.unwrap_or_default(),
            amount: u64::try_from(amount.0).ok()?,
        };
        entries.insert(Payee::new(payee.as_str()), entry);
    }
    Some(StatementBody {
        currency: pass.code().to_owned(),
        genesis: network.genesis_hash.to_bytes(),
        sharechain: sharechain.to_owned(),
        number,
        previous,
        block: block.to_bytes(),
        height: part.height.0,
        reward: u64::try_from(part.reward.0).ok()?,
        amount: u64::try_from(part.amount.0).ok()?,
        fee: u64::try_from(part.fee.0).ok()?,
        root: published_split(part)?.root().hash,
        entries,
    })
}
