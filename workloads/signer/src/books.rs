//! The signer's own books: what was credited, what was signed, and when, from the records of its
//! journal alone.
//!
//! Nothing here is taken from the pool's word. The same records give the same books.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use bitcoin::{OutPoint, ScriptBuf};
use serde::{Deserialize, Serialize};

use crate::{
    encoding::{Hex, RawTransaction},
    request::{POOL_FEE, PayeePart, Position, SignedVersion, StatementsAfter},
};

/// Seconds since 1970 UTC.
pub type Timestamp = i64;

const DAY: Timestamp = 24 * 3600;

/// One thing that happened, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// A statement was verified.
    Statement(StatementRecord),
    /// A payee's script was asked for that no statement had named.
    Script {
        /// The payee.
        payee: String,
        /// The script.
        script: ScriptBuf,
        /// When.
        at: Timestamp,
    },
    /// A payout, or a version of one, was signed.
    Signed(Box<SignedRecord>),
    /// A payout that was never signed never will be.
    Void {
        /// Its number.
        number: u64,
        /// When.
        at: Timestamp,
    },
}

/// What a verified statement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementRecord {
    /// Name of the sharechain.
    pub sharechain: String,
    /// Its number there.
    pub number: u64,
    /// Its digest.
    pub digest: Hex<32>,
    /// The block, internal byte order.
    pub block: Hex<32>,
    /// Reward of the block.
    pub reward: u64,
    /// The sharechain's part.
    pub amount: u64,
    /// The pool's fee in it.
    pub fee: u64,
    /// Credits by payee.
    pub credits: BTreeMap<String, u64>,
    /// Scripts by payee, where they are new for him.
    pub scripts: BTreeMap<String, ScriptBuf>,
    /// When this signer booked it.
    pub at: Timestamp,
}

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedRecord {
    /// Number of the payout.
    pub number: u64,
    /// Its version.
    pub version: u32,
    /// The input all versions spend.
    pub anchor: OutPoint,
    /// Who is paid, in the order of the names.
    pub payees: Vec<PayeePart>,
    /// Fee of this version.
    pub fee: u64,
    /// The transaction without signatures.
    pub unsigned: RawTransaction,
    /// The whole transaction.
    pub transaction: RawTransaction,
    /// When.
    pub at: Timestamp,
}

/// Everything the signer knows.
#[derive(Debug, Clone, Default)]
pub struct Books {
    chains: BTreeMap<String, Vec<[u8; 32]>>,
    blocks: HashMap<[u8; 32], BlockBooks>,
    payees: HashMap<String, PayeeBooks>,
    payouts: BTreeMap<u64, PayoutBooks>,
    anchors: HashMap<OutPoint, u64>,
    /// What each signature added to the fees, in order of time.
    fees: Vec<(Timestamp, u64)>,
    latest: Timestamp,
}

/// What was stated about one block.
#[derive(Debug, Clone, Default)]
pub struct BlockBooks {
    /// Its whole reward.
    pub reward: u64,
    /// Sum of the sharechains' parts.
    pub stated: u64,
    /// The sharechains that have stated theirs.
    pub sharechains: Vec<String>,
}

/// What is known of one payee.
#[derive(Debug, Clone, Default)]
pub struct PayeeBooks {
    /// Sum of his credits.
    pub credited: u128,
    /// Sum of what was signed for him, fee shares included.
    pub signed: u128,
    /// His scripts.
    pub scripts: HashMap<ScriptBuf, ScriptBooks>,
}

/// What is known of one payee's script.
#[derive(Debug, Clone, Copy)]
pub struct ScriptBooks {
    /// When this signer saw it first.
    pub first_seen: Timestamp,
    /// Sum of what was signed to it.
    pub signed: u128,
}

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutBooks {
    /// Signed, and so counted, whatever became of it on the chain.
    Signed {
        /// The input all versions spend.
        anchor: OutPoint,
        /// Who is paid, in the order of the names.
        payees: Vec<PayeePart>,
        /// The versions, from 1.
        versions: Vec<SignedVersion>,
    },
    /// Never signed.
    Void,
}

impl Books {
    /// The books after a record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Statement(statement) => self.apply_statement(statement),
            Record::Script { payee, script, at } => {
                self.saw(*at);
                self.see_script(payee, script, *at);
            }
            Record::Signed(signed) => self.apply_signed(signed),
            Record::Void { number, at } => {
                self.saw(*at);
                self.payouts.insert(*number, PayoutBooks::Void);
            }
        }
    }

    /// Number of the last payout signed or void; 0 before the first.
    pub fn last_payout(&self) -> u64 {
        self.payouts
            .last_key_value()
            .map_or(0, |(number, _)| *number)
    }

    /// What became of a number.
    pub fn payout(&self, number: u64) -> Option<&PayoutBooks> {
        self.payouts.get(&number)
    }

    /// All numbers from one on, in order.
    pub fn payouts_from(&self, number: u64) -> impl Iterator<Item = (u64, &PayoutBooks)> {
        self.payouts
            .range(number..)
            .map(|(number, payout)| (*number, payout))
    }

    /// The payout whose anchor an outpoint is.
    pub fn anchored(&self, outpoint: &OutPoint) -> Option<u64> {
        self.anchors.get(outpoint).copied()
    }

    /// What is known of a payee.
    pub fn payee(&self, payee: &str) -> Option<&PayeeBooks> {
        self.payees.get(payee)
    }

    /// Every payee, in no order.
    pub fn payees(&self) -> impl Iterator<Item = (&str, &PayeeBooks)> {
        self.payees
            .iter()
            .map(|(name, payee)| (name.as_str(), payee))
    }

    /// Digests of a sharechain's statements, the first first.
    pub fn chain(&self, sharechain: &str) -> &[[u8; 32]] {
        self.chains.get(sharechain).map_or(&[], Vec::as_slice)
    }

    /// What was stated about a block.
    pub fn block(&self, block: &[u8; 32]) -> Option<&BlockBooks> {
        self.blocks.get(block)
    }

    /// How far the books go.
    pub fn position(&self) -> Position {
        Position {
            payout: self.last_payout(),
            statements: self
                .chains
                .iter()
                .map(|(sharechain, digests)| StatementsAfter {
                    sharechain: sharechain.clone(),
                    // A count in memory fits.
                    after: digests.len() as u64,
                })
                .collect(),
        }
    }

    /// The time that rules go by: the clock's, but never before what was booked. A clock set back
    /// then makes nothing old that is young.
    pub fn time(&self, clock: Timestamp) -> Timestamp {
        clock.max(self.latest)
    }

    /// Sum signed for all payees in the day before `now`.
    pub fn signed_in_day(&self, now: Timestamp) -> u128 {
        self.day(now).map(charge).sum()
    }

    /// Sum signed for one payee in the day before `now`.
    pub fn signed_in_day_for(&self, payee: &str, now: Timestamp) -> u128 {
        self.day(now)
            .filter(|part| part.payee == payee)
            .map(charge)
            .sum()
    }

    /// Sum of fees signed in the day before `now`, each payout at its dearest version.
    pub fn fees_in_day(&self, now: Timestamp) -> u128 {
        self.fees
            .iter()
            .rev()
            .take_while(|(at, _)| is_within_day(*at, now))
            .map(|(_, fee)| u128::from(*fee))
            .sum()
    }

    /// Parts of the payouts first signed in the day before `now`. Times never fall from one number
    /// to the next, so the search ends at the first that is older.
    fn day(&self, now: Timestamp) -> impl Iterator<Item = &PayeePart> {
        self.payouts
            .values()
            .rev()
            .take_while(move |payout| match payout {
                PayoutBooks::Signed { versions, .. } => versions
                    .first()
                    .is_none_or(|first| is_within_day(first.signed_at, now)),
                PayoutBooks::Void => true,
            })
            .flat_map(|payout| match payout {
                PayoutBooks::Signed { payees, .. } => payees.as_slice(),
                PayoutBooks::Void => &[],
            })
    }

    fn saw(&mut self, at: Timestamp) {
        self.latest = self.latest.max(at);
    }

    fn see_script(&mut self, payee: &str, script: &ScriptBuf, at: Timestamp) -> &mut ScriptBooks {
        self.payees
            .entry(payee.to_owned())
            .or_default()
            .scripts
            .entry(script.clone())
            .or_insert(ScriptBooks {
                first_seen: at,
                signed: 0,
            })
    }

    fn apply_statement(&mut self, statement: &StatementRecord) {
        self.saw(statement.at);
        self.chains
            .entry(statement.sharechain.clone())
            .or_default()
            .push(statement.digest.0);
        let block = self.blocks.entry(statement.block.0).or_default();
        block.reward = statement.reward;
        block.stated = block.stated.saturating_add(statement.amount);
        block.sharechains.push(statement.sharechain.clone());
        for (payee, amount) in &statement.credits {
            self.payees.entry(payee.clone()).or_default().credited += u128::from(*amount);
        }
        if statement.fee > 0 {
            self.payees.entry(POOL_FEE.to_owned()).or_default().credited +=
                u128::from(statement.fee);
        }
        for (payee, script) in &statement.scripts {
            self.see_script(payee, script, statement.at);
        }
    }

    fn apply_signed(&mut self, signed: &SignedRecord) {
        self.saw(signed.at);
        let version = SignedVersion {
            version: signed.version,
            fee: signed.fee,
            signed_at: signed.at,
            unsigned: signed.unsigned.clone(),
            transaction: Some(signed.transaction.clone()),
        };
        match self.payouts.entry(signed.number) {
            Entry::Occupied(mut there) => {
                if let PayoutBooks::Signed { versions, .. } = there.get_mut() {
                    let dearest = versions.iter().map(|version| version.fee).max();
                    let more = signed.fee.saturating_sub(dearest.unwrap_or(0));
                    self.fees.push((signed.at, more));
                    versions.push(version);
                }
            }
            Entry::Vacant(free) => {
                free.insert(PayoutBooks::Signed {
                    anchor: signed.anchor,
                    payees: signed.payees.clone(),
                    versions: vec![version],
                });
                self.fees.push((signed.at, signed.fee));
                self.anchors.insert(signed.anchor, signed.number);
                for part in &signed.payees {
                    let amount = charge(part);
                    self.see_script(&part.payee, &part.script, signed.at).signed += amount;
                    self.payees.entry(part.payee.clone()).or_default().signed += amount;
                }
            }
        }
    }
}

/// What a part counts against a payee's credits.
pub fn charge(part: &PayeePart) -> u128 {
    u128::from(part.amount) + u128::from(part.fee_share)
}

fn is_within_day(at: Timestamp, now: Timestamp) -> bool {
    now.saturating_sub(at) < DAY
}
