//! The frozen split of a block.

use chrono::{DateTime, Utc};
use ngpool_accounting::BlockSplit;
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
        let (length, work, pos) = window.map_or((Work::ZERO, Work::ZERO, 0), |w| {
            (w.length, w.work, w.oldest_pos)
        });
        sqlx::query(
            "INSERT INTO block_part (currency, hash, sharechain, split_work, win_length, win_work,
                                     win_pos, amount, fee, frozen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
        .execute(&mut *connection)
        .await?;
        let payees: Vec<&str> = chain.parts.iter().map(|part| part.payee.as_str()).collect();
        let works: Vec<Numeric> = chain.parts.iter().map(|part| Numeric(part.work)).collect();
        let amounts = chain
            .parts
            .iter()
            .map(|part| to_i64(part.amount, "an amount"))
            .collect::<Result<Vec<_>, _>>()?;
        sqlx::query(
            "INSERT INTO block_credit (currency, hash, sharechain, payee, work, amount)
             SELECT $1, $2, $3, payee, work, amount
             FROM unnest($4, $5, $6) AS c(payee, work, amount)",
        )
        .bind(&block.currency)
        .bind(hash)
        .bind(&chain.sharechain)
        .bind(payees)
        .bind(works)
        .bind(amounts)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// All fees and parts are the reward, to the unit.
fn check_sum(hash: BlockHash, reward: i64, split: &BlockSplit) -> Result<(), StoreError> {
    let mut whole = 0_i128;
    for chain in &split.chains {
        let parts: i128 = chain.parts.iter().map(|part| i128::from(part.amount)).sum();
        let sum = parts + i128::from(chain.fee);
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
        "SELECT sharechain, payee, work, amount FROM block_credit WHERE currency = $1 AND hash = $2",
    )
    .bind(&block.currency)
    .bind(block.hash.as_bytes().as_slice())
    .fetch_all(&mut *connection)
    .await?;
    let mut frozen = Vec::with_capacity(rows.len());
    for row in &rows {
        let sharechain: String = row.try_get("sharechain")?;
        let payee: String = row.try_get("payee")?;
        let work: Numeric = row.try_get("work")?;
        let amount: i64 = row.try_get("amount")?;
        frozen.push((sharechain, payee, work.0, i128::from(amount)));
    }
    let mut given: Vec<_> = split
        .chains
        .iter()
        .flat_map(|chain| {
            chain.parts.iter().map(|part| {
                let payee = part.payee.as_str().to_owned();
                (
                    chain.sharechain.clone(),
                    payee,
                    part.work,
                    i128::from(part.amount),
                )
            })
        })
        .collect();
    frozen.sort();
    given.sort();
    if frozen == given {
        Ok(())
    } else {
        Err(StoreError::SplitOtherwise(block.hash))
    }
}
