//! What a signer is given, and how much of what it sent waits.

use sqlx::Row;

use crate::{SignedStatement, Store, StoreError, numeric::to_u64, statements::read_statement};

/// Statements of one answer at most.
const MAX_COUNT: usize = 10_000;

/// Statements after a position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundStatements {
    /// Each chain in order, without a gap.
    pub statements: Vec<SignedStatement>,
    /// Whether these are all there are.
    pub is_whole: bool,
}

/// Messages of signers that nobody has dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WaitingMessages {
    /// How many.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Store {
    /// The statements of a currency after a number in each sharechain's chain (the first for one
    /// that is not named), up to so many bytes of bodies, but at least one.
    pub async fn statements_after(
        &self,
        currency: &str,
        after: &[(String, u64)],
        max_bytes: u64,
    ) -> Result<FoundStatements, StoreError> {
        let mut tx = self.snapshot().await?;
        let chains: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT sharechain FROM statement WHERE currency = $1 ORDER BY sharechain",
        )
        .bind(currency)
        .fetch_all(&mut *tx)
        .await?;
        let mut left = max_bytes;
        let mut found = FoundStatements {
            statements: Vec::new(),
            is_whole: true,
        };
        for chain in chains {
            let from = after
                .iter()
                .filter(|(name, _)| *name == chain)
                .map(|(_, after)| i64::try_from(*after).unwrap_or(i64::MAX))
                .max()
                .unwrap_or(0);
            // Sizes first: a body may be large, and those that do not fit need not be read.
            let sizes: Vec<(i64, i32)> = sqlx::query_as(
                "SELECT seq, octet_length(body) FROM statement
                 WHERE currency = $1 AND sharechain = $2 AND seq > $3 ORDER BY seq LIMIT $4",
            )
            .bind(currency)
            .bind(&chain)
            .bind(from)
            .bind(i64::try_from(MAX_COUNT).unwrap_or(i64::MAX))
            .fetch_all(&mut *tx)
            .await?;
            let mut last = None;
            for (count, (seq, size)) in (found.statements.len()..).zip(&sizes) {
                let size = u64::try_from(*size).unwrap_or(u64::MAX);
                if count >= MAX_COUNT || (count > 0 && size > left) {
                    break;
                }
                left = left.saturating_sub(size);
                last = Some(*seq);
            }
            let is_last = sizes.last().is_none_or(|(seq, _)| Some(*seq) == last);
            if let Some(last) = last {
                let rows = sqlx::query(
                    "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash,
                            period, signed_at
                     FROM statement WHERE currency = $1 AND sharechain = $2 AND seq > $3 AND seq <= $4
                     ORDER BY seq",
                )
                .bind(currency)
                .bind(&chain)
                .bind(from)
                .bind(last)
                .fetch_all(&mut *tx)
                .await?;
                for row in &rows {
                    found.statements.push(read_statement(row)?);
                }
            }
            // A full list of sizes says nothing about what is behind it.
            if !is_last || sizes.len() == MAX_COUNT {
                found.is_whole = false;
                break;
            }
        }
        tx.commit().await?;
        Ok(found)
    }

    /// Messages of signers that wait for the payout job.
    pub async fn waiting_signer_messages(
        &self,
        currency: &str,
    ) -> Result<WaitingMessages, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS messages, coalesce(sum(octet_length(body)), 0)::bigint AS bytes
             FROM signer_message WHERE currency = $1 AND handled_at IS NULL",
        )
        .bind(currency)
        .fetch_one(&self.pool)
        .await?;
        Ok(WaitingMessages {
            messages: to_u64(row.try_get("messages")?, "a count")?,
            bytes: to_u64(row.try_get("bytes")?, "a count")?,
        })
    }
}
