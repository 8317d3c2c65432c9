//! What the operator asks for by hand.

use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_store::{
    Account, ChainOutput, Deficit, Entry, FollowedBlock, OperatorRefusal, Outpoint, Store,
    StoreError, Transaction, TransactionId,
};

use crate::support::{Pool, after};

fn chain_block(n: u32, outputs: Vec<ChainOutput>) -> FollowedBlock {
    let hash = |n: u32| {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        BlockHash::from_bytes(bytes)
    };
    FollowedBlock {
        height: Height(n),
        hash: hash(n),
        previous_hash: hash(n - 1),
        time: after(i64::from(n)),
        coinbase_value: Amount(50),
        outputs,
        spends: Vec::new(),
        spenders: Vec::new(),
    }
}

async fn balance(store: &Store, account: Account) -> i64 {
    assert!(store.books_check("LTC").await.unwrap().is_empty());
    let balances = store.account_balances("LTC").await.unwrap();
    balances.get(&account).map_or(0, |amount| amount.0)
}

fn refusal(error: StoreError) -> OperatorRefusal {
    match error {
        StoreError::Operator(refusal) => refusal,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_deposit_becomes_capital_once_and_makes_good_what_is_lacking() {
    let pool = Pool::fresh().await;
    let store = &pool.payout;
    let deposit = ChainOutput {
        txid: Txid::from_bytes([3; 32]),
        vout: 1,
        amount: Amount(500),
        script: vec![0x51],
        coinbase: false,
    };
    let coin = Outpoint {
        txid: deposit.txid,
        vout: 1,
    };
    let first = chain_block(100, vec![deposit]);
    store.connect_blocks("LTC", &[first]).await.unwrap();
    let book = || store.book_capital("LTC", coin, 2, after(7));
    assert_eq!(
        refusal(book().await.unwrap_err()),
        OperatorRefusal::NoDeposit(coin),
        "not booked as a deposit yet"
    );
    let nobodys = |_: &ChainOutput| false;
    let booked = store.book_deposits("LTC", Height(100), nobodys, after(5));
    assert_eq!(booked.await.unwrap().len(), 1);
    assert_eq!(
        refusal(book().await.unwrap_err()),
        OperatorRefusal::Shallow {
            coin,
            depth: 0,
            needed: 2
        }
    );
    let more: Vec<_> = (101..103).map(|n| chain_block(n, Vec::new())).collect();
    store.connect_blocks("LTC", &more).await.unwrap();
    assert_eq!(store.unallocated_deposits("LTC").await.unwrap().len(), 1);
    assert_eq!(book().await.unwrap(), (Amount(500), true));
    assert_eq!(book().await.unwrap(), (Amount(500), false));
    assert!(store.unallocated_deposits("LTC").await.unwrap().is_empty());
    assert_eq!(balance(store, Account::Capital).await, 500);
    assert_eq!(balance(store, Account::Unallocated).await, 0);

    // Fees that nobody earned yet.
    let entries = [
        (Account::NetworkFee, -120),
        (Account::Payee("a".into()), 120),
    ];
    let owed = Transaction {
        currency: "LTC".into(),
        id: TransactionId::derive("LTC", "test", &[]),
        kind: "test".into(),
        cause: serde_json::json!({}),
        at: after(8),
        entries: entries
            .map(|(account, amount)| Entry {
                account,
                amount: Amount(amount),
            })
            .to_vec(),
    };
    assert!(store.post(&owed).await.unwrap());
    let cover = |amount: Option<i64>| {
        store.cover_deficit("LTC", Deficit::NetworkFee, amount.map(Amount), after(9))
    };
    assert_eq!(cover(Some(20)).await.unwrap(), Amount(20));
    assert_eq!(cover(Some(20)).await.unwrap(), Amount(20));
    assert_eq!(
        refusal(cover(Some(81)).await.unwrap_err()),
        OperatorRefusal::Covered {
            account: Account::NetworkFee,
            missing: Amount(80),
            asked: Amount(81)
        }
    );
    assert_eq!(cover(None).await.unwrap(), Amount(80));
    assert_eq!(cover(None).await.unwrap(), Amount(0));
    assert_eq!(
        refusal(cover(Some(0)).await.unwrap_err()),
        OperatorRefusal::Nothing
    );
    assert_eq!(balance(store, Account::Capital).await, 380);
    assert_eq!(balance(store, Account::NetworkFee).await, 0);
}

#[tokio::test]
async fn what_is_set_for_a_payee_leaves_the_rest_as_it_was() {
    let pool = Pool::fresh().await;
    let store = &pool.payout;
    let at = after(1);
    store.hold_payee("LTC", "a", "why", at).await.unwrap();
    let minimum = Some(Amount(7));
    store
        .set_payee_minimum("LTC", "a", minimum, at)
        .await
        .unwrap();
    let up_to = Some(Amount(9));
    let set = async || store.payee_settings("LTC").await.unwrap().remove(0);
    assert_eq!(set().await.hold.as_deref(), Some("why"));
    store.release_payee("LTC", "a", up_to, at).await.unwrap();
    assert_eq!(set().await.hold, None);
    assert_eq!(set().await.minimum, minimum);
    store.hold_payee("LTC", "a", "again", at).await.unwrap();
    store.set_payee_minimum("LTC", "a", None, at).await.unwrap();
    assert_eq!(set().await.minimum, None);
    assert_eq!(set().await.hold.as_deref(), Some("again"));
    assert_eq!(store.payee_releases("LTC").await.unwrap()["a"], Amount(9));
}
