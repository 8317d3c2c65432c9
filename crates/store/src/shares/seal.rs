//! Sealing: sums over runs of positions, written once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use sqlx::{Row, types::Json};

use super::{
    FAN, LEVELS,
    content::BatchContents,
    ingest::as_text,
    span,
    sums::{EncodedSums, Sums},
};
use crate::{
    Store, StoreError,
    numeric::{to_i64, to_u64},
};

/// Chunks sealed in one call at most, so that a ledger that was away for days stays responsive.
const AT_ONCE: usize = 64;

/// What a call of [`Store::seal`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sealed {
    /// Chunks sealed now.
    pub chunks: usize,
    /// Whether more are ready: call again.
    pub more: bool,
}

impl Store {
    /// Seals the chunks of a sharechain that are complete. Any number of callers may do it at once:
    /// a chunk is a pure function of its batches.
    pub async fn seal(&self, sharechain: &str, at: DateTime<Utc>) -> Result<Sealed, StoreError> {
        let head = self.head(sharechain).await?;
        let mut sealed = Sealed::default();
        for level in 1..=LEVELS {
            let mut number = self.next_chunk(sharechain, level).await?;
            while (number + 1) * span(level) <= head {
                if sealed.chunks == AT_ONCE {
                    sealed.more = true;
                    return Ok(sealed);
                }
                let Some((sums, totals)) = self.sum_of(sharechain, level, number).await? else {
                    break;
                };
                self.insert_chunk(sharechain, level, number, &sums, &totals, at)
                    .await?;
                sealed.chunks += 1;
                number += 1;
            }
        }
        Ok(sealed)
    }

    /// The chunk to seal next: after the newest there is, or the first whose parts are all kept.
    async fn next_chunk(&self, sharechain: &str, level: u8) -> Result<u64, StoreError> {
        let newest: Option<i64> = sqlx::query_scalar(
            "SELECT max(number) FROM share_chunk WHERE sharechain = $1 AND level = $2",
        )
        .bind(sharechain)
        .bind(i16::from(level))
        .fetch_one(&self.pool)
        .await?;
        if let Some(newest) = newest {
            return Ok(to_u64(newest, "a chunk number")? + 1);
        }
        // Parts of a chunk of this level, counted from zero.
        let oldest_part: Option<i64> = if level == 1 {
            sqlx::query_scalar("SELECT min(pos) - 1 FROM share_batch WHERE sharechain = $1")
                .bind(sharechain)
                .fetch_one(&self.pool)
                .await?
        } else {
            sqlx::query_scalar(
                "SELECT min(number) FROM share_chunk WHERE sharechain = $1 AND level = $2",
            )
            .bind(sharechain)
            .bind(i16::from(level - 1))
            .fetch_one(&self.pool)
            .await?
        };
        Ok(to_u64(oldest_part.unwrap_or_default(), "a chunk number")?.div_ceil(FAN))
    }

    /// The sums of a chunk from what it is made of; none when a part is not there (yet, or any more).
    async fn sum_of(
        &self,
        sharechain: &str,
        level: u8,
        number: u64,
    ) -> Result<Option<(EncodedSums, BTreeMap<String, u128>)>, StoreError> {
        let mut sums = Sums::default();
        let mut parts = 0;
        if level == 1 {
            let mut rows = sqlx::query(
                "SELECT content FROM share_batch WHERE sharechain = $1 AND pos > $2 AND pos <= $3
                 ORDER BY pos",
            )
            .bind(sharechain)
            .bind(to_i64(number * FAN, "a position")?)
            .bind(to_i64((number + 1) * FAN, "a position")?)
            .fetch(&self.pool);
            while let Some(row) = rows.try_next().await? {
                sums.add_batch(&decode(row.try_get("content")?)?);
                parts += 1;
            }
        } else {
            let mut rows = sqlx::query(
                "SELECT sums, weights FROM share_chunk
                 WHERE sharechain = $1 AND level = $2 AND number >= $3 AND number < $4 ORDER BY number",
            )
            .bind(sharechain)
            .bind(i16::from(level - 1))
            .bind(to_i64(number * FAN, "a chunk number")?)
            .bind(to_i64((number + 1) * FAN, "a chunk number")?)
            .fetch(&self.pool);
            while let Some(row) = rows.try_next().await? {
                sums.add_encoded(row.try_get("sums")?, row.try_get("weights")?)?;
                parts += 1;
            }
        }
        Ok((parts == FAN).then(|| (sums.encode(), sums.totals())))
    }

    async fn insert_chunk(
        &self,
        sharechain: &str,
        level: u8,
        number: u64,
        sums: &EncodedSums,
        totals: &BTreeMap<String, u128>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let digest = sums.digest(sharechain, level, number);
        let inserted = sqlx::query(
            "INSERT INTO share_chunk
                 (sharechain, level, number, last_pos, totals, sums, weights, digest, sealed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(sharechain)
        .bind(i16::from(level))
        .bind(to_i64(number, "a chunk number")?)
        .bind(to_i64((number + 1) * span(level), "a position")?)
        .bind(Json(as_text(totals)))
        .bind(&sums.sums)
        .bind(&sums.weights)
        .bind(digest.as_slice())
        .bind(at)
        .execute(&self.pool)
        .await?
        .rows_affected();
        if inserted == 1 {
            return Ok(());
        }
        let there: Vec<u8> = sqlx::query_scalar(
            "SELECT digest FROM share_chunk WHERE sharechain = $1 AND level = $2 AND number = $3",
        )
        .bind(sharechain)
        .bind(i16::from(level))
        .bind(to_i64(number, "a chunk number")?)
        .fetch_one(&self.pool)
        .await?;
        if there == digest {
            Ok(())
        } else {
            Err(StoreError::SealedOtherwise {
                sharechain: sharechain.to_owned(),
                level,
                number,
            })
        }
    }

    /// Sums every sealed chunk again from its parts, where they are kept, and compares. Returns how
    /// many were compared.
    pub async fn verify_chunks(&self, sharechain: &str) -> Result<u64, StoreError> {
        let rows = sqlx::query(
            "SELECT level, number, digest FROM share_chunk WHERE sharechain = $1 ORDER BY level, number",
        )
        .bind(sharechain)
        .fetch_all(&self.pool)
        .await?;
        let mut compared = 0;
        for row in rows {
            let level = u8::try_from(row.try_get::<i16, _>("level")?)
                .map_err(|_| StoreError::Damaged("a chunk level".to_owned()))?;
            let number = to_u64(row.try_get("number")?, "a chunk number")?;
            let Some((sums, _)) = self.sum_of(sharechain, level, number).await? else {
                continue;
            };
            if row.try_get::<&[u8], _>("digest")? != sums.digest(sharechain, level, number) {
                return Err(StoreError::SealedOtherwise {
                    sharechain: sharechain.to_owned(),
                    level,
                    number,
                });
            }
            compared += 1;
        }
        Ok(compared)
    }
}

/// A stored batch; it was read once before it was stored.
pub(super) fn decode(content: &[u8]) -> Result<BatchContents, StoreError> {
    BatchContents::decode(content)
        .map_err(|error| StoreError::Damaged(format!("a batch that cannot be read: {error}")))
}
