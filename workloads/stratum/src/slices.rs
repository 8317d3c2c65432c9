//! Accepted shares, summed per (set of currencies worked on, user, worker) until the slice is closed.
//!
//! Work alone cannot be valued afterwards, because difficulty may change with every block. So a slice
//! carries, per currency, the expected number of blocks (Σ work / network work) and their value
//! (Σ work / network work × coinbase value), from the job of each share.
//!
//! Sums are kept per job and divided once at the close: one rounding (down, below 2⁻⁶⁴ of a block)
//! per job, user and worker instead of one per share.

use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use bytes::Bytes;
use ngpool_chain::{Amount, Work};
use ngpool_rpc::v1;
use ruint::aliases::U256;

/// The worker that stands for all above a user's bound.
pub const OTHER_WORKER: &str = "other";

/// Rejects are counted apart for so many (user, worker, reason) in one slice; the rest is summed.
const REJECT_KEYS: usize = 10_000;

/// Bytes of a name in a batch.
const NAME_MAX: usize = 128;

/// One currency of a job: what a share of that job is worth there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCurrency {
    /// Code of the currency.
    pub code: String,
    /// Expected hashes of a block at the job's network target.
    pub network_work: Work,
    /// What the job's block would pay, in base units.
    pub coinbase_value: Amount,
}

/// The currencies a job works on, base first. Made once per job and shared by its shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightSet {
    /// At least one.
    pub currencies: Vec<JobCurrency>,
}

/// One accepted share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRecord {
    /// Account or address, without the worker.
    pub user: Arc<str>,
    /// Empty when the miner gave none.
    pub worker: Arc<str>,
    /// Expected hashes at the share target.
    pub work: Work,
    /// From the share's job.
    pub set: Arc<WeightSet>,
}

/// The slices that are still open.
#[derive(Debug, Default)]
pub(crate) struct OpenSlices {
    sets: Sets,
    sums: HashMap<SliceKey, Sum>,
    /// Workers of a user seen in these slices.
    workers: HashMap<Arc<str>, HashSet<Arc<str>>>,
    rejects: HashMap<RejectKey, Sum>,
    shares: u64,
    /// Counts additions, so that slices are in the order of their last share.
    clock: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SliceKey {
    set: u32,
    user: Arc<str>,
    worker: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct RejectKey {
    user: Arc<str>,
    worker: Arc<str>,
    reason: &'static str,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    work: u128,
    shares: u64,
    /// When the last of it was added, by [`OpenSlices::clock`].
    last: u64,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.work = self.work.saturating_add(other.work);
        self.shares = self.shares.saturating_add(other.shares);
        self.last = self.last.max(other.last);
    }
}

impl OpenSlices {
    /// Adds one share. Workers of a user above `workers_per_user` are summed as `other`.
    pub(crate) fn add(&mut self, share: &ShareRecord, workers_per_user: u32) {
        let set = self.sets.id(&share.set);
        self.add_sum(
            SliceKey {
                set,
                user: Arc::clone(&share.user),
                worker: Arc::clone(&share.worker),
            },
            Sum {
                work: share.work.0,
                shares: 1,
                last: 0,
            },
            workers_per_user,
        );
    }

    fn add_sum(&mut self, mut key: SliceKey, mut sum: Sum, workers_per_user: u32) {
        self.shares = self.shares.saturating_add(sum.shares);
        self.clock += 1;
        sum.last = self.clock;
        if let Some(present) = self.sums.get_mut(&key) {
            present.add(sum);
            return;
        }
        let workers = self.workers.entry(Arc::clone(&key.user)).or_default();
        if !workers.contains(&key.worker) {
            if workers.len() < workers_per_user as usize {
                workers.insert(Arc::clone(&key.worker));
            } else {
                key.worker = Arc::from(OTHER_WORKER);
            }
        }
        self.sums.entry(key).or_default().add(sum);
    }

    /// Counts a refused share.
    pub(crate) fn reject(
        &mut self,
        user: &Arc<str>,
        worker: &Arc<str>,
        reason: &'static str,
        work: Work,
    ) {
        let key = RejectKey {
            user: Arc::clone(user),
            worker: Arc::clone(worker),
            reason,
        };
        self.add_reject(
            key,
            Sum {
                work: work.0,
                shares: 1,
                last: 0,
            },
        );
    }

    fn add_reject(&mut self, key: RejectKey, sum: Sum) {
        let crowded = self.rejects.len() >= REJECT_KEYS;
        match self.rejects.entry(key) {
            Entry::Occupied(mut present) => present.get_mut().add(sum),
            Entry::Vacant(vacant) if !crowded => {
                vacant.insert(sum);
            }
            Entry::Vacant(vacant) => {
                let key = RejectKey {
                    user: Arc::from(OTHER_WORKER),
                    worker: Arc::from(OTHER_WORKER),
                    reason: vacant.key().reason,
                };
                self.rejects.entry(key).or_default().add(sum);
            }
        }
    }

    /// Takes in slices that were closed but could not be journalled.
    pub(crate) fn merge(&mut self, other: Self, workers_per_user: u32) {
        for (mut key, sum) in other.sums {
            if let Some(set) = other.sets.sets.get(key.set as usize) {
                key.set = self.sets.id(set);
                self.add_sum(key, sum, workers_per_user);
            }
        }
        for (key, sum) in other.rejects {
            self.add_reject(key, sum);
        }
    }

    /// Whether neither a share nor a reject is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.rejects.is_empty()
    }

    /// Number of sums kept.
    pub(crate) fn len(&self) -> usize {
        self.sums.len()
    }

    /// Number of shares summed.
    pub(crate) fn shares(&self) -> u64 {
        self.shares
    }

    /// The content of a batch: slices in the order of their last share, because a window that ends
    /// inside a batch takes its newest slices.
    pub(crate) fn content(&self, port: &str, closed_ms: u64) -> v1::BatchContent {
        let mut numbers = BTreeMap::<Vec<&str>, BTreeMap<(&str, &str), Totals>>::new();
        for (key, sum) in &self.sums {
            let Some(set) = self.sets.sets.get(key.set as usize) else {
                continue;
            };
            let codes = set
                .currencies
                .iter()
                .map(|currency| currency.code.as_str())
                .collect();
            numbers
                .entry(codes)
                .or_default()
                .entry((&key.user, &key.worker))
                .or_insert_with(|| Totals::new(set.currencies.len()))
                .add(*sum, set);
        }
        let mut content = v1::BatchContent {
            port: port.to_owned(),
            closed_ms,
            ..v1::BatchContent::default()
        };
        let mut slices = Vec::with_capacity(self.sums.len());
        for (number, (codes, sums)) in (0_u32..).zip(numbers) {
            content.currency_sets.push(v1::CurrencySet {
                currencies: codes.into_iter().map(str::to_owned).collect(),
            });
            slices.extend(sums.into_iter().map(|((user, worker), totals)| {
                let slice = v1::Slice {
                    user: clean(user, "unknown"),
                    worker: clean(worker, ""),
                    currency_set: number,
                    work: big_endian(totals.sum.work),
                    shares: totals.sum.shares,
                    weights: totals.weights.into_iter().map(Weight::message).collect(),
                };
                (totals.sum.last, slice)
            }));
        }
        slices.sort_by_key(|(last, _)| *last);
        content.slices = slices.into_iter().map(|(_, slice)| slice).collect();
        let rejects: BTreeMap<&RejectKey, &Sum> = self.rejects.iter().collect();
        content.rejects = rejects
            .into_iter()
            .map(|(key, sum)| v1::RejectCount {
                user: clean(&key.user, "unknown"),
                worker: clean(&key.worker, ""),
                reason: key.reason.to_owned(),
                count: sum.shares,
                work: big_endian(sum.work),
            })
            .collect();
        content
    }
}

/// Weight sets by small numbers. Looked up by address, which is safe while `sets` holds them.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    sets: Vec<Arc<WeightSet>>,
    numbers: HashMap<usize, u32>,
}

impl Sets {
    /// The number of a set, given at first use.
    pub(crate) fn id(&mut self, set: &Arc<WeightSet>) -> u32 {
        let next = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        *self
            .numbers
            .entry(Arc::as_ptr(set).addr())
            .or_insert_with(|| {
                self.sets.push(Arc::clone(set));
                next
            })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }
}

struct Totals {
    sum: Sum,
    weights: Vec<Weight>,
}

impl Totals {
    fn new(currencies: usize) -> Self {
        Self {
            sum: Sum::default(),
            weights: vec![Weight::default(); currencies],
        }
    }

    fn add(&mut self, sum: Sum, set: &WeightSet) {
        self.sum.add(sum);
        for (weight, currency) in self.weights.iter_mut().zip(&set.currencies) {
            weight.add(sum.work, currency);
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    expected_blocks: u128,
    value: u128,
}

impl Weight {
    /// Saturates: 2⁶⁴ expected blocks in one slice are beyond any pool.
    fn add(&mut self, work: u128, currency: &JobCurrency) {
        // Work of a target is at least 1; a zero would be a network without proof of work.
        let network = U256::from(currency.network_work.0.max(1));
        let work = U256::from(work);
        let value = U256::from(u64::try_from(currency.coinbase_value.0).unwrap_or(0));
        // 128 + 64 and 128 + 63 + 32 bits: neither overflows 256.
        let expected = (work << 64) / network;
        let worth = ((work * value) << 32) / network;
        self.expected_blocks = self
            .expected_blocks
            .saturating_add(u128::try_from(expected).unwrap_or(u128::MAX));
        self.value = self
            .value
            .saturating_add(u128::try_from(worth).unwrap_or(u128::MAX));
    }

    fn message(self) -> v1::CurrencyWeight {
        v1::CurrencyWeight {
            expected_blocks: big_endian(self.expected_blocks),
            value: big_endian(self.value),
        }
    }
}

/// A name as the ledger takes it. Names are checked when a miner authorises; one that slipped through
/// must not make a batch that can never be stored.
fn clean(name: &str, empty: &str) -> String {
    let mut clean = String::new();
    for character in name.chars() {
        let character = if character.is_control() {
            '?'
        } else {
            character
        };
        if clean.len() + character.len_utf8() > NAME_MAX {
            break;
        }
        clean.push(character);
    }
    if clean.is_empty() {
        empty.to_owned()
    } else {
        clean
    }
}

fn big_endian(number: u128) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(code: &str, network_work: u128, value: i64) -> Arc<WeightSet> {
        Arc::new(WeightSet {
            currencies: vec![JobCurrency {
                code: code.to_owned(),
                network_work: Work(network_work),
                coinbase_value: Amount(value),
            }],
        })
    }

    fn share(user: &str, worker: &str, work: u128, set: &Arc<WeightSet>) -> ShareRecord {
        ShareRecord {
            user: user.into(),
            worker: worker.into(),
            work: Work(work),
            set: Arc::clone(set),
        }
    }

    fn number(bytes: &Bytes) -> u128 {
        u128::from_be_bytes(bytes.as_ref().try_into().unwrap())
    }

    #[test]
    fn shares_of_jobs_of_one_currency_become_one_slice_valued_by_their_own_job() {
        let easy = set("LTC", 1_000, 5_000);
        let hard = set("LTC", 4_000, 6_000);
        let mut open = OpenSlices::default();
        for _ in 0..10 {
            open.add(&share("alice", "rig", 100, &easy), 1_000);
        }
        open.add(&share("alice", "rig", 400, &hard), 1_000);
        let content = open.content("main", 7);
        assert_eq!(content.slices.len(), 1);
        let slice = &content.slices[0];
        assert_eq!(slice.shares, 11);
        assert_eq!(number(&slice.work), 1_400);
        let one = 1_u128 << 64;
        assert_eq!(number(&slice.weights[0].expected_blocks), one + one / 10);
        assert_eq!(number(&slice.weights[0].value), (5_000 << 32) + (600 << 32));
    }

    #[test]
    fn workers_above_the_bound_share_other_and_no_work_is_lost() {
        let set = set("LTC", 1_000, 5_000);
        let mut open = OpenSlices::default();
        for worker in 0..50 {
            open.add(&share("alice", &format!("w{worker:02}"), 1, &set), 10);
        }
        open.add(&share("bob", "w", 1, &set), 10);
        let content = open.content("main", 7);
        let alice: Vec<_> = content
            .slices
            .iter()
            .filter(|slice| slice.user == "alice")
            .collect();
        assert_eq!(alice.len(), 11);
        let other = alice
            .iter()
            .find(|slice| slice.worker == OTHER_WORKER)
            .unwrap();
        assert_eq!(other.shares, 40);
        assert_eq!(
            content
                .slices
                .iter()
                .map(|slice| number(&slice.work))
                .sum::<u128>(),
            51
        );
    }

    #[test]
    fn sums_saturate_instead_of_wrapping() {
        let set = set("LTC", 1, i64::MAX);
        let mut open = OpenSlices::default();
        open.add(&share("alice", "rig", u128::MAX, &set), 10);
        open.add(&share("alice", "rig", u128::MAX, &set), 10);
        let content = open.content("main", 7);
        assert_eq!(number(&content.slices[0].work), u128::MAX);
        assert_eq!(number(&content.slices[0].weights[0].value), u128::MAX);
    }

    #[test]
    fn slices_are_in_the_order_of_their_last_share_and_names_are_storable() {
        let set = set("LTC", 1_000, 5_000);
        let mut open = OpenSlices::default();
        for user in [
            "zoe",
            "adam",
            "zoe",
            "\u{7}bad",
            &"x".repeat(300),
            "adam",
            "",
        ] {
            open.add(&share(user, "w", 1, &set), 10);
        }
        let users: Vec<_> = open
            .content("main", 7)
            .slices
            .into_iter()
            .map(|slice| slice.user)
            .collect();
        assert_eq!(users, ["zoe", "?bad", &"x".repeat(128), "adam", "unknown"]);
    }

    #[test]
    fn rejects_are_counted_by_reason_and_bounded() {
        let mut open = OpenSlices::default();
        for user in 0..REJECT_KEYS + 500 {
            let user: Arc<str> = format!("u{user:06}").into();
            open.reject(&user, &"w".into(), "stale", Work(3));
        }
        let content = open.content("main", 7);
        assert_eq!(content.rejects.len(), REJECT_KEYS + 1);
        assert_eq!(
            content
                .rejects
                .iter()
                .map(|reject| reject.count)
                .sum::<u64>(),
            10_500
        );
    }

    proptest! {
        #[test]
        fn merging_two_halves_sums_like_adding_all(
            shares in prop::collection::vec((0_u8..4, 0_u8..4, 1_u32.., 0_usize..3), 0..60),
            cut in 0_usize..60,
        ) {
            let sets = [set("LTC", 77, 9), set("LTC", 5_000, 11), set("DOGE", 31, 2)];
            let records: Vec<_> = shares
                .iter()
                .map(|(user, worker, work, number)| {
                    share(
                        &format!("u{user}"),
                        &format!("w{worker}"),
                        u128::from(*work),
                        &sets[*number],
                    )
                })
                .collect();
            let mut all = OpenSlices::default();
            let (mut first, mut second) = (OpenSlices::default(), OpenSlices::default());
            for (index, record) in records.iter().enumerate() {
                all.add(record, 1_000);
                if index < cut { first.add(record, 1_000) } else { second.add(record, 1_000) }
            }
            second.merge(first, 1_000);
            let sorted = |open: &OpenSlices| {
                let mut content = open.content("p", 1);
                content.slices.sort_by(|a, b| {
                    (a.currency_set, &a.user, &a.worker).cmp(&(b.currency_set, &b.user, &b.worker))
                });
                content
            };
            prop_assert_eq!(sorted(&second), sorted(&all));
            prop_assert_eq!(second.shares(), all.shares());
        }
    }
}
