//! Signed statements: a chain per currency and sharechain.

mod taken;

use chrono::{DateTime, Utc};
use ngpool_chain::BlockHash;
use sqlx::{PgConnection, Row, postgres::PgRow};

pub(crate) use self::taken::statements_ahead;
pub use self::taken::{StatementsAhead, TakenStatement};
use crate::{
    Store, StoreError,
    numeric::{to_array, to_block_hash, to_i64, to_u64},
};

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementSubject {
    /// A sharechain's part of a block.
    Block(BlockHash),
    /// A period of work that the reserve bought, by its number on the sharechain.
    Period(u64),
}

impl StatementSubject {
    fn columns(&self) -> Result<(Option<&[u8]>, Option<i64>), StoreError> {
        Ok(match self {
            Self::Block(hash) => (Some(hash.as_bytes().as_slice()), None),
            Self::Period(number) => (None, Some(to_i64(*number, "a period")?)),
        })
    }

    fn read(row: &PgRow) -> Result<Self, StoreError> {
        let hash: Option<&[u8]> = row.try_get("hash")?;
        let period: Option<i64> = row.try_get("period")?;
        match (hash, period) {
            (Some(hash), None) => to_block_hash(hash).map(Self::Block),
            (None, Some(period)) => to_u64(period, "a period").map(Self::Period),
            _ => Err(StoreError::Damaged("a statement about nothing".to_owned())),
        }
    }
}

/// A statement of what a block's split, or a period of bought work, credits on a sharechain.
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
    /// What it is about.
    pub subject: StatementSubject,
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
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    signed_at
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
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    signed_at
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
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    signed_at
             FROM statement WHERE currency = $1 AND hash = $2 ORDER BY sharechain",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_statement).collect()
    }

    /// What was credited and has no statement yet: parts of blocks that are mature, and periods of
    /// bought work; what was credited first before others, with its sharechain.
    pub async fn unstated_parts(
        &self,
        currency: &str,
    ) -> Result<Vec<(StatementSubject, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.hash, NULL::bigint AS period, p.sharechain, b.matured_at AS at, b.height
             FROM block_part p JOIN block b USING (currency, hash)
             WHERE p.currency = $1 AND b.matured_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM statement s
                   WHERE s.currency = p.currency AND s.hash = p.hash AND s.sharechain = p.sharechain)
             UNION ALL
             SELECT NULL, p.number, p.sharechain, p.closed_at, NULL
             FROM pps_period p
             WHERE p.currency = $1 AND NOT EXISTS (SELECT FROM statement s
                   WHERE s.currency = p.currency AND s.sharechain = p.sharechain
                     AND s.period = p.number)
             ORDER BY at, period NULLS FIRST, height, hash, sharechain",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((StatementSubject::read(row)?, row.try_get("sharechain")?)))
            .collect()
    }

    /// Appends a statement to its chain. Returns whether it is new; one that is there already with
    /// the same digest changes nothing.
    pub async fn append_statement(&self, statement: &SignedStatement) -> Result<bool, StoreError> {
        let (hash, period) = statement.subject.columns()?;
        let mut tx = self.pool.begin().await?;
        lock(&mut tx, &statement.currency, &statement.sharechain).await?;
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
                                    hash, period, signed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(&statement.currency)
        .bind(&statement.sharechain)
        .bind(to_i64(statement.seq, "a statement number")?)
        .bind(statement.previous.as_slice())
        .bind(statement.digest.as_slice())
        .bind(&statement.body)
        .bind(statement.signature.as_slice())
        .bind(statement.key.as_slice())
        .bind(hash)
        .bind(period)
        .bind(statement.signed_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// One at a time adds to a chain of statements.
async fn lock(
    connection: &mut PgConnection,
    currency: &str,
    sharechain: &str,
) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('ngpool statement'), hashtext($1))")
        .bind(format!("{currency} {sharechain}"))
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) fn read_statement(row: &PgRow) -> Result<SignedStatement, StoreError> {
    Ok(SignedStatement {
        currency: row.try_get("currency")?,
        sharechain: row.try_get("sharechain")?,
        seq: to_u64(row.try_get("seq")?, "a statement number")?,
        previous: to_array(row.try_get("previous")?, "a digest")?,
        digest: to_array(row.try_get("digest")?, "a digest")?,
        body: row.try_get("body")?,
        signature: to_array(row.try_get("signature")?, "a signature")?,
        key: to_array(row.try_get("key")?, "a key")?,
        subject: StatementSubject::read(row)?,
        signed_at: row.try_get("signed_at")?,
    })
}
