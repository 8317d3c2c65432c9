//! The published split and the statement over it.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use ngpool_accounting::{
    Leaf, Payee, ProofError, StatementBody, StatementEntry, StatementError, Subject, SumTree, U256,
};
use proptest::{prelude::*, sample::Index};
use sha2::Digest;

fn leaves() -> impl Strategy<Value = Vec<Leaf>> {
    let lines = prop::collection::btree_map(
        "[a-z0-9]{1,8}",
        (any::<u128>(), any::<u64>(), any::<bool>()),
        1..70,
    );
    lines.prop_map(|lines| {
        lines
            .into_iter()
            .map(|(payee, (work, amount, hidden))| {
                let payee = Payee::new(payee);
                if hidden {
                    Leaf::hidden(&payee, &[7; 32], work, amount)
                } else {
                    Leaf::public(&payee, work, amount)
                }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn every_line_is_proven_and_the_root_has_the_sums(leaves in leaves()) {
        let tree = SumTree::new(leaves.clone());
        let root = tree.root();
        prop_assert_eq!(root.amount, leaves.iter().map(|leaf| u128::from(leaf.amount)).sum::<u128>());
        prop_assert_eq!(root.work, leaves.iter().map(|leaf| U256::from(leaf.work)).sum::<U256>());
        for leaf in &leaves {
            let proof = tree.proof(leaf).unwrap();
            prop_assert_eq!(proof.verify(leaf, &root), Ok(()));
        }
    }

    #[test]
    fn the_order_of_the_lines_does_not_matter(
        (leaves, shuffled) in leaves().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle())),
    ) {
        prop_assert_eq!(SumTree::new(leaves).root(), SumTree::new(shuffled).root());
    }

    #[test]
    fn an_altered_line_proof_or_root_is_refused(leaves in leaves(), at: Index, what in 0..8_u8, bit in 0..8_u8) {
        let tree = SumTree::new(leaves.clone());
        let mut root = tree.root();
        let mut leaf = *at.get(&leaves);
        let mut proof = tree.proof(&leaf).unwrap();
        match what {
            0 => leaf.amount ^= 1 << bit,
            1 => leaf.work ^= 1 << bit,
            2 => leaf.commitment[3] ^= 1 << bit,
            3 => root.hash[0] ^= 1 << bit,
            4 => root.amount ^= 1 << bit,
            5 => root.leaves += 1,
            6 => match proof.siblings.first_mut() {
                Some(sibling) => sibling.amount ^= 1 << bit,
                None => proof.index += 1,
            },
            _ => proof.siblings.push(ngpool_accounting::Sibling {
                hash: [0; 32],
                work: U256::MAX,
                amount: u128::MAX,
            }),
        }
        prop_assert!(proof.verify(&leaf, &root).is_err());
    }

    #[test]
    fn a_statement_reads_back_and_a_changed_byte_changes_the_digest(body in body(), at: Index, bit in 0..8_u8) {
        let bytes = body.encode();
        prop_assert_eq!(StatementBody::decode(&bytes), Ok(body.clone()));
        let mut altered = bytes.clone();
        altered[at.index(bytes.len())] ^= 1 << bit;
        if let Ok(other) = StatementBody::decode(&altered) {
            prop_assert_eq!(other.encode(), altered);
            prop_assert_ne!(other.digest(), body.digest());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, cut: Index, body in body()) {
        let _no_panic = StatementBody::decode(&bytes);
        let whole = body.encode();
        let cut = cut.index(whole.len());
        prop_assert!(StatementBody::decode(&whole[..cut]).is_err());
        let mut long = whole;
        long.push(0);
        prop_assert_eq!(StatementBody::decode(&long), Err(StatementError::Long));
    }
}

fn body() -> impl Strategy<Value = StatementBody> {
    let entry = (prop::collection::vec(any::<u8>(), 0..40), any::<u32>());
    (
        prop::collection::btree_map("[a-z0-9]{1,40}".prop_map(Payee::new), entry, 0..9),
        any::<([u8; 32], [u8; 32], [u8; 32], u64, u32, u32)>(),
        prop_oneof![
            3 => Just((0, 0, 0)),
            1 => any::<(u32, u32, u16)>(),
        ],
        any::<Option<(u64, u64, u32)>>(),
    )
        .prop_map(
            |(entries, (genesis, block, root, number, height, fee), more, period)| {
                let (donation, reserve, bonus) = more;
                let entries: BTreeMap<_, _> = entries
                    .into_iter()
                    .map(|(payee, (script, amount))| {
                        (
                            payee,
                            StatementEntry {
                                script,
                                amount: amount.into(),
                            },
                        )
                    })
                    .collect();
                let credits = entries.values().map(|entry| entry.amount).sum::<u64>();
                let (donation, bonus) = (u64::from(donation), u64::from(bonus));
                let is_block = period.is_none();
                let reserve = if is_block { u64::from(reserve) } else { 0 };
                let bonus = if is_block { bonus.min(credits) } else { 0 };
                let amount = u64::from(fee) + donation + reserve + credits;
                let subject = match period {
                    None => Subject::Block {
                        hash: block,
                        height,
                        reward: amount + 5,
                    },
                    Some((number, after, more)) => Subject::Period {
                        number,
                        after,
                        to: after.saturating_add(more.into()),
                    },
                };
                StatementBody {
                    currency: "LTC".into(),
                    genesis,
                    sharechain: "main".into(),
                    number,
                    previous: [1; 32],
                    subject,
                    amount,
                    fee: fee.into(),
                    donation,
                    reserve,
                    bonus,
                    root,
                    entries,
                }
            },
        )
}

#[test]
fn a_split_of_nobody_has_a_root_that_proves_nothing() {
    let root = SumTree::new(vec![]).root();
    assert_eq!((root.leaves, root.amount), (0, 0));
    let leaf = Leaf::public(&"alice".into(), 1, 1);
    let proof = SumTree::new(vec![leaf]).proof(&leaf).unwrap();
    assert_eq!(
        proof.verify(&leaf, &root),
        Err(ProofError::NoSuchLine {
            index: 0,
            leaves: 0
        })
    );
}

/// What was published once is proven for ever: the encoding of lines does not change.
#[test]
fn roots_of_the_first_encoding_stay_what_they_were() {
    let (alice, bob) = (Payee::from("alice"), Payee::from("bob"));
    let lines = [
        Leaf::public(&alice, 3, 70),
        Leaf::hidden(&bob, &[7; 32], 1, 30),
    ];
    let sha256 = |bytes: &[u8]| -> [u8; 32] { sha2::Sha256::digest(bytes).into() };
    assert_eq!(lines[0].commitment, sha256(b"\x03\0alice"));
    let salted = [&b"\x03\x01"[..], &[7; 32], b"bob"].concat();
    assert_eq!(lines[1].commitment, sha256(&salted));
    let tree = SumTree::new(lines.to_vec());
    let mut sorted = lines.to_vec();
    sorted.sort_unstable();
    assert_eq!(tree.leaves(), sorted);
}

#[test]
fn a_hidden_line_needs_its_salt() {
    let alice = Payee::from("alice");
    let hidden = Leaf::hidden(&alice, &[1; 32], 5, 6);
    assert_ne!(hidden.commitment, Leaf::public(&alice, 5, 6).commitment);
    assert_ne!(
        hidden.commitment,
        Leaf::hidden(&alice, &[2; 32], 5, 6).commitment
    );
}

#[test]
fn a_statement_that_does_not_add_up_is_refused() {
    let body = StatementBody {
        currency: "LTC".into(),
        genesis: [0; 32],
        sharechain: "main".into(),
        number: 1,
        previous: [0; 32],
        subject: Subject::Block {
            hash: [2; 32],
            height: 9,
            reward: 10,
        },
        amount: 10,
        fee: 1,
        donation: 0,
        reserve: 0,
        bonus: 0,
        root: [3; 32],
        entries: BTreeMap::from([(
            "a".into(),
            StatementEntry {
                script: vec![],
                amount: 8,
            },
        )]),
    };
    assert_eq!(
        StatementBody::decode(&body.encode()),
        Err(StatementError::Sum)
    );
    assert_eq!(
        StatementBody::decode(b"something else"),
        Err(StatementError::Tag)
    );
}

#[test]
fn what_a_period_bought_adds_up_to_credits_and_donations_and_nothing_of_a_block() {
    let period = |after, to| Subject::Period {
        number: 1,
        after,
        to,
    };
    let body = |subject, fee, donation, reserve, bonus| StatementBody {
        currency: "LTC".into(),
        genesis: [0; 32],
        sharechain: "main".into(),
        number: 1,
        previous: [0; 32],
        subject,
        amount: 8 + fee + donation + reserve,
        fee,
        donation,
        reserve,
        bonus,
        root: [3; 32],
        entries: BTreeMap::from([(
            "a".into(),
            StatementEntry {
                script: vec![],
                amount: 8,
            },
        )]),
    };
    assert!(body(period(3, 3), 1, 2, 0, 0).adds_up());
    assert!(!body(period(4, 3), 1, 2, 0, 0).adds_up());
    assert!(!body(period(3, 4), 1, 2, 1, 0).adds_up());
    assert!(!body(period(3, 4), 1, 2, 0, 1).adds_up());
    // A bonus is a part of what was credited or given away.
    let block = || Subject::Block {
        hash: [2; 32],
        height: 9,
        reward: 100,
    };
    assert!(body(block(), 0, 2, 1, 10).adds_up());
    assert!(!body(block(), 0, 2, 1, 11).adds_up());
    assert!(body(block(), 0, 0, 1, 8).adds_up());
}

/// The bytes of a statement from before donations, bonuses and reserves.
#[test]
fn statements_of_the_first_encoding_keep_their_digests() {
    let body = StatementBody {
        currency: "LTC".into(),
        genesis: [7; 32],
        sharechain: "main".into(),
        number: 3,
        previous: [1; 32],
        subject: Subject::Block {
            hash: [2; 32],
            height: 9,
            reward: 10,
        },
        amount: 10,
        fee: 2,
        donation: 0,
        reserve: 0,
        bonus: 0,
        root: [3; 32],
        entries: BTreeMap::from([(
            "a".into(),
            StatementEntry {
                script: vec![0x51],
                amount: 8,
            },
        )]),
    };
    let mut bytes = b"ngpool/statement/1\n\0\0\0\x03LTC".to_vec();
    bytes.extend([7; 32]);
    bytes.extend(b"\0\0\0\x04main");
    bytes.extend(3_u64.to_be_bytes());
    bytes.extend([1; 32]);
    bytes.extend([2; 32]);
    bytes.extend(9_u32.to_be_bytes());
    for amount in [10_u64, 10, 2] {
        bytes.extend(amount.to_be_bytes());
    }
    bytes.extend([3; 32]);
    bytes.extend(b"\0\0\0\x01\0\0\0\x01a\0\0\0\x01\x51");
    bytes.extend(8_u64.to_be_bytes());
    assert_eq!(body.encode(), bytes);
    assert_eq!(StatementBody::decode(&bytes), Ok(body));
}
