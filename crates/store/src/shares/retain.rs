//! What is kept and what goes: partitions ahead, partitions behind.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use ngpool_chain::Work;
use sqlx::Row;

use super::window::oldest_needed;
use crate::{
    Store, StoreError,
    numeric::{Numeric, to_i64, to_u64},
};

/// Days for which partitions are made ahead: a ledger that nobody looks after for a week still finds
/// a place for its batches, and one that finds none makes it.
const AHEAD: Days = Days::new(7);
/// Blocks that were reported and not split keep their window for as long.
const UNSPLIT_DAYS: Days = Days::new(7);

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days of batches kept at least, whatever the windows need: servers send again for a day.
    pub batch_days: u32,
    /// Days of statistics by the minute.
    pub minute_days: u32,
    /// Days of statistics by the hour, and of workers that are gone.
    pub hour_days: u32,
}

impl Store {
    pub(crate) async fn make_share_partitions(&self, at: DateTime<Utc>) -> Result<(), StoreError> {
        let day = at.date_naive();
        sqlx::query("SELECT make_partitions('share_batch', $1, $2)")
            .bind(day)
            .bind(day + AHEAD)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The currencies that a sharechain has work of, each with the network work that
    /// [`note_network_work`](Self::note_network_work) noted last; zero where nothing was noted.
    pub async fn currencies_with_work(
        &self,
        sharechain: &str,
    ) -> Result<BTreeMap<String, Work>, StoreError> {
        let rows =
            sqlx::query("SELECT currency, network_work FROM share_currency WHERE sharechain = $1")
                .bind(sharechain)
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                let work = row.try_get::<Numeric, _>("network_work")?.into();
                Ok((row.try_get("currency")?, work))
            })
            .collect()
    }

    /// Notes how hard a currency is, for a ledger that starts later. Without effect while the
    /// sharechain has no work of it.
    pub async fn note_network_work(
        &self,
        sharechain: &str,
        currency: &str,
        work: Work,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE share_currency SET network_work = $3
             WHERE sharechain = $1 AND currency = $2 AND network_work <> $3",
        )
        .bind(sharechain)
        .bind(currency)
        .bind(Numeric::from(work))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Records the oldest position that a sharechain needs: for each currency twice its longest
    /// window from the head, and from the cut of every block that is not split yet. A currency needs
    /// nothing from before its first work, and one without work needs nothing.
    ///
    /// `windows` holds each currency's longest window, not yet doubled. Returns the position.
    pub async fn keep_shares(
        &self,
        sharechain: &str,
        windows: &[(String, Work)],
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.keep_shares_from(sharechain, windows, u64::MAX, at)
            .await
    }

    /// The oldest position of the last two rounds of each of these currencies on a sharechain: what a
    /// chain that pays by rounds needs.
    pub async fn oldest_round(
        &self,
        sharechain: &str,
        currencies: &[String],
    ) -> Result<u64, StoreError> {
        // The open round began at the newest cut, the one before it at the cut below.
        let oldest: Option<i64> = sqlx::query_scalar(
            "SELECT min(coalesce((SELECT DISTINCT c.pos FROM cut c
                     WHERE c.currency = m.currency AND c.sharechain = $1
                     ORDER BY c.pos DESC OFFSET 1 LIMIT 1), 0))
             FROM unnest($2) AS m(currency)",
        )
        .bind(sharechain)
        .bind(currencies)
        .fetch_one(&self.pool)
        .await?;
        oldest.map_or(Ok(u64::MAX), |oldest| {
            Ok(to_u64(oldest, "a position")?.saturating_add(1))
        })
    }

    /// [`keep_shares`](Self::keep_shares), and everything from a position on.
    pub async fn keep_shares_from(
        &self,
        sharechain: &str,
        windows: &[(String, Work)],
        oldest: u64,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let head = self.head(sharechain).await?;
        let counted: Option<i64> =
            sqlx::query_scalar("SELECT pos FROM statistics_head WHERE sharechain = $1")
                .bind(sharechain)
                .fetch_optional(&self.pool)
                .await?;
        // What is not counted in the statistics is still to be read; so is an unsealed chunk.
        let mut from = to_u64(counted.unwrap_or_default(), "pos")? + 1;
        let sealed: Option<i64> = sqlx::query_scalar(
            "SELECT max(last_pos) FROM share_chunk WHERE sharechain = $1 AND level = 1",
        )
        .bind(sharechain)
        .fetch_one(&self.pool)
        .await?;
        from = from.min(to_u64(sealed.unwrap_or_default(), "pos")? + 1);

        from = from.min(oldest);

        let mut tx = self.snapshot().await?;
        // Work that a reserve buys is read when its period is closed, and the round of a block when it
        // is split.
        let bought: Option<i64> = sqlx::query_scalar(
            "SELECT least(
                 (SELECT min(pos) FROM pps_head WHERE sharechain = $1 AND buys),
                 (SELECT min(c.round_pos) FROM cut c JOIN block b USING (currency, hash)
                  WHERE c.sharechain = $1 AND c.method = '\"prop\"' AND b.accepted_at IS NULL
                    AND b.reported_at > $2))",
        )
        .bind(sharechain)
        .bind(at - UNSPLIT_DAYS)
        .fetch_one(&mut *tx)
        .await?;
        if let Some(pos) = bought {
            from = from.min(to_u64(pos, "a position")? + 1);
        }
        let cuts = sqlx::query(
            "SELECT c.currency, c.pos FROM cut c JOIN block b USING (currency, hash)
             WHERE c.sharechain = $1 AND b.accepted_at IS NULL AND b.reported_at > $2",
        )
        .bind(sharechain)
        .bind(at - UNSPLIT_DAYS)
        .fetch_all(&mut *tx)
        .await?;
        for (currency, length) in windows {
            let twice = length.saturating_add(*length);
            let mut ends = vec![head];
            for cut in &cuts {
                if cut.try_get::<&str, _>("currency")? == currency {
                    ends.push(to_u64(cut.try_get("pos")?, "a position")?);
                }
            }
            for end in ends {
                let needed = match oldest_needed(&mut tx, sharechain, currency, end, twice).await {
                    // Grown windows may want more than there is: then nothing more goes.
                    Err(StoreError::NotKept { .. }) => Some(0),
                    needed => needed?,
                };
                from = from.min(needed.unwrap_or(u64::MAX));
            }
        }
        tx.commit().await?;
        sqlx::query(
            "INSERT INTO share_keep (sharechain, from_pos) VALUES ($1, $2)
             ON CONFLICT (sharechain) DO UPDATE SET from_pos = greatest(share_keep.from_pos, $2)",
        )
        .bind(sharechain)
        .bind(to_i64(from, "a position")?)
        .execute(&self.pool)
        .await?;
        Ok(from)
    }

    /// Makes the partitions of the days to come and drops what is past its time: batches that no
    /// sharechain needs ([`keep_shares`](Self::keep_shares)), old statistics, workers that are gone.
    /// Returns the number of partitions dropped.
    pub async fn maintain(
        &self,
        retention: &Retention,
        at: DateTime<Utc>,
    ) -> Result<u32, StoreError> {
        let today = at.date_naive();
        self.make_share_partitions(at).await?;
        self.make_statistics_partitions(today, today + AHEAD)
            .await?;
        let back = |days: u32| today - Days::new(u64::from(days));
        let batches: i32 = sqlx::query_scalar("SELECT drop_share_partitions($1)")
            .bind(back(retention.batch_days))
            .fetch_one(&self.pool)
            .await?;
        let statistics: i32 = sqlx::query_scalar("SELECT drop_statistics($1, $2)")
            .bind(back(retention.minute_days))
            .bind(back(retention.hour_days))
            .fetch_one(&self.pool)
            .await?;
        sqlx::query("DELETE FROM worker WHERE last_share < $1")
            .bind(at - Days::new(u64::from(retention.hour_days)))
            .execute(&self.pool)
            .await?;
        Ok(u32::try_from(batches + statistics).unwrap_or_default())
    }
}
