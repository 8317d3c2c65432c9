//! Windows: the last N of work of a currency up to a cut, per user, to the unit.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use ngpool_chain::Work;
use sqlx::{PgConnection, Row, types::Json};

use super::{
    CurrencyWeight, FAN, Sums, content::key_contains, seal::decode, span, sums::SumsReader,
};
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
    /// Their sum and what was bought: the length of the window, or less when there was less.
    pub total: Work,
    /// Work in it that the reserve bought; it is no user's.
    pub bought: Work,
    /// The oldest position looked at; the cut's own when the window is empty.
    pub oldest_pos: u64,
}

/// What a user's work was worth to a currency when it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserWorth {
    /// Expected hashes.
    pub work: Work,
    /// Expected blocks and their value.
    pub weight: CurrencyWeight,
}

/// Which window.
#[derive(Debug, Clone, Copy)]
pub struct WindowQuery<'a> {
    /// The sharechain.
    pub sharechain: &'a str,
    /// The currency.
    pub currency: &'a str,
    /// Its last position.
    pub cut_pos: u64,
    /// It ends before this position, too: where a round began; 0 for all there is.
    pub after_pos: u64,
    /// So much work.
    pub length: Work,
    /// Work that the reserve bought: after the first position, up to the second; in order, and none
    /// in another.
    pub bought: &'a [(u64, u64)],
}

impl<'a> WindowQuery<'a> {
    /// The last `length` of work, none of it bought.
    pub const fn last(sharechain: &'a str, currency: &'a str, cut_pos: u64, length: Work) -> Self {
        Self {
            sharechain,
            currency,
            cut_pos,
            after_pos: 0,
            length,
            bought: &[],
        }
    }

    /// The positions down from one that are all bought or all not: whether they are, and the one
    /// before the lowest.
    fn stretch(&self, pos: u64) -> (bool, u64) {
        let below = self.bought.iter().rev().find(|(after, _)| *after < pos);
        let (is_bought, floor) = match below {
            Some((after, to)) if pos <= *to => (true, *after),
            Some((_, to)) => (false, *to),
            None => (false, 0),
        };
        (is_bought, floor.max(self.after_pos))
    }
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
    /// What of that the reserve bought.
    bought: u128,
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
        self.window(&WindowQuery::last(sharechain, currency, cut_pos, length))
            .await
    }

    /// The work of each user in a window, and what of it was bought. The same query gives the same
    /// answer for as long as the batches are kept, whatever arrives later and whatever is sealed.
    pub async fn window(&self, query: &WindowQuery<'_>) -> Result<WindowWork, StoreError> {
        let (sharechain, currency) = (query.sharechain, query.currency);
        let mut tx = self.snapshot().await?;
        let plan = plan(&mut tx, query).await?;
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
            bought: Work(plan.bought),
            oldest_pos: plan.oldest_pos,
        })
    }

    /// What the work of each user on a currency after one position and up to another was worth when it
    /// was done.
    pub async fn worth_between(
        &self,
        sharechain: &str,
        currency: &str,
        after: u64,
        to: u64,
    ) -> Result<BTreeMap<String, UserWorth>, StoreError> {
        let query = WindowQuery {
            after_pos: after,
            ..WindowQuery::last(sharechain, currency, to, Work(u128::MAX))
        };
        let mut tx = self.snapshot().await?;
        let plan = plan(&mut tx, &query).await?;
        let mut sums = Sums::default();
        let (levels, numbers): (Vec<i16>, Vec<i64>) = plan.chunks.iter().copied().unzip();
        let mut rows = sqlx::query(
            "SELECT c.sums, c.weights FROM unnest($2, $3) AS wanted(level, number)
             JOIN share_chunk c
               ON c.sharechain = $1 AND c.level = wanted.level AND c.number = wanted.number",
        )
        .bind(sharechain)
        .bind(levels)
        .bind(numbers)
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            sums.add_encoded(row.try_get("sums")?, row.try_get("weights")?)?;
        }
        drop(rows);
        let mut rows = sqlx::query(
            "SELECT b.content FROM unnest($2) AS wanted(pos)
             JOIN share_batch b ON b.sharechain = $1 AND b.pos = wanted.pos",
        )
        .bind(sharechain)
        .bind(&plan.batches)
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            sums.add_batch(&decode(row.try_get("content")?)?);
        }
        drop(rows);
        tx.commit().await?;
        Ok(sums.worth(currency))
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
            let query = WindowQuery::last(sharechain, currency, *pos, length);
            let plan = plan(&mut tx, &query).await?;
            return Ok(BTreeMap::from([(sharechain.clone(), Work(plan.filled))]));
        }
        let mut works: BTreeMap<String, Work> = cuts
            .iter()
            .map(|(sharechain, _)| (sharechain.clone(), Work::ZERO))
            .collect();
        let mut chains = Vec::with_capacity(cuts.len());
        for (sharechain, pos) in cuts {
            let first = first_pos(&mut tx, sharechain, currency).await?;
            let mut chain = Arrivals::new(sharechain, *pos, first);
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

/// The oldest position that a window needs; none when there is no work in it.
pub(super) async fn oldest_needed(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
    cut_pos: u64,
    length: Work,
) -> Result<Option<u64>, StoreError> {
    let query = WindowQuery::last(sharechain, currency, cut_pos, length);
    let plan = plan(connection, &query).await?;
    Ok((plan.filled > 0).then_some(plan.oldest_pos))
}

/// Position of a currency's first work on a sharechain; past every position while it has none.
async fn first_pos(
    connection: &mut PgConnection,
    sharechain: &str,
    currency: &str,
) -> Result<u64, StoreError> {
    let first: Option<i64> = sqlx::query_scalar(
        "SELECT first_pos FROM share_currency WHERE sharechain = $1 AND currency = $2",
    )
    .bind(sharechain)
    .bind(currency)
    .fetch_optional(connection)
    .await?;
    first.map_or(Ok(u64::MAX), |first| to_u64(first, "a position"))
}

/// Walks back from the cut over the totals alone, as far as the currency has any.
async fn plan(connection: &mut PgConnection, query: &WindowQuery<'_>) -> Result<Plan, StoreError> {
    let (sharechain, currency, length) = (query.sharechain, query.currency, query.length.0);
    let mut plan = Plan {
        oldest_pos: query.cut_pos,
        ..Plan::default()
    };
    let first = first_pos(connection, sharechain, currency).await?;
    let first = first.max(query.after_pos.saturating_add(1));
    let mut pos = query.cut_pos;
    while pos >= first && plan.filled < length {
        let left = length - plan.filled;
        let (is_bought, stretch) = query.stretch(pos);
        if let Some((level, number, work)) =
            largest_chunk(connection, query, (pos, stretch), left).await?
        {
            if work > 0 {
                plan.filled += work;
                if is_bought {
                    plan.bought += work;
                } else {
                    plan.chunks.push((level, to_i64(number, "a chunk number")?));
                }
            }
            pos = number * span(u8::try_from(level).unwrap_or_default());
            plan.oldest_pos = first.max(pos + 1);
            continue;
        }
        // Positions start at 1, and so does the first of them.
        let floor = ((pos - 1) / FAN * FAN).max(first - 1).max(stretch);
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
            if is_bought {
                let taken = work.min(left);
                plan.bought += taken;
                plan.filled += taken;
            } else if work > left {
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

/// The largest sealed chunk that ends at a position, reaches no further than its stretch, and holds no
/// more than fits.
async fn largest_chunk(
    connection: &mut PgConnection,
    query: &WindowQuery<'_>,
    (pos, stretch): (u64, u64),
    fits: u128,
) -> Result<Option<(i16, u64, u128)>, StoreError> {
    if !pos.is_multiple_of(FAN) {
        return Ok(None);
    }
    let rows = sqlx::query(
        "SELECT level, number, totals FROM share_chunk WHERE sharechain = $1 AND last_pos = $2
         ORDER BY level DESC",
    )
    .bind(query.sharechain)
    .bind(to_i64(pos, "a position")?)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let level: i16 = row.try_get("level")?;
        let number = to_u64(row.try_get("number")?, "a chunk number")?;
        let begins = number * span(u8::try_from(level).unwrap_or_default());
        let work = eligible(&row, query.currency)?;
        if work <= fits && begins >= stretch {
            return Ok(Some((level, number, work)));
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
    /// Next position to read.
    pos: u64,
    /// The last position to read.
    first: u64,
    /// Arrival and work, the newest last.
    page: Vec<(DateTime<Utc>, u128)>,
}

impl Arrivals {
    fn new(sharechain: &str, cut_pos: u64, first: u64) -> Self {
        Self {
            sharechain: sharechain.to_owned(),
            pos: cut_pos,
            first,
            page: Vec::new(),
        }
    }

    /// Reads pages until one has work of the currency in it, or all is read.
    async fn fill(
        &mut self,
        connection: &mut PgConnection,
        currency: &str,
    ) -> Result<(), StoreError> {
        while self.pos >= self.first && self.page.is_empty() {
            let rows = sqlx::query(
                "SELECT pos, arrived_at, totals FROM share_batch
                 WHERE sharechain = $1 AND pos <= $2 AND pos >= $3 ORDER BY pos DESC LIMIT $4",
            )
            .bind(&self.sharechain)
            .bind(to_i64(self.pos, "a position")?)
            .bind(to_i64(self.first, "a position")?)
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
