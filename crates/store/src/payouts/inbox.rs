//! What signers send, as the web took it in. The web may add to it and nothing else.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::{
    Store, StoreError,
    numeric::{to_array, to_i64, to_u64},
};

/// A message that was not dealt with yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerMessage {
    /// SHA-256 of the body: names it.
    pub digest: [u8; 32],
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The bytes, as they came.
    pub body: Vec<u8>,
}

/// When a signer asked last.
#[derive(Debug, Clone, PartialEq)]
pub struct SignerSeen {
    /// When.
    pub at: DateTime<Utc>,
    /// How far its books went, as it said.
    pub position: serde_json::Value,
    /// Number of its last payout.
    pub payout: u64,
}

impl Store {
    /// Keeps what a signer answered. Returns whether it is new: the same bytes again change nothing.
    pub async fn receive_signer_message(
        &self,
        currency: &str,
        body: &[u8],
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO signer_message (currency, digest, received_at, body)
             VALUES ($1, $2, $3, $4) ON CONFLICT (currency, digest) DO NOTHING",
        )
        .bind(currency)
        .bind(Sha256::digest(body).as_slice())
        .bind(at)
        .bind(body)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Keeps when a signer asked, and how far its books went.
    pub async fn see_signer(
        &self,
        currency: &str,
        payout: u64,
        position: &serde_json::Value,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO signer_seen (currency, at, position, payout) VALUES ($1, $2, $3, $4)
             ON CONFLICT (currency) DO UPDATE
             SET at = excluded.at, position = excluded.position, payout = excluded.payout",
        )
        .bind(currency)
        .bind(at)
        .bind(position)
        .bind(to_i64(payout, "a payout number")?)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// When a signer asked last; none when none ever did.
    pub async fn signer_seen(&self, currency: &str) -> Result<Option<SignerSeen>, StoreError> {
        let row = sqlx::query("SELECT at, position, payout FROM signer_seen WHERE currency = $1")
            .bind(currency)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(SignerSeen {
                at: row.try_get("at")?,
                position: row.try_get("position")?,
                payout: to_u64(row.try_get("payout")?, "a payout number")?,
            })
        })
        .transpose()
    }

    /// Messages that were not dealt with, the oldest first, at most a number of them.
    pub async fn open_signer_messages(
        &self,
        currency: &str,
        limit: u32,
    ) -> Result<Vec<SignerMessage>, StoreError> {
        let rows = sqlx::query(
            "SELECT digest, received_at, body FROM signer_message
             WHERE currency = $1 AND handled_at IS NULL ORDER BY received_at, digest LIMIT $2",
        )
        .bind(currency)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SignerMessage {
                    digest: to_array(row.try_get("digest")?, "a digest")?,
                    received_at: row.try_get("received_at")?,
                    body: row.try_get("body")?,
                })
            })
            .collect()
    }

    /// Records what came of a message. Returns whether anything changed.
    pub async fn handle_signer_message(
        &self,
        currency: &str,
        digest: [u8; 32],
        outcome: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE signer_message SET handled_at = $3, outcome = $4
             WHERE currency = $1 AND digest = $2 AND handled_at IS NULL",
        )
        .bind(currency)
        .bind(digest.as_slice())
        .bind(at)
        .bind(outcome)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets messages that were dealt with before a time: what they brought is stored elsewhere.
    /// Returns how many.
    pub async fn forget_signer_messages(
        &self,
        currency: &str,
        before: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let done =
            sqlx::query("DELETE FROM signer_message WHERE currency = $1 AND handled_at < $2")
                .bind(currency)
                .bind(before)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected())
    }
}
