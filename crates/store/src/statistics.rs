//! Statistics: every batch counted once, by minute and hour, by worker and port. They pay nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use ngpool_chain::Work;
use sqlx::{PgConnection, Row};

use crate::{
    Store, StoreError,
    error::no_partition,
    numeric::{Numeric, to_i64, to_u64},
    shares::BatchContents,
};

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

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    shares: u64,
    work: u128,
    rejected: u64,
    rejected_work: u128,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.shares = self.shares.saturating_add(other.shares);
        self.work = self.work.saturating_add(other.work);
        self.rejected = self.rejected.saturating_add(other.rejected);
        self.rejected_work = self.rejected_work.saturating_add(other.rejected_work);
    }
}

type Worker = (String, String);

/// What some batches add up to.
#[derive(Debug, Default)]
struct Tallies {
    /// By worker, minute and port.
    workers: BTreeMap<(Worker, DateTime<Utc>, String), Tally>,
    /// By worker, hour, port and reason.
    rejects: BTreeMap<(Worker, DateTime<Utc>, String, String), (u64, u128)>,
    /// By minute, port and reason.
    reasons: BTreeMap<(DateTime<Utc>, String, String), (u64, u128)>,
    /// When each worker's last share was, to the minute.
    seen: BTreeMap<Worker, DateTime<Utc>>,
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
                    self.make_statistics_partitions(first, last.date_naive()).await?;
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
        let pos: Option<i64> = sqlx::query_scalar(
            "SELECT pos FROM statistics_head WHERE sharechain = $1 FOR UPDATE",
        )
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
        let Some(last) = rows.last() else { return Ok(0) };
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

impl Tallies {
    fn add(&mut self, batch: &BatchContents, arrived: DateTime<Utc>) -> Result<(), StoreError> {
        let oldest = arrived - CLOCK_BACK;
        let believed = batch.closed_at >= oldest && batch.closed_at <= arrived;
        let at = if believed { batch.closed_at } else { arrived };
        let minute = start_of(at, TimeDelta::minutes(1))?;
        let hour = start_of(at, TimeDelta::hours(1))?;
        for slice in &batch.slices {
            let worker = (slice.user.clone(), slice.worker.clone());
            let seen = self.seen.entry(worker.clone()).or_insert(minute);
            *seen = minute.max(*seen);
            let tally = self.workers.entry((worker, minute, batch.port.clone())).or_default();
            tally.add(&Tally { shares: slice.shares, work: slice.work.0, ..Tally::default() });
        }
        for reject in &batch.rejects {
            let worker = (reject.user.clone(), reject.worker.clone());
            let (count, work) = (reject.count, reject.work.0);
            let port = batch.port.clone();
            let tally =
                self.workers.entry((worker.clone(), minute, port.clone())).or_default();
            tally.add(&Tally { rejected: count, rejected_work: work, ..Tally::default() });
            let reason = reject.reason.clone();
            let by_worker = (worker, hour, port.clone(), reason.clone());
            add_count(self.rejects.entry(by_worker).or_default(), count, work);
            add_count(self.reasons.entry((minute, port, reason)).or_default(), count, work);
        }
        Ok(())
    }

    /// The same with workers counted under other names.
    fn renamed(self, names: &HashMap<Worker, Worker>) -> Self {
        let name = |worker: Worker| names.get(&worker).cloned().unwrap_or(worker);
        let mut renamed = Self { reasons: self.reasons, ..Self::default() };
        for ((worker, minute, port), tally) in self.workers {
            renamed.workers.entry((name(worker), minute, port)).or_default().add(&tally);
        }
        for ((worker, hour, port, reason), (count, work)) in self.rejects {
            let total = renamed.rejects.entry((name(worker), hour, port, reason)).or_default();
            add_count(total, count, work);
        }
        for (worker, at) in self.seen {
            let seen = renamed.seen.entry(name(worker)).or_insert(at);
            *seen = at.max(*seen);
        }
        renamed
    }
}

fn add_count(total: &mut (u64, u128), count: u64, work: u128) {
    *total = (total.0.saturating_add(count), total.1.saturating_add(work));
}

fn start_of(at: DateTime<Utc>, span: TimeDelta) -> Result<DateTime<Utc>, StoreError> {
    at.duration_trunc(span).map_err(|_| StoreError::TooLarge("a time"))
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

async fn write_workers(
    connection: &mut PgConnection,
    sharechain: &str,
    tallies: &Tallies,
) -> Result<(), StoreError> {
    let mut hours: BTreeMap<(Worker, DateTime<Utc>, String), Tally> = BTreeMap::new();
    for ((worker, minute, port), tally) in &tallies.workers {
        let hour = start_of(*minute, TimeDelta::hours(1))?;
        hours.entry((worker.clone(), hour, port.clone())).or_default().add(tally);
    }
    const MINUTE: &str = "INSERT INTO worker_minute
             (user_name, worker, bucket, sharechain, port, day, shares, work, rejected, rejected_work)
         SELECT user_name, worker, bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date,
                shares, work, rejected, rejected_work
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9)
             AS t(user_name, worker, bucket, port, shares, work, rejected, rejected_work)
         ORDER BY 1, 2, 3, 5
         ON CONFLICT (user_name, worker, bucket, sharechain, port, day) DO UPDATE SET
             shares = worker_minute.shares + excluded.shares,
             work = worker_minute.work + excluded.work,
             rejected = worker_minute.rejected + excluded.rejected,
             rejected_work = worker_minute.rejected_work + excluded.rejected_work";
    const HOUR: &str = "INSERT INTO worker_hour
             (user_name, worker, bucket, sharechain, port, day, shares, work, rejected, rejected_work)
         SELECT user_name, worker, bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date,
                shares, work, rejected, rejected_work
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9)
             AS t(user_name, worker, bucket, port, shares, work, rejected, rejected_work)
         ORDER BY 1, 2, 3, 5
         ON CONFLICT (user_name, worker, bucket, sharechain, port, day) DO UPDATE SET
             shares = worker_hour.shares + excluded.shares,
             work = worker_hour.work + excluded.work,
             rejected = worker_hour.rejected + excluded.rejected,
             rejected_work = worker_hour.rejected_work + excluded.rejected_work";
    for (statement, rows) in [(MINUTE, &tallies.workers), (HOUR, &hours)] {
        let mut columns = Columns::default();
        let (mut users, mut workers) = (Vec::new(), Vec::new());
        for (((user, worker), bucket, port), tally) in rows {
            users.push(user.as_str());
            workers.push(worker.as_str());
            columns.push(*bucket, port, tally)?;
        }
        sqlx::query(statement)
            .bind(sharechain)
            .bind(users)
            .bind(workers)
            .bind(columns.buckets)
            .bind(columns.ports)
            .bind(columns.shares)
            .bind(columns.works)
            .bind(columns.rejected)
            .bind(columns.rejected_works)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn write_ports(
    connection: &mut PgConnection,
    sharechain: &str,
    tallies: &Tallies,
) -> Result<(), StoreError> {
    let mut minutes: BTreeMap<(DateTime<Utc>, String), Tally> = BTreeMap::new();
    let mut hours: BTreeMap<(DateTime<Utc>, String), Tally> = BTreeMap::new();
    for ((_, minute, port), tally) in &tallies.workers {
        minutes.entry((*minute, port.clone())).or_default().add(tally);
        let hour = start_of(*minute, TimeDelta::hours(1))?;
        hours.entry((hour, port.clone())).or_default().add(tally);
    }
    const MINUTE: &str = "INSERT INTO port_minute
             (bucket, sharechain, port, day, shares, work, rejected, rejected_work)
         SELECT bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date, shares, work, rejected, rejected_work
         FROM unnest($2, $3, $4, $5, $6, $7) AS t(bucket, port, shares, work, rejected, rejected_work)
         ORDER BY 1, 3
         ON CONFLICT (bucket, sharechain, port, day) DO UPDATE SET
             shares = port_minute.shares + excluded.shares,
             work = port_minute.work + excluded.work,
             rejected = port_minute.rejected + excluded.rejected,
             rejected_work = port_minute.rejected_work + excluded.rejected_work";
    const HOUR: &str = "INSERT INTO port_hour
             (bucket, sharechain, port, day, shares, work, rejected, rejected_work)
         SELECT bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date, shares, work, rejected, rejected_work
         FROM unnest($2, $3, $4, $5, $6, $7) AS t(bucket, port, shares, work, rejected, rejected_work)
         ORDER BY 1, 3
         ON CONFLICT (bucket, sharechain, port, day) DO UPDATE SET
             shares = port_hour.shares + excluded.shares,
             work = port_hour.work + excluded.work,
             rejected = port_hour.rejected + excluded.rejected,
             rejected_work = port_hour.rejected_work + excluded.rejected_work";
    for (statement, rows) in [(MINUTE, &minutes), (HOUR, &hours)] {
        let mut columns = Columns::default();
        for ((bucket, port), tally) in rows {
            columns.push(*bucket, port, tally)?;
        }
        sqlx::query(statement)
            .bind(sharechain)
            .bind(columns.buckets)
            .bind(columns.ports)
            .bind(columns.shares)
            .bind(columns.works)
            .bind(columns.rejected)
            .bind(columns.rejected_works)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn write_rejects(
    connection: &mut PgConnection,
    sharechain: &str,
    tallies: &Tallies,
) -> Result<(), StoreError> {
    let (mut buckets, mut ports, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    let (mut counts, mut works) = (Vec::new(), Vec::new());
    for ((bucket, port, reason), (count, work)) in &tallies.reasons {
        buckets.push(*bucket);
        ports.push(port.as_str());
        reasons.push(reason.as_str());
        counts.push(to_i64(*count, "a number of shares")?);
        works.push(Numeric(*work));
    }
    sqlx::query(
        "INSERT INTO reject_minute (bucket, sharechain, port, reason, day, count, work)
         SELECT bucket, $1, port, reason, (bucket AT TIME ZONE 'UTC')::date, count, work
         FROM unnest($2, $3, $4, $5, $6) AS t(bucket, port, reason, count, work) ORDER BY 1, 3, 4
         ON CONFLICT (bucket, sharechain, port, reason, day) DO UPDATE SET
             count = reject_minute.count + excluded.count, work = reject_minute.work + excluded.work",
    )
    .bind(sharechain)
    .bind(buckets)
    .bind(ports)
    .bind(reasons)
    .bind(counts)
    .bind(works)
    .execute(&mut *connection)
    .await?;

    let (mut users, mut workers, mut buckets) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ports, mut reasons) = (Vec::new(), Vec::new());
    let (mut counts, mut works) = (Vec::new(), Vec::new());
    for (((user, worker), bucket, port, reason), (count, work)) in &tallies.rejects {
        users.push(user.as_str());
        workers.push(worker.as_str());
        buckets.push(*bucket);
        ports.push(port.as_str());
        reasons.push(reason.as_str());
        counts.push(to_i64(*count, "a number of shares")?);
        works.push(Numeric(*work));
    }
    sqlx::query(
        "INSERT INTO worker_reject_hour
             (user_name, worker, bucket, sharechain, port, reason, day, count, work)
         SELECT user_name, worker, bucket, $1, port, reason, (bucket AT TIME ZONE 'UTC')::date, count, work
         FROM unnest($2, $3, $4, $5, $6, $7, $8)
             AS t(user_name, worker, bucket, port, reason, count, work) ORDER BY 1, 2, 3, 5, 6
         ON CONFLICT (user_name, worker, bucket, sharechain, port, reason, day) DO UPDATE SET
             count = worker_reject_hour.count + excluded.count,
             work = worker_reject_hour.work + excluded.work",
    )
    .bind(sharechain)
    .bind(users)
    .bind(workers)
    .bind(buckets)
    .bind(ports)
    .bind(reasons)
    .bind(counts)
    .bind(works)
    .execute(connection)
    .await?;
    Ok(())
}

/// Rows turned into the arrays that one statement takes.
#[derive(Default)]
struct Columns<'a> {
    buckets: Vec<DateTime<Utc>>,
    ports: Vec<&'a str>,
    shares: Vec<i64>,
    works: Vec<Numeric>,
    rejected: Vec<i64>,
    rejected_works: Vec<Numeric>,
}

impl<'a> Columns<'a> {
    fn push(
        &mut self,
        bucket: DateTime<Utc>,
        port: &'a str,
        tally: &Tally,
    ) -> Result<(), StoreError> {
        self.buckets.push(bucket);
        self.ports.push(port);
        self.shares.push(to_i64(tally.shares, "a number of shares")?);
        self.works.push(Work(tally.work).into());
        self.rejected.push(to_i64(tally.rejected, "a number of shares")?);
        self.rejected_works.push(Work(tally.rejected_work).into());
        Ok(())
    }
}
