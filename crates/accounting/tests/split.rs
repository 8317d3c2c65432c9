//! A block's reward over sharechains and payees.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use ngpool_accounting::{
    BlockToSplit, Bonus, ChainWindow, FeePpm, Finder, Method, Payee, SplitError, U256, Window,
    WindowTaker,
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

const PPS: Method = Method::Pps {
    window: Window::DifficultyMilli(2_000),
};

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![3 => Just(PPLNS), 1 => Just(Method::Solo), 1 => Just(Method::Prop), 2 => Just(PPS)]
}

fn bonus() -> impl Strategy<Value = Bonus> {
    prop_oneof![
        2 => Just(Bonus::None),
        1 => (0..=1_000_000_u32).prop_map(|ppm| Bonus::Share(FeePpm::new(ppm).unwrap())),
        1 => any::<u64>().prop_map(Bonus::Fixed),
    ]
}

fn donations() -> impl Strategy<Value = BTreeMap<Payee, FeePpm>> {
    let share = (0..=1_000_000_u32).prop_map(|ppm| FeePpm::new(ppm).unwrap());
    let payee = prop_oneof![4 => "[a-z]{1,3}", 1 => Just("finder".to_owned())];
    prop::collection::btree_map(payee.prop_map(Payee::new), share, 0..8)
}

fn chains() -> impl Strategy<Value = Vec<ChainWindow>> {
    let one = (
        method(),
        0..=1_000_000_u32,
        bonus(),
        work(),
        prop::collection::btree_map("[a-z]{1,3}".prop_map(Payee::new), work(), 0..12),
        prop_oneof![2 => Just(0), 1 => work()],
        any::<bool>(),
    );
    prop::collection::vec(one, 1..5).prop_map(|chains| {
        let named = chains.into_iter().enumerate();
        named
            .map(
                |(number, (method, fee, bonus, split_work, window, bought, is_buying))| {
                    ChainWindow {
                        sharechain: format!("chain-{number}"),
                        method,
                        fee: FeePpm::new(fee).unwrap(),
                        bonus,
                        split_work,
                        window,
                        bought,
                        is_buying,
                    }
                },
            )
            .collect()
    })
}

#[test]
fn a_bonus_goes_to_the_finder_before_the_method_and_a_donation_comes_off_what_is_credited() {
    let mut main = chain("main", PPLNS, 10_000, 400, &[("alice", 300), ("bob", 100)]);
    main.bonus = Bonus::Share(FeePpm::new(100_000).unwrap());
    let mut split = block(1_000_000, "main", "bob", vec![main]);
    split.donations = BTreeMap::from([("bob".into(), FeePpm::new(500_000).unwrap())]);
    let split = split.split().unwrap();
    let main = &split.chains[0];
    assert_eq!(
        (main.fee, main.bonus(), main.donation()),
        (10_000, 99_000, 160_875)
    );
    let parts: Vec<_> = main
        .parts
        .iter()
        .map(|part| (part.payee.as_str(), part.amount, part.bonus, part.donation))
        .collect();
    assert_eq!(
        parts,
        [("alice", 668_250, 0, 0), ("bob", 160_875, 99_000, 160_875)]
    );
}

#[test]
fn a_finder_without_work_gets_his_bonus_and_no_more() {
    let mut main = chain("main", Method::Prop, 0, 400, &[("alice", 300)]);
    main.bonus = Bonus::Fixed(70);
    let split = block(1_000, "main", "bob", vec![main]).split().unwrap();
    let parts: Vec<_> = split.chains[0]
        .parts
        .iter()
        .map(|part| (part.payee.as_str(), part.amount, part.bonus, part.work))
        .collect();
    assert_eq!(parts, [("alice", 930, 0, 300), ("bob", 70, 70, 0)]);
}

#[test]
fn the_reserve_takes_the_place_of_those_whose_work_it_bought() {
    let mut main = chain("main", PPS, 20_000, 1_000, &[("alice", 100), ("bob", 150)]);
    main.bought = 750;
    main.is_buying = true;
    let split = block(1_000_000, "main", "alice", vec![main])
        .split()
        .unwrap();
    let main = &split.chains[0];
    assert_eq!((main.reserve, main.fee), (750_000, 5_000));
    let amounts: Vec<u64> = main.parts.iter().map(|part| part.amount).collect();
    assert_eq!(amounts, [98_000, 147_000]);
}

#[test]
fn a_block_of_bought_work_alone_is_the_reserves_whole_whoever_found_it() {
    for bought in [0, 5] {
        let mut main = chain("main", PPS, 20_000, 1_000, &[]);
        main.bought = bought;
        main.is_buying = true;
        let split = block(77, "main", "alice", vec![main]).split().unwrap();
        let main = &split.chains[0];
        assert_eq!((main.reserve, main.fee, main.parts.len()), (77, 0, 0));
    }
}

#[test]
fn a_chain_takes_part_by_split_work_and_by_paid_or_bought_work() {
    let home = || chain("main", PPLNS, 0, 100, &[("alice", 1)]);
    let shares = |other: ChainWindow| {
        let split = block(1_000, "main", "alice", vec![home(), other]).split();
        let split = split.unwrap();
        let of = |name| split.chains.iter().find(|part| part.sharechain == name);
        (
            of("main").unwrap().amount,
            of("other").map(|part| part.amount),
        )
    };
    let other = |split_work, works: &[(&str, u128)]| chain("other", PPLNS, 0, split_work, works);
    assert_eq!(shares(other(300, &[("bob", 1)])), (250, Some(750)));
    // A user who is named and did nothing.
    assert_eq!(shares(other(300, &[("bob", 0)])), (1_000, None));
    assert_eq!(shares(other(0, &[("bob", 1)])), (1_000, None));
    // Work that the reserve bought before it fell back; work that it buys now and has none of yet.
    for (bought, is_buying) in [(5, false), (0, true)] {
        let mut other = chain("other", PPS, 0, 300, &[]);
        (other.bought, other.is_buying) = (bought, is_buying);
        assert_eq!(shares(other), (250, Some(750)), "{bought} {is_buying}");
    }
}

#[test]
fn a_block_worth_nothing_shows_everybodys_work_all_the_same() {
    let split = block(
        0,
        "main",
        "alice",
        vec![chain("main", PPLNS, 0, 3, &[("bob", 3)])],
    );
    let parts = &split.split().unwrap().chains[0].parts;
    assert_eq!((parts.len(), parts[0].work, parts[0].amount), (1, 3, 0));
}

#[test]
fn a_window_of_users_who_did_nothing_is_the_finders() {
    let chains = vec![chain("main", PPLNS, 0, 3, &[("bob", 0)])];
    let split = block(7, "main", "alice", chains).split().unwrap();
    let parts = &split.chains[0].parts;
    let paid: Vec<_> = parts
        .iter()
        .map(|part| (part.payee.as_str(), part.amount))
        .collect();
    assert_eq!(paid, [("alice", 7)]);
}

#[test]
fn the_length_of_a_window_and_names_for_people() {
    assert_eq!(PPLNS.window_length(10), 20);
    let fixed = Method::Pps {
        window: Window::Work(7),
    };
    assert_eq!(fixed.window_length(10), 7);
    assert_eq!(Method::Solo.window_length(10), 0);
    assert_eq!(Method::Prop.window_length(10), 0);
    assert_eq!(FeePpm::new(12_345).unwrap().to_string(), "12345 ppm");
    assert_eq!(Payee::from("alice").to_string(), "alice");
}

proptest! {
    #[test]
    fn reserves_fees_parts_and_donations_sum_to_the_reward(
        reward: u64,
        chains in chains(),
        home: Index,
        donations in donations(),
    ) {
        let home = home.get(&chains).clone();
        let mut block = block(reward, &home.sharechain, "finder", chains.clone());
        block.donations = donations.clone();
        let split = block.split().unwrap();
        let mut sum = 0_u128;
        for chain in &split.chains {
            let of = chains.iter().find(|given| given.sharechain == chain.sharechain).unwrap();
            let parts: u128 = chain
                .parts
                .iter()
                .map(|part| u128::from(part.amount) + u128::from(part.donation))
                .sum();
            let beside = u128::from(chain.fee) + u128::from(chain.reserve);
            prop_assert_eq!(parts + beside, u128::from(chain.amount));
            prop_assert!(!chain.parts.is_empty() || chain.reserve == chain.amount);
            prop_assert!(chain.reserve == 0 || of.bought > 0 || of.is_buying);
            prop_assert_eq!(chain.fee, of.fee.of(chain.amount - chain.reserve));
            for part in &chain.parts {
                let gross = part.amount + part.donation;
                prop_assert!(part.bonus <= gross);
                let given = donations.get(&part.payee).map_or(0, |share| share.of(gross));
                prop_assert_eq!(part.donation, given);
                prop_assert!(part.bonus == 0 || part.payee.as_str() == "finder");
            }
            sum += u128::from(chain.amount);
        }
        prop_assert_eq!(sum, u128::from(reward));
        if home.method == Method::Solo {
            prop_assert_eq!(split.chains.len(), 1);
            prop_assert_eq!(split.chains[0].parts[0].payee.as_str(), "finder");
        }
    }

    /// Whoever holds the work, a payee or the reserve that bought it, it earns the same within a unit
    /// for each rounding.
    #[test]
    fn bought_work_earns_the_reserve_what_it_would_have_earned_its_payee(
        reward: u64,
        works in prop::collection::btree_map("[a-z]{1,3}".prop_map(Payee::new), 1..1_u128 << 100, 1..20),
        bought in 1..1_u128 << 100,
    ) {
        let mut main = chain("main", PPS, 0, 1, &[]);
        main.window = works;
        main.bought = bought;
        let by_reserve = block(reward, "main", "finder", vec![main.clone()]).split().unwrap();
        main.bought = 0;
        main.window.insert("~seller".into(), bought);
        let by_payee = block(reward, "main", "finder", vec![main]).split().unwrap();
        let sellers = by_payee.chains[0].parts.iter().find(|part| part.payee.as_str() == "~seller");
        prop_assert!(by_reserve.chains[0].reserve.abs_diff(sellers.unwrap().amount) <= 1);
        for part in &by_reserve.chains[0].parts {
            let other = by_payee.chains[0].parts.iter().find(|other| other.payee == part.payee);
            prop_assert!(part.amount.abs_diff(other.unwrap().amount) <= 2);
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
        method in prop_oneof![Just(PPLNS), Just(Method::Prop), Just(PPS)],
        works in prop::collection::btree_map("[a-z]{1,3}".prop_map(Payee::new), 1..=u128::MAX, 1..20),
    ) {
        let whole: U256 = works.values().map(|work| U256::from(*work)).sum();
        let chain = ChainWindow {
            sharechain: "main".into(),
            method,
            fee: FeePpm::new(10_000).unwrap(),
            bonus: Bonus::None,
            split_work: 1,
            window: works,
            bought: 0,
            is_buying: false,
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
