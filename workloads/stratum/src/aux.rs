//! Merged mining: the blocks of other chains that a job commits to.
//!
//! ```text
//!  Board (aux) ──best()──▶ AuxBook ──▶ AuxWork (a block, complete but for its proof)
//!                                         │
//!                                         └──▶ AuxSet (all of them under one commitment) ──▶ Job
//! ```
//!
//! A chain that gives no template is left out; the port goes on with the others. A block is submitted
//! once, however many shares solve it: its header is final when it is made.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use ngpool_chain::{
    Address, AddressError, AuxBlock, AuxCommitment, AuxError, AuxTree, BlockHash, CoinbaseSpec,
    ProcessTag, Target, aux::AUX_VERSION_BIT,
};
use ngpool_settings::CurrencySettings;
use thiserror::Error;

use crate::{
    clock::Moment,
    jobs::harder_solve,
    templates::{Boards, Offer},
};

/// A chain whose nodes have all been away for so long is mined no longer: its last block would be
/// refused by now.
const PATIENCE_MS: u64 = 60_000;
/// Other fees of an aux block are worth a new job so often, unless there is one anyway.
const REFRESH_MS: u64 = 30_000;

/// Why a chain cannot be merged mined now.
#[derive(Debug, Error)]
pub enum AuxWorkError {
    /// The network has no AuxPoW chain id.
    #[error("its network cannot be merged mined: it has no AuxPoW chain id")]
    NotAux,
    /// The subsidy address is not one of the chain.
    #[error("its subsidy address cannot be used: {0}")]
    Subsidy(#[from] AddressError),
    /// No block can be made of the template.
    #[error("no block can be made of its template: {0}")]
    Block(#[from] AuxError),
    /// The parent's blocks are refused as proofs by this chain.
    #[error("it takes no parent of version {0:08x}")]
    Parent(u32),
}

/// A block of an aux chain that jobs commit to.
#[derive(Debug)]
pub struct AuxWork {
    /// Code of the currency.
    pub code: String,
    /// The template it was made of.
    pub offer: Arc<Offer>,
    /// The block.
    pub block: AuxBlock,
    /// Where its reward goes.
    pub script: Bytes,
    /// On regtest, how much harder than a share a solve must be.
    pub block_odds: u32,
    /// Difficulty of its chain.
    pub difficulty: f64,
    solved: AtomicBool,
}

impl AuxWork {
    /// The block of a template.
    pub fn new(
        offer: &Arc<Offer>,
        currency: &CurrencySettings,
        process: ProcessTag,
    ) -> Result<Self, AuxWorkError> {
        let chain_id = currency.network.aux_chain_id.ok_or(AuxWorkError::NotAux)?;
        let script = Address::parse(&currency.subsidy_address, &currency.network)?
            .script()
            .clone();
        let tag = Bytes::copy_from_slice(currency.coinbase_tag.as_bytes());
        let spec = CoinbaseSpec::of(&offer.head, script.clone(), process, tag);
        let block = AuxBlock::new(&offer.head, &spec, chain_id)?;
        Ok(Self {
            code: currency.code.clone(),
            offer: offer.clone(),
            difficulty: if currency.block_odds > 1 {
                // A solve is a share by definition then: no share target can hide one.
                f64::INFINITY
            } else {
                block.target.difficulty(currency.network.algorithm).0
            },
            block,
            script,
            block_odds: currency.block_odds,
            solved: AtomicBool::new(false),
        })
    }

    /// What a share's hash must be under to solve the block.
    #[must_use]
    pub fn solve_target(&self, share: Target) -> Target {
        harder_solve(share, self.block_odds, self.block.target)
    }

    /// Whether this is its first solve.
    pub fn solve(&self) -> bool {
        !self.solved.swap(true, Ordering::Relaxed)
    }

    fn tip(&self) -> (&str, BlockHash) {
        (&self.code, self.offer.head.previous)
    }
}

/// The aux blocks of one job, and what its coinbase says about them. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct AuxSet {
    works: Arc<[Arc<AuxWork>]>,
    tree: Option<Arc<AuxTree>>,
}

impl AuxSet {
    /// Everything under one commitment, for a parent whose template has this version. What cannot be
    /// in it is left out and logged.
    #[must_use]
    pub fn new(works: &[Arc<AuxWork>], parent_version: u32) -> Self {
        let mut taken: Vec<Arc<AuxWork>> = Vec::new();
        for work in works {
            let id = work.block.chain_id;
            let refused =
                if parent_version & AUX_VERSION_BIT != 0 || parent_version >> 16 == u32::from(id) {
                    Some(AuxWorkError::Parent(parent_version))
                } else if taken.iter().any(|other| other.block.chain_id == id) {
                    Some(AuxError::DuplicateChain(id).into())
                } else {
                    None
                };
            match refused {
                None => taken.push(work.clone()),
                Some(error) => {
                    tracing::error!(currency = work.code, %error, "not merged mined");
                }
            }
        }
        let leaves: Vec<(u16, BlockHash)> = taken
            .iter()
            .map(|work| (work.block.chain_id, work.block.hash()))
            .collect();
        // Distinct chains, at least one: a tree there is.
        match AuxTree::new(&leaves) {
            Ok(tree) => Self {
                works: taken.into(),
                tree: Some(Arc::new(tree)),
            },
            Err(_) => Self::default(),
        }
    }

    /// Whether nothing is merged mined.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.works.is_empty()
    }

    /// Its blocks.
    #[must_use]
    pub fn works(&self) -> &[Arc<AuxWork>] {
        &self.works
    }

    /// The tree of its blocks; none when there are none.
    #[must_use]
    pub fn tree(&self) -> Option<&AuxTree> {
        self.tree.as_deref()
    }

    /// What goes into the parent's coinbase.
    #[must_use]
    pub fn commitment(&self) -> Option<AuxCommitment> {
        Some(self.tree()?.commitment())
    }

    /// Whether the same chains are mined on the same tips.
    #[must_use]
    pub fn is_on_tips_of(&self, other: &Self) -> bool {
        let (own, others) = (self.works.iter(), other.works.iter());
        own.map(|work| work.tip()).eq(others.map(|work| work.tip()))
    }
}

/// Which aux blocks are mined now.
#[derive(Debug)]
pub struct AuxBook {
    process: ProcessTag,
    chosen: BTreeMap<String, Chosen>,
}

#[derive(Debug)]
struct Chosen {
    currency: CurrencySettings,
    /// What was made of the last template; none when nothing could be.
    work: Option<Arc<AuxWork>>,
    /// That template.
    offer: Arc<Offer>,
    made: Moment,
    /// Since when no node offers anything.
    without_since: Option<Moment>,
}

impl AuxBook {
    /// Nothing is mined yet.
    #[must_use]
    pub fn new(process: ProcessTag) -> Self {
        Self {
            process,
            chosen: BTreeMap::new(),
        }
    }

    /// Looks at what the nodes offer. Returns whether a new job is worth it: another tip, a chain that
    /// came or went, or other fees that have waited. When there is a new job `anyway`, every template
    /// is taken as it is.
    pub fn look(
        &mut self,
        boards: &Boards,
        currencies: &[CurrencySettings],
        now: Moment,
        anyway: bool,
    ) -> bool {
        let before = self.chosen.len();
        self.chosen
            .retain(|code, _| currencies.iter().any(|currency| currency.code == *code));
        let mut changed = self.chosen.len() != before;
        for currency in currencies {
            changed |= self.look_at(boards, currency, now, anyway);
        }
        changed
    }

    fn look_at(
        &mut self,
        boards: &Boards,
        currency: &CurrencySettings,
        now: Moment,
        anyway: bool,
    ) -> bool {
        let chosen = self.chosen.get_mut(&currency.code);
        let current = chosen.as_ref().map(|chosen| &chosen.offer);
        let Some(best) = boards.of(&currency.code).best(current, now) else {
            let Some(chosen) = chosen else { return false };
            let since = *chosen.without_since.get_or_insert(now);
            let over = now.since(since) >= PATIENCE_MS;
            if over {
                tracing::warn!(
                    currency = currency.code,
                    "no node offers work: not merged mined"
                );
                self.chosen.remove(&currency.code);
            }
            return over;
        };
        if let Some(chosen) = chosen {
            chosen.without_since = None;
            let same = chosen.currency == *currency;
            if same && Arc::ptr_eq(&chosen.offer, &best) {
                return false;
            }
            let same_tip = chosen.offer.head.previous == best.head.previous;
            if same && same_tip && !anyway && now.since(chosen.made) < REFRESH_MS {
                return false;
            }
        }
        let work = match AuxWork::new(&best, currency, self.process) {
            Ok(work) => Some(Arc::new(work)),
            Err(error) => {
                // What cannot be made once cannot be made again: remembered either way.
                tracing::error!(currency = currency.code, node = &*best.node, %error, "not merged mined");
                None
            }
        };
        let chosen = Chosen {
            currency: currency.clone(),
            work,
            offer: best,
            made: now,
            without_since: None,
        };
        self.chosen.insert(currency.code.clone(), chosen);
        true
    }

    /// What is mined now.
    #[must_use]
    pub fn works(&self) -> Vec<Arc<AuxWork>> {
        self.chosen
            .values()
            .filter_map(|chosen| chosen.work.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ngpool_chain::{Amount, Height, Network, TemplateHead};

    use super::*;
    use crate::{
        clock::Clock,
        templates::{BodySlot, Condition},
    };

    fn currency(code: &str, preset: &str) -> CurrencySettings {
        let network = Network::preset(preset).unwrap();
        let subsidy_address = Address::p2pkh([7; 20], &network).to_string();
        CurrencySettings {
            name: code.to_lowercase(),
            code: code.into(),
            subsidy_address,
            network,
            maturity: 100,
            settle_depth: 6,
            coinbase_tag: String::new(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        }
    }

    fn offer(node: &str, chain_id: u32, tip: u8, value: i64) -> Arc<Offer> {
        Arc::new(Offer {
            node: node.into(),
            template_id: Bytes::from_static(b"t"),
            head: TemplateHead {
                previous: BlockHash::from_bytes([tip; 32]),
                height: Height(u32::from(tip)),
                version: chain_id << 16 | 4,
                bits: 0x207f_ffff,
                min_time: 1_000,
                cur_time: 2_000,
                coinbase_value: Amount(value),
                merkle_branch: Vec::new(),
                witness_commitment: None,
                transaction_count: 0,
                has_mweb: false,
            },
            chain_work: [tip; 32],
            received_ms: 0,
            body: BodySlot::default(),
        })
    }

    struct World {
        boards: Boards,
        book: AuxBook,
        doge: CurrencySettings,
        clock: Clock,
    }

    impl World {
        fn new() -> Self {
            let world = Self {
                boards: Boards::default(),
                book: AuxBook::new(ProcessTag::new([1; 8]).unwrap()),
                doge: currency("DOGE", "dogecoin-regtest"),
                clock: Clock::system(),
            };
            world
                .boards
                .of("DOGE")
                .add(&Arc::from("d"), world.clock.now());
            world
        }

        fn offer(&self, offer: Arc<Offer>) {
            let (board, now) = (self.boards.of("DOGE"), self.clock.now());
            board.condition(&offer.node, Condition::Well, now);
            board.offer(offer, now);
        }

        fn look(&mut self, anyway: bool) -> bool {
            let currencies = [self.doge.clone()];
            let now = self.clock.now();
            self.boards.of("DOGE").heard("d", now);
            self.book.look(&self.boards, &currencies, now, anyway)
        }

        fn value(&self) -> Option<i64> {
            let works = self.book.works();
            Some(works.first()?.offer.head.coinbase_value.0)
        }
    }

    fn doge_id() -> u32 {
        let network = Network::preset("dogecoin-regtest").unwrap();
        network.aux_chain_id.unwrap().into()
    }

    #[test]
    fn a_new_tip_is_taken_at_once_and_other_fees_with_the_next_job_or_after_a_while() {
        let mut world = World::new();
        assert!(!world.look(false), "nothing was offered yet");
        world.offer(offer("d", doge_id(), 1, 10));
        assert!(world.look(false));
        assert!(!world.look(false), "nothing is new");
        world.offer(offer("d", doge_id(), 2, 20));
        assert!(world.look(false), "another tip");
        world.offer(offer("d", doge_id(), 2, 21));
        assert!(!world.look(false), "only other fees");
        assert_eq!(world.value(), Some(20));
        assert!(world.look(true), "there is a new job anyway");
        assert_eq!(world.value(), Some(21));
        world.offer(offer("d", doge_id(), 2, 22));
        world.clock.advance(Duration::from_secs(30));
        assert!(world.look(false), "they have waited");
        assert_eq!(world.value(), Some(22));
    }

    #[test]
    fn a_chain_without_nodes_is_mined_on_for_a_minute_and_then_left_out_until_one_is_back() {
        let mut world = World::new();
        world.offer(offer("d", doge_id(), 1, 10));
        assert!(world.look(false));
        let now = world.clock.now();
        let gone = Condition::Unreachable("refused".into());
        world.boards.of("DOGE").condition("d", gone, now);
        assert!(!world.look(false));
        world.clock.advance(Duration::from_secs(59));
        assert!(!world.look(false));
        assert_eq!(world.value(), Some(10));
        world.clock.advance(Duration::from_secs(2));
        assert!(world.look(false));
        assert_eq!(world.value(), None);
        world.offer(offer("d", doge_id(), 1, 11));
        assert!(world.look(false));
        assert_eq!(world.value(), Some(11));
    }

    #[test]
    fn a_currency_taken_out_of_the_document_is_taken_out_of_the_work() {
        let mut world = World::new();
        world.offer(offer("d", doge_id(), 1, 10));
        assert!(world.look(false));
        let now = world.clock.now();
        assert!(world.book.look(&world.boards, &[], now, false));
        assert_eq!(world.value(), None);
        assert!(!world.book.look(&world.boards, &[], now, false));
    }

    #[test]
    fn a_template_of_another_chain_is_refused_once() {
        let mut world = World::new();
        world.offer(offer("d", 1, 1, 10));
        assert!(world.look(false));
        assert_eq!(world.value(), None);
        assert!(!world.look(false));
    }

    #[test]
    fn one_chain_id_is_there_once_and_a_parent_with_the_marks_of_an_aux_block_proves_nothing() {
        let process = ProcessTag::new([1; 8]).unwrap();
        let work = |code: &str| {
            let offer = offer("d", doge_id(), 1, 10);
            let currency = currency(code, "dogecoin-regtest");
            Arc::new(AuxWork::new(&offer, &currency, process).unwrap())
        };
        let works = [work("DOGE"), work("COPY")];
        let set = AuxSet::new(&works, 0x2000_0000);
        assert_eq!(set.works().len(), 1);
        assert_eq!(set.works()[0].code, "DOGE");
        assert_eq!(set.commitment().unwrap().size, 1);
        for version in [0x2000_0100, doge_id() << 16] {
            let set = AuxSet::new(&works, version);
            assert!(
                set.is_empty() && set.commitment().is_none(),
                "{version:08x}"
            );
        }
        assert!(AuxSet::new(&[], 0x2000_0000).is_empty());
    }

    #[test]
    fn a_block_is_solved_once() {
        let process = ProcessTag::new([1; 8]).unwrap();
        let doge = currency("DOGE", "dogecoin-regtest");
        let work = AuxWork::new(&offer("d", doge_id(), 1, 10), &doge, process).unwrap();
        assert!(work.solve());
        assert!(!work.solve());
    }
}
