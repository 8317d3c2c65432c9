//! Statistics: every batch counted once, by minute and hour, by worker and port. They pay nobody.

mod tally;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::{PgConnection, Row};

use self::{
    tally::{Tallies, Worker},
    write::{write_ports, write_rejects, write_workers},
};
use crate::{Store, StoreError, error::no_partition, numeric::to_u64, shares::BatchContents};

/// Tables that are cut by day or month.
const TABLES: [&str; 6] = [
    "worker_minute",
    "worker_hour",
    "port_minute",
    "port_hour",
    "reject_minute",
    "worker_reject_hour",
];
/// A server's clock is believed so far back from the arrival of its batch (a backlog that was shipped
/// late belongs to the time it was mined) and not a moment ahead.
const CLOCK_BACK: TimeDelta = TimeDelta::days(1);
/// Batches counted in one transaction.
const AT_ONCE: i64 = 512;
/// Name that workers above a user's limit share.
const OTHER: &str = "other";

/// Bounds of the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatisticsLimits {
    /// Workers a user may have; the rest are counted as `other`.
    pub workers_per_user: u32,
}

impl Store {
    pub(crate) async fn make_statistics_partitions(
        &self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<(), StoreError> {
        for table in TABLES {
            sqlx::query("SELECT make_partitions($1, $2, $3)")
                .bind(table)
                .bind(first)
                .bind(last)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }

    /// Counts the next batches of a sharechain that are not counted yet, and returns how many those
    /// were; 0 when all are. Call it every few seconds.
    pub async fn count_statistics(
        &self,
        sharechain: &str,
        limits: &StatisticsLimits,
    ) -> Result<u64, StoreError> {
        match self.try_count(sharechain, limits).await {
            Err(StoreError::Refused(error)) if no_partition(&error) => {
                let range = sqlx::query(
                    "SELECT min(arrived_at) AS first, max(arrived_at) AS last FROM share_batch b
                     JOIN statistics_head h USING (sharechain)
                     WHERE b.sharechain = $1 AND b.pos > h.pos AND b.pos <= h.pos + $2",
                )
                .bind(sharechain)
                .bind(AT_ONCE)
                .fetch_one(&self.pool)
                .await?;
                let first: Option<DateTime<Utc>> = range.try_get("first")?;
                let last: Option<DateTime<Utc>> = range.try_get("last")?;
                if let (Some(first), Some(last)) = (first, last) {
                    let first = (first - CLOCK_BACK).date_naive();
                    self.make_statistics_partitions(first, last.date_naive())
                        .await?;
                }
                self.try_count(sharechain, limits).await
            }
            result => result,
        }
    }

    async fn try_count(
        &self,
        sharechain: &str,
        limits: &StatisticsLimits,
    ) -> Result<u64, StoreError> {
        let mut tx = self.pool.begin().await?;
        let pos: Option<i64> =
            sqlx::query_scalar("SELECT pos FROM statistics_head WHERE sharechain = $1 FOR UPDATE")
                .bind(sharechain)
                .fetch_optional(&mut *tx)
                .await?;
        let pos = pos.ok_or_else(|| StoreError::UnknownSharechain(sharechain.to_owned()))?;
        let rows = sqlx::query(
            "SELECT pos, arrived_at, content FROM share_batch
             WHERE sharechain = $1 AND pos > $2 AND pos <= $3 ORDER BY pos",
        )
        .bind(sharechain)
        .bind(pos)
        .bind(pos + AT_ONCE)
        .fetch_all(&mut *tx)
        .await?;
        let Some(last) = rows.last() else {
            return Ok(0);
        };
        let last: i64 = last.try_get("pos")?;
        let mut tallies = Tallies::default();
        for row in &rows {
            let contents = BatchContents::decode(row.try_get("content")?)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
            tallies.add(&contents, row.try_get("arrived_at")?)?;
        }
        let tallies = bound_workers(&mut tx, tallies, limits).await?;
        write_workers(&mut tx, sharechain, &tallies).await?;
        write_ports(&mut tx, sharechain, &tallies).await?;
        write_rejects(&mut tx, sharechain, &tallies).await?;
        sqlx::query("UPDATE statistics_head SET pos = $2 WHERE sharechain = $1")
            .bind(sharechain)
            .bind(last)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        to_u64(last - pos, "a number of batches")
    }
}

/// Enters new workers, as many as each user may have, and puts the rest under `other`.
async fn bound_workers(
    connection: &mut PgConnection,
    tallies: Tallies,
    limits: &StatisticsLimits,
) -> Result<Tallies, StoreError> {
    let rejected = tallies.workers.keys().map(|(worker, _, _)| worker.clone());
    let all: BTreeSet<Worker> = tallies.seen.keys().cloned().chain(rejected).collect();
    let (users, workers): (Vec<String>, Vec<String>) = all.iter().cloned().unzip();
    let known: BTreeSet<Worker> = sqlx::query(
        "SELECT w.user_name, w.worker FROM worker w
         JOIN unnest($1, $2) AS n(user_name, worker) USING (user_name, worker)",
    )
    .bind(&users)
    .bind(&workers)
    .fetch_all(&mut *connection)
    .await?
    .iter()
    .map(|row| Ok((row.try_get("user_name")?, row.try_get("worker")?)))
    .collect::<Result<_, StoreError>>()?;
    let new: Vec<&Worker> = all.difference(&known).collect();
    let mut names = HashMap::new();
    if !new.is_empty() {
        let users: BTreeSet<&str> = new.iter().map(|(user, _)| user.as_str()).collect();
        let users: Vec<&str> = users.into_iter().collect();
        let mut counts: HashMap<String, i64> = sqlx::query(
            "SELECT user_name, count(*) AS n FROM worker WHERE user_name = ANY($1) GROUP BY 1",
        )
        .bind(users)
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("user_name")?, row.try_get("n")?)))
        .collect::<Result<_, StoreError>>()?;
        for worker in new {
            let count = counts.entry(worker.0.clone()).or_default();
            if *count < i64::from(limits.workers_per_user) {
                *count += 1;
            } else {
                names.insert(worker.clone(), (worker.0.clone(), OTHER.to_owned()));
            }
        }
    }
    let tallies = tallies.renamed(&names);
    let mut seen: BTreeMap<&Worker, DateTime<Utc>> = BTreeMap::new();
    for (worker, at) in &tallies.seen {
        seen.insert(worker, *at);
    }
    let users: Vec<&str> = seen.keys().map(|(user, _)| user.as_str()).collect();
    let workers: Vec<&str> = seen.keys().map(|(_, worker)| worker.as_str()).collect();
    let times: Vec<DateTime<Utc>> = seen.values().copied().collect();
    sqlx::query(
        "INSERT INTO worker (user_name, worker, first_seen, last_share)
         SELECT user_name, worker, at, at FROM unnest($1, $2, $3) AS w(user_name, worker, at)
         ORDER BY 1, 2
         ON CONFLICT (user_name, worker) DO UPDATE
         SET last_share = greatest(worker.last_share, excluded.last_share)",
    )
    .bind(users)
    .bind(workers)
    .bind(times)
    .execute(connection)
    .await?;
    Ok(tallies)
}
