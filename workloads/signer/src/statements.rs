//! Verifying the settle job's statements: the only source of what may be paid.

use std::collections::BTreeMap;

use bitcoin::ScriptBuf;
use ed25519_dalek::{Signature, VerifyingKey};
use ngpool_accounting::{StatementBody, StatementError, Subject};
use ngpool_chain::BlockHash;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    books::{Books, StatementRecord, SubjectRecord, Timestamp},
    encoding::Hex,
    request::{POOL_FEE, Statement, StatementsAfter},
};

/// What a statement must agree with.
#[derive(Debug, Clone, Copy)]
pub struct StatementRules<'a> {
    /// Code of the currency.
    pub currency: &'a str,
    /// Hash of the chain's block 0.
    pub genesis: BlockHash,
    /// Keys whose statements count.
    pub keys: &'a [VerifyingKey],
    /// Most that one block may credit.
    pub max_block_reward: u64,
    /// Most that periods of bought work may credit beyond what blocks brought to the reserve.
    pub max_pps_ahead: u64,
}

/// Why a statement is not booked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatementRefusal {
    /// No pinned key signed these bytes.
    #[error(
        "a statement is not signed by a statement key of the policy: if the pool changed its key, \
         add the new one there"
    )]
    Signature,
    /// The bytes are not a statement.
    #[error("a signed statement cannot be read: {0}")]
    Body(#[from] StatementError),
    /// The digest beside the body is another's.
    #[error("statement {sharechain} {number} comes with a digest that is not its own")]
    Digest {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
    },
    /// It is about another currency or chain.
    #[error("a statement is about {currency} on the chain {genesis}, not about this signer's")]
    Chain {
        /// As it says.
        currency: String,
        /// As it says.
        genesis: BlockHash,
    },
    /// Two different statements have one number: the pool's key signed two histories.
    #[error(
        "statement {sharechain} {number} is not the one booked before under that number, or does \
         not follow it: the pool's statement key has signed two histories"
    )]
    Fork {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
    },
    /// It follows statements that the signer does not have.
    #[error(
        "statement {sharechain} {number} follows statements that this signer does not have: send \
         those after {after} first"
    )]
    Gap {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
        /// Number of the last that the signer has.
        after: u64,
    },
    /// The block was stated before, or with other numbers.
    #[error("statement {sharechain} {number} states a block again or with another reward")]
    Block {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
    },
    /// The block pays more than any block does.
    #[error(
        "statement {sharechain} {number} has a reward of {reward}, more than the policy's {limit}"
    )]
    Reward {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
        /// As it says.
        reward: u64,
        /// The policy's limit.
        limit: u64,
    },
    /// A period of bought work that does not follow the one before it.
    #[error(
        "statement {sharechain} {number} is about a period of bought work that does not follow the \
         one before it: the same work would be paid twice"
    )]
    Period {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
    },
    /// Periods of bought work credit more than the reserve can hold.
    #[error(
        "statement {sharechain} {number} brings what was paid for bought work to {ahead} more than \
         blocks brought to the reserve, and the policy's maxPpsAhead is {limit}: raise it by the \
         capital that was put into the reserve"
    )]
    Reserve {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
        /// How much more.
        ahead: u128,
        /// The policy's limit.
        limit: u64,
    },
    /// It credits a name that no payee has.
    #[error("statement {sharechain} {number} credits `{POOL_FEE}`, which only fees do")]
    Payee {
        /// Its sharechain.
        sharechain: String,
        /// Its number.
        number: u64,
    },
}

impl StatementRefusal {
    /// Stable code of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Signature => "statement_signature",
            Self::Body(_) => "statement_body",
            Self::Digest { .. } => "statement_digest",
            Self::Chain { .. } => "statement_chain",
            Self::Fork { .. } => "statement_fork",
            Self::Gap { .. } => "statement_gap",
            Self::Block { .. } => "statement_block",
            Self::Reward { .. } => "statement_reward",
            Self::Period { .. } => "statement_period",
            Self::Reserve { .. } => "statement_reserve",
            Self::Payee { .. } => "statement_payee",
        }
    }

    /// The statements that are missing, when that is all.
    pub fn missing(&self) -> Option<StatementsAfter> {
        match self {
            Self::Gap {
                sharechain, after, ..
            } => Some(StatementsAfter {
                sharechain: sharechain.clone(),
                after: *after,
            }),
            _ => None,
        }
    }
}

/// Verifies one statement against the books. None when it was booked before.
pub fn verify(
    statement: &Statement,
    books: &Books,
    rules: &StatementRules<'_>,
    now: Timestamp,
) -> Result<Option<StatementRecord>, StatementRefusal> {
    let bytes = &statement.body.0;
    let signature = Signature::from_bytes(&statement.signature.0);
    if !rules
        .keys
        .iter()
        .any(|key| key.verify_strict(bytes, &signature).is_ok())
    {
        return Err(StatementRefusal::Signature);
    }
    let body = StatementBody::decode(bytes)?;
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let (sharechain, number) = (body.sharechain.clone(), body.number);
    if digest != statement.digest.0 {
        return Err(StatementRefusal::Digest { sharechain, number });
    }
    let genesis = BlockHash::from_bytes(body.genesis);
    if body.currency != rules.currency || genesis != rules.genesis {
        return Err(StatementRefusal::Chain {
            currency: body.currency,
            genesis,
        });
    }
    let chain = books.chain(&sharechain);
    // A count in memory fits.
    let after = chain.len() as u64;
    if number > after.saturating_add(1) {
        return Err(StatementRefusal::Gap {
            sharechain,
            number,
            after,
        });
    }
    let booked = |number: u64| {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        chain.get(index).copied()
    };
    if number <= after {
        return if booked(number) == Some(digest) {
            Ok(None)
        } else {
            Err(StatementRefusal::Fork { sharechain, number })
        };
    }
    if body.previous != booked(after).unwrap_or_default() {
        return Err(StatementRefusal::Fork { sharechain, number });
    }
    match body.subject {
        Subject::Block { hash, reward, .. } => {
            check_block(&body, (hash, reward), books, rules.max_block_reward)?;
        }
        Subject::Period {
            number: period,
            after,
            ..
        } => check_period(&body, (period, after), books, rules.max_pps_ahead)?,
    }
    record(body, statement, books, now)
        .map(Some)
        .ok_or(StatementRefusal::Payee { sharechain, number })
}

/// A block is stated once by each sharechain, and pays no more than it has.
fn check_block(
    body: &StatementBody,
    (hash, reward): ([u8; 32], u64),
    books: &Books,
    limit: u64,
) -> Result<(), StatementRefusal> {
    let (sharechain, number) = (body.sharechain.clone(), body.number);
    if reward > limit {
        return Err(StatementRefusal::Reward {
            sharechain,
            number,
            reward,
            limit,
        });
    }
    let fits = books.block(&hash).is_none_or(|block| {
        let stated = block.stated.checked_add(body.amount);
        block.reward == reward
            && stated.is_some_and(|stated| stated <= reward)
            && !block.sharechains.contains(&sharechain)
    });
    if fits {
        Ok(())
    } else {
        Err(StatementRefusal::Block { sharechain, number })
    }
}

/// Bought work is paid once, out of what blocks brought to the reserve and the capital in it.
fn check_period(
    body: &StatementBody,
    (period, after): (u64, u64),
    books: &Books,
    limit: u64,
) -> Result<(), StatementRefusal> {
    let (sharechain, number) = (body.sharechain.clone(), body.number);
    let (last, last_to) = books.last_period(&sharechain);
    if last.checked_add(1) != Some(period) || after < last_to {
        return Err(StatementRefusal::Period { sharechain, number });
    }
    let (brought, paid) = books.reserve();
    let ahead = (paid + u128::from(body.amount)).saturating_sub(brought);
    if ahead > u128::from(limit) {
        return Err(StatementRefusal::Reserve {
            sharechain,
            number,
            ahead,
            limit,
        });
    }
    Ok(())
}

fn record(
    body: StatementBody,
    whole: &Statement,
    books: &Books,
    now: Timestamp,
) -> Option<StatementRecord> {
    let subject = match body.subject {
        Subject::Block { hash, reward, .. } => SubjectRecord::Block {
            hash: Hex(hash),
            reward,
        },
        Subject::Period { number, to, .. } => SubjectRecord::Period { number, to },
    };
    // Both are the pool's to draw, and the sum is within the amount.
    let fee = body.fee.saturating_add(body.donation);
    let mut credits = BTreeMap::new();
    let mut scripts = BTreeMap::new();
    for (payee, entry) in body.entries {
        let name = payee.as_str();
        if name == POOL_FEE {
            return None;
        }
        let script = ScriptBuf::from_bytes(entry.script);
        let is_known = books
            .scripts(name)
            .is_some_and(|scripts| scripts.contains_key(&script));
        if !script.is_empty() && !is_known {
            scripts.insert(name.to_owned(), script);
        }
        credits.insert(name.to_owned(), entry.amount);
    }
    Some(StatementRecord {
        sharechain: body.sharechain,
        number: body.number,
        digest: whole.digest,
        subject,
        amount: body.amount,
        fee,
        reserve: body.reserve,
        credits,
        scripts,
        at: now,
        whole: Some(whole.clone()),
    })
}
