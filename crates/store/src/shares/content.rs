//! What a batch says.
//!
//! The bytes are the protobuf message `BatchContent` of `ngpool.v1`, kept as they came; a window
//! decodes them again years later. The messages are therefore declared here once more, with the tags
//! that the stored bytes have; a test holds them against the contract of the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::Work;
use prost::Message;

/// Bytes of a user or worker name at most: longer names overflow miners' firmware.
const NAME_MAX: usize = 128;
/// Bytes of a reason at most.
const REASON_MAX: usize = 64;
/// Shares, and refused shares, of a batch at most: far above what a server can check in two seconds,
/// and an hour of such batches still fits the BIGINT columns of statistics.
const SHARES_MAX: u64 = 1 << 40;
/// Accepted work of a batch at most, and refused work: more than all miners of all chains do in a
/// century, and an hour of such batches still fits NUMERIC(39, 0).
const WORK_MAX: u128 = 1 << 104;
/// Currencies of a slice at most: a base and its aux chains.
const CURRENCIES_MAX: usize = 32;

/// Why bytes are not the content of a batch.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// Not the message.
    #[error("not a BatchContent: {0}")]
    Message(#[from] prost::DecodeError),
    /// A field holds what it cannot.
    #[error("{field} {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// The decoded content of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchContents {
    /// Name of the stratum port.
    pub port: String,
    /// When the server closed the slices, by its clock. Pays nobody.
    pub closed_at: DateTime<Utc>,
    /// The sets of currencies that slices refer to.
    pub sets: Vec<CurrencySet>,
    /// Accepted work, in the order it was summed: the last is the newest.
    pub slices: Vec<Slice>,
    /// Refused shares.
    pub rejects: Vec<RejectCount>,
}

/// Currencies that were worked on together, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CurrencySet(Vec<String>);

impl CurrencySet {
    /// The codes.
    pub fn codes(&self) -> &[String] {
        &self.0
    }

    /// Whether a currency is in it.
    pub fn contains(&self, currency: &str) -> bool {
        self.0.iter().any(|code| code == currency)
    }

    /// As it is stored: codes joined by commas.
    pub(crate) fn key(&self) -> String {
        self.0.join(",")
    }
}

/// Whether a stored set, see [`CurrencySet::key`], has a currency.
pub(crate) fn key_contains(key: &str, currency: &str) -> bool {
    key.split(',').any(|code| code == currency)
}

/// Work of one worker on one set of currencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The account or address.
    pub user: String,
    /// The worker; empty when the miner gave none.
    pub worker: String,
    /// Index into [`BatchContents::sets`].
    pub set: usize,
    /// Expected hashes.
    pub work: Work,
    /// Number of shares.
    pub shares: u64,
    /// Parallel to the codes of the set.
    pub weights: Vec<CurrencyWeight>,
}

/// What work was worth to a currency when it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CurrencyWeight {
    /// Sum of work / network work of each share's own job, scaled by 2^64.
    pub expected_blocks: u128,
    /// Sum of the same times the coinbase value: base units scaled by 2^32.
    pub value: u128,
}

/// Refused shares of a worker for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectCount {
    /// The account or address.
    pub user: String,
    /// The worker.
    pub worker: String,
    /// Such as `stale`.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// Work they claimed.
    pub work: Work,
}

impl BatchContents {
    /// Reads an encoded `BatchContent` and checks every field.
    pub fn decode(bytes: &[u8]) -> Result<Self, ContentError> {
        let message = wire::BatchContent::decode(bytes)?;
        let closed_at = i64::try_from(message.closed_ms)
            .ok()
            .and_then(DateTime::from_timestamp_millis)
            .ok_or_else(|| wrong("closed_ms", "is no time"))?;
        let mut sets = Vec::with_capacity(message.currency_sets.len());
        // Where each code of a set went when it was sorted.
        let mut orders = Vec::with_capacity(sets.capacity());
        for set in message.currency_sets {
            let (set, order) = sorted_set(&set.currencies)?;
            sets.push(set);
            orders.push(order);
        }
        let slices = message
            .slices
            .into_iter()
            .map(|slice| read_slice(slice, &orders))
            .collect::<Result<Vec<_>, _>>()?;
        let rejects = message
            .rejects
            .into_iter()
            .map(read_reject)
            .collect::<Result<Vec<_>, _>>()?;
        // What one server claims must not stop the statistics of all.
        bounded(slices.iter().map(|slice| (slice.shares, slice.work)))
            .ok_or_else(|| wrong("slices", "claim more than can be mined"))?;
        bounded(rejects.iter().map(|reject| (reject.count, reject.work)))
            .ok_or_else(|| wrong("rejects", "claim more than can be mined"))?;
        let port = name("port", message.port, 1)?;
        Ok(Self {
            port,
            closed_at,
            sets,
            slices,
            rejects,
        })
    }

    /// The bytes [`decode`](Self::decode) reads. For tests and benchmarks: servers write their own.
    pub fn encode(&self) -> Vec<u8> {
        let slices = self.slices.iter().map(|slice| wire::Slice {
            user: slice.user.clone(),
            worker: slice.worker.clone(),
            // A server never has more sets than fit.
            currency_set: u32::try_from(slice.set).unwrap_or(u32::MAX),
            work: slice.work.to_be_bytes().to_vec(),
            shares: slice.shares,
            weights: slice
                .weights
                .iter()
                .map(|weight| wire::CurrencyWeight {
                    expected_blocks: weight.expected_blocks.to_be_bytes().to_vec(),
                    value: weight.value.to_be_bytes().to_vec(),
                })
                .collect(),
        });
        let rejects = self.rejects.iter().map(|reject| wire::RejectCount {
            user: reject.user.clone(),
            worker: reject.worker.clone(),
            reason: reject.reason.clone(),
            count: reject.count,
            work: reject.work.to_be_bytes().to_vec(),
        });
        wire::BatchContent {
            port: self.port.clone(),
            slices: slices.collect(),
            rejects: rejects.collect(),
            closed_ms: u64::try_from(self.closed_at.timestamp_millis()).unwrap_or_default(),
            currency_sets: self
                .sets
                .iter()
                .map(|set| wire::CurrencySet {
                    currencies: set.0.clone(),
                })
                .collect(),
        }
        .encode_to_vec()
    }

    /// Work per set of currencies, by [`CurrencySet::key`].
    pub(crate) fn totals(&self) -> BTreeMap<String, u128> {
        let mut by_index = vec![0_u128; self.sets.len()];
        for slice in &self.slices {
            if let Some(total) = by_index.get_mut(slice.set) {
                *total = total.saturating_add(slice.work.0);
            }
        }
        let mut totals = BTreeMap::new();
        for (set, work) in self.sets.iter().zip(by_index) {
            let total = totals.entry(set.key()).or_insert(0_u128);
            *total = total.saturating_add(work);
        }
        totals.retain(|_, work| *work > 0);
        totals
    }

    /// Shares of all slices.
    pub(crate) fn shares(&self) -> u64 {
        self.slices
            .iter()
            .fold(0, |sum, slice| sum.saturating_add(slice.shares))
    }
}

impl CurrencySet {
    /// A set of codes, each given once. None when it is empty or a code cannot be one.
    pub fn new(codes: impl IntoIterator<Item = impl Into<String>>) -> Option<Self> {
        let codes: Vec<String> = codes.into_iter().map(Into::into).collect();
        sorted_set(&codes).ok().map(|(set, _)| set)
    }
}

fn sorted_set(codes: &[String]) -> Result<(CurrencySet, Vec<usize>), ContentError> {
    if codes.is_empty() || codes.len() > CURRENCIES_MAX {
        return Err(wrong(
            "currency_sets",
            "has a set that is empty or too large",
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if codes
        .iter()
        .any(|code| code.is_empty() || code.len() > 30 || !code.bytes().all(allowed))
    {
        return Err(wrong(
            "currency_sets",
            "has something that is no currency code",
        ));
    }
    let mut order: Vec<usize> = (0..codes.len()).collect();
    order.sort_by(|a, b| codes.get(*a).cmp(&codes.get(*b)));
    let sorted: Vec<String> = order
        .iter()
        .filter_map(|i| codes.get(*i))
        .cloned()
        .collect();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(wrong("currency_sets", "has a currency twice in a set"));
    }
    Ok((CurrencySet(sorted), order))
}

fn read_slice(slice: wire::Slice, orders: &[Vec<usize>]) -> Result<Slice, ContentError> {
    let set = usize::try_from(slice.currency_set).unwrap_or(usize::MAX);
    let order = orders
        .get(set)
        .ok_or_else(|| wrong("currency_set", "is not in currency_sets"))?;
    if slice.weights.len() != order.len() {
        return Err(wrong(
            "weights",
            "are not as many as the currencies of the set",
        ));
    }
    let weights = order
        .iter()
        .filter_map(|index| slice.weights.get(*index))
        .map(|weight| {
            Ok(CurrencyWeight {
                expected_blocks: number("expected_blocks", &weight.expected_blocks)?,
                value: number("value", &weight.value)?,
            })
        })
        .collect::<Result<Vec<_>, ContentError>>()?;
    Ok(Slice {
        user: name("user", slice.user, 1)?,
        worker: name("worker", slice.worker, 0)?,
        set,
        work: Work(number("work", &slice.work)?),
        shares: slice.shares,
        weights,
    })
}

fn read_reject(reject: wire::RejectCount) -> Result<RejectCount, ContentError> {
    let reason = name("reason", reject.reason, 1)?;
    if reason.len() > REASON_MAX {
        return Err(wrong("reason", "is too long"));
    }
    Ok(RejectCount {
        user: name("user", reject.user, 1)?,
        worker: name("worker", reject.worker, 0)?,
        reason,
        count: reject.count,
        work: Work(number("work", &reject.work)?),
    })
}

/// Nothing when shares or work sum to more than a batch can have.
fn bounded(mut claims: impl Iterator<Item = (u64, Work)>) -> Option<()> {
    claims
        .try_fold(
            (0_u64, Work::ZERO),
            |(shares, work), (more_shares, more_work)| {
                let shares = shares.checked_add(more_shares)?;
                let work = work.checked_add(more_work)?;
                (shares <= SHARES_MAX && work.0 <= WORK_MAX).then_some((shares, work))
            },
        )
        .map(drop)
}

fn name(field: &'static str, text: String, min: usize) -> Result<String, ContentError> {
    if text.len() < min || text.len() > NAME_MAX {
        return Err(wrong(field, "has a length it cannot have"));
    }
    // PostgreSQL cannot hold NUL in a text, and nobody wants the others on a page.
    if text.chars().any(char::is_control) {
        return Err(wrong(field, "has control characters"));
    }
    Ok(text)
}

/// A `u128` from 16 bytes big-endian; an absent field is zero, as protobuf leaves defaults out.
fn number(field: &'static str, bytes: &[u8]) -> Result<u128, ContentError> {
    if bytes.is_empty() {
        return Ok(0);
    }
    bytes
        .try_into()
        .map(u128::from_be_bytes)
        .map_err(|_| wrong(field, "is not 16 bytes"))
}

fn wrong(field: &'static str, problem: &str) -> ContentError {
    ContentError::Field {
        field,
        problem: problem.to_owned(),
    }
}

/// The messages, with the tags of `ngpool.v1`. Tags are never reused: old batches have them.
mod wire {
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct BatchContent {
        #[prost(string, tag = "1")]
        pub(super) port: String,
        #[prost(message, repeated, tag = "2")]
        pub(super) slices: Vec<Slice>,
        #[prost(message, repeated, tag = "3")]
        pub(super) rejects: Vec<RejectCount>,
        #[prost(uint64, tag = "4")]
        pub(super) closed_ms: u64,
        #[prost(message, repeated, tag = "5")]
        pub(super) currency_sets: Vec<CurrencySet>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct CurrencySet {
        #[prost(string, repeated, tag = "1")]
        pub(super) currencies: Vec<String>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Slice {
        #[prost(string, tag = "1")]
        pub(super) user: String,
        #[prost(string, tag = "2")]
        pub(super) worker: String,
        #[prost(uint32, tag = "3")]
        pub(super) currency_set: u32,
        #[prost(bytes = "vec", tag = "4")]
        pub(super) work: Vec<u8>,
        #[prost(uint64, tag = "5")]
        pub(super) shares: u64,
        #[prost(message, repeated, tag = "6")]
        pub(super) weights: Vec<CurrencyWeight>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct CurrencyWeight {
        #[prost(bytes = "vec", tag = "1")]
        pub(super) expected_blocks: Vec<u8>,
        #[prost(bytes = "vec", tag = "2")]
        pub(super) value: Vec<u8>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct RejectCount {
        #[prost(string, tag = "1")]
        pub(super) user: String,
        #[prost(string, tag = "2")]
        pub(super) worker: String,
        #[prost(string, tag = "3")]
        pub(super) reason: String,
        #[prost(uint64, tag = "4")]
        pub(super) count: u64,
        #[prost(bytes = "vec", tag = "5")]
        pub(super) work: Vec<u8>,
    }
}
