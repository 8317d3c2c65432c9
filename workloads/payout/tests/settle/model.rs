//! What the books must be, computed the slow and plain way from everything that happened.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_chain::{BlockHash, Txid};
use ngpool_settings::PayoutMethod;
use ngpool_store::{Account, BlockState};

use crate::{
    pool::{Chain, DEPTH, MATURITY, Pool, WINDOW},
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
    pub state: BlockState,
    split: Option<Split>,
    matured: bool,
}

#[derive(Clone, Default)]
struct Split {
    parts: usize,
    fee: i64,
    credits: BTreeMap<String, i64>,
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
            state: BlockState::Reported,
            split: None,
            matured: false,
        });
    }

    pub fn cut(&mut self, block: BlockHash, chain: &str) {
        let batches = self.batches[chain].len();
        let block = self
            .blocks
            .iter_mut()
            .find(|known| known.hash == block)
            .unwrap();
        block.cuts.entry(chain.to_owned()).or_insert(batches);
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
        let is_pooled = |chain: &Chain| matches!(chain.method, PayoutMethod::Pplns { .. });
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
        }
        if weights.is_empty() {
            weights.insert(block.chain.clone(), 1);
        }
        let mut split = Split::default();
        for (name, amount) in divide(reward, &weights) {
            let chain = chain(&name);
            let fee = amount * u128::from(chain.fee_ppm) / 1_000_000;
            split.parts += 1;
            split.fee += fee as i64;
            let mut works = BTreeMap::new();
            if is_pooled(chain) {
                works = self.window(&name, block.cuts[&name]);
            }
            if works.is_empty() {
                works.insert(block.finder.clone(), 1);
            }
            for (payee, amount) in divide(amount - fee, &works) {
                *split.credits.entry(payee).or_insert(0) += amount as i64;
            }
        }
        split
    }

    fn window(&self, chain: &str, batches: usize) -> BTreeMap<String, u128> {
        let mut left = u128::from(WINDOW);
        let mut works = BTreeMap::new();
        for (_, slices) in self.batches[chain][..batches].iter().rev() {
            for (user, work) in slices.iter().rev() {
                let taken = (*work).min(left);
                left -= taken;
                if taken > 0 {
                    *works.entry(user.clone()).or_insert(0) += taken;
                }
            }
        }
        works
    }

    /// What every account must hold.
    pub fn balances(&self) -> BTreeMap<Account, i64> {
        let mut balances = BTreeMap::new();
        let mut add = |account, amount: i64| *balances.entry(account).or_insert(0) += amount;
        for block in &self.blocks {
            if block.matured {
                let split = block.split.as_ref().unwrap();
                add(Account::Fee, split.fee);
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
        balances.retain(|_, amount| *amount != 0);
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
        assert_eq!(
            stated,
            credited
                .map(|b| b.split.as_ref().unwrap().parts)
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
