//! A payee: balances, credits, every entry of his account.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, Work};
use sqlx::{Row, postgres::PgRow};

use super::blocks::BlockCursor;
use crate::{
    BlockKey, BlockState, Store, StoreError, TransactionId,
    numeric::{Numeric, to_array, to_block_hash, to_u32},
};

/// What a payee has in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeBalance {
    /// Code of the currency.
    pub currency: String,
    /// Credited for blocks that are accepted and not mature.
    pub immature: Amount,
    /// Can be paid out.
    pub balance: Amount,
    /// His and held back.
    pub held: Amount,
    /// Paid out, or on the way.
    pub paid: Amount,
}

/// A credit of a payee for a block, whatever became of the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeCredit {
    /// The block.
    pub block: BlockKey,
    /// Its height.
    pub height: Height,
    /// When it was solved.
    pub found_at: DateTime<Utc>,
    /// Its state.
    pub state: BlockState,
    /// His work in the windows, over all sharechains.
    pub work: Work,
    /// His amount.
    pub amount: Amount,
}

impl PayeeCredit {
    /// The key after which the next page begins.
    pub fn cursor(&self) -> BlockCursor {
        BlockCursor {
            found_at: self.found_at,
            key: self.block.clone(),
        }
    }
}

/// An entry of a payee's account.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryRow {
    /// When.
    pub at: DateTime<Utc>,
    /// The transaction.
    pub transaction: TransactionId,
    /// Its kind.
    pub kind: String,
    /// What caused it.
    pub cause: serde_json::Value,
    /// What the account gained.
    pub amount: Amount,
}

impl EntryRow {
    /// The key after which the next page begins.
    pub fn cursor(&self) -> EntryCursor {
        EntryCursor {
            at: self.at,
            transaction: self.transaction,
        }
    }
}

/// Key of an entry in the list of a payee: the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryCursor {
    /// When.
    pub at: DateTime<Utc>,
    /// The transaction.
    pub transaction: TransactionId,
}

impl Store {
    /// What a payee has, in each currency in which he has or had anything.
    pub async fn payee_balances(&self, payee: &str) -> Result<Vec<PayeeBalance>, StoreError> {
        let rows = sqlx::query(
            "WITH immature AS (
                 SELECT b.currency, sum(c.amount)::bigint AS amount
                 FROM block b JOIN block_credit c ON c.currency = b.currency AND c.hash = b.hash
                 WHERE b.state = 'accepted' AND c.payee = $1 GROUP BY b.currency),
             held AS (SELECT currency, amount FROM balance WHERE account = 'payee:' || $1 || ':held'),
             free AS (SELECT currency, amount FROM balance WHERE account = 'payee:' || $1),
             paid AS (
                 SELECT e.currency, -sum(e.amount)::bigint AS amount
                 FROM book_entry e JOIN book_transaction t USING (currency, id)
                 WHERE e.account = 'payee:' || $1 AND t.kind LIKE 'payout%' GROUP BY e.currency)
             SELECT c.code AS currency, coalesce(i.amount, 0) AS immature,
                    coalesce(f.amount, 0) AS balance, coalesce(h.amount, 0) AS held,
                    coalesce(p.amount, 0) AS paid
             FROM currency c
             LEFT JOIN immature i ON i.currency = c.code LEFT JOIN held h ON h.currency = c.code
             LEFT JOIN free f ON f.currency = c.code LEFT JOIN paid p ON p.currency = c.code
             WHERE coalesce(i.amount, h.amount, f.amount, p.amount) IS NOT NULL
             ORDER BY c.code",
        )
        .bind(payee)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PayeeBalance {
                    currency: row.try_get("currency")?,
                    immature: Amount(row.try_get("immature")?),
                    balance: Amount(row.try_get("balance")?),
                    held: Amount(row.try_get("held")?),
                    paid: Amount(row.try_get("paid")?),
                })
            })
            .collect()
    }

    /// What a payee was credited, block by block, the newest first.
    pub async fn payee_credits(
        &self,
        payee: &str,
        currency: Option<&str>,
        after: Option<&BlockCursor>,
        limit: u32,
    ) -> Result<Vec<PayeeCredit>, StoreError> {
        let rows = sqlx::query(
            "SELECT b.currency, b.hash, b.height, b.found_at, b.state, c.work, c.amount
             FROM (SELECT currency, hash, sum(work) AS work, sum(amount)::bigint AS amount
                   FROM block_credit WHERE payee = $1 AND ($2::text IS NULL OR currency = $2)
                   GROUP BY currency, hash) c
             JOIN block b USING (currency, hash)
             WHERE $3::timestamptz IS NULL OR (b.found_at, b.currency, b.hash) < ($3, $4, $5)
             ORDER BY b.found_at DESC, b.currency DESC, b.hash DESC LIMIT $6",
        )
        .bind(payee)
        .bind(currency)
        .bind(after.map(|after| after.found_at))
        .bind(after.map(|after| after.key.currency.as_str()))
        .bind(after.map(|after| after.key.hash.as_bytes().as_slice()))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_credit).collect()
    }

    /// Every entry of a payee's account in a currency, the newest first.
    pub async fn payee_entries(
        &self,
        payee: &str,
        currency: &str,
        after: Option<&EntryCursor>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.posted_at, t.id, t.kind, t.cause, e.amount
             FROM book_entry e JOIN book_transaction t USING (currency, id)
             WHERE e.currency = $1 AND e.account = 'payee:' || $2
               AND ($3::timestamptz IS NULL OR (t.posted_at, t.id) < ($3, $4))
             ORDER BY t.posted_at DESC, t.id DESC LIMIT $5",
        )
        .bind(currency)
        .bind(payee)
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.transaction.0.as_slice()))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(EntryRow {
                    at: row.try_get("posted_at")?,
                    transaction: TransactionId(to_array(row.try_get("id")?, "an id")?),
                    kind: row.try_get("kind")?,
                    cause: row.try_get("cause")?,
                    amount: Amount(row.try_get("amount")?),
                })
            })
            .collect()
    }
}

fn read_credit(row: &PgRow) -> Result<PayeeCredit, StoreError> {
    let hash: BlockHash = to_block_hash(row.try_get("hash")?)?;
    Ok(PayeeCredit {
        block: BlockKey {
            currency: row.try_get("currency")?,
            hash,
        },
        height: Height(to_u32(row.try_get("height")?, "a height")?),
        found_at: row.try_get("found_at")?,
        state: row.try_get::<&str, _>("state")?.parse()?,
        work: row.try_get::<Numeric, _>("work")?.into(),
        amount: Amount(row.try_get("amount")?),
    })
}
