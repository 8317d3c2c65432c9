//! Tallies into tables: one statement a table, whatever the number of rows.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_chain::Work;
use sqlx::PgConnection;

use super::tally::{Tallies, Tally, WorkerKey, start_of};
use crate::{
    StoreError,
    numeric::{Numeric, to_i64},
};

/// Adds to the rows of workers. The statements differ only in the table, which cannot be a parameter.
macro_rules! add_to_workers {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " AS old
                 (user_name, worker, bucket, sharechain, port, day, shares, work, rejected, rejected_work)
             SELECT user_name, worker, bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date,
                    shares, work, rejected, rejected_work
             FROM unnest($2, $3, $4, $5, $6, $7, $8, $9)
                 AS t(user_name, worker, bucket, port, shares, work, rejected, rejected_work)
             ORDER BY 1, 2, 3, 5
             ON CONFLICT (user_name, worker, bucket, sharechain, port, day) DO UPDATE SET
                 shares = old.shares + excluded.shares, work = old.work + excluded.work,
                 rejected = old.rejected + excluded.rejected,
                 rejected_work = old.rejected_work + excluded.rejected_work"
        )
    };
}
/// The same for the rows of ports.
macro_rules! add_to_ports {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " AS old (bucket, sharechain, port, day, shares, work, rejected, rejected_work)
             SELECT bucket, $1, port, (bucket AT TIME ZONE 'UTC')::date,
                    shares, work, rejected, rejected_work
             FROM unnest($2, $3, $4, $5, $6, $7)
                 AS t(bucket, port, shares, work, rejected, rejected_work)
             ORDER BY 1, 3
             ON CONFLICT (bucket, sharechain, port, day) DO UPDATE SET
                 shares = old.shares + excluded.shares, work = old.work + excluded.work,
                 rejected = old.rejected + excluded.rejected,
                 rejected_work = old.rejected_work + excluded.rejected_work"
        )
    };
}

pub(super) async fn write_workers(
    connection: &mut PgConnection,
    sharechain: &str,
    tallies: &Tallies,
) -> Result<(), StoreError> {
    let mut hours: BTreeMap<WorkerKey, Tally> = BTreeMap::new();
    for ((worker, minute, port), tally) in &tallies.workers {
        let hour = start_of(*minute, TimeDelta::hours(1))?;
        hours
            .entry((worker.clone(), hour, port.clone()))
            .or_default()
            .add(tally);
    }
    let tables = [
        (add_to_workers!("worker_minute"), &tallies.workers),
        (add_to_workers!("worker_hour"), &hours),
    ];
    for (statement, rows) in tables {
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

pub(super) async fn write_ports(
    connection: &mut PgConnection,
    sharechain: &str,
    tallies: &Tallies,
) -> Result<(), StoreError> {
    let mut minutes: BTreeMap<(DateTime<Utc>, String), Tally> = BTreeMap::new();
    let mut hours: BTreeMap<(DateTime<Utc>, String), Tally> = BTreeMap::new();
    for ((_, minute, port), tally) in &tallies.workers {
        minutes
            .entry((*minute, port.clone()))
            .or_default()
            .add(tally);
        let hour = start_of(*minute, TimeDelta::hours(1))?;
        hours.entry((hour, port.clone())).or_default().add(tally);
    }
    let tables = [
        (add_to_ports!("port_minute"), &minutes),
        (add_to_ports!("port_hour"), &hours),
    ];
    for (statement, rows) in tables {
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

pub(super) async fn write_rejects(
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
        self.shares
            .push(to_i64(tally.shares, "a number of shares")?);
        self.works.push(Work(tally.work).into());
        self.rejected
            .push(to_i64(tally.rejected, "a number of shares")?);
        self.rejected_works.push(Work(tally.rejected_work).into());
        Ok(())
    }
}
