//! The books refuse what is not a movement.

use std::{sync::Arc, time::Instant};

use ngpool_chain::Amount;
use ngpool_store::{Account, Entry, StoreError, Transaction, TransactionId};

use crate::support::{Pool, start};

fn movement(name: &str, entries: &[(Account, i64)]) -> Transaction {
    Transaction {
        currency: "LTC".to_owned(),
        id: TransactionId::derive("LTC", "test", &[name.as_bytes()]),
        kind: "test".to_owned(),
        cause: serde_json::json!({ "name": name }),
        at: start(),
        entries: entries
            .iter()
            .map(|(account, amount)| Entry {
                account: account.clone(),
                amount: Amount(*amount),
            })
            .collect(),
    }
}

fn payee(name: &str) -> Account {
    Account::Payee(name.to_owned())
}

#[tokio::test]
async fn entries_must_sum_to_zero() {
    let pool = Pool::fresh().await;
    for entries in [
        vec![(Account::UtxoSpendable, -5), (payee("a"), 4)],
        vec![(payee("a"), 4), (payee("b"), 4)],
    ] {
        let error = pool
            .payout
            .post(&movement("bad", &entries))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Unbalanced(_)), "{error}");
    }
    for entries in [vec![], vec![(payee("a"), 0), (payee("b"), 0)]] {
        assert!(pool.payout.post(&movement("bad", &entries)).await.is_err());
    }
    assert!(
        pool.payout
            .account_balances("LTC")
            .await
            .unwrap()
            .is_empty()
    );
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_account_that_is_none_is_refused() {
    let pool = Pool::fresh().await;
    let mut connection = pool.connect("payout").await;
    for account in [
        "pocket",
        "payee:",
        "utxo:mine",
        "block:xyz",
        "payout:-1",
        "Fee",
    ] {
        let result = sqlx::query(
            "SELECT post('LTC', decode(repeat('00', 32), 'hex'), 'k', '{}', now(), $1, '{-5,5}')",
        )
        .bind(vec!["utxo:spendable", account])
        .execute(&mut connection)
        .await;
        assert!(result.is_err(), "{account}");
    }
}

#[tokio::test]
async fn the_same_transaction_again_is_nothing_and_another_under_its_id_is_refused() {
    let pool = Pool::fresh().await;
    let entries = [
        (Account::UtxoSpendable, -9),
        (payee("a"), 4),
        (payee("b"), 5),
    ];
    let first = movement("one", &entries);
    assert!(pool.payout.post(&first).await.unwrap());
    let mut shuffled = first.clone();
    shuffled.entries.reverse();
    assert!(!pool.payout.post(&shuffled).await.unwrap());
    let other = movement("one", &[(Account::UtxoSpendable, -9), (payee("a"), 9)]);
    let error = pool.payout.post(&other).await.unwrap_err();
    assert!(matches!(error, StoreError::PostedOtherwise(_)), "{error}");
    let balances = pool.payout.account_balances("LTC").await.unwrap();
    assert_eq!(balances[&payee("a")], Amount(4));
}

#[tokio::test]
async fn two_concurrent_spends_of_one_balance_do_not_both_pass() {
    let pool = Pool::fresh().await;
    let deposit = movement("in", &[(Account::UtxoSpendable, -100), (payee("a"), 100)]);
    pool.payout.post(&deposit).await.unwrap();
    let store = Arc::new(pool.payout.clone());
    let spends: Vec<_> = (0..8_u64)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let spend = movement(
                    &format!("out{n}"),
                    &[(payee("a"), -60), (payee(&format!("b{n}")), 60)],
                );
                store.post(&spend).await
            })
        })
        .collect();
    let mut passed = 0;
    for spend in spends {
        match spend.await.unwrap() {
            Ok(new) => {
                assert!(new);
                passed += 1;
            }
            Err(StoreError::Overdrawn(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(passed, 1);
    let balances = pool.payout.account_balances("LTC").await.unwrap();
    assert_eq!(balances[&payee("a")], Amount(40));
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
}

#[tokio::test]
async fn one_id_posted_by_many_at_once_is_posted_once() {
    let pool = Pool::fresh().await;
    let posts: Vec<_> = (0..8)
        .map(|_| {
            let store = pool.payout.clone();
            tokio::spawn(async move {
                let entries = [(Account::UtxoSpendable, -3), (payee("a"), 3)];
                store.post(&movement("same", &entries)).await.unwrap()
            })
        })
        .collect();
    let mut new = 0;
    for post in posts {
        new += u32::from(post.await.unwrap());
    }
    assert_eq!(new, 1);
}

#[tokio::test]
async fn crossing_transactions_never_wait_for_each_other_for_ever() {
    let pool = Pool::fresh().await;
    let names = ["a", "b", "c", "d"];
    let mut all: Vec<(Account, i64)> = names.iter().map(|name| (payee(name), 1_000)).collect();
    all.push((Account::UtxoSpendable, -4_000));
    pool.payout.post(&movement("in", &all)).await.unwrap();
    let posts: Vec<_> = (0..40_usize)
        .map(|n| {
            let store = pool.payout.clone();
            tokio::spawn(async move {
                let (from, to) = (names[n % 4], names[(n + 1 + n / 4 % 3) % 4]);
                let entries = [(payee(from), -1), (payee(to), 1)];
                store
                    .post(&movement(&format!("x{n}"), &entries))
                    .await
                    .unwrap();
            })
        })
        .collect();
    for post in posts {
        post.await.unwrap();
    }
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
}

#[tokio::test]
async fn ten_thousand_credits_are_one_posting() {
    let pool = Pool::fresh().await;
    let mut entries: Vec<(Account, i64)> = (0..10_000_i64)
        .map(|n| (payee(&format!("payee{n}")), n + 1))
        .collect();
    let sum: i64 = entries.iter().map(|(_, amount)| amount).sum();
    entries.push((Account::UtxoSpendable, -sum));
    let begin = Instant::now();
    pool.payout.post(&movement("many", &entries)).await.unwrap();
    println!("10,000 credits in {:?}", begin.elapsed());
    assert!(pool.payout.books_check("LTC").await.unwrap().is_empty());
}

#[tokio::test]
async fn damaged_books_are_told_by_the_check() {
    let pool = Pool::fresh().await;
    let entries = [(Account::UtxoSpendable, -9), (payee("a"), 9)];
    pool.payout.post(&movement("one", &entries)).await.unwrap();
    let mut owner = pool.connect("postgres").await;
    sqlx::raw_sql("UPDATE balance SET amount = 8 WHERE account = 'payee:a'")
        .execute(&mut owner)
        .await
        .unwrap();
    let wrong = pool.web.books_check("LTC").await.unwrap();
    assert_eq!(wrong.len(), 1);
    assert_eq!(
        (wrong[0].what.as_str(), wrong[0].name.as_str()),
        ("balance", "payee:a")
    );
    assert_eq!(wrong[0].off_by, "-1");
}

#[test]
fn every_account_reads_back_from_its_name() {
    let hash = ngpool_chain::BlockHash::from_bytes([3; 32]);
    for account in [
        Account::UtxoCoinbase,
        Account::UtxoReserved,
        Account::Block(hash),
        payee("ltc1qxyz"),
        Account::PayeeHeld("ltc1qxyz".to_owned()),
        Account::Payout(7),
        Account::OrphanLoss,
        Account::PpsReserve,
    ] {
        assert_eq!(account.to_string().parse::<Account>().unwrap(), account);
    }
}
