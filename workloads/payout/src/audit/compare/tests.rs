//! Each way in which chain and books can differ, alone.

use ngpool_chain::Amount;
use ngpool_store::{Balances, ChainOutput};

use super::*;

const TIP: Height = Height(200);
const DEPTH: u32 = 6;

fn txid(seed: u8) -> Txid {
    Txid::from_bytes([seed; 32])
}

fn block(seed: u8) -> BlockHash {
    BlockHash::from_bytes([seed; 32])
}

/// An output on the chain and in the books alike: the coinbase of a mature block, worth 50.
fn coin(seed: u8) -> AuditCoin {
    AuditCoin {
        output: ChainOutput {
            txid: txid(seed),
            vout: 0,
            amount: Amount(50),
            script: vec![seed],
            coinbase: true,
        },
        origin: CoinOrigin::Block {
            hash: block(seed),
            height: Height(90),
            state: BlockState::Mature,
            rewarded: true,
        },
        created: Some((Height(90), block(seed))),
        spent: None,
        is_twin: false,
        came: true,
        gone: None,
    }
}

fn other(seed: u8, booked: bool) -> AuditCoin {
    let mut coin = coin(seed);
    coin.origin = CoinOrigin::Other { booked };
    coin.output.coinbase = false;
    coin.came = booked;
    coin.created = Some((Height(198), block(seed)));
    coin
}

/// A view whose accounts hold what its rows say, all of it payees'.
fn view(coins: Vec<AuditCoin>) -> AuditView {
    let held = coins
        .iter()
        .map(|coin| coin.output.amount.0 * books_have(coin))
        .sum();
    AuditView {
        tip: Some((TIP, block(200))),
        balances: Balances {
            coins: held,
            payees: held,
            ..Balances::default()
        },
        coins,
        payouts: BTreeMap::new(),
    }
}

/// A node that sees what was followed.
fn same(node: &str, view: &AuditView) -> NodeView {
    let unspent = view.coins.iter().filter(|coin| followed_has(coin));
    NodeView::Same {
        node: node.into(),
        unspent: unspent
            .map(|coin| {
                let value = (coin.output.amount.0, coin.output.script.clone());
                (name(coin), value)
            })
            .collect(),
    }
}

fn found(view: &AuditView, nodes: &[NodeView]) -> Findings {
    let findings = compare(Sights {
        view,
        nodes,
        settle_depth: DEPTH,
    });
    assert_eq!(
        findings.on_chain,
        findings.booked + findings.in_transit + findings.drift
    );
    findings
}

fn found_alone(view: &AuditView) -> Findings {
    found(view, &[same("a", view)])
}

#[track_caller]
fn assert_transit(view: &AuditView, amount: i64, words: &str) {
    let findings = found_alone(view);
    assert_eq!(findings.verdict, SolvencyVerdict::Clean, "{findings:?}");
    assert_eq!((findings.in_transit, findings.drift), (amount, 0));
    assert!(
        findings
            .items
            .iter()
            .any(|item| item.reason.contains(words)),
        "{findings:?}"
    );
}

#[track_caller]
fn assert_missing(view: &AuditView, amount: i64, words: &str) {
    let findings = found_alone(view);
    assert_eq!(findings.verdict, SolvencyVerdict::Drift, "{findings:?}");
    assert_eq!(findings.drift, amount);
    assert!(findings.reason.contains(words), "{findings:?}");
}

#[test]
fn what_chain_and_books_have_alike_is_clean() {
    let mut accepted = coin(2);
    accepted.origin = CoinOrigin::Block {
        hash: block(2),
        height: Height(199),
        state: BlockState::Accepted,
        rewarded: true,
    };
    let findings = found_alone(&view(vec![coin(1), accepted, other(3, true)]));
    assert_eq!(findings.verdict, SolvencyVerdict::Clean);
    assert_eq!((findings.outputs, findings.on_chain), (3, 150));
    assert_eq!((findings.in_transit, findings.drift), (0, 0));
    assert!(findings.items.is_empty() && findings.reason.is_empty());
}

#[test]
fn a_strangers_deposit_is_in_transit_until_it_is_booked() {
    assert_transit(
        &view(vec![coin(1), other(2, false)]),
        50,
        "deposit not booked yet, 3 deep",
    );
}

/// One job solved twice: the chain has the coinbase as another block's, this one is to be orphaned.
#[test]
fn a_block_that_lost_to_one_of_the_same_coinbase_is_in_transit() {
    let mut twin = coin(1);
    twin.origin = CoinOrigin::Block {
        hash: block(9),
        height: Height(90),
        state: BlockState::Accepted,
        rewarded: true,
    };
    twin.created = None;
    twin.is_twin = true;
    assert_transit(&view(vec![coin(1), twin]), -50, "reorganisation");
}

#[test]
fn a_coinbase_in_the_books_and_off_the_chain_is_missing_once_it_was_credited() {
    let mut lost = coin(1);
    lost.created = None;
    assert_missing(&view(vec![lost.clone()]), -50, "was credited and is not on");
    lost.origin = CoinOrigin::Block {
        hash: block(1),
        height: Height(199),
        state: BlockState::Accepted,
        rewarded: true,
    };
    assert_transit(&view(vec![lost]), -50, "reorganisation");
}

#[test]
fn a_coinbase_on_the_chain_and_not_in_the_books_says_what_its_block_is() {
    for (state, words) in [
        (BlockState::Reported, "which is reported"),
        (BlockState::Orphaned, "which is orphaned"),
    ] {
        let mut back = coin(1);
        back.came = false;
        back.origin = CoinOrigin::Block {
            hash: block(1),
            height: Height(150),
            state,
            rewarded: true,
        };
        assert_transit(&view(vec![back]), 50, words);
    }
}

fn spent_at(height: u32) -> AuditCoin {
    let mut spent = coin(1);
    spent.spent = Some((Height(height), block(9), txid(77)));
    spent
}

#[test]
fn an_output_that_no_payout_spent_is_missing() {
    assert_missing(
        &view(vec![spent_at(200), coin(2)]),
        -50,
        "no version of a payout of ours",
    );
}

#[test]
fn a_payout_on_the_chain_is_in_transit_with_its_change_until_it_is_confirmed() {
    let mut change = other(77, false);
    change.created = Some((Height(198), block(9)));
    change.output.amount = Amount(20);
    let mut view = view(vec![spent_at(198), change]);
    view.payouts.insert(txid(77), 4);
    assert_transit(&view, -30, "spent by payout 4, 3 deep of 6");
    let change = found_alone(&view).items[1].reason.clone();
    assert_eq!(change, "change of payout 4, 3 deep of 6");
}

#[test]
fn a_payout_that_the_books_never_confirm_is_missing_in_the_end() {
    for (height, missing) in [(200 - DEPTH - 5, false), (200 - DEPTH - 6, true)] {
        let mut view = view(vec![spent_at(height)]);
        view.payouts.insert(txid(77), 4);
        assert_eq!(found_alone(&view).items[0].missing, missing, "{height}");
    }
}

#[test]
fn a_confirmed_payout_that_left_the_chain_is_in_transit_both_ways() {
    let mut input = coin(1);
    input.gone = Some(4);
    let mut change = coin(77);
    change.origin = CoinOrigin::Change { payout: 4 };
    change.created = None;
    change.output.amount = Amount(20);
    assert_transit(&view(vec![input, change]), 30, "reorganised out");
}

#[test]
fn a_child_confirmed_before_its_parent_is_in_transit() {
    let mut between = other(77, false);
    between.gone = Some(5);
    between.spent = Some((Height(190), block(9), txid(78)));
    let mut view = view(vec![between]);
    view.payouts.insert(txid(78), 5);
    assert_transit(&view, 50, "payout 5 is confirmed");
}

#[test]
fn accounts_that_do_not_hold_what_their_rows_say_are_drift() {
    for by in [-1, 1] {
        let mut view = view(vec![coin(1)]);
        view.balances.coins += by;
        assert_missing(&view, -by, "the utxo accounts hold");
    }
}

#[test]
fn nodes_that_disagree_stop_nothing_and_are_not_clean() {
    let view = view(vec![coin(1), coin(2)]);
    let mut lying = same("b", &view);
    if let NodeView::Same { unspent, .. } = &mut lying {
        unspent.clear();
    }
    let findings = found(&view, &[same("a", &view), lying]);
    assert_eq!(findings.verdict, SolvencyVerdict::Doubtful);
    assert!(findings.reason.contains("a and b disagree"), "{findings:?}");
    assert_eq!(findings.drift, 0);

    let elsewhere = NodeView::Elsewhere {
        node: "b".into(),
        tip: (TIP, block(7)),
    };
    let moved = NodeView::Moved { node: "b".into() };
    for (other, words) in [(elsewhere, "on another chain"), (moved, "moved")] {
        let findings = found(&view, &[same("a", &view), other]);
        assert_eq!(findings.verdict, SolvencyVerdict::Doubtful);
        assert!(findings.reason.contains(words), "{findings:?}");
    }
}

#[test]
fn a_node_that_only_lags_is_no_doubt_and_none_at_the_tip_is() {
    let view = view(vec![coin(1)]);
    let behind = NodeView::Behind { node: "b".into() };
    let findings = found(&view, &[same("a", &view), behind.clone()]);
    assert_eq!(findings.verdict, SolvencyVerdict::Clean);
    for nodes in [&[behind][..], &[]] {
        let findings = found(&view, nodes);
        assert_eq!(findings.verdict, SolvencyVerdict::Doubtful);
        assert!(findings.reason.contains("no node is at the followed tip"));
    }
}

#[test]
fn an_output_that_every_node_lacks_is_missing_though_it_was_followed() {
    let view = view(vec![coin(1), coin(2)]);
    let mut without = same("a", &view);
    if let NodeView::Same { unspent, .. } = &mut without {
        unspent.remove(&(txid(1), 0));
    }
    let findings = found(&view, &[without.clone()]);
    assert_eq!(findings.verdict, SolvencyVerdict::Drift);
    assert!(findings.reason.contains("the nodes do not have it"));
    assert_eq!((findings.on_chain, findings.drift), (50, -50));
}

#[test]
fn a_value_or_script_that_was_not_followed_so_is_a_doubt() {
    for value in [(49, vec![1]), (50, vec![2])] {
        let view = view(vec![coin(1)]);
        let node = NodeView::Same {
            node: "a".into(),
            unspent: BTreeMap::from([((txid(1), 0), value)]),
        };
        let findings = found(&view, &[node]);
        assert_eq!(findings.verdict, SolvencyVerdict::Doubtful);
        assert!(findings.reason.contains("another value or script"));
    }
}

#[test]
fn a_loss_stops_payouts_until_the_pools_own_money_covers_it() {
    let mut view = view(vec![coin(1), coin(2)]);
    let with = |view: &mut AuditView, pool: &[(Account, i64)]| {
        view.balances.pool = pool.iter().cloned().collect();
        // The rest is the payees', so that the books add up.
        let pools: i64 = view.balances.pool.values().sum();
        view.balances.payees = view.balances.coins - pools;
        found_alone(view)
    };
    let short = with(
        &mut view,
        &[
            (Account::OrphanLoss, -30),
            (Account::Fee, 10),
            (Account::Unallocated, 500),
            (Account::PpsReserve, -5),
        ],
    );
    assert_eq!(short.verdict, SolvencyVerdict::Drift);
    assert_eq!((short.uncovered, short.drift), (20, 0));
    assert!(short.reason.contains("not covered"));
    let covered = with(
        &mut view,
        &[
            (Account::OrphanLoss, -30),
            (Account::Fee, 10),
            (Account::Capital, 20),
        ],
    );
    assert_eq!(covered.verdict, SolvencyVerdict::Clean);
    let lent = with(
        &mut view,
        &[(Account::PpsReserve, -30), (Account::NetworkFee, -1)],
    );
    assert_eq!(lent.verdict, SolvencyVerdict::Clean, "neither is a loss");
}

#[test]
fn accounts_that_do_not_sum_to_the_coins_are_drift() {
    let mut view = view(vec![coin(1)]);
    assert_eq!(found_alone(&view).verdict, SolvencyVerdict::Clean);
    view.balances.held += 1;
    let findings = found_alone(&view);
    assert_eq!(findings.verdict, SolvencyVerdict::Drift);
    assert!(findings.reason.contains("the other accounts together"));
}

#[test]
fn before_anything_is_followed_nothing_is_clean() {
    let mut view = view(vec![]);
    view.tip = None;
    assert_eq!(found_alone(&view).verdict, SolvencyVerdict::Doubtful);
}

#[test]
fn only_a_few_reasons_are_told_one_by_one() {
    let coins = (1..10).map(|seed| {
        let mut spent = coin(seed);
        spent.spent = Some((TIP, block(9), txid(77)));
        spent
    });
    let findings = found_alone(&view(coins.collect()));
    assert!(findings.reason.ends_with("and 6 more"), "{findings:?}");
    assert_eq!(findings.items.len(), 9);
}
