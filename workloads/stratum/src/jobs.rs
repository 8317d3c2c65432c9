//! Jobs: what of the last tips can be mined on, and what is mined on now.
//!
//! ```text
//!  Offer (base) ──┐
//!                 ├─▶ JobBook::publish ──▶ Job ──▶ JobTable (swapped as a whole, read without a lock)
//!  aux tree ──────┘
//! ```
//!
//! A handle is what a miner is told: the job's number and, in the last four bits, how often it was sent
//! again to one connection. Handles only grow, so that "sent after" is a comparison.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use ngpool_chain::{Address, AddressError, BlockHash, CoinbaseSpec, JobError, ProcessTag, Target};
use ngpool_settings::CurrencySettings;
use thiserror::Error;

use crate::{
    aux::AuxSet,
    journal::{JobCurrency, WeightSet},
    templates::Offer,
    wire::encode::NotifyLine,
};

/// Tips whose jobs and duplicate sets are kept: when a reorganisation goes back and forth, a header
/// that was paid on the first tip must not be paid again.
pub const TIPS: usize = 8;
/// Jobs kept of one tip: half an hour of refreshes.
const JOBS_OF_TIP: usize = 64;
/// How far a header's time may be ahead of the job's.
const TIME_AHEAD: u32 = 7_000;
/// Bits of a handle that count how often a job was sent again.
const AGAIN_BITS: u32 = 4;

/// What a miner calls a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct JobHandle(pub u32);

impl JobHandle {
    /// The first handle of a job.
    #[must_use]
    pub const fn first(number: u32) -> Self {
        Self(number << AGAIN_BITS)
    }

    /// The job's number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0 >> AGAIN_BITS
    }

    /// The next handle of the same job, while there is one.
    #[must_use]
    pub fn again(self) -> Option<Self> {
        let next = Self(self.0.checked_add(1)?);
        (next.number() == self.number()).then_some(next)
    }
}

/// One job.
#[derive(Debug)]
pub struct Job {
    /// Its number.
    pub number: u32,
    /// Number of its tip; the same tip has the same number as long as it is kept.
    pub tip: u32,
    /// How headers are made.
    pub work: ngpool_chain::Job,
    /// What shares of it are worth.
    pub set: Arc<WeightSet>,
    /// The base template.
    pub base: Arc<Offer>,
    /// The blocks of other chains that its coinbase commits to.
    pub aux: AuxSet,
    /// Difficulty of its easiest chain.
    pub easiest_difficulty: f64,
    /// On regtest, how much harder than a share a solve must be.
    pub block_odds: u32,
    /// Where the reward goes.
    pub script: Bytes,
    /// `mining.notify`
    pub notify: NotifyLine,
    published: Instant,
    /// Longest time from publishing to a connection's write, in microseconds.
    slowest_us: AtomicU64,
}

impl Job {
    /// Whether a header's time is allowed: from the job's time, or the chain's least, up to 7,000 s
    /// later, and not more than two hours in the future.
    #[must_use]
    pub fn allows_time(&self, time: u32, now: u64) -> bool {
        let from = self.work.time.max(self.work.min_time);
        let to = self.work.time.saturating_add(TIME_AHEAD);
        time >= from && time <= to && u64::from(time) <= now.saturating_add(7_200)
    }

    /// A connection was sent this job.
    pub fn sent(&self) {
        let micros = u64::try_from(self.published.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.slowest_us.fetch_max(micros, Ordering::Relaxed);
    }

    /// Time from publishing to the last first write so far.
    #[must_use]
    pub fn fan_out(&self) -> Duration {
        Duration::from_micros(self.slowest_us.load(Ordering::Relaxed))
    }

    /// Time since it was published.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.published.elapsed()
    }

    /// The hardest a solve's hash may be, beside the chain's target: regtest only, where every share
    /// would be a block.
    #[must_use]
    pub fn solve_target(&self, share: Target) -> Target {
        harder_solve(share, self.block_odds, self.work.target)
    }
}

/// The chain's target, or with `odds` above 1 one that is so much harder than a share's, if it is
/// harder.
pub(crate) fn harder_solve(share: Target, odds: u32, chain: Target) -> Target {
    if odds <= 1 {
        chain
    } else {
        share.harder_by(odds).min(chain)
    }
}

/// What can be mined on at one moment.
#[derive(Debug, Default)]
pub struct JobTable {
    /// By number.
    jobs: Vec<Arc<Job>>,
    current: Option<Arc<Job>>,
    tips: Vec<u32>,
}

impl JobTable {
    /// The job to send.
    #[must_use]
    pub fn current(&self) -> Option<&Arc<Job>> {
        self.current.as_ref()
    }

    /// A job by number.
    #[must_use]
    pub fn find(&self, number: u32) -> Option<&Arc<Job>> {
        let place = self
            .jobs
            .binary_search_by_key(&number, |job| job.number)
            .ok()?;
        self.jobs.get(place)
    }

    /// Whether a job's tip is the one mined on.
    #[must_use]
    pub fn is_on_tip(&self, job: &Job) -> bool {
        self.current
            .as_ref()
            .is_some_and(|current| current.tip == job.tip)
    }

    /// Whether a tip is kept.
    #[must_use]
    pub fn keeps_tip(&self, tip: u32) -> bool {
        self.tips.contains(&tip)
    }

    /// The oldest number kept.
    #[must_use]
    pub fn oldest(&self) -> Option<u32> {
        self.jobs.first().map(|job| job.number)
    }
}

/// How urgent a published job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Another tip: everything before is stale.
    NewTip,
    /// Another node on the same tip, or other contents that must not wait.
    AtOnce,
    /// The same tip with other fees: may be spread over time.
    Refresh,
}

/// Why no job can be made.
#[derive(Debug, Error)]
pub enum JobBookError {
    /// The subsidy address is not one of the chain.
    #[error("the subsidy address cannot be used: {0}")]
    Subsidy(#[from] AddressError),
    /// The template or the coinbase is impossible.
    #[error("no job can be made of the template: {0}")]
    Job(#[from] JobError),
    /// 2^28 jobs have been made.
    #[error("no job numbers are left: restart the server")]
    Numbers,
}

/// Makes jobs and keeps those of the last tips.
#[derive(Debug)]
pub struct JobBook {
    process: ProcessTag,
    next_number: u32,
    next_tip: u32,
    /// The tip in force is the last.
    tips: VecDeque<Tip>,
}

#[derive(Debug)]
struct Tip {
    number: u32,
    hash: BlockHash,
    jobs: VecDeque<Arc<Job>>,
}

impl JobBook {
    /// No jobs yet. Numbers start at a random place, so that a job of an earlier process is not taken
    /// for one of this.
    #[must_use]
    pub fn new(process: ProcessTag) -> Self {
        Self {
            process,
            next_number: u32::from(rand::random::<u16>()) + 1,
            next_tip: 0,
            tips: VecDeque::new(),
        }
    }

    /// Makes a job and the table it is current in.
    pub fn publish(
        &mut self,
        base: &Arc<Offer>,
        aux: &AuxSet,
        currency: &CurrencySettings,
    ) -> Result<(JobTable, Urgency), JobBookError> {
        let number = self.next_number;
        if number >= u32::MAX >> AGAIN_BITS {
            return Err(JobBookError::Numbers);
        }
        let script = Address::parse(&currency.subsidy_address, &currency.network)?
            .script()
            .clone();
        let tag = Bytes::copy_from_slice(currency.coinbase_tag.as_bytes());
        let mut spec = CoinbaseSpec::of(&base.head, script.clone(), self.process, tag);
        spec.aux = aux.commitment();
        let work = ngpool_chain::Job::new(&base.head, &spec)?;
        self.next_number += 1;

        let before = self.tips.back().and_then(|tip| tip.jobs.back()).cloned();
        let tip = self.enter_tip(base.head.previous);
        let urgency = match &before {
            Some(before) if before.tip != tip.number => Urgency::NewTip,
            Some(before) if before.base.node == base.node && before.aux.is_on_tips_of(aux) => {
                Urgency::Refresh
            }
            Some(_) => Urgency::AtOnce,
            None => Urgency::NewTip,
        };
        let base_currency = JobCurrency {
            code: currency.code.clone(),
            network_work: work.target.work(),
            coinbase_value: work.value,
        };
        let aux_currencies = aux.works().iter().map(|work| JobCurrency {
            code: work.code.clone(),
            network_work: work.block.target.work(),
            coinbase_value: work.offer.head.coinbase_value,
        });
        let base_difficulty = if currency.block_odds > 1 {
            // A solve is a share by definition then: no share target can hide one.
            f64::INFINITY
        } else {
            work.target.difficulty(currency.network.algorithm).0
        };
        let job = Arc::new(Job {
            number,
            tip: tip.number,
            set: Arc::new(WeightSet {
                currencies: std::iter::once(base_currency)
                    .chain(aux_currencies)
                    .collect(),
            }),
            base: base.clone(),
            easiest_difficulty: aux
                .works()
                .iter()
                .map(|work| work.difficulty)
                .fold(base_difficulty, f64::min),
            aux: aux.clone(),
            block_odds: currency.block_odds,
            script,
            notify: NotifyLine::new(JobHandle::first(number).0, &work),
            published: Instant::now(),
            slowest_us: AtomicU64::new(0),
            work,
        });
        if tip.jobs.len() == JOBS_OF_TIP {
            tip.jobs.pop_front();
        }
        tip.jobs.push_back(job);
        Ok((self.table(), urgency))
    }

    fn table(&self) -> JobTable {
        let mut jobs: Vec<Arc<Job>> = self
            .tips
            .iter()
            .flat_map(|tip| tip.jobs.iter().cloned())
            .collect();
        jobs.sort_unstable_by_key(|job| job.number);
        JobTable {
            current: self.tips.back().and_then(|tip| tip.jobs.back()).cloned(),
            tips: self.tips.iter().map(|tip| tip.number).collect(),
            jobs,
        }
    }

    /// Makes a tip the last, as it was if it is known.
    fn enter_tip(&mut self, hash: BlockHash) -> &mut Tip {
        let known = self
            .tips
            .iter()
            .position(|tip| tip.hash == hash)
            .and_then(|place| self.tips.remove(place));
        let tip = known.unwrap_or_else(|| {
            let number = self.next_tip;
            self.next_tip += 1;
            Tip {
                number,
                hash,
                jobs: VecDeque::new(),
            }
        });
        if self.tips.len() == TIPS {
            self.tips.pop_front();
        }
        self.tips.push_back(tip);
        let last = self.tips.len() - 1;
        &mut self.tips[last]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use ngpool_chain::{Amount, Height, Network, TemplateHead};

    use super::*;
    use crate::templates::BodySlot;

    pub(crate) fn currency() -> CurrencySettings {
        let network = Network::preset("bitcoin-regtest").unwrap();
        CurrencySettings {
            name: "btc".into(),
            code: "BTC".into(),
            subsidy_address: Address::p2wpkh([7; 20], &network).unwrap().to_string(),
            network,
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: "/test/".into(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        }
    }

    pub(crate) fn offer(node: &str, tip: u8) -> Arc<Offer> {
        Arc::new(Offer {
            node: node.into(),
            template_id: Bytes::from_static(b"t"),
            head: TemplateHead {
                previous: BlockHash::from_bytes([tip; 32]),
                height: Height(10),
                version: 0x2000_0000,
                bits: 0x207f_ffff,
                min_time: 1_000,
                cur_time: 2_000,
                coinbase_value: Amount(50),
                merkle_branch: Vec::new(),
                witness_commitment: None,
                transaction_count: 0,
                has_mweb: false,
            },
            chain_work: [0; 32],
            received_ms: 0,
            body: BodySlot::default(),
        })
    }

    fn book() -> JobBook {
        JobBook::new(ProcessTag::new([1; 8]).unwrap())
    }

    fn publish(book: &mut JobBook, node: &str, tip: u8) -> (JobTable, Urgency) {
        book.publish(&offer(node, tip), &AuxSet::default(), &currency())
            .unwrap()
    }

    #[test]
    fn a_new_tip_is_urgent_another_node_at_once_and_a_refresh_is_neither() {
        let mut book = book();
        assert_eq!(publish(&mut book, "a", 1).1, Urgency::NewTip);
        assert_eq!(publish(&mut book, "a", 1).1, Urgency::Refresh);
        assert_eq!(publish(&mut book, "b", 1).1, Urgency::AtOnce);
        assert_eq!(publish(&mut book, "b", 2).1, Urgency::NewTip);
    }

    #[test]
    fn a_tip_that_comes_back_brings_its_jobs_and_its_number() {
        let mut book = book();
        let first = publish(&mut book, "a", 1).0.current().unwrap().clone();
        let (table, _) = publish(&mut book, "a", 2);
        assert!(!table.is_on_tip(&first));
        assert!(table.find(first.number).is_some());
        let (table, urgency) = publish(&mut book, "a", 1);
        assert_eq!(urgency, Urgency::NewTip);
        assert!(table.is_on_tip(&first));
        assert_eq!(table.current().unwrap().tip, first.tip);
    }

    #[test]
    fn the_ninth_tip_drives_out_the_one_not_used_longest() {
        let mut book = book();
        let first = publish(&mut book, "a", 1).0.current().unwrap().clone();
        for tip in 2..=8 {
            assert!(publish(&mut book, "a", tip).0.keeps_tip(first.tip));
        }
        let (table, _) = publish(&mut book, "a", 9);
        assert!(!table.keeps_tip(first.tip));
        assert!(table.find(first.number).is_none());
    }

    #[test]
    fn jobs_of_a_long_tip_are_bounded() {
        let mut book = book();
        let first = publish(&mut book, "a", 1).0.current().unwrap().number;
        for _ in 0..JOBS_OF_TIP {
            publish(&mut book, "a", 1);
        }
        let (table, _) = publish(&mut book, "a", 1);
        assert_eq!(table.jobs.len(), JOBS_OF_TIP);
        assert!(table.find(first).is_none());
    }

    #[test]
    fn header_times_are_bounded_on_both_sides() {
        let job = publish(&mut book(), "a", 1).0.current().unwrap().clone();
        let now = 1_000_000;
        assert!(!job.allows_time(1_999, now));
        assert!(job.allows_time(2_000, now));
        assert!(job.allows_time(9_000, now));
        assert!(!job.allows_time(9_001, now));
        assert!(job.allows_time(2_000 + 100, 0));
        assert!(!job.allows_time(8_000, 0));
    }

    #[test]
    fn a_handle_counts_its_repetitions_and_keeps_its_job() {
        let mut handle = JobHandle::first(7);
        let mut count = 0;
        while let Some(next) = handle.again() {
            assert!(next > handle);
            assert_eq!(next.number(), 7);
            handle = next;
            count += 1;
        }
        assert_eq!(count, 15);
        assert!(JobHandle::first(8) > handle);
    }

    #[test]
    fn block_odds_make_a_solve_harder_than_a_share_and_never_easier_than_the_chain() {
        let mut currency = currency();
        currency.block_odds = 16;
        let (table, _) = book()
            .publish(&offer("a", 1), &AuxSet::default(), &currency)
            .unwrap();
        let job = table.current().unwrap();
        let share = Target::from_compact(0x1f00_ffff).unwrap();
        assert_eq!(job.solve_target(share), share.harder_by(16));
        assert_eq!(
            job.solve_target(Target::MAX),
            job.work.target.min(Target::MAX.harder_by(16))
        );
    }

    #[test]
    fn a_subsidy_address_of_another_chain_makes_no_job() {
        let mut currency = currency();
        currency.subsidy_address = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT".into();
        assert!(matches!(
            book().publish(&offer("a", 1), &AuxSet::default(), &currency),
            Err(JobBookError::Subsidy(_))
        ));
    }
}
