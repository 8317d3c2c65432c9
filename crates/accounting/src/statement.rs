//! The statement of what was credited: what is signed, byte for byte.
//!
//! One encoding per content: every integer big-endian, every text and script with its length (u32)
//! before it, payees in the order of their ids, each once. A statement names the digest of the one
//! before it in its (currency, sharechain), so that none can be taken out or put in between.
//!
//! Encoding 1 says what a block's split credits and the fee; it is what is written wherever it can
//! say all there is, so that the digests of old statements stay theirs. Encoding 2 adds donations,
//! bonuses, the part of a reserve, and statements about a period of bought work.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::Payee;

/// Opens every statement: no other signed thing starts like it.
const TAG_1: &[u8] = b"ngpool/statement/1\n";
const TAG_2: &[u8] = b"ngpool/statement/2\n";

/// First byte of the subject in encoding 2.
const BLOCK: u8 = 0;
const PERIOD: u8 = 1;

/// What one payee is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementEntry {
    /// Script that pays him; empty when it is not known yet.
    pub script: Vec<u8>,
    /// Base units.
    pub amount: u64,
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A block that is mature.
    Block {
        /// Its hash, internal byte order.
        hash: [u8; 32],
        /// Its height.
        height: u32,
        /// Its whole reward.
        reward: u64,
    },
    /// A period of work that the reserve bought (PPS, FPPS).
    Period {
        /// 1 for the first of (currency, sharechain), then without a gap.
        number: u64,
        /// The work after this position…
        after: u64,
        /// …up to this one.
        to: u64,
    },
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
    /// The block or period.
    pub subject: Subject,
    /// The sharechain's part of the block, or what the period took out of the reserve.
    pub amount: u64,
    /// The pool's fee in it.
    pub fee: u64,
    /// What payees gave to the pool.
    pub donation: u64,
    /// What the reserve got for the work it bought; nothing in a period.
    pub reserve: u64,
    /// The finder's bonus; it is within his credit.
    pub bonus: u64,
    /// Hash of the published split's root.
    pub root: [u8; 32],
    /// Credits; with fee, donation and reserve they sum to `amount`.
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
    /// Fee, donation, reserve and credits do not sum to the sharechain's part.
    #[error("fee, donation, reserve and credits of the statement do not sum to its amount")]
    Sum,
    /// The subject is neither a block nor a period, or the other encoding says the same.
    #[error("the statement is not in the one encoding of its content")]
    Form,
}

impl StatementBody {
    /// The bytes that are signed.
    pub fn encode(&self) -> Vec<u8> {
        let first = self.is_first_encoding();
        let mut out = if first { TAG_1 } else { TAG_2 }.to_vec();
        put(&mut out, self.currency.as_bytes());
        out.extend(self.genesis);
        put(&mut out, self.sharechain.as_bytes());
        out.extend(self.number.to_be_bytes());
        out.extend(self.previous);
        match self.subject {
            Subject::Block {
                hash,
                height,
                reward,
            } => {
                if !first {
                    out.push(BLOCK);
                }
                out.extend(hash);
                out.extend(height.to_be_bytes());
                out.extend(reward.to_be_bytes());
            }
            Subject::Period { number, after, to } => {
                out.push(PERIOD);
                for number in [number, after, to] {
                    out.extend(number.to_be_bytes());
                }
            }
        }
        for amount in [self.amount, self.fee] {
            out.extend(amount.to_be_bytes());
        }
        if !first {
            for amount in [self.donation, self.reserve, self.bonus] {
                out.extend(amount.to_be_bytes());
            }
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

    /// Sum of the credits.
    pub fn credited(&self) -> u128 {
        self.entries
            .values()
            .map(|entry| u128::from(entry.amount))
            .sum()
    }

    /// Whether fee, donation, reserve and credits sum to the sharechain's part, and that is no more
    /// than the block has.
    pub fn adds_up(&self) -> bool {
        let beside = [self.fee, self.donation, self.reserve].map(u128::from);
        let sum = self.credited() + beside.iter().sum::<u128>();
        let fits = match self.subject {
            Subject::Block { reward, .. } => self.amount <= reward,
            Subject::Period { after, to, .. } => {
                after <= to && self.reserve == 0 && self.bonus == 0
            }
        };
        sum == u128::from(self.amount) && fits && u128::from(self.bonus) <= self.bonus_bound()
    }

    /// Reads what [`encode`](Self::encode) wrote; any other bytes are refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        let (mut rest, first) = match (bytes.strip_prefix(TAG_1), bytes.strip_prefix(TAG_2)) {
            (Some(rest), _) => (rest, true),
            (_, Some(rest)) => (rest, false),
            _ => return Err(StatementError::Tag),
        };
        let from = &mut rest;
        let currency = text(from)?;
        let genesis = array(from)?;
        let sharechain = text(from)?;
        let number = u64::from_be_bytes(array(from)?);
        let previous = array(from)?;
        let subject = subject(from, first)?;
        let [amount, fee] = [integer(from)?, integer(from)?];
        let [donation, reserve, bonus] = if first {
            [0; 3]
        } else {
            [integer(from)?, integer(from)?, integer(from)?]
        };
        let mut body = Self {
            currency,
            genesis,
            sharechain,
            number,
            previous,
            subject,
            amount,
            fee,
            donation,
            reserve,
            bonus,
            root: array(from)?,
            entries: BTreeMap::new(),
        };
        let count = u32::from_be_bytes(array(from)?);
        for _ in 0..count {
            let payee = Payee::new(text(from)?);
            let script = take(from)?.to_vec();
            let amount = integer(from)?;
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
        if body.is_first_encoding() != first {
            return Err(StatementError::Form);
        }
        if body.adds_up() {
            Ok(body)
        } else {
            Err(StatementError::Sum)
        }
    }

    fn is_first_encoding(&self) -> bool {
        matches!(self.subject, Subject::Block { .. })
            && [self.donation, self.reserve, self.bonus] == [0; 3]
    }

    /// A bonus is within a credit, or was given away with it.
    fn bonus_bound(&self) -> u128 {
        self.credited() + u128::from(self.donation)
    }
}

fn subject(from: &mut &[u8], first: bool) -> Result<Subject, StatementError> {
    let kind = if first {
        BLOCK
    } else {
        u8::from_be_bytes(array(from)?)
    };
    match kind {
        BLOCK => Ok(Subject::Block {
            hash: array(from)?,
            height: u32::from_be_bytes(array(from)?),
            reward: integer(from)?,
        }),
        PERIOD => Ok(Subject::Period {
            number: integer(from)?,
            after: integer(from)?,
            to: integer(from)?,
        }),
        _ => Err(StatementError::Form),
    }
}

fn integer(from: &mut &[u8]) -> Result<u64, StatementError> {
    array(from).map(u64::from_be_bytes)
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
