//! What must hold for every payout, whatever is owed, held and asked for; and that the signer agrees.

use std::collections::{BTreeMap, BTreeSet};

use bitcoin::{
    Amount as Sats, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
    absolute::LockTime, hashes::Hash, transaction::Version,
};
use chrono::{DateTime, TimeDelta};
use ngpool_chain::{Address, Amount, BlockHash, Height, Network, PrivateKey, Txid};
use ngpool_settings::{
    CurrencySettings, FeePayer, FeePolicy, FeeRate, InputChoice, PayoutPolicy, PayoutSettings,
    Replacement, SignerRefusal,
};
use ngpool_signing::{
    encoding::{Base64, Hex},
    request::{PayeePart, Payout},
};
use ngpool_store::{Outpoint, POOL_FEE, PayoutInput};
use ngsign::{
    books::{Books, Record, StatementRecord, SubjectRecord},
    keyring::{Key, Keyring, Kind, address_of},
    policy::Policy,
    psbt::{Checked, sign},
    rules::{Context, Decision, decide},
};
use proptest::{collection::vec, prelude::*, sample::select as one_of};

use super::{
    Coin, Draft, Owed, Previous, Rate, Reason, Selection, Stuck, StuckChange, Terms,
    candidates::{candidates, dust_limit},
    child, consolidate,
    fee::RELAY,
    parse_previous, psbt, raise, select,
};

const KINDS: [Kind; 4] = [Kind::P2pkh, Kind::P2wpkh, Kind::P2shP2wpkh, Kind::P2tr];

fn network() -> Network {
    Network::preset("litecoin-regtest").unwrap()
}

fn key(kind: Kind) -> Key {
    let wif = PrivateKey::from_bytes(&[7; 32]).unwrap().to_wif(&network());
    Key::parse(&kind.descriptor(&wif), &network()).unwrap()
}

fn keyring() -> Keyring {
    let mut keyring = Keyring::new();
    for kind in KINDS {
        keyring.add(key(kind)).unwrap();
    }
    keyring
}

fn own(kind: usize) -> Vec<u8> {
    key(KINDS[kind]).script().to_bytes()
}

/// The address of a payee of a kind: his name.
fn payee(number: usize, kind: usize) -> String {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash[8] = 1;
    let short = &hash[..20];
    let script = match kind {
        0 => [&[0x76, 0xa9, 0x14][..], short, &[0x88, 0xac]].concat(),
        1 => [&[0xa9, 0x14][..], short, &[0x87]].concat(),
        2 => [&[0x00, 0x14][..], short].concat(),
        3 => [&[0x00, 0x20][..], &hash].concat(),
        _ => [&[0x51, 0x20][..], &hash].concat(),
    };
    let address = Address::from_script(&script, &network()).unwrap();
    address.as_str().to_owned()
}

fn settings(policy: PayoutPolicy) -> PayoutSettings {
    let subsidy = address_of(&key(Kind::P2wpkh), &network()).unwrap();
    PayoutSettings {
        currency: CurrencySettings {
            name: "litecoin".into(),
            code: "RLTC".into(),
            network: network(),
            subsidy_address: subsidy.as_str().into(),
            maturity: 100,
            settle_depth: 3,
            coinbase_tag: String::new(),
            block_odds: 1,
            split_window_milli: 2_000,
            decimals: 8,
        },
        coinservers: vec![],
        database_url_file: "url".into(),
        statement_key_file: "key".into(),
        sharechains: vec![],
        pps: vec![],
        policy,
        tls: None,
    }
}

/// Coins of the pool, each the second output of a transaction of its own.
fn purse(amounts: &[(i64, usize)]) -> (Vec<Coin>, Previous) {
    let mut coins = Vec::new();
    let mut previous = Previous::new();
    for (number, (amount, kind)) in amounts.iter().enumerate() {
        let script = own(*kind);
        let output = |value: i64, script: Vec<u8>| TxOut {
            value: Sats::from_sat(u64::try_from(value).unwrap()),
            script_pubkey: ScriptBuf::from_bytes(script),
        };
        let transaction = Transaction {
            version: Version::TWO,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: OutPoint {
                    txid: bitcoin::Txid::all_zeros(),
                    vout: u32::try_from(number).unwrap(),
                },
                script_sig: ScriptBuf::new(),
                sequence: Sequence::MAX,
                witness: Witness::new(),
            }],
            output: vec![output(1, vec![0x51]), output(*amount, script.clone())],
        };
        let txid = Txid::from_bytes(transaction.compute_txid().to_byte_array());
        previous.insert(txid, transaction);
        coins.push(Coin {
            outpoint: Outpoint { txid, vout: 1 },
            amount: Amount(*amount),
            script,
            height: Height(u32::try_from(number % 7).unwrap()),
            block: BlockHash::from_bytes([1; 32]),
        });
    }
    (coins, previous)
}

fn owed(balances: &[(i64, usize)]) -> Vec<Owed> {
    balances
        .iter()
        .enumerate()
        .map(|(number, (balance, kind))| Owed {
            payee: payee(number, *kind),
            balance: Amount(*balance),
            minimum: None,
            hold: None,
            refused: None,
            released: None,
            credited_at: None,
        })
        .collect()
}

fn policies() -> impl Strategy<Value = PayoutPolicy> {
    (
        one_of(vec![FeePayer::Pool, FeePayer::Payees]),
        one_of(vec![InputChoice::Fewest, InputChoice::Consolidate]),
        one_of(vec![0_u64, 1, 999, 1_000, 10_000, 123_457]),
        1_u32..12,
        3_u32..30,
        prop_oneof![Just(390_000_u32), 4_000_u32..9_000],
        prop_oneof![Just(0_i64), 1_i64..2_000_000],
        prop_oneof![
            Just(None),
            (1_i64..900_000_000).prop_map(|it| Some(Amount(it)))
        ],
        0_usize..3,
    )
        .prop_map(
            |(from, inputs, rate, max_inputs, max_outputs, max_weight, minimum, max_amount, n)| {
                let change = KINDS.map(|kind| {
                    let address = address_of(&key(kind), &network()).unwrap();
                    address.as_str().to_owned()
                });
                PayoutPolicy {
                    minimum: Amount(minimum),
                    fee: FeePolicy {
                        from,
                        rate: FeeRate::Fixed {
                            per_kvb: rate.max(1),
                        },
                        ceiling: 200_000,
                    },
                    inputs,
                    max_inputs,
                    max_outputs,
                    max_weight,
                    max_amount,
                    change: change.into_iter().take(n.min(2)).collect(),
                    dust_relay_fee: 30_000,
                    ..PayoutPolicy::default()
                }
            },
        )
}

fn balances() -> impl Strategy<Value = Vec<(i64, usize)>> {
    let balance = prop_oneof![1_i64..20_000, 1_i64..2_000_000, 1_i64..500_000_000];
    vec((balance, 0_usize..5), 0..40)
}

fn coins() -> impl Strategy<Value = Vec<(i64, usize)>> {
    let amount = prop_oneof![1_i64..30_000, 1_i64..3_000_000, 1_i64..900_000_000];
    vec((amount, 0_usize..4), 0..25)
}

fn rate_of(policy: &PayoutPolicy) -> Rate {
    super::first_rate(policy, None)
}

fn total(amounts: impl IntoIterator<Item = Amount>) -> i64 {
    amounts.into_iter().map(|amount| amount.0).sum()
}

/// What holds for every transaction that is ours.
fn check_transaction(draft: &Draft, terms: &Terms<'_>) {
    let policy = terms.policy;
    let inputs = total(draft.inputs.iter().map(|it| it.amount));
    let parts = total(draft.parts.iter().map(|it| it.amount));
    let change = total(draft.change.iter().map(|it| it.amount));
    assert_eq!(inputs, parts + change + draft.fee.0, "to the unit");
    let coins: BTreeSet<_> = draft.inputs.iter().map(|it| it.outpoint).collect();
    assert_eq!(coins.len(), draft.inputs.len(), "no coin twice");
    assert_eq!(draft.inputs[0].outpoint, draft.anchor);
    let outputs = draft.parts.len() + draft.change.len();
    assert!(outputs <= policy.max_outputs as usize && outputs > 0);
    assert!(draft.inputs.len() <= policy.max_inputs as usize);
    for (output, (vout, change)) in
        (draft.parts.len()..).zip(draft.change.iter().map(|it| (it.vout, it)))
    {
        assert_eq!(vout as usize, output);
        assert!(change.amount >= dust_limit(&change.script, policy));
    }
    let weight = draft.inputs.iter().fold(
        draft
            .parts
            .iter()
            .map(|it| it.script.len())
            .chain(draft.change.iter().map(|it| it.script.len()))
            .fold(
                super::weight::Size::default(),
                super::weight::Size::with_output,
            ),
        |size, input| size.with_input(terms.input(&input.script).unwrap()),
    );
    assert_eq!(weight.vbytes(), draft.vbytes);
    assert!(weight.weight() <= u64::from(policy.max_weight));
    assert!(
        draft.fee <= Rate(policy.fee.ceiling).of(draft.vbytes),
        "the ceiling holds"
    );
}

/// What a signer gives for a draft, after its own checks.
fn signed(draft: &Draft, previous: &Previous) -> Transaction {
    let version = psbt::version(draft, previous, Replacement::Rbf).unwrap();
    let stored = version.psbt.clone().unwrap();
    assert!(psbt::previous_of(&stored).unwrap().len() <= previous.len());
    let keyring = keyring();
    let checked = Checked::parse(&stored, &keyring).unwrap();
    assert_eq!(i64::try_from(checked.fee()).unwrap(), draft.fee.0);
    assert_eq!(
        bitcoin::consensus::serialize(checked.transaction()),
        version.unsigned
    );
    let payees: Vec<_> = draft
        .parts
        .iter()
        .map(|part| PayeePart {
            payee: part.payee.clone(),
            script: ScriptBuf::from_bytes(part.script.clone()),
            amount: u64::try_from(part.amount.0).unwrap(),
            fee_share: u64::try_from(part.fee_share.0).unwrap(),
        })
        .collect();
    let mut books = Books::default();
    books.apply(&Record::Statement(Box::new(StatementRecord {
        whole: None,
        sharechain: "main".into(),
        number: 1,
        digest: Hex([1; 32]),
        subject: SubjectRecord::Block {
            hash: Hex([2; 32]),
            reward: 1 << 50,
        },
        amount: 1 << 50,
        fee: 1 << 40,
        reserve: 0,
        credits: payees
            .iter()
            .map(|part| (part.payee.clone(), part.amount + part.fee_share))
            .collect(),
        scripts: BTreeMap::new(),
        at: 0,
    })));
    let fee_address = address_of(&key(Kind::P2wpkh), &network()).unwrap();
    let policy = format!(
        "{{format: 1, currency: RLTC, statementKeys: [{}], \
          limits: {{payout: 1000000000000000, day: 1000000000000000, payeeDay: 1000000000000000}}, \
          fee: {{transaction: 1000000000000, day: 1000000000000, rate: 200}}, \
          newScripts: {{hours: 0, limit: 0}}, maxChangeOutputs: 16, \
          maxBlockReward: 1000000000000000, poolFeeAddresses: [{fee_address}]}}",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    );
    let policy = Policy::parse(&policy, &network()).unwrap();
    let payout = Payout {
        number: 1,
        version: 1,
        anchor: OutPoint {
            txid: bitcoin::Txid::from_byte_array(draft.anchor.txid.to_bytes()),
            vout: draft.anchor.vout,
        },
        payees,
        fee: checked.fee(),
        psbt: Base64(stored),
    };
    let context = Context {
        books: &books,
        policy: &policy,
        network: &network(),
        now: 1_000_000,
    };
    match decide(&context, &keyring, &payout, &checked) {
        Decision::Sign(approved) => sign(&approved, &keyring).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The estimate is never below what a signed transaction weighs, and at most two bytes a signature
/// above it.
fn check_size(draft: &Draft, transaction: &Transaction) {
    let real = u64::try_from(transaction.vsize()).unwrap();
    let spare = 3 * draft.inputs.len() as u64 + 1;
    assert!(
        (real..=real + spare).contains(&draft.vbytes),
        "estimated {} for {real}",
        draft.vbytes
    );
}

fn chosen(
    policy: &PayoutPolicy,
    balances: &[(i64, usize)],
    coins: &[Coin],
    check: impl FnOnce(&Selection, &Terms<'_>),
) {
    let settings = settings(policy.clone());
    let terms = Terms::new(&settings, rate_of(policy)).unwrap();
    let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let owed = owed(balances);
    let (candidates, left_out) = candidates(&owed, policy, terms.network, at);
    let selection = select(&candidates, coins, &terms);
    // Everybody is in it once or left out once.
    let mut seen: Vec<&str> = left_out
        .iter()
        .chain(&selection.left_out)
        .map(|it| it.payee.as_str())
        .collect();
    let parts = selection.draft.iter().flat_map(|draft| &draft.parts);
    seen.extend(parts.map(|part| part.payee.as_str()));
    seen.sort_unstable();
    let mut all: Vec<&str> = owed.iter().map(|it| it.payee.as_str()).collect();
    all.sort_unstable();
    assert_eq!(seen, all);
    check(&selection, &terms);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobody_is_paid_more_or_less_than_he_has_and_no_unit_is_lost(
        policy in policies(),
        balances in balances(),
        amounts in coins(),
    ) {
        let (coins, _) = purse(&amounts);
        chosen(&policy, &balances, &coins, |selection, terms| {
            let Some(draft) = &selection.draft else { return };
            check_transaction(draft, terms);
            prop_assert_payees(draft, &balances, terms);
            let least = rate_of(&policy).of(draft.vbytes);
            assert!(draft.fee >= least, "{:?} < {least:?}", draft.fee);
            let shares = total(draft.parts.iter().map(|it| it.fee_share));
            match policy.fee.from {
                FeePayer::Pool => assert_eq!(shares, 0),
                FeePayer::Payees => {
                    assert!(shares <= draft.fee.0);
                    // The payees bear the whole fee of a payout as small as can be.
                    if policy.inputs == InputChoice::Fewest && draft.change.len() == 1 {
                        assert_eq!(shares, draft.fee.0);
                    }
                }
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_signer_signs_what_is_prepared_and_its_size_was_known(
        policy in policies(),
        balances in balances(),
        amounts in coins(),
    ) {
        let (coins, previous) = purse(&amounts);
        chosen(&policy, &balances, &coins, |selection, terms| {
            if let Some(draft) = &selection.draft {
                check_size(draft, &signed(draft, &previous));
            }
            if let Some(draft) = consolidate(&coins, terms) {
                check_transaction(&draft, terms);
                assert!(draft.parts.is_empty() && draft.change.len() == 1);
                check_size(&draft, &signed(&draft, &previous));
            }
        });
    }

    #[test]
    fn a_next_version_pays_the_same_from_the_same_anchor_and_nodes_take_it(
        policy in policies(),
        balances in balances(),
        amounts in coins(),
    ) {
        let (coins, previous) = purse(&amounts);
        chosen(&policy, &balances, &coins, |selection, terms| {
            let Some(first) = &selection.draft else { return };
            let stuck = Stuck {
                anchor: first.anchor,
                parts: &first.parts,
                inputs: &first.inputs,
                fee: first.fee,
            };
            let Some(rate) = super::raised_rate(&policy, None, first.rate()) else { return };
            let Ok(next) = raise(stuck, &coins, &terms.at(rate)) else { return };
            check_transaction(&next, terms);
            assert_eq!(next.anchor, first.anchor);
            assert_eq!(next.parts, first.parts);
            assert!(first.inputs.iter().all(|it| next.inputs.contains(it)));
            assert!(next.fee.0 >= first.fee.0 + RELAY.of(next.vbytes).0);
            check_size(&next, &signed(&next, &previous));
        });
    }

    #[test]
    fn a_child_lifts_the_rate_of_both(
        policy in policies(),
        amounts in coins(),
        change in 10_000_i64..100_000_000,
        kind in 0_usize..4,
        vbytes in 110_u64..50_000,
        fee in 100_i64..100_000,
    ) {
        let (mut coins, previous) = purse(&[&[(change, kind)][..], &amounts].concat());
        let own = coins.remove(0);
        let parent = StuckChange { coin: PayoutInput::from(&own), fee: Amount(fee), vbytes };
        let settings = settings(policy.clone());
        let terms = Terms::new(&settings, Rate(50_000)).unwrap();
        let Ok(draft) = child(&parent, &coins, &terms) else { return Ok(()) };
        check_transaction(&draft, &terms);
        prop_assert_eq!(draft.anchor, own.outpoint);
        prop_assert!(draft.parts.is_empty() && draft.change.len() == 1);
        let before = Rate::from_fee(Amount(fee), vbytes);
        let both = Rate::from_fee(Amount(fee + draft.fee.0), vbytes + draft.vbytes);
        prop_assert!(both >= before);
        check_size(&draft, &signed(&draft, &previous));
    }
}

/// Each part is the whole balance, split into amount and share; none is dust or below the minimum.
fn prop_assert_payees(draft: &Draft, balances: &[(i64, usize)], terms: &Terms<'_>) {
    let policy = terms.policy;
    let by_name: BTreeMap<String, i64> = balances
        .iter()
        .enumerate()
        .map(|(number, (balance, kind))| (payee(number, *kind), *balance))
        .collect();
    for part in &draft.parts {
        let balance = by_name[&part.payee];
        assert_eq!(part.amount.0 + part.fee_share.0, balance);
        assert!(balance >= policy.minimum.0);
        assert!(part.amount >= dust_limit(&part.script, policy));
        let address = Address::parse(&part.payee, &network()).unwrap();
        assert_eq!(&part.script[..], &address.script()[..]);
    }
    if let Some(limit) = policy.max_amount {
        assert!(by_name.len() >= draft.parts.len());
        let paid = total(draft.parts.iter().map(|it| it.amount));
        let shares = total(draft.parts.iter().map(|it| it.fee_share));
        assert!(paid + shares <= limit.0);
    }
}

#[test]
fn everybody_who_is_left_out_is_told_why() {
    let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let hours = |hours| Some(at - chrono::TimeDelta::hours(hours));
    let policy = PayoutPolicy {
        minimum: Amount(100_000),
        holds: ngpool_settings::HoldPolicy {
            above: Some(Amount(1_000_000)),
            new_address_hours: 24,
        },
        max_amount: Some(Amount(50_000_000)),
        dust_relay_fee: 30_000,
        ..PayoutPolicy::default()
    };
    let old = |payee: String, balance| Owed {
        payee,
        balance: Amount(balance),
        minimum: None,
        hold: None,
        refused: None,
        released: None,
        credited_at: hours(48),
    };
    let dust = Owed {
        minimum: Some(Amount(1_000)),
        ..old(payee(4, 0), 1_500)
    };
    let new = Owed {
        credited_at: hours(23),
        ..old(payee(5, 0), 100_000)
    };
    let held = Owed {
        hold: Some("asked by phone".into()),
        ..old(payee(6, 0), 100_000)
    };
    let released = Owed {
        released: Some(Amount(2_000_000)),
        credited_at: hours(1),
        ..old(payee(7, 0), 2_000_000)
    };
    let released_for_less = Owed {
        released: Some(Amount(1_999_999)),
        ..old(payee(8, 0), 2_000_000)
    };
    let refused = |number, until| Owed {
        refused: Some(SignerRefusal {
            reason: "the script is new".to_owned(),
            until: at + TimeDelta::hours(until),
        }),
        ..old(payee(number, 0), 100_000)
    };
    let huge = Owed {
        released: Some(Amount(i64::MAX)),
        ..old(payee(9, 0), 50_000_001)
    };
    let picky = Owed {
        minimum: Some(Amount(200_000)),
        ..old(payee(10, 0), 199_999)
    };
    let future = [&[0x53, 0x20][..], &[1; 32]].concat();
    let future = Address::from_script(&future, &network()).unwrap();
    let all = vec![
        old(payee(1, 0), 100_000),
        old(payee(2, 0), 99_999),
        old(payee(3, 0), 1_000_001),
        dust,
        new,
        held,
        released,
        released_for_less,
        huge,
        picky,
        old("nobody".into(), 100_000),
        old(future.as_str().into(), 100_000),
        old(POOL_FEE.into(), 100_000),
        old(payee(11, 0), 0),
        refused(12, 1),
        refused(13, 0),
    ];
    let (candidates, left_out) = candidates(&all, &policy, &network(), at);
    let names: Vec<_> = candidates.into_iter().map(|it| it.payee).collect();
    assert_eq!(names, [payee(1, 0), payee(7, 0), payee(13, 0)]);
    let told: Vec<_> = left_out.iter().map(|it| it.reason.to_string()).collect();
    assert_eq!(
        told,
        [
            "below the minimum of 100000",
            "held: more than 1000000 is paid after a look; `ngpayout release` lets it go",
            "dust: nodes relay no output below 5460 to this address",
            "held: a new address, until 2026-09-21 15:13:20 UTC",
            "held by an operator: asked by phone",
            "held: more than 1000000 is paid after a look; `ngpayout release` lets it go",
            "more than the 50000000 that one payout may pay",
            "below the minimum of 200000",
            "cannot be paid: an address has 14 to 90 characters, this has 6",
            "cannot be paid: a witness version without meaning yet: anybody might be able to spend it",
            "the policy names no feeAddress for draws of the pool's fees",
            "held until 2026-09-21 15:13:20 UTC: the signer refuses: the script is new",
        ]
    );
    let reasons = left_out.into_iter().map(|it| it.reason);
    assert_eq!(reasons.filter(Reason::needs_somebody).count(), 7);
}

#[test]
fn a_payee_too_large_for_the_coins_does_not_hold_up_the_others() {
    let policy = PayoutPolicy::default();
    let (coins, _) = purse(&[(10_000_000, 1)]);
    let balances = [(900_000_000, 0), (4_000_000, 0), (3_000_000, 1)];
    chosen(&policy, &balances, &coins, |selection, _| {
        assert_eq!(selection.draft.as_ref().unwrap().parts.len(), 2);
        assert_eq!(selection.left_out.len(), 1);
        assert_eq!(selection.left_out[0].reason, Reason::NoCoins);
    });
}

#[test]
fn the_anchor_is_the_oldest_coin_and_later_payouts_find_coins_left() {
    let policy = PayoutPolicy::default();
    let (coins, _) = purse(&[(5_000_000, 1), (9_000_000, 1), (8_000_000, 0)]);
    chosen(&policy, &[(16_000_000, 2)], &coins, |selection, _| {
        let draft = selection.draft.as_ref().unwrap();
        assert_eq!(draft.inputs.len(), 2);
        assert_eq!(draft.anchor, coins[1].outpoint);
    });
}

#[test]
fn change_goes_in_equal_parts_to_the_addresses_of_the_list() {
    let change: Vec<String> = [Kind::P2wpkh, Kind::P2tr]
        .map(|kind| {
            address_of(&key(kind), &network())
                .unwrap()
                .as_str()
                .to_owned()
        })
        .to_vec();
    let policy = PayoutPolicy {
        change,
        ..PayoutPolicy::default()
    };
    let (coins, _) = purse(&[(100_000_000, 1)]);
    chosen(&policy, &[(10_000_000, 2)], &coins, |selection, _| {
        let change = &selection.draft.as_ref().unwrap().change;
        let amounts: Vec<_> = change.iter().map(|it| it.amount.0).collect();
        assert_eq!(amounts.len(), 2);
        assert!((0..2).contains(&(amounts[0] - amounts[1])), "{amounts:?}");
    });
}

#[test]
fn previous_transactions_lose_witnesses_and_mweb_parts_but_not_their_id() {
    let (_, previous) = purse(&[(5_000, 1)]);
    let (txid, transaction) = previous.first_key_value().unwrap();
    let plain = bitcoin::consensus::serialize(transaction);
    assert_eq!(parse_previous(&plain, *txid).unwrap(), *transaction);
    let body = &plain[4..plain.len() - 4];
    let with = |flag: u8, after: &[u8]| {
        [
            &plain[..4],
            &[0, flag],
            body,
            after,
            &plain[plain.len() - 4..],
        ]
        .concat()
    };
    // One witness of one item; the HogEx's empty MWEB part; both with bytes that are nobody's business.
    for raw in [
        with(1, &[1, 2, 7, 7]),
        with(8, &[0]),
        with(9, &[1, 1, 7, 1, 9, 9, 9]),
    ] {
        assert_eq!(parse_previous(&raw, *txid).unwrap(), *transaction);
    }
    let other = Txid::from_bytes([3; 32]);
    let error = parse_previous(&plain, other).unwrap_err().to_string();
    assert!(error.starts_with("asked for transaction"), "{error}");
    for length in 0..plain.len() {
        assert!(parse_previous(&plain[..length], *txid).is_err());
    }
}

#[test]
fn a_coin_that_its_transaction_knows_otherwise_is_refused() {
    let (coins, previous) = purse(&[(50_000_000, 1)]);
    let settings = settings(PayoutPolicy::default());
    let terms = Terms::new(&settings, Rate(1_000)).unwrap();
    let mut wrong = coins.clone();
    wrong[0].amount = Amount(60_000_000);
    let at = DateTime::from_timestamp(0, 0).unwrap();
    let owed = owed(&[(20_000_000, 1)]);
    let (candidates, _) = candidates(&owed, &PayoutPolicy::default(), terms.network, at);
    let draft = select(&candidates, &wrong, &terms).draft.unwrap();
    let error = psbt::version(&draft, &previous, Replacement::None).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is not what its transaction says")
    );
    let error = psbt::version(&draft, &Previous::new(), Replacement::None).unwrap_err();
    assert!(error.to_string().contains("is not known"));
}

#[test]
fn a_stuck_payout_is_raised_from_its_change_then_from_other_coins() {
    let policy = PayoutPolicy {
        dust_relay_fee: 30_000,
        ..PayoutPolicy::default()
    };
    let settings = settings(policy);
    let (coins, previous) = purse(&[(10_100_000, 1), (2_000_000, 0)]);
    let part = ngpool_store::PayoutPart {
        payee: payee(0, 2),
        script: Address::parse(&payee(0, 2), &network())
            .unwrap()
            .script()
            .to_vec(),
        amount: Amount(10_000_000),
        fee_share: Amount(0),
    };
    let stuck = Stuck {
        anchor: coins[0].outpoint,
        parts: std::slice::from_ref(&part),
        inputs: &[PayoutInput::from(&coins[0])],
        fee: Amount(141),
    };
    let at = |rate| Terms::new(&settings, Rate(rate)).unwrap();
    let raised = raise(stuck, &coins, &at(10_000)).unwrap();
    assert_eq!(raised.inputs.len(), 1);
    assert_eq!(raised.fee, Rate(10_000).of(raised.vbytes));
    // Not enough is left of the change for a rate so high: another coin joins.
    let raised = raise(stuck, &coins, &at(200_000)).unwrap();
    assert_eq!(raised.inputs.len(), 1);
    let dear = Stuck {
        fee: Amount(90_000),
        ..stuck
    };
    assert_eq!(
        raise(dear, &coins, &at(200_000)).unwrap_err(),
        super::RaiseError::Ceiling
    );
    let poor = Stuck {
        inputs: &[PayoutInput {
            amount: Amount(10_000_200),
            ..PayoutInput::from(&coins[0])
        }],
        ..stuck
    };
    let raised = raise(poor, &coins[1..], &at(10_000)).unwrap();
    assert_eq!(raised.inputs.len(), 2);
    assert_eq!(raised.anchor, stuck.anchor);
    assert_eq!(raised.parts, std::slice::from_ref(&part));
    assert_eq!(
        raise(poor, &[], &at(10_000)).unwrap_err(),
        super::RaiseError::NoCoins
    );
    drop(previous);
}

#[test]
fn a_child_makes_both_worth_the_rate() {
    let policy = PayoutPolicy {
        dust_relay_fee: 30_000,
        ..PayoutPolicy::default()
    };
    let settings = settings(policy);
    let (coins, _) = purse(&[(1_000_000, 1), (2_000_000, 0)]);
    let parent = StuckChange {
        coin: PayoutInput::from(&coins[0]),
        fee: Amount(200),
        vbytes: 200,
    };
    let terms = Terms::new(&settings, Rate(20_000)).unwrap();
    let draft = child(&parent, &coins, &terms).unwrap();
    assert_eq!(draft.inputs.len(), 1);
    let both = Rate::from_fee(Amount(200 + draft.fee.0), 200 + draft.vbytes);
    assert!((20_000..20_010).contains(&both.0), "{both:?}");
    let dust = StuckChange {
        coin: PayoutInput {
            amount: Amount(5_000),
            ..parent.coin.clone()
        },
        ..parent.clone()
    };
    let draft = child(&dust, &coins, &terms).unwrap();
    assert_eq!(draft.inputs.len(), 2);
    assert_eq!(draft.anchor, coins[0].outpoint);
    assert_eq!(
        child(&dust, &[], &terms).unwrap_err(),
        super::RaiseError::NoCoins
    );
}
