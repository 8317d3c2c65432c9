//! Random histories against a model of the books: after every event, every invariant.

use std::collections::BTreeMap;

use ngpool_chain::Work;
use ngpool_store::{Account, BlockReport, BlockState, Slice};
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::support::{CHAIN, Journal, Pool, WINDOW, after, block, slice, start, terms};

/// What a block is in the model.
struct Modelled {
    report: BlockReport,
    state: BlockState,
    /// What each payee gets of it, and the fee; set when it is accepted.
    split: Option<(BTreeMap<String, i64>, i64)>,
    was_mature: bool,
    /// Batches up to its cut.
    cut: usize,
}

struct Model {
    rng: TestRng,
    batches: Vec<Vec<Slice>>,
    blocks: Vec<Modelled>,
}

impl Model {
    fn pick(&mut self, below: u64) -> u64 {
        use proptest::prelude::Rng;
        self.rng.next_u64() % below
    }

    /// What the accounts must hold.
    fn books(&self) -> BTreeMap<String, i64> {
        let mut books: BTreeMap<String, i64> = BTreeMap::new();
        let mut add = |account: String, amount: i64| *books.entry(account).or_default() += amount;
        for block in &self.blocks {
            let reward = block.report.reward.0;
            match block.state {
                BlockState::Accepted => {
                    add("utxo:coinbase".to_owned(), -reward);
                    add(Account::Block(block.report.key.hash).to_string(), reward);
                }
                BlockState::Mature => add("utxo:spendable".to_owned(), -reward),
                BlockState::Orphaned if block.was_mature => {
                    add("orphan_loss".to_owned(), -reward);
                }
                _ => {}
            }
            if block.was_mature {
                let (credits, fee) = block.split.as_ref().unwrap();
                add("fee".to_owned(), *fee);
                for (payee, amount) in credits {
                    add(format!("payee:{payee}"), *amount);
                }
            }
        }
        books.retain(|_, amount| *amount != 0);
        books
    }

    /// Work in the window up to a cut, slice by slice.
    fn window(&self, cut: usize) -> BTreeMap<String, u128> {
        let mut left = WINDOW;
        let mut users = BTreeMap::new();
        for slice in self.batches[..cut]
            .iter()
            .rev()
            .flat_map(|batch| batch.iter().rev())
        {
            let taken = slice.work.0.min(left);
            left -= taken;
            if taken > 0 {
                *users.entry(slice.user.clone()).or_default() += taken;
            }
        }
        users
    }
}

async fn check(pool: &Pool, model: &Model) {
    let wrong = pool.payout.books_check("LTC").await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let balances = pool.payout.account_balances("LTC").await.unwrap();
    let balances: BTreeMap<String, i64> = balances
        .iter()
        .map(|(account, amount)| (account.to_string(), amount.0))
        .collect();
    assert_eq!(balances, model.books());
    assert_eq!(balances.values().sum::<i64>(), 0);
}

async fn accept(pool: &Pool, block: &mut Modelled, window: &BTreeMap<String, u128>) {
    let (split, windows) = pool.split(&block.report).await;
    let works: BTreeMap<String, u128> = split.chains[0]
        .parts
        .iter()
        .filter(|part| part.work > 0)
        .map(|part| (part.payee.as_str().to_owned(), part.work))
        .collect();
    assert_eq!(&works, window, "the window of a cut is the model's");
    let key = &block.report.key;
    pool.payout
        .accept_block(key, &split, &windows, after(100))
        .await
        .unwrap();
    let credits: BTreeMap<String, i64> = split.chains[0]
        .parts
        .iter()
        .map(|part| {
            (
                part.payee.as_str().to_owned(),
                i64::try_from(part.amount).unwrap(),
            )
        })
        .collect();
    let fee = i64::try_from(split.chains[0].fee).unwrap();
    assert_eq!(credits.values().sum::<i64>() + fee, block.report.reward.0);
    if let Some(frozen) = &block.split {
        assert_eq!(frozen, &(credits, fee), "a split never changes");
    } else {
        block.split = Some((credits, fee));
    }
}

async fn step(pool: &Pool, model: &mut Model, journal: &mut Journal) {
    let event = model.pick(12);
    match event {
        0..=3 => {
            let slices: Vec<Slice> = (0..model.pick(4))
                .map(|_| {
                    let user = format!("user{}", model.pick(5));
                    slice(&user, u128::from(model.pick(2_000)))
                })
                .collect();
            pool.store(journal, slices.clone()).await;
            model.batches.push(slices);
        }
        4 => {
            pool.ledger.seal(CHAIN, start()).await.unwrap();
        }
        5 => {
            let n = u32::try_from(model.blocks.len()).unwrap();
            let mut report = block(n + 1, &format!("user{}", model.pick(5)));
            report.reward.0 += i64::try_from(model.pick(1_000)).unwrap();
            pool.ledger.report_block(&report, start()).await.unwrap();
            pool.ledger
                .store_cut(&report.key, CHAIN, &terms(), start())
                .await
                .unwrap();
            model.blocks.push(Modelled {
                report,
                state: BlockState::Reported,
                split: None,
                was_mature: false,
                cut: model.batches.len(),
            });
        }
        _ if model.blocks.is_empty() => {}
        _ => {
            let index = usize::try_from(model.pick(model.blocks.len() as u64)).unwrap();
            let window = model.window(model.blocks[index].cut);
            let times = 1 + model.pick(2);
            let block = &mut model.blocks[index];
            let key = block.report.key.clone();
            // Every message may come twice.
            for _ in 0..times {
                let accepted = block.split.is_some();
                match (event, block.state) {
                    (6 | 7, BlockState::Reported | BlockState::Rejected | BlockState::Accepted) => {
                        accept(pool, block, &window).await;
                        block.state = BlockState::Accepted;
                    }
                    (6 | 7, BlockState::Orphaned) if !accepted => {
                        accept(pool, block, &window).await;
                        block.state = BlockState::Accepted;
                    }
                    (8, BlockState::Accepted | BlockState::Mature) => {
                        pool.payout.mature_block(&key, after(200)).await.unwrap();
                        block.state = BlockState::Mature;
                        block.was_mature = true;
                    }
                    (9, _) => {
                        pool.payout
                            .orphan_block(&key, "orphan", after(300))
                            .await
                            .unwrap();
                        block.state = BlockState::Orphaned;
                    }
                    (10, BlockState::Orphaned) if accepted => {
                        pool.payout.restore_block(&key, after(400)).await.unwrap();
                        block.state = if block.was_mature {
                            BlockState::Mature
                        } else {
                            BlockState::Accepted
                        };
                    }
                    (11, BlockState::Reported | BlockState::Rejected) => {
                        pool.payout
                            .reject_block(&key, "refused", after(500))
                            .await
                            .unwrap();
                        block.state = BlockState::Rejected;
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Events of a history: more by option, `NGPOOL_HISTORY_EVENTS`.
fn events() -> usize {
    std::env::var("NGPOOL_HISTORY_EVENTS")
        .ok()
        .and_then(|events| events.parse().ok())
        .unwrap_or(150)
}

#[tokio::test]
async fn random_histories_keep_every_invariant() {
    for seed in 0..4_u8 {
        let pool = Pool::fresh().await;
        let mut model = Model {
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
            batches: Vec::new(),
            blocks: Vec::new(),
        };
        let mut journal = Journal::new(1);
        for n in 0..events() {
            step(&pool, &mut model, &mut journal).await;
            check(&pool, &model).await;
            let states: Vec<BlockState> = model.blocks.iter().map(|block| block.state).collect();
            for (block, state) in model.blocks.iter().zip(states) {
                if n % 25 == 0 {
                    let stored = pool.web.block_state(&block.report.key).await.unwrap();
                    assert_eq!(stored, Some(state), "seed {seed}, event {n}");
                }
            }
        }
        let head = pool.ledger.head(CHAIN).await.unwrap();
        assert_eq!(head, model.batches.len() as u64);
        let all = pool
            .payout
            .work_in_window(CHAIN, "LTC", head, Work(u128::MAX))
            .await
            .unwrap();
        let booked: u128 = model
            .batches
            .iter()
            .flatten()
            .map(|slice| slice.work.0)
            .sum();
        assert_eq!(all.total.0, booked, "every share once");
    }
}
