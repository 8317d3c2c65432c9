//! What a payee sees, and the chain of statements.

use ngpool_chain::{Amount, BlockHash};
use ngpool_store::{BlockState, SignedStatement, StatementSubject, StoreError};

use crate::support::{CHAIN, Journal, Pool, after, block, slice};

/// Four blocks: two mature, one immature, one orphaned.
async fn paid(pool: &Pool) {
    let mut journal = Journal::new(1);
    pool.store(&mut journal, vec![slice("alice", 700), slice("bob", 300)])
        .await;
    for n in 1..=4 {
        let mut report = block(n, "alice");
        // All found in one moment.
        report.found_at = after(0);
        pool.report_and_cut(&report).await;
        let (split, windows) = pool.split(&report).await;
        pool.payout
            .accept_block(&report.key, &split, &windows, after(10))
            .await
            .unwrap();
        match n {
            1 | 2 => {
                pool.payout
                    .mature_block(&report.key, after(20))
                    .await
                    .unwrap();
            }
            4 => {
                pool.payout
                    .orphan_block(&report.key, "lost", after(20))
                    .await
                    .unwrap();
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_payee_sees_his_balances_credits_and_entries() {
    let pool = Pool::fresh().await;
    paid(&pool).await;
    let balances = pool.web.payee_balances("bob").await.unwrap();
    assert_eq!(balances.len(), 1);
    let balance = &balances[0];
    // 30 % of what the fee of 1 % leaves of 1,250,000,007.
    let part = Amount(371_250_002);
    assert_eq!(balance.immature, part);
    assert_eq!(balance.balance, Amount(part.0 * 2));
    assert_eq!((balance.held, balance.paid), (Amount::ZERO, Amount::ZERO));

    let mut credits = Vec::new();
    let mut cursor = None;
    loop {
        let page = pool
            .web
            .payee_credits("bob", Some("LTC"), cursor.as_ref(), 1)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        cursor = Some(last.cursor());
        credits.extend(page);
    }
    let states: Vec<_> = credits
        .iter()
        .map(|credit| (credit.height.0, credit.state))
        .collect();
    let expected = [
        (4, BlockState::Orphaned),
        (3, BlockState::Accepted),
        (2, BlockState::Mature),
        (1, BlockState::Mature),
    ];
    assert_eq!(states, expected);
    assert!(
        credits
            .iter()
            .all(|credit| credit.amount == part && credit.work.0 == 300)
    );

    let mut entries = Vec::new();
    let mut cursor = None;
    loop {
        let page = pool
            .web
            .payee_entries("bob", "LTC", cursor.as_ref(), 1)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        cursor = Some(last.cursor());
        entries.extend(page);
    }
    assert_eq!(entries.len(), 2);
    assert!(
        entries
            .iter()
            .all(|entry| entry.kind == "mature" && entry.amount == part)
    );
    let hash = entries[0].cause["block"]
        .as_str()
        .unwrap()
        .parse::<BlockHash>()
        .unwrap();
    assert!(
        [1, 2].contains(
            &credits
                .iter()
                .find(|c| c.block.hash == hash)
                .unwrap()
                .height
                .0
        )
    );
    assert!(pool.web.payee_balances("nobody").await.unwrap().is_empty());
}

fn statement(seq: u64, previous: [u8; 32], block: BlockHash) -> SignedStatement {
    SignedStatement {
        currency: "LTC".to_owned(),
        sharechain: CHAIN.to_owned(),
        seq,
        previous,
        digest: [u8::try_from(seq).unwrap(); 32],
        body: vec![1, 2, 3],
        signature: [9; 64],
        key: [8; 32],
        subject: StatementSubject::Block(block),
        signed_at: after(30),
    }
}

#[tokio::test]
async fn statements_are_a_chain_without_gaps_forks_or_repeats() {
    let pool = Pool::fresh().await;
    paid(&pool).await;
    let unstated = pool.payout.unstated_parts("LTC").await.unwrap();
    let blocks: Vec<BlockHash> = unstated
        .iter()
        .map(|(subject, _)| match subject {
            StatementSubject::Block(hash) => *hash,
            StatementSubject::Period(period) => panic!("period {period}"),
        })
        .collect();
    assert_eq!(blocks, [block(1, "").key.hash, block(2, "").key.hash]);
    let first = statement(1, [0; 32], blocks[0]);
    assert!(pool.payout.append_statement(&first).await.unwrap());
    assert!(
        !pool.payout.append_statement(&first).await.unwrap(),
        "a repeat"
    );
    let fork = SignedStatement {
        digest: [77; 32],
        ..first.clone()
    };
    let gap = statement(3, first.digest, blocks[1]);
    let torn = statement(2, [5; 32], blocks[1]);
    for wrong in [fork, gap, torn] {
        let error = pool.payout.append_statement(&wrong).await.unwrap_err();
        assert!(
            matches!(error, StoreError::StatementChain { .. }),
            "{error}"
        );
    }
    // A block is stated once.
    assert!(
        pool.payout
            .append_statement(&statement(2, first.digest, blocks[0]))
            .await
            .is_err()
    );
    let second = statement(2, first.digest, blocks[1]);
    let (a, b) = tokio::join!(
        pool.payout.append_statement(&second),
        pool.payout.append_statement(&second)
    );
    assert_eq!(u8::from(a.unwrap()) + u8::from(b.unwrap()), 1);
    assert!(pool.payout.unstated_parts("LTC").await.unwrap().is_empty());
    assert_eq!(
        pool.web.last_statement("LTC", CHAIN).await.unwrap(),
        Some(second.clone())
    );
    assert_eq!(
        pool.web.statements("LTC", CHAIN, 1, 10).await.unwrap(),
        [second]
    );
    let of_block = pool
        .web
        .statements_of_block(&block(1, "").key)
        .await
        .unwrap();
    assert_eq!(of_block, [first]);
}
