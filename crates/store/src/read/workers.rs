//! Workers of a user.

use chrono::{DateTime, Utc};
use ngpool_chain::Work;
use sqlx::{Row, postgres::PgRow};

use crate::{
    LiveWorker, Store, StoreError,
    numeric::{Numeric, to_u32, to_u64},
};

/// A worker of a user, whether it is connected or not.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// The worker; empty for shares without one.
    pub worker: String,
    /// When its first share came; none when it never sent one.
    pub first_seen: Option<DateTime<Utc>>,
    /// The minute of its last counted share, accepted or not.
    pub last_share: Option<DateTime<Utc>>,
    /// Connections now, over all ports.
    pub connections: u32,
    /// Hashes per second now, as the servers estimate it.
    pub hash_rate: f64,
    /// Highest difficulty among its connections; for people.
    pub difficulty: f64,
    /// Shares since the time asked for.
    pub shares: u64,
    /// Their work.
    pub work: Work,
    /// Shares rejected since then.
    pub rejected: u64,
}

/// A connected worker with the port it is on.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveWorkerRow {
    /// The port.
    pub port: String,
    /// The sharechain.
    pub sharechain: String,
    /// The worker.
    pub live: LiveWorker,
    /// When the server said so.
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// The workers of a user by name, those after a name; shares and work since a time.
    pub async fn workers(
        &self,
        user: &str,
        since: DateTime<Utc>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<WorkerRow>, StoreError> {
        let rows = sqlx::query(
            "WITH live AS (
                 SELECT worker, sum(connections)::bigint AS connections, sum(hash_rate) AS hash_rate,
                        max(difficulty) AS difficulty, max(last_share) AS last_share
                 FROM live_worker WHERE user_name = $1 GROUP BY worker),
             page AS (
                 SELECT worker, w.first_seen, greatest(w.last_share, l.last_share) AS last_share,
                        l.connections, l.hash_rate, l.difficulty
                 FROM (SELECT worker, first_seen, last_share FROM worker WHERE user_name = $1) w FULL JOIN live l USING (worker)
                 WHERE $2::text IS NULL OR worker > $2 ORDER BY worker LIMIT $3)
             SELECT page.worker, page.first_seen, page.last_share, page.connections,
                    page.hash_rate, page.difficulty, coalesce(s.shares, 0)::bigint AS shares, coalesce(s.work, 0) AS work,
                    coalesce(s.rejected, 0)::bigint AS rejected
             FROM page LEFT JOIN LATERAL (
                 SELECT sum(shares) AS shares, sum(work) AS work, sum(rejected) AS rejected
                 FROM worker_minute m WHERE m.user_name = $1 AND m.worker = page.worker
                   AND m.bucket >= $4 AND m.day >= ($4 AT TIME ZONE 'UTC')::date) s ON true
             ORDER BY page.worker",
        )
        .bind(user)
        .bind(after)
        .bind(i64::from(limit))
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let connections: Option<i64> = row.try_get("connections")?;
                let hash_rate: Option<f64> = row.try_get("hash_rate")?;
                let difficulty: Option<f64> = row.try_get("difficulty")?;
                Ok(WorkerRow {
                    worker: row.try_get("worker")?,
                    first_seen: row.try_get("first_seen")?,
                    last_share: row.try_get("last_share")?,
                    connections: to_u32(connections.unwrap_or_default(), "connections")?,
                    hash_rate: hash_rate.unwrap_or_default(),
                    difficulty: difficulty.unwrap_or_default(),
                    shares: to_u64(row.try_get("shares")?, "a count")?,
                    work: row.try_get::<Numeric, _>("work")?.into(),
                    rejected: to_u64(row.try_get("rejected")?, "a count")?,
                })
            })
            .collect()
    }

    /// Whether a user was ever seen: has workers, credits or a balance.
    pub async fn knows_user(&self, user: &str) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM worker WHERE user_name = $1)
                 OR EXISTS (SELECT FROM live_worker WHERE user_name = $1)
                 OR EXISTS (SELECT FROM block_credit WHERE payee = $1)",
        )
        .bind(user)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Every connection's worker of a user, or of everybody, by (user, worker, port), at most `limit`.
    pub async fn live_workers(
        &self,
        user: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LiveWorkerRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT port, sharechain, user_name, worker, connections, difficulty, hash_rate, last_share,
                    user_agent, seen_at
             FROM live_worker WHERE $1::text IS NULL OR user_name = $1
             ORDER BY user_name, worker, port, producer LIMIT $2",
        )
        .bind(user)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_live).collect()
    }
}

fn read_live(row: &PgRow) -> Result<LiveWorkerRow, StoreError> {
    Ok(LiveWorkerRow {
        port: row.try_get("port")?,
        sharechain: row.try_get("sharechain")?,
        live: LiveWorker {
            user: row.try_get("user_name")?,
            worker: row.try_get("worker")?,
            connections: to_u32(
                i64::from(row.try_get::<i32, _>("connections")?),
                "connections",
            )?,
            difficulty: row.try_get("difficulty")?,
            hash_rate: row.try_get("hash_rate")?,
            last_share: row.try_get("last_share")?,
            user_agent: row.try_get("user_agent")?,
        },
        seen_at: row.try_get("seen_at")?,
    })
}
