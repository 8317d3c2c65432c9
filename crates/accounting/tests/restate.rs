//! A split brought to what was stated before.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use ngpool_accounting::{
    BlockSplit, ChainSplit, Part, Payee, RestateError, StatementBody, StatementEntry, Subject,
    restate,
};
use proptest::prelude::*;

fn part(payee: &str, work: u128, amount: u64, donation: u64) -> Part {
    Part {
        payee: Payee::new(payee),
        work,
        amount,
        bonus: 0,
        donation,
    }
}

fn chain(sharechain: &str, fee: u64, reserve: u64, parts: Vec<Part>) -> ChainSplit {
    let sum: u64 = parts.iter().map(|part| part.amount + part.donation).sum();
    ChainSplit {
        sharechain: sharechain.to_owned(),
        split_work: 1,
        amount: sum + fee + reserve,
        reserve,
        fee,
        parts,
    }
}

fn split(chains: Vec<ChainSplit>) -> BlockSplit {
    BlockSplit {
        reward: chains.iter().map(|chain| chain.amount).sum(),
        chains,
    }
}

fn stated(chain: &ChainSplit, reward: u64) -> StatementBody {
    let entries = chain.parts.iter().filter(|part| part.amount > 0);
    StatementBody {
        currency: "LTC".to_owned(),
        genesis: [1; 32],
        sharechain: chain.sharechain.clone(),
        number: 1,
        previous: [0; 32],
        subject: Subject::Block {
            hash: [2; 32],
            height: 3,
            reward,
        },
        amount: chain.amount,
        fee: chain.fee,
        donation: chain.donation(),
        reserve: chain.reserve,
        bonus: chain.bonus(),
        root: [4; 32],
        entries: entries
            .map(|part| {
                let entry = StatementEntry {
                    script: vec![],
                    amount: part.amount,
                };
                (part.payee.clone(), entry)
            })
            .collect(),
    }
}

#[test]
fn amounts_are_the_statements_and_work_stays_as_it_was_counted() {
    let finder = Payee::from("bob");
    let counted = split(vec![chain(
        "main",
        10,
        0,
        vec![part("alice", 30, 450, 0), part("carol", 30, 360, 90)],
    )]);
    let mut before = chain("main", 10, 50, vec![part("alice", 30, 700, 0)]);
    before.parts.push(Part {
        bonus: 20,
        ..part("bob", 3, 100, 50)
    });
    before.amount += 150;
    let body = stated(&before, 910);
    let restated = restate(counted, &[body], &finder).unwrap();
    let chain = &restated.chains[0];
    assert_eq!((chain.amount, chain.fee, chain.reserve), (910, 10, 50));
    let line = |payee: &str| {
        let part = chain.parts.iter().find(|part| part.payee.as_str() == payee);
        let part = part.unwrap();
        (part.work, part.amount, part.donation, part.bonus)
    };
    assert_eq!(line("alice"), (30, 700, 0, 0));
    assert_eq!(line("bob"), (0, 100, 0, 20));
    assert_eq!(line("carol"), (30, 0, 50, 0), "who gives now gave then");
}

#[test]
fn sharechains_without_a_statement_keep_what_they_got_if_it_is_what_is_left() {
    let finder = Payee::from("alice");
    let counted = || {
        split(vec![
            chain("main", 0, 0, vec![part("alice", 1, 600, 0)]),
            chain("second", 0, 0, vec![part("bob", 1, 400, 0)]),
        ])
    };
    let of = |name: &str, amount: u64| {
        let chain = chain(name, 0, 0, vec![part("carol", 1, amount, 0)]);
        stated(&chain, 1_000)
    };
    let restated = restate(counted(), &[of("main", 600)], &finder).unwrap();
    assert_eq!(restated.chains[1], counted().chains[1]);
    assert_eq!(restated.chains[0].parts[1].amount, 600);
    // The statement has it all, or two statements have.
    for all in [
        vec![of("main", 1_000)],
        vec![of("main", 700), of("third", 300)],
    ] {
        let restated = restate(counted(), &all, &finder).unwrap();
        let sum: u64 = restated.chains.iter().map(|chain| chain.amount).sum();
        assert_eq!((sum, restated.chains.len()), (1_000, all.len()));
    }
    assert_eq!(
        restate(counted(), &[of("main", 700)], &finder),
        Err(RestateError::Rest {
            reward: 1_000,
            stated: 700,
            others: 400
        })
    );
}

proptest! {
    #[test]
    fn what_comes_to_the_same_again_stays_as_it_is(
        lines in prop::collection::btree_map("[a-d]", (any::<u32>(), 1..1_000_u64, 0..1_000_u64), 1..4),
        fee in 0..100_u64,
        reserve in 0..100_u64,
    ) {
        let lines: BTreeMap<_, _> = lines;
        let parts = lines.iter().map(|(payee, (work, amount, donation))|
            part(payee, u128::from(*work), *amount, *donation));
        let counted = split(vec![chain("main", fee, reserve, parts.collect())]);
        let body = stated(&counted.chains[0], counted.reward);
        prop_assert_eq!(restate(counted.clone(), &[body], &Payee::from("a")), Ok(counted));
    }
}
