//! What is true now: who is connected, how the nodes are, what the jobs did last.

use chrono::{DateTime, Utc};
use ngpool_chain::{BlockHash, Height};
use sqlx::{PgConnection, Row};

use crate::{
    ProducerId, Store, StoreError,
    numeric::{to_block_hash, to_i64, to_u32},
};

/// A server of a port, as its last round said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivePort {
    /// The server's journal.
    pub producer: ProducerId,
    /// The sharechain it ships to.
    pub sharechain: String,
    /// The port.
    pub port: String,
    /// Connections.
    pub connections: u32,
    /// When it said so.
    pub seen_at: DateTime<Utc>,
}

/// A worker that is connected.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveWorker {
    /// The account or address.
    pub user: String,
    /// The worker.
    pub worker: String,
    /// Connections.
    pub connections: u32,
    /// Difficulty, for people.
    pub difficulty: f64,
    /// Hashes per second over the last minutes, as the server estimates it.
    pub hash_rate: f64,
    /// When the last share came.
    pub last_share: Option<DateTime<Utc>>,
    /// What the miner calls itself.
    pub user_agent: String,
}

/// What a job found out about a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeStatus {
    /// Code of its currency.
    pub currency: String,
    /// Name of the node.
    pub node: String,
    /// Such as `ready` or `syncing`.
    pub state: String,
    /// Why it is not ready.
    pub reason: String,
    /// Height of its best chain.
    pub height: Height,
    /// Headers it knows.
    pub headers: Height,
    /// Its tip.
    pub best_hash: Option<BlockHash>,
    /// Work of its best chain, 32 bytes big-endian.
    pub chain_work: Option<Vec<u8>>,
    /// Peers.
    pub peers: u32,
    /// What the daemon calls itself.
    pub daemon_version: String,
    /// Compact target of its next block.
    pub bits: u32,
    /// When its newest template came.
    pub template_at: Option<DateTime<Utc>>,
    /// When it was asked.
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// Takes part of a round of a server: who is connected to it now. `last` ends the round: whoever
    /// was not in it is gone. The caller bounds the number of workers.
    pub async fn report_live(
        &self,
        port: &LivePort,
        round: u64,
        workers: &[LiveWorker],
        last: bool,
    ) -> Result<(), StoreError> {
        let round = to_i64(round, "a round")?;
        let connections =
            i32::try_from(port.connections).map_err(|_| StoreError::TooLarge("connections"))?;
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO live_port (producer, sharechain, port, connections, round, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (producer) DO UPDATE SET sharechain = excluded.sharechain,
                 port = excluded.port, connections = excluded.connections, round = excluded.round,
                 seen_at = excluded.seen_at",
        )
        .bind(port.producer.0.as_slice())
        .bind(&port.sharechain)
        .bind(&port.port)
        .bind(connections)
        .bind(round)
        .bind(port.seen_at)
        .execute(&mut *tx)
        .await?;
        upsert_workers(&mut tx, port, round, workers).await?;
        if last {
            sqlx::query("DELETE FROM live_worker WHERE producer = $1 AND round <> $2")
                .bind(port.producer.0.as_slice())
                .bind(round)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets servers of a sharechain that said nothing since a time, and their workers.
    pub async fn forget_live(
        &self,
        sharechain: &str,
        before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "WITH gone AS (
                 DELETE FROM live_port WHERE sharechain = $1 AND seen_at < $2 RETURNING producer)
             DELETE FROM live_worker w USING gone WHERE w.producer = gone.producer",
        )
        .bind(sharechain)
        .bind(before)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Workers that all servers of a sharechain list now.
    pub async fn live_worker_count(&self, sharechain: &str) -> Result<u64, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM live_worker WHERE sharechain = $1")
                .bind(sharechain)
                .fetch_one(&self.pool)
                .await?;
        crate::numeric::to_u64(count, "a count")
    }

    /// Records how a node is.
    pub async fn record_node(&self, node: &NodeStatus) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO node_status (currency, node, state, reason, height, headers, best_hash,
                 chain_work, peers, daemon_version, bits, template_at, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (currency, node) DO UPDATE SET
                 state = excluded.state, reason = excluded.reason, height = excluded.height,
                 headers = excluded.headers, best_hash = excluded.best_hash,
                 chain_work = excluded.chain_work, peers = excluded.peers,
                 daemon_version = excluded.daemon_version, bits = excluded.bits,
                 template_at = excluded.template_at, seen_at = excluded.seen_at",
        )
        .bind(&node.currency)
        .bind(&node.node)
        .bind(&node.state)
        .bind(&node.reason)
        .bind(i64::from(node.height.0))
        .bind(i64::from(node.headers.0))
        .bind(
            node.best_hash
                .as_ref()
                .map(|hash| hash.as_bytes().as_slice()),
        )
        .bind(node.chain_work.as_deref())
        .bind(i32::try_from(node.peers).map_err(|_| StoreError::TooLarge("peers"))?)
        .bind(&node.daemon_version)
        .bind(i64::from(node.bits))
        .bind(node.template_at)
        .bind(node.seen_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets nodes of a currency other than these.
    pub async fn keep_nodes(&self, currency: &str, nodes: &[String]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM node_status WHERE currency = $1 AND node <> ALL($2)")
            .bind(currency)
            .bind(nodes)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// When a step of a currency's job ran last, and why it failed then; none when it never ran.
    pub async fn last_step(
        &self,
        currency: &str,
        step: &str,
    ) -> Result<Option<(DateTime<Utc>, String)>, StoreError> {
        let row =
            sqlx::query("SELECT last_run, error FROM job_step WHERE currency = $1 AND step = $2")
                .bind(currency)
                .bind(step)
                .fetch_optional(&self.pool)
                .await?;
        row.map(|row| Ok((row.try_get("last_run")?, row.try_get("error")?)))
            .transpose()
    }

    /// Records the end of a step of a job: `error` is empty when it succeeded.
    pub async fn record_step(
        &self,
        currency: &str,
        step: &str,
        error: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO job_step (currency, step, last_run, last_success, error)
             VALUES ($1, $2, $3, CASE WHEN $4 = '' THEN $3 END, $4)
             ON CONFLICT (currency, step) DO UPDATE SET last_run = excluded.last_run,
                 last_success = coalesce(excluded.last_success, job_step.last_success),
                 error = excluded.error",
        )
        .bind(currency)
        .bind(step)
        .bind(at)
        .bind(error)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

async fn upsert_workers(
    connection: &mut PgConnection,
    port: &LivePort,
    round: i64,
    workers: &[LiveWorker],
) -> Result<(), StoreError> {
    if workers.is_empty() {
        return Ok(());
    }
    let connections: Vec<i32> = workers
        .iter()
        .map(|w| i32::try_from(w.connections))
        .collect::<Result<_, _>>()
        .map_err(|_| StoreError::TooLarge("connections"))?;
    // A worker named twice in one call would touch its row twice in one statement.
    sqlx::query(
        "INSERT INTO live_worker (producer, user_name, worker, sharechain, port, connections,
             difficulty, hash_rate, last_share, user_agent, round, seen_at)
         SELECT DISTINCT ON (user_name, worker) $1, user_name, worker, $2, $3, connections,
             difficulty, hash_rate, last_share, user_agent, $4, $5
         FROM unnest($6, $7, $8, $9, $10, $11, $12)
             AS w(user_name, worker, connections, difficulty, hash_rate, last_share, user_agent)
         ORDER BY user_name, worker
         ON CONFLICT (producer, user_name, worker) DO UPDATE SET
             sharechain = excluded.sharechain, port = excluded.port,
             connections = excluded.connections, difficulty = excluded.difficulty,
             hash_rate = excluded.hash_rate, last_share = excluded.last_share,
             user_agent = excluded.user_agent, round = excluded.round, seen_at = excluded.seen_at",
    )
    .bind(port.producer.0.as_slice())
    .bind(&port.sharechain)
    .bind(&port.port)
    .bind(round)
    .bind(port.seen_at)
    .bind(workers.iter().map(|w| w.user.as_str()).collect::<Vec<_>>())
    .bind(
        workers
            .iter()
            .map(|w| w.worker.as_str())
            .collect::<Vec<_>>(),
    )
    .bind(connections)
    .bind(workers.iter().map(|w| w.difficulty).collect::<Vec<_>>())
    .bind(workers.iter().map(|w| w.hash_rate).collect::<Vec<_>>())
    .bind(workers.iter().map(|w| w.last_share).collect::<Vec<_>>())
    .bind(
        workers
            .iter()
            .map(|w| w.user_agent.as_str())
            .collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) fn read_node(row: &sqlx::postgres::PgRow) -> Result<NodeStatus, StoreError> {
    let best_hash: Option<&[u8]> = row.try_get("best_hash")?;
    Ok(NodeStatus {
        currency: row.try_get("currency")?,
        node: row.try_get("node")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        height: Height(to_u32(row.try_get("height")?, "a height")?),
        headers: Height(to_u32(row.try_get("headers")?, "a height")?),
        best_hash: best_hash.map(to_block_hash).transpose()?,
        chain_work: row.try_get("chain_work")?,
        peers: to_u32(i64::from(row.try_get::<i32, _>("peers")?), "peers")?,
        daemon_version: row.try_get("daemon_version")?,
        bits: to_u32(row.try_get("bits")?, "a compact target")?,
        template_at: row.try_get("template_at")?,
        seen_at: row.try_get("seen_at")?,
    })
}
