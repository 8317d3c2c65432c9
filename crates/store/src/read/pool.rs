//! The pool as a whole: totals, sharechains, ports, nodes, jobs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::{BlockHash, Work};
use sqlx::Row;

use crate::{
    NodeStatus, ProducerId, Store, StoreError,
    live::read_node,
    numeric::{Numeric, to_array, to_block_hash, to_u32, to_u64},
};

/// The pool in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PoolTotals {
    /// When its first sharechain was opened; none before there is one.
    pub opened_at: Option<DateTime<Utc>>,
    /// Connections of all servers that spoke lately.
    pub connections: u64,
    /// Workers connected.
    pub workers: u64,
    /// Users connected.
    pub users: u64,
    /// Shares accepted since the time asked for.
    pub shares: u64,
    /// Their work.
    pub work: Work,
    /// Shares rejected since then.
    pub rejected: u64,
    /// Blocks by state, over all time.
    pub blocks: BTreeMap<String, u64>,
}

/// A sharechain as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharechainStatus {
    /// Its name.
    pub sharechain: String,
    /// Position of its newest batch.
    pub pos: u64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Connections of its servers.
    pub connections: u64,
    /// Workers connected.
    pub workers: u64,
    /// Shares since the time asked for.
    pub shares: u64,
    /// Their work.
    pub work: Work,
    /// Shares rejected since then.
    pub rejected: u64,
}

/// A port as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortStatus {
    /// Its name.
    pub port: String,
    /// The sharechain it ships to.
    pub sharechain: String,
    /// When that sharechain was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// Servers that spoke lately.
    pub servers: u64,
    /// Their connections.
    pub connections: u64,
    /// Workers connected.
    pub workers: u64,
    /// When a server spoke last.
    pub seen_at: Option<DateTime<Utc>>,
    /// Shares since the time asked for.
    pub shares: u64,
    /// Their work.
    pub work: Work,
    /// Shares rejected since then.
    pub rejected: u64,
}

/// The last run of a step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStep {
    /// Code of the currency.
    pub currency: String,
    /// The step.
    pub step: String,
    /// When it ran last.
    pub last_run: DateTime<Utc>,
    /// When it last succeeded.
    pub last_success: Option<DateTime<Utc>>,
    /// Why the last run failed; empty when it did not.
    pub error: String,
}

/// A journal that shipped batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerRow {
    /// The journal.
    pub producer: ProducerId,
    /// The sharechain it shipped to last.
    pub sharechain: String,
    /// The port it is of.
    pub port: String,
    /// The number wanted next.
    pub next: u64,
    /// When it shipped last.
    pub last_seen: DateTime<Utc>,
}

impl Store {
    /// Totals of the pool; shares and work since a time (to the minute).
    pub async fn pool_totals(&self, since: DateTime<Utc>) -> Result<PoolTotals, StoreError> {
        let mut tx = self.snapshot().await?;
        let live = sqlx::query(
            "SELECT (SELECT coalesce(sum(connections), 0) FROM live_port) AS connections,
                    count(DISTINCT (user_name, worker)) AS workers,
                    count(DISTINCT user_name) AS users,
                    (SELECT min(created_at) FROM sharechain_head) AS opened_at FROM live_worker",
        )
        .fetch_one(&mut *tx)
        .await?;
        let work = sqlx::query(
            "SELECT coalesce(sum(shares), 0)::bigint AS shares, coalesce(sum(work), 0) AS work,
                    coalesce(sum(rejected), 0)::bigint AS rejected
             FROM port_minute WHERE bucket >= $1 AND day >= ($1 AT TIME ZONE 'UTC')::date",
        )
        .bind(since)
        .fetch_one(&mut *tx)
        .await?;
        let blocks = sqlx::query("SELECT state, count(*) AS n FROM block GROUP BY state")
            .fetch_all(&mut *tx)
            .await?
            .iter()
            .map(|row| Ok((row.try_get("state")?, to_u64(row.try_get("n")?, "a count")?)))
            .collect::<Result<_, StoreError>>()?;
        tx.commit().await?;
        Ok(PoolTotals {
            opened_at: live.try_get("opened_at")?,
            connections: to_u64(live.try_get("connections")?, "a count")?,
            workers: to_u64(live.try_get("workers")?, "a count")?,
            users: to_u64(live.try_get("users")?, "a count")?,
            shares: to_u64(work.try_get("shares")?, "a count")?,
            work: work.try_get::<Numeric, _>("work")?.into(),
            rejected: to_u64(work.try_get("rejected")?, "a count")?,
            blocks,
        })
    }

    /// Every sharechain that has a book; shares and work since a time.
    pub async fn sharechains(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<SharechainStatus>, StoreError> {
        let rows = sqlx::query(
            "SELECT h.sharechain, h.pos, h.created_at,
                    (SELECT coalesce(sum(connections), 0) FROM live_port p
                        WHERE p.sharechain = h.sharechain) AS connections,
                    (SELECT count(DISTINCT (user_name, worker)) FROM live_worker w
                        WHERE w.sharechain = h.sharechain) AS workers,
                    coalesce(s.shares, 0)::bigint AS shares, coalesce(s.work, 0) AS work,
                    coalesce(s.rejected, 0)::bigint AS rejected
             FROM sharechain_head h
             LEFT JOIN (SELECT sharechain, sum(shares) AS shares, sum(work) AS work,
                               sum(rejected) AS rejected
                        FROM port_minute WHERE bucket >= $1 AND day >= ($1 AT TIME ZONE 'UTC')::date
                        GROUP BY sharechain) s USING (sharechain)
             ORDER BY h.sharechain",
        )
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SharechainStatus {
                    sharechain: row.try_get("sharechain")?,
                    pos: to_u64(row.try_get("pos")?, "a position")?,
                    created_at: row.try_get("created_at")?,
                    connections: to_u64(row.try_get("connections")?, "a count")?,
                    workers: to_u64(row.try_get("workers")?, "a count")?,
                    shares: to_u64(row.try_get("shares")?, "a count")?,
                    work: row.try_get::<Numeric, _>("work")?.into(),
                    rejected: to_u64(row.try_get("rejected")?, "a count")?,
                })
            })
            .collect()
    }

    /// Every port with servers connected now or shares since a time.
    pub async fn ports(&self, since: DateTime<Utc>) -> Result<Vec<PortStatus>, StoreError> {
        let rows = sqlx::query(
            "WITH live AS (
                 SELECT port, sharechain, count(*) AS servers, sum(connections) AS connections,
                        max(seen_at) AS seen_at FROM live_port GROUP BY port, sharechain),
             worked AS (
                 SELECT port, sharechain, sum(shares) AS shares, sum(work) AS work,
                        sum(rejected) AS rejected
                 FROM port_minute WHERE bucket >= $1 AND day >= ($1 AT TIME ZONE 'UTC')::date
                 GROUP BY port, sharechain)
             SELECT port, sharechain, h.created_at AS opened_at,
                    coalesce(l.servers, 0) AS servers,
                    coalesce(l.connections, 0) AS connections, l.seen_at,
                    (SELECT count(DISTINCT (user_name, worker)) FROM live_worker w
                        WHERE w.port = coalesce(l.port, k.port)) AS workers,
                    coalesce(k.shares, 0)::bigint AS shares, coalesce(k.work, 0) AS work,
                    coalesce(k.rejected, 0)::bigint AS rejected
             FROM live l FULL JOIN worked k USING (port, sharechain)
             LEFT JOIN sharechain_head h USING (sharechain)
             ORDER BY port, sharechain",
        )
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PortStatus {
                    port: row.try_get("port")?,
                    sharechain: row.try_get("sharechain")?,
                    opened_at: row.try_get("opened_at")?,
                    servers: to_u64(row.try_get("servers")?, "a count")?,
                    connections: to_u64(row.try_get("connections")?, "a count")?,
                    workers: to_u64(row.try_get("workers")?, "a count")?,
                    seen_at: row.try_get("seen_at")?,
                    shares: to_u64(row.try_get("shares")?, "a count")?,
                    work: row.try_get::<Numeric, _>("work")?.into(),
                    rejected: to_u64(row.try_get("rejected")?, "a count")?,
                })
            })
            .collect()
    }

    /// Every node a job has asked.
    pub async fn nodes(&self) -> Result<Vec<NodeStatus>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, node, state, reason, height, headers, best_hash, chain_work, peers,
                    daemon_version, bits, template_at, seen_at
             FROM node_status ORDER BY currency, node",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_node).collect()
    }

    /// The last run of each step of each job.
    pub async fn job_steps(&self) -> Result<Vec<JobStep>, StoreError> {
        let rows = sqlx::query(
            "SELECT currency, step, last_run, last_success, error FROM job_step
             ORDER BY currency, step",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(JobStep {
                    currency: row.try_get("currency")?,
                    step: row.try_get("step")?,
                    last_run: row.try_get("last_run")?,
                    last_success: row.try_get("last_success")?,
                    error: row.try_get("error")?,
                })
            })
            .collect()
    }

    /// Every currency that has books, with the genesis hash they are bound to.
    pub async fn currencies(&self) -> Result<BTreeMap<String, BlockHash>, StoreError> {
        let rows = sqlx::query("SELECT code, genesis FROM currency")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row.try_get("code")?,
                    to_block_hash(row.try_get("genesis")?)?,
                ))
            })
            .collect()
    }

    /// The journals that ever shipped to a sharechain, the newest first, at most `limit`.
    pub async fn producers(
        &self,
        sharechain: &str,
        limit: u32,
    ) -> Result<Vec<ProducerRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, sharechain, port, next, last_seen FROM producer
             WHERE sharechain = $1 ORDER BY last_seen DESC, id LIMIT $2",
        )
        .bind(sharechain)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ProducerRow {
                    producer: ProducerId(to_array(row.try_get("id")?, "a producer")?),
                    sharechain: row.try_get("sharechain")?,
                    port: row.try_get("port")?,
                    next: to_u64(row.try_get("next")?, "a batch number")?,
                    last_seen: row.try_get("last_seen")?,
                })
            })
            .collect()
    }

    /// Servers that are connected now, over all sharechains.
    pub async fn live_ports(&self) -> Result<Vec<crate::LivePort>, StoreError> {
        let rows = sqlx::query(
            "SELECT producer, sharechain, port, connections, seen_at FROM live_port
             ORDER BY port, producer",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(crate::LivePort {
                    producer: ProducerId(to_array(row.try_get("producer")?, "a producer")?),
                    sharechain: row.try_get("sharechain")?,
                    port: row.try_get("port")?,
                    connections: to_u32(
                        i64::from(row.try_get::<i32, _>("connections")?),
                        "connections",
                    )?,
                    seen_at: row.try_get("seen_at")?,
                })
            })
            .collect()
    }
}
