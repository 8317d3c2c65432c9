//! Windows: the last N of work of a currency up to a cut, per user, to the unit.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use ngpool_chain::Work;
use sqlx::{PgConnection, Row, types::Json};

use super::{FAN, content::key_contains, seal::decode, span, sums::SumsReader};
use crate::{
    Store, StoreError,
    numeric::{to_i64, to_u64},
};

/// Rows of a page when batches of several sharechains are merged.
const MERGE_PAGE: i64 = 1_024;

/// Work in a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WindowWork {
    /// Work per user; nobody with none.
    pub users: BTreeMap<String, Work>,
    /// Their sum: the length of the window, or less when there was less.
    pub total: Work,
    /// The oldest position looked at; the cut's own when the window is empty.
    pub oldest_pos: u64,
}

/// What a window is made of.
#[derive(Debug, Default)]
struct Plan {
    /// (level, number) of whole chunks.
    chunks: Vec<(i16, i64)>,
    /// Positions of whole batches.
    batches: Vec<i64>,
    /// A batch of which the newest slices count, for so much work.
    partial: Option<(i64, u128)>,
    filled: u128,
    oldest_pos: u64,
}

impl Store {
    /// The work of each user in the last `length` of work that a currency had on a sharechain up to a
    /// position. The same arguments give the same answer for as long as the batches are kept, whatever
    /// arrives later and whatever is sealed.
    pub async fn work_in_window(
        &self,
        sharechain: &str,
        currency: &str,
        cut_pos: u64,
        length: Work,
    ) -> Result<WindowWork, StoreError> {
        let mut tx = self.snapshot().await?;
        let plan = plan(&mut tx, sharechain, currency, cut_pos, length.0).await?;
        let mut users = HashMap::new();
        add_chunks(&mut tx, sharechain, currency, &plan, &mut users).await?;
        add_batches(&mut tx, sharechain, currency, &plan, &mut users).await?;
        tx.commit().await?;
        Ok(WindowWork {
            users: users
                .into_iter()
                .map(|(user, work)| (user, Work(work)))
                .collect(),
            total: Work(plan.filled),
            oldest_pos: plan.oldest_pos,
        })
    }

    /// How the last `length` of a currency's work over several sharechains, each up to its cut, is
    /// divided between them. Sharechains have no common order of positions, so their batches are
    /// merged by arrival, each chain in its own order: stored facts, the same for whoever asks.
    pub async fn work_by_sharechain(
        &self,
        currency: &str,
        cuts: &[(String, u64)],
        length: Work,
    ) -> Result<BTreeMap<String, Work>, StoreError> {
        let mut tx = self.snapshot().await?;
        if let [(sharechain, pos)] = cuts {
            let plan = plan(&mut tx, sharechain, currency, *pos, length.0).await?;
            return Ok(BTreeMap::from([(sharechain.clone(), Work(plan.filled))]));
        }
        let mut works: BTreeMap<String, Work> = cuts
            .iter()
            .map(|(sharechain, _)| (sharechain.clone(), Work::ZERO))
            .collect();
        let mut chains = Vec::with_capacity(cuts.len());
        for (sharechain, pos) in cuts {
            let mut chain = Arrivals::new(sharechain, *pos);
            chain.fill(&mut tx, currency).await?;
            chains.push(chain);
        }
        let mut left = length.0;
        while left > 0 {
            // The newest arrival; of equal ones the later name, so that the order is total.
            let newest = chains
                .iter_mut()
                .filter(|chain| !chain.page.is_empty())
                .max_by_key(|chain| {
                    (
                        chain.page.last().map(|(at, _)| *at),
                        chain.sharechain.clone(),
                    )
                });
            let Some(chain) = newest else { break };
            let Some((_, work)) = chain.page.pop() else {
                break;
            };
            let taken = work.min(left);
            left -= taken;
            if let Some(total) = works.get_mut(&chain.sharechain) {
                *total = total.saturating_add(Work(taken));
            }
            if chain.page.is_empty() {
                chain.fill(&mut tx, currency).await?;
            }
        }
        tx.commit().await?;
        Ok(works)
    }

    /// A transaction that sees one state of the database and changes none.
    pub(crate) async fn snapshot(
        &self,
    ) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, StoreError> {
        Ok(self
            .pool
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?)
    }
}

/// The oldest position that a window needs.
pub(super) async fn oldest_needed(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    cut_pos: u64,
    length: Work,
) -> Result<u64, StoreError> {
    Ok(plan(connection, sharechain, currency, cut_pos, length.0)
        .await?
        .oldest_pos)
}

/// Walks back from the cut over the totals alone.
async fn plan(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    cut_pos: u64,
    length: u128,
) -> Result<Plan, StoreError> {
    let mut plan = Plan {
        oldest_pos: cut_pos,
        ..Plan::default()
    };
    let mut pos = cut_pos;
    while pos > 0 && plan.filled < length {
        let left = length - plan.filled;
        if let Some((level, number, work)) =
            largest_chunk(connection, sharechain, currency, pos, left).await?
        {
            if work > 0 {
                plan.chunks.push((level, to_i64(number, "a chunk number")?));
                plan.filled += work;
            }
            pos = number * span(u8::try_from(level).unwrap_or_default());
            plan.oldest_pos = pos + 1;
            continue;
        }
        let floor = (pos - 1) / FAN * FAN;
        let rows = sqlx::query(
            "SELECT pos, totals FROM share_batch WHERE sharechain = $1 AND pos > $2 AND pos <= $3
             ORDER BY pos DESC",
        )
        .bind(sharechain)
        .bind(to_i64(floor, "a position")?)
        .bind(to_i64(pos, "a position")?)
        .fetch_all(&mut *connection)
        .await?;
        let mut rows = rows.iter();
        while pos > floor && plan.filled < length {
            let left = length - plan.filled;
            let row = rows.next().ok_or_else(|| not_kept(sharechain, pos))?;
            let at: i64 = row.try_get("pos")?;
            if to_u64(at, "a position")? != pos {
                return Err(not_kept(sharechain, pos));
            }
            let work = eligible(row, currency)?;
            plan.oldest_pos = pos;
            if work > left {
                plan.partial = Some((at, left));
                plan.filled = length;
            } else if work > 0 {
                plan.batches.push(at);
                plan.filled += work;
            }
            pos -= 1;
        }
    }
    Ok(plan)
}

/// The largest sealed chunk that ends at a position and holds no more than fits.
async fn largest_chunk(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    pos: u64,
    fits: u128,
) -> Result<Option<(i16, u64, u128)>, StoreError> {
    if !pos.is_multiple_of(FAN) {
        return Ok(None);
    }
    let rows = sqlx::query(
        "SELECT level, number, totals FROM share_chunk WHERE sharechain = $1 AND last_pos = $2
         ORDER BY level DESC",
    )
    .bind(sharechain)
    .bind(to_i64(pos, "a position")?)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let work = eligible(&row, currency)?;
        if work <= fits {
            let number = to_u64(row.try_get("number")?, "a chunk number")?;
            return Ok(Some((row.try_get("level")?, number, work)));
        }
    }
    Ok(None)
}

/// Work of a row's totals that was done on a currency, alone or with others.
fn eligible(row: &sqlx::postgres::PgRow, currency: &str) -> Result<u128, StoreError> {
    let Json(totals): Json<BTreeMap<String, String>> = row.try_get("totals")?;
    totals
        .iter()
        .filter(|(set, _)| key_contains(set, currency))
        .try_fold(0_u128, |sum, (_, work)| {
            let work: u128 = work
                .parse()
                .map_err(|_| StoreError::Damaged(format!("a total of {work}")))?;
            Ok(sum.saturating_add(work))
        })
}

async fn add_chunks(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    plan: &Plan,
    users: &mut HashMap<String, u128>,
) -> Result<(), StoreError> {
    let (levels, numbers): (Vec<i16>, Vec<i64>) = plan.chunks.iter().copied().unzip();
    let mut rows = sqlx::query(
        "SELECT c.sums FROM unnest($2, $3) AS wanted(level, number)
         JOIN share_chunk c ON c.sharechain = $1 AND c.level = wanted.level AND c.number = wanted.number",
    )
    .bind(sharechain)
    .bind(levels)
    .bind(numbers)
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let reader = SumsReader::new(row.try_get("sums")?)?;
        let counts: Vec<bool> = reader
            .sets
            .iter()
            .map(|set| key_contains(set, currency))
            .collect();
        for entry in reader {
            let entry = entry?;
            if counts.get(entry.set).copied().unwrap_or_default() {
                add(users, entry.user, entry.work);
            }
        }
    }
    Ok(())
}

async fn add_batches(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    plan: &Plan,
    users: &mut HashMap<String, u128>,
) -> Result<(), StoreError> {
    let mut wanted = plan.batches.clone();
    wanted.extend(plan.partial.map(|(pos, _)| pos));
    let mut rows = sqlx::query(
        "SELECT b.pos, b.content FROM unnest($2) AS wanted(pos)
         JOIN share_batch b ON b.sharechain = $1 AND b.pos = wanted.pos",
    )
    .bind(sharechain)
    .bind(wanted)
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let pos: i64 = row.try_get("pos")?;
        let contents = decode(row.try_get("content")?)?;
        let counts: Vec<bool> = contents
            .sets
            .iter()
            .map(|set| set.contains(currency))
            .collect();
        let mut left = match plan.partial {
            Some((partial, left)) if partial == pos => left,
            _ => u128::MAX,
        };
        for slice in contents.slices.iter().rev() {
            if !counts.get(slice.set).copied().unwrap_or_default() {
                continue;
            }
            let taken = slice.work.0.min(left);
            if taken == 0 && left == 0 {
                break;
            }
            left -= taken;
            add(users, &slice.user, taken);
        }
    }
    Ok(())
}

fn add(users: &mut HashMap<String, u128>, user: &str, work: u128) {
    if work == 0 {
        return;
    }
    match users.get_mut(user) {
        Some(total) => *total = total.saturating_add(work),
        None => {
            users.insert(user.to_owned(), work);
        }
    }
}

fn not_kept(sharechain: &str, pos: u64) -> StoreError {
    StoreError::NotKept {
        sharechain: sharechain.to_owned(),
        pos,
    }
}

/// Batches of one sharechain from its cut backwards.
struct Arrivals {
    sharechain: String,
    /// Next position to read; 0 when all are.
    pos: u64,
    /// Arrival and work, the newest last.
    page: Vec<(DateTime<Utc>, u128)>,
}

impl Arrivals {
    fn new(sharechain: &str, cut_pos: u64) -> Self {
        Self {
            sharechain: sharechain.to_owned(),
            pos: cut_pos,
            page: Vec::new(),
        }
    }

    /// Reads pages until one has work of the currency in it, or all is read.
    async fn fill(
        &mut self,
        connection: &mut PgConnection,
        currency: &str,
    ) -> Result<(), StoreError> {
        while self.pos > 0 && self.page.is_empty() {
            let rows = sqlx::query(
                "SELECT pos, arrived_at, totals FROM share_batch
                 WHERE sharechain = $1 AND pos <= $2 ORDER BY pos DESC LIMIT $3",
            )
            .bind(&self.sharechain)
            .bind(to_i64(self.pos, "a position")?)
            .bind(MERGE_PAGE)
            .fetch_all(&mut *connection)
            .await?;
            if rows.is_empty() {
                return Err(not_kept(&self.sharechain, self.pos));
            }
            for row in &rows {
                if to_u64(row.try_get("pos")?, "a position")? != self.pos {
                    return Err(not_kept(&self.sharechain, self.pos));
                }
                self.pos -= 1;
                let work = eligible(row, currency)?;
                if work > 0 {
                    self.page.push((row.try_get("arrived_at")?, work));
                }
            }
            self.page.reverse();
        }
        Ok(())
    }
}
