//! What a cut keeps for a split, rounds, donations, and work that a reserve buys.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Work};
use ngpool_store::{
    Account, BlockReport, BoughtWork, CarriedUnits, Cut, CutTerms, Entry, PeriodClose,
    PeriodCredit, PeriodOutcome, ReserveState, StoreError, SwitchCause, Transaction, TransactionId,
    WindowQuery,
};

use crate::support::{CHAIN, Journal, Pool, after, block, slice, start, terms};

async fn cut(pool: &Pool, report: &BlockReport) -> Cut {
    let ledger = &pool.ledger;
    ledger.report_block(report, report.found_at).await.unwrap();
    ledger
        .store_cut(&report.key, CHAIN, &terms(), report.found_at)
        .await
        .unwrap()
}

fn cause() -> SwitchCause {
    SwitchCause {
        reason: "because".to_owned(),
        reserve: ReserveState::default(),
        needed: Some(Amount(7)),
    }
}

fn credit(payee: &str, amount: i64, donation: i64) -> PeriodCredit {
    PeriodCredit {
        payee: payee.to_owned(),
        work: Work(5),
        expected: 6,
        value: 7,
        amount: Amount(amount),
        donation: Amount(donation),
        carried: CarriedUnits {
            credit: u32::MAX,
            donation: 1,
        },
    }
}

fn close(number: u64, (from, to): (u64, u64), credits: Vec<PeriodCredit>) -> PeriodClose {
    PeriodClose {
        stated_fee: None,
        currency: "LTC".to_owned(),
        sharechain: CHAIN.to_owned(),
        number,
        after: from,
        to,
        subsidy: Amount(50),
        fees: Amount(1),
        fee_ppm: 20_000,
        credits,
        releasable: Amount(0),
        next_terms: serde_json::json!({ "next": number }),
    }
}

async fn fund(pool: &Pool, amount: i64) {
    let capital = Transaction {
        currency: "LTC".to_owned(),
        id: TransactionId::derive("LTC", "capital", &[&amount.to_be_bytes()]),
        kind: "capital".to_owned(),
        cause: serde_json::json!({}),
        at: start(),
        entries: vec![
            Entry {
                account: Account::UtxoSpendable,
                amount: Amount(-amount),
            },
            Entry {
                account: Account::Capital,
                amount: Amount(amount),
            },
        ],
    };
    pool.payout.post(&capital).await.unwrap();
    let funded = pool
        .payout
        .fund_reserve("LTC", Amount(amount), "first", start());
    assert!(funded.await.unwrap());
}

async fn balance(pool: &Pool, account: Account) -> i64 {
    let balances = pool.payout.account_balances("LTC").await.unwrap();
    balances.get(&account).map_or(0, |amount| amount.0)
}

#[tokio::test]
async fn a_round_begins_at_the_last_cut_below_whatever_became_of_its_block() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for _ in 0..3 {
        pool.store(&mut journal, vec![slice("alice", 10)]).await;
    }
    assert_eq!(cut(&pool, &block(1, "alice")).await.round_pos, Some(0));
    let same_place = cut(&pool, &block(2, "bob")).await;
    assert_eq!(
        same_place.round_pos,
        Some(0),
        "its own position is no round"
    );
    let orphan = block(1, "alice").key;
    pool.payout
        .orphan_block(&orphan, "gone", after(1))
        .await
        .unwrap();
    pool.store(&mut journal, vec![slice("bob", 4)]).await;
    let next = cut(&pool, &block(3, "bob")).await;
    assert_eq!(
        (next.pos, next.round_pos),
        (4, Some(3)),
        "an orphan ends a round"
    );
    let round = WindowQuery {
        after_pos: 3,
        ..WindowQuery::last(CHAIN, "LTC", 4, Work(u128::MAX))
    };
    let work = pool.payout.window(&round).await.unwrap();
    assert_eq!((work.total, work.oldest_pos), (Work(4), 4));
    assert_eq!(work.users.len(), 1);
    // The open round began at 4, the one before it at 3.
    let currencies = ["LTC".to_owned()];
    let oldest = pool.ledger.oldest_round(CHAIN, &currencies);
    assert_eq!(oldest.await.unwrap(), 4);
}

#[tokio::test]
async fn a_cut_keeps_its_terms_and_the_donations_it_knew() {
    let pool = Pool::fresh().await;
    let set = |payee: &'static str, ppm, seconds| {
        let payout = pool.payout.clone();
        async move {
            payout
                .set_donation("LTC", payee, ppm, after(seconds))
                .await
                .unwrap()
        }
    };
    assert!(set("alice", 5_000, 1).await);
    assert!(!set("alice", 5_000, 2).await, "nothing new");
    let report = block(1, "alice");
    pool.ledger.report_block(&report, start()).await.unwrap();
    let given = CutTerms {
        bonus: Some(serde_json::json!({ "share_ppm": 7 })),
        split_window_milli: Some(2_500),
        ..terms()
    };
    let stored = pool
        .ledger
        .store_cut(&report.key, CHAIN, &given, start())
        .await
        .unwrap();
    assert_eq!(stored.terms, given);
    assert!(set("alice", 0, 3).await);
    assert!(set("bob", 1_000_000, 4).await);
    let known = pool
        .payout
        .donations("LTC", stored.donations)
        .await
        .unwrap();
    assert_eq!(known, [("alice".to_owned(), 5_000)].into());
    let now = pool.payout.donation_number("LTC").await.unwrap();
    let now = pool.payout.donations("LTC", now).await.unwrap();
    assert_eq!(now, [("bob".to_owned(), 1_000_000)].into());
    let in_force = pool.web.donations_in_force("LTC").await.unwrap();
    assert_eq!((in_force[0].payee.as_str(), in_force.len()), ("bob", 1));
}

#[tokio::test]
async fn bought_work_stands_in_a_window_as_nobodys_whatever_chunks_hold_it() {
    let pool = Pool::fresh().await;
    let mut journal = Journal::new(1);
    for n in 0..100_u32 {
        let user = if n % 2 == 0 { "alice" } else { "bob" };
        pool.store(&mut journal, vec![slice(user, 10)]).await;
    }
    let bought = [(10, 40), (50, 51), (90, u64::MAX)];
    let query = WindowQuery {
        bought: &bought,
        ..WindowQuery::last(CHAIN, "LTC", 100, Work(u128::MAX))
    };
    let whole = pool.payout.window(&query).await.unwrap();
    assert_eq!((whole.total, whole.bought), (Work(1_000), Work(410)));
    let short = WindowQuery {
        length: Work(515),
        ..query
    };
    let short = pool.payout.window(&short).await.unwrap();
    assert_eq!(short.total, Work(515));
    while pool.ledger.seal(CHAIN, after(1)).await.unwrap().more {}
    let sealed = pool.payout.window(&query).await.unwrap();
    assert_eq!(sealed, whole);
    let users: u128 = sealed.users.values().map(|work| work.0).sum();
    assert_eq!(users, 590);
}

#[tokio::test]
async fn periods_are_bought_once_one_after_the_other_and_only_with_coins_that_are_there() {
    let pool = Pool::fresh().await;
    let (payout, at) = (&pool.payout, after);
    let mut journal = Journal::new(1);
    pool.store(&mut journal, vec![slice("alice", 10)]).await;
    let raced = payout
        .close_period(&close(1, (1, 1), vec![]), at(0))
        .await
        .unwrap();
    assert_eq!(raced, PeriodOutcome::Raced, "nothing is bought yet");
    let terms = serde_json::json!({});
    assert!(
        payout
            .begin_buying("LTC", CHAIN, &terms, &cause(), at(1))
            .await
            .unwrap()
    );
    assert!(
        !payout
            .begin_buying("LTC", CHAIN, &terms, &cause(), at(2))
            .await
            .unwrap()
    );
    assert_eq!(payout.pps_head("LTC", CHAIN).await.unwrap().unwrap().pos, 1);
    pool.store(&mut journal, vec![slice("alice", 10), slice("bob", 5)])
        .await;

    let dear = close(1, (1, 2), vec![credit("alice", 90, 5), credit("bob", 6, 0)]);
    let short = payout.close_period(&dear, at(3)).await.unwrap();
    assert_eq!(
        short,
        PeriodOutcome::Short {
            amount: Amount(101),
            held: Amount(0)
        }
    );
    fund(&pool, 150).await;
    let closed = payout.close_period(&dear, at(4)).await.unwrap();
    assert_eq!(
        closed,
        PeriodOutcome::Closed {
            amount: Amount(101)
        }
    );
    let again = payout.close_period(&dear, at(5)).await.unwrap();
    assert_eq!(again, PeriodOutcome::Raced);
    assert_eq!(balance(&pool, Account::PpsReserve).await, 49);
    assert_eq!(balance(&pool, Account::Payee("alice".to_owned())).await, 90);
    assert_eq!(balance(&pool, Account::Donation).await, 5);
    let carried = payout.carried("LTC", CHAIN).await.unwrap();
    assert_eq!(
        carried["bob"],
        CarriedUnits {
            credit: u32::MAX,
            donation: 1
        }
    );
    let period = pool.web.pps_period("LTC", CHAIN, 1).await.unwrap().unwrap();
    assert_eq!(period.credits.len(), 2);

    // What the operator wants waits for room, and goes with the next period.
    let asked = payout.release_reserve("LTC", CHAIN, Amount(30), "june", at(6));
    assert!(asked.await.unwrap());
    let asked = payout.release_reserve("LTC", CHAIN, Amount(30), "june", at(7));
    assert!(!asked.await.unwrap());
    let nothing = payout
        .close_period(&close(2, (2, 2), vec![]), at(8))
        .await
        .unwrap();
    assert_eq!(nothing, PeriodOutcome::Empty);
    let with_room = PeriodClose {
        releasable: Amount(30),
        ..close(2, (2, 2), vec![])
    };
    let released = payout.close_period(&with_room, at(9)).await.unwrap();
    assert_eq!(released, PeriodOutcome::Closed { amount: Amount(30) });
    assert_eq!(balance(&pool, Account::Fee).await, 30);

    // Both end here.
    assert!(
        !payout
            .end_buying("LTC", CHAIN, 1, &cause(), at(10))
            .await
            .unwrap()
    );
    assert!(
        payout
            .end_buying("LTC", CHAIN, 2, &cause(), at(10))
            .await
            .unwrap()
    );
    assert!(
        !payout
            .end_buying("LTC", CHAIN, 2, &cause(), at(11))
            .await
            .unwrap()
    );
    assert_eq!(
        payout.bought_work("LTC", CHAIN, 2).await.unwrap(),
        BoughtWork {
            ranges: vec![(1, 2)],
            is_buying: false
        }
    );
    assert_eq!(
        payout.bought_work("LTC", CHAIN, 1).await.unwrap(),
        BoughtWork {
            ranges: vec![(1, u64::MAX)],
            is_buying: true
        }
    );
    assert_eq!(payout.books_check("LTC").await.unwrap(), vec![]);
    let chains = pool.web.pps_chains(None).await.unwrap();
    assert_eq!((chains[0].switch.number, chains[0].switch.buys), (2, false));
}

#[tokio::test]
async fn two_that_close_one_period_at_once_credit_it_once() {
    let pool = Pool::fresh().await;
    fund(&pool, 1_000).await;
    let mut journal = Journal::new(1);
    let terms = serde_json::json!({});
    pool.payout
        .begin_buying("LTC", CHAIN, &terms, &cause(), start())
        .await
        .unwrap();
    pool.store(&mut journal, vec![slice("alice", 10)]).await;
    let period = close(1, (0, 1), vec![credit("alice", 700, 0)]);
    let closing = (0..6).map(|n| pool.payout.close_period(&period, moment(n)));
    let outcomes = futures::future::join_all(closing).await;
    let closed = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(PeriodOutcome::Closed { .. })))
        .count();
    assert_eq!(closed, 1, "{outcomes:?}");
    assert_eq!(balance(&pool, Account::PpsReserve).await, 300);
}

fn moment(n: u8) -> DateTime<Utc> {
    after(n.into())
}

#[tokio::test]
async fn not_even_post_overdraws_a_reserve() {
    let pool = Pool::fresh().await;
    let spend = Transaction {
        currency: "LTC".to_owned(),
        id: TransactionId([3; 32]),
        kind: "pps".to_owned(),
        cause: serde_json::json!({}),
        at: start(),
        entries: vec![
            Entry {
                account: Account::PpsReserve,
                amount: Amount(-1),
            },
            Entry {
                account: Account::Fee,
                amount: Amount(1),
            },
        ],
    };
    let error = pool.payout.post(&spend).await.unwrap_err();
    assert!(matches!(error, StoreError::Overdrawn(_)), "{error}");
}
