//! A block's reward over sharechains and payees.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use ngpool_accounting::{
    BlockToSplit, ChainWindow, FeePpm, Finder, Method, Payee, SplitError, U256, Window, WindowTaker,
};
use proptest::{prelude::*, sample::Index};

const PPLNS: Method = Method::Pplns {
    window: Window::DifficultyMilli(2_000),
};

fn chain(
    name: &str,
    method: Method,
    fee: u32,
    split_work: u128,
    works: &[(&str, u128)],
) -> ChainWindow {
    ChainWindow {
        sharechain: name.into(),
        method,
        fee: FeePpm::new(fee).unwrap(),
        bonus: Bonus::None,
        split_work,
        window: works
            .iter()
            .map(|(payee, work)| (Payee::from(*payee), *work))
            .collect(),
        bought: 0,
        is_buying: false,
    }
}

fn block(reward: u64, home: &str, finder: &str, chains: Vec<ChainWindow>) -> BlockToSplit {
    let finder = Finder {
        sharechain: home.into(),
        payee: finder.into(),
    };
    BlockToSplit {
        reward,
        finder,
        chains,
        donations: BTreeMap::new(),
    }
}

#[test]
fn pplns_pays_by_work_after_the_fee() {
    let works = [("alice", 300), ("bob", 100)];
    let split = block(
        1_000_000,
        "main",
        "bob",
        vec![chain("main", PPLNS, 10_000, 400, &works)],
    )
    .split()
    .unwrap();
    let [main] = split.chains.as_slice() else {
        panic!("one chain")
    };
    assert_eq!((main.amount, main.fee), (1_000_000, 10_000));
    let amounts: Vec<u64> = main.parts.iter().map(|part| part.amount).collect();
    assert_eq!(amounts, [742_500, 247_500]);
}

#[test]
fn a_solo_block_is_its_finders() {
    let chains = vec![
        chain("main", PPLNS, 10_000, 900, &[("alice", 900)]),
        chain(
            "solo",
            Method::Solo,
            5_000,
            100,
            &[("bob", 50), ("carol", 50)],
        ),
    ];
    let split = block(1_000_000, "solo", "carol", chains).split().unwrap();
    let [solo] = split.chains.as_slice() else {
        panic!("one chain")
    };
    assert_eq!((solo.sharechain.as_str(), solo.fee), ("solo", 5_000));
    assert_eq!(solo.parts.len(), 1);
    assert_eq!(
        (solo.parts[0].payee.as_str(), solo.parts[0].amount),
        ("carol", 995_000)
    );
}

#[test]
fn solo_work_enters_no_split() {
    let chains = vec![
        chain("main", PPLNS, 0, 1, &[("alice", 1)]),
        chain("solo", Method::Solo, 0, u128::MAX, &[("bob", u128::MAX)]),
    ];
    let split = block(1_000, "main", "alice", chains).split().unwrap();
    assert_eq!(split.chains.len(), 1);
    assert_eq!(split.chains[0].parts[0].amount, 1_000);
}

#[test]
fn two_chains_share_a_block_by_their_work() {
    let chains = vec![
        chain("b", PPLNS, 0, 100, &[("bob", 5)]),
        chain("a", PPLNS, 20_000, 300, &[("alice", 7)]),
    ];
    let split = block(1_000, "b", "bob", chains).split().unwrap();
    let amounts: Vec<(&str, u64, u64)> = split
        .chains
        .iter()
        .map(|c| (c.sharechain.as_str(), c.amount, c.fee))
        .collect();
    assert_eq!(amounts, [("a", 750, 15), ("b", 250, 0)]);
}

#[test]
fn a_block_without_any_work_is_its_finders() {
    let split = block(77, "main", "alice", vec![chain("main", PPLNS, 0, 0, &[])])
        .split()
        .unwrap();
    assert_eq!(split.chains[0].parts[0].payee.as_str(), "alice");
    assert_eq!(split.chains[0].parts[0].amount, 77);
}

#[test]
fn a_missing_or_doubled_chain_is_refused() {
    assert_eq!(
        block(1, "main", "alice", vec![]).split(),
        Err(SplitError::FinderChainMissing("main".into()))
    );
    let twice = vec![
        chain("main", PPLNS, 0, 1, &[]),
        chain("main", PPLNS, 0, 1, &[]),
    ];
    assert_eq!(
        block(1, "main", "alice", twice).split(),
        Err(SplitError::ChainTwice("main".into()))
    );
}

#[test]
fn a_window_is_cut_to_the_unit() {
    let mut window = WindowTaker::new(100);
    assert!(window.take("alice".into(), 60));
    assert!(window.take("bob".into(), 30));
    assert!(!window.take("alice".into(), 1_000));
    assert!(!window.take("carol".into(), 1));
    assert_eq!(
        window.finish(),
        BTreeMap::from([("alice".into(), 70), ("bob".into(), 30)])
    );
    assert_eq!(Window::DifficultyMilli(2_500).length(1_000), 2_500);
    assert_eq!(
        Window::DifficultyMilli(u32::MAX).length(u128::MAX),
        u128::MAX
    );
}

fn work() -> impl Strategy<Value = u128> {
    prop_oneof![3 => 0..10_000_u128, 1 => any::<u128>(), 1 => Just(u128::MAX)]
}

fn chains() -> impl Strategy<Value = Vec<ChainWindow>> {
    let one = (
        prop_oneof![3 => Just(PPLNS), 1 => Just(Method::Solo)],
        0..=1_000_000_u32,
        work(),
        prop::collection::btree_map("[a-z]{1,3}".prop_map(Payee::new), work(), 0..12),
    );
    prop::collection::vec(one, 1..5).prop_map(|chains| {
        let named = chains.into_iter().enumerate();
        named
            .map(|(number, (method, fee, split_work, window))| ChainWindow {
                sharechain: format!("chain-{number}"),
                method,
                fee: FeePpm::new(fee).unwrap(),
                split_work,
                window,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn fees_and_parts_sum_to_the_reward(reward: u64, chains in chains(), home: Index) {
        let home = home.get(&chains).clone();
        let split = block(reward, &home.sharechain, "finder", chains.clone()).split().unwrap();
        let mut sum = 0_u128;
        for chain in &split.chains {
            let parts: u128 = chain.parts.iter().map(|part| u128::from(part.amount)).sum();
            prop_assert_eq!(parts + u128::from(chain.fee), u128::from(chain.amount));
            prop_assert!(!chain.parts.is_empty());
            sum += u128::from(chain.amount);
        }
        prop_assert_eq!(sum, u128::from(reward));
        if home.method == Method::Solo {
            prop_assert_eq!(split.chains.len(), 1);
            prop_assert_eq!(split.chains[0].parts[0].payee.as_str(), "finder");
        }
    }

    #[test]
    fn the_order_of_the_chains_does_not_matter(
        reward: u64,
        (chains, shuffled) in chains().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle())),
    ) {
        let home = &chains[0].sharechain.clone();
        prop_assert_eq!(
            block(reward, home, "finder", chains).split(),
            block(reward, home, "finder", shuffled).split()
        );
    }

    #[test]
    fn parts_are_in_proportion_to_work_within_a_unit(
        reward: u64,
        works in prop::collection::btree_map("[a-z]{1,3}".prop_map(Payee::new), 1..=u128::MAX, 1..20),
    ) {
        let whole: U256 = works.values().map(|work| U256::from(*work)).sum();
        let chain = ChainWindow {
            sharechain: "main".into(),
            method: PPLNS,
            fee: FeePpm::new(10_000).unwrap(),
            split_work: 1,
            window: works,
        };
        let split = block(reward, "main", "finder", vec![chain]).split().unwrap();
        let main = &split.chains[0];
        for part in &main.parts {
            let exact = U256::from(main.amount - main.fee) * U256::from(part.work);
            prop_assert!((U256::from(part.amount) * whole).abs_diff(exact) < whole);
        }
    }

    #[test]
    fn a_window_holds_the_newest_work_and_no_more(
        length: u128,
        pieces in prop::collection::vec(("[a-c]".prop_map(Payee::new), work()), 0..20),
    ) {
        let mut window = WindowTaker::new(length);
        for (payee, work) in &pieces {
            window.take(payee.clone(), *work);
        }
        let all: U256 = pieces.iter().map(|(_, work)| U256::from(*work)).sum();
        let held: U256 = window.clone().finish().values().map(|work| U256::from(*work)).sum();
        prop_assert_eq!(held, all.min(U256::from(length)));
        prop_assert_eq!(U256::from(window.room()), U256::from(length) - held);
    }
}
