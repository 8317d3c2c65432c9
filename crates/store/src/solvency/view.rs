//! What an audit compares: every output that the chain has or the books hold, and every account, as
//! they stood at one moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ngpool_chain::{BlockHash, Height, Txid};
use sqlx::{PgConnection, Row, postgres::PgRow};

use crate::{
    Account, BlockState, ChainOutput, Store, StoreError,
    follow::{read_output, tip},
    numeric::{to_block_hash, to_txid, to_u32, to_u64},
};

/// Why an output is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoinOrigin {
    /// The coinbase of a block of ours.
    Block {
        /// The block.
        hash: BlockHash,
        /// Its height.
        height: Height,
        /// Where it is in its life.
        state: BlockState,
        /// Whether the output is part of the reward; false for one to another script of ours.
        rewarded: bool,
    },
    /// The change of a payout that confirmed in this transaction.
    Change {
        /// The payout.
        payout: u64,
    },
    /// Somebody's, or the change of a payout that is not confirmed.
    Other {
        /// Whether it is booked to `unallocated`.
        booked: bool,
    },
}

/// An output of ours that the chain and the books may see differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCoin {
    /// The output.
    pub output: ChainOutput,
    /// Why it is ours.
    pub origin: CoinOrigin,
    /// The block of the followed chain that created it.
    pub created: Option<(Height, BlockHash)>,
    /// The block of the followed chain that spends it, and the transaction.
    pub spent: Option<(Height, BlockHash, Txid)>,
    /// The chain has an output of this name, but it is that of another block of ours: one job that was
    /// solved twice makes two blocks with one coinbase. What nodes say of the name is not about this.
    pub is_twin: bool,
    /// The books took it in.
    pub came: bool,
    /// The books gave it away: to the confirmed payout of this number.
    pub gone: Option<u64>,
}

/// A currency as an audit finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditView {
    /// The newest block that was followed; none before the first.
    pub tip: Option<(Height, BlockHash)>,
    /// What every account holds, the payees' summed.
    pub balances: Balances,
    /// Outputs that are unspent on the followed chain, or that chain and books see differently.
    pub coins: Vec<AuditCoin>,
    /// Transactions of the followed chain that spend such outputs and are a version of a payout,
    /// recognised by all inputs and outputs: the payout's number.
    pub payouts: BTreeMap<Txid, u64>,
}

/// The accounts of a currency, as far as an audit tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balances {
    /// Coins held: minus the sum of the utxo accounts.
    pub coins: i64,
    /// Rewards of blocks that are not mature.
    pub immature: i64,
    /// What payees can be paid.
    pub payees: i64,
    /// What is theirs and held back.
    pub held: i64,
    /// What payouts carry.
    pub in_flight: i64,
    /// The pool's accounts.
    pub pool: BTreeMap<Account, i64>,
}

impl fmt::Display for CoinOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block { hash, .. } => write!(f, "coinbase of block {hash}"),
            Self::Change { payout } => write!(f, "change of payout {payout}"),
            Self::Other { .. } => f.write_str("deposit"),
        }
    }
}

impl Store {
    /// What there is to audit of a currency, read at one moment.
    pub async fn audit_view(&self, currency: &str) -> Result<AuditView, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .execute(&mut *tx)
            .await?;
        let coins = coins(&mut tx, currency).await?;
        let view = AuditView {
            tip: tip(&mut tx, currency).await?,
            balances: balances(&mut tx, currency).await?,
            payouts: payouts(&mut tx, currency, &coins).await?,
            coins,
        };
        tx.commit().await?;
        Ok(view)
    }
}

async fn balances(connection: &mut PgConnection, currency: &str) -> Result<Balances, StoreError> {
    let rows = sqlx::query(
        "SELECT account, amount FROM balance
             WHERE currency = $1 AND kind <> 'payee' AND kind <> 'block' AND amount <> 0
         UNION ALL
         SELECT CASE WHEN kind = 'block' THEN 'block' WHEN account LIKE '%:held' THEN 'held'
                     ELSE 'payee' END, sum(amount)::bigint
             FROM balance WHERE currency = $1 AND kind IN ('payee', 'block') GROUP BY 1",
    )
    .bind(currency)
    .fetch_all(connection)
    .await?;
    let mut balances = Balances::default();
    for row in &rows {
        let (name, amount): (&str, i64) = (row.try_get("account")?, row.try_get("amount")?);
        let place = match name {
            "block" => &mut balances.immature,
            "held" => &mut balances.held,
            "payee" => &mut balances.payees,
            _ => match name.parse()? {
                Account::UtxoCoinbase | Account::UtxoSpendable | Account::UtxoReserved => {
                    balances.coins = balances
                        .coins
                        .checked_sub(amount)
                        .ok_or(StoreError::TooLarge("a sum of amounts"))?;
                    continue;
                }
                Account::Payout(_) => &mut balances.in_flight,
                account => balances.pool.entry(account).or_default(),
            },
        };
        *place = place
            .checked_add(amount)
            .ok_or(StoreError::TooLarge("a sum of amounts"))?;
    }
    Ok(balances)
}

/// Outputs that were spent by the payout that the books confirmed are final and left out, so that the
/// answer does not grow with the years.
async fn coins(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Vec<AuditCoin>, StoreError> {
    let rows = sqlx::query(
        "WITH coin AS (
             SELECT o.txid, o.vout, o.amount, o.script, o.coinbase, o.created_height, o.created_hash,
                    o.spent_height, o.spent_hash, o.spent_txid, o.booked,
                    NULL::bytea AS of_block, false AS is_twin
             FROM chain_output o
             WHERE o.currency = $1
               AND NOT EXISTS (SELECT FROM payout p
                   JOIN payout_input i ON i.currency = p.currency AND i.number = p.number
                       AND i.version = p.confirmed_version
                   WHERE p.currency = o.currency AND p.state = 'confirmed'
                     AND p.confirmed_txid = o.spent_txid AND i.txid = o.txid AND i.vout = o.vout)
             UNION ALL
             -- A coinbase that the followed chain never had, or has as that of another block: of one
             -- coinbase, the output belongs to the block that made it, else to the one in the books.
             SELECT b.coinbase_txid, b.coinbase_vout, b.reward, b.script, true, NULL, NULL,
                    NULL, NULL, NULL, false, b.hash, mine.hash IS NOT NULL
             FROM block b
             LEFT JOIN LATERAL (SELECT x.hash FROM chain_output o
                 JOIN block x ON x.currency = o.currency AND x.coinbase_txid = o.txid
                 WHERE o.currency = b.currency AND o.txid = b.coinbase_txid
                 ORDER BY x.hash IS NOT DISTINCT FROM o.created_hash DESC,
                          x.state IN ('accepted', 'mature') DESC, x.hash
                 LIMIT 1) mine ON true
             WHERE b.currency = $1 AND b.state IN ('accepted', 'mature') AND b.reward > 0
               AND mine.hash IS DISTINCT FROM b.hash)
         SELECT c.*, b.hash, b.height, b.state, coalesce(b.script = c.script, false) AS rewarded,
                change.number AS change_of, gone.number AS gone_to
         FROM coin c
         LEFT JOIN LATERAL (SELECT b.hash, b.height, b.state, b.script FROM block b
             WHERE b.currency = $1 AND b.coinbase_txid = c.txid
             ORDER BY b.hash IS NOT DISTINCT FROM coalesce(c.of_block, c.created_hash) DESC,
                      b.state IN ('accepted', 'mature') DESC, b.hash
             LIMIT 1) b ON true
         LEFT JOIN LATERAL (SELECT p.number FROM payout p
             JOIN payout_change x ON x.currency = p.currency AND x.number = p.number
                 AND x.version = p.confirmed_version
             WHERE p.currency = $1 AND p.state = 'confirmed' AND p.confirmed_txid = c.txid
               AND x.vout = c.vout LIMIT 1) change ON true
         LEFT JOIN LATERAL (SELECT p.number FROM payout_input i
             JOIN payout p ON p.currency = i.currency AND p.number = i.number
                 AND p.confirmed_version = i.version
             WHERE i.currency = $1 AND i.txid = c.txid AND i.vout = c.vout
               AND p.state = 'confirmed' LIMIT 1) gone ON true
         ORDER BY c.txid, c.vout",
    )
    .bind(currency)
    .fetch_all(connection)
    .await?;
    let coins = rows.iter().map(read_coin);
    coins
        .filter(|coin| {
            !coin
                .as_ref()
                .is_ok_and(|coin| coin.created.is_none() && !coin.came && coin.gone.is_none())
        })
        .collect()
}

async fn payouts(
    connection: &mut PgConnection,
    currency: &str,
    coins: &[AuditCoin],
) -> Result<BTreeMap<Txid, u64>, StoreError> {
    let spenders: BTreeSet<Txid> = coins
        .iter()
        .filter_map(|coin| coin.spent.map(|(_, _, by)| by))
        .collect();
    let spenders: Vec<&[u8]> = spenders
        .iter()
        .map(|txid| txid.as_bytes().as_slice())
        .collect();
    let rows = sqlx::query(
        "SELECT s.txid, first.number
         FROM chain_spender s
         JOIN payout_input first ON first.currency = s.currency AND first.place = 0
             AND first.txid = s.in_txids[1] AND first.vout = s.in_vouts[1]
         CROSS JOIN LATERAL (SELECT array_agg(i.txid ORDER BY i.place) AS txids,
                                    array_agg(i.vout ORDER BY i.place) AS vouts
             FROM payout_input i WHERE i.currency = s.currency AND i.number = first.number
               AND i.version = first.version) i
         CROSS JOIN LATERAL (SELECT array_agg(o.amount ORDER BY o.amount, o.script) AS amounts,
                                    array_agg(o.script ORDER BY o.amount, o.script) AS scripts
             FROM (SELECT amount, script FROM payout_part
                       WHERE currency = s.currency AND number = first.number
                   UNION ALL
                   SELECT amount, script FROM payout_change
                       WHERE currency = s.currency AND number = first.number
                         AND version = first.version) o) o
         CROSS JOIN LATERAL (SELECT array_agg(c.amount ORDER BY c.amount, c.script) AS amounts,
                                    array_agg(c.script ORDER BY c.amount, c.script) AS scripts
             FROM unnest(s.out_amounts, s.out_scripts) AS c(amount, script)) c
         WHERE s.currency = $1 AND s.txid = ANY($2)
           AND i.txids = s.in_txids AND i.vouts = s.in_vouts
           AND o.amounts = c.amounts AND o.scripts = c.scripts",
    )
    .bind(currency)
    .bind(spenders)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let number = to_u64(row.try_get("number")?, "a payout number")?;
            Ok((to_txid(row.try_get("txid")?)?, number))
        })
        .collect()
}

fn read_coin(row: &PgRow) -> Result<AuditCoin, StoreError> {
    let output = read_output(row)?;
    let booked: bool = row.try_get("booked")?;
    let block: Option<&[u8]> = row.try_get("hash")?;
    let change: Option<i64> = row.try_get("change_of")?;
    let gone: Option<i64> = row.try_get("gone_to")?;
    let origin = match (block, change) {
        (Some(hash), _) => CoinOrigin::Block {
            hash: to_block_hash(hash)?,
            height: Height(to_u32(row.try_get("height")?, "a height")?),
            state: row.try_get::<&str, _>("state")?.parse()?,
            rewarded: row.try_get("rewarded")?,
        },
        (None, Some(payout)) => CoinOrigin::Change {
            payout: to_u64(payout, "a payout number")?,
        },
        (None, None) => CoinOrigin::Other { booked },
    };
    let came = booked
        || match origin {
            CoinOrigin::Block {
                state, rewarded, ..
            } => rewarded && matches!(state, BlockState::Accepted | BlockState::Mature),
            CoinOrigin::Change { .. } => true,
            CoinOrigin::Other { .. } => false,
        };
    Ok(AuditCoin {
        output,
        origin,
        created: place(row, "created_height", "created_hash")?,
        spent: match place(row, "spent_height", "spent_hash")? {
            Some((height, hash)) => {
                let by: Option<&[u8]> = row.try_get("spent_txid")?;
                let by = by.map(to_txid).transpose()?;
                by.map(|by| (height, hash, by))
            }
            None => None,
        },
        is_twin: row.try_get("is_twin")?,
        came,
        gone: gone
            .map(|number| to_u64(number, "a payout number"))
            .transpose()?,
    })
}

fn place(row: &PgRow, height: &str, hash: &str) -> Result<Option<(Height, BlockHash)>, StoreError> {
    let height: Option<i64> = row.try_get(height)?;
    let hash: Option<&[u8]> = row.try_get(hash)?;
    let (Some(height), Some(hash)) = (height, hash) else {
        return Ok(None);
    };
    let height = Height(to_u32(height, "a height")?);
    Ok(Some((height, to_block_hash(hash)?)))
}
