//! The statement of a block's split: what is signed, byte for byte.
//!
//! One encoding per content: every integer big-endian, every text and script with its length (u32)
//! before it, payees in the order of their ids, each once. A statement names the digest of the one
//! before it in its (currency, sharechain), so that none can be taken out or put in between.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::Payee;

/// Opens every statement: no other signed thing starts like it.
const TAG: &[u8] = b"ngpool/statement/1\n";

/// What one payee is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementEntry {
    /// Script that pays him; empty when it is not known yet.
    pub script: Vec<u8>,
    /// Base units.
    pub amount: u64,
}

/// The content of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementBody {
    /// Code of the currency.
    pub currency: String,
    /// Hash of the chain's block 0, internal byte order.
    pub genesis: [u8; 32],
    /// Name of the sharechain.
    pub sharechain: String,
    /// 1 for the first of (currency, sharechain), then without a gap.
    pub number: u64,
    /// Digest of the statement before; zeros for the first.
    pub previous: [u8; 32],
    /// Hash of the block, internal byte order.
    pub block: [u8; 32],
    /// Its height.
    pub height: u32,
    /// The whole reward of the block.
    pub reward: u64,
    /// The sharechain's part of it.
    pub amount: u64,
    /// The pool's fee in it.
    pub fee: u64,
    /// Hash of the published split's root.
    pub root: [u8; 32],
    /// Credits; with the fee they sum to `amount`.
    pub entries: BTreeMap<Payee, StatementEntry>,
}

/// Why bytes are not a statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatementError {
    /// The bytes do not begin as a statement does.
    #[error("not a statement: it does not begin with the tag of one")]
    Tag,
    /// The bytes end too early.
    #[error("the statement is cut short")]
    Short,
    /// There are bytes after its end.
    #[error("the statement has bytes after its end")]
    Long,
    /// A text is not UTF-8.
    #[error("a name in the statement is not UTF-8")]
    Text,
    /// The payees are not in order, or one is there twice.
    #[error("the payees of the statement are not in order")]
    Order,
    /// Fee and credits do not sum to the sharechain's part.
    #[error("fee and credits of the statement do not sum to its amount")]
    Sum,
}

impl StatementBody {
    /// The bytes that are signed.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = TAG.to_vec();
        put(&mut out, self.currency.as_bytes());
        out.extend(self.genesis);
        put(&mut out, self.sharechain.as_bytes());
        out.extend(self.number.to_be_bytes());
        out.extend(self.previous);
        out.extend(self.block);
        out.extend(self.height.to_be_bytes());
        for amount in [self.reward, self.amount, self.fee] {
            out.extend(amount.to_be_bytes());
        }
        out.extend(self.root);
        out.extend(length(self.entries.len()));
        for (payee, entry) in &self.entries {
            put(&mut out, payee.as_str().as_bytes());
            put(&mut out, &entry.script);
            out.extend(entry.amount.to_be_bytes());
        }
        out
    }

    /// SHA-256 of the encoding: what the next statement names as `previous`.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.encode()).into()
    }

    /// Whether fee and credits sum to the sharechain's part.
    pub fn adds_up(&self) -> bool {
        let credits = self
            .entries
            .values()
            .map(|entry| u128::from(entry.amount))
            .sum::<u128>();
        credits + u128::from(self.fee) == u128::from(self.amount) && self.amount <= self.reward
    }

    /// Reads what [`encode`](Self::encode) wrote; any other bytes are refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        let mut rest = bytes.strip_prefix(TAG).ok_or(StatementError::Tag)?;
        let from = &mut rest;
        let mut body = Self {
            currency: text(from)?,
            genesis: array(from)?,
            sharechain: text(from)?,
            number: u64::from_be_bytes(array(from)?),
            previous: array(from)?,
            block: array(from)?,
            height: u32::from_be_bytes(array(from)?),
            reward: u64::from_be_bytes(array(from)?),
            amount: u64::from_be_bytes(array(from)?),
            fee: u64::from_be_bytes(array(from)?),
            root: array(from)?,
            entries: BTreeMap::new(),
        };
        let count = u32::from_be_bytes(array(from)?);
        for _ in 0..count {
            let payee = Payee::new(text(from)?);
            let script = take(from)?.to_vec();
            let amount = u64::from_be_bytes(array(from)?);
            if body
                .entries
                .last_key_value()
                .is_some_and(|(last, _)| *last >= payee)
            {
                return Err(StatementError::Order);
            }
            body.entries
                .insert(payee, StatementEntry { script, amount });
        }
        if !rest.is_empty() {
            return Err(StatementError::Long);
        }
        if body.adds_up() {
            Ok(body)
        } else {
            Err(StatementError::Sum)
        }
    }
}

/// Lengths are 32 bits: a text or list longer than that fits into no statement that could be stored.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(length(bytes.len()));
    out.extend(bytes);
}

fn array<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], StatementError> {
    let (head, rest) = from.split_first_chunk::<N>().ok_or(StatementError::Short)?;
    *from = rest;
    Ok(*head)
}

fn take<'a>(from: &mut &'a [u8]) -> Result<&'a [u8], StatementError> {
    let length = u32::from_be_bytes(array(from)?);
    let length = usize::try_from(length).map_err(|_| StatementError::Short)?;
    let (head, rest) = from.split_at_checked(length).ok_or(StatementError::Short)?;
    *from = rest;
    Ok(head)
}

fn text(from: &mut &[u8]) -> Result<String, StatementError> {
    String::from_utf8(take(from)?.to_vec()).map_err(|_| StatementError::Text)
}
