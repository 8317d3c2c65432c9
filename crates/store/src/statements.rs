//! Signed statements: a chain per currency and sharechain.

use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use sqlx::{Row, postgres::PgRow};

use crate::{
    Store, StoreError,
    numeric::{to_array, to_block_hash, to_i64, to_u64},
};

/// A statement of what a block's split credits on a sharechain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// Code of the currency.
    pub currency: String,
    /// The sharechain.
    pub sharechain: String,
    /// Its number in the chain; they start at 1.
    pub seq: u64,
    /// Digest of the statement before it; zeros for the first.
    pub previous: [u8; 32],
    /// SHA-256 of the body.
    pub digest: [u8; 32],
    /// The bytes that were signed.
    pub body: Vec<u8>,
    /// Ed25519 signature of the body.
    pub signature: [u8; 64],
    /// The public key.
    pub key: [u8; 32],
    /// The block it is about.
    pub block: BlockHash,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
}

impl Store {
    /// The newest statement of a chain.
    pub async fn last_statement(
        &self,
        currency: &str,
        sharechain: &str,
    ) -> Result<Option<SignedStatement>, StoreError> {
        let row = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, signed_at
             FROM statement WHERE currency = $1 AND sharechain = $2
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(currency)
        .bind(sharechain)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read_statement).transpose()
    }

    /// The statements of a chain after a number, in order. `after` 0 begins at the first.
    pub async fn statements(
        &self,
        currency: &str,
        sharechain: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SignedStatement>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, signed_at
             FROM statement WHERE currency = $1 AND sharechain = $2 AND seq > $3
             ORDER BY seq LIMIT $4",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(after, "a statement number")?)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_statement).collect()
    }

    /// The statements about a block, by sharechain.
    pub async fn statements_of_block(
        &self,
        block: &crate::BlockKey,
    ) -> Result<Vec<SignedStatement>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, signed_at
             FROM statement WHERE currency = $1 AND hash = $2 ORDER BY sharechain",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_statement).collect()
    }

    /// Parts of blocks that were credited (state mature) and have no statement yet, the block that
    /// matured first before others: (block, sharechain).
    pub async fn unstated_parts(
        &self,
        currency: &str,
    ) -> Result<Vec<(BlockHash, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.hash, p.sharechain FROM block_part p JOIN block b USING (currency, hash)
             WHERE p.currency = $1 AND b.matured_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM statement s
                   WHERE s.currency = p.currency AND s.hash = p.hash AND s.sharechain = p.sharechain)
             ORDER BY b.matured_at, b.height, b.hash, p.sharechain",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    to_block_hash(row.try_get("hash")?)?,
                    row.try_get("sharechain")?,
                ))
            })
            .collect()
    }

    /// Appends a statement to its chain. Returns whether it is new; one that is there already with
    /// the same digest changes nothing.
    pub async fn append_statement(&self, statement: &SignedStatement) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('ngpool statement'), hashtext($1))")
            .bind(format!("{} {}", statement.currency, statement.sharechain))
            .execute(&mut *tx)
            .await?;
        let there: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT digest FROM statement WHERE currency = $1 AND sharechain = $2 AND seq = $3",
        )
        .bind(&statement.currency)
        .bind(&statement.sharechain)
        .bind(to_i64(statement.seq, "a statement number")?)
        .fetch_optional(&mut *tx)
        .await?;
        let broken = || StoreError::StatementChain {
            currency: statement.currency.clone(),
            sharechain: statement.sharechain.clone(),
            seq: statement.seq,
        };
        if let Some(there) = there {
            return if there == statement.digest {
                Ok(false)
            } else {
                Err(broken())
            };
        }
        let last = sqlx::query(
            "SELECT seq, digest FROM statement WHERE currency = $1 AND sharechain = $2
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(&statement.currency)
        .bind(&statement.sharechain)
        .fetch_optional(&mut *tx)
        .await?;
        let (last_seq, last_digest) = match last {
            Some(row) => (
                to_u64(row.try_get("seq")?, "a statement number")?,
                to_array(row.try_get("digest")?, "a digest")?,
            ),
            None => (0, [0; 32]),
        };
        if statement.seq != last_seq + 1 || statement.previous != last_digest {
            return Err(broken());
        }
        sqlx::query(
            "INSERT INTO statement (currency, sharechain, seq, previous, digest, body, signature, key,
                                    hash, signed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&statement.currency)
        .bind(&statement.sharechain)
        .bind(to_i64(statement.seq, "a statement number")?)
        .bind(statement.previous.as_slice())
        .bind(statement.digest.as_slice())
        .bind(&statement.body)
        .bind(statement.signature.as_slice())
        .bind(statement.key.as_slice())
        .bind(statement.block.as_bytes().as_slice())
        .bind(statement.signed_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn read_statement(row: &PgRow) -> Result<SignedStatement, StoreError> {
    Ok(SignedStatement {
        currency: row.try_get("currency")?,
        sharechain: row.try_get("sharechain")?,
        seq: to_u64(row.try_get("seq")?, "a statement number")?,
        previous: to_array(row.try_get("previous")?, "a digest")?,
        digest: to_array(row.try_get("digest")?, "a digest")?,
        body: row.try_get("body")?,
        signature: to_array(row.try_get("signature")?, "a signature")?,
        key: to_array(row.try_get("key")?, "a key")?,
        block: to_block_hash(row.try_get("hash")?)?,
        signed_at: row.try_get("signed_at")?,
    })
}
