//! What goes over the line between the pool and a signer: JSON, format 1.
//!
//! ```text
//!  pool ◀─ Poll { position } ───────────────────────────────────────────── signer
//!  pool ── Request { statements, task: sign | void | tell | nothing } ───▶ signer
//!  pool ◀─ Response { outcome: signed | voided | told | refused | … } ──── signer
//! ```
//!
//! Over HTTP the signer asks: it posts a [`Poll`] to [`request_path`] and gets a [`Request`] (200) or
//! nothing (204), and posts its [`Response`] to [`response_path`] (204), each time with
//! `Authorization: Bearer TOKEN`. The same documents are files in the offline mode. A field that is not known is refused on both
//! sides, because a check that one side thinks the other makes would be made by nobody; a change of
//! meaning is a new format number.
//!
//! Amounts are base units of the currency. Outpoints are `txid:index`, scripts and transactions
//! hexadecimal, statements and PSBTs base64.

use bitcoin::{OutPoint, ScriptBuf, Txid};
use ngpool_chain::BlockHash;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::encoding::{Base64, Hex, RawTransaction};

/// Number of the format that this module describes.
pub const FORMAT: u32 = 1;

/// Longest request that is read, bytes. 10,000 payees and inputs with their previous transactions
/// stay far below it; a signer must not be filled by whoever can reach it.
pub const MAX_REQUEST: u64 = 64 << 20;

/// Longest poll that is read, bytes: a position names each sharechain of a currency once.
pub const MAX_POLL: u64 = 64 << 10;

/// Longest response that is read, bytes. A signer that has more payouts to give gives them in
/// several answers.
pub const MAX_RESPONSE: u64 = 16 << 20;

/// Most bytes of statement bodies in one request that answers a poll, where it has more than one
/// statement. A request that leaves statements out for it brings no task: without them the signer
/// would refuse what it may sign after them.
pub const MAX_STATEMENTS: u64 = 16 << 20;

/// Payee under which the operator draws the pool's fees. No address and no account has a colon in
/// its name.
pub const POOL_FEE: &str = "pool:fee";

/// What the pool asks of a signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// [`FORMAT`].
    pub format: u32,
    /// Code of the currency, such as `LTC`.
    pub currency: String,
    /// Hash of the chain's block 0, as displayed: the fingerprint of the network's parameters.
    pub genesis_hash: BlockHash,
    /// Statements since the signer's last, of every sharechain, each chain in order. Statements
    /// that the signer has are passed over.
    #[serde(default)]
    pub statements: Vec<Statement>,
    /// What to do; nothing when only statements are to be booked.
    #[serde(default)]
    pub task: Option<Task>,
}

/// A signer asks whether there is anything for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// [`FORMAT`].
    pub format: u32,
    /// Code of the currency, as in the path.
    pub currency: String,
    /// Hash of the chain's block 0, as displayed.
    pub genesis_hash: BlockHash,
    /// How far its books go: the answer brings what comes after.
    pub position: Position,
}

/// One statement, as the settle job signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The bytes that were signed: `ngpool_accounting::StatementBody`'s encoding.
    pub body: Base64,
    /// SHA-256 of the body.
    pub digest: Hex<32>,
    /// Ed25519 signature of the body.
    pub signature: Hex<64>,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Task {
    /// Sign a payout or a version of one.
    Sign(Payout),
    /// Record a payout as void, if it was never signed.
    Void {
        /// The payout's number.
        number: u64,
    },
    /// Give back the statements that a pool lost which was put back from a backup.
    Tell {
        /// The last that the pool has of each sharechain of which it lacks some.
        after: Vec<StatementsAfter>,
    },
}

/// A payout to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// 1 for the first of the currency, then without a gap.
    pub number: u64,
    /// 1 for the first, then one more for each time the fee is raised.
    pub version: u32,
    /// The input that every version spends, so that at most one can ever confirm.
    pub anchor: OutPoint,
    /// Who is paid. Every version pays the same. Nobody for a consolidation, and for the child that
    /// pays for a stuck payout: all its outputs are then the signer's own.
    pub payees: Vec<PayeePart>,
    /// Inputs − outputs of the transaction.
    pub fee: u64,
    /// PSBT (BIP 174, version 0) without signatures.
    pub psbt: Base64,
}

/// One payee's part of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayeePart {
    /// Name in the statements.
    pub payee: String,
    /// Script of the output that pays him.
    pub script: ScriptBuf,
    /// Value of that output.
    pub amount: u64,
    /// His part of the fee where payees pay it; it counts as paid to him.
    #[serde(default)]
    pub fee_share: u64,
}

/// What the signer answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// [`FORMAT`].
    pub format: u32,
    /// Code of the signer's currency.
    pub currency: String,
    /// Hash of the signer's chain's block 0.
    pub genesis_hash: BlockHash,
    /// Number of the payout that was asked about; absent when nothing but statements came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its version; absent for a void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Where the signer stands after it.
    pub position: Position,
    /// What came of it.
    pub outcome: Outcome,
}

/// How far a signer's books go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Number of the last payout signed or void; 0 before the first.
    pub payout: u64,
    /// Number of the last statement by sharechain, in the order of the names.
    pub statements: Vec<StatementsAfter>,
    /// Scripts of the signer's keys: what it can sign for. None in the answers of old signers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<ScriptBuf>,
}

/// A place in a chain of statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementsAfter {
    /// Name of the sharechain.
    pub sharechain: String,
    /// Number of the last statement that the signer has; 0 for none.
    pub after: u64,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The whole transaction, ready to be sent.
    Signed {
        /// Its id.
        txid: Txid,
        /// The transaction.
        transaction: RawTransaction,
        /// Whether it was signed before and is given again.
        again: bool,
    },
    /// The payout was never signed here and never will be.
    Voided {},
    /// There was no task; the statements are booked.
    Booked {},
    /// Statements that the pool asked for, as they were when they were booked: each chain in order,
    /// from the first that was asked for. As many as one answer takes.
    Told {
        /// The statements.
        statements: Vec<Statement>,
    },
    /// It counts as signed, now or before, but the whole transaction is not here: other signers or a
    /// device have it and may have signed. It can never be void.
    Waiting {
        /// Who has it, in words.
        text: String,
    },
    /// Nothing was signed.
    Refused {
        /// Code of the reason, stable.
        reason: String,
        /// The reason in words.
        text: String,
        /// Every payee for whom alone it is refused: without them it may be signed. Nobody where the
        /// reason is another.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        payees: Vec<RefusedPayee>,
    },
    /// Nothing was signed: the pool or the signer lacks something.
    Needs {
        /// Statements to send first, all after these.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        statements: Vec<StatementsAfter>,
        /// Payouts that were signed and that the pool does not know, to be booked first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        payouts: Vec<SignedPayout>,
    },
}

/// A payee whom the signer does not pay now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedPayee {
    /// His name in the payout.
    pub payee: String,
    /// Code of the reason, stable.
    pub reason: String,
    /// The reason in words.
    pub text: String,
    /// When waiting is enough, as far as the signer can tell: seconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A payout as the signer's journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedPayout {
    /// Its number.
    pub number: u64,
    /// The signed payout; absent when it was recorded void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedVersions>,
    /// The signer's operator said by hand that it can never confirm, so that the payees' credits may
    /// be paid by another payout. The chain decides whether he was right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub released: bool,
}

/// What was signed under one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedVersions {
    /// The input all versions spend.
    pub anchor: OutPoint,
    /// Who is paid.
    pub payees: Vec<PayeePart>,
    /// The versions, in order.
    pub versions: Vec<SignedVersion>,
}

/// One signed version of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedVersion {
    /// Its number.
    pub version: u32,
    /// Its fee.
    pub fee: u64,
    /// When this signer signed, seconds since 1970 UTC.
    pub signed_at: i64,
    /// The transaction without signatures.
    pub unsigned: RawTransaction,
    /// The whole transaction; absent while other signers or a device have it. It counts as signed
    /// all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<RawTransaction>,
}

/// Why bytes are no document of this module.
#[derive(Debug, Error)]
pub enum RequestError {
    /// More bytes than are read.
    #[error("the {what} has {found} bytes, more than {limit}")]
    Long {
        /// Kind of document.
        what: &'static str,
        /// Its bytes.
        found: u64,
        /// Most that are read.
        limit: u64,
    },
    /// Not JSON of the right shape.
    #[error("not a {what} of the signing exchange: {source}")]
    Shape {
        /// Kind of document.
        what: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// Another format number.
    #[error("the {what} has format {found}, this program reads {FORMAT}: use the matching version")]
    Format {
        /// Kind of document.
        what: &'static str,
        /// As it says.
        found: u32,
    },
}

impl Request {
    /// Reads a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        parse("request", MAX_REQUEST, bytes, |request: &Self| {
            request.format
        })
    }

    /// Number of the payout it is about.
    pub fn number(&self) -> Option<u64> {
        self.task.as_ref().and_then(Task::number)
    }

    /// Version of the payout it is about.
    pub fn version(&self) -> Option<u32> {
        self.task.as_ref().and_then(Task::version)
    }
}

impl Task {
    /// Number of the payout it is about, if it is about one.
    pub const fn number(&self) -> Option<u64> {
        match self {
            Self::Sign(payout) => Some(payout.number),
            Self::Void { number } => Some(*number),
            Self::Tell { .. } => None,
        }
    }

    /// Version of the payout it is about; none for a void.
    pub const fn version(&self) -> Option<u32> {
        match self {
            Self::Sign(payout) => Some(payout.version),
            Self::Void { .. } | Self::Tell { .. } => None,
        }
    }
}

impl Poll {
    /// Reads a poll.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        parse("poll", MAX_POLL, bytes, |poll: &Self| poll.format)
    }
}

impl Response {
    /// Reads a response.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        parse("response", MAX_RESPONSE, bytes, |response: &Self| {
            response.format
        })
    }
}

impl Position {
    /// Number of the last statement of a sharechain; 0 for none.
    pub fn after(&self, sharechain: &str) -> u64 {
        self.statements
            .iter()
            .find(|chain| chain.sharechain == sharechain)
            .map_or(0, |chain| chain.after)
    }
}

/// Path of the pool's endpoint that takes a [`Poll`]. Codes of currencies need no escaping.
pub fn request_path(currency: &str) -> String {
    format!("/signer/v1/{currency}/request")
}

/// Path of the pool's endpoint that takes a [`Response`].
pub fn response_path(currency: &str) -> String {
    format!("/signer/v1/{currency}/response")
}

fn parse<T: serde::de::DeserializeOwned>(
    what: &'static str,
    limit: u64,
    bytes: &[u8],
    format: impl Fn(&T) -> u32,
) -> Result<T, RequestError> {
    // A length in memory fits.
    let found = bytes.len() as u64;
    if found > limit {
        return Err(RequestError::Long { what, found, limit });
    }
    let document: T =
        serde_json::from_slice(bytes).map_err(|source| RequestError::Shape { what, source })?;
    match format(&document) {
        FORMAT => Ok(document),
        found => Err(RequestError::Format { what, found }),
    }
}
