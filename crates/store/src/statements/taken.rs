//! Statements that the signers have and a database lacks that was put back from a backup.
//!
//! ```text
//!  signer_seen.position ──▶ statements_ahead ──▶ the signer is asked ──▶ take_statement
//!                                 │ nothing of these chains is credited meanwhile   │
//!                                 ▼                                                 ▼
//!  statement ◀── append_statement ── credited as stated ◀── taken_of_block, next_taken
//! ```

use sqlx::{PgConnection, Row, postgres::PgRow};

use super::{SignedStatement, read_statement};
use crate::{
    BlockKey, Store, StoreError,
    numeric::{to_array, to_i64, to_u64},
};

/// A chain of statements of which a signer has more than the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementsAhead {
    /// The sharechain.
    pub sharechain: String,
    /// Number of the last one here; 0 before the first.
    pub here: u64,
    /// Number of the last one that the signer has.
    pub signer: u64,
}

/// What came of taking a statement over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenStatement {
    /// It is kept.
    New,
    /// It was here before.
    Known,
    /// It does not follow the last one here, whose number this is.
    Gap(u64),
    /// Another one is here under its number, or before it: two histories were signed.
    Fork,
}

impl Store {
    /// Keeps a statement that a signer gave back, if it follows the last one here.
    pub async fn take_statement(
        &self,
        statement: &SignedStatement,
    ) -> Result<TakenStatement, StoreError> {
        let (hash, period) = statement.subject.columns()?;
        let (currency, sharechain) = (&statement.currency, &statement.sharechain);
        let mut tx = self.pool.begin().await?;
        super::lock(&mut tx, currency, sharechain).await?;
        if let Some(there) = digest(&mut tx, currency, sharechain, statement.seq).await? {
            return Ok(if there == statement.digest {
                TakenStatement::Known
            } else {
                TakenStatement::Fork
            });
        }
        let before = statement.seq.saturating_sub(1);
        let previous = if before == 0 {
            Some([0; 32])
        } else {
            digest(&mut tx, currency, sharechain, before).await?
        };
        match previous {
            Some(previous) if previous == statement.previous => {}
            Some(_) => return Ok(TakenStatement::Fork),
            None => {
                let last = last(&mut tx, currency, sharechain).await?;
                return Ok(TakenStatement::Gap(last));
            }
        }
        sqlx::query(
            "INSERT INTO taken_statement (currency, sharechain, seq, previous, digest, body, signature,
                                          key, hash, period, taken_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(currency)
        .bind(sharechain)
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
        Ok(TakenStatement::New)
    }

    /// The chains of which the signer that asked last has more than is here, those taken over counted
    /// as here.
    pub async fn statements_ahead(
        &self,
        currency: &str,
    ) -> Result<Vec<StatementsAhead>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        statements_ahead(&mut connection, currency).await
    }

    /// Of each chain the first statement that was taken over and does not stand in it yet.
    pub async fn next_taken(&self, currency: &str) -> Result<Vec<SignedStatement>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT ON (t.sharechain) t.currency, t.sharechain, t.seq, t.previous, t.digest,
                    t.body, t.signature, t.key, t.hash, t.period, t.taken_at AS signed_at
             FROM taken_statement t
             WHERE t.currency = $1 AND NOT EXISTS (SELECT FROM statement s
                 WHERE s.currency = t.currency AND s.sharechain = t.sharechain AND s.seq = t.seq)
             ORDER BY t.sharechain, t.seq",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_statement).collect()
    }

    /// The statement about a period of bought work that was taken over; none when there is none.
    pub async fn taken_of_period(
        &self,
        currency: &str,
        sharechain: &str,
        period: u64,
    ) -> Result<Option<SignedStatement>, StoreError> {
        let row = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    taken_at AS signed_at
             FROM taken_statement WHERE currency = $1 AND sharechain = $2 AND period = $3",
        )
        .bind(currency)
        .bind(sharechain)
        .bind(to_i64(period, "a period")?)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read_statement).transpose()
    }

    /// The statements about a block that were taken over, by sharechain.
    pub async fn taken_of_block(
        &self,
        block: &BlockKey,
    ) -> Result<Vec<SignedStatement>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, sharechain, seq, previous, digest, body, signature, key, hash, period,
                    taken_at AS signed_at
             FROM taken_statement WHERE currency = $1 AND hash = $2 ORDER BY sharechain",
        )
        .bind(&block.currency)
        .bind(block.hash.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_statement).collect()
    }

    /// The keys that signed the statements here.
    pub async fn statement_keys(&self, currency: &str) -> Result<Vec<[u8; 32]>, StoreError> {
        let keys: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT DISTINCT key FROM statement WHERE currency = $1")
                .bind(currency)
                .fetch_all(&self.pool)
                .await?;
        keys.iter().map(|key| to_array(key, "a key")).collect()
    }
}

pub(crate) async fn statements_ahead(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Vec<StatementsAhead>, StoreError> {
    // What the signer says is text from outside: only what is a number is compared.
    let rows = sqlx::query(
        "WITH said AS (
             SELECT c->>'sharechain' AS sharechain, (c->>'after')::numeric AS signer
             FROM signer_seen,
                  jsonb_array_elements(CASE jsonb_typeof(position->'statements')
                      WHEN 'array' THEN position->'statements' ELSE '[]' END) c
             WHERE currency = $1 AND jsonb_typeof(c->'sharechain') = 'string'
               AND jsonb_typeof(c->'after') = 'number')
         SELECT * FROM (
             SELECT sharechain, least(floor(signer), 9223372036854775807)::bigint AS signer,
                    greatest(
                        (SELECT max(seq) FROM statement s
                         WHERE s.currency = $1 AND s.sharechain = said.sharechain),
                        (SELECT max(seq) FROM taken_statement t
                         WHERE t.currency = $1 AND t.sharechain = said.sharechain), 0) AS here
             FROM said) found
         WHERE signer > here ORDER BY sharechain",
    )
    .bind(currency)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row: &PgRow| {
            Ok(StatementsAhead {
                sharechain: row.try_get("sharechain")?,
                here: to_u64(row.try_get("here")?, "a statement number")?,
                signer: to_u64(row.try_get("signer")?, "a statement number")?,
            })
        })
        .collect()
}

/// The digest of the statement under a number, whether it stands in its chain or was taken over.
async fn digest(
    connection: &mut PgConnection,
    currency: &str,
    sharechain: &str,
    seq: u64,
) -> Result<Option<[u8; 32]>, StoreError> {
    let digest: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT digest FROM statement WHERE currency = $1 AND sharechain = $2 AND seq = $3
         UNION ALL
         SELECT digest FROM taken_statement WHERE currency = $1 AND sharechain = $2 AND seq = $3
         LIMIT 1",
    )
    .bind(currency)
    .bind(sharechain)
    .bind(to_i64(seq, "a statement number")?)
    .fetch_optional(connection)
    .await?;
    digest
        .map(|digest| to_array(&digest, "a digest"))
        .transpose()
}

async fn last(
    connection: &mut PgConnection,
    currency: &str,
    sharechain: &str,
) -> Result<u64, StoreError> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(seq) FROM (
             SELECT seq FROM statement WHERE currency = $1 AND sharechain = $2
             UNION ALL
             SELECT seq FROM taken_statement WHERE currency = $1 AND sharechain = $2) s",
    )
    .bind(currency)
    .bind(sharechain)
    .fetch_one(connection)
    .await?;
    to_u64(last.unwrap_or_default(), "a statement number")
}
