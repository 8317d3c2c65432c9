//! Batches in: exactly once, at positions in the order of commits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row, types::Json};

use super::batch::{Batch, Outcome, ProducerId, ProducerState, Receipt};
use crate::{
    Store, StoreError,
    error::{code, no_partition},
    numeric::{to_array, to_i64, to_u64},
};

impl Store {
    /// Makes the book of a sharechain if it is not there. A ledger calls this once when it starts;
    /// a sharechain made again finds its book.
    pub async fn open_sharechain(
        &self,
        sharechain: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO sharechain_head (sharechain, created_at) VALUES ($1, $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(sharechain)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        sqlx::query("INSERT INTO statistics_head (sharechain) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(sharechain)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The position of the newest batch of a sharechain; 0 when there is none.
    pub async fn head(&self, sharechain: &str) -> Result<u64, StoreError> {
        let pos: Option<i64> =
            sqlx::query_scalar("SELECT pos FROM sharechain_head WHERE sharechain = $1")
                .bind(sharechain)
                .fetch_optional(&self.pool)
                .await?;
        to_u64(
            pos.ok_or_else(|| StoreError::UnknownSharechain(sharechain.to_owned()))?,
            "pos",
        )
    }

    /// Where the database stands with a producer.
    pub async fn producer(&self, producer: ProducerId) -> Result<ProducerState, StoreError> {
        let row = sqlx::query("SELECT next, digest FROM producer WHERE id = $1")
            .bind(producer.0.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Ok(ProducerState {
                next: 1,
                digest: [0; 32],
            });
        };
        Ok(ProducerState {
            next: to_u64(row.try_get("next")?, "next")?,
            digest: to_array(row.try_get("digest")?, "a digest")?,
        })
    }

    /// Stores batches in one transaction, in the order given, and tells what became of each. When
    /// this returns, every batch told as stored is committed; on an error none is, as far as is
    /// known, and all may be sent again.
    pub async fn store_batches(
        &self,
        sharechain: &str,
        batches: &[Batch],
        at: DateTime<Utc>,
    ) -> Result<Vec<Receipt>, StoreError> {
        match self.try_store_batches(sharechain, batches, at).await {
            Err(StoreError::Refused(error)) if no_partition(&error) => {
                self.make_share_partitions(at).await?;
                self.try_store_batches(sharechain, batches, at).await
            }
            result => result,
        }
    }

    /// [`store_batches`](Self::store_batches) of one.
    pub async fn store_batch(
        &self,
        sharechain: &str,
        batch: &Batch,
        at: DateTime<Utc>,
    ) -> Result<Receipt, StoreError> {
        let mut receipts = self
            .store_batches(sharechain, std::slice::from_ref(batch), at)
            .await?;
        receipts
            .pop()
            .ok_or_else(|| StoreError::Damaged("no receipt of a batch".to_owned()))
    }

    async fn try_store_batches(
        &self,
        sharechain: &str,
        batches: &[Batch],
        at: DateTime<Utc>,
    ) -> Result<Vec<Receipt>, StoreError> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.pool.begin().await?;
        let mut producers = lock_producers(&mut tx, sharechain, batches, at).await?;
        let mut receipts = Vec::with_capacity(batches.len());
        let mut stored = Vec::new();
        for batch in batches {
            let state = producers
                .get_mut(&batch.producer)
                .ok_or_else(|| StoreError::Damaged("a producer that was locked".to_owned()))?;
            let outcome = if batch.number == state.next {
                if batch.previous_digest == state.digest {
                    *state = ProducerState {
                        next: batch.number + 1,
                        digest: batch.digest,
                    };
                    stored.push(batch);
                    // The position is set below, when it is taken.
                    Outcome::Stored { pos: 0 }
                } else {
                    conflict(batch, "follows another batch than the one stored")
                }
            } else if batch.number > state.next {
                Outcome::Wanted
            } else if batch.number + 1 == state.next {
                repeat_or_conflict(batch, Some(state.digest))
            } else {
                repeat_or_conflict(batch, stored_digest(&mut tx, batch).await?)
            };
            receipts.push(Receipt {
                outcome,
                next: state.next,
            });
        }
        if stored.is_empty() {
            tx.rollback().await?;
            return Ok(receipts);
        }
        let first = take_positions(&mut tx, sharechain, stored.len()).await?;
        insert_batches(&mut tx, sharechain, &stored, first, at).await?;
        note_currencies(&mut tx, sharechain, &stored, first).await?;
        update_producers(&mut tx, sharechain, &stored, &producers, at).await?;
        tx.commit().await?;
        let mut next_pos = first;
        for receipt in &mut receipts {
            if let Outcome::Stored { pos } = &mut receipt.outcome {
                *pos = next_pos;
                next_pos += 1;
            }
        }
        Ok(receipts)
    }
}

/// Locks the rows of all producers, in the order of their ids so that no two ledgers wait for each
/// other. A producer whose first batch is here gets its row now.
async fn lock_producers(
    connection: &mut PgConnection,
    sharechain: &str,
    batches: &[Batch],
    at: DateTime<Utc>,
) -> Result<HashMap<ProducerId, ProducerState>, StoreError> {
    let ports: BTreeMap<ProducerId, &str> = batches
        .iter()
        .map(|batch| (batch.producer, batch.contents.port.as_str()))
        .collect();
    let ids: Vec<&[u8]> = ports.keys().map(|id| id.0.as_slice()).collect();
    let ports: Vec<&str> = ports.values().copied().collect();
    let rows = loop {
        let rows = sqlx::query(
            "SELECT id, next, digest FROM producer WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        )
        .bind(&ids)
        .fetch_all(&mut *connection)
        .await?;
        if rows.len() == ids.len() {
            break rows;
        }
        sqlx::query(
            "INSERT INTO producer (id, sharechain, port, digest, first_seen, last_seen)
             SELECT id, $3, port, $4, $5, $5 FROM unnest($1, $2) AS p(id, port)
             ORDER BY id ON CONFLICT DO NOTHING",
        )
        .bind(&ids)
        .bind(&ports)
        .bind(sharechain)
        .bind([0_u8; 32].as_slice())
        .bind(at)
        .execute(&mut *connection)
        .await
        .map_err(|error| match code(&error).as_deref() {
            // Foreign key violation.
            Some("23503") => StoreError::UnknownSharechain(sharechain.to_owned()),
            _ => error.into(),
        })?;
    };
    rows.iter()
        .map(|row| {
            let id = ProducerId(to_array(row.try_get("id")?, "a producer")?);
            let state = ProducerState {
                next: to_u64(row.try_get("next")?, "next")?,
                digest: to_array(row.try_get("digest")?, "a digest")?,
            };
            Ok((id, state))
        })
        .collect()
}

/// The digest an older batch was stored with; none when its day was dropped.
async fn stored_digest(
    connection: &mut PgConnection,
    batch: &Batch,
) -> Result<Option<[u8; 32]>, StoreError> {
    let digest: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT digest FROM share_batch WHERE producer = $1 AND number = $2 LIMIT 1",
    )
    .bind(batch.producer.0.as_slice())
    .bind(to_i64(batch.number, "a batch number")?)
    .fetch_optional(connection)
    .await?;
    digest
        .map(|digest| to_array(&digest, "a digest"))
        .transpose()
}

fn repeat_or_conflict(batch: &Batch, stored: Option<[u8; 32]>) -> Outcome {
    match stored {
        Some(stored) if stored != batch.digest => {
            conflict(batch, "is not the one that was stored under its number")
        }
        // One whose day was dropped is a repeat all the same: its number was taken.
        _ => Outcome::Repeat,
    }
}

fn conflict(batch: &Batch, what: &str) -> Outcome {
    Outcome::Conflict {
        reason: format!(
            "batch {} of journal {} {what}: the journal was copied or altered",
            batch.number, batch.producer
        ),
    }
}

/// Takes positions for as many batches; returns the first. From here to the commit the chain is
/// locked, which is what makes positions the order of commits.
async fn take_positions(
    connection: &mut PgConnection,
    sharechain: &str,
    count: usize,
) -> Result<u64, StoreError> {
    let count = i64::try_from(count).map_err(|_| StoreError::TooLarge("a number of batches"))?;
    let last: Option<i64> = sqlx::query_scalar(
        "UPDATE sharechain_head SET pos = pos + $2 WHERE sharechain = $1 RETURNING pos",
    )
    .bind(sharechain)
    .bind(count)
    .fetch_optional(connection)
    .await?;
    let last = last.ok_or_else(|| StoreError::UnknownSharechain(sharechain.to_owned()))?;
    to_u64(last - count + 1, "pos")
}

async fn insert_batches(
    connection: &mut PgConnection,
    sharechain: &str,
    stored: &[&Batch],
    first: u64,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let producers: Vec<&[u8]> = stored.iter().map(|b| b.producer.0.as_slice()).collect();
    let numbers = stored
        .iter()
        .map(|b| to_i64(b.number, "a batch number"))
        .collect::<Result<Vec<_>, _>>()?;
    let digests: Vec<&[u8]> = stored.iter().map(|b| b.digest.as_slice()).collect();
    let contents: Vec<&[u8]> = stored.iter().map(|b| b.content.as_slice()).collect();
    let totals: Vec<Json<BTreeMap<String, String>>> = stored
        .iter()
        .map(|b| Json(as_text(&b.contents.totals())))
        .collect();
    let slices: Vec<i32> = stored
        .iter()
        .map(|b| i32::try_from(b.contents.slices.len()))
        .collect::<Result<_, _>>()
        .map_err(|_| StoreError::TooLarge("a number of slices"))?;
    let shares = stored
        .iter()
        .map(|b| to_i64(b.contents.shares(), "a number of shares"))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO share_batch
             (sharechain, pos, day, arrived_at, producer, number, digest, content, totals, slices, shares)
         SELECT $1, $2 + n - 1, $3, $4, producer, number, digest, content, totals, slices, shares
         FROM unnest($5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY
             AS b(producer, number, digest, content, totals, slices, shares, n)",
    )
    .bind(sharechain)
    .bind(to_i64(first, "a position")?)
    .bind(at.date_naive())
    .bind(at)
    .bind(producers)
    .bind(numbers)
    .bind(digests)
    .bind(contents)
    .bind(totals)
    .bind(slices)
    .bind(shares)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records the position of the first work of each currency, in the transaction that stores it.
async fn note_currencies(
    connection: &mut PgConnection,
    sharechain: &str,
    stored: &[&Batch],
    first: u64,
) -> Result<(), StoreError> {
    let mut firsts = BTreeMap::new();
    for (pos, batch) in (first..).zip(stored) {
        for key in batch.contents.totals().keys() {
            for code in key.split(',') {
                firsts.entry(code.to_owned()).or_insert(pos);
            }
        }
    }
    let positions = firsts
        .values()
        .map(|pos| to_i64(*pos, "a position"))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO share_currency (sharechain, currency, first_pos)
         SELECT $1, currency, pos FROM unnest($2, $3) AS f(currency, pos)
         ON CONFLICT DO NOTHING",
    )
    .bind(sharechain)
    .bind(firsts.into_keys().collect::<Vec<_>>())
    .bind(positions)
    .execute(connection)
    .await?;
    Ok(())
}

async fn update_producers(
    connection: &mut PgConnection,
    sharechain: &str,
    stored: &[&Batch],
    states: &HashMap<ProducerId, ProducerState>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let touched: BTreeSet<ProducerId> = stored.iter().map(|b| b.producer).collect();
    let ports: HashMap<ProducerId, &str> = stored
        .iter()
        .map(|b| (b.producer, b.contents.port.as_str()))
        .collect();
    let mut ids = Vec::new();
    let mut nexts = Vec::new();
    let mut digests = Vec::new();
    let mut names = Vec::new();
    for id in &touched {
        let (Some(state), Some(port)) = (states.get(id), ports.get(id)) else {
            continue;
        };
        ids.push(id.0.as_slice());
        nexts.push(to_i64(state.next, "a batch number")?);
        digests.push(state.digest.as_slice());
        names.push(*port);
    }
    sqlx::query(
        "UPDATE producer p
         SET next = u.next, digest = u.digest, port = u.port, sharechain = $5, last_seen = $6
         FROM unnest($1, $2, $3, $4) AS u(id, next, digest, port) WHERE p.id = u.id",
    )
    .bind(ids)
    .bind(nexts)
    .bind(digests)
    .bind(names)
    .bind(sharechain)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Totals as they are stored: numbers of 128 bits as text, because JSON readers round them.
pub(super) fn as_text(totals: &BTreeMap<String, u128>) -> BTreeMap<String, String> {
    totals
        .iter()
        .map(|(set, work)| (set.clone(), work.to_string()))
        .collect()
}
