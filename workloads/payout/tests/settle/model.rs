//! What the books must be, computed the slow and plain way from everything that happened.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_chain::{BlockHash, Txid};
use ngpool_settings::{CutBonus, PayoutMethod};
use ngpool_store::{Account, BlockState, PpsPeriodRow};

use crate::{
    pool::{Chain, DEPTH, MATURITY, Pool, WINDOW, WORTH},
    world::{CODE, World},
};

pub struct Model {
    nodes: Vec<String>,
    chains: Vec<Chain>,
    script: Vec<u8>,
    /// Batches by sharechain, with the order of their arrival over all.
    batches: BTreeMap<String, Vec<ArrivedBatch>>,
    arrivals: usize,
    pub blocks: Vec<ModelBlock>,
    /// What payees give now, in millionths.
    donations: BTreeMap<String, u128>,
    /// What the pool's reserve bought.
    pub reserve: Reserve,
    /// The followed chain from block 0.
    followed: Vec<BlockHash>,
    booked: BTreeMap<(Txid, u32), i64>,
    /// What happened to blocks so far: state before, state after.
    pub seen: BTreeSet<(&'static str, &'static str)>,
}

/// The order of arrival over all sharechains, and the work of each slice.
type ArrivedBatch = (usize, Vec<(String, u128)>);

pub struct ModelBlock {
    pub hash: BlockHash,
    pub height: u32,
    pub coinbase: Txid,
    pub chain: String,
    pub finder: String,
    pub reward: i64,
    pub refused: bool,
    /// Batches that count, by sharechain.
    pub cuts: BTreeMap<String, usize>,
    /// Where the round began, by sharechain.
    rounds: BTreeMap<String, usize>,
    /// How many switches of the reserve were known, by sharechain.
    switches: BTreeMap<String, usize>,
    /// What payees gave when the chain of the finder was cut.
    donations: BTreeMap<String, u128>,
    pub state: BlockState,
    split: Option<Split>,
    matured: bool,
}

#[derive(Clone, Default)]
struct Split {
    parts: usize,
    fee: i64,
    donation: i64,
    reserve: i64,
    credits: BTreeMap<String, i64>,
}

/// What the reserve bought. When it does is the job's word, which is checked; what it costs and who
/// gets it is computed here.
#[derive(Default)]
pub struct Reserve {
    /// What the operator put in.
    pub funded: i64,
    /// By sharechain: the position from which on, and whether it buys.
    switches: BTreeMap<String, Vec<(usize, bool)>>,
    /// By sharechain: the last position of each period.
    periods: BTreeMap<String, Vec<usize>>,
    /// By sharechain and payee: fractions of his credit and of his donation.
    carried: BTreeMap<(String, String), (u128, u128)>,
    credits: BTreeMap<String, i64>,
    donation: i64,
}

impl Reserve {
    /// The work that was bought, by the first so many switches: after one batch up to another.
    fn ranges(&self, chain: &str, switches: usize) -> Vec<(usize, usize)> {
        let all = self.switches.get(chain).map_or(&[][..], Vec::as_slice);
        let mut ranges: Vec<(usize, usize)> = vec![];
        for (from, buys) in &all[..switches] {
            if *buys {
                ranges.push((*from, usize::MAX));
            } else {
                ranges.last_mut().unwrap().1 = *from;
            }
        }
        ranges
    }
}

impl Model {
    pub fn new(pool: &Pool) -> Self {
        Self {
            nodes: pool
                .settings
                .coinservers
                .iter()
                .map(|peer| peer.name.clone())
                .collect(),
            chains: pool.chains.clone(),
            script: pool.script(),
            batches: pool
                .chains
                .iter()
                .map(|chain| (chain.name.to_owned(), vec![]))
                .collect(),
            arrivals: 0,
            blocks: vec![],
            donations: BTreeMap::new(),
            reserve: Reserve::default(),
            followed: vec![],
            booked: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    pub fn shares(&mut self, chain: &str, works: &[(String, u128)]) {
        self.arrivals += 1;
        self.batches
            .get_mut(chain)
            .unwrap()
            .push((self.arrivals, works.to_vec()));
    }

    pub fn report(
        &mut self,
        world: &World,
        hash: BlockHash,
        (chain, finder, reward): (&str, &str, i64),
        refused: bool,
    ) {
        self.blocks.push(ModelBlock {
            hash,
            height: world.height_of(hash),
            coinbase: world.coinbase_of(hash),
            chain: chain.into(),
            finder: finder.into(),
            reward,
            refused,
            cuts: BTreeMap::new(),
            rounds: BTreeMap::new(),
            switches: BTreeMap::new(),
            donations: BTreeMap::new(),
            state: BlockState::Reported,
            split: None,
            matured: false,
        });
    }

    pub fn cut(&mut self, block: BlockHash, chain: &str) {
        let batches = self.batches[chain].len();
        let earlier = self.blocks.iter().filter_map(|block| block.cuts.get(chain));
        let round = earlier.filter(|cut| **cut < batches).max().copied();
        let switches = self.reserve.switches.get(chain).map_or(0, Vec::len);
        let donations = self.donations.clone();
        let block = self
            .blocks
            .iter_mut()
            .find(|known| known.hash == block)
            .unwrap();
        if block.cuts.contains_key(chain) {
            return;
        }
        block.cuts.insert(chain.to_owned(), batches);
        block.rounds.insert(chain.to_owned(), round.unwrap_or(0));
        block.switches.insert(chain.to_owned(), switches);
        if block.chain == chain {
            block.donations = donations;
        }
    }

    pub fn donate(&mut self, payee: &str, ppm: u32) {
        self.donations.insert(payee.to_owned(), ppm.into());
    }

    /// Takes over what a run bought: checks that it might, and computes what it costs.
    pub async fn buy(&mut self, pool: &Pool) {
        for chain in self.chains.clone() {
            let name = chain.name;
            let switches = pool.payout.pps_switches(CODE, name, 10_000).await.unwrap();
            let known = self.reserve.switches.entry(name.to_owned()).or_default();
            for switch in switches.iter().rev().skip(known.len()) {
                let (held, needed) = (switch.reserve.held.0, switch.needed.unwrap().0);
                let all = held + switch.reserve.coming.0;
                let last = known.last().copied().unwrap_or((0, false));
                assert_ne!(last.1, switch.buys, "a switch changes something");
                assert!(last.0 <= switch.from_pos as usize);
                if switch.buys {
                    assert!(held >= needed, "{switch:?}");
                    self.seen.insert(("reserve", "buys"));
                } else {
                    let is_low = held == 0 || all < needed / 4 + 1;
                    let is_short = switch.reason.contains("costs");
                    assert!(is_low || is_short, "{switch:?}");
                    if is_short {
                        self.seen.insert(("reserve", "short"));
                    }
                    self.seen.insert(("reserve", "falls back"));
                }
                known.push((switch.from_pos as usize, switch.buys));
            }
            let periods = pool
                .payout
                .pps_periods(CODE, name, None, 10_000)
                .await
                .unwrap();
            let known = self.reserve.periods.get(name).map_or(0, Vec::len);
            for period in periods.iter().rev().skip(known) {
                self.period(&chain, period);
            }
        }
    }

    fn period(&mut self, chain: &Chain, period: &PpsPeriodRow) {
        let name = chain.name;
        let (after, to) = (period.after as usize, period.to as usize);
        let ranges = self.reserve.ranges(name, self.reserve.switches[name].len());
        assert!(
            ranges
                .iter()
                .any(|(from, until)| *from <= after && to <= *until)
        );
        let periods = self.reserve.periods.entry(name.to_owned()).or_default();
        assert_eq!(period.number as usize, periods.len() + 1);
        assert!(periods.last().is_none_or(|last| *last <= after));
        periods.push(to);
        let mut works = BTreeMap::new();
        for (user, work) in self.batches[name][after..to].iter().flat_map(|(_, s)| s) {
            *works.entry(user.clone()).or_insert(0) += work;
        }
        let mut out = 0;
        for (payee, work) in works {
            let value =
                work * ((WORTH.0 << 32) + WORTH.1) * (1_000_000 - u128::from(chain.fee_ppm))
                    / 1_000_000;
            let share = self.donations.get(&payee).copied().unwrap_or_default();
            let given = value * share / 1_000_000;
            let carried = self
                .reserve
                .carried
                .entry((name.to_owned(), payee.clone()))
                .or_default();
            let (credit, donation) = (carried.0 + value - given, carried.1 + given);
            *carried = (credit % (1 << 32), donation % (1 << 32));
            let (credit, donation) = ((credit >> 32) as i64, (donation >> 32) as i64);
            *self.reserve.credits.entry(payee).or_insert(0) += credit;
            self.reserve.donation += donation;
            out += credit + donation;
        }
        assert_eq!(period.amount.0, out, "period {}", period.number);
        self.seen.insert(("reserve", "period"));
    }

    /// What a whole run makes of it.
    pub fn settle(&mut self, world: &World) {
        let up: Vec<&String> = self
            .nodes
            .iter()
            .filter(|node| !world.is_down(node))
            .collect();
        let Some(best) = up.iter().rev().max_by_key(|node| world.chain(node).len()) else {
            return;
        };
        self.follow(world, &world.chain(best));
        for index in 0..self.blocks.len() {
            let before = self.blocks[index].state;
            self.judge(world, index);
            self.seen
                .insert((before.as_str(), self.blocks[index].state.as_str()));
        }
    }

    fn follow(&mut self, world: &World, chain: &[BlockHash]) {
        if !self.followed.starts_with(chain) {
            self.followed = chain.to_vec();
        }
        let coinbases: BTreeSet<Txid> = self.blocks.iter().map(|block| block.coinbase).collect();
        let created = outputs(world, &self.followed, &self.script);
        let tip = self.followed.len() as u32 - 1;
        for output in self.booked.keys().copied().collect::<Vec<_>>() {
            let why = if !created.contains_key(&output) {
                "gone"
            } else if coinbases.contains(&output.0) {
                "reported late"
            } else {
                continue;
            };
            self.booked.remove(&output);
            self.seen.insert(("deposit", why));
        }
        for (output, created) in &created {
            let depth = if created.coinbase { MATURITY } else { DEPTH };
            if created.amount > 0 && created.height + depth <= tip && !coinbases.contains(&output.0)
            {
                self.booked.insert(*output, created.amount);
            }
        }
    }

    fn judge(&mut self, world: &World, index: usize) {
        let block = &self.blocks[index];
        let (mut ours, mut disputed, mut deep_others, mut answers, mut known) =
            (None, false, 0, 0, false);
        for node in self.nodes.iter().filter(|node| !world.is_down(node)) {
            answers += 1;
            known |= world.knows(node, block.hash);
            let chain = world.chain(node);
            match chain.get(block.height as usize) {
                Some(hash) if *hash == block.hash => {
                    ours = ours.max(Some(chain.len() as u32 - block.height));
                }
                Some(_) => {
                    disputed = true;
                    deep_others += usize::from(chain.len() as u32 - 1 - block.height >= DEPTH);
                }
                None => {}
            }
        }
        if deep_others >= self.nodes.len().min(2) {
            if block.state != BlockState::Rejected {
                self.blocks[index].state = BlockState::Orphaned;
            }
        } else if let Some(confirmations) = ours {
            self.ours(index, confirmations, disputed);
        } else if answers == self.nodes.len()
            && !known
            && block.refused
            && block.state == BlockState::Reported
        {
            self.blocks[index].state = BlockState::Rejected;
        }
    }

    fn ours(&mut self, index: usize, confirmations: u32, disputed: bool) {
        if self.blocks[index].split.is_none() {
            if self.blocks[index].cuts.len() < self.chains.len() {
                return;
            }
            self.blocks[index].split = Some(self.split(&self.blocks[index]));
        }
        let block = &mut self.blocks[index];
        block.matured |= confirmations >= MATURITY && !disputed;
        block.state = if block.matured {
            BlockState::Mature
        } else {
            BlockState::Accepted
        };
    }

    fn split(&self, block: &ModelBlock) -> Split {
        let chain = |name: &str| self.chains.iter().find(|chain| chain.name == name).unwrap();
        let is_pooled = |chain: &Chain| !matches!(chain.method, PayoutMethod::Solo);
        let reward = block.reward as u128;
        let mut weights = BTreeMap::new();
        if is_pooled(chain(&block.chain)) {
            let pooled: Vec<&Chain> = self
                .chains
                .iter()
                .filter(|chain| is_pooled(chain))
                .collect();
            // All batches up to the cuts, the newest first.
            let mut arrived: Vec<(usize, &str, u128)> = vec![];
            for chain in &pooled {
                let batches = &self.batches[chain.name][..block.cuts[chain.name]];
                arrived.extend(batches.iter().map(|(arrival, works)| {
                    (
                        *arrival,
                        chain.name,
                        works.iter().map(|(_, work)| work).sum(),
                    )
                }));
            }
            arrived.sort_by_key(|(arrival, ..)| std::cmp::Reverse(*arrival));
            let mut left = u128::from(WINDOW);
            for (_, name, work) in arrived {
                let taken = work.min(left);
                left -= taken;
                if taken > 0 {
                    *weights.entry(name.to_owned()).or_insert(0) += taken;
                }
            }
            weights.retain(|name, _| {
                let window = self.window(block, chain(name));
                window.bought > 0 || window.buys || !window.works.is_empty()
            });
        }
        if weights.is_empty() {
            weights.insert(block.chain.clone(), 1);
        }
        let mut split = Split::default();
        for (name, amount) in divide(reward, &weights) {
            split.parts += 1;
            self.part(block, chain(&name), amount, &mut split);
        }
        split
    }

    /// One sharechain's part.
    fn part(&self, block: &ModelBlock, chain: &Chain, amount: u128, split: &mut Split) {
        let mut window = self.window(block, chain);
        let users: u128 = window.works.values().sum();
        let reserve = match window.bought + users {
            0 if window.buys => amount,
            0 => 0,
            all => amount * window.bought / all,
        };
        split.reserve += reserve as i64;
        if amount == reserve && reserve > 0 {
            return;
        }
        let gross = amount - reserve;
        let fee = gross * u128::from(chain.fee_ppm) / 1_000_000;
        split.fee += fee as i64;
        let mut bonus = 0;
        if block.chain == chain.name {
            bonus = match chain.bonus {
                None => 0,
                Some(CutBonus::SharePpm(ppm)) => (gross - fee) * u128::from(ppm) / 1_000_000,
                Some(CutBonus::Fixed(fixed)) => u128::from(fixed).min(gross - fee),
            };
        }
        if window.works.is_empty() {
            if block.chain != chain.name {
                return;
            }
            window.works.insert(block.finder.clone(), 1);
        }
        let mut credits = divide(gross - fee - bonus, &window.works);
        if bonus > 0 {
            *credits.entry(block.finder.clone()).or_insert(0) += bonus;
        }
        for (payee, amount) in credits {
            let share = block.donations.get(&payee).copied().unwrap_or_default();
            let given = amount * share / 1_000_000;
            split.donation += given as i64;
            *split.credits.entry(payee).or_insert(0) += (amount - given) as i64;
        }
    }

    /// What a chain's method looks at: the newest of it, down to the round's begin or the window's
    /// length.
    fn window(&self, block: &ModelBlock, chain: &Chain) -> ModelWindow {
        let name = chain.name;
        let mut window = ModelWindow::default();
        let (after, mut left) = match chain.method {
            PayoutMethod::Solo => return window,
            PayoutMethod::Prop => (block.rounds[name], u128::MAX),
            _ => (0, u128::from(WINDOW)),
        };
        let ranges = self.reserve.ranges(name, block.switches[name]);
        window.buys = ranges.last().is_some_and(|(_, to)| *to == usize::MAX);
        let batches = self.batches[name][..block.cuts[name]].iter().enumerate();
        for (index, (_, slices)) in batches.skip(after).rev() {
            let is_bought = ranges
                .iter()
                .any(|(from, to)| *from <= index && index < *to);
            for (user, work) in slices.iter().rev() {
                let taken = (*work).min(left);
                left -= taken;
                if is_bought {
                    window.bought += taken;
                } else if taken > 0 {
                    *window.works.entry(user.clone()).or_insert(0) += taken;
                }
            }
        }
        window
    }

    /// What every account must hold.
    pub fn balances(&self) -> BTreeMap<Account, i64> {
        let mut balances = BTreeMap::new();
        let mut add = |account, amount: i64| *balances.entry(account).or_insert(0) += amount;
        for block in &self.blocks {
            if block.matured {
                let split = block.split.as_ref().unwrap();
                add(Account::Fee, split.fee);
                add(Account::Donation, split.donation);
                add(Account::PpsReserve, split.reserve);
                for (payee, amount) in &split.credits {
                    add(Account::Payee(payee.clone()), *amount);
                }
                if block.state == BlockState::Mature {
                    add(Account::UtxoSpendable, -block.reward);
                } else {
                    add(Account::OrphanLoss, -block.reward);
                }
            } else if block.state == BlockState::Accepted {
                add(Account::UtxoCoinbase, -block.reward);
                add(Account::Block(block.hash), block.reward);
            }
        }
        for amount in self.booked.values() {
            add(Account::UtxoSpendable, -amount);
            add(Account::Unallocated, *amount);
        }
        add(Account::Unallocated, -self.reserve.funded);
        add(Account::PpsReserve, self.reserve.funded);
        for (payee, amount) in &self.reserve.credits {
            add(Account::Payee(payee.clone()), *amount);
            add(Account::PpsReserve, -amount);
        }
        add(Account::Donation, self.reserve.donation);
        add(Account::PpsReserve, -self.reserve.donation);
        balances.retain(|_, amount| *amount != 0);
        assert!(
            balances
                .get(&Account::PpsReserve)
                .is_none_or(|held| *held > 0)
        );
        balances
    }

    /// Everything that must hold, now.
    pub async fn check(&self, pool: &Pool) {
        let balances = pool.payout.account_balances(CODE).await.unwrap();
        let balances: BTreeMap<_, _> = balances
            .into_iter()
            .map(|(a, amount)| (a, amount.0))
            .collect();
        assert_eq!(balances, self.balances(), "balances");
        assert_eq!(balances.values().sum::<i64>(), 0, "the books are closed");
        pool.assert_no_drift().await;
        for block in &self.blocks {
            assert_eq!(
                pool.state(block.hash).await,
                block.state,
                "state of {}",
                block.hash
            );
        }
        let mut stated = 0;
        for chain in &self.chains {
            stated += pool
                .payout
                .statements(CODE, chain.name, 0, 10_000)
                .await
                .unwrap()
                .len();
        }
        let credited = self.blocks.iter().filter(|block| block.matured);
        let periods = self.reserve.periods.values().map(Vec::len);
        assert_eq!(
            stated,
            credited
                .map(|b| b.split.as_ref().unwrap().parts)
                .chain(periods)
                .sum::<usize>()
        );

        let unspent = pool.payout.unspent_outputs(CODE).await.unwrap();
        let unspent: BTreeSet<_> = unspent
            .iter()
            .map(|row| (row.output.txid, row.output.vout, row.output.amount.0))
            .collect();
        let expected = unspent_outputs(&pool.world, &self.followed, &self.script);
        assert_eq!(unspent, expected, "outputs of ours that nothing spends");
    }
}

/// What a method looks at.
#[derive(Default)]
struct ModelWindow {
    works: BTreeMap<String, u128>,
    /// Work in it that the reserve bought.
    bought: u128,
    /// Whether it buys now.
    buys: bool,
}

struct Created {
    height: u32,
    amount: i64,
    coinbase: bool,
}

fn outputs(world: &World, chain: &[BlockHash], script: &[u8]) -> BTreeMap<(Txid, u32), Created> {
    let mut created = BTreeMap::new();
    for (height, block) in chain.iter().enumerate() {
        for (place, transaction) in world.transactions(*block).iter().enumerate() {
            let txid = Txid::from_slice(&transaction.txid).unwrap();
            for output in transaction
                .outputs
                .iter()
                .filter(|output| output.script == script)
            {
                let height = height as u32;
                let output_created = Created {
                    height,
                    amount: output.amount,
                    coinbase: place == 0,
                };
                created.insert((txid, output.vout), output_created);
            }
        }
    }
    created
}

/// Outputs to a script that a chain creates and does not spend: (transaction, index, amount).
pub fn unspent_outputs(
    world: &World,
    chain: &[BlockHash],
    script: &[u8],
) -> BTreeSet<(Txid, u32, i64)> {
    let mut unspent = outputs(world, chain, script);
    for block in chain {
        for transaction in world.transactions(*block) {
            for spent in transaction.spends {
                unspent.remove(&(Txid::from_slice(&spent.txid).unwrap(), spent.vout));
            }
        }
    }
    unspent
        .into_iter()
        .map(|((txid, vout), created)| (txid, vout, created.amount))
        .collect()
}

/// Largest remainders on small numbers.
fn divide(total: u128, weights: &BTreeMap<String, u128>) -> BTreeMap<String, u128> {
    let whole: u128 = weights.values().sum();
    let mut parts: Vec<(String, u128, u128)> = weights
        .iter()
        .map(|(name, weight)| (name.clone(), total * weight / whole, total * weight % whole))
        .collect();
    let left = total - parts.iter().map(|(_, part, _)| part).sum::<u128>();
    parts.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
    for part in parts.iter_mut().take(left as usize) {
        part.1 += 1;
    }
    parts
        .into_iter()
        .map(|(name, part, _)| (name, part))
        .collect()
}
