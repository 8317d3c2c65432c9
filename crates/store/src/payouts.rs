//! Payouts: rows, states, and each step of their life as one transaction of the database.
//!
//! ```text
//!  prepare_payout ─▶ prepared ─store_signed─▶ signed ─mark_broadcast─▶ broadcast ─confirm_payout─▶ confirmed
//!                      │  ▲                      │                        │    ◀─unconfirm_payout──────┘
//!                      ▼  └ add_version          ▼                        ▼
//!                     void ◀───────────────── void_payout ◀───────────────┘   (revive_payout: back)
//! ```
//!
//! Every step takes the follower's lock of the currency first, looks at the state again, and does
//! nothing when it was done before: it may be killed and repeated, and two may run at once.

mod coins;
mod find;
mod inbox;
mod list;
mod open;
mod posting;
mod prepare;
mod refused;
mod rows;
mod settle;
mod sign;
mod versions;

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, Txid};

use crate::StoreError;

pub(crate) use coins::{came, gone};
pub use inbox::{SignerMessage, SignerSeen};
pub use list::PayoutSummary;
pub use open::{OpenRequest, OpenTask, Payable, PayeeSetting, SpendableCoin};
pub use refused::PayeeRefusal;
pub(crate) use refused::read_refusal;
pub use sign::{ImportedPayout, ImportedVersion};

/// Payee under which the operator draws the pool's fees: paid from the account `fee`.
pub const POOL_FEE: &str = "pool:fee";

/// An output of a transaction, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outpoint {
    /// The transaction.
    pub txid: Txid,
    /// Index of the output in it.
    pub vout: u32,
}

impl fmt::Display for Outpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.txid, self.vout)
    }
}

/// What a payout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayoutKind {
    /// Pays payees.
    Payees,
    /// Spends the change of a stuck payout, so that both are worth a place in a block.
    Child,
    /// Gathers coins of ours.
    Consolidation,
}

impl PayoutKind {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payees => "payees",
            Self::Child => "child",
            Self::Consolidation => "consolidation",
        }
    }
}

impl fmt::Display for PayoutKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PayoutKind {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        [Self::Payees, Self::Child, Self::Consolidation]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| StoreError::Damaged(format!("a kind of payout {text}")))
    }
}

/// Where a payout is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PayoutState {
    /// Coins and balances are taken; no signature is known.
    Prepared,
    /// A version is signed, or counts as signed while others have yet to sign.
    Signed,
    /// A version was sent.
    Broadcast,
    /// A version is in a block deep enough.
    Confirmed,
    /// It never happens: coins and balances are given back.
    Void,
}

impl PayoutState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 5] = [
        Self::Prepared,
        Self::Signed,
        Self::Broadcast,
        Self::Confirmed,
        Self::Void,
    ];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Signed => "signed",
            Self::Broadcast => "broadcast",
            Self::Confirmed => "confirmed",
            Self::Void => "void",
        }
    }
}

impl fmt::Display for PayoutState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PayoutState {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::Damaged(format!("a payout's state {text}")))
    }
}

/// A coin that a payout spends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutInput {
    /// The coin.
    pub outpoint: Outpoint,
    /// Its value.
    pub amount: Amount,
    /// Its script.
    pub script: Vec<u8>,
}

/// An output that comes back to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutChange {
    /// Its index in the transaction.
    pub vout: u32,
    /// Its value.
    pub amount: Amount,
    /// Its script.
    pub script: Vec<u8>,
}

/// One payee's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutPart {
    /// Who: as in the books, or [`POOL_FEE`].
    pub payee: String,
    /// Script of the output that pays him.
    pub script: Vec<u8>,
    /// Value of that output.
    pub amount: Amount,
    /// His part of the fee where payees pay it; taken from his balance beside the amount.
    pub fee_share: Amount,
}

/// A version to be added: a transaction that is not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// Inputs − outputs.
    pub fee: Amount,
    /// The PSBT for the signer; absent only where it came from the signer's journal.
    pub psbt: Option<Vec<u8>>,
    /// The transaction without signatures, as nodes encode it.
    pub unsigned: Vec<u8>,
    /// What it spends, in the transaction's order.
    pub inputs: Vec<PayoutInput>,
    /// The outputs to scripts of ours.
    pub change: Vec<PayoutChange>,
}

/// A payout to be prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayout {
    /// Code of the currency.
    pub currency: String,
    /// What it is for.
    pub kind: PayoutKind,
    /// For a child: the payout whose change it spends.
    pub parent: Option<u64>,
    /// The coin that every version spends; one of the inputs.
    pub anchor: Outpoint,
    /// Who is paid; empty for a child and a consolidation.
    pub parts: Vec<PayoutPart>,
    /// Its first version.
    pub version: NewVersion,
}

/// A payout that was prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreparedPayout {
    /// Its number.
    pub number: u64,
}

/// A version as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutVersion {
    /// 1 for the first.
    pub version: u32,
    /// Inputs − outputs.
    pub fee: Amount,
    /// The PSBT for the signer; absent for one that came from the signer's journal.
    pub psbt: Option<Vec<u8>>,
    /// The transaction without signatures.
    pub unsigned: Vec<u8>,
    /// What it spends, in the transaction's order.
    pub inputs: Vec<PayoutInput>,
    /// The outputs to scripts of ours.
    pub change: Vec<PayoutChange>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The whole transaction, once it is signed.
    pub signed: Option<SignedTransaction>,
    /// When the signer said that it counts as signed while others have yet to sign.
    pub waiting_at: Option<DateTime<Utc>>,
    /// When it was sent first.
    pub broadcast_at: Option<DateTime<Utc>>,
    /// What the nodes said when it was sent last.
    pub answer: String,
    /// When that was.
    pub answer_at: Option<DateTime<Utc>>,
}

/// A signed transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedTransaction {
    /// The bytes that are sent.
    pub bytes: Vec<u8>,
    /// Their id. A third party may change that of a P2PKH spend on its way.
    pub txid: Txid,
    /// When it was stored.
    pub at: DateTime<Utc>,
}

/// Where a payout confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// The version.
    pub version: u32,
    /// The txid it has on the chain.
    pub txid: Txid,
    /// Height of the block.
    pub height: Height,
    /// The block.
    pub block: BlockHash,
}

/// A payout as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutRow {
    /// Code of the currency.
    pub currency: String,
    /// Its number.
    pub number: u64,
    /// What it is for.
    pub kind: PayoutKind,
    /// Where it is.
    pub state: PayoutState,
    /// Since when.
    pub state_at: DateTime<Utc>,
    /// Why it is there, or why it stays; may be empty.
    pub reason: String,
    /// When it was prepared.
    pub created_at: DateTime<Utc>,
    /// The coin that every version spends; absent for a number the signer recorded void unseen.
    pub anchor: Option<Outpoint>,
    /// For a child: the payout whose change it spends.
    pub parent: Option<u64>,
    /// When the signer was asked to record it void.
    pub void_asked_at: Option<DateTime<Utc>>,
    /// Where it confirmed, while it is confirmed.
    pub confirmed: Option<Confirmation>,
    /// Who is paid, in the order of the names.
    pub parts: Vec<PayoutPart>,
    /// Its versions, from 1.
    pub versions: Vec<PayoutVersion>,
}

impl PayoutRow {
    /// The newest version that is signed.
    pub fn newest_signed(&self) -> Option<(&PayoutVersion, &SignedTransaction)> {
        self.versions
            .iter()
            .rev()
            .find_map(|version| Some((version, version.signed.as_ref()?)))
    }

    /// Whether any version is or counts as signed.
    pub fn is_signed(&self) -> bool {
        let is_signed =
            |version: &PayoutVersion| version.signed.is_some() || version.waiting_at.is_some();
        self.versions.iter().any(is_signed)
    }

    /// A version by its number.
    pub fn version(&self, version: u32) -> Option<&PayoutVersion> {
        self.versions.iter().find(|row| row.version == version)
    }
}

/// A transaction of the best chain that spends an output of ours, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainSpender {
    /// Its id on the chain.
    pub txid: Txid,
    /// What it spends, in its order.
    pub inputs: Vec<Outpoint>,
    /// Value and script of what it creates, in its order.
    pub outputs: Vec<(Amount, Vec<u8>)>,
}

/// What the best chain shows of an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnchorSight {
    /// It is there and nothing spends it.
    Unspent,
    /// The followed chain does not have the output; it may have been orphaned.
    Absent,
    /// A transaction spends it.
    Spent {
        /// The transaction.
        by: ChainSpender,
        /// Height of its block.
        height: Height,
        /// The block.
        block: BlockHash,
    },
}

/// Why a payout never happens. What is only prepared is void by the signer's word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidCause {
    /// The signer recorded it void: nothing under its number was or will be signed.
    Signer,
    /// Something that is no version spends its anchor, that deep.
    Spent {
        /// The transaction.
        txid: Txid,
        /// Height of its block.
        height: Height,
        /// The block.
        block: BlockHash,
        /// Blocks that must be above it.
        depth: u32,
    },
    /// A coin that it spends can never come, for this reason.
    NeverComes(String),
}

/// Why a step of a payout is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayoutRefusal {
    /// Another one waits for its first signature.
    #[error("payout {0} is prepared and not signed yet: it is signed or void before the next")]
    AnotherPrepared(u64),
    /// Payouts of the currency are stopped.
    #[error("payouts are stopped: {0}")]
    Stopped(String),
    /// A coin was taken meanwhile.
    #[error("coin {coin} is taken by payout {number}")]
    CoinTaken {
        /// The coin.
        coin: Outpoint,
        /// Who has it.
        number: u64,
    },
    /// The books do not hold a coin.
    #[error("coin {0} is not one that the books hold as spendable")]
    CoinNotHeld(Outpoint),
    /// No such payout.
    #[error("there is no payout {0}")]
    Unknown(u64),
    /// A payout is in a state in which this cannot happen.
    #[error("payout {number} is {state} and cannot become {wanted}")]
    State {
        /// The payout.
        number: u64,
        /// Its state.
        state: PayoutState,
        /// What was asked for.
        wanted: &'static str,
    },
    /// What is stored under a number is another thing.
    #[error("payout {number} is stored with another {what}")]
    Otherwise {
        /// The payout.
        number: u64,
        /// What differs.
        what: &'static str,
    },
    /// Numbers or versions do not follow.
    #[error("{what} {found} does not follow {last}")]
    Gap {
        /// `payout` or `version`.
        what: &'static str,
        /// As asked.
        found: u64,
        /// The last there is.
        last: u64,
    },
    /// It does not add up.
    #[error("payout {number}: {what}")]
    Shape {
        /// The payout; 0 before it has a number.
        number: u64,
        /// What is wrong.
        what: String,
    },
}
