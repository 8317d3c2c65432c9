//! Work over time, and what was rejected.

use chrono::{DateTime, Utc};
use ngpool_chain::Work;
use sqlx::{Row, postgres::PgRow};

use crate::{
    Store, StoreError,
    numeric::{Numeric, to_u64},
};

/// Whose work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    Pool,
    /// That of a sharechain.
    Sharechain(String),
    /// That of a port.
    Port(String),
    /// That of a user.
    User(String),
    /// That of a user's worker.
    Worker {
        /// The account or address.
        user: String,
        /// The worker.
        worker: String,
    },
}

/// Length of a step of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

impl Resolution {
    /// Its length in seconds: work / seconds is a hash rate.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
        }
    }
}

/// A step of a series. Steps without shares are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPoint {
    /// Start of the step.
    pub at: DateTime<Utc>,
    /// Shares accepted.
    pub shares: u64,
    /// Their work, in expected hashes.
    pub work: Work,
    /// Shares rejected.
    pub rejected: u64,
    /// The work they claimed.
    pub rejected_work: Work,
}

/// Rejected shares of one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectRow {
    /// Such as `stale`.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// The work they claimed.
    pub work: Work,
}

/// Statements differ only in the table, which cannot be a parameter.
macro_rules! port_series {
    ($table:literal) => {
        concat!(
            "SELECT bucket, sum(shares)::bigint AS shares, sum(work) AS work,
                    sum(rejected)::bigint AS rejected, sum(rejected_work) AS rejected_work
             FROM ",
            $table,
            " WHERE bucket >= $1 AND bucket < $2
                AND day BETWEEN ($1 AT TIME ZONE 'UTC')::date AND ($2 AT TIME ZONE 'UTC')::date
                AND ($3::text IS NULL OR sharechain = $3) AND ($4::text IS NULL OR port = $4)
             GROUP BY bucket ORDER BY bucket"
        )
    };
}
macro_rules! worker_series {
    ($table:literal) => {
        concat!(
            "SELECT bucket, sum(shares)::bigint AS shares, sum(work) AS work,
                    sum(rejected)::bigint AS rejected, sum(rejected_work) AS rejected_work
             FROM ",
            $table,
            " WHERE bucket >= $1 AND bucket < $2
                AND day BETWEEN ($1 AT TIME ZONE 'UTC')::date AND ($2 AT TIME ZONE 'UTC')::date
                AND user_name = $3 AND ($4::text IS NULL OR worker = $4)
             GROUP BY bucket ORDER BY bucket"
        )
    };
}

impl Store {
    /// Work by minute or hour, from a time (included) to another (left out), the oldest first.
    pub async fn series(
        &self,
        scope: &Scope,
        resolution: Resolution,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        let (statement, first, second) = match (scope, resolution) {
            (Scope::User(user), Resolution::Minute) => {
                (worker_series!("worker_minute"), Some(user), None)
            }
            (Scope::User(user), Resolution::Hour) => {
                (worker_series!("worker_hour"), Some(user), None)
            }
            (Scope::Worker { user, worker }, Resolution::Minute) => {
                (worker_series!("worker_minute"), Some(user), Some(worker))
            }
            (Scope::Worker { user, worker }, Resolution::Hour) => {
                (worker_series!("worker_hour"), Some(user), Some(worker))
            }
            (scope, resolution) => {
                let statement = match resolution {
                    Resolution::Minute => port_series!("port_minute"),
                    Resolution::Hour => port_series!("port_hour"),
                };
                match scope {
                    Scope::Sharechain(sharechain) => (statement, Some(sharechain), None),
                    Scope::Port(port) => (statement, None, Some(port)),
                    _ => (statement, None, None),
                }
            }
        };
        let rows = sqlx::query(statement)
            .bind(from)
            .bind(to)
            .bind(first)
            .bind(second)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read_point).collect()
    }

    /// Rejected shares by reason between two times, the most frequent first. For users and workers
    /// whole hours are counted.
    pub async fn rejects(
        &self,
        scope: &Scope,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RejectRow>, StoreError> {
        let ports =
            "SELECT reason, sum(count)::bigint AS count, sum(work) AS work FROM reject_minute
             WHERE bucket >= $1 AND bucket < $2 AND day >= ($1 AT TIME ZONE 'UTC')::date
               AND ($3::text IS NULL OR sharechain = $3) AND ($4::text IS NULL OR port = $4)
             GROUP BY reason ORDER BY 2 DESC, 1";
        let workers = "SELECT reason, sum(count)::bigint AS count, sum(work) AS work
             FROM worker_reject_hour
             WHERE bucket >= $1 AND bucket < $2 AND day >= ($1 AT TIME ZONE 'UTC')::date
               AND user_name = $3 AND ($4::text IS NULL OR worker = $4)
             GROUP BY reason ORDER BY 2 DESC, 1";
        let (statement, first, second) = match scope {
            Scope::Pool => (ports, None, None),
            Scope::Sharechain(sharechain) => (ports, Some(sharechain), None),
            Scope::Port(port) => (ports, None, Some(port)),
            Scope::User(user) => (workers, Some(user), None),
            Scope::Worker { user, worker } => (workers, Some(user), Some(worker)),
        };
        let rows = sqlx::query(statement)
            .bind(from)
            .bind(to)
            .bind(first)
            .bind(second)
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(RejectRow {
                    reason: row.try_get("reason")?,
                    count: to_u64(row.try_get("count")?, "a count")?,
                    work: row.try_get::<Numeric, _>("work")?.into(),
                })
            })
            .collect()
    }
}

fn read_point(row: &PgRow) -> Result<SeriesPoint, StoreError> {
    Ok(SeriesPoint {
        at: row.try_get("bucket")?,
        shares: to_u64(row.try_get("shares")?, "a count")?,
        work: row.try_get::<Numeric, _>("work")?.into(),
        rejected: to_u64(row.try_get("rejected")?, "a count")?,
        rejected_work: row.try_get::<Numeric, _>("rejected_work")?.into(),
    })
}
