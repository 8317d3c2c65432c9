//! The life of a block, and the books that go with it.

use std::collections::BTreeMap;

use ngpool_chain::{Amount, Height};
use ngpool_store::{Account, BlockFilter, BlockState, CreditCursor, StoreError};

use crate::support::{CHAIN, Journal, Pool, after, answer, block, slice};

/// What the accounts hold, those of payees as one.
async fn books(pool: &Pool) -> BTreeMap<String, i64> {
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
    let mut books = BTreeMap::new();
    for (account, amount) in pool.web.account_balances("LTC").await.unwrap() {
        let name = match account {
            Account::Payee(_) => "payees".to_owned(),
            Account::Block(_) => "blocks".to_owned(),
            other => other.to_string(),
        };
        *books.entry(name).or_default() += amount.0;
    }
    books
}

fn expected(entries: &[(&str, i64)]) -> BTreeMap<String, i64> {
    entries
        .iter()
        .map(|(name, amount)| ((*name).to_owned(), *amount))
        .collect()
}

async fn worked(pool: &Pool) {
    let mut journal = Journal::new(1);
    for _ in 0..3 {
        pool.store(
            &mut journal,
            vec![slice("alice", 700), slice("bob", 200), slice("carol", 1)],
        )
        .await;
    }
}

#[tokio::test]
async fn a_block_is_accepted_matures_is_lost_late_and_comes_back() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    let key = &report.key;
    let reward = report.reward.0;
    let fee = i64::try_from(split.chains[0].fee).unwrap();
    assert_eq!(fee, 12_500_000);

    for change in [true, false] {
        let changed = pool
            .payout
            .accept_block(key, &split, &windows, after(10))
            .await
            .unwrap();
        assert_eq!(changed, change);
    }
    let immature = expected(&[("utxo:coinbase", -reward), ("blocks", reward)]);
    assert_eq!(books(&pool).await, immature);
    let balance = &pool.web.payee_balances("bob").await.unwrap()[0];
    assert!(balance.immature > Amount::ZERO && balance.balance == Amount::ZERO);

    for change in [true, false] {
        assert_eq!(
            pool.payout
                .orphan_block(key, "lost", after(20))
                .await
                .unwrap(),
            change
        );
    }
    assert_eq!(books(&pool).await, expected(&[]));
    assert!(pool.web.payee_balances("bob").await.unwrap().is_empty());
    for change in [true, false] {
        assert_eq!(
            pool.payout.restore_block(key, after(30)).await.unwrap(),
            change
        );
    }
    assert_eq!(books(&pool).await, immature);

    for change in [true, false] {
        assert_eq!(
            pool.payout.mature_block(key, after(40)).await.unwrap(),
            change
        );
    }
    let mature = expected(&[
        ("utxo:spendable", -reward),
        ("payees", reward - fee),
        ("fee", fee),
    ]);
    assert_eq!(books(&pool).await, mature);
    let credit = split.chains[0]
        .parts
        .iter()
        .find(|part| part.payee.as_str() == "bob")
        .unwrap();
    let balance = &pool.web.payee_balances("bob").await.unwrap()[0];
    assert_eq!(
        balance.balance,
        Amount(i64::try_from(credit.amount).unwrap())
    );

    // Twice lost and found after maturity: each turn is booked, payees are not touched.
    for turn in [50, 60] {
        assert!(
            pool.payout
                .orphan_block(key, "late", after(turn))
                .await
                .unwrap()
        );
        let lost = expected(&[
            ("orphan_loss", -reward),
            ("payees", reward - fee),
            ("fee", fee),
        ]);
        assert_eq!(books(&pool).await, lost);
        assert!(
            pool.payout
                .restore_block(key, after(turn + 5))
                .await
                .unwrap()
        );
        assert_eq!(books(&pool).await, mature);
    }
    assert_eq!(
        pool.web.block_state(key).await.unwrap(),
        Some(BlockState::Mature)
    );
}

#[tokio::test]
async fn two_settle_jobs_at_once_do_each_step_once() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    let key = &report.key;
    let (a, b) = tokio::join!(
        pool.payout.accept_block(key, &split, &windows, after(1)),
        pool.payout.accept_block(key, &split, &windows, after(2)),
    );
    assert_eq!(u8::from(a.unwrap()) + u8::from(b.unwrap()), 1);
    let (a, b) = tokio::join!(
        pool.payout.mature_block(key, after(3)),
        pool.payout.mature_block(key, after(4))
    );
    assert_eq!(u8::from(a.unwrap()) + u8::from(b.unwrap()), 1);
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_frozen_split_cannot_become_another() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    pool.payout
        .accept_block(&report.key, &split, &windows, after(1))
        .await
        .unwrap();
    let mut other = split.clone();
    other.chains[0].parts[0].amount += 1;
    other.chains[0].parts[1].amount -= 1;
    let error = pool
        .payout
        .accept_block(&report.key, &other, &windows, after(2))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::SplitOtherwise(_)), "{error}");
}

#[tokio::test]
async fn a_split_that_is_not_the_reward_is_refused_and_leaves_nothing() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (mut split, windows) = pool.split(&report).await;
    split.chains[0].parts[0].amount += 1;
    let error = pool
        .payout
        .accept_block(&report.key, &split, &windows, after(1))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::SplitSum { .. }), "{error}");
    assert_eq!(
        pool.web.block_state(&report.key).await.unwrap(),
        Some(BlockState::Reported)
    );
    assert!(books(&pool).await.is_empty());
}

#[tokio::test]
async fn what_cannot_happen_to_a_block_is_refused_with_its_state() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    let key = &report.key;
    let error = pool.payout.mature_block(key, after(1)).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is reported and cannot become mature"),
        "{error}"
    );
    assert!(pool.payout.restore_block(key, after(1)).await.is_err());
    // A refusal that was wrong is taken back by the chain itself.
    assert!(
        pool.payout
            .reject_block(key, "bad-txns", after(2))
            .await
            .unwrap()
    );
    assert!(
        pool.payout
            .accept_block(key, &split, &windows, after(3))
            .await
            .unwrap()
    );
    assert!(
        pool.payout
            .reject_block(key, "bad-txns", after(4))
            .await
            .is_err()
    );
    let unknown = block(2, "x").key;
    let error = pool
        .payout
        .mature_block(&unknown, after(5))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::UnknownBlock(..)), "{error}");
}

#[tokio::test]
async fn an_orphan_that_was_never_accepted_books_nothing_and_may_still_be_accepted() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    assert!(
        pool.payout
            .orphan_block(&report.key, "lost the race", after(1))
            .await
            .unwrap()
    );
    assert!(books(&pool).await.is_empty());
    assert!(
        pool.payout
            .accept_block(&report.key, &split, &windows, after(2))
            .await
            .unwrap()
    );
    assert_eq!(books(&pool).await["blocks"], report.reward.0);
}

#[tokio::test]
async fn a_report_told_again_adds_answers_and_changes_nothing_else() {
    let pool = Pool::fresh().await;
    let first = block(1, "alice");
    pool.ledger.report_block(&first, after(0)).await.unwrap();
    let mut again = block(1, "mallory");
    again.reward = Amount(1);
    again.answers = vec![answer("node-b", 4), answer("node-a", 2)];
    again.is_final = true;
    assert!(!pool.ledger.report_block(&again, after(5)).await.unwrap());
    // A repeat of the first, late, does not open it again.
    pool.ledger.report_block(&first, after(6)).await.unwrap();
    let open = pool.payout.open_blocks("LTC", Height(0)).await.unwrap();
    let open = &open[0];
    assert_eq!((open.finder.as_str(), open.reward), ("alice", first.reward));
    assert!(open.is_final);
    let nodes: Vec<_> = open
        .answers
        .iter()
        .map(|a| (a.node.as_str(), a.outcome))
        .collect();
    assert_eq!(nodes, [("node-a", 1), ("node-b", 4)]);
    assert_eq!(open.reported_at, after(0));
}

#[tokio::test]
async fn blocks_of_one_moment_are_neither_skipped_nor_shown_twice() {
    let pool = Pool::fresh().await;
    for n in 0..25 {
        let mut report = block(n, "alice");
        report.found_at = after(i64::from(n / 10));
        pool.ledger.report_block(&report, after(30)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = pool
            .web
            .blocks(&BlockFilter::default(), cursor.as_ref(), 4)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        cursor = Some(last.cursor());
        seen.extend(page.iter().map(|row| (row.found_at, row.key.hash)));
    }
    assert_eq!(seen.len(), 25);
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.reverse();
    sorted.dedup();
    assert_eq!(seen, sorted);
}

#[tokio::test]
async fn a_block_is_shown_with_everything_its_split_depends_on() {
    let pool = Pool::fresh().await;
    worked(&pool).await;
    let report = block(1, "alice");
    pool.report_and_cut(&report).await;
    let (split, windows) = pool.split(&report).await;
    pool.payout
        .accept_block(&report.key, &split, &windows, after(9))
        .await
        .unwrap();
    pool.payout.set_confirmations(&report.key, 3).await.unwrap();
    let detail = pool.web.block(&report.key).await.unwrap().unwrap();
    assert_eq!(detail.block.state, BlockState::Accepted);
    assert_eq!(detail.block.confirmations, 3);
    assert_eq!(detail.cuts.len(), 1);
    let part = &detail.parts[0];
    assert_eq!(part.sharechain, CHAIN);
    assert_eq!(part.window_work.0, 2_703);
    assert_eq!(part.payees, 3);
    // A miner recomputes his credit from the page alone.
    let credits = pool.web.block_credits(&report.key, None, 10).await.unwrap();
    let net = i128::from(part.amount.0 - part.fee.0);
    let mut floors = 0;
    for credit in &credits {
        let floor = net * i128::try_from(credit.work.0).unwrap() / 2_703;
        floors += floor;
        assert!(
            (0..=1).contains(&(i128::from(credit.amount.0) - floor)),
            "{credit:?}"
        );
    }
    assert_eq!(i128::from(part.rounding.0), net - floors);
    let first = CreditCursor {
        payee: credits[0].payee.clone(),
        sharechain: credits[0].sharechain.clone(),
    };
    let next = pool
        .web
        .block_credits(&report.key, Some(&first), 10)
        .await
        .unwrap();
    assert_eq!(next, credits[1..]);
}
