//! A payee's account over a time, as a bank states one: opening balance, entries, closing balance.

use chrono::{DateTime, Utc};
use ngpool_chain::Amount;
use sqlx::{Row, postgres::PgRow};

use crate::{Store, StoreError, TransactionId, numeric::to_array};

/// What a payee holds at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holdings {
    /// Can be paid out.
    pub balance: Amount,
    /// His and held back.
    pub held: Amount,
}

/// A period: its start is included, its end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Start.
    pub from: DateTime<Utc>,
    /// End.
    pub to: DateTime<Utc>,
}

/// One entry of a payee's account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountLine {
    /// When it was posted.
    pub at: DateTime<Utc>,
    /// The transaction.
    pub transaction: TransactionId,
    /// Its kind.
    pub kind: String,
    /// What caused it.
    pub cause: serde_json::Value,
    /// Whether it is about what is held back.
    pub is_held: bool,
    /// What the account gained.
    pub amount: Amount,
    /// What it held after it.
    pub after: Amount,
}

/// Key of an entry in the statement of an account: the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCursor {
    /// When.
    pub at: DateTime<Utc>,
    /// The transaction.
    pub transaction: TransactionId,
    /// Which of the two accounts.
    pub is_held: bool,
}

/// A page of the statement of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountPage {
    /// Before the period.
    pub opening: Holdings,
    /// After it.
    pub closing: Holdings,
    /// Entries, the oldest first.
    pub lines: Vec<AccountLine>,
}

impl Store {
    /// A payee's account in a currency over a period: entries after a cursor, with what the account
    /// held before and after the whole period.
    pub async fn account_page(
        &self,
        payee: &str,
        currency: &str,
        period: Period,
        after: Option<&LineCursor>,
        limit: u32,
    ) -> Result<AccountPage, StoreError> {
        let mut tx = self.snapshot().await?;
        let mut opening = Holdings::default();
        let mut closing = Holdings::default();
        let sums = sqlx::query(
            "SELECT e.account LIKE '%:held' AS held,
                    coalesce(sum(e.amount) FILTER (WHERE t.posted_at < $3), 0)::bigint AS opening,
                    coalesce(sum(e.amount) FILTER (WHERE t.posted_at < $4), 0)::bigint AS closing
             FROM book_entry e JOIN book_transaction t USING (currency, id)
             WHERE e.currency = $1 AND e.account IN ('payee:' || $2, 'payee:' || $2 || ':held')
             GROUP BY e.account",
        )
        .bind(currency)
        .bind(payee)
        .bind(period.from)
        .bind(period.to)
        .fetch_all(&mut *tx)
        .await?;
        for row in &sums {
            let (before, behind) = (row.try_get("opening")?, row.try_get("closing")?);
            if row.try_get("held")? {
                (opening.held, closing.held) = (Amount(before), Amount(behind));
            } else {
                (opening.balance, closing.balance) = (Amount(before), Amount(behind));
            }
        }
        let rows = sqlx::query(
            "SELECT posted_at, id, kind, cause, held, amount, after FROM (
                 SELECT t.posted_at, t.id, t.kind, t.cause, e.account LIKE '%:held' AS held, e.amount,
                        (sum(e.amount) OVER (PARTITION BY e.account ORDER BY t.posted_at, t.id))::bigint
                            AS after
                 FROM book_entry e JOIN book_transaction t USING (currency, id)
                 WHERE e.currency = $1 AND e.account IN ('payee:' || $2, 'payee:' || $2 || ':held')
                   AND t.posted_at < $4) line
             WHERE posted_at >= $3
               AND ($5::timestamptz IS NULL OR (posted_at, id, held) > ($5, $6, $7))
             ORDER BY posted_at, id, held LIMIT $8",
        )
        .bind(currency)
        .bind(payee)
        .bind(period.from)
        .bind(period.to)
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.transaction.0.as_slice()))
        .bind(after.map(|after| after.is_held))
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(AccountPage {
            opening,
            closing,
            lines: rows.iter().map(read_line).collect::<Result<_, _>>()?,
        })
    }
}

fn read_line(row: &PgRow) -> Result<AccountLine, StoreError> {
    Ok(AccountLine {
        at: row.try_get("posted_at")?,
        transaction: TransactionId(to_array(row.try_get("id")?, "an id")?),
        kind: row.try_get("kind")?,
        cause: row.try_get("cause")?,
        is_held: row.try_get("held")?,
        amount: Amount(row.try_get("amount")?),
        after: Amount(row.try_get("after")?),
    })
}
