//! The chain as it was followed, both ways.

use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_store::{Account, ChainOutput, FollowedBlock, Spend, Store, StoreError};

use crate::support::{Pool, after, block, start};

fn hash(n: u32, branch: u8) -> BlockHash {
    let mut bytes = [branch; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    BlockHash::from_bytes(bytes)
}

fn chain_block(n: u32, branch: u8, previous: BlockHash) -> FollowedBlock {
    FollowedBlock {
        height: Height(n),
        hash: hash(n, branch),
        previous_hash: previous,
        time: after(i64::from(n)),
        coinbase_value: Amount(50),
        outputs: Vec::new(),
        spends: Vec::new(),
        spenders: Vec::new(),
    }
}

fn output(n: u8, amount: i64) -> ChainOutput {
    ChainOutput {
        txid: Txid::from_bytes([n; 32]),
        vout: 1,
        amount: Amount(amount),
        script: vec![0x51],
        coinbase: false,
    }
}

async fn connect(store: &Store, block: &FollowedBlock) -> Result<usize, StoreError> {
    store
        .connect_blocks("LTC", std::slice::from_ref(block))
        .await
}

#[tokio::test]
async fn blocks_are_followed_in_order_and_undone_from_the_tip() {
    let pool = Pool::fresh().await;
    let store = &pool.payout;
    assert_eq!(store.followed_tip("LTC").await.unwrap(), None);
    let first = chain_block(100, 0, hash(99, 0));
    let mut second = chain_block(101, 0, first.hash);
    second.outputs.push(output(1, 70));
    let mut third = chain_block(102, 0, second.hash);
    third.spends.push(Spend {
        txid: output(1, 0).txid,
        vout: 1,
        by: Txid::from_bytes([9; 32]),
    });
    for block in [&first, &second, &third] {
        assert_eq!(connect(store, block).await.unwrap(), 1);
        assert_eq!(connect(store, block).await.unwrap(), 0);
    }
    let spent = store
        .output("LTC", output(1, 0).txid, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(spent.created, Some((Height(101), second.hash)));
    assert_eq!(
        spent.spent,
        Some((Height(102), third.hash, Txid::from_bytes([9; 32])))
    );
    assert!(store.unspent_outputs("LTC").await.unwrap().is_empty());

    let gap = chain_block(105, 0, third.hash);
    let fork = chain_block(103, 0, hash(102, 7));
    for block in [gap, fork] {
        let error = connect(store, &block).await.unwrap_err();
        assert!(matches!(error, StoreError::NotContinuous { .. }), "{error}");
    }

    let tip = store
        .disconnect_block("LTC", third.hash, after(1))
        .await
        .unwrap();
    assert_eq!(tip, Some((Height(101), second.hash)));
    // Undone already: nothing more goes.
    let tip = store
        .disconnect_block("LTC", third.hash, after(1))
        .await
        .unwrap();
    assert_eq!(tip, Some((Height(101), second.hash)));
    assert_eq!(store.unspent_outputs("LTC").await.unwrap().len(), 1);
    let other = chain_block(102, 1, second.hash);
    assert_eq!(connect(store, &other).await.unwrap(), 1);
    assert_eq!(
        store.followed_at("LTC", Height(102)).await.unwrap(),
        Some(other.hash)
    );
}

#[tokio::test]
async fn a_strangers_deposit_is_booked_once_and_taken_back_with_its_block() {
    let pool = Pool::fresh().await;
    let store = &pool.payout;
    let report = block(1, "alice");
    pool.ledger.report_block(&report, start()).await.unwrap();
    let mut first = chain_block(100, 0, hash(99, 0));
    // Ours by a block that was found, change known to the caller, and a stranger's coins.
    let coinbase = ChainOutput {
        txid: report.coinbase_txid,
        vout: 0,
        amount: report.reward,
        script: vec![0x51],
        coinbase: true,
    };
    let (change, deposit) = (output(2, 30), output(3, 5));
    first.outputs = vec![coinbase, change.clone(), deposit.clone()];
    connect(store, &first).await.unwrap();
    let known = change.txid;
    let book = async |up_to: u32| {
        store
            .book_deposits(
                "LTC",
                Height(up_to),
                |output| output.txid == known,
                after(5),
            )
            .await
            .unwrap()
    };
    assert!(book(99).await.is_empty(), "not deep enough");
    assert_eq!(book(100).await, std::slice::from_ref(&deposit));
    assert!(book(100).await.is_empty());
    let balance = async || {
        assert!(store.books_check("LTC").await.unwrap().is_empty());
        let balances = store.account_balances("LTC").await.unwrap();
        balances.get(&Account::Unallocated).copied()
    };
    assert_eq!(balance().await, Some(Amount(5)));
    for _ in 0..2 {
        store
            .disconnect_block("LTC", first.hash, after(6))
            .await
            .unwrap();
        assert_eq!(balance().await, None);
        connect(store, &first).await.unwrap();
        assert_eq!(book(100).await, std::slice::from_ref(&deposit));
        assert_eq!(balance().await, Some(Amount(5)));
    }
}
