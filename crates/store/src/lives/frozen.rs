//! The frozen split of a block.

use chrono::{DateTime, Utc};
use ngpool_accounting::{BlockSplit, Part};
use ngpool_chain::{BlockHash, Work};
use sqlx::{PgConnection, Row};

use super::WindowAudit;
use crate::{
    BlockKey, StoreError,
    numeric::{Numeric, to_i64},
};

pub(super) async fn freeze(
    connection: &mut PgConnection,
    block: &BlockKey,
    reward: i64,
    split: &BlockSplit,
    windows: &[WindowAudit],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    check_sum(block.hash, reward, split)?;
    let hash = block.hash.as_bytes().as_slice();
    for chain in &split.chains {
        let window = windows
            .iter()
            .find(|window| window.sharechain == chain.sharechain);
        let (length, work, bought, pos) = window
            .map_or((Work::ZERO, Work::ZERO, Work::ZERO, 0), |w| {
                (w.length, w.work, w.bought, w.oldest_pos)
            });
        sqlx::query(
            "INSERT INTO block_part (currency, hash, sharechain, split_work, win_length, win_work,
                                     win_pos, amount, fee, frozen_at, bonus, donation, reserve,
                                     win_bought)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(&chain.sharechain)
        .bind(Numeric(chain.split_work))
        .bind(Numeric::from(length))
        .bind(Numeric::from(work))
        .bind(to_i64(pos, "a position")?)
        .bind(to_i64(chain.amount, "an amount")?)
        .bind(to_i64(chain.fee, "an amount")?)
        .bind(at)
        .bind(to_i64(chain.bonus(), "an amount")?)
        .bind(to_i64(chain.donation(), "an amount")?)
        .bind(to_i64(chain.reserve, "an amount")?)
        .bind(Numeric::from(bought))
        .execute(&mut *connection)
        .await?;
        let payees: Vec<&str> = chain.parts.iter().map(|part| part.payee.as_str()).collect();
        let works: Vec<Numeric> = chain.parts.iter().map(|part| Numeric(part.work)).collect();
        let amounts = |of: fn(&Part) -> u64| {
            let parts = chain.parts.iter();
            parts
                .map(|part| to_i64(of(part), "an amount"))
                .collect::<Result<Vec<_>, _>>()
        };
        sqlx::query(
            "INSERT INTO block_credit
                 (currency, hash, sharechain, payee, work, amount, bonus, donation)
             SELECT $1, $2, $3, payee, work, amount, bonus, donation
             FROM unnest($4, $5, $6, $7, $8) AS c(payee, work, amount, bonus, donation)",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(&chain.sharechain)
        .bind(payees)
        .bind(works)
        .bind(amounts(|part| part.amount)?)
        .bind(amounts(|part| part.bonus)?)
        .bind(amounts(|part| part.donation)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// All reserves, fees, parts and donations are the reward, to the unit.
fn check_sum(hash: BlockHash, reward: i64, split: &BlockSplit) -> Result<(), StoreError> {
    let mut whole = 0_i128;
    for chain in &split.chains {
        let parts = chain.parts.iter();
        let parts: i128 = parts
            .map(|part| i128::from(part.amount) + i128::from(part.donation))
            .sum();
        let sum = parts + i128::from(chain.fee) + i128::from(chain.reserve);
        if sum != i128::from(chain.amount) {
            return Err(StoreError::SplitSum {
                hash,
                split: sum,
                reward,
            });
        }
        whole += sum;
    }
    if whole == i128::from(reward) {
        Ok(())
    } else {
        Err(StoreError::SplitSum {
            hash,
            split: whole,
            reward,
        })
    }
}

/// A split computed again must be the frozen one.
pub(super) async fn check_frozen(
    connection: &mut PgConnection,
    block: &BlockKey,
    split: &BlockSplit,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT c.sharechain, c.payee, c.work, c.amount, c.bonus, c.donation
         FROM block_credit c WHERE c.currency = $1 AND c.hash = $2
         UNION ALL
         SELECT p.sharechain, NULL, p.split_work, p.amount, p.fee, p.reserve
         FROM block_part p WHERE p.currency = $1 AND p.hash = $2",
    )
    .bind(&block.currency)
    .bind(block.hash.as_bytes().as_slice())
    .fetch_all(&mut *connection)
    .await?;
    let mut frozen = Vec::with_capacity(rows.len());
    for row in &rows {
        let work: Numeric = row.try_get("work")?;
        let mut amounts = [0; 3];
        for (amount, column) in amounts.iter_mut().zip(["amount", "bonus", "donation"]) {
            *amount = i128::from(row.try_get::<i64, _>(column)?);
        }
        frozen.push(Line {
            sharechain: row.try_get("sharechain")?,
            payee: row.try_get("payee")?,
            work: work.0,
            amounts,
        });
    }
    let mut given: Vec<Line> = Vec::with_capacity(frozen.len());
    for chain in &split.chains {
        given.push(Line {
            sharechain: chain.sharechain.clone(),
            payee: None,
            work: chain.split_work,
            amounts: [chain.amount, chain.fee, chain.reserve].map(i128::from),
        });
        given.extend(chain.parts.iter().map(|part| Line {
            sharechain: chain.sharechain.clone(),
            payee: Some(part.payee.as_str().to_owned()),
            work: part.work,
            amounts: [part.amount, part.bonus, part.donation].map(i128::from),
        }));
    }
    frozen.sort();
    given.sort();
    if frozen == given {
        Ok(())
    } else {
        Err(StoreError::SplitOtherwise(block.hash))
    }
}

/// A payee's line of a split, or the sharechain's own.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    sharechain: String,
    payee: Option<String>,
    work: u128,
    amounts: [i128; 3],
}
