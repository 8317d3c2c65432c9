//! What a person should look at: coinbases that pay others, scripts that no signer knows.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height, Txid};
use sqlx::Row;

use crate::{
    BlockKey, Store, StoreError,
    numeric::{to_block_hash, to_txid, to_u32},
};

/// A block of ours whose coinbase was not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnseenCoinbase {
    /// The block.
    pub hash: BlockHash,
    /// Its height.
    pub height: Height,
    /// Its coinbase.
    pub coinbase_txid: Txid,
    /// What it was reported to pay us.
    pub reward: Amount,
}

/// Which kind of alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// The coinbase of a block of ours pays somebody else too. Its subject is the block's hash.
    Coinbase,
    /// Blocks or the document pay a script for which no signer ever signed. Its subject is the script.
    Script,
}

impl AlarmKind {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coinbase => "coinbase",
            Self::Script => "script",
        }
    }
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its kind.
    pub kind: AlarmKind,
    /// A block's hash in internal order, or a script.
    pub subject: Vec<u8>,
    /// In words.
    pub what: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When an operator said that he looked.
    pub seen_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Blocks that are on a best chain and whose coinbase was not looked at, the oldest first.
    pub async fn unseen_coinbases(
        &self,
        currency: &str,
        limit: u32,
    ) -> Result<Vec<UnseenCoinbase>, StoreError> {
        let rows = sqlx::query(
            "SELECT hash, height, coinbase_txid, reward FROM block b
             WHERE currency = $1 AND (confirmations > 0 OR state IN ('accepted', 'mature'))
               AND NOT EXISTS (SELECT FROM coinbase_seen s
                   WHERE s.currency = b.currency AND s.hash = b.hash)
             ORDER BY height, hash LIMIT $2",
        )
        .bind(currency)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UnseenCoinbase {
                    hash: to_block_hash(row.try_get("hash")?)?,
                    height: Height(to_u32(row.try_get("height")?, "a height")?),
                    coinbase_txid: to_txid(row.try_get("coinbase_txid")?)?,
                    reward: Amount(row.try_get("reward")?),
                })
            })
            .collect()
    }

    /// Records that a block's coinbase was looked at, and the alarm if there is one.
    pub async fn record_coinbase(
        &self,
        block: &BlockKey,
        alarm: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let hash = block.hash.as_bytes().as_slice();
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO coinbase_seen (currency, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(&block.currency)
        .bind(hash)
        .execute(&mut *tx)
        .await?;
        if let Some(what) = alarm {
            sqlx::query(
                "INSERT INTO audit_alarm (currency, kind, subject, what, since)
                 VALUES ($1, 'coinbase', $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(&block.currency)
            .bind(hash)
            .bind(what)
            .bind(at)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Scripts of the keys of the signer that asked last, as it said; none when it said none.
    pub async fn signer_scripts(&self, currency: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let scripts: Vec<String> = sqlx::query_scalar(
            "SELECT s FROM signer_seen,
                 jsonb_array_elements_text(CASE jsonb_typeof(position->'scripts')
                     WHEN 'array' THEN position->'scripts' ELSE '[]' END) s
             WHERE currency = $1",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        // What is no script is none of ours.
        Ok(scripts
            .into_iter()
            .filter_map(|script| hex::decode(script).ok())
            .collect())
    }

    /// Which of these scripts no signer ever signed for, as an input or as change of its own. None
    /// while it signed nothing at all: then nothing is known of its keys.
    pub async fn scripts_never_signed(
        &self,
        currency: &str,
        scripts: &[Vec<u8>],
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT s.script FROM unnest($2) AS s(script)
             WHERE EXISTS (SELECT FROM payout_version
                     WHERE currency = $1 AND transaction IS NOT NULL)
               AND NOT EXISTS (SELECT FROM payout_input i
                     JOIN payout_version v USING (currency, number, version)
                     WHERE i.currency = $1 AND i.script = s.script AND v.transaction IS NOT NULL)
               AND NOT EXISTS (SELECT FROM payout_change c
                     JOIN payout_version v USING (currency, number, version)
                     WHERE c.currency = $1 AND c.script = s.script AND v.transaction IS NOT NULL)",
        )
        .bind(currency)
        .bind(scripts)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Writes the alarms about scripts: those that are not named any more are over.
    pub async fn set_script_alarms(
        &self,
        currency: &str,
        alarms: &[(Vec<u8>, String)],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let scripts: Vec<&[u8]> = alarms.iter().map(|(script, _)| script.as_slice()).collect();
        let texts: Vec<&str> = alarms.iter().map(|(_, text)| text.as_str()).collect();
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "DELETE FROM audit_alarm
             WHERE currency = $1 AND kind = 'script' AND subject <> ALL($2)",
        )
        .bind(currency)
        .bind(&scripts)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO audit_alarm (currency, kind, subject, what, since)
             SELECT $1, 'script', script, what, $4 FROM unnest($2, $3) AS a(script, what)
             ON CONFLICT DO NOTHING",
        )
        .bind(currency)
        .bind(&scripts)
        .bind(texts)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The alarms of a currency that nobody has looked at, the newest first; with `seen`, all.
    pub async fn alarms(
        &self,
        currency: &str,
        seen: bool,
        limit: u32,
    ) -> Result<Vec<Alarm>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, subject, what, since, seen_at FROM audit_alarm
             WHERE currency = $1 AND (seen_at IS NULL OR $2)
             ORDER BY since DESC, kind, subject LIMIT $3",
        )
        .bind(currency)
        .bind(seen)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let kind = match row.try_get("kind")? {
                    "coinbase" => AlarmKind::Coinbase,
                    _ => AlarmKind::Script,
                };
                Ok(Alarm {
                    kind,
                    subject: row.try_get("subject")?,
                    what: row.try_get("what")?,
                    since: row.try_get("since")?,
                    seen_at: row.try_get("seen_at")?,
                })
            })
            .collect()
    }

    /// An operator looked at the alarms of a currency. Returns how many there were.
    pub async fn alarms_seen(&self, currency: &str, at: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "UPDATE audit_alarm SET seen_at = $2 WHERE currency = $1 AND seen_at IS NULL",
        )
        .bind(currency)
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}
