//! The signer's own books: what was credited, what was signed, and when, from the records of its
//! journal alone.
//!
//! Nothing here is taken from the pool's word. The same records give the same books.

use std::collections::{BTreeMap, HashMap};

use bitcoin::{OutPoint, ScriptBuf, Transaction, Txid};
use serde::{Deserialize, Serialize};

use crate::{
    encoding::{Base64, Hex, RawTransaction},
    request::{POOL_FEE, PayeePart, Payout, SignedVersion, Statement, StatementsAfter},
    rules::ledger::{Account, Entry, Ledger, Part, Signed, Version},
};

/// Seconds since 1970 UTC.
pub type Timestamp = i64;

pub(crate) const DAY: Timestamp = 24 * 3600;

/// One thing that happened, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// A statement was verified.
    Statement(Box<StatementRecord>),
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
    /// The whole transaction of a version that waited for others came.
    Finished {
        /// Number of the payout.
        number: u64,
        /// Its version.
        version: u32,
        /// The whole transaction.
        transaction: RawTransaction,
        /// When.
        at: Timestamp,
    },
    /// A payout that was never signed never will be.
    Void {
        /// Its number.
        number: u64,
        /// When.
        at: Timestamp,
    },
    /// The operator said that a signed payout can never confirm.
    Released {
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
    /// What it is about.
    pub subject: SubjectRecord,
    /// The sharechain's part of the block, or what the period took out of the reserve.
    pub amount: u64,
    /// The pool's fee in it, and what payees gave to the pool.
    pub fee: u64,
    /// What the reserve of bought work got.
    pub reserve: u64,
    /// Credits by payee.
    pub credits: BTreeMap<String, u64>,
    /// Scripts by payee, where they are new for him.
    pub scripts: BTreeMap<String, ScriptBuf>,
    /// When this signer booked it.
    pub at: Timestamp,
    /// The statement as it came, for a pool that loses it. None in records of old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Statement>,
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SubjectRecord {
    /// A block.
    Block {
        /// Its hash, internal byte order.
        hash: Hex<32>,
        /// Its reward.
        reward: u64,
    },
    /// A period of work that the pool's reserve bought (PPS, FPPS).
    Period {
        /// Its number on the sharechain.
        number: u64,
        /// The position up to which work is bought.
        to: u64,
    },
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
    /// What it came to.
    pub result: SignedResult,
    /// When.
    pub at: Timestamp,
}

/// What a signature came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SignedResult {
    /// The whole transaction.
    Whole(RawTransaction),
    /// Others must sign too: other signers have the PSBT that was asked for.
    Cosigners(Base64),
    /// A device has the PSBT, and may have signed it.
    Device(Base64),
}

/// A signed version whose whole transaction is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The PSBT that was asked for.
    pub psbt: Base64,
    /// Whether a device has it; other signers else.
    pub is_device: bool,
}

/// Everything the signer knows.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Newest period of bought work by sharechain: number and last position.
    periods: BTreeMap<String, (u64, u64)>,
    /// What the reserve of bought work got, and what left it.
    reserve_in: u128,
    reserve_out: u128,
    chains: BTreeMap<String, Vec<[u8; 32]>>,
    blocks: HashMap<[u8; 32], BlockBooks>,
    ledger: SignerLedger,
    scripts: HashMap<String, HashMap<ScriptBuf, ScriptBooks>>,
    /// Whole transactions: which version they are of.
    transactions: HashMap<Txid, (u64, u32)>,
    waiting: HashMap<(u64, u32), Waiting>,
    /// Versions that others or a device were to sign, whether they wait or not.
    handed_out: Vec<(u64, u32)>,
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

/// What is known of one payee's script.
#[derive(Debug, Clone, Copy)]
pub struct ScriptBooks {
    /// When this signer saw it first.
    pub first_seen: Timestamp,
    /// Sum of what was signed to it.
    pub signed: u128,
}

/// Numbers and credits of a signer.
pub type SignerLedger = Ledger<String, OutPoint, PayeePart, SignedVersion>;

/// What became of a number.
pub type PayoutBooks = Entry<OutPoint, PayeePart, SignedVersion>;

/// What was signed under one number.
pub type SignedBooks = Signed<OutPoint, PayeePart, SignedVersion>;

impl Part for PayeePart {
    type Payee = String;

    fn payee(&self) -> &String {
        &self.payee
    }

    fn charge(&self) -> u128 {
        u128::from(self.amount) + u128::from(self.fee_share)
    }
}

impl Version for SignedVersion {
    fn number(&self) -> u32 {
        self.version
    }

    fn fee(&self) -> u64 {
        self.fee
    }
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
            Record::Finished {
                number,
                version,
                transaction,
                at,
            } => {
                self.saw(*at);
                self.finish(*number, *version, transaction);
            }
            Record::Void { number, at } => {
                self.saw(*at);
                self.ledger.book_void(*number);
            }
            Record::Released { number, at } => {
                self.saw(*at);
                self.ledger.book_release(*number);
            }
        }
    }

    /// Numbers and credits.
    pub const fn ledger(&self) -> &SignerLedger {
        &self.ledger
    }

    /// Number of the last payout signed or void; 0 before the first.
    pub fn last_payout(&self) -> u64 {
        self.ledger.last()
    }

    /// What became of a number.
    pub fn payout(&self, number: u64) -> Option<&PayoutBooks> {
        self.ledger.payouts().get(&number)
    }

    /// All numbers from one on, in order.
    pub fn payouts_from(&self, number: u64) -> impl Iterator<Item = (u64, &PayoutBooks)> {
        self.ledger
            .payouts()
            .range(number..)
            .map(|(number, payout)| (*number, payout))
    }

    /// The signed version that a whole transaction is.
    pub fn signed_as(&self, txid: &Txid) -> Option<&SignedVersion> {
        let (number, version) = self.transactions.get(txid)?;
        self.version(*number, *version)
    }

    /// A signed version.
    pub fn version(&self, number: u64, version: u32) -> Option<&SignedVersion> {
        match self.payout(number)? {
            PayoutBooks::Signed(signed) => signed
                .versions
                .iter()
                .find(|signed| signed.version == version),
            PayoutBooks::Void => None,
        }
    }

    /// The payout that was asked for by a transaction without signatures, if others or a device
    /// were to sign it, and whether it was released. Its PSBT is there while it waits.
    pub fn asked_as(&self, unsigned: &Transaction) -> Option<(Payout, bool)> {
        self.handed_out.iter().find_map(|(number, version)| {
            let PayoutBooks::Signed(signed) = self.payout(*number)? else {
                return None;
            };
            let found = self.version(*number, *version)?;
            let waiting = self.waiting(*number, *version);
            let payout = || Payout {
                number: *number,
                version: *version,
                anchor: signed.anchor,
                payees: signed.parts.clone(),
                fee: found.fee,
                psbt: waiting.map_or(Base64(Vec::new()), |waiting| waiting.psbt.clone()),
            };
            (found.unsigned.0 == *unsigned).then(|| (payout(), signed.is_released))
        })
    }

    /// What a signed version waits for; none when its transaction is whole.
    pub fn waiting(&self, number: u64, version: u32) -> Option<&Waiting> {
        self.waiting.get(&(number, version))
    }

    /// Credits of a payee, and what was signed of them.
    pub fn account(&self, payee: &str) -> Account {
        self.ledger
            .accounts()
            .get(payee)
            .copied()
            .unwrap_or_default()
    }

    /// A payee's scripts: those that statements named and those that payouts asked for.
    pub fn scripts(&self, payee: &str) -> Option<&HashMap<ScriptBuf, ScriptBooks>> {
        self.scripts.get(payee)
    }

    /// Digests of a sharechain's statements, the first first.
    pub fn chain(&self, sharechain: &str) -> &[[u8; 32]] {
        self.chains.get(sharechain).map_or(&[], Vec::as_slice)
    }

    /// Number and last position of a sharechain's newest period of bought work; zeros before the
    /// first.
    pub fn last_period(&self, sharechain: &str) -> (u64, u64) {
        self.periods.get(sharechain).copied().unwrap_or_default()
    }

    /// What the reserve of bought work got from blocks, and what periods took out of it.
    pub fn reserve(&self) -> (u128, u128) {
        (self.reserve_in, self.reserve_out)
    }

    /// What was stated about a block.
    pub fn block(&self, block: &[u8; 32]) -> Option<&BlockBooks> {
        self.blocks.get(block)
    }

    /// How far the chains of statements go, in the order of the sharechains.
    pub fn stated(&self) -> Vec<StatementsAfter> {
        self.chains
            .iter()
            .map(|(sharechain, digests)| StatementsAfter {
                sharechain: sharechain.clone(),
                // A count in memory fits.
                after: digests.len() as u64,
            })
            .collect()
    }

    /// The time that rules go by: the clock's, but never before what was booked. A clock set back
    /// then makes nothing old that is young.
    pub fn time(&self, clock: Timestamp) -> Timestamp {
        clock.max(self.latest)
    }

    /// Sum signed for all payees in the day before `now`.
    pub fn signed_in_day(&self, now: Timestamp) -> u128 {
        self.day(now).map(Part::charge).sum()
    }

    /// Sum signed for one payee in the day before `now`.
    pub fn signed_in_day_for(&self, payee: &str, now: Timestamp) -> u128 {
        self.day(now)
            .filter(|part| part.payee == payee)
            .map(Part::charge)
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
        self.ledger
            .payouts()
            .values()
            .rev()
            .take_while(move |payout| match payout {
                PayoutBooks::Signed(signed) => signed
                    .versions
                    .first()
                    .is_none_or(|first| is_within_day(first.signed_at, now)),
                PayoutBooks::Void => true,
            })
            .flat_map(|payout| match payout {
                PayoutBooks::Signed(signed) => signed.parts.as_slice(),
                PayoutBooks::Void => &[],
            })
    }

    fn saw(&mut self, at: Timestamp) {
        self.latest = self.latest.max(at);
    }

    fn see_script(&mut self, payee: &str, script: &ScriptBuf, at: Timestamp) -> &mut ScriptBooks {
        self.scripts
            .entry(payee.to_owned())
            .or_default()
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
        match &statement.subject {
            SubjectRecord::Block { hash, reward } => {
                let block = self.blocks.entry(hash.0).or_default();
                block.reward = *reward;
                block.stated = block.stated.saturating_add(statement.amount);
                block.sharechains.push(statement.sharechain.clone());
            }
            SubjectRecord::Period { number, to } => {
                let last = (*number, *to);
                self.periods.insert(statement.sharechain.clone(), last);
                self.reserve_out += u128::from(statement.amount);
            }
        }
        self.reserve_in += u128::from(statement.reserve);
        for (payee, amount) in &statement.credits {
            self.ledger.book_credit(payee.clone(), u128::from(*amount));
        }
        if statement.fee > 0 {
            self.ledger
                .book_credit(POOL_FEE.to_owned(), u128::from(statement.fee));
        }
        for (payee, script) in &statement.scripts {
            self.see_script(payee, script, statement.at);
        }
    }

    fn apply_signed(&mut self, signed: &SignedRecord) {
        self.saw(signed.at);
        let dearest = match self.payout(signed.number) {
            Some(PayoutBooks::Signed(there)) => {
                there.versions.iter().map(|version| version.fee).max()
            }
            _ => None,
        };
        let more = signed.fee.saturating_sub(dearest.unwrap_or(0));
        self.fees.push((signed.at, more));
        if dearest.is_none() {
            for part in &signed.payees {
                let script = self.see_script(&part.payee, &part.script, signed.at);
                script.signed += part.charge();
            }
        }
        let version = SignedVersion {
            version: signed.version,
            fee: signed.fee,
            signed_at: signed.at,
            unsigned: signed.unsigned.clone(),
            transaction: None,
        };
        let payees = signed.payees.clone();
        self.ledger
            .book_signed(signed.number, signed.anchor, payees, version);
        let (psbt, is_device) = match &signed.result {
            SignedResult::Whole(transaction) => {
                return self.finish(signed.number, signed.version, transaction);
            }
            SignedResult::Cosigners(psbt) => (psbt.clone(), false),
            SignedResult::Device(psbt) => (psbt.clone(), true),
        };
        let waiting = Waiting { psbt, is_device };
        self.handed_out.push((signed.number, signed.version));
        self.waiting
            .insert((signed.number, signed.version), waiting);
    }

    fn finish(&mut self, number: u64, version: u32, transaction: &RawTransaction) {
        if let Some(signed) = self.ledger.version_mut(number, version) {
            signed.transaction = Some(transaction.clone());
            self.waiting.remove(&(number, version));
            self.transactions
                .insert(transaction.0.compute_txid(), (number, version));
        }
    }
}

fn is_within_day(at: Timestamp, now: Timestamp) -> bool {
    now.saturating_sub(at) < DAY
}
