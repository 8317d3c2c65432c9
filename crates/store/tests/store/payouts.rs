//! Payouts: each booking, each refusal, repeats, and two at once.

use std::collections::BTreeMap;

use ngpool_chain::{Amount, BlockHash, Height, Txid};
use ngpool_store::{
    Account, AnchorSight, BlockState, ChainOutput, ChainSpender, CoinOrigin, Confirmation,
    FollowedBlock, ImportedPayout, ImportedVersion, NewPayout, NewVersion, OpenTask, Outpoint,
    POOL_FEE, PayeeSetting, PayoutChange, PayoutInput, PayoutKind, PayoutPart, PayoutRefusal,
    PayoutState, Spend, Store, StoreError, VoidCause,
};

use crate::support::{Journal, Pool, after, block, slice};

const K: u32 = 3;
const REWARD: i64 = 1_250_000_007;
const SCRIPT: [u8; 1] = [0x51];

/// A pool with credited blocks 1 and 2 of alice and bob, and the chain that has them.
struct Paid {
    pool: Pool,
    tip: (u32, BlockHash),
}

fn hash(height: u32, branch: u8) -> BlockHash {
    let mut bytes = [branch; 32];
    bytes[..4].copy_from_slice(&height.to_be_bytes());
    BlockHash::from_bytes(bytes)
}

fn txid(n: u8) -> Txid {
    Txid::from_bytes([n; 32])
}

fn coin(n: u32) -> PayoutInput {
    PayoutInput {
        outpoint: Outpoint {
            txid: block(n, "alice").coinbase_txid,
            vout: 0,
        },
        amount: Amount(REWARD),
        script: SCRIPT.to_vec(),
    }
}

fn part(payee: &str, amount: i64, fee_share: i64) -> PayoutPart {
    PayoutPart {
        payee: payee.to_owned(),
        script: payee.as_bytes().to_vec(),
        amount: Amount(amount),
        fee_share: Amount(fee_share),
    }
}

/// A version that spends coins, pays parts, and gives the rest back, after the parts.
fn version(inputs: &[PayoutInput], parts: &[PayoutPart], fee: i64) -> NewVersion {
    let spent: i64 = inputs.iter().map(|input| input.amount.0).sum();
    let paid: i64 = parts.iter().map(|part| part.amount.0).sum();
    NewVersion {
        fee: Amount(fee),
        psbt: Some(vec![1]),
        unsigned: format!("{inputs:?} {parts:?} {fee}").into_bytes(),
        inputs: inputs.to_vec(),
        change: vec![PayoutChange {
            vout: u32::try_from(parts.len()).unwrap(),
            amount: Amount(spent - paid - fee),
            script: SCRIPT.to_vec(),
        }],
    }
}

fn payout(inputs: &[PayoutInput], parts: &[PayoutPart], fee: i64) -> NewPayout {
    NewPayout {
        currency: "LTC".to_owned(),
        kind: PayoutKind::Payees,
        parent: None,
        anchor: inputs[0].outpoint,
        parts: parts.to_vec(),
        version: version(inputs, parts, fee),
    }
}

/// A version as a transaction of the chain.
fn on_chain(txid: Txid, version: &NewVersion, parts: &[PayoutPart]) -> ChainSpender {
    let parts = parts.iter().map(|part| (part.amount, part.script.clone()));
    let change = version
        .change
        .iter()
        .map(|change| (change.amount, change.script.clone()));
    ChainSpender {
        txid,
        inputs: version.inputs.iter().map(|input| input.outpoint).collect(),
        outputs: parts.chain(change).collect(),
    }
}

impl Paid {
    async fn new() -> Self {
        let pool = Pool::fresh().await;
        let mut journal = Journal::new(1);
        pool.store(&mut journal, vec![slice("alice", 700), slice("bob", 300)])
            .await;
        let mut paid = Self {
            pool,
            tip: (0, hash(0, 0)),
        };
        for n in 1..=2 {
            let report = block(n, "alice");
            paid.pool.report_and_cut(&report).await;
            let (split, windows) = paid.pool.split(&report).await;
            let store = &paid.pool.payout;
            store
                .accept_block(&report.key, &split, &windows, after(10))
                .await
                .unwrap();
            store.mature_block(&report.key, after(20)).await.unwrap();
            let output = ChainOutput {
                txid: report.coinbase_txid,
                vout: 0,
                amount: report.reward,
                script: SCRIPT.to_vec(),
                coinbase: true,
            };
            paid.extend(0, vec![output], vec![]).await;
        }
        for _ in 0..K {
            paid.extend(0, vec![], vec![]).await;
        }
        paid
    }

    fn store(&self) -> &Store {
        &self.pool.payout
    }

    /// One more block on a branch.
    async fn extend(
        &mut self,
        branch: u8,
        outputs: Vec<ChainOutput>,
        spenders: Vec<ChainSpender>,
    ) -> (Height, BlockHash) {
        let height = self.tip.0 + 1;
        let made = FollowedBlock {
            height: Height(height),
            hash: hash(height, branch),
            previous_hash: self.tip.1,
            time: after(i64::from(height)),
            coinbase_value: Amount(REWARD),
            spends: spenders
                .iter()
                .flat_map(|by| {
                    by.inputs.iter().map(|input| Spend {
                        txid: input.txid,
                        vout: input.vout,
                        by: by.txid,
                    })
                })
                .collect(),
            outputs: outputs
                .into_iter()
                .chain(spenders.iter().flat_map(ours))
                .collect(),
            spenders,
        };
        self.pool
            .payout
            .connect_blocks("LTC", std::slice::from_ref(&made))
            .await
            .unwrap();
        self.tip = (height, made.hash);
        (made.height, made.hash)
    }

    /// The chain loses its newest blocks.
    async fn lose(&mut self, blocks: u32) {
        for _ in 0..blocks {
            let newest = self.tip.1;
            let store = self.store();
            let before = store
                .disconnect_block("LTC", newest, after(900))
                .await
                .unwrap()
                .unwrap();
            self.tip = (before.0.0, before.1);
        }
    }

    /// Confirms a version as a transaction in a new block, `K` deep.
    async fn confirm(
        &mut self,
        number: u64,
        version: u32,
        by: &ChainSpender,
        branch: u8,
    ) -> Confirmation {
        let (height, block) = self.extend(branch, vec![], vec![by.clone()]).await;
        let confirmation = Confirmation {
            version,
            txid: by.txid,
            height,
            block,
        };
        let early = self.book(number, confirmation).await;
        assert!(matches!(
            early,
            Err(StoreError::Payout(PayoutRefusal::Shape { .. }))
        ));
        for _ in 0..K {
            self.extend(branch, vec![], vec![]).await;
        }
        assert!(self.book(number, confirmation).await.unwrap());
        assert!(!self.book(number, confirmation).await.unwrap());
        confirmation
    }

    async fn book(&self, number: u64, confirmation: Confirmation) -> Result<bool, StoreError> {
        self.store()
            .confirm_payout("LTC", number, confirmation, K, after(300))
            .await
    }

    async fn sign(&self, number: u64, version: u32, id: Txid) {
        let store = self.store();
        for is_new in [true, false] {
            let done = store
                .store_signed("LTC", number, version, id.as_bytes(), id, after(100))
                .await
                .unwrap();
            assert_eq!(done, is_new);
        }
    }

    async fn send(&self, number: u64, version: u32) -> bool {
        self.store()
            .mark_broadcast("LTC", number, version, "a has it", after(200))
            .await
            .unwrap()
    }

    async fn state(&self, number: u64) -> PayoutState {
        let payout = self.pool.web.payout("LTC", number).await.unwrap();
        payout.unwrap().state
    }

    async fn books(&self) -> BTreeMap<String, i64> {
        let wrong = self.store().books_check("LTC").await.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
        let balances = self.pool.web.account_balances("LTC").await.unwrap();
        balances
            .into_iter()
            .map(|(account, amount)| (account.to_string(), amount.0))
            .collect()
    }

    async fn balance(&self, account: Account) -> i64 {
        let books = self.books().await;
        books.get(&account.to_string()).copied().unwrap_or(0)
    }

    async fn spendable(&self) -> Vec<Outpoint> {
        let coins = self.store().spendable_outputs("LTC", K).await.unwrap();
        coins.into_iter().map(|it| it.coin.outpoint).collect()
    }
}

fn ours(by: &ChainSpender) -> Vec<ChainOutput> {
    let outputs = (0..).zip(&by.outputs);
    outputs
        .filter(|(_, (_, script))| *script == SCRIPT)
        .map(|(vout, (amount, script))| ChainOutput {
            txid: by.txid,
            vout,
            amount: *amount,
            script: script.clone(),
            coinbase: false,
        })
        .collect()
}

fn refusal(error: StoreError) -> PayoutRefusal {
    match error {
        StoreError::Payout(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn payee(name: &str) -> Account {
    Account::Payee(name.to_owned())
}

#[tokio::test]
async fn a_payout_takes_balances_and_coins_and_confirms_under_any_txid() {
    let mut paid = Paid::new().await;
    let (alice, bob) = (
        paid.balance(payee("alice")).await,
        paid.balance(payee("bob")).await,
    );
    let fee = paid.balance(Account::Fee).await;
    assert_eq!(alice + bob + fee, 2 * REWARD);
    assert_eq!(paid.spendable().await, [coin(1).outpoint, coin(2).outpoint]);
    let payable = paid.store().payable("LTC").await.unwrap();
    assert_eq!(payable[0].payee, "alice");
    assert_eq!(payable[0].first_credited, after(20));

    let parts = [part("alice", 600, 4), part("bob", 300, 2)];
    let new = payout(&[coin(1)], &parts, 10);
    let number = paid
        .store()
        .prepare_payout(&new, after(50))
        .await
        .unwrap()
        .number;
    assert_eq!(number, 1);
    let books = paid.books().await;
    assert_eq!(books["payout:1"], 906);
    assert_eq!(books["payee:alice"], alice - 604);
    assert_eq!(books["utxo:reserved"], -REWARD);
    assert_eq!(books["utxo:spendable"], -REWARD);
    assert_eq!(paid.spendable().await, [coin(2).outpoint]);
    let again = paid.store().prepare_payout(&new, after(51)).await;
    assert_eq!(
        refusal(again.unwrap_err()),
        PayoutRefusal::AnotherPrepared(1)
    );
    let open = paid.pool.web.open_request("LTC").await.unwrap().unwrap();
    let OpenTask::Sign {
        payout: row,
        version,
    } = open.task
    else {
        panic!("{open:?}")
    };
    assert_eq!((row.number, version), (1, 1));
    assert_eq!(row.parts, parts);
    assert_eq!(row.versions[0].inputs, new.version.inputs);

    paid.sign(1, 1, txid(1)).await;
    assert_eq!(paid.state(1).await, PayoutState::Signed);
    assert_eq!(paid.pool.web.open_request("LTC").await.unwrap(), None);
    let other = paid
        .store()
        .store_signed("LTC", 1, 1, b"other", txid(9), after(100))
        .await;
    assert!(matches!(
        refusal(other.unwrap_err()),
        PayoutRefusal::Otherwise { .. }
    ));
    assert!(paid.send(1, 1).await);
    assert!(!paid.send(1, 1).await);

    // A third party changed the txid.
    let by = on_chain(txid(77), &new.version, &parts);
    let confirmation = paid.confirm(1, 1, &by, 0).await;
    let books = paid.books().await;
    assert_eq!(books.get("payout:1").copied().unwrap_or(0), 0);
    assert_eq!(books.get("network_fee").copied().unwrap_or(0), 0);
    // Payees bore 6 of the fee of 10, the pool the rest.
    assert_eq!(books["fee"], fee - 4);
    assert_eq!(books["utxo:spendable"], -(2 * REWARD - 900 - 10));
    assert_eq!(books.get("utxo:reserved").copied().unwrap_or(0), 0);
    let row = paid.pool.web.payout("LTC", 1).await.unwrap().unwrap();
    assert_eq!(row.confirmed, Some(confirmation));
    let list = paid
        .pool
        .web
        .list_payouts("LTC", Some("bob"), None, 10)
        .await
        .unwrap();
    assert_eq!(list[0].txid, Some(txid(77)));
    assert_eq!((list[0].payees, list[0].amount), (2, Amount(900)));
    // Its change is no deposit, and is spendable K deep.
    let deposits = paid
        .store()
        .book_deposits("LTC", Height(paid.tip.0), |_| false, after(400))
        .await
        .unwrap();
    assert!(deposits.is_empty());
    let change = Outpoint {
        txid: txid(77),
        vout: 2,
    };
    assert_eq!(paid.spendable().await, [coin(2).outpoint, change]);
}

#[tokio::test]
async fn a_reorganisation_takes_a_confirmation_back_and_the_next_books_it_again() {
    let mut paid = Paid::new().await;
    let parts = [part("alice", 1_000_000, 0)];
    let first = payout(&[coin(1)], &parts, 10_000_000);
    paid.store()
        .prepare_payout(&first, after(50))
        .await
        .unwrap();
    paid.sign(1, 1, txid(1)).await;
    paid.send(1, 1).await;
    let dearer = version(&[coin(1), coin(2)], &parts, 20_000_000);
    for _ in 0..2 {
        let added = paid
            .store()
            .add_version("LTC", 1, &dearer, after(210))
            .await
            .unwrap();
        assert_eq!(added, 2);
    }
    let third = version(&[coin(1)], &parts, 30_000_000);
    let early = paid.store().add_version("LTC", 1, &third, after(211)).await;
    assert!(matches!(
        refusal(early.unwrap_err()),
        PayoutRefusal::Shape { .. }
    ));
    assert_eq!(paid.balance(Account::UtxoReserved).await, -2 * REWARD);
    paid.sign(1, 2, txid(2)).await;
    let before = paid.books().await;

    // The first version confirms: the coin of the second alone is free again.
    paid.confirm(1, 1, &on_chain(txid(1), &first.version, &parts), 0)
        .await;
    assert_eq!(paid.balance(Account::UtxoReserved).await, 0);
    let change = Outpoint {
        txid: txid(1),
        vout: 1,
    };
    assert_eq!(paid.spendable().await, [coin(2).outpoint, change]);

    // A later payout takes the change, and then the first is reorganised out.
    let input = PayoutInput {
        outpoint: change,
        amount: first.version.change[0].amount,
        script: SCRIPT.to_vec(),
    };
    let second_parts = [part("bob", 500, 0)];
    let second = payout(&[input], &second_parts, 100);
    paid.store()
        .prepare_payout(&second, after(350))
        .await
        .unwrap();
    assert!(
        paid.store()
            .unconfirmed_payouts("LTC")
            .await
            .unwrap()
            .is_empty()
    );
    paid.lose(K + 1).await;
    assert_eq!(paid.store().unconfirmed_payouts("LTC").await.unwrap(), [1]);
    for is_new in [true, false] {
        let done = paid
            .store()
            .unconfirm_payout("LTC", 1, after(910))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    assert_eq!(paid.state(1).await, PayoutState::Broadcast);
    let mut books = paid.books().await;
    assert_eq!(books.remove("payout:2"), Some(500));
    *books.get_mut("payee:bob").unwrap() += 500;
    assert_eq!(books, before);
    assert_eq!(
        paid.store().anchor_sight("LTC", change).await.unwrap(),
        AnchorSight::Absent
    );

    paid.sign(2, 1, txid(3)).await;

    // The second version confirms instead: what the second payout wanted never comes.
    paid.confirm(1, 2, &on_chain(txid(2), &dearer, &parts), 1)
        .await;
    let never = paid.store().never_comes("LTC", change, 8).await.unwrap();
    assert!(never.unwrap().contains("change of payout 1"));
    for is_new in [true, false] {
        let cause = VoidCause::NeverComes("never".to_owned());
        let done = paid
            .store()
            .void_payout("LTC", 2, &cause, after(920))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    assert_eq!(paid.balance(Account::UtxoReserved).await, 0);
    assert_eq!(
        paid.balance(Account::UtxoSpendable).await,
        -(2 * REWARD - 1_000_000 - 20_000_000)
    );
}

#[tokio::test]
async fn fees_that_the_pool_cannot_pay_now_are_lent_and_paid_back_later() {
    let mut paid = Paid::new().await;
    let earned = paid.balance(Account::Fee).await;
    let draw = [part(POOL_FEE, earned - 1_000, 0)];
    let drawn = payout(&[coin(1)], &draw, 3_000);
    paid.store()
        .prepare_payout(&drawn, after(50))
        .await
        .unwrap();
    assert_eq!(paid.balance(Account::Fee).await, 1_000);
    paid.sign(1, 1, txid(1)).await;
    paid.confirm(1, 1, &on_chain(txid(1), &drawn.version, &draw), 0)
        .await;
    let books = paid.books().await;
    assert_eq!(books["network_fee"], -2_000);
    assert_eq!(books.get("fee").copied().unwrap_or(0), 0);
}

#[tokio::test]
async fn a_payout_is_void_by_the_signers_word_only_before_a_signature() {
    let paid = Paid::new().await;
    let before = paid.books().await;
    let parts = [part("alice", 600, 0)];
    let new = payout(&[coin(1)], &parts, 10);
    paid.store().prepare_payout(&new, after(50)).await.unwrap();
    assert!(
        paid.store()
            .ask_void("LTC", 1, "by hand", after(60))
            .await
            .unwrap()
    );
    let open = paid.store().open_request("LTC").await.unwrap().unwrap();
    assert_eq!(open.task, OpenTask::Void { number: 1 });
    let (one, two) = tokio::join!(
        paid.store()
            .void_payout("LTC", 1, &VoidCause::Signer, after(70)),
        paid.store()
            .void_payout("LTC", 1, &VoidCause::Signer, after(70)),
    );
    assert!(one.unwrap() ^ two.unwrap());
    assert_eq!(paid.books().await, before);

    paid.store().prepare_payout(&new, after(80)).await.unwrap();
    paid.sign(2, 1, txid(1)).await;
    let refused = paid
        .store()
        .void_payout("LTC", 2, &VoidCause::Signer, after(90))
        .await;
    assert!(matches!(
        refusal(refused.unwrap_err()),
        PayoutRefusal::State { .. }
    ));
    let later = paid.store().ask_void("LTC", 2, "no", after(90)).await;
    assert!(matches!(
        refusal(later.unwrap_err()),
        PayoutRefusal::State { .. }
    ));
}

#[tokio::test]
async fn a_stranger_voids_when_he_is_deep_and_a_deeper_reorganisation_brings_the_payout_back() {
    let mut paid = Paid::new().await;
    let parts = [part("alice", 600, 0)];
    let new = payout(&[coin(1)], &parts, 10);
    paid.store().prepare_payout(&new, after(50)).await.unwrap();
    paid.sign(1, 1, txid(1)).await;
    paid.send(1, 1).await;
    let prepared = paid.books().await;
    let stranger = ChainSpender {
        txid: txid(66),
        inputs: vec![coin(1).outpoint],
        outputs: vec![(Amount(REWARD), b"his".to_vec())],
    };
    let (height, block) = paid.extend(0, vec![], vec![stranger.clone()]).await;
    let cause = VoidCause::Spent {
        txid: stranger.txid,
        height,
        block,
        depth: K,
    };
    let early = paid.store().void_payout("LTC", 1, &cause, after(60)).await;
    assert!(early.is_err());
    for _ in 0..K {
        paid.extend(0, vec![], vec![]).await;
    }
    assert!(
        paid.store()
            .void_payout("LTC", 1, &cause, after(60))
            .await
            .unwrap()
    );
    assert_eq!(paid.balance(Account::UtxoReserved).await, 0);
    assert_eq!(paid.store().void_payouts_spent("LTC").await.unwrap(), [1]);

    paid.lose(K + 1).await;
    let by = on_chain(txid(1), &new.version, &parts);
    paid.extend(1, vec![], vec![by.clone()]).await;
    for is_new in [true, false] {
        let done = paid
            .store()
            .revive_payout("LTC", 1, after(70))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    assert_eq!(paid.books().await, prepared);
    assert_eq!(paid.state(1).await, PayoutState::Broadcast);
}

#[tokio::test]
async fn a_late_orphan_is_taken_from_the_payout_that_reserved_its_coin() {
    let paid = Paid::new().await;
    let parts = [part("alice", 600, 0)];
    let new = payout(&[coin(1), coin(2)], &parts, 10);
    paid.store().prepare_payout(&new, after(50)).await.unwrap();
    let before = paid.books().await;
    let lost = block(1, "alice").key;
    paid.store()
        .orphan_block(&lost, "lost", after(60))
        .await
        .unwrap();
    let books = paid.books().await;
    assert_eq!(books["orphan_loss"], -REWARD);
    assert_eq!(books["utxo:reserved"], -REWARD);
    paid.store().restore_block(&lost, after(70)).await.unwrap();
    assert_eq!(paid.books().await, before);
    paid.store()
        .orphan_block(&lost, "lost", after(80))
        .await
        .unwrap();
    let never = paid.store().never_comes("LTC", coin(1).outpoint, 1);
    assert!(never.await.unwrap().unwrap().contains("orphaned"));
    paid.store()
        .void_payout("LTC", 1, &VoidCause::Signer, after(90))
        .await
        .unwrap();
    let books = paid.books().await;
    assert_eq!(books["utxo:spendable"], -REWARD);
    assert_eq!(paid.spendable().await, [coin(2).outpoint]);
}

/// One job solved twice makes two blocks of one coinbase, and at most one of them is on a chain.
#[tokio::test]
async fn a_coin_lives_although_another_block_with_its_coinbase_is_orphaned() {
    let paid = Paid::new().await;
    let credited = block(1, "alice");
    for first_byte in [1, 0xff] {
        let mut twin = credited.clone();
        let mut bytes = twin.key.hash.to_bytes();
        bytes[0] = first_byte;
        twin.key.hash = BlockHash::from_bytes(bytes);
        assert_ne!(twin.key, credited.key);
        paid.pool.report_and_cut(&twin).await;
        paid.store()
            .orphan_block(&twin.key, "another block is at its height", after(60))
            .await
            .unwrap();
    }
    let coin = coin(1).outpoint;
    assert_eq!(
        paid.store().never_comes("LTC", coin, 1).await.unwrap(),
        None
    );
    let view = paid.store().audit_view("LTC").await.unwrap();
    let seen = view
        .coins
        .iter()
        .find(|seen| seen.output.txid == coin.txid)
        .unwrap();
    let CoinOrigin::Block { hash, state, .. } = seen.origin else {
        panic!("{:?}", seen.origin);
    };
    assert_eq!((hash, state), (credited.key.hash, BlockState::Mature));

    // A third that is on some node's best chain for a while is one more in the books.
    let mut third = credited.clone();
    third.key.hash = BlockHash::from_bytes([3; 32]);
    paid.pool.report_and_cut(&third).await;
    let (split, windows) = paid.pool.split(&third).await;
    paid.store()
        .accept_block(&third.key, &split, &windows, after(65))
        .await
        .unwrap();
    let view = paid.store().audit_view("LTC").await.unwrap();
    let of_coin: BTreeMap<bool, BlockHash> = view
        .coins
        .iter()
        .filter(|seen| seen.output.txid == coin.txid)
        .map(|seen| match seen.origin {
            CoinOrigin::Block { hash, .. } => (seen.is_twin, hash),
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        of_coin,
        BTreeMap::from([(false, credited.key.hash), (true, third.key.hash)])
    );
    paid.store()
        .orphan_block(&third.key, "another block is at its height", after(66))
        .await
        .unwrap();

    // When all of them are gone, so is the coin.
    paid.store()
        .orphan_block(&credited.key, "lost", after(70))
        .await
        .unwrap();
    let never = paid.store().never_comes("LTC", coin, 1).await.unwrap();
    assert!(never.unwrap().contains("orphaned"));
}

#[tokio::test]
async fn a_child_spends_change_that_comes_when_its_parent_confirms() {
    let mut paid = Paid::new().await;
    let parts = [part("alice", 600, 0)];
    let parent = payout(&[coin(1)], &parts, 10);
    paid.store()
        .prepare_payout(&parent, after(50))
        .await
        .unwrap();
    paid.sign(1, 1, txid(1)).await;
    paid.send(1, 1).await;
    let change = PayoutInput {
        outpoint: Outpoint {
            txid: txid(1),
            vout: 1,
        },
        amount: parent.version.change[0].amount,
        script: SCRIPT.to_vec(),
    };
    let not_a_child = payout(std::slice::from_ref(&change), &[], 500);
    let refused = paid.store().prepare_payout(&not_a_child, after(60)).await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        PayoutRefusal::CoinNotHeld(change.outpoint)
    );
    let child = NewPayout {
        kind: PayoutKind::Child,
        parent: Some(1),
        ..not_a_child
    };
    let before = paid.books().await;
    paid.store()
        .prepare_payout(&child, after(60))
        .await
        .unwrap();
    assert_eq!(paid.books().await, before);
    paid.sign(2, 1, txid(2)).await;
    paid.send(2, 1).await;

    let both = [
        on_chain(txid(1), &parent.version, &parts),
        on_chain(txid(2), &child.version, &[]),
    ];
    let (height, block) = paid.extend(0, vec![], both.to_vec()).await;
    for _ in 0..K {
        paid.extend(0, vec![], vec![]).await;
    }
    let confirmation = |n| Confirmation {
        version: 1,
        txid: txid(n),
        height,
        block,
    };
    let early = paid.book(2, confirmation(2)).await;
    assert_eq!(
        refusal(early.unwrap_err()),
        PayoutRefusal::CoinNotHeld(change.outpoint)
    );
    assert!(paid.book(1, confirmation(1)).await.unwrap());
    assert_eq!(paid.balance(Account::UtxoReserved).await, -change.amount.0);
    assert!(paid.book(2, confirmation(2)).await.unwrap());
    assert_eq!(
        paid.balance(Account::UtxoSpendable).await,
        -(2 * REWARD - 600 - 10 - 500)
    );
    paid.lose(K + 1).await;
    for number in paid.store().unconfirmed_payouts("LTC").await.unwrap() {
        paid.store()
            .unconfirm_payout("LTC", number, after(910))
            .await
            .unwrap();
    }
    assert_eq!(paid.books().await, before);
}

#[tokio::test]
async fn what_does_not_add_up_or_is_gone_is_refused_and_changes_nothing() {
    let paid = Paid::new().await;
    let before = paid.books().await;
    let alice = paid.balance(payee("alice")).await;
    let good = [part("alice", 600, 0)];
    let mut wrong = Vec::new();
    let mut other_fee = payout(&[coin(1)], &good, 10);
    other_fee.version.fee = Amount(11);
    wrong.push(other_fee);
    wrong.push(payout(&[coin(1), coin(1)], &good, 10));
    let mut no_anchor = payout(&[coin(1)], &good, 10);
    no_anchor.anchor = coin(2).outpoint;
    wrong.push(no_anchor);
    wrong.push(payout(&[coin(1)], &[part("alice", 600, 11)], 10));
    wrong.push(payout(
        &[coin(1)],
        &[part("alice", 1, 0), part("alice", 1, 0)],
        10,
    ));
    for payout in &wrong {
        let refused = paid.store().prepare_payout(payout, after(50)).await;
        assert!(matches!(
            refusal(refused.unwrap_err()),
            PayoutRefusal::Shape { .. }
        ));
    }
    let too_much = payout(&[coin(1), coin(2)], &[part("alice", alice, 1)], 10);
    let refused = paid.store().prepare_payout(&too_much, after(50)).await;
    assert!(matches!(refused, Err(StoreError::Overdrawn(_))));
    let unknown = PayoutInput {
        outpoint: Outpoint {
            txid: txid(5),
            vout: 0,
        },
        ..coin(1)
    };
    let refused = paid
        .store()
        .prepare_payout(&payout(&[unknown], &good, 10), after(50))
        .await;
    assert!(matches!(
        refusal(refused.unwrap_err()),
        PayoutRefusal::CoinNotHeld(_)
    ));
    assert_eq!(paid.books().await, before);

    // Two at once: one of them is first.
    let (one, two) = (payout(&[coin(1)], &good, 10), payout(&[coin(2)], &good, 10));
    let (one, two) = tokio::join!(
        paid.store().prepare_payout(&one, after(50)),
        paid.store().prepare_payout(&two, after(50)),
    );
    assert!(one.is_ok() ^ two.is_ok());
    paid.sign(1, 1, txid(1)).await;
    for used in [coin(1), coin(2)] {
        let next = paid
            .store()
            .prepare_payout(&payout(&[used], &good, 10), after(60))
            .await;
        if let Err(error) = next {
            assert!(matches!(refusal(error), PayoutRefusal::CoinTaken { .. }));
        }
    }
    assert_eq!(paid.balance(Account::Payout(1)).await, 600);
    assert_eq!(paid.balance(Account::Payout(2)).await, 600);
}

fn imported(number: u64, new: &NewPayout, ids: &[u8]) -> ImportedPayout {
    ImportedPayout {
        currency: "LTC".to_owned(),
        number,
        kind: new.kind,
        parent: new.parent,
        anchor: new.anchor,
        parts: new.parts.clone(),
        is_released: false,
        versions: ids
            .iter()
            .map(|id| ImportedVersion {
                fee: new.version.fee,
                unsigned: new.version.unsigned.clone(),
                inputs: new.version.inputs.clone(),
                change: new.version.change.clone(),
                transaction: Some((txid(*id).as_bytes().to_vec(), txid(*id))),
                signed_at: after(40),
            })
            .collect(),
    }
}

#[tokio::test]
async fn what_the_signer_signed_before_a_restore_takes_the_number_back() {
    let mut paid = Paid::new().await;
    let alice = paid.balance(payee("alice")).await;
    let signed = REWARD - 100;
    let known = payout(&[coin(1)], &[part("alice", signed, 0)], 10);
    let mine = payout(
        &[coin(2)],
        &[part("alice", 500_000_000, 0), part("bob", 1, 0)],
        20,
    );

    // The signer has signed number 1 and voided number 2; the restored database made another 1.
    paid.store().prepare_payout(&mine, after(50)).await.unwrap();
    let import = imported(1, &known, &[1]);
    for is_new in [true, false] {
        let done = paid
            .store()
            .import_signed(&import, after(60))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    assert_eq!(paid.balance(payee("alice")).await, alice - signed);
    assert_eq!(paid.balance(Account::Payout(1)).await, signed);
    assert_eq!(paid.spendable().await, [coin(2).outpoint]);
    assert_eq!(paid.state(1).await, PayoutState::Signed);
    let gap = paid.store().import_void("LTC", 3, after(61)).await;
    assert!(matches!(
        refusal(gap.unwrap_err()),
        PayoutRefusal::Gap { .. }
    ));
    for is_new in [true, false] {
        let done = paid.store().import_void("LTC", 2, after(62)).await.unwrap();
        assert_eq!(done, is_new);
    }
    // Nothing that is signed gives its number up, and credits that are not there are waited for.
    let other = imported(1, &mine, &[9]);
    assert!(matches!(
        refusal(
            paid.store()
                .import_signed(&other, after(63))
                .await
                .unwrap_err()
        ),
        PayoutRefusal::Otherwise { .. }
    ));
    let later = imported(3, &mine, &[9]);
    assert!(matches!(
        paid.store().import_signed(&later, after(63)).await,
        Err(StoreError::Overdrawn(_))
    ));

    // Its change was taken for a deposit while nobody knew it.
    let by = on_chain(txid(1), &known.version, &known.parts);
    paid.confirm(1, 1, &by, 0).await;
    paid.books().await;
}

#[tokio::test]
async fn change_that_was_booked_as_a_deposit_is_booked_as_change_when_the_payout_is_known() {
    let mut paid = Paid::new().await;
    let new = payout(&[coin(1)], &[part("alice", 500, 0)], 10);
    let by = on_chain(txid(1), &new.version, &new.parts);
    let (height, block) = paid.extend(0, vec![], vec![by]).await;
    for _ in 0..K {
        paid.extend(0, vec![], vec![]).await;
    }
    let deposits = paid
        .store()
        .book_deposits("LTC", height, |_| false, after(55))
        .await
        .unwrap();
    assert_eq!(deposits.len(), 1);
    let unknown = paid.store().unknown_spends("LTC").await.unwrap();
    assert_eq!(unknown, [(coin(1).outpoint, txid(1))]);
    paid.store()
        .import_signed(&imported(1, &new, &[1]), after(60))
        .await
        .unwrap();
    assert!(paid.store().unknown_spends("LTC").await.unwrap().is_empty());
    let confirmation = Confirmation {
        version: 1,
        txid: txid(1),
        height,
        block,
    };
    assert!(paid.book(1, confirmation).await.unwrap());
    assert_eq!(paid.balance(Account::Unallocated).await, 0);
    assert_eq!(
        paid.balance(Account::UtxoSpendable).await,
        -(2 * REWARD - 510)
    );
}

#[tokio::test]
async fn settings_of_a_payee_and_answers_of_a_signer_are_kept() {
    let paid = Paid::new().await;
    let setting = PayeeSetting {
        payee: "alice".to_owned(),
        minimum: Some(Amount(5)),
        hold: Some("asked for".to_owned()),
    };
    paid.store()
        .set_payee("LTC", &setting, after(1))
        .await
        .unwrap();
    let payable = paid.store().payable("LTC").await.unwrap();
    assert_eq!(payable[0].minimum, setting.minimum);
    assert_eq!(payable[0].hold, setting.hold);

    let web = &paid.pool.web;
    for is_new in [true, false] {
        let done = web
            .receive_signer_message("LTC", b"{}", after(2))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    let position = serde_json::json!({ "payout": 2 });
    web.see_signer("LTC", 2, &position, after(2)).await.unwrap();
    // The signer has numbers that are not known here: it is asked for the first of them.
    let open = web.open_request("LTC").await.unwrap().unwrap();
    assert_eq!(open.task, OpenTask::Void { number: 1 });
    let open = paid.store().open_signer_messages("LTC", 10).await.unwrap();
    assert_eq!(open[0].body, b"{}");
    for is_new in [true, false] {
        let done = paid
            .store()
            .handle_signer_message("LTC", open[0].digest, "read", after(3))
            .await
            .unwrap();
        assert_eq!(done, is_new);
    }
    assert!(
        web.handle_signer_message("LTC", open[0].digest, "no", after(3))
            .await
            .is_err()
    );
    assert!(
        web.void_payout("LTC", 1, &VoidCause::Signer, after(3))
            .await
            .is_err()
    );
    assert_eq!(
        paid.store()
            .forget_signer_messages("LTC", after(4))
            .await
            .unwrap(),
        1
    );
}
