//! Signs what was credited: one chain of statements per currency and sharechain.
//!
//! A statement is made when a block matures or a period of bought work is closed, so the statements sum
//! to what the payees were ever credited: a signer that follows them knows the bound of what may be paid. The encoding is
//! [`StatementBody`]'s.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use ngpool_accounting::{Leaf, Payee, StatementBody, StatementEntry, Subject, SumTree};
use ngpool_chain::{Address, Amount, BlockHash};
use ngpool_store::{
    BlockKey, FrozenPart, PpsPeriod, SignedStatement, StatementSubject, StoreError,
};

use super::{Pass, SettleReport, StepError, key, taken};

/// Two runs at once sign the same parts: the one that comes second looks again.
const ATTEMPTS: usize = 5;

/// The published split behind a frozen part: what the root in its statement is of. Payees named by
/// an address are public, as their payouts are.
///
/// None when an amount in it is negative, which the database never holds.
pub fn published_split(part: &FrozenPart) -> Option<SumTree> {
    tree(&part.credits)
}

/// The same behind a period of bought work.
pub fn published_period(period: &PpsPeriod) -> Option<SumTree> {
    tree(&period.credits)
}

fn tree(credits: &[(String, u128, Amount)]) -> Option<SumTree> {
    let leaves = credits.iter().map(|(payee, work, amount)| {
        let amount = u64::try_from(amount.0).ok()?;
        Some(Leaf::public(&Payee::new(payee.as_str()), *work, amount))
    });
    leaves.collect::<Option<Vec<_>>>().map(SumTree::new)
}

pub(super) async fn sign(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let held = taken::append(pass, report).await?;
    let key = key::load_or_create(&pass.settings.statement_key_file)?;
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let mut parts = pass.store.unstated_parts(pass.code()).await?;
        parts.retain(|(_, sharechain)| !held.contains(sharechain));
        if parts.is_empty() {
            return Ok(());
        }
        let mut raced = None;
        for (subject, sharechain) in parts {
            match append(pass, &key, subject, &sharechain).await {
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
    subject: StatementSubject,
    sharechain: &str,
) -> Result<bool, StepError> {
    let last = pass.store.last_statement(pass.code(), sharechain).await?;
    let (number, previous) = last.map_or((1, [0; 32]), |last| (last.seq + 1, last.digest));
    let frozen = |what| StepError::Frozen {
        subject: subject_text(subject),
        sharechain: sharechain.to_owned(),
        what,
    };
    let body = content(pass, subject, sharechain).await?;
    let body = body.ok_or_else(|| frozen("is not there, or holds a negative amount"))?;
    let body = StatementBody {
        number,
        previous,
        ..body
    };
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
        subject,
        signed_at: pass.at,
    };
    Ok(pass.store.append_statement(&statement).await?)
}

/// What was credited of a subject on a sharechain; none while it is not.
pub(super) async fn credited(
    pass: &Pass<'_>,
    subject: StatementSubject,
    sharechain: &str,
) -> Result<Option<StatementBody>, StepError> {
    if let StatementSubject::Block(hash) = subject {
        let currency = pass.code().to_owned();
        let block = BlockKey { currency, hash };
        if !pass.store.is_credited(&block).await? {
            return Ok(None);
        }
    }
    content(pass, subject, sharechain).await
}

async fn content(
    pass: &Pass<'_>,
    subject: StatementSubject,
    sharechain: &str,
) -> Result<Option<StatementBody>, StepError> {
    match subject {
        StatementSubject::Block(block) => of_block(pass, block, sharechain).await,
        StatementSubject::Period(period) => of_period(pass, period, sharechain).await,
    }
}

pub(super) fn subject_text(subject: StatementSubject) -> String {
    match subject {
        StatementSubject::Block(block) => format!("block {block}"),
        StatementSubject::Period(period) => format!("period {period}"),
    }
}

async fn of_block(
    pass: &Pass<'_>,
    block: BlockHash,
    sharechain: &str,
) -> Result<Option<StatementBody>, StepError> {
    let key = BlockKey {
        currency: pass.code().to_owned(),
        hash: block,
    };
    let part = pass.store.frozen_part(&key, sharechain).await?;
    Ok(part.and_then(|part| {
        let amount = |amount: Amount| u64::try_from(amount.0).ok();
        Some(StatementBody {
            amount: amount(part.amount)?,
            fee: amount(part.fee)?,
            donation: amount(part.donation)?,
            reserve: amount(part.reserve)?,
            bonus: amount(part.bonus)?,
            ..body(
                pass,
                sharechain,
                Subject::Block {
                    hash: block.to_bytes(),
                    height: part.height.0,
                    reward: amount(part.reward)?,
                },
                &part.credits,
            )?
        })
    }))
}

async fn of_period(
    pass: &Pass<'_>,
    number: u64,
    sharechain: &str,
) -> Result<Option<StatementBody>, StepError> {
    let period = pass
        .store
        .pps_period(pass.code(), sharechain, number)
        .await?;
    Ok(period.and_then(|PpsPeriod { period, credits }| {
        let amount = |amount: Amount| u64::try_from(amount.0).ok();
        Some(StatementBody {
            amount: amount(period.amount)?,
            fee: amount(period.fee)?,
            donation: amount(period.donation)?,
            ..body(
                pass,
                sharechain,
                Subject::Period {
                    number,
                    after: period.after,
                    to: period.to,
                },
                &credits,
            )?
        })
    }))
}

/// A statement of these credits; number, chain and amounts are filled in by whoever knows them. None
/// when an amount is negative, which the database never holds.
fn body(
    pass: &Pass<'_>,
    sharechain: &str,
    subject: Subject,
    credits: &[(String, u128, Amount)],
) -> Option<StatementBody> {
    let network = &pass.settings.currency.network;
    let mut entries = BTreeMap::new();
    for (payee, _, amount) in credits.iter().filter(|(_, _, amount)| amount.0 != 0) {
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
        number: 0,
        previous: [0; 32],
        subject,
        amount: 0,
        fee: 0,
        donation: 0,
        reserve: 0,
        bonus: 0,
        root: tree(credits)?.root().hash,
        entries,
    })
}
