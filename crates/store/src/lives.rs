//! The life of a block in the books.
//!
//! ```text
//!  reported ──accept──▶ accepted ──mature──▶ mature
//!     │  ▲                 │  ▲                │  ▲
//!     ▼  │          orphan ▼  │ restore  orphan▼  │ restore
//!  rejected              orphaned            orphaned
//! ```
//!
//! Each step is one transaction of the database, locks the block first, and does nothing when it was
//! done before: it may be killed and repeated, and two may run at once.

mod frozen;
mod open;

use chrono::{DateTime, Utc};
use ngpool_accounting::BlockSplit;
use ngpool_chain::{Amount, Txid, Work};
use serde_json::json;
use sqlx::{PgConnection, Row};

use self::frozen::{check_frozen, freeze};
pub use self::open::OpenBlock;
use crate::{
    Account, BlockKey, BlockState, Entry, Store, StoreError, Transaction, TransactionId,
    books::post,
    follow::lock_follower,
    numeric::to_txid,
    payouts::{came, gone},
};

/// The window behind one sharechain's part of a split, for the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowAudit {
    /// The sharechain.
    pub sharechain: String,
    /// Length of the method's window.
    pub length: Work,
    /// What of it was filled.
    pub work: Work,
    /// What of that the reserve bought.
    pub bought: Work,
    /// The oldest position it looked at.
    pub oldest_pos: u64,
}

/// What the steps need of a block they locked.
struct Locked {
    height: i64,
    state: BlockState,
    reward: i64,
    coinbase: Txid,
    orphaned: i32,
    was_accepted: bool,
    was_mature: bool,
}

impl Store {
    /// A block is on a best chain: freezes its split and posts the pair utxo:coinbase / block. From
    /// reported, or from rejected or orphaned when that was wrong and it was never accepted before.
    /// Returns whether anything changed; the same split again changes nothing.
    pub async fn accept_block(
        &self,
        block: &BlockKey,
        split: &BlockSplit,
        windows: &[WindowAudit],
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let locked = lock(&mut tx, block).await?;
        if locked.was_accepted {
            check_frozen(&mut tx, block, split).await?;
            return match locked.state {
                BlockState::Accepted | BlockState::Mature => Ok(false),
                state => Err(wrong_state(block, state, BlockState::Accepted)),
            };
        }
        freeze(&mut tx, block, locked.reward, split, windows, at).await?;
        let movement = pair(
            Account::UtxoCoinbase,
            Account::Block(block.hash),
            locked.reward,
        )?;
        post_step(&mut tx, block, &locked, "accept", movement, at).await?;
        move_to(&mut tx, block, BlockState::Accepted, "", at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A block has its confirmations: posts its reward to the payees and the fee. Returns whether
    /// anything changed.
    pub async fn mature_block(
        &self,
        block: &BlockKey,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let locked = lock(&mut tx, block).await?;
        match locked.state {
            BlockState::Mature => return Ok(false),
            BlockState::Accepted => {}
            state => return Err(wrong_state(block, state, BlockState::Mature)),
        }
        let mut entries = Vec::new();
        let rows = sqlx::query(
            "SELECT payee, sum(amount)::bigint AS amount FROM block_credit
             WHERE currency = $1 AND hash = $2 GROUP BY payee HAVING sum(amount) > 0",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_all(&mut *tx)
        .await?;
        for row in &rows {
            entries.push(Entry {
                account: Account::Payee(row.try_get("payee")?),
                amount: Amount(row.try_get("amount")?),
            });
        }
        let pools = sqlx::query(
            "SELECT coalesce(sum(fee), 0)::bigint AS fee,
                    coalesce(sum(donation), 0)::bigint AS donation,
                    coalesce(sum(reserve), 0)::bigint AS reserve
             FROM block_part WHERE currency = $1 AND hash = $2",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_one(&mut *tx)
        .await?;
        for (column, account) in [
            ("fee", Account::Fee),
            ("donation", Account::Donation),
            ("reserve", Account::PpsReserve),
        ] {
            let amount: i64 = pools.try_get(column)?;
            if amount > 0 {
                entries.push(Entry {
                    account,
                    amount: Amount(amount),
                });
            }
        }
        if locked.reward > 0 {
            let reward = Amount(locked.reward);
            let gave = Amount(negative(locked.reward)?);
            entries.push(Entry {
                account: Account::Block(block.hash),
                amount: gave,
            });
            entries.push(Entry {
                account: Account::UtxoCoinbase,
                amount: reward,
            });
            entries.extend(came(&mut tx, &block.currency, locked.coinbase, None, reward).await?);
        }
        post_step(&mut tx, block, &locked, "mature", entries, at).await?;
        move_to(&mut tx, block, BlockState::Mature, "", at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Another block is at its height for good. Accepted: the pair is taken back. Mature: the loss is
    /// the pool's, booked to `orphan_loss`; the payees keep what they were credited. Returns whether
    /// anything changed.
    pub async fn orphan_block(
        &self,
        block: &BlockKey,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let mut locked = lock(&mut tx, block).await?;
        locked.orphaned += 1;
        match locked.state {
            BlockState::Orphaned => return Ok(false),
            BlockState::Reported | BlockState::Rejected => {}
            BlockState::Accepted => {
                let back = pair(
                    Account::Block(block.hash),
                    Account::UtxoCoinbase,
                    locked.reward,
                )?;
                post_step(&mut tx, block, &locked, "orphan", back, at).await?;
            }
            BlockState::Mature => {
                let reward = Amount(locked.reward);
                let mut loss =
                    gone(&mut tx, &block.currency, locked.coinbase, None, reward).await?;
                loss.extend(single(Account::OrphanLoss, negative(locked.reward)?));
                post_step(&mut tx, block, &locked, "late_orphan", loss, at).await?;
            }
        }
        sqlx::query(
            // An orphan is asked about no more: nothing after this sets its confirmations.
            "UPDATE block SET orphaned = $3, confirmations = 0 WHERE currency = $1 AND hash = $2",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .bind(locked.orphaned)
        .execute(&mut *tx)
        .await?;
        move_to(&mut tx, block, BlockState::Orphaned, reason, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// An orphaned block that was accepted once is ours again: the orphan's posting is taken back, with
    /// the split as it was frozen. Returns whether anything changed. One that was never accepted is
    /// accepted instead.
    pub async fn restore_block(
        &self,
        block: &BlockKey,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let locked = lock(&mut tx, block).await?;
        let to = if locked.was_mature {
            BlockState::Mature
        } else {
            BlockState::Accepted
        };
        match locked.state {
            BlockState::Orphaned if locked.was_accepted => {}
            BlockState::Accepted | BlockState::Mature => return Ok(false),
            state => return Err(wrong_state(block, state, to)),
        }
        let (kind, entries) = if locked.was_mature {
            let reward = Amount(locked.reward);
            let mut back = came(&mut tx, &block.currency, locked.coinbase, None, reward).await?;
            back.extend(single(Account::OrphanLoss, locked.reward));
            ("late_restore", back)
        } else {
            (
                "restore",
                pair(
                    Account::UtxoCoinbase,
                    Account::Block(block.hash),
                    locked.reward,
                )?,
            )
        };
        post_step(&mut tx, block, &locked, kind, entries, at).await?;
        move_to(&mut tx, block, to, "", at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Every node refused a block. Returns whether anything changed.
    pub async fn reject_block(
        &self,
        block: &BlockKey,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let locked = lock(&mut tx, block).await?;
        match locked.state {
            BlockState::Rejected => return Ok(false),
            BlockState::Reported => {}
            state => return Err(wrong_state(block, state, BlockState::Rejected)),
        }
        move_to(&mut tx, block, BlockState::Rejected, reason, at).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Takes the follower's lock before the block's: a payout may have taken the block's coin.
async fn lock(connection: &mut PgConnection, block: &BlockKey) -> Result<Locked, StoreError> {
    lock_follower(connection, &block.currency).await?;
    let row = sqlx::query(
        "SELECT height, state, reward, coinbase_txid, orphaned, accepted_at IS NOT NULL AS was_accepted,
                matured_at IS NOT NULL AS was_mature
         FROM block WHERE currency = $1 AND hash = $2 FOR NO KEY UPDATE",
    )
    .bind(&block.currency)
    .bind(block.hash.as_bytes().as_slice())
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| StoreError::UnknownBlock(block.currency.clone(), block.hash))?;
    Ok(Locked {
        height: row.try_get("height")?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        reward: row.try_get("reward")?,
        coinbase: to_txid(row.try_get("coinbase_txid")?)?,
        orphaned: row.try_get("orphaned")?,
        was_accepted: row.try_get("was_accepted")?,
        was_mature: row.try_get("was_mature")?,
    })
}

fn wrong_state(block: &BlockKey, state: BlockState, wanted: BlockState) -> StoreError {
    StoreError::BlockState {
        hash: block.hash,
        state,
        wanted,
    }
}

fn negative(amount: i64) -> Result<i64, StoreError> {
    amount
        .checked_neg()
        .ok_or(StoreError::TooLarge("an amount"))
}

/// An entry; none of nothing.
fn single(account: Account, amount: i64) -> Option<Entry> {
    (amount != 0).then_some(Entry {
        account,
        amount: Amount(amount),
    })
}

/// Moves an amount from one account to another; nothing when there is nothing to move.
fn pair(from: Account, to: Account, amount: i64) -> Result<Vec<Entry>, StoreError> {
    if amount == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![
        Entry {
            account: from,
            amount: Amount(negative(amount)?),
        },
        Entry {
            account: to,
            amount: Amount(amount),
        },
    ])
}

/// Posts a step in the life of a block. The turn, how often it was orphaned, makes the id.
async fn post_step(
    connection: &mut PgConnection,
    block: &BlockKey,
    locked: &Locked,
    kind: &str,
    entries: Vec<Entry>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let turn = u64::try_from(locked.orphaned).unwrap_or_default();
    let parts: [&[u8]; 2] = [block.hash.as_bytes(), &turn.to_be_bytes()];
    let transaction = Transaction {
        currency: block.currency.clone(),
        id: TransactionId::derive(&block.currency, kind, &parts),
        kind: kind.to_owned(),
        cause: json!({ "block": block.hash, "height": locked.height, "turn": turn }),
        at,
        entries,
    };
    post(connection, &transaction).await?;
    Ok(())
}

async fn move_to(
    connection: &mut PgConnection,
    block: &BlockKey,
    state: BlockState,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE block SET state = $3, state_reason = $4, state_at = $5,
             accepted_at = CASE WHEN $3 = 'accepted' THEN coalesce(accepted_at, $5) ELSE accepted_at END,
             matured_at = CASE WHEN $3 = 'mature' THEN coalesce(matured_at, $5) ELSE matured_at END
         WHERE currency = $1 AND hash = $2",
    )
    .bind(&block.currency)
    .bind(block.hash.as_bytes().as_slice())
    .bind(state.as_str())
    .bind(reason)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}
